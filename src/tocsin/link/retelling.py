"""How much of one document another tells: their sentences laid beside one another.

Claims that mean the same bring two documents together, but two posts about one event share such a claim
too. Whoever paraphrases or translates retells most of the text; so each sentence is paired with the one of
the other document that is nearest to it, both ways, and what counts is the share of the letters so paired.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tocsin.link.corpus import bare_texts
from tocsin.link.narratives.meanings import vectors_of
from tocsin.link.narratives.wordings import nearness
from tocsin.model import Span

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tocsin.model.access import CorpusTables

__all__ = ["Aligned", "Passages", "align", "passages_of"]

_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_ADDRESS: Final = re.compile(r"\(?(?:https?://|www\.|t\.me/)\S+|@\w+")
_NUMBER: Final = re.compile(r"\d{1,3}(?:[ ,\u00a0\u202f]\d{3})+(?!\d)|\d+(?:[.,:]\d+)*")
#: What stands between thousands: "4,000" and «4000» are one figure.
_THOUSANDS: Final = re.compile(r"\s|,(?=\d{3}(?!\d))")
#: A sentence of fewer words («Подробности позже») is told by everybody.
_FEWEST_WORDS: Final = 4
#: Sentences of one document that are looked at: a retelling shows in its beginning.
_MOST: Final = 40
#: How much less near than for one narrative two sentences may be that are each other's nearest, in one
#: language and in two: the order of a whole text bears out what a sentence alone would not.
_SLACK: Final = 0.05
_SLACK_ACROSS: Final = 0.13


@dataclass(frozen=True, slots=True)
class Passages:
    """The sentences of a document that say something; ``vectors`` are unit rows (n, d)."""

    spans: tuple[Span, ...]
    languages: tuple[str, ...]
    letters: tuple[int, ...]
    figures: tuple[frozenset[str], ...]
    vectors: NDArray[Any]


@dataclass(frozen=True, slots=True)
class Aligned:
    """Pairs of sentences (place in the one, in the other) and how near they are.

    ``excess`` is the similarity of each pair less what its two languages ask of one narrative; ``shares`` are
    the shares of the letters of each document that stand in a pair.
    """

    pairs: tuple[tuple[int, int], ...]
    excess: tuple[float, ...]
    shares: tuple[float, float]


def passages_of(given: CorpusTables, wanted: Iterable[str]) -> dict[str, Passages]:
    """The sentences of some documents with their vectors; a document without any has empty ones.

    What a channel puts under every post is no part of any.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    keys = pa.array(sorted(set(wanted)), pa.string())
    if not len(keys):
        return {}
    documents = given.table("documents", ["document_id", "text", "platform", "channel_id", "channel"])
    own = pc.is_in(documents.column("document_id"), keys)
    names = documents.column("document_id").filter(own).to_pylist()
    texts = dict(zip(names, bare_texts(documents).filter(own.combine_chunks()).to_pylist(), strict=True))
    columns = ["document_id", "start", "end", "language"]
    sentences = given.table("sentences", columns)
    sentences = sentences.filter(pc.is_in(sentences.column("document_id"), keys))
    kept: dict[str, list[_Sentence]] = {key: [] for key in texts}
    for key, *where in sorted(zip(*(sentences.column(name).to_pylist() for name in columns), strict=True)):
        sentence = _sentence(texts[key], *where)
        if sentence is not None and len(kept[key]) < _MOST:
            kept[key].append(sentence)
    flat = [(one.span.of(texts[key]), one.language) for key, found in kept.items() for one in found]
    vectors, _ = vectors_of([text for text, _ in flat], [language for _, language in flat])
    made, at = {}, 0
    for key, found in kept.items():
        made[key] = Passages(
            tuple(one.span for one in found),
            tuple(one.language for one in found),
            tuple(one.letters for one in found),
            tuple(one.figures for one in found),
            vectors[at : at + len(found)],
        )
        at += len(found)
    return made


@dataclass(frozen=True, slots=True)
class _Sentence:
    span: Span
    language: str
    letters: int
    figures: frozenset[str]


def _sentence(text: str, start: int, end: int, language: str) -> _Sentence | None:
    """A sentence of a text without its signature, addresses left out; None where too little is left."""
    words = _ADDRESS.sub(" ", text[start:end])
    found = _WORD.findall(words)
    if len(found) < _FEWEST_WORDS:
        return None
    figures = frozenset(_THOUSANDS.sub("", figure) for figure in _NUMBER.findall(words))
    return _Sentence(Span(start, min(end, len(text))), language, sum(map(len, found)), figures)


def _figures_differ(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether each names a number that the other lacks: «выше $77 000» and «выше $80 000»."""
    return bool(one - other) and bool(other - one)


def align(one: Passages, other: Passages) -> Aligned:
    """Lay the sentences of two documents beside one another, each in at most one pair. Symmetric.

    Sentences whose figures contradict one another are no pair.
    """
    import numpy as np

    if not one.spans or not other.spans:
        return Aligned((), (), (0.0, 0.0))
    asked = np.array([[nearness(a, b) for b in other.languages] for a in one.languages], np.float32)
    excess = np.round(one.vectors @ other.vectors.T - asked, 4)
    across = np.array([[a != b for b in other.languages] for a in one.languages])
    least = np.where(across, -_SLACK_ACROSS, -_SLACK)
    differ = np.array([[_figures_differ(a, b) for b in other.figures] for a in one.figures])
    excess[differ] = -2.0
    there, back = excess.argmax(axis=1), excess.argmax(axis=0)
    pairs = tuple(
        (row, int(column))
        for row, column in enumerate(there.tolist())
        if back[column] == row and excess[row, column] >= least[row, column]
    )
    shares = (
        sum(one.letters[row] for row, _ in pairs) / sum(one.letters),
        sum(other.letters[column] for _, column in pairs) / sum(other.letters),
    )
    return Aligned(pairs, tuple(float(excess[pair]) for pair in pairs), shares)
