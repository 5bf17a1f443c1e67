"""Origins from file to figures."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from tocsin.evaluate.run import evaluate

Write = Callable[[str, Iterable[Any]], Path]
TOLD = "The guild says that forty lanterns are missing from the warehouse on the northern quay since Sunday."
POSTS = [
    {"text": TOLD, "channel": "Kettle Post", "channel_id": "1", "published": "2026-02-05T06:00:00+00:00"},
    {"text": TOLD, "channel": "Harbour Ear", "channel_id": "2", "published": "2026-02-05T07:00:00+00:00"},
    {"text": "Nobody knows where the lamps of the northern quay went.", "channel": "Low Tide"},
    {"text": "Soup is served at noon in the town hall.", "channel": "Low Tide", "other": True},
]


def test_stories_are_counted_by_their_words(write: Write) -> None:
    gold = write("g", [{"id": "a", "origins": 2, "documents": POSTS}])
    found = evaluate("origins", gold, answers="words").as_json()
    assert found["counts"] == {"records": 1, "documents": 4}
    assert found["headline"][0]["value"] == 1
    assert found["metrics"]["stories"]["at most one wide"]["value"] == 1


def test_intervals_made_elsewhere(write: Write, tmp_path: Path) -> None:
    records = [{"id": str(n), "origins": n, "documents": POSTS} for n in (1, 2, 3)]
    answers = [{"id": "1", "low": 1, "high": 3}, {"id": "2", "origins": 2}, {"id": "3", "low": 1, "high": 2}]
    report = evaluate("origins", write("g", records), answers=write("p", answers), errors=tmp_path / "e")
    values = [figure.correct for figure in report.outcome.figures]
    assert values == [2, 2, 1]  # holds, at most one wide, middle
    (wrong,) = [json.loads(line) for line in (tmp_path / "e").read_text(encoding="utf-8").splitlines()]
    assert (wrong["wrong"], wrong["gold"], wrong["high"]) == ("too few", 3, 2)


def test_records_that_promise_what_is_not_there(write: Write) -> None:
    bad = [
        {"id": "1", "origins": 4, "documents": POSTS},
        {"id": "2", "origins": 1.5, "documents": POSTS},
        {"id": "3", "origins": 1, "documents": [{**POSTS[0], "other": True}]},
        {"id": "4", "origins": 1, "documents": [{**POSTS[0], "channel": 7}]},
        {"id": "5", "origins": 1, "documents": [{**POSTS[0], "published": "soon"}]},
        {"id": "6", "origins": 1, "documents": POSTS},
    ]
    report = evaluate("origins", write("g", bad), answers=write("p", [{"id": "6", "origins": 1}]))
    assert report.problems.total == 5
    assert report.outcome.counts["records"] == 1
