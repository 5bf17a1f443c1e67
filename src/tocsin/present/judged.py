"""The ledger, the blame matrix and the boards of hypotheses, as the brief shows them.

All three are views of the tables and the judgement log. The brief has no clock of its own (the same case
gives the same bytes), so deadlines are read as of the last document of the case.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from tocsin.judge.ach import Board, Ranked, Removal, board_of, boards_of, diagnosticity, ranking, sensitivity
from tocsin.judge.estimative import Scale, scale_of
from tocsin.judge.ledger import Entry, Scorecard, ledger_of, scorecards
from tocsin.judge.matrix import Cell, Contradiction, Matrix, Party, matrix_of
from tocsin.judge.window import last_moment
from tocsin.model import Judgement, Outcome
from tocsin.model.access import Tables
from tocsin.present.words import day

__all__ = ["BoardView", "CellView", "Judged", "Line", "MatrixView", "judged_of"]

_LINES = 40
_CARDS = 12
_PARTIES = 12
_WORDS = 220
_NEVER = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the ledger. ``person``: whether somebody has judged it; ``tone``: open, overdue,
    settled.
    """

    due: str
    event: str
    who: tuple[str, ...]
    channel: str
    given: str
    probability: str
    basis: str
    testable: str
    why: str
    status: str
    tone: str
    review: str
    person: bool
    places: tuple[str, ...]
    forecast_id: str


@dataclass(frozen=True, slots=True)
class CellView:
    """The claims of one accuser about one accused."""

    claims: tuple[Cell, ...]
    person: bool


@dataclass(frozen=True, slots=True)
class MatrixView:
    """The matrix as rows of cells, in the order of ``accused``; None where nothing was said."""

    event: str
    accused: tuple[Party, ...]
    rows: tuple[tuple[Party, tuple[CellView | None, ...]], ...]
    quotes: tuple[tuple[Party, tuple[Cell, ...]], ...]
    denials: tuple[Cell, ...]
    counter: tuple[tuple[str, str], ...]
    contradictions: tuple[Contradiction, ...]
    hidden: int
    others: int


@dataclass(frozen=True, slots=True)
class BoardView:
    """One board: its ranking, its matrix as rows of ratings, and what the ranking hangs on."""

    board: Board
    ranked: tuple[Ranked, ...]
    rows: tuple[tuple[str, str, tuple[str, ...], str], ...]
    removals: tuple[Removal, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """Everything the sections on judgement show; ``as_of`` is the last day of the case."""

    as_of: str
    scale: Scale
    lines: tuple[Line, ...]
    total: int
    hidden: int
    statuses: tuple[tuple[str, int], ...]
    cards: tuple[Scorecard, ...]
    hidden_cards: int
    matrix: MatrixView | None
    boards: tuple[BoardView, ...]
    orphans: tuple[Judgement, ...]


def judged_of(
    tables: Tables, log: Sequence[Judgement], orphans: Sequence[Judgement], last: datetime | None
) -> Judged:
    """Compute the three views as of the day after the last document."""
    now = _next_day(last) if last is not None else _NEVER
    scale = scale_of()
    entries = ledger_of(tables, log, scale, now)
    shown = sorted(entries, key=_worth)[:_LINES]
    shown.sort(key=entries.index)
    cards = [c for c in scorecards(entries) if c.given > 1 or c.scores is not None]
    matrix = matrix_of(tables, log)
    return Judged(
        as_of=day(last) if last is not None else "an unknown day",
        scale=scale,
        lines=tuple(_line(e) for e in shown),
        total=len(entries),
        hidden=len(entries) - len(shown),
        statuses=tuple(sorted(Counter(e.status for e in entries).items())),
        cards=tuple(cards[:_CARDS]),
        hidden_cards=max(0, len(cards) - _CARDS),
        matrix=_matrix(matrix) if matrix.cells or matrix.denials else None,
        boards=tuple(_board(board_of(log, name)) for name in boards_of(log)),
        orphans=tuple(orphans),
    )


def _next_day(when: datetime) -> datetime:
    start = when.replace(hour=0, minute=0, second=0, microsecond=0)
    return start + timedelta(days=1) if start.date() < date.max else when


def _worth(entry: Entry) -> tuple[bool, bool, str]:
    """What is shown first where not all can be: judged by a person, then with a deadline."""
    return entry.review == "unconfirmed" and entry.resolution is None, entry.due is None, entry.forecast_id


def _cut(words: str) -> str:
    return words if len(words) <= _WORDS else words[: _WORDS - 1].rstrip() + "…"


def _line(entry: Entry) -> Line:
    mapped = entry.mapped
    spread = f"{mapped.low:.2f}–{mapped.high:.2f}" if mapped.low < mapped.high else f"{mapped.low:.2f}"
    due = day(last_moment(entry.due)) if entry.due is not None else "no deadline"
    settled = entry.status not in (Outcome.OPEN, "overdue")
    status = entry.status
    if entry.resolution is not None:
        told = f", {entry.resolution.source}" if entry.resolution.source else ""
        status = f"{entry.status} ({entry.resolution.author}{told})"
    return Line(
        due=due,
        event=_cut(entry.event),
        who=entry.warners,
        channel=entry.channel or "unknown channel",
        given=day(entry.published) if entry.published else "date unknown",
        probability=spread,
        basis=mapped.basis,
        testable=entry.testable,
        why="; ".join(entry.testable_reasons),
        status=status,
        tone="settled" if settled else entry.status,
        review=entry.review,
        person=entry.review != "unconfirmed" or entry.resolution is not None,
        places=entry.places,
        forecast_id=entry.forecast_id,
    )


def _matrix(found: Matrix) -> MatrixView:
    accused, accusers = found.accused[:_PARTIES], found.accusers[:_PARTIES]
    rows = []
    for accuser in accusers:
        cells = []
        for party in accused:
            own = found.cells.get((accuser.key, party.key), ())
            person = any(c.review != "unconfirmed" for c in own)
            cells.append(CellView(own, person) if own else None)
        rows.append((accuser, tuple(cells)))
    quotes = []
    for party in accused:
        cells_of = [c for (_, key), own in found.cells.items() if key == party.key for c in own]
        quotes.append((party, tuple(cells_of[:6])))
    hidden = len(found.accused) - len(accused) + len(found.accusers) - len(accusers)
    return MatrixView(
        found.event,
        accused,
        tuple(rows),
        tuple(quotes),
        found.denials,
        found.counter,
        found.contradictions,
        hidden,
        found.others,
    )


def _board(board: Board) -> BoardView:
    spread = diagnosticity(board)
    rows = tuple(
        (
            f"{item.mark} {_cut(item.text)}",
            item.source,
            tuple(board.cell(item.mark, h.mark) for h in board.hypotheses),
            f"{spread[item.mark]:.2f}",
        )
        for item in board.evidence
    )
    return BoardView(board, tuple(ranking(board)), rows, tuple(sensitivity(board)))
