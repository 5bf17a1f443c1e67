"""The ledger of warnings for pages: entries by filter, what is due, evidence proposed, scorecards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
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

__all__ = [
    "MOST_CLAIMS",
    "STATUSES",
    "ForecastFilters",
    "ForecastPage",
    "due_now",
    "entries_of",
    "entry_of",
    "find_forecasts",
    "ledger",
    "proposals_for",
    "scores",
]

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
