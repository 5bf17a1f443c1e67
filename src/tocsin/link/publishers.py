"""News agencies and authorities by their names: whose words are republished as they stand."""

from __future__ import annotations

import json
from functools import cache, lru_cache
from importlib.resources import files

from tocsin.link.fold import folded

__all__ = ["agency_named", "agency_of", "is_authority"]

#: Folded code points at either end of a text within which an agency is named as its source.
_EDGE = 160


@cache
def _agencies() -> dict[str, str]:
    """Folded form → name."""
    data = json.loads((files("tocsin.link") / "data" / "publishers.json").read_text(encoding="utf-8"))
    return {folded(form): item["name"] for item in data["agencies"] for form in item["forms"]}


@cache
def _authorities() -> frozenset[str]:
    data = json.loads((files("tocsin.link") / "data" / "publishers.json").read_text(encoding="utf-8"))
    return frozenset(folded(form) for form in data["authorities"])


@lru_cache(maxsize=1 << 16)
def agency_of(name: str) -> str | None:
    """The agency a source or channel of this name is; None when it is none.

    >>> agency_of("РИА Новости"), agency_of("Новости")
    ('RIA Novosti', None)
    """
    return _agencies().get(folded(name))


def agency_named(text: str) -> str | None:
    """The agency that a text names near its beginning or end, where datelines and credits stand."""
    words = folded(text)
    edges = words if len(words) <= 2 * _EDGE else f"{words[:_EDGE]} … {words[-_EDGE:]}"
    edges = f" {edges} "
    found = [
        (edges.find(f" {form} "), -len(form), name)
        for form, name in _agencies().items()
        if f" {form} " in edges
    ]
    return min(found)[2] if found else None


def is_authority(name: str) -> bool:
    """Whether a source or channel of this name is an authority: a ministry, a service, a press office.

    >>> is_authority("Ministry of Lanterns"), is_authority("Lantern fans")
    (True, False)
    """
    words = folded(name).split()
    known = _authorities()
    return any(
        " ".join(words[start:end]) in known
        for start in range(len(words))
        for end in range(start + 1, min(len(words), start + 3) + 1)
    )
