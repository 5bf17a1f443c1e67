"""Random counts that follow from what they are drawn for, compiled.

A generator gives other numbers to everybody after the first who asks for one more. Here the number at a place
(a subject, a channel, a period, a world) is a hash of the place, so that it stays the same whatever else is
looked at. The hash is the finaliser of splitmix64 (G. L. Steele, D. Lea, C. H. Flood: Fast splittable
pseudorandom number generators, OOPSLA 2014).

Counts are negative binomial, drawn as a Poisson number of clumps of logarithmic size (M. H. Quenouille,
Biometrics 5 (1949) 162-164): a place where hardly anything is expected costs one comparison.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tocsin.compiled import jit
from tocsin.model.ids import make_id

__all__ = ["clumped", "keys_of", "mixed", "quiet_count", "spread_normal", "uniform"]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_ONE, _OTHER = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_30, _27, _31, _11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
#: Expected clumps drawn at once: the chance of none must not vanish.
_AT_ONCE = 32.0
#: Chances below this end a count.
_TINY = 1e-18


def keys_of(parts: Iterable[tuple[str, ...]]) -> NDArray[np.uint64]:
    """A number for each, which only depends on its texts."""
    return np.array([int(make_id(*texts)[:16], 16) for texts in parts], dtype=np.uint64)


@jit
def mixed(key: Any, number: int) -> Any:
    """The key of the ``number``-th place under ``key``."""
    value = np.uint64(key) + _GOLDEN * np.uint64(number + 1)
    value = (value ^ (value >> _30)) * _ONE
    value = (value ^ (value >> _27)) * _OTHER
    return value ^ (value >> _31)


@jit
def uniform(key: Any) -> float:
    """The random number of a place, 0 <= u < 1."""
    return float(key >> _11) * 2.0**-53


@jit
def spread_normal(key: Any) -> float:
    """A number of the standard normal distribution (Box and Muller)."""
    radius = np.sqrt(-2.0 * np.log(1.0 - uniform(mixed(key, 0))))
    return float(radius * np.cos(2.0 * np.pi * uniform(mixed(key, 1))))


@jit
def _inverse(u: float, none: float, size: float, odds: float) -> int:
    """The count at ``u``: chances begin with ``none``, each the last times (size + k) / (k + 1) * odds."""
    count, chance, left = 0, none, u - none
    while left >= 0.0 and (chance > _TINY or count < size * odds):
        chance *= (size + count) / (count + 1.0) * odds
        count += 1
        left -= chance
    return count


@jit
def clumped(key: Any, mean: float, excess: float) -> int:
    """A count of that mean and of variance ``mean * (1 + excess)``: gamma-Poisson; Poisson without excess."""
    count, part = 0, 0
    while mean > 0.0:
        now = min(mean, _AT_ONCE)
        mean -= now
        u = uniform(mixed(key, part))
        part += 1
        if u < 1.0 - now:
            continue
        if excess > 0.0:
            size, odds = now / excess, excess / (1.0 + excess)
            count += _inverse(u, np.exp(-size * np.log1p(excess)), size, odds)
        else:
            # A Poisson is what is left of it as the size grows.
            count += _inverse(u, np.exp(-now), 1e9, now / 1e9)
    return count


@jit
def _logarithmic(u: float, excess: float) -> int:
    """The size of a clump."""
    odds = excess / (1.0 + excess)
    size, chance = 1, odds / np.log1p(excess)
    left = u - chance
    while left >= 0.0 and chance > _TINY:
        chance *= odds * size / (size + 1.0)
        size += 1
        left -= chance
    return size


@jit
def quiet_count(key: Any, expected: float, trust: float, excess: float) -> int:
    """A count where nothing happens: the mean is gamma with ``expected`` and worth ``trust`` posts, the count
    gamma-Poisson about it with a variance of ``1 + excess`` means.

    The number of clumps is negative binomial, for its mean is gamma.
    """
    mean = expected * np.log1p(excess) / excess
    if uniform(mixed(key, 0)) < 1.0 - mean:
        return 0
    parts = 1 + int(min(mean, trust * np.log1p(mean / trust)) / _AT_ONCE)
    size, mean = trust / parts, mean / parts
    odds, clumps = mean / (size + mean), 0
    none = np.exp(-size * np.log1p(mean / size))
    for part in range(parts):
        clumps += _inverse(uniform(mixed(key, part)), none, size, odds)
    count = 0
    for clump in range(clumps):
        count += _logarithmic(uniform(mixed(key, parts + clump)), excess)
    return count
