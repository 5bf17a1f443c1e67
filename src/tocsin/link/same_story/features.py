"""What two documents have in common, as numbers. Symmetric: the order of the two does not matter."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tocsin.link.same_story.basis import Told

__all__ = ["FEATURES", "features"]

Floats = NDArray[np.float32]

#: Features and what each says; *less* and *more* are the smaller and the greater value of both directions.
FEATURES: Final[Mapping[str, str]] = {
    "whole": "cosine of the vectors of both texts",
    "beginning": "of their first 700 characters",
    "lead": "of their first 300 characters",
    "title": "of their first sentences or titles",
    "whole_learnt": "cosine of the texts in the learnt space",
    "beginning_learnt": "of their first 700 characters, likewise",
    "lead_learnt": "of their first 300 characters, likewise",
    "title_learnt": "of their first sentences, likewise",
    "about_first": "cosine of the means of their pieces, rare ones and the beginning counting more",
    "about": "cosine of the means of their pieces, rare ones counting more",
    "parts": "cosine of the two parts that are nearest",
    "first_part_less": "cosine of the first part of one with the nearest of the other, less",
    "first_part_more": "the same, more",
    "parts_less": "mean cosine of each part of one with the nearest of the other, less",
    "parts_more": "the same, more",
    "title_whole_less": "cosine of the title of one with the whole other, less",
    "title_whole_more": "the same, more",
    "lead_whole_less": "cosine of the lead of one with the whole other, less",
    "lead_whole_more": "the same, more",
    "pieces_less": "each piece of one with the nearest of the other, in its context: mean, less",
    "pieces_more": "the same, more",
    "first_pieces_less": "the same, the beginning counting more: less",
    "first_pieces_more": "the same, more",
    "rare_pieces_less": "the same of rare pieces only: less",
    "rare_pieces_more": "the same, more",
    "strong_less": "pieces of the beginning that have a near one: how near beyond .4, less",
    "strong_more": "the same, more",
    "words": "cosine of the words, by rarity",
    "stems": "of the first six letters of words",
    "first_stems": "of those of the first 80 words",
    "names": "cosine of the names",
    "names_shared": "share of the names of that document which has fewer",
    "names_count": "names in common (logarithm)",
    "numbers": "share of the numbers",
    "numbers_count": "numbers in common (logarithm)",
    "numbers_all": "numbers of both (logarithm)",
    "crowd_less": "how crowded the place is in which the text lies, less",
    "crowd_more": "the same, more",
    "crowd_about_less": "the same by the means of pieces, less",
    "crowd_about_more": "the same, more",
    "beyond": "the cosine in the learnt space beyond what is crowded",
    "beyond_about": "the same by the means of pieces",
    "length": "words of both (logarithms)",
    "length_differs": "by how much one is longer (logarithm)",
    "across": "whether they are in two languages",
}

_STRONG: Final = 0.4


def features(one: Told, other: Told) -> Floats:
    """The features of a pair, in the order of ``FEATURES``; shape (len(FEATURES),)."""
    learnt = (one.beginnings * other.beginnings).sum(axis=1)
    about = (one.pooled * other.pooled).sum(axis=1)
    crowds = np.stack([one.crowds, other.crowds])
    found = [
        *(one.plain * other.plain).sum(axis=1),
        *learnt,
        *about,
        *_parts(one, other),
        *_ends(one.plain[3] @ other.plain[0], other.plain[3] @ one.plain[0]),
        *_ends(one.plain[2] @ other.plain[0], other.plain[2] @ one.plain[0]),
        *_pieces(one, other),
        *_words(one, other),
        *_ends(*crowds[:, 0]),
        *_ends(*crowds[:, 1]),
        2 * learnt[0] - crowds[:, 0].sum(),
        2 * about[0] - crowds[:, 1].sum(),
        math.log1p(one.words.count) + math.log1p(other.words.count),
        abs(math.log1p(one.words.count) - math.log1p(other.words.count)),
        float(one.language != other.language),
    ]
    return np.array(found, dtype=np.float32)


def _ends(one: float, other: float) -> tuple[float, float]:
    return min(one, other), max(one, other)


def _parts(one: Told, other: Told) -> tuple[float, ...]:
    near = one.parts @ other.parts.T
    return (
        near.max(),
        *_ends(near[0].max(), near[:, 0].max()),
        *_ends(near.max(axis=1).mean(), near.max(axis=0).mean()),
    )


def _pieces(one: Told, other: Told) -> tuple[float, ...]:
    """Late interaction, both ways: (evenly, beginning, rare, strong) by (less, more)."""
    if not len(one.pieces) or not len(other.pieces):
        return (0.0,) * 8
    near = one.pieces @ other.pieces.T
    sides = []
    for told, best in ((one, near.max(axis=1)), (other, near.max(axis=0))):
        means = told.weights @ best
        sides.append((*means, told.weights[1] @ np.maximum(best - _STRONG, 0.0)))
    return tuple(value for pair in zip(*sides, strict=True) for value in _ends(*pair))


def _words(one: Told, other: Told) -> tuple[float, ...]:
    a, b = one.words, other.words
    shared = [name for name in a.names if name in b.names]
    lengths = math.sqrt(_square(a.names) * _square(b.names))
    fewest = min(sum(a.names.values()), sum(b.names.values()))
    numbers = sum(weight for number, weight in a.numbers.items() if number in b.numbers)
    everything = sum({**a.numbers, **b.numbers}.values())
    return (
        _product(a.words, b.words),
        _product(a.stems, b.stems),
        _product(a.first, b.first),
        _product(a.names, b.names) / lengths if lengths else 0.0,
        sum(min(a.names[name], b.names[name]) for name in shared) / fewest if fewest else 0.0,
        math.log1p(len(shared)),
        numbers / everything if everything else 0.0,
        math.log1p(numbers),
        math.log1p(everything),
    )


def _square(weights: Mapping[str, float]) -> float:
    return sum(weight * weight for weight in weights.values())


def _product(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    return sum(weight * other[key] for key, weight in one.items() if key in other)
