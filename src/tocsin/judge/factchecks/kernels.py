"""The scan over all vectors, compiled when first run."""

from __future__ import annotations

from typing import Any

import numpy as np

from tocsin.compiled import jit

__all__ = ["scan"]


@jit
def _product(row: Any, query: Any) -> Any:
    # A product of two int8 fits in 16 bits; said so, eight times as many are made at once.
    total = np.int32(0)
    for k in range(row.shape[0]):
        total = np.int32(total + np.int32(np.int16(row[k]) * np.int16(query[k])))
    return total


@jit
def scan(vectors: Any, scales: Any, query: Any, split: int) -> Any:
    """Products of int8 rows with an int8 query, in two parts: before and from column ``split`` on.

    ``vectors`` (n, d) int8, ``scales`` (n,) float32 → (2, n) float32. Integer sums are exact, so a row's
    product does not depend on the others or on the machine. Numbers lie in -127 to 127.
    """
    rows = vectors.shape[0]
    out = np.empty((2, rows), dtype=np.float32)
    first, second = np.ascontiguousarray(query[:split]), np.ascontiguousarray(query[split:])
    for row in range(rows):
        out[0, row] = np.float32(_product(vectors[row, :split], first)) * scales[row]
        out[1, row] = np.float32(_product(vectors[row, split:], second)) * scales[row]
    return out
