"""When a forecast falls due: the window of time from the words for when and the times read in them.

The deadline is the end of the unit named («by Friday» runs to the end of Friday), which favours the one who
warns. Nothing is guessed: an unbounded time («soon») gives no deadline, and a relative one in a document
without a date cannot be dated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from tocsin.model import Span, Spans, TimeMention, overlaps

__all__ = ["Window", "last_moment", "window_of"]

_BEFORE: Final = re.compile(r"\b(?:before|earlier than|sooner than|раньше|ранее|раніше)\s*$", re.IGNORECASE)
_NEGATED: Final = re.compile(r"\b(?:not|no|не)\b", re.IGNORECASE)
_BEGINS: Final = re.compile(
    r"\b(?:from|after|starting|as of|since|not before|not earlier than|no earlier than|no sooner than|"
    r"с|со|после|начиная с|не раньше|не ранее|з|із|зі|після|починаючи з|не раніше)\s+(?:\w+\s+)?$",
    re.IGNORECASE,
)
_BEGINS_AFTER: Final = re.compile(r"^\S*\s*(?:бастап|кейін|соң)\b", re.IGNORECASE)
_YEAR: Final = re.compile(
    r"(?:19|20)\d\d|\b(?:yesterday|ago|last|вчера|назад|прошл\w+|учора|тому|минул\w+|кеше|бұрын|өткен)\b",
    re.IGNORECASE,
)
_WITHIN: Final = re.compile(
    r"\b(?:within|in|over|during|the next|coming|за|в течение|на протяжении|протягом|упродовж|впродовж)"
    r"\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_LENGTH: Final = re.compile(r"P(T?)(\d+)([HDW])")
_MOST: Final = 10_000  # units of a length that a deadline is counted by
_LAST_YEAR: Final = 9998
_FIRST: Final = datetime.min.replace(tzinfo=UTC)
_LEAD: Final = 24  # code points before a mention in which its preposition stands


@dataclass(frozen=True, slots=True)
class Window:
    """``[opens, due)`` in UTC and the reason; ``stated``: words for when were there."""

    opens: datetime | None
    due: datetime | None
    reason: str
    stated: bool


def window_of(
    text: str, horizon: Spans, within: Spans, mentions: Sequence[TimeMention], published: datetime | None
) -> Window:
    """The window of a forecast.

    ``horizon`` are its words for when, ``within`` those of the whole forecast, ``mentions`` the times of the
    document. Where no words for when were found, times inside the forecast that reach beyond publication are
    taken.
    """
    if horizon:
        chosen = [m for m in mentions if any(_inside(m, span) for span in horizon)]
    else:
        chosen = [m for m in mentions if any(_inside(m, span) for span in within)]
        chosen = [m for m in chosen if _ahead(m, published)]
    chosen = [m for m in chosen if m.timex_type != "SET"]
    if not horizon and not chosen:
        return Window(None, None, "open-ended: no time is named", stated=False)
    if not chosen:
        return Window(None, None, f"open-ended: “{_words(text, horizon)}” names no day", stated=True)
    return _joined(text, chosen, published)


def _inside(mention: TimeMention, span: Span) -> bool:
    return overlaps(Span(mention.start, mention.end), span)


def _ahead(mention: TimeMention, published: datetime | None) -> bool:
    """Whether a time without a preposition of its own reaches beyond the day of publication."""
    if published is None or mention.upper is None:
        return published is None and mention.timex_type in {"DATE", "TIME"}
    return mention.upper > published


def _words(text: str, spans: Spans) -> str:
    return " … ".join(span.of(text) for span in spans)


def _joined(text: str, mentions: Sequence[TimeMention], published: datetime | None) -> Window:
    opens: list[datetime | None] = []
    dues: list[datetime | None] = []
    reasons = []
    for mention in mentions:
        lower, upper = _bounds(text, mention, published)
        opens.append(lower)
        dues.append(upper)
        reasons.append(f"“{text[mention.start : mention.end]}” = {mention.value}")
    reason = "; ".join(reasons)
    # «from 9 to 5 on Friday» is one stretch, «today, tomorrow or in three days» runs from first to last.
    ends = [d for d in dues if d is not None]
    starts = [o for o in opens if o is not None]
    due = max(ends) if ends else None
    begin = min(starts) if starts and (len(starts) == len(opens) or not ends) else None
    if due is not None and begin is not None and begin >= due:
        begin = None
    undated = all(m.lower is None and m.upper is None for m in mentions)
    if undated and published is None:
        return Window(None, None, f"{reason}, in a document without a date", stated=True)
    if due is None:
        kind = "only a beginning" if begin is not None else "no day"
        return Window(begin, None, f"open-ended: {reason}, {kind}", stated=True)
    return Window(begin, due, reason, stated=True)


def _bounds(
    text: str, mention: TimeMention, published: datetime | None
) -> tuple[datetime | None, datetime | None]:
    lead = text[max(0, mention.start - _LEAD) : mention.start]
    move = _forwards(text[mention.start : mention.end], mention, published)
    lower = move(mention.lower) if mention.lower is not None else None
    upper = move(mention.upper) if mention.upper is not None else None
    if before := _BEFORE.search(lead):
        barred = bool(_NEGATED.search(lead[: before.start()].split(",")[-1][-6:]))
        if not barred and lower is not None:
            return None, lower
        if not barred and upper is not None:
            return None, upper
    modifier = mention.modifier or ""
    if (
        "since" in modifier
        or "after" in modifier
        or _BEGINS.search(lead)
        or _BEGINS_AFTER.match(text[mention.end :])
    ):
        return lower if lower is not None else upper, None
    if lower is not None and published is not None and lower <= published:
        lower = None
    if mention.timex_type == "DURATION" and upper is None and lower is None and published is not None:
        return None, _after(published, mention.value) if _WITHIN.search(lead) or _inside_of(
            text, mention
        ) else None
    return lower, upper


def _inside_of(text: str, mention: TimeMention) -> bool:
    """«екі тәулікте», «бір апта ішінде»: within a length of time, by its ending or the word behind it."""
    words, behind = text[mention.start : mention.end], text[mention.end : mention.end + 8]
    return words.endswith(("да", "де", "та", "те")) or behind.lstrip().startswith("ішінде")


def _after(published: datetime, value: str) -> datetime | None:
    """Publication plus a TIMEX3 length of whole hours, days or weeks; None for any other."""
    found = _LENGTH.fullmatch(value)
    if found is None:
        return None
    step = {"H": timedelta(hours=1), "D": timedelta(days=1), "W": timedelta(weeks=1)}[found[3]]
    count = int(found[2])
    return published + count * step if count <= _MOST and published.year < _LAST_YEAR - 200 else None


def _forwards(words: str, mention: TimeMention, published: datetime | None) -> Callable[[datetime], datetime]:
    """How a time must be moved so that it lies ahead, as what is foretold does.

    Elsewhere a weekday, an hour or a date without its year is that which is nearest in the direction of
    the verb; here it is the next one. A time with its year stays where it is, be it in the past.
    """
    end = mention.upper if mention.upper is not None else mention.lower
    if published is None or end is None or end > published or _YEAR.search(words):
        return _stay
    steps = [_next_year]
    if mention.timex_type == "TIME" or not any(c.isdigit() for c in words):
        steps.insert(0, _next_week)
    if mention.timex_type == "TIME":
        steps.insert(0, _next_day)
    return next((step for step in steps if step(end) > published), _stay)


def _stay(when: datetime) -> datetime:
    return when


def _next_day(when: datetime) -> datetime:
    return when + timedelta(days=1) if when.year < _LAST_YEAR else when


def _next_week(when: datetime) -> datetime:
    return when + timedelta(days=7) if when.year < _LAST_YEAR else when


def _next_year(when: datetime) -> datetime:
    try:
        return when.replace(year=when.year + 1)
    except ValueError:  # the 29th of February, or the last year there is
        return when + timedelta(days=365) if when.year < _LAST_YEAR else when


def last_moment(due: datetime) -> datetime:
    """The last moment before a deadline, whose date is the last day on which a forecast can come true."""
    return due - timedelta(microseconds=1) if due > _FIRST else due
