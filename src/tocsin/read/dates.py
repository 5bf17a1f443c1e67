"""Publication dates as exports write them → UTC instants, with the assumption that was made."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from math import isfinite

from tocsin.settings import Settings

__all__ = ["DATE_ONLY", "NO_ZONE", "DateError", "Moment", "date_in_name", "is_missing", "parse_moment"]

NO_ZONE = "no time zone stated; taken as UTC"
DATE_ONLY = "date without a time of day; taken as 00:00 UTC"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MISSING = frozenset({"", "nan", "nat", "none", "null", "n/a", "-"})
_NUMBER = re.compile(r"[+-]?\d{1,20}(?:\.\d{0,12})?\Z")
_COMPACT = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\Z")
_MONTH_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec"
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES.split(), start=1)}
_CLOCK = (
    r"(?:[T,\s]+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?)?"
)
_ZONE = r"\s*(?P<zone>Z|UTC|GMT|[+-]\d\d:?\d\d)?"
_WEEKDAY = r"(?:[A-Za-z]{3,9}\.?,?\s+)?"
_MONTH = r"(?P<mon>[A-Za-z]{3,9})\.?"
# Month names only in English: exports are written by machines, and pages go through htmldate.
_PATTERNS = tuple(
    re.compile(pattern + r"\Z")
    for pattern in (
        r"(?P<year>\d{4})[/.](?P<month>\d{1,2})[/.](?P<day>\d{1,2})" + _CLOCK + _ZONE,
        r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})" + _CLOCK + _ZONE,
        _WEEKDAY + r"(?P<day>\d{1,2})[\s-]+" + _MONTH + r"[\s,-]+(?P<year>\d{4})" + _CLOCK + _ZONE,
        _WEEKDAY + _MONTH + r"\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})" + _CLOCK + _ZONE,
        # Twitter's "Wed Oct 10 20:19:24 +0000 2018".
        _WEEKDAY + _MONTH + r"\s+(?P<day>\d{1,2})" + _CLOCK + _ZONE + r"\s+(?P<year>\d{4})",
    )
)
_SLASHED = re.compile(r"(?P<one>\d{1,2})/(?P<two>\d{1,2})/(?P<year>\d{4})" + _CLOCK + _ZONE + r"\Z")
_IN_NAME = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<sep>[-_.]?)(?P<month>0[1-9]|1[0-2])(?P=sep)"
    r"(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"
)


class DateError(ValueError):
    """A date that cannot be used; the message is the cause for people."""


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant in UTC; ``reason`` states the assumption made, None when none was needed."""

    when: datetime
    reason: str | None = None


def is_missing(value: object) -> bool:
    """Whether ``value`` stands for "no date": None, NaN, or an empty or null-like string."""
    if value is None or value != value:  # noqa: PLR0124  NaN is the value unequal to itself
        return True
    return isinstance(value, str) and value.strip().lower() in _MISSING


def parse_moment(value: object, settings: Settings, *, unix: bool = False) -> Moment:
    """The instant ``value`` names.

    Takes datetimes, dates, unix time (seconds, or milli-, micro- and nanoseconds told by magnitude; seconds
    only with ``unix=True``), ISO 8601, RFC 2822 and a few unambiguous written forms. Raises DateError.
    """
    try:
        moment = _parse(value, unix)
        moment = Moment(moment.when.astimezone(UTC), moment.reason)
    except OverflowError:
        raise DateError(f"the date {_show(value)} is outside the calendar") from None
    low, high = settings.integer("read.earliest_year"), settings.integer("read.latest_year")
    if not low <= moment.when.year <= high:
        raise DateError(f"the date {_show(value)} falls in the year {moment.when.year}, outside {low}–{high}")
    return moment


def date_in_name(name: str, settings: Settings) -> datetime | None:
    """The date that a file name such as ``2024-04-03_title.txt`` carries, at 00:00 UTC."""
    for match in _IN_NAME.finditer(name):
        try:
            found = datetime(int(match["year"]), int(match["month"]), int(match["day"]), tzinfo=UTC)
        except ValueError:
            continue
        if settings.integer("read.earliest_year") <= found.year <= settings.integer("read.latest_year"):
            return found
    return None


