"""How good forecasts were: Brier and log score, skill, calibration, with intervals that are wide for small n.

A forecast is a probability and whether it came true. Brier score: mean of (p − y)², 0 best (Brier 1950). Log
score: mean of −ln of the probability given to what happened, 0 best (Good 1952); probabilities are kept
within 0.01 and 0.99, or one certain mistake would be infinite. Skill: 1 − score / score of always saying the
base rate.

Intervals. Forecasts are put into five classes by their probability. Of a class with k hits in n the true
rate lies between the k-th and the (k+1)-th of n uniform draws in order (the fiducial distribution behind
the interval of Clopper and Pearson 1934); both scores are linear in these rates, so the 95 % interval runs
from the 2.5 % point of the lowest scores so drawn to the 97.5 % point of the highest, by a fixed generator.
Five forecasts that all came true do not make a perfect source: its interval stays wide. Two other ways were
tried and left: the bootstrap gives intervals of no width for few or equal outcomes, and Jeffreys' prior
held 93 %, not 95.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
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
        skill = _interval(observed, _skills(forecasts, rates, base))
    return Scores(
        len(forecasts),
        sum(f.happened for f in forecasts),
        _interval(brier(forecasts), _expected(forecasts, rates, _squared)),
        _interval(log_score(forecasts), _expected(forecasts, rates, _logged)),
        base,
        skill,
        _bins(forecasts),
    )


#: For each class its draws of the lowest and the highest true rate; none for a class without forecasts.
_Rates = list[list[tuple[float, float]]]


def _draws(hits: int, count: int, generator: random.Random) -> list[tuple[float, float]]:
    """Draws of the k-th and (k+1)-th of ``count`` ordered uniform numbers; 0 below the first, 1 above the
    last.
    """
    found = []
    for _ in range(_DRAWS):
        low = generator.betavariate(hits, count - hits + 1) if hits else 0.0
        rest = count - hits
        high = 1 - (1 - low) * generator.random() ** (1 / rest) if rest else 1.0
        found.append((low, high))
    return found


def _posteriors(forecasts: Sequence[Scored]) -> _Rates:
    """Draws of the true rates of all classes."""
    generator = random.Random(20240412)  # noqa: S311 - fixed, so that equal input gives equal bytes
    found = []
    for number in range(len(CLASSES)):
        own = [f.happened for f in forecasts if _class(f.probability) == number]
        found.append(_draws(sum(own), len(own), generator) if own else [])
    return found


def _expected(
    forecasts: Sequence[Scored], rates: _Rates, loss: Callable[[float, bool], float]
) -> tuple[list[float], list[float]]:
    """The lowest and the highest expected score at each draw: linear in the rates, so classes add up."""
    low, high = [0.0] * _DRAWS, [0.0] * _DRAWS
    for number, draws in enumerate(rates):
        own = [f.probability for f in forecasts if _class(f.probability) == number]
        if not own:
            continue
        hit = math.fsum(loss(p, True) for p in own) / len(forecasts)
        miss = math.fsum(loss(p, False) for p in own) / len(forecasts)
        for at, (least, most) in enumerate(draws):
            one, other = least * hit + (1 - least) * miss, most * hit + (1 - most) * miss
            low[at] += min(one, other)
            high[at] += max(one, other)
    return low, high


def _skills(forecasts: Sequence[Scored], rates: _Rates, base: float) -> tuple[list[float], list[float]]:
    """The lowest and highest skill at each draw: the reference is taken at the same rates as the score."""
    low: list[float] = []
    high: list[float] = []
    for pick in (min, max):
        for by_score in (True, False):
            ratios = _ratios(forecasts, rates, base, pick, by_score)
            low = [min(a, b) for a, b in zip(low, ratios, strict=True)] if low else list(ratios)
            high = [max(a, b) for a, b in zip(high, ratios, strict=True)] if high else list(ratios)
    return low, high


def _ratios(
    forecasts: Sequence[Scored],
    rates: _Rates,
    base: float,
    pick: Callable[[tuple[float, float], tuple[float, float]], tuple[float, float]],
    by_score: bool,
) -> list[float]:
    """Skill at each draw where every class takes that end of its rate which makes score or reference
    extreme.
    """
    own, reference = [0.0] * _DRAWS, [0.0] * _DRAWS
    for number, draws in enumerate(rates):
        said = [f.probability for f in forecasts if _class(f.probability) == number]
        if not said:
            continue
        hit, miss = (math.fsum(_squared(p, happened) for p in said) for happened in (True, False))
        base_hit, base_miss = len(said) * _squared(base, True), len(said) * _squared(base, False)
        for at, ends in enumerate(draws):
            pairs = [
                (rate * hit + (1 - rate) * miss, rate * base_hit + (1 - rate) * base_miss) for rate in ends
            ]
            chosen = pick(*(pairs if by_score else [(b, a) for a, b in pairs]))  # by the first of the two
            score, against = chosen if by_score else (chosen[1], chosen[0])
            own[at] += score
            reference[at] += against
    return [1 - a / b if b > 0 else 0.0 for a, b in zip(own, reference, strict=True)]


def _interval(value: float, drawn: tuple[Sequence[float], Sequence[float]]) -> Interval:
    """From the 2.5 % point of the lower draws to the 97.5 % point of the higher ones."""
    low, high = sorted(drawn[0]), sorted(drawn[1])
    least = low[int(_TAIL * len(low))]
    most = high[min(len(high) - 1, math.ceil((1 - _TAIL) * len(high)) - 1)]
    return Interval(value, min(least, value), max(most, value))


@lru_cache(maxsize=4096)
def beta_interval(count: int, of: int) -> Interval:
    """A share with its 95 % interval (Clopper and Pearson 1934); 0 to 1 for a share of nothing."""
    if of <= 0:
        return Interval(float("nan"), 0.0, 1.0)
    drawn = _draws(count, of, random.Random(7))  # noqa: S311 - fixed, as above
    return _interval(count / of, ([a for a, _ in drawn], [b for _, b in drawn]))


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
