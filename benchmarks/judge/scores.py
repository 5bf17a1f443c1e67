"""Scores of forecasts: equal to `scoringrules`, and planted sources recovered within their intervals.

    python benchmarks/judge/scores.py [--worlds 60] [--json] [--floor check|raise|lower]

First, Brier and log score of random forecasts beside `scoringrules` (largest absolute difference). Then
worlds of sources whose skill is known: each source says probabilities from a set of its own, and the event
follows its true rate. Counted is how often the 95 % interval of Brier score and of skill holds the true
expected value, by number of resolved forecasts; beside it the percentile bootstrap on the same draws, which
is the usual way.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tocsin.judge.scores import Scored, brier, log_score, scores_of
from tocsin.model.ids import make_id
from tocsin.testing import ratchet

FLOORS: Final = Path(__file__).resolve().parents[1] / "floors" / "judge-scores.json"
SIZES: Final = (5, 10, 20, 50, 100)
_SEED, _WORLDS = 20260311, 60
#: Sources: what they say, and how often that comes true.
SOURCES: Final = {
    "calibrated": {0.1: 0.1, 0.3: 0.3, 0.68: 0.68, 0.95: 0.95},
    "overconfident": {0.1: 0.3, 0.3: 0.4, 0.68: 0.55, 0.95: 0.7},
    "alarm only": {0.95: 0.15},
    "cautious": {0.3: 0.1, 0.45: 0.5, 0.68: 0.9},
}


def difference(count: int, generator: random.Random) -> dict[str, float]:
    """The largest difference from scoringrules over random forecasts."""
    import numpy as np
    import scoringrules

    worst = {"brier": 0.0, "log": 0.0}
    for _ in range(count):
        own = [Scored(generator.uniform(0.02, 0.98), generator.random() < 0.4) for _ in range(7)]
        said, seen = np.array([f.probability for f in own]), np.array([float(f.happened) for f in own])
        peers = scoringrules.brier_score(seen, said).mean(), scoringrules.log_score(seen, said).mean()
        worst["brier"] = max(worst["brier"], abs(float(peers[0]) - brier(own)))
        worst["log"] = max(worst["log"], abs(float(peers[1]) - log_score(own)))
    return worst


def bootstrap(own: Sequence[Scored], generator: random.Random) -> tuple[float, float]:
    """The percentile bootstrap of the Brier score."""
    losses = [(f.probability - f.happened) ** 2 for f in own]
    means = sorted(sum(generator.choices(losses, k=len(losses))) / len(losses) for _ in range(400))
    return means[9], means[390]


def coverage(worlds: int, size: int, generator: random.Random) -> dict[str, float]:
    """How often the intervals hold the truth."""
    held = {"brier": 0, "skill": 0, "bootstrap": 0}
    total = 0
    for _ in range(worlds):
        for rates in SOURCES.values():
            said = [generator.choice(list(rates)) for _ in range(size)]
            own = [Scored(p, generator.random() < rates[p]) for p in said]
            true = sum(rates[p] * (1 - p) ** 2 + (1 - rates[p]) * p**2 for p in said) / size
            base = 0.3
            against = sum(rates[p] * (1 - base) ** 2 + (1 - rates[p]) * base**2 for p in said) / size
            found = scores_of(own, base)
            low, high = bootstrap(own, generator)
            total += 1
            held["brier"] += found.brier.low <= true <= found.brier.high
            held["bootstrap"] += low <= true <= high
            if found.skill is not None:
                held["skill"] += found.skill.low <= 1 - true / against <= found.skill.high
    return {name: count / total for name, count in held.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--worlds", type=int, default=_WORLDS, help="of each number of forecasts (floors are for 60)"
    )
    parser.add_argument("--json", action="store_true", help="print the figures as JSON instead of a table")
    parser.add_argument(
        "--floor", choices=ratchet.MODES, default="check", help="what to do with the floors of the coverage"
    )
    arguments = parser.parse_args()
    generator = random.Random(_SEED)  # noqa: S311 - a fixed world
    figures: dict[str, float] = {}
    for name, value in difference(500, generator).items():
        figures[f"{name}: largest difference from scoringrules"] = value
    for size in SIZES:
        for name, value in coverage(arguments.worlds, size, generator).items():
            figures[f"{name}: coverage at n={size}"] = value
    if arguments.json:
        print(json.dumps(figures, indent=1))
    else:
        for name, value in figures.items():
            print(f"{name:48} {value:.2e}" if "difference" in name else f"{name:48} {value:.3f}")
    if arguments.worlds == _WORLDS:
        kept = {n: v for n, v in figures.items() if "coverage" in n and "bootstrap" not in n}
        dataset = make_id("scores", _SEED, _WORLDS, *SIZES)
        print(ratchet.settle(FLOORS, dataset, kept, arguments.floor), file=sys.stderr)
    else:
        print(f"floors are for {_WORLDS} worlds: not checked", file=sys.stderr)


if __name__ == "__main__":
    main()
