"""The log of judgements as people read it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from tocsin.judge.log import in_force
from tocsin.judge.spans import read_correction
from tocsin.model import Judgement, Verdict
from tocsin.serve.filters import Paged, Words
from tocsin.serve.i18n import N_
from tocsin.serve.paging import decode, encode
from tocsin.serve.reading import View

__all__ = ["STATES", "Line", "LogFilters", "LogPage", "find_entries", "lines_of"]

_NAME: Final = "log"
#: Parts of a detail, by the names they have in it.
_PARTS: Final[dict[str, str]] = {
    "outcome": N_("outcome"),
    "date": N_("settled on"),
    "source": N_("source"),
    "words": N_("corrected to"),
    "merged": N_("one with"),
    "ach": N_("board"),
    "mark": N_("mark"),
    "hypothesis": N_("hypothesis"),
    "evidence": N_("evidence"),
    "rating": N_("rating"),
    "kind": N_("kind"),
    "credibility": N_("credibility"),
    "relevance": N_("relevance"),
    "event": N_("foretold"),
    "published": N_("said on"),
    "due": N_("until"),
    "probability": N_("probability"),
    "term": N_("how probable"),
    "channel": N_("channel"),
}


#: States of an entry, as the interface calls them.
STATES: Final = (N_("in force"), N_("taken back"), N_("orphan"))


class LogFilters(Paged):
    """Which entries of the log, newest first."""

    author: Annotated[Words | None, Field(description="name of who judged")] = None
    verdict: Annotated[Verdict | None, Field(description="kind of entry")] = None
    finding: Annotated[str | None, Field(max_length=100, description="id of the finding judged")] = None
    state: Annotated[
        Literal["in force", "taken back", "orphan"] | None,
        Field(description="in force, taken back, or of a finding that is no longer there"),
    ] = None


@dataclass(frozen=True, slots=True)
class Line:
    """One entry. ``facts`` are (name, value) of its detail; ``address`` leads to its finding, if any."""

    entry: Judgement
    facts: tuple[tuple[str, str], ...]
    state: str
    address: str


@dataclass(frozen=True, slots=True)
class LogPage:
    """One page of the log; ``total`` counts all that match."""

    lines: tuple[Line, ...]
    total: int
    next: str | None


def find_entries(view: View, filters: LogFilters) -> LogPage:
    """One page of the entries that fulfil the filters, newest first. Raises BadCursorError."""
    log = view.attached.log
    if filters.author is not None:
        log = tuple(e for e in log if e.author == filters.author)
    if filters.verdict is not None:
        log = tuple(e for e in log if e.verdict == filters.verdict)
    if filters.finding is not None:
        log = tuple(e for e in log if e.finding_id == filters.finding)
    if filters.state is not None:
        states = _states(view)
        log = tuple(e for e in log if states(e) == filters.state)
    total = len(log)
    if filters.cursor is not None:
        (before,) = decode(_NAME, filters.cursor, (int,))
        log = tuple(e for e in log if e.sequence < before)
    newest = log[::-1][: filters.limit + 1]
    shown = newest[: filters.limit]
    more = encode(_NAME, [shown[-1].sequence]) if len(newest) > filters.limit else None
    return LogPage(tuple(lines_of(view, shown)), total, more)


def _states(view: View) -> Any:
    alive = view.once(
        f"alive {view.last_sequence}", lambda _: {e.sequence for e in in_force(view.attached.log)}
    )
    lost = {e.sequence for e in view.attached.orphans}

    def state(entry: Judgement) -> str:
        if entry.sequence in lost:
            return "orphan"
        if entry.sequence in alive or entry.verdict == Verdict.UNDO:
            return "in force"
        return "taken back"

    return state


def lines_of(view: View, entries: Iterable[Judgement]) -> list[Line]:
    """Entries as people read them, in the order given."""
    states = _states(view)
    own = list(entries)
    names = _names(view, [e.detail for e in own if e.verdict == Verdict.MERGE])
    return [Line(e, _facts(e.detail, names), states(e), _address(e)) for e in own]


def _names(view: View, ids: Sequence[str]) -> dict[str, str]:
    """What merged persons, organisations and outlets are called."""
    rows = view.tables.select("document_entities", "document_entity_id", ids).to_pylist() if ids else []
    return {row["document_entity_id"]: row["name"] for row in rows}


def _facts(detail: str, names: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    if detail in names:
        return ((_PARTS["merged"], names[detail]),)
    correction = read_correction(detail)
    if correction is not None:
        return ((_PARTS["words"], correction.words),)
    try:
        found = json.loads(detail) if detail.startswith("{") else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        return (("", detail),) if detail else ()
    inner = found.get("forecast", found)
    pairs: Sequence[tuple[str, Any]] = list(inner.items()) if isinstance(inner, dict) else []
    return tuple((_PARTS.get(k, k), v) for k, v in pairs if isinstance(v, str) and v)


def _address(entry: Judgement) -> str:
    """Where the finding of an entry is shown."""
    if entry.verdict == Verdict.ASSESS:
        page = "hypotheses" if entry.detail.startswith('{"ach"') else "forecasts"
        return f"/{page}/{entry.finding_id}"
    try:
        place = json.loads(entry.anchor) if entry.anchor else {}
    except ValueError:
        place = {}
    table, document = place.get("table"), str(place.get("document", ""))
    if table == "claims":
        return f"/claims/{entry.finding_id}"
    if table == "forecasts":
        return f"/forecasts/{entry.finding_id}"
    return f"/documents/{document}" if document.isalnum() else ""
