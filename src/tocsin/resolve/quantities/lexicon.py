"""Lexicons: number words, units and what stands about them, read from ``data/<language>.yaml`` once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from tocsin.language.wordlists import read_words

__all__ = ["LANGUAGES", "Lexicon", "Word", "load_lexicon", "plain"]

LANGUAGES: Final = ("en", "ru", "uk", "kk")

_APOSTROPHES: Final = str.maketrans({"’": "'", "ʼ": "'", "‘": "'", "`": "'", "ё": "е", "Ё": "Е"})
_MACRO: Final = re.compile(r"\{(.*?)\}|\$([a-z]+)")
_PART: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[^\w\s]")
#: Categories whose words make a sentence without figures worth reading.
_TRIGGERS: Final = ("CARD", "SCALE", "MANY", "HALF", "PART", "DENOM", "FOLD", "EVERY")
#: Bounds after which a unit needs no number, and the shortest unit written out («менее тонны»).
_BOUNDS: Final = ("ATLEAST", "ATMOST", "MORE", "LESS", "APPROX")
_SHORTEST_NAME: Final = 4
#: Codes that are words when they stand before a number in capitals.
_WORDLIKE: Final = frozenset({"ALL", "TRY", "TOP", "CUP", "BAM", "MOP", "PEN", "SOS", "GEL", "MOR"})
#: Codes of ISO 4217 that name no money in use (testing, metals, funds).
_NO_MONEY: Final = frozenset(
    {"XTS", "XXX", "XAU", "XAG", "XPT", "XPD", "XBA", "XBB", "XBC", "XBD", "XUA", "XSU"}
)


@dataclass(frozen=True, slots=True)
class Word:
    """What a word means: its category and a value (text, as in the data file)."""

    category: str
    value: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language. ``phrases`` maps a first word to (all words, meaning), longest first.

    ``exact`` holds words whose case of letters matters, as written; ``dotted`` words and phrases that take
    a full
    stop with them, ``undotted`` those of them that may do without.
    ``ordinal`` and ``inflected`` match what follows a figure and a hyphen («5-й», «12-ден»).
    ``before`` and ``after`` say which category bounds a number from which side, with its sign (``>=``,
    ``~`` …).
    """

    language: str
    words: dict[str, Word]
    exact: dict[str, Word]
    phrases: dict[str, tuple[tuple[tuple[str, ...], Word], ...]]
    dotted: frozenset[str]
    undotted: frozenset[str]
    triggers: frozenset[str]
    bounds: frozenset[str]
    units: frozenset[str]
    before: dict[str, str]
    after: dict[str, str]
    ordinal: re.Pattern[str]
    inflected: re.Pattern[str]
    change: re.Pattern[str]
    score: re.Pattern[str]
    weight: re.Pattern[str]
    flags: frozenset[str]
    lists: dict[str, frozenset[str]]

    def find(self, text: str, low: str) -> Word | None:
        """The meaning of one word: as written first, then in lower case (see ``plain``)."""
        return self.exact.get(text) or self.words.get(low)


def plain(word: str) -> str:
    """Lower case with one kind of apostrophe and «е» for «ё»: how words are kept and looked up."""
    return word.translate(_APOSTROPHES).lower()


def _expanded(item: str, endings: dict[str, str]) -> Iterator[str]:
    found = _MACRO.search(item)
    if found is None:
        yield item
        return
    own, named = found.groups()
    for ending in (own if own is not None else endings[named]).split(","):
        for rest in _expanded(item[found.end() :], endings):
            yield item[: found.start()] + ending.strip() + rest


def _forms(listed: str, endings: dict[str, str]) -> Iterator[str]:
    """The forms of a list: ``stem{a,b,}`` and ``stem$class`` stand for the stem with each ending."""
    for item in listed.split():
        yield from _expanded(item, endings)


def _currencies(language: str) -> Iterator[tuple[str, str]]:
    """Code and name of every currency that has a name of several words in the language, from babel (CLDR)."""
    from babel import Locale
    from babel.numbers import get_currency_name

    locale = Locale.parse(language)
    for code in sorted(locale.currencies):
        if code in _NO_MONEY:
            continue
        names = {get_currency_name(code, locale=locale)}
        names |= {get_currency_name(code, count=number, locale=locale) for number in (1, 2, 5)}
        for name in sorted(names):
            if " " in name and name.replace(" ", "").replace("-", "").isalpha():
                yield code, name.replace(" ", "_").replace("-", "_-_")


