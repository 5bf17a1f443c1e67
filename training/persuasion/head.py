"""Learns to mark words and to judge posts: two linear functions, in closed form.

Words come first: ridge regression from their states to whether they lie in a manipulative span, and in one of
a post with each technique. What was marked is then part of what a post is judged by. Words of posts learnt
from are marked by a function that has not seen their fold, so that these posts look as new ones will.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tocsin.language.persuasion import (
    BLOCKS,
    TECHNIQUES,
    gain_codes,
    gains,
    marked_features,
    plain_features,
    word_features,
)
from training.core.prepare import FOLDS
from training.persuasion.corpus import Posts

__all__ = [
    "Judge",
    "Marker",
    "f1",
    "kernel_scores",
    "plain_posts",
    "products",
    "seen_posts",
    "span_f1",
    "span_threshold",
    "thresholds",
]

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

#: How much each block of ``BLOCKS`` weighs: the share of the variance it gives.
_SHARES: Final = (1.0, 1.0, 0.3, 0.5, 0.5, 1.0, 0.5)
#: Blocks of counts: a rare bucket is raised by the root of what raises dense numbers to variance one.
_COUNTS: Final = (3, 4)
_RIDGE: Final = 12.0
_WORD_RIDGE: Final = 300.0
_DRAWS: Final = 40


class Marker:
    """Sums over words fold by fold, from which a function for any set of folds is solved."""

    def __init__(self, posts: Posts) -> None:
        width = 3 * posts.read[0].words.shape[1] + 1
        self._squares = np.zeros((FOLDS, width, width))
        self._products = np.zeros((FOLDS, width, 1 + len(TECHNIQUES)))
        self._words = np.zeros(FOLDS)
        for read, marked, own, fold in zip(
            posts.read, posts.marked, posts.techniques, posts.folds.tolist(), strict=True
        ):
            x = word_features(read.words)
            goal = np.concatenate([marked[:, None], marked[:, None] * own], axis=1).astype(np.float32)
            self._squares[fold] += x.T @ x
            self._products[fold] += x.T @ goal
            self._words[fold] += len(x)

    def spread(self, left_out: Iterable[int]) -> Floats:
        """Root mean square of each number a word is marked by, in the folds that are not left out."""
        kept = self._kept(left_out)
        squares = self._squares[kept].sum(axis=0)
        return np.sqrt(np.diag(squares) / self._words[kept].sum() + 1e-6).astype(np.float32)

    def solve(self, left_out: Iterable[int]) -> Floats:
        """The function (3 · width + 1, 11) learnt from the folds that are not left out."""
        left_out = tuple(left_out)
        kept = self._kept(left_out)
        even = np.diag(self.spread(left_out).astype(np.float64) ** 2)
        squares = self._squares[kept].sum(axis=0) + _WORD_RIDGE * even
        return np.linalg.solve(squares, self._products[kept].sum(axis=0)).astype(np.float32)

    @staticmethod
    def _kept(left_out: Iterable[int]) -> list[int]:
        return sorted(set(range(FOLDS)) - set(left_out))


def seen_posts(posts: Posts, marker: Marker, held_out: int) -> tuple[list[Floats], list[Floats]]:
    """What every post is judged by, block by block, and its words' marks, where one fold is held out.

    Marks of a post are by a function that has seen neither its fold nor the one held out.
    """
    functions = {fold: marker.solve({fold, held_out}) for fold in range(FOLDS)}
    rows, marks = [], []
    for read, fold in zip(posts.read, posts.folds.tolist(), strict=True):
        own = word_features(read.words) @ functions[fold]
        rows.append(marked_features(read.words, own))
        marks.append(own[:, 0])
    return [np.stack(block) for block in zip(*rows, strict=True)], marks


def plain_posts(posts: Posts) -> list[Floats]:
    """The blocks that do not depend on marks."""
    rows = [plain_features(read) for read in posts.read]
    return [np.stack(block) for block in zip(*rows, strict=True)]


def shares(blocks: Sequence[Floats], learnt: Bools) -> list[tuple[Floats, Floats]]:
    """For each block what is taken off its columns, and what they are multiplied by (as stored)."""
    found = []
    for number, (block, share) in enumerate(zip(blocks, _SHARES, strict=True)):
        mean, spread = block[learnt].mean(axis=0), block[learnt].std(axis=0)
        gain = np.divide(1, spread, out=np.zeros_like(spread), where=spread > 1e-5)
        if number in _COUNTS:
            gain = np.sqrt(gain)
        variance = float(((spread * gain) ** 2).sum())
        gain *= np.sqrt(share / variance)
        found.append((mean.astype(np.float32), gains(gain_codes(gain))))
    return found


def taken(blocks: Sequence[Floats], scales: Sequence[tuple[Floats, Floats]]) -> Floats:
    """All blocks side by side, their columns shifted and scaled."""
    return np.concatenate([(b - mean) * gain for b, (mean, gain) in zip(blocks, scales, strict=True)], axis=1)


def products(blocks: Sequence[Floats], learnt: Bools) -> Floats:
    """Products (n, n) of posts with each other, scaled by those learnt from."""
    rows = taken(blocks, shares(blocks, learnt))
    return rows @ rows.T


def _solve(kernel: Floats, truth: Bools, learnt: Bools, ridge: float) -> Floats:
    """Weights of the posts learnt from, (m, 10): regression to techniques of variance one."""
    from scipy.linalg import cho_factor, cho_solve

    own = np.flatnonzero(learnt)
    goal = truth[own].astype(np.float32)
    goal = (goal - goal.mean(axis=0)) / goal.std(axis=0)
    square = kernel[np.ix_(own, own)] + ridge * np.eye(len(own), dtype=np.float32)
    return np.asarray(cho_solve(cho_factor(square), goal), dtype=np.float32)


def kernel_scores(
    kernel: Floats, truth: Bools, folds: NDArray[np.int64], held_out: int, ridge: float = _RIDGE
) -> Floats:
    """Scores (n, 10): of a post of the fold held out by all others, of another post by all but these two."""
    scores = np.zeros(truth.shape, dtype=np.float32)
    for fold in range(FOLDS):
        learnt, own = (folds != held_out) & (folds != fold), folds == fold
        weights = _solve(kernel, truth, learnt, ridge)
        scores[own] = kernel[np.ix_(own, learnt)] @ weights
    return scores


class Judge:
    """The function for posts, with thresholds, from all folds but the one held out."""

    def __init__(self, posts: Posts, blocks: Sequence[Floats], held_out: int) -> None:
        learnt = posts.folds != held_out
        scales = shares(blocks, learnt)
        rows = taken(blocks, scales)
        kernel = rows @ rows.T
        scores = kernel_scores(kernel, posts.techniques, posts.folds, held_out)
        weight = _solve(kernel, posts.techniques, learnt, _RIDGE).T @ rows[learnt]
        self.gain = np.concatenate([gain for _, gain in scales])
        shift = np.concatenate([mean for mean, _ in scales]) * self.gain
        chances = [_chance(scores[learnt, k], posts.techniques[learnt, k]) for k in range(len(TECHNIQUES))]
        slope = np.array([a for a, _ in chances], dtype=np.float32)
        level = np.array([b for _, b in chances], dtype=np.float32)
        self.weight, self.step = _rounded(weight * slope[:, None])
        self.bias = level - (self.weight * np.repeat(self.step, BLOCKS, axis=1)) @ shift
        cuts = thresholds(scores[learnt], posts.techniques[learnt])
        self.thresholds = (1 / (1 + np.exp(-(slope * cuts + level)))).astype(np.float32)


def _chance(scores: Floats, truth: Bools) -> tuple[float, float]:
    """Slope and level that turn scores into the logits of chances."""
    from sklearn.linear_model import LogisticRegression

    spread = float(scores.std())
    fitted = LogisticRegression().fit(scores[:, None] / spread, truth)
    return float(fitted.coef_[0, 0]) / spread, float(fitted.intercept_[0])


def _rounded(weight: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Whole numbers and a step for each technique and block: two thirds of the block's root mean square."""
    numbers, steps = [], []
    for block in np.split(weight, np.cumsum(BLOCKS)[:-1], axis=1):
        step = np.sqrt((block**2).mean(axis=1, keepdims=True)) / 1.5 + 1e-12
        step = step.astype(np.float32)
        steps.append(step)
        numbers.append(np.clip(np.round(block / step), -127, 127).astype(np.int8))
    return np.concatenate(numbers, axis=1), np.concatenate(steps, axis=1)


