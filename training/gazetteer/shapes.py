"""Outlines of regions, simplified: what distances between regions are computed from.

Rings are thinned by Douglas and Peucker 1973 with a tolerance in degrees, small islands are left out, and
what is left is written in hundredths of a degree, as differences. A line is a place's id and its rings.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from itertools import pairwise
from math import asin, cos, degrees, hypot, radians, sin
from pathlib import Path
from typing import Final

__all__ = ["TOLERANCE", "area", "middles", "simplified", "write_shapes"]

OUTLINE: Final = Path(__file__).parents[2] / "src" / "tocsin" / "present" / "data" / "outline.json.gz"
#: A simplified border lies nowhere further than this from the original, in degrees of latitude (about 6 km).
TOLERANCE: Final = 0.05
#: Islands under this area go unless they are the largest piece: square degrees at the equator, 300 km².
_LEAST: Final = 0.025
Ring = list[list[float]]


def area(ring: Ring) -> float:
    """Area of a ring in square degrees at the equator."""
    middle = radians(sum(lat for _, lat in ring) / len(ring))
    twice = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]]))
    return abs(twice) / 2 * cos(middle)


def _off(point: list[float], a: list[float], b: list[float], squeeze: float) -> float:
    """Distance of a point from a segment, degrees of latitude."""
    px, py = (point[0] - a[0]) * squeeze, point[1] - a[1]
    bx, by = (b[0] - a[0]) * squeeze, b[1] - a[1]
    length = bx * bx + by * by
    at = max(0.0, min(1.0, (px * bx + py * by) / length)) if length else 0.0
    return hypot(px - at * bx, py - at * by)


def simplified(ring: Ring, tolerance: float = TOLERANCE) -> Ring:
    """A closed ring thinned; at least a triangle stays."""
    points = ring[:-1] if ring[0] == ring[-1] else ring
    if len(points) < 4:
        return points
    squeeze = cos(radians(sum(p[1] for p in points) / len(points)))
    far = max(
        range(len(points)), key=lambda i: hypot(points[i][0] - points[0][0], points[i][1] - points[0][1])
    )
    keep = {0, far}
    work = [(0, far), (far, len(points))]
    closed = [*points, points[0]]
    while work:
        first, last = work.pop()
        if last - first < 2:
            continue
        inside = range(first + 1, last)
        worst = max(inside, key=lambda i: _off(closed[i], closed[first], closed[last], squeeze))
        if _off(closed[worst], closed[first], closed[last], squeeze) > tolerance:
            keep.add(worst)
            work += [(first, worst), (worst, last)]
    if len(keep) < 3:
        keep |= {len(points) // 3, 2 * len(points) // 3}
    return [points[i] for i in sorted(keep)]


def _packed(ring: Ring) -> str:
    before = (0, 0)
    parts = []
    for lon, lat in ring:
        here = (round(lon * 100), round(lat * 100))
        parts.append(f"{here[0] - before[0]},{here[1] - before[1]}")
        before = here
    return " ".join(parts)


def middles() -> dict[str, tuple[float, float]]:
    """The middle of each country's largest piece of land, latitude and longitude, from the map's outline."""
    found = {}
    for country in json.loads(gzip.decompress(OUTLINE.read_bytes()))["countries"]:
        weight, lat, lon = max(map(_middle, country["rings"]))
        if country["iso"] and weight:
            found[country["iso"]] = (lat, lon)
    return found


def _middle(ring: Ring) -> tuple[float, float, float]:
    """Area (in degrees squared at the equator), latitude and longitude of a ring's centroid.

    On the cylindrical equal-area projection, so that northern lands do not weigh too much.
    """
    points = [(lon, sin(radians(lat))) for lon, lat in ring]
    area = x = y = 0.0
    for (x1, y1), (x2, y2) in pairwise(points):
        cross = x1 * y2 - x2 * y1
        area += cross
        x += (x1 + x2) * cross
        y += (y1 + y2) * cross
    if not area:
        return 0.0, 0.0, 0.0
    return abs(area), degrees(asin(max(-1.0, min(1.0, y / (3 * area))))), x / (3 * area)


def write_shapes(target: Path, shapes: Iterable[tuple[str, list[Ring]]]) -> int:
    """Write the outlines by place id; returns how many points there are."""
    lines, points = [], 0
    for place_id, rings in sorted(shapes):
        largest = max(rings, key=area)
        kept = [simplified(ring) for ring in rings if ring is largest or area(ring) >= _LEAST]
        points += sum(map(len, kept))
        lines.append(f"{place_id}\t{';'.join(_packed(ring) for ring in kept)}")
    target.write_bytes(gzip.compress("\n".join(lines).encode("ascii"), 9, mtime=0))
    return points
