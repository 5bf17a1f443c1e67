"""The scan over all vectors, compiled when first run."""

from __future__ import annotations

from typing import Any

import numpy as np

from tocsin.link.kernels import jit

__all__ = ["scan"]


@jit
def scan(vectors: Any, scales: Any, query: Any, split: int) -> Any:
    """Products of int8 rows with an int8 query, in two parts: before and from column ``split`` on.

    ``vectors`` (n, d) int8, ``scales`` (n,) float32 → (2, n) float32. Integer sums are exact, so a row's
    product does not depend on the others or on the machine.
    """
    rows, width = vectors.shape
    out = np.empty((2, rows), dtype=np.float32)
    for row in range(rows):
        first = np.int32(0)
        for k in range(split):
            first += np.int32(vectors[row, k]) * np.int32(query[k])
        second = np.int32(0)
        for k in range(split, width):
            second += np.int32(vectors[row, k]) * np.int32(query[k])
        out[0, row] = np.float32(first) * scales[row]
        out[1, row] = np.float32(second) * scales[row]
    return out
