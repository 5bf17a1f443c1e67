"""Whether a sentence is worth checking: the ClaimBuster sentences of presidential debates.

Three kinds are annotated: no fact, unimportant fact, check-worthy fact; the score is the probability of the
third (to tell the first two apart as well costs half a point). ``f1`` is that of the third kind against the
other two, ``macro_f1`` the mean of it and the F1 of the other two together: a linear model on TF-IDF of words
and characters reaches .670 and .779, folds by debate.
"""

from __future__ import annotations

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
from training.core.prepare import HELD_OUT, one_window
from training.core.tasks.debates import Statement, statements

__all__ = [
    "CheckworthyHead",
    "CheckworthyTask",
    "average_precision",
    "best_macro_threshold",
    "best_threshold",
    "f1",
    "macro_f1",
]

#: Training sentences the threshold is chosen on when a whole core is measured.
_TUNED_ON: Final = 4000


class CheckworthyHead(nn.Module):
    """Sentence state, mean and maximum of its words, standardised → a hidden layer → a logit (b,).

    ``mean`` and ``scale`` (3 · width,) are set by ``standardise``; until then nothing is changed.
    """

    mean: Tensor
    scale: Tensor

    def __init__(self, width: int, hidden: int = 128, drop: float = 0.5) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(3 * width))
        self.register_buffer("scale", torch.ones(3 * width))
        self.hidden = nn.Linear(3 * width, hidden)
        self.out = nn.Linear(hidden, 1)
        self.enter_drop, self.drop = nn.Dropout(0.6 * drop), nn.Dropout(drop)

    def pooled(self, sentence: Tensor, words: Tensor, mask: Tensor) -> Tensor:
        """``sentence`` (b, width), ``words`` (b, w, width), ``mask`` (b, w) → (b, 3 · width)."""
        seen = mask[..., None]
        mean = (words * seen).sum(1) / seen.sum(1).clamp(min=1)
        return torch.cat([sentence, mean, words.masked_fill(~seen, -1e4).amax(1)], -1)

    def standardise(self, pooled: Tensor) -> None:
        """Take mean and spread from the ``pooled`` states (n, 3 · width) of the sentences to learn from."""
        self.mean = pooled.mean(0)
        self.scale = 1 / (pooled.std(0) + 1e-6)

    def judge(self, pooled: Tensor) -> Tensor:
        """``pooled`` states (b, 3 · width) → logits (b,)."""
        x = self.enter_drop((pooled - self.mean) * self.scale)
        return self.out(self.drop(functional.gelu(self.hidden(x))))[:, 0]  # type: ignore[no-any-return]

    def forward(self, sentence: Tensor, words: Tensor, mask: Tensor) -> Tensor:
        return self.judge(self.pooled(sentence, words, mask))


class CheckworthyTask:
    """``data`` is the shared folder. Labels are ``(kind, fold)``, kind 0, 1 or 2; folds go by debate."""

    name = "checkworthy"

    def __init__(self, data: Path, share: float = 8) -> None:
        self.share = share
        self.held_out = HELD_OUT
        self._path = data / "checkworthy/claimbuster_crowdsourced.jsonl"

    def all_examples(self) -> list[Example]:
        found = []
        for statement in self.statements():
            window = one_window(statement.text)
            assert window is not None
            found.append(Example(window, "en", (statement.kind, statement.fold)))
        return found

    def statements(self) -> list[Statement]:
        """What was annotated and has a word, in the order of the file."""
        return statements(self._path)

    def fold(self, example: Example) -> int:
        return int(example.labels[1])

    def train_examples(self) -> list[Example]:
        return [e for e in self.all_examples() if self.fold(e) != self.held_out]

    def head(self, width: int) -> nn.Module:
        return CheckworthyHead(width)

    def loss(self, head: nn.Module, states: States, batch: Batch) -> Tensor:
        logits = head(states.sentences[:, 0], states.words, batch.words).float()
        target = torch.tensor([float(e.labels[0] == 2) for e in batch.examples], device=logits.device)
        return functional.binary_cross_entropy_with_logits(logits, target)

    def outputs(self, head: nn.Module, states: States, batch: Batch) -> list[float]:
        logits = head(states.sentences[:, 0], states.words, batch.words).float()
        found: list[float] = logits.sigmoid().tolist()
        return found

    def figures(
        self, held: Sequence[tuple[Example, Any]], seen: Sequence[tuple[Example, Any]]
    ) -> dict[str, float]:
        def arrays(pairs: Sequence[tuple[Example, Any]]) -> tuple[NDArray[Any], NDArray[Any]]:
            return np.array([s for _, s in pairs]), np.array([e.labels[0] == 2 for e, _ in pairs])

        return self.scored(*arrays(held), best_threshold(*arrays(seen)))

    def scored(self, scores: NDArray[Any], truth: NDArray[Any], threshold: float) -> dict[str, float]:
        """Figures of sentences' scores (n,) against what is annotated (n,)."""
        said = scores >= threshold
        return {
            "f1": round(f1(said, truth), 4),
            "macro_f1": round(macro_f1(said, truth), 4),
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


def macro_f1(said: NDArray[Any], truth: NDArray[Any]) -> float:
    """The mean of the F1 of yes and that of no."""
    return (f1(said, truth) + f1(~said, ~truth)) / 2


def best_macro_threshold(scores: NDArray[Any], truth: NDArray[Any]) -> float:
    """Of 200 quantiles of the scores, the one from which on saying yes gives the best macro-F1."""
    choices = np.quantile(scores, np.linspace(0, 1, 200))
    return float(max(choices, key=lambda choice: macro_f1(scores >= choice, truth)))


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
