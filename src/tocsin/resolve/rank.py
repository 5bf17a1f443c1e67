"""Which of its namesakes a name stands for: a table of features with learned weights.

A conditional logit (McFadden 1974): the probability of a reading is the exponential of its weighted
features over the sum of all readings' of that name. Weights come from ``training/places`` (its card says
from what) and are shipped as ``data/ranking.json``, each with the words that explain it. Whether a name is
a place at all is not asked here; that is ``resolve.weigh``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from math import asin, cos, exp, log1p, log10, radians, sin, sqrt
from typing import Final

from tocsin.resolve.candidates import Candidate
from tocsin.resolve.fold import fold, word_set
from tocsin.resolve.gazetteer import Entry, Gazetteer, Reading

__all__ = [
    "NEAR_LANDS",
    "REGION_WORDS",
    "TOWN_WORDS",
    "Context",
    "Ranked",
    "context_of",
    "distance_km",
    "features",
    "load_weights",
    "rank",
    "teller",
]

#: Features as (name, value); a name that holds has the value 1.
Features = list[tuple[str, float]]

_KINDS: Final = {"city": "town", "region": "region", "district": "district", "country": "country"}
_MARKS: Final = {"a": "other name", "l": "by lemma", "s": "short form", "d": "people"}
#: Where the four languages are spoken or are nearest.
NEAR_LANDS: Final[dict[str, frozenset[str]]] = {
    "ru": word_set("RU UA KZ BY KG UZ TJ TM AM AZ GE MD EE LV LT"),
    "uk": word_set("UA RU PL MD BY"),
    "kk": word_set("KZ RU KG UZ CN MN TM"),
    "en": word_set("US GB CA AU NZ IE"),
}
TOWN_WORDS: Final = word_set(
    "city town village capital city's г город города городе городу городом села селе село селу пос поселок"
    " посёлок поселке посёлке поселка посёлка пгт деревня деревне деревни деревню станица станице станицы"
    " столица столице столицы місто місті міста містом село селі села смт селище селищі қаласы қаласында"
    " қаласының қаласына қаласынан ауылы ауылында ауылының қала мегаполис аэропорт аэропорта аэропорту"
)
REGION_WORDS: Final = word_set(
    "region oblast province krai governorate prefecture district oblasts state county облысы облысында"
    " облысының облысына облысынан облыс область области областью області областю өңірі өңірінде край края"
    " крае штат штате штата район района районе району районі"
)
_NEARBY, _AROUND = 100.0, 400.0


@dataclass(frozen=True, slots=True)
class Context:
    """What else a document names: by folded name, the reading each name most likely has.

    ``told``: folded names that somewhere in the document stand beside the place that holds them, with the
    ids of the readings it holds. ``lands``: the names and readings of each country. ``chances``: by region
    (country, admin1), the names that may lie there under any reading, each with one over the number of
    regions it may lie in: what a region's rare names agree on shows before any of them is told.
    """

    named: Mapping[str, Entry] = field(default_factory=dict)
    told: Mapping[str, frozenset[str]] = field(default_factory=dict)
    lands: Mapping[str, tuple[tuple[str, Entry], ...]] = field(default_factory=dict)
    chances: Mapping[tuple[str, str], Mapping[str, float]] = field(default_factory=dict)

    def of_country(self, country: str) -> tuple[tuple[str, Entry], ...]:
        """The names whose reading lies in a country; none for what lies in several."""
        return self.lands.get(country, ()) if country else ()


@dataclass(frozen=True, slots=True)
class Ranked:
    """A reading with its probability among the readings of its name, and what made it."""

    entry: Entry
    mark: str
    probability: float
    features: tuple[tuple[str, float], ...]


@cache
def load_weights() -> dict[str, tuple[float, str]]:
    """Weight and wording of every feature, from the shipped table."""
    text = files("tocsin.resolve").joinpath("data", "ranking.json").read_text(encoding="utf-8")
    table = json.loads(text)
    return {name: (float(row["weight"]), str(row["words"])) for name, row in table["features"].items()}


def distance_km(one: Entry, other: Entry) -> float:
    """Great-circle distance of two reference points, km, on a sphere of the Earth's mean radius."""
    a = sin(radians(other.lat - one.lat) / 2) ** 2
    a += cos(radians(one.lat)) * cos(radians(other.lat)) * sin(radians(other.lon - one.lon) / 2) ** 2
    return 2 * 6371.0 * asin(min(1.0, sqrt(a)))


