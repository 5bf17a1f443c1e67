"""What pages count and put in order in SQL is what the pure functions make of all rows."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from serve_helpers import bearer, workbench

import tocsin
from tocsin.errors import BadCursorError, NoSuchFindingError
from tocsin.judge.checks.reviewed import reviewed
from tocsin.judge.estimative import scale_of
from tocsin.judge.ledger import Entry, due_entries, ledger_of, scorecards
from tocsin.judge.matrix import events_of, matrix_of
from tocsin.serve.check_list import CheckFilters, find_checks
from tocsin.serve.coverage import coverage_of
from tocsin.serve.entries import hour
from tocsin.serve.event_list import events, matrix, with_words
from tocsin.serve.forecast_list import (
    ForecastFilters,
    entry_of,
    find_forecasts,
    ledger,
    scores,
    source_forecasts,
    source_scores,
)
from tocsin.serve.reading import CaseReader, View
from tocsin.serve.source_list import source_tables

EVENTS = ("", "нимесис", "pier", "THE", "nothing of the kind", "ß%_")


@pytest.fixture(scope="module")
def judged(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo case with judgements of every sort on blame, forecasts and checks."""
    path = Path(shutil.copytree(demo, tmp_path_factory.mktemp("counted") / "case"))
    with tocsin.Case(path, create=False) as case:
        desk = case.desk()
        blame = desk.tables.table("blame").to_pylist()
        for row, verdict in zip(blame, ("confirm", "reject", "comment", "reject"), strict=False):
            case.judge(row["blame_id"], verdict, author="ann", reason="seen")
        case.judge(blame[2]["claim_id"], "reject", author="bob")  # the row's own opinion goes before
        case.judge(blame[5]["claim_id"], "reject", author="bob")
        case.judge(blame[4]["blame_id"], "merge", author="ann", detail=blame[6]["blame_id"])
        entries = desk.ledger(hour())
        dated, others = [e for e in entries if e.due], [e for e in entries if not e.due]
        outcomes = ("came true", "did not", "void", "open", "came true")
        for entry, outcome in zip((*dated[:4], *others[:1]), outcomes, strict=False):
            desk.resolve(entry.forecast_id, outcome, date="", source="a paper", author="ann")
        soon = (hour() + timedelta(days=3)).date()
        for entry, detail in (
            (dated[4], f"due={soon};event=the pier stands"),
            (dated[5], "due=open"),
            (others[1], "source=Kim Doe;probability=.3"),
            (others[2], "testable=no"),
        ):
            case.judge(entry.forecast_id, "correct", author="bob", detail=detail)
        case.judge(dated[6].forecast_id, "reject", author="bob")
        case.judge(others[3].forecast_id, "comment", author="bob", reason="see there")
        desk.enter({"event": "rain falls", "due": str(soon), "source": "Weather Office"}, "ann")
        checks = desk.tables.table("checks").to_pylist()
        for row, verdict in zip(checks, ("reject", "confirm", "comment"), strict=False):
            case.judge(row["check_id"], verdict, author="ann", reason="seen")
    return path


@pytest.fixture
def view(judged: Path) -> View:
    return CaseReader(judged).view()


def test_events_are_those_of_all_blame(view: View) -> None:
    found = [(e.label, e.claims, e.accused) for e in events(view)]
    assert len(found) > 1
    assert found == events_of(view.tables, view.attached.log)


@pytest.mark.parametrize("event", EVENTS)
def test_a_matrix_is_that_of_all_blame(view: View, event: str) -> None:
    found, wanted = matrix(view, event), matrix_of(view.tables, view.attached.log, event)
    told = with_words(view, [c for own in (*found.cells.values(), found.denials) for c in own])
    assert (found.event, found.others, found.counter) == (wanted.event, wanted.others, wanted.counter)
    assert (found.accusers, found.accused) == (wanted.accusers, wanted.accused)
    assert {key: tuple(told[c.blame_id] for c in own) for key, own in found.cells.items()} == wanted.cells
    assert tuple(told[c.blame_id] for c in found.denials) == wanted.denials
    ids = [(c.accuser, c.what, [x.blame_id for x in c.cells]) for c in found.contradictions]
    assert ids == [(c.accuser, c.what, [x.blame_id for x in c.cells]) for c in wanted.contradictions]


def test_a_merge_of_accused_leaves_the_sources_alone(judged: Path) -> None:
    with workbench(judged) as (app, tokens), bearer(app, tokens["reader"]) as client:
        assert client.get("/sources").status_code == 200


def _wanted(entries: list[Entry], filters: ForecastFilters, now: datetime) -> list[Entry]:
    found = []
    for e in due_entries(entries, now) if filters.status == "due" else entries:
        said = "\n".join((e.channel, *e.warners)).casefold()
        if (
            filters.status in (None, "due", e.status)
            and filters.testable in (None, e.testable == "yes")
            and (filters.source or "").casefold() in said
            and (filters.words or "").casefold() in e.event.casefold()
        ):
            found.append(e)
    return found


def _pages(view: View, **given: Any) -> tuple[list[Entry], int, int]:
    found, cursor = [], None
    while True:
        page = find_forecasts(view, ForecastFilters(limit=3, cursor=cursor, **given))
        found += page.entries
        cursor = page.next
        if cursor is None:
            return found, page.total, page.due


