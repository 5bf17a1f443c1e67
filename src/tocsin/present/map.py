"""The map of places mentioned: Natural Earth outline, clipped to where the corpus looks.

The projection is equirectangular with true scale at the middle latitude: honest enough at the scale of a
region, and a circle's place can be checked by eye. A place mentioned is not the place of an event.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from math import cos, floor, log2, pi, radians, sqrt
from typing import Any

from markupsafe import Markup, escape

from tocsin.present.evidence import plain
from tocsin.present.index import Index
from tocsin.present.words import count

__all__ = ["MapWords", "Outline", "PlaceMap", "PlaceRow", "load_outline", "map_of", "simplify_outlines"]

_WIDTH = 760.0
_MOST_ROWS = 30
_MOST_CIRCLES = 400
#: The map shows at least this share of all mentions' documents; places beyond it are listed beside it.
_SHARE = 0.95
_MARGIN = 0.12
_LEAST_DEGREES = 4.0
#: The outline may lie off the true one by so many pixels of the drawing.
_OFF = 0.7
#: Powers of two of degrees that this is from the smallest window to the globe.
_POWERS = range(-9, -1)
_FEW = 40  # points that are sooner looked at one by one than as an array

_Point = tuple[float, float]
_Points = list[_Point]
#: Countries as (ISO code, name, rings); a ring is a closed sequence of (longitude, latitude) in degrees.
Outline = tuple[tuple[str, str, tuple[tuple[_Point, ...], ...]], ...]


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place. ``area`` says that its point stands for a region or a country."""

    name: str
    country: str
    precision: str
    feature: str
    latitude: float
    longitude: float
    mentions: int
    documents: int
    forms: tuple[str, ...]
    alternatives: tuple[str, ...]
    place_id: str

    @property
    def area(self) -> bool:
        return self.precision in {"region", "country"}


@dataclass(frozen=True, slots=True)
class MapWords:
    """What a map says, in English unless told otherwise; ``name`` is what a place is called on it."""

    title: str = "Map of the places mentioned"
    description: str = (
        "Circles by number of documents, largest: %(places)s. The table of places holds the same."
    )
    documents: Callable[[int], str] = lambda number: count(number, "document")
    name: Callable[[PlaceRow], str] = lambda row: row.name


@dataclass(frozen=True, slots=True)
class PlaceMap:
    """The section on places: the drawing, its table, and what either leaves out."""

    drawing: Markup | None
    rows: tuple[PlaceRow, ...]
    hidden: int
    places: int
    mentions: int
    off_map: tuple[PlaceRow, ...]
    hidden_off: int


@dataclass(frozen=True, slots=True)
class _Window:
    """A rectangle in degrees and the scale at which it fills the drawing."""

    west: float
    south: float
    east: float
    north: float

    @property
    def squeeze(self) -> float:
        return max(0.2, cos(radians((self.south + self.north) / 2)))

    @property
    def scale(self) -> float:
        return _WIDTH / ((self.east - self.west) * self.squeeze)

    @property
    def height(self) -> float:
        return round((self.north - self.south) * self.scale, 1)

    def xy(self, longitude: float, latitude: float) -> tuple[float, float]:
        scale = self.scale
        return (longitude - self.west) * self.squeeze * scale, (self.north - latitude) * scale

    def shift(self, longitude: float) -> float:
        """The same meridian, counted so that it falls next to the window."""
        middle = (self.west + self.east) / 2
        return longitude - 360 * round((longitude - middle) / 360)

    def holds(self, row: PlaceRow) -> bool:
        longitude = self.shift(row.longitude)
        return self.west <= longitude <= self.east and self.south <= row.latitude <= self.north


@lru_cache(maxsize=1)
def load_outline() -> Outline:
    """The outline shipped with the package (Natural Earth, public domain)."""
    resource = files("tocsin.present") / "data" / "outline.json.gz"
    data = json.loads(gzip.decompress(resource.read_bytes()))
    return tuple(
        (item["iso"], item["name"], tuple(tuple((x, y) for x, y in ring) for ring in item["rings"]))
        for item in data["countries"]
    )


