"""Places in checks: which of them a name may be, and distances with all that may be said for them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tocsin.judge.checks.amounts import plain
from tocsin.judge.checks.lines import Line
from tocsin.model import PlaceMention
from tocsin.resolve.extent import DistanceRange, distance_range
from tocsin.resolve.gazetteer import Entry, load_gazetteer

__all__ = ["Between", "between", "entry_of", "readings", "sure", "told"]

#: The least score of a place for it to count against a statement.
SURE: Final = 0.5
_READINGS: Final = 6
#: Readings of a name less likely than this are left out.
_POSSIBLE: Final = 0.05
#: Kinds of places that a distance is told from.
_FEATURES: Final = frozenset({"city", "region", "district", "country", "venue"})


def entry_of(place_id: str) -> Entry | None:
    """The gazetteer's entry of a place or venue; None for one it does not have."""
    return load_gazetteer().by_id(place_id.rpartition("@")[2])


def sure(line: Line, place: PlaceMention) -> bool:
    """Whether a place is resolved well enough, and written as a name is («the villages» is none)."""
    words = place_words(line, place)
    if place.feature not in _FEATURES:
        return False
    return place.score >= SURE and all(
        w[:1].isupper() or len(w) < 4 for w in words.split() if w[:1].isalpha()
    )


def place_words(line: Line, place: PlaceMention) -> str:
    return line.facts.document.text[place.start : place.end]


def readings(place: PlaceMention) -> list[str]:
    """Ids of the places the name may be, the chosen one first."""
    ids = [place.place_id, *(a.value for a in place.alternatives[:_READINGS] if a.score >= _POSSIBLE)]
    return [i for i in dict.fromkeys(ids) if entry_of(i) is not None]


def told(place: PlaceMention) -> str:
    """A place for the workings: name, kind and point."""
    return f"{place.name} ({place.feature}, {place.latitude:.2f}, {place.longitude:.2f})"


@dataclass(frozen=True, slots=True)
class Between:
    """The distance of two places: of the readings chosen, and the range over all readings of both names."""

    chosen: DistanceRange
    others: tuple[DistanceRange, ...]

    def steps(self, one: PlaceMention, other: PlaceMention) -> tuple[str, ...]:
        """How the distance came about."""
        found = self.chosen
        return (
            (
                f"{told(one)} – {told(other)}: geodesic on WGS 84 between the points "
                f"{plain(found.between_points)} km, "
                f"from anywhere in the one to anywhere in the other {plain(found.low)} to "
                f"{plain(found.high)} km"
            ),
        )

    @property
    def assumptions(self) -> tuple[str, ...]:
        found = []
        if self.chosen.guessed:
            found.append("a town is a circle guessed from its people")
        if self.chosen.slack:
            found.append(f"borders are known to {plain(self.chosen.slack)} km")
        return tuple(found)

    def least(self) -> float:
        """The least distance that any reading of the names allows, km."""
        return min(max(0.0, d.low - d.slack) for d in (self.chosen, *self.others))

    def greatest(self) -> float:
        """The greatest, km."""
        return max(d.high + d.slack for d in (self.chosen, *self.others))


def between(one: PlaceMention, other: PlaceMention) -> Between | None:
    """The distance of two places; None where the gazetteer lacks one or both are one."""
    firsts, seconds = readings(one), readings(other)
    if one.place_id not in firsts or other.place_id not in seconds or one.place_id == other.place_id:
        return None
    found = [distance_range(one.place_id, other.place_id)]
    found += [distance_range(a, other.place_id) for a in firsts[1:]]
    found += [distance_range(one.place_id, b) for b in seconds[1:]]
    return Between(found[0], tuple(found[1:]))


def distinct(places: Iterable[PlaceMention]) -> list[PlaceMention]:
    """One mention of each place, in order."""
    found: dict[str, PlaceMention] = {}
    for place in places:
        found.setdefault(place.place_id, place)
    return list(found.values())


def bounded(number: float) -> bool:
    return not math.isinf(number)
