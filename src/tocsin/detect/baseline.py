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

__all__ = [
    "Baseline",
    "Floats",
    "Forecasts",
    "Ints",
    "Prior",
    "Resume",
    "forecasts",
    "pooled_dispersion",
    "residuals",
]

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
            columns.append(time / self.history)
        for cycle, harmonics in self.seasons:
            for harmonic in range(1, harmonics + 1):
                angle = 2 * np.pi * harmonic * time / cycle
                columns += [np.cos(angle), np.sin(angle)]
        return np.stack(columns, axis=1)

    @property
    def reach(self) -> int:
        """How many periods before the one that is forecast are looked at."""
        return self.guard + self.history

    def enough(self, exposure: Floats, times: Ints) -> NDArray[np.bool_]:
        """Where something can be forecast: exposed, and with ``least`` such periods in reach: ``(series,
        times)``."""
        end = np.maximum(times - self.guard, 0)
        seen = np.pad((exposure > 0).cumsum(axis=1), ((0, 0), (1, 0)))
        known = seen[:, end] - seen[:, np.maximum(end - self.history, 0)] >= self.least
        found: NDArray[np.bool_] = known & (exposure[:, times] > 0)
        return found

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
class Resume:
    """Where to go on from: arrays that begin at period ``first`` of all and, of series that were forecast
    before, coefficients and dispersion by series (``state``; NaN: none, None: of none).

    ``keep`` is the place in the times before which the state is to be kept for another time.
    """

    first: int = 0
    state: Floats | None = None
    keep: int = 0


@dataclass(frozen=True, slots=True)
class Forecasts:
    """One-step forecasts of S series at ``times``; all arrays are ``(S, len(times))``.

    ``mean`` is the expected count and ``error`` the standard deviation of its logarithm; ``phi`` is variance
    over mean. Where nothing can be said (no exposure, too little history) ``mean`` is NaN. ``state`` is what
    ``Resume`` asked to keep.
    """

    times: Ints
    mean: Floats
    error: Floats
    phi: Floats
    state: Floats | None = None


def forecasts(
    counts: Ints | Floats,
    exposure: Floats,
    times: Sequence[int],
    spec: Baseline,
    *,
    dispersion: Floats | None = None,
    resume: Resume | None = None,
) -> Forecasts:
    """Forecast each of ``times`` (ascending) from earlier periods only.

    ``counts`` and ``exposure`` are ``(series, periods)``; exposure may also be ``(1, periods)`` and is 0
    where nothing was collected. The forecast of period t reads periods ``t - guard - history`` to ``t -
    guard - 1`` and no others: there is no look-ahead. ``dispersion`` is what is believed of each series'
    dispersion before it is seen (``pooled_dispersion``); without it that of the prior. Who goes on from a
    kept state finds, to the last digit, what is found in one go.
    """
    resume = resume or Resume()
    values = np.ascontiguousarray(counts, dtype=np.float64)
    # A copy, for what is broadcast cannot be written to, and loops would be compiled for that once more.
    shown = np.array(np.broadcast_to(exposure, values.shape), dtype=np.float64, order="C")
    design = spec.design(resume.first + values.shape[1])[resume.first :]
    when = np.asarray(times, dtype=np.int64)
    believed = np.full(len(values), spec.prior.dispersion) if dispersion is None else dispersion
    found = np.full((3, len(values), len(when)), np.nan)
    kept = np.full((len(values), design.shape[1] + 1), np.nan)
    start = np.full(kept.shape, np.nan) if resume.state is None else resume.state
    one, other = np.triu_indices(design.shape[1])
    products = design[:, one] * design[:, other]
    rows = Rows(values, shown, design, products, np.asarray(believed, dtype=np.float64))
    fit_each(rows, when, spec.method(design.shape[1]), (start, kept, resume.keep), found)
    return Forecasts(when, found[0], found[1], found[2], kept)


#: Believed dispersions are so many to an octave: a series is fitted anew only when its class moves on.
_STEPS = 8
#: Classes of series, by the power of two of what is expected of them in a period.
_CLASSES = 12


def residuals(counts: Floats, expected: Floats, known: NDArray[np.bool_]) -> Floats:
    """What ``pooled_dispersion`` needs of each period: squared residuals, expected posts, and whether it is
    known: ``(3, series, periods)``.

    Squared residuals are capped at 100 variances, so that one enormous event does not blind a class.
    """
    mean = np.where(known, expected, 0.0)
    squares = np.where(known, np.minimum((counts - mean) ** 2, 100 * np.maximum(mean, 0.05)), 0.0)
    return np.stack([squares, mean, known.astype(np.float64)])


def pooled_dispersion(sums: Floats) -> Floats:
    """What series of like size have in common: the dispersion of each series' class, ``(series,)``.

    ``sums`` are those of the ``residuals`` over time, ``(3, series)``. Series are sorted into classes by the
    power of two of their mean. News about a rare place comes in bursts, and the class of rare places knows
    it although no single one has enough history to show it. It is rounded, so that it does not change with
    every post.
    """
    squares, whole, known = sums
    level = np.log2(np.maximum(whole / np.maximum(known, 1.0), 1e-9))
    member = np.clip(np.floor(level) + _CLASSES // 2, 0, _CLASSES - 1).astype(np.int64)
    # Two hundred expected posts are worth as much as the plain prior: a class of few series says little.
    chi = np.bincount(member, squares, _CLASSES) + 200 * 1.2
    pooled = np.maximum(1.0, chi / (np.bincount(member, whole, _CLASSES) + 200))
    result: Floats = (2 ** (np.round(np.log2(pooled) * _STEPS) / _STEPS))[member]
    return result
