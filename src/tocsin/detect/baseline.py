"""What a series of counts would be by habit: over-dispersed regression over many series at once.

The model is that of the Farrington family used in disease surveillance: counts have a mean with a level, a
slow trend and seasons (log-linear), and a variance of ``phi`` times the mean. It differs from Noufaily et
al. (2013) in four ways. All history is used with harmonics instead of a few weeks of each past year.
Seasons and trend are shrunk towards none, so that a thin series (mean below one) borrows from the prior
instead of fitting noise. Past outbreaks lose weight while the fit iterates. And every period has an
*exposure*: what would be published by habit; none where nothing was collected, and such periods are neither
learnt from nor scored.

Everything is vectorised over series: the weights of S series over T periods times the T products of design
columns give all S normal equations in one matrix product.

Sources: C. P. Farrington et al., J. R. Stat. Soc. A 159 (1996) 547-563; A. Noufaily et al., Statistics in
Medicine 32 (2013) 1206-1222; reweighting after the latter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Baseline", "Floats", "Forecasts", "Ints", "Prior", "forecasts", "pooled_dispersion"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Log-means beyond these would overflow or vanish; no series of posts reaches them.
_LOWEST, _HIGHEST = -12.0, 14.0


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


@dataclass(frozen=True, slots=True)
class _Data:
    """Counts, exposure ``(series, periods)``, design ``(periods, columns)`` and the dispersion believed of
    each series."""

    counts: Floats
    exposure: Floats
    design: Floats
    dispersion: Floats

    def rows(self, past: slice) -> _Data:
        return _Data(self.counts[:, past], self.exposure[:, past], self.design[past], self.dispersion)


@dataclass(slots=True)
class _Fit:
    """State carried from one period to the next, so that a refit starts near its solution."""

    beta: Floats
    phi: Floats


def _weights(counts: Floats, mean: Floats, phi: Floats, outlier: float) -> Floats:
    """1, falling with the square of the residual above ``outlier`` deviations (one-sided: outbreaks are
    up)."""
    residual = (counts - mean) / np.sqrt(phi[:, None] * mean)
    return np.minimum(1.0, (outlier / np.maximum(residual, 1e-9)) ** 2)


def _refit(fit: _Fit, data: _Data, known: Floats, spec: Baseline) -> Floats:
    """One step of the reweighted Newton iteration, in place; returns the covariance of ``beta``, ``(S, p,
    p)``.

    The covariance is the sandwich one: a period that counts half as much as another is still a whole
    observation, so old periods of low weight make the estimate less uncertain than the weights alone would
    say.
    """
    series, columns = fit.beta.shape
    counts, design = data.counts, data.design
    mean = np.exp(np.clip(fit.beta @ design.T, _LOWEST, _HIGHEST)) * data.exposure
    weight = known * _weights(counts, np.maximum(mean, 1e-9), fit.phi, spec.outlier)
    products = (design[:, :, None] * design[:, None, :]).reshape(len(design), -1)
    prior = spec.precision(columns)
    information, meat = (
        (power * mean) @ products / fit.phi[:, None] + np.diag(prior).ravel() for power in (weight, weight**2)
    )
    information = information.reshape(series, columns, columns)
    gradient = (weight * (counts - mean)) @ design / fit.phi[:, None] - prior * fit.beta
    inverse = np.linalg.inv(information)
    step = np.einsum("spq,sq->sp", inverse, gradient)
    # A step of more than one on the log scale leaves the region where the quadratic holds.
    largest = np.abs(step).max(axis=1, keepdims=True)
    fit.beta += step / np.maximum(1.0, largest)
    # Variance over mean of the whole series, not of its periods: a thin series is mostly zeros, each of which
    # would say that it is calm, and its few bursts are what counts.
    squares = (weight * (counts - mean) ** 2).sum(axis=1)
    total = weight.sum(axis=1)
    whole = (weight * mean).sum(axis=1) * np.maximum(1 - columns / np.maximum(total, columns + 1.0), 0.1)
    strength = spec.prior.dispersion_weight
    fit.phi = np.maximum(1.0, (squares + strength * data.dispersion) / (whole + strength))
    found: Floats = inverse @ meat.reshape(series, columns, columns) @ inverse
    return found


def _start(data: _Data, known: Floats) -> _Fit:
    level = np.log(((data.counts * known).sum(axis=1) + 0.5) / ((data.exposure * known).sum(axis=1) + 0.5))
    beta = np.zeros((len(data.counts), data.design.shape[1]))
    beta[:, 0] = level
    return _Fit(beta, data.dispersion.copy())


def _recency(length: int, half_life: float) -> Floats:
    if half_life <= 0:
        return np.ones(length)
    return 0.5 ** (np.arange(length)[::-1] / half_life)


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
    values = counts.astype(np.float64)
    shown = np.broadcast_to(exposure, values.shape)
    design = spec.design(values.shape[1])
    believed = np.full(len(values), spec.prior.dispersion) if dispersion is None else dispersion
    blocks = list(_each(_Data(values, shown, design, believed), times, spec))
    mean, error, phi = (np.stack(part, axis=1) for part in zip(*blocks, strict=True))
    return Forecasts(np.asarray(times, dtype=np.int64), mean, error, phi)


def _each(data: _Data, times: Sequence[int], spec: Baseline) -> Iterator[tuple[Floats, Floats, Floats]]:
    fit: _Fit | None = None
    nothing = np.full(len(data.counts), np.nan)
    for time in times:
        end = max(0, time - spec.guard)
        past = slice(max(0, end - spec.history), end)
        seen = data.exposure[:, past] > 0
        known = seen * _recency(end - past.start, spec.half_life)
        enough = seen.sum(axis=1) >= spec.least
        if not enough.any():
            yield nothing, nothing, nothing
            continue
        rows = data.rows(past)
        rounds = 2 if fit is not None else 12
        fit = fit or _start(rows, known)
        for _ in range(rounds):
            spread = _refit(fit, rows, known, spec)
        row = data.design[time]
        mean = np.exp(np.clip(fit.beta @ row, _LOWEST, _HIGHEST)) * data.exposure[:, time]
        error = np.sqrt(np.einsum("p,spq,q->s", row, spread, row))
        usable = enough & (data.exposure[:, time] > 0)
        yield (
            np.where(usable, mean, np.nan),
            np.where(usable, error, np.nan),
            np.where(usable, fit.phi, np.nan),
        )


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
