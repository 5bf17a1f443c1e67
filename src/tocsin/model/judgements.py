"""Judgements: what an analyst decided, appended and never overwritten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

__all__ = ["Judgement", "Verdict"]


class Verdict(StrEnum):
    """The acts an analyst can record."""

    CONFIRM = "confirm"
    REJECT = "reject"
    CORRECT = "correct"
    MERGE = "merge"
    SPLIT = "split"
    RESOLVE = "resolve"
    COMMENT = "comment"
    ASSESS = "assess"  # one step of an analysis, or a forecast entered by hand
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One act. ``sequence`` is its place in the log.

    ``quote`` are the words judged and ``anchor`` (JSON: table, document, item, spans) where they stand: by
    both it is found again when ids change (``judge.attach``).
    """

    sequence: int
    finding_id: str
    verdict: str
    author: str
    reason: str
    detail: str
    quote: str
    made_at: datetime
    anchor: str = ""
