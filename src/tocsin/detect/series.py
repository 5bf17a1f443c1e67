"""The detector that looks at every series by itself: a subject in a group of channels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from tocsin.detect.alarms import (
    LOWEST,
    Episode,
    Marks,
    QuietEvents,
    Rules,
    draws_for,
    episodes,
    in_window,
    quiet_marks,
)
from tocsin.detect.baseline import (
    Baseline,
    Floats,
    Forecasts,
    Ints,
    Resume,
    forecasts,
    pooled_dispersion,
    residuals,
)
from tocsin.detect.scores import WINDOWS, benjamini_hochberg, window_scores
from tocsin.detect.states import CELL, LEAD, QUIET, Rows, SeriesState
from tocsin.detect.watchers import Walks, expected_posts, posts_about

__all__ = ["Looked", "SeriesFindings", "SeriesWatched", "watch_series"]


@dataclass(frozen=True, slots=True)
class Looked:
    """What is looked at: series as (group, subject), in order of groups and subjects, and how.

    ``members`` is ``(groups, channels)``, ``keys`` are those of the series for chance. ``judged`` are the
    periods in which anything can be said at all.
    """

    walks: Walks
    spec: Baseline
    members: Floats
    series: Sequence[tuple[int, int]]
    keys: NDArray[np.uint64]
    judged: NDArray[np.bool_]
    rules: Rules


@dataclass(frozen=True, slots=True)
class SeriesFindings:
    """What watching the series found."""

    threshold: float
    events: list[Episode]


@dataclass(frozen=True, slots=True)
class SeriesWatched:
    """The series as scored, before anybody has said how many false alarms are accepted.

    ``cells`` are the scores that chance does not give half of the time, with the series of each in ``of``.
    ``phi`` is the dispersion of every series from a period on, ``resumed`` whether what was kept of it
    stands. ``states`` are what is to be kept, not yet cut to the periods kept.
    """

    cells: Rows
    of: Ints
    null: QuietEvents
    phi: Sequence[tuple[int, Floats]]
    resumed: NDArray[np.bool_]
    states: Sequence[SeriesState]

    def findings(self, rules: Rules) -> SeriesFindings:
        """The events above the threshold that the rules' budget buys."""
        threshold = self.null.needed(rules)
        keep = (self.cells["score"] >= LOWEST) & (self.cells["shown"] >= rules.evidence)
        cells = self.cells[keep]
        time, window = (cells[name].astype(np.int64) for name in ("time", "window"))
        found = Marks(self.of[keep], time, window, cells["score"])
        return SeriesFindings(threshold, episodes(found, threshold, rules.quiet))

    def at(self, series: int, time: int) -> tuple[float, float]:
        """The corrected p-value of a cell among all series of its period, and its dispersion."""
        inside = np.flatnonzero(self.cells["time"] == time)
        cells, place = self.cells[inside], int(np.flatnonzero(self.of[inside] == series)[0])
        # All others are 1: they come last and change nothing but the number.
        p = np.ones(len(self.states))
        p[: len(cells)] = _chances(cells["score"])
        return float(benjamini_hochberg(p)[place]), float(cells["phi"][place])


def _chances(scores: Floats) -> Floats:
    """p of the best of all windows."""
    p: Floats = np.minimum(1.0, len(WINDOWS) * 10**-scores)
    return p


@dataclass(frozen=True, slots=True)
class _Part:
    """Some of the series, to be watched from period ``since`` on, with the history this needs: counts and
    exposure are those from period ``low`` on."""

    chosen: Ints
    since: int
    low: int
    counts: Floats
    exposure: Floats

    @property
    def times(self) -> Ints:
        """The places of the periods watched in the arrays."""
        return np.arange(self.since - self.low, self.counts.shape[1])

    def only(self, keep: NDArray[np.bool_]) -> _Part:
        return _Part(self.chosen[keep], self.since, self.low, self.counts[keep], self.exposure[keep])


def _part(looked: Looked, chosen: Ints, since: int) -> _Part:
    low = max(0, since - looked.spec.reach)
    periods = len(looked.judged)
    counts, exposure = np.zeros((2, len(chosen), periods - low))
    place = {looked.series[one]: row for row, one in enumerate(chosen.tolist())}
    wanted = sorted((subject, group) for group, subject in place)
    for subject, several in groupby(wanted, key=lambda item: item[0]):
        groups = [group for _, group in several]
        rows = [place[group, subject] for group in groups]
        members = looked.members[groups]
        exposure[rows] = expected_posts(looked.walks, [subject], members, since=low)[:, 0]
        for row, member in zip(rows, members, strict=True):
            counts[row] = posts_about(looked.walks, subject, member, (low, periods))
    return _Part(chosen, since, low, counts, exposure)


