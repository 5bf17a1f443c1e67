"""Constructors of what is counted from a day: yesterday, last week, two years ago, the quarter, now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from tocsin.resolve.times.site import Site, amount_of, anchor_of, is_plural, unit_of
from tocsin.resolve.times.values import Time

__all__ = ["OFFSETS"]

#: Categories that go on with «в прошлом» or "in the past", so that it is no time by itself.
_COUNTED: Final = frozenset(
    {"UNIT", "YEARWORD", "MONTH", "SEASON", "WEEKDAY", "CENTURY", "NUM", "DAYNUM", "NUMBER", "SEVERAL"}
)
#: «В то время как»: while.
_CONJUNCTIONS: Final = ("как", "як", "коли")
_ENDED: Final = ("ended", "ending", "ends")


def _deictic(site: Site) -> Time | None:
    unit, _, count = site.value("deictic").partition(":")
    moved = int(count)
    if site.token("before") is not None:
        moved -= 1
    if site.token("after") is not None:
        moved += 1
    if unit == "night":
        return Time("date", relative=("day", moved), part="NI")
    return Time("date", relative=(unit, moved), part=site.value("part"))


def _relative(site: Site) -> Time | None:
    unit, turn = unit_of(site), site.turn()
    if turn is None or unit in ("second", "minute", "hour"):
        return None
    anchor = anchor_of(site)
    if _is_name(site):
        return None
    if is_plural(site) and turn == 0 and anchor == "told" and unit != "weekend":
        # "These days", «все эти годы».
        return (
            Time("ref", literal="PRESENT_REF") if unit == "day" else Time("duration", unit=unit, amount=None)
        )
    if is_plural(site) and turn and unit != "weekend":
        # "The coming weeks", «прошлые годы»: more than one, how many is not said.
        return Time("duration", unit=unit, amount=None, span="future" if turn > 0 else "past")
    if unit == "day" and abs(turn) == 1:
        anchor = "text"  # «на следующий день» is never tomorrow
    if unit == "weekend" and turn == 0:
        return Time("date", said="weekend", turn=0)
    return Time("date", relative=(unit, turn), portion=site.value("portion"), anchor=anchor)


def _is_name(site: Site) -> bool:
    """ "This Week" within a sentence is a programme."""
    words = site.tokens[site.match.first : site.match.last]
    return site.match.first > 0 and len(words) > 1 and all(w.text[0].isupper() for w in words)


def _of_this(site: Site) -> Time | None:
    """ "The end of the year", «до конца недели»: of the one that is running."""
    return Time("date", relative=(unit_of(site), 0), portion=site.value("portion"), anchor="told")


def _said(site: Site) -> Time | None:
    """A period the text has named before: "the quarter", "the year-ago period", "the weekend", "the year"."""
    token = site.token("unit")
    if token is None:
        return None
    ago = site.token("ago") is not None
    if token.category == "YEARAGO":
        return Time("date", said="year ago", year_turn=-1)
    if token.category == "YEARWORD" and not ago:
        return _the_year(site)
    name = "period" if token.category == "PERIOD" else unit_of(site)
    if name not in ("quarter", "period", "weekend") or (name == "weekend" and ago):
        return None
    if name == "period" and not ago:
        name = "quarter"
    return Time("date", year=site.number("year"), said=name, year_turn=-1 if ago else None)


def _corresponding(site: Site) -> Time | None:
    """ "The same period last year", "last year's quarter": the quarter spoken of, in another year."""
    token, same = site.token("unit"), site.token("same")
    if token is None or (token.category != "PERIOD" and token.value != "quarter"):
        return None
    if same is not None and same.category == "REL" and same.value != "0t":
        return None
    turn = site.turn("yrel")
    return Time("date", said="quarter", year_turn=-1 if turn is None else turn, unit="year")


def _the_year(site: Site) -> Time | None:
    """ "The year ended June 30" is a length; "for the year", "the fiscal year" the one that is running."""
    after, before = site.after, site.before
    if after is not None and after.plain in _ENDED:
        return Time("duration", unit="year", amount=1)
    whole = site.match.last - site.match.first > 2
    if whole or (before is not None and before.category in ("OF", "FOR") and before.plain in ("of", "for")):
        return Time("date", relative=("year", 0), anchor="told")
    return None


def _partof(site: Site) -> Time | None:
    if site.token("rel") is None:
        lead = site.token("lead")
        since = "since" if lead is not None and lead.category == "SINCE" else ""
        return Time("date", part=site.value("part"), anchor="told", span=since)
    return Time("date", relative=("day", site.turn() or 0), part=site.value("part"), anchor=anchor_of(site))


def _moved(site: Site, sign: int, anchor: str = "") -> Time | None:
    length = site.token("half")
    if length is not None and length.category != "HALF":
        unit, _, count = length.value.partition(":")
        if not count:
            return None
        amount: float | None = float(count)
    else:
        unit, amount = unit_of(site), amount_of(site)
        if length is not None:
            amount = 0.5
    if amount is None:
        if anchor or sign > 0:
            return Time("duration", unit=unit, amount=None)
        return Time("ref", literal="PAST_REF")
    if unit == "halfyear":
        unit, amount = "month", amount * 6
    elif amount == 0.5 and unit == "year":
        unit, amount = "month", 6
    return Time("date", relative=(unit, sign * amount), anchor=anchor)


#: "Three billion years ago": farther back than a calendar is of use.
_VAST: Final = ("тысяч", "тыс", "млн", "млрд", "миллион", "миллиард", "мільйон", "мільярд", "тисяч", "мың")


def _ago(site: Site) -> Time | None:
    before = site.before
    if site.token("num") is None and before is not None and before.plain.startswith(_VAST):
        return Time("ref", literal="PAST_REF")
    return _moved(site, -1)


def _ago_many(site: Site) -> Time | None:
    """ "Months ago": how many is not said."""
    token = site.token("unit")
    many = token is not None and token.plain in site.lexicon.plural
    return Time("ref", literal="PAST_REF") if many else None


def _shift(site: Site) -> Time | None:
    token, after = site.token("way"), site.after
    if token is None:
        return None
    if token.plain in ("before", "after") and after is not None and after.text[0].isalpha():
        if site.token("num") is None or after.category not in ("OTHER", "THE", "A", "REL"):
            return None
        return Time("duration", unit=unit_of(site), amount=amount_of(site))  # "two days before the fair"
    return _moved(site, -1 if token.category == "EARLIER" else 1, anchor="text")


def _ahead(site: Site) -> Time | None:
    """ "In three days"; told as past, it counts from the day last spoken of («через три дня он вернулся»)."""
    moved = _moved(site, 1)
    if moved is None or moved.kind != "date" or moved.relative is None:
        return moved
    unit, amount = moved.relative
    return Time("date", relative=moved.relative, unit=unit, amount=amount, span="ahead")


def _ahead_or_within(site: Site) -> Time | None:
    """Ukrainian «за три дні»: from now on, or a length where the verb is not in the future."""
    moved = _ahead(site)
    return moved if moved is None or moved.kind != "date" else replace(moved, literal="within")


def _weekend(site: Site) -> Time | None:
    """«На выходных»: the last or the next by the tense, any of them where the verb tells none."""
    if unit_of(site) != "weekend":
        return None
    return Time("date", said="weekend", literal="XXXX-WXX-WE")


def _now(site: Site) -> Time | None:
    token = site.token("now")
    soon = token is not None and token.category == "SOON"
    if soon and site.after is not None and site.after.category == "AFTER":
        return None  # "soon after he left": after something, not after now
    if site.after is not None and site.after.plain in _CONJUNCTIONS:
        return None
    return Time("ref", literal=site.value("now"), span="soon" if soon else "")


def _now_adjective(site: Site) -> Time | None:
    """ "Current", "recent", "future" before a noun that is no time itself."""
    after, word = site.after, site.token("word")
    if word is not None and word.plain == "past":
        return None
    literal = None if word is None else site.lexicon.adjectives.get(word.plain.split()[-1])
    if literal is None or after is None or not after.text[0].isalpha():
        return None
    return Time("ref", literal=literal)


def _now_noun(site: Site) -> Time | None:
    """«В прошлом» with no noun behind it."""
    after, word = site.after, site.token("word")
    literal = None if word is None else site.lexicon.adjectives.get(word.plain)
    if literal is None or (after is not None and after.category in _COUNTED):
        return None
    return Time("ref", literal=literal)


OFFSETS: Final[dict[str, Callable[[Site], Time | None]]] = {
    "ago": _ago,
    "ago_many": _ago_many,
    "ahead": _ahead,
    "ahead_or_within": _ahead_or_within,
    "corresponding": _corresponding,
    "deictic": _deictic,
    "now": _now,
    "now_adjective": _now_adjective,
    "now_noun": _now_noun,
    "of_this": _of_this,
    "partof": _partof,
    "relative": _relative,
    "said": _said,
    "shift": _shift,
    "weekend": _weekend,
}
