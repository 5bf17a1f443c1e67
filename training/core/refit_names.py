"""Teach the head of names anew on the layers that ship, which stay as they are.

States are those of the run time, computed once. The head goes on from the weights in the file, with more of
its inputs dropped out than in the run of all heads, and token corpora are read with a space between tokens
too, as `tocsin eval` reads them. Whatever else is in the file is written back as it is.

python -m training.core.refit_names DATA [--weights src/tocsin/language/weights/core-nc.npz]
"""

from __future__ import annotations

import argparse
import copy
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from tocsin.language.core import LanguageCore
from tocsin.language.packed import pack
from training.core.model import Batch, Example, States
from training.core.tasks.names import NamesHead, NamesTask, appearance
from training.core.tasks.names_data import CORPORA, texts

__all__ = ["Read", "head_of", "read", "teach", "write"]

#: Of each corpus: how many different appearances are read, the share seen in a pass of each of them, and of
#: it with spaces between tokens (none for documents).
PASSES: Final = 4
SHARES: Final = {
    "factrueval": (4, 1.0, 0.0),
    "nerel": (1, 0.5, 0.0),
    "slavicner_ru": (1, 0.5, 0.0),
    "slavicner_uk": (3, 0.7, 0.0),
    "ner_uk": (1, 0.4, 0.0),
    "kaznerd": (2, 0.4, 0.4),
    "wikigold": (4, 1.0, 1.0),
    "wnut17": (1, 0.3, 0.0),
    "re3d": (1, 0.7, 0.0),
}
_DROP: Final = 0.4
_RATE: Final = 5e-4
_DECAY: Final = 0.05
#: Words of a batch, padding counted.
_WORDS: Final = 1500
_SEED: Final = 5


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """A window with its labels, and its words' states (n, width) in half precision."""

    example: Example
    words: NDArray[np.float16]


def read(core: LanguageCore, examples: Sequence[Example]) -> list[Read]:
    """The states of examples, as the run time has them."""
    return [Read(example, core.read(example.window).words.astype(np.float16)) for example in examples]


def passes(core: LanguageCore, data: Path) -> list[list[Read]]:
    """What is seen in each pass."""
    draw, chance = np.random.default_rng(_SEED), random.Random(_SEED)  # noqa: S311
    found: list[list[Read]] = [[] for _ in range(PASSES)]
    for corpus in CORPORA:
        turns, share, spaced_share = SHARES[corpus.name]
        own = texts(data, corpus, held_out=False)
        seen = [read(core, appearance(own, corpus, turn, chance)[0]) for turn in range(turns)]
        spaced: list[Read] = []
        if spaced_share:
            plain = texts(data, corpus, held_out=False, spaced=True)
            spaced = read(core, appearance(plain, corpus, 0, chance)[0])
        for number in range(PASSES):
            found[number] += _some(seen[number % turns], share, draw) + _some(spaced, spaced_share, draw)
    return found


def _some(whole: Sequence[Read], share: float, draw: np.random.Generator) -> list[Read]:
    return [whole[i] for i in draw.permutation(len(whole))[: int(share * len(whole))].tolist()]


def head_of(core: LanguageCore) -> NamesHead:
    """The head in the weights, with the numbers its 8 bits stand for."""
    head = NamesHead(core.width, _DROP)
    named = {k.removeprefix("names."): v for k, v in core.named.items() if k.startswith("names.")}
    head.load_state_dict({name: torch.from_numpy(value.copy()) for name, value in named.items()})
    return head


def _batches(seen: Sequence[Read], draw: np.random.Generator) -> list[list[Read]]:
    """One pass in batches of windows of like length, in no order."""
    lengths = np.array([len(one.words) for one in seen])
    groups: list[list[Read]] = [[]]
    for i in np.argsort(lengths * draw.uniform(0.9, 1.1, len(lengths)), kind="stable").tolist():
        longest = max([len(one.words) for one in groups[-1]] + [int(lengths[i])])
        if groups[-1] and longest * (len(groups[-1]) + 1) > _WORDS:
            groups.append([])
        groups[-1].append(seen[i])
    return [groups[k] for k in draw.permutation(len(groups)).tolist()]


def _batch(seen: Sequence[Read]) -> tuple[States, Batch]:
    """The parts of a batch the head looks at."""
    words = nn.utils.rnn.pad_sequence([torch.from_numpy(one.words) for one in seen], batch_first=True).float()
    lengths = torch.tensor([len(one.words) for one in seen])
    present = torch.arange(words.shape[1])[None] < lengths[:, None]
    none = torch.zeros(0)
    return States(words, none), Batch([one.example for one in seen], none, none, none, none, present, none)


def teach(head: NamesHead, seen: Sequence[Sequence[Read]], data: Path) -> NamesHead:
    """The running mean of the weights over all passes."""
    torch.manual_seed(_SEED)
    draw, task = np.random.default_rng(_SEED), NamesTask(data)
    average = copy.deepcopy(head).eval()
    optimiser = torch.optim.AdamW(head.parameters(), lr=_RATE, weight_decay=_DECAY)
    plan = [group for one in seen for group in _batches(one, draw)]
    head.train()
    for number, group in enumerate(plan, 1):
        loss = task.loss(head, *_batch(group))
        factor = min(1.0, number / 50) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * number / len(plan))))
        for part in optimiser.param_groups:
            part["lr"] = _RATE * factor
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(head.parameters(), 1.0)
        optimiser.step()
        with torch.no_grad():
            for mean, new in zip(average.parameters(), head.parameters(), strict=True):
                mean.lerp_(new, 1 - min(0.99, number / (number + 10)))
    return average


def write(head: NamesHead, weights: Path) -> None:
    """Put the head into the file ``weights``; the rest of it stays as it is."""
    with np.load(weights, allow_pickle=False) as stored:
        kept: dict[str, Any] = {k: stored[k] for k in stored.files if not k.startswith("names.")}
    named = {f"names.{name}": value.numpy() for name, value in head.state_dict().items()}
    np.savez_compressed(weights, **kept, **pack(named))  # type: ignore[arg-type]
    print(f"{weights}: {weights.stat().st_size / 1e6:.2f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--weights", type=Path, default=Path("src/tocsin/language/weights/core-nc.npz"))
    args = parser.parse_args()
    torch.set_num_threads(1)
    core, data = LanguageCore(args.weights), args.data / "names/ner"
    write(teach(head_of(core), passes(core, data), data), args.weights)


if __name__ == "__main__":
    main()
