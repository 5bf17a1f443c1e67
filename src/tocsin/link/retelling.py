"""How much of one document another tells: their sentences laid beside one another.

Claims that mean the same bring two documents together, but two posts about one event share such a claim too.
Whoever paraphrases or translates retells most of the text; so each sentence is paired with the one of the other
document that is nearest to it, both ways, and what counts is the share of the letters so paired.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tocsin.link.narratives.meanings import vectors_of
from tocsin.link.narratives.wordings import nearness
from tocsin.model import Span

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tocsin.model.access import CorpusTables

__all__ = ["Aligned", "Passages", "align", "passages_of"]

_WORD: Final = re.compile(r"[^\W\d_]{2,}")
#: A sentence of fewer words («Подробности позже») is told by everybody.
_FEWEST_WORDS: Final = 4
#: Sentences of one document that are looked at: a retelling shows in its beginning.
_MOST: Final = 40
#: How much less near than for one narrative two sentences may be that are each other's nearest, in one language
#: and in two: the order of a whole text bears out what a sentence alone would not.
_SLACK: Final = 0.05
_SLACK_ACROSS: Final = 0.13


@dataclass(frozen=True, slots=True)
class Passages:
    """The sentences of a document that say something: spans, languages, letters, unit vectors (n, d)."""

    spans: tuple[Span, ...]
    languages: tuple[str, ...]
    letters: tuple[int, ...]
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
    """The sentences of some documents with their vectors; a document without any has empty ones."""
    import pyarrow as pa
    import pyarrow.compute as pc

    keys = pa.array(sorted(set(wanted)), pa.string())
    if not len(keys):
        return {}

    def rows(table: str, columns: Sequence[str]) -> Mapping[str, list[Any]]:
        data = given.table(table, columns)
        found: Mapping[str, list[Any]] = data.filter(pc.is_in(data.column("document_id"), keys)).to_pydict()
        return found

    documents = rows("documents", ["document_id", "text"])
    texts = dict(zip(documents["document_id"], documents["text"], strict=True))
    columns = ("document_id", "start", "end", "language")
    sentences = rows("sentences", columns)
    kept: dict[str, list[tuple[Span, str, int]]] = {key: [] for key in texts}
    for key, start, end, language in sorted(zip(*(sentences[name] for name in columns), strict=True)):
        words = _WORD.findall(texts[key], start, end)
        if len(words) >= _FEWEST_WORDS and len(kept[key]) < _MOST:
            kept[key].append((Span(start, end), language, sum(map(len, words))))
    flat = [(span.of(texts[key]), language) for key, own in kept.items() for span, language, _ in own]
    vectors, _ = vectors_of([text for text, _ in flat], [language for _, language in flat])
    made, at = {}, 0
    for key, own in kept.items():
        made[key] = Passages(
            tuple(span for span, _, _ in own),
            tuple(language for _, language, _ in own),
            tuple(letters for _, _, letters in own),
            vectors[at : at + len(own)],
        )
        at += len(own)
    return made


def align(one: Passages, other: Passages) -> Aligned:
    """Lay the sentences of two documents beside one another, each in at most one pair. Symmetric."""
    import numpy as np

    if not one.spans or not other.spans:
        return Aligned((), (), (0.0, 0.0))
    asked = np.array([[nearness(a, b) for b in other.languages] for a in one.languages], np.float32)
    excess = np.round(one.vectors @ other.vectors.T - asked, 4)
    across = np.array([[a != b for b in other.languages] for a in one.languages])
    least = np.where(across, -_SLACK_ACROSS, -_SLACK)
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
