"""Products of a vector with many of small whole numbers: what a query by meaning spends its time on."""

from __future__ import annotations

from typing import Any

import numpy as np

from tocsin.compiled import jit_sums

__all__ = ["products"]


@jit_sums
def products(rows: Any, vector: Any, found: Any) -> None:
    """Into ``found`` (float32) the product of each of ``rows`` (int8) with ``vector`` (float32)."""
    for row in range(rows.shape[0]):
        total = np.float32(0)
        for column in range(rows.shape[1]):
            total += np.float32(rows[row, column]) * vector[column]
        found[row] = total
