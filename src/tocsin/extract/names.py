"""The words of a source, the run of them that names a person, and the fold that makes names comparable."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from tocsin.extract.lexicon import Lexicon
from tocsin.language.morphology import lemmas, parses

__all__ = ["ARTICLES", "NAME_MARKS", "Word", "fold", "name_run", "words_of"]

_TOKEN: Final = re.compile(r"[A-ZА-ЯЁІЇЄҐӘҒҚҢӨҰҮҺ]\.|[^\W_]+(?:[’'ʼ‑.-][^\W_]+)*")
#: An acronym with an ending of its own: «ЖЕКу».
_ACRONYM: Final = re.compile(r"[А-ЯЁІЇЄҐ]{2,}[а-яіїєґ]{1,3}$")
_CYRILLIC: Final = (
    "а a б b в v г g ґ g ғ g д d е e ё e є e ж zh з z и i і i ї i й i к k қ k л l м m н n ң ng о o ө o п p "
    "р r с s т t у u ұ u ү u ў u ф f х h һ h ц c ч ch ш sh щ sh ы i э e ю iu я ia ә a"
)
_PAIRS: Final = tuple(_CYRILLIC.split())
_LATIN: Final = str.maketrans({**dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True)), "ъ": "", "ь": ""})
_FOLDS: Final = (
    ("shch", "sh"),
    ("kh", "h"),
    ("ts", "c"),
    ("tz", "c"),
    ("y", "i"),
    ("j", "i"),
    ("x", "ks"),
    ("ie", "e"),
)
_DOUBLE: Final = re.compile(r"([a-z])\1+")
ARTICLES: Final = frozenset(
    {"the", "a", "an", "some", "same", "latest", "this", "that", "these", "those", "his", "her", "their"}
)
NAME_MARKS: Final = frozenset({"Surn", "Name", "Patr"})


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a source: lemmas, the kind it heads (if any), the list it is on, whether it may be a name."""

    raw: str
    start: int
    end: int
    lemmas: tuple[str, ...]
    head: str
    capital: bool
    special: str  # outlet, organisation, country or ""
    name: bool
    place: bool


@lru_cache(maxsize=1 << 16)
def fold(words: str) -> str:
    """The language-independent form of a name or phrase; idempotent.

    >>> fold("Зеленский") == fold("Зеленський") == fold("Zelenskyy")
    True
    """
    latin = words.lower().translate(_LATIN)
    latin = "".join(c for c in unicodedata.normalize("NFKD", latin) if not unicodedata.combining(c))
    latin = re.sub(r"[’'ʼ`]", "", latin)
    for old, new in _FOLDS:
        latin = latin.replace(old, new)
    latin = re.sub(r"[^a-z0-9]+", " ", latin).strip()
    return _DOUBLE.sub(r"\1", latin).replace("ie", "e")


@lru_cache(maxsize=1 << 15)
def _facts(raw: str, lex_language: str) -> tuple[tuple[str, ...], str, str, bool, bool]:
    """Lemmas, head kind, special list and whether the dictionary knows the word as a person's name."""
    from tocsin.extract.lexicon import lexicon

    lex = lexicon(lex_language)
    lower = raw.lower().replace("’", "'").replace("ʼ", "'")
    found = lemmas(lower, lex.language)
    forms = (lower, *found)
    name, geo, adjective = True, False, False
    head = next((lex.heads[form] for form in forms if form in lex.heads), "")
    special = ""
    for listing in ("outlets", "organisations", "countries"):
        if any(form in lex.words(listing) for form in forms):
            special = listing
            break
    if lex.language in {"ru", "uk"}:
        readings = parses(raw, lex.language)
        marked = any(p.marks & NAME_MARKS for p in readings[:4])
        known = readings[:1] and readings[0].known and readings[0].score > 0.4 and not marked
        geo = any("Geox" in p.marks for p in readings[:2])
        adjective = bool(readings) and readings[0].pos in {"ADJF", "PRTF"} and not marked
        name = (marked or not known) and not geo and not adjective
    return found, head, special, name, geo or adjective


def words_of(text: str, lex: Lexicon) -> list[Word]:
    """The words of a source with what lexicon and dictionary know of them."""
    found = []
    for match in _TOKEN.finditer(text):
        raw = match.group()
        forms, head, special, name, place = _facts(raw, lex.language)
        capital = raw[0].isupper()
        acronym = (raw.isupper() and len(raw) > 1 and raw[-1] != ".") or _ACRONYM.match(raw) is not None
        if acronym and not special:
            special = "organisations"
        is_name = capital and name and not head and not special
        found.append(Word(raw, match.start(), match.end(), forms, head, capital, special, is_name, place))
    return found


def name_run(words: Sequence[Word], lex: Lexicon) -> tuple[int, int] | None:
    """The run of tokens that names a person: initials and capitals, the longest, the first of equals."""
    best = _longest_run(words)
    if best is None and lex.language in {"ru", "uk"} and len(words) > 1:
        last = words[-1]  # «глава ОП Ермак»: a surname that is also a common word
        if last.capital and not (last.head or last.special or last.place or last.raw.isupper()):
            best = (len(words) - 1, len(words))
    if best is None:
        return None
    start, end = best
    if lex.language in {"ru", "uk"}:
        start = _first_name(words, start, end, lex)
    if lex.language == "en" and start and words[start - 1].raw.lower() in {"of", "in", "from", "at", "for"}:
        # «the Zoo of Rome I. Fern»: initials begin the person.
        start = next((n for n in range(start + 1, end) if words[n].raw[-1] == "."), start)
    if lex.language == "en" and words[start].raw.lower() in ARTICLES | {"and", "according", "former"}:
        start += 1
    return (start, end) if start < end else None


def _longest_run(words: Sequence[Word]) -> tuple[int, int] | None:
    best: tuple[int, int] | None = None
    index = 0
    while index < len(words):
        end = index
        while end < len(words) and _goes_on(words, index, end):
            end += 1
        if end > index and (best is None or end - index > best[1] - best[0]):
            best = (index, end)
        index = max(end, index + 1)
    return best


def _first_name(words: Sequence[Word], start: int, end: int, lex: Lexicon) -> int:
    """«Центра имени Гамалеи Александр Гинцбург»: a first name begins a new person."""
    for index in range(end - 1, start, -1):
        if _marked(words[index], lex, "Name") and not _marked(words[index - 1], lex, "Name"):
            return index if index + 1 < end and words[index - 1].raw[-1] != "." else start
    return start


def _goes_on(words: Sequence[Word], start: int, at: int) -> bool:
    """Whether the word at ``at`` goes on with the name begun at ``start`` («Юн Сок Ёль»: all capitals)."""
    word = words[at]
    if at == start:
        return word.name
    further = word.name or (word.capital and not (word.head or word.special or word.place))
    return further and not _breaks(words[at - 1], word)


def _marked(word: Word, lex: Lexicon, mark: str) -> bool:
    return any(mark in p.marks for p in parses(word.raw, lex.language)[:3])


def _breaks(before: Word, after: Word) -> bool:
    # Words of one name are separated by a blank; anything longer has a word or a comma in it.
    return after.start - before.end > 2
