"""The ledger of warnings for pages: entries by filter, what is due, evidence proposed, scorecards."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from tocsin.errors import BadCursorError, NoSuchFindingError
from tocsin.judge.estimative import scale_of
from tocsin.judge.ledger import Entry, Scorecard, by_deadline, due_entries, ledger_of
from tocsin.judge.proposals import Proposal, propose
from tocsin.serve.entries import (
    Untouched,
    entries_by_id,
    entries_from,
    hour,
    statuses,
    tallies,
    touched,
    untouched,
    with_index,
)
from tocsin.serve.filters import Paged, Words
from tocsin.serve.i18n import N_
from tocsin.serve.latest import latest
from tocsin.serve.paging import decode, encode
from tocsin.serve.reading import View

__all__ = [
    "MOST_CLAIMS",
    "STATUSES",
    "ForecastFilters",
    "ForecastPage",
    "due_soon",
    "entries_of",
    "entry_of",
    "find_forecasts",
    "ledger",
    "proposals_for",
    "scores",
    "source_forecasts",
    "source_scores",
]

#: Open entries whose deadline comes within so many days are due.
_DAYS: Final = 7
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
    """One page of the ledger; ``statuses`` counts all entries by status and ``due`` those that are due,
    whatever the filters.
    """

    entries: tuple[Entry, ...]
    total: int
    next: str | None
    statuses: tuple[tuple[str, int], ...]
    due: int


def ledger(view: View) -> list[Entry]:
    """Every entry as of this hour: for exports, in a large case minutes of work."""
    now = hour()
    return latest(view, "ledger", lambda: ledger_of(view.tables, view.attached.log, scale_of(), now), now)


def due_soon(
    view: View, now: datetime, days: int, most: int
) -> tuple[tuple[Entry, ...], int, tuple[Entry, ...], int]:
    """Open entries whose deadline comes within ``days`` and how many there are; then those it has passed for.

    At most ``most`` of each, nearest first. What ``due_entries`` picks of the whole ledger, without making
    it: entries are made of what is shown and of what people judged or entered.
    """
    own = touched(view, now)
    until = now + timedelta(days=days)
    rest = "FROM ledger_index WHERE due <= ? AND forecast_id NOT IN (SELECT unnest(?::VARCHAR[]))"
    counted = view.tables.query(
        f"SELECT count(*) FILTER (due > ?) AS ahead, count(*) AS n {rest}", [now, until, sorted(own)]
    ).to_pylist()[0]
    wanted: dict[str, str] = {}
    for sign, way in ((">", "ASC"), ("<=", "DESC")):
        found = view.tables.query(
            f"SELECT forecast_id, document_id {rest} AND due {sign} ? "
            f"ORDER BY due {way}, coalesce(published, ?) {way}, forecast_id {way} LIMIT ?",
            [until, sorted(own), now, now, most],
        ).to_pylist()
        wanted |= {row["forecast_id"]: row["document_id"] for row in found}
    made = [*entries_by_id(view, wanted, now), *own.values()]
    entries = due_entries(sorted(made, key=lambda e: by_deadline(e, now)), now, days)
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
    now = hour()
    own = touched(view, now)
    if forecast_id in own:
        return own[forecast_id]
    sql = "SELECT document_id FROM ledger_index WHERE forecast_id = ?"
    documents = view.tables.query(sql, [forecast_id]).column(0).to_pylist()
    if not documents:
        raise NoSuchFindingError(f"the ledger has no forecast {forecast_id}")
    (entry,) = entries_by_id(view, {forecast_id: documents[0]}, now)
    return entry


def _fulfils(entry: Entry, filters: ForecastFilters, now: datetime) -> bool:
    if filters.status == "due" and not due_entries([entry], now, _DAYS):
        return False
    if filters.status not in (None, "due", entry.status):
        return False
    if filters.testable is not None and (entry.testable == "yes") != filters.testable:
        return False
    said = "\n".join((entry.channel, *entry.warners)).casefold()
    if filters.source is not None and filters.source.casefold() not in said:
        return False
    return filters.words is None or filters.words.casefold() in entry.event.casefold()


def _narrowed(rest: Untouched, filters: ForecastFilters) -> Untouched:
    """Of entries without a judgement those that fulfil the filters."""
    where, now = rest.where, rest.now
    if filters.status == "due":
        where.add("due <= ?", now + timedelta(days=_DAYS))
    elif filters.status == "overdue":
        where.add("due <= ?", now)
    elif filters.status == "open":
        where.add("(due IS NULL OR due > ?)", now)
    elif filters.status is not None:
        where.add("false")
    if filters.testable is not None:
        where.add("testable = 'yes'" if filters.testable else "testable <> 'yes'")
    for words, table in ((filters.source, "ledger_warners"), (filters.words, "ledger_events")):
        if words is not None:
            with_index(rest.view, table)
            where.add(
                f"forecast_id IN (SELECT forecast_id FROM {table} WHERE contains(words, ?))",
                words.casefold(),
            )
    return rest


def entries_of(view: View, filters: ForecastFilters) -> list[Entry]:
    """All entries that fulfil the filters, by deadline: for exports."""
    now = hour()
    return [e for e in ledger(view) if _fulfils(e, filters, now)]


def find_forecasts(view: View, filters: ForecastFilters) -> ForecastPage:
    """One page of the entries that fulfil the filters. Raises BadCursorError."""
    now = hour()
    everybody = touched(view, now)
    own = {key: e for key, e in everybody.items() if _fulfils(e, filters, now)}
    rest = _narrowed(untouched(view, now), filters)
    after: Sequence[Any] | None = None
    if filters.cursor is not None:
        (last,) = decode(_NAME, filters.cursor, (str,))
        after = by_deadline(own[last], now) if last in own else rest.has(last)
        if after is None:
            raise BadCursorError("the list has changed; begin again at its first page")
    shown, more = entries_from(rest, own.values(), after, filters.limit)
    counted, due = statuses(view, now, _DAYS)
    return ForecastPage(
        tuple(shown),
        len(own) + rest.count(),
        encode(_NAME, [shown[-1].forecast_id]) if more else None,
        tuple(sorted(counted.items())),
        due + len(due_entries(everybody.values(), now, _DAYS)),
    )


def proposals_for(view: View, entry: Entry) -> list[Proposal] | None:
    """Later claims that may tell what became of a forecast; None where the case is too large to compare."""
    if view.rows.get("claims", 0) > MOST_CLAIMS:
        return None
    return view.once(f"proposals {entry.forecast_id}", lambda t: propose(t, [entry])).get(
        entry.forecast_id, []
    )


def scores(view: View, most: int) -> tuple[list[Scorecard], int]:
    """How good sources and channels were, the first ``most`` of how many."""
    found = tallies(view, hour())
    return found.cards(most), len(found)


def source_forecasts(view: View, keys: Collection[str], most: int) -> tuple[list[Entry], int]:
    """The forecasts of a source of these keys by deadline, the first ``most`` of how many."""
    now = hour()
    own = [e for e in touched(view, now).values() if e.source_key in keys]
    rest = untouched(view, now)
    rest.where.add("source_key IN (SELECT unnest(?::VARCHAR[]))", sorted(keys))
    made = entries_by_id(view, dict(rest.soonest(most)), now)
    ordered = sorted([*own, *made], key=lambda e: (e.due is None, e.due or now, e.forecast_id))
    return ordered[:most], len(own) + rest.count()


def source_scores(view: View, keys: Collection[str]) -> list[Scorecard]:
    """How good a source of these keys was."""
    return tallies(view, hour()).cards(sources=set(keys))
