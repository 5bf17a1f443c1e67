"""Which sentences of two languages translate one another: mutual nearest neighbours that stand out.

The score is the margin of Artetxe and Schwenk 2019 ("Margin-based parallel corpus mining"): a similarity over
the mean of what is usual around both sentences. A sentence that is near to everything is near to nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[Any]
    Floats = NDArray[np.float32]

__all__ = ["MARGIN", "pairs_across", "translation_pairs"]

#: From here a mutual nearest pair is taken for a translation.
MARGIN: Final = 1.2
_NEIGHBOURS: Final = 4
_BLOCK: Final = 1024


def translation_pairs(one: Floats, other: Floats, margin: float = MARGIN) -> list[tuple[int, int, float]]:
    """Pairs (row of ``one``, row of ``other``, margin), each row in at most one pair, in order of rows.

    ``one`` (n, d) and ``other`` (m, d) are unit vectors of sentences in two languages. Of equals the smaller
    row is the nearest. The pairs depend on all rows given; memory grows with n and m, not with their product.
    """
    return pairs_across(one, other, float("inf"), 0, margin)[0]


def pairs_across(
    one: Floats, other: Floats, least: float, most: int, margin: float = MARGIN
) -> tuple[list[tuple[int, int, float]], list[tuple[int, int]]]:
    """``translation_pairs``, and the pairs of which one row is among the ``most`` nearest of the other.

    The second, (row of ``one``, row of ``other``) in order, are of at least the similarity ``least``. The
    similarities of all with all are worked out once for both.
    """
    import numpy as np

    if not len(one) or not len(other):
        return [], []
    there = np.zeros(len(one), np.int64)
    back, best = np.zeros(len(other), np.int64), np.full(len(other), -np.inf, np.float32)
    near = [np.zeros((0, 2), np.int64)]
    columns: list[tuple[Array, Array, Array]] = []
    for start in range(0, len(one), _BLOCK):
        similar = one[start : start + _BLOCK] @ other.T
        there[start : start + _BLOCK] = similar.argmax(axis=1)
        top = similar.max(axis=0)
        higher = np.flatnonzero(top > best)
        back[higher] = start + similar[:, higher].argmax(axis=0)
        best[higher] = top[higher]
        row, column = np.nonzero(similar >= least) if most else (there[:0], there[:0])
        value = similar[row, column]
        kept = _first_of_each(row, value, column, most)
        near.append(np.stack((row[kept] + start, column[kept]), axis=1))
        kept = _first_of_each(column, value, row, most)
        columns.append((row[kept] + start, column[kept], value[kept]))
    row, column, value = (np.concatenate(parts) for parts in zip(*columns, strict=True))
    kept = _first_of_each(column, value, row, most)
    near.append(np.stack((row[kept], column[kept]), axis=1))
    pairs = sorted(set(map(tuple, np.concatenate(near).tolist())))
    mutual = np.flatnonzero(back[there] == np.arange(len(one)))
    return _standing_out((one, other), mutual, there[mutual], margin), pairs


def _first_of_each(group: Array, value: Array, order: Array, most: int) -> Array:
    """The places of the ``most`` greatest values of each group; of equals the first by ``order``."""
    import numpy as np

    places = np.lexsort((order, -value, group))
    groups = group[places]
    kept: Array = places[np.arange(len(groups)) - np.searchsorted(groups, groups) < most]
    return kept


def _standing_out(
    sides: tuple[Floats, Floats], rows: Array, columns: Array, margin: float
) -> list[tuple[int, int, float]]:
    """Those mutual nearest pairs whose similarity is ``margin`` times what is usual around both."""
    one, other = sides
    usual = _usual(one[rows], other) + _usual(other[columns], one)
    found = []
    for row, column, around in zip(rows.tolist(), columns.tolist(), usual.tolist(), strict=True):
        score = float(one[row] @ other[column]) / max(1e-6, around / 2)
        if score >= margin:
            found.append((row, column, round(score, 4)))
    return found


def _usual(some: Floats, other: Floats) -> NDArray[np.float64]:
    """The mean similarity of the next nearest rows of the other for each row."""
    import numpy as np

    usual = np.full(len(some), 0.2)
    count = min(_NEIGHBOURS + 1, len(other))
    for start in range(0, len(some) if count > 1 else 0, _BLOCK):
        similar = some[start : start + _BLOCK] @ other.T
        similar.partition(len(other) - count, axis=1)
        top = np.sort(similar[:, -count:], axis=1)
        usual[start : start + _BLOCK] = top[:, :-1].mean(axis=1)
    return usual
