"""The kind of a Russian or Ukrainian source: that of the noun its phrase is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from tocsin.extract.lexicon import Lexicon, read_data
from tocsin.extract.names import NAME_MARKS, Word
from tocsin.extract.words import normal
from tocsin.language.morphology import Parse, parses
from tocsin.model import SourceKind

__all__ = ["core_words", "listed_kind", "slavic_kind"]

_QUOTED: Final = re.compile(r"«[^»]*»|“[^”]*”|„[^“”]*[“”]|\"[^\"]*\"")
#: After a comma these begin what only describes the source: relative clauses, participles, adjectives.
_DESCRIBES: Final = frozenset({"ADJF", "PRTF", "GRND", "PREP", "ADJS", "NPRO", "CONJ", "VERB"})
_KINDS: Final = {
    "anonymous": SourceKind.ANONYMOUS,
    "official": SourceKind.OFFICIAL,
    "media": SourceKind.MEDIA,
    "document": SourceKind.DOCUMENT,
    "organisation": SourceKind.ORGANISATION,
    "crowd": SourceKind.CROWD,
}
_FROM: Final = frozenset({"от", "від"})


@cache
def _lists(language: str) -> dict[str, frozenset[str]]:
    data: Any = read_data("sources")[language]
    return {name: frozenset(normal(word) for word in words) for name, words in data.items()}


def listed_kind(word: Word, lex: Lexicon) -> str:
    """The list a word is on: those of ``sources.yaml`` first, then the heads of its language."""
    lists = _lists(lex.language)
    forms = {normal(form) for form in (word.raw, *word.lemmas)}
    return next((name for name in _KINDS if forms & lists[name]), "") or word.head


def core_words(words: Sequence[Word], text: str, lex: Lexicon) -> list[Word]:
    """The words of a source without quotations and without what follows a comma to describe it."""
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    kept: list[Word] = []
    for index, word in enumerate(words):
        if any(start < word.start < end for start, end in quoted):
            continue
        if kept and "," in text[words[index - 1].end : word.start]:
            reading = parses(word.raw, lex.language)[0]
            if reading.pos in _DESCRIBES and not word.capital and not listed_kind(word, lex):
                break
        kept.append(word)
    return kept


def slavic_kind(
    words: Sequence[Word], core: Sequence[Word], run: tuple[int, int] | None, lex: Lexicon, case: str = ""
) -> str:
    """The kind of a source by its ``core_words``; ``run`` is where a name may stand among them."""
    described = [w for w in words if w not in core]
    if not core:  # nothing but a name in quotation marks
        outlet = any(
            {normal(w.raw), *map(normal, w.lemmas)} & _lists(lex.language)["media_names"] for w in words
        )
        return SourceKind.MEDIA if outlet else SourceKind.ORGANISATION
    at, said = _head(core, lex)
    kind = listed_kind(core[at], lex)
    person = _person_noun(core[at], kind, lex)
    if core[at].special == "outlets" or (not person and any(w.special == "outlets" for w in core)):
        return SourceKind.MEDIA
    if run is not None and _names(core, run, (at, person, kind), lex):
        return SourceKind.PERSON
    if not person and said and _pronominal(core[at], lex):
        return SourceKind.CROWD if said == "many" else SourceKind.ANONYMOUS  # «некоторые из них»
    if not person:
        return _thing(core, at, kind, run)
    many = said == "many" or (not said and _plural(core, at, lex, case))
    if kind == "crowd" and any(w.raw in _FROM for w in core[at + 1 : at + 3]):
        kind = "official"  # «наблюдатели от партии»
    if kind in {"official", "media", "anonymous"}:
        return _KINDS[kind]
    return _somebody(core, at, described, many, lex)


def _pronominal(word: Word, lex: Lexicon) -> bool:
    return parses(word.raw, lex.language)[0].pos in {"NPRO", "NUMR", "ADJF"} or word.raw.lower() in lex.words(
        "anaphors_plural"
    )


def _thing(core: Sequence[Word], at: int, kind: str, run: tuple[int, int] | None) -> str:
    """The kind of a source that is nobody's role: a body, a paper, or a lone capitalised word."""
    if kind:
        return _KINDS[kind]
    named = run is not None and run[0] <= at < run[1] and not core[at].special
    return SourceKind.PERSON if named and not core[at].raw.isascii() else SourceKind.ORGANISATION


def _somebody(core: Sequence[Word], at: int, described: Sequence[Word], many: bool, lex: Lexicon) -> str:
    """The kind of a person without name or office: a source that hides, one of many, or many."""
    lists = _lists(lex.language)
    if any({normal(form) for form in w.lemmas} & lists["hidden"] for w in (*core[:at], *described)):
        return SourceKind.ANONYMOUS
    if at and {normal(form) for form in core[at - 1].lemmas} & lists["chief"]:
        return SourceKind.OFFICIAL
    return SourceKind.CROWD if many else SourceKind.ANONYMOUS


