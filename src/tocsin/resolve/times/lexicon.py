"""Lexicons: the words of one language by category, read from ``data/<language>.yaml`` and expanded once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any, Final

from tocsin.language.wordlists import read_words

__all__ = ["LANGUAGES", "Lexicon", "Word", "category_code", "load_lexicon", "plain"]

LANGUAGES: Final = ("en", "ru", "uk", "kk")

_BRACES: Final = re.compile(r"\{(.*?)\}")
_PARTS: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[.'-]")

#: Every category, in fixed order: its place makes the code character, private to this process.
_CATEGORIES: Final = (
    "OTHER JUNK BREAK DASH COMMA DOT SLASH DAYNUM YEAR NUMBER DECIMAL ORDNUM DECADE CLOCK ISODATE DOTDATE "
    "SLASHDATE ISOTIME QTOKEN ROMAN MONTH WEEKDAY WEEKDAYS UNIT ORDUNIT CENTURY NUM HALF LENGTH "
    "PLUSHALF A SEVERAL ORD REL SPANREL DEICTIC NOW SOON AGO EARLIER LATER PART PARTS NOON HOURPART NIGHTTO "
    "NIGHTFROM SEASON EVERY EVERYPOST DAILY TIMESPER PER PORTION AMPM OCLOCK HALFTO QUARTERTO ZONE OF IN "
    "THROUGH WITHIN THE ON AT FOR LEFT SINCE UNTIL FROM TO BY BEFORE AFTER BETWEEN AND APPROX ATLEAST MORE "
    "LESS YEARWORD HOLIDAY EVE EXCEPT BCE DECADEWORD DAYSWORD ADJREF PERIOD YEARAGO LATEST FISCAL PLUSMORE "
    "VERY SHORTDAY SAME LONG ORSO AHEAD OLD INCLUSIVE SPELL QUARTERWORD HOURNUM "
)
_CODES: Final = {name: chr(0xE000 + index) for index, name in enumerate(_CATEGORIES.split())}


def category_code(name: str) -> str:
    """The code character of a category; raises KeyError on an unknown name."""
    return _CODES[name]


def plain(word: str) -> str:
    """Lower case with one kind of apostrophe and «е» for «ё»: how words are kept and looked up."""
    return word.lower().replace("ё", "е").replace("’", "'").replace("ʼ", "'")


@dataclass(frozen=True, slots=True)
class Word:
    """What a word means: its category, the category's code and a value (text, as in the data file)."""

    category: str
    code: str
    value: str
    capital: bool = False


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language. ``phrases`` maps a first and a second word to (all words, meaning), longest first."""

    language: str
    words: dict[str, Word]
    phrases: dict[str, dict[str, tuple[tuple[tuple[str, ...], Word], ...]]]
    rules: tuple[tuple[str, str], ...]
    triggers: frozenset[str]
    future: frozenset[str]
    past: frozenset[str]
    neutral: frozenset[str]
    names: frozenset[str]
    genitive: tuple[str, ...]
    plural: frozenset[str]
    adjectives: dict[str, str]
    year_cues: frozenset[str]
    countable: frozenset[str]
    singular: frozenset[str]
    postpositions: bool


def _forms(listed: str) -> Iterator[str]:
    """Every spelling of a list of forms: each braced group stands for its parts, one after the other."""
    for item in listed.split():
        pieces = _BRACES.split(item)
        choices = [piece.split(",") if index % 2 else [piece] for index, piece in enumerate(pieces)]
        yield from ("".join(chosen) for chosen in product(*choices))


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
    lengths = raw.get("lengths", {"numbers": {}, "units": {}})
    for (number, heads), (unit, tails) in product(lengths["numbers"].items(), lengths["units"].items()):
        for tail in _forms(tails):  # behind a figure and a hyphen: «6-денний»
            yield plain(tail), Word("LENGTH", _CODES["LENGTH"], f"{unit}:")
        for head, tail in product(_forms(heads), _forms(tails)):
            yield plain(head + tail), Word("LENGTH", _CODES["LENGTH"], f"{unit}:{number}")


def _telling(parts: tuple[str, ...]) -> str:
    """The word of a phrase by which a sentence is told to be worth reading: the longest, else the last."""
    longest = max(parts, key=len)
    return longest if len(longest) > 2 else [part for part in parts if part.isalpha()][-1]


def _set(raw: dict[str, Any], name: str) -> frozenset[str]:
    return frozenset(plain(form).replace("_", " ") for form in _forms(raw.get(name, "")))


@cache
def load_lexicon(language: str) -> Lexicon:
    """The lexicon of one of ``LANGUAGES``, read once; raises FileNotFoundError for any other."""
    raw: dict[str, Any] = read_words("tocsin.resolve.times", language)
    words: dict[str, Word] = {}
    phrases: dict[str, dict[str, list[tuple[tuple[str, ...], Word]]]] = {}
    triggering = set(raw["triggers"].split())
    triggers = set()
    wanted = []
    for form, word in _entries(raw):
        parts = tuple(_PARTS.findall(form.replace("_", " ")))
        if len(parts) > 1:
            phrases.setdefault(parts[0], {}).setdefault(parts[1], []).append((parts, word))
            wanted += [parts] if word.category in triggering else []
        else:
            words.setdefault(form, word)
            triggers |= {form} if word.category in triggering else set()
    triggers |= set(raw.get("adjectives", {})) | _set(raw, "triggering")
    triggers |= {_telling(parts) for parts in wanted if triggers.isdisjoint(parts)}
    return Lexicon(
        language=language,
        words=words,
        phrases={
            first: {
                second: tuple(sorted(found, key=lambda p: -len(p[0]))) for second, found in seconds.items()
            }
            for first, seconds in phrases.items()
        },
        rules=tuple((name, pattern) for rule in raw["rules"] for name, pattern in rule.items()),
        triggers=frozenset(triggers),
        future=_set(raw, "future"),
        past=_set(raw, "past"),
        neutral=_set(raw, "neutral"),
        names=_set(raw, "names"),
        genitive=tuple(raw.get("genitive", "").split()),
        plural=_set(raw, "plural"),
        adjectives=dict(raw.get("adjectives", {})),
        year_cues=_set(raw, "year_cues"),
        countable=_set(raw, "countable"),
        singular=_set(raw, "singular"),
        postpositions=bool(raw.get("postpositions", False)),
    )
