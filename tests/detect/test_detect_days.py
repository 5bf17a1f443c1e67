"""A case that grows by days has the same surges as one read at once, whatever comes late or changes."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from surge_world import START, Case, Writer, call, surge, tell, world

from tocsin.detect import series, watchers
from tocsin.detect.baseline import forecasts
from tocsin.detect.surges import detect_surges

DAYS = 44


def _until(case: Case, ids: set[str]) -> Case:
    """The case with some of its documents only."""
    parts = {
        name: [row for row in getattr(case, name) if row["document_id"] in ids]
        for name in ("documents", "places", "claims", "times", "entities", "narrative_claims")
    }
    return Case(**parts, narratives=case.narratives)


def _check(writer: Writer, batches: list[set[str]], **values: Any) -> None:
    """After each batch the stage, going on from what it wrote before, writes what it would at once."""
    grown: dict[str, pa.Table] = {}
    ids: set[str] = set()
    for number, batch in enumerate(batches):
        ids |= batch
        case = _until(writer.case, ids)
        # Who is who may be read otherwise as more is known.
        for row in case.entities[:: 2 + number]:
            row["entity_id"] = f"e{number}"
        whole, days = case.given(**values), case.given(**values)
        days.previous = grown
        once, grown = detect_surges(whole), detect_surges(days)
        assert {name for name in once if not once[name].equals(grown[name])} == set()


def _busy(seed: int, channels: int) -> Writer:
    """A few weeks with two surges, a name, a narrative, and a channel that is read only later."""
    writer = world(DAYS, channels, seed)
    surge(writer, 30, range(0, channels, 2))
    surge(writer, DAYS - 3, range(1, channels, 2), town=2)
    documents = [row["document_id"] for row in writer.case.documents]
    for document in documents[:: max(1, len(documents) // 60)]:
        call(writer, document, "e1", "Osip Lampwick")
    tell(writer, documents[5::97], "n1", "the ducks of Duckford are red")
    for day in range(25, DAYS):
        writer.post(90, START + timedelta(days=day, hours=9), 1)
    return writer


@settings(max_examples=6, deadline=None)
@given(
    st.integers(0, 10**6),
    st.integers(2, 5),
    st.lists(st.integers(1, DAYS), min_size=1, max_size=3, unique=True),
    st.integers(0, 6),
)
@example(1, 4, [3, 35, 43], 0)
@example(2, 5, [36, 38, 42], 5)
def test_days_give_what_the_whole_gives(seed: int, channels: int, cuts: list[int], late: int) -> None:
    """``cuts`` are the days on which what has been published is read; ``late`` posts come a batch later."""
    writer = _busy(seed, channels)
    rng = random.Random(seed)
    ends = [*sorted(cuts), DAYS + 1]
    batches: list[set[str]] = [set() for _ in ends]
    for row in writer.case.documents:
        day = (row["published"] - START).days
        batches[next(place for place, end in enumerate(ends) if day < end)].add(row["document_id"])
    for place in range(len(batches) - 1):
        latest = sorted(batches[place])[-40 if late % 2 else 0 :]
        moved = rng.sample(latest, min(late, len(latest)))
        batches[place] -= set(moved)
        batches[place + 1] |= set(moved)
    _check(writer, batches)


def test_hours_give_what_the_whole_gives() -> None:
    writer = world(12, 3)
    first = {row["document_id"] for row in writer.case.documents if row["published"] < START + timedelta(10)}
    rest = {row["document_id"] for row in writer.case.documents} - first
    _check(writer, [first, rest], **{"surges.step": "hour"})


def test_a_day_costs_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day is added to weeks: no series and no rhythm is fitted further back than posts may come late."""
    writer = _busy(3, 4)
    first = {
        row["document_id"] for row in writer.case.documents if row["published"] < START + timedelta(DAYS - 1)
    }
    before = detect_surges(_until(writer.case, first).given())
    fitted: list[int] = []

    def counted(counts: Any, exposure: Any, times: Any, spec: Any, **how: Any) -> Any:
        fitted.append(len(times) if len(counts) else 0)
        return forecasts(counts, exposure, times, spec, **how)

    monkeypatch.setattr(series, "forecasts", counted)
    monkeypatch.setattr(watchers, "forecasts", counted)
    day = writer.case.given()
    day.previous = before
    detect_surges(day)
    assert fitted
    assert max(fitted) <= 11
