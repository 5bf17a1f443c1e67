"""The shipped gazetteer in memory: names to entries.

One text file, gzip'd: a JSON header, one line an entry (tab separated), an empty line, one line a name.
Names go into one dictionary; entries stay lines until asked for, since a document asks for few of them.
Blocks are split whole, not line by line: that loads in about 0.25 s and 110 MB. Parsing every entry to an
object was rejected as needless work; a SQLite file would save memory and cost a disk read per name.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from typing import Final

from tocsin.errors import InternalError
from tocsin.resolve.fold import FORMAT, exact_key, fold

__all__ = ["Entry", "Gazetteer", "Reading", "load_gazetteer"]

_FILE: Final = "gazetteer.txt.gz"


@dataclass(frozen=True, slots=True)
class Entry:
    """One place. ``lat`` and ``lon`` are degrees (WGS 84) of its reference point.

    Towns: GeoNames' point. Countries: the CIA World Factbook's. Regions: Natural Earth's label. Districts:
    the mean of their settlements. Areas and waters: set by hand. ``population`` is people, 0 where not
    known; ``feature`` is city, region, district, country, area, water, continent, union or historical;
    ``capital`` marks a country's capital; ``admin1`` is GeoNames' code of the first-level region within
    ``country``; ``reach`` is how far an area or water goes from its point, km, 0 where that is not listed.
    """

    place_id: str
    name: str
    feature: str
    lat: float
    lon: float
    country: str
    admin1: str
    population: int
    capital: bool
    reach: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """An entry a name may stand for.

    ``mark`` is ``p`` for its main name, ``a`` another, ``l`` a lemma only, ``s`` a short form that stands
    after a comma ("Dallas, TX"), ``d`` a word for its people or what is theirs ("Syrian").
    """

    row: int
    mark: str


@dataclass(frozen=True, slots=True)
class _Name:
    ordinary: bool
    personal: bool
    attested: bool
    readings: tuple[Reading, ...]


class Gazetteer:
    """All entries and names; read only."""

    def __init__(self, rows: list[str], names: dict[str, str], given: frozenset[str]) -> None:
        self._rows = rows
        self._names = names
        #: English given names, folded (US census of 1990), whether places bear them or not.
        self.given = given
        #: First words of names of several words, with the longest such name's count of words.
        self.longest: dict[str, int] = {}
        for name in names:
            if " " in name:
                first, _, others = name.partition(" ")
                count = others.count(" ") + 2
                if count > self.longest.get(first, 0):
                    self.longest[first] = count
        self.entry = lru_cache(maxsize=1 << 14)(self._entry)

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, key: str) -> bool:
        return key in self._names

    def _entry(self, row: int) -> Entry:
        place_id, name, feature, lat, lon, country, admin1, *rest = self._rows[row].split("\t")
        people, capital, reach = rest
        point = (float(lat), float(lon))
        return Entry(
            place_id, name, feature, *point, country, admin1, int(people), capital == "c", int(reach or 0)
        )

    @cached_property
    def regions(self) -> dict[tuple[str, str], int]:
        """The row of each first-level region, by country and GeoNames' code."""
        found: dict[tuple[str, str], int] = {}
        for row, line in enumerate(self._rows):
            if "\tregion\t" in line:
                entry = self._entry(row)
                if entry.admin1:
                    found[entry.country, entry.admin1] = row
        return found

    @cached_property
    def _ids(self) -> dict[str, int]:
        return {line[: line.index("\t")]: row for row, line in enumerate(self._rows)}

    def by_id(self, place_id: str) -> Entry | None:
        """The entry of that id; None where there is none."""
        row = self._ids.get(place_id)
        return None if row is None else self.entry(row)

    def row_of(self, place_id: str) -> int:
        """The number of the entry of that id. Raises KeyError."""
        return self._ids[place_id]

    def cyrillic(self) -> Iterator[tuple[str, str, int]]:
        """Names that begin with a Cyrillic letter: folded key, mark (``p`` main, ``a`` other), entry."""
        for key, raw in self._names.items():
            if "\u0400" <= key[0] <= "\u04ff":
                for part in raw.lstrip("wng").split(" "):
                    if part[-1] in "pa":
                        yield key, part[-1], int(part[:-1])

    def readings(self, key: str) -> tuple[Reading, ...]:
        """What a folded name (see ``fold``) or exact key may stand for, largest place first."""
        return self._name(key).readings

    def is_ordinary(self, key: str) -> bool:
        """Whether a key is also an ordinary word (Webster's Second; OpenCorpora and VESUM for Cyrillic)."""
        return self._name(key).ordinary

    def is_personal(self, key: str) -> bool:
        """Whether a key is also a given name or surname (US census of 1990; OpenCorpora and VESUM)."""
        return self._name(key).personal

    def is_attested(self, key: str) -> bool:
        """Whether a dictionary marks a Cyrillic key as a place name."""
        return self._name(key).attested

    def _name(self, key: str) -> _Name:
        raw = self._names.get(key)
        return _NOTHING if raw is None else _parse(raw)

    def find(self, name: str) -> list[Entry]:
        """Entries that bear a name as written, largest first; no morphology and no disambiguation."""
        exact = exact_key(name)
        keys = [key for key in (exact, fold(name)) if key]
        rows = [r.row for key in keys for r in self.readings(key) if r.mark in "pa"]
        return [self.entry(row) for row in dict.fromkeys(rows)]


_NOTHING: Final = _Name(False, False, False, ())


@lru_cache(maxsize=1 << 14)
def _parse(raw: str) -> _Name:
    body = raw.lstrip("wng")
    readings = tuple(Reading(int(part[:-1]), part[-1]) for part in body.split(" "))
    head = raw[: len(raw) - len(body)]
    return _Name("w" in head, "n" in head, "g" in head, readings)


@cache
def load_gazetteer() -> Gazetteer:
    """The shipped gazetteer, read once per process; raises InternalError if the file has another format."""
    packed = files("tocsin.resolve").joinpath("data", _FILE).read_bytes()
    first, _, rest = gzip.decompress(packed).partition(b"\n")
    header = json.loads(first)
    if header.get("format") != FORMAT:
        raise InternalError(
            f"the gazetteer has format {header.get('format')}, not {FORMAT}",
            remedy="Run 'python training/gazetteer/build.py' again",
        )
    entries, _, named = rest.partition(b"\n\n")
    # One line a name, key and value: every other field of the block.
    fields = named.rstrip(b"\n").replace(b"\n", b"\t").decode().split("\t")
    names = dict(zip(fields[::2], fields[1::2], strict=True))
    return Gazetteer(entries.decode().split("\n"), names, frozenset(header["given"].split()))
