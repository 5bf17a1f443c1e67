"""Mentions: names, times and places in a text, with the value each resolves to and the readings that lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from tocsin.model.scores import Alternative

__all__ = [
    "WEEKDAY_DISAGREES",
    "NameMention",
    "NameType",
    "PlaceMention",
    "PlacePrecision",
    "TimeMention",
]

#: The reason of a date beside which another weekday is named.
WEEKDAY_DISAGREES: Final = "the weekday named beside it does not agree with this date"


class PlacePrecision(StrEnum):
    """How exactly a point stands for what was mentioned."""

    VENUE = "venue"
    CITY = "city"
    REGION = "region"
    COUNTRY = "country"


class NameType(StrEnum):
    """What a name names. ``other`` is a work, product, weapon, ship, programme and the like."""

    PERSON = "person"
    ORG = "org"
    PLACE = "place"
    EVENT = "event"
    MEDIA = "media"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class NameMention:
    """A name where it stands in a text, not yet whose it is. One row of ``names``.

    ``type`` is a ``NameType``. Names of one document do not overlap.
    """

    mention_id: str
    document_id: str
    start: int
    end: int
    type: str
    score: float
    method: str


@dataclass(frozen=True, slots=True)
class TimeMention:
    """A time expression and the interval it denotes. One row of ``times``.

    The interval is ``[lower, upper)`` in UTC; ``None`` is unbounded. Calendar units run from midnight to
    midnight as they are named; only clock times and lengths are moved from the zone that is stated, else
    from that of the document (``times.zone``). ``lower_open`` says the true start may be earlier ("since
    **at least** February 15"); ``upper_open`` likewise for the end. ``value`` is TIMEX3 (ISO-TimeML);
    ``anchor`` says what a relative expression was counted from. An expression that cannot be placed (no
    date to count from) keeps ``value`` and has no interval.

    ``modifier`` lists, parted by commas, what the words about it say: ``since``, ``until``, ``before``,
    ``after`` (a length that is left until a deadline has ``until``), ``or`` (one of several times of which
    one is meant), ``at least``, ``approx``, ``more than``, ``less than``. Times that belong together share a
    ``group_id``: the times offered by an ``or``, or the two ends of a range, which have the same interval.
    """

    mention_id: str
    document_id: str
    start: int
    end: int
    timex_type: str
    value: str
    lower: datetime | None
    upper: datetime | None
    lower_open: bool
    upper_open: bool
    granularity: str
    modifier: str | None
    anchor: str | None
    score: float
    reasons: tuple[str, ...]
    alternatives: tuple[Alternative, ...]
    method: str
    group_id: str | None = None


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place name and the gazetteer entry chosen for it. One row of ``places``.

    A place mentioned is not the place of the event. ``latitude`` and ``longitude`` are degrees
    (WGS 84) of the entry's reference point, and ``precision`` says how much that point stands for.
    """

    mention_id: str
    document_id: str
    start: int
    end: int
    lemma: str
    place_id: str
    name: str
    feature: str
    precision: str
    country: str | None
    latitude: float
    longitude: float
    score: float
    reasons: tuple[str, ...]
    alternatives: tuple[Alternative, ...]
    method: str
