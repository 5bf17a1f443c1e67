"""Pairs of documents from file to figures."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from tocsin.evaluate.run import evaluate

Write = Callable[[str, Iterable[Any]], Path]


def pairs(**labels: list[float]) -> list[dict[str, Any]]:
    ((name, values),) = labels.items()
    return [{"id": str(n), "text1": "a b", "text2": "c d", name: v} for n, v in enumerate(values)]


def test_yes_and_no_by_scores_made_elsewhere(write: Write, tmp_path: Path) -> None:
    answers = [{"id": str(n), "score": score} for n, score in enumerate((0.9, 0.4, 0.6, 0.1))]
    report = evaluate(
        "same-story", write("g", pairs(same=[1, 1, 0, 0])), answers=write("p", answers), errors=tmp_path / "e"
    )
    assert report.outcome.headlines[0].value == 0.5
    wrong = [json.loads(line)["wrong"] for line in (tmp_path / "e").read_text(encoding="utf-8").splitlines()]
    assert wrong == ["missed", "spurious"]


@pytest.mark.parametrize(("name", "sign"), [("similar", 1), ("Overall", -1)])
def test_a_scale_either_way(write: Write, name: str, sign: int) -> None:
    answers = [{"id": str(n), "score": score} for n, score in enumerate((0.1, 0.2, 0.3))]
    gold = write("g", pairs(**{name: [1.0, 2.0, 3.0]}))
    report = evaluate("same-story", gold, answers=write("p", answers))
    assert report.outcome.headlines[0].value == pytest.approx(sign)


def test_a_file_has_one_form(write: Write) -> None:
    gold = write(
        "g", [*pairs(same=[1, 0]), {"text1": "a", "text2": "b", "similar": 2}, {"text1": "a", "text2": "b"}]
    )
    report = evaluate("same-story", gold, answers=write("p", pairs(same=[1, 0, 0, 0])))
    assert report.problems.total == 2


def test_vectors_tell_a_story_from_another(write: Write) -> None:
    told = "Forty lanterns are missing. The guild of lantern makers says that forty lanterns are missing."
    again = "Пропали сорок фонарей. Гильдия фонарщиков сообщает, что пропали сорок фонарей."
    other = "Soup is served at noon. The town hall offers pea soup to everybody who brings a spoon on Friday."
    records = [{"text1": told, "text2": text, "same": n} for text, n in ((told, 1), (again, 1), (other, 0))]
    for system in ("universal", "encoder", "learnt", "plain"):
        report = evaluate("same-story", write("g", records), answers=system)
        assert report.outcome.figures[1].value == 1  # average precision: both before the other
