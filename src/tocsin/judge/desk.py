"""The analyst's desk: every view of the judgement log over one case, and every act that appends to it.

The desk holds no state of its own: views are computed from the tables and the log as they are when asked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from tocsin.errors import NoSuchFindingError, UsageError
from tocsin.judge import ach, ach_files
from tocsin.judge.attach import Attached, attached
from tocsin.judge.estimative import Scale, scale_of
from tocsin.judge.ledger import (
    Entry,
    Scorecard,
    correction_of,
    due_entries,
    ledger_of,
    manual_id,
    resolution_of,
    scorecards,
)
from tocsin.judge.matrix import Matrix, events_of, matrix_of
from tocsin.judge.proposals import Proposal, propose
from tocsin.model import Judgement, Verdict
from tocsin.model.access import Tables

__all__ = ["Appender", "Desk", "check_act"]


class Appender(Protocol):
    """Appends one judgement durably; ``finding_id`` need not be one of the case where ``free`` is set."""

    def __call__(
        self, finding_id: str, verdict: str, author: str, reason: str, detail: str, *, free: bool = False
    ) -> Judgement: ...


def check_act(verdict: str, detail: str, table: str, sequences: Sequence[int]) -> None:
    """Refuse an act that would mean nothing: an undo of no entry, a merge with nothing, an outcome that is
    none.

    ``table`` is where the finding stands. Raises UsageError.
    """
    if verdict == Verdict.UNDO and (not detail.isdecimal() or int(detail) not in sequences):
        raise UsageError(f"undo of {detail!r}: no such entry", remedy="Give its number (tocsin judgements)")
    if verdict == Verdict.MERGE and not detail:
        raise UsageError("merge with what?", remedy="Give the other finding's id as the detail")
    if table == "forecasts" and verdict == Verdict.RESOLVE:
        resolution_of(detail)
    if table == "forecasts" and verdict == Verdict.CORRECT:
        correction_of(detail)


@dataclass(frozen=True, slots=True)
class Desk:
    """One case at one moment: its tables, its log, and how to append."""

    tables: Tables
    raw_log: Sequence[Judgement]
    append: Appender

    # --- the log -------------------------------------------------------------------------------

    def attached(self) -> Attached:
        """The log with the ids that findings have now, and the orphans."""
        manual = {e.finding_id for e in self.raw_log if e.verdict == Verdict.ASSESS}
        return attached(self.raw_log, self.tables, manual)

    @property
    def log(self) -> tuple[Judgement, ...]:
        return self.attached().log

    # --- forecasts -----------------------------------------------------------------------------

    def ledger(self, now: datetime, scale: Scale | None = None) -> list[Entry]:
        """Every entry of the ledger as of ``now``."""
        return ledger_of(self.tables, self.log, scale or scale_of(), now)

    def due(self, now: datetime, days: int = 7) -> list[tuple[Entry, list[Proposal]]]:
        """What has fallen due or does within ``days``, each with the evidence proposed."""
        entries = due_entries(self.ledger(now), now, days)
        found = propose(self.tables, entries)
        return [(e, found.get(e.forecast_id, [])) for e in entries]

    def scorecards(self, now: datetime, scale: Scale | None = None) -> list[Scorecard]:
        """How good each source and channel was."""
        return scorecards(self.ledger(now, scale))

    def resolve(self, forecast_id: str, outcome: str, *, date: str, source: str, author: str) -> Judgement:
        """Record what became of a forecast. Raises UsageError, NoSuchFindingError."""
        detail = json.dumps({"outcome": outcome, "date": date, "source": source}, ensure_ascii=False)
        resolution_of(detail)
        manual = any(e.finding_id == forecast_id and e.verdict == Verdict.ASSESS for e in self.raw_log)
        return self.append(forecast_id, Verdict.RESOLVE, author, "", detail, free=manual)

    def enter(self, forecast: Mapping[str, str], author: str) -> Judgement:
        """Enter a forecast that no document of the case holds: event, source, published, due, probability,
        term.
        """
        if not forecast.get("event"):
            raise UsageError("a forecast without an event")
        key = manual_id(
            forecast["event"],
            forecast.get("source", ""),
            forecast.get("published", ""),
            forecast.get("due", ""),
        )
        detail = json.dumps({"forecast": dict(sorted(forecast.items()))}, ensure_ascii=False)
        return self.append(key, Verdict.ASSESS, author, "", detail, free=True)

    # --- blame ---------------------------------------------------------------------------------

    def events(self) -> list[tuple[str, int, int]]:
        """``(event, claims, accused)``, the densest first."""
        return events_of(self.tables, self.log)

    def matrix(self, event: str = "") -> Matrix:
        """The blame matrix of an event, of the densest without words for one."""
        return matrix_of(self.tables, self.log, event)

    # --- hypotheses ----------------------------------------------------------------------------

    def boards(self) -> list[str]:
        """The names of all boards."""
        return ach.boards_of(self.raw_log)

    def board(self, name: str) -> ach.Board:
        """One board. Raises NoSuchFindingError."""
        if ach.board_id(name) not in {ach.board_id(n) for n in self.boards()}:
            raise NoSuchFindingError(f"there is no board {name!r}", remedy=_boards_remedy(self.boards()))
        return ach.board_of(self.raw_log, name)

    def _step(self, name: str, author: str, **values: str) -> Judgement:
        return self.append(
            ach.board_id(name), Verdict.ASSESS, author, "", ach.step(name, **values), free=True
        )

    def add_hypothesis(self, name: str, text: str, author: str) -> str:
        """Put a hypothesis on a board (begun if new); returns its mark."""
        return self._add(name, "H", author, [{"hypothesis": text}])[0]

    def add_evidence(self, name: str, text: str, author: str, **values: str) -> str:
        """Put an item of evidence on a board; returns its mark. ``values``: kind, finding, source,
        credibility, relevance. Raises UsageError for a level that is none.
        """
        return self._add(name, "E", author, [{"evidence": text, **values}])[0]

    def _add(self, name: str, letter: str, author: str, items: Sequence[Mapping[str, str]]) -> list[str]:
        board = ach.board_of(self.raw_log, name)
        taken = [h.mark for h in board.hypotheses] + [e.mark for e in board.evidence]
        marks = ach_files.marks_after(taken, letter, len(items))
        for mark, item in zip(marks, items, strict=True):
            self._step(name, author, mark=mark, **item)
        return marks

    def rate(self, name: str, evidence: str, hypothesis: str, rating: str, author: str) -> Judgement:
        """Rate one cell. Raises UsageError, NoSuchFindingError for marks the board does not have."""
        board = self.board(name)
        if evidence not in {e.mark for e in board.evidence}:
            raise NoSuchFindingError(f"the board has no evidence {evidence!r}", remedy="See tocsin ach show")
        if hypothesis not in {h.mark for h in board.hypotheses}:
            raise NoSuchFindingError(
                f"the board has no hypothesis {hypothesis!r}", remedy="See tocsin ach show"
            )
        return self._step(name, author, evidence=evidence, hypothesis=hypothesis, rating=rating)

    def propose_board(self, name: str, event: str, author: str = ach.MACHINE) -> tuple[int, int]:
        """Begin a board from rival blame: ``(hypotheses, items of evidence)`` added. Nothing is rated.

        Raises UsageError if a board of that name exists.
        """
        if self.raw_log and ach.board_of(self.raw_log, name).hypotheses:
            raise UsageError(f"there is a board {name!r} already", remedy="Choose another name")
        hypotheses, evidence = ach_files.proposal_of(self.matrix(event))
        self._add(name, "H", author, [{"hypothesis": text} for text in hypotheses])
        self._add(name, "E", author, [{"evidence": e.pop("text"), **e} for e in evidence])
        return len(hypotheses), len(evidence)

    def import_board(self, name: str, text: str, author: str) -> tuple[int, int, int]:
        """Add a CSV matrix to a board: ``(hypotheses, items, ratings)``. Raises UsageError; then nothing
        is added.
        """
        found = ach_files.read_csv(text)
        marks_h = self._add(name, "H", author, [{"hypothesis": h} for h in found.hypotheses])
        items: list[dict[str, Any]] = []
        for row in found.evidence:
            kept = {k: v for k, v in row.items() if k in {"kind", "finding", "source"}}
            kept |= {k: v.casefold() for k, v in row.items() if k in {"credibility", "relevance"}}
            items.append({"evidence": row["text"], **kept})
        marks_e = self._add(name, "E", author, items)
        for row_number, column, rating in found.ratings:
            self._step(name, author, evidence=marks_e[row_number], hypothesis=marks_h[column], rating=rating)
        return len(marks_h), len(marks_e), len(found.ratings)


def _boards_remedy(names: Sequence[str]) -> str:
    return f"There are: {', '.join(names)}" if names else "Begin one with tocsin ach propose"
