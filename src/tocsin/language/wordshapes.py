"""Words and signs of a text as the heads see them, and plain flags of their shapes.

A link is one word. Otherwise the cut is finer than ``segment.words``: signs are words too, and English
clitics stand alone ("Clinton" + "'s"), because annotated spans begin and end there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["SHAPES", "cut_words", "shapes"]

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

_CLITIC: Final = r"(?:s|t|d|m|re|ve|ll|S|T|D|M|RE|VE|LL)(?!\w)"
#: A link is one word, without the bracket or the stop that follows it.
_LINK: Final = r"https?://[^\s<>()\[\]«»\"]*[^\s<>()\[\]«»\".,:;!?]"
_WORD: Final = re.compile(
    rf"{_LINK}|\w+(?:[-‐‑]\w+|[’'ʼ](?!{_CLITIC})\w+)*|[’']{_CLITIC}|[’']{{2}}|`{{1,2}}|[^\w\s]"
)

#: What each column of ``shapes`` says of a word, 1 or 0.
SHAPES: Final = (
    "capital first",
    "all capitals",
    "small first",
    "has a digit",
    "is a sign",
    "opens a quotation",
    "closes a quotation",
    "straight quotation mark",
    "apostrophe",
    "comma",
    "stop",
    "colon",
    "semicolon",
    "dash",
    "bracket",
    "question or exclamation",
    "inside a quotation",
    "first in its sentence",
    "last in its sentence",
    "follows without a space",
    "clitic",
    "paragraph begins in a quotation",
)
_SIGNS: Final = {
    **dict.fromkeys("“«„", 5),
    **dict.fromkeys("”»", 6),
    '"': 7,
    "''": 7,
    "’’": 7,
    "``": 5,
    **dict.fromkeys("'’‘`", 8),
    ",": 9,
    **dict.fromkeys(".…", 10),
    ":": 11,
    ";": 12,
    **dict.fromkeys("—–-−", 13),
    **dict.fromkeys("()[]", 14),
    **dict.fromkeys("?!", 15),
}


def cut_words(text: str) -> list[tuple[int, int]]:
    """Words and signs of a text as ``(start, end)`` code points; white space belongs to none."""
    return [match.span() for match in _WORD.finditer(text)]


def _shape(word: str) -> list[int]:
    """The columns of ``SHAPES`` that the word alone decides."""
    if word in _SIGNS:
        return [4, _SIGNS[word]]
    first = word[0]
    if first in "'’":
        return [20]
    if not (first.isalnum() or first == "_"):
        return [4]
    found = []
    if first.isupper():
        found.append(1 if len(word) > 1 and word.isupper() else 0)
    elif first.islower():
        found.append(2)
    if any(c.isdigit() for c in word):
        found.append(3)
    return found


def _quotations(words: Sequence[str]) -> list[bool]:
    """Whether each word is inside double quotation marks; one that closes first shows an open start."""
    inside = False
    states: list[bool] = []
    for word in words:
        sign = _SIGNS.get(word, 0)
        if sign == 5 or (sign == 7 and not inside):
            inside = True
            states.append(True)
        elif sign in {6, 7}:
            if not inside and sign == 6:
                states = [True] * len(states)
            states.append(True)
            inside = False
        else:
            states.append(inside)
    return states


def shapes(words: Sequence[str], spans: Integers, sentence: Integers, paragraph: Integers) -> Floats:
    """Flags (n, len(SHAPES)) of n words with ``spans`` (n, 2), ``sentence`` and ``paragraph`` (n,) numbers.

    Quotations are followed within a paragraph; one left open ends with it.
    """
    out = np.zeros((len(words), len(SHAPES)), dtype=np.float32)
    if not words:
        return out
    for i, word in enumerate(words):
        out[i, _shape(word)] = 1
    change = np.flatnonzero(np.diff(sentence)) + 1
    out[0, 17] = out[-1, 18] = 1
    out[change, 17] = 1
    out[change - 1, 18] = 1
    out[1:, 19] = spans[1:, 0] == spans[:-1, 1]
    cuts = [0, *(np.flatnonzero(np.diff(paragraph)) + 1).tolist(), len(words)]
    for first, last in pairwise(cuts):
        inside = _quotations(words[first:last])
        out[first:last, 16] = inside
        out[first:last, 21] = inside[0]
    return out
