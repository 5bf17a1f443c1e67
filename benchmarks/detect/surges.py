"""Surge scores beside R's ``surveillance`` on the 42 scenarios of Noufaily et al. (2013).

    python benchmarks/detect/surges.py [--replicates 20]

One run simulates ``replicates`` quiet series and as many with one outbreak for each scenario, and scores
the 49 current weeks of all of them with farringtonFlexible (five years, ten seasonal levels, reweighted,
negative binomial threshold, as the paper recommends), earsC (C1, C2, C3) and ours. Every method gets the
threshold at which it raises an alarm in 1 % of the weeks of the *quiet* series; then the others are looked
at:

- detected: share of outbreaks with an alarm in one of their weeks (outbreaks of no case at all are left out);
- delay: weeks from the first week of the outbreak to the first alarm, an undetected outbreak counting its
full length,
  and over the outbreaks that both we and Farrington detect;
- false: share of alarms among the weeks outside the outbreak.

Also with a threshold per scenario row, where no method profits from p-values alike over busy and thin
series. R needs half a second a series, so the paper's 100 replicates are not run by default. Needs R with
``surveillance``.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
from noufaily import CURRENT, SCENARIOS, WEEKS, Simulated, simulate
from numpy.typing import NDArray
from peers import run_peers

from tocsin.detect.baseline import Baseline, forecasts
from tocsin.detect.scores import WINDOWS, window_scores
from tocsin.model.ids import make_id
from tocsin.testing import ratchet

FLOOR = Path(__file__).parents[1] / "floors" / "surges.json"
RATE = 0.01
#: Weekly data with a yearly season of two harmonics: a season half of the scenarios have and a
#: surveillance analyst would write down for any of them. Past years are not assumed to be free of outbreaks.
WEEKLY = Baseline(seasons=((52.0, 2),), history=520, least=52)

Scores = NDArray[np.float64]


def our_scores(counts: NDArray[np.int64]) -> tuple[Scores, float]:
    """Scores of the current weeks and CPU seconds."""
    start = time.process_time()
    times = range(CURRENT - max(WINDOWS) + 1, WEEKS)
    best, _ = window_scores(counts, forecasts(counts, np.ones((1, WEEKS)), times, WEEKLY))
    return best[:, CURRENT - WEEKS :], time.process_time() - start


def threshold(quiet: Scores) -> float:
    """The lowest threshold at which at most ``RATE`` of the quiet weeks are alarms."""
    ranked = np.sort(quiet.ravel())[::-1]
    return float(np.nextafter(ranked[int(RATE * ranked.size)], np.inf))


class Outcome:
    """Alarms of one method on the series with outbreaks."""

    def __init__(self, alarms: NDArray[np.bool_], data: Simulated) -> None:
        extra = data.extra[:, CURRENT:] > 0
        span = np.maximum.accumulate(extra, axis=1) & np.maximum.accumulate(extra[:, ::-1], axis=1)[:, ::-1]
        self.real = extra.any(axis=1)
        hits = alarms & span
        self.detected = hits.any(axis=1)
        self.lateness = np.where(self.detected, hits.argmax(axis=1) - span.argmax(axis=1), span.sum(axis=1))
        self.false = np.where(span, 0, alarms).sum(axis=1) / (~span).sum(axis=1)

    def line(self, rows: NDArray[np.bool_]) -> tuple[float, float, float]:
        chosen = rows & self.real
        return (
            float(self.detected[chosen].mean()),
            float(self.lateness[chosen].mean()),
            float(self.false[rows].mean()),
        )


def outcomes(
    quiet: dict[str, Scores], busy: dict[str, Scores], null: Simulated, data: Simulated, *, per_row: bool
) -> dict[str, Outcome]:
    found = {}
    rows = [np.arange(1, 43)] if not per_row else np.arange(1, 43).reshape(7, 6)
    for name, scores in busy.items():
        alarms = np.zeros(scores.shape, dtype=bool)
        for numbers in rows:
            mine = np.isin(data.scenario, numbers)
            alarms[mine] = scores[mine] >= threshold(quiet[name][np.isin(null.scenario, numbers)])
        found[name] = Outcome(alarms, data)
    return found


def show(found: dict[str, Outcome], data: Simulated) -> None:
    groups = {"all 42": np.ones(len(data.scenario), dtype=bool)}
    means = {s.number: s.mean()[CURRENT:].mean() for s in SCENARIOS}
    thin = np.array([means[n] < 1 for n in data.scenario])
    groups["thin (mean < 1)"] = thin
    for row in range(7):
        mine = [s for s in SCENARIOS if s.row == row]
        label = f"{mine[0].number}-{mine[-1].number} theta {mine[0].theta:g} phi {mine[0].phi:g}"
        groups[label] = np.isin(data.scenario, [s.number for s in mine])
    groups["trend"] = np.isin(data.scenario, [s.number for s in SCENARIOS if s.beta])
    groups["season"] = np.isin(data.scenario, [s.number for s in SCENARIOS if s.m])
    print(f"{'detected / delay in weeks / false':34}" + "".join(f"{name:>22}" for name in found))
    for label, rows in groups.items():
        cells = [outcome.line(rows) for outcome in found.values()]
        print(f"{label:34}" + "".join(f"   {p:.3f} / {d:.2f} / {f:.3f}" for p, d, f in cells))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--replicates", type=int, default=20)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--floor", choices=ratchet.MODES, default="check")
    options = parser.parse_args()
    null = simulate(options.replicates, options.seed, current=False)
    data = simulate(options.replicates, options.seed + 1, current=True)
    quiet_peers, peers = run_peers(null.counts, CURRENT), run_peers(data.counts, CURRENT)
    ours_quiet, used = our_scores(null.counts)
    ours, more = our_scores(data.counts)
    quiet, busy = quiet_peers.scores | {"tocsin": ours_quiet}, peers.scores | {"tocsin": ours}
    series = len(data.counts)
    print(f"{series} quiet series, {series} with an outbreak; threshold: alarms in 1 % of quiet weeks\n")
    found = outcomes(quiet, busy, null, data, per_row=False)
    show(found, data)
    print("\none threshold per row of scenarios")
    by_row = outcomes(quiet, busy, null, data, per_row=True)
    show(by_row, data)
    mine, farrington = found["tocsin"], found["farringtonFlexible"]
    both = mine.detected & farrington.detected & mine.real
    late = [float(outcome.lateness[both].mean()) for outcome in (mine, farrington)]
    print(f"\ndelay where both detect ({both.sum()}): tocsin {late[0]:.3f}, Farrington {late[1]:.3f} weeks")
    each = (used + more) / (2 * series)
    theirs = {name: (quiet_peers.seconds[name] + s) / (2 * series) for name, s in peers.seconds.items()}
    for name, seconds in theirs.items():
        print(f"{name}: {1e3 * seconds:.2f} ms a series (CPU, R), {seconds / each:.1f} times ours")
    print(f"tocsin: {1e3 * each:.2f} ms a series (CPU)")
    best = max(outcome.line(mine.real)[0] for name, outcome in found.items() if name != "tocsin")
    best_row = max(outcome.line(mine.real)[0] for name, outcome in by_row.items() if name != "tocsin")
    pod = mine.line(mine.real)[0]
    measured = {
        "detected": pod,
        "gain over the best peer": pod - best,
        "gain, threshold by row": by_row["tocsin"].line(mine.real)[0] - best_row,
        "earlier than Farrington, weeks": farrington.line(mine.real)[1] - mine.line(mine.real)[1],
    }
    dataset = make_id("noufaily", options.replicates, options.seed)
    print(
        ratchet.settle(
            FLOOR, dataset, {name: round(value, 3) for name, value in measured.items()}, options.floor
        )
    )


if __name__ == "__main__":
    main()
