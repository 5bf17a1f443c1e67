"""Calendar arithmetic on naive UTC datetimes: periods of a unit, shifts by units, ISO-TimeML values.

Naive datetimes are UTC throughout this package and get their zone at the very end: arithmetic across year
1 or 9999 raises nothing then but is refused by returning None, which leaves the mention without an
interval.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

__all__ = ["SEASONS", "UNITS", "ZONES", "days_in_month", "period", "period_value", "shift", "zone_offset"]

#: Units and their TIMEX3 duration letters.
UNITS: Final = {
    "second": "TS",
    "minute": "TM",
    "hour": "TH",
    "day": "D",
    "week": "W",
    "month": "M",
    "quarter": "Q",
    "halfyear": "6M",
    "year": "Y",
    "decade": "E",
    "century": "C",
    "weekend": "WE",
}
_STEPS: Final = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "weekend": timedelta(weeks=1),
}
_MONTHS: Final = {"month": 1, "quarter": 3, "halfyear": 6, "year": 12, "decade": 120, "century": 1200}
#: Season → first month; winter is counted with the year in which it begins.
SEASONS: Final = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}
#: Fixed offsets in minutes; Kyiv and Almaty by rule below. Own table: a system without tzdata must agree
#: with one that has it.
_OFFSETS: Final = {
    "GMT": 0,
    "MSK": 180,
    "EST": -300,
    "EDT": -240,
    "CST": -360,
    "CDT": -300,
    "MST": -420,
    "PST": -480,
    "PDT": -420,
    "CET": 60,
    "CEST": 120,
    "EET": 120,
    "EEST": 180,
    "BST": 60,
}
#: Zones in which texts may be read where they state none: name → zone of the lexicons.
ZONES: Final = {"UTC": "GMT", "Asia/Almaty": "ALMT", "Europe/Kyiv": "KYIV", "Europe/Moscow": "MSK"}
_ALMATY_CHANGE: Final = datetime(2024, 3, 1)  # noqa: DTZ001 - naive UTC by design; UTC+6 before, UTC+5 since


def days_in_month(year: int, month: int) -> int:
    """Days in a month of the proleptic Gregorian calendar."""
    following = date(year + month // 12, month % 12 + 1, 1) if (year, month) != (9999, 12) else None
    return 31 if following is None else (following - date(year, month, 1)).days


def _add_months(moment: datetime, months: int) -> datetime | None:
    index = moment.year * 12 + moment.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9998:
        return None
    return moment.replace(year=year, month=month + 1, day=min(moment.day, days_in_month(year, month + 1)))


def shift(moment: datetime, unit: str, count: float) -> datetime | None:
    """``moment`` moved by a count of units; None beyond years 1 to 9998. Months keep the day if they can."""
    try:
        if unit in _STEPS:
            return moment + _STEPS[unit] * count
        months = _MONTHS[unit] * count
        moved = _add_months(moment, int(months))
        rest = months - int(months)
        return moved if moved is None or not rest else moved + timedelta(days=round(rest * 30))
    except OverflowError:
        return None


def period(moment: datetime, unit: str) -> tuple[datetime, datetime] | None:
    """The calendar period of a unit that holds ``moment``, [start, end); weeks as in ISO 8601."""
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if unit == "second":
        start = moment.replace(microsecond=0)
    elif unit == "minute":
        start = moment.replace(second=0, microsecond=0)
    elif unit == "hour":
        start = moment.replace(minute=0, second=0, microsecond=0)
    elif unit == "day":
        start = day
    elif unit in ("week", "weekend"):
        if day.toordinal() <= 7 or day.year > 9998:
            return None
        start = day - timedelta(days=day.weekday())
        if unit == "weekend":
            start += timedelta(days=5)
            return start, start + timedelta(days=2)
    else:
        months = _MONTHS[unit]
        if months <= 12:
            start = day.replace(month=(day.month - 1) // months * months + 1, day=1)
        else:
            year = day.year // (months // 12) * (months // 12)
            if year < 1:
                return None
            start = day.replace(year=year, month=1, day=1)
    end = shift(start, unit, 1)
    return None if end is None else (start, end)


def period_value(moment: datetime, unit: str) -> str:
    """The ISO-TimeML value of the period of a unit that holds ``moment``."""
    if unit in ("week", "weekend"):
        year, week, _ = moment.isocalendar()
        return f"{year:04d}-W{week:02d}" + ("-WE" if unit == "weekend" else "")
    return {
        "second": moment.isoformat(timespec="seconds"),
        "minute": moment.isoformat(timespec="minutes"),
        "hour": moment.isoformat(timespec="hours"),
        "day": moment.date().isoformat(),
        "month": moment.isoformat()[:7],
        "quarter": f"{moment.year:04d}-Q{(moment.month - 1) // 3 + 1}",
        "halfyear": f"{moment.year:04d}-H{(moment.month - 1) // 6 + 1}",
        "year": f"{moment.year:04d}",
        "decade": f"{moment.year // 10:03d}",
        "century": f"{moment.year // 100:02d}",
    }[unit]


def _last_sunday(year: int, month: int) -> datetime:
    last = datetime(year, month, days_in_month(year, month), 1)  # noqa: DTZ001 - naive UTC by design
    return last - timedelta(days=(last.weekday() + 1) % 7)


def zone_offset(zone: str, moment: datetime) -> int | None:
    """Minutes east of UTC of a zone of the lexicons at a local time; None for one not known (local time)."""
    if zone == "KYIV":
        summer = _last_sunday(moment.year, 3) <= moment < _last_sunday(moment.year, 10)
        return 180 if summer else 120
    if zone == "ALMT":
        return 300 if moment >= _ALMATY_CHANGE else 360
    return _OFFSETS.get(zone)
