"""Local reports, planted: what the public sets, all of world news, show too seldom to teach.

A report names some neighbours of a town, small and large, and sometimes the region or district they lie in,
as a local paper does: nobody there adds the country. Names are the gazetteer's own, everything else is
drawn. A report that the gazetteer could not tell (each of its names is borne once) teaches nothing and is
left out.
"""

from __future__ import annotations

import random
from math import cos, radians
from typing import Final

from tocsin.evaluate.scores.places import Placed
from tocsin.resolve.gazetteer import Entry, Gazetteer

__all__ = ["Report", "reports"]

_REACH: Final = 60.0  # km: whence a local paper reports
#: Lands of the papers: English is read in all of them, and that is the language of the sets beside.
_LANDS: Final = ("US", "US", "US", "GB", "CA", "AU", "IE", "NZ", "ZA", "IN", "UA", "RU", "KZ", "FR", "DE")
_LEAST_NAMES, _MOST_NAMES = 3, 8
_WITH_REGION, _WITH_DISTRICT, _WITH_FAR = 0.25, 0.4, 0.3
_FAR_PEOPLE: Final = 1_000_000

Report = tuple[str, list[Placed]]


def _near(one: Entry, other: Entry) -> bool:
    """Within reach, on a flat Earth: good enough for a neighbourhood."""
    north = (one.lat - other.lat) * 111.2
    east = (one.lon - other.lon) * 111.2 * cos(radians(one.lat))
    return north * north + east * east <= _REACH * _REACH


def _written(entries: list[Entry], rng: random.Random) -> Report:
    rng.shuffle(entries)
    text, places = "", []
    for entry in entries:
        text += rng.choice(("People in ", "A fire near ", "Buses from ", "The council of ", "Roads around "))
        places.append(Placed(len(text), len(text) + len(entry.name), entry.lat, entry.lon, entry.place_id))
        text += entry.name + rng.choice((" were counted. ", " made news. ", " waited. ", " again. "))
    return text, places


def reports(gazetteer: Gazetteer, many: int, seed: int) -> list[Report]:
    """Texts with their places, ``many`` of them, the same for the same seed."""
    rng = random.Random(seed)  # noqa: S311 - a fixed draw
    entries = [gazetteer.entry(row) for row in range(len(gazetteer))]
    by_land: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.feature in ("city", "district") and entry.country in _LANDS:
            by_land.setdefault(entry.country, []).append(entry)
    far = [
        e for e in entries if e.feature == "country" or (e.population > _FAR_PEOPLE and e.feature == "city")
    ]
    found: list[Report] = []
    while len(found) < many:
        here = by_land[rng.choice(_LANDS)]
        centre = rng.choice([e for e in rng.sample(here, 20) if e.feature == "city"])
        around = [e for e in here if e.place_id != centre.place_id and _near(centre, e)]
        towns = [e for e in around if e.feature == "city"]
        if len(towns) < _LEAST_NAMES:
            continue
        count = rng.randint(_LEAST_NAMES - 1, min(_MOST_NAMES, len(towns)))
        chosen = {e.name: e for e in [centre, *rng.sample(towns, count)]}
        districts = [e for e in around if e.feature == "district" and e.admin1 == centre.admin1]
        if districts and rng.random() < _WITH_DISTRICT:
            one = rng.choice(districts)
            chosen.setdefault(one.name, one)
        region = gazetteer.regions.get((centre.country, centre.admin1))
        if region is not None and rng.random() < _WITH_REGION:
            chosen.setdefault(gazetteer.entry(region).name, gazetteer.entry(region))
        if rng.random() < _WITH_FAR:
            one = rng.choice(far)
            chosen.setdefault(one.name, one)
        if any(len(gazetteer.find(name)) > 1 for name in chosen):
            found.append(_written(list(chosen.values()), rng))
    return found