def thresholds(scores: Floats, truth: Bools) -> Floats:
    """For each technique the mean of the best thresholds of posts drawn again and again: (10,).

    The best one of the posts as they are hangs on a handful of them where a technique is rare.
    """
    draw = np.random.default_rng(0)
    found = []
    for k in range(truth.shape[1]):
        drawn = (draw.integers(0, len(scores), len(scores)) for _ in range(_DRAWS))
        found.append(np.mean([best_threshold(scores[i, k], truth[i, k]) for i in drawn]))
    return np.array(found, dtype=np.float32)


def best_threshold(scores: Floats, truth: Bools) -> float:
    """From which score on the F of yes is best."""
    order = np.argsort(-scores, kind="stable")
    right = np.cumsum(truth[order])
    rates = 2 * right / (np.arange(1, len(order) + 1) + truth.sum())
    return float(scores[order[rates.argmax()]])


def f1(said: Bools, truth: Bools) -> float:
    return float(2 * (said & truth).sum() / max(1, said.sum() + truth.sum()))


def span_f1(posts: Posts, marks: Sequence[Floats], of: Bools, threshold: float) -> float:
    """F over characters of words whose mark reaches the threshold, in some posts."""
    both = total = 0
    for i in np.flatnonzero(of).tolist():
        said, truth, lengths = marks[i] >= threshold, posts.marked[i], posts.lengths[i]
        both += int(lengths[said & truth].sum())
        total += int(lengths[said].sum() + lengths[truth].sum())
    return 2 * both / max(1, total)


def span_threshold(posts: Posts, marks: Sequence[Floats], of: Bools) -> float:
    """The mark from which on F over characters is best in some posts."""
    cuts = np.arange(0.1, 0.6, 0.02).tolist()
    rates = [span_f1(posts, marks, of, cut) for cut in cuts]
    return float(cuts[int(np.argmax(rates))])
