"""Lexicons: the words of one language by category, read from ``data/<language>.yaml`` and expanded once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

__all__ = ["LANGUAGES", "Lexicon", "Word", "category_code", "load_lexicon", "plain"]

LANGUAGES: Final = ("en", "ru", "uk", "kk")

_APOSTROPHES: Final = str.maketrans({"’": "'", "ʼ": "'", "ё": "е", "Ё": "Е"})
_BRACES: Final = re.compile(r"(.*?)\{(.*?)\}")

#: Every category, in fixed order: its place makes the code character, private to this process.
_CATEGORIES: Final = (
    "OTHER JUNK BREAK DASH COMMA DOT DAYNUM YEAR NUMBER DECIMAL ORDNUM DECADE CLOCK ISODATE DOTDATE "
    "SLASHDATE ISOTIME QTOKEN ROMAN MONTH WEEKDAY WEEKDAYS UNIT ORDUNIT CENTURY NUM HALF HALFYEAR A "
    "SEVERAL ORD REL SPANREL DEICTIC NOW AGO EARLIER LATER PART NIGHTTO SEASON EVERY EVERYPOST DAILY "
    "PORTION AMPM OCLOCK ZONE OF IN THROUGH WITHIN THE ON AT FOR LEFT SINCE UNTIL FROM TO BY BEFORE AFTER "
    "BETWEEN AND APPROX ATLEAST MORE LESS YEARWORD HOLIDAY "
)
_CODES: Final = {name: chr(0xE000 + index) for index, name in enumerate(_CATEGORIES.split())}


def category_code(name: str) -> str:
    """The code character of a category; raises KeyError on an unknown name."""
    return _CODES[name]


def plain(word: str) -> str:
    """Lower case with one kind of apostrophe and «е» for «ё»: how words are kept and looked up."""
    return word.translate(_APOSTROPHES).lower()


@dataclass(frozen=True, slots=True)
class Word:
    """What a word means: its category, the category's code and a value (text, as in the data file)."""

    category: str
    code: str
    value: str
    capital: bool = False


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language. ``phrases`` maps a first word to (all words, meaning), longest first."""

    language: str
    words: dict[str, Word]
    phrases: dict[str, tuple[tuple[tuple[str, ...], Word], ...]]
    rules: tuple[tuple[str, str], ...]
    triggers: frozenset[str]
    future: frozenset[str]
    past: frozenset[str]
    year_cues: frozenset[str]
    countable: frozenset[str]
    postpositions: bool


def _forms(listed: str) -> Iterator[str]:
    for item in listed.split():
        found = _BRACES.fullmatch(item)
        if found is None:
            yield item
        else:
            yield from (found[1] + ending for ending in found[2].split(","))


def _entries(raw: dict[str, Any]) -> Iterator[tuple[str, Word]]:
    groups = dict(raw["words"])
    if "holidays" in raw:
        groups["HOLIDAY"] = raw["holidays"]
    for category, values in groups.items():
        pairs = values.items() if isinstance(values, dict) else [("", values)]
        for value, listed in pairs:
            for form in _forms(str(listed)):
                word = Word(category, _CODES[category], str(value), form.startswith("^"))
                yield plain(form.lstrip("^")), word


@cache
def load_lexicon(language: str) -> Lexicon:
    """The lexicon of one of ``LANGUAGES``, read once; raises FileNotFoundError for any other."""
    import yaml

    resource = files("tocsin.resolve.times").joinpath("data", f"{language}.yaml")
    # The base loader keeps every scalar text: YAML 1.1 would read the category ON as true and 01 as 1.
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    raw = yaml.load(resource.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506
    words: dict[str, Word] = {}
    phrases: dict[str, list[tuple[tuple[str, ...], Word]]] = {}
    triggering = set(raw["triggers"].split())
    triggers = set()
    for form, word in _entries(raw):
        parts = tuple(re.findall(r"[^\W_]+(?:'[^\W_]+)*|[.-]", form.replace("_", " ")))
        if len(parts) > 1:
            phrases.setdefault(parts[0], []).append((parts, word))
            triggers |= {parts[0]} if word.category in triggering else set()
        else:
            words.setdefault(form, word)
            triggers |= {form} if word.category in triggering else set()
    return Lexicon(
        language=language,
        words=words,
        phrases={first: tuple(sorted(own, key=lambda p: -len(p[0]))) for first, own in phrases.items()},
        rules=tuple((name, pattern) for rule in raw["rules"] for name, pattern in rule.items()),
        triggers=frozenset(triggers),
        future=frozenset(raw["future"].split()),
        past=frozenset(raw["past"].split()),
        year_cues=frozenset(raw["year_cues"].split()),
        countable=frozenset(raw["countable"].split()),
        postpositions=bool(raw.get("postpositions", False)),
    )
