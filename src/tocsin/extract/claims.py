"""From attributions and sentences to claims: contents with their chains, and the channel's own words."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from tocsin.extract.drafts import pieces, subtract
from tocsin.extract.readings import Reading, reading_of, readings_of
from tocsin.extract.sources import Source
from tocsin.extract.speakers import author_source
from tocsin.model import Attribution, Claim, Document, Sentence, Span, Spans, make_id

__all__ = ["claims_of"]

_WORD: Final = re.compile(r"[^\W_]+(?:[’'ʼ‑.-][^\W_]+)*")
_NOISE: Final = re.compile(
    r"https?://\S+|\]\(\S*?\)|[@#]\w+|подпис(?:ывайтесь|ывайся|аться|ывайте|ка)|підпис(?:уйтесь|уйся|атися)|жазылыңыз|"
    r"subscribe|читать (?:далее|статью|полностью)|читайте|подробнее|read more|click here|реклама|erid",
    re.IGNORECASE,
)
_CAPTION: Final = re.compile(r"^\W*[^.!?\n]{0,120}\.(?:jpe?g|png|gif|webp|mp4|mov|pdf)\W*$", re.IGNORECASE)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: What is left of a sentence beginning with one of these is an adjunct of the cue, no claim.
_ADJUNCTS: Final = _set(
    "in on at during after before for with by from since amid while when as who which where to of about "
    "в во на по о об при после до с со из для под который которая которые где когда "
    "у про після з із який яка які де коли"
)
_STOPS: Final = '.!?…:;»”")'
_FEWEST: Final = 4  # words of an own claim
_REST: Final = 6  # words that must remain beside an attribution for a claim of their own
_TITLE: Final = 6  # a line without a stop and with fewer words is a heading


def claims_of(
    document: Document, sentences: Sequence[Sentence], attributions: Sequence[Attribution], method: str
) -> list[Claim]:
    """Claims of a document: those of its attributions, then the channel's own; no two alike.

    A claim passed on word for word (the inner link has the outer's whole content) appears once, with the
    whole chain. Questions, captions, calls to subscribe and headings are no claims.
    """
    if not sentences:
        return []
    context = _Context(document, sentences, attributions, method)
    found: dict[str, Claim] = {}
    for attribution in attributions:
        if attribution.attribution_id in context.passed_on or not _countable(
            document.text, attribution.content
        ):
            continue
        claim = context.attributed(attribution)
        found.setdefault(claim.claim_id, claim)
    for claim in context.own_claims():
        found.setdefault(claim.claim_id, claim)
    return list(found.values())


def _countable(text: str, content: Spans) -> bool:
    return sum(len(_WORD.findall(span.of(text))) for span in content) >= 2


class _Context:
    """What making claims of one document needs to look up."""

    def __init__(
        self,
        document: Document,
        sentences: Sequence[Sentence],
        attributions: Sequence[Attribution],
        method: str,
    ) -> None:
        self.document = document
        self.text = document.text
        self.sentences = sentences
        self.starts = [s.start for s in sentences]
        self.attributions = attributions
        self.by_id: Mapping[str, Attribution] = {a.attribution_id: a for a in attributions}
        self.passed_on = {
            a.parent_id for a in attributions if a.parent_id and self.by_id[a.parent_id].content == a.content
        }
        self.author = author_source(document)
        self.readings = readings_of(document, sentences, attributions)
        self.method = method

    def sentence_at(self, offset: int) -> Sentence:
        return self.sentences[max(0, bisect_right(self.starts, offset) - 1)]

    def chain(self, attribution: Attribution) -> list[Attribution]:
        found = [attribution]
        while (parent := found[-1].parent_id) is not None and len(found) <= len(self.attributions):
            found.append(self.by_id[parent])
        return found[::-1]

    def attributed(self, attribution: Attribution) -> Claim:
        chain = self.chain(attribution)
        source = Source(attribution.source_kind, attribution.source_label, attribution.source_key)
        reading = self.readings[attribution.attribution_id]
        return self.claim(attribution.content, chain, source, reading, min(a.score for a in chain))

    def claim(
        self, content: Spans, chain: Sequence[Attribution], source: Source, reading: Reading, score: float
    ) -> Claim:
        sentence = self.sentence_at(content[0].start)
        ids = tuple(a.attribution_id for a in chain)
        flat = [n for span in content for n in (span.start, span.end)]
        reasons = chain[-1].reasons if chain else ("stated without a source",)
        return Claim(
            claim_id=make_id("claim", self.document.document_id, self.method, len(flat), *flat, *ids),
            document_id=self.document.document_id,
            sentence=sentence.ordinal,
            language=sentence.language,
            content=content,
            chain=ids,
            source_kind=source.kind,
            source_label=source.label,
            source_key=source.key,
            certainty=reading.certainty,
            hedges=reading.hedges,
            kind=reading.kind,
            kind_evidence=reading.evidence,
            score=score,
            reasons=(*reasons, *reading.reasons),
            method=self.method,
        )

    def own_claims(self) -> list[Claim]:
        """What remains of each sentence outside all attributions, if it states anything."""
        used = _union(s for a in self.attributions for s in (*a.source, *a.cue, *a.content))
        found = []
        at = 0
        for sentence in self.sentences:
            while at < len(used) and used[at].end <= sentence.start:
                at += 1
            holes = []
            for index in range(at, len(used)):
                if used[index].start >= sentence.end:
                    break
                holes.append(used[index])
            whole = Span(sentence.start, sentence.end)
            rest = pieces(self.text, subtract([whole], holes))
            if rest and self._states(sentence, rest, bool(holes)):
                score = 0.6 if not holes else 0.4
                reading = reading_of(self.text, rest, sentence.language, source_kind=self.author.kind)
                found.append(self.claim(rest, (), self.author, reading, score))
        return found

    def _states(self, sentence: Sentence, rest: Spans, cut: bool) -> bool:
        text = self.text
        whole = text[sentence.start : sentence.end]
        if sentence.language == "und" or whole.rstrip(' *_)»”"').endswith("?") or _CAPTION.match(whole):
            return False
        plain = " ".join(span.of(text) for span in rest)
        cleaned = _NOISE.sub(" ", plain)
        count = len(_WORD.findall(cleaned))
        if cleaned != plain and count < 3 * _FEWEST:
            return False
        if cut:
            # Beside an attribution only a clause that stands in one piece is the channel's own statement.
            return _stands_alone(text, sentence, max(rest, key=len))
        if count < _FEWEST:
            return False
        return count >= _TITLE or whole.rstrip(" *_")[-1:] in _STOPS


def _union(spans: Iterable[Span]) -> list[Span]:
    """The same characters as disjoint spans, so that one pass over the sentences meets each once."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found


def _stands_alone(text: str, sentence: Sentence, piece: Span) -> bool:
    """Whether what is left beside an attribution is a clause of its own: long enough, set off by punctuation
    on both sides, and no adjunct of the cue («in an interview with …»).
    """
    words = _WORD.findall(piece.of(text))
    if len(words) < _REST or words[0].lower() in _ADJUNCTS:
        return False
    before = text[sentence.start : piece.start].rstrip()
    after = text[piece.end : sentence.end].lstrip()
    return (not before or not before[-1].isalnum()) and (not after or not after[0].isalnum())
