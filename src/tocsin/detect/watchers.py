"""The two detectors over a feed: every series by itself, and the scan over sets of channels.

Both look at one period after the other and use only what was published before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tocsin.detect.alarms import Episode, Marks, Rules, episodes, marks, threshold_for
from tocsin.detect.baseline import Baseline, Floats, Forecasts, Ints, Prior, forecasts, pooled_dispersion
from tocsin.detect.feed import Feed, channel_counts, collected
from tocsin.detect.scan import Cluster, NullMaxima, clusters, expected_shares, quiet_maximum
from tocsin.detect.scores import WINDOWS, benjamini_hochberg, window_scores

__all__ = [
    "Habits",
    "ScanFindings",
    "SeriesFindings",
    "baseline_for",
    "habits_of",
    "scan_feed",
    "watch_series",
]

#: Periods before a case is old enough to speak of habits.
_LEAST = {"day": 14, "hour": 7 * 24}
_HALF_LIFE = {"day": 45.0, "hour": 21 * 24.0}
_HISTORY = {"day": 180, "hour": 60 * 24}
_CYCLES = {"day": ((7.0, 2),), "hour": ((24.0, 2), (168.0, 1))}
#: Windows of the scan, in periods.
SCAN_WINDOWS = (1, 2, 3)


def baseline_for(step: str, *, rhythm: bool = False) -> Baseline:
    """The regression for series of a step; with ``rhythm`` for whole channels, whose own season is learnt.

    A subject's season is that of its channels, which its exposure carries; so it only has a level and a
    slow trend.
    """
    return Baseline(
        seasons=_CYCLES[step] if rhythm else (),
        trend=not rhythm,
        history=_HISTORY[step],
        guard=0 if rhythm else 2,
        half_life=_HALF_LIFE[step],
        least=3 if rhythm else _LEAST[step],
        prior=Prior(trend=0.5),
    )


@dataclass(frozen=True, slots=True)
class Habits:
    """What each channel publishes, ``(channels, periods)``: posts, whether collected, and posts expected by
    habit."""

    posts: Ints
    collected: Floats
    exposure: Floats


def habits_of(feed: Feed) -> Habits:
    """The rhythm of every channel, learnt as time goes by; its posts themselves as long as it is too new to
    have one.

    The exposure of a period is the geometric mean of habit and actual posts of the channel (plus half a
    post): on a busy day every subject is mentioned more, but a channel that turns to one subject publishes
    more, too.
    """
    posts = channel_counts(feed.channel, feed.period, len(feed.channels), feed.periods)
    present = collected(posts)
    found = forecasts(posts, present, range(feed.periods), baseline_for(feed.step, rhythm=True))
    known = np.isfinite(found.mean)
    habit = np.where(known, found.mean, posts)
    if feed.periods:
        habit[:, -1] *= np.where(known[:, -1], feed.elapsed, 1.0)
    return Habits(posts, present, np.where(present > 0, np.maximum(habit, 1e-3), 0.0))


@dataclass(frozen=True, slots=True)
class SeriesFindings:
    """What watching the series found. ``q`` is of every score, ``(series, times)``."""

    found: Forecasts
    scores: Floats
    q: Floats
    threshold: float
    events: list[Episode]


def watch_series(
    counts: Ints, exposure: Floats, step: str, rules: Rules, *, first: int = 0
) -> SeriesFindings:
    """Score all series from period ``first`` on; the threshold is the one the rules' budget buys.

    ``counts`` and ``exposure`` are ``(series, periods)``. The pooled dispersion is learnt from the periods
    before those judged where there are enough, so that a surge is no part of what it is judged by.
    """
    spec = baseline_for(step)
    times = range(max(first, 0), counts.shape[1])
    rough = forecasts(counts, exposure, times, spec)
    pooled = pooled_dispersion(counts, rough)
    found = forecasts(counts, exposure, times, spec, dispersion=pooled)
    scores, windows = window_scores(counts, found)
    p = np.minimum(1.0, len(WINDOWS) * 10**-scores)
    q = np.stack([benjamini_hochberg(column) for column in p.T], axis=1) if p.size else p
    kept: Marks = marks(scores, windows, counts[:, found.times].astype(np.float64), rules.evidence)
    threshold = threshold_for(found, rules)
    return SeriesFindings(found, scores, q, threshold, episodes(kept, threshold, rules.quiet))


@dataclass(frozen=True, slots=True)
class ScanFindings:
    """Clusters by period, the p-value of each (of the highest statistic of a quiet period), and the
    threshold."""

    threshold: float
    found: list[tuple[int, Cluster, float]]


@dataclass(frozen=True, slots=True)
class _Moment:
    """What the scan sees at one period: ``(windows, subjects, channels)`` counts and expectations."""

    counts: Floats
    expected: Floats
    trust: Floats


def _moments(feed: Feed, habits: Habits, first: int) -> Iterator[tuple[int, _Moment]]:
    """The periods from ``first`` on. Shares are learnt from what was published before the longest window."""
    shape = (len(feed.subjects), len(feed.channels))
    flat = feed.pair_subject * shape[1] + feed.channel[feed.pair_document]
    period = feed.period[feed.pair_document]
    order = np.argsort(period, kind="stable")
    bounds = np.searchsorted(period[order], np.arange(feed.periods + 1))
    decay = 0.5 ** (1 / _HALF_LIFE[feed.step])
    past, volume = np.zeros(shape), np.zeros(shape[1])
    recent: list[Floats] = []
    for time in range(feed.periods):
        cells = flat[order[bounds[time] : bounds[time + 1]]]
        recent.append(np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64))
        if len(recent) > max(SCAN_WINDOWS):
            old = time - max(SCAN_WINDOWS)
            past, volume = past * decay + recent.pop(0), volume * decay + habits.posts[:, old]
        if time < first:
            continue
        shares = expected_shares(past, volume)
        counts = np.stack([sum(recent[-window:], start=np.zeros(shape)) for window in SCAN_WINDOWS])
        exposure = [
            habits.exposure[:, max(0, time - window + 1) : time + 1].sum(axis=1) for window in SCAN_WINDOWS
        ]
        expected = shares[None] * np.stack(exposure)[:, None, :]
        here = habits.collected[:, time] > 0
        yield time, _Moment(counts * here, expected * here, past + 2.0)


def scan_feed(feed: Feed, habits: Habits, phi: Floats, rules: Rules, *, draws: int = 400) -> ScanFindings:
    """Scan every judged period; ``phi`` is the dispersion of each subject at it, ``(subjects, times)``.

    The times are the last ones of the feed. ``draws`` quiet worlds, spread evenly over them, say how high
    the highest statistic of a quiet period gets; the threshold is what the rules' budget buys.
    """
    times = phi.shape[1]
    first = feed.periods - times
    known = np.isfinite(phi)
    if not known.any():
        return ScanFindings(float("inf"), [])
    each = -(-draws // times)
    maxima: list[float] = []
    candidates: list[tuple[int, Cluster]] = []
    for time, moment in _moments(feed, habits, first):
        usable = known[:, time - first]
        if not usable.any():
            continue
        dispersion = np.where(usable, phi[:, time - first], 1.0)
        expected = moment.expected * usable[:, None]
        if time % max(1, times // draws) == 0:
            rng = np.random.default_rng([7, time])
            maxima += [quiet_maximum(expected, dispersion, moment.trust, rng) for _ in range(each)]
        candidates += [
            (time, c) for c in clusters(moment.counts * usable[:, None], expected, dispersion, 3.0)
        ]
    null = NullMaxima(np.asarray(maxima))
    threshold = null.threshold(rules.false_alarms / rules.per)
    kept = [
        (time, cluster, null.p(cluster.statistic))
        for time, cluster in candidates
        if cluster.statistic >= threshold and cluster.observed >= rules.evidence
    ]
    return ScanFindings(threshold, kept)
