"""Words by which two claims exclude one another though their sentences are alike: opposites and rival terms.

"Opened" and "closed" are *opposites*, two sides of one pair. "Monday" and "Thursday", "dollar" and "euro" are
*rivals*: terms of one set, of which a sentence usually means one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from tocsin.language import lemmas

__all__ = ["apart", "is_day_or_month", "rivals", "terms_of"]

_WORD: Final = re.compile(r"[^\W\d_]+(?:[’'ʼ][^\W\d_]+)*")


def _read(name: str) -> Any:
    source = files("tocsin.link.narratives") / "data" / name
    return json.loads(source.read_text(encoding="utf-8"))


@cache
def rivals() -> Mapping[str, tuple[str, ...]]:
    """The sets of terms that exclude one another: the names of each, as conflicts show them."""
    return {kind: tuple(members) for kind, members in _read("rivals.json").items()}


@cache
def _terms(language: str) -> Mapping[str, str]:
    """What the words of a language stand for: «open+», «weekday=Monday»."""
    found: dict[str, str] = {}
    for axis, sides in _read("opposites.json").items():
        for sign, listed in zip("+-", sides.get(language, ("", "")), strict=True):
            found |= dict.fromkeys(listed.split(), axis + sign)
    for kind, members in _read("rivals.json").items():
        for name, listed in members.items():
            found |= dict.fromkeys(listed.get(language, "").split(), f"{kind}={name}")
    return found


def terms_of(text: str, language: str) -> tuple[str, ...]:
    """The sides of opposites («open+») and the rival terms («currency=euro») that a text names, sorted."""
    table = _terms(language)
    if not table:
        return ()
    words = {match[0].lower() for match in _WORD.finditer(text)}
    found = {table[form] for word in words for form in (word, *lemmas(word, language)) if form in table}
    # A sentence that names both sides («открыли и закрыли») says nothing by either.
    both = {side[:-1] for side in found if side[:-1] + "+" in found and side[:-1] + "-" in found}
    return tuple(sorted(side for side in found if side[:-1] not in both))


def is_day_or_month(name: str, language: str) -> bool:
    """Whether a word taken for a name is one of the calendar: «Мамырдан», "May".

    English "may" and "march" are words of other kinds too, so they are no rivals; a name is capitalised.
    """
    if any(map(str.isspace, name)):
        return False
    calendar = ("weekday=", "month=")
    return (language == "en" and name in {"May", "March"}) or any(
        term.startswith(calendar) for term in terms_of(name, language)
    )


def apart(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[list[str], dict[str, tuple[str, str]]]:
    """The pairs of opposites of which the two name different sides, and the sets of which they name rivals.

    Rivals differ where each text names one that the other doesn't; shown as the names of each.
    """
    turned = {"+": "-", "-": "+"}
    sides = [side[:-1] for side in one if side[-1] in turned and side[:-1] + turned[side[-1]] in other]
    apart_by: dict[str, tuple[str, str]] = {}
    for kind in sorted({term.partition("=")[0] for term in one if "=" in term}):
        a, b = ({term for term in terms if term.startswith(f"{kind}=")} for terms in (one, other))
        if a - b and b - a:
            shown = (", ".join(sorted(t.partition("=")[2] for t in left)) for left in (a - b, b - a))
            apart_by[kind] = (next(shown), next(shown))
    return sides, apart_by