def _rows(index: Index) -> list[PlaceRow]:
    table = index.table("places")
    names = ("place_id", "document_id", "lemma", "alternatives")
    columns = [table.column(name).to_pylist() for name in names]
    mentions: Counter[str] = Counter()
    documents: dict[str, set[str]] = {}
    forms: dict[str, Counter[str]] = {}
    lost: dict[str, Counter[str]] = {}
    first: dict[str, int] = {}
    for number, (place, document, lemma, alternatives) in enumerate(zip(*columns, strict=True)):
        mentions[place] += 1
        documents.setdefault(place, set()).add(document)
        forms.setdefault(place, Counter())[lemma] += 1
        lost.setdefault(place, Counter()).update({a["label"]: 1 for a in alternatives})
        first.setdefault(place, number)
    order = sorted(mentions, key=lambda p: (-len(documents[p]), -mentions[p], p))
    taken = table.take([first[place] for place in order])
    fixed = ("name", "country", "precision", "feature", "latitude", "longitude")
    values = zip(*(taken.column(name).to_pylist() for name in fixed), strict=True)
    return [
        PlaceRow(
            name=name,
            country=country or "",
            precision=precision,
            feature=feature,
            latitude=latitude,
            longitude=longitude,
            mentions=mentions[place],
            documents=len(documents[place]),
            forms=_top(forms[place], 4),
            alternatives=_top(lost[place], 3),
            place_id=place,
        )
        for place, (name, country, precision, feature, latitude, longitude) in zip(order, values, strict=True)
    ]


def _top(tally: Counter[str], most: int) -> tuple[str, ...]:
    return tuple(sorted(tally, key=lambda v: (-tally[v], v))[:most])


def _unwrap(longitudes: Sequence[float]) -> float:
    """The middle of the largest empty arc: the meridian at which to cut the globe."""
    ordered = sorted({(v + 180) % 360 for v in longitudes})
    gaps = [(b - a, a) for a, b in zip(ordered, [*ordered[1:], ordered[0] + 360], strict=True)]
    width, start = max(gaps)
    return (start + width / 2) % 360 - 180


def _kept(values: Sequence[tuple[float, int]], share: float) -> tuple[float, float]:
    """The narrowest interval that holds at least ``share`` of the weight; ``values`` are (place, weight)."""
    ordered = sorted(values)
    total = sum(weight for _, weight in ordered)
    best = (ordered[0][0], ordered[-1][0])
    held, end = 0, 0
    for start, (low, weight) in enumerate(ordered):
        while end < len(ordered) and held < share * total:
            held += ordered[end][1]
            end += 1
        if held < share * total:
            break
        if ordered[end - 1][0] - low < best[1] - best[0]:
            best = (low, ordered[end - 1][0])
        held -= weight
        assert start < end
    return best


def _window(rows: Sequence[PlaceRow]) -> _Window:
    # Points that stand for a whole country say little about where to look: they count, but less.
    weighted = [(row, row.documents if row.area else 3 * row.documents) for row in rows]
    cut = _unwrap([row.longitude for row in rows])
    west, east = _kept([((row.longitude - cut) % 360, w) for row, w in weighted], _SHARE)
    south, north = _kept([(row.latitude, w) for row, w in weighted], _SHARE)
    west, east = west + cut, east + cut
    squeeze = max(0.2, cos(radians((south + north) / 2)))
    wide = max((east - west) * (1 + 2 * _MARGIN), _LEAST_DEGREES / squeeze)
    high = max((north - south) * (1 + 2 * _MARGIN), _LEAST_DEGREES * 0.6)
    # Between 2:1 and 3:2; the globe itself is the limit.
    wide = min(max(wide, 1.5 * high / squeeze), 360)
    high = min(max(high, wide * squeeze / 2), 165)
    x, y = (west + east) / 2, (south + north) / 2
    # The empty ends of the globe are left out unless something lies there.
    y = min(max(y, min(-82, south) + high / 2), max(84, north) - high / 2)
    return _Window(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)


def _clip(points: _Points, window: _Window) -> _Points:
    """A ring clipped to the window (Sutherland and Hodgman 1974), one edge after the other."""
    edges = ((0, window.west, 1), (0, window.east, -1), (1, window.south, 1), (1, window.north, -1))
    for axis, bound, sign in edges:
        clipped: _Points = []
        for number, here in enumerate(points):
            before = points[number - 1]
            inside, was_inside = sign * (here[axis] - bound) >= 0, sign * (before[axis] - bound) >= 0
            if inside != was_inside:
                part = (bound - before[axis]) / (here[axis] - before[axis])
                cross = [before[i] + part * (here[i] - before[i]) for i in (0, 1)]
                clipped.append((cross[0], cross[1]))
            if inside:
                clipped.append(here)
        points = clipped
        if not points:
            break
    return points


def _unrolled(ring: Sequence[_Point]) -> list[float]:
    """The longitudes of a ring without jumps: one that crosses the antimeridian goes on beyond 180°."""
    turn, before = 0.0, ring[0][0]
    found = []
    for longitude, _ in ring:
        if abs(longitude - before) > 180:
            turn += 360 if before > longitude else -360
        before = longitude
        found.append(longitude + turn)
    return found


