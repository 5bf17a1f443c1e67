"""Ten techniques of manipulation in posts, and the words that carry them, from the core's states.

The weights lie in a file of their own: they were trained on the corpus of the UNLP 2025 shared task
(Ukrainian and Russian Telegram posts, CC BY-NC-SA 4.0), so they may not be used commercially, and the file
can be left out. ``packaged_persuasion`` then answers ``NotInstalled``; nothing else depends on it.

Several small nets answer side by side, each taught without one part of the corpus
(``training/core/tasks/persuasion.py``); what counts is the mean of their probabilities.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tocsin.errors import HeadNotInstalledError
from tocsin.language.core import Analysis, LanguageCore, language_core
from tocsin.language.heads import Linear, gelu, named_array, sigmoid
from tocsin.language.relations import runs

__all__ = [
    "TECHNIQUES",
    "WEIGHTS",
    "NotInstalled",
    "Persuasion",
    "PersuasionHead",
    "WindowPersuasion",
    "core_mark",
    "packaged_persuasion",
]

Floats = NDArray[np.float32]

#: File of the weights; "nc" is for non-commercial.
WEIGHTS: Final = "persuasion-unlp2025-nc.npz"
#: As the corpus names them, in the order of the head's columns.
TECHNIQUES: Final = (
    "loaded_language",
    "cherry_picking",
    "glittering_generalities",
    "euphoria",
    "cliche",
    "fud",
    "appeal_to_fear",
    "whataboutism",
    "bandwagon",
    "straw_man",
)
#: Words whose mean a word is also judged by.
_NEAR: Final = 7


@dataclass(frozen=True, slots=True)
class NotInstalled:
    """The answer where a file of weights is not there, or does not fit the others: which, and what to do."""

    file: str
    cause: str
    remedy: str

    def error(self) -> HeadNotInstalledError:
        """The same as an error."""
        return HeadNotInstalledError(self.cause, remedy=self.remedy, file=self.file)


@dataclass(frozen=True, slots=True, eq=False)
class WindowPersuasion:
    """Of one window: probabilities of the ``TECHNIQUES`` (10,), and of manipulation at each word (n,)."""

    techniques: Floats
    words: Floats


@dataclass(frozen=True, slots=True)
class Persuasion:
    """Of one text: the probability of each technique, those that reach their threshold, and the spans
    (half-open code points, in order, disjoint) of words that carry any of them."""

    techniques: Mapping[str, float]
    present: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]


class PersuasionHead:
    """Techniques of windows and texts. ``path`` is what ``training.core.export_persuasion`` wrote.

    ``thresholds`` (by technique) and ``span_threshold`` were chosen on posts the nets had not seen.
    Raises HeadNotInstalledError where the weights belong to another core.
    """

    def __init__(self, core: LanguageCore, path: Path) -> None:
        with np.load(path, allow_pickle=False) as stored:
            named: dict[str, Floats] = {k: stored[k].astype(np.float32) for k in stored.files if k != "core"}
            mark = str(stored["core"])
        if mark != core_mark(core.named):
            raise HeadNotInstalledError(
                "these weights were trained with another language core",
                remedy="Install the file that belongs to the installed core-nc.npz, or delete it",
                file=str(path),
            )
        self._enter = Linear(named, "enter")
        self._arrays = [
            named_array(named, name) for name in ("attend", "evidence", "whole", "bias", "span", "span_bias")
        ]
        self.thresholds = dict(zip(TECHNIQUES, named["thresholds"].tolist(), strict=True))
        self.span_threshold = float(named["span_threshold"])

    def window(self, analysis: Analysis) -> WindowPersuasion:
        """What the nets say of one window, on the average."""
        techniques, words = self.nets(analysis)
        return WindowPersuasion(techniques.mean(axis=0), words.mean(axis=0))

    def nets(self, analysis: Analysis) -> tuple[Floats, Floats]:
        """What each net says of one window: probabilities of techniques (nets, 10) and at words (nets, n)."""
        attend, evidence, whole, bias, span, span_bias = self._arrays
        n, (nets, hidden, _) = len(analysis.words), attend.shape
        if not n:
            return np.zeros((nets, len(TECHNIQUES)), np.float32), np.zeros((nets, 0), np.float32)
        flat = gelu(self._enter(analysis.words))
        x = flat.reshape(n, nets, hidden).transpose(1, 0, 2)
        scores = x @ attend
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        scores /= scores.sum(axis=1, keepdims=True)
        mean = x.mean(axis=1)
        both = np.concatenate([mean, x.max(axis=1)], axis=1)
        logits = np.einsum("bnk,bnk->bk", scores, x @ evidence) + bias
        logits += (both[:, None, :] @ whole)[:, 0]
        words = (x @ span[:, 0, :, None])[:, :, 0]
        # A linear function of neighbours' mean is the neighbours' mean of the linear function.
        words += _near((x @ span[:, 1, :, None])[:, :, 0])
        words += ((mean * span[:, 2]).sum(axis=1) + span_bias)[:, None]
        return sigmoid(logits), sigmoid(words)

    def text(self, analyses: Sequence[Analysis]) -> Persuasion:
        """A text from all its windows: it has a technique as surely as the surest of them."""
        grades = np.zeros(len(TECHNIQUES), dtype=np.float32)
        spans: list[tuple[int, int]] = []
        for analysis in analyses:
            found = self.window(analysis)
            grades = np.maximum(grades, found.techniques)
            window = analysis.window
            spans += [
                (int(window.starts[a]), int(window.ends[b - 1]))
                for a, b in runs(found.words >= self.span_threshold)
            ]
        by_name = dict(zip(TECHNIQUES, grades.tolist(), strict=True))
        present = tuple(name for name, grade in by_name.items() if grade >= self.thresholds[name])
        return Persuasion(by_name, present, tuple(spans))


def _near(values: Floats) -> Floats:
    """Mean of ``_NEAR`` words around each, (nets, n) → (nets, n); beyond the ends there are zeros."""
    side = _NEAR // 2
    # Differences of running sums lose digits in float32.
    sums = np.cumsum(np.pad(values, ((0, 0), (side + 1, side))), axis=1, dtype=np.float64)
    return ((sums[:, _NEAR:] - sums[:, :-_NEAR]) / _NEAR).astype(np.float32)


def core_mark(named: Mapping[str, Floats]) -> str:
    """What tells one trained core from another: a hash of some of its arrays, in half precision.

    A head is of use only with the core whose states it was taught to read.
    """
    digest = hashlib.sha256()
    for name in ("norm.weight", "norm.bias", "shape.weight"):
        digest.update(np.ascontiguousarray(named[name], dtype="<f2").tobytes())
    return digest.hexdigest()[:16]


@cache
def packaged_persuasion() -> PersuasionHead | NotInstalled:
    """The head with the packaged weights, read at the first call of a process; or why there is none."""
    with as_file(files("tocsin.language") / "weights" / WEIGHTS) as path:
        if not path.is_file():
            cause = "this head is not installed: its weights, not free for commercial use, are not there"
            return NotInstalled(WEIGHTS, cause, f"Put {WEIGHTS} into tocsin/language/weights (see NOTICE)")
        try:
            return PersuasionHead(language_core(), path)
        except HeadNotInstalledError as error:
            return NotInstalled(WEIGHTS, error.cause, error.remedy)
