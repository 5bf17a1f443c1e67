"""Names: BIOES tags of words by one head that can follow each corpus' own guide (its "style")."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from tocsin.language.names import NEVER, TAGS, allowed, decode
from tocsin.language.pieces import UNKNOWN
from tocsin.language.windows import ROOM, Window
from training.core.model import Batch, Core, Example, States, collate
from training.core.prepare import one_window, windows_of
from training.core.tasks.names_data import CORPORA, MAIN, STYLES, TYPES, Corpus, Text, tags_of, texts

__all__ = ["NamesHead", "NamesLabels", "NamesTask", "appearance", "predict", "style_mask"]

_HIDDEN: Final = 320
#: Rooms of the windows of a document's 1st, 2nd, … appearance: contexts differ.
_ROOMS: Final = (ROOM, 96, 160, 64)
#: Of examples that appear again: the share with words made unknown, and the share of words.
_VEILED, _VEIL = 0.5, 0.12
#: Of texts that appear again: the share in capitals, and in small letters.
_CAPITALS, _SMALL = 0.05, 0.03
#: Weight of the words' own cross-entropy beside the likelihood of the path: it keeps scores of names honest.
_ALONE: Final = 0.3
#: Most words lie outside names: the sum over words is divided by this share of their number.
_DENSITY: Final = 0.6
_SEED: Final = 11

Span = tuple[int, int, str]
Name = tuple[int, int, str, float]


@dataclass(frozen=True, slots=True, eq=False)
class NamesLabels:
    """``style`` numbers STYLES; ``tags`` (words,) number TAGS."""

    style: int
    tags: NDArray[np.int64]


@cache
def style_mask() -> NDArray[np.float32]:
    """(styles, tags): 0 where a style has the tag's type, else ``NEVER``."""
    out = np.full((len(STYLES), len(TAGS)), NEVER, dtype=np.float32)
    out[:, 0] = 0
    for corpus in CORPORA:
        marked = set(corpus.types.values())
        out[STYLES.index(corpus.style)][[tag[2:] in marked for tag in TAGS]] = 0
    return out


class NamesHead(nn.Module):
    """States of words to scores of tags: a layer, a mix of five neighbours, shared and own weights of styles.

    ``transitions`` (tags + 2, tags + 2) and ``own_transitions`` (styles, …) are learnt on top of ``allowed``.
    """

    rules: Tensor
    mask: Tensor

    def __init__(self, width: int, drop: float = 0.2) -> None:
        super().__init__()
        styles, tags = len(STYLES), len(TAGS)
        self.drop = drop
        self.enter = nn.Linear(width, _HIDDEN)
        self.style = nn.Embedding(styles, _HIDDEN)
        self.near = nn.Conv1d(_HIDDEN, _HIDDEN, 5, padding=2, groups=_HIDDEN)
        self.mix = nn.Linear(_HIDDEN, _HIDDEN)
        self.norm = nn.LayerNorm(_HIDDEN)
        self.out = nn.Linear(_HIDDEN, tags)
        self.own = nn.Parameter(torch.zeros(styles, _HIDDEN, tags))
        self.own_bias = nn.Parameter(torch.zeros(styles, tags))
        self.transitions = nn.Parameter(torch.zeros(tags + 2, tags + 2))
        self.own_transitions = nn.Parameter(torch.zeros(styles, tags + 2, tags + 2))
        self.register_buffer("rules", torch.from_numpy(allowed(TAGS)), persistent=False)
        self.register_buffer("mask", torch.from_numpy(style_mask()), persistent=False)
        nn.init.normal_(self.style.weight, std=0.02)
        with torch.no_grad():
            self.out.bias[0] += 3  # Most words are no names.

    def forward(self, words: Tensor, present: Tensor, style: Tensor) -> Tensor:
        """``words`` (b, n, width), ``present`` (b, n), ``style`` (b,) → log-probabilities (b, n, tags)."""
        x = functional.dropout(words, self.drop, self.training)
        x = functional.gelu(self.enter(x) + self.style(style)[:, None]) * present[..., None]
        y = functional.gelu(self.near(x.transpose(1, 2)).transpose(1, 2))
        x = self.norm(x + self.mix(y))
        x = functional.dropout(x, self.drop, self.training)
        with torch.autocast(x.device.type, enabled=False):
            x = x.float()
            scores = self.out(x) + torch.bmm(x, self.own[style]) + self.own_bias[style][:, None]
            found: Tensor = functional.log_softmax(scores + self.mask[style][:, None], dim=-1)
        return found

    def steps(self, style: Tensor) -> Tensor:
        """Transitions (b, tags + 2, tags + 2) of styles (b,)."""
        return self.rules + self.transitions + self.own_transitions[style]