def holds(outer: Entry, inner: Entry) -> bool:
    """Whether a country, region or district is the one a smaller place lies in."""
    if not outer.country or outer.country != inner.country or outer.place_id == inner.place_id:
        return False
    if outer.feature == "country":
        return inner.feature != "country"
    if outer.feature == "region":
        return outer.admin1 == inner.admin1 and inner.feature in ("city", "district")
    return False


@lru_cache(maxsize=1 << 12)
def _named(word: str, gazetteer: Gazetteer) -> tuple[Entry, ...]:
    """Entries a word may name, short forms with and without their point among them."""
    keys = dict.fromkeys((f"={word.replace('.', '')}", f"={word}.", fold(word)))
    return tuple(gazetteer.entry(r.row) for key in keys for r in gazetteer.readings(key) if r.mark != "d")


def teller(c: Candidate, entry: Entry, gazetteer: Gazetteer) -> str:
    """The kind of place that holds the entry and is named after a comma or parenthesis ("Paris, Texas").

    ``region`` (or a district) or ``country``; empty where none is named there.
    """
    if not c.beyond[:1].isupper():
        return ""
    kinds = {one.feature for one in _named(c.beyond, gazetteer) if holds(one, entry)}
    if "region" in kinds:
        return "region"
    return "country" if "country" in kinds else ""


def features(c: Candidate, mark: str, entry: Entry, context: Context, gazetteer: Gazetteer) -> Features:
    """The features of one reading."""
    kind = _KINDS.get(entry.feature, "area")
    found: Features = [(kind, 1.0)]
    if entry.population and kind != "country":
        found.append((f"people of a {kind}", log10(max(entry.population, 100)) - 4))
    if mark in _MARKS:
        found.append((_MARKS[mark], 1.0))
        if mark == "a" and any(
            r.mark == "p" and gazetteer.entry(r.row).feature == "country" for r in c.readings
        ):
            found.append(("a country's name", 1.0))  # «Mexico» for its capital
    if entry.capital:
        found.append(("capital", 1.0))
    if entry.country in NEAR_LANDS.get(c.language, frozenset()):
        found.append(("language", 1.0))
    beside = {c.before.lower().rstrip("."), c.after.lower()}
    if kind == "town" and beside & TOWN_WORDS:
        found.append(("type word", 1.0))
    if kind in ("region", "district") and beside & REGION_WORDS:
        found.append(("region word", 1.0))
    told = teller(c, entry, gazetteer)
    if told:
        found.append((f"told by a {told}", 1.0))
    elif entry.place_id in context.told.get(c.key, frozenset()):
        found.append(("told elsewhere", 1.0))
    if kind in ("region", "country") and c.behind and _behind_is_inside(c, entry, gazetteer):
        found.append(("holds the one before", 1.0))
    return found + _surroundings(c, entry, context)


def _behind_is_inside(c: Candidate, entry: Entry, gazetteer: Gazetteer) -> bool:
    return any(holds(entry, inner) for inner in _named(c.behind, gazetteer))


