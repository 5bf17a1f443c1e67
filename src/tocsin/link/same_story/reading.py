"""What one document gives for telling whether another tells the same story: one pass of the encoder.

Nothing here was learnt: ``basis`` turns it into what is compared. Documents in languages that the encoder was
not taught are spelt nearer to those it reads (``language.bridge``).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tocsin.language.bridge import bridge
from tocsin.language.universal import UniversalEncoder, universal_encoder
from tocsin.resolve.fold import fold
from tocsin.resolve.names.fold import fold_word

__all__ = ["BEGINNINGS", "READ", "Reading", "Words", "readings", "words_of"]

Floats = NDArray[np.float32]

#: Characters of a document that are read: its news stands in the beginning.
READ: Final = 2500
#: Characters of the beginnings that get a vector each, beside the whole and the first sentence.
BEGINNINGS: Final = (700, 300)
_TITLE: Final = 200
#: Pieces commoner than this say nothing; its weight grows from here.
_COMMON: Final = 4.0
_COMMON_WORD: Final = 5.0
#: How fast the weight of a piece falls with its place, in pieces.
_LEAD: Final = 120.0
#: Pieces in one of the parts that are compared each with each, and parts at most.
_PART: Final = 40
_PARTS: Final = 4
#: Words that count as the beginning, letters of a word that are compared, and of a name.
_FIRST_WORDS: Final = 80
_STEM: Final = 6
_NAME_STEM: Final = 7

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_HAN: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]+")
_NUMBER: Final = re.compile(r"\d+(?:[., \u00a0\u202f]\d{3})*(?:[.,]\d+)?")
_THOUSANDS: Final = re.compile(r"[.,](?=\d{3}(?!\d))")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_SENTENCE: Final = re.compile(r"\n|  |[.!?。！？] ?")
_STARTS: Final = re.compile(r"(?:[.!?:«»\"“”\n]\s?|^)$")


@dataclass(frozen=True, slots=True)
class Words:
    """Weights of what is said: words, their stems, stems of the beginning, names, numbers.

    The first three have length 1, so products are cosines; ``count`` is the number of words.
    """

    words: Mapping[str, float]
    stems: Mapping[str, float]
    first: Mapping[str, float]
    names: Mapping[str, float]
    numbers: Mapping[str, float]
    count: int


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One document.

    ``beginnings``: unit vectors (4, 512) of the whole, of its beginnings, of its first sentence. ``pooled``:
    mean piece features (2, 1280) by rarity, the beginning counting more, and evenly. ``parts``: the same of
    up to four parts. ``pieces``: features (n, 1280) of pieces that say something, ``rare`` (n,) how much they
    do, ``at`` (n,) their places.
    """

    language: str
    beginnings: Floats
    pooled: Floats
    parts: Floats
    pieces: Floats
    rare: Floats
    at: Floats
    words: Words


def readings(texts: Sequence[str], languages: Sequence[str]) -> Iterator[Reading]:
    """One reading per text, in order; ``languages`` are ISO 639-1 codes."""
    encoder = universal_encoder()
    cut = [text[:READ].strip() or "." for text in texts]
    spelt = [_spelt(text, language) for text, language in zip(cut, languages, strict=True)]
    for text, own, language, encoding in zip(cut, spelt, languages, encoder.encode(spelt), strict=True):
        yield _reading(encoder, (text, own, language), encoding)


def _spelt(text: str, language: str) -> str:
    bridged = bridge(text, language)
    return bridged.text if bridged else text


def _reading(encoder: UniversalEncoder, told: tuple[str, str, str], encoding: Any) -> Reading:
    text, spelt, language = told
    features, starts = encoding.features, encoding.starts
    rare = np.maximum(encoder.rarities(spelt) - _COMMON, 0.0).astype(np.float32)
    weights = rare + np.float32(1e-6)
    place = np.arange(len(rare), dtype=np.float32)
    ends = [*BEGINNINGS, _title_end(spelt)]
    parts = max(1, min(_PARTS, len(rare) // _PART))
    says = rare > 0
    return Reading(
        language,
        np.vstack([encoding.vector, encoder.beginnings(features, [_before(starts, end) for end in ends])]),
        np.stack([_mean(features, weights * np.exp(-place / _LEAD)), _mean(features, weights)]),
        np.stack([_mean(features[p], weights[p]) for p in np.array_split(np.arange(len(rare)), parts)]),
        features[says],
        rare[says],
        place[says],
        words_of(text),
    )


def _before(starts: NDArray[np.int64], end: int) -> int:
    return max(1, int(np.searchsorted(starts, end)))


def _mean(features: Floats, weights: Floats) -> Floats:
    found: Floats = (weights @ features) / weights.sum()
    return found


def _title_end(text: str) -> int:
    """Where the first sentence or the title ends; a text without any end is cut."""
    found = _SENTENCE.search(text, 20)
    return min(found.start() if found else _TITLE, _TITLE)


@lru_cache(maxsize=1 << 17)
def _information(word: str) -> float:
    """How rare a word is: the sum over its pieces."""
    return float(universal_encoder().rarities(word).sum())


def words_of(text: str) -> Words:
    """Words, names and numbers of a text, weighted by how rare they are in all languages together.

    Han and Kana are taken by pairs of signs. A name is a word with a capital that no sentence begins with;
    it is folded to Latin letters.
    """
    tokens: list[str] = []
    names: Counter[str] = Counter()
    for match in _WORD.finditer(text):
        word = match[0]
        if han := _HAN.findall(word):
            tokens += [run[i : i + 2] for run in han for i in range(max(1, len(run) - 1))]
            continue
        tokens.append(fold(word))
        if word[0].isupper() and len(word) > 2 and not _STARTS.search(text, match.start() - 2, match.start()):
            names[fold_word(word)[:_NAME_STEM]] += 1
    numbers = {n for n in (_number(found) for found in _NUMBER.findall(text)) if n}
    return Words(
        _weighted(tokens),
        _weighted(tokens, _STEM),
        _weighted(tokens[:_FIRST_WORDS], _STEM),
        {n: (1 + math.log(k)) * max(_information(n) - _COMMON, 0.1) for n, k in sorted(names.items())},
        {n: 0.3 if _YEAR.fullmatch(n) else min(len(n.replace(".", "")), 4) / 2 for n in sorted(numbers)},
        len(tokens),
    )


def _number(found: str) -> str:
    return _THOUSANDS.sub("", re.sub(r"\s", "", found)).replace(",", ".")


def _weighted(tokens: Sequence[str], letters: int | None = None) -> dict[str, float]:
    """Weights of words (or of their first letters), as a vector of length 1."""
    found: dict[str, float] = {}
    for word, times in sorted(Counter(tokens).items()):
        key = word[:letters]
        weight = (1 + math.log(times)) * max(_information(word) - _COMMON_WORD, 0.0)
        found[key] = found.get(key, 0.0) + weight
    length = math.sqrt(sum(weight * weight for weight in found.values()))
    return {key: weight / length for key, weight in found.items() if weight}
