"""What a document as a whole says of its times: whether it tells of the past, which year goes with a date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tocsin.resolve.times.values import Atom, Time

__all__ = ["SCENE", "Found", "enter_sentence", "is_narrative", "is_near", "year_of_partner"]

#: Years before publication beyond which a year named counts as history, and the least share of such years.
_HISTORY_YEARS: Final = 2
_HISTORY_SHARE: Final = 0.6
#: So many dates with their year, all before that of publication, make a document one of the past.
_DATED_LEAST: Final = 4
#: Characters from the start of a sentence within which a year sets the scene for its dates.
SCENE: Final = 12
#: Most characters between the ends of "May 15 to August 16, 1988".
_BETWEEN: Final = 12
_WORDS: Final = re.compile(r"\w+")


@dataclass(slots=True)
class Found:
    """An expression in its document: offset of its sentence in code points, its number, what is about it.

    ``place``: ``heading`` (nothing else stands in its line), ``aside`` (in brackets), ``scene`` (the start of
    a sentence) or empty.
    """

    offset: int
    sentence: int
    atom: Atom
    tense: int
    place: str


def _of_today(time: Time) -> bool:
    """Whether an expression is counted from publication: what texts of the day use."""
    if time.relative is not None:
        return not time.anchor or (time.anchor == "told" and time.relative[0] in ("day", "week", "month"))
    return time.weekday is not None and time.day is None


def is_narrative(found: list[Found], published: datetime | None) -> bool:
    """Whether a document tells of the past: most years that it names lie well before its publication."""
    times = [f.atom.time for f in found]
    years = [t.year for t in times if t.year is not None]
    years += [t.decade * 10 for t in times if t.decade is not None]
    if published is None or len(years) < 3:
        return False
    old = sum(year < published.year - _HISTORY_YEARS for year in years)
    # A text of its day says "today" and "on Monday"; some old years in it are background.
    today = sum(_of_today(t) for t in times)
    if old / len(years) >= _HISTORY_SHARE and old > 2 * today:
        return True
    dated = [t.year for t in times if t.year is not None and t.month is not None]
    past = sum(year < published.year for year in dated)
    return past >= _DATED_LEAST and past > 2 * (len(dated) - past) and past > today


def is_near(found: list[Found], index: int, published: datetime | None) -> bool:
    """Whether an old year of the sentence before, or an old date of this one, holds for an expression."""
    item = found[index]
    today = any(_of_today(f.atom.time) and f.atom.time.span != "ahead" for f in found)
    if published is None or item.tense >= 0 or today:
        return False
    for earlier in reversed(found[:index]):
        if item.sentence - earlier.sentence > 1:
            return False
        year, dated = earlier.atom.time.year, earlier.atom.time.month is not None
        if year is not None and (dated or earlier.sentence < item.sentence):
            return year < published.year - _HISTORY_YEARS and earlier.place != "aside"
    return False


def enter_sentence(found: list[Found], index: int) -> int | None:
    """The year that sets the scene of a sentence: one that stands at its very start."""
    item = found[index]
    year = item.atom.time.year
    return year if year is not None and year > 0 and item.atom.start <= SCENE else None


def year_of_partner(found: list[Found], index: int, text: str) -> int | None:
    """The year of a date that shares it with the next: "May 15 to August 16, 1988", «5 и 7 мая 1999 года»."""
    if index + 1 >= len(found):
        return None
    one, two = found[index], found[index + 1]
    time, other = one.atom.time, two.atom.time
    if time.month is None or other.month is None or other.year is None or other.year < 0:
        return None
    between = text[one.offset + one.atom.end : two.offset + two.atom.start]
    if one.sentence != two.sentence or len(between) > _BETWEEN or len(_WORDS.findall(between)) > 2:
        return None
    return other.year - 1 if time.month > other.month else other.year
