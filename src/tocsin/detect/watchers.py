"""The two detectors over a feed: every series by itself, and the scan over sets of channels.

Both look at one period after the other and use only what was published before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tocsin.detect.alarms import Episode, Marks, QuietEvents, Rules, episodes, marks, quiet_events
from tocsin.detect.baseline import Baseline, Floats, Forecasts, Ints, Prior, forecasts, pooled_dispersion
from tocsin.detect.feed import Feed, channel_counts, collected
from tocsin.detect.scan import Cluster, clusters, expected_shares, quiet_counts
from tocsin.detect.scores import WINDOWS, benjamini_hochberg, window_scores

__all__ = [
    "Habits",
    "ScanFindings",
    "ScanWatched",
    "SeriesFindings",
    "SeriesWatched",
    "baseline_for",
    "expected_in_windows",
    "habits_of",
    "scan_feed",
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
#: Windows of the scan, in periods.
SCAN_WINDOWS = (1, 2, 3)
#: Statistics below it are not looked at: with its cost per channel chance hardly gets there.
_FLOOR = 3.0
#: What a series' dispersion counts for that of its channels, in expected posts.
_TRUST = 20.0


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
class _Moment:
    """One period: documents about each subject by channel, those expected, and what the expectation rests on.

    All are ``(subjects, channels)``. ``past`` are documents about the subject, fading with the half-life.
    """

    time: int
    counts: Floats
    expected: Floats
    past: Floats


def _busy(others: Floats, habit: Floats, prior: float, most: float) -> Floats:
    """How busy each channel was in a period with everything but the subject, over its habit of it.

    On a busy day a channel mentions everything more; what it publishes about the subject itself must not
    count as busyness, or a surge would excuse itself. ``prior`` posts of habit are added to both sides, and
    it is not more than ``most`` nor less than its inverse.
    """
    clipped: Floats = np.clip((others + prior) / (habit + prior), 1 / most, most)
    return clipped


def _moments(feed: Feed, habits: Habits, subjects: Sequence[int]) -> Iterator[_Moment]:
    """All periods. Shares are learnt from what was published before the longest window of the scan."""
    shape = (len(subjects), len(feed.channels))
    row = np.full(len(feed.subjects), -1, dtype=np.int64)
    row[list(subjects)] = np.arange(len(subjects))
    pairs = np.flatnonzero(row[feed.pair_subject] >= 0)
    document = feed.pair_document[pairs]
    flat = row[feed.pair_subject[pairs]] * shape[1] + feed.channel[document]
    period = feed.period[document]
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
        shares, habit = expected_shares(past, volume), habits.exposure[:, time]
        others = habits.posts[:, time] - recent[-1]
        busy = _busy(others, habit * (1 - np.minimum(shares, 0.9)), *_BUSY[feed.step])
        yield _Moment(time, recent[-1], shares * habit * busy, past)


def expected_posts(feed: Feed, habits: Habits, subjects: Sequence[int], members: Floats) -> Floats:
    """What groups of channels would publish about subjects by habit: ``(groups, subjects, periods)``.

    ``members`` is ``(groups, channels)``, 1 for each channel of a group. A channel's rhythm times the share
    of it that goes to the subject; so it changes when a channel begins or ends, and thin series are pooled
    over channels.
    """
    expected = np.zeros((len(members), len(subjects), feed.periods))
    for moment in _moments(feed, habits, subjects):
        # The first periods have no past: what is expected there would be the prior's opinion.
        if moment.time >= max(SCAN_WINDOWS):
            expected[:, :, moment.time] = members @ moment.expected.T
    return expected


def expected_in_windows(feed: Feed, habits: Habits, windows: Sequence[tuple[int, int, int]]) -> Floats:
    """What each channel would publish by habit in some windows: ``(windows, channels)``.

    A window is a subject, its first period and its last.
    """
    subjects = sorted({subject for subject, _, _ in windows})
    row = {subject: number for number, subject in enumerate(subjects)}
    inside: dict[int, list[int]] = {}
    for number, (_, first, last) in enumerate(windows):
        for period in range(first, last + 1):
            inside.setdefault(period, []).append(number)
    expected = np.zeros((len(windows), len(feed.channels)))
    for moment in _moments(feed, habits, subjects):
        for number in inside.get(moment.time, ()):
            expected[number] += moment.expected[row[windows[number][0]]]
    return expected


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


def watch_series(counts: Ints, exposure: Floats, step: str, rules: Rules, *, first: int = 0) -> SeriesWatched:
    """Score all series from period ``first`` on, and quiet histories beside them.

    ``counts`` and ``exposure`` are ``(series, periods)``. The dispersion of a
    series is drawn to that of series as thin as itself.
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
    return SeriesWatched(found, q, kept, quiet_events(found, rules))


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


