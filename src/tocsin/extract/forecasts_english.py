"""The words of an English forecast: what happens, and when.

Read by patterns over the words: the phrases for when are closed enough for that. Times proper are read by
a later stage, which knows the calendar.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from tocsin.extract.drafts import pieces, subtract
from tocsin.model import Span, Spans

__all__ = ["english_forecast", "english_horizons"]

_UNIT: Final = (
    r"(?:seconds?|minutes?|hours?|days?|nights?|weeks?|weekends?|fortnights?|months?|quarters?|seasons?|sessions?|"
    r"years?|decades?|centur(?:y|ies)|terms?)"
)
_NUMBER: Final = (
    r"(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|"
    r"forty|a few|few|"
    r"several|some|a couple of|couple of|half an?)"
)
_MONTH: Final = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan\.|Feb\.|Mar\.|Apr\.|Aug\.|Sept?\.|Oct\.|Nov\.|Dec\.)"
)
_DAY: Final = r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_SEASON: Final = r"(?:spring|summer|autumn|fall|winter)"
_FEAST: Final = r"(?:the )?(?:holidays|Easter|Christmas|New Year|Nauryz|harvest|elections?)"
_EDGE: Final = r"(?:the )?(?:very )?(?:end|beginning|start|middle|close|first half|second half) of "
_WHICH: Final = r"(?:the |this |next |that )?(?:very |coming |next |following |nearest |same )?"
_CLOCK: Final = r"(?:\d{1,2}(?:[:.]\d\d)? ?[ap]\.?m\.?|\d{1,2}:\d\d|midnight|noon|dawn|dusk)"
_DATE: Final = (
    rf"(?:(?:{_DAY},? )?(?:{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?|"
    rf"\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}(?: \d{{4}})?|{_MONTH}(?:,? \d{{4}})?)|"
    rf"(?:late|early|mid)?[ -]?(?:19|20)\d\d|\d{{4}}-\d\d-\d\d)"
)
_PLACED: Final = (
    rf"(?:{_CLOCK}(?: (?:to|and|-|–) {_CLOCK})?(?: on {_DAY}| {_DAY})?|{_EDGE}(?:{_DATE}|"
    rf"{_WHICH}{_UNIT}|{_WHICH}{_SEASON})|"
    rf"{_DATE}|{_WHICH}{_DAY}(?: (?:morning|afternoon|evening|night))?|"
    rf"{_WHICH}(?:{_NUMBER} )?{_UNIT}(?: of {_MONTH})?|{_WHICH}{_SEASON}(?: of \d{{4}})?|{_FEAST}|"
    r"today|tomorrow|tonight|now on|the turn of the year|the weekend)"
)
_LEAD: Final = (
    r"(?:(?:no|not) (?:later|sooner|earlier) than|not before|by|before|until|till|up to|within|"
    r"in|on|over|during|"
    r"from|after|through|throughout|at|as early as|as soon as|around|toward|towards|starting|for)"
)
_BARE: Final = (
    rf"(?:(?:(?:very |quite )?soon|shortly|imminently|(?:at )?any (?:moment|minute|day|hour|time)(?: now)?|"
    rf"today|tomorrow(?: (?:morning|night|evening|afternoon))?|tonight|overnight|sooner or later|for good|"
    rf"(?:early |late )?(?:this|next|coming|the coming) (?:{_UNIT}|{_SEASON}|{_MONTH}|{_DAY}|"
    rf"morning|afternoon|evening)|"
    rf"{_DAY}(?: (?:morning|afternoon|evening|night))?)\b)"
)
_HORIZON: Final = re.compile(
    rf"\b(?:(?:{_LEAD} (?:about |around |roughly |at least |at most )?{_PLACED})(?!\w)|{_BARE}|"
    rf"{_NUMBER} (?:more )?{_UNIT}(?= (?:left|from now|remain)))",
    re.IGNORECASE,
)
_JOIN: Final = re.compile(r"[\s,]*(?:or|and|to|but)?[\s,]*")
#: «for two years» tells how long and «at 40 years» how old; «for» goes with these alone.
_FOR: Final = re.compile(rf"for (?:{_WHICH}{_DAY}|{_DATE}|good|today|tomorrow|tonight)", re.IGNORECASE)
_OPENERS: Final = re.compile(
    r"(?:that|and|but|or|so|also|then|thus|moreover|now|to|whether|of|there is (?:a|"
    r"an) [\w ]*?(?:chance|risk|danger|"
    r"probability|likelihood)[\w %]*? (?:that|of)|it is (?:likely|possible|probable|unlikely|"
    r"expected|certain) that)"
    r"\b[\s,]*",
    re.IGNORECASE,
)
_SUBORDINATE: Final = re.compile(
    r",? (?:unless|because|although|though|while|whereas|if|since|so that)\b|"
    r", (?:which|who|whose|where|when|as|but|and (?:that|which))\b|[;:—]",
    re.IGNORECASE,
)
_FEWEST: Final = 2  # words that an event has before a subordinate clause may end it


def english_horizons(text: str, spans: Sequence[Span]) -> list[Span]:
    """Every phrase for when in these spans, with its preposition; with only «or» between, two are one."""
    found: list[Span] = []
    for span in spans:
        for match in _HORIZON.finditer(text, span.start, span.end):
            if match.group().lower().startswith("for ") and not _FOR.match(match.group()):
                continue
            own = Span(*match.span())
            if found and _JOIN.fullmatch(text, found[-1].end, own.start):
                own = Span(found.pop().start, own.end)
            found.append(own)
    return found


def english_forecast(text: str, content: Sequence[Span]) -> tuple[Spans, Spans]:
    """``(event, horizon)`` of an English content: the content without when, openers and what is
    subordinate.
    """
    horizon = english_horizons(text, content)
    event: list[tuple[int, int]] = []
    for number, span in enumerate(content):
        start, end = span.start, span.end
        if not number and (inner := _inner(text, start, end)):
            start = inner
        while not number and (opener := _OPENERS.match(text, start, end)):
            start = opener.end()
        for cut in _SUBORDINATE.finditer(text, start, end):
            if len(text[start : cut.start()].split()) >= _FEWEST and not any(
                h.start <= cut.start() < h.end for h in horizon
            ):
                end = cut.start()
                break
        if start < end:
            event += subtract([Span(start, end)], horizon)
    return pieces(text, event), tuple(horizon)


_AHEAD: Final = re.compile(r"\b(?:will|won['’]t|would|could|may|might|going to|about to|shall)\b")
_THAT: Final = re.compile(r"\bthat\s+")


def _inner(text: str, start: int, end: int) -> int:
    """Where the clause begins that looks ahead, if a «that» parts it from what is before; 0 if none does."""
    ahead = _AHEAD.search(text, start, end)
    if ahead is None:
        return 0
    found = [m.end() for m in _THAT.finditer(text, start, ahead.start())]
    return found[-1] if found else 0
