"""Precision, recall and F from three counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Rates", "f_of_sums", "mean_of_defined"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rates:
    """What was found: ``correct`` of ``predicted``, where ``gold`` were to be found.

    van Rijsbergen 1979, "Information Retrieval", chapter 7. A share of nothing is 0, as in the scripts of the
    shared tasks.
    """

    correct: int
    predicted: int
    gold: int

    @property
    def precision(self) -> float:
        """Share of the predicted that is correct."""
        return self.correct / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of the gold that was found."""
        return self.correct / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall.

        Computed from the two, not as ``2·correct / (predicted + gold)``: the last bit can differ, and with it
        a rounded digit that others have published.
        """
        p, r = self.precision, self.recall
        return 2 * p * r / (p + r) if p + r else 0.0


def f_of_sums(sums: Floats) -> Floats:
    """F of many triples at once: (…, 3) sums of correct, predicted, gold → (…)."""
    whole = sums[..., 1] + sums[..., 2]
    out: Floats = np.divide(2 * sums[..., 0], whole, out=np.zeros_like(whole), where=whole > 0)
    return out


def mean_of_defined(values: Floats, defined: NDArray[np.bool_]) -> Floats:
    """Mean of each row over the entries that are defined: (m, n) twice → (m,); NaN for a row without any."""
    count = defined.sum(axis=1)
    out: Floats = np.where(defined, values, 0).sum(axis=1) / np.maximum(count, 1)
    out[count == 0] = np.nan
    return out
