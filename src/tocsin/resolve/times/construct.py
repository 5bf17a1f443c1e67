"""Constructors: from the tokens a rule named to a ``Time``. None where there is no time."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Final

from tocsin.resolve.fold import word_set
from tocsin.resolve.times.site import Site, amount_of, countable_after, unit_of
from tocsin.resolve.times.tokens import Token
from tocsin.resolve.times.values import Time

__all__ = ["CONSTRUCTORS", "construct"]

_PREPOSITIONS: Final = word_set(
    "IN SINCE UNTIL FROM TO BY ON AFTER BEFORE PORTION AND THROUGH BETWEEN DASH APPROX COMMA"
)
_EARLIEST_BARE_YEAR, _LATEST_BARE_YEAR = 1800, 2099
_NUMERIC: Final = re.compile(r"(\d+)[./-](\d+)[./-](\d+)")


def _date(site: Site) -> Time | None:
    day, month = site.number("day"), site.number("month")
    year = site.number("year")
    turn = site.turn()
    deictic = site.value("deictic_year")
    if deictic:
        unit, _, count = deictic.partition(":")
        if unit != "year":
            return None
        turn = int(count)
    year_turn = turn if site.token("day") is not None or not _turns_month(site) else None
    return Time(
        "date",
        year=year,
        month=month,
        day=day,
        portion=site.value("portion"),
        turn=turn if year_turn is None else None,
        year_turn=year_turn,
    )


def _turns_month(site: Site) -> bool:
    """Whether "last" stands before the month itself rather than before the word "year"."""
    rel, month = site.token("rel"), site.token("month")
    followed = rel is not None and month is not None and rel.start < month.start
    last = site.tokens[site.match.last - 1]
    return followed and last.category == "MONTH" and site.match.last - site.match.first == 2


def _days(site: Site) -> Time | None:
    first, last = site.number("day"), site.number("last")
    if first is None or last is None or first >= last:
        return None
    return Time("date", year=site.number("year"), month=site.number("month"), day=first, last_day=last)


def _bare_month(site: Site) -> Time | None:
    token = site.token("month")
    if token is None:
        return None
    if site.lexicon.language == "en":
        if len(token.text) < 4 and token.text != "May":
            return None
        if token.text in ("May", "March") and site.match.first == 0:
            return None
    elif token.text[0].isupper() and site.match.first > 0:
        return None
    elif site.lexicon.language != "kk" and (
        site.before is None or site.before.category not in _PREPOSITIONS or len(token.text) < 4
    ):
        return (
            None
            if len(token.text) < 4 or token.text.lower().startswith(("лют", "сер"))
            else (Time("date", month=site.number("month")) if site.before is None else None)
        )
    return Time("date", month=site.number("month"))


def _year(site: Site) -> Time | None:
    """A year with no word for it: after a cue, or alone and with nothing countable behind it."""
    token, year = site.token("year"), site.number("year")
    if token is None or year is None or not _EARLIEST_BARE_YEAR <= year <= _LATEST_BARE_YEAR:
        return None
    after, before = site.after, site.before
    if countable_after(site) or (after is not None and after.category in ("NUMBER", "DECIMAL", "JUNK")):
        return None
    portion = site.value("portion")
    if portion or token.text != token.value:
        return Time("date", year=year, portion=portion)
    cued = before is not None and (
        before.plain in site.lexicon.year_cues or before.text in "(–—-,." or before.category == "MONTH"
    )
    after_next = site.tokens[site.match.last + 1] if site.match.last + 1 < len(site.tokens) else None
    spanned = (
        after is not None
        and after.category == "DASH"
        and after_next is not None
        and after_next.category == "YEAR"
    )
    heading = before is None and after is not None and after.text in ":—–"
    possessed = before is not None and before.plain.endswith("'s")
    cued = cued or spanned or heading or possessed
    if (
        cued
        and after is not None
        and before is not None
        and before.plain in _DETERMINERS
        and after.plain.endswith("s")
    ):
        return None  # "their 1990 students"
    bounded = after is None or after.text in ").,;:–—-" or not after.text[0].isalpha()
    if not (cued or (bounded and before is not None and before.text == "(")):
        return None
    return Time("date", year=year)


_DETERMINERS: Final = word_set("its his her their our this that a the both")


def _year_sure(site: Site) -> Time | None:
    return Time("date", year=site.number("year"), portion=site.value("portion"))


def _decade(site: Site) -> Time | None:
    token = site.token("decade") or site.token("year")
    if token is None:
        return None
    year = int(re.sub(r"\D", "", token.text.split("-")[0]))
    if token.category == "YEAR" and not site.tokens[site.match.first + 2].plain.startswith("жылдар"):
        return None
    if year % 10 or (10 <= year < 100 and not 20 <= year <= 90) or year < 10:
        return None
    # «90-х» without a century is of the last century by usage since 2000; «1900-х» may be a century and
    # is a decade here.
    return Time("date", decade=(year if year >= 100 else 1900 + year) // 10, portion=site.value("portion"))


def _century(site: Site) -> Time | None:
    number = site.number("ord")
    if not number or not 1 <= number <= 30:
        return None
    return Time("date", century=number - 1, portion=site.value("portion"))


def _season(site: Site) -> Time | None:
    token = site.token("season")
    if token is None:
        return None
    year, turn = site.number("year"), site.turn()
    rel = site.token("rel")
    of_year = rel is not None and rel.start > token.start
    if year is None and turn is None and site.lexicon.language != "en":
        sure = token.plain in _SEASON_ADVERBS or (
            site.before is not None and site.before.category in _PREPOSITIONS - {"COMMA", "AND", "DASH"}
        )
        if not sure:
            return None
    return Time(
        "date",
        year=year,
        season=site.value("season"),
        portion=site.value("portion"),
        turn=turn if year is None and not of_year else None,
        year_turn=turn if of_year else None,
    )


_SEASON_ADVERBS: Final = word_set(
    "весной летом осенью зимой навесні влітку улітку восени взимку узимку көктемде жазда күзде қыста"
)


def _quarter(site: Site) -> Time | None:
    unit, year = unit_of(site), site.number("year")
    turn = site.turn()
    if site.token("quarter") is not None:
        return Time("date", year=year, quarter=int(site.value("quarter")[1]), turn=turn)
    number = site.number("ord") if site.value("ord") != "second" else 2
    if number is None:
        return None
    if unit == "quarter" and 1 <= number <= 4:
        return Time("date", year=year, quarter=number, year_turn=turn)
    if unit == "halfyear" and number <= 2:
        return Time("date", year=year, half=number, year_turn=turn)
    return None


def _weekday(site: Site) -> Time | None:
    return Time("date", weekday=site.number("weekday"), turn=site.turn(), part=site.value("part"))


def _weekday_beside(site: Site) -> Time | None:
    """A weekday without preposition: only beside a comma, a date or another weekday, as in a date line."""
    around = [t for t in (site.before, site.after) if t is not None]
    if any(t.category in ("COMMA", "DAYNUM", "SINCE", "UNTIL", "BY", "TO", "FROM", "AND") for t in around):
        token = site.token("weekday")
        if (
            token is not None
            and token.plain[:4] in ("сред", "сере")
            and not any(t.category == "DAYNUM" for t in around)
        ):
            return None  # also «environment», «among»
        return Time("date", weekday=site.number("weekday"))
    return None


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
    rel = site.token("rel")
    if turn is None or rel is None or unit in ("second", "minute"):
        return None
    if unit == "hour":
        return None
    # «that same year», "the following year": of the year last spoken of.
    context = rel.plain in _CONTEXTUAL
    return Time("date", relative=(unit, turn), portion=site.value("portion"), from_context=context)


_CONTEXTUAL: Final = word_set(
    "following same previous preceding следующий следующего следующем следующая следующей следующую"
    " предыдущего предыдущем предыдущий наступного наступному наступний наступна наступної наступну"
    " попередній сол"
) | {"the same", "того же", "того ж", "того самого"}


def _partof(site: Site) -> Time | None:
    part = site.value("part")
    if part == "MN":
        part = "NI"
    turn = site.turn() or 0
    return Time("date", relative=("day", turn), part=part)


def _part_alone(site: Site) -> Time | None:
    part = site.value("part")
    return Time("date", part=part) if part else None


def _span(site: Site) -> Time | None:
    rel = site.token("rel")
    if rel is None:
        return None
    turn = int(rel.value)
    span = {-1: "past", 1: "future"}.get(turn, "")
    unit = site.token("unit")
    # «последние дни», "recent weeks": more than one, and how many is not said.
    many = site.token("num") is None and unit is not None and _is_plural(rel, unit, site.lexicon.language)
    return Time("duration", unit=unit_of(site), amount=None if many else amount_of(site), span=span)


def _is_plural(rel: Token, unit: Token, language: str) -> bool:
    if language == "en":
        return unit.plain.endswith("s")
    return rel.plain.endswith(("ие", "их", "ые", "ых", "ими", "і", "іх")) and language != "kk"


def _moved(site: Site, sign: int, context: bool = False) -> Time | None:
    half = site.token("half") is not None
    unit = "halfyear" if half else unit_of(site)
    amount = 1 if half else amount_of(site)
    if site.lexicon.language == "en" and site.tokens[site.match.first].category == "HALF":
        amount = 0.5
    if amount is None:
        return Time("ref", literal="PAST_REF" if sign < 0 else "FUTURE_REF")
    return Time("date", relative=(unit, sign * amount), from_context=context)


def _ago(site: Site) -> Time | None:
    return _moved(site, -1)


def _shift(site: Site) -> Time | None:
    token = site.token("way")
    return _moved(site, -1 if token is not None and token.category == "EARLIER" else 1, context=True)


def _shift_or_ahead(site: Site) -> Time | None:
    return _moved(site, 1)


def _ahead(site: Site) -> Time | None:
    lead = site.token("lead")
    # Ukrainian «за» and Russian «спустя» go with the past as well; the tense decides when it is counted.
    moved = _moved(site, 1)
    if moved is not None and lead is not None and moved.kind == "date":
        return Time("date", relative=moved.relative, unit=unit_of(site), amount=amount_of(site), span="ahead")
    return moved


def _within(site: Site) -> Time | None:
    rel = site.token("rel")
    span = "within" if rel is None else {-1: "past", 1: "future"}.get(int(rel.value), "within")
    return Time("duration", unit=unit_of(site), amount=amount_of(site), span=span)


def _deadline(site: Site) -> Time | None:
    return Time("duration", unit=unit_of(site), amount=amount_of(site), span="deadline")


def _duration(site: Site) -> Time | None:
    if site.token("half") is not None:
        return Time("duration", unit="halfyear", amount=1)
    token, unit = site.token("num"), unit_of(site)
    if token is not None and token.category == "A" and unit in ("second", "minute", "weekend", "quarter"):
        return None
    if site.lexicon.language != "en" and token is not None and token.category == "YEAR":
        return None
    if unit == "weekend" or (unit == "quarter" and token is not None and token.category != "NUM"):
        return None
    return Time("duration", unit=unit, amount=amount_of(site))


def _set(site: Site) -> Time | None:
    if site.token("daily") is not None:
        return Time("set", literal=site.value("daily"))
    if site.token("weekday") is not None:
        return Time("set", literal=f"XXXX-WXX-{site.value('weekday')}")
    if site.token("part") is not None:
        return Time("set", literal=f"XXXX-XX-XXT{site.value('part')}")
    return Time("set", unit=unit_of(site), amount=amount_of(site))


def _now(site: Site) -> Time | None:
    return Time("ref", literal=site.value("now"))


def _clock(site: Site) -> Time | None:
    minute = None
    token = site.token("clock")
    if token is not None:
        hour, minute = (int(part) for part in token.text.split(":")[:2])
    else:
        number = site.number("hour")
        if number is None or not 0 <= number <= 24:
            return None
        hour = number
    hourword = site.token("hourword")
    if hourword is not None and hourword.value != "hour":
        return None
    half = site.value("ampm") or {"AF": "pm", "EV": "pm"}.get(site.value("part"), "")
    if half == "pm" and hour < 12:
        hour += 12
    elif half == "am" and hour == 12:
        hour = 0
    if hour > 23:
        return None
    return Time("date", hour=hour, minute=minute, zone=site.value("zone"))


def _nightto(site: Site) -> Time | None:
    if site.token("deictic") is not None:
        unit, _, count = site.value("deictic").partition(":")
        return Time("date", relative=(unit, int(count)), part="NI", night_to=True)
    if site.token("weekday") is not None:
        return Time("date", weekday=site.number("weekday"), part="NI", night_to=True)
    return Time(
        "date",
        year=site.number("year"),
        month=site.number("month"),
        day=site.number("day"),
        part="NI",
        night_to=True,
    )


def _numeric(site: Site) -> Time | None:
    token = site.token("date")
    found = _NUMERIC.fullmatch(token.text) if token is not None else None
    if found is None or token is None:
        return None
    one, two, three = (int(part) for part in found.groups())
    if token.category == "ISODATE":
        return Time("date", year=one, month=two, day=three) if 1 <= two <= 12 else None
    year = three if three >= 100 else (2000 + three if three < 70 else 1900 + three)
    day, month, other = one, two, None
    if token.category == "SLASHDATE":
        american = site.lexicon.language == "en"
        if one > 12 or (two <= 12 and not american):
            day, month = one, two
        else:
            month, day = one, two
        if one <= 12 and two <= 12 and one != two:
            other = (year, day, month)
    if not (1 <= month <= 12 and 1 <= day <= 31) or not 1500 <= year <= 2199:
        return None
    return Time("date", year=year, month=month, day=day, other=other)


def _stamp(site: Site) -> Time | None:
    try:
        moment = datetime.fromisoformat(site.value("stamp"))
    except ValueError:
        return None
    return Time("date", stamp=moment)


def _holiday(site: Site) -> Time | None:
    month, _, day = site.value("holiday").partition("-")
    return Time("date", year=site.number("year"), month=int(month), day=int(day))


CONSTRUCTORS: Final[dict[str, Callable[[Site], Time | None]]] = {
    "ago": _ago,
    "ahead": _ahead,
    "bare_month": _bare_month,
    "century": _century,
    "clock": _clock,
    "date": _date,
    "days": _days,
    "deadline": _deadline,
    "decade": _decade,
    "deictic": _deictic,
    "duration": _duration,
    "holiday": _holiday,
    "nightto": _nightto,
    "now": _now,
    "numeric": _numeric,
    "part_alone": _part_alone,
    "partof": _partof,
    "quarter": _quarter,
    "relative": _relative,
    "season": _season,
    "set": _set,
    "shift": _shift,
    "shift_or_ahead": _shift_or_ahead,
    "span": _span,
    "stamp": _stamp,
    "weekday": _weekday,
    "weekday_beside": _weekday_beside,
    "within": _within,
    "year": _year,
    "year_sure": _year_sure,
}


def construct(site: Site) -> Time | None:
    """The meaning of a match, None where it is no time; raises KeyError on a rule without constructor."""
    return CONSTRUCTORS[site.match.rule](site)
