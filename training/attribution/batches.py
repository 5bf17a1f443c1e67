"""Batches of paragraphs of similar length, with the relations whose cues stand in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from tocsin.language.relations import PLACE_WIDTH, places
from training.attribution.data import Corpus, Relation

__all__ = ["Batch", "Cues", "collate", "collate_cues", "groups"]


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded paragraphs: (batch, steps, …); ``cues`` holds -100 where padded.

    ``kept`` lists the words of each paragraph that are in the batch.
    """

    paragraphs: list[int]
    kept: list[np.ndarray]
    features: Tensor
    shapes: Tensor
    lexical: Tensor
    cues: Tensor
    lengths: Tensor


@dataclass(frozen=True, slots=True)
class Cues:
    """The cues of a batch: row of their paragraph, mask of their words, places, gold roles, whether true.

    Roles are -100 where padded and for false cues.
    """

    which: Tensor
    mask: Tensor
    places: Tensor
    roles: Tensor
    true: Tensor
    lengths: Tensor


def groups(corpus: Corpus, words: int, random: np.random.Generator | None) -> list[list[int]]:
    """Paragraphs grouped by length, about ``words`` words a group once padded; shuffled if asked."""
    lengths = np.diff(corpus.begin)
    noise = random.uniform(0.9, 1.1, len(lengths)) if random else np.ones(len(lengths))
    order = np.argsort(lengths * noise, kind="stable")
    found: list[list[int]] = []
    group: list[int] = []
    longest = 0
    for p in order.tolist():
        longest = max(longest, int(lengths[p]))
        if group and longest * (len(group) + 1) > words:
            found.append(group)
            group, longest = [], int(lengths[p])
        group.append(p)
    if group:
        found.append(group)
    if random:
        return [found[i] for i in random.permutation(len(found))]
    return found


def _kept(corpus: Corpus, p: int, bare: bool) -> np.ndarray:
    """Words of a paragraph; if ``bare`` without articles outside cues."""
    own = slice(corpus.begin[p], corpus.begin[p + 1])
    keep = np.flatnonzero(~(corpus.article[own] & bare) | (corpus.cues[own] > 0))
    return keep if len(keep) else np.arange(corpus.begin[p + 1] - corpus.begin[p])


def collate(corpus: Corpus, group: Sequence[int], bare: Sequence[bool] | None = None) -> Batch:
    """Pad the paragraphs of one group; those marked in ``bare`` lose their articles."""
    kept = [_kept(corpus, p, b) for p, b in zip(group, bare or [False] * len(group), strict=True)]
    steps, count = max(map(len, kept)), len(group)
    features = np.zeros((count, steps, corpus.features.shape[1]), dtype=np.float32)
    shapes = np.zeros((count, steps, corpus.shapes.shape[1]), dtype=np.float32)
    lexical = np.zeros((count, steps), dtype=np.int64)
    cues = np.full((count, steps), -100, dtype=np.int64)
    for row, (p, keep) in enumerate(zip(group, kept, strict=True)):
        index = corpus.begin[p] + keep
        features[row, : len(keep)] = corpus.features[index]
        shapes[row, : len(keep)] = corpus.shapes[index]
        lexical[row, : len(keep)] = corpus.lexical[index]
        cues[row, : len(keep)] = corpus.cues[index]
    tensors = (torch.from_numpy(x) for x in (features, shapes, lexical, cues))
    return Batch(list(group), kept, *tensors, torch.tensor([len(keep) for keep in kept]))


def collate_cues(
    corpus: Corpus, batch: Batch, relations: Sequence[Relation], random: np.random.Generator, hide: float
) -> Cues | None:
    """Pad the relations of a batch, true and false (``roles`` all -100).

    The other true cues of a paragraph are hidden with probability ``hide``, as if they had not been found.
    """
    rows = {p: row for row, p in enumerate(batch.paragraphs)}
    if not relations:
        return None
    count, steps = len(relations), batch.features.shape[1]
    mask = np.zeros((count, steps), dtype=np.float32)
    place = np.zeros((count, steps, PLACE_WIDTH), dtype=np.float32)
    roles = np.full((count, steps), -100, dtype=np.int64)
    for k, r in enumerate(relations):
        keep = batch.kept[rows[r.paragraph]]
        index = corpus.begin[r.paragraph] + keep
        first, last = np.searchsorted(keep, [r.first, r.last])
        cues = (corpus.cues[index] > 0) & (random.random() >= hide)
        mask[k, first:last] = 1
        place[k, : len(keep)] = places((int(first), int(last)), cues, corpus.sentence[index].astype(np.int64))
        roles[k, : len(keep)] = r.roles[keep]
    which = torch.tensor([rows[r.paragraph] for r in relations])
    true = torch.tensor([float(r.roles[0] >= 0) for r in relations])
    tensors = (torch.from_numpy(x) for x in (mask, place, roles))
    return Cues(which, *tensors, true, batch.lengths[which])
