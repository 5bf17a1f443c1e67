"""The day of a holiday in a year: fixed, the n-th weekday of a month, or counted from Easter."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from tocsin.resolve.times.calendar import days_in_month

__all__ = ["day_of"]

#: ``12-25``; ``11:4:4`` the fourth Thursday of November (−1 the last); ``easter``, ``pascha``, the Orthodox
#: one; ``rizdvo``, Christmas in Ukraine; each with ``+n`` or ``-n`` days.
_RULE: Final = re.compile(r"(?:(\d\d)-(\d\d)|(\d+):(-?\d):(\d)|(easter|pascha|rizdvo))([+-]\d+)?")
#: Ukraine keeps Christmas on 25 December since this year.
_MOVED: Final = 2023


def _easter(year: int) -> date:
    """Gregorian Easter (Meeus, Astronomical Algorithms)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    n = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * n) // 451
    month, day = divmod(h + n - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _pascha(year: int) -> date:
    """Orthodox Easter: Julian reckoning (Meeus), as a Gregorian date."""
    a, b, c = year % 4, year % 7, year % 19
    d = (19 * c + 15) % 30
    e = (2 * a + 4 * b - d + 34) % 7
    month, day = divmod(d + e + 114, 31)
    return date(year, month, day + 1) + timedelta(days=year // 100 - year // 400 - 2)


def day_of(rule: str, year: int) -> date | None:
    """The date of a holiday of the lexicons in a year from 1583 to 9998, None for others.

    Raises ValueError on a rule not written as ``_RULE`` has it.
    """
    found = _RULE.fullmatch(rule)
    if found is None:
        raise ValueError(f"not a rule of a holiday: {rule!r}")
    if not 1583 <= year <= 9998:
        return None
    month, day, nth_month, nth, weekday, moving, added = found.groups()
    if month:
        start = date(year, int(month), int(day))
    elif nth_month:
        first = date(year, int(nth_month), 1)
        ahead = (int(weekday) - first.isoweekday()) % 7
        count = int(nth) - 1
        if int(nth) < 0:
            count = (days_in_month(year, int(nth_month)) - 1 - ahead) // 7
        start = first + timedelta(days=ahead + 7 * count)
    elif moving == "rizdvo":
        start = date(year, 12, 25) if year >= _MOVED else date(year, 1, 7)
    else:
        start = _easter(year) if moving == "easter" else _pascha(year)
    return start + timedelta(days=int(added or 0))
