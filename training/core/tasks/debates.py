"""ClaimBuster's debates (Arslan et al. 2020): sentences as annotated, alone and among their speaker's."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tocsin.language.core import LanguageCore
from tocsin.language.heads import SentenceWords, pooled
from tocsin.language.windows import windows
from tocsin.language.wordshapes import cut_words
from training.core.prepare import fold_of

__all__ = ["Statement", "read_in_context", "runs", "statements"]

Floats = NDArray[np.float32]

#: Lines from one statement of a speaker to the next: one that was not annotated may lie between.
_GAP: Final = 2
#: Sentences read together.
_TOGETHER: Final = 5


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of a debate; ``kind`` 0 no fact, 1 one of no importance, 2 a fact worth checking."""

    text: str
    debate: str
    line: int
    speaker: str
    kind: int

    @property
    def fold(self) -> int:
        """Debates are held out whole."""
        return fold_of(self.debate)

    def goes_on_from(self, other: Statement) -> bool:
        """Whether the same speaker said both, one after the other."""
        near = 0 < self.line - other.line <= _GAP
        return near and (self.debate, self.speaker) == (other.debate, other.speaker)


def statements(path: Path) -> list[Statement]:
    """What was annotated and has a word, in the order of the file."""
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [
        Statement(row["text"], row["file"], row["line"], row["speaker"], row["verdict"] + 1)
        for row in rows
        if cut_words(row["text"])
    ]


def runs(found: Sequence[Statement]) -> list[list[Statement]]:
    """Statements of one speaker in a row, cut after five."""
    out: list[list[Statement]] = []
    for statement in found:
        if out and len(out[-1]) < _TOGETHER and statement.goes_on_from(out[-1][-1]):
            out[-1].append(statement)
        else:
            out.append([statement])
    return out


def read_in_context(core: LanguageCore, found: Sequence[Statement]) -> Floats:
    """Pooled states (n, 3 · width) of sentences, each run of them in windows as those of a document."""
    return np.concatenate([_read(core, run) for run in runs(found)])


def _read(core: LanguageCore, run: Sequence[Statement]) -> Floats:
    text, spans = "", []
    for statement in run:
        spans.append((0, len(text), len(text) + len(statement.text)))
        text += statement.text + " "
    rows: dict[int, Floats] = {}
    for window in windows(text, spans, core.pieces):
        analysis = core.read(window)
        words = pooled(analysis.words, SentenceWords.of(window))
        states = np.concatenate([analysis.sentences, words], axis=1)
        # Of a sentence in several windows, its beginning.
        rows = dict(zip(window.sentences, states, strict=True)) | rows
    return np.stack([rows[i] for i in range(len(run))])
