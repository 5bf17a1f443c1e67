"""Ten manipulation techniques in posts, and the spans that manipulate (UNLP 2025 shared task, uk and ru).

The corpus may not be used commercially, so nothing of it reaches the shared trunk: states are detached, and
all that is learnt lies in this head, whose weights can be left out.

A post longer than a window is several examples. A window without a manipulative span of its post has no
technique; a post has one as surely as the surest of its windows.

The head is four small nets side by side, one for each fold but the one held out, and each learns without its
fold. Thresholds are chosen on what each says of its own fold, which it has not seen; a new post is
judged by the mean of all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from tocsin.language.persuasion import TECHNIQUES
from tocsin.language.windows import Window
from training.core.crossvalidate import predict
from training.core.model import Batch, Core, Example, States
from training.core.prepare import FOLDS, HELD_OUT, fold_of, windows_of
from training.core.tasks.checkworthy import average_precision, best_threshold, f1

__all__ = ["PersuasionHead", "PersuasionTask", "Said", "Told", "posts", "words_of"]

Floats = NDArray[np.float32]

#: Weight of a technique's positive windows: the root of how many negatives there are for each.
_POSITIVE: Final = (1.1, 2.6, 2.6, 2.7, 2.7, 3.0, 3.4, 4.9, 5.0, 5.2)
_SPAN_POSITIVE: Final = 1.7
_SCALE: Final = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What is annotated of a window: its ``post`` and ``fold``, the techniques (10,) of the window and of
    the post, the words (n,) of manipulative spans, and the spans of the post as ``(start, end)``."""

    post: str
    fold: int
    techniques: Floats
    of_post: Floats
    words: Floats
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """What the head says of a window: probabilities of techniques (10,) and of manipulation at words (n,)."""

    techniques: Floats
    words: Floats


