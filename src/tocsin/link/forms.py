"""Forms: wordings that are filled in again about something else, by an authority or by a channel itself.

An airport's notice, a count of drones, a rate of exchange: the words are the same each time, only a number, a
day or a name is another. Two such texts days apart are two reports, not one and its copy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from tocsin.link.addresses import without_addresses
from tocsin.link.corpus import MICROSECONDS_A_DAY

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

__all__ = ["Tellings", "filled_otherwise", "names_others"]

_WORD: Final = re.compile(r"[^\W\d_]+(?:[’'ʼ-][^\W\d_]+)*")
_NUMBER: Final = re.compile(r"\d+(?:[.,:]\d+)*")
#: What stands before a word that is in the middle of a sentence, quotation marks and marks of bold aside.
_INSIDE: Final = re.compile(r"[\w,;)\]][ \t*_«\"“„(]+$")
#: A capital in the middle of a sentence is a name's; all of a short word is an abbreviation («БПЛА»).
_ABBREVIATION: Final = 5
#: Endings of this many letters may differ between two forms of one name, but so many letters are alike.
_ENDING: Final = 2
_STEM: Final = 4
#: Similarity (``difflib``) from which a word is another misspelt.
_MISSPELT: Final = 0.8
#: … or the same name in another tradition («Беларуси», «Белоруссии»).
_ALIKE: Final = 0.77
#: Names of days and months shorter than this ("may", "sat") are other words too.
_SHORTEST_DAY: Final = 4


@cache
def _lexicon() -> Mapping[str, tuple[str, str]]:
    """Words for numbers and days in all languages: their kind, and a value that is the same in each."""
    from tocsin.resolve.quantities import lexicon as numbers
    from tocsin.resolve.times import lexicon as times

    found: dict[str, tuple[str, str]] = {}
    for language in times.LANGUAGES:
        for word, meaning in times.load_lexicon(language).words.items():
            if meaning.category in {"MONTH", "WEEKDAY"} and len(word) >= _SHORTEST_DAY:
                found[word] = "days", f"{meaning.category} {meaning.value}"
    for language in numbers.LANGUAGES:
        for word, value in numbers.load_lexicon(language).words.items():
            # "One" is an article as often as a number.
            if value.category == "CARD" and value.value not in {"0", "1"}:
                found[word] = "numbers", value.value
    return found


def _plain(word: str) -> str:
    return word.lower().replace("ё", "е")


def _words(text: str) -> set[str]:
    return {_plain(match[0]) for match in _WORD.finditer(text)}


def _values(text: str) -> dict[str, dict[str, str]]:
    """Numbers and days of a text by value, with the words they stand in."""
    found: dict[str, dict[str, str]] = {"numbers": {n: n for n in _NUMBER.findall(text)}, "days": {}}
    lexicon = _lexicon()
    for word in _words(text):
        kind, value = lexicon.get(word, ("", ""))
        if kind:
            found[kind][value] = word
    return found


def _names(text: str) -> list[str]:
    """Words in the middle of sentences that begin with a capital."""
    return [
        match[0]
        for match in _WORD.finditer(text)
        if match[0][0].isupper()
        and not (match[0].isupper() and len(match[0]) <= _ABBREVIATION)
        and _INSIDE.search(text[max(0, match.start() - 6) : match.start()])
    ]


def _missing(names: Iterable[str], words: set[str]) -> list[str]:
    """The names of which no form is among the words of another text."""
    starts = {word[:size] for word in words for size in range(_STEM, len(word) + 1)} | words
    plain = {name: _plain(name) for name in names}
    return [name for name, word in plain.items() if word[: max(_STEM, len(word) - _ENDING)] not in starts]


def _other_names(one: str, other: str) -> tuple[list[str], list[str]]:
    """Names of each text that the other lacks; none where all of one side may be misspelt in the other."""
    words = _words(one), _words(other)
    gone, new = _missing(_names(one), words[1]), _missing(_names(other), words[0])
    if gone and new:  # looking for misspellings costs more than all the rest
        gone = [name for name in gone if not get_close_matches(name.lower(), words[1], 1, _MISSPELT)]
        new = [name for name in new if not get_close_matches(name.lower(), words[0], 1, _MISSPELT)]
    return gone, new


def filled_otherwise(one: str, other: str) -> str:
    """In which numbers, days or names two wordings differ, in words: each has some that the other lacks.

    The first of these kinds that differs is told; empty where only the words about them differ, or where one
    says merely more. Symmetric but for the order in which the two are named. Addresses do not count.

    >>> filled_otherwise("Пять БПЛА сбиты над Брянской областью", "Семь БПЛА сбиты над Брянской областью")
    'numbers differ: пять → семь'
    >>> filled_otherwise("The port of Old Quay is closed", "The old port of Quay was closed")
    ''
    """
    one, other = without_addresses(one), without_addresses(other)
    values = _values(one), _values(other)
    for kind in ("numbers", "days"):
        gone, new = (
            [word for value, word in a[kind].items() if value not in b[kind]]
            for a, b in (values, values[::-1])
        )
        if gone and new:
            return _told(kind, gone, new)
    gone, new = _other_names(one, other)
    return _told("names", gone, new) if gone and new else ""


def names_others(text: str, longer: str) -> bool:
    """Whether none of the names of a text stands, even misspelt, in a longer one, which has other names.

    A name is known by its capital in the middle of a sentence; addresses do not count.

    >>> names_others("A case on unsafe service in Old Quay", "In Elm Hill a case on unsafe service")
    True
    """
    text, longer = without_addresses(text), without_addresses(longer)
    names, words = set(_names(text)), _words(longer)
    if not names or len(_missing(names, words)) < len(names) or not _missing(_names(longer), _words(text)):
        return False
    return not any(get_close_matches(_plain(name), words, 1, _ALIKE) for name in names)


def _told(kind: str, gone: list[str], new: list[str]) -> str:
    return f"{kind} differ: {', '.join(sorted(gone)[:3])} → {', '.join(sorted(new)[:3])}"


# --- told again ---------------------------------------------------------------------------------

#: Who has it from one notice publishes it within a day.
_AT_ONCE: Final = MICROSECONDS_A_DAY


@dataclass
class Tellings:
    """Which texts several channels published at one time.

    ``when`` (microseconds, None where unknown) and ``channels`` are of documents, ``rows`` the documents of
    each text, ``pairs`` two arrays of texts that are alike. ``known`` says of the first texts whether several
    told them at once; pairs of those need not be among ``pairs``.
    """

    when: Sequence[int | None]
    channels: Sequence[int]
    rows: Sequence[Sequence[int]]
    pairs: tuple[Array, Array]
    known: Sequence[bool] = ()
    _index: tuple[Array, Array] | None = field(default=None, repr=False)

    def twice(self, one: int, other: int) -> bool:
        """Whether several channels told the one text when it first came, and several the other."""
        return self.at_once(one) and self.at_once(other)

    def at_once(self, text: int) -> bool:
        """Whether another channel told a text, or one much like it, within a day of its first document."""
        if text < len(self.known):
            return self.known[text]
        first = self.rows[text][0]
        moment, channel = self.when[first], self.channels[first]
        if moment is None:
            return False
        for near in (text, *self._alike(text)):
            for row in self.rows[near]:
                other = self.when[row]
                if self.channels[row] != channel and other is not None and abs(other - moment) <= _AT_ONCE:
                    return True
        return False

    def _alike(self, text: int) -> list[int]:
        import numpy as np

        if self._index is None:
            one, other = np.concatenate(self.pairs), np.concatenate(self.pairs[::-1])
            order = np.argsort(one, kind="stable")
            self._index = one[order], other[order]
        ends = np.searchsorted(self._index[0], [text, text + 1])
        return [int(found) for found in self._index[1][ends[0] : ends[1]]]
