"""Train the core: every step one task's batch, all heads on one trunk.

python -m training.core.train DATA --out build/core/run1 --steps 4000
"""

from __future__ import annotations

import argparse
import copy
import json
import math
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from training.core.model import Core, Example, Task, collate
from training.core.source import read_source
from training.core.trunk import Trunk

__all__ = ["Trainer", "batches", "new_core"]


#: How the weights that ship were made: first what two large tasks need of the cut-off trunk, then all heads.
RECIPES: dict[str, dict[str, Any]] = {
    "first": {
        "tasks": ["attribution", "vector"],
        "shares": [40, 60],
        "steps": 700,
        "stop": 350,
        "rate": 2e-4,
    },
    "second": {
        "tasks": ["attribution", "vector", "names", "certainty", "checkworthy"],
        "shares": [40, 16, 32, 5, 7],
        "steps": 3300,
        "stop": 1100,
        "rate": 2.5e-4,
    },
    "third": {
        "tasks": ["attribution", "vector", "names", "certainty", "checkworthy"],
        "shares": [42, 20, 28, 5, 5],
        "steps": 1500,
        "rate": 2e-4,
    },
}
#: Steps between updates of the running mean.
_EVERY = 4
#: Steps between saves.
_SAVE = 250


def new_core(tasks: list[Task], build: Path, layers: list[int]) -> Core:
    """A core whose trunk starts from the chosen layers of the source."""
    rows = np.load(build / "rows.npy")
    trunk = Trunk(len(rows) + 3, len(layers))
    source = read_source()
    trunk.start_from(source, rows, layers)
    return Core(trunk, {task.name: task.head(source.width) for task in tasks})


def batches(examples: list[Example], pieces: int, random: np.random.Generator) -> Iterator[list[Example]]:
    """Endless batches of windows of like length, ``pieces`` pieces each once padded."""
    lengths = np.array([len(e.window.ids) for e in examples])
    while True:
        order = np.argsort(lengths * random.uniform(0.9, 1.1, len(lengths)), kind="stable")
        groups: list[list[int]] = []
        group: list[int] = []
        longest = 0
        for i in order.tolist():
            longest = max(longest, int(lengths[i]))
            if group and longest * (len(group) + 1) > pieces:
                groups.append(group)
                group, longest = [], int(lengths[i])
            group.append(i)
        groups.append(group)
        for k in random.permutation(len(groups)).tolist():
            yield [examples[i] for i in groups[k]]


class Trainer:
    """Adam; ``average`` is the running mean of the weights, which is what is kept and measured."""

    def __init__(self, core: Core, tasks: list[Task], args: argparse.Namespace) -> None:
        self.core, self.tasks, self.args = core, tasks, args
        self.random = np.random.default_rng(args.seed)
        torch.manual_seed(args.seed)
        self.average = copy.deepcopy(core).eval()
        self.streams = {}
        for task in tasks:
            examples = task.train_examples()
            print(task.name, len(examples), "examples,", sum(len(e.window.ids) for e in examples), "pieces")
            self.streams[task.name] = batches(examples, args.pieces, self.random)
        slow = [p for p in core.trunk.parameters() if p.requires_grad]
        fast = [*core.shape.parameters(), *core.heads.parameters()]
        self.optimiser = torch.optim.AdamW(
            [{"params": slow, "base": args.rate}, {"params": fast, "base": args.head_rate}],
            weight_decay=0.01,
            fused=True,
        )
        self.pairs = [
            (kept, new)
            for kept, new in zip(self.average.parameters(), core.parameters(), strict=True)
            if new.requires_grad
        ]
        shares = np.array(args.shares or [task.share for task in tasks])
        self.order = self.random.choice(len(tasks), args.steps, p=shares / shares.sum())
        self.losses: dict[str, list[float]] = {task.name: [] for task in tasks}

    def step(self, number: int) -> None:
        """One batch of one task."""
        task = self.tasks[self.order[number]]
        done = number / self.args.steps
        factor = min(1.0, (number + 1) / 150) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done)))
        for group in self.optimiser.param_groups:
            group["lr"] = group["base"] * factor
        batch = collate(next(self.streams[task.name]))
        self.core.train()
        with torch.autocast("cpu", torch.bfloat16):
            states = self.core.states(batch)
            loss = task.loss(self.core.heads[task.name], states, batch)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_([p for g in self.optimiser.param_groups for p in g["params"]], 1.0)
        self.optimiser.step()
        self.losses[task.name].append(float(loss.detach()))
        if number % _EVERY == 0:
            decay = min(0.99, (number + 1) / (number + 10))
            with torch.no_grad():
                torch._foreach_lerp_([k for k, _ in self.pairs], [n for _, n in self.pairs], 1 - decay)

    def run(self, out: Path) -> None:
        """All steps; weights are written every ``_SAVE`` steps and at the end, figures as often as asked."""
        out.mkdir(parents=True, exist_ok=True)
        begun = time.time()
        last = self.args.stop or self.args.steps
        for number in range(1, last + 1):
            self.step(number - 1)
            if number % 100 == 0:
                means = {k: round(float(np.mean(v[-50:])), 4) for k, v in self.losses.items() if v}
                print(number, f"{time.time() - begun:.0f} s", json.dumps(means), flush=True)
            if number % _SAVE == 0 or number == last:
                torch.save(self.average.state_dict(), out / "core.pt")
            if self.args.measure and number % self.args.measure == 0:
                for task in self.tasks:
                    print(number, task.name, json.dumps(task.evaluate(self.average)), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--build", type=Path, default=Path("build/core"))
    parser.add_argument("--out", type=Path, default=Path("build/core/run"))
    parser.add_argument("--layers", type=int, nargs="*", default=[0, 1, 2, 3])
    parser.add_argument(
        "--tasks",
        nargs="*",
        default=["attribution", "vector", "names", "certainty", "checkworthy"],
    )
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--measure", type=int, default=0)
    parser.add_argument("--pieces", type=int, default=5000)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--head-rate", type=float, default=1e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--stop", type=int, help="end after so many steps of the schedule")
    parser.add_argument(
        "--recipe", choices=sorted(RECIPES), help="tasks, shares, steps and rate of what ships"
    )
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--resume", type=Path, help="weights to go on from")
    parser.add_argument("--shares", type=float, nargs="*", help="pieces per task, in the order of the tasks")
    parser.add_argument("--own", type=Path, nargs="*", default=[])
    args = parser.parse_args()
    vars(args).update(RECIPES.get(args.recipe, {}))
    torch.set_num_threads(args.threads)
    tasks = make_tasks(args)
    core = new_core(tasks, args.build, args.layers)
    if args.resume is not None:
        core.load_state_dict(torch.load(args.resume), strict=False)
    Trainer(core, tasks, args).run(args.out)


def make_tasks(args: argparse.Namespace) -> list[Task]:
    """The tasks named, in that order."""
    found: list[Task] = []
    for name in args.tasks:
        if name == "names":
            from training.core.tasks.names import NamesTask

            found.append(NamesTask(args.data / "names/ner"))
        elif name == "certainty":
            from training.core.tasks.certainty import CertaintyTask

            found.append(CertaintyTask(args.data))
        elif name == "checkworthy":
            from training.core.tasks.checkworthy import CheckworthyTask

            found.append(CheckworthyTask(args.data))
        elif name == "attribution":
            from training.core.tasks.attribution import AttributionTask

            found.append(AttributionTask(args.data, args.own))
        elif name == "vector":
            from training.core.tasks.vectors import VectorTask

            found.append(VectorTask(args.build, args.data))
    return found


if __name__ == "__main__":
    main()
