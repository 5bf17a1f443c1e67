"""From scores to alarms: the threshold a budget buys, what is too little to alarm about, and one alarm an
event.

The budget is in alarms, not in p-values: a person can look at so many a week. What threshold that buys on a
feed where nothing happens depends on how many series are looked at, how thin they are (a count of 0 or 1
cannot give p = 0.01) and how alarms of neighbouring periods merge. So it is found by simulation: counts are
drawn from the forecasts themselves, error of the forecast included, and go through the same scoring and
merging.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tocsin.compiled import jit
from tocsin.detect.baseline import Floats, Forecasts, Ints
from tocsin.detect.chance import clumped, mixed, spread_normal
from tocsin.detect.scores import WINDOWS, window_scores

__all__ = [
    "LOWEST",
    "Episode",
    "Marks",
    "QuietEvents",
    "Rules",
    "draws_for",
    "episodes",
    "in_window",
    "marks",
    "quiet_events",
    "quiet_marks",
]

#: No budget buys a threshold below this (p of about .05): it would be noise by anyone's count.
LOWEST = 1.3
#: Events from which the tail is extrapolated.
_KNEE = 30


@dataclass(frozen=True, slots=True)
class Rules:
    """When a score is an alarm. ``false_alarms`` is how many are accepted per ``per`` periods of a quiet
    feed.

    ``evidence`` is the least count in the window. An alarm belongs to the same event as the last one of its
    series when no more than ``quiet`` periods without an alarm lie between.
    """

    false_alarms: float
    per: float
    evidence: int = 5
    quiet: int = 3


@dataclass(frozen=True, slots=True)
class Marks:
    """Scores that could be alarms, by series and time: arrays of one length."""

    series: Ints
    time: Ints
    window: Ints
    score: Floats

    def above(self, threshold: float) -> Marks:
        """Those that reach the threshold."""
        keep = self.score >= threshold
        return Marks(self.series[keep], self.time[keep], self.window[keep], self.score[keep])

    def begins(self, quiet: int) -> NDArray[np.bool_]:
        """Which of them begin an event: the first of a series, or the first after more than ``quiet``
        periods."""
        far = np.diff(self.time, prepend=-1) > quiet + 1
        other = np.diff(self.series, prepend=-1) != 0
        first: NDArray[np.bool_] = far | other
        return first


@dataclass(frozen=True, slots=True)
class Episode:
    """One event in one series: periods ``start`` to ``end``, both included; columns of the scores.

    ``raised`` is the period whose score first reached the threshold, ``peak`` the one with the highest
    ``score`` and ``window`` the number of periods that score adds up.
    """

    series: int
    start: int
    raised: int
    end: int
    peak: int
    window: int
    score: float


def marks(scores: Floats, windows: Ints, counts: Floats, evidence: int) -> Marks:
    """The scores of at least ``LOWEST`` with at least ``evidence`` posts in their window.

    ``scores``, ``windows`` and ``counts`` are ``(series, times)``; counts are of single periods.
    """
    series, time = np.nonzero(scores >= LOWEST)
    window, score = windows[series, time], scores[series, time]
    keep = in_window(counts, (series, time), window) >= evidence
    return Marks(series[keep], time[keep], window[keep], score[keep])


def in_window(counts: Floats, at: tuple[Ints, Ints], window: Ints) -> Floats:
    """Posts in the windows that end at (series, time): ``counts`` are whole numbers, ``(series, times)``."""
    series, time = at
    total = np.cumsum(np.pad(counts, ((0, 0), (1, 0))), axis=1)
    found: Floats = total[series, time + 1] - total[series, np.maximum(time + 1 - window, 0)]
    return found


def episodes(found: Marks, threshold: float, quiet: int) -> list[Episode]:
    """The events of marks that reach the threshold, by series and time."""
    kept = found.above(threshold)
    bounds = [*np.flatnonzero(kept.begins(quiet)).tolist(), len(kept.time)]
    events = []
    for low, high in pairwise(bounds):
        peak = low + int(kept.score[low:high].argmax())
        raised = int(kept.time[low])
        start = max(0, min(raised - int(kept.window[low]) + 1, int(kept.time[peak] - kept.window[peak]) + 1))
        events.append(
            Episode(
                int(kept.series[low]),
                start,
                raised,
                int(kept.time[high - 1]),
                int(kept.time[peak]),
                int(kept.window[peak]),
                float(kept.score[peak]),
            )
        )
    return events


@jit
def _longer(rows: Any) -> Any:
    """As many rows again."""
    number, columns = rows.shape
    found = np.empty((2 * number, columns), np.int64)
    for row in range(number):
        for column in range(columns):
            found[row, column] = rows[row, column]
    return found


@jit
def _quiet_cells(forecast: Any, keys: Any, first: int, draws: int, evidence: int) -> Any:
    """Where a quiet history could have a mark: draw, series, place, the count there and the one before.

    ``forecast`` are mean, error and dispersion of every series, ``(3, series, times)``, from period
    ``first`` on.
    """
    series, times = forecast.shape[1:]
    found, number = np.empty((1024, 5), np.int64), 0
    for draw in range(draws):
        for one in range(series):
            key = mixed(keys[one], draw)
            # One error for the whole history: neighbouring forecasts rest on the same past.
            off, before = spread_normal(key), 0
            for time in range(times):
                usual, wrong = forecast[0, one, time], forecast[1, one, time]
                if np.isnan(usual):
                    before = 0
                    continue
                rate = usual * np.exp(wrong * off - wrong**2 / 2)
                now = clumped(mixed(key, first + time + 2), rate, max(forecast[2, one, time] - 1.0, 0.0))
                if now > usual and now + before >= evidence:
                    if number == len(found):
                        found = _longer(found)
                    found[number, 0], found[number, 1], found[number, 2] = draw, one, time
                    found[number, 3], found[number, 4] = before, now
                    number += 1
                before = now
    return found[:number]


def quiet_marks(
    found: Forecasts, evidence: int, *, draws: int, keys: NDArray[np.uint64], first: int = 0
) -> Marks:
    """The marks of ``draws`` histories in which nothing happens; every draw has series of its own.

    A history draws every count from its forecast: the log-mean with its error, and then gamma-Poisson noise.
    ``keys`` are those of the series: what is drawn of one follows from its own forecasts. The first of the
    forecasts is of period ``first``; times are periods.
    """
    forecast = np.stack([found.mean, found.error, found.phi])
    cells = _quiet_cells(forecast, keys, first, draws, evidence)
    draw, series, place = cells[:, 0], cells[:, 1], cells[:, 2]
    # Each with the period before it, which the longest window needs.
    pairs = np.full((3, len(cells), 2), np.nan)
    pairs[:, :, 1] = forecast[:, series, place]
    pairs[:, place > 0, 0] = forecast[:, series[place > 0], place[place > 0] - 1]
    counts = cells[:, 3:]
    best, windows = window_scores(counts, Forecasts(np.arange(2), *pairs), WINDOWS)
    best[:, 0] = 0.0
    part = marks(best, windows, counts.astype(np.float64), evidence)
    owner = (draw * len(found.mean) + series)[part.series]
    return Marks(owner, place[part.series] + first, part.window, part.score)


#: Periods of quiet histories from which thresholds are learnt.
_PERIODS = 4000


def draws_for(judged: NDArray[np.bool_], periods: int = _PERIODS) -> int:
    """How many quiet histories make so many judged periods."""
    return -(-periods // max(1, int(judged.sum())))


@dataclass(frozen=True, slots=True)
class QuietEvents:
    """How many events quiet histories of ``periods`` periods give, by threshold.

    Scores (-log10 p) and log-likelihood ratios have exponential tails. Rare events are therefore
    extrapolated from the ``_KNEE`` highest, whose mean excess is the scale of the tail: as many as a
    thousand histories would be needed to see them happen.
    """

    null: Marks
    quiet: int
    periods: int
    lowest: float = LOWEST

    def events(self, threshold: float) -> int:
        """Events that reach the threshold."""
        return int(self.null.above(threshold).begins(self.quiet).sum())

    def threshold(self, wanted: float) -> float:
        """The threshold that gives ``wanted`` events; never below ``lowest``."""
        if wanted >= _KNEE:
            return self._seen(wanted)
        knee, scale = self._tail()
        return knee + scale * float(np.log(max(self.events(knee), 1) / max(wanted, 1e-9)))

    def needed(self, rules: Rules) -> float:
        """The threshold at which a quiet feed gives as many events as the rules accept."""
        return self.threshold(rules.false_alarms * self.periods / rules.per)

    def rate(self, threshold: float) -> float:
        """Events per period that reach the threshold."""
        knee, scale = self._tail()
        if threshold <= knee:
            return self.events(threshold) / self.periods
        return max(self.events(knee), 1) / self.periods * float(np.exp(-(threshold - knee) / scale))

    def _seen(self, wanted: float) -> float:
        low, high = self.lowest, float(self.null.score.max(initial=self.lowest)) + 1e-9
        while high - low > 1e-3:
            middle = (low + high) / 2
            low, high = (middle, high) if self.events(middle) > wanted else (low, middle)
        return high

    def _tail(self) -> tuple[float, float]:
        knee = self._seen(_KNEE)
        peaks = [event.score for event in episodes(self.null, knee, self.quiet)]
        return knee, max(float(np.mean(peaks)) - knee if peaks else 0.0, 0.1)


def quiet_events(
    found: Forecasts, rules: Rules, keys: NDArray[np.uint64] | None = None, *, periods: int = _PERIODS
) -> QuietEvents:
    """The events of as many quiet histories as make ``periods`` periods; ``keys`` are numbers by default."""
    judged = np.asarray(np.isfinite(found.mean).any(axis=0))
    draws = draws_for(judged, periods)
    each = np.arange(len(found.mean), dtype=np.uint64) if keys is None else keys
    null = quiet_marks(found, rules.evidence, draws=draws, keys=each)
    return QuietEvents(null, rules.quiet, draws * max(1, int(judged.sum())))