class _Windows:
    """Sums over the windows of the scan, of counts that come period by period."""

    def __init__(self) -> None:
        self._recent: list[Floats] = []

    def add(self, counts: Floats) -> Floats:
        """``(windows, ...)`` sums ending with ``counts``."""
        self._recent = [*self._recent[1 - max(SCAN_WINDOWS) :], counts]
        return np.stack([np.sum(self._recent[-window:], axis=0) for window in SCAN_WINDOWS])


class _Dispersion:
    """Variance over mean of single channels' counts about each subject, learnt period by period.

    It starts from that of the subject's whole series, which is higher where channels rise and fall together.
    Squares are capped at 16 variances, so that a surge does not excuse the next one.
    """

    def __init__(self, subjects: int, decay: float) -> None:
        self._squares, self._posts, self._decay = np.zeros(subjects), np.zeros(subjects), decay

    def now(self, phi: Floats) -> Floats:
        """The dispersion of each subject from the past; ``phi`` is that of its series."""
        found: Floats = np.maximum(1.0, (self._squares + _TRUST * phi) / (self._posts + _TRUST))
        return found

    def learn(self, counts: Floats, expected: Floats) -> None:
        """Add one period, ``(subjects, channels)``."""
        squares = np.minimum((counts - expected) ** 2, 16 * np.maximum(expected, 0.25)).sum(axis=1)
        self._squares = self._squares * self._decay + squares
        self._posts = self._posts * self._decay + expected.sum(axis=1)


def scan_feed(feed: Feed, habits: Habits, phi: Floats, rules: Rules, *, draws: int = 900) -> ScanWatched:
    """Scan every judged period; ``phi`` is the dispersion of each subject at it, ``(subjects, times)``.

    The times are the last ones of the feed. Beside the feed run worlds in which nothing happens, as many as
    make ``draws`` periods, scanned in the same way; the threshold is what the rules' budget buys in them.
    """
    judged = int(np.isfinite(phi).any(axis=0).sum())
    if not judged:
        return ScanWatched([], None)
    worlds = -(-draws // judged)
    found: list[tuple[int, Cluster]] = []
    null: list[tuple[int, int, float]] = []
    for time, real, quiet in _scanned(feed, habits, phi, worlds):
        found += [(time, cluster) for cluster in real if cluster.observed >= rules.evidence]
        null += [
            (world * len(phi) + cluster.subject, time, cluster.statistic)
            for world, part in enumerate(quiet)
            for cluster in part
            if cluster.observed >= rules.evidence
        ]
    return ScanWatched(found, QuietEvents(_marks_of(null), rules.quiet, worlds * judged, _FLOOR))


def _marks_of(found: list[tuple[int, int, float]]) -> Marks:
    rows = sorted(found)
    series, time = (np.array([row[part] for row in rows], dtype=np.int64) for part in (0, 1))
    score = np.array([row[2] for row in rows], dtype=np.float64)
    return Marks(series, time, np.ones(len(rows), dtype=np.int64), score)


def _scanned(
    feed: Feed, habits: Habits, phi: Floats, worlds: int
) -> Iterator[tuple[int, list[Cluster], list[list[Cluster]]]]:
    """The clusters of every judged period, in the feed and in each of the worlds in which nothing happens."""
    subjects, times = phi.shape
    real, quiet, spans = _Windows(), _Windows(), _Windows()
    dispersion = _Dispersion(subjects, 0.5 ** (1 / _HALF_LIFE[feed.step]))
    for moment in _moments(feed, habits, range(subjects)):
        column = moment.time - (feed.periods - times)
        of_series = phi[:, max(column, 0)]
        usable = np.isfinite(of_series) if column >= 0 else np.zeros(subjects, dtype=bool)
        spread = dispersion.now(np.where(usable, of_series, 1.0))
        here = usable[:, None] * (habits.collected * habits.established)[:, moment.time]
        single = moment.expected
        shape = (worlds, *single.shape)
        trust = np.broadcast_to(moment.past + 2.0, shape)
        rng = np.random.default_rng([7, moment.time])
        drawn = quiet.add(quiet_counts(np.broadcast_to(single, shape), spread, trust, rng))
        counts, expected = real.add(moment.counts), spans.add(single) * here
        dispersion.learn(moment.counts, single)
        if usable.any():
            yield (
                moment.time,
                clusters(counts * here, expected, spread, _FLOOR),
                [clusters(drawn[:, world] * here, expected, spread, _FLOOR) for world in range(worlds)],
            )
