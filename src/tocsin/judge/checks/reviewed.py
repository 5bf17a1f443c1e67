"""Checks with what people hold of them: a pure function of the tables and the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tocsin.judge.log import opinions
from tocsin.model import Check, CheckVerdict, Judgement, Verdict
from tocsin.model.access import Tables

__all__ = ["Reviewed", "reviewed"]

_REVIEWED: Final = {
    Verdict.CONFIRM: "confirmed",
    Verdict.REJECT: "rejected",
    Verdict.CORRECT: "corrected",
}
_ORDER: Final = (CheckVerdict.INCONSISTENT, CheckVerdict.CONSISTENT, CheckVerdict.NOT_CHECKABLE)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One check; ``review`` is "unconfirmed" for pure machine output, ``comments`` are people's own words."""

    check: Check
    review: str
    comments: tuple[str, ...]

    @property
    def rejected(self) -> bool:
        return self.review.startswith("rejected")


def reviewed(tables: Tables, log: Sequence[Judgement]) -> list[Reviewed]:
    """Every check of the case: inconsistent first, then consistent, then what could not be computed."""
    from tocsin.model.arrow import rows_of
    from tocsin.model.tables import CHECKS, SOURCE_CHECKS

    held = opinions(log)
    found = []
    for table in (CHECKS, SOURCE_CHECKS):
        for row in rows_of(tables.table(table.name), table):
            opinion = held.get(row.check_id)
            review = "unconfirmed"
            comments: tuple[str, ...] = ()
            if opinion is not None:
                comments = tuple(c.reason or c.detail for c in opinion.comments)
                if opinion.review is not None:
                    act = Verdict(opinion.review.verdict)
                    review = f"{_REVIEWED[act]} by {opinion.review.author}"
            found.append(Reviewed(row, review, comments))
    found.sort(key=_place)
    return found


def _place(item: Reviewed) -> tuple[int, bool, str, tuple[int, ...], str]:
    """Where a check is listed: by verdict, those that people rejected last, then as the documents stand."""
    check = item.check
    starts = tuple(span.start for span in check.statement)
    order = _ORDER.index(CheckVerdict(check.verdict))
    return order, item.rejected, check.document_id, starts, check.check_id
