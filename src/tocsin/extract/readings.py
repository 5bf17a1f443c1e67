"""What each attribution says: how surely, what kind of statement, and the words of its forecast or blame.

Whoever found the spans, rules or network, is read by the same functions. Words that a content only passes on
belong to the attribution inside it: «„Волна“ пишет, что мэр пообещал …» reports, and the promise is the
mayor's. One that passes on the very same words is read as the inner one is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tocsin.extract.certainty import certainty_of
from tocsin.extract.drafts import pieces, subtract
from tocsin.extract.forecasts import blame_words, forecast_words
from tocsin.extract.kinds import kind_of
from tocsin.extract.words import normal, word_set, word_spans
from tocsin.model import Attribution, Certainty, ClaimKind, Document, Sentence, Span, Spans

__all__ = ["Reading", "reading_of", "readings_of"]

#: What may be left of a content that only passes on another attribution.
_CONNECTIVES: Final = word_set(
    "that and who which to what what's reportedly allegedly что и а но о об про как которая которое "
    "который которые со по ли в это якобы будто вроде мол бы що і й та але про як який яка яке які з "
    "у це нібито начебто мовляв деп деген бұл"
)
_OPEN_BIDDING: Final = frozenset({"ru", "uk", "kk", "be"})


@dataclass(frozen=True, slots=True)
class Reading:
    """What is made of a content; every word is a span of the text."""

    certainty: str
    hedges: Spans
    kind: str
    evidence: Spans
    reasons: tuple[str, ...] = ()
    event: Spans = ()
    horizon: Spans = ()
    blamed: Spans = ()
    deed: Spans = ()


def reading_of(
    text: str,
    content: Spans,
    language: str,
    cues: Sequence[tuple[str, Spans]] = (),
    source_kind: str = "",
    around: Sequence[Span] = (),
) -> Reading:
    """The reading of one content.

    ``cues`` are ``(lemma, spans)`` of those who give these words, innermost last; ``around`` are the
    reporter's words beside the cue.
    """
    kind, evidence = kind_of(text, content, language, cues[-1] if cues else ("", ()), source_kind)
    event, horizon = forecast_words(text, content, language) if kind == ClaimKind.FORECAST else ((), ())
    blamed, deed = blame_words(text, content, language) if kind == ClaimKind.BLAME else ((), ())
    found = certainty_of(text, content, language, cues, main=event, around=around)
    value, reasons = found.value, found.reasons
    hedges = found.hedges
    if kind == ClaimKind.ADVICE and language in _OPEN_BIDDING:
        value, hedges, reasons = Certainty.UNDERSPECIFIED, (), ("bidding leaves it open",)
    return Reading(value, hedges, kind, evidence, reasons, event, horizon, blamed, deed)


def readings_of(
    document: Document, sentences: Sequence[Sentence], attributions: Sequence[Attribution]
) -> dict[str, Reading]:
    """Every attribution's reading by its id."""
    reader = _Reader(document.text, sentences, attributions)
    return {a.attribution_id: reader.read(a) for a in attributions}


class _Reader:
    def __init__(self, text: str, sentences: Sequence[Sentence], attributions: Sequence[Attribution]) -> None:
        self.text = text
        self.sentences = sentences
        self.starts = [s.start for s in sentences]
        self.by_id: Mapping[str, Attribution] = {a.attribution_id: a for a in attributions}
        self.inner: dict[str, list[Attribution]] = {}
        for a in attributions:
            if a.parent_id:
                self.inner.setdefault(a.parent_id, []).append(a)
        self.done: dict[str, Reading] = {}

    def language(self, offset: int) -> str:
        if not self.sentences:
            return "und"
        return self.sentences[max(0, bisect_right(self.starts, offset) - 1)].language

    def read(self, attribution: Attribution) -> Reading:
        """Its reading; of words only passed on, that of the innermost who gives them."""
        key = attribution.attribution_id
        if key not in self.done:
            same = next((a for a in self.inner.get(key, ()) if self._same(attribution, a)), None)
            self.done[key] = self.read(same) if same is not None else self._own(attribution)
        return self.done[key]

    def _own(self, attribution: Attribution) -> Reading:
        inner = self.inner.get(attribution.attribution_id, ())
        holes = [s for a in inner for s in (*a.source, *a.cue, *a.content)]
        rest = pieces(self.text, subtract(attribution.content, holes)) if holes else attribution.content
        language = self.language(attribution.content[0].start)
        cues = [(cue_lemma(a), a.cue) for a in self._same_words(attribution)]
        around = self._around(attribution)
        if inner and all(a.source_key == attribution.source_key for a in inner):
            rest = attribution.content  # «я считаю, что …: по-моему, …»: one and the same goes on
        elif inner and self._only_connects(rest):
            found = certainty_of(self.text, rest, language, cues, around=around)
            return Reading(found.value, found.hedges, ClaimKind.REPORT, (), found.reasons)
        return reading_of(self.text, rest, language, cues, attribution.source_kind, around)

    def _same_words(self, attribution: Attribution) -> list[Attribution]:
        """The links that give exactly these words, outermost first."""
        found = [attribution]
        while (parent := found[-1].parent_id) and len(found) <= len(self.by_id):
            outer = self.by_id[parent]
            if not self._same(outer, attribution):
                break
            found.append(outer)
        return found[::-1]

    def _same(self, outer: Attribution, inner: Attribution) -> bool:
        """Whether the inner one has the very words of the outer, but for conjunctions."""
        if outer.content == inner.content:
            return True
        if len(outer.content) != len(inner.content):
            return False
        ends = [(a.end, b.end) for a, b in zip(outer.content, inner.content, strict=True)]
        starts = [sorted((a.start, b.start)) for a, b in zip(outer.content, inner.content, strict=True)]
        between = [Span(*pair) for pair in starts if pair[0] < pair[1]]
        return all(a == b for a, b in ends) and self._only_connects(tuple(between))

    def _only_connects(self, rest: Spans) -> bool:
        words = [normal(span.of(self.text)) for span in word_spans(self.text, rest)]
        return all(word in _CONNECTIVES for word in words)

    def _around(self, attribution: Attribution) -> list[Span]:
        """The reporter's words between source and cue."""
        heads = sorted((*attribution.source, *attribution.cue))
        if not heads or not attribution.cue:
            return []
        at = attribution.cue[0].start
        sentence = self.sentences[max(0, bisect_right(self.starts, at) - 1)] if self.sentences else None
        near = [s for s in heads if sentence is None or sentence.start <= s.start < sentence.end]
        between = Span(min(s.start for s in near), max(s.end for s in near))
        return list(pieces(self.text, subtract([between], (*heads, *attribution.content))))


def cue_lemma(attribution: Attribution) -> str:
    """The cue's lemma or phrase as the first reason names it («verb: suggest, that» → «suggest»)."""
    rule = attribution.reasons[0] if attribution.reasons else ""
    _, _, rest = rule.partition(": ")
    return rest.partition(",")[0].removesuffix(" that").removesuffix(" X").removeprefix("X ").strip()
