"""From meaning to interval: counting from the publication date and from what the document spoke of before.

Rules for what an expression leaves open, each named in the reasons: a year in the same sentence; the year
last spoken of where the document is about the past; else the year that puts the date nearest to
publication, the past counting as nearer (news tells what happened) unless the verb beside it is in the
future. Never silently "this year".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from tocsin.model import Alternative
from tocsin.resolve.times.calendar import (
    SEASONS,
    UNITS,
    days_in_month,
    period,
    period_value,
    shift,
    zone_offset,
)
from tocsin.resolve.times.values import Resolved, Time

__all__ = ["Context", "resolve"]

_PARTS: Final = {"MO": (6, 12), "AF": (12, 18), "EV": (18, 24), "NI": (22, 30), "MI": (12, 13), "MN": (0, 1)}
#: A day ahead counts as this many days back when nothing tells the tense.
_FUTURE_PENALTY: Final = 3
_PUBLISHED: Final = "publication date"
_SPOKEN: Final = "day last spoken of"


@dataclass(slots=True)
class Context:
    """What an expression may be counted from. Datetimes are naive UTC.

    ``year`` is the year last spoken of, ``sentence_year`` one in the same sentence, ``day`` the day last
    spoken of; ``historical`` says that most years the document names lie well before its publication.
    ``tense`` is -1, 0 or 1: past, untold, future, by the verb nearest to the expression.
    """

    published: datetime | None
    year: int | None = None
    sentence_year: int | None = None
    day: datetime | None = None
    historical: bool = False
    tense: int = 0


def resolve(time: Time, context: Context) -> Resolved | None:
    """The value and interval of an expression; None where it cannot be one (30 February)."""
    if time.kind == "ref":
        return Resolved("DATE", time.literal, None, None, "none", None, 0.5, ("a vague reference",))
    if time.kind == "set":
        return _set(time)
    if time.kind == "duration":
        return _duration(time, context)
    if time.stamp is not None:
        return _stamp(time.stamp)
    if time.relative is not None:
        return _relative(time, context)
    return _calendar(time, context)


def _set(time: Time) -> Resolved:
    value = time.literal or _duration_value(time.amount or 1, time.unit)
    return Resolved("SET", value, None, None, time.unit or "day", None, 0.8, ("says how often",))


def _duration_value(amount: float | None, unit: str) -> str:
    letter = UNITS[unit]
    number = "X" if amount is None else f"{amount:g}"
    if letter.startswith("T"):
        return f"PT{number}{letter[1:]}"
    if unit == "halfyear":
        return "PXM" if amount is None else f"P{amount * 6:g}M"
    if unit == "decade" and amount is not None:
        return f"P{amount:g}DE"
    if unit == "decade":
        return "PXDE"
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
    why = {
        "past": "counted back from publication",
        "future": "counted on from publication",
        "deadline": "what is left, counted on from publication",
        "within": "counted back from publication, as the verb is in the past"
        if back
        else "counted on from publication",
    }[time.span]
    score = 0.85 if time.span != "within" else 0.6
    return replace(plain, lower=lower, upper=upper, anchor=_PUBLISHED, score=score, reasons=(why,))


def _stamp(stamp: datetime) -> Resolved:
    zoned = stamp.tzinfo is not None
    moment = stamp.astimezone(UTC).replace(tzinfo=None) if zoned else stamp
    reason = "a full time stamp" if zoned else "a full time stamp; no zone stated, read as UTC"
    value = moment.strftime("%Y-%m-%dT%H:%M")
    return Resolved(
        "TIME",
        value,
        moment,
        moment + timedelta(minutes=1),
        "minute",
        None,
        0.95,
        (reason,),
        explicit_year=True,
    )


# --- counted from a day -------------------------------------------------------------------------


def _base(time: Time, context: Context) -> tuple[datetime | None, str]:
    if time.from_context and context.day is not None and (context.historical or context.published is None):
        return context.day, _SPOKEN
    return context.published, _PUBLISHED


def _unplaced(count: float, unit: str) -> str:
    if count == 0:
        return "PRESENT_REF"
    del unit
    return "PAST_REF" if count < 0 else "FUTURE_REF"


def _relative(time: Time, context: Context) -> Resolved | None:
    assert time.relative is not None
    unit, count = time.relative
    base, anchor = _base(time, context)
    if time.span == "ahead" and context.tense < 0 and context.day is None:
        # «Через три дня он вернулся»: told as past, counted from a day not known; a length is all that is
        # sure.
        value = _duration_value(abs(count), unit)
        reasons = ("a length of time after something not dated here",)
        return Resolved("DURATION", value, None, None, unit, None, 0.5, reasons)
    if time.span == "ahead" and context.day is not None and (context.tense < 0 or context.historical):
        base, anchor = context.day, _SPOKEN
    if base is None:
        value = _unplaced(count, unit)
        return Resolved("DATE", value, None, None, unit, None, 0.4, ("nothing to count it from",))
    moved = shift(base, unit, count)
    if moved is None:
        return None
    hours = unit in ("hour", "minute", "second")
    held = period(moved, "minute" if hours else unit)
    if held is None:
        return None
    grain = "day" if unit == "day" else unit
    if time.year_turn is None and unit == "day" and (time.part or time.hour is not None):
        return _of_day(held[0], time, anchor, (f"counted from the {anchor}",), 0.85)
    resolved = Resolved(
        "TIME" if hours else "DATE",
        period_value(held[0], "minute" if hours else unit),
        held[0],
        held[1],
        grain,
        anchor,
        0.85 if anchor == _PUBLISHED else 0.6,
        (f"counted from the {anchor}",),
    )
    return _checked_weekday(_portioned(resolved, time.portion), time)


# --- times of a day -----------------------------------------------------------------------------


def _of_day(
    day: datetime, time: Time, anchor: str | None, reasons: tuple[str, ...], score: float
) -> Resolved | None:
    """A clock time or part of a known day, moved to UTC where a zone is stated."""
    if time.hour is not None:
        start = day + timedelta(hours=time.hour, minutes=time.minute or 0)
        length = timedelta(minutes=1) if time.minute is not None else timedelta(hours=1)
        grain = "minute" if time.minute is not None else "hour"
        value = f"{start:%Y-%m-%dT%H}" + (f":{time.minute:02d}" if time.minute is not None else "")
    else:
        first, last = _PARTS[time.part]
        start, length = day + timedelta(hours=first), timedelta(hours=last - first)
        if time.night_to:
            start, length = day - timedelta(hours=2), timedelta(hours=8)
            reasons = (*reasons, "the night that ends on that day, 22 to 6 o'clock")
        grain, value = "part of day", f"{day:%Y-%m-%d}T{time.part}"
        if time.part in ("MI", "MN"):
            grain, value = "hour", f"{start:%Y-%m-%dT%H}:00"
    offset = zone_offset(time.zone, start) if time.zone else None
    if offset is None:
        note = "local time, zone not known; read as UTC" if time.zone else "no zone stated; read as UTC"
    else:
        start -= timedelta(minutes=offset)
        note = f"moved to UTC from UTC{offset / 60:+g}"
    try:
        end = start + length
    except OverflowError:
        return None
    return Resolved("TIME", value, start, end, grain, anchor, score, (*reasons, note))


# --- calendar dates -----------------------------------------------------------------------------


def _calendar(time: Time, context: Context) -> Resolved | None:
    if time.decade is not None or time.century is not None:
        return _long(time)
    if time.weekday is not None and time.day is None:
        return _weekday(time, context)
    if time.month is None and time.year is None and not time.season and not time.quarter and not time.half:
        return _hour_alone(time, context)
    if time.year is not None:
        return _dated(time, time.year, None, ("the year is stated",), 0.95, explicit=True)
    if time.month is None and time.day is not None:
        return None
    return _yearless(time, context)


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
    grain = "decade" if years == 10 else "century"
    resolved = Resolved(
        "DATE", value, lower, upper, grain, None, 0.9, ("named by its years",), explicit_year=True
    )
    return _portioned(resolved, time.portion)


def _hour_alone(time: Time, context: Context) -> Resolved | None:
    day = context.day or context.published
    if day is None:
        value = (
            f"T{time.hour:02d}" + (f":{time.minute:02d}" if time.minute is not None else "")
            if time.hour is not None
            else f"XXXX-XX-XXT{time.part}"
        )
        return Resolved("TIME", value, None, None, "minute", None, 0.4, ("no day to put it on",))
    anchor = _SPOKEN if context.day is not None else _PUBLISHED
    start = day.replace(hour=0, minute=0, second=0, microsecond=0)
    return _of_day(start, time, anchor, (f"on the {anchor}",), 0.6)


def _weekday(time: Time, context: Context) -> Resolved | None:
    assert time.weekday is not None
    value = f"XXXX-WXX-{time.weekday}"
    base = context.published
    if base is None:
        return Resolved("DATE", value, None, None, "day", None, 0.4, ("no date to count the weekday from",))
    today = base.replace(hour=0, minute=0, second=0, microsecond=0)
    ahead = (time.weekday - today.isoweekday()) % 7
    back = (ahead - 7) if ahead else 0
    if time.turn == -1:
        moved, why = back or -7, "the last before publication"
    elif time.turn == 1:
        moved, why = ahead or 7, "the next after publication"
    elif context.tense > 0:
        moved, why = ahead or 7, "the next after publication, as the verb is in the future"
    else:
        moved, why = back, "the last before publication, as news tells what happened"
    other = back if moved > 0 else (ahead or 7)
    day, rival = today + timedelta(days=moved), today + timedelta(days=other)
    lost = Alternative(
        f"{rival:%Y-%m-%d}", f"{rival:%d %B %Y}", 0.25, "the verb or custom points the other way"
    )
    if time.part or time.hour is not None:
        found = _of_day(day, time, _PUBLISHED, (why,), 0.7)
    else:
        found = Resolved(
            "DATE", f"{day:%Y-%m-%d}", day, day + timedelta(days=1), "day", _PUBLISHED, 0.75, (why,)
        )
    return None if found is None else replace(found, alternatives=(lost,))


def _span_of(time: Time, year: int) -> tuple[datetime, datetime, str, str] | None:
    """Start, end, granularity and value of a calendar expression in a given year."""
    if not 1 <= year <= 9998:
        return None
    if time.month is not None and time.day is not None:
        last = time.last_day or time.day
        if max(time.day, last) > days_in_month(year, time.month):
            return None
        start = datetime(year, time.month, time.day)  # noqa: DTZ001
        end = datetime(year, time.month, last) + timedelta(days=1)  # noqa: DTZ001
        value = f"{start:%Y-%m-%d}"
        return (
            start,
            end,
            "day",
            value if last == time.day else f"{value}/{year:04d}-{time.month:02d}-{last:02d}",
        )
    if time.month is not None:
        start, unit, value = datetime(year, time.month, 1), "month", f"{year:04d}-{time.month:02d}"  # noqa: DTZ001
    elif time.season:
        start, unit, value = datetime(year, SEASONS[time.season], 1), "quarter", f"{year:04d}-{time.season}"  # noqa: DTZ001
    elif time.quarter is not None:
        start, unit, value = datetime(year, time.quarter * 3 - 2, 1), "quarter", f"{year:04d}-Q{time.quarter}"  # noqa: DTZ001
    elif time.half is not None:
        start, unit, value = datetime(year, time.half * 6 - 5, 1), "halfyear", f"{year:04d}-H{time.half}"  # noqa: DTZ001
    else:
        start, unit, value = datetime(year, 1, 1), "year", f"{year:04d}"  # noqa: DTZ001
    following = shift(start, unit, 1)
    grain = "season" if time.season else unit
    return None if following is None else (start, following, grain, value)


def _dated(
    time: Time, year: int, anchor: str | None, reasons: tuple[str, ...], score: float, explicit: bool = False
) -> Resolved | None:
    found = _span_of(time, year)
    if found is None:
        return None
    start, end, grain, value = found
    if grain == "day" and (time.part or time.hour is not None):
        resolved = _of_day(start, time, anchor, reasons, score)
        return None if resolved is None else replace(resolved, explicit_year=explicit)
    alternatives: tuple[Alternative, ...] = ()
    if time.other is not None:
        alternatives = (
            Alternative(
                "{:04d}-{:02d}-{:02d}".format(*time.other), "day and month the other way", 0.35, "less usual"
            ),
        )
        score = 0.6
    resolved = Resolved("DATE", value, start, end, grain, anchor, score, reasons, alternatives, explicit)
    return _checked_weekday(_portioned(resolved, time.portion), time)


def _yearless(time: Time, context: Context) -> Resolved | None:
    """A date without its year (see the module's text for the order of rules)."""
    published = context.published
    turn = time.year_turn if time.year_turn is not None else None
    if turn is not None and published is not None:
        reasons = ("the year is counted from the publication date",)
        return _dated(time, published.year + turn, _PUBLISHED, reasons, 0.9)
    if time.turn is not None and published is not None:
        return _turned(time, time.turn, published)
    if context.sentence_year is not None:
        reasons = (f"the year {context.sentence_year} is named in the same sentence",)
        return _dated(time, context.sentence_year, "year in the sentence", reasons, 0.8)
    if context.year is not None and (context.historical or published is None):
        reasons = (f"the document last spoke of the year {context.year} and is about the past",)
        return _dated(time, context.year, "year last spoken of", reasons, 0.7)
    if published is None:
        found = _span_of(time, 2000)
        if found is None:
            return None
        value = "XXXX" + found[3][4:].replace("/2000", "/XXXX")
        return Resolved("DATE", value, None, None, found[2], None, 0.4, ("no year stated and none to take",))
    return _nearest(time, context, published)


def _turned(time: Time, turn: int, published: datetime) -> Resolved | None:
    """ "Last March", "next summer": the last wholly before, or the next wholly after, publication."""
    for year in (
        range(published.year, published.year - 3, -1)
        if turn < 0
        else range(published.year, published.year + 3)
    ):
        found = _span_of(time, year)
        if found is None:
            continue
        if (turn < 0 and found[1] <= published) or (turn > 0 and found[0] > published) or turn == 0:
            word = {-1: "the last before", 0: "the one of", 1: "the next after"}[turn]
            return _dated(time, year, _PUBLISHED, (f"{word} the publication date",), 0.85)
    return None


def _nearest(time: Time, context: Context, published: datetime) -> Resolved | None:
    scored = []
    for year in (published.year - 1, published.year, published.year + 1):
        found = _span_of(time, year)
        if found is None:
            continue
        if found[0] > published:
            distance, future = (found[0] - published).days + 1, True
        else:
            distance, future = max(0, (published - found[1]).days), False
        against = (context.tense > 0 and not future and distance > 0) or (context.tense <= 0 and future)
        scored.append((distance * (_FUTURE_PENALTY if against else 1), year, future))
    if not scored:
        return None
    scored.sort()
    _, year, future = scored[0]
    tense = {-1: "the verb is in the past", 0: "news tells what happened", 1: "the verb is in the future"}[
        context.tense
    ]
    side = "after" if future else "before"
    reasons = (f"no year stated: {year} puts it nearest, {side} the publication date ({tense})",)
    resolved = _dated(time, year, _PUBLISHED, reasons, 0.75)
    if resolved is None:
        return None
    lost = []
    for _, other, _ in scored[1:]:
        found = _span_of(time, other)
        if found is not None:
            lost.append(Alternative(found[3], found[3], 0.2, "farther from the publication date"))
    return replace(resolved, alternatives=tuple(lost))


# --- parts of a period, weekday against date ----------------------------------------------------


def _portioned(resolved: Resolved, portion: str) -> Resolved:
    """The first, middle or last third of a period; of a decade years 0–3, 4–6 and 7–9."""
    if not portion or resolved.lower is None or resolved.upper is None:
        return resolved
    lower, upper = resolved.lower, resolved.upper
    if resolved.granularity == "decade":
        years = {"start": (0, 4), "mid": (4, 7), "end": (7, 10)}[portion]
        lower = resolved.lower.replace(year=resolved.lower.year + years[0])
        upper = resolved.lower.replace(year=resolved.lower.year + years[1])
    else:
        day = timedelta(days=1)
        third = (upper - lower) // 3 // day * day
        first, second = resolved.lower + third, resolved.lower + 2 * third
        lower, upper = {
            "start": (resolved.lower, first),
            "mid": (first, second),
            "end": (second, resolved.upper),
        }[portion]
    named = {"start": "the first", "mid": "the middle", "end": "the last"}[portion]
    return replace(resolved, lower=lower, upper=upper, reasons=(*resolved.reasons, f"{named} third of it"))


def _checked_weekday(resolved: Resolved, time: Time) -> Resolved:
    if time.weekday is None or resolved.lower is None or resolved.granularity != "day":
        return resolved
    if resolved.lower.isoweekday() == time.weekday:
        reasons = (*resolved.reasons, "the weekday named beside it agrees")
        return replace(resolved, reasons=reasons, score=min(0.97, resolved.score + 0.05))
    reasons = (*resolved.reasons, "the weekday named beside it does not agree with this date")
    return replace(resolved, reasons=reasons, score=resolved.score * 0.6)
