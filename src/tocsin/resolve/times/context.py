"""What an expression may be counted from: publication, and the year, day and quarter last spoken of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from tocsin.resolve.times.values import Resolved, Time

__all__ = [
    "PUBLISHED",
    "SENTENCE_YEAR",
    "SPOKEN",
    "SPOKEN_YEAR",
    "Context",
    "counts_from_text",
    "remember",
    "told_year",
]

PUBLISHED: Final = "publication date"
SPOKEN: Final = "day last spoken of"
SPOKEN_YEAR: Final = "year last spoken of"
SENTENCE_YEAR: Final = "year in the sentence"
_GRAINS: Final = ("day", "minute", "hour", "part of day", "month", "year", "season", "week")
#: Months by which a date may lie before the one last spoken of without being of the next year, and beyond
#: it without being of the year before.
_BACK, _AHEAD = 7, 12
#: Years before publication up to which "last year" in a tale of the past is still that of publication.
_OF_TODAY: Final = 2
#: What a mention of a year adds to it, and what the years spoken of before keep at each further mention.
_WEIGHTS: Final = {"heading": 6.0, "scene": 4.0, "date": 4.0, "told": 1.5, "bare": 1.0, "aside": 0.05}
_KEPT: Final = 0.5


@dataclass(slots=True)
class Context:
    """What an expression may be counted from. Datetimes are naive UTC.

    ``years`` holds the years spoken of (negative before our era) with their weights; ``sentence_year`` is one
    that sets the scene of the sentence; ``day`` is the day last spoken of with its ``grain``, ``quarter`` the
    quarter last spoken of, ``quarter_age`` sentences ago. ``narrative`` says that the document tells of the
    past, ``near`` that the sentence before does. ``tense`` is as ``tense.tense_of`` has it. ``opened`` is the
    start of the range that the next expression closes.
    """

    published: datetime | None
    years: dict[int, float] = field(default_factory=dict)
    sentence_year: int | None = None
    day: datetime | None = None
    grain: str = ""
    quarter: datetime | None = None
    quarter_age: int = 99
    narrative: bool = False
    near: bool = False
    tense: int = 0
    opened: datetime | None = None

    @property
    def year(self) -> int | None:
        """The year that is told of: the one spoken of most, the later mention counting for more."""
        return max(self.years, key=lambda year: self.years[year]) if self.years else None


def counts_from_text(time: Time, context: Context) -> bool:
    """Whether an expression counts from the day last spoken of: "the same day", "last year" in a tale."""
    if context.day is None:
        return False
    if time.anchor == "text" or context.published is None:
        return bool(time.anchor)
    far = context.published.year - context.day.year > _OF_TODAY
    return time.anchor == "told" and context.narrative and far


def told_year(time: Time, context: Context) -> int:
    """The year of a date without one in a narrative: the year told of, or the next when it has turned."""
    assert context.year is not None
    year, day = context.year, context.day
    month = time.month
    if (
        day is None
        or month is None
        or day.year != year
        or context.grain not in ("day", "month", "hour", "minute")
    ):
        return year
    if day.month - month >= _BACK:
        return year + 1
    if month - day.month >= _AHEAD:
        return year - 1
    return year


def _speak_of(context: Context, year: int, kind: str) -> None:
    for known in context.years:
        context.years[known] *= _KEPT
    context.years[year] = context.years.get(year, 0.0) + _WEIGHTS[kind]


def _kind(time: Time, resolved: Resolved, place: str) -> str:
    """How a year is spoken of; empty where it moves nothing."""
    if resolved.explicit_year:
        if resolved.granularity in ("decade", "century"):
            return ""
        if place == "heading" or (place == "scene" and time.month is None):
            return place
        if place == "aside":
            return "aside" if time.month is None else "bare"
        return "bare" if time.month is None and not time.season else "date"
    if resolved.anchor in (SPOKEN_YEAR, SENTENCE_YEAR):
        return "told"
    back = time.relative is not None and time.relative[1] < 0
    return "" if resolved.anchor != SPOKEN or (back and resolved.granularity == "year") else "told"


def remember(context: Context, time: Time, resolved: Resolved, place: str) -> None:
    """Note what was spoken of, for the expressions that follow.

    ``place``: ``heading``, ``scene`` (the start of a sentence), ``aside`` (in brackets) or empty.
    """
    if resolved.timex_type not in ("DATE", "TIME"):
        return
    if time.year is not None and time.year < 0:
        _speak_of(context, time.year, "bare")
        context.day = None
        return
    if resolved.lower is None:
        return
    ended = context.published is None or (resolved.upper or context.published) <= context.published
    if time.quarter is not None and time.year_turn is None and resolved.granularity == "quarter" and ended:
        context.quarter, context.quarter_age = resolved.lower, 0
    kind = _kind(time, resolved, place)
    if kind:
        _speak_of(context, resolved.lower.year, kind)
    if kind in ("aside", "bare") and resolved.lower.year != context.year:
        return
    if not kind and resolved.anchor == SPOKEN and resolved.granularity == "year":
        return
    if resolved.granularity in _GRAINS:
        context.day, context.grain = resolved.lower, resolved.granularity
