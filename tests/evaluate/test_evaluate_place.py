"""Places measured: forms of published sets, what is right, what is refused. All texts are invented."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from tocsin.errors import MalformedFileError, MalformedRecordError
from tocsin.evaluate.problems import Problems
from tocsin.evaluate.raw import Raw, read_raw
from tocsin.evaluate.run import evaluate
from tocsin.evaluate.scores.places import Placed, far, right
from tocsin.evaluate.tasks.place import mapped

Write = Callable[[str, Iterable[Any]], Path]

TEXT = "A duck flew from Astana to Almaty."
ASTANA = {"start": 17, "end": 23, "lat": 51.18, "lon": 71.45, "place_id": "geonames:1526273"}
ALMATY = {"start": 27, "end": 33, "lat": 43.25, "lon": 76.95, "place_id": "geonames:1526384"}
GOLD = {"id": "p1", "lang": "en", "text": TEXT, "places": [ASTANA, ALMATY]}

ARTICLES = """<?xml version="1.0"?>
<articles>
 <article docid="7"><text>A duck flew from Astana to Almaty, Kazakhstan.</text>
  <toponyms>
   <toponym><start>17</start><end>23</end><phrase>Astana</phrase>
    <gaztag geonameid="1526273"><lat>51.18</lat><lon>71.45</lon></gaztag></toponym>
   <toponym><start>35</start><end>45</end><phrase>Kazakhstan</phrase></toponym>
  </toponyms></article>
 <article file="8"><text>Almaty is green.</text>
  <toponym><start>0</start><end>6</end><latitude>43.25</latitude><longitude>76.95</longitude>
   <geonamesID>1526384</geonamesID></toponym>
  <toponym><start>10</start><end>15</end><latitude>1</latitude><longitude>1</longitude><geonamesID/></toponym>
 </article>
 <article><text>In Kazakhstan it rains.</text>
  <location><name>Kazakhstan</name><start>2</start><end>12</end><lat>48</lat><lon>68</lon>
   <page>https://example.org/wiki/Kazakhstan</page></location></article>
</articles>
"""
TWEETS = (
    "feature_id\ttweet_id_str\ttweet_text\tchar_position\ttext\tgeoNameId\tlongitude\tlatitude\n"
    "1\t11\tRain in Almaty and Astana\t8\tAlmaty\t1526384\t76.95\t43.25\n"
    "2\t11\tRain in Almaty and Astana\t19\tAstana\t1526273\t71.45\t51.18\n"
    "3\t12\tNo place\t\t\t\t\t\n"
)


def figures(report: Any, group: str) -> dict[str, Any]:
    return {f.name: f for f in report.outcome.figures if f.group == group}


def test_the_gazetteer_is_measured_with_mentions_given_and_end_to_end(write: Write) -> None:
    report = evaluate("place", write("g", [GOLD]))
    assert report.outcome.headlines[0].value == 1
    assert {n: f.value for n, f in figures(report, "mentions given: all mentions").items()} == {
        "place": 1, "acc@161": 1, "id": 1,
    }  # fmt: skip
    whole = figures(report, "end to end")["place"]
    assert (whole.correct, whole.predicted, whole.gold) == (2, 2, 2)


def test_the_largest_namesake_is_the_baseline(write: Write) -> None:
    text = "A duck flew to Paris, Texas."
    gold = {"id": "a", "lang": "en", "text": text, "places": [
        {"start": 15, "end": 20, "lat": 33.66, "lon": -95.56, "place_id": "geonames:4717560"}]}  # fmt: skip
    path = write("g", [gold])
    assert evaluate("place", path).outcome.headlines[0].value == 1
    assert evaluate("place", path, answers="population").outcome.headlines[0].value == 0


def test_predictions_of_other_tools_are_scored(write: Write, tmp_path: Path) -> None:
    answers = [{"id": "p1", "places": [ASTANA | {"lat": 51.0}, ALMATY | {"lat": 10.0, "place_id": ""}]}]
    errors = tmp_path / "errors"
    report = evaluate("place", write("g", [GOLD]), answers=write("p", answers), errors=errors)
    assert report.outcome.headlines[0].value == 0.5
    assert '"wrong": "elsewhere"' in errors.read_text(encoding="utf-8")


def test_a_name_nobody_knows_counts_against_all_mentions_only(write: Write) -> None:
    text = "A duck flew to Qwzxkv and Almaty."
    places = [{"start": 15, "end": 21, "lat": 1, "lon": 1}, ALMATY | {"start": 26, "end": 32}]
    report = evaluate("place", write("g", [GOLD | {"text": text, "places": places}]))
    assert figures(report, "mentions given: all mentions")["place"].value == 0.5
    assert figures(report, "mentions given: known names")["place"].value == 1
    assert figures(report, "mentions given")["in the gazetteer"].value == 0.5


def test_articles_in_xml_are_read(tmp_path: Path) -> None:
    path = tmp_path / "gold.xml"
    path.write_text(ARTICLES, encoding="utf-8")
    found = [mapped(raw) for raw in read_raw(path, Problems())]
    assert [[(p.start, p.end, p.place_id, p.title) for p in item.places] for item in found] == [
        [(17, 23, "geonames:1526273", "")],
        [(0, 6, "geonames:1526384", "")],
        [(3, 13, "", "Kazakhstan")],
    ]
    report = evaluate("place", path)
    # The annotated point of the country is far from ours, but it lies in it and is called so.
    assert report.outcome.headlines[0].value == 1


def test_the_table_of_tweets_is_read(tmp_path: Path) -> None:
    path = tmp_path / "gold.tsv"
    path.write_text(TWEETS, encoding="latin-1")
    found = [mapped(raw) for raw in read_raw(path, Problems())]
    assert [[item.text[p.start : p.end] for p in item.places] for item in found] == [["Almaty", "Astana"], []]


def test_broken_xml_is_of_no_use(tmp_path: Path) -> None:
    path = tmp_path / "gold.xml"
    path.write_text("<articles><article>", encoding="utf-8")
    with pytest.raises(MalformedFileError, match="invalid XML"):
        evaluate("place", path)


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"lat": 91}, "no degrees"),
        ({"lon": "east"}, "lon is no number"),
        ({"end": 99}, "goes beyond the end"),
        ({"place_id": 7}, "place_id is no text"),
    ],
)
def test_faults_are_named(change: dict[str, Any], cause: str) -> None:
    with pytest.raises(MalformedRecordError, match=cause):
        mapped(Raw(0, "line 1", GOLD | {"places": [ASTANA | change]}))


def test_right_is_near_or_the_same() -> None:
    here, near, away = Placed(0, 1, 50, 70, "a"), Placed(0, 1, 51, 70, "b"), Placed(0, 1, 60, 70, "a")
    assert 100 < far(here, near) < 115
    assert right(here, near) == {"place", "acc@161"}
    assert right(here, away) == {"place", "id"}
    assert right(here, Placed(0, 1, 60, 70)) == frozenset()
    assert right(here, Placed(0, 1, 60, 70), holds=True) == {"place"}
