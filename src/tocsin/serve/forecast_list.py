"""The ledger of warnings for pages: entries by filter, what is due, evidence proposed, scorecards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, Literal

from pydantic import Field

from tocsin.errors import BadCursorError, NoSuchFindingError
from tocsin.judge.estimative import scale_of
from tocsin.judge.ledger import Entry, Scorecard, due_entries, ledger_of, scorecards
from tocsin.judge.proposals import Proposal, propose
from tocsin.serve.filters import Paged, Words
from tocsin.serve.i18n import N_
from tocsin.serve.latest import latest
from tocsin.serve.paging import decode, encode
from tocsin.serve.reading import View
from tocsin.serve.subset import Subset
from tocsin.store import Snapshot

__all__ = [
    "MOST_CLAIMS",
    "STATUSES",
    "ForecastFilters",
    "ForecastPage",
    "due_now",
    "due_soon",
    "entries_of",
    "entry_of",
    "find_forecasts",
    "ledger",
    "proposals_for",
    "scores",
]

_DUE: Final = """
SELECT f.forecast_id, f.document_id, f.due, d.published
FROM {forecasts} AS f JOIN {documents} AS d USING (document_id) WHERE f.due IS NOT NULL
"""
_NAME: Final = "forecasts"
#: States of an entry, as the interface calls them.
STATUSES: Final = (N_("open"), N_("overdue"), N_("came true"), N_("did not"), N_("void"))
#: Evidence is proposed by comparing with every claim; in a larger case that is for the command line.
MOST_CLAIMS: Final = 200_000


class ForecastFilters(Paged):
    """Which entries of the ledger, by deadline."""

    status: Annotated[
        Literal["due", "open", "overdue", "came true", "did not", "void"] | None,
        Field(description="due: overdue or within seven days; or what became of it"),
    ] = None
    testable: Annotated[bool | None, Field(description="whether it can be found wrong")] = None
    source: Annotated[Words | None, Field(description="words of who gives it, or of its channel")] = None
    words: Annotated[Words | None, Field(description="words of what is foretold")] = None


@dataclass(frozen=True, slots=True)
class ForecastPage:
    """One page of the ledger; ``statuses`` counts all entries by status, whatever the filters."""

    entries: tuple[Entry, ...]
    total: int
    next: str | None
    statuses: tuple[tuple[str, int], ...]


def ledger(view: View) -> list[Entry]:
    """Every entry as of this hour."""
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    return latest(view, "ledger", lambda: ledger_of(view.tables, view.attached.log, scale_of(), now), now)


def due_now(view: View, days: int = 7) -> list[Entry]:
    """What has fallen due and is not resolved, or does so within ``days``."""
    return due_entries(ledger(view), datetime.now(UTC), days)


def with_deadlines(view: View) -> None:
    """Have the table ``forecasts_due``: the forecasts with a deadline, as the texts have it."""

    def make(tables: Snapshot) -> bool:
        tables.keep_parts("forecasts_due", _DUE, "document_id NOT IN (FROM superseded)")
        return True

    view.once("forecasts_due", make)


def due_soon(
    view: View, now: datetime, days: int, most: int
) -> tuple[tuple[Entry, ...], int, tuple[Entry, ...], int]:
    """Open entries whose deadline comes within ``days`` and how many there are; then those it has passed for.

    At most ``most`` of each, nearest first. What ``due_entries`` picks of the whole ledger, without making
    it: entries are made of what is shown and of what people judged or entered.
    """
    with_deadlines(view)
    judged = view.tables.select("forecasts", "forecast_id", view.opinions)
    touched = set(judged.column("forecast_id").to_pylist())
    until = now + timedelta(days=days)
    rest = "FROM forecasts_due WHERE due <= ? AND forecast_id NOT IN (SELECT unnest(?::VARCHAR[]))"
    counted = view.tables.query(
        f"SELECT count(*) FILTER (due > ?) AS ahead, count(*) AS n {rest}", [now, until, sorted(touched)]
    ).to_pylist()[0]
    wanted: dict[str, str] = {}
    for sign, way in ((">", "ASC"), ("<=", "DESC")):
        found = view.tables.query(
            f"SELECT forecast_id, document_id {rest} AND due {sign} ? "
            f"ORDER BY due {way}, coalesce(published, ?) {way}, forecast_id {way} LIMIT ?",
            [until, sorted(touched), now, now, most],
        ).to_pylist()
        wanted |= {row["forecast_id"]: row["document_id"] for row in found}
    documents = {*wanted.values(), *judged.column("document_id").to_pylist()}
    made = ledger_of(Subset(view.tables, documents), view.attached.log, scale_of(), now)
    mine = [e for e in made if e.forecast_id in wanted or e.forecast_id in touched or not e.document_id]
    entries = due_entries(mine, now, days)
    ahead = [e for e in entries if e.due is not None and e.due > now]
    passed = [e for e in reversed(entries) if e.due is not None and e.due <= now]
    others = [e.due is not None and e.due > now for e in entries if e.forecast_id not in wanted]
    return (
        tuple(ahead[:most]),
        counted["ahead"] + sum(others),
        tuple(passed[:most]),
        counted["n"] - counted["ahead"] + len(others) - sum(others),
    )


def entry_of(view: View, forecast_id: str) -> Entry:
    """One entry; raises NoSuchFindingError."""
    by_id = latest(
        view, "ledger by id", lambda: {e.forecast_id: e for e in ledger(view)}, datetime.now(UTC).hour
    )
    if forecast_id not in by_id:
        raise NoSuchFindingError(f"the ledger has no forecast {forecast_id}")
    return by_id[forecast_id]


def entries_of(view: View, filters: ForecastFilters) -> list[Entry]:
    """All entries that fulfil the filters, by deadline."""
    entries: Sequence[Entry] = due_now(view) if filters.status == "due" else ledger(view)
    if filters.status not in (None, "due"):
        entries = [e for e in entries if e.status == filters.status]
    if filters.testable is not None:
        entries = [e for e in entries if (e.testable == "yes") == filters.testable]
    if filters.source is not None:
        wanted = filters.source.casefold()
        entries = [e for e in entries if wanted in "\n".join((e.channel, *e.warners)).casefold()]
    if filters.words is not None:
        wanted = filters.words.casefold()
        entries = [e for e in entries if wanted in e.event.casefold()]
    return list(entries)


def find_forecasts(view: View, filters: ForecastFilters) -> ForecastPage:
    """One page of the entries that fulfil the filters. Raises BadCursorError."""
    entries = entries_of(view, filters)
    start = 0
    if filters.cursor is not None:
        (last,) = decode(_NAME, filters.cursor, (str,))
        ids = [e.forecast_id for e in entries]
        if last not in ids:
            raise BadCursorError("the list has changed; begin again at its first page")
        start = ids.index(last) + 1
    shown = entries[start : start + filters.limit]
    more = start + filters.limit < len(entries)
    statuses = Counter(e.status for e in ledger(view))
    return ForecastPage(
        tuple(shown),
        len(entries),
        encode(_NAME, [shown[-1].forecast_id]) if more else None,
        tuple(sorted(statuses.items())),
    )


def proposals_for(view: View, entry: Entry) -> list[Proposal] | None:
    """Later claims that may tell what became of a forecast; None where the case is too large to compare."""
    if view.rows.get("claims", 0) > MOST_CLAIMS:
        return None
    return view.once(f"proposals {entry.forecast_id}", lambda t: propose(t, [entry])).get(
        entry.forecast_id, []
    )


def scores(view: View) -> list[Scorecard]:
    """How good each source and channel was."""
    hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    return latest(view, "scorecards", lambda: scorecards(ledger(view)), hour)
