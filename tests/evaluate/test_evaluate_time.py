"""Times measured: pairs, values, bounds, their formats, and what is refused. All texts are invented."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from tocsin.cli.main import cli
from tocsin.errors import MalformedFileError, MalformedRecordError, UndetectedFormatError, UnreadableFileError
from tocsin.evaluate.bracketed import record_of
from tocsin.evaluate.raw import Raw
from tocsin.evaluate.run import evaluate
from tocsin.evaluate.scores.times import MEASURES, Timed, paired, right
from tocsin.evaluate.tasks.time import dated
from tocsin.evaluate.timeml import timeml_record

Write = Callable[[str, Iterable[Any]], Path]

TEXT = "The fair opened yesterday and runs until May 20."
YESTERDAY = {"start": 16, "end": 25, "value": "2024-05-15", "bounds": []}
UNTIL = {"start": 41, "end": 47, "value": "2024-05-20", "bounds": ["until"]}
GOLD = {"id": "t1", "dct": "2024-05-16T12:00", "lang": "en", "text": TEXT, "timex": [YESTERDAY, UNTIL]}
TML = """<?xml version="1.0" ?>
<TimeML><DOCID>fair</DOCID>
<DCT><TIMEX3 tid="t0" type="DATE" value="2024-05-16" functionInDocument="CREATION_TIME">16 May</TIMEX3></DCT>
<TITLE>Not the text: 3 March 1999</TITLE>
<TEXT>The <EVENT eid="e1">fair</EVENT> opened <TIMEX3 type="DATE" value="2024-05-15">yesterday</TIMEX3>
&amp; runs until <TIMEX3 tid="t2" type="DATE" value="2024-05-20">May <b>20</b></TIMEX3>.</TEXT>
</TimeML>
"""


def figures(report: Any) -> dict[str, tuple[int, int, int]]:
    return {f.name: (f.correct, f.predicted, f.gold) for f in report.outcome.figures if f.group == "times"}


def test_the_grammar_is_measured(write: Write) -> None:
    report = evaluate("time", write("g", [GOLD]))
    assert report.outcome.headlines[0].value == 1
    assert figures(report) == dict.fromkeys(MEASURES, (2, 2, 2))
    assert {f.name: f.value for f in report.outcome.figures if f.group == "shares"} == {
        "value right, of those found": 1,
        "bounds right, of those found": 1,
    }
    assert [f.name for f in report.outcome.figures if f.group == "value by language"] == ["en"]


def test_words_values_and_bounds_are_told_apart(write: Write, tmp_path: Path) -> None:
    answers = [
        YESTERDAY | {"start": 20, "bounds": ["since"]},  # the value, but neither the words nor the bounds
        UNTIL | {"value": "2023-05-20"},  # the words, but another value
        {"start": 4, "end": 8, "value": "PRESENT_REF"},  # nothing is there
    ]
    errors = tmp_path / "errors"
    report = evaluate("time", write("g", [GOLD]), answers=write("p", [{"timex": answers}]), errors=errors)
    assert figures(report) == {"strict": (1, 3, 2), "relaxed": (2, 3, 2), "value": (1, 3, 2)}
    shares = {f.name: f.value for f in report.outcome.figures if f.group == "shares"}
    assert shares["bounds right, of those found"] == 0.5
    wrong = [json.loads(line)["wrong"] for line in errors.read_text(encoding="utf-8").splitlines()]
    assert sorted(wrong) == ["other", "spurious"]


def test_a_value_that_is_not_annotated_is_never_right(write: Write) -> None:
    gold = GOLD | {"timex": [YESTERDAY | {"value": None}]}
    answer = {"timex": [YESTERDAY | {"value": None}]}
    assert figures(evaluate("time", write("g", [gold]), answers=write("p", [answer]))) == {
        "strict": (1, 1, 1),
        "relaxed": (1, 1, 1),
        "value": (0, 1, 1),
    }


def test_a_text_without_a_date_is_measured(write: Write) -> None:
    gold = GOLD | {"dct": "", "timex": [YESTERDAY | {"value": "PAST_REF"}, UNTIL | {"value": "XXXX-05-20"}]}
    assert evaluate("time", write("g", [gold])).outcome.headlines[0].value == 1


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"dct": "last week"}, "is no date"),
        ({"lang": 5}, "lang is no text"),
        ({"timex": None}, "it has no timex"),
        ({"timex": [UNTIL | {"end": 99}]}, "goes beyond the end"),
        ({"timex": [UNTIL | {"value": 2024}]}, "value is no text"),
        ({"timex": [UNTIL | {"bounds": ["from"]}]}, "bounds are not some of"),
    ],
)
def test_faults_are_named(change: dict[str, Any], cause: str) -> None:
    with pytest.raises(MalformedRecordError, match=cause):
        dated(Raw(0, "line 1", GOLD | change))


def test_zones_of_the_date_are_kept() -> None:
    assert dated(Raw(0, "", GOLD | {"dct": "2024-05-16T01:00+05:00"})).published == datetime(
        2024, 5, 15, 20, tzinfo=UTC
    )


# --- TimeML and brackets -----------------------------------------------------------------------


def test_timeml_gives_text_and_offsets() -> None:
    record = timeml_record(TML.encode(), "fair.tml")
    assert record["dct"] == "2024-05-16"
    assert record["text"] == "The fair opened yesterday\n& runs until May 20."
    assert [(t["text"], t["value"]) for t in record["timex"]] == [
        ("yesterday", "2024-05-15"),
        ("May 20", "2024-05-20"),
    ]
    assert all(record["text"][t["start"] : t["end"]] == t["text"] for t in record["timex"])


def test_timex2_and_its_heading() -> None:
    heading = '<DATETIME><TIMEX2 val="2009-12-19">x</TIMEX2></DATETIME>'
    data = f'<DOC>{heading}<TEXT>In <TIMEX2 val="1871">1871</TIMEX2>.</TEXT></DOC>'
    record = timeml_record(data.encode(), "n")
    assert (record["dct"], record["text"]) == ("2009-12-19", "In 1871.")
    assert [(t["text"], t["value"]) for t in record["timex"]] == [("1871", "1871")]


def test_timeml_defines_no_entities(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    data = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{tmp_path / "secret"}">]><TimeML><TEXT>a &e; b</TEXT></TimeML>'
    assert "secret" not in timeml_record(data.encode(), "n")["text"]


def test_a_document_and_a_folder_are_measured(tmp_path: Path) -> None:
    (tmp_path / "b.tml").write_text(TML, encoding="utf-8")
    (tmp_path / "a.tml").write_text("<TimeML><TEXT>broken", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not read", encoding="utf-8")
    assert figures(evaluate("time", tmp_path / "b.tml"))["value"] == (2, 2, 2)
    whole = evaluate("time", tmp_path)
    assert figures(whole)["value"] == (2, 2, 2)
    assert [(Path(p.file or "").name, "XML" in p.cause) for p in whole.problems.listed] == [("a.tml", True)]
    assert whole.gold["bytes"] > 0
    other = evaluate("time", tmp_path).gold["sha256"]
    (tmp_path / "b.tml").rename(tmp_path / "c.tml")
    assert other == whole.gold["sha256"] != evaluate("time", tmp_path).gold["sha256"]


def test_a_folder_without_documents_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="holds no"):
        evaluate("time", tmp_path)


def test_a_broken_document_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.tml"
    path.write_text("<TimeML><TEXT>broken", encoding="utf-8")
    with pytest.raises(MalformedFileError, match="invalid XML"):
        evaluate("time", path)


def test_brackets_are_measured_and_their_faults_listed(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(
        "- on: 2024-05-16T12:00\n  lang: en\n  texts:\n"
        '  - "The fair opened [yesterday|2024-05-15] and runs until [May 20|2024-05-20|until]."\n'
        '  - "A bracket is [left over."\n'
        "- on: soon\n  texts:\n  - rain\n"
        "- on: 2024-05-16\n",
        encoding="utf-8",
    )
    report = evaluate("time", path)
    assert figures(report)["strict"] == (2, 2, 2)
    assert [p.position for p in report.problems.listed] == ["text 2", "text 3", "text 4"]
    assert record_of("It rained.", "x", "2024-05-16")["timex"] == []


@pytest.mark.parametrize("text", ["just words\n", "- a\n- b\n", "{unclosed: [\n"])
def test_yaml_that_is_no_list_of_groups_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises((MalformedFileError, UndetectedFormatError)):
        evaluate("time", path)


def test_the_command_prints_json(write: Write) -> None:
    result = CliRunner().invoke(cli, ["eval", "time", str(write("g", [GOLD])), "--json"])
    assert result.exit_code == 0
    assert json.loads(result.output)["task"] == "time"


# --- pairs -------------------------------------------------------------------------------------

times = st.builds(
    lambda start, length, value: Timed(start, start + length, value),
    st.integers(0, 6),
    st.integers(1, 3),
    st.sampled_from([None, "2024", "2025"]),
)


@given(st.lists(times, max_size=4), st.lists(times, max_size=4))
def test_pairs_overlap_and_are_used_once(gold: list[Timed], found: list[Timed]) -> None:
    pairs = paired(gold, found)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    for i, j in pairs:
        assert gold[i].start < found[j].end
        assert found[j].start < gold[i].end
        assert "relaxed" in right(gold[i], found[j])


@given(times)
def test_a_time_agrees_with_itself(time: Timed) -> None:
    assert right(time, time) == frozenset({"strict", "relaxed"} | ({"value"} if time.value else set()))
