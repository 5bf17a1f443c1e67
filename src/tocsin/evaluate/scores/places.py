"""Places: is a mention put where it is?

The field's custom (Leidner 2007; Gritta et al. 2018): the share of mentions put within 161 km, 100 miles,
of the annotated point (acc@161). A country or a large region has no one point, and gazetteers set theirs
hundreds of kilometres apart, so ``place`` also accepts the same place: the same GeoNames id, or, in sets
without ids, an entry of the annotated name whose outline holds the annotated point. In a system that takes
its points from the gazetteer of the annotation the two are the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Final

__all__ = ["MEASURES", "NEAR_KM", "Placed", "far", "right"]

NEAR_KM: Final = 161.0
MEASURES: Final = ("place", "acc@161", "id")


@dataclass(frozen=True, slots=True)
class Placed:
    """A place at half-open code points; ``title`` is the name of what is meant, where the set has one."""

    start: int
    end: int
    lat: float
    lon: float
    place_id: str = ""
    title: str = ""


def far(one: Placed, other: Placed) -> float:
    """Great-circle distance, km."""
    a = sin(radians(other.lat - one.lat) / 2) ** 2
    a += cos(radians(one.lat)) * cos(radians(other.lat)) * sin(radians(other.lon - one.lon) / 2) ** 2
    return 2 * 6371.0 * asin(min(1.0, sqrt(a)))


def right(gold: Placed, found: Placed, *, holds: bool = False) -> frozenset[str]:
    """Which of ``MEASURES`` hold. ``holds``: the entry found has the name and its outline the point."""
    held = set()
    if far(gold, found) <= NEAR_KM:
        held.add("acc@161")
    if gold.place_id and gold.place_id == found.place_id:
        held.add("id")
    if held or holds:
        held.add("place")
    return frozenset(held)
