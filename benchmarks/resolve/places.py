"""Places on GeoWebNews and GeoVirus with mentions given and end to end, and coverage of NEREL's place names.

    python benchmarks/resolve/places.py [--data ../shared/data] [--posts N]

Given mentions: share within 161 km of the gold point (acc@161), unfound names counted as wrong, beside
the population baseline (the entry of most people that bears the name), and both again on names the
gazetteer has. Id match: the same GeoNames id. End to end: our own detection; a mention is right if it
overlaps a gold one and lies within 161 km. Speed: sentences a second on Telegram posts, one process.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import NamedTuple

from tocsin.language.segment import sentences
from tocsin.resolve.candidates import Candidate, find_candidates
from tocsin.resolve.gazetteer import Entry, load_gazetteer
from tocsin.resolve.places import find_places, surroundings
from tocsin.resolve.weigh import Around, weigh
from tocsin.testing import ratchet

FLOOR = Path(__file__).parents[1] / "floors" / "places.json"

NEAR_KM = 161.0  # 100 miles, the field's custom


class Gold(NamedTuple):
    start: int
    end: int
    lat: float
    lon: float
    place_id: str


@dataclass
class Text:
    text: str
    gold: list[Gold]


def distance(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance in km."""
    a = sin(radians(lat2 - lat1) / 2) ** 2
    a += cos(radians(lat1)) * cos(radians(lat2)) * sin(radians(lon2 - lon1) / 2) ** 2
    return 2 * 6371 * asin(min(1.0, sqrt(a)))


def geowebnews(path: Path) -> Iterator[Text]:
    for article in ET.parse(path).getroot():  # noqa: S314 - a local data set
        text = article.findtext("text") or ""
        gold = []
        for item in article.iter("toponym"):
            lat, lon, identity = (item.findtext(k) for k in ("latitude", "longitude", "geonamesID"))
            if lat and lon and identity:
                start, end = int(item.findtext("start") or 0), int(item.findtext("end") or 0)
                gold.append(Gold(start, end, float(lat), float(lon), f"geonames:{identity}"))
        yield Text(text, gold)


def geovirus(path: Path) -> Iterator[Text]:
    for article in ET.parse(path).getroot():  # noqa: S314
        text = article.findtext("text") or ""
        gold = []
        for item in article.iter("location"):
            name = (item.findtext("name") or "").strip()
            start = text.find(name, max(0, int(item.findtext("start") or 0) - 3))
            if name and start >= 0:
                lat, lon = float(item.findtext("lat") or 0), float(item.findtext("lon") or 0)
                gold.append(Gold(start, start + len(name), lat, lon, ""))
        yield Text(text, gold)


def given(text: str, gold: Gold) -> Candidate | None:
    """The candidate of a mention whose span is known: its words alone are looked up, what follows is kept."""
    name = text[gold.start : gold.end].strip()
    found = [c for c in find_candidates(name, gold.start, "en") if c.end - c.start >= len(name) - 2]
    if not found:
        return None
    tail = text[gold.end : gold.end + 30].removeprefix(", ").split(",")[0].split(" ")[0].strip(".")
    beyond = tail if text[gold.end : gold.end + 2] == ", " else ""
    return replace(found[0], beyond=beyond)


def hit(entry: Entry, gold: Gold) -> bool:
    return distance(entry.lat, entry.lon, gold.lat, gold.lon) <= NEAR_KM


def with_mentions(texts: list[Text]) -> Counter[str]:
    gazetteer = load_gazetteer()
    counts: Counter[str] = Counter()
    empty = Around(frozenset(), frozenset(), Counter())
    for item in texts:
        found = [(gold, given(item.text, gold)) for gold in item.gold]
        around = surroundings([weigh(c, empty, gazetteer)[0] for _, c in found if c is not None])
        for gold, candidate in found:
            counts["gold"] += 1
            if candidate is None:
                continue
            counts["covered"] += 1
            best = weigh(candidate, around, gazetteer)[0].entry
            largest = max(
                (gazetteer.entry(r.row) for r in candidate.readings), key=lambda e: (e.population, e.place_id)
            )
            counts["ours"] += hit(best, gold)
            counts["ours id"] += best.place_id == gold.place_id
            counts["population"] += hit(largest, gold)
            counts["population id"] += largest.place_id == gold.place_id
    return counts


