"""Quantities measured: pairs, values, and what is refused."""

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
from tocsin.evaluate.scores.quantities import MEASURES, Valued, paired, right
from tocsin.evaluate.tasks.quantity import measured
from tocsin.model import Quantity

Write = Callable[[str, Iterable[Any]], Path]

TEXT = "At least 12 boats of 3 to 5 m sank."
BOATS = {"start": 0, "end": 11, "low": 12, "high": None, "counted": [12, 17]}
METRES = {"start": 21, "end": 29, "low": 3, "high": 5, "unit": "m"}
GOLD = {"id": "q1", "lang": "en", "text": TEXT, "quantities": [BOATS, METRES]}


def figures(report: Any) -> dict[str, tuple[int, int, int]]:
    return {
        f.name: (f.correct, f.predicted, f.gold) for f in report.outcome.figures if f.group == "quantities"
    }


def test_the_grammar_is_measured(write: Write) -> None:
    report = evaluate("quantity", write("g", [GOLD]))
    assert report.outcome.headlines[0].value == 1
    assert figures(report) == dict.fromkeys(MEASURES, (2, 2, 2))
    assert {f.name: f.value for f in report.outcome.figures if f.group == "shares"} == {
        "records all right": 1,
        "counted noun right, of exact": 1,
    }


def test_bounds_words_and_numbers_are_told_apart(write: Write, tmp_path: Path) -> None:
    answers = [
        BOATS | {"start": 9},  # the value, but not the words
        METRES | {"high": 3, "unit": "m"},  # one bound only
        {"start": 30, "end": 34, "low": 1, "high": 1},  # nothing is there
    ]
    errors = tmp_path / "errors"
    report = evaluate(
        "quantity", write("g", [GOLD]), answers=write("p", [{"quantities": answers}]), errors=errors
    )
    assert figures(report) == {"exact": (0, 3, 2), "value": (1, 3, 2), "number": (2, 3, 2)}
    assert errors.read_text(encoding="utf-8").count('"wrong": "other"') == 2
    assert errors.read_text(encoding="utf-8").count('"wrong": "spurious"') == 1


def test_a_record_without_an_answer_has_everything_missed(write: Write) -> None:
    report = evaluate("quantity", write("g", [GOLD, GOLD | {"id": "q2"}]), answers=write("p", [GOLD]))
    assert figures(report)["exact"] == (2, 2, 4)
    assert report.problems.total == 1


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"low": 5, "high": 3}, "no number lies between"),
        ({"low": 3, "high": 3, "low_open": True}, "no number lies between"),
        ({"low": "many"}, "low is no number"),
        ({"approximate": "yes"}, "neither true nor false"),
        ({"unit": 5}, "unit is no text"),
        ({"end": 99}, "goes beyond the end"),
        ({"counted": [3]}, "is not"),
    ],
)
def test_faults_are_named(change: dict[str, Any], cause: str) -> None:
    with pytest.raises(MalformedRecordError, match=cause):
        measured(Raw(0, "line 1", {"text": TEXT, "quantities": [METRES | change]}))


numbers = st.integers(0, 3).map(float)
values = st.builds(
    lambda low, more, unit, start, length: Valued(
        start, start + length, Quantity(low, low + more, unit=unit)
    ),
    numbers,
    numbers,
    st.sampled_from(["", "m"]),
    st.integers(0, 6),
    st.integers(1, 3),
)


@given(st.lists(values, max_size=4), st.lists(values, max_size=4))
def test_pairs_overlap_and_are_used_once(gold: list[Valued], found: list[Valued]) -> None:
    pairs = paired(gold, found)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    for i, j in pairs:
        assert gold[i].start < found[j].end
        assert found[j].start < gold[i].end
        held = right(gold[i], found[j])
        assert held in ({*MEASURES}, {"value", "number"}, {"number"}, set())


@given(values)
def test_a_quantity_agrees_with_itself(value: Valued) -> None:
    assert right(value, value) == frozenset(MEASURES)
