"""Constructors of calendar dates: days, months, seasons, years, decades, centuries, weekdays, holidays."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Final

from tocsin.resolve.fold import word_set
from tocsin.resolve.times.site import Site, anchor_of, countable_after, unit_of
from tocsin.resolve.times.tokens import Token
from tocsin.resolve.times.values import Time

__all__ = ["DATES", "date", "year_like"]

#: Categories before a month that say it is one.
_PREPOSITIONS: Final = word_set(
    "IN SINCE UNTIL FROM TO BY ON AFTER BEFORE PORTION AND THROUGH BETWEEN DASH APPROX COMMA"
)
#: A bare year before the first is a number unless a word says otherwise; beyond the others it never is one.
_COMMON_YEAR, _EARLIEST_YEAR, _LATEST_YEAR = 1700, 1400, 2099
_NUMERIC: Final = re.compile(r"(\d+)[./-]\s?(\d+)[./-]\s?(\d+)")
_OWNERS: Final = word_set("his her their my")
_DETERMINERS: Final = word_set("its his her their our this that a the both")


def _year_of(site: Site) -> int | None:
    """The year of a match: negative where "BC" stands beside it."""
    year = site.number("year")
    return -year if year is not None and site.token("bce") is not None else year


def date(site: Site) -> Time | None:
    """A day or month, with what is said of its year."""
    if site.before is not None and site.before.plain in site.lexicon.names:
        return None  # «улица 8 Марта»
    day, month = site.number("day"), site.number("month")
    portion = site.value("portion") or ("start" if site.token("early") is not None else "")
    year_turn, turn = site.turn("yrel"), site.turn()
    deictic = site.value("deictic_year")
    if deictic:
        unit, _, count = deictic.partition(":")
        if unit != "year":
            return None
        year_turn = int(count)
    if site.token("late") is not None:
        portion = "end"
    week = site.token("week")
    if week is not None and week.value != "week":
        return None
    return Time(
        "date",
        year=_year_of(site),
        month=month,
        day=day,
        portion=portion,
        turn=turn,
        year_turn=year_turn,
        anchor=anchor_of(site, "yrel") if site.token("yrel") else anchor_of(site),
        unit=site.value("week"),
    )


def _bare_month(site: Site) -> Time | None:
    token = site.token("month")
    if token is None or _quoted(site) or not _is_month(site, token):
        return None
    return Time("date", month=site.number("month"))


#: Words for months that mean something else as well, and so need a preposition or an ending.
_DOUBTFUL: Final = {
    "uk": ("лют", "листопад"),
    "kk": ("қазан", "маусым", "тамыз", "қараша"),
    "ru": (),
    "en": (),
}
_SEASONAL: Final = word_set("жаңа келесі биылғы өткен спорттық оқу жазғы қысқы")


def _is_month(site: Site, token: Token) -> bool:
    language, before, after = site.lexicon.language, site.before, site.after
    if language == "en":
        if token.text not in ("March", "May"):
            return len(token.text) >= 4
        moved = after is not None and after.plain in ("on", "to", "of")
        moved = moved and (before is None or before.category != "FROM")
        return before is not None and before.category in _PREPOSITIONS | {"OF", "FOR"} and not moved
    if token.text[0].isupper() and site.match.first > 0:
        return False
    preposed = before is not None and before.category in _PREPOSITIONS
    if language == "kk":
        if token.plain in _DOUBTFUL["kk"]:
            return False
        return not (token.plain.startswith("маусым") and before is not None and before.plain in _SEASONAL)
    if token.plain.startswith(_DOUBTFUL[language]):
        return preposed
    return len(token.text) >= 4 or (preposed and len(token.text) >= 3)


def year_like(site: Site) -> Time | None:
    """A year with no word for it: after a cue, or alone and with nothing countable behind it."""
    token, year = site.token("year"), site.number("year")
    if token is None or year is None or not _EARLIEST_YEAR <= year <= _LATEST_YEAR:
        return None
    after, before = site.after, site.before
    if countable_after(site) or (after is not None and after.category in ("NUMBER", "DECIMAL", "JUNK")):
        return None
    time = Time("date", year=year, portion=site.value("portion"))
    if site.value("portion") or token.text != token.value:
        return time
    if year < _COMMON_YEAR and (before is None or before.plain not in site.lexicon.year_cues):
        return None
    if (
        before is not None
        and after is not None
        and before.plain in _DETERMINERS
        and after.plain.endswith("s")
    ):
        return None  # "their 1990 students"
    return time if _cued(site, before, after) else None


def _cued(site: Site, before: Token | None, after: Token | None) -> bool:
    ends = after is None or after.text in ").,;:–—-" or not after.text[0].isalpha()
    if before is None or (site.match.first == 1 and before.text in "-–—•*·"):
        return after is None or after.text in ":—–-.(" or (before is None and after.category == "BREAK")
    if (
        before.category == "APPROX"
        and after is not None
        and after.category == "OTHER"
        and after.text[0].isalpha()
    ):
        return False  # «около 2000 жителей»
    spanned = site.match.last + 1 < len(site.tokens) and (
        after is not None and after.category == "DASH" and site.tokens[site.match.last + 1].category == "YEAR"
    )
    cue = (
        before.plain in site.lexicon.year_cues
        or before.text in "(–—-,"
        or before.category in ("MONTH", "BREAK")
    )
    if site.lexicon.language == "en" and _between_words(site, before, after):
        return True
    return cue or spanned or before.plain.endswith("'s") or (ends and before.text in "(;/")


def _between_words(site: Site, before: Token, after: Token | None) -> bool:
    """ "Predicting 1990 earnings of": a recent year between a word and what it is of; counts end in -s."""
    recent = 1900 <= int(site.value("year")) <= 2049
    plain = before.category == "OTHER" and before.text.isalpha() and before.text.islower()
    return recent and plain and after is not None and after.text.isalpha() and not after.plain.endswith("s")


def _year_sure(site: Site) -> Time | None:
    year = _year_of(site)
    spoken = site.token("year")
    if year is None or year == 0 or (spoken is not None and spoken.category == "NUM" and year < _COMMON_YEAR):
        return None
    return Time("date", year=year, portion=site.value("portion"))


def _decade(site: Site) -> Time | None:
    token, years = site.token("decade") or site.token("year") or site.token("ord"), site.token("plural")
    if token is None or (years is not None and not years.plain.startswith("жылдар")):
        return None
    portion = site.value("portion")
    year = int(token.value)
    century_turn = site.turn()
    if token.category == "DECADEWORD":
        year *= 10
    if century_turn is not None and year < 100:
        return Time("date", decade=(2000 + century_turn * 100 + year) // 10, portion=portion)
    before = site.before
    if before is not None and before.plain in _OWNERS:
        return None  # "in his 30s"
    if year % 10 or (10 <= year < 100 and not 20 <= year <= 90) or year < 10:
        return None
    # «90-х» without a century is of the last century by usage since 2000; «1900-х» may be a century and
    # is a decade here.
    return Time("date", decade=(year if year >= 100 else 1900 + year) // 10, portion=portion)


def _century(site: Site) -> Time | None:
    number = site.number("ord")
    if site.token("rel") is not None and number is None:
        return Time("date", relative=("century", site.turn() or 0), portion=site.value("portion"))
    if not number or not 1 <= number <= 30:
        return None
    return Time("date", century=number - 1, portion=site.value("portion"))


def _season(site: Site) -> Time | None:
    token = site.token("season")
    if token is None:
        return None
    year, turn, year_turn = _year_of(site), site.turn(), site.turn("yrel")
    deictic = site.value("deictic_year")
    if deictic:
        unit, _, count = deictic.partition(":")
        if unit != "year" or token.plain in _SUBJECTS:
            return None
        year_turn = int(count)
    if year is None and turn is None and year_turn is None and not _is_season(site, token):
        return None
    return Time(
        "date",
        year=year,
        season=site.value("season"),
        portion=site.value("portion"),
        turn=turn if year is None else None,
        year_turn=year_turn,
        anchor=anchor_of(site, "yrel") if site.token("yrel") else "told",
    )


#: Kazakh seasons as a subject: «биыл көктем ерте келді», this year spring came early.
_SUBJECTS: Final = word_set("көктем жаз күз қыс")
_SEASON_ADVERBS: Final = word_set(
    "весной летом осенью зимой весною навесні влітку улітку восени взимку узимку көктемде жазда күзде қыста"
)


def _is_season(site: Site, token: Token) -> bool:
    """Whether a season word without year is a time here: "fall" and «зима» are not always."""
    before, after = site.before, site.after
    if site.lexicon.language == "en":
        if token.plain == "fall" and (after is None or after.plain == "of"):
            return False
        lone = site.tokens[site.match.first].category != "THE"
        return not lone or (before is not None and before.category in ("IN", "BY", "SINCE", "UNTIL", "FOR"))
    sure = before is not None and before.category in _PREPOSITIONS - {"COMMA", "AND", "DASH"}
    return token.plain in _SEASON_ADVERBS or sure


def _quarter(site: Site) -> Time | None:
    unit, year, year_turn = unit_of(site), site.number("year"), site.turn("yrel")
    if site.token("ago") is not None:
        year_turn = -1
    turn = site.turn()
    number = int(site.value("quarter")[1]) if site.token("quarter") is not None else site.number("ord")
    if site.value("ord") == "second":
        number = 2
    if site.token("last") is not None:
        return Time("date", year=year, half=2) if site.turn("last") == -1 else None
    if number is None:
        return None
    if unit == "halfyear" or site.token("halfyear") is not None:
        return Time("date", year=year, half=number, year_turn=year_turn) if number in (1, 2) else None
    if 1 <= number <= 4 and unit in ("quarter", ""):
        if year is None and any(
            t.category == "FISCAL" for t in site.tokens[site.match.first : site.match.last]
        ):
            turn = 0
        return Time("date", year=year, quarter=number, turn=turn, year_turn=year_turn)
    return None


def _quarters(site: Site) -> Time | None:
    """ "The first two quarters of 1990": a half of that year."""
    if unit_of(site) != "quarter" or site.number("num") != 2:
        return None
    first = site.value("ord") in ("1", "-1")
    return (
        Time("date", year=site.number("year"), half=1 if site.value("ord") == "1" else 2) if first else None
    )


def _quoted(site: Site) -> bool:
    """Whether a match stands alone in quotation marks: a title."""
    before, after = site.before, site.after
    return before is not None and after is not None and before.text in '«“"„' and after.text in '»”"“'


def _weekday(site: Site) -> Time | None:
    token, unit = site.token("weekday"), site.token("unit")
    if token is None or _quoted(site):
        return None
    if unit is not None and unit.value != "day":
        return None
    if token.category == "SHORTDAY" and site.value("rel").endswith("t"):
        return None  # "that Sun" is a newspaper
    english = site.lexicon.language == "en" and token.plain.endswith("days")
    if english or (unit is not None and unit.plain in site.lexicon.plural):
        return Time("set", literal=f"XXXX-WXX-{site.value('weekday')}")
    anchor = "text" if anchor_of(site) == "text" else ""
    return Time(
        "date", weekday=site.number("weekday"), turn=site.turn(), part=site.value("part"), anchor=anchor
    )


#: Categories beside a weekday that say it is one where no preposition does.
_BESIDE: Final = word_set("COMMA DAYNUM SINCE UNTIL BY TO FROM AND AFTER BEFORE PART THROUGH ON DASH")


def _weekday_beside(site: Site) -> Time | None:
    """A weekday without preposition: only beside a comma, a date or another weekday, as in a date line."""
    token = site.token("weekday")
    around = [t for t in (site.before, site.after) if t is not None]
    if token is None or _quoted(site) or not any(t.category in _BESIDE for t in around):
        return None
    dated = any(t.category in ("DAYNUM", "SINCE", "UNTIL", "BY") for t in around)
    if token.plain[:4] in ("сред", "сере") and not dated:
        return None  # also «environment», «among»
    if token.text[0].isupper() and site.match.first > 0 and not dated:
        return None  # a name: «Неділя Петрівна»
    return Time("date", weekday=site.number("weekday"))


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
    return Time(
        "date",
        year=site.number("year"),
        holiday=site.value("holiday"),
        turn=site.turn(),
        year_turn=site.turn("yrel"),
        shifted=-1 if site.token("eve") is not None else 0,
    )


def _day_alone(site: Site) -> Time | None:
    """ "On the 13th", «30-го»: a day of the month last spoken of."""
    after, before, day = site.after, site.before, site.number("day")
    if day is None:
        return None
    if site.lexicon.language != "en":
        token = site.token("day")
        if (
            token is None
            or not token.text.endswith("го")
            or (before is not None and before.category == "COMMA")
        ):
            return None
        return Time("date", day=day, anchor="text") if after is None or _ends_phrase(after) else None
    noun = after is not None and after.text[0].isalpha() and after.category == "OTHER"
    if noun and after is not None and after.plain not in _PRONOUNS:
        return None
    if before is None or before.category not in ("ON", "FROM", "TO", "BY", "SINCE", "UNTIL", "AND"):
        return None
    return Time("date", day=day, anchor="text")


_PRONOUNS: Final = word_set("it he she they we you i there his her its their our")
_VERBS: Final = re.compile(r"\w{3,}(?:ла|ло|ли|лся|лась|лись|ить|уть|ють|ит|ет|ут|ют)\Z")


def _ends_phrase(token: Token) -> bool:
    """Whether a noun may have been left out before a token: it is a mark or a verb."""
    return token.text in ".;)" or _VERBS.match(token.plain) is not None


def _eve(site: Site) -> Time | None:
    """The day before: of a date named, else of the day last spoken of or of publication."""
    if site.token("month") is not None:
        return Time(
            "date", year=site.number("year"), month=site.number("month"), day=site.number("day"), shifted=-1
        )
    after = site.after
    unknown = (
        after is not None and after.category == "OTHER" and after.plain.endswith(site.lexicon.genitive or "-")
    )
    if site.token("of") is not None or unknown:  # the day before something whose day is not told
        return Time("date", literal="XXXX-XX-XX", said="eve")
    return Time("date", relative=("day", -1), anchor="text")


DATES: Final[dict[str, Callable[[Site], Time | None]]] = {
    "bare_month": _bare_month,
    "century": _century,
    "date": date,
    "day_alone": _day_alone,
    "decade": _decade,
    "eve": _eve,
    "holiday": _holiday,
    "numeric": _numeric,
    "quarter": _quarter,
    "quarters": _quarters,
    "season": _season,
    "stamp": _stamp,
    "weekday": _weekday,
    "weekday_beside": _weekday_beside,
    "year": year_like,
    "year_sure": _year_sure,
}
