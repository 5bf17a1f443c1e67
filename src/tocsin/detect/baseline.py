"""What a series of counts would be by habit: over-dispersed regression over many series at once.

The model is that of the Farrington family used in disease surveillance: counts have a mean with a level, a
slow trend and seasons (log-linear), and a variance of ``phi`` times the mean. It differs from Noufaily et
al. (2013) in four ways. All history is used with harmonics instead of a few weeks of each past year.
Seasons and trend are shrunk towards none, so that a thin series (mean below one) borrows from the prior
instead of fitting noise. Past outbreaks lose weight while the fit iterates. And every period has an
*exposure*: what would be published by habit; none where nothing was collected, and such periods are neither
learnt from nor scored.

Sources: C. P. Farrington et al., J. R. Stat. Soc. A 159 (1996) 547-563; A. Noufaily et al., Statistics in
Medicine 32 (2013) 1206-1222; reweighting after the latter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import lcm

import numpy as np
from numpy.typing import NDArray

from tocsin.detect.fitting import Method, Rows, fit_each

__all__ = ["Baseline", "Floats", "Forecasts", "Ints", "Prior", "forecasts", "pooled_dispersion"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Prior:
    """What is believed before a series is seen; standard deviations are of log-means.

    ``level`` is wide. ``trend`` is per ``history`` of periods. ``dispersion`` counts as much as
    ``dispersion_weight`` periods.
    """

    level: float = 4.0
    trend: float = 1.0
    season: float = 0.5
    dispersion: float = 1.2
    dispersion_weight: float = 20.0


@dataclass(frozen=True, slots=True)
class Baseline:
    """The settings of the regression; lengths are in periods.

    ``seasons`` are pairs of cycle length and number of harmonics. ``history`` is how far back is learnt
    from, ``guard`` how many of the latest periods are not (a surge must not become its own habit),
    ``half_life`` after how long a period counts half (0: never). Residuals above ``outlier`` deviations
    lose weight. ``least`` is the number of collected periods below which nothing is forecast.
    """

    seasons: tuple[tuple[float, int], ...] = ()
    trend: bool = True
    history: int = 312
    guard: int = 2
    half_life: float = 0.0
    outlier: float = 4.0
    least: int = 14
    prior: Prior = Prior()

    def design(self, periods: int) -> Floats:
        """Columns level, trend, then cosine and sine of each harmonic: ``(periods, columns)``."""
        time = np.arange(periods, dtype=np.float64)
        columns = [np.ones(periods)]
        if self.trend:
            columns.append((time - periods) / self.history)
        for cycle, harmonics in self.seasons:
            for harmonic in range(1, harmonics + 1):
                angle = 2 * np.pi * harmonic * time / cycle
                columns += [np.cos(angle), np.sin(angle)]
        return np.stack(columns, axis=1)

    def precision(self, columns: int) -> Floats:
        """Prior precision of each column."""
        deviations = [self.prior.level] + ([self.prior.trend] if self.trend else [])
        deviations += [self.prior.season] * (columns - len(deviations))
        return np.asarray(deviations, dtype=np.float64) ** -2

    def method(self, columns: int) -> Method:
        """The same for the inner loops, of a design of so many columns."""
        age = np.arange(self.history, dtype=np.float64)
        recency = 0.5 ** (age / self.half_life) if self.half_life > 0 else np.ones(self.history)
        prior = self.precision(columns)
        weight = self.prior.dispersion_weight
        lengths = [int(length) for length, _ in self.seasons if length == int(length)]
        cycle = lcm(*lengths) if len(lengths) == len(self.seasons) else 0
        return Method(
            self.history,
            self.guard,
            self.least,
            self.outlier,
            weight,
            recency,
            prior,
            self.trend,
            cycle,
        )


@dataclass(frozen=True, slots=True)
class Forecasts:
    """One-step forecasts of S series at ``times``; all arrays are ``(S, len(times))``.

    ``mean`` is the expected count and ``error`` the standard deviation of its logarithm; ``phi`` is variance
    over mean. Where nothing can be said (no exposure, too little history) ``mean`` is NaN.
    """

    times: Ints
    mean: Floats
    error: Floats
    phi: Floats


def forecasts(
    counts: Ints,
    exposure: Floats,
    times: Sequence[int],
    spec: Baseline,
    *,
    dispersion: Floats | None = None,
) -> Forecasts:
    """Forecast each of ``times`` (ascending) from earlier periods only.

    ``counts`` and ``exposure`` are ``(series, periods)``; exposure may also be ``(1, periods)`` and is 0
    where nothing was collected. The forecast of period t reads periods ``t - guard - history`` to ``t -
    guard - 1`` and no others: there is no look-ahead. ``dispersion`` is what is believed of each series'
    dispersion before it is seen (``pooled_dispersion``); without it that of the prior.
    """
    values = np.ascontiguousarray(counts, dtype=np.float64)
    shown = np.ascontiguousarray(np.broadcast_to(exposure, values.shape), dtype=np.float64)
    design = spec.design(values.shape[1])
    when = np.asarray(times, dtype=np.int64)
    believed = np.full(len(values), spec.prior.dispersion) if dispersion is None else dispersion
    found = np.full((3, len(values), len(when)), np.nan)
    end = np.maximum(when - spec.guard, 0)
    seen = np.pad((shown > 0).cumsum(axis=1), ((0, 0), (1, 0)))
    enough = (seen[:, end] - seen[:, np.maximum(end - spec.history, 0)] >= spec.least).any(axis=0)
    if enough.any():
        one, other = np.triu_indices(design.shape[1])
        products = design[:, one] * design[:, other]
        rows = Rows(values, shown, design, products, np.asarray(believed, dtype=np.float64))
        fit_each(rows, when, int(enough.argmax()), spec.method(design.shape[1]), found)
    return Forecasts(when, *found)


def pooled_dispersion(counts: Ints, found: Forecasts, classes: int = 12) -> Floats:
    """What series of like size have in common: the dispersion of each series' class, ``(series,)``.

    Series are sorted into classes by the power of two of their mean forecast. News about a rare place comes
    in bursts, and the class of rare places knows it although no single one has enough history to show it.
    Squared residuals are capped at 100 variances, so that one enormous event does not blind a class.
    """
    with np.errstate(invalid="ignore"):
        known = np.isfinite(found.mean)
        mean = np.where(known, found.mean, 0.0)
        level = mean.sum(axis=1) / np.maximum(known.sum(axis=1), 1)
        member = np.clip(np.floor(np.log2(np.maximum(level, 1e-9))) + classes // 2, 0, classes - 1).astype(
            np.int64
        )
        cap = 100 * np.maximum(mean, 0.05)
        squares = np.where(known, np.minimum((counts[:, found.times] - mean) ** 2, cap), 0.0)
    chi = np.bincount(member, squares.sum(axis=1), classes)
    whole = np.bincount(member, mean.sum(axis=1), classes)
    # Two hundred expected posts are worth as much as the plain prior: a class of few series says little.
    pooled = (chi + 200 * 1.2) / (whole + 200)
    result: Floats = np.maximum(1.0, pooled[member])
    return result
