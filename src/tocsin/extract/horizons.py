"""Words for when something will be: «до пятницы», «не раньше среды», «найближчими днями», «ай соңына дейін».

Times proper are read by a later stage, which knows the calendar; here only the words are wanted, with their
prepositions, so that what happens can be told from when.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from tocsin.extract.clauses import Token
from tocsin.extract.lexicon import read_data
from tocsin.extract.words import normal
from tocsin.language.morphology import lemmas
from tocsin.model import Span

__all__ = ["Horizon", "horizons_of"]

_NUMBER: Final = re.compile(r"\d+(?:[.,:–-]\d+)*(?:-[а-яіңғүұқөһә]{1,4})?$")
_CLOCK: Final = re.compile(r"\d{1,2}[:.]\d\d$|\d{4}$|\d+-(?:ына|іне|нан|нен|ында|інде|сына|сінде|ші|шы)")
#: Prepositions that point forward from a date.
_FORWARD: Final = frozenset({"до", "к", "ко", "через", "вплоть", "аж", "на", "не"})
#: Prepositions that make an event a time.
_BEFORE_OCCASIONS: Final = frozenset({"до", "к", "ко", "после", "перед", "після", "під"})
#: Adjectives that name a time, so that it needs a preposition to say when.
_NAMED_TIMES: Final = (
    *("учебн", "отопит", "рабоч", "дачн", "летн", "зимн"),
    *("навчальн", "опалювальн", "робоч", "літн", "зимов"),
)
_SLAVIC: Final = frozenset({"ru", "uk"})
_NAMES: Final = (
    "unit",
    "point",
    "edge",
    "left",
    "lead",
    "particle",
    "right",
    "past",
    "habit",
    "ahead",
    "occasion",
)


@dataclass(frozen=True, slots=True)
class Horizon:
    """Words for when; ``ahead`` if they point forward, ``habit`` if they tell how often."""

    span: Span
    ahead: bool
    habit: bool


@cache
def _words(language: str) -> dict[str, frozenset[str]]:
    data: Any = read_data("horizons")[language]
    return {name: frozenset(normal(word) for word in data[name]) for name in (*_NAMES, "after")}


@cache
def _stems(language: str, name: str) -> tuple[str, ...]:
    return tuple(word[:-1] for word in _words(language)[name] if word.endswith("*"))


@lru_cache(maxsize=1 << 15)
def _classes(word: str, language: str) -> frozenset[str]:
    """The lists a word is on; ``number`` for digits."""
    if _NUMBER.match(word):
        return frozenset({"number", "left"} | ({"point"} if _CLOCK.match(word) else set()))
    forms = {word} | ({normal(lemma) for lemma in lemmas(word, language)} if language in _SLAVIC else set())
    listed = _words(language)
    found = {name for name in _NAMES if forms & listed[name]}
    found |= {name for name in _NAMES if (stems := _stems(language, name)) and word.startswith(stems)}
    return frozenset(found)


def horizons_of(tokens: Sequence[Token], language: str) -> list[Horizon]:
    """Every phrase for when among the words of a clause, in order."""
    if language not in _SLAVIC | {"kk"}:
        return []
    classes = [_classes(token.word, language) for token in tokens]
    found: list[tuple[int, int]] = []
    index = 0
    while index < len(tokens):
        if not classes[index] & {"unit", "point", "occasion"}:
            index += 1
            continue
        start, end = _around(tokens, classes, index, language)
        if _stands(tokens, classes, (start, end), language):
            if found and _joined(classes, found[-1][1], start):
                found[-1] = (found[-1][0], end)
            else:
                found.append((start, end))
        index = end
    found += _afterwards(tokens, found, language)
    return [
        Horizon(
            Span(tokens[start].span.start, tokens[end - 1].span.end),
            _points_ahead(tokens[start:end], classes[start:end]),
            tokens[start].word == "по" or any("habit" in own for own in classes[start:end]),
        )
        for start, end in sorted(found)
    ]


def _around(
    tokens: Sequence[Token], classes: Sequence[frozenset[str]], index: int, language: str
) -> tuple[int, int]:
    """The phrase about one word of time: its attributes, preposition and particles, and what follows."""
    start, end = index, index + 1
    while end < len(tokens) and _follows(tokens, classes, end, language):
        end += 1
    while start and classes[start - 1] & {"left", "edge", "unit", "point", "past"}:
        start -= 1
    if language == "kk":
        while start and classes[start - 1] & {"particle"}:
            start -= 1
        return start, end
    while start and "lead" in classes[start - 1]:
        start -= 1
    while start and "particle" in classes[start - 1]:
        if tokens[start - 1].word == "не" and not _later(tokens, start):
            break
        start -= 1
    while start and "lead" in classes[start - 1] and tokens[start].word != "не":
        start -= 1
    if start and tokens[start].word == "через" and "unit" in classes[start - 1]:
        start -= 1  # «часа через два»
    return start, end


def _follows(tokens: Sequence[Token], classes: Sequence[frozenset[str]], at: int, language: str) -> bool:
    """Whether a word goes on with the phrase that ends before it."""
    own = classes[at]
    goes_on = bool(own & {"unit", "point", "edge", "right"})
    if language == "kk":
        if "number" in own:
            return tokens[at - 1].word.startswith("сағат")
        return goes_on and "right" not in classes[at - 1]
    return (goes_on or "number" in own) and "lead" not in own


def _later(tokens: Sequence[Token], start: int) -> bool:
    """«не раньше среды», but not «не завтра»."""
    return tokens[start].word.startswith(("рань", "ран", "позж", "поздн", "пізн"))


def _stands(
    tokens: Sequence[Token], classes: Sequence[frozenset[str]], place: tuple[int, int], language: str
) -> bool:
    """Whether a word of time says when: «неделя» alone does not, «неделю назад» and «к неделе» do."""
    start, end = place
    if not any(own & {"unit", "point"} for own in classes[start:end]):
        return tokens[start].word in _BEFORE_OCCASIONS  # «до заморозков», not «заморозки»
    if any("point" in own for own in classes[start:end]):
        return not (end - start == 1 and _NUMBER.match(tokens[start].word) and ":" not in tokens[start].word)
    if language == "kk":
        bare = {"күн", "ай", "түн", "таң", "кеш", "оқу"}
        return end - start > 1 or tokens[start].word not in bare
    # «учебный год» alone is no time, «к учебному году» is.
    only_named = all(tokens[n].word.startswith(_NAMED_TIMES) for n in range(start, end - 1))
    return end - start > 1 and not only_named


def _joined(classes: Sequence[frozenset[str]], end: int, start: int) -> bool:
    """Whether two phrases are one: «шестого апреля с десяти | до полудня»."""
    between = classes[end:start]
    return start <= end or (len(between) <= 2 and all(own & {"lead", "left", "number"} for own in between))


def _points_ahead(tokens: Sequence[Token], classes: Sequence[frozenset[str]]) -> bool:
    if any("past" in own for own in classes) or tokens[0].word == "по":
        return False
    return any("ahead" in own for own in classes) or tokens[0].word in _FORWARD


def _afterwards(
    tokens: Sequence[Token], taken: Sequence[tuple[int, int]], language: str
) -> list[tuple[int, int]]:
    found = []
    for index in range(len(tokens) - 1):
        pair = f"{tokens[index].word} {tokens[index + 1].word}"
        if pair in _words(language)["after"] and all(end <= index or start > index for start, end in taken):
            found.append((index, index + 2))
    return found
