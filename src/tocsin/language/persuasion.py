"""Ten techniques of manipulation in posts, and the words that carry them: a reading aid, never a verdict.

The weights lie in a file of their own: they were trained on the corpus of the UNLP 2025 shared task
(Ukrainian and Russian Telegram posts, CC BY-NC-SA 4.0), so they may not be used commercially, and the file
can be left out. ``packaged_persuasion`` then answers ``NotInstalled``; nothing else depends on it.

A linear function marks words; another judges the text by the core's states, the universal encoder's vectors,
counted words and characters, and what was marked (``training/persuasion``).
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
from tocsin.language.core import LanguageCore, language_core
from tocsin.language.heads import sigmoid
from tocsin.language.relations import runs
from tocsin.language.segment import sentences
from tocsin.language.universal import UniversalEncoder, universal_encoder
from tocsin.language.windows import Window, windows
from tocsin.language.wording import CHARACTERS, CUES, WORDS, character_counts, cues, word_counts

__all__ = [
    "BLOCKS",
    "TECHNIQUES",
    "WEIGHTS",
    "NotInstalled",
    "Persuasion",
    "PersuasionHead",
    "TextRead",
    "core_mark",
    "gain_codes",
    "gains",
    "marked_features",
    "marked_spans",
    "packaged_persuasion",
    "plain_features",
    "read_text",
    "word_features",
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
_SHARPNESS: Final = (6.0, 3.0)
_ONE: Final = 128
_EIGHTHS: Final = 8
#: Numbers a text is judged by: states, meaning, counted signs, words and characters, marked states, marks.
BLOCKS: Final = (4 * 384, 4 * 512, CUES, WORDS, CHARACTERS, 2 * 384, 6 * 11)


@dataclass(frozen=True, slots=True)
class NotInstalled:
    """The answer where a file of weights is not there, or does not fit the others: which, and what to do."""

    file: str
    cause: str
    remedy: str

    def error(self) -> HeadNotInstalledError:
        """The same as an error."""
        return HeadNotInstalledError(self.cause, remedy=self.remedy, file=self.file)


@dataclass(frozen=True, slots=True)
class Persuasion:
    """Of one text: the probability of each technique, those that reach their threshold, and the spans
    (half-open code points, in order, disjoint) of words that carry any of them; none where none is there."""

    techniques: Mapping[str, float]
    present: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class TextRead:
    """A text as the head needs it: its windows, states of its words (n, width) and sentences (s, width), and
    vectors of its sentences (s, 512) and of the whole (512,)."""

    text: str
    windows: tuple[Window, ...]
    words: Floats
    sentences: Floats
    vectors: Floats
    whole: Floats


def read_text(text: str, core: LanguageCore, universal: UniversalEncoder) -> TextRead | None:
    """Read a text with both encoders; None where it has no words."""
    spans = [(paragraph, span.start, span.end) for paragraph, span in sentences(text)]
    analyses = [core.read(window) for window in windows(text, spans, core.pieces)]
    analyses = [analysis for analysis in analyses if len(analysis.words)]
    if not analyses:
        return None
    vectors = universal.vectors([text[start:end] for _, start, end in spans] + [text.replace("\n", " ")])
    return TextRead(
        text,
        tuple(analysis.window for analysis in analyses),
        np.concatenate([analysis.words for analysis in analyses]),
        np.concatenate([analysis.sentences for analysis in analyses]),
        vectors[:-1],
        vectors[-1],
    )


def plain_features(read: TextRead) -> list[Floats]:
    """What is seen of a text without knowing which words are marked, block by block (``BLOCKS``)."""
    words, vectors = read.words, read.vectors
    states = [words.mean(axis=0), words.max(axis=0), words.min(axis=0), read.sentences.mean(axis=0)]
    meaning = [vectors.mean(axis=0), vectors.max(axis=0), vectors.min(axis=0), read.whole]
    counted = [cues(read.text), word_counts(read.text), character_counts(read.text)]
    return [np.concatenate(states), np.concatenate(meaning), *counted]


def word_features(words: Floats) -> Floats:
    """What a word is marked by: its state, the mean of those near it, the mean of all, and one.

    (n, width) → (n, 3 · width + 1); beyond the ends there are zeros.
    """
    side = _NEAR // 2
    # Differences of running sums lose digits in float32.
    sums = np.cumsum(np.pad(words, ((side + 1, side), (0, 0))), axis=0, dtype=np.float64)
    near = ((sums[_NEAR:] - sums[:-_NEAR]) / _NEAR).astype(np.float32)
    mean = np.broadcast_to(words.mean(axis=0), words.shape)
    return np.concatenate([words, near, mean, np.ones((len(words), 1), np.float32)], axis=1)


def marked_features(words: Floats, marks: Floats) -> list[Floats]:
    """What is seen of a text once its words have ``marks`` (n, 11): the last two of the ``BLOCKS``.

    The states where manipulation is most likely, once sharply and once softly; then the marks' mean, maximum,
    means of the highest five, tenth and third, and spread.
    """
    there = []
    for sharpness in _SHARPNESS:
        weights = np.exp(sharpness * (marks[:, 0] - marks[:, 0].max()))
        there.append(weights @ words / weights.sum())
    n, highest = len(marks), np.sort(marks, axis=0)[::-1]
    several = [highest[: max(1, count)].mean(axis=0) for count in (1, min(5, n), n // 10, n // 3)]
    return [np.concatenate(there), np.concatenate([marks.mean(axis=0), *several, marks.std(axis=0)])]


class PersuasionHead:
    """Techniques and marked words of texts. ``path`` is what ``training.persuasion`` wrote.

    ``thresholds`` (by technique) and ``span_threshold`` were chosen on posts the weights had not seen.
    Raises HeadNotInstalledError where the weights belong to another core.
    """

    def __init__(self, core: LanguageCore, universal: UniversalEncoder, path: Path) -> None:
        with np.load(path, allow_pickle=False) as stored:
            named = {name: stored[name] for name in stored.files}
        if str(named["core"]) != core_mark(core.named):
            raise HeadNotInstalledError(
                "these weights were trained with another language core",
                remedy="Install the file that belongs to the installed core-nc.npz, or delete it",
                file=str(path),
            )
        self._core, self._universal = core, universal
        self._mark = (
            named["mark"].astype(np.float32) * named["mark.step"] * gains(named["mark.gain"])[:, None]
        )
        steps = np.repeat(named["step"].astype(np.float32), named["sizes"], axis=1)
        self._weight = named["weight"].astype(np.float32) * steps * gains(named["gain"])
        self._bias = named["bias"].astype(np.float32)
        self.thresholds = dict(zip(TECHNIQUES, named["thresholds"].tolist(), strict=True))
        self.span_threshold = float(named["span_threshold"])

    def text(self, text: str, least: float | None = None) -> Persuasion:
        """Read a text with both encoders and judge it.

        The thresholds give the best F on posts of which two thirds manipulate. ``least`` replaces them all,
        for techniques and words: with 0.5 only what is more likely there than not is present and marked.
        """
        read = read_text(text, self._core, self._universal)
        if read is None:
            return Persuasion(dict.fromkeys(TECHNIQUES, 0.0), (), ())
        return self.judge(read, least)

    def judge(self, read: TextRead, least: float | None = None) -> Persuasion:
        """A text that has been read; ``least`` as for ``text``."""
        marks = word_features(read.words) @ self._mark
        seen = np.concatenate([*plain_features(read), *marked_features(read.words, marks)])
        grades = sigmoid(self._weight @ seen + self._bias)
        by_name = dict(zip(TECHNIQUES, grades.tolist(), strict=True))
        cuts = self.thresholds if least is None else dict.fromkeys(TECHNIQUES, least)
        present = tuple(name for name, grade in by_name.items() if grade >= cuts[name])
        marked = marks[:, 0] >= (self.span_threshold if least is None else least)
        return Persuasion(by_name, present, marked_spans(read.windows, marked) if present else ())


def marked_spans(of: Sequence[Window], marked: NDArray[np.bool_]) -> tuple[tuple[int, int], ...]:
    """Spans of words that stand side by side in a window and are ``marked`` (n of all windows)."""
    spans: list[tuple[int, int]] = []
    at = 0
    for window in of:
        own = marked[at : at + len(window)]
        at += len(window)
        spans += [(int(window.starts[a]), int(window.ends[b - 1])) for a, b in runs(own)]
    return tuple(spans)


def gains(codes: NDArray[np.uint8]) -> Floats:
    """What columns are multiplied by: stored as eighths of a power of two, 0 for nothing."""
    found = np.exp2((codes.astype(np.float32) - _ONE) / _EIGHTHS)
    return np.where(codes == 0, np.float32(0), found).astype(np.float32)


def gain_codes(values: Floats) -> NDArray[np.uint8]:
    """The codes nearest to gains; the inverse of ``gains``."""
    with np.errstate(divide="ignore"):
        codes = np.round(np.log2(values) * _EIGHTHS + _ONE)
    return np.where(values > 0, np.clip(codes, 1, 255), 0).astype(np.uint8)


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
            return PersuasionHead(language_core(), universal_encoder(), path)
        except HeadNotInstalledError as error:
            return NotInstalled(WEIGHTS, error.cause, error.remedy)
