"""How certain a text presents an event: factuality from -3 (certainly not) to 3 (certainly) at its word.

Beside it two outputs of the same head for sentences: certainty of a finding (1 to 6), and hedged or not.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from tocsin.language.assess import EVENT, FINDING
from tocsin.language.windows import Window
from training.core.crossvalidate import predict
from training.core.model import Batch, Core, Example, States
from training.core.prepare import HELD_OUT, fold_of, one_window
from training.core.tasks.checkworthy import f1

__all__ = ["CertaintyHead", "CertaintyTask", "Judged"]

#: Brings the three losses to about 1 at the start.
_EVENT_SCALE, _FINDING_SCALE, _HEDGE_SCALE = 4.0, 2.5, 1.4


@dataclass(frozen=True, slots=True)
class Judged:
    """``kind`` is "event", "finding" or "hedge". Events are ``(first word, last word + 1, value)``."""

    kind: str
    fold: int
    values: tuple[tuple[int, int, float], ...]
    development: bool = False


class Digest(nn.Module):
    """Words (b, w, width) → a hidden layer at each → mean and maximum over the words (b, 2 · hidden)."""

    def __init__(self, width: int, hidden: int, drop: float) -> None:
        super().__init__()
        self.enter = nn.Linear(width, hidden)
        self.drop = nn.Dropout(drop)

    def forward(self, words: Tensor, mask: Tensor) -> Tensor:
        x = functional.gelu(self.enter(self.drop(words)))
        seen = mask[..., None]
        mean = (x * seen).sum(1) / seen.sum(1).clamp(min=1)
        return torch.cat([mean, x.masked_fill(~seen, -1e4).amax(1)], -1)


class CertaintyHead(nn.Module):
    """An event's word and its sentence → hidden layer → factuality; a sentence → certainty and hedging.

    Both read the same digest of the sentence's words.
    """

    def __init__(self, width: int, hidden: int = 96, drop: float = 0.2) -> None:
        super().__init__()
        self.digest = Digest(width, hidden, drop)
        self.event = nn.Linear(2 * width + 2 * hidden, hidden)
        self.event_out = nn.Linear(hidden, 1)
        self.sentence_out = nn.Linear(width + 2 * hidden, 2)
        self.drop = nn.Dropout(drop)

    def sentences(self, sentences: Tensor, words: Tensor, mask: Tensor) -> Tensor:
        """State and digest of each sentence (b, width + 2 · hidden)."""
        return self.drop(torch.cat([sentences, self.digest(words, mask)], -1))  # type: ignore[no-any-return]

    def events(self, words: Tensor, sentences: Tensor) -> Tensor:
        """Of words (n, width) with their sentences: factuality (n,), in units of ``EVENT``."""
        x = torch.cat([self.drop(words), sentences], -1)
        return self.event_out(self.drop(functional.gelu(self.event(x))))[:, 0]  # type: ignore[no-any-return]

    def judgements(self, sentences: Tensor) -> Tensor:
        """Certainty in units of ``FINDING``, and the logit of hedging, (b, 2)."""
        return self.sentence_out(sentences)  # type: ignore[no-any-return]


class CertaintyTask:
    """``data`` is the shared folder; ``sides`` false leaves the two auxiliary corpora out."""

    name = "certainty"

    def __init__(self, data: Path, share: float = 6, *, sides: bool = True) -> None:
        self.share = share
        self.held_out = HELD_OUT
        self._folder = data / "certainty"
        self._sides = sides

    def _entries(self, name: str) -> list[dict[str, Any]]:
        with (self._folder / name).open(encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]

    def all_examples(self) -> list[Example]:
        """Every sentence. Sentences of the training part that are in the development part too count there."""
        found: list[Example] = []
        known: set[str] = set()
        for part in ("dev", "train"):
            for entry in self._entries(f"uw/{part}.jsonl"):
                if part == "train" and entry["text"] in known:
                    continue
                known.add(entry["text"])
                window = one_window(entry["text"])
                if window is not None:
                    values = _events(entry, window)
                    judged = Judged("event", fold_of(entry["text"]), values, part == "dev")
                    found.append(Example(window, "en", judged))
        return found + (self._aside() if self._sides else [])

    def _aside(self) -> list[Example]:
        rows = [
            ("finding", e["finding"], float(e["sentence-level-certainty"]), e["split"] == "test")
            for e in self._entries("scicomm_sentence.jsonl")
        ]
        rows += [
            ("hedge", e["text"], float(e["uncertain"]), fold_of(e["text"]) == HELD_OUT)
            for e in self._entries("hedge_wiki.jsonl")
        ]
        found = []
        for kind, text, value, development in rows:
            window = one_window(text)
            if window is not None:
                judged = Judged(kind, fold_of(text), ((0, len(window), value),), development)
                found.append(Example(window, "en", judged))
        return found

    def fold(self, example: Example) -> int:
        """By text, for cross-validation only: the shared run keeps to the corpora's own parts."""
        return int(example.labels.fold)

    def train_examples(self) -> list[Example]:
        return [e for e in self.all_examples() if not e.labels.development]

    def head(self, width: int) -> nn.Module:
        return CertaintyHead(width)

    def _said(self, head: nn.Module, states: States, batch: Batch) -> tuple[Tensor, Tensor, list[int]]:
        """Events of the batch, in order; judgements (b, 2); the example each event belongs to."""
        assert isinstance(head, CertaintyHead)
        rows: list[int] = []
        at: list[tuple[int, int, int]] = []
        for i, example in enumerate(batch.examples):
            if example.labels.kind == "event":
                for first, last, _ in example.labels.values:
                    at += [(len(rows), i, word) for word in range(first, last)]
                    rows.append(i)
        sentences = head.sentences(states.sentences[:, 0], states.words, batch.words)
        sides = head.judgements(sentences)
        if not rows:
            return sides.new_zeros(0), sides, rows
        event, row, word = torch.tensor(at, device=states.words.device).T
        mean = states.words.new_zeros(len(rows), states.words.shape[-1])
        mean = mean.index_add(0, event, states.words[row, word])
        mean = mean / torch.bincount(event)[:, None]
        return head.events(mean, sentences[rows]), sides, rows

    def loss(self, head: nn.Module, states: States, batch: Batch) -> Tensor:
        events, sides, _ = self._said(head, states, batch)
        device = sides.device
        total = sides.float().sum() * 0
        labels = [e.labels for e in batch.examples]
        value = [v for j in labels if j.kind == "event" for _, _, v in j.values]
        if value:
            goal = (torch.tensor(value, device=device) - EVENT[0]) / EVENT[1]
            share = sum(j.kind == "event" for j in labels) / len(labels)
            total = total + _EVENT_SCALE * share * functional.smooth_l1_loss(events.float(), goal)
        for column, kind in enumerate(("finding", "hedge")):
            at = [i for i, j in enumerate(labels) if j.kind == kind]
            if not at:
                continue
            goal = torch.tensor([labels[i].values[0][2] for i in at], device=device)
            said = sides[at, column].float()
            if kind == "finding":
                goal = (goal - FINDING[0]) / FINDING[1]
                part = _FINDING_SCALE * functional.smooth_l1_loss(said, goal)
            else:
                part = _HEDGE_SCALE * functional.binary_cross_entropy_with_logits(said, goal)
            total = total + part * len(at) / len(labels)
        return total

    def outputs(self, head: nn.Module, states: States, batch: Batch) -> list[list[float]]:
        """Of each example its values, in the labels' own units (a logit for hedging)."""
        events, sides, rows = self._said(head, states, batch)
        found: list[list[float]] = [[] for _ in batch.examples]
        for row, value in zip(rows, (events.float() * EVENT[1] + EVENT[0]).tolist(), strict=True):
            found[row].append(min(3.0, max(-3.0, value)))
        for i, example in enumerate(batch.examples):
            if example.labels.kind == "finding":
                found[i].append(float(sides[i, 0]) * FINDING[1] + FINDING[0])
            elif example.labels.kind == "hedge":
                found[i].append(float(sides[i, 1]))
        return found

    def figures(
        self,
        held: Sequence[tuple[Example, Any]],
        seen: Sequence[tuple[Example, Any]],  # noqa: ARG002
    ) -> dict[str, float]:
        said: dict[str, NDArray[np.float64]] = {}
        truth: dict[str, NDArray[np.float64]] = {}
        for kind in ("event", "finding", "hedge"):
            own = [(e, o) for e, o in held if e.labels.kind == kind]
            said[kind] = np.array([v for _, o in own for v in o])
            truth[kind] = np.array([v for e, _ in own for _, _, v in e.labels.values])
        found = {
            "r": _pearson(said["event"], truth["event"]),
            "mae": float(np.abs(said["event"] - truth["event"]).mean()),
        }
        if len(said["finding"]):
            found["finding_r"] = _pearson(said["finding"], truth["finding"])
            found["hedge_f1"] = f1(said["hedge"] > 0, truth["hedge"] > 0.5)
        return {name: round(value, 4) for name, value in found.items()}

    def evaluate(self, core: Core) -> dict[str, float]:
        """Pearson r and MAE on the development part; r on the findings' test part; F1 of hedging, fold 0."""
        examples = [e for e in self.all_examples() if e.labels.development]
        return self.figures(predict(self, core, examples), [])


def _pearson(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    return float(np.corrcoef(a, b)[0, 1])


def _events(entry: dict[str, Any], window: Window) -> tuple[tuple[int, int, float], ...]:
    """Events as words of the window: the corpus counts tokens between single spaces."""
    starts, at = [], 0
    tokens = entry["text"].split(" ")
    for token in tokens:
        starts.append(at)
        at += len(token) + 1
    found = []
    for target in entry["targets"]:
        first, last = target["span1"]
        begin, end = starts[first], starts[last - 1] + len(tokens[last - 1])
        own = np.flatnonzero((window.starts < end) & (window.ends > begin))
        if len(own):
            found.append((int(own[0]), int(own[-1]) + 1, float(target["label"])))
    return tuple(found)
