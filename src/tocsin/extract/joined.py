"""Networks and rules together.

The networks know far more ways of saying that somebody said something. The rules know a few closed forms
(«по его словам», "according to", «з посиланням на») exactly, which the networks read with the wrong bounds,
and find plain ones the networks pass over. So: the closed forms are the rules'; where both read the same
cue the network decides, but a source it left empty is taken from the rule; where the network is silent, a
rule that is sure enough speaks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from tocsin.extract.chains import attributions_of, nest
from tocsin.extract.drafts import Draft, pieces, position, subtract
from tocsin.extract.neural import NeuralExtractor
from tocsin.extract.predicates import tense
from tocsin.extract.rules import RuleExtractor
from tocsin.extract.rules import lines_of as lines_with_rules
from tocsin.extract.spoken import lines_of
from tocsin.model import Attribution, Document, Sentence, Span, Spans, overlaps

__all__ = ["JoinedExtractor"]

#: Rules of closed forms: they decide …
_CLOSED: Final = "phrase:"
#: … but not in Kazakh, where the core reads them better.
_WEAK: Final = frozenset({"kk"})
#: Languages in which the networks know better who is quoted within, and which words are the cue.
_SURE_OF: Final = frozenset({"en"})
#: Rules of who signs: they tell of the whole of what is signed.
_SIGNED: Final = ("layout: source after", "layout: signature")
#: The least score of a rule that speaks where the networks are silent.
_SURE: Final = 0.7
#: Languages in whose verbs a bid and an infinitive can be told from the word.
_TENSED: Final = frozenset({"ru", "uk"})
_WORD: Final = re.compile(r"[^\W\d_]+(?:[’'ʼ][^\W\d_]+)*")
#: Two contents that share this much of all their words are one.
_SAME: Final = 0.5


class JoinedExtractor:
    """Attributions by networks and rules; implements ``AttributionExtractor``."""

    method = "joined/2"

    def __init__(self) -> None:
        self._network = NeuralExtractor()
        self._rules = RuleExtractor()

    def extract(self, document: Document, sentences: Sequence[Sentence]) -> list[Attribution]:
        """Attributions of one document, by position; see ``AttributionExtractor``."""
        text = document.text
        lines = lines_of(text, sentences)
        found = self._network.drafts(text, sentences, lines)
        by_start = {line.start: line.index for line in lines}
        ruled = lines_with_rules(text, sentences)
        rules = self._rules.drafts(text, ruled)
        for draft in rules:
            draft.line = by_start[ruled[draft.line].start]
        joined = sorted((d for d in join(text, found, rules) if not _bids(text, d)), key=position)
        return attributions_of(document, lines, nest(text, joined), self.method)


def join(text: str, network: Sequence[Draft], rules: Sequence[Draft]) -> list[Draft]:
    """What stays of the drafts of one document, in no particular order; sources may be filled in."""
    closed = [draft for draft in rules if draft.rule.startswith(_CLOSED) and draft.language not in _WEAK]
    found = [draft for draft in network if not any(_rivals(draft, other) for other in closed)]
    for draft in rules:
        rivals = [other for other in found if _rivals(draft, other)]
        if not rivals and draft.score >= _SURE and not any(_same(draft, other) for other in found):
            found.append(draft)
        elif len(rivals) == 1 and draft.source:
            _fill(text, rivals[0], draft)
    return found


def _bids(text: str, draft: Draft) -> bool:
    """Whether nobody is said to have said it: a bid or an infinitive with no source, or with another as one.

    So stand at the foot of posts «Надіслати новину», «Подписаться | Прислать новость».
    """
    if draft.language not in _TENSED:
        return False
    return all(
        _tense(text, spans, draft.language) in {"infn", "impr"}
        for spans in (draft.cue, draft.source)
        if spans
    )


def _tense(text: str, spans: Spans, language: str) -> str:
    first = _WORD.search(text, spans[0].start, spans[-1].end)
    return tense(first[0].lower(), language) if first else ""


def _fill(text: str, draft: Draft, rule: Draft) -> None:
    """Give a draft what a rule with the same cue knows of its source: the source itself where it has none or
    only a part of the rule's, and the case it stands in. Never one that stands in its content.
    """
    if not any(overlaps(a, b) for a in draft.cue for b in rule.cue):
        return
    if _swallowed(draft, rule):
        draft.cue = rule.cue
    elif len(draft.source) > 1 and len(rule.source) == 1 and _torn(draft, rule):
        draft.source, draft.content = rule.source, rule.content
        draft.reasons.append(f"source and content by {rule.rule}")
    source = pieces(text, subtract(rule.source, (*draft.cue, *draft.content)))
    part = all(any(_within(s, whole) for whole in source) for s in draft.source)
    if source == rule.source and part:
        if source != draft.source:
            draft.reasons.append(f"source by {rule.rule}")
        draft.source, draft.implied = source, ""
    if any(overlaps(a, b) for a in draft.source for b in rule.source):
        draft.case = rule.case


def _swallowed(draft: Draft, rule: Draft) -> bool:
    """Whether the cue was read with the source in it: «пишет Вестник»."""
    inside = all(any(_within(s, c) for c in draft.cue) for s in (*rule.source, *rule.cue))
    return draft.language not in _SURE_OF and not draft.source and inside


def _torn(draft: Draft, rule: Draft) -> bool:
    """Whether a source was read in pieces of which the rule has one, and the rest in its content.

    «Совет глав … постпред»: the subject of what was said was taken into the source.
    """
    rest = [s for s in draft.source if s not in rule.source]
    inside = all(any(_within(s, c) for c in rule.content) for s in (*rest, *draft.content))
    # Kazakh verbs stand last, so that there the rest may be another's subject.
    return draft.language in _TENSED and len(rest) == len(draft.source) - 1 and inside


def _within(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _rivals(draft: Draft, other: Draft) -> bool:
    """Whether two drafts read the same words as cue, or as cue and source."""
    if any(overlaps(a, b) for a in draft.cue for b in (*other.cue, *other.source)):
        return True
    return any(overlaps(a, b) for a in draft.source for b in other.cue)


def _same(draft: Draft, other: Draft) -> bool:
    """Whether a rule's draft has the same content as another.

    Not so where one tells of the other: it is signed («Замок пригласит гостей, — мэр»), or somebody else is
    quoted within («Мэр сказала, что инженеры сообщили ей, что …»).
    """
    if draft.rule.startswith(_SIGNED) and _holds(draft.content, other.cue):
        return False
    if draft.source and draft.language not in _SURE_OF and _holds(other.content, draft.cue):
        return False
    mine, theirs = _characters(draft), _characters(other)
    return len(mine & theirs) >= _SAME * len(mine | theirs)


def _holds(content: Spans, cue: Spans) -> bool:
    return bool(cue) and all(any(_within(c, s) for s in content) for c in cue)


def _characters(draft: Draft) -> set[int]:
    return {n for span in draft.content for n in range(span.start, span.end)}
