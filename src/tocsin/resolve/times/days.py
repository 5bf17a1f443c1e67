"""Days, months and seasons in the calendar: which year, which weekday, which hours.

Rules for what an expression leaves open, each named in the reasons: a year in the same sentence; the year
last spoken of where the document tells of the past; else the year that puts the date nearest to
publication, the past counting as nearer (news tells what happened) unless the verb beside it is in the
future. Never silently "this year".
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from tocsin.model import WEEKDAY_DISAGREES, Alternative
from tocsin.resolve.times.calendar import SEASONS, days_in_month, period, period_value, shift, zone_offset
from tocsin.resolve.times.context import (
    PUBLISHED,
    SENTENCE_YEAR,
    SPOKEN,
    SPOKEN_YEAR,
    Context,
    counts_from_text,
    told_year,
)
from tocsin.resolve.times.holidays import day_of
from tocsin.resolve.times.values import Resolved, Time

__all__ = ["dated", "day_part", "portioned", "weekday_of", "with_weekday", "yearless"]

_PARTS: Final = {"MO": (6, 12), "AF": (12, 18), "EV": (18, 24), "NI": (22, 30), "DT": (6, 18)}
#: By tense: a day on the side to which the verb, or for want of one the habit of news, does not point counts
#: as so many days on the other. English forms in -ed may be participles, so they weigh less than a sure past.
_PENALTIES: Final = {-2: 12, -1: 4, 0: 3, 1: 3, 2: 12}


def day_part(
    day: datetime, time: Time, anchor: str | None, reasons: tuple[str, ...], score: float
) -> Resolved | None:
    """A clock time or part of a known day, in UTC where a zone is stated, else in that of the document."""
    if time.hour is not None:
        start = day + timedelta(hours=time.hour, minutes=time.minute or 0)
        length = timedelta(minutes=1) if time.minute is not None else timedelta(hours=1)
        grain = "minute" if time.minute is not None else "hour"
        value = start.isoformat(timespec="minutes")
    else:
        first, last = _PARTS[time.part]
        start, length = day + timedelta(hours=first), timedelta(hours=last - first)
        if time.night_to:
            start, length = day - timedelta(hours=2), timedelta(hours=8)
            reasons = (*reasons, "the night that ends on that day, 22 to 6 o'clock")
        grain, value = "part of day", f"{day.date().isoformat()}T{time.part}"
    offset = zone_offset(time.zone, start) if time.zone else None
    if offset is not None:
        start -= timedelta(minutes=offset)
        reasons = (*reasons, f"moved to UTC from UTC{offset / 60:+g}")
    clock = "local" if offset is None else "stated"
    try:
        end = start + length
    except OverflowError:
        return None
    return Resolved("TIME", value, start, end, grain, anchor, score, reasons, clock=clock)


def weekday_of(time: Time, context: Context) -> Resolved | None:
    """A weekday without its date: the last or the next from publication, by the tense and what is said."""
    assert time.weekday is not None
    value = f"XXXX-WXX-{time.weekday}"
    base = context.published
    if base is None:
        return Resolved("DATE", value, None, None, "day", None, 0.4, ("no date to count the weekday from",))
    anchor = PUBLISHED
    if context.day is not None and counts_from_text(time, context):
        base, anchor = context.day, SPOKEN
    today = base.replace(hour=0, minute=0, second=0, microsecond=0)
    ahead = (time.weekday - today.isoweekday()) % 7
    back = (ahead - 7) if ahead else 0
    if time.turn is not None and time.turn < 0:
        moved, why = (back or -7) + 7 * (time.turn + 1), f"the last before the {anchor}"
    elif time.turn == 1:
        moved, why = ahead or 7, f"the next after the {anchor}"
    elif context.tense == 0 and time.turn == 0:
        moved, why = ahead, f"the one in the seven days from the {anchor}"
    elif context.tense > 0:
        moved, why = ahead, f"the next after the {anchor}, as the verb is in the future"
    else:
        moved, why = back, f"the last before the {anchor}, as news tells what happened"
    if context.opened is not None and today + timedelta(days=moved) < context.opened:
        moved, why = moved + 7, "the first after the day that opens the range"
    other = back if moved > 0 else (ahead or 7)
    day, rival = today + timedelta(days=moved), today + timedelta(days=other)
    lost = Alternative(
        rival.date().isoformat(), f"{rival:%d %B %Y}", 0.25, "the verb or custom points the other way"
    )
    if time.part or time.hour is not None:
        found = day_part(day, time, anchor, (why,), 0.7)
    else:
        end = day + timedelta(days=1)
        found = Resolved("DATE", day.date().isoformat(), day, end, "day", anchor, 0.75, (why,))
    return None if found is None else replace(found, alternatives=(lost,))


# --- dates in a year ----------------------------------------------------------------------------


def _span_of(time: Time, year: int) -> tuple[datetime, datetime, str, str] | None:
    """Start, end, granularity and value of a calendar expression in a given year."""
    if not 1 <= year <= 9998:
        return None
    if time.holiday:
        day = day_of(time.holiday, year)
        if day is None:
            return None
        start = datetime(day.year, day.month, day.day) + timedelta(days=time.shifted)  # noqa: DTZ001
        return start, start + timedelta(days=1), "day", start.date().isoformat()
    if time.month is not None and time.day is not None:
        if time.day > days_in_month(year, time.month):
            return None
        start = datetime(year, time.month, time.day) + timedelta(days=time.shifted)  # noqa: DTZ001
        return start, start + timedelta(days=1), "day", start.date().isoformat()
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


def dated(
    time: Time, year: int, anchor: str | None, reasons: tuple[str, ...], score: float, explicit: bool = False
) -> Resolved | None:
    """A calendar expression in its year; None where that year has no such day."""
    found = _span_of(time, year)
    if found is None:
        return None
    start, end, grain, value = found
    if time.unit == "week":  # "the week of March 6"
        held = period(start, "week")
        if held is None:
            return None
        (start, end), grain, value = held, "week", period_value(held[0], "week")
    if grain == "day" and (time.part or time.hour is not None):
        resolved = day_part(start, time, anchor, reasons, score)
        if resolved is not None and time.span == "night":
            resolved = replace(resolved, upper=start + timedelta(hours=30))
        return None if resolved is None else replace(resolved, explicit_year=explicit)
    alternatives: tuple[Alternative, ...] = ()
    if time.other is not None:
        other = "{:04d}-{:02d}-{:02d}".format(*time.other)
        alternatives = (Alternative(other, "day and month the other way", 0.35, "less usual"),)
        score = 0.6
    resolved = Resolved("DATE", value, start, end, grain, anchor, score, reasons, alternatives, explicit)
    return with_weekday(portioned(resolved, time.portion), time)


def yearless(time: Time, context: Context) -> Resolved | None:
    """A date without its year (see the module's text for the order of rules)."""
    published = context.published
    if time.year_turn is not None:
        told = counts_from_text(time, context)
        base = context.day if told else published
        if base is not None:
            reasons = (
                "the year is counted from the " + ("year last spoken of" if told else "publication date"),
            )
            return dated(time, base.year + time.year_turn, SPOKEN_YEAR if told else PUBLISHED, reasons, 0.9)
    if time.holiday and time.turn == 0:
        time = replace(
            time, turn=None
        )  # «перед этим Новым годом» is the one at hand, not the one of this year
    if time.turn is not None and published is not None:
        base = context.day if context.day is not None and counts_from_text(time, context) else published
        return _turned(time, time.turn, base)
    if context.sentence_year is not None:
        reasons = (f"the year {context.sentence_year} is named in the same sentence",)
        return dated(time, context.sentence_year, SENTENCE_YEAR, reasons, 0.8)
    if context.year is not None and (context.narrative or context.near or published is None):
        year = told_year(time, context)
        said = f"the document last spoke of the year {context.year}"
        reasons = (f"{said} and tells of the past",)
        if year != context.year:
            reasons = (f"{said}; this month comes after the year has turned",)
        return dated(time, year, SPOKEN_YEAR, reasons, 0.7)
    if published is None:
        found = _span_of(time, 2000)
        if found is None:
            return None
        value = "XXXX" + found[3][4:]
        return Resolved("DATE", value, None, None, found[2], None, 0.4, ("no year stated and none to take",))
    return _nearest(time, context, published)


def _turned(time: Time, turn: int, base: datetime) -> Resolved | None:
    """ "Last March", "next summer": the last wholly before, or the next wholly after, publication."""
    skipped = 0
    for year in range(base.year, base.year - 4, -1) if turn < 0 else range(base.year, base.year + 3):
        found = _span_of(time, year)
        if found is None:
            continue
        if (turn < 0 and found[1] <= base) or (turn > 0 and found[0] > base) or turn == 0:
            if skipped < abs(turn) - 1:
                skipped += 1
                continue
            word = "the last before" if turn < 0 else ("the one of" if turn == 0 else "the next after")
            return dated(time, year, PUBLISHED, (f"{word} the publication date",), 0.85)
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
        scored.append((distance * (_PENALTIES[context.tense] if against else 1), year, future))
    if not scored:
        return None
    scored.sort()
    _, year, future = scored[0]
    tense = "news tells what happened"
    if context.tense:
        tense = "the verb is in the future" if context.tense > 0 else "the verb is in the past"
    side = "after" if future else "before"
    reasons = (f"no year stated: {year} puts it nearest, {side} the publication date ({tense})",)
    resolved = dated(time, year, PUBLISHED, reasons, 0.75)
    if resolved is None:
        return None
    lost = []
    for _, other, _ in scored[1:]:
        found = _span_of(time, other)
        if found is not None:
            lost.append(Alternative(found[3], found[3], 0.2, "farther from the publication date"))
    return replace(resolved, alternatives=tuple(lost))


# --- parts of a period, weekday against date ----------------------------------------------------


def portioned(resolved: Resolved, portion: str) -> Resolved:
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
        third = (upper - lower) // 3
        third = third // day * day or third
        first, second = resolved.lower + third, resolved.lower + 2 * third
        lower, upper = {
            "start": (resolved.lower, first),
            "mid": (first, second),
            "end": (second, resolved.upper),
        }[portion]
    named = {"start": "the first", "mid": "the middle", "end": "the last"}[portion]
    return replace(resolved, lower=lower, upper=upper, reasons=(*resolved.reasons, f"{named} third of it"))


def with_weekday(resolved: Resolved, time: Time) -> Resolved:
    """The date with its weekday checked: one that does not agree is kept and flagged."""
    if time.weekday is None or resolved.lower is None or resolved.granularity != "day":
        return resolved
    if resolved.lower.isoweekday() == time.weekday:
        reasons = (*resolved.reasons, "the weekday named beside it agrees")
        return replace(resolved, reasons=reasons, score=min(0.97, resolved.score + 0.05))
    reasons = (*resolved.reasons, WEEKDAY_DISAGREES)
    return replace(resolved, reasons=reasons, score=resolved.score * 0.6)
