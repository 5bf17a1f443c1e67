"""How good forecasts were: Brier and log score, skill, calibration, with intervals that are wide for small n.

A forecast is a probability and whether it came true. Brier score: mean of (p − y)², 0 best (Brier 1950). Log
score: mean of −ln of the probability given to what happened, 0 best (Good 1952); probabilities are kept
within 0.01 and 0.99, or one certain mistake would be infinite. Skill: 1 − score / score of always saying the
base rate.

Intervals. Forecasts are put into five classes by their probability; in each the true rate has a Beta
posterior under Jeffreys' prior (Beta(k + ½, n − k + ½)), and both scores are linear in these rates. So the
95 % interval is that of the expected score over draws from the posteriors, by a fixed generator. Five
forecasts that all came true do not make a perfect source: its interval stays wide. A bootstrap was tried
and left: with few or equal outcomes it gives intervals of no width.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

__all__ = [
    "CLASSES",
    "Bin",
    "Interval",
    "Scored",
    "Scores",
    "base_rate",
    "beta_interval",
    "brier",
    "log_score",
    "scores_of",
]

#: Upper edges of the classes of probability.
CLASSES: Final = (0.2, 0.4, 0.6, 0.8, 1.0)
_PRIOR: Final = 0.5
_DRAWS: Final = 2000
_TAIL: Final = 0.025
_CLIP: Final = 0.01


@dataclass(frozen=True, slots=True)
class Scored:
    """One resolved forecast: the probability given (0 to 1) and whether it came true."""

    probability: float
    happened: bool


@dataclass(frozen=True, slots=True)
class Interval:
    """A value as observed, and the interval that holds the true one with 95 %."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Bin:
    """One class of probability: how many, what was said on average, how often it came true."""

    low: float
    high: float
    count: int
    said: float
    happened: int
    share: Interval


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of one set of resolved forecasts. ``skill`` is None where the base rate itself is perfect."""

    count: int
    happened: int
    brier: Interval
    log: Interval
    base_rate: float
    skill: Interval | None
    bins: tuple[Bin, ...]


def brier(forecasts: Sequence[Scored]) -> float:
    """Mean squared error of the probabilities. Raises ValueError for none."""
    return _mean([_squared(f.probability, f.happened) for f in forecasts])


def log_score(forecasts: Sequence[Scored]) -> float:
    """Mean of −ln of the probability of what happened, in nats. Raises ValueError for none."""
    return _mean([_logged(f.probability, f.happened) for f in forecasts])


def base_rate(outcomes: Sequence[bool]) -> float:
    """How often such things come true, smoothed: (k + ½) / (n + 1); ½ without any."""
    return (sum(outcomes) + _PRIOR) / (len(outcomes) + 2 * _PRIOR)


def _mean(values: Sequence[float]) -> float:
    if not values:
        raise ValueError("no forecasts to score")
    return math.fsum(values) / len(values)


def _squared(probability: float, happened: bool) -> float:
    return (probability - happened) ** 2


def _logged(probability: float, happened: bool) -> float:
    kept = min(max(probability, _CLIP), 1 - _CLIP)
    return -math.log(kept if happened else 1 - kept)


def _class(probability: float) -> int:
    return next(n for n, edge in enumerate(CLASSES) if probability <= edge or n == len(CLASSES) - 1)


def scores_of(forecasts: Sequence[Scored], base: float) -> Scores:
    """All scores of a set, skill against ``base``. Raises ValueError for none or a probability out of
    range.
    """
    if any(not 0 <= f.probability <= 1 for f in forecasts):
        raise ValueError("a probability lies between 0 and 1")
    rates = _posteriors(forecasts)
    reference = _mean([_squared(base, f.happened) for f in forecasts])
    skill = None
    if reference > 0:
        observed = 1 - brier(forecasts) / reference
        drawn = sorted(_skills(forecasts, rates, base))
        skill = _interval(observed, drawn)
    return Scores(
        len(forecasts),
        sum(f.happened for f in forecasts),
        _interval(brier(forecasts), sorted(_expected(forecasts, rates, _squared))),
        _interval(log_score(forecasts), sorted(_expected(forecasts, rates, _logged))),
        base,
        skill,
        _bins(forecasts),
    )


def _posteriors(forecasts: Sequence[Scored]) -> list[list[float]]:
    """Draws of the true rate of each class; classes without forecasts have the prior alone."""
    generator = random.Random(20240412)  # noqa: S311 - fixed, so that equal input gives equal bytes
    found = []
    for number in range(len(CLASSES)):
        own = [f.happened for f in forecasts if _class(f.probability) == number]
        a, b = sum(own) + _PRIOR, len(own) - sum(own) + _PRIOR
        found.append([generator.betavariate(a, b) for _ in range(_DRAWS)] if own else [])
    return found


def _expected(
    forecasts: Sequence[Scored], rates: Sequence[Sequence[float]], loss: Callable[[float, bool], float]
) -> list[float]:
    """The expected score at each draw: linear in the rates, so one pass over classes is enough."""
    total = [0.0] * _DRAWS
    for number, draws in enumerate(rates):
        own = [f.probability for f in forecasts if _class(f.probability) == number]
        if own:
            hit = math.fsum(loss(p, True) for p in own)
            miss = math.fsum(loss(p, False) for p in own)
            total = [t + rate * hit + (1 - rate) * miss for t, rate in zip(total, draws, strict=True)]
    return [t / len(forecasts) for t in total]


def _skills(forecasts: Sequence[Scored], rates: Sequence[Sequence[float]], base: float) -> list[float]:
    own = _expected(forecasts, rates, _squared)
    other = _expected(forecasts, rates, lambda _, happened: _squared(base, happened))
    return [1 - a / b if b > 0 else 0.0 for a, b in zip(own, other, strict=True)]


def _interval(value: float, drawn: Sequence[float]) -> Interval:
    low = drawn[int(_TAIL * len(drawn))]
    high = drawn[min(len(drawn) - 1, math.ceil((1 - _TAIL) * len(drawn)) - 1)]
    return Interval(value, min(low, value), max(high, value))


def beta_interval(count: int, of: int) -> Interval:
    """A share with its 95 % interval under Jeffreys' prior; 0 to 1 for a share of nothing."""
    if of <= 0:
        return Interval(float("nan"), 0.0, 1.0)
    generator = random.Random(7)  # noqa: S311 - fixed, as above
    drawn = sorted(generator.betavariate(count + _PRIOR, of - count + _PRIOR) for _ in range(_DRAWS))
    return _interval(count / of, drawn)


def _bins(forecasts: Sequence[Scored]) -> tuple[Bin, ...]:
    found = []
    for number, edge in enumerate(CLASSES):
        own = [f for f in forecasts if _class(f.probability) == number]
        if own:
            happened = sum(f.happened for f in own)
            said = _mean([f.probability for f in own])
            low = CLASSES[number - 1] if number else 0.0
            found.append(Bin(low, edge, len(own), said, happened, beta_interval(happened, len(own))))
    return tuple(found)