def path_loss(scores: Tensor, steps: Tensor, tags: Tensor, present: Tensor) -> Tensor:
    """Minus the log-likelihood (b,) of the paths ``tags`` (b, n); words ``present`` (b, n) come first."""
    b, n, count = scores.shape
    begin, end = steps[:, count, :count], steps[:, :count, count + 1]
    inner = steps[:, :count, :count]
    alpha = begin + scores[:, 0]
    for i in range(1, n):
        new = torch.logsumexp(alpha[:, :, None] + inner, dim=1) + scores[:, i]
        alpha = torch.where(present[:, i, None], new, alpha)
    total = torch.logsumexp(alpha + end, dim=1)
    at = torch.arange(b, device=scores.device)
    held = present.to(scores.dtype)
    own = (scores.gather(2, tags[..., None])[..., 0] * held).sum(1)
    moved = inner.flatten(1).gather(1, tags[:, :-1] * count + tags[:, 1:])
    final = tags[at, present.sum(1) - 1]
    return total - (own + (moved * held[:, 1:]).sum(1) + begin[at, tags[:, 0]] + end[at, final])


class NamesTask:
    """``data`` is the folder of the corpora's JSON lines; ``share`` as in ``Task``; ``repeats`` overrides the
    table's, by corpus.

    After ``train_examples``: by corpus, ``counts`` holds windows and ``cut`` the names with a boundary
    inside a word (once per name; such a name takes the whole word in).
    """

    name = "names"

    def __init__(self, data: Path, share: float = 35, repeats: dict[str, int] | None = None) -> None:
        self.share = share
        self.counts: dict[str, int] = {}
        self.cut: dict[str, int] = {}
        self._data = data
        self._repeats = repeats or {}
        self._held: dict[str, list[tuple[Text, list[Example]]]] = {}

    def train_examples(self) -> list[Example]:
        found: list[Example] = []
        chance = random.Random(_SEED)  # noqa: S311
        for corpus in CORPORA:
            before = len(found)
            own = texts(self._data, corpus, held_out=False)
            for turn in range(self._repeats.get(corpus.name, corpus.repeats)):
                examples, cut = appearance(own, corpus, turn, chance)
                found += examples
                if not turn:
                    self.cut[corpus.name] = cut
            self.counts[corpus.name] = len(found) - before
        return found

    def head(self, width: int) -> nn.Module:
        return NamesHead(width)

    def loss(self, head: nn.Module, states: States, batch: Batch) -> Tensor:
        assert isinstance(head, NamesHead)
        device, n = states.words.device, states.words.shape[1]
        labels: list[NamesLabels] = [e.labels for e in batch.examples]
        style = torch.tensor([x.style for x in labels], device=device)
        padded = np.stack([np.pad(x.tags, (0, n - len(x.tags))) for x in labels])
        tags = torch.from_numpy(padded).to(device)
        present = batch.words.to(device)
        scores = head(states.words, present, style)
        with torch.autocast(device.type, enabled=False):
            path = path_loss(scores, head.steps(style).float(), tags, present).sum()
            alone = -(scores.gather(2, tags[..., None])[..., 0] * present).sum()
            total: Tensor = (path + _ALONE * alone) / (_DENSITY * present.sum())
        return total

    def evaluate(self, core: Core) -> dict[str, float]:
        """Micro-F of exact span and type on held-out texts, per corpus.

        PER, ORG and LOC count; ``…_all`` counts every type of the guide. ``…_new`` is the recall of names
        whose entity no training document mentions (SlavicNER's identifiers). ``average`` is the mean of the
        corpora.
        """
        was = core.training
        core.eval()
        out: dict[str, float] = {}
        for corpus in CORPORA:
            rows = self._held_out(corpus)
            seen = _entities(texts(self._data, corpus, held_out=False))
            style = STYLES.index(corpus.style)
            names = iter(predict(core, [e for _, own in rows for e in own], style))
            three, every, new = np.zeros(3), np.zeros(3), np.zeros(2)
            for text, own in rows:
                said = {s for example in own for s in _characters(example.window, next(names))}
                three += _tally({s for s in text.spans if s[2] in MAIN}, {s for s in said if s[2] in MAIN})
                every += _tally(set(text.spans), said)
                strange = [
                    s for s in text.spans if s[2] in MAIN and text.entities.get(s[:2], "") not in {"", *seen}
                ]
                new += (sum(s in said for s in strange), len(strange))
            out[corpus.name] = _f(three)
            if set(TYPES[len(MAIN) :]) & {t for row, _ in rows for _, _, t in row.spans}:
                out[f"{corpus.name}_all"] = _f(every)
            if new[1]:
                out[f"{corpus.name}_new"] = round(float(new[0] / new[1]), 4)
        core.train(was)
        out["average"] = round(float(np.mean([out[c.name] for c in CORPORA])), 4)
        return out

    def _held_out(self, corpus: Corpus) -> list[tuple[Text, list[Example]]]:
        if corpus.name not in self._held:
            rows = texts(self._data, corpus, held_out=True)
            room = None if corpus.sentences else ROOM
            self._held[corpus.name] = [(text, _examples(text, corpus, room)[0]) for text in rows]
        return self._held[corpus.name]


