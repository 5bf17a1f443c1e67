"""The figures of trained weights on what was held out of training, before export (torch).

python -m training.core.measure DATA build/core/third/core.pt [--tasks names certainty checkworthy]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch

from training.core.train import make_tasks, new_core

__all__ = ["main"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--build", type=Path, default=Path("build/core"))
    parser.add_argument("--layers", type=int, nargs="*", default=[0, 1, 2, 3])
    parser.add_argument("--tasks", nargs="*", default=["names", "certainty", "checkworthy"])
    args = parser.parse_args()
    wanted = set(args.tasks)
    args.tasks, args.own = ["attribution", "vector", "names", "certainty", "checkworthy"], []
    tasks = make_tasks(args)
    core = new_core(tasks, args.build, args.layers)
    core.load_state_dict(torch.load(args.weights))
    core.eval()
    for task in tasks:
        if task.name in wanted:
            print(task.name, json.dumps(task.evaluate(core)), flush=True)


if __name__ == "__main__":
    main()
