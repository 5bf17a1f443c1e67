"""What documents can turn to: places, zones, countries, sources they quote, names and narratives."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import asin, cos, radians, sin, sqrt
from typing import TYPE_CHECKING

from tocsin.detect.feed import Subject

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "ZONE_KM",
    "Mention",
    "crossed_mentions",
    "name_mentions",
    "narrative_mentions",
    "place_mentions",
    "source_mentions",
]

#: A document id and a subject it turns to.
Mention = tuple[str, Subject]

#: Places within this distance of a city form a zone with it: a story of one region names several of its
#: towns.
ZONE_KM = 75.0
_POINTS = frozenset({"city", "venue"})
#: A name and a place are a subject together unless so much of either is the other's too.
_WHOLE = 0.7
_LABEL = 90


@dataclass(frozen=True, slots=True)
class _Place:
    key: str
    name: str
    precision: str
    country: str | None
    latitude: float
    longitude: float


def place_mentions(places: pa.Table, least: int) -> Iterator[Mention]:
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


def source_mentions(claims: pa.Table, least: int) -> Iterator[Mention]:
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


def name_mentions(entities: pa.Table, channels: Mapping[str, str], least: int) -> Iterator[Mention]:
    """(document id, subject) for every person, organisation or outlet that ``least`` documents name.

    ``channels`` is the name of each document's channel: a channel that names itself turns to nobody.
    """
    documents: dict[str, set[str]] = defaultdict(set)
    labels: dict[str, str] = {}
    names = ("entity_id", "document_id", "name")
    for key, document, name in zip(*(entities.column(column).to_pylist() for column in names), strict=True):
        if name.casefold() != channels.get(document, "").casefold():
            documents[key].add(document)
            labels[key] = min(labels.get(key, name), name)
    for key, found in documents.items():
        if len(found) >= least:
            yield from ((document, Subject("name", key, labels[key])) for document in found)


def narrative_mentions(
    narratives: pa.Table, narrative_claims: pa.Table, channels: Mapping[str, str], least: int
) -> Iterator[Mention]:
    """(document id, subject) for every narrative in ``least`` documents of two channels or more.

    What one channel repeats is its own text: a slogan, a list of its other channels.
    """
    columns = (narratives.column(name).to_pylist() for name in ("narrative_id", "label"))
    label = dict(zip(*columns, strict=True))
    documents: dict[str, set[str]] = defaultdict(set)
    rows = (narrative_claims.column(name).to_pylist() for name in ("narrative_id", "document_id"))
    for key, document in zip(*rows, strict=True):
        documents[key].add(document)
    for key, found in documents.items():
        if len(found) >= least and len({channels.get(document, "") for document in found}) > 1:
            line = " ".join(label[key].split())
            line = line if len(line) <= _LABEL else line[: _LABEL - 1].rstrip() + "…"
            yield from ((document, Subject("narrative", key, f"“{line}”")) for document in found)


def crossed_mentions(mentions: Iterable[Mention], least: int) -> Iterator[Mention]:
    """(document id, subject) for every name together with a place or country, in ``2 * least`` documents.

    Neither may have its rise in the other: what is said of a name in one city can rise while name and city
    keep their habits. A pair is left out when it is nearly all that is said of either.
    """
    documents: dict[Subject, int] = Counter()
    names: dict[str, list[Subject]] = defaultdict(list)
    places: dict[str, list[Subject]] = defaultdict(list)
    for document, subject in mentions:
        documents[subject] += 1
        if subject.type in ("name", "place", "country"):
            (names if subject.type == "name" else places)[document].append(subject)
    pairs: dict[tuple[Subject, Subject], list[str]] = defaultdict(list)
    for document, found in names.items():
        for name in found:
            for place in places.get(document, ()):
                pairs[name, place].append(document)
    for (name, place), both in pairs.items():
        most = _WHOLE * min(documents[name], documents[place])
        if 2 * least <= len(both) <= most:
            subject = Subject(
                "name in place", f"{name.key} {place.type} {place.key}", f"{name.label}: {place.label}"
            )
            yield from ((document, subject) for document in both)
