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
from tocsin.model import Attribution, Document, Sentence, overlaps

__all__ = ["JoinedExtractor"]

#: Rules of closed forms: they decide …
_CLOSED: Final = "phrase:"
#: … but not in Kazakh, where the core reads them better.
_WEAK: Final = frozenset({"kk"})
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
    """Whether nobody is said to have said it: a bid or an infinitive without a source.

    So stand at the foot of posts «Надіслати новину», «Подписывайся на …».
    """
    if draft.source or draft.language not in _TENSED:
        return False
    first = _WORD.search(text, draft.cue[0].start, draft.cue[-1].end) if draft.cue else None
    return first is not None and tense(first[0].lower(), draft.language) in {"infn", "impr"}


def _fill(text: str, draft: Draft, rule: Draft) -> None:
    """Give a draft what a rule with the same cue knows of its source: the source itself where it has none or
    only a part of the rule's, and the case it stands in. Never one that stands in its content.
    """
    if not any(overlaps(a, b) for a in draft.cue for b in rule.cue):
        return
    source = pieces(text, subtract(rule.source, (*draft.cue, *draft.content)))
    part = all(any(whole.start <= s.start and s.end <= whole.end for whole in source) for s in draft.source)
    if source == rule.source and part:
        if source != draft.source:
            draft.reasons.append(f"source by {rule.rule}")
        draft.source, draft.implied = source, ""
    if any(overlaps(a, b) for a in draft.source for b in rule.source):
        draft.case = rule.case


def _rivals(draft: Draft, other: Draft) -> bool:
    """Whether two drafts read the same words as cue, or as cue and source."""
    if any(overlaps(a, b) for a in draft.cue for b in (*other.cue, *other.source)):
        return True
    return any(overlaps(a, b) for a in draft.source for b in other.cue)


def _same(draft: Draft, other: Draft) -> bool:
    mine, theirs = _characters(draft), _characters(other)
    return len(mine & theirs) >= _SAME * len(mine | theirs)


def _characters(draft: Draft) -> set[int]:
    return {n for span in draft.content for n in range(span.start, span.end)}
