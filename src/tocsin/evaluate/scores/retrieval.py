"""The same sentence in another language: is it the nearest?"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["nearest"]

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

#: Queries compared at a time: bounds the table of similarities.
_BLOCK: Final = 512


def nearest(queries: Floats, candidates: Floats) -> tuple[Integers, Floats]:
    """The candidate with the highest cosine to each query, the first among equals, and that cosine.

    ``queries`` (n, d) and ``candidates`` (m, d) are rows of length 1, m at least 1; the results are (n,).
    Accuracy at one over translations is the measure of Artetxe and Schwenk 2019, "Massively Multilingual
    Sentence Embeddings" (Tatoeba), there given as its error.
    """
    best = np.empty(len(queries), dtype=np.int64)
    cosine = np.empty(len(queries), dtype=np.float32)
    for at in range(0, len(queries), _BLOCK):
        table = queries[at : at + _BLOCK] @ candidates.T
        own = table.argmax(axis=1)
        best[at : at + _BLOCK] = own
        cosine[at : at + _BLOCK] = table[np.arange(len(own)), own]
    return best, cosine
