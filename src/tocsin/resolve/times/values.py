"""What a time expression says before it is counted from anything, and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tocsin.model import Alternative

__all__ = ["Atom", "Resolved", "Time"]


@dataclass(frozen=True, slots=True)
class Time:
    """The meaning of an expression, unanchored. Fields that it leaves open are None or empty.

    ``kind``: date (also times of day), duration, set, ref. ``relative`` is a unit and a count from a day,
    which ``anchor`` names: empty for publication, ``told`` for the day last spoken of where the text tells of
    the past, ``text`` for the day last spoken of anywhere. ``turn`` says last but one (−2), last (−1), this
    (0) or next (1) for a month, weekday, season or year word; ``amount`` is None for an indefinite number of
    ``unit``. ``span`` ties a duration (past, future, within, deadline) or says how the rest is meant (ahead,
    soon, lone, night, since). ``said`` is a period that only the text names ("the quarter"). ``shifted`` days
    are added at the end ("the eve of"). A year before our era is negative.
    """

    kind: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    hour: int | None = None
    minute: int | None = None
    part: str = ""
    season: str = ""
    quarter: int | None = None
    half: int | None = None
    decade: int | None = None
    century: int | None = None
    holiday: str = ""
    zone: str = ""
    unit: str = ""
    amount: float | None = None
    relative: tuple[str, float] | None = None
    anchor: str = ""
    turn: int | None = None
    year_turn: int | None = None
    portion: str = ""
    span: str = ""
    said: str = ""
    shifted: int = 0
    night_to: bool = False
    literal: str = ""
    stamp: datetime | None = None
    other: tuple[int, int, int] | None = None


@dataclass(slots=True)
class Atom:
    """A matched expression: tokens ``[first, last)``, its extent in code points of the sentence, its meaning.

    ``modifiers`` are words about it (since, until, before, after, from, approx, at least, …), nearest first.
    ``opens_range`` marks the first end of "from X to Y", whose other end is the next atom; ``listed`` is the
    first token of the first of the alternatives that it is one of.
    """

    first: int
    last: int
    start: int
    end: int
    time: Time
    rule: str
    modifiers: tuple[str, ...] = ()
    opens_range: bool = False
    listed: int | None = None


@dataclass(frozen=True, slots=True)
class Resolved:
    """A value with its interval: naive, ``[lower, upper)``; None where unbounded or unknown.

    The interval is in the zone in which the document is read, unless ``clock`` is ``stated``: then the text
    named a zone and it is in UTC. ``clock`` is ``local`` for a clock time without a zone that is known.
    """

    timex_type: str
    value: str
    lower: datetime | None
    upper: datetime | None
    granularity: str
    anchor: str | None
    score: float
    reasons: tuple[str, ...]
    alternatives: tuple[Alternative, ...] = ()
    explicit_year: bool = False
    clock: str = ""
