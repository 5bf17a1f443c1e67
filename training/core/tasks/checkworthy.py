"""Whether a sentence is worth checking: the ClaimBuster sentences of presidential debates.

The head tells three kinds apart (no fact, unimportant fact, check-worthy fact), as annotated; the score is
the probability of the third. ``f1`` is that of the third kind against the other two, ``macro_f1`` the mean of
it and the F1 of the other two together: a linear model on TF-IDF of words and characters reaches .670 and
.779, folds by debate.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from training.core.crossvalidate import predict
from training.core.model import Batch, Core, Example, States
from training.core.prepare import HELD_OUT, fold_of, one_window

__all__ = ["CheckworthyHead", "CheckworthyTask", "Digest", "average_precision", "best_threshold", "f1"]

#: Shares of the three kinds among the sentences, to the power of -1/2 and scaled to a mean weight near 1.
_WEIGHTS: Final = (0.77, 1.9, 1.27)
#: Training sentences the threshold is chosen on when a whole core is measured.
_TUNED_ON: Final = 4000


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


class CheckworthyHead(nn.Module):
    """The digest of the words and the sentence state → a hidden layer → logits of three kinds (b, 3)."""

    def __init__(self, width: int, hidden: int = 128, drop: float = 0.2) -> None:
        super().__init__()
        self.digest = Digest(width, hidden, drop)
        self.hidden = nn.Linear(width + 2 * hidden, hidden)
        self.out = nn.Linear(hidden, 3)
        self.drop = nn.Dropout(drop)

    def forward(self, sentence: Tensor, words: Tensor, mask: Tensor) -> Tensor:
        """``sentence`` (b, width), ``words`` (b, w, width), ``mask`` (b, w)."""
        x = self.drop(torch.cat([sentence, self.digest(words, mask)], -1))
        return self.out(self.drop(functional.gelu(self.hidden(x))))  # type: ignore[no-any-return]


class CheckworthyTask:
    """``data`` is the shared folder. Labels are ``(kind, fold)``, kind 0, 1 or 2; folds go by debate."""

    name = "checkworthy"

    def __init__(self, data: Path, share: float = 8) -> None:
        self.share = share
        self.held_out = HELD_OUT
        self._path = data / "checkworthy/claimbuster_crowdsourced.jsonl"

    def all_examples(self) -> list[Example]:
        found = []
        with self._path.open(encoding="utf-8") as lines:
            for line in lines:
                entry = json.loads(line)
                window = one_window(entry["text"])
                if window is not None:
                    found.append(Example(window, "en", (entry["verdict"] + 1, fold_of(entry["file"]))))
        return found

    def fold(self, example: Example) -> int:
        return int(example.labels[1])

    def train_examples(self) -> list[Example]:
        return [e for e in self.all_examples() if self.fold(e) != self.held_out]

    def head(self, width: int) -> nn.Module:
        return CheckworthyHead(width)

    def loss(self, head: nn.Module, states: States, batch: Batch) -> Tensor:
        logits = head(states.sentences[:, 0], states.words, batch.words).float()
        target = torch.tensor([e.labels[0] for e in batch.examples], device=logits.device)
        weight = torch.tensor(_WEIGHTS, device=logits.device)
        return functional.cross_entropy(logits, target, weight)

    def outputs(self, head: nn.Module, states: States, batch: Batch) -> list[float]:
        logits = head(states.sentences[:, 0], states.words, batch.words).float()
        found: list[float] = logits.softmax(-1)[:, 2].tolist()
        return found

    def figures(
        self, held: Sequence[tuple[Example, Any]], seen: Sequence[tuple[Example, Any]]
    ) -> dict[str, float]:
        def arrays(pairs: Sequence[tuple[Example, Any]]) -> tuple[NDArray[Any], NDArray[Any]]:
            return np.array([s for _, s in pairs]), np.array([e.labels[0] == 2 for e, _ in pairs])

        threshold = best_threshold(*arrays(seen))
        scores, truth = arrays(held)
        said = scores >= threshold
        return {
            "f1": round(f1(said, truth), 4),
            "macro_f1": round((f1(said, truth) + f1(~said, ~truth)) / 2, 4),
            "ap": round(average_precision(scores, truth), 4),
            "threshold": round(threshold, 4),
        }

    def evaluate(self, core: Core) -> dict[str, float]:
        """F1 of check-worthy sentences in the debates held out."""
        examples = self.all_examples()
        held = [e for e in examples if self.fold(e) == self.held_out]
        seen = [e for e in examples if self.fold(e) != self.held_out]
        seen = seen[:: max(1, len(seen) // _TUNED_ON)]
        return self.figures(predict(self, core, held), predict(self, core, seen))


def f1(said: NDArray[Any], truth: NDArray[Any]) -> float:
    """F1 of the positive kind; both arrays of booleans."""
    both = int((said & truth).sum())
    return 2 * both / max(1, int(said.sum()) + int(truth.sum()))


def best_threshold(scores: NDArray[Any], truth: NDArray[Any]) -> float:
    """The score from which on saying yes gives the best F1."""
    order = np.argsort(-scores, kind="stable")
    right = np.cumsum(truth[order])
    found = 2 * right / (np.arange(1, len(order) + 1) + truth.sum())
    at = int(found.argmax())
    below = scores[order[min(at + 1, len(order) - 1)]]
    return float((scores[order[at]] + below) / 2)


def average_precision(scores: NDArray[Any], truth: NDArray[Any]) -> float:
    """Mean precision at each positive, by falling score."""
    order = np.argsort(-scores, kind="stable")
    right = truth[order]
    precision = np.cumsum(right) / np.arange(1, len(order) + 1)
    return float(precision[right.astype(bool)].mean()) if right.any() else 0.0
