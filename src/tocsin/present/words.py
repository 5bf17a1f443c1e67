"""The words of the brief: numbers, dates and the names of every mark, in plain English."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from tocsin.model import WEEKDAY_DISAGREES, Quantity, TimeMention

__all__ = [
    "CERTAINTIES",
    "KINDS",
    "LAYERS",
    "SOURCE_KINDS",
    "UNNAMED",
    "Mark",
    "amount",
    "certainty_mark",
    "count",
    "day",
    "day_range",
    "interval",
    "joined",
    "kind_mark",
    "language_name",
    "moment",
    "percent",
    "quantity_words",
    "size",
    "source_mark",
    "time_words",
]

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONG_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark of the brief: the stored ``value``, its ``icon``, the ``word`` shown, what it means."""

    value: str
    icon: str
    word: str
    meaning: str


SOURCE_KINDS: tuple[Mark, ...] = (
    Mark("named person", "person", "named person", "somebody quoted by name"),
    Mark("named organisation", "organisation", "named organisation", "an organisation, by name"),
    Mark("unnamed official", "official", "unnamed official", "an office or rank without a name"),
    Mark("anonymous", "anonymous", "anonymous", "“sources”, “an insider”: nobody can be asked"),
    Mark("document", "document", "document", "a report, a decree, a letter"),
    Mark("media", "media", "media", "another outlet or channel"),
    Mark("crowd", "crowd", "crowd", "“many say”, “it is rumoured”"),
    Mark("author", "author", "author", "the writer in the first person, or the channel itself"),
)

#: Source kinds behind which nobody can be asked.
UNNAMED = frozenset({"unnamed official", "anonymous", "crowd"})

KINDS: tuple[Mark, ...] = (
    Mark("report", "report", "report", "says that something is or was so"),
    Mark("forecast", "forecast", "forecast", "says what will, may or is about to happen; warnings too"),
    Mark("blame", "blame", "blame", "says who did it, or who is behind it"),
    Mark("advice", "advice", "advice", "says what should be done"),
    Mark("opinion", "opinion", "opinion", "gives a view as a view"),
)

CERTAINTIES: tuple[Mark, ...] = (
    Mark("CT+", "●●●", "put as certain", "the wording leaves no doubt open"),
    Mark("PR+", "●●○", "put as probable", "“probably”, “likely”, “apparently”"),
    Mark("PS+", "●○○", "put as possible", "“may”, “could”, “it is possible”"),
    Mark("Uu", "○○○", "left open", "the wording does not commit itself, or asks"),
    Mark("PS-", "●○○ ¬", "put as possibly not so", "“may not”, “perhaps not”"),
    Mark("PR-", "●●○ ¬", "put as unlikely", "“hardly”, “unlikely”"),
    Mark("CT-", "●●● ¬", "denied", "the wording says that it is not so"),
)

LAYERS: tuple[Mark, ...] = (
    Mark("source", "", "source", "whose word it is"),
    Mark("cue", "", "cue", "the words that hand over to the source"),
    Mark("content", "", "content", "what is claimed"),
    Mark("hedge", "", "hedge", "the words that make it less than certain"),
    Mark("kind", "", "kind", "the words that make it a forecast, blame, advice or opinion"),
)

_BY_SOURCE = {mark.value: mark for mark in SOURCE_KINDS}
_BY_KIND = {mark.value: mark for mark in KINDS}
_BY_CERTAINTY = {mark.value: mark for mark in CERTAINTIES}


def source_mark(value: str) -> Mark:
    """The mark of a source kind; a value this version does not know is shown as it is."""
    return _BY_SOURCE.get(value) or Mark(value, "anonymous", value, "")


def kind_mark(value: str) -> Mark:
    """The mark of a claim kind."""
    return _BY_KIND.get(value) or Mark(value, "report", value, "")


def certainty_mark(value: str) -> Mark:
    """The mark of a certainty."""
    return _BY_CERTAINTY.get(value) or Mark(value, "○○○", value, "")


def amount(number: int) -> str:
    """A whole number with thousands separators."""
    return f"{number:,}"


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: ``count(2, "claim")`` is "2 claims"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def percent(part: int, whole: int) -> str:
    """A share in whole per cent; never 0% of something nor 100% of less than all."""
    if not whole:
        return "–"
    value = 100 * part / whole
    if 0 < value < 1:
        return "<1%"
    if 99 < value < 100:
        return ">99%"
    return f"{value:.0f}%"


