"""Places by their names in the language of the page.

Rows and the gazetteer name a place in English. Countries are called as Unicode's CLDR calls them. Of other
places the gazetteer has the Cyrillic names as folded keys of several languages, unmarked and often misspelt:
one is taken where the dictionary of the language has all its words as a name of places, and puts back its
hyphens and capitals. What has no such name stays English and is marked so.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import cache, lru_cache
from typing import Final, Protocol

from babel import Locale
from babel.numbers import format_decimal
from markupsafe import Markup

from tocsin.language.morphology import parses
from tocsin.present.evidence import shown
from tocsin.present.map import MapWords
from tocsin.resolve.gazetteer import load_gazetteer
from tocsin.resolve.names import fold
from tocsin.serve.i18n import N_, catalogue

__all__ = ["in_english", "map_words", "place_name", "place_words", "subject_name"]

_MAP = N_("Map of the places mentioned")
_CIRCLES = N_("Circles by number of documents, largest: %(places)s. The table of places holds the same.")
_AROUND = N_("%(place)s and within %(km)s km")
_ZONE: Final = re.compile(r" and within (\d+) km$")

_KEY: Final = {"ru": re.compile("[а-я]+(?: [а-я]+)*")}
#: Words for a kind of place, with what English names of that kind hold.
_KINDS: Final = {
    "область": re.compile(r"(?i)\b(?:oblast'?|region)\b"),
    "край": re.compile(r"(?i)\bkra[iy]\b"),
    "район": re.compile(r"(?i)\b(?:raion|rayon|district)\b"),
    "округ": re.compile(r"(?i)\b(?:okrug|district)\b"),
    "республика": re.compile(r"(?i)\brepublic\b"),
    "море": re.compile(r"(?i)\bsea\b"),
    "океан": re.compile(r"(?i)\bocean\b"),
    "залив": re.compile(r"(?i)\b(?:gulf|bay)\b"),
    "полуостров": re.compile(r"(?i)\bpeninsula\b"),
}
_SMALL: Final = frozenset({"на", "де", "над"})
#: Least likeness of a name with the English one, both folded, of what is called alike in all languages.
_ALIKE: Final = 0.5


@cache
def _keys() -> dict[int, tuple[tuple[str, str], ...]]:
    """Rows of the gazetteer with their Cyrillic names: (mark, key), main ones first."""
    gazetteer = load_gazetteer()
    found: dict[int, list[tuple[str, str]]] = {}
    for key, mark, row in gazetteer.cyrillic():
        found.setdefault(row, []).append((mark, key))
    return {row: tuple(sorted(own, key=lambda item: (item[0] != "p", item[1]))) for row, own in found.items()}


def _named(word: str, language: str) -> bool:
    """Whether the dictionary has a word, as it stands, as a name of a place."""
    return any(
        p.known and "Geox" in p.marks and p.case == "nomn" and word in (p.lemma, word)
        for p in parses(word, language)
    )


def _plain(word: str, language: str) -> bool:
    """Whether the dictionary has a word as an adjective in the nominative."""
    return any(p.known and p.pos == "ADJF" and p.case == "nomn" for p in parses(word, language))


def _spelled(key: str, hyphens: bool, language: str) -> str | None:
    """A folded key as it is written; None where the dictionary does not know it."""
    words = key.split(" ")
    whole = "-".join(words)
    if len(words) > 1 and (_named(whole, language) or (hyphens and all(_named(w, language) for w in words))):
        return "-".join(w if w in _SMALL else w.capitalize() for w in words)
    told = [w for w in words if w not in _KINDS]
    kinds = [w for w in words if w in _KINDS]
    # «Курская область», but «Республика Коми».
    of_name = kinds == ["республика"] and len(told) == 1 and _named(told[0], language)
    by_words = told and all(_plain(w, language) for w in (told if kinds else told[:-1]))
    if not (of_name or (by_words and (kinds or _named(told[-1], language)))):
        return None
    small = "" if "народная" in told else kinds and kinds[-1]
    return " ".join(w if w == small and n else w.capitalize() for n, w in enumerate(words))


def _alike(name: str, english: str) -> float:
    return SequenceMatcher(None, fold(name), fold(english), autojunk=False).ratio()


@lru_cache(maxsize=1 << 14)
def place_name(place_id: str | None, language: str) -> str | None:
    """The name of a place of the gazetteer in a language; None where it has none that is sure."""
    entry = load_gazetteer().by_id(place_id or "")
    if entry is None or language not in _KEY:
        return None
    if entry.feature == "country" and entry.country:
        return Locale(language).territories.get(entry.country)
    wanted = {kind for kind, pattern in _KINDS.items() if pattern.search(entry.name)}
    hyphens = "-" in entry.name and " " not in entry.name
    best: tuple[bool, float, str] | None = None
    for mark, key in _keys().get(load_gazetteer().row_of(entry.place_id), ()):
        name = _spelled(key, hyphens, language) if _KEY[language].fullmatch(key) else None
        if name is None:
            continue
        kinds = _KINDS.keys() & name.lower().split()
        alike = _alike(name, entry.name)
        if (kinds and not kinds <= wanted) or (alike < _ALIKE and mark != "p"):
            continue
        found = (bool(wanted) and not kinds, -alike, name)
        best = found if best is None else min(best, found)
    if best is None or (best[0] and entry.feature in {"area", "water"}):
        return None
    return best[2]


def place_words(place_id: str | None, english: str, language: str) -> Markup:
    """A place for a page: in its language, or in English and marked so."""
    name = place_name(place_id, language)
    return shown(name) if name else in_english(english, language)


def in_english(words: str, language: str) -> Markup:
    """Words that are English, for a page in a language."""
    return shown(words) if language == "en" else Markup('<span lang="en">') + shown(words) + Markup("</span>")


class Subject(Protocol):
    """What an alarm is about: ``model.surges.Surge`` or a row of it."""

    @property
    def subject_type(self) -> str: ...
    @property
    def subject_key(self) -> str: ...
    @property
    def subject(self) -> str: ...


def subject_name(of: Subject, language: str) -> str | None:
    """What an alarm is about in a language, where that is a place; None for what has no name in it."""
    if of.subject_type == "country":
        return Locale(language).territories.get(of.subject_key) if language in _KEY else None
    place = place_name(of.subject_key, language) if of.subject_type in {"place", "zone"} else None
    around = _ZONE.search(of.subject)
    if of.subject_type == "zone" and place is not None and around is not None:
        return catalogue(language).gettext(_AROUND) % {"place": place, "km": around[1]}
    return place if of.subject_type == "place" else None


def map_words(language: str) -> MapWords:
    """What a map says in a language."""
    words = catalogue(language)
    if language == "en":
        return MapWords()

    def documents(number: int) -> str:
        said = words.ngettext("%(number)s document", "%(number)s documents", number)
        return said % {"number": format_decimal(number, locale=language)}

    return MapWords(
        title=words.gettext(_MAP),
        description=words.gettext(_CIRCLES),
        documents=documents,
        name=lambda row: place_name(row.place_id, language) or row.name,
    )