def _head(core: Sequence[Word], lex: Lexicon) -> tuple[int, str]:
    """The place of the noun a source is about, and ``many`` or ``one`` if a word before it says so."""
    lists = _lists(lex.language)
    plural = single = False
    for index, word in enumerate(core):
        forms = {normal(form) for form in (word.raw, *word.lemmas)}
        if index + 1 < len(core) and forms & (lists["plural"] | lists["singular"]):
            plural |= bool(forms & lists["plural"])
            single |= bool(forms & lists["singular"])
            continue
        if _heads(core, index, lex):
            return index, "one" if single else "many" if plural else ""
    return len(core) - 1, "one" if single else "many" if plural else ""


def _heads(core: Sequence[Word], index: int, lex: Lexicon) -> bool:
    """A noun, a name, or an adjective that stands for somebody («дежурный по области», «пострадавший»)."""
    word = core[index]
    if word.special:
        return True
    if word.raw.lower() in lex.words("anaphors_person") | lex.words("anaphors_plural"):
        return False  # «його» is a noun to the Ukrainian dictionary
    reading = parses(word.raw, lex.language)[0]
    if reading.pos in {"ADJF", "PRTF"} and not reading.marks & NAME_MARKS:
        listed = listed_kind(word, lex) in {"official", "crowd"}
        follower = core[index + 1] if index + 1 < len(core) else None
        alone = follower is None or parses(follower.raw, lex.language)[0].pos in {"PREP", "CONJ"}
        return alone or (listed and not _agree(word, follower, lex))
    return reading.pos not in {"PREP", "CONJ", "NUMR", "NPRO", "PRCL", "ADVB"}


def _agree(adjective: Word, noun: Word | None, lex: Lexicon) -> bool:
    if noun is None:
        return False
    if noun.special:
        return True  # «местные СМИ»
    places = {(p.case, p.number) for p in parses(adjective.raw, lex.language)}
    common = any(
        (p.case, p.number) in places and p.pos == "NOUN" and not p.marks & NAME_MARKS
        for p in parses(noun.raw, lex.language)
    )
    return common and not noun.capital


def _person_noun(word: Word, kind: str, lex: Lexicon) -> bool:
    """Whether a noun is somebody: by the dictionary, or because only people are on its list."""
    if word.special:
        return False
    if kind in {"official", "anonymous"}:
        return True
    readings = _nouns(word, lex)
    adjective = not readings and parses(word.raw, lex.language)[0].pos in {"ADJF", "PRTF"}
    return (adjective or any(p.animate for p in readings[:2])) and kind not in {"organisation", "document"}


def _nouns(word: Word, lex: Lexicon) -> list[Parse]:
    return [p for p in parses(word.raw, lex.language) if p.pos == "NOUN"]


def _plural(core: Sequence[Word], at: int, lex: Lexicon, case: str) -> bool:
    """«пассажиры», not «пассажира»; «учителя» by its case or the adjective before it, else many."""
    readings = _nouns(core[at], lex) or list(parses(core[at].raw, lex.language))
    if case:
        readings = [p for p in readings if p.case == case] or readings
    if at:
        numbers = {p.number for p in parses(core[at - 1].raw, lex.language) if p.pos in {"ADJF", "PRTF"}}
        readings = [p for p in readings if not numbers or p.number in numbers] or readings
    first = next((p for p in readings if p.case == "nomn"), readings[0] if readings else None)
    return first is not None and first.number == "plur"


def _names(core: Sequence[Word], run: tuple[int, int], head: tuple[int, bool, str], lex: Lexicon) -> bool:
    """Whether the capitals among the words name the person the source is."""
    at, person, kind = head
    start, end = run
    if any(w.raw.lower().rstrip(".") in lex.words("orgs_suffix") for w in core[start:end]):
        return False
    if at < start:
        readings = _nouns(core[at], lex) or list(parses(core[at].raw, lex.language))
        if not person or all(p.number == "plur" for p in readings):
            return False
        between = core[at + 1 : start]
        return end == len(core) or end - start >= 2 or not between or core[end].capital
    if at >= end:  # «Анна Лугова, председатель»
        return end - start >= 2 or _marked(core[start], lex)
    if kind or (end - start == 1 and core[start].raw.isascii()):
        return False
    surname = any(_marked(w, lex) for w in core[start:end])
    return surname or end - start >= 2 or not _known(core[start], lex)


def _marked(word: Word, lex: Lexicon) -> bool:
    return any(p.marks & NAME_MARKS for p in parses(word.raw, lex.language)[:4])


def _known(word: Word, lex: Lexicon) -> bool:
    return parses(word.raw, lex.language)[0].known
