"""Four-letter sequences that texts share: whole words are not needed, nor that forms are told.

A sequence is a number of 40 bits; above them, where several texts are taken at once, the text's place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["Rareness", "rareness_of", "shared_grams"]

Floats = NDArray[np.float32]
Codes = NDArray[np.uint64]

_GRAM: Final = 4
_BITS: Final = np.uint64(40)
_CODE: Final = (np.uint64(1) << _BITS) - np.uint64(1)
#: An odd number (2^64 over the golden ratio) by which neighbouring codes come to lie far apart.
_SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)
_WORD: Final = re.compile(r"\w+")
#: Of a larger base so many entries, evenly spread, say how rare a sequence is; all would take seconds.
_COUNTED: Final = 20_000
_AT_ONCE: Final = 2_000


def _grams(texts: Sequence[str]) -> Codes:
    """The different sequences of each text, sorted."""
    plain = [f" {' '.join(_WORD.findall(text.lower()))} " for text in texts]
    letters = np.frombuffer("".join(plain).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    sizes = np.array([len(text) for text in plain], dtype=np.int64)
    if len(letters) < _GRAM:
        return np.zeros(0, dtype=np.uint64)
    ends = np.repeat(np.cumsum(sizes), sizes)
    within = np.flatnonzero(np.arange(len(letters)) + _GRAM <= ends)
    codes = np.zeros(len(within), dtype=np.uint64)
    for at in range(_GRAM):
        codes = (codes << np.uint64(16)) | letters[within + at]
    owner = np.repeat(np.arange(len(texts), dtype=np.uint64), sizes)[within]
    return _distinct((owner << _BITS) | ((codes * _SPREAD) >> (np.uint64(64) - _BITS)))


def _distinct(numbers: Codes) -> Codes:
    """Sorted, each once; several times as fast as ``np.unique``."""
    ordered = np.sort(numbers)
    kept: Codes = ordered[np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]]
    return kept


@dataclass(frozen=True, slots=True, eq=False)
class Rareness:
    """The idf of sequences in a base: ``codes`` sorted, their ``idf``, and that of one no entry has."""

    codes: Codes
    idf: Floats
    most: np.float32

    def of(self, codes: Codes) -> Floats:
        """The idf of each code."""
        if not len(self.codes):
            return np.full(len(codes), self.most, dtype=np.float32)
        at = np.minimum(np.searchsorted(self.codes, codes), len(self.codes) - 1)
        found: Floats = np.where(self.codes[at] == codes, self.idf[at], self.most)
        return found


def rareness_of(texts: Sequence[str]) -> Rareness:
    """How rare each sequence is among the texts of a base (Spärck Jones 1972, as in BM25)."""
    counted = texts[:: -(-len(texts) // _COUNTED)] if len(texts) > _COUNTED else texts
    parts = [_grams(counted[at : at + _AT_ONCE]) & _CODE for at in range(0, len(counted), _AT_ONCE)]
    every = np.sort(np.concatenate([np.zeros(0, dtype=np.uint64), *parts]))
    first = np.flatnonzero(np.append(True, every[1:] != every[:-1])[: len(every)])
    times = np.diff(np.append(first, len(every)))
    count = len(counted)
    idf = np.log1p((count - times + 0.5) / (times + 0.5)).astype(np.float32)
    return Rareness(every[first], idf, np.float32(np.log1p((count + 0.5) / 0.5)))


def _sums(owner: NDArray[np.int64], values: Floats, count: int) -> Floats:
    return np.bincount(owner, weights=values, minlength=count).astype(np.float32).reshape(-1, 2)


def _among(asked: Codes, codes: Codes) -> NDArray[np.bool_]:
    if not len(asked):
        return np.zeros(len(codes), dtype=bool)
    found: NDArray[np.bool_] = asked[np.minimum(np.searchsorted(asked, codes), len(asked) - 1)] == codes
    return found


def shared_grams(
    rareness: Rareness, text: str, author: str, entries: Sequence[tuple[str, str]]
) -> tuple[Floats, Floats]:
    """What a question shares with entries, each of two texts.

    (n, 3): share of the first and of the second text's sequences that the question has, and of the
    question's that either has. (n, 6), with the author's name in the question and weighed by rareness: the
    two shares and how far their sum is behind the best, then the same of the cosines.
    """
    asked, signed = _grams([text]), _grams([f"{text} {author}"])
    grams = _grams([said for both in entries for said in both])
    owner, own = (grams >> _BITS).astype(np.int64), grams & _CODE
    count = 2 * len(entries)
    plain = np.zeros((len(entries), 3), dtype=np.float32)
    hit = _among(asked, own)
    has, hits = np.bincount(owner, minlength=count), np.bincount(owner[hit], minlength=count)
    plain[:, :2] = (hits / np.maximum(has, 1)).reshape(-1, 2)
    either = _distinct(((owner[hit] // 2).astype(np.uint64) << _BITS) | own[hit])
    plain[:, 2] = np.bincount((either >> _BITS).astype(np.int64), minlength=len(entries)) / max(1, len(asked))
    rare = np.zeros((len(entries), 6), dtype=np.float32)
    idf, hit = rareness.of(own), _among(signed, own)
    rare[:, :2] = _sums(owner, idf * hit, count) / np.maximum(_sums(owner, idf, count), 1e-6)
    length = max(float(np.linalg.norm(rareness.of(signed))), 1e-6)
    lengths = np.sqrt(np.maximum(_sums(owner, idf * idf, count), 1e-6))
    rare[:, 3:5] = _sums(owner, idf * idf * hit, count) / lengths / np.float32(length)
    for gap in (2, 5):
        both = rare[:, gap - 2] + rare[:, gap - 1]
        rare[:, gap] = both - both.max(initial=0)
    return plain, rare
