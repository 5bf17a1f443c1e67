"""Constructors of two ends in one match: "April 3–5", «с 3 по 5 апреля», "1941–1945", «XVII–XVIII веках».

Each gives its two ends as times of their own, as TIMEX3 has them; the interval of both is the whole, unless
the two are merely listed (``3 и 5 апреля``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from tocsin.resolve.times.dates import year_like
from tocsin.resolve.times.site import Site, countable_after
from tocsin.resolve.times.tokens import Token
from tocsin.resolve.times.values import Time

__all__ = ["RANGES", "End"]


@dataclass(frozen=True, slots=True)
class End:
    """One end of a range: its meaning, its tokens ``[first, last)``, whether the next end closes it."""

    time: Time
    first: int
    last: int
    opens: bool


def _at(site: Site, token: Token) -> int:
    return next(index for index in range(site.match.first, site.match.last) if site.tokens[index] is token)


def _ends(site: Site, roles: tuple[str, str], one: Time, two: Time) -> tuple[End, End] | None:
    """The two ends, cut behind the token of the first role; a month may stand before both."""
    first, last = site.token(roles[0]), site.token(roles[1])
    if first is None or last is None:
        return None
    joint = site.token("joint")
    opens = joint is None or joint.category != "AND"
    begin, behind = _at(site, first), _at(site, last)
    start = site.match.first
    while start < begin and site.tokens[start].category in ("SINCE", "FROM", "BETWEEN", "THE", "NIGHTFROM"):
        if site.tokens[start].category == "NIGHTFROM":
            break
        start += 1
    return End(one, start, begin + 1, opens), End(two, behind, site.match.last, False)


def _days(site: Site) -> tuple[End, End] | None:
    first, last = site.number("day"), site.number("last")
    if first is None or last is None or first >= last:
        return None
    year_turn, deictic = site.turn("yrel"), site.value("deictic_year")
    if deictic.startswith("year:"):
        year_turn = int(deictic[5:])
    whole = Time("date", year=site.number("year"), month=site.number("month"), year_turn=year_turn)
    return _ends(site, ("day", "last"), replace(whole, day=first), replace(whole, day=last))


def _nights(site: Site) -> tuple[End, End] | None:
    first, last = site.number("day"), site.number("last")
    if first is None or last is None or first >= last:
        return None
    whole = Time("date", year=site.number("year"), month=site.number("month"), part="NI")
    one = replace(whole, day=first, span="night")
    return _ends(site, ("day", "last"), one, replace(whole, day=last, night_to=True))


def _nights_week(site: Site) -> tuple[End, End] | None:
    """«В ночь с пятницы на субботу»."""
    first, last = site.number("first"), site.number("last")
    if first is None or last is None or last != first % 7 + 1:
        return None
    one = Time("date", weekday=first, part="NI", span="night")
    two = Time("date", relative=("day", 1), anchor="text", part="NI", night_to=True)
    return _ends(site, ("first", "last"), one, two)


def _years(site: Site) -> tuple[End, End] | None:
    first, last = site.number("year"), site.number("last")
    if first is None or last is None or countable_after(site):
        return None
    if site.token("bce") is not None:
        return _year_ends(site, -first, -last) if first > last else None
    if not 1000 <= first <= 2199:
        return None
    if last < 100:
        joint = site.token("joint")
        slash = joint is not None and joint.category == "SLASH"
        if not (last > 12 or slash or last == first % 100 + 1):
            return None  # "2006-07" may be a month
        last += first // 100 * 100
    if last <= first or last > 2199 or (site.token("sure") is None and not _sure(site)):
        return None
    return _year_ends(site, first, last)


def _sure(site: Site) -> bool:
    """Whether two four-digit figures are years with no word for it."""
    joint = site.token("joint")
    if joint is not None and joint.category not in ("DASH", "SLASH"):
        return year_like(site) is not None
    first = site.number("year") or 0
    return 1400 <= first <= 2099


def _year_ends(site: Site, first: int, last: int) -> tuple[End, End] | None:
    season = site.value("season")
    one = Time("date", year=first, season=season)
    return _ends(site, ("year", "last"), one, Time("date", year=last))


def _months(site: Site) -> tuple[End, End] | None:
    """ "August–October 1939": the year is of both."""
    year = site.number("year")
    first, last = site.number("month"), site.number("last")
    if first is None or last is None or first >= last:
        return None
    one = Time("date", year=year, month=first)
    return _ends(site, ("month", "last"), one, Time("date", year=year, month=last))


def _centuries(site: Site) -> tuple[End, End] | None:
    first, last = site.number("ord"), site.number("last")
    if not first or not last or not 1 <= first < last <= 30:
        return None
    one = Time("date", century=first - 1)
    return _ends(site, ("ord", "last"), one, Time("date", century=last - 1))


def _amounts(site: Site) -> tuple[End, End] | None:
    """«Пять–семь лет», "two to three weeks": two lengths, the unit is of both."""
    one, two = site.token("num"), site.token("last")
    unit = site.token("unit")
    if one is None or two is None or unit is None:
        return None
    low, high = float(one.value.replace(",", ".")), float(two.value.replace(",", "."))
    name = {"YEARWORD": "year", "CENTURY": "century"}.get(unit.category, unit.value)
    if low >= high or name in ("weekend", "quarter"):
        return None
    first = Time("duration", unit=name, amount=low)
    found = _ends(site, ("num", "last"), first, Time("duration", unit=name, amount=high))
    return None if found is None else (replace(found[0], opens=False), found[1])


def _hours(site: Site) -> tuple[End, End] | None:
    """«С 9 до 18 часов»."""
    first, last, word = site.number("hour"), site.number("last"), site.token("hourword")
    if first is None or last is None or word is None or word.value != "hour" or not first < last <= 24:
        return None
    late = 12 if site.value("part") in ("EV", "AF") and last < 12 else 0
    one = Time("date", hour=first)
    return _ends(site, ("hour", "last"), one, Time("date", hour=(last + late) % 24))


RANGES: Final[dict[str, Callable[[Site], tuple[End, End] | None]]] = {
    "amounts": _amounts,
    "centuries": _centuries,
    "days": _days,
    "hours": _hours,
    "months": _months,
    "nights": _nights,
    "nights_week": _nights_week,
    "years": _years,
}