@pytest.mark.parametrize(
    "given",
    [
        {},
        *({"status": status} for status in ("due", "open", "overdue", "came true", "did not", "void")),
        {"testable": True},
        {"testable": False, "status": "open"},
        {"source": "KIM"},
        {"source": "e", "status": "overdue"},
        {"words": "Pier"},
        {"words": "ст"},
        {"words": "%_"},
    ],
)
def test_pages_of_forecasts_are_those_of_the_whole_ledger(view: View, given: dict[str, Any]) -> None:
    now = hour()
    everything = ledger_of(view.tables, view.attached.log, scale_of(), now)
    wanted = _wanted(everything, ForecastFilters(**given), now)
    found, total, due = _pages(view, **given)
    assert found == wanted
    assert (total, due) == (len(wanted), len(due_entries(everything, now)))


def test_statuses_scores_and_single_entries_are_those_of_the_whole_ledger(view: View) -> None:
    everything = ledger(view)
    page = find_forecasts(view, ForecastFilters())
    assert dict(page.statuses) == dict(Counter(e.status for e in everything))
    cards = scorecards(everything)
    assert scores(view, 1000) == (cards, len(cards))
    assert scores(view, 2)[0] == cards[:2]
    assert any(c.scores for c in cards)
    for entry in (*everything[:5], *everything[-5:]):
        assert entry_of(view, entry.forecast_id) == entry
    with pytest.raises(NoSuchFindingError):
        entry_of(view, "0" * 32)
    for card in [c for c in cards if c.kind == "source" and c.key != "own"][:6]:
        own = [e for e in everything if e.source_key == card.key]
        ordered = sorted(own, key=lambda e: (e.due is None, e.due or hour(), e.forecast_id))
        assert source_forecasts(view, {card.key}, 4) == (ordered[:4], len(own))
        assert source_scores(view, {card.key}) == [card]


def test_a_cursor_of_what_the_filters_leave_out_is_refused(view: View) -> None:
    first = find_forecasts(view, ForecastFilters(limit=1, status="came true"))
    assert first.next
    with pytest.raises(BadCursorError):
        find_forecasts(view, ForecastFilters(limit=1, status="did not", cursor=first.next))
    checks = find_checks(view, CheckFilters(limit=1, verdict="inconsistent"))
    if checks.next:
        with pytest.raises(BadCursorError):
            find_checks(view, CheckFilters(limit=1, verdict="consistent", cursor=checks.next))


@pytest.mark.parametrize("verdict", [None, "inconsistent", "consistent", "not checkable"])
def test_pages_of_checks_are_in_the_order_of_all(view: View, verdict: Any) -> None:
    wanted = [i for i in reviewed(view.tables, view.attached.log) if verdict in (None, i.check.verdict)]
    found, cursor = [], None
    while True:
        page = find_checks(view, CheckFilters(limit=2, verdict=verdict, cursor=cursor))
        found += page.checks
        cursor = page.next
        assert page.total == len(wanted)
        if cursor is None:
            break
    assert [c.check_id for c in found] == [i.check.check_id for i in wanted]
    assert [c.review for c in found] == [i.review for i in wanted]


def test_sources_are_counted_as_the_quotations_say(view: View) -> None:
    names = source_tables(view)
    quotes = view.tables.query(f"FROM {names.quotes}").to_pylist()
    said = [a for a in view.tables.table("attributions").to_pylist() if a["source_kind"] != "author"]
    assert sorted(q["attribution_id"] for q in quotes) == sorted(a["attribution_id"] for a in said)
    documents = {d["document_id"]: d for d in view.tables.table("documents").to_pylist()}
    rows = view.tables.query(f"FROM {names.index}").to_pylist()
    assert len(rows) == len({q["id"] for q in quotes})
    assert any(row["known"] for row in rows)
    for row in rows:
        own = [q for q in quotes if q["id"] == row["id"]]
        labels, kinds = (Counter(q[key] for q in own) for key in ("source_label", "source_kind"))
        there = [documents[q["document_id"]] for q in own]
        assert row["quoted"] == len(own)
        assert row["documents"] == len({q["document_id"] for q in own})
        assert row["channels"] == len({d["channel_id"] or d["channel"] for d in there} - {None})
        assert row["label"] == (own[0]["name"] or min(labels, key=lambda text: (-labels[text], text)))
        assert row["kind"] == min(kinds, key=lambda kind: (-kinds[kind], kind))
        assert set(row["labels"]) >= {label.lower() for label in labels}


def test_coverage_counts_every_document(view: View) -> None:
    found = coverage_of(view, 0, "en")
    documents = view.tables.table("documents").to_pylist()
    by_channel = Counter(d["channel_id"] or d["channel"] or "" for d in documents)
    assert sorted(c.documents for c in found.channels) == sorted(by_channel.values())
    assert sum(c.forwards for c in found.channels) == sum(d["forwarded_from"] is not None for d in documents)
    assert found.undated == sum(d["published"] is None for d in documents)
    assert found.total == len(by_channel)
    dates = [d["published"] for d in documents if d["published"]]
    firsts = [c.first for c in found.channels if c.first]
    lasts = [c.last for c in found.channels if c.last]
    assert (min(firsts), max(lasts)) == (min(dates), max(dates))
