"""The 42 simulation scenarios of Noufaily et al. (2013) and their outbreaks, re-implemented from the paper
as facts.

A. Noufaily, D. G. Enki, P. Farrington, P. Garthwaite, N. Andrews, A. Charlett: An improved algorithm for
outbreak detection in multiple surveillance systems. Statistics in Medicine 32 (2013) 1206-1222, section 3.

Weekly counts over 624 weeks are negative binomial with mean

    mu(t) = exp(theta + beta t + sum over j = 1..m of (gamma1 cos(2 pi j t / 52) + gamma2 sin(2 pi j t / 52)))

and variance phi * mu (Poisson where phi = 1). Weeks 313-575 are the baseline and hold four outbreaks, weeks
576-624 are the current weeks and hold one. An outbreak of size factor k has Poisson(k * standard deviation of
the baseline count in its first week) cases, spread over the weeks from its start by a log-normal of
log-mean 0 and log-deviation 0.5, rounded down. k is one of 2, 3, 5, 10 in the baseline and 1 to 10 in the
current weeks.

The seven rows of parameters were read from two independent public re-implementations of the study, not
from the paper's own Table I, which we had no copy of; the order of the scenarios within a row (no trend
with m = 0, 1, 2, then trend with m = 0, 1, 2) is ours, and no figure depends on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

__all__ = ["BASELINE", "CURRENT", "SCENARIOS", "WEEKS", "Scenario", "Simulated", "simulate"]

WEEKS = 624
#: First week of the part in which past outbreaks stand, and of the current part; counted from 0.
BASELINE, CURRENT = 312, 575

_ROWS = (  # theta, beta, gamma1, gamma2, phi
    (0.1, 0.0025, 0.6, 0.6, 1.5),
    (-2.0, 0.005, 0.1, 0.3, 2.0),
    (1.5, 0.003, 0.2, -0.4, 1.0),
    (0.5, 0.002, 0.5, 0.5, 5.0),
    (2.5, 0.001, 1.0, 0.1, 3.0),
    (3.75, 0.001, 0.1, -0.1, 1.1),
    (5.0, 0.0001, 0.05, 0.01, 1.2),
)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One of the 42; ``row`` is 0 to 6, ``number`` 1 to 42."""

    number: int
    row: int
    theta: float
    beta: float
    gamma1: float
    gamma2: float
    phi: float
    m: int

    def mean(self) -> NDArray[np.float64]:
        """Expected counts, by week (624)."""
        week = np.arange(1, WEEKS + 1)
        log = self.theta + self.beta * week
        for j in range(1, self.m + 1):
            angle = 2 * np.pi * j * week / 52
            log = log + self.gamma1 * np.cos(angle) + self.gamma2 * np.sin(angle)
        return np.exp(log)


SCENARIOS: tuple[Scenario, ...] = tuple(
    Scenario(6 * row + 3 * trend + m + 1, row, theta, beta * trend, gamma1, gamma2, phi, m)
    for row, (theta, beta, gamma1, gamma2, phi) in enumerate(_ROWS)
    for trend, m in product((0, 1), (0, 1, 2))
)


@dataclass(frozen=True, slots=True)
class Simulated:
    """Series by week, ``(series, 624)``; the outbreak of the current weeks: ``extra`` cases, by week; its
    ``k``.

    ``k`` is 0 where no outbreak was wanted.
    """

    scenario: NDArray[np.int64]
    counts: NDArray[np.int64]
    extra: NDArray[np.int64]
    k: NDArray[np.int64]


def _outbreak(rng: np.random.Generator, size: int, start: int, end: int) -> NDArray[np.int64]:
    weeks = start + np.floor(rng.lognormal(0.0, 0.5, size)).astype(np.int64)
    return np.bincount(np.minimum(weeks, end - 1), minlength=WEEKS)[:WEEKS]


def simulate(replicates: int, seed: int, *, current: bool) -> Simulated:
    """``replicates`` series of each scenario; with an outbreak in the current weeks if ``current`` is set."""
    rng = np.random.default_rng(seed)
    numbers, counts, extras, ks = [], [], [], []
    for scenario in SCENARIOS:
        mean = scenario.mean()
        deviation = np.sqrt(scenario.phi * mean)
        for _ in range(replicates):
            rate = mean
            if scenario.phi > 1:
                rate = rng.gamma(mean / (scenario.phi - 1), scenario.phi - 1)
            series = rng.poisson(rate)
            for start, k in zip(
                rng.choice(np.arange(BASELINE, CURRENT), 4, False), rng.choice([2, 3, 5, 10], 4), strict=True
            ):
                series = series + _outbreak(rng, int(rng.poisson(k * deviation[start])), int(start), CURRENT)
            k, extra = int(rng.integers(1, 11)), np.zeros(WEEKS, dtype=np.int64)
            start = int(rng.integers(CURRENT, WEEKS))
            size = int(rng.poisson(k * deviation[start]))
            if current:
                extra = _outbreak(rng, size, start, WEEKS)
            numbers.append(scenario.number)
            counts.append(series + extra)
            extras.append(extra)
            ks.append(k if current else 0)
    return Simulated(np.array(numbers), np.array(counts), np.array(extras), np.array(ks))