def _show(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…" + text[-1]


def _parse(value: object, unix: bool) -> Moment:
    if isinstance(value, datetime):
        return _zoned(value)
    if isinstance(value, date):
        return Moment(datetime(value.year, value.month, value.day, tzinfo=UTC), DATE_ONLY)
    if isinstance(value, bool):
        raise DateError(f"{value} is no date")
    if isinstance(value, int | float):
        return _from_number(value, unix)
    if not isinstance(value, str):
        raise DateError(f"a {type(value).__name__} is no date")
    text = value.strip()
    if len(text) > 80:
        raise DateError(f"the date {_show(value)} cannot be read")
    if _NUMBER.match(text):
        if _COMPACT.match(text) and not unix:
            return _from_text(text)
        return _from_number(float(text) if "." in text else int(text), unix)
    if unix:
        raise DateError(f"{_show(value)} is no unix time")
    return _from_text(text)


def _zoned(value: datetime) -> Moment:
    if value.tzinfo is None:
        return Moment(value.replace(tzinfo=UTC), NO_ZONE)
    return Moment(value)


def _from_number(value: float, unix: bool) -> Moment:
    if not isfinite(value):
        raise DateError(f"{value} is no date")
    if value == 0:
        # An empty cell written as a number; a post of 1970-01-01T00:00:00 exactly is not to be expected.
        raise DateError("the date 0 stands for a missing value")
    size = abs(value)
    if not unix and size < 10_000:
        raise DateError(f"the date {_show(value)} is a bare number")
    if not unix and isinstance(value, int) and _COMPACT.match(str(value)):
        return _from_text(str(value))
    if unix or size < 1e11:
        return Moment(_EPOCH + timedelta(seconds=value))
    micros = value * 1000 if size < 1e14 else value if size < 1e17 else value / 1000
    return Moment(_EPOCH + timedelta(microseconds=micros))


def _from_text(text: str) -> Moment:
    iso = re.sub(r"\s*(?:UTC|GMT)\Z", "+00:00", text)
    iso = re.sub(r"(\d)\s+([+-]\d\d:?\d\d)\Z", r"\1\2", iso)
    try:
        parsed = datetime.fromisoformat(iso)
    except ValueError:
        return _from_words(text)
    if len(iso) <= 10 and ":" not in iso:
        return Moment(parsed.replace(tzinfo=UTC), DATE_ONLY)
    return _zoned(parsed)


def _from_words(text: str) -> Moment:
    for pattern in _PATTERNS:
        match = pattern.match(text)
        if match:
            parts = match.groupdict()
            month = parts.get("month") or _MONTHS.get((parts.get("mon") or "")[:3].lower())
            if month is None:
                break
            return _build(text, parts, int(month), int(parts["day"]))
    match = _SLASHED.match(text)
    if match:
        one, two = int(match["one"]), int(match["two"])
        if one <= 12 and two <= 12 and one != two:
            raise DateError(f"the date {_show(text)} is ambiguous: day/month or month/day")
        return _build(text, match.groupdict(), min(one, two) if one != two else one, max(one, two))
    raise DateError(f"the date {_show(text)} cannot be read")


def _build(text: str, parts: dict[str, str | None], month: int, day: int) -> Moment:
    hour = int(parts["hour"] or 0)
    half = (parts["half"] or "").lower()
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    try:
        naive = datetime(  # noqa: DTZ001  the zone is put on below
            int(parts["year"] or 0), month, day, hour, int(parts["minute"] or 0), int(parts["second"] or 0)
        )
        zone = _zone(parts["zone"])
    except ValueError:
        raise DateError(f"the date {_show(text)} cannot be read") from None
    if zone is not None:
        return Moment(naive.replace(tzinfo=zone))
    return Moment(naive.replace(tzinfo=UTC), NO_ZONE if parts["hour"] else DATE_ONLY)


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    if text[0] not in "+-":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=minutes if text[0] == "+" else -minutes))
