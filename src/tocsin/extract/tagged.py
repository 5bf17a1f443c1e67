"""The tagger's drafts: the network over paragraphs, then again inside what it found to be said.

In English what stands outermost is judged by the core as well (``language/fusion.py``).
Its training data has no chains: an attribution inside another's content is not annotated there. So the
network is run a second time on each content as if it were a paragraph of its own, and once more inside those;
features are cut out, never computed twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from tocsin.extract.drafts import Draft, Line, position
from tocsin.extract.spoken import Spoken, draft_of
from tocsin.language.attribution import packaged_attributor
from tocsin.language.core import Analysis
from tocsin.language.fusion import candidates, packaged_fusion
from tocsin.language.relations import Relation
from tocsin.language.tagger import AttributionNetwork, attribution_network
from tocsin.language.trim import trim_source
from tocsin.language.universal import UniversalEncoder, universal_encoder
from tocsin.language.wordfeatures import ParagraphWords, paragraph_words
from tocsin.model import Sentence

__all__ = ["TaggerDrafts"]

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


#: Words, and the relations found in them.
_Read = tuple[ParagraphWords, list[Relation]]


class TaggerDrafts:
    """Drafts by the packaged tagger.

    The score is the network's own estimate that the cue heads an attribution (0 to 1); the model card says
    how it is calibrated.
    """

    def __init__(
        self, network: AttributionNetwork | None = None, encoder: UniversalEncoder | None = None
    ) -> None:
        self._network = network
        self._encoder = encoder

    def drafts(
        self,
        text: str,
        sentences: Sequence[Sentence],
        lines: Sequence[Line],
        analyses: Sequence[Analysis] | None = None,
    ) -> list[Draft]:
        """What the network finds in a document, by position, not yet nested.

        ``analyses`` are the core's of the same document, where it is to be heard as well.
        """
        if not sentences:
            return []
        paragraphs = [list(group) for _, group in groupby(sentences, key=lambda s: s.paragraph)]
        spans = [[(s.start, s.end) for s in group] for group in paragraphs]
        codes = [s.language for s in sentences]
        encoder = self._encoder or universal_encoder()
        words = [part for whole in paragraph_words(text, spans, encoder, codes) for part in _parts(whole)]
        network = self._network or attribution_network()
        if analyses is None:
            found = network.tag(words)
        else:
            fusion = packaged_fusion()
            read = candidates(words, analyses, network, packaged_attributor())
            found = [fusion.relations(own) for own in read]
        return sorted(self._drafts(text, lines, list(zip(words, found, strict=True)), _DEPTH), key=position)

    def _drafts(
        self, text: str, lines: Sequence[Line], found: Sequence[_Read], depth: int
    ) -> Iterator[Draft]:
        """Drafts of relations found in stretches of words and, ``depth`` times, in their contents."""
        inside: list[ParagraphWords] = []
        for own, relations in found:
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
            again = (self._network or attribution_network()).tag(inside)
            yield from self._drafts(text, lines, list(zip(inside, again, strict=True)), depth - 1)


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
