"""Worlds of channels with rhythms and no event, and surges planted in them with known truth.

A world is an array of posts: channel, hour and place of each. Channels have their own size, hours of the
day, days of the week and taste for places; days differ by gamma noise. A surge multiplies the posts of some
channels about one place in some hours. Everything comes from one seed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

__all__ = ["Planted", "World", "WorldShape", "plant", "quiet_world"]


@dataclass(frozen=True, slots=True)
class WorldShape:
    """How large a world is. ``posts`` is the mean number of posts a channel publishes a day.

    ``noise`` is the squared coefficient of variation of a channel's days; ``spread`` the log-deviation of
    channel sizes.
    """

    channels: int = 20
    places: int = 30
    days: int = 90
    posts: float = 20.0
    noise: float = 0.05
    spread: float = 0.7


@dataclass(frozen=True, slots=True)
class World:
    """Posts by hour, ``counts[channel, place, hour]``, and their expectation without day noise."""

    counts: NDArray[np.int64]
    expected: NDArray[np.float64]

    def daily(self) -> NDArray[np.int64]:
        """Posts by channel, place and day."""
        channels, places, hours = self.counts.shape
        days: NDArray[np.int64] = self.counts.reshape(channels, places, hours // 24, 24).sum(axis=3)
        return days


@dataclass(frozen=True, slots=True)
class Planted:
    """A surge: ``channels`` publish ``factor`` times as much about ``place`` from ``hour`` for ``hours``."""

    channels: tuple[int, ...]
    place: int
    hour: int
    hours: int
    factor: float
    extra: int = field(default=0, compare=False)


def quiet_world(shape: WorldShape, seed: int) -> World:
    """A world in which nothing happens."""
    rng = np.random.default_rng(seed)
    size = shape.posts * np.exp(rng.normal(-(shape.spread**2) / 2, shape.spread, shape.channels))
    peak = rng.uniform(8, 21, shape.channels)
    clock = np.arange(24)
    hours = 1 + 0.8 * np.cos(2 * np.pi * (clock[None, :] - peak[:, None]) / 24)
    weekday = 1 + rng.uniform(-0.35, 0.15, (shape.channels, 1)) * (np.arange(7)[None, :] >= 5)
    taste = rng.dirichlet(1 / np.arange(1, shape.places + 1), 1) * rng.gamma(
        4, 0.25, (shape.channels, shape.places)
    )
    taste /= taste.sum(axis=1, keepdims=True)
    day = np.arange(shape.days)
    rhythm = weekday[:, day % 7][:, :, None] * (hours / 24)[:, None, :]
    expected = size[:, None, None] * rhythm
    noise = rng.gamma(1 / shape.noise, shape.noise, (shape.channels, shape.days))
    rate = (expected * noise[:, :, None]).reshape(shape.channels, 1, -1) * taste[:, :, None]
    mean = expected.reshape(shape.channels, 1, -1) * taste[:, :, None]
    return World(rng.poisson(rate), mean)


def plant(world: World, surge: Planted, seed: int) -> tuple[World, Planted]:
    """The world with a surge added, and the surge with the number of posts it added."""
    rng = np.random.default_rng(seed)
    counts = world.counts.copy()
    span = slice(surge.hour, surge.hour + surge.hours)
    rate = world.expected[list(surge.channels), surge.place, span] * (surge.factor - 1)
    extra = rng.poisson(rate)
    counts[list(surge.channels), surge.place, span] += extra
    done = Planted(surge.channels, surge.place, surge.hour, surge.hours, surge.factor, int(extra.sum()))
    return World(counts, world.expected), done
