"""How unusual a count is under its forecast: tails of the negative binomial, windows, and corrections.

A score is ``-log10`` of a one-sided mid-p-value. Mid-p counts half of the observed outcome itself, which
keeps scores of thin series (most counts 0 or 1) comparable with those of busy ones.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tocsin.detect.baseline import Floats, Forecasts, Ints

__all__ = ["WINDOWS", "benjamini_hochberg", "interval", "mid_p", "rolling", "upper_tail", "window_scores"]

#: Lengths, in periods, over which counts are added up before they are judged: one period answers at once, two
#: find what is weak but lasts. Chosen with the two numbers below on simulated scenarios other than those
#: that ``benchmarks/detect/surges.py`` measures (seeds 1 and 2 there, never 11 and 12).
WINDOWS = (1, 2)
#: A longer window counts only when its last period is itself so many deviations above its mean. Without
#: this a single high period raises its alarm, and every window that still holds it raises it again.
_STILL = 1.5
#: What a single period must bring more than a window, in units of the score: windows under the condition
#: above are so rare where nothing happens that at one threshold they would hardly be used.
_SINGLE = 0.2

_SMALLEST = 1e-300


def upper_tail(counts: Floats, mean: Floats, variance: Floats) -> Floats:
    """P(Y >= count) for a negative binomial of that mean and variance (Poisson where they are equal).

    The three arrays broadcast; ``mean`` must be positive. By the regularised incomplete beta function.
    """
    from scipy.special import betainc

    size = mean**2 / np.maximum(variance - mean, 1e-6 * mean)
    tail = betainc(np.maximum(counts, 1.0), size, mean / (size + mean))
    found: Floats = np.where(counts <= 0, 1.0, tail)
    return found


def mid_p(counts: Floats, mean: Floats, variance: Floats) -> Floats:
    """P(Y > count) + P(Y = count) / 2, at least 1e-300; 1 where the mean is NaN.

    Counts no further than a fifth of a deviation above the mean get 0.5 without the beta function: they are
    nine in ten, and no alarm ever rests on them.
    """
    p = np.ones(np.broadcast_shapes(np.shape(counts), np.shape(mean), np.shape(variance)))
    counts, mean, variance = (np.broadcast_to(a, p.shape) for a in (counts, mean, variance))
    with np.errstate(invalid="ignore"):
        high = (counts > mean + 0.2 * np.sqrt(variance)) & (counts > 0)
    p[np.isfinite(mean)] = 0.5
    y, m, v = counts[high], np.maximum(mean[high], 1e-9), variance[high]
    p[high] = np.maximum((upper_tail(y, m, v) + upper_tail(y + 1, m, v)) / 2, _SMALLEST)
    return p


def rolling(values: Floats, length: int) -> Floats:
    """Sums over the last ``length`` columns, ``(rows, columns)``; NaN as long as one of them is."""
    if length == 1:
        return values
    padded = np.concatenate([np.full((len(values), length - 1), np.nan), values], axis=1)
    sums: Floats = np.lib.stride_tricks.sliding_window_view(padded, length, axis=1).sum(axis=2)
    return sums


def window_scores(
    counts: Ints | Floats, found: Forecasts, windows: tuple[int, ...] = WINDOWS
) -> tuple[Floats, Ints]:
    """The best score over ``windows`` ending at each forecast, and the window that gave it.

    The score is -log10 of the mid-p-value of the window, less ``_SINGLE`` for a single period.
    ``counts`` are the counts of all periods, ``(series, periods)``; ``found.times`` must be consecutive. Both
    results are ``(series, times)``; the score is 0 where nothing could be forecast. The errors of
    neighbouring forecasts come from nearly the same past and are taken as fully dependent.
    """
    shown = counts[:, found.times].astype(np.float64)
    best = np.zeros(found.mean.shape)
    which = np.full(found.mean.shape, windows[0], dtype=np.int64)
    noise, bias = found.phi * found.mean, found.mean * found.error
    with np.errstate(invalid="ignore"):
        still = shown > found.mean + _STILL * np.sqrt(noise + bias**2)
    for length in windows:
        variance = rolling(noise, length) + rolling(bias, length) ** 2
        p = mid_p(rolling(shown, length), rolling(found.mean, length), variance)
        score = -np.log10(p) - (_SINGLE if length == 1 else 0.0)
        better = (score > best) & (still if length > 1 else True)
        best[better], which[better] = score[better], length
    return best, which


def interval(mean: Floats, variance: Floats, share: float = 0.95) -> tuple[Floats, Floats]:
    """The central interval that holds ``share`` of what is expected: whole counts, low and high.

    By bisection on the tail, so it is the quantile of the same distribution the score comes from.
    """
    mean, variance = np.maximum(mean, 1e-9), np.maximum(variance, 1e-9)

    def quantile(level: float) -> Floats:
        low = np.zeros(np.shape(mean))
        high = np.ceil(mean + 12 * np.sqrt(variance) + 12)
        while bool(np.any(high - low > 1)):
            middle = np.floor((low + high) / 2)
            enough = 1 - upper_tail(middle + 1, mean, variance) >= level
            low, high = np.where(enough, low, middle), np.where(enough, middle, high)
        none: Floats = np.where(1 - upper_tail(np.ones(np.shape(mean)), mean, variance) >= level, 0.0, high)
        return none

    side = (1 - share) / 2
    return quantile(side), quantile(1 - side)


def benjamini_hochberg(p: Floats) -> Floats:
    """Adjusted p-values (q) by which the false discovery rate is held; same shape as ``p``, one family.

    Y. Benjamini, Y. Hochberg, J. R. Stat. Soc. B 57 (1995) 289-300.
    """
    flat = p.ravel()
    order: NDArray[np.int64] = np.argsort(flat, kind="stable")
    ranked = flat[order] * len(flat) / np.arange(1, len(flat) + 1)
    adjusted = np.empty_like(flat)
    adjusted[order] = np.minimum(1.0, np.minimum.accumulate(ranked[::-1])[::-1])
    return adjusted.reshape(p.shape)
