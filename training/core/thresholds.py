"""Choose from where on a sentence counts as worth checking, and write that into the exported weights.

The threshold with the best F1 on the sentences the head learnt from, as the run time scores them; figures are
those of the debates held out.

python -m training.core.thresholds DATA [--weights src/tocsin/language/weights/core-nc.npz]
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tocsin.language.assess import CheckworthyHead
from tocsin.language.core import LanguageCore
from training.core.model import Example
from training.core.tasks.checkworthy import CheckworthyTask, best_threshold

__all__ = ["write_threshold"]

#: Sentences learnt from that are scored: more move the threshold by less than a hundredth.
_ENOUGH = 4000


def write_threshold(weights: Path, task: CheckworthyTask, examples: Sequence[Example]) -> dict[str, float]:
    """Add "checkworthy.threshold" to the file ``weights``; figures on the held-out part of ``examples``."""
    core = LanguageCore(weights)
    head = CheckworthyHead(core)

    def scored(chosen: Sequence[Example]) -> list[tuple[Example, float]]:
        return [(e, float(head.sentences(core.read(e.window))[0])) for e in chosen]

    held = [e for e in examples if task.fold(e) == task.held_out]
    seen = [e for e in examples if task.fold(e) != task.held_out]
    learnt = scored(seen[:: max(1, len(seen) // _ENOUGH)])
    threshold = best_threshold(
        np.array([s for _, s in learnt]), np.array([e.labels[0] == 2 for e, _ in learnt])
    )
    with np.load(weights, allow_pickle=False) as stored:
        named: dict[str, Any] = {k: stored[k] for k in stored.files}
    named["checkworthy.threshold"] = np.float32(threshold)
    np.savez_compressed(weights, **named)
    return task.figures(scored(held), learnt)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--weights", type=Path, default=Path("src/tocsin/language/weights/core-nc.npz"))
    args = parser.parse_args()
    task = CheckworthyTask(args.data)
    print(json.dumps(write_threshold(args.weights, task, task.all_examples())))


if __name__ == "__main__":
    main()
