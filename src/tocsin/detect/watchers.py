"""What both detectors stand on: the rhythm of each channel, and what would be published about a subject.

Both look at one period after the other and use only what was published before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tocsin.detect.baseline import Baseline, Floats, Ints, Prior, Resume, forecasts
from tocsin.detect.chance import keys_of
from tocsin.detect.feed import Feed, channel_counts, collected
from tocsin.detect.scan import LONGEST, Ground, Steps, expect
from tocsin.detect.states import Kept

__all__ = [
    "Habits",
    "Walks",
    "baseline_for",
    "expected_in_window",
    "expected_posts",
    "habits_of",
    "posts_about",
    "walks_of",
]

#: Periods before a case is old enough to speak of habits.
_LEAST = {"day": 14, "hour": 7 * 24}
_HALF_LIFE = {"day": 45.0, "hour": 21 * 24.0}
_HISTORY = {"day": 180, "hour": 60 * 24}
_CYCLES = {"day": ((7.0, 2),), "hour": ((24.0, 4), (168.0, 2))}
#: Posts of habit added when busyness is taken, and its most. Posts come in clumps by the hour: ten of a
#: channel that is asleep by habit are many times its habit of everything. Set on seeds 3000 to 3002.
_BUSY = {"day": (3.0, 3.0), "hour": (1.0, 10.0)}


def rhythm_of(step: str) -> Baseline:
    """The regression for whole channels, whose own season is learnt."""
    return Baseline(
        seasons=_CYCLES[step],
        trend=False,
        history=_HISTORY[step],
        guard=0,
        half_life=_HALF_LIFE[step],
        least=3,
    )


def baseline_for(step: str) -> Baseline:
    """The regression for series of a subject, whose exposure is what its channels would publish about it.

    So it has no season, and its level is how far the subject's channels together are off their habit: near 0.
    """
    return Baseline(
        history=_HISTORY[step],
        half_life=_HALF_LIFE[step],
        least=_LEAST[step],
        prior=Prior(level=0.5, trend=0.3),
    )


@dataclass(frozen=True, slots=True)
class Habits:
    """What each channel publishes: posts, whether collected, and posts expected by habit.

    All are ``(channels, periods)``. ``established`` is 1 where a channel has been read long enough to have
    a habit. ``states`` are those of the fits before the period up to which the case is kept.
    """

    posts: Ints
    collected: Floats
    exposure: Floats
    established: Floats
    states: Floats


def habits_of(feed: Feed, *, first: int = 0, kept: Kept | None = None, keep: int = 0) -> Habits:
    """The rhythm of every channel, learnt as time goes by; its posts themselves as long as it is too new.

    Before period ``first`` no rhythm is wanted and the posts stand for it: who only judges the newest
    periods saves the work. Those of ``kept`` stand, and the states before period ``keep`` are given. The
    rhythm and not the posts is what surges are measured by: a channel that turns to a subject publishes
    more. Rhythms are of single precision, as they are kept.
    """
    posts = channel_counts(feed.channel, feed.period, len(feed.channels), feed.periods)
    present = collected(posts)
    spec = rhythm_of(feed.step)
    old, start = kept.rhythms(present) if kept else (np.zeros((len(posts), 0)), None)
    first = max(first, old.shape[1])
    low = max(0, first - spec.reach)
    resume = Resume(low, start, max(keep - first, 0))
    times = range(first - low, feed.periods - low)
    found = forecasts(posts[:, low:], present[:, low:], times, spec, resume=resume)
    habit = posts.astype(np.float64)
    habit[:, first:] = np.where(np.isfinite(found.mean), found.mean, habit[:, first:])
    if feed.periods:
        habit[:, -1] *= np.where(np.isfinite(found.mean[:, -1]), feed.elapsed, 1.0)
    exposure = np.where(present > 0, np.maximum(habit, 1e-3), 0.0).astype(np.float32).astype(np.float64)
    exposure[:, : old.shape[1]] = old
    age = present.cumsum(axis=1)
    established = (age > _LEAST[feed.step]).astype(np.float64)
    assert found.state is not None
    return Habits(posts, present, exposure, established, found.state)


@dataclass(frozen=True, slots=True)
class Walks:
    """A feed made ready for going through time subject by subject."""

    ground: Ground
    steps: tuple[Steps, ...]
    keys: NDArray[np.uint64]


def walks_of(feed: Feed, habits: Habits) -> Walks:
    """What all subjects share, the documents about each, and its key for chance."""
    present = habits.collected.T > 0
    period, channel = np.nonzero(present)
    decay = 0.5 ** (1 / _HALF_LIFE[feed.step])
    volume, whole = np.zeros((feed.periods, len(feed.channels))), np.zeros(feed.periods)
    every = habits.posts.sum(axis=0)
    for time in range(LONGEST, feed.periods):
        volume[time] = volume[time - 1] * decay + habits.posts[:, time - LONGEST]
        whole[time] = whole[time - 1] * decay + every[time - LONGEST]
    ground = Ground(
        np.searchsorted(period, np.arange(feed.periods + 1)),
        channel,
        habits.exposure[channel, period],
        habits.posts[channel, period].astype(np.float64),
        volume[period, channel],
        habits.established[channel, period] > 0,
        whole + 50.0,
        keys_of(("channel", name) for name in feed.channels),
        np.cumprod(np.r_[1.0, np.full(feed.periods, decay)]),
        *_BUSY[feed.step],
    )
    return Walks(ground, _steps_of(feed), keys_of((one.type, one.key) for one in feed.subjects))


def _steps_of(feed: Feed) -> tuple[Steps, ...]:
    place = feed.pair_subject * feed.periods + feed.period[feed.pair_document]
    flat, number = np.unique(
        place * len(feed.channels) + feed.channel[feed.pair_document], return_counts=True
    )
    place, channel = np.divmod(flat, max(len(feed.channels), 1))
    subject, period = np.divmod(place, max(feed.periods, 1))
    bounds = np.searchsorted(subject, np.arange(len(feed.subjects) + 1))
    spans = [slice(low, high) for low, high in pairwise(bounds)]
    return tuple(Steps(period[span], channel[span], number[span].astype(np.float64)) for span in spans)


def expected_posts(walks: Walks, subjects: Sequence[int], members: Floats, *, since: int = 0) -> Floats:
    """What groups of channels would publish about subjects by habit, from period ``since`` on: ``(groups,
    subjects, periods)``.

    ``members`` is ``(groups, channels)``, 1 for each channel of a group. A channel's rhythm times the share
    of it that goes to the subject; so it changes when a channel begins or ends, and thin series are pooled
    over channels.
    """
    periods = len(walks.ground.whole)
    expected = np.zeros((len(subjects), len(members), periods - since))
    unused = np.zeros(members.shape[1])
    for row, subject in enumerate(subjects):
        span = (since, periods, periods, -1)
        expect(walks.ground, walks.steps[subject], members, span, (expected[row], unused))
    return expected.swapaxes(0, 1)


def expected_in_window(
    walks: Walks, subject: int, member: Floats, span: tuple[int, int], window: tuple[int, int]
) -> tuple[Floats, Floats]:
    """What some channels together would publish about a subject in the periods of ``span`` (the second is
    not included), and what each channel would in ``window``, both included, ``(channels,)``."""
    together, each = np.zeros((1, span[1] - span[0])), np.zeros(len(member))
    expect(walks.ground, walks.steps[subject], member[None], (*span, *window), (together, each))
    return together[0], each


def posts_about(walks: Walks, subject: int, member: Floats, span: tuple[int, int]) -> Floats:
    """Documents of some channels about a subject in the periods of ``span`` (the second is not included)."""
    period, channel, number = walks.steps[subject]
    low, high = np.searchsorted(period, span)
    inside = slice(low, high)
    weights = number[inside] * member[channel[inside]]
    return np.bincount(period[inside] - span[0], weights, span[1] - span[0]).astype(np.float64)
