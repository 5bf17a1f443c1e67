"""The two detectors over a feed: every series by itself, and the scan over sets of channels.

Both look at one period after the other and use only what was published before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tocsin.detect.alarms import Episode, Marks, QuietEvents, Rules, episodes, marks, quiet_events
from tocsin.detect.baseline import Baseline, Floats, Forecasts, Ints, Prior, forecasts, pooled_dispersion
from tocsin.detect.chance import keys_of
from tocsin.detect.feed import Feed, channel_counts, collected
from tocsin.detect.scan import LONGEST, Aim, Cluster, Ground, Steps, expect, scan
from tocsin.detect.scores import WINDOWS, benjamini_hochberg, window_scores

__all__ = [
    "Habits",
    "ScanFindings",
    "ScanWatched",
    "SeriesFindings",
    "SeriesWatched",
    "Walks",
    "baseline_for",
    "expected_in_window",
    "expected_posts",
    "habits_of",
    "scan_feed",
    "walks_of",
    "watch_series",
]

#: Periods before a case is old enough to speak of habits.
_LEAST = {"day": 14, "hour": 7 * 24}
_HALF_LIFE = {"day": 45.0, "hour": 21 * 24.0}
_HISTORY = {"day": 180, "hour": 60 * 24}
_CYCLES = {"day": ((7.0, 2),), "hour": ((24.0, 4), (168.0, 2))}
#: Posts of habit added when busyness is taken, and its most. Posts come in clumps by the hour: ten of a
#: channel that is asleep by habit are many times its habit of everything. Set on seeds 3000 to 3002.
_BUSY = {"day": (3.0, 3.0), "hour": (1.0, 10.0)}
#: Statistics below it are not looked at: with its cost per channel chance hardly gets there.
_FLOOR = 3.0


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
    a habit.
    """

    posts: Ints
    collected: Floats
    exposure: Floats
    established: Floats


