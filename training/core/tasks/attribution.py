"""Who says what: cue tags, then for each cue the roles of the words around it, and whether it holds.

PolNeAR (Newell, Margolin & Ruths 2018) for English, the project's own annotated texts for Russian, Ukrainian
and Kazakh. PolNeAR leaves out attributions inside contents, so there are two taggers: ``cue`` learns what is
annotated, ``inner`` does not learn from words inside contents of PolNeAR and is asked only there.
"""

from __future__ import annotations

import importlib.util
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from tocsin.language.relations import (
    CANDIDATE,
    PLACE_WIDTH,
    REACH,
    Cue,
    Relation,
    decode_cues,
    decode_roles,
    places,
)
from tocsin.language.windows import Window
from training.core.model import Batch, Core, Example, States, collate
from training.core.prepare import windows_of

__all__ = ["AttributionHead", "AttributionTask", "Gold"]

OUTSIDE, SOURCE, CONTENT = 0, 1, 2
_WIDTH, _HEADS, _BLOCKS = 192, 4, 1
#: False cues taken per batch into the second stage.
_FALSE = 32
_CUE_WEIGHT, _VALID_WEIGHT = 4.0, 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Gold:
    """Labels of a window: ``cues`` and ``inner`` (n,) BIO, -100 where unknown; ``relations`` as
    ``(first, last, roles (n,))``."""

    cues: NDArray[np.int64]
    inner: NDArray[np.int64]
    relations: list[tuple[int, int, NDArray[np.int64]]] = field(default_factory=list)