def _simple(ring: Sequence[_Point], off: float) -> _Points:
    """A ring without the points that lie off what is left by less than ``off`` degrees.

    Douglas and Peucker 1973. Longitudes come without jumps; of a ring too small to be seen nothing is left.
    """
    import numpy as np

    corners = [(float(x), float(y)) for x, (_, y) in zip(_unrolled(ring), ring, strict=True)]
    points = np.array(corners)
    last = len(points) - 1
    far = int(np.argmax(((points - points[0]) ** 2).sum(axis=1)))
    kept = {0, far, last}
    waiting = [(0, far), (far, last)]
    while waiting:
        start, end = waiting.pop()
        if end - start < 2:
            continue
        if end - start <= _FEW:
            middle, furthest = _furthest(corners, start, end)
        else:
            between, line = points[start + 1 : end] - points[start], points[end] - points[start]
            along = np.clip(between @ line / max(float(line @ line), 1e-12), 0, 1)
            away = ((between - along[:, None] * line) ** 2).sum(axis=1)
            middle = start + 1 + int(np.argmax(away))
            furthest = float(away[middle - start - 1])
        if furthest > off**2:
            kept.add(middle)
            waiting += [(start, middle), (middle, end)]
    return [corners[n] for n in sorted(kept)] if len(kept) > 3 else []


def _furthest(points: Sequence[_Point], start: int, end: int) -> tuple[int, float]:
    """The point between two that is furthest from the line between them, and the square of how far."""
    (west, south), (east, north) = points[start], points[end]
    wide, high = east - west, north - south
    square = max(wide * wide + high * high, 1e-12)
    middle, most = start + 1, -1.0
    for number in range(start + 1, end):
        x, y = points[number][0] - west, points[number][1] - south
        along = (x * wide + y * high) / square
        along = 0.0 if along < 0 else min(along, 1.0)
        x, y = x - along * wide, y - along * high
        away = x * x + y * y
        if away > most:
            middle, most = number, away
    return middle, most


@lru_cache(maxsize=1)
def _shipped() -> tuple[tuple[tuple[_Point, ...], tuple[float, float, float, float]], ...]:
    """The rings shipped with the package, each with its west, south, east and north."""
    found = []
    for _, _, rings in load_outline():
        for ring in rings:
            longitudes, latitudes = _unrolled(ring), [y for _, y in ring]
            box = (min(longitudes), min(latitudes), max(longitudes), max(latitudes))
            found.append((ring, box))
    return tuple(found)


@lru_cache(maxsize=1 << 14)
def _shipped_ring(number: int, power: int) -> tuple[_Point, ...]:
    """One of them, exact to two to the ``power`` degrees."""
    return tuple(_simple(_shipped()[number][0], 2.0**power))


def simplify_outlines() -> None:
    """Have the shipped outlines at every scale of a map: a second of work, kept from then on."""
    for power in _POWERS:
        for number in range(len(_shipped())):
            _shipped_ring(number, power)


def _rings(window: _Window, outline: Outline | None) -> Iterable[Sequence[_Point]]:
    """The rings that may be seen in a window, as exact as its scale can show."""
    off = _OFF / window.scale
    if outline is not None:
        yield from (_simple(ring, off) for _, _, rings in outline for ring in rings)
        return
    power = floor(log2(off))
    for number, (_, (west, south, east, north)) in enumerate(_shipped()):
        turns = (-360, 0, 360)
        beside = any(west + turn <= window.east and east + turn >= window.west for turn in turns)
        if beside and south <= window.north and north >= window.south:
            yield _shipped_ring(number, power)


def _ring_path(ring: Sequence[_Point], window: _Window) -> Iterable[str]:
    longitudes, latitudes = [x for x, _ in ring], [y for _, y in ring]
    if not ring or max(latitudes) < window.south or min(latitudes) > window.north:
        return
    for turn in (-360, 0, 360):
        if max(longitudes) + turn < window.west or min(longitudes) + turn > window.east:
            continue
        moved = [(x + turn, y) for x, y in zip(longitudes, latitudes, strict=True)]
        drawn: list[tuple[int, int]] = []  # in tenths of a pixel, so that steps add up
        for point in _clip(moved, window):
            x, y = window.xy(*point)
            at = round(10 * x), round(10 * y)
            if not drawn or at != drawn[-1]:
                drawn.append(at)
        if len(drawn) >= 3:
            yield _path(drawn)


def _path(tenths: Sequence[tuple[int, int]]) -> str:
    """A closed line as the steps from each point to the next: a third of the length of places."""
    steps = [tenths[0]] + [(x - w, y - v) for (w, v), (x, y) in pairwise(tenths)]
    (first, *rest) = [f"{x / 10:g} {y / 10:g}" for x, y in steps]
    return f"M{first}l{' '.join(rest)}z".replace(" -", "-")


