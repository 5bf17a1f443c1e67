"""What is known about words in names: titles, legal forms, numbers, given names in many spellings.

Read once from ``data/known.yaml``. Words are kept as ``letters`` gives them, Latin ones without marks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from tocsin.language.wordlists import read_words
from tocsin.resolve.names.letters import letters, plain, words

__all__ = ["Given", "Known", "known", "spelling"]

_Phrases = Mapping[tuple[str, ...], int]


@dataclass(frozen=True, slots=True)
class Given:
    """A line of given names a word is on; ``familiar`` for a pet form."""

    group: int
    familiar: bool


@dataclass(frozen=True, slots=True)
class Known:
    """The lists of ``data/known.yaml``; groups are numbers of lines."""

    titles: frozenset[str]
    particles: frozenset[str]
    legal: _Phrases
    legal_names: tuple[str, ...]
    concepts: Mapping[str, int]
    organisations: _Phrases
    organisation_names: tuple[str, ...]
    given: Mapping[str, tuple[Given, ...]]
    numbers: Mapping[str, int]


def spelling(word: str) -> str:
    """A word as it is looked up in the lists."""
    return plain(letters(word))


def _phrases(lines: Iterable[str]) -> tuple[dict[tuple[str, ...], int], tuple[str, ...]]:
    found: dict[tuple[str, ...], int] = {}
    first = []
    for number, line in enumerate(lines):
        names = [name.strip() for name in line.split("|")]
        first.append(names[0])
        for name in names:
            found.setdefault(tuple(spelling(word) for word in words(name)), number)
    return found, tuple(first)


@cache
def known() -> Known:
    """The lists, read at first use."""
    data = read_words("tocsin.resolve.names", "known")
    given: dict[str, list[Given]] = defaultdict(list)
    for number, line in enumerate(data["given"]):
        for familiar, part in enumerate(line.split("~")):
            for word in part.split():
                given[spelling(word)].append(Given(number, bool(familiar)))
    concepts = {
        spelling(word): number for number, line in enumerate(data["concepts"]) for word in line.split("|")
    }
    legal, legal_names = _phrases(data["legal"])
    organisations, organisation_names = _phrases(data["organisations"])
    return Known(
        titles=frozenset(spelling(word) for word in data["titles"].split()),
        particles=frozenset(spelling(word) for word in data["particles"].split()),
        legal=legal,
        legal_names=legal_names,
        concepts=concepts,
        organisations=organisations,
        organisation_names=organisation_names,
        given={word: tuple(groups) for word, groups in given.items()},
        numbers={
            spelling(word): int(value) for value, line in data["numbers"].items() for word in line.split()
        },
    )
