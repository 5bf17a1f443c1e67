"""Teach the head of check-worthiness anew on the layers that ship, which stay as they are.

States are those of the run time, computed once: of each sentence alone, as it was annotated, and of each
within what its speaker said around it, as documents are read. Whatever else is in the file of weights is
written back as it is. The threshold is the one with the best macro-F1 on the debates learnt from, each
sentence alone and judged by a head that has not seen its fold; figures are those of the debates held out, as
the run time scores them.

python -m training.core.refit_checkworthy DATA [--weights src/tocsin/language/weights/core-nc.npz]
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from tocsin.language.assess import CheckworthyHead as Shipped
from tocsin.language.core import LanguageCore
from tocsin.language.heads import SentenceWords, pooled
from tocsin.language.packed import pack
from training.core.model import Example
from training.core.prepare import FOLDS
from training.core.tasks.checkworthy import CheckworthyHead, CheckworthyTask, best_macro_threshold
from training.core.tasks.debates import read_in_context

__all__ = ["teach", "write"]

Floats = NDArray[np.float32]
_BATCH = 128
#: Each sentence is seen twice in each.
_EPOCHS = 5
_RATE = 1e-3
_DECAY = 0.1


def read(core: LanguageCore, examples: Sequence[Example]) -> Floats:
    """The pooled states (n, 3 · width) of sentences, each alone in its window."""
    rows = []
    for example in examples:
        analysis = core.read(example.window)
        words = pooled(analysis.words, SentenceWords.of(analysis.window))
        rows.append(np.concatenate([analysis.sentences, words], axis=1)[0])
    return np.stack(rows)


def teach(states: Floats, truth: NDArray[np.bool_], seed: int) -> CheckworthyHead:
    """A new head from sentences' pooled ``states`` (n, 3 · width) and whether they are worth checking."""
    torch.manual_seed(seed)
    shuffle = np.random.default_rng(seed)
    head = CheckworthyHead(states.shape[1] // 3)
    x, y = torch.from_numpy(states), torch.from_numpy(truth.astype(np.float32))
    head.standardise(x)
    steps = _EPOCHS * -(-len(x) // _BATCH)
    optimiser = torch.optim.AdamW(head.parameters(), lr=_RATE, weight_decay=_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, _RATE, total_steps=steps + 1, pct_start=0.1)
    for _ in range(_EPOCHS):
        order = torch.from_numpy(shuffle.permutation(len(x)))
        for rows in order.split(_BATCH):
            loss = functional.binary_cross_entropy_with_logits(head.judge(x[rows]), y[rows])
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
    return head.eval()


def said(head: CheckworthyHead, states: Floats) -> NDArray[np.float64]:
    """Probabilities of sentences by their pooled states."""
    with torch.no_grad():
        found: Tensor = head.judge(torch.from_numpy(states)).double().sigmoid()
    return found.numpy()


def unseen(
    alone: Floats, within: Floats, truth: NDArray[np.bool_], folds: NDArray[np.int64]
) -> NDArray[np.float64]:
    """What heads say of the sentences of a fold, each alone, that learnt from the other folds."""
    out = np.zeros(len(alone))
    for fold in np.unique(folds).tolist():
        held = folds == fold
        states = np.concatenate([alone[~held], within[~held]])
        out[held] = said(teach(states, np.tile(truth[~held], 2), FOLDS + fold), alone[held])
    return out


def write(head: nn.Module, threshold: float, weights: Path) -> None:
    """Put the head and its threshold into the file ``weights``; the rest of it stays as it is."""
    with np.load(weights, allow_pickle=False) as stored:
        kept: dict[str, Any] = {k: stored[k] for k in stored.files if not k.startswith("checkworthy.")}
    named = {f"checkworthy.{name}": value.numpy() for name, value in head.state_dict().items()}
    kept |= pack(named | {"checkworthy.threshold": np.array(threshold, np.float32)})
    np.savez_compressed(weights, **kept)
    print(f"{weights}: {weights.stat().st_size / 1e6:.2f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--weights", type=Path, default=Path("src/tocsin/language/weights/core-nc.npz"))
    args = parser.parse_args()
    torch.set_num_threads(1)
    task, core = CheckworthyTask(args.data), LanguageCore(args.weights)
    statements = task.statements()
    alone, within = read(core, task.all_examples()), read_in_context(core, statements)
    truth = np.array([s.kind == 2 for s in statements])
    folds = np.array([s.fold for s in statements])
    seen = folds != task.held_out
    scores = unseen(alone[seen], within[seen], truth[seen], folds[seen])
    threshold = best_macro_threshold(scores, truth[seen])
    print("unseen folds", json.dumps(task.scored(scores, truth[seen], threshold)), flush=True)
    both = np.concatenate([alone[seen], within[seen]])
    write(teach(both, np.tile(truth[seen], 2), 1), threshold, args.weights)
    shipped = Shipped(LanguageCore(args.weights))
    for name, states in (("alone", alone), ("in context", within)):
        figures = task.scored(shipped.judge(states[~seen]), truth[~seen], shipped.threshold)
        print(f"held out, {name}", json.dumps(figures))


if __name__ == "__main__":
    main()
