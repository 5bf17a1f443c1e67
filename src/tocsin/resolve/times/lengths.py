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
    if _is_age(site) or _is_title(site):
        return None
    half = site.token("half")
    if half is not None:
        if half.value.endswith(":") and token is None:
            return None
        unit, amount = _length(site)
        return Time("duration", unit=unit, amount=amount)
    if token is not None and token.category == "A" and unit in ("second", "minute", "weekend", "quarter"):
        return None
    if site.lexicon.language != "en" and token is not None and token.category == "YEAR":
        return None
    counted = token is not None and token.category in ("NUM", "SEVERAL") and site.lexicon.language == "en"
    if unit == "weekend" or (unit == "quarter" and not counted):
        return None  # «десять кварталов» are blocks of houses
    return Time("duration", unit=unit, amount=amount_of(site))


def _is_age(site: Site) -> bool:
    """ "52 years old", "6-year-old": TimeML marks no ages in English."""
    behind = site.tokens[site.match.last : site.match.last + 2]
    return any(t.category == "OLD" for t in behind[:1]) or (
        len(behind) == 2 and behind[0].category == "DASH" and behind[1].category == "OLD"
    )


def _is_title(site: Site) -> bool:
    """ "60 Minutes" is a programme; "three-quarters" is a share."""
    unit = site.token("unit")
    if unit is None or site.lexicon.language != "en":
        return False
    joined = site.tokens[site.match.first + 1].category == "DASH"
    return unit.text[0].isupper() or (joined and unit.value == "quarter")


def _duration_many(site: Site) -> Time | None:
    """ "For years", "in months": an unknown number of them."""
    token = site.token("unit")
    if token is None or token.plain not in site.lexicon.plural or countable_after(site):
        return None
    after = site.after
    if after is not None and after.category in ("OF", "AGO", "LATER", "EARLIER"):
        return None
    return Time("duration", unit=unit_of(site), amount=None)


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


def _set(site: Site) -> Time | None:
    literal = site.value("daily") or site.value("per")
    if literal:
        return Time("set", literal=literal)
    if site.token("weekday") is not None:
        return Time(
            "set",
            literal=f"XXXX-WXX-{site.value('weekday')}"
            + (f"T{part}" if (part := site.value("part")) else ""),
        )
    if site.token("part") is not None:
        return Time("set", literal=f"XXXX-XX-XXT{site.value('part')}")
    if site.token("season") is not None:
        return Time("set", literal=f"XXXX-{site.value('season')}")
    if site.token("month") is not None:
        return Time("set", literal=f"XXXX-{site.number('month'):02d}")
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
    "quarter_of": _quarter_of,
    "set": _set,
    "span": _span,
    "within": _within,
}