def habits_of(feed: Feed, *, first: int = 0) -> Habits:
    """The rhythm of every channel, learnt as time goes by; its posts themselves as long as it is too new.

    Before period ``first`` no rhythm is wanted and the posts stand for it: who only judges the newest
    periods saves the work. The rhythm and not the posts is what surges are measured by: a channel that
    turns to a subject publishes more.
    """
    posts = channel_counts(feed.channel, feed.period, len(feed.channels), feed.periods)
    present = collected(posts)
    found = forecasts(posts, present, range(first, feed.periods), rhythm_of(feed.step))
    known, habit = np.zeros(posts.shape, dtype=bool), posts.astype(np.float64)
    known[:, first:] = np.isfinite(found.mean)
    habit[:, first:] = np.where(known[:, first:], found.mean, habit[:, first:])
    if feed.periods:
        habit[:, -1] *= np.where(known[:, -1], feed.elapsed, 1.0)
    age = present.cumsum(axis=1)
    established = (age > _LEAST[feed.step]).astype(np.float64)
    return Habits(posts, present, np.where(present > 0, np.maximum(habit, 1e-3), 0.0), established)


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
    volume = np.zeros((feed.periods, len(feed.channels)))
    for time in range(LONGEST, feed.periods):
        volume[time] = volume[time - 1] * decay + habits.posts[:, time - LONGEST]
    ground = Ground(
        np.searchsorted(period, np.arange(feed.periods + 1)),
        channel,
        habits.exposure[channel, period],
        habits.posts[channel, period].astype(np.float64),
        volume[period, channel],
        habits.established[channel, period] > 0,
        volume.sum(axis=1) + 50.0,
        keys_of(("channel", name) for name in feed.channels),
        decay,
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


def expected_posts(walks: Walks, subjects: Sequence[int], members: Floats) -> Floats:
    """What groups of channels would publish about subjects by habit: ``(groups, subjects, periods)``.

    ``members`` is ``(groups, channels)``, 1 for each channel of a group. A channel's rhythm times the share
    of it that goes to the subject; so it changes when a channel begins or ends, and thin series are pooled
    over channels.
    """
    periods = len(walks.ground.whole)
    expected = np.zeros((len(subjects), len(members), periods))
    unused = np.zeros(members.shape[1])
    for row, subject in enumerate(subjects):
        expect(walks.ground, walks.steps[subject], members, (periods, -1), (expected[row], unused))
    return expected.swapaxes(0, 1)


def expected_in_window(
    walks: Walks, subject: int, member: Floats, window: tuple[int, int]
) -> tuple[Floats, Floats]:
    """What some channels together would publish about a subject, ``(periods,)``, and what each channel
    would from one period to another, both included, ``(channels,)``."""
    together, each = np.zeros((1, len(walks.ground.whole))), np.zeros(len(member))
    expect(walks.ground, walks.steps[subject], member[None], window, (together, each))
    return together[0], each


@dataclass(frozen=True, slots=True)
class SeriesFindings:
    """What watching the series found. ``q`` is of every score, ``(series, times)``."""

    found: Forecasts
    q: Floats
    threshold: float
    events: list[Episode]


@dataclass(frozen=True, slots=True)
class SeriesWatched:
    """The series as scored, before anybody has said how many false alarms are accepted."""

    found: Forecasts
    q: Floats
    marks: Marks
    null: QuietEvents

    def findings(self, rules: Rules) -> SeriesFindings:
        """The events above the threshold that the rules' budget buys."""
        threshold = self.null.needed(rules)
        return SeriesFindings(self.found, self.q, threshold, episodes(self.marks, threshold, rules.quiet))


def watch_series(
    counts: Ints, exposure: Floats, step: str, rules: Rules, keys: NDArray[np.uint64]
) -> SeriesWatched:
    """Score all series, and quiet histories beside them.

    ``counts`` and ``exposure`` are ``(series, periods)``, ``keys`` those of the series for chance. The
    dispersion of a series is drawn to that of series as thin as itself.
    """
    spec = baseline_for(step)
    times = range(counts.shape[1])
    rough = forecasts(counts, exposure, times, spec)
    pooled = pooled_dispersion(counts, rough)
    found = forecasts(counts, exposure, times, spec, dispersion=pooled)
    scores, windows = window_scores(counts, found)
    p = np.minimum(1.0, len(WINDOWS) * 10**-scores)
    q = np.stack([benjamini_hochberg(column) for column in p.T], axis=1) if p.size else p
    kept: Marks = marks(scores, windows, counts[:, found.times].astype(np.float64), rules.evidence)
    return SeriesWatched(found, q, kept, quiet_events(found, rules, keys))


@dataclass(frozen=True, slots=True)
class ScanFindings:
    """Clusters by period, how often a quiet period has one as high anywhere, and the threshold."""

    threshold: float
    found: list[tuple[int, Cluster, float]]


@dataclass(frozen=True, slots=True)
class ScanWatched:
    """Every cluster worth a look by period, before anybody has said how many false alarms are accepted."""

    clusters: list[tuple[int, Cluster]]
    null: QuietEvents | None

    def findings(self, rules: Rules) -> ScanFindings:
        """The clusters above the threshold that the rules' budget buys."""
        if self.null is None:
            return ScanFindings(float("inf"), [])
        threshold = self.null.needed(rules)
        kept = [
            (time, cluster, min(1.0, self.null.rate(cluster.statistic)))
            for time, cluster in self.clusters
            if cluster.statistic >= threshold
        ]
        return ScanFindings(threshold, kept)


def scan_feed(walks: Walks, phi: Floats, rules: Rules, *, draws: int = 900) -> ScanWatched:
    """Scan every judged period; ``phi`` is the dispersion of each subject at it, ``(subjects, times)``.

    The times are the last ones of the feed. Beside the feed run worlds in which nothing happens, as many as
    make ``draws`` periods, scanned in the same way; the threshold is what the rules' budget buys in them.
    """
    judged = int(np.isfinite(phi).any(axis=0).sum())
    if not judged:
        return ScanWatched([], None)
    worlds = -(-draws // judged)
    periods, channels = len(walks.ground.whole), len(walks.ground.keys)
    known = np.full((len(phi), periods), np.nan)
    known[:, periods - phi.shape[1] :] = phi
    found: list[tuple[int, Cluster]] = []
    null: list[tuple[int, int, float]] = []
    for subject in range(len(phi)):
        sets, members = np.zeros((periods, 4)), np.zeros((periods, channels), dtype=np.bool_)
        quiet = np.zeros((worlds, periods))
        aim = Aim(worlds, rules.evidence, _FLOOR, walks.keys[subject])
        scan(walks.ground, walks.steps[subject], known[subject], aim, (sets, members, quiet))
        for time in np.flatnonzero(sets[:, 0]).tolist():
            statistic, window, observed, expected = sets[time].tolist()
            chosen = tuple(np.flatnonzero(members[time]).tolist())
            found.append((time, Cluster(subject, chosen, int(window), statistic, observed, expected)))
        for world, time in zip(*np.nonzero(quiet), strict=True):
            null.append((int(world) * len(phi) + subject, int(time), float(quiet[world, time])))
    return ScanWatched(found, QuietEvents(_marks_of(null), rules.quiet, worlds * judged, _FLOOR))


def _marks_of(found: list[tuple[int, int, float]]) -> Marks:
    rows = sorted(found)
    series, time = (np.array([row[part] for row in rows], dtype=np.int64) for part in (0, 1))
    score = np.array([row[2] for row in rows], dtype=np.float64)
    return Marks(series, time, np.ones(len(rows), dtype=np.int64), score)
