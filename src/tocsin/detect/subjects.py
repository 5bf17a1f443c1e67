"""What documents can turn to: places, zones of near places, countries, and the sources they quote."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import asin, cos, radians, sin, sqrt
from typing import TYPE_CHECKING

from tocsin.detect.feed import Subject

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["ZONE_KM", "place_mentions", "source_mentions"]

#: Places within this distance of a city form a zone with it: a story of one region names several of its
#: towns.
ZONE_KM = 75.0
_POINTS = frozenset({"city", "venue"})


@dataclass(frozen=True, slots=True)
class _Place:
    key: str
    name: str
    precision: str
    country: str | None
    latitude: float
    longitude: float


def place_mentions(places: pa.Table, least: int) -> Iterator[tuple[str, Subject]]:
    """(document id, subject) for every place, its zone and its country with at least ``least`` documents.

    A zone is named after its most mentioned city and holds the cities within ``ZONE_KM`` of it; it is left
    out when only one of them is mentioned, being then the place itself. A region or country counts for
    itself and its country.
    """
    documents: dict[_Place, set[str]] = defaultdict(set)
    names = ("document_id", "place_id", "name", "precision", "country", "latitude", "longitude")
    for row in zip(*(places.column(name).to_pylist() for name in names), strict=True):
        documents[_Place(*row[1:])].add(row[0])
    countries: dict[str, set[str]] = defaultdict(set)
    for place, found in documents.items():
        if place.country:
            countries[place.country] |= found
        if len(found) >= least and place.precision != "country":
            subject = Subject("place", place.key, place.name)
            yield from ((document, subject) for document in found)
    called = _country_names()
    for code, found in countries.items():
        if len(found) >= least:
            yield from ((document, Subject("country", code, called.get(code, code))) for document in found)
    for centre, members in _zones(documents):
        found = set().union(*(documents[place] for place in members))
        if len(found) >= least:
            subject = Subject("zone", centre.key, f"{centre.name} and within {ZONE_KM:.0f} km")
            yield from ((document, subject) for document in found)


@cache
def _country_names() -> dict[str, str]:
    from babel import Locale

    return dict(Locale("en").territories)


def _zones(documents: dict[_Place, set[str]]) -> Iterator[tuple[_Place, list[_Place]]]:
    points = [place for place in documents if place.precision in _POINTS]
    points.sort(key=lambda place: (-len(documents[place]), place.key, place.name))
    taken: set[_Place] = set()
    for centre in points:
        if centre in taken:
            continue
        near = [place for place in points if place not in taken and _km(centre, place) <= ZONE_KM]
        taken.update(near)
        if len(near) > 1:
            yield centre, near


def _km(one: _Place, other: _Place) -> float:
    if abs(one.latitude - other.latitude) > ZONE_KM / 110:
        return ZONE_KM * 2
    a = sin(radians(other.latitude - one.latitude) / 2) ** 2
    b = sin(radians(other.longitude - one.longitude) / 2) ** 2
    a += cos(radians(one.latitude)) * cos(radians(other.latitude)) * b
    return 2 * 6371 * asin(min(1.0, sqrt(a)))


def source_mentions(claims: pa.Table, least: int) -> Iterator[tuple[str, Subject]]:
    """(document id, subject) for every named source that at least ``least`` documents quote.

    The channel's own word and anonymous sources are no subject: they have no name to turn to.
    """
    documents: dict[str, set[str]] = defaultdict(set)
    labels: dict[str, Counter[str]] = defaultdict(Counter)
    names = ("document_id", "source_kind", "source_key", "source_label")
    for document, kind, key, label in zip(*(claims.column(name).to_pylist() for name in names), strict=True):
        if kind in ("named person", "named organisation") and key:
            documents[key].add(document)
            labels[key][label] += 1
    for key, found in documents.items():
        if len(found) >= least:
            label = min(labels[key].items(), key=lambda item: (-item[1], item[0]))[0]
            yield from ((document, Subject("source", key, label)) for document in found)
