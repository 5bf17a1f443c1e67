"""The whole network in torch: trunk, states of words and sentences, and one small head per task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from tocsin.language.windows import Window
from tocsin.language.wordshapes import SHAPES
from training.core.trunk import Trunk

__all__ = ["Batch", "Core", "Example", "States", "Task", "collate"]


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One window with what a task knows of it; ``labels`` is the task's own."""

    window: Window
    language: str
    labels: Any


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows padded: ``ids``, ``mask`` (b, p); ``mean`` (b, w, p) averages pieces into words; ``shapes``
    (b, w, s); ``words`` (b, w) true where there is a word; ``pool`` (b, s, p) averages pieces into sentences.
    """

    examples: Sequence[Example]
    ids: Tensor
    mask: Tensor
    mean: Tensor
    shapes: Tensor
    words: Tensor
    pool: Tensor


@dataclass(frozen=True, slots=True)
class States:
    """What heads read: ``words`` (b, w, width) and ``sentences`` (b, s, width), zeros where padded."""

    words: Tensor
    sentences: Tensor


class Task(Protocol):
    """A head, its data and its loss. ``share`` is how many of 100 training pieces come from it."""

    name: str
    share: float

    def train_examples(self) -> list[Example]:
        """Every example that may be learnt from."""
        ...

    def head(self, width: int) -> nn.Module:
        """The new head; registered in the core under ``name``."""
        ...

    def loss(self, head: nn.Module, states: States, batch: Batch) -> Tensor:
        """Mean loss of a batch of this task's examples, about 1 at the start."""
        ...

    def evaluate(self, core: Core) -> dict[str, float]:
        """The task's figures on held-out data."""
        ...


class Core(nn.Module):
    """Trunk and heads. ``states`` is what all heads share."""

    def __init__(self, trunk: Trunk, heads: dict[str, nn.Module]) -> None:
        super().__init__()
        width = trunk.place.embedding_dim
        self.trunk = trunk
        self.shape = nn.Linear(len(SHAPES), width, bias=False)
        nn.init.normal_(self.shape.weight, std=0.02)
        self.heads = nn.ModuleDict(heads)

    def states(self, batch: Batch) -> States:
        x = self.trunk(batch.ids, batch.mask)
        words = torch.bmm(batch.mean.to(x.dtype), x) + self.shape(batch.shapes)
        return States(words, torch.bmm(batch.pool.to(x.dtype), x))


def collate(examples: Sequence[Example]) -> Batch:
    """Pad windows to the longest of each kind."""
    windows = [e.window for e in examples]
    b, p = len(windows), max(len(w.ids) for w in windows)
    n, s = max(len(w) for w in windows), max(len(w.sentences) for w in windows)
    ids, mask = np.zeros((b, p), np.int64), np.zeros((b, p), bool)
    mean, pool = np.zeros((b, n, p), np.float32), np.zeros((b, s, p), np.float32)
    shapes, words = np.zeros((b, n, len(SHAPES)), np.float32), np.zeros((b, n), bool)
    for i, w in enumerate(windows):
        ids[i, : len(w.ids)] = w.ids
        mask[i, : len(w.ids)] = True
        shapes[i, : len(w)] = w.shapes
        words[i, : len(w)] = True
        for k, (first, last) in enumerate(zip(w.first.tolist(), w.last.tolist(), strict=True)):
            mean[i, k, first:last] = 1 / (last - first)
        at = np.flatnonzero(w.sentence_of >= 0)
        pool[i, w.sentence_of[at], at] = 1
        pool[i] /= np.maximum(pool[i].sum(axis=1, keepdims=True), 1)
    arrays = (torch.from_numpy(a) for a in (ids, mask, mean, shapes, words, pool))
    return Batch(examples, *arrays)