def end_to_end(texts: list[Text]) -> tuple[float, float]:
    """Precision and recall of located mentions."""
    right = guessed = total = 0
    for item in texts:
        spans = [(span.start, span.end, "en") for _, span in sentences(item.text)]
        mentions = find_places("d", item.text, spans)
        guessed += len(mentions)
        total += len(item.gold)
        for gold in item.gold:
            right += any(
                m.start < gold.end
                and gold.start < m.end
                and distance(m.latitude, m.longitude, gold.lat, gold.lon) <= NEAR_KM
                for m in mentions
            )
    return right / max(guessed, 1), right / max(total, 1)


def nerel(path: Path) -> Counter[str]:
    """Names of cities, countries and regions that the gazetteer has, through lemmas; no disambiguation."""
    counts: Counter[str] = Counter()
    kinds = {"CITY": "city", "COUNTRY": "country", "STATE_OR_PROVINCE": "region"}
    for line in path.read_text(encoding="utf-8").splitlines():
        document = json.loads(line)
        for start, end, label in document["entities"]:
            name = document["text"][start:end]
            if label not in kinds or not name[:1].isupper():
                continue  # «столица», «республика»: descriptions, and adjectives («российский»), not names
            found = find_candidates(name, 0, "ru")
            counts[kinds[label]] += 1
            counts[kinds[label] + " found"] += any(c.end - c.start == len(name) for c in found)
    return counts


def speed(folder: Path, most: int) -> tuple[int, float]:
    posts = [
        post["text"]
        for file in sorted(folder.glob("*.json"))
        for post in json.loads(file.read_text(encoding="utf-8"))
        if post["text"]
    ][:most]
    cut = [(post, [(span.start, span.end, "ru") for _, span in sentences(post)]) for post in posts]
    find_places("d", "Москва", [(0, 6, "ru")])
    begun = time.process_time()
    for post, spans in cut:
        find_places("d", post, spans)
    return sum(len(spans) for _, spans in cut), time.process_time() - begun


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--posts", type=int, default=4000)
    parser.add_argument("--floor", choices=ratchet.MODES, default="check")
    options = parser.parse_args(arguments)
    metrics: dict[str, float] = {}
    begun = time.perf_counter()
    load_gazetteer()
    print(f"gazetteer: {len(load_gazetteer()):,} entries in {time.perf_counter() - begun:.2f} s")
    place = options.data / "place"
    sets = {"GeoWebNews": geowebnews(place / "GWN.xml"), "GeoVirus": geovirus(place / "GeoVirus.xml")}
    for name, texts in sets.items():
        items = list(texts)
        counts = with_mentions(items)
        gold, covered = counts["gold"], counts["covered"]
        print(f"{name}: {gold} mentions, {covered / gold:.3f} in the gazetteer")
        for system in ("ours", "population"):
            every, known = counts[system] / gold, counts[system] / covered
            identity = f", id match {counts[f'{system} id'] / covered:.3f}" if name == "GeoWebNews" else ""
            print(f"  {system:<11} acc@161 {every:.3f} of all, {known:.3f} of covered{identity}")
        precision, recall = end_to_end(items)
        metrics[f"{name}: acc@161 of covered"] = counts["ours"] / covered
        metrics[f"{name}: end-to-end precision"] = precision
        metrics[f"{name}: end-to-end recall"] = recall
        print(f"  end to end  precision {precision:.3f}, recall {recall:.3f}")
    counts = nerel(options.data / "names" / "ner" / "nerel_dev.jsonl")
    for kind in ("city", "country", "region"):
        print(f"NEREL {kind}: {counts[f'{kind} found'] / counts[kind]:.3f} of {counts[kind]} names covered")
    dataset = ratchet.digest_files([place / "GWN.xml", place / "GeoVirus.xml"])
    print(ratchet.settle(FLOOR, dataset, metrics, options.floor))
    number, seconds = speed(options.data / "telegram" / "ru_news", options.posts)
    print(f"speed: {number:,} sentences, {number / seconds:,.0f} a second")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
