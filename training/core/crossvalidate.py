"""Heads on a trunk that stays as it is: states are computed once, heads learn in seconds, folds are compared.

python -m training.core.crossvalidate DATA --task checkworthy --weights FILE

With --out a head is learnt on all folds but the one held out, measured there, and written alone.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from training.core.model import Batch, Core, Example, States, collate
from training.core.prepare import FOLDS

__all__ = ["FoldedTask", "Kept", "cross_validate", "keep", "predict", "start", "train_head"]

_BATCH = 64


class FoldedTask(Protocol):
    """A task whose held-out fold can be chosen, and whose outputs can be had without its figures."""

    name: str
    held_out: int

    def all_examples(self) -> list[Example]:
        """Everything annotated, each with its fold."""
        ...

    def fold(self, example: Example) -> int:
        """The fold of an example."""
        ...

    def head(self, width: int) -> nn.Module: ...

    def loss(self, head: nn.Module, states: States, batch: Batch) -> Tensor: ...

    def outputs(self, head: nn.Module, states: States, batch: Batch) -> list[Any]:
        """What the head says of each example of the batch."""
        ...

    def figures(
        self, held: Sequence[tuple[Example, Any]], seen: Sequence[tuple[Example, Any]]
    ) -> dict[str, float]:
        """Figures of the ``held`` examples with their outputs; thresholds are chosen on the ``seen``."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """An example with its states, half precision."""

    example: Example
    words: Tensor
    sentences: Tensor


def _by_length(examples: Sequence[Example]) -> list[list[int]]:
    order = sorted(range(len(examples)), key=lambda i: len(examples[i].window.ids))
    return [order[at : at + _BATCH] for at in range(0, len(order), _BATCH)]


def keep(core: Core, examples: Sequence[Example]) -> list[Kept]:
    """States of every example, in the order given."""
    core.eval()
    found: dict[int, Kept] = {}
    device = next(core.parameters()).device
    with torch.no_grad():
        for numbers in _by_length(examples):
            batch = collate([examples[i] for i in numbers])
            states = core.states(_to(batch, device))
            for row, i in enumerate(numbers):
                window = examples[i].window
                words = states.words[row, : len(window)].half().cpu()
                sentences = states.sentences[row, : len(window.sentences)].half().cpu()
                found[i] = Kept(examples[i], words, sentences)
    return [found[i] for i in range(len(examples))]


def _to(batch: Batch, device: torch.device) -> Batch:
    """The batch on the device the weights are on."""
    tensors = (batch.ids, batch.mask, batch.mean, batch.shapes, batch.words, batch.pool)
    return Batch(batch.examples, *(t.to(device) for t in tensors))


def _batch(kept: Sequence[Kept]) -> tuple[States, Batch]:
    """Kept states padded. Heads read only ``examples`` and ``words`` of the batch, the rest is empty."""
    words = nn.utils.rnn.pad_sequence([k.words for k in kept], batch_first=True).float()
    sentences = nn.utils.rnn.pad_sequence([k.sentences for k in kept], batch_first=True).float()
    lengths = torch.tensor([len(k.words) for k in kept])
    mask = torch.arange(words.shape[1])[None] < lengths[:, None]
    none = torch.zeros(0)
    return States(words, sentences), Batch([k.example for k in kept], none, none, none, none, mask, none)


def train_head(
    task: FoldedTask, kept: Sequence[Kept], epochs: int, *, rate: float = 1e-3, seed: int = 0
) -> nn.Module:
    """A new head that has learnt from ``kept``."""
    torch.manual_seed(seed)
    shuffle = np.random.default_rng(seed)
    head = task.head(kept[0].words.shape[1])
    steps = epochs * -(-len(kept) // _BATCH)
    optimizer = torch.optim.AdamW(head.parameters(), lr=rate, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps + 1, pct_start=0.1)
    head.train()
    for _ in range(epochs):
        order = shuffle.permutation(len(kept)).tolist()
        for at in range(0, len(order), _BATCH):
            states, batch = _batch([kept[i] for i in order[at : at + _BATCH]])
            optimizer.zero_grad()
            task.loss(head, states, batch).backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(head.parameters(), 1.0)
            optimizer.step()
            schedule.step()
    return head.eval()


def _outputs(task: FoldedTask, head: nn.Module, kept: Sequence[Kept]) -> list[tuple[Example, Any]]:
    found: list[tuple[Example, Any]] = []
    with torch.no_grad():
        for at in range(0, len(kept), _BATCH):
            part = kept[at : at + _BATCH]
            states, batch = _batch(part)
            given = task.outputs(head, states, batch)
            found += zip((k.example for k in part), given, strict=True)
    return found


def predict(task: FoldedTask, core: Core, examples: Sequence[Example]) -> list[tuple[Example, Any]]:
    """The core's own head's outputs for every example, in the order given."""
    training = core.training
    core.eval()
    device = next(core.parameters()).device
    found: dict[int, Any] = {}
    with torch.no_grad():
        for numbers in _by_length(examples):
            batch = _to(collate([examples[i] for i in numbers]), device)
            given = task.outputs(core.heads[task.name], core.states(batch), batch)
            found.update(zip(numbers, given, strict=True))
    core.train(training)
    return [(examples[i], found[i]) for i in range(len(examples))]


def cross_validate(task: FoldedTask, core: Core, epochs: int, *, rate: float = 1e-3) -> dict[str, float]:
    """Five heads, each measured on the fold it has not seen; the mean of their figures, and each fold's.

    The trunk is only blind to all folds if it was not trained with this task.
    """
    kept = keep(core, task.all_examples())
    before, single = task.held_out, []
    for fold in range(FOLDS):
        task.held_out = fold
        held = [k for k in kept if task.fold(k.example) == fold]
        seen = [k for k in kept if task.fold(k.example) != fold]
        head = train_head(task, seen, epochs, rate=rate, seed=fold)
        single.append(task.figures(_outputs(task, head, held), _outputs(task, head, seen)))
        print(fold, json.dumps(single[-1]), flush=True)
    task.held_out = before
    return {name: round(float(np.mean([s[name] for s in single])), 4) for name in single[0]}


def start(layers: Sequence[int], weights: Path | None) -> Core:
    """A core without heads: the source's first layers, or the trunk of ``weights`` (a state dict)."""
    from training.core.source import read_source
    from training.core.trunk import Trunk

    rows = np.load("build/core/rows.npy")
    trunk = Trunk(len(rows) + 3, len(layers))
    torch.manual_seed(0)
    core = Core(trunk, {})
    if weights is None:
        trunk.start_from(read_source(), rows, list(layers))
    else:
        found = torch.load(weights, map_location="cpu", weights_only=True)
        found = found.get("model", found)
        core.load_state_dict({k: v for k, v in found.items() if not k.startswith("heads.")})
    return core.eval()


def main() -> None:
    from training.core.tasks.certainty import CertaintyTask
    from training.core.tasks.checkworthy import CheckworthyTask

    kinds: dict[str, Any] = {t.name: t for t in (CertaintyTask, CheckworthyTask)}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--task", choices=sorted(kinds), required=True)
    parser.add_argument("--weights", type=Path, help="a core's state dict; else the source's first 4 layers")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--out", type=Path, help="learn one head and write it, instead of comparing folds")
    args = parser.parse_args()
    core = start([0, 1, 2, 3], args.weights)
    task = kinds[args.task](args.data)
    if args.out is None:
        print(json.dumps(cross_validate(task, core, args.epochs)))
        return
    core.heads[task.name] = train_head(task, keep(core, task.train_examples()), args.epochs)
    print(json.dumps(task.evaluate(core)))
    torch.save(core.heads[task.name].state_dict(), args.out)


if __name__ == "__main__":
    main()
