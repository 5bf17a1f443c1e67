"""Units: their dimension, and conversion to base units of the SI.

The sizes are a table of exact definitions. pint was weighed and left out: 0.3 s and 18 MiB to load, 29 µs a
conversion (a sentence is read in 50 µs), for one multiplication; the benchmark holds the table equal to
pint's.
Currencies are dimensions of their own: no rate of exchange is assumed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from typing import Final

from tocsin.language.wordlists import read_words
from tocsin.model import Quantity

__all__ = ["Unit", "dimension", "is_currency", "load_units", "to_base"]

_CODE: Final = 3


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: ``number * size + zero`` is the number in the base unit of its dimension."""

    symbol: str
    dimension: str
    base: str
    size: Fraction
    zero: Fraction = Fraction(0)


@cache
def load_units() -> dict[str, Unit]:
    """Every unit by its symbol, read once."""
    raw = read_words("tocsin.resolve.quantities", "units")
    found = {}
    for name, group in raw.items():
        zeros = group.get("zero", {})
        for symbol, size in group["units"].items():
            zero = Fraction(zeros.get(symbol, "0"))
            found[symbol] = Unit(symbol, name, group["base"], Fraction(size), zero)
    return found


def is_currency(unit: str) -> bool:
    """Whether a unit is a currency: three capitals (ISO 4217)."""
    return len(unit) == _CODE and unit.isascii() and unit.isalpha() and unit.isupper()


def _rate(per: str) -> tuple[Fraction, Unit]:
    """The number and the unit of a rate («100 km»); raises KeyError on an unknown unit."""
    number, _, symbol = per.rpartition(" ")
    return Fraction(number or 1), load_units()[symbol]


@cache
def dimension(unit: str, per: str = "") -> str:
    """What a unit measures: length, money, share …; ``number`` for none; «length per time» for a rate.

    Raises KeyError on an unknown unit.

    >>> dimension("km", "h"), dimension("RUB"), dimension("")
    ('length per time', 'money', 'number')
    """
    own = "number" if not unit else "money" if is_currency(unit) else load_units()[unit].dimension
    return f"{own} per {_rate(per)[1].dimension}" if per else own


@cache
def _scale(unit: str, per: str) -> tuple[Fraction, Fraction, str, str]:
    """Size, zero, base unit and base rate of a unit and a rate."""
    if not unit or is_currency(unit):
        size, zero, base = Fraction(1), Fraction(0), unit
    else:
        known = load_units()[unit]
        size, zero, base = known.size, known.zero, known.base
    if not per:
        return size, zero, base, ""
    number, rate = _rate(per)
    return size / (number * rate.size), Fraction(0), base, rate.base


def to_base(quantity: Quantity) -> Quantity:
    """The same quantity in base units: m, m2, m3, kg, K, part, W, J …; rates per s, m, kg, person.

    Raises KeyError on an unknown unit.

    >>> str(to_base(Quantity(72, 72, unit="km", per="h")))
    '20 m / s'
    """
    size, zero, base, rate = _scale(quantity.unit, quantity.per)
    if size == 1 and not zero:
        return quantity if base == quantity.unit else replace(quantity, unit=base, per=rate)

    def moved(number: float | None) -> float | None:
        return None if number is None else float(Fraction(number).limit_denominator(10**9) * size + zero)

    low, high = moved(quantity.low), moved(quantity.high)
    return replace(quantity, low=low, high=high, unit=base, per=rate)
