"""Type names of names, and names of techniques, folded so that corpora and systems can be compared.

``data/ner_types.json`` lists for each of our types the names corpora use for it. A name it does not know
stays what it is, in capitals: it can still be compared with itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Final

__all__ = ["Renamed", "fold_technique", "fold_type", "type_table"]

_BETWEEN: Final = re.compile(r"[\s/-]+")


@cache
def type_table() -> Mapping[str, str]:
    """Corpus name (in capitals, words joined by ``_``) → our type."""
    with (files("tocsin.evaluate") / "data" / "ner_types.json").open(encoding="utf-8") as stream:
        table = json.load(stream)["types"]
    return {_key(name): kind for kind, entry in table.items() for name in (kind, *entry["names"])}


def _key(name: str) -> str:
    return _BETWEEN.sub("_", name.strip()).upper()


def fold_type(name: str) -> str:
    """Our type for a type name of names: ``Person`` → ``PER``."""
    key = _key(name)
    return type_table().get(key, key)


def fold_technique(name: str) -> str:
    """A technique's name in small letters, words joined by ``_``: ``Straw_Man`` → ``straw_man``."""
    return _BETWEEN.sub("_", name.strip()).lower()


class Renamed:
    """Folding with the user's own names first."""

    def __init__(self, renames: Mapping[str, str], *, techniques: bool = False) -> None:
        self._fold = fold_technique if techniques else fold_type
        self._own = {_key(own): self._fold(kind) for own, kind in renames.items()}

    def __call__(self, name: str) -> str:
        """The folded name."""
        return self._own.get(_key(name)) or self._fold(name)

    def all(self, names: Iterable[str]) -> frozenset[str]:
        """The folded names."""
        return frozenset(map(self, names))
