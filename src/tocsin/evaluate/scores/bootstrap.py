"""Confidence intervals by resampling documents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["Interval", "interval"]

Floats = NDArray[np.float64]

#: Numbers drawn at a time: bounds the memory whatever the number of documents.
_DRAWN: Final = 1 << 21


@dataclass(frozen=True, slots=True)
class Interval:
    """The bounds, the level they are meant to hold with, and how they were made."""

    low: float
    high: float
    level: float
    resamples: int
    seed: int
    documents: int


def interval(
    sums: Floats,
    statistic: Callable[[Floats], Floats],
    *,
    resamples: int,
    seed: int,
    level: float = 0.95,
) -> Interval | None:
    """Percentile bootstrap over documents (Efron and Tibshirani 1993, chapter 13).

    ``sums`` is (documents, k): what each document adds to the k sums a figure is computed from. ``statistic``
    takes (m, k) sums of m resamples to m values; resamples where it is not a number are left out. Documents,
    not single annotations, are drawn: annotations of one document are not independent. None for fewer than
    two documents or no resamples, or where no resample has a value. Equal arguments give equal bounds.
    """
    documents = len(sums)
    if documents < 2 or resamples < 1:
        return None
    generator = np.random.default_rng(seed)
    block = max(1, _DRAWN // documents)
    values: list[Floats] = []
    for at in range(0, resamples, block):
        count = min(block, resamples - at)
        drawn = generator.integers(documents, size=(count, documents))
        drawn += np.arange(count)[:, None] * documents
        weights = np.bincount(drawn.ravel(), minlength=count * documents).reshape(count, documents)
        values.append(statistic(weights.astype(np.float64) @ sums))
    found = np.concatenate(values)
    found = found[np.isfinite(found)]
    if not len(found):
        return None
    low, high = np.quantile(found, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(low), float(high), level, resamples, seed, documents)
