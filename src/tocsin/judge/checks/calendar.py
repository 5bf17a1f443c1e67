"""Dates and lengths of time for checks: days from TIMEX3 values, weekdays by a formula one can redo."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Final

__all__ = ["GREGORIAN", "Days", "Length", "days_of", "length_of", "weekday", "weekday_steps"]

#: The first day from which weekdays are computed: Greece was the last country of Europe to change its
#: calendar.
GREGORIAN: Final = date(1923, 3, 1)
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_VALUE: Final = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
_LENGTH: Final = re.compile(r"P(\d+(?:\.\d+)?)([DWMY])(?:(\d+)M)?")
#: Days in a unit, and by how many days a length given in it may be off.
_UNITS: Final = {"D": (1.0, 1.0), "W": (7.0, 2.0), "M": (30.437, 15.5), "Y": (365.2425, 183.0)}
_NAMES: Final = {"D": "day", "W": "week", "M": "month", "Y": "year"}


@dataclass(frozen=True, slots=True)
class Days:
    """The days a date may be: one, or all of a month or year."""

    first: date
    last: date

    @property
    def one(self) -> bool:
        return self.first == self.last

    def __str__(self) -> str:
        return str(self.first) if self.one else f"{self.first} to {self.last}"


def days_of(value: str) -> Days | None:
    """The days of a TIMEX3 value of a day, month or year; None where it has none.

    >>> str(days_of("2024-02"))
    '2024-02-01 to 2024-02-29'
    """
    found = _VALUE.fullmatch(value)
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None
    try:
        if day is not None and month is not None:
            return Days(date(year, month, day), date(year, month, day))
        if month is not None:
            return Days(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))
        return Days(date(year, 1, 1), date(year, 12, 31))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time in days, ``off`` by how much it may miss, and its unit in words."""

    days: float
    off: float
    unit: str
    count: float

    @property
    def why(self) -> str:
        return f"a length in {self.unit}s may be {self.off:g} day{'' if self.off == 1 else 's'} off"


def length_of(value: str) -> Length | None:
    """The length of a TIMEX3 duration of days, weeks, months or years; None for any other.

    >>> length_of("P2W").days
    14.0
    """
    found = _LENGTH.fullmatch(value)
    if found is None:
        return None
    count, unit = float(found[1]), found[2]
    if count > 10_000:
        return None
    size, off = _UNITS[unit]
    days = count * size
    if found[3]:
        days, off = days + int(found[3]) * _UNITS["M"][0], _UNITS["M"][1]
    return Length(days, off, _NAMES[unit], count)


def weekday(day: date) -> int:
    """The weekday by Zeller's congruence (Zeller 1882), Monday 0: the same as ``date.weekday``."""
    return _zeller(day)[-1]


def _zeller(day: date) -> tuple[int, int, int, int, int]:
    month, year = (day.month, day.year) if day.month > 2 else (day.month + 12, day.year - 1)
    century, rest = divmod(year, 100)
    number = (day.day + 13 * (month + 1) // 5 + rest + rest // 4 + century // 4 + 5 * century) % 7
    return month, century, rest, number, (number + 5) % 7  # Zeller counts from Saturday


def weekday_steps(day: date) -> str:
    """Zeller's congruence with the numbers of a day put in."""
    month, century, rest, number, own = _zeller(day)
    counted = f"; {day:%B} counts as month {month} of {day.year - 1}" if day.month < 3 else ""
    terms = f"{day.day} + ⌊13·({month} + 1)/5⌋ + {rest} + ⌊{rest}/4⌋ + ⌊{century}/4⌋ + 5·{century}"
    return f"({terms}) mod 7 = {number} (0 is Saturday): {day} is a {WEEKDAYS[own]} (Zeller{counted})"