def _land(outline: Outline | None, window: _Window) -> str:
    """The land in a window; without an outline that of the package."""
    return "".join(part for ring in _rings(window, outline) for part in _ring_path(ring, window))


def _radii(documents: Sequence[int], height: float) -> list[float]:
    """Radii whose areas follow the counts; the largest shrinks until all circles fill a sixth at most."""
    most = max(documents, default=1)
    room = _WIDTH * height / 6 / (pi * sum(n / most for n in documents)) if documents else 1.0
    largest = min(22.0, sqrt(room))
    return [round(max(2.5, largest * sqrt(n / most)), 1) for n in documents]


_Box = tuple[float, float, float, float]


def _hits(box: _Box, others: Iterable[_Box]) -> bool:
    return any(box[0] < o[2] and o[0] < box[2] and box[1] < o[3] and o[1] < box[3] for o in others)


def _labels(
    placed: Sequence[tuple[PlaceRow, float, float, float]], window: _Window, size: float, most: int
) -> str:
    """Names beside their circles, most documents first; a name that would cover another is left out."""
    taken: list[_Box] = []
    found: list[str] = []
    for row, x, y, radius in placed:
        if len(found) == most:
            break
        name = plain(row.name)[:32]
        wide, high, gap = 0.56 * size * len(name), size, radius + 0.25 * size
        spots = (
            ("start", x + gap, y + 0.35 * size, x + gap),
            ("end", x - gap, y + 0.35 * size, x - gap - wide),
            ("middle", x, y - gap - 0.1 * size, x - wide / 2),
            ("middle", x, y + gap + 0.75 * size, x - wide / 2),
        )
        for anchor, at, base, left in spots:
            box = (left, base - 0.8 * high, left + wide, base + 0.25 * high)
            inside = box[0] >= 2 and box[1] >= 2 and box[2] <= _WIDTH - 2 and box[3] <= window.height - 2
            if inside and not _hits(box, taken):
                taken.append(box)
                weight = ' class="area"' if row.area else ""
                found.append(
                    f'<text x="{at:.1f}" y="{base:.1f}" text-anchor="{anchor}"{weight}>{escape(name)}</text>'
                )
                break
    return "".join(found)


def _drawing(rows: Sequence[PlaceRow], window: _Window, outline: Outline | None, words: MapWords) -> Markup:
    inside = [row for row in rows if window.holds(row)][:_MOST_CIRCLES]
    radii = _radii([row.documents for row in inside], window.height)
    placed = []
    for row, radius in zip(inside, radii, strict=True):
        x, y = window.xy(window.shift(row.longitude), row.latitude)
        placed.append((row, x, y, radius))
    circles = []
    for row, x, y, radius in sorted(placed, key=lambda item: -item[3]):
        tip = f"{plain(row.name)}: {words.documents(row.documents)}"
        kind = "spot" if not row.area else "area dashed" if radius >= 7 else "area"  # dashes need room
        circles.append(
            f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{radius}">'
            f"<title>{escape(tip)}</title></circle>"
        )
    shown = ", ".join(f"{plain(r.name)} ({r.documents:,})" for r in inside[:8])
    height = window.height
    return Markup(  # noqa: S704  names are escaped; the rest is numbers
        f'<svg class="map" viewBox="0 0 {_WIDTH:g} {height:g}" role="img" aria-labelledby="map-t map-d">'
        f'<title id="map-t">{escape(words.title)}</title>'
        f'<desc id="map-d">{escape(words.description % {"places": shown})}</desc>'
        f'<rect class="sea" width="{_WIDTH:g}" height="{height:g}"/>'
        f'<path class="land" d="{_land(outline, window)}"/>'
        f'<g class="dots">{"".join(circles)}</g>'
        f'<g class="names wide" aria-hidden="true">{_labels(placed, window, 13, 22)}</g>'
        f'<g class="names narrow" aria-hidden="true">{_labels(placed, window, 26, 9)}</g></svg>'
    )


def map_of(index: Index, outline: Outline | None = None, words: MapWords | None = None) -> PlaceMap:
    """The places mentioned; ``outline`` defaults to the one shipped with the package."""
    words = words or MapWords()
    table: Any = index.table("places")
    found = _rows(index) if table.num_rows else []
    rows = [replace(row, name=words.name(row)) for row in found]
    drawing = None
    off: tuple[PlaceRow, ...] = ()
    if rows:
        window = _window(rows)
        drawing = _drawing(rows, window, outline, words)
        off = tuple(row for row in rows if not window.holds(row))
    return PlaceMap(
        drawing=drawing,
        rows=tuple(rows[:_MOST_ROWS]),
        hidden=max(0, len(rows) - _MOST_ROWS),
        places=len(rows),
        mentions=table.num_rows,
        off_map=off[:12],
        hidden_off=max(0, len(off) - 12),
    )
