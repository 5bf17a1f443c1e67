"""Comparing quantities: what the checks of claims need.

Two quantities are compared in base units. What the text calls approximate is widened by a tolerance first;
what it
gives as a bound ("at least 12") stays one-sided, so that it contradicts nothing above it. What a number
counts is not looked at
here: the caller knows whether two numbers are about the same thing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tocsin.model import Quantity
from tocsin.resolve.quantities.units import dimension, is_currency, to_base

__all__ = ["TOLERANCE", "comparable", "contradicts", "overlap", "ratio", "widened"]

#: By how much of its value an approximate number may be off.
TOLERANCE: Final = 0.1
#: Relative difference below which two bounds are one: what conversion loses.
_SAME: Final = 1e-9


def comparable(one: Quantity, other: Quantity) -> bool:
    """Whether both measure the same: one dimension, one kind of rate, one currency.

    >>> comparable(Quantity(1, 1, unit="km"), Quantity(5, 5, unit="mi"))
    True
    """
    if is_currency(one.unit) and is_currency(other.unit) and one.unit != other.unit:
        return False
    return dimension(one.unit, one.per) == dimension(other.unit, other.per)


def widened(quantity: Quantity, tolerance: float = TOLERANCE) -> Quantity:
    """An approximate quantity with its bounds moved out by a share of themselves; any other as it is.

    >>> str(widened(Quantity(200, 200, approximate=True)))
    '~180..220'
    """
    if not quantity.approximate:
        return quantity
    low, high = quantity.low, quantity.high
    return replace(
        quantity,
        low=None if low is None else low - abs(low) * tolerance,
        high=None if high is None else high + abs(high) * tolerance,
    )


def _tightest(one: Quantity, other: Quantity, side: str) -> tuple[float | None, bool]:
    """The greater of two lower bounds, or the less of two upper ones, and whether it is excluded."""
    sign = 1 if side == "low" else -1
    bounds = []
    for quantity in (one, other):
        bound: float | None = getattr(quantity, side)
        if bound is not None:
            bounds.append((sign * bound, getattr(quantity, f"{side}_open")))
    if not bounds:
        return None, False
    value, is_open = max(bounds)
    return sign * value, is_open


def overlap(one: Quantity, other: Quantity, tolerance: float = TOLERANCE) -> Quantity | None:
    """What both allow, in base units; None where they have no number in common.

    Raises ValueError where they are not comparable.
    """
    if not comparable(one, other):
        raise ValueError(f"not comparable: {one} and {other}")
    left, right = (widened(to_base(quantity), tolerance) for quantity in (one, other))
    low, low_open = _tightest(left, right, "low")
    high, high_open = _tightest(left, right, "high")
    if low is not None and high is not None:
        if abs(low - high) <= _SAME * max(abs(low), abs(high)):
            if low_open or high_open:
                return None
            high = low
        elif low > high:
            return None
    return Quantity(
        low, high, low_open, high_open, left.unit, left.per, left.approximate or right.approximate
    )


def contradicts(one: Quantity, other: Quantity, tolerance: float = TOLERANCE) -> bool:
    """Whether both cannot be true of one thing. False where they are not comparable.

    >>> contradicts(Quantity(12, None), Quantity(8, 8))
    True
    """
    return comparable(one, other) and overlap(one, other, tolerance) is None


def ratio(one: Quantity, other: Quantity, tolerance: float = TOLERANCE) -> Quantity | None:
    """How many times the other the one is, as an interval (unit ``x``).

    None where they are not comparable, where temperatures are compared (20 °C is not twice 10 °C), and
    where the other
    may be zero or less, or the one less than zero: bounds would then mean nothing.

    >>> str(ratio(Quantity(600, 600, unit="km"), Quantity(1200, 1200, unit="km")))
    '0.5 x'
    """
    if not comparable(one, other) or dimension(one.unit, one.per) in ("temperature", "degree"):
        return None
    top, bottom = (widened(to_base(quantity), tolerance) for quantity in (one, other))
    if bottom.low is None or bottom.low <= 0 or (top.low is not None and top.low < 0):
        return None
    low = None if top.low is None or bottom.high is None else top.low / bottom.high
    high = None if top.high is None else top.high / bottom.low
    if low is None and high is None:
        return None
    low_open = low is not None and (top.low_open or bottom.high_open)
    high_open = high is not None and (top.high_open or bottom.low_open)
    return Quantity(low, high, low_open, high_open, "x", approximate=one.approximate or other.approximate)
