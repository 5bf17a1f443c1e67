"""How much of one document another tells: their sentences laid beside one another.

Claims that mean the same bring two documents together, but two posts about one event share such a claim
too. Whoever paraphrases or translates retells most of the text; so each sentence is paired with the one of
the other document that is nearest to it, both ways, and what counts is the share of the letters so paired.
"""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from tocsin.link.corpus import bare_texts
from tocsin.link.narratives.meanings import pack, unpack, vectors_of
from tocsin.link.narratives.wordings import nearness
from tocsin.model import PassageVector, Span, make_id
from tocsin.model.arrow import rows_of, table_of
from tocsin.model.tables import PASSAGE_VECTORS

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

    from tocsin.model.access import CorpusTables

__all__ = [
    "MAYBE",
    "Aligned",
    "KnownPassages",
    "Passages",
    "align",
    "evidence",
    "features",
    "passages_of",
    "probability",
]

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
#: How fast the odds grow with the similarity where that was not measured.
_SLOPE: Final = 20.0
#: Two documents from this probability on may be a text and its translation; then a pair of sentences may have
#: odds (their logarithm) as low as these.
MAYBE: Final = 0.3
_LEAST_ODDS: Final = -2.5
_NEVER: Final = 99.0
#: Odds are capped here where pairs are compared, and here where they are added up.
_STAND_OUT: Final = (-6.0, 4.0)
_ONE_SAYS: Final = 3.0


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

    ``beside`` is the share of the letters of the shorter one beside its nearest pair that stand in another
    pair.
    ``excess`` is the similarity of each pair less what its two languages ask of one narrative; ``likely`` is
    the probability that one document translates the other, or part of it (0 in one language); ``shares`` are
    the shares of the letters of each document that stand in a pair.
    """

    pairs: tuple[tuple[int, int], ...]
    excess: tuple[float, ...]
    likely: float
    shares: tuple[float, float]
    beside: float = 0.0


class KnownPassages:
    """Vectors of sentences, those of the last time taken over: nothing in a case takes longer to make.

    A vector follows from the words and their language alone, so it does not matter when it was made.
    """

    def __init__(self, previous: Mapping[str, pa.Table]) -> None:
        self._known: dict[str, tuple[bytes, float]] = {}
        self._used: dict[str, tuple[bytes, float]] = {}
        if "passage_vectors" in previous:
            rows = rows_of(previous["passage_vectors"], PASSAGE_VECTORS)
            self._known = {row.passage_id: (row.vector, row.scale) for row in rows}

    def vectors(self, texts: Sequence[str], languages: Sequence[str]) -> Floats:
        """Unit rows (n, dimension) of the texts, as exact as they are kept (see ``pack``)."""
        keys = [make_id("passage", *item) for item in zip(languages, texts, strict=True)]
        new = {key: row for row, key in enumerate(keys) if key not in self._known}
        made, _ = vectors_of([texts[row] for row in new.values()], [languages[row] for row in new.values()])
        self._known |= {key: pack(vector) for key, vector in zip(new, made, strict=True)}
        self._used |= {key: self._known[key] for key in keys}
        packed = [self._known[key] for key in keys]
        return unpack([vector for vector, _ in packed], [scale for _, scale in packed])

    def table(self) -> pa.Table:
        """Rows of ``passage_vectors``: all that was asked for."""
        rows = [PassageVector(key, *packed) for key, packed in sorted(self._used.items())]
        return table_of(rows, PASSAGE_VECTORS)


def passages_of(given: CorpusTables, wanted: Iterable[str], known: KnownPassages) -> dict[str, Passages]:
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
    vectors = known.vectors([text for text, _ in flat], [language for _, language in flat])
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


@cache
def _evidence() -> dict[str, Any]:
    source = files("tocsin.link.narratives") / "data" / "evidence.json"
    read: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return read


def evidence(one: str, other: str) -> tuple[float, float]:
    """What a similarity says for a translation: where the odds are even, and the slope of their logarithm.

    Even odds: a sentence is as often like its translation as like the nearest of those around it
    (``data/evidence.json``, made by ``training/retelling``). For two languages that were not measured, and
    for one, the limit of narratives less a slack.
    """
    found = _evidence()["sentences"].get("-".join(sorted((one, other))))
    if found:
        return float(found[0]), float(found[1])
    return nearness(one, other) - (_SLACK if one == other else _SLACK_ACROSS), _SLOPE


def align(one: Passages, other: Passages) -> Aligned:
    """Lay the sentences of two documents beside one another, each in at most one pair. Symmetric.

    Each other's nearest are a pair where even odds or more speak for it, and across languages also where less
    does if the two documents as a whole are likely to be a text and its translation. Sentences whose figures
    contradict one another are no pair.
    """
    import numpy as np

    if not one.spans or not other.spans:
        return Aligned((), (), 0.0, (0.0, 0.0))
    similar = np.round(one.vectors @ other.vectors.T, 4)
    curves = np.array([[evidence(a, b) for b in other.languages] for a in one.languages], np.float32)
    odds = (similar - curves[:, :, 0]) * curves[:, :, 1]
    differ = np.array([[_figures_differ(a, b) for b in other.figures] for a in one.figures])
    odds[differ] = -_NEVER
    there, back = odds.argmax(axis=1), odds.argmax(axis=0)
    pairs = [(row, int(column)) for row, column in enumerate(there.tolist()) if back[column] == row]
    across = sum(one.languages[a] != other.languages[b] for a, b in pairs)
    likely = probability(odds, pairs) if 2 * across > len(pairs) else 0.0
    least = _LEAST_ODDS if likely >= MAYBE else 0.0
    pairs = [pair for pair in pairs if odds[pair] >= least]
    return Aligned(
        tuple(pairs),
        tuple(
            round(float(similar[a, b]) - nearness(one.languages[a], other.languages[b]), 4) for a, b in pairs
        ),
        likely,
        (
            sum(one.letters[row] for row, _ in pairs) / sum(one.letters),
            sum(other.letters[column] for _, column in pairs) / sum(other.letters),
        ),
        _beside((one.letters, other.letters), pairs, [float(odds[pair]) for pair in pairs]),
    )


def _beside(
    letters: tuple[tuple[int, ...], tuple[int, ...]], pairs: list[tuple[int, int]], odds: list[float]
) -> float:
    """The share of the shorter document without its nearest sentence that is in a pair."""
    shares = [0.0]
    for side in (0, 1):
        paired = sum(letters[side][pair[side]] for pair in pairs)
        for pair, says in zip(pairs, odds, strict=True):
            rest = sum(letters[side]) - letters[side][pair[side]]
            if says == max(odds) and rest:
                shares.append((paired - letters[side][pair[side]]) / rest)
    return max(shares)


def probability(odds: Floats, pairs: Sequence[tuple[int, int]]) -> float:
    """How likely two documents are to be a text and its translation, or a part of it; 0 for one sentence.

    ``odds`` are those of their sentences (logarithms), ``pairs`` each other's nearest.
    """
    if min(odds.shape) < 2 or not pairs:
        return 0.0
    weights = _evidence()["documents"]
    total = weights[0] + sum(w * f for w, f in zip(weights[1:], features(odds, pairs), strict=True))
    return round(1 / (1 + math.exp(-total)), 4)


def features(odds: Floats, pairs: Sequence[tuple[int, int]]) -> tuple[float, ...]:
    """What tells a translation from another text about the same, of two or more sentences each.

    The best pair does not count: two posts about one event have a sentence in common. What counts is how much
    the others say, how far they stand out from what else each could be paired with, whether they follow in
    the same order, and how many there could be.
    """
    import numpy as np

    fewest = min(odds.shape)
    capped = np.clip(odds, *_STAND_OUT)
    told = []
    for row, column in pairs:
        beside = np.concatenate([np.delete(capped[row], column), np.delete(capped[:, column], row)])
        margin = min(max(float(capped[row, column] - beside.max()), 0.0), _STAND_OUT[1])
        told.append((float(odds[row, column]), margin))
    told = sorted(told)[:-1]
    said = [min(max(says, -_ONE_SAYS), _ONE_SAYS) for says, _ in told]
    said += [-_ONE_SAYS] * (fewest - len(pairs))
    return (
        sum(said) / (fewest - 1),
        sum(margin for _, margin in told) / (fewest - 1),
        (_in_order([column for _, column in sorted(pairs)]) - 1) / (fewest - 1),
        math.log(fewest),
    )


def _in_order(columns: Sequence[int]) -> int:
    """Length of the longest part of a sequence that rises."""
    ends: list[int] = []
    for column in columns:
        at = bisect_left(ends, column)
        ends[at : at + 1] = [column]
    return len(ends)
