"""Time expressions: found, with the same words, with the same value?

As in TempEval-3 (UzZaman et al. 2013), task A: ``strict`` asks for the same words, ``relaxed`` for any
character in common, ``value`` for that and the same TIMEX3 value. Two rules of our own: an annotated time is
paired with at most one answer, the one with its value first, then the one that shares most characters with
it; and ``bounds`` asks, of a pair, for the same of since, until, before and after.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

__all__ = ["BOUNDS", "MEASURES", "Timed", "paired", "right"]

MEASURES: Final = ("strict", "relaxed", "value")
#: What a text may say of an end of the interval.
BOUNDS: Final = ("since", "until", "before", "after")


@dataclass(frozen=True, slots=True)
class Timed:
    """A time at half-open code points. ``value`` is TIMEX3; None, where none is annotated, equals nothing.

    ``bounds`` are some of ``BOUNDS``, None where a file does not say.
    """

    start: int
    end: int
    value: str | None
    bounds: frozenset[str] | None = None


def _shared(one: Timed, other: Timed) -> int:
    return min(one.end, other.end) - max(one.start, other.start)


def _same_value(one: Timed, other: Timed) -> bool:
    return one.value is not None and one.value == other.value


def paired(gold: Sequence[Timed], found: Sequence[Timed]) -> list[tuple[int, int]]:
    """Indices of annotated times and answers that overlap: in order, each once, best first."""
    free = list(range(len(found)))
    pairs = []
    for at, own in enumerate(gold):
        near = [j for j in free if found[j].start < own.end and own.start < found[j].end]
        if near:
            best = max(near, key=lambda j: (_same_value(own, found[j]), _shared(own, found[j]), -j))
            free.remove(best)
            pairs.append((at, best))
    return pairs


def right(gold: Timed, found: Timed) -> frozenset[str]:
    """Which of ``MEASURES`` hold of a pair, and ``bounds``."""
    held = {"relaxed"}
    if (gold.start, gold.end) == (found.start, found.end):
        held.add("strict")
    if _same_value(gold, found):
        held.add("value")
    if gold.bounds is not None and gold.bounds == (found.bounds or frozenset()):
        held.add("bounds")
    return frozenset(held)
