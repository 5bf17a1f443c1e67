"""Frequent names whose spelling the letters do not tell: Джонс – Jones, Хьюз – Hughes.

From ``data/irregular.txt`` (Wikidata, CC0), listed by ``training/names/irregular.py``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from tocsin.resolve.names.letters import plain

__all__ = ["other_spellings"]


@cache
def other_spellings() -> Mapping[str, frozenset[str]]:
    """For a word (of ``letters``) its irregular spellings in the other script; Latin without marks too."""
    path = files("tocsin.resolve.names") / "data" / "irregular.txt"
    found: dict[str, set[str]] = defaultdict(set)
    for line in path.read_text(encoding="utf-8").splitlines():
        cyrillic, latin = line.split("\t")
        for spelt in (latin, plain(latin)):
            found[cyrillic].add(spelt)
            found[spelt].add(cyrillic)
    return {word: frozenset(others) for word, others in found.items()}