def watch_series(looked: Looked, kept: Sequence[SeriesState | None], ends: tuple[int, int]) -> SeriesWatched:
    """Score all series, and quiet histories beside them.

    ``kept`` is what is kept of each before period ``ends[0]`` and still holds; ``ends[1]`` is the period
    before which this run is kept. The dispersion of a series is drawn to that of series as thin as itself;
    where that has changed, nothing kept of the series holds.
    """
    until, keep = ends[0], max(0, ends[1] - LEAD)
    standing = np.array([state is not None for state in kept], dtype=bool)
    parts = [
        _part(looked, np.flatnonzero(standing), max(0, until - LEAD)),
        _part(looked, np.flatnonzero(~standing), 0),
    ]
    total, sums = np.zeros((2, 3, len(kept)))
    for part in parts:
        total[:, part.chosen], sums[:, part.chosen] = _sums(looked.spec, part, kept, keep)
    believed = pooled_dispersion(total)
    same = np.array(
        [state is not None and state.believed == b for state, b in zip(kept, believed, strict=True)]
    )
    parts[0] = parts[0].only(same[parts[0].chosen])
    if (moved := np.flatnonzero(standing & ~same)).size:
        parts.append(_part(looked, moved, 0))
    cells, quiet = [np.zeros(0, CELL)] * len(kept), [np.zeros(0, QUIET)] * len(kept)
    phi: list[tuple[int, Floats]] = [(0, np.zeros(0))] * len(kept)
    fits, draws = np.zeros((len(kept), 3)), draws_for(looked.judged)
    for part in parts:
        start = [
            state.fit if (state := kept[one]) and same[one] else np.full(3, np.nan) for one in part.chosen
        ]
        resume = Resume(part.low, np.array(start).reshape(-1, 3), max(0, keep - part.since))
        found = forecasts(
            part.counts,
            part.exposure,
            part.times.tolist(),
            looked.spec,
            dispersion=believed[part.chosen],
            resume=resume,
        )
        assert found.state is not None
        fits[part.chosen] = found.state
        new_cells, new_quiet = _cells(part, found), _quiet(looked, part, found)
        for row, one in enumerate(part.chosen.tolist()):
            phi[one] = (part.since, found.phi[row])
            cells[one], quiet[one] = new_cells[row], new_quiet[row]
            if (state := kept[one]) and same[one]:
                cells[one] = np.r_[state.cells, cells[one][cells[one]["time"] >= until]]
                quiet[one] = np.r_[state.quiet, quiet[one][quiet[one]["time"] >= until]]
                quiet[one] = np.sort(quiet[one][quiet[one]["draw"] < draws], order=("draw", "time"))
    states = [SeriesState(*row) for row in zip(believed.tolist(), fits, sums.T, cells, quiet, strict=True)]
    of = np.repeat(np.arange(len(kept)), [len(part) for part in cells])
    return SeriesWatched(np.concatenate(cells), of, _null(looked, quiet), phi, standing & same, states)


def _sums(
    spec: Baseline, part: _Part, kept: Sequence[SeriesState | None], keep: int
) -> tuple[Floats, Floats]:
    """The sums of the residuals over all time, and those before period ``keep``: each ``(3, series)``."""
    times = part.times
    known = spec.enough(part.exposure, times)
    start = np.zeros((3, len(part.chosen), 1))
    for row, one in enumerate(part.chosen.tolist()):
        if (state := kept[one]) is not None:
            start[:, row, 0] = state.sums
    new = residuals(part.counts[:, times], part.exposure[:, times], known)
    # One after the other, so that it is the same where one went on from.
    run = np.concatenate([start, new], axis=2).cumsum(axis=2)
    return run[:, :, -1], run[:, :, max(0, keep - part.since)]


def _cells(part: _Part, found: Forecasts) -> list[Rows]:
    """The cells of each series of a part."""
    scores, windows = window_scores(part.counts, found)
    series, place = np.nonzero(_chances(scores) < 1.0)
    cells = np.zeros(len(series), CELL)
    cells["time"], cells["window"] = place + part.since, windows[series, place]
    cells["score"], cells["phi"] = scores[series, place], found.phi[series, place]
    cells["shown"] = in_window(part.counts[:, found.times], (series, place), windows[series, place])
    return np.split(cells, np.searchsorted(series, np.arange(1, len(part.chosen))))


def _quiet(looked: Looked, part: _Part, found: Forecasts) -> list[Rows]:
    """What could be alarms in the quiet histories of each series of a part."""
    draws, many = draws_for(looked.judged), len(part.chosen)
    null = quiet_marks(
        found, looked.rules.evidence, draws=draws, keys=looked.keys[part.chosen], first=part.since
    )
    draw, series = np.divmod(null.series, max(many, 1))
    rows = np.zeros(len(draw), QUIET)
    rows["draw"], rows["time"], rows["window"], rows["score"] = draw, null.time, null.window, null.score
    order = np.argsort(series, kind="stable")
    return np.split(rows[order], np.searchsorted(series[order], np.arange(1, many)))


def _null(looked: Looked, quiet: Sequence[Rows]) -> QuietEvents:
    draws = draws_for(looked.judged)
    rows, of = np.concatenate(quiet), np.repeat(np.arange(len(quiet)), [len(part) for part in quiet])
    draw, time = rows["draw"].astype(np.int64), rows["time"].astype(np.int64)
    order = np.lexsort((time, of, draw))
    series = draw[order] * len(quiet) + of[order]
    null = Marks(series, time[order], rows["window"][order].astype(np.int64), rows["score"][order])
    return QuietEvents(null, looked.rules.quiet, draws * max(1, int(looked.judged.sum())))