class _Block(nn.Module):
    """Attention, a depthwise convolution over five words, a feed-forward net."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.near = nn.Conv1d(width, width, 5, padding=2, groups=width)
        self.grow = nn.Linear(width, 2 * width)
        self.shrink = nn.Linear(2 * width, width)
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)

    def forward(self, x: Tensor, mask: Tensor, drop: float) -> Tensor:
        c, n, width = x.shape
        qkv = self.qkv(x).view(c, n, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(
            qkv[0], qkv[1], qkv[2], attn_mask=mask[:, None, None, :]
        )
        y = self.out(seen.transpose(1, 2).reshape(c, n, width))
        near = self.near((x * mask[:, :, None]).transpose(1, 2)).transpose(1, 2)
        x = self.norm1(x + functional.dropout(y + near, drop, self.training))
        y = self.shrink(functional.gelu(self.grow(x)))
        return self.norm2(x + functional.dropout(y, drop, self.training))  # type: ignore[no-any-return]


class AttributionHead(nn.Module):
    """Both stages; see the module docstring."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.cue = nn.Linear(width, 3)
        self.inner = nn.Linear(width, 3)
        self.between = nn.Linear(width, _WIDTH)
        self.query = nn.Linear(width, _WIDTH, bias=False)
        self.place = nn.Linear(PLACE_WIDTH, _WIDTH, bias=False)
        self.norm = nn.LayerNorm(_WIDTH)
        self.blocks = nn.ModuleList(_Block(_WIDTH, _HEADS) for _ in range(_BLOCKS))
        self.role = nn.Linear(_WIDTH, 3)
        self.valid = nn.Linear(2 * _WIDTH + 1, 1)

    def roles(self, words: Tensor, at: Tensor, place: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """``words`` (c, n, width) around each cue, ``at`` (c, n) its words' weights, ``place`` (c, n, p),
        ``mask`` (c, n) → logits of outside, source, content (c, n, 3) and pooled states (c, 2 * width)."""
        asked = torch.einsum("cn,cnd->cd", at.to(words.dtype), words)
        x = self.norm(self.between(words) + self.query(asked)[:, None, :] + self.place(place))
        for block in self.blocks:
            x = block(x, mask, 0.1)
        logits = self.role(x).float()
        share = torch.softmax(logits, -1)[:, :, CONTENT] * mask
        content = torch.einsum("cn,cnd->cd", share / (share.sum(1, keepdim=True) + 1), x.float())
        return logits, torch.cat([torch.einsum("cn,cnd->cd", at, x.float()), content], dim=-1)

    def validity(self, pooled: Tensor, score: Tensor) -> Tensor:
        """Logit that a candidate heads an attribution, given the tagger's own logit ``score`` (c,)."""
        return self.valid(torch.cat([pooled, score[:, None]], dim=-1))[:, 0]  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class _Asked:
    """Candidates of a batch: row, first and last word, roles (None for a false one), which tagger."""

    row: int
    first: int
    last: int
    roles: NDArray[np.int64] | None
    inner: bool = False


class AttributionTask:
    """``data`` is the shared folder, ``own`` files of the same form made from the project's own texts."""

    name = "attribution"

    def __init__(self, data: Path, own: Sequence[Path] = (), share: float = 35, repeat: int = 4) -> None:
        self.share = share
        self._data, self._own, self._repeat = data / "attribution", own, repeat
        self._random = np.random.default_rng(7)

    def train_examples(self) -> list[Example]:
        found = [
            example
            for entry in read(self._data / "polnear/train.jsonl")
            for example in examples(entry, chains=False)
        ]
        for path in self._own:
            for entry in read(path):
                found += examples(entry, chains=True) * self._repeat
        return found

    def head(self, width: int) -> nn.Module:
        return AttributionHead(width)

    def loss(self, head: nn.Module, states: States, batch: Batch) -> Tensor:
        assert isinstance(head, AttributionHead)
        logits, inner = head.cue(states.words).float(), head.inner(states.words).float()
        shape = logits.shape[:2]
        gold = [_padded(e.labels.cues, shape[1]) for e in batch.examples]
        gold_inner = [_padded(e.labels.inner, shape[1]) for e in batch.examples]
        loss = _CUE_WEIGHT * _entropy(logits, np.stack(gold))
        loss = loss + _CUE_WEIGHT * _entropy(inner, np.stack(gold_inner))
        asked = self._asked(batch, logits.detach(), inner.detach())
        if not asked:
            return loss
        tensors = _around(states.words, batch, asked, hide=self._random.random() < 0.1)
        roles, pooled = head.roles(tensors.words, tensors.at, tensors.place, tensors.mask)
        score = torch.stack(
            [_own_score((inner if a.inner else logits)[a.row, a.first : a.last].detach()) for a in asked]
        )
        true = torch.tensor([float(a.roles is not None) for a in asked])
        if bool(true.any()):
            loss = loss + functional.cross_entropy(
                roles.flatten(0, 1), tensors.roles.flatten(), label_smoothing=0.02
            )
        valid = head.validity(pooled, score)
        return loss + _VALID_WEIGHT * functional.binary_cross_entropy_with_logits(valid, true)

    def _asked(self, batch: Batch, logits: Tensor, inner: Tensor) -> list[_Asked]:
        true: list[_Asked] = []
        false: list[_Asked] = []
        tags = [torch.softmax(x, -1).numpy() for x in (logits, inner)]
        for row, example in enumerate(batch.examples):
            gold: Gold = example.labels
            for first, last, roles in gold.relations:
                nested = bool(gold.cues[first] == 0)
                true.append(_Asked(row, first, last, roles, nested))
            n = len(example.window)
            for which, labels in ((0, gold.cues), (1, gold.inner)):
                for cue in decode_cues(tags[which][row, :n], CANDIDATE):
                    known = labels[cue.first : cue.last]
                    if not (known != 0).any():
                        false.append(_Asked(row, cue.first, cue.last, None, bool(which)))
        if len(false) > _FALSE:
            false = [false[i] for i in self._random.permutation(len(false))[:_FALSE]]
        return true + false

    def evaluate(self, core: Core) -> dict[str, float]:
        out: dict[str, float] = {}
        scorer = load_scorer(self._data / "score_attribution.py")
        for name in ("polnear/dev", "adaq_cs"):
            entries = read(self._data / f"{name}.jsonl")
            found = predict(core, entries)
            best = max(
                (scorer.score(entries, spans(found, t)) for t in (0.4, 0.5, 0.6)),
                key=lambda s: s["joint"][2],
            )
            short = name.split("/")[0]
            for key in ("joint", "iou50", "exact"):
                out[f"{short} {key}"] = best[key][2]
            for key in ("source", "cue", "content"):
                out[f"{short} {key}"] = best[f"token_{key}"][2]
            out[f"{short} indirect"] = best["recall_iou50_by_type"].get("indirect", [0])[0]
        return out


def read(path: Path) -> list[dict[str, Any]]:
    """One JSON object a line."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def load_scorer(path: Path) -> Any:
    """The module ``score_attribution.py`` of the data folder."""
    spec = importlib.util.spec_from_file_location("score_attribution", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _covered(window: Window, spans_: Iterable[Sequence[int]]) -> NDArray[np.bool_]:
    found = np.zeros(len(window), dtype=bool)
    for start, end in spans_:
        found |= (window.starts < end) & (window.ends > start)
    return found


def examples(entry: dict[str, Any], *, chains: bool) -> list[Example]:
    """The windows of a document with its attributions; ``chains`` says whether inner ones are annotated."""
    found = []
    for window in windows_of(entry["text"]):
        cues, inside = np.zeros(len(window), np.int64), np.zeros(len(window), bool)
        inner_cues = np.zeros(len(window), np.int64)
        relations = []
        for attribution in entry["attributions"]:
            content = _covered(window, attribution["content"])
            inside |= content
            cue = np.flatnonzero(_covered(window, attribution.get("cue") or []))
            if not len(cue) or not content.any():
                continue
            roles = np.zeros(len(window), np.int64)
            roles[content] = CONTENT
            roles[_covered(window, attribution.get("source") or [])] = SOURCE
            roles[cue] = OUTSIDE
            first, last = int(cue[0]), int(cue[-1]) + 1
            relations.append((first, last, roles))
            for tags in (inner_cues,) if attribution.get("parent") else (cues, inner_cues):
                tags[first:last] = 2
                tags[first] = 1
        if not chains:
            inner_cues[inside & (cues == 0)] = -100
        found.append(Example(window, entry.get("lang", "en"), Gold(cues, inner_cues, relations)))
    return found


def _padded(tags: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    return np.pad(tags, (0, n - len(tags)), constant_values=-100)


def _entropy(logits: Tensor, gold: NDArray[np.int64]) -> Tensor:
    return functional.cross_entropy(logits.flatten(0, 1), torch.from_numpy(gold).flatten())


def _own_score(logits: Tensor) -> Tensor:
    """log(P(begin) + P(in)) - log P(outside), greatest over the cue's words."""
    return (torch.logsumexp(logits[:, 1:], -1) - logits[:, 0]).max()


@dataclass(frozen=True, slots=True)
class _Around:
    words: Tensor
    at: Tensor
    place: Tensor
    mask: Tensor
    roles: Tensor


def _around(words: Tensor, batch: Batch, asked: Sequence[_Asked], *, hide: bool) -> _Around:
    """The words around each candidate, padded; other cues are hidden from the places if ``hide``."""
    ranges = []
    for a in asked:
        n = len(batch.examples[a.row].window)
        ranges.append((max(0, a.first - REACH), min(n, a.last + REACH)))
    steps = max(high - low for low, high in ranges)
    count = len(asked)
    at, mask = np.zeros((count, steps), np.float32), np.zeros((count, steps), bool)
    place = np.zeros((count, steps, PLACE_WIDTH), np.float32)
    roles = np.full((count, steps), -100, np.int64)
    index = np.zeros((count, steps), np.int64)
    for k, (a, (low, high)) in enumerate(zip(asked, ranges, strict=True)):
        example = batch.examples[a.row]
        is_cue = (example.labels.cues[low:high] > 0) & (not hide)
        own = (a.first - low, a.last - low)
        at[k, own[0] : own[1]] = 1 / (a.last - a.first)
        mask[k, : high - low] = True
        place[k, : high - low] = places(own, is_cue, example.window.sentence[low:high])
        index[k, : high - low] = np.arange(low, high)
        if a.roles is not None:
            roles[k, : high - low] = a.roles[low:high]
    rows = torch.tensor([a.row for a in asked])[:, None]
    picked = words[rows, torch.from_numpy(index)]
    arrays = (torch.from_numpy(x) for x in (at, place, mask, roles))
    return _Around(picked, *arrays)


def predict(core: Core, entries: Sequence[dict[str, Any]]) -> dict[str, list[tuple[Window, Relation]]]:
    """Relations of each document by ``doc_id``, top level, all scores."""
    found: dict[str, list[tuple[Window, Relation]]] = defaultdict(list)
    jobs = [
        (entry["doc_id"], e)
        for entry in entries
        for e in examples({**entry, "attributions": []}, chains=True)
    ]
    jobs.sort(key=lambda job: len(job[1].window.ids))
    head = core.heads["attribution"]
    assert isinstance(head, AttributionHead)
    for k in range(0, len(jobs), 16):
        part = jobs[k : k + 16]
        batch = collate([e for _, e in part])
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            states = core.states(batch)
            logits = head.cue(states.words).float()
        tags = torch.softmax(logits, -1).numpy()
        cues: list[tuple[_Asked, Cue]] = []
        for row, (_, e) in enumerate(part):
            n = len(e.window)
            for cue in decode_cues(tags[row, :n], CANDIDATE):
                cues.append((_Asked(row, cue.first, cue.last, None), cue))
                if cue.score >= 0.5:
                    e.labels.cues[cue.first : cue.last] = 1
        if not cues:
            continue
        asked = [a for a, _ in cues]
        tensors = _around(states.words, batch, asked, hide=False)
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            roles, pooled = head.roles(tensors.words, tensors.at, tensors.place, tensors.mask)
        score = torch.stack([_own_score(logits[a.row, a.first : a.last]) for a in asked])
        valid = torch.sigmoid(head.validity(pooled.float(), score)).detach().numpy()
        chances = torch.softmax(roles, -1).numpy()
        for i, (a, cue) in enumerate(cues):
            name, example = part[a.row]
            full = np.zeros((len(example.window), 3), np.float32)
            full[:, 0] = 1
            low = max(0, a.first - REACH)
            high = min(len(example.window), a.last + REACH)
            full[low:high] = chances[i, : high - low]
            relation = decode_roles(cue, full, float(valid[i]))
            if relation is not None:
                found[name].append((example.window, relation))
    return found


def spans(
    found: dict[str, list[tuple[Window, Relation]]], threshold: float
) -> dict[str, list[dict[str, Any]]]:
    """Predictions in the scorer's form."""
    out: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for name, relations in found.items():
        for window, relation in relations:
            if relation.score < threshold:
                continue
            ranges = {
                "source": relation.source,
                "cue": ((relation.cue.first, relation.cue.last),),
                "content": relation.content,
            }
            out[name].append(
                {
                    key: [[int(window.starts[a]), int(window.ends[b - 1])] for a, b in value]
                    for key, value in ranges.items()
                }
            )
    return out
