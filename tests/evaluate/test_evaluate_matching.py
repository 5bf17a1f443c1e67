"""Names measured: pairs that are one, names found among many, and what is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from tocsin.errors import MalformedRecordError
from tocsin.evaluate.raw import Raw
from tocsin.evaluate.run import evaluate
from tocsin.evaluate.tasks.matching import matching

Write = Callable[[str, Iterable[Any]], Path]

PAIRS = [
    {"name1": "Анна Ковак", "name2": "Anna Kovak", "is_match": True, "kind": "person"},
    {"name1": "Анна Ковак", "name2": "Boris Zhuk", "is_match": False, "schema": "Person"},
    {"name1": "Swan Lake Ltd", "name2": "Goose Lake Ltd", "is_match": "false", "schema": "Company"},
    {"name1": "Борис Жук", "name2": "Boris Zhuk", "is_match": 1},
]
SOUGHT = [
    {"query": "Анной Ковак", "lang": "ru", "kind": "PER", "names": ["Anna Kovak"], "among": ["Anna Zhuk"]},
    {"query": "Бориса Жука", "lang": "ru", "kind": "PER", "names": ["Boris Zhuk", "Borys Zhuk"]},
]


def values(report: Any) -> dict[str, float | None]:
    return {headline.name: headline.value for headline in report.outcome.headlines}


def test_pairs_and_names_sought(write: Write) -> None:
    report = evaluate("names", write("g", [*PAIRS, *SOUGHT]))
    assert values(report) == {"F1": 1.0, "recall at one": 1.0}
    assert report.outcome.counts == {"pairs": 4, "sought": 2, "names to choose from": 4}


def test_the_fold_alone_finds_no_cases(write: Write) -> None:
    report = evaluate("names", write("g", [*PAIRS, *SOUGHT]), answers="fold")
    assert values(report) == {"F1": 1.0, "recall at one": 0.0}


def test_the_threshold_counts(write: Write) -> None:
    from tocsin.evaluate import Options

    report = evaluate("names", write("g", PAIRS), Options(threshold=0.0))
    assert values(report)["F1"] == pytest.approx(2 / 3)


def test_answers_of_another_tool(write: Write, tmp_path: Path) -> None:
    answers = [{"score": 0.9}, {"score": 0.8}, {"is_match": False}, {"is_match": True}]
    found = [{"found": "Anna Zhuk"}, {"found": "Borys Zhuk"}]
    errors = tmp_path / "errors"
    report = evaluate(
        "names", write("g", [*PAIRS, *SOUGHT]), answers=write("p", [*answers, *found]), errors=errors
    )
    assert values(report) == {"F1": pytest.approx(0.8), "recall at one": 0.5}
    wrong = errors.read_text(encoding="utf-8")
    assert '"wrong": "spurious"' in wrong
    assert '"found": "Anna Zhuk"' in wrong


def test_a_table_is_read_as_it_is_published(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text(
        "case_group,schema,name1,name2,is_match\nx,Person,Anna Kovak,Анна Ковак,true\n"
        "x,Person,Anna Kovak,Igor Hirsch,false\n",
        encoding="utf-8",
    )
    report = evaluate("names", path)
    assert values(report) == {"F1": 1.0}
    assert not report.problems.total


@pytest.mark.parametrize(
    ("record", "cause"),
    [
        (PAIRS[0] | {"is_match": "perhaps"}, "neither true nor false"),
        (PAIRS[0] | {"kind": "river"}, "no kind of name"),
        (SOUGHT[0] | {"names": []}, "no name that is right"),
        (SOUGHT[0] | {"lang": 5}, "lang is no text"),
    ],
)
def test_faults_are_named(record: dict[str, Any], cause: str) -> None:
    with pytest.raises(MalformedRecordError, match=cause):
        matching(Raw(0, "line 1", record))
