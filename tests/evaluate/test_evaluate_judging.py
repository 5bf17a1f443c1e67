"""Warnings and blame measured: what counts as found, whose they are, and the last day."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import MalformedRecordError
from tocsin.evaluate.raw import Raw
from tocsin.evaluate.run import evaluate
from tocsin.evaluate.scores.judging import Told, paired, same_speaker, word_starts
from tocsin.evaluate.tasks.judging import accusing, foretelling

Write = Callable[[str, Iterable[Any]], Path]

WARNED = "The mayor promised that the ferry would be running by Friday."
FERRY = {"event": [[24, 50]], "warner": [[0, 9]], "last_day": "2026-03-13"}
FORECAST = {
    "id": "f1",
    "lang": "en",
    "published": "2026-03-11T12:00:00+00:00",
    "text": WARNED,
    "forecasts": [FERRY],
}
BLAMED = "Anna Kovak blamed the ferrymen for the flood."
FERRYMEN = {"accused": [[18, 30]], "accuser": [[0, 10]]}
BLAME = {"id": "b1", "lang": "en", "text": BLAMED, "blame": [FERRYMEN]}


def shares(report: Any) -> dict[str, float | None]:
    return {f.name: f.value for f in report.outcome.figures if f.group == "shares"}


@pytest.mark.parametrize(("system", "days"), [("rules", 1.0), ("kinds", 0.0)])
def test_the_ledger_is_measured(write: Write, system: str, days: float) -> None:
    report = evaluate("forecast", write("g", [FORECAST]), answers=system)
    assert report.outcome.headlines[0].value == 1
    assert shares(report)["last day right, of those found"] == days
    assert shares(report)["warner right, of those found"] == days  # the kind of a claim names nobody


def test_the_blame_matrix_is_measured(write: Write) -> None:
    report = evaluate("blame", write("g", [BLAME]), answers="rules")
    assert report.outcome.headlines[0].value == 1
    assert shares(report) == {"accuser right, of those found": 1}


def test_another_stance_is_not_found_and_another_day_is_wrong(write: Write, tmp_path: Path) -> None:
    errors = tmp_path / "errors"
    denied = {"blame": [FERRYMEN | {"stance": "deny"}]}
    report = evaluate("blame", write("g", [BLAME]), answers=write("p", [denied]), errors=errors)
    assert report.outcome.headlines[0].value == 0
    assert errors.read_text(encoding="utf-8").count("missed") == 1
    late = {"forecasts": [FERRY | {"last_day": None, "warner": [[20, 23]]}]}
    report = evaluate("forecast", write("g", [FORECAST]), answers=write("p", [late]), errors=errors)
    assert report.outcome.headlines[0].value == 1
    assert '"warner, last day"' in errors.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("entry", "cause"),
    [
        ({"event": []}, "holds no word"),
        ({"event": [[0, 99]]}, "goes beyond the end"),
        ({"event": [[0, 3]], "last_day": "Friday"}, "last_day 'Friday' is no date"),
    ],
)
def test_faults_of_forecasts_are_named(entry: dict[str, Any], cause: str) -> None:
    with pytest.raises(MalformedRecordError, match=cause):
        foretelling(Raw(0, "line 1", {"text": WARNED, "forecasts": [entry]}))


def test_faults_of_blame_are_named() -> None:
    with pytest.raises(MalformedRecordError, match="neither accuse nor deny"):
        accusing(Raw(0, "line 1", {"text": BLAMED, "blame": [FERRYMEN | {"stance": "praise"}]}))
    with pytest.raises(MalformedRecordError, match="published"):
        accusing(Raw(0, "line 1", {"text": BLAMED, "blame": [], "published": "soon"}))


def test_nobody_annotated_is_nobody_asked_for_in_blame_only() -> None:
    nobody, somebody = frozenset[int](), frozenset({1})
    assert same_speaker(Told(somebody, nobody, "accuse"), Told(somebody, somebody, "accuse"))
    assert not same_speaker(Told(somebody, nobody), Told(somebody, somebody))
    assert same_speaker(Told(somebody, nobody), Told(somebody, nobody))


told = st.builds(Told, st.frozensets(st.integers(0, 5), min_size=1), st.just(frozenset[int]()))


@given(st.lists(told, max_size=4), st.lists(told, max_size=4))
def test_pairs_share_words_and_are_used_once(gold: list[Told], found: list[Told]) -> None:
    pairs = paired(gold, found)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    assert all(gold[i].words & found[j].words for i, j in pairs)
    assert len(paired(gold, gold)) == len(gold)


@given(st.text(max_size=20))
def test_all_words_of_a_text_are_touched_by_the_whole(text: str) -> None:
    assert word_starts(text, [(0, len(text))]) >= word_starts(text, [(0, len(text) // 2)])
