"""Which sentences of two languages translate one another: mutual nearest neighbours that stand out.

The score is the margin of Artetxe and Schwenk 2019 ("Margin-based parallel corpus mining"): a similarity over
the mean of what is usual around both sentences. A sentence that is near to everything is near to nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

__all__ = ["MARGIN", "nearest_pairs", "translation_pairs"]

#: From here a mutual nearest pair is taken for a translation.
MARGIN: Final = 1.2
_NEIGHBOURS: Final = 4
_BLOCK: Final = 1024


def translation_pairs(one: Floats, other: Floats, margin: float = MARGIN) -> list[tuple[int, int, float]]:
    """Pairs (row of ``one``, row of ``other``, margin), each row in at most one pair, in order of rows.

    ``one`` (n, d) and ``other`` (m, d) are unit vectors of sentences in two languages. Of equals the smaller
    row is the nearest. The pairs depend on all rows given; memory grows with n and m, not with their product.
    """

    if not len(one) or not len(other):
        return []
    nearest, usual = _around(one, other)
    back, usual_there = _around(other, one)
    there = set(enumerate(nearest.tolist()))
    again = {(row, column) for column, row in enumerate(back.tolist())}
    found = []
    for row, column in sorted(there & again):
        similarity = float(one[row] @ other[column])
        score = similarity / max(1e-6, (float(usual[row]) + float(usual_there[column])) / 2)
        if score >= margin:
            found.append((row, column, round(score, 4)))
    return found


def nearest_pairs(one: Floats, other: Floats, least: float, most: int) -> list[tuple[int, int]]:
    """Pairs (row of ``one``, row of ``other``) with one among the ``most`` nearest of the other, sorted.

    Only pairs of at least that similarity; arguments as for ``translation_pairs``. Of equals the smaller row
    is the nearer.
    """
    found = set(_among_nearest(one, other, least, most))
    return sorted(found | {(row, column) for column, row in _among_nearest(other, one, least, most)})


def _among_nearest(one: Floats, other: Floats, least: float, most: int) -> Iterator[tuple[int, int]]:
    import numpy as np

    for start in range(0, len(one) if len(other) else 0, _BLOCK):
        similar = one[start : start + _BLOCK] @ other.T
        for _ in range(min(most, len(other))):
            best = similar.argmax(axis=1)
            kept = np.flatnonzero(similar[np.arange(len(best)), best] >= least)
            yield from zip((start + kept).tolist(), best[kept].tolist(), strict=True)
            similar[np.arange(len(best)), best] = -np.inf


def _around(one: Floats, other: Floats) -> tuple[NDArray[np.int64], Floats]:
    """The nearest row of the other for each row, and the mean similarity of the next nearest."""
    import numpy as np

    nearest = np.zeros(len(one), dtype=np.int64)
    usual = np.zeros(len(one), dtype=np.float32)
    count = min(_NEIGHBOURS + 1, len(other))
    for start in range(0, len(one), _BLOCK):
        similar = one[start : start + _BLOCK] @ other.T
        nearest[start : start + _BLOCK] = similar.argmax(axis=1)
        top = np.sort(np.partition(similar, len(other) - count, axis=1)[:, -count:], axis=1)
        usual[start : start + _BLOCK] = top[:, :-1].mean(axis=1) if count > 1 else 0.2
    return nearest, usual
