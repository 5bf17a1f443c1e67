"""The stage: it finds a planted surge, names its kind, and says nothing where nothing is."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from surge_world import START, TOWNS, Case, Writer, call, link, surge, tell, world

from tocsin.detect.inputs import feed_from
from tocsin.detect.kinds import Evidence, Usual, happening_words, read_kind
from tocsin.detect.surges import detect_surges
from tocsin.model.surges import SurgeKind
from tocsin.model.tables import SURGE_POINTS, SURGE_SCOPE, SURGES

RISING = (0, 2, 4, 6, 8)


def _rows(case: Case, **settings: object) -> list[dict[str, object]]:
    return detect_surges(case.given(**settings))["surges"].to_pylist()


def test_a_planted_surge_is_found_with_its_channels_and_documents() -> None:
    writer = surge(world(), 50, RISING)
    tables = detect_surges(writer.case.given())
    assert tables["surges"].column_names == list(SURGES.column_names)
    assert tables["surge_points"].column_names == list(SURGE_POINTS.column_names)
    assert tables["surge_scope"].column_names == list(SURGE_SCOPE.column_names)
    (found,) = tables["surges"].to_pylist()
    assert found["subject"] == "Lanternbury"
    assert found["start"] == START + timedelta(days=50)
    assert found["raised"] == START + timedelta(days=51)
    assert not found["held"]
    assert found["observed"] > found["high"] > found["expected"] > found["low"] >= 0
    assert {f"Channel {n}" for n in RISING} <= set(found["channels"])
    assert found["documents"] >= 20
    assert found["q"] < 0.01
    dates = {row["document_id"]: row["published"] for row in writer.case.documents}
    shown = [dates[document] for document in found["evidence"]]
    assert shown == sorted(shown)
    assert all(found["start"] <= when < found["end"] for when in shown)
    parts = {row["channel"]: row for row in tables["surge_channels"].to_pylist()}
    assert set(parts) == set(found["channels"])
    assert sum(row["documents"] for row in parts.values()) == found["documents"]
    assert sum(row["observed"] for row in parts.values()) == found["observed"]
    assert sum(row["expected"] for row in parts.values()) <= found["expected"] + 1e-6
    assert all(parts[f"Channel {n}"]["observed"] > 3 * parts[f"Channel {n}"]["expected"] for n in RISING)
    points = tables["surge_points"].to_pylist()
    peak = next(p for p in points if p["period"] == START + timedelta(days=50))
    assert peak["observed"] > peak["high"]


def test_a_quiet_case_gives_no_alarm_and_says_what_was_looked_at() -> None:
    tables = detect_surges(world().case.given())
    assert tables["surges"].num_rows == 0
    (scope,) = tables["surge_scope"].to_pylist()
    assert scope["series"] >= 4
    assert scope["channels"] == 10
    assert scope["periods"] == 60 - 19
    assert scope["raised"] == 0


def test_a_case_too_short_for_habits_says_so() -> None:
    (scope,) = detect_surges(surge(world(10), 9, RISING).case.given())["surge_scope"].to_pylist()
    assert scope["scored_from"] is None
    assert "too few" in scope["reasons"][0]


def test_an_empty_case_says_so() -> None:
    tables = detect_surges(Case([], [], [], []).given())
    assert tables["surges"].num_rows == 0
    assert tables["surge_scope"].num_rows == 1


def _about(writer: Writer, day: int, town: int = 0) -> list[str]:
    """The documents of one day about Lanternbury, or another town."""
    on_day = {d["document_id"] for d in writer.case.documents if (d["published"] - START).days == day}
    places = [p for p in writer.case.places if p["name"] == TOWNS[town]]
    return [p["document_id"] for p in places if p["document_id"] in on_day]


def _linked(kind: str, *, certain: bool, wire: str = "") -> dict[str, Any]:
    writer = surge(world(), 50, RISING)
    link(writer, _about(writer, 50), kind, certain=certain, wire=wire)
    (row,) = _rows(writer.case)
    return row


def test_kinds_are_told_apart() -> None:
    day = START + timedelta(days=50)
    echo = _linked("near copy", certain=True, wire="Lamplight Wire")
    (event,) = _rows(surge(world(), 50, RISING, dated=day).case)
    (bare,) = _rows(surge(world(), 50, RISING).case)
    (single,) = _rows(surge(world(), 50, (4,), each=25).case)
    kinds = [row["kind"] for row in (echo, event, bare)]
    assert kinds == ["wire-copy echo", "event-driven", "unprompted attention"]
    assert single["kind"] in ("one channel's turn", "unprompted attention")
    assert echo["origins"] == echo["origins_low"] < event["origins"]
    assert any("passed on" in reason and "Lamplight Wire" in reason for reason in echo["reasons"])
    assert all(row["dismiss"] for row in (echo, event, bare))


def test_kinds_follow_the_origins_and_stories_of_the_case() -> None:
    doubtful = _linked("paraphrase", certain=False)
    assert doubtful["origins_low"] < doubtful["origins"] == doubtful["documents"]
    assert any("uncertain links" in line for line in doubtful["dismiss"])
    assert doubtful["kind"] == "event-driven"
    assert any("one story" in reason for reason in doubtful["reasons"])
    story = _linked("same story", certain=True)
    assert (story["kind"], story["origins_low"]) == ("event-driven", story["documents"])
    # A story that began long before the surge explains nothing.
    writer = surge(world(), 50, RISING)
    before = [d["document_id"] for d in writer.case.documents][:200]
    link(writer, [*before, *_about(writer, 50)], "same story", certain=True)
    assert _rows(writer.case)[0]["kind"] == "unprompted attention"


def test_copies_of_what_is_not_in_the_alarm_are_one_origin() -> None:
    writer = surge(world(), 50, RISING)
    original = writer.case.documents[0]["document_id"]
    link(writer, [original, *_about(writer, 50)], "copy", certain=True)
    (row,) = _rows(writer.case)
    assert row["kind"] == "wire-copy echo"
    assert row["origins"] <= row["documents"] - 20


def test_names_narratives_and_names_in_a_place_are_subjects() -> None:
    """A name and a narrative rise though no place does; and a name in a town though neither rises alone."""
    writer = surge(world(), 50, RISING, town=1)
    risen = _about(writer, 50, 1)[-20:]
    quiet = [d["document_id"] for d in writer.case.documents if d["document_id"] not in risen]
    for document in [*quiet[::40], *risen]:
        call(writer, document, "e1", "Osip Lampwick")
    told = "Osip Lampwick painted the ducks of Duckford red on the night of the fair"
    tell(writer, risen[::2], "n1", told)
    found = _rows(writer.case)
    every = {found[0]["subject"], *found[0]["related"]}
    assert {
        "Osip Lampwick",
        "“Osip Lampwick painted the ducks of Duckford red on the night of the fair”",
    } <= every
    assert "Osip Lampwick: Duckford" in every
    assert found[0]["subject_type"] in ("name", "narrative", "name in place")


def test_what_one_channel_repeats_is_no_narrative_and_nobody_turns_to_oneself() -> None:
    writer = surge(world(), 50, (4,), each=12, town=1)
    own = [d["document_id"] for d in writer.case.documents if d["channel_id"] == "c04"][-12:]
    tell(writer, own, "n1", "Subscribe to the duck")
    for document in own:
        call(writer, document, "e1", "CHANNEL 4")
    given = writer.case.given()
    assert not {"name", "narrative"} & {subject.type for subject in feed_from(given, "day", 5).subjects}


def test_documents_that_tell_the_same_in_other_words_are_an_event() -> None:
    assert happening_words(["see https://t.me/+LampQ7hq"] * 3, Usual.of(["calm lake"] * 60), []) == ()
    told = [
        "The bronze telescope of Lanternbury fell into the harbour, says one reader",
        "In the harbour lies since noon what was a telescope of bronze: sad news from Lanternbury",
        "Divers look for the telescope that went down in the harbour",
        "A telescope in the harbour! Lanternbury laughs and weeps",
    ]
    other = [f"Lamps and ducks by the lake, number {n}, as every day in the week" for n in range(60)]
    assert happening_words(told, Usual.of(other), ["Lanternbury"]) == ("harbour", "telescope", "bronze")
    assert happening_words(told, Usual.of(told * 9), ["Lanternbury"]) == ()
    assert happening_words(other[:5], Usual.of(told), []) != ()
    evidence = [Evidence(str(n), f"c{n}", str(n), str(n), None, frozenset(), True, None) for n in range(4)]
    channels = [item.channel for item in evidence]
    assert read_kind(evidence, channels, ["harbour", "telescope"]).kind == SurgeKind.EVENT
    opinions = [replace(item, reports=False) for item in evidence]
    assert read_kind(opinions, channels, ["harbour", "telescope"]).kind == SurgeKind.UNPROMPTED
    assert read_kind(evidence, channels[:1], ["harbour", "telescope"]).kind == SurgeKind.SINGLE


def test_a_date_far_from_the_surge_is_no_event() -> None:
    (found,) = _rows(surge(world(), 50, RISING, dated=START + timedelta(days=5)).case)
    assert found["kind"] == "unprompted attention"


def test_the_order_of_rows_does_not_matter() -> None:
    writer = surge(world(), 50, RISING)
    one = detect_surges(writer.case.given())
    for rows in (writer.case.documents, writer.case.places, writer.case.claims):
        random.Random(3).shuffle(rows)
    other = detect_surges(writer.case.given())
    assert all(one[name].equals(other[name]) for name in one)


def test_what_comes_later_does_not_change_what_was_raised() -> None:
    """The alarm of day 50 is the same whether the case ends that day or goes on with a larger surge."""
    early = _rows(surge(world(51), 50, RISING).case)
    late = _rows(surge(surge(world(51), 50, RISING), 58, range(10), each=9).case)
    assert [(r["raised"], r["subject"]) for r in early] == [(r["raised"], r["subject"]) for r in late[:1]]


def test_every_setting_changes_something() -> None:
    writer = surge(surge(world(), 50, RISING), 53, (1, 3, 5), each=9, town=2)
    assert len(_rows(writer.case)) == 2
    held = [row["held"] for row in _rows(writer.case, **{"surges.per_week": 1})]
    assert held == [False, True]
    assert _rows(writer.case, **{"surges.evidence": 80}) == []
    strict = detect_surges(writer.case.given(**{"surges.false_alarms": 0.001}))["surge_scope"].to_pylist()[0]
    loose = detect_surges(writer.case.given(**{"surges.false_alarms": 20.0}))["surge_scope"].to_pylist()[0]
    assert strict["score_needed"] > loose["score_needed"]
    assert strict["statistic_needed"] > loose["statistic_needed"]
    hourly = detect_surges(world(5).case.given(**{"surges.step": "hour"}))["surge_scope"].to_pylist()[0]
    assert hourly["step"] == "hour"


def test_a_channel_that_stops_being_collected_is_not_silent() -> None:
    """Half the channels end on day 30: what the others publish is not judged by the habit of all."""
    writer = world()
    kept = [
        index
        for index, row in enumerate(writer.case.documents)
        if row["channel_id"] < "c05" or row["published"] < START + timedelta(days=30)
    ]
    ids = {writer.case.documents[index]["document_id"] for index in kept}
    for name in ("documents", "places", "claims"):
        setattr(writer.case, name, [row for row in getattr(writer.case, name) if row["document_id"] in ids])
    (found,) = _rows(surge(writer, 55, (0, 2, 4)).case)
    assert found["expected"] == pytest.approx(5 * 3 * 0.1, rel=0.7)


def test_two_alarms_about_the_same_documents_are_one() -> None:
    """Every post about Lanternbury names Duckford too: one event, the other subject listed with it."""
    writer = surge(world(), 50, RISING)
    for row in [p for p in writer.case.places if p["name"] == "Lanternbury"]:
        writer.case.places.append(row | {"place_id": "town:9", "name": "Wick", "latitude": 60.0})
    (found,) = _rows(writer.case)
    assert {found["subject"], *found["related"]} >= {"Lanternbury", "Wick"}