def _surroundings(c: Candidate, entry: Entry, context: Context) -> Features:
    """What the other names of the document say of one reading; a logarithm keeps long lists from shouting."""
    own = [e for key, e in context.of_country(entry.country) if key != c.key]
    chances = context.chances.get((entry.country, entry.admin1), {}) if entry.admin1 else {}
    country = any(other.feature == "country" for other in own)
    inside = [other for other in own if other.feature != "country"]
    region = [other for other in inside if entry.admin1 and other.admin1 == entry.admin1]
    found: Features = []
    if country:
        found.append(("its country named", 1.0))
    if any(other.feature == "region" for other in region):
        found.append(("its region named", 1.0))
    small = ("city", "district")
    near = around = 0
    if entry.feature in small:
        for other in own:
            if other.feature in small:
                km = distance_km(entry, other)
                near += km <= _NEARBY
                around += km <= _AROUND
    counts = (
        ("others of its country", len(inside)),
        ("others of its region", sum(other.feature != "region" for other in region)),
        ("others nearby", near),
        ("others around", around),
    )
    found += [(name, log1p(count)) for name, count in counts if count]
    chance = sum(share for key, share in chances.items() if key != c.key)
    if chance:
        found.append(("others may be of its region", log1p(chance)))
    if own:
        others = len(context.named) - (c.key in context.named)
        found.append(("share of its country", len(own) / others))
    return found


def rank(
    c: Candidate,
    context: Context,
    gazetteer: Gazetteer,
    weights: Mapping[str, tuple[float, str]] | None = None,
) -> list[Ranked]:
    """All readings of a candidate, likeliest first; ties go to the larger place, then to the smaller id."""
    if len(c.readings) == 1:
        (only,) = c.readings
        return [Ranked(gazetteer.entry(only.row), only.mark, 1.0, ())]
    table = load_weights() if weights is None else weights
    rows: list[tuple[float, Entry, str, Features]] = []
    for reading in c.readings:
        entry = gazetteer.entry(reading.row)
        own = features(c, reading.mark, entry, context, gazetteer)
        rows.append((sum(table[name][0] * value for name, value in own), entry, reading.mark, own))
    top = max(row[0] for row in rows)
    total = sum(exp(row[0] - top) for row in rows)
    found = [Ranked(entry, mark, exp(score - top) / total, tuple(own)) for score, entry, mark, own in rows]
    found.sort(key=lambda r: (-r.probability, -r.entry.population, r.entry.place_id))
    return found


def context_of(ranked: Sequence[tuple[Candidate, Ranked]], gazetteer: Gazetteer) -> Context:
    """What the likeliest readings of a document's names tell about the others."""
    named: dict[str, Entry] = {}
    told: dict[str, set[str]] = {}
    for c, best in ranked:
        named.setdefault(c.key, best.entry)
        for reading in c.readings if c.beyond else ():
            entry = gazetteer.entry(reading.row)
            if teller(c, entry, gazetteer):
                told.setdefault(c.key, set()).add(entry.place_id)
    lands: dict[str, list[tuple[str, Entry]]] = {}
    for key, entry in sorted(named.items()):
        lands.setdefault(entry.country, []).append((key, entry))
    return Context(
        dict(sorted(named.items())),
        {key: frozenset(ids) for key, ids in told.items()},
        {country: tuple(rows) for country, rows in lands.items()},
        _chances([c for c, _ in ranked], gazetteer),
    )


@lru_cache(maxsize=1 << 14)
def _regions(readings: tuple[Reading, ...], gazetteer: Gazetteer) -> tuple[tuple[str, str], ...]:
    """The regions (country, admin1) in which towns and districts bear a name."""
    entries = [gazetteer.entry(reading.row) for reading in readings]
    found = ((e.country, e.admin1) for e in entries if e.admin1 and e.feature in ("city", "district"))
    return tuple(dict.fromkeys(found))


def _chances(
    candidates: Sequence[Candidate], gazetteer: Gazetteer
) -> dict[tuple[str, str], dict[str, float]]:
    """``Context.chances`` of a document's names."""
    found: dict[tuple[str, str], dict[str, float]] = {}
    for c in sorted(candidates, key=lambda c: c.key):
        regions = _regions(c.readings, gazetteer)
        for region in regions:
            found.setdefault(region, {})[c.key] = 1 / len(regions)
    return found