class PersuasionHead(nn.Module):
    """Nets side by side. Each: words → ``hidden``; per technique attention over the words to their evidence,
    plus evidence of the mean and maximum; per word manipulation, from itself, its neighbours and the mean.

    ``folds`` says which fold each net does not learn from.
    """

    def __init__(self, width: int, folds: Sequence[int], hidden: int = 48, drop: float = 0.3) -> None:
        super().__init__()
        nets, kinds = len(folds), len(TECHNIQUES)
        self.folds = list(folds)
        self.nets, self.hidden = nets, hidden
        self.enter = nn.Linear(width, nets * hidden)
        self.attend = nn.Parameter(torch.randn(nets, hidden, kinds) * 0.05)
        self.evidence = nn.Parameter(torch.randn(nets, hidden, kinds) * 0.05)
        self.whole = nn.Parameter(torch.randn(nets, 2 * hidden, kinds) * 0.05)
        self.bias = nn.Parameter(torch.full((nets, kinds), -1.0))
        self.span = nn.Parameter(torch.randn(nets, 3, hidden) * 0.05)
        self.span_bias = nn.Parameter(torch.full((nets,), -1.0))
        self.drop = nn.Dropout(drop)

    def forward(self, words: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """``words`` (b, w, width), ``mask`` (b, w) → logits (b, nets, 10) and (b, nets, w)."""
        b, w, _ = words.shape
        x = functional.gelu(self.enter(self.drop(words)))
        x = self.drop(x).view(b, w, self.nets, self.hidden).transpose(1, 2)
        seen = mask[:, None, :, None]
        scores = (x @ self.attend).masked_fill(~seen, -1e4)
        logits = (scores.float().softmax(2).to(x.dtype) * (x @ self.evidence)).sum(2) + self.bias
        x = x * seen
        mean = x.sum(2) / seen.sum(2).clamp(min=1)
        whole = torch.cat([mean, x.masked_fill(~seen, -1e4).amax(2)], -1)
        logits = logits + (whole[:, :, None] @ self.whole)[:, :, 0]
        near = functional.avg_pool1d(x.reshape(-1, w, self.hidden).transpose(1, 2), 7, 1, 3)
        near = near.transpose(1, 2).view_as(x)
        spans = (x * self.span[:, None, 0]).sum(-1) + (near * self.span[:, None, 1]).sum(-1)
        return logits, spans + ((mean * self.span[:, 2]).sum(-1) + self.span_bias)[..., None]


class PersuasionTask:
    """``data`` is the shared folder. Labels are ``Told``; folds go by the post's text."""

    name = "persuasion"

    def __init__(self, data: Path, share: float = 8) -> None:
        self.share = share
        self.held_out = HELD_OUT
        self._path = data / "persuasion/unlp2025/spans.parquet"

    def all_examples(self) -> list[Example]:
        import pyarrow.parquet as pq

        found = []
        for row in pq.read_table(self._path).to_pylist():
            text = row["content"]
            techniques = np.array([t in (row["techniques"] or ()) for t in TECHNIQUES], np.float32)
            spans = tuple((int(a), int(b)) for a, b in row["trigger_words"] or ())
            for window in windows_of(text):
                words = _inside(window, spans)
                own = techniques * float(words.any())
                told = Told(row["id"], fold_of(text), own, techniques, words, spans)
                found.append(Example(window, row["lang"], told))
        return found

    def fold(self, example: Example) -> int:
        return int(example.labels.fold)

    def train_examples(self) -> list[Example]:
        return [e for e in self.all_examples() if self.fold(e) != self.held_out]

    def head(self, width: int) -> nn.Module:
        return PersuasionHead(width, [f for f in range(FOLDS) if f != self.held_out])

    def loss(self, head: nn.Module, states: States, batch: Batch) -> Tensor:
        assert isinstance(head, PersuasionHead)
        techniques, spans = head(states.words.detach(), batch.words)
        device = techniques.device
        told = [e.labels for e in batch.examples]
        of = torch.tensor([t.fold for t in told], device=device)[:, None]
        learns = (of != torch.tensor(head.folds, device=device)).float()
        goal = torch.from_numpy(np.stack([t.techniques for t in told])).to(device)[:, None]
        weight = torch.tensor(_POSITIVE, device=device)
        first = functional.binary_cross_entropy_with_logits(
            techniques.float(), goal.expand_as(techniques), pos_weight=weight, reduction="none"
        )
        first = (first.mean(-1) * learns).sum() / learns.sum().clamp(min=1)
        inside = torch.zeros(len(told), spans.shape[-1])
        for row, t in zip(inside, told, strict=True):
            row[: len(t.words)] = torch.from_numpy(t.words)
        second = functional.binary_cross_entropy_with_logits(
            spans.float(),
            inside.to(device)[:, None].expand_as(spans),
            pos_weight=torch.tensor(_SPAN_POSITIVE, device=device),
            reduction="none",
        )
        counts = batch.words[:, None] * learns[..., None]
        second = (second * counts).sum() / counts.sum().clamp(min=1)
        return _SCALE * (first + second)

    def outputs(self, head: nn.Module, states: States, batch: Batch) -> list[Said]:
        """The mean of the nets; for a post of the folds learnt from, only the net that has not seen it."""
        assert isinstance(head, PersuasionHead)
        techniques, spans = head(states.words, batch.words)
        techniques, spans = techniques.float().sigmoid().cpu(), spans.float().sigmoid().cpu()
        found = []
        for i, example in enumerate(batch.examples):
            fold, n = example.labels.fold, len(example.window)
            nets = [head.folds.index(fold)] if fold in head.folds else list(range(head.nets))
            found.append(Said(techniques[i, nets].mean(0).numpy(), spans[i, nets, :n].mean(0).numpy()))
        return found

    def figures(
        self, held: Sequence[tuple[Example, Any]], seen: Sequence[tuple[Example, Any]]
    ) -> dict[str, float]:
        scores, truth = posts(seen)
        own, right = posts(held)
        single, precision = {}, []
        for k, name in enumerate(TECHNIQUES):
            threshold = best_threshold(scores[:, k], truth[:, k])
            single[name] = round(f1(own[:, k] >= threshold, right[:, k]), 4)
            precision.append(average_precision(own[:, k], right[:, k]))
        words, flags = words_of(seen)
        threshold = best_threshold(words, flags)
        words, flags = words_of(held)
        return {
            "macro_f1": round(float(np.mean(list(single.values()))), 4),
            "map": round(float(np.mean(precision)), 4),
            "span_f1": round(_characters(held, threshold), 4),
            "word_f1": round(f1(words >= threshold, flags), 4),
            **single,
        }

    def evaluate(self, core: Core) -> dict[str, float]:
        """Macro-F1 of techniques and F1 of manipulative characters in the posts held out."""
        examples = self.all_examples()
        held = [e for e in examples if self.fold(e) == self.held_out]
        seen = [e for e in examples if self.fold(e) != self.held_out]
        return self.figures(predict(self, core, held), predict(self, core, seen))


def _inside(window: Window, spans: Sequence[tuple[int, int]]) -> Floats:
    """Words of the window that share a character with a span: 1, else 0."""
    found = np.zeros(len(window), np.float32)
    for start, end in spans:
        found[(window.starts < end) & (window.ends > start)] = 1
    return found


def posts(pairs: Sequence[tuple[Example, Any]]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Scores and truth of posts (n, 10): the highest of their windows."""
    scores: dict[str, Floats] = {}
    truth: dict[str, Floats] = {}
    for example, said in pairs:
        post = example.labels.post
        scores[post] = np.maximum(scores.get(post, np.float32(0)), said.techniques)
        truth[post] = example.labels.of_post
    return np.stack(list(scores.values())), np.stack(list(truth.values())) > 0


def words_of(pairs: Sequence[tuple[Example, Any]]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Scores and truth of all words of all windows, (n,)."""
    said = np.concatenate([s.words for _, s in pairs])
    return said, np.concatenate([e.labels.words for e, _ in pairs]) > 0


def _characters(pairs: Sequence[tuple[Example, Any]], threshold: float) -> float:
    """F1 over the characters of all posts; words said next to each other are one span."""
    spans: dict[str, tuple[tuple[int, int], ...]] = {}
    said: dict[str, set[int]] = {}
    for example, told in pairs:
        window, post = example.window, example.labels.post
        spans[post] = example.labels.spans
        own = said.setdefault(post, set())
        yes = told.words >= threshold
        for i in np.flatnonzero(yes).tolist():
            joined = i + 1 < len(window) and yes[i + 1]
            own.update(range(int(window.starts[i]), int(window.starts[i + 1] if joined else window.ends[i])))
    both = total = 0
    for post, own in said.items():
        gold = {c for start, end in spans[post] for c in range(start, end)}
        both += len(own & gold)
        total += len(own) + len(gold)
    return 2 * both / max(1, total)