def size(number: int) -> str:
    """Bytes in decimal units."""
    value = float(number)
    for unit in ("B", "kB", "MB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" or value >= 10 else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"


def joined(items: Sequence[str], last: str = "and") -> str:
    """ "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def day(when: datetime) -> str:
    """ "12 Apr 2024" (strftime cannot be used: it pads, follows the locale and fails on early years)."""
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def moment(when: datetime) -> str:
    """ "12 Apr 2024, 14:05 UTC"."""
    return f"{day(when)}, {when.hour:02}:{when.minute:02} UTC"


def day_range(first: datetime, last: datetime, *, short: bool = False) -> str:
    """ "2–30 April 2024", as short as it can be said; months cut to three letters when ``short``."""
    names = _MONTHS if short else _LONG_MONTHS
    month = names[last.month - 1]
    if first.date() == last.date():
        return f"{last.day} {month} {last.year}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{last.day} {month} {last.year}"
    start = f"{first.day} {names[first.month - 1]}"
    if first.year != last.year:
        start += f" {first.year}"
    return f"{start} – {last.day} {month} {last.year}"


@lru_cache(maxsize=64)
def language_name(code: str) -> str:
    """The English name of an ISO 639 code; the code itself when there is none."""
    if code in {"und", ""}:
        return "undetermined"
    from babel import Locale, UnknownLocaleError

    try:
        return Locale("en").languages.get(code) or code
    except UnknownLocaleError:
        return code


def _whole(lower: datetime, upper: datetime) -> str:
    """The name of a calendar unit when ``[lower, upper)`` is exactly one, else an empty string."""
    midnight = (lower.hour, lower.minute, lower.second, lower.microsecond) == (0, 0, 0, 0)
    if not midnight:
        return ""
    if upper - lower == timedelta(days=1):
        return day(lower)
    if lower.day != 1:
        return ""
    if (upper.year, upper.month, upper.day) == (lower.year + lower.month // 12, lower.month % 12 + 1, 1):
        return f"{_LONG_MONTHS[lower.month - 1]} {lower.year}"
    if lower.month == 1 and (upper.month, upper.day) == (1, 1):
        years = upper.year - lower.year
        if years == 1:
            return str(lower.year)
        if years == 10 and lower.year % 10 == 0:
            return f"{lower.year}s"
    return ""


def interval(lower: datetime | None, upper: datetime | None, lower_open: bool, upper_open: bool) -> str:
    """A resolved interval ``[lower, upper)`` in words; empty when it has no bound at all."""
    if lower is None and upper is None:
        return ""
    early = " or earlier" if lower_open else ""
    late = " or later" if upper_open else ""
    if lower is None:
        assert upper is not None
        return f"until {day(upper - timedelta(microseconds=1))}{late}"
    if upper is None:
        return f"since {day(lower)}{early}"
    if lower == upper:
        return moment(lower)
    suffix = early or late
    named = _whole(lower, upper)
    if named:
        return named + suffix
    if upper - lower < timedelta(days=1):
        start = f"{day(lower)}, {lower.hour:02}:{lower.minute:02}"
        if upper - lower <= timedelta(hours=1):
            return f"{start} UTC{suffix}"
        return f"{start}–{upper.hour:02}:{upper.minute:02} UTC{suffix}"
    end = upper - timedelta(microseconds=1)
    return f"{day_range(lower, end, short=True)}{suffix}"


def time_words(mention: TimeMention) -> str:
    """When a time expression is, in words; a deadline as its end, another weekday beside it flagged."""
    words = interval(mention.lower, mention.upper, mention.lower_open, mention.upper_open)
    if not words:
        return "cannot be placed"
    deadline = mention.timex_type == "DURATION" and "until" in (mention.modifier or "").split(", ")
    if deadline and mention.upper is not None:
        words = f"until {day(mention.upper - timedelta(microseconds=1))}"
    return words + (", which is not the weekday named" if WEEKDAY_DISAGREES in mention.reasons else "")


#: Units whose symbol is no word to a reader.
_UNIT_WORDS = {"x": "times", "part": "of a whole", "pp": "percentage points"}


def _figure(number: float) -> str:
    return f"{int(number):,}" if number == int(number) else f"{number:,.6g}"


def quantity_words(value: Quantity) -> str:
    """A quantity in words: "about 600 km", "at least 12", "more than 5 kg per person"."""
    low, high = value.low, value.high
    if low is None and high is None:
        said = "any number"
    elif high is None:
        assert low is not None
        said = ("more than " if value.low_open else "at least ") + _figure(low)
    elif low is None:
        said = ("less than " if value.high_open else "at most ") + _figure(high)
    elif low == high:
        said = _figure(low)
    else:
        left, right = ("over " if value.low_open else ""), ("under " if value.high_open else "")
        said = f"{left}{_figure(low)} to {right}{_figure(high)}"
    unit = value.unit if value.unit == "%" else f" {_UNIT_WORDS.get(value.unit, value.unit)}".rstrip()
    rate = f" per {value.per}" if value.per else ""
    return f"{'about ' if value.approximate else ''}{said}{unit}{rate}"
