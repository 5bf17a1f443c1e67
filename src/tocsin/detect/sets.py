"""The detector that scans sets of channels: for each subject the set that rose together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tocsin.detect.alarms import Marks, QuietEvents, Rules
from tocsin.detect.baseline import Floats
from tocsin.detect.scan import Aim, Cluster, scan
from tocsin.detect.states import LEAD, QUIET, Rows, ScanState
from tocsin.detect.watchers import Walks

__all__ = ["ScanFindings", "ScanWatched", "scan_feed"]

#: Statistics below it are not looked at: with its cost per channel chance hardly gets there.
_FLOOR = 3.0
#: Periods of quiet worlds from which the threshold is learnt.
_PERIODS = 900


@dataclass(frozen=True, slots=True)
class ScanFindings:
    """Clusters by period, how often a quiet period has one as high anywhere, and the threshold."""

    threshold: float
    found: list[tuple[int, Cluster, float]]


@dataclass(frozen=True, slots=True)
class ScanWatched:
    """Every cluster worth a look by period, before anybody has said how many false alarms are accepted.

    ``states`` are what is to be kept of each subject, not yet cut to the periods kept.
    """

    null: QuietEvents | None
    states: Sequence[ScanState]

    def findings(self, rules: Rules) -> ScanFindings:
        """The clusters above the threshold that the rules' budget buys."""
        if self.null is None:
            return ScanFindings(float("inf"), [])
        threshold = self.null.needed(rules)
        kept = [
            (time, cluster, min(1.0, self.null.rate(cluster.statistic)))
            for state in self.states
            for time, cluster in state.clusters
            if cluster.statistic >= threshold
        ]
        return ScanFindings(threshold, kept)


def scan_feed(
    walks: Walks,
    phi: Sequence[tuple[int, Floats]],
    judged: NDArray[np.bool_],
    rules: Rules,
    kept: tuple[Sequence[ScanState | None], tuple[int, int]],
) -> ScanWatched:
    """Scan every judged period; ``phi`` is the dispersion of each subject from a period on.

    ``kept`` is what is kept of each subject before a period and still holds, that period, and the one before
    which this run is kept. Beside the feed run worlds in which nothing happens, as many as make ``_PERIODS``
    judged periods, scanned in the same way; the threshold is what the rules' budget buys in them.
    """
    number = int(judged.sum())
    worlds = -(-_PERIODS // number) if number else 0
    before, ends = kept
    states = [
        _scanned(walks, (subject, *phi[subject]), Aim(worlds, rules.evidence, _FLOOR, key), state, ends)
        for subject, (key, state) in enumerate(zip(walks.keys, before, strict=True))
    ]
    if not number:
        return ScanWatched(None, states)
    return ScanWatched(QuietEvents(_null(states), rules.quiet, worlds * number, _FLOOR), states)


def _scanned(
    walks: Walks, of: tuple[int, int, Floats], aim: Aim, state: ScanState | None, ends: tuple[int, int]
) -> ScanState:
    """One subject, gone on with from what is kept of it."""
    subject, since, phi = of
    sums, kept = np.zeros(2) if state is None else state.sums.copy(), np.zeros(2)
    sets, members = np.zeros((len(phi), 4)), np.zeros((len(phi), len(walks.ground.keys)), dtype=np.bool_)
    null = np.zeros((aim.worlds, len(phi)))
    walk = (since, sums, kept, max(0, ends[1] - LEAD))
    scan(walks.ground, walks.steps[subject], phi, aim, walk, (sets, members, null))
    clusters = [] if state is None else list(state.clusters)
    first = 0 if state is None else ends[0]
    for place in np.flatnonzero(sets[:, 0]).tolist():
        if place + since >= first:
            statistic, window, observed, expected = sets[place].tolist()
            chosen = tuple(np.flatnonzero(members[place]).tolist())
            numbers = (int(window), statistic, observed, expected, float(phi[place]))
            clusters.append((place + since, Cluster(subject, chosen, *numbers)))
    world, when = np.nonzero(null)
    quiet = np.zeros(len(world), QUIET)
    quiet["draw"], quiet["time"], quiet["window"], quiet["score"] = world, when + since, 1, null[world, when]
    quiet = quiet[quiet["time"] >= first]
    if state is not None:
        quiet = np.r_[state.quiet[state.quiet["draw"] < aim.worlds], quiet]
    return ScanState(kept, clusters, np.sort(quiet, order=("draw", "time")))


def _null(states: Sequence[ScanState]) -> Marks:
    rows: Rows = np.concatenate([state.quiet for state in states])
    of = np.repeat(np.arange(len(states)), [len(state.quiet) for state in states])
    draw, time = rows["draw"].astype(np.int64), rows["time"].astype(np.int64)
    order = np.lexsort((time, of, draw))
    series = draw[order] * len(states) + of[order]
    return Marks(series, time[order], np.ones(len(rows), dtype=np.int64), rows["score"][order])
