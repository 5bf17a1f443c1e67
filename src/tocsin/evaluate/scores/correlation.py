"""Agreement of two lists of numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["mean_absolute_error", "moments", "pearson", "pearson_of_sums"]

Floats = NDArray[np.float64]


def pearson(x: Floats, y: Floats) -> float | None:
    """Pearson's r (1895): covariance over the product of the standard deviations, from -1 to 1.

    ``x`` and ``y`` are (n,). None where it is not defined: fewer than two pairs, or one side constant.
    """
    if len(x) < 2 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return None
    a, b = x - x.mean(), y - y.mean()
    r = float(a @ b) / float(np.sqrt((a @ a) * (b @ b)))
    return max(-1.0, min(1.0, r))


def mean_absolute_error(x: Floats, y: Floats) -> float | None:
    """Mean of the absolute differences (Willmott and Matsuura 2005), in their unit; None for no pairs."""
    return float(np.abs(x - y).mean()) if len(x) else None


def moments(x: Floats, y: Floats) -> Floats:
    """The six sums r is computed from, for each pair: (n,) twice → (n, 6). Centre both first."""
    return np.stack([np.ones_like(x), x, y, x * x, y * y, x * y], axis=1)


def pearson_of_sums(sums: Floats) -> Floats:
    """r of many samples at once from their summed moments: (m, 6) → (m,); NaN where not defined."""
    n, sx, sy, sxx, syy, sxy = (sums[:, i] for i in range(6))
    spread = (n * sxx - sx * sx) * (n * syy - sy * sy)
    out = np.full(len(sums), np.nan)
    ok = spread > 1e-12 * np.maximum(n, 1) ** 2
    out[ok] = (n * sxy - sx * sy)[ok] / np.sqrt(spread[ok])
    return out