def predict(core: Core, examples: Sequence[Example], style: int, at_once: int = 32) -> list[list[Name]]:
    """Names of each example's window in one style: (first word, last word, type, score)."""
    head = core.heads["names"]
    assert isinstance(head, NamesHead)
    device = head.own.device
    with torch.no_grad():
        steps = head.steps(torch.tensor([style], device=device))[0].float().cpu().numpy()
    order = sorted(range(len(examples)), key=lambda i: len(examples[i].window.ids))
    found: list[list[Name]] = [[] for _ in examples]
    for first in range(0, len(order), at_once):
        chosen = order[first : first + at_once]
        batch = _on(collate([examples[i] for i in chosen]), device)
        styles = torch.full((len(chosen),), style, device=device)
        with torch.no_grad():
            scores = head(core.states(batch).words, batch.words, styles).float().cpu().numpy()
        for i, row in zip(chosen, scores, strict=True):
            found[i] = decode(row[: len(examples[i].window)], steps, TAGS)
    return found


def _on(batch: Batch, device: torch.device) -> Batch:
    names = ("ids", "mask", "mean", "shapes", "words", "pool")
    moved: dict[str, Any] = {name: getattr(batch, name).to(device) for name in names}
    return replace(batch, **moved)


def appearance(
    own: Sequence[Text], corpus: Corpus, turn: int, chance: random.Random
) -> tuple[list[Example], int]:
    """One appearance of a corpus: plain at first, then varied. Also how many names a word boundary cuts."""
    joined = corpus.linked and turn % 2 == 1
    found: list[Example] = []
    wrong = 0
    for text in _merged(own, chance) if joined else own:
        shown = _recased(text, chance) if turn else text
        single = corpus.sentences and not joined
        examples, cut = _examples(shown, corpus, None if single else _ROOMS[turn % len(_ROOMS)])
        found += [_veiled(e, chance) for e in examples] if turn else examples
        wrong += cut
    return found, wrong


def _examples(text: Text, corpus: Corpus, room: int | None) -> tuple[list[Example], int]:
    """A text's windows with their tags, and how many names a word boundary cuts.

    A document is cut into sentences as at run time; without ``room`` the text is one sentence, as given.
    """
    one = one_window(text.text) if room is None else None
    cut = windows_of(text.text, room) if room is not None else [one] if one else []
    found, wrong = [], 0
    for window in cut:
        low, high = int(window.starts[0]), int(window.ends[-1])
        inside = [s for s in text.spans if s[0] < high and s[1] > low]
        tags, count = tags_of(inside, window.starts, window.ends, TAGS)
        wrong += count
        found.append(Example(window, corpus.language, NamesLabels(STYLES.index(corpus.style), tags)))
    return found, wrong


def _merged(rows: Sequence[Text], chance: random.Random) -> list[Text]:
    """Two to five consecutive sentences of the same block as one text."""
    found: list[Text] = []
    left = 0
    for row in rows:
        if left and found[-1].block == row.block:
            before = found[-1]
            by = len(before.text) + 1
            moved = [(a + by, b + by, kind) for a, b, kind in row.spans]
            found[-1] = Text(f"{before.text} {row.text}", before.spans + moved, row.block)
            left -= 1
        else:
            found.append(row)
            left = chance.randint(1, 4)
    return found


def _recased(text: Text, chance: random.Random) -> Text:
    """The text, at times in capitals or in small letters."""
    draw = chance.random()
    if draw >= _CAPITALS + _SMALL:
        return text
    changed = text.text.upper() if draw < _CAPITALS else text.text.lower()
    return replace(text, text=changed) if len(changed) == len(text.text) else text


def _veiled(example: Example, chance: random.Random) -> Example:
    """At times, with the pieces of some words unknown."""
    if chance.random() > _VEILED:
        return example
    window = example.window
    ids = window.ids.copy()
    for first, last in zip(window.first.tolist(), window.last.tolist(), strict=True):
        if chance.random() < _VEIL:
            ids[first:last] = UNKNOWN
    return replace(example, window=replace(window, ids=ids))


def _characters(window: Window, names: Iterable[Name]) -> list[Span]:
    return [(int(window.starts[a]), int(window.ends[b]), kind) for a, b, kind, _ in names]


def _entities(rows: Iterable[Text]) -> set[str]:
    return {entity for row in rows for entity in row.entities.values()}


def _tally(gold: set[Span], said: set[Span]) -> tuple[int, int, int]:
    return len(gold & said), len(gold), len(said)


def _f(tally: NDArray[np.float64]) -> float:
    return round(float(2 * tally[0] / max(tally[1] + tally[2], 1)), 4)
