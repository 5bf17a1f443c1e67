"""Sentence vectors learnt from the full source model: cosine distance to its vector of the same sentence."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from training.core.model import Batch, Core, Example, States, collate
from training.core.prepare import one_window

__all__ = ["VectorTask"]

#: Cosines of the source crowd between .7 and 1; the temperature of its training spreads them.
_TEMPERATURE = 0.02
#: Weight of the relational part: which sentences of the batch are near which.
_RELATIONS = 0.5


class VectorTask:
    """``folder`` holds teacher.npy and teacher.jsonl (training.core.teacher); ``data`` has NTREX."""

    name = "vector"

    def __init__(self, folder: Path, data: Path, share: float = 20) -> None:
        self.share = share
        self._folder, self._data = folder, data

    def train_examples(self) -> list[Example]:
        vectors = np.load(self._folder / "teacher.npy")
        found = []
        with (self._folder / "teacher.jsonl").open(encoding="utf-8") as lines:
            for line, vector in zip(lines, vectors, strict=True):
                entry = json.loads(line)
                window = one_window(entry["text"])
                if window is not None:
                    found.append(Example(window, entry["lang"], vector))
        return found

    def head(self, width: int) -> nn.Module:
        head = nn.Linear(width, width)
        nn.init.eye_(head.weight)
        nn.init.zeros_(head.bias)
        return head

    def loss(self, head: nn.Module, states: States, batch: Batch) -> Tensor:
        target = torch.from_numpy(np.stack([e.labels for e in batch.examples])).float()
        own = functional.normalize(head(states.sentences[:, 0]).float(), dim=-1)
        direct = (1 - (own * target).sum(-1)).mean() * 10
        goal = functional.softmax(target @ target.T / _TEMPERATURE, dim=-1)
        seen = functional.log_softmax(own @ target.T / _TEMPERATURE, dim=-1)
        relations = functional.kl_div(seen, goal, reduction="batchmean")
        return direct + _RELATIONS * relations

    def evaluate(self, core: Core) -> dict[str, float]:
        """NTREX: share of sentences whose nearest English sentence is their translation."""
        with (self._data / "same_story/ntrex_dev.jsonl").open(encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        found = {}
        for language in ("en", "ru", "uk", "kk"):
            windows = [one_window(row[language]) for row in rows]
            examples = [Example(w, language, None) for w in windows if w is not None]
            found[language] = torch.cat(
                [vectors(core, examples[at : at + 64]) for at in range(0, len(examples), 64)]
            )
        out = {}
        for language in ("ru", "uk", "kk"):
            near = (found[language] @ found["en"].T).argmax(1)
            out[f"{language}-en"] = round(float((near == torch.arange(len(near))).float().mean()), 4)
        return out


def vectors(core: Core, examples: list[Example]) -> Tensor:
    """Unit vectors (n, width) of one-sentence windows."""
    with torch.no_grad():
        states = core.states(collate(examples))
        return functional.normalize(core.heads["vector"](states.sentences[:, 0]).float(), dim=-1)
