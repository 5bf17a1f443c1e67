"""From meaning to interval: counting from the publication date and from what the document spoke of before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from tocsin.model import Alternative
from tocsin.resolve.times.calendar import UNITS, period, period_value, shift
from tocsin.resolve.times.context import PUBLISHED, SPOKEN, Context, counts_from_text
from tocsin.resolve.times.days import dated, day_part, portioned, weekday_of, with_weekday, yearless
from tocsin.resolve.times.values import Resolved, Time

__all__ = ["resolve"]

#: Granularities that tell the day.
_DAYS: Final = ("day", "minute", "hour", "part of day")
#: Half a unit as TIMEX3 writes it behind whole ones: P1Y6M, PT1H30M.
_HALVES: Final = {"year": "6M", "hour": "30M", "minute": "30S"}
#: Granularities that tell the hour.
_CLOCKED: Final = ("minute", "hour")
#: Granularities that leave the day open.
_COARSE: Final = ("month", "year", "season")
#: Sentences after which "a year ago" is no longer said of the quarter that was spoken of.
_QUARTER_SPAN: Final = 12
_WHY: Final = {
    "past": "counted back from publication",
    "future": "counted on from publication",
    "deadline": "what is left, counted on from publication",
}


def resolve(time: Time, context: Context) -> Resolved | None:
    """The value and interval of an expression; None where it cannot be one (30 February, the year 10000)."""
    try:
        return _resolve(time, context)
    except OverflowError:  # beyond the years 1 to 9999
        return None


def _resolve(time: Time, context: Context) -> Resolved | None:
    if time.kind == "ref":
        if time.span == "soon" and context.tense < 0:
            return None  # "soon it rained": no time that could be counted
        literal = time.literal
        if literal == "NEAR_REF":
            literal = "FUTURE_REF" if context.tense > 0 else "PAST_REF"
        return Resolved("DATE", literal, None, None, "none", None, 0.5, ("a vague reference",))
    if time.kind == "set":
        return _set(time)
    if time.kind == "duration":
        return _duration(time, context)
    if time.stamp is not None:
        return _stamp(time.stamp)
    if time.said:
        return _said(time, context)
    if time.relative is not None:
        return _relative(time, context)
    return _calendar(time, context)


def _set(time: Time) -> Resolved:
    value = time.literal or _duration_value(time.amount or 1, time.unit)
    return Resolved("SET", value, None, None, time.unit or "day", None, 0.8, ("says how often",))


def _duration_value(amount: float | None, unit: str) -> str:
    letter = UNITS[unit]
    if unit == "hour" and amount is not None and amount < 1:
        letter, amount = UNITS["minute"], amount * 60
    if amount is not None and amount >= 1 and amount % 1 == 0.5 and unit in _HALVES:
        return f"{_duration_value(amount - 0.5, unit)}{_HALVES[unit]}"
    number = "X" if amount is None else f"{amount:g}"
    if letter.startswith("T"):
        return f"PT{number}{letter[1:]}"
    if unit == "halfyear":
        return "PXM" if amount is None else f"P{amount * 6:g}M"
    if unit == "decade":
        return "PXY" if amount is None else f"P{amount * 10:g}Y"
    if unit == "century":
        return "PXC" if amount is None else f"P{amount * 100:g}Y"
    return f"P{number}{letter}"


def _duration(time: Time, context: Context) -> Resolved:
    value = _duration_value(time.amount, time.unit)
    base, amount = context.published, time.amount
    plain = Resolved("DURATION", value, None, None, time.unit, None, 0.7, ("a length of time",))
    if base is None or amount is None or not time.span:
        return plain
    back = time.span == "past" or (time.span == "within" and context.tense < 0)
    moved = shift(base, time.unit, -amount if back else amount)
    if moved is None:
        return plain
    lower, upper = (moved, base) if back else (base, moved)
    told = "counted back from publication, as the verb is in the past"
    why = _WHY.get(time.span, told if back else "counted on from publication")
    score = 0.85 if time.span != "within" else 0.6
    return replace(plain, lower=lower, upper=upper, anchor=PUBLISHED, score=score, reasons=(why,))


def _stamp(stamp: datetime) -> Resolved:
    zoned = stamp.tzinfo is not None
    moment = stamp.astimezone(UTC).replace(tzinfo=None) if zoned else stamp
    clock = "stated" if zoned else "local"
    value, end = moment.isoformat(timespec="minutes"), moment + timedelta(minutes=1)
    reasons = ("a full time stamp",)
    return Resolved(
        "TIME", value, moment, end, "minute", None, 0.95, reasons, explicit_year=True, clock=clock
    )


# --- counted from a day -------------------------------------------------------------------------


def _base(time: Time, context: Context) -> tuple[datetime | None, str]:
    if context.day is not None and counts_from_text(time, context):
        # "The day before" beside a month or year is that before publication.
        unit, count = time.relative or ("", 0)
        eve = unit == "day" and count < 0 and context.grain in _COARSE and context.published is not None
        return (context.published, PUBLISHED) if eve else (context.day, SPOKEN)
    return context.published, PUBLISHED


def _unplaced(count: float) -> str:
    if count == 0:
        return "PRESENT_REF"
    return "PAST_REF" if count < 0 else "FUTURE_REF"


def _undated(time: Time, context: Context, anchor: str) -> Resolved | None:
    """What is all that is sure where an expression counts from something whose day or hour is not told."""
    assert time.relative is not None
    unit, count = time.relative
    told = ""
    if time.span == "ahead" and context.tense < 0 and context.day is None:
        told = "a length of time after something not dated here"  # «через три дня он вернулся»
    elif unit in ("hour", "minute", "second") and anchor == SPOKEN and context.grain not in _CLOCKED:
        told = "a length of time after something whose hour is not told here"  # "an hour later"
    elif time.anchor == "text" and count > 0 and context.day is None and unit not in ("day", "week"):
        told = "a length of time after something not dated here"  # «восемь лет спустя»
    if told:
        return Resolved("DURATION", _duration_value(abs(count), unit), None, None, unit, None, 0.5, (told,))
    if unit == "day" and anchor == SPOKEN and context.grain in _COARSE and count >= 0:
        reasons = ("a day of a longer time that was spoken of",)
        return Resolved("DATE", "XXXX-XX-XX", None, None, "day", None, 0.3, reasons)
    return None


def _relative(time: Time, context: Context) -> Resolved | None:
    assert time.relative is not None
    unit, count = time.relative
    if unit == "year" and abs(count) == 1 and (time.anchor == "text" or not time.anchor):
        found = _quarter_ago(context, int(count))
        if found is not None and context.quarter_age <= _QUARTER_SPAN:
            return found
    base, anchor = _base(time, context)
    if time.literal == "within" and context.tense <= 0:
        return _duration(Time("duration", unit=unit, amount=abs(count), span="within"), context)
    if time.span == "ahead" and context.day is not None and (context.tense < 0 or context.narrative):
        base, anchor = context.day, SPOKEN
    vague = _undated(time, context, anchor)
    if vague is not None:
        return vague
    if base is None:
        return Resolved("DATE", _unplaced(count), None, None, unit, None, 0.4, ("nothing to count it from",))
    moved = shift(base, unit, count)
    hours = unit in ("hour", "minute", "second")
    held = None if moved is None else period(moved, "minute" if hours else unit)
    if held is None:
        return None
    reasons = (f"counted from the {anchor}",)
    if unit == "day" and (time.part or time.hour is not None):
        return day_part(held[0], time, anchor, reasons, 0.85)
    value = period_value(held[0], "minute" if hours else unit)
    score = 0.85 if anchor == PUBLISHED else 0.6
    kind = "TIME" if hours else "DATE"
    resolved = Resolved(kind, value, held[0], held[1], unit, anchor, score, reasons)
    return with_weekday(portioned(resolved, time.portion), time)


# --- periods that only the text names -----------------------------------------------------------


def _quarter_ago(context: Context, years: int) -> Resolved | None:
    """ "A year earlier" beside a quarter: that quarter of the year before."""
    if context.quarter is None:
        return None
    start = shift(context.quarter, "year", years)
    held = None if start is None else period(start, "quarter")
    if held is None:
        return None
    reasons = ("the quarter last spoken of, moved by the years said",)
    return Resolved(
        "DATE", period_value(held[0], "quarter"), held[0], held[1], "quarter", SPOKEN, 0.6, reasons
    )


def _said(time: Time, context: Context) -> Resolved | None:
    if time.said == "eve":
        reasons = ("the day before something whose day is not told here",)
        return Resolved("DATE", time.literal, None, None, "day", None, 0.4, reasons)
    if time.said == "weekend":
        return _weekend(time, context)
    if time.said == "year ago":
        found = _quarter_ago(context, -1)
        if found is not None:
            return found
        return _relative(Time("date", relative=("year", -1)), context)
    ended = None if context.quarter is None else shift(context.quarter, "quarter", 1)
    known = ended is not None and (context.published is None or ended <= context.published)
    if context.quarter is not None and known:
        base, why, anchor = context.quarter, "the quarter last spoken of", SPOKEN
    elif time.unit == "year":  # "the same period last year" of no period that is known
        return _relative(Time("date", relative=("year", time.year_turn or 0)), context)
    else:
        last = None if context.published is None else shift(context.published, "quarter", -1)
        if last is None or time.said == "period":
            return None
        base, why, anchor = last, "the last whole quarter before publication", PUBLISHED
    if time.year is not None:
        base = base.replace(year=time.year, day=1)
    start = shift(base, "year", time.year_turn or 0)
    held = None if start is None else period(start, "quarter")
    if held is None:
        return None
    return Resolved(
        "DATE", period_value(held[0], "quarter"), held[0], held[1], "quarter", anchor, 0.55, (why,)
    )


def _weekend(time: Time, context: Context) -> Resolved | None:
    base = context.day if context.narrative and context.day is not None else context.published
    if time.literal and context.tense == 0:
        return _set(time)
    if base is None:
        return None
    back = context.tense < 0 or (context.tense == 0 and time.turn is None)
    if back and base.isoweekday() < 6:
        base -= timedelta(weeks=1)
    held = period(base, "weekend")
    if held is None:
        return None
    why = "the last before publication" if back else "the next after publication"
    value = period_value(held[0], "weekend")
    other = shift(held[0], "week", 1 if back else -1)
    lost = "" if other is None else period_value(other, "weekend")
    alternatives = (Alternative(lost, lost, 0.25, "the verb or custom points the other way"),) if lost else ()
    return Resolved("DATE", value, held[0], held[1], "weekend", PUBLISHED, 0.6, (why,), alternatives)


# --- calendar dates -----------------------------------------------------------------------------


def _calendar(time: Time, context: Context) -> Resolved | None:
    if time.year is not None and time.year < 0:
        return _before_era(time)
    if time.decade is not None or time.century is not None:
        return _long(time)
    if time.weekday is not None and time.day is None and not time.holiday:
        return weekday_of(time, context)
    placed = time.month is not None or time.season or time.quarter is not None or time.half is not None
    if not placed and not time.holiday and time.year is None:
        return _day_alone(time, context) if time.day is not None else _hour_alone(time, context)
    if time.year is not None:
        return dated(time, time.year, None, ("the year is stated",), 0.95, explicit=True)
    if context.year is not None and context.year < 0 and context.sentence_year is None:
        return _before_era(replace(time, year=context.year))
    return yearless(time, context)


def _before_era(time: Time) -> Resolved | None:
    """A year before our era: a value without an interval, as the calendar kept here begins with year 1."""
    assert time.year is not None
    value = f"BC{-time.year:04d}"
    if time.season:
        value += f"-{time.season}"
    elif time.month is not None:
        value += f"-{time.month:02d}" + ("" if time.day is None else f"-{time.day:02d}")
    return Resolved("DATE", value, None, None, "year", None, 0.8, ("before our era: no interval is kept",))


def _long(time: Time) -> Resolved | None:
    years = 10 if time.decade is not None else 100
    number = time.decade if time.decade is not None else time.century
    assert number is not None
    first = number * years
    if not 1 <= first <= 9800:
        return None
    # The 20th century is 1901–2000 by count and 1900–1999 in TIMEX3 and common use; the latter is kept.
    lower, upper = datetime(first, 1, 1), datetime(first + years, 1, 1)  # noqa: DTZ001
    value = f"{number:03d}" if years == 10 else f"{number:02d}"
    grain, reasons = ("decade" if years == 10 else "century"), ("named by its years",)
    resolved = Resolved("DATE", value, lower, upper, grain, None, 0.9, reasons, explicit_year=True)
    return portioned(resolved, time.portion)


def _day_alone(time: Time, context: Context) -> Resolved | None:
    """ "The 13th": of the month last spoken of, else of the month of publication."""
    base = context.day if context.day is not None and context.grain != "year" else context.published
    if base is None or time.day is None:
        return None
    full = replace(time, month=base.month, anchor="")
    anchor = SPOKEN if base is context.day else PUBLISHED
    return dated(full, base.year, anchor, (f"a day of the month of the {anchor}",), 0.6)


def _hour_alone(time: Time, context: Context) -> Resolved | None:
    spoken = context.day if context.grain in _DAYS else None
    if time.span == "lone" and (spoken is None or not context.narrative):
        return None  # «вечером» by itself: of no day that is known
    day = spoken or context.published
    if day is None:
        value = f"XXXX-XX-XXT{time.part}"
        if time.hour is not None:
            value = f"T{time.hour:02d}:{time.minute or 0:02d}"
        return Resolved("TIME", value, None, None, "minute", None, 0.4, ("no day to put it on",))
    anchor = SPOKEN if spoken is not None else PUBLISHED
    start = day.replace(hour=0, minute=0, second=0, microsecond=0)
    reasons = (f"on the {anchor}",)
    found = day_part(start, time, anchor, reasons, 0.6)
    if found is None or found.lower is None or context.opened is None or found.lower >= context.opened:
        later = (start + timedelta(days=1)).date().isoformat()
        other = Alternative(later, later, 0.2, "the day after, where it is meant to lie ahead")
        lost = (other,) if found is not None and anchor == PUBLISHED else ()
        return None if found is None else replace(found, alternatives=lost)
    return day_part(start + timedelta(days=1), time, anchor, (*reasons, "past midnight"), 0.6)
