"""What pages need is made before they are asked for; a large case is shown as it was meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from serve_helpers import SETTINGS

import tocsin
from tocsin.present.map import simplify_outlines
from tocsin.serve import reading, warming
from tocsin.serve.reading import CaseReader, View
from tocsin.serve.warming import warm


def test_everything_a_first_visit_needs_is_made(told: Path) -> None:
    view = CaseReader(told).view()
    warm(view, lambda: False)
    kept = view._moment._made
    for name in (
        "claim_index",
        "document_facts",
        "story_index",
        "narrative_index",
        "ledger_index",
        "blame_index",
    ):
        assert kept[name]
    assert "search both" in kept
    assert "coverage days" in kept


def test_a_stopped_start_makes_nothing_more(told: Path) -> None:
    view = CaseReader(told).view()
    warm(view, lambda: True)
    assert not view._moment._made
    simplify_outlines()  # again at once: it is kept


def test_a_large_case_is_shown_as_it_was_until_the_new_is_ready(
    told: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_LARGE", 0)
    monkeypatch.setattr(reading, "_PATIENCE", 0.0)
    go, seen = threading.Event(), list[View]()

    def slowly(view: View, stopped: Callable[[], bool]) -> None:
        assert not stopped()
        seen.append(view)
        go.wait(20)

    reader = CaseReader(told, slowly)
    before = reader.view()
    posts = tmp_path / "late.jsonl"
    posts.write_text('{"id": 9, "channel": "Lantern News", "text": "The mayor said the pier is closed."}\n')
    with tocsin.Case(told, settings=SETTINGS, create=False) as case:
        case.add([posts])
        assert reader.view().rows == before.rows  # the new one is being made
        finding = case.table("claims").column("claim_id")[0].as_py()
        case.judge(finding, "comment", author="ann", reason="seen")
    assert reader.view().last_sequence > before.last_sequence  # what people judge is not late
    assert len(seen) == 1
    assert seen[0].rows["documents"] > before.rows["documents"]
    go.set()
    assert reader._warming
    reader._warming.join(20)
    assert reader.view().rows == seen[0].rows
    reader.close()


def test_what_cannot_be_made_stops_nothing(told: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> list[Callable[[View], object]]:
        raise RuntimeError("no")

    monkeypatch.setattr(warming, "_steps", fails)
    reader = CaseReader(told, warm)
    reader.start()
    assert reader._warming
    reader._warming.join(20)
    assert reader.view().rows["documents"]
    reader.close()
