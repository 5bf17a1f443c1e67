"""Quantities: is a number in a text found with its words, its bounds and its unit?

Rules of our own, since no shared task scores bounds: those of annotation stand in
``training/annotated_quantities/RULES.md``. Every annotated quantity is paired with at most one answer whose
words overlap its own, the best one first. Of a pair three things are asked, each including the next:

``exact``  the same words and the same value
``value``  bounds, whether they are included, approximation, unit and rate are the same
``number`` one bound, unit and rate are the same: all a tool can be asked that knows no bounds
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isclose
from typing import Final

from tocsin.model import Quantity

__all__ = ["MEASURES", "Valued", "counted_alike", "paired", "right"]

MEASURES: Final = ("exact", "value", "number")
#: Tools differ in what they call a share: a difference of percentages, a part without a unit.
_ALIKE: Final = ({"%", "pp"}, {"part", ""})


@dataclass(frozen=True, slots=True)
class Valued:
    """A quantity at half-open code points; ``counted`` is where the head noun of what it counts stands."""

    start: int
    end: int
    quantity: Quantity
    counted: tuple[int, int] | None = None


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return isclose(one, other, rel_tol=1e-4, abs_tol=1e-9)


def _same_value(one: Quantity, other: Quantity) -> bool:
    names = ("low_open", "high_open", "approximate", "unit", "per")
    flags = all(getattr(one, name) == getattr(other, name) for name in names)
    return flags and _same(one.low, other.low) and _same(one.high, other.high)


def _same_number(one: Quantity, other: Quantity) -> bool:
    own, their = ([b for b in (q.low, q.high) if b is not None] for q in (one, other))
    hit = any(_same(bound, found) for bound in own for found in their)
    alike = one.unit == other.unit or {one.unit, other.unit} in _ALIKE
    return hit and alike and one.per == other.per


def right(gold: Valued, found: Valued) -> frozenset[str]:
    """Which of ``MEASURES`` hold of a pair."""
    value = _same_value(gold.quantity, found.quantity)
    held = {"value"} if value else set()
    if value and (gold.start, gold.end) == (found.start, found.end):
        held.add("exact")
    if value or _same_number(gold.quantity, found.quantity):
        held.add("number")
    return frozenset(held)


def counted_alike(gold: Valued, found: Valued) -> bool:
    """Whether both count the same noun, or none."""
    return gold.counted == found.counted


def paired(gold: Sequence[Valued], found: Sequence[Valued]) -> list[tuple[int, int]]:
    """Indices of annotated quantities and answers that overlap: in order, each once, best first."""
    free = list(range(len(found)))
    pairs = []
    for at, own in enumerate(gold):
        near = [j for j in free if found[j].start < own.end and own.start < found[j].end]
        if near:
            best = max(near, key=lambda j: (len(right(own, found[j])), -j))
            free.remove(best)
            pairs.append((at, best))
    return pairs
