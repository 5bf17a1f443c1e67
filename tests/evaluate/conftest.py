"""Shared by the tests of measuring: writing files, a system that says what it was told to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tocsin.evaluate.systems import SYSTEMS, Persuasions

Write = Callable[[str, Iterable[Any]], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def jsonl(name: str, records: Iterable[Any]) -> Path:
        path = tmp_path / name
        lines = (r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in records)
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return path

    return jsonl


class Fake:
    """A system that says what it was told to."""

    name, version = "fake", "fake/1"
    types = frozenset({"Person", "city", "PRODUCT"})
    techniques = frozenset({"Doubt", "Slogans"})

    def names(self, text: str) -> list[tuple[int, int, str, float]]:
        found = [
            (text.index(w), text.index(w) + len(w), "Person", 0.9) for w in ("Ганна", "Асель") if w in text
        ]
        return [*found, (0, 1, "PRODUCT", 0.2)]

    def certainty(self, text: str, spans: Sequence[tuple[int, int]]) -> list[float]:
        return [-2.0 if "not" in text else 3.0 for _ in spans]

    def checkworthy(self, texts: Sequence[str]) -> list[float]:
        return [0.9 if any(c.isdigit() for c in text) else 0.1 for text in texts]

    def persuasion(self, texts: Sequence[str]) -> list[Persuasions]:
        return [Persuasions({"Doubt": 0.7, "Slogans": 0.4}, ((0, min(4, len(t))),)) for t in texts]


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    for task in ("ner", "certainty", "checkworthy", "persuasion"):
        monkeypatch.setitem(SYSTEMS, task, {"fake": Fake})
