"""An acronym and the full name it stands for, in one script or across two: КНБ, KNB, Комитет национальной…

The initials of the full name's words, small words left out or in, must be the acronym's letters in order.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from tocsin.model.scores import Score
from tocsin.resolve.names.letters import letters, script, words
from tocsin.resolve.names.parse import ParsedName
from tocsin.resolve.names.sounds import distance

__all__ = ["initials", "spelled_out"]

_SMALL: Final = frozenset(
    {
        "of",
        "the",
        "and",
        "for",
        "in",
        "on",
        "to",
        "de",
        "la",
        "и",
        "по",
        "в",
        "во",
        "на",
        "о",
        "об",
        "с",
        "при",
    }
    | {"для", "за", "та", "і", "й", "з", "із", "у", "про", "від", "және", "мен"}
)
#: Nats that one letter of an acronym may differ across scripts: Г is G or H, Х is H or Kh.
_NEAR: Final = 3.6
_SHORTEST: Final = 2


@lru_cache(maxsize=1 << 14)
def initials(name: str) -> tuple[tuple[str, ...], ...]:
    """The first letters of a name's words: without small words, and with them if that differs.

    >>> initials("Комитет национальной безопасности")
    (('к', 'н', 'б'),)
    """
    every = [letters(word) for word in words(name) if letters(word)]
    short = tuple(word[0] for word in every if word not in _SMALL)
    full = tuple(word[0] for word in every)
    return (short,) if short == full else (short, full)


def _fits(acronym: str, first: tuple[str, ...]) -> bool:
    """Whether the letters agree one by one; a sound of two Latin letters (Ш – Sh) may take both."""
    if not first:
        return not acronym
    if not acronym:
        return False
    same = script(acronym[0]) == script(first[0])
    for size in (1,) if same else (1, 2):
        piece = acronym[:size]
        near = piece == first[0] if same else distance(piece, first[0]) <= _NEAR
        if len(piece) == size and near and _fits(acronym[size:], first[1:]):
            return True
    return False


def spelled_out(a: ParsedName, b: ParsedName) -> Score | None:
    """The score of one name being the acronym of the other, or the same acronym in another script."""
    if a.acronym and b.acronym:
        if script(a.acronym) != script(b.acronym) and _fits(*_by_script(a.acronym, b.acronym)):
            return Score(
                0.9 if len(a.acronym) > _SHORTEST else 0.7, (f"{a.text} and {b.text} are the same letters",)
            )
        return None
    for short, full in ((a, b), (b, a)):
        if not short.acronym or len(full.parts) < _SHORTEST:
            continue
        for first in initials(full.text):
            if len(first) >= _SHORTEST and _fits(short.acronym, first):
                value = 0.6 + 0.1 * min(3, len(first) - 1)
                return Score(value, (f"{short.text} is made of the initials of “{full.text}”",))
    return None


def _by_script(left: str, right: str) -> tuple[str, tuple[str, ...]]:
    """Latin letters, and the Cyrillic ones they may stand for."""
    return (left, tuple(right)) if script(left) == "latin" else (right, tuple(left))
