"""Constructors of lengths of time and of how often: three days, within a week, every Monday."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tocsin.resolve.times.site import Site, amount_of, countable_after, is_plural, unit_of
from tocsin.resolve.times.values import Time

__all__ = ["LENGTHS"]

_SPANS: Final = {-1: "past", 1: "future"}


def _length(site: Site) -> tuple[str, float | None]:
    """Unit and amount of a match: a word that holds both, half a unit, or a number and a unit."""
    token = site.token("half")
    if token is not None and token.category != "HALF":
        unit, _, count = token.value.partition(":")
        return unit, float(count) if count else amount_of(site)
    if token is not None:
        return unit_of(site), 0.5
    return unit_of(site), amount_of(site)


def _span(site: Site) -> Time | None:
    turn = site.turn()
    if turn is None:
        return None
    token = site.token("unit")
    unit, amount = _length(site)
    # «последние дни», "recent weeks": more than one, and how many is not said.
    many = site.token("num") is None and token is not None and is_plural(site)
    many = many and not (token is not None and token.plain.startswith("сут"))  # one day, plural in form only
    return Time("duration", unit=unit, amount=None if many else amount, span=_SPANS.get(turn, ""))


def _within(site: Site) -> Time | None:
    turn = site.turn()
    unit, amount = _length(site)
    return Time(
        "duration", unit=unit, amount=amount, span="within" if turn is None else _SPANS.get(turn, "within")
    )


def _deadline(site: Site) -> Time | None:
    unit, amount = _length(site)
    return Time("duration", unit=unit, amount=amount, span="deadline")


def _duration(site: Site) -> Time | None:
    token, unit = site.token("num"), unit_of(site)
    if _is_some_day(site):
        return Time("ref", literal="FUTURE_REF")
    if _is_age(site) or _is_title(site) or _is_per(site):
        return None
    half = site.token("half")
    if half is not None:
        if half.value.endswith(":") and token is None:
            return None
        unit, amount = _length(site)
        return Time("duration", unit=unit, amount=amount)
    if site.tokens[site.match.last - 1].category == "PLUSHALF":
        return Time("duration", unit=unit, amount=1.5)
    return Time("duration", unit=unit, amount=amount_of(site)) if _is_length(site, unit) else None


#: «На 85 году жизни»: a year counted, not so many of them.
_ORDINAL_YEARS: Final = ("году", "годе", "році")


def _is_length(site: Site, unit: str) -> bool:
    """Whether a number and a unit are a length: "a second" is not, nor «десять кварталов», houses."""
    category = "" if (token := site.token("num")) is None else token.category
    english = site.lexicon.language == "en"
    word = site.token("unit")
    if word is not None and word.plain in _ORDINAL_YEARS:
        return False
    if category == "A" and unit in ("second", "minute", "quarter"):
        return False
    if category == "YEAR" and not english:
        return False
    return unit != "weekend" and (unit != "quarter" or (english and category in ("NUM", "SEVERAL")))


def _is_some_day(site: Site) -> bool:
    """ "Will one day be"."""
    token, before = site.token("num"), site.before
    one = token is not None and token.plain == "one" and unit_of(site) == "day"
    return one and before is not None and before.plain in site.lexicon.future


def _is_age(site: Site) -> bool:
    """ "52 years old", "6-year-old": TimeML marks no ages in English."""
    behind = site.tokens[site.match.last : site.match.last + 2]
    return any(t.category == "OLD" for t in behind[:1]) or (
        len(behind) == 2 and behind[0].category == "DASH" and behind[1].category == "OLD"
    )


#: Tokens between a figure and what it is counted per: "358,000 a month", "four flights a week".
_COUNTED_PER: Final = 3


def _is_per(site: Site) -> bool:
    """ "$500 million a year", "four flights a week": a rate, which is a quantity and no time."""
    token = site.token("num")
    if token is None or token.category != "A" or site.lexicon.language != "en":
        return False
    for before in reversed(site.tokens[max(0, site.match.first - _COUNTED_PER) : site.match.first]):
        if before.category in ("NUMBER", "DAYNUM", "NUM", "DECIMAL") or before.text[:1] in "$€£":
            return True
        if before.category not in ("OTHER", "UNIT") or not before.text[0].isalpha():
            return False
    return False


def _is_title(site: Site) -> bool:
    """ "60 Minutes" is a programme; "three-quarters" is a share."""
    unit = site.token("unit")
    if unit is None or site.lexicon.language != "en":
        return False
    joined = site.tokens[site.match.first + 1].category == "DASH"
    return unit.text.istitle() or (joined and unit.value == "quarter")


def _duration_many(site: Site) -> Time | None:
    """ "For years", "in months": an unknown number of them."""
    token = site.token("unit")
    if token is None or token.plain not in site.lexicon.plural or countable_after(site):
        return None
    over = site.token("over")
    if over is not None and (over.plain != "over" or site.after is None or site.after.category == "OF"):
        return None  # "over the years", but "for the years 1990 and 1991"
    after = site.after
    if after is not None and after.category in ("OF", "AGO", "LATER", "EARLIER"):
        return None
    return Time("duration", unit=unit_of(site), amount=None)


def _long(site: Site) -> Time | None:
    """ "A day-long meeting", "a months-long trek"."""
    token = site.token("unit")
    many = token is not None and token.plain in site.lexicon.plural
    before = site.before
    if before is not None and before.category == "DASH":
        return None  # of "three-day-long" the number is read with the unit
    return Time("duration", unit=unit_of(site), amount=None if many else 1)


def _duration_one(site: Site) -> Time | None:
    """«Более часа», «около года»: one of a unit, told by its form in the singular."""
    token = site.token("unit")
    if token is None or token.plain not in site.lexicon.singular:
        return None
    return Time("duration", unit=unit_of(site), amount=1)


def _quarter_of(site: Site) -> Time | None:
    """«Четверть часа», «чверть століття»."""
    parts = {"hour": ("minute", 15.0), "century": ("year", 25.0)}.get(unit_of(site))
    return None if parts is None else Time("duration", unit=parts[0], amount=parts[1])


def _age(site: Site) -> Time | None:
    return Time("duration", unit="year", amount=amount_of(site))


def _is_rate(site: Site) -> bool:
    """ "Rise 8.5% annually", "10,000 units annually": so much a year, not a time."""
    word = site.token("daily")
    before = site.tokens[max(0, site.match.first - 2) : site.match.first]
    return (
        word is not None
        and word.plain == "annually"
        and any(t.text[-1:].isdigit() or "%" in t.text for t in before)
    )


def _pattern(site: Site) -> str:
    """The TIMEX3 pattern of what returns: a weekday, a part of the day, a season, a month."""
    literal = site.value("daily") or site.value("per")
    part = site.value("part")
    if not literal and site.token("weekday") is not None:
        literal = f"XXXX-WXX-{site.value('weekday')}" + (f"T{part}" if part else "")
    elif not literal and site.token("part") is not None:
        literal = f"XXXX-XX-XXT{part}"
    elif not literal and site.token("season") is not None:
        literal = f"XXXX-{site.value('season')}"
    elif not literal and site.token("month") is not None:
        literal = f"XXXX-{site.number('month'):02d}"
    return literal


def _set(site: Site) -> Time | None:
    literal = _pattern(site)
    if literal:
        return None if _is_rate(site) else Time("set", literal=literal)
    unit, amount = _length(site)
    if unit == "weekend":
        return Time("set", literal="XXXX-WXX-WE")
    if site.token("lead") is not None:
        return None  # «по месяцам»
    return Time("set", unit=unit, amount=amount)


LENGTHS: Final[dict[str, Callable[[Site], Time | None]]] = {
    "age": _age,
    "deadline": _deadline,
    "duration": _duration,
    "duration_many": _duration_many,
    "duration_one": _duration_one,
    "long": _long,
    "quarter_of": _quarter_of,
    "set": _set,
    "span": _span,
    "within": _within,
}
