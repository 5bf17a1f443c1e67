"""The analyst's desk: every view of the judgement log over one case, and every act that appends to it.

The desk holds no state of its own: views are computed from the tables and the log as they are when asked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tocsin.errors import NoSuchFindingError, UsageError
from tocsin.judge import ach, ach_files
from tocsin.judge.attach import Attached, attached
from tocsin.judge.checks.reviewed import Reviewed, reviewed
from tocsin.judge.estimative import Scale, scale_of
from tocsin.judge.ledger import (
    Entry,
    Scorecard,
    check_entered,
    correction_of,
    due_entries,
    ledger_of,
    manual_id,
    resolution_detail,
    resolution_of,
    scorecards,
)
from tocsin.judge.matrix import Matrix, events_of, matrix_of
from tocsin.judge.proposals import Proposal, propose
from tocsin.model import Judgement, Verdict
from tocsin.model.access import Tables

__all__ = ["Act", "Appender", "Desk", "check_act"]


@dataclass(frozen=True, slots=True)
class Act:
    """One judgement to be appended. ``assess`` acts need not name a finding of the case.

    ``seen``: the last entry on the finding that the author knew of; a newer one makes it a conflict. None:
    not asked.
    """

    finding_id: str
    verdict: str
    author: str
    reason: str = ""
    detail: str = ""
    seen: int | None = None


#: Appends acts durably, all or none, and gives the entries made of them.
Appender = Callable[[Sequence[Act]], list[Judgement]]


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

    def checks(self) -> list[Reviewed]:
        """Claims tested by computation, inconsistent first, each with what people hold of it."""
        return reviewed(self.tables, self.log)

    def scorecards(self, now: datetime, scale: Scale | None = None) -> list[Scorecard]:
        """How good each source and channel was."""
        return scorecards(self.ledger(now, scale))

    def resolve(self, forecast_id: str, outcome: str, *, date: str, source: str, author: str) -> Judgement:
        """Record what became of a forecast. Raises UsageError, NoSuchFindingError."""
        detail = resolution_detail(outcome, date, source)
        return self.append([Act(forecast_id, Verdict.RESOLVE, author, "", detail)])[0]

    def enter(self, forecast: Mapping[str, str], author: str) -> Judgement:
        """Enter a forecast that no document of the case holds: event, source, published, due, probability,
        term.
        """
        check_entered(forecast)
        key = manual_id(
            forecast["event"],
            forecast.get("source", ""),
            forecast.get("published", ""),
            forecast.get("due", ""),
        )
        detail = json.dumps({"forecast": dict(sorted(forecast.items()))}, ensure_ascii=False)
        return self.append([Act(key, Verdict.ASSESS, author, "", detail)])[0]

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

    @staticmethod
    def _step(name: str, author: str, **values: str) -> Act:
        return Act(ach.board_id(name), Verdict.ASSESS, author, "", ach.step(name, **values))

    def add_hypothesis(self, name: str, text: str, author: str) -> str:
        """Put a hypothesis on a board (begun if new); returns its mark."""
        return self.add_hypotheses(name, [text], author)[0]

    def add_hypotheses(self, name: str, texts: Sequence[str], author: str) -> list[str]:
        """Put several hypotheses on a board, all or none; returns their marks."""
        marks, acts = self._adding(name, "H", author, [{"hypothesis": text} for text in texts])
        self.append(acts)
        return marks

    def add_evidence(self, name: str, text: str, author: str, **values: str) -> str:
        """Put an item of evidence on a board; returns its mark. ``values``: kind, finding, source,
        credibility, relevance. Raises UsageError for a level that is none.
        """
        marks, acts = self._adding(name, "E", author, [{"evidence": text, **values}])
        self.append(acts)
        return marks[0]

    def _adding(
        self, name: str, letter: str, author: str, items: Sequence[Mapping[str, str]]
    ) -> tuple[list[str], list[Act]]:
        """The marks of new items and the acts that put them on a board."""
        board = ach.board_of(self.raw_log, name)
        taken = [h.mark for h in board.hypotheses] + [e.mark for e in board.evidence]
        marks = ach_files.marks_after(taken, letter, len(items))
        acts = [self._step(name, author, mark=m, **item) for m, item in zip(marks, items, strict=True)]
        # Whoever adds meanwhile takes the same marks: the board must be as it was looked at.
        seen = max((e.sequence for e in self.raw_log if e.finding_id == ach.board_id(name)), default=0)
        return marks, [replace(act, seen=seen) for act in acts]

    def rate(self, name: str, evidence: str, hypothesis: str, rating: str, author: str) -> Judgement:
        """Rate one cell. Raises UsageError, NoSuchFindingError for marks the board does not have."""
        return self.append(self.ratings(name, [(evidence, hypothesis, rating)], author))[0]

    def ratings(self, name: str, cells: Sequence[tuple[str, str, str]], author: str) -> list[Act]:
        """The acts that rate ``(evidence, hypothesis, rating)``, to be appended. Raises as ``rate`` does."""
        board = self.board(name)
        items = {e.mark for e in board.evidence}
        hypotheses = {h.mark for h in board.hypotheses}
        acts = []
        for evidence, hypothesis, rating in cells:
            if evidence not in items:
                raise NoSuchFindingError(
                    f"the board has no evidence {evidence!r}", remedy="See tocsin ach show"
                )
            if hypothesis not in hypotheses:
                raise NoSuchFindingError(
                    f"the board has no hypothesis {hypothesis!r}", remedy="See tocsin ach show"
                )
            values = {"evidence": evidence, "hypothesis": hypothesis, "rating": rating}
            acts.append(self._step(name, author, **values))
        return acts

    def propose_board(self, name: str, event: str) -> tuple[int, int]:
        """Begin a board from rival blame: ``(hypotheses, items of evidence)`` added. Nothing is rated.

        All of it bears the machine's name, so that it is told apart from what people add. Raises
        UsageError if a board of that name exists.
        """
        if self.raw_log and ach.board_of(self.raw_log, name).hypotheses:
            raise UsageError(f"there is a board {name!r} already", remedy="Choose another name")
        hypotheses, evidence = ach_files.proposal_of(self.matrix(event))
        _, acts = self._adding(name, "H", ach.MACHINE, [{"hypothesis": text} for text in hypotheses])
        items = [{"evidence": e.pop("text"), **e} for e in evidence]
        _, more = self._adding(name, "E", ach.MACHINE, items)
        self.append([*acts, *more])
        return len(hypotheses), len(evidence)

    def import_board(self, name: str, text: str, author: str) -> tuple[int, int, int]:
        """Add a CSV matrix to a board: ``(hypotheses, items, ratings)``. Raises UsageError; then nothing
        is added.
        """
        found = ach_files.read_csv(text)
        marks_h, acts = self._adding(name, "H", author, [{"hypothesis": h} for h in found.hypotheses])
        items: list[dict[str, Any]] = []
        for row in found.evidence:
            kept = {k: v for k, v in row.items() if k in {"kind", "finding", "source"}}
            kept |= {k: v.casefold() for k, v in row.items() if k in {"credibility", "relevance"}}
            items.append({"evidence": row["text"], **kept})
        marks_e, more = self._adding(name, "E", author, items)
        rated = [
            self._step(name, author, evidence=marks_e[row], hypothesis=marks_h[column], rating=rating)
            for row, column, rating in found.ratings
        ]
        self.append([*acts, *more, *rated])
        return len(marks_h), len(marks_e), len(found.ratings)


def _boards_remedy(names: Sequence[str]) -> str:
    return f"There are: {', '.join(names)}" if names else "Begin one with tocsin ach propose"
