"""A word that stands in several sentences of a document is mostly the same name in all of them.

The network sees a window at a time and knows a name best where the text introduces it ("Anna Kovak, the
mayor"); further on the surname stands bare. So before the best tags are looked for, a place that is unsure
what a word is takes over what the word is elsewhere.

How was chosen on NEREL's development part, which nothing here learnt from (exact F .847 → .857), such that no
corpus learnt from falls: drawing sure places as well, or places of one sentence ("Orlo" and "Orlo United"),
gives NEREL .860 and costs SlavicNER; matching inflected forms adds nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["draw_together"]

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

#: A place whose surest kind has the chance p goes the share 1 - p to the power of this to the mean.
_SURENESS: Final = 4
#: Added to a chance: one place that is all but sure must not silence the others.
_LEAST: Final = np.float32(1e-2)
#: A type's tags: B, I, E, S.
_LETTERS: Final = 4


def draw_together(words: Sequence[str], sentences: Integers, scores: Floats) -> Floats:
    """Scores of a document's n words, where words that repeat are drawn towards each other.

    ``sentences`` (n,) number the words' sentences, in order; ``scores`` (n, tags) are log-probabilities: no
    name, then the four tags of each type. Only words with a capital, spelt alike, are the same. A place goes
    to the geometric mean of its own chances and those in other sentences. How a type's chance is shared among
    its four tags stays, as the word may begin a name here and end one there; rows stay log-probabilities.
    Returns the array given where nothing repeats.
    """
    groups = _repeated(words, sentences)
    if not groups or scores.shape[1] == 1:
        return scores
    at = np.array(list(chain.from_iterable(groups)))
    own = scores[at]
    kinds = np.exp(own[:, 1:]).reshape(len(at), -1, _LETTERS).sum(axis=2)
    chances = np.concatenate([np.exp(own[:, :1]), kinds], axis=1)
    logs = np.log(chances + _LEAST)
    share = 1 - np.minimum(chances.max(axis=1, keepdims=True), 1) ** _SURENESS
    shift = share * (_means(logs, sentences[at], [len(group) for group in groups]) - logs)
    own[:, :1] += shift[:, :1]
    own[:, 1:] += np.repeat(shift[:, 1:], _LETTERS, axis=1)
    own -= own.max(axis=1, keepdims=True)
    own -= np.log(np.exp(own).sum(axis=1, keepdims=True))
    drawn = scores.copy()
    drawn[at] = own
    return drawn


def _repeated(words: Sequence[str], sentences: Integers) -> list[list[int]]:
    """Numbers of the words that begin with a capital and stand in more than one sentence, by word."""
    places: dict[str, list[int]] = {}
    for i, word in enumerate(words):
        if word[0].isupper():
            places.setdefault(word, []).append(i)
    return [group for group in places.values() if sentences[group[0]] != sentences[group[-1]]]


def _means(logs: Floats, sentences: Integers, sizes: Sequence[int]) -> Floats:
    """For each place (row) the mean of its own row and those of its group's places in other sentences.

    Groups of ``sizes`` rows follow one another, each in the order of the text.
    """
    count = np.array(sizes)
    first = np.cumsum(count) - count
    # Places of one word in one sentence stand together.
    begins = np.flatnonzero(np.diff(sentences, prepend=-1))
    begins = np.union1d(begins, first)
    same = np.diff(begins, append=len(logs))
    group = np.repeat(np.add.reduceat(logs, first, axis=0), count, axis=0)
    sentence = np.repeat(np.add.reduceat(logs, begins, axis=0), same, axis=0)
    others = np.repeat(count, count) - np.repeat(same, same)
    found: Floats = (group - sentence + logs) / (others + 1)[:, None].astype(np.float32)
    return found
