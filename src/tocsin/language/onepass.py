"""Everything the language core says of a text, from one pass over it.

Each part can be had on its own from its module; this is for whoever wants all of them and reads once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tocsin.language.assess import CertaintyHead, CheckworthyHead
from tocsin.language.attribution import Attributor
from tocsin.language.core import Analysis, LanguageCore, language_core
from tocsin.language.identify import identify
from tocsin.language.names import Names, NameSpan, default_style
from tocsin.language.relations import Relation
from tocsin.language.segment import sentences
from tocsin.language.windows import windows

__all__ = ["Said", "SentencesRead", "TextAnalysis", "analyse"]

Floats = NDArray[np.float32]
Pairs = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody said something: spans (half-open code points of the text) of the source, the cue, the content.

    ``score``, 0 to 1, is how likely it holds. ``certainty`` is how surely the text presents the saying as
    something that happened, from -3 («did not say») to 3.
    """

    source: Pairs
    cue: tuple[int, int]
    content: Pairs
    score: float
    certainty: float


@dataclass(frozen=True, slots=True, eq=False)
class SentencesRead:
    """The s sentences of a text, a row each.

    ``spans`` are (paragraph, start, end). ``vectors`` (s, width), unit length, near where sentences mean the
    same (a sentence is read in its surroundings here; ``language.encoder`` reads it alone). ``checkworthy``
    (s,) 0 to 1; ``finding`` (s,) certainty of what is stated, 1 to 6; ``hedged`` (s,) 0 to 1. A sentence
    without a word (only signs) has a vector of zeros and NaN.
    """

    spans: tuple[tuple[int, int, int], ...]
    vectors: Floats
    checkworthy: Floats
    finding: Floats
    hedged: Floats


@dataclass(frozen=True, slots=True, eq=False)
class TextAnalysis:
    """A text as the core reads it: in the order of the text, attributions outermost first in each window."""

    language: str
    sentences: SentencesRead
    said: tuple[Said, ...]
    names: tuple[NameSpan, ...]


class _Heads:
    """All heads on one core."""

    def __init__(self, core: LanguageCore) -> None:
        self.core = core
        self.attributor = Attributor(core)
        self.names = Names(core)
        self.certainty = CertaintyHead(core)
        self.checkworthy = CheckworthyHead(core)


@cache
def _heads() -> _Heads:
    return _Heads(language_core())


def analyse(text: str, language: str | None = None) -> TextAnalysis:
    """What the core and all its heads say of a text; ``language`` (ISO 639-1) is identified where not given.

    The language only decides whose guide names follow (``names.DEFAULT_STYLE``). Not for use by several
    threads. Raises HeadNotInstalledError where the packaged weights lack a head.
    """
    heads = _heads()
    code = language or identify(text)[0]
    spans = tuple((paragraph, span.start, span.end) for paragraph, span in sentences(text))
    rows = _Rows(len(spans), heads.core.width)
    said: list[Said] = []
    analyses = [heads.core.read(w) for w in windows(text, spans, heads.core.pieces)]
    for analysis in analyses:
        certainty = heads.certainty.sentences(analysis)
        judged = [heads.checkworthy.sentences(analysis), certainty.finding, certainty.hedged]
        rows.add(analysis, heads.core.vectors(analysis, code), np.stack(judged, axis=1))
        relations = heads.attributor.relations(analysis)
        if relations:
            cues = np.array([(r.cue.first, r.cue.last) for r in relations])
            sure = heads.certainty.words(analysis, cues, certainty).tolist()
            said += [_said(analysis, r, value) for r, value in zip(relations, sure, strict=True)]
    names = heads.names.spans(analyses, [default_style(code)] * len(analyses))
    return TextAnalysis(code, rows.read(spans), tuple(said), tuple(names))


class _Rows:
    """Sentences' vectors and judgements; one that lies in several windows gets the mean over them."""

    def __init__(self, count: int, width: int) -> None:
        self._vectors = np.zeros((count, width), dtype=np.float32)
        self._judged = np.zeros((count, 3), dtype=np.float32)
        self._times = np.zeros(count, dtype=np.float32)

    def add(self, analysis: Analysis, vectors: Floats, judged: Floats) -> None:
        at = analysis.window.sentences
        self._vectors[at] += vectors
        self._judged[at] += judged
        self._times[at] += 1

    def read(self, spans: tuple[tuple[int, int, int], ...]) -> SentencesRead:
        seen = self._times > 0
        vectors = self._vectors
        vectors[seen] /= np.linalg.norm(vectors[seen], axis=1, keepdims=True)
        judged = np.full_like(self._judged, np.nan)
        judged[seen] = self._judged[seen] / self._times[seen, None]
        return SentencesRead(spans, vectors, judged[:, 0], judged[:, 1], judged[:, 2])


def _said(analysis: Analysis, relation: Relation, certainty: float) -> Said:
    window = analysis.window

    def place(words: Sequence[tuple[int, int]]) -> Pairs:
        return tuple((int(window.starts[a]), int(window.ends[b - 1])) for a, b in words)

    (cue,) = place([(relation.cue.first, relation.cue.last)])
    return Said(place(relation.source), cue, place(relation.content), relation.score, certainty)
