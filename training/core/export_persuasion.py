"""Write the head of persuasion as it ships: a file of its own, with thresholds, for one exported core.

python -m training.core.crossvalidate DATA --task persuasion --weights build/core/third/core.pt --out head.pt
python -m training.core.export_persuasion DATA --head head.pt --weights build/core/third/core.pt

Thresholds are chosen on posts of the folds learnt from, each judged by the one net that has not seen it, from
the states the exported core gives. The corpus is CC BY-NC-SA 4.0, hence the "nc" in the name of the file.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tocsin.language.core import LanguageCore
from tocsin.language.persuasion import TECHNIQUES, WEIGHTS, PersuasionHead, core_mark
from training.core.model import Example
from training.core.prepare import FOLDS
from training.core.tasks.checkworthy import best_threshold
from training.core.tasks.persuasion import PersuasionTask, Said, posts, words_of

__all__ = ["export_persuasion"]

_PACKAGED = Path("src/tocsin/language/weights")


def export_persuasion(
    state: Mapping[str, Tensor],
    core: LanguageCore,
    task: PersuasionTask,
    examples: Sequence[Example],
    out: Path,
) -> dict[str, float]:
    """Write the head with ``state`` for ``core``; figures of the posts held out, as the run time judges them.

    Raises ValueError where the examples hold no post of the folds learnt from.
    """
    seen = [e for e in examples if task.fold(e) != task.held_out]
    if not seen:
        raise ValueError("no post to choose thresholds on; give the examples of all folds")
    named: dict[str, Any] = {name: value.numpy().astype(np.float16) for name, value in state.items()}
    named["core"] = np.array(core_mark(core.named))
    even = np.full(len(TECHNIQUES), 0.5, dtype=np.float32)
    _write(out, named, even, 0.5)
    head = PersuasionHead(core, out)
    folds = [fold for fold in range(FOLDS) if fold != task.held_out]

    def judged(chosen: Sequence[Example]) -> list[tuple[Example, Said]]:
        found = []
        for example in chosen:
            techniques, words = head.nets(core.read(example.window))
            fold = task.fold(example)
            nets = [folds.index(fold)] if fold in folds else list(range(len(folds)))
            found.append((example, Said(techniques[nets].mean(axis=0), words[nets].mean(axis=0))))
        return found

    learnt = judged(seen)
    scores, truth = posts(learnt)
    thresholds = [best_threshold(scores[:, k], truth[:, k]) for k in range(len(TECHNIQUES))]
    _write(out, named, np.array(thresholds, dtype=np.float32), best_threshold(*words_of(learnt)))
    held = [e for e in examples if task.fold(e) == task.held_out]
    return task.figures(judged(held), learnt) if held else {}


def _write(out: Path, named: dict[str, Any], thresholds: NDArray[np.float32], spans: float) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(out, **named, thresholds=thresholds, span_threshold=np.float32(spans))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--head", type=Path, required=True, help="what training.core.crossvalidate wrote")
    parser.add_argument("--weights", type=Path, required=True, help="the core's state dict it was taught on")
    parser.add_argument("--core", type=Path, default=_PACKAGED / "core-nc.npz", help="the same, exported")
    parser.add_argument("--out", type=Path, default=_PACKAGED / WEIGHTS)
    args = parser.parse_args()
    core = LanguageCore(args.core)
    trunk = torch.load(args.weights, map_location="cpu", weights_only=True)
    taught = {name.removeprefix("trunk."): value.float().numpy() for name, value in trunk.items()}
    if core_mark(taught) != core_mark(core.named):
        parser.error(f"{args.core} was not exported from {args.weights}")
    state = torch.load(args.head, map_location="cpu", weights_only=True)
    task = PersuasionTask(args.data)
    print(json.dumps(export_persuasion(state, core, task, task.all_examples(), args.out)))
    print(args.out, f"{args.out.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