def _entries(raw: dict[str, Any], language: str) -> Iterator[tuple[str, Word]]:
    endings = raw.get("endings", {})
    dropped = frozenset(str(raw.get("not", "")).split())
    for category, values in raw["words"].items():
        pairs = values.items() if isinstance(values, dict) else [("", values)]
        for value, listed in pairs:
            for form in _forms(str(listed), endings):
                if form not in dropped:
                    yield form, Word(category, str(value))
    for code, name in _currencies(language):
        yield name, Word("UNIT", code)


def _halves(words: dict[str, Word]) -> list[tuple[str, Word]]:
    """«полкило», «півкілометра»: half glued to a unit; the value is the length of the half."""
    longest = [
        form for form, word in words.items() if word.category in ("UNIT", "SCALE", "TIME") and len(form) > 2
    ]
    return [(half + form, Word("HALVED", str(len(half)))) for half in ("пол", "пів") for form in longest]


def _codes() -> Iterator[tuple[str, Word]]:
    from babel.core import get_global

    for code in sorted(get_global("all_currencies")):
        if code not in _NO_MONEY:
            yield code, Word("UNIT" if code in _WORDLIKE else "CODE", code)


def _endings(raw: dict[str, Any], name: str) -> re.Pattern[str]:
    """A pattern for the endings that follow a hyphen: alternatives of a regular expression in the data
    file."""
    return re.compile(rf"(?:{raw[name]})\Z" if raw.get(name) else r"(?!)")


def _prefixes(raw: dict[str, Any], name: str) -> re.Pattern[str]:
    """A pattern that finds a word beginning with one of the listed stems."""
    stems = str(raw.get(name, "")).split()
    if not stems:
        return re.compile(r"(?!)")
    whole = [re.escape(stem[:-1]) + r"\b" for stem in stems if stem.endswith("!")]
    begun = [re.escape(stem) for stem in stems if not stem.endswith("!")]
    return re.compile(rf"\b(?:{'|'.join((*whole, *begun))})")


@cache
def load_lexicon(language: str) -> Lexicon:
    """The lexicon of one of ``LANGUAGES``, read once; raises FileNotFoundError for any other."""
    raw: dict[str, Any] = read_words("tocsin.resolve.quantities", language)
    words: dict[str, Word] = {}
    exact: dict[str, Word] = dict(_codes())
    phrases: dict[str, dict[tuple[str, ...], Word]] = {}
    dotted: set[str] = set()
    undotted: set[str] = set()
    triggers: set[str] = set()
    bounds: set[str] = set()
    units: set[str] = set()
    flags = frozenset(str(raw.get("flags", "")).split())
    for form, word in _entries(raw, language):
        if form.startswith("="):
            exact[form[1:]] = word
            continue
        parts = tuple(part for part in _PART.findall(plain(form.replace("_", " "))) if part != ".")
        (dotted if form.endswith(".") else undotted).add(" ".join(parts))
        if len(parts) > 1:
            phrases.setdefault(parts[0], {}).setdefault(parts, word)
        else:
            words.setdefault(parts[0], word)
        if word.category in _TRIGGERS:
            triggers.add(parts[0])
        elif word.category in _BOUNDS:
            bounds.add(parts[0])
        elif word.category == "UNIT" and len(parts[0]) >= _SHORTEST_NAME:
            units.add(parts[0])
    if "inversion" in flags:
        for form, word in _halves(words):
            words.setdefault(form, word)
            triggers.add(form)
    return Lexicon(
        language=language,
        words=words,
        exact=exact,
        phrases={
            first: tuple(sorted(own.items(), key=lambda p: -len(p[0]))) for first, own in phrases.items()
        },
        dotted=frozenset(dotted),
        undotted=frozenset(dotted & undotted),
        triggers=frozenset(triggers),
        bounds=frozenset(bounds),
        units=frozenset(units),
        before=dict(raw.get("before", {})),
        after=dict(raw.get("after", {})),
        ordinal=_endings(raw, "ordinal"),
        inflected=_endings(raw, "inflected"),
        change=_prefixes(raw, "change"),
        score=_prefixes(raw, "score"),
        weight=_prefixes(raw, "weight"),
        flags=flags,
        lists={name: frozenset(plain(str(own)).split()) for name, own in raw.get("lists", {}).items()},
    )
