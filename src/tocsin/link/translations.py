"""Which sentences of two languages translate one another: mutual nearest neighbours that stand out.

The score is the margin of Artetxe and Schwenk 2019 ("Margin-based parallel corpus mining"): a similarity over
the mean of what is usual around both sentences. A sentence that is near to everything is near to nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tocsin.link.nearest import Nearest, Vectors, nearest_across

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

__all__ = ["MARGIN", "pairs_across", "translation_pairs"]

#: From here a mutual nearest pair is taken for a translation.
MARGIN: Final = 1.2
#: What is usual around a sentence of which no second neighbour is known.
_USUAL: Final = 0.2


def translation_pairs(one: Floats, other: Floats, margin: float = MARGIN) -> list[tuple[int, int, float]]:
    """Pairs (row of ``one``, row of ``other``, margin), each row in at most one pair, in order of rows.

    ``one`` (n, d) and ``other`` (m, d) are unit vectors of sentences in two languages. Of equals the smaller
    row is the nearest. The pairs depend on all rows given; memory grows with n and m, not with their product.
    """
    near = nearest_across(Vectors.of_units(one), Vectors.of_units(other))
    return pairs_across(near, float("inf"), 0, margin)[0]


def pairs_across(
    near: tuple[Nearest, Nearest], least: float, most: int, margin: float = MARGIN
) -> tuple[list[tuple[int, int, float]], list[tuple[int, int]]]:
    """``translation_pairs``, and the pairs of which one row is among the ``most`` nearest of the other.

    The second, (row of the one side, row of the other) in order, are of at least the similarity ``least``.
    ``most`` is at most ``nearest.KEPT``.
    """
    import numpy as np

    there, back = near
    if not len(there) or not len(back):
        return [], []
    first = there.others[:, 0]
    mutual = np.flatnonzero(back.others[first, 0] == np.arange(len(first)))
    around = _usual(there)[mutual] + _usual(back)[first[mutual]]
    margins = there.similar[mutual, 0].astype(np.float64) / np.maximum(1e-6, around / 2)
    found = [
        (row, column, round(score, 4))
        for row, column, score in zip(mutual.tolist(), first[mutual].tolist(), margins.tolist(), strict=True)
        if score >= margin
    ]
    row, column = _first(there, least, most)
    back_column, back_row = _first(back, least, most)
    return found, sorted({*zip(row, column, strict=True), *zip(back_row, back_column, strict=True)})


def _first(near: Nearest, least: float, most: int) -> tuple[list[int], list[int]]:
    """The rows and the ``most`` nearest of each, of at least that similarity."""
    import numpy as np

    row, place = np.nonzero((near.others[:, :most] >= 0) & (near.similar[:, :most] >= least))
    return row.tolist(), near.others[row, place].tolist()


def _usual(near: Nearest) -> NDArray[np.float64]:
    """The mean similarity of the next nearest of the other side, for each row."""
    import numpy as np

    counted = near.others[:, 1:] >= 0
    total = np.where(counted, near.similar[:, 1:], 0).sum(axis=1, dtype=np.float64)
    usual: NDArray[np.float64] = np.where(counted[:, 0], total / np.maximum(counted.sum(axis=1), 1), _USUAL)
    return usual
