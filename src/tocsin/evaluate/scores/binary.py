"""Yes or no with a score: average precision."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["average_precision"]


def average_precision(positive: NDArray[np.bool_], scores: NDArray[np.float64]) -> float | None:
    """Sum over the thresholds of precision times the gain in recall; no interpolation between them.

    The definition of Zhu 2004, "Recall, Precision and Average Precision", also scikit-learn's
    ``average_precision_score``: items of one score share one threshold, so their order never matters.
    ``positive`` and ``scores`` are (n,); higher means more likely positive. None without a positive item.
    """
    total = int(positive.sum())
    if not total:
        return None
    order = np.argsort(-scores, kind="stable")
    ranked, found = scores[order], np.cumsum(positive[order])
    last = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)
    precision = found[last] / (last + 1)
    gain = np.diff(found[last], prepend=0) / total
    return float(precision @ gain)
