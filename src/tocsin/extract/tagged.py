"""The tagger's extractor: the network over paragraphs, then again inside what it found to be said.

Its training data has no chains: an attribution inside another's content is not annotated there. So the
network is run a second time on each content as if it were a paragraph of its own, and once more inside those;
features are cut out, never computed twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from tocsin.extract.chains import attributions_of, nest
from tocsin.extract.drafts import Draft, Line
from tocsin.extract.spoken import METHOD, Spoken, draft_of, lines_of
from tocsin.language.relations import Relation
from tocsin.language.tagger import AttributionNetwork, attribution_network
from tocsin.language.trim import trim_source
from tocsin.language.universal import UniversalEncoder, universal_encoder
from tocsin.language.wordfeatures import ParagraphWords, paragraph_words
from tocsin.model import Attribution, Document, Sentence

__all__ = ["TaggerExtractor"]

#: Chains are followed this far in.
_DEPTH: Final = 3
#: A content of fewer words is not searched for further speakers.
_FEWEST: Final = 5
#: Inside a content an attribution must reach this score: nothing there was seen in training.
_INNER: Final = 0.7
#: Conjunctions that open a content.
_OPENINGS: Final = frozenset({"that", "что", "що", "как", "як", "будто", "ніби", "že", "że"})
#: Words of a paragraph, beyond which it is read in parts: a table or a list, hardly prose.
_LONGEST: Final = 1500


class TaggerExtractor:
    """Attributions by the packaged network; implements ``AttributionExtractor``.

    The score is the network's own estimate that the cue heads an attribution (0 to 1); the model card says
    how it is calibrated.
    """

    method = METHOD

    def __init__(
        self, network: AttributionNetwork | None = None, encoder: UniversalEncoder | None = None
    ) -> None:
        self._network = network
        self._encoder = encoder

    def extract(self, document: Document, sentences: Sequence[Sentence]) -> list[Attribution]:
        """Attributions of one document, by position; see ``AttributionExtractor``."""
        text = document.text
        if not sentences:
            return []
        paragraphs = [list(group) for _, group in groupby(sentences, key=lambda s: s.paragraph)]
        lines = lines_of(text, sentences)
        spans = [[(s.start, s.end) for s in group] for group in paragraphs]
        codes = [s.language for s in sentences]
        encoder = self._encoder or universal_encoder()
        words = [part for whole in paragraph_words(text, spans, encoder, codes) for part in _parts(whole)]
        drafts = list(self._drafts(text, lines, words, _DEPTH))
        drafts.sort(key=lambda d: ((d.cue or d.source or d.content)[0], d.content))
        return attributions_of(document, lines, nest(text, drafts), self.method)

    def _drafts(
        self, text: str, lines: Sequence[Line], words: Sequence[ParagraphWords], depth: int
    ) -> Iterator[Draft]:
        """Drafts found in stretches of words and, ``depth`` times, in their contents."""
        network = self._network or attribution_network()
        inside: list[ParagraphWords] = []
        for own, relations in zip(words, network.tag(words), strict=True):
            for relation in relations:
                if depth < _DEPTH and relation.score < _INNER:
                    continue
                draft = draft_of(text, lines, _spoken(own, relation, lines))
                if draft is None:
                    continue
                yield draft
                for content in relation.content:
                    first, last = _said(own, *content)
                    if _FEWEST <= last - first < len(own):
                        inside.append(_cut(own, first, last))
        if inside and depth > 1:
            yield from self._drafts(text, lines, inside, depth - 1)


def _parts(words: ParagraphWords) -> Iterator[ParagraphWords]:
    if len(words) <= _LONGEST:
        yield words
        return
    for at in range(0, len(words), _LONGEST):
        yield _cut(words, at, min(at + _LONGEST, len(words)))


def _said(words: ParagraphWords, first: int, last: int) -> tuple[int, int]:
    """Content words without an opening mark or conjunction: what reads like a sentence of its own."""
    while first < last and (words.words[first].lower() in _OPENINGS or words.shapes[first, 4]):
        first += 1
    return first, last


def _cut(words: ParagraphWords, first: int, last: int) -> ParagraphWords:
    """Words [first, last) as a paragraph of their own, outside any quotation that surrounds them."""
    sentence = words.sentence[first:last] - words.sentence[first]
    shapes = words.shapes[first:last].copy()
    if shapes[:, 16].all():
        shapes[:, 16] = 0
        shapes[:, 21] = 0
    shapes[0, 17] = shapes[-1, 18] = 1
    return ParagraphWords(
        words.words[first:last],
        words.starts[first:last],
        words.ends[first:last],
        sentence,
        words.features[first:last],
        shapes,
    )


def _spoken(words: ParagraphWords, relation: Relation, lines: Sequence[Line]) -> Spoken:
    """A relation in code points of the document, its source trimmed as its language asks."""

    def ranges(found: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        return [(int(words.starts[a]), int(words.ends[b - 1])) for a, b in found]

    at = int(words.starts[relation.cue.first])
    language = next((line.lexicon.language for line in reversed(lines) if line.start <= at), "en")
    source = [s for s in (trim_source(words.words, r, language) for r in relation.source) if s]
    cue = ranges([(relation.cue.first, relation.cue.last)])
    return Spoken(ranges(source), cue, ranges(relation.content), relation.score)
