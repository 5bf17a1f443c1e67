"""How far apart two places are when neither is a point: the least and greatest distance their extents allow.

"Launched from Kazakhstan at a plant in Tatarstan" is about a country and a region; the distance of their
reference points says nothing. Countries and first-level regions have outlines (Natural Earth 1:10m,
simplified: no border is off by more than about 6 km, islands under 300 km² may be missing), towns a circle
guessed from their people, areas and waters the reach their list gives. Distances are geodesics on WGS 84
(Karney 2013, through geographiclib).
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from math import ceil, hypot, pi, sqrt
from typing import TYPE_CHECKING, Final

from tocsin.resolve.gazetteer import Entry, Gazetteer, load_gazetteer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["BORDER_KM", "DistanceRange", "Extent", "distance_range", "extent_of"]

#: A ring of an outline: (latitude, longitude), not closed.
Ring = tuple[tuple[float, float], ...]

#: How far an outline may be off its border, km.
BORDER_KM: Final = 6.0
#: Borders are looked at every so many km.
_STEP_KM: Final = 25.0
_KM_PER_DEGREE: Final = 111.2
#: People a square kilometre of a town: a guess, between Almaty's 3,300 and Moscow's 5,000 and villages'
#: hundreds.
_DENSITY: Final = 2500.0
_LEAST_TOWN_KM: Final = 1.0
#: Reach of what has neither an outline nor a listed reach, km.
_GUESSED: Final = {"district": 30.0, "region": 80.0, "country": 50.0}
_ELSE_KM: Final = 200.0


@dataclass(frozen=True, slots=True)
class Extent:
    """What a place covers: outlines, or a circle of ``reach`` km about its point where there are none.

    ``guessed`` says that the reach is an estimate from its people or kind.
    """

    place_id: str
    lat: float
    lon: float
    rings: tuple[Ring, ...]
    reach: float
    guessed: bool

    def holds(self, lat: float, lon: float) -> bool:
        """Whether a point lies within the outlines, or the circle."""
        if not self.rings:
            return _geodesic((self.lat, self.lon), (lat, lon)) <= self.reach
        return any(_inside(lat, lon, ring) for ring in self.rings)


@dataclass(frozen=True, slots=True)
class DistanceRange:
    """Distances in km: the least and greatest between any two points of two extents, and between their
    points.

    ``slack`` is by how much either bound may be off because borders are simplified and looked at in steps;
    for guessed reaches it says nothing.
    """

    low: float
    high: float
    between_points: float
    slack: float
    guessed: bool


@cache
def _shapes() -> dict[str, str]:
    packed = files("tocsin.resolve").joinpath("data", "shapes.txt.gz").read_bytes()
    lines = gzip.decompress(packed).decode("ascii").split("\n")
    return dict(line.split("\t", 1) for line in lines)


@lru_cache(maxsize=256)
def _rings(place_id: str) -> tuple[Ring, ...]:
    found = []
    for packed in _shapes()[place_id].split(";"):
        lon = lat = 0
        ring = []
        for pair in packed.split(" "):
            x, y = pair.split(",")
            lon, lat = lon + int(x), lat + int(y)
            ring.append((lat / 100, lon / 100))
        found.append(tuple(ring))
    return tuple(found)


@cache
def _by_country() -> dict[str, tuple[str, ...]]:
    """Ids of the outlined regions of each country, by its ISO code; sorted."""
    gazetteer = load_gazetteer()
    found: dict[str, list[str]] = {}
    for place_id in _shapes():
        entry = gazetteer.by_id(place_id)
        if entry is not None:
            found.setdefault(entry.country, []).append(place_id)
    return {country: tuple(sorted(ids)) for country, ids in found.items()}


@lru_cache(maxsize=256)
def extent_of(place_id: str) -> Extent:
    """The extent of a gazetteer entry; raises KeyError for an id the gazetteer does not have.

    A country is the union of its first-level regions by GeoNames' and ISO 3166's reckoning, which is no
    view on any claim.
    """
    gazetteer: Gazetteer = load_gazetteer()
    entry = gazetteer.by_id(place_id.rpartition("@")[2])  # a venue has the extent of where the text puts it
    if entry is None:
        raise KeyError(place_id)
    place_id = entry.place_id
    rings: tuple[Ring, ...] = ()
    if entry.feature == "country":
        rings = tuple(ring for region in _by_country().get(entry.country, ()) for ring in _rings(region))
    elif place_id in _shapes():
        rings = _rings(place_id)
    if rings:
        return Extent(place_id, entry.lat, entry.lon, rings, 0.0, False)
    return Extent(place_id, entry.lat, entry.lon, (), *_reach(entry))


def _reach(entry: Entry) -> tuple[float, bool]:
    if entry.feature == "city":
        return max(_LEAST_TOWN_KM, sqrt(entry.population / _DENSITY / pi)), True
    if entry.reach:
        return float(entry.reach), False
    return _GUESSED.get(entry.feature, _ELSE_KM), True


def _inside(lat: float, lon: float, ring: Ring) -> bool:
    """Even-odd rule in degrees; no ring of the data spans the date line."""
    odd = False
    y1, x1 = ring[-1]
    for y2, x2 in ring:
        if (y1 > lat) != (y2 > lat) and lon < x1 + (lat - y1) / (y2 - y1) * (x2 - x1):
            odd = not odd
        y1, x1 = y2, x2
    return odd


def _border(extent: Extent) -> Iterable[tuple[float, float]]:
    """Points along the outlines, no further apart than ``_STEP_KM``."""
    if not extent.rings:
        yield extent.lat, extent.lon
    for ring in extent.rings:
        before = ring[-1]
        for here in ring:
            parts = ceil(hypot(here[0] - before[0], here[1] - before[1]) * _KM_PER_DEGREE / _STEP_KM) or 1
            for part in range(1, parts + 1):
                share = part / parts
                yield before[0] + (here[0] - before[0]) * share, before[1] + (here[1] - before[1]) * share
            before = here


def _directions(points: list[tuple[float, float]]) -> Floats:
    import numpy as np

    lat, lon = np.radians(np.array(points)).T
    found: Floats = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
    return found


def _geodesic(one: tuple[float, float], other: tuple[float, float]) -> float:
    from geographiclib.geodesic import Geodesic

    return float(Geodesic.WGS84.Inverse(*one, *other, Geodesic.DISTANCE)["s12"]) / 1000


def _extremes(one: list[tuple[float, float]], other: list[tuple[float, float]]) -> tuple[float, float]:
    """Least and greatest geodesic between two lists of points, km; candidates are picked on the sphere."""
    import numpy as np

    left, right = _directions(one), _directions(other)
    near = far = (0, 0)
    low, high = np.inf, -np.inf
    for start in range(0, len(left), 256):
        # The product is a cosine, so the largest is the nearest.
        dots = left[start : start + 256] @ right.T
        closest, furthest = int(dots.argmax()), int(dots.argmin())
        if -dots.flat[closest] < low:
            low, near = -dots.flat[closest], (start + closest // len(right), closest % len(right))
        if -dots.flat[furthest] > high:
            high, far = -dots.flat[furthest], (start + furthest // len(right), furthest % len(right))
    return _geodesic(one[near[0]], other[near[1]]), _geodesic(one[far[0]], other[far[1]])


@lru_cache(maxsize=1024)
def distance_range(one: str, other: str) -> DistanceRange:
    """Least and greatest distance between two places by id (``PlaceMention.place_id``, venues too).

    Places that meet are 0 apart; of one and the same place the greatest distance is how wide it is. Raises
    KeyError for an id the gazetteer does not have. Symmetric.

    >>> found = distance_range("geonames:1522867", "geonames:484048")  # Kazakhstan, Tatarstan
    >>> 250 < found.low < 500 < found.between_points < found.high
    True
    """
    if one > other:
        return distance_range(other, one)
    a, b = extent_of(one), extent_of(other)
    first, second = list(_border(a)), list(_border(b))
    low, high = _extremes(first, second)
    slack = BORDER_KM * (bool(a.rings) + bool(b.rings)) + (_STEP_KM / 2 if a.rings or b.rings else 0.0)
    low = max(0.0, low - a.reach - b.reach)
    # What is closer than the borders are known touches; so does what lies within the other.
    if one == other or low <= slack or a.holds(*second[0]) or b.holds(*first[0]):
        low = 0.0
    points = _geodesic((a.lat, a.lon), (b.lat, b.lon))
    high += a.reach + b.reach
    return DistanceRange(
        round(low, 1), round(high, 1), round(points, 1), round(slack, 1), a.guessed or b.guessed
    )
