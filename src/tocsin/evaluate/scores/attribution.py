"""Attributions: who says what, as spans of source, cue and content.

The definitions of ``score_attribution.py``, the scorer that comes with the benchmark data on PolNeAR (Newell,
Margolin and Ruths 2018, "An Attribution Relations Corpus for Political News"), so figures compare with those
given there. A span counts as the set of word tokens it touches, so signs, quotation marks and white space
never decide. Contents are paired one to one:

- exact: the content sets are equal;
- iou50: they share at least half of their union;
- joint: iou50, and the sources share a word or the annotation has no source;
- joint3: joint, and the cues share a word or the annotation has no cue;
- token: words carrying a role, over the whole document, whoever they were assigned to.

Pairs are taken best overlap first; among equals one with a shared source, then one with a shared cue, then
the first annotation, then the first prediction. Attributions whose content touches no word are left out on
both sides (and counted).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from tocsin.evaluate.scores.rates import Rates
from tocsin.evaluate.scores.tally import Tally

__all__ = ["KINDS", "MEASURES", "ROLES", "AttributionScorer", "Matched", "Roles", "Words", "quoted_ranges"]

Pairs = Sequence[tuple[int, int]]
Kind = Literal["direct", "mixed", "indirect"]

ROLES: Final = ("source", "cue", "content")
MEASURES: Final = ("exact", "iou50", "joint", "joint3")
KINDS: Final[tuple[Kind, ...]] = ("direct", "mixed", "indirect")

_WORD: Final = re.compile(r"\w+(?:[’'\-]\w+)*")
_OPENS: Final = frozenset("“«„")
_CLOSES: Final = frozenset("”»")
#: From this share of its words inside quotation marks a content is a direct quotation.
_DIRECT: Final = 0.9


@dataclass(frozen=True, slots=True)
class Roles:
    """Spans of one attribution: half-open code points of the text, any number for each role."""

    source: tuple[tuple[int, int], ...] = ()
    cue: tuple[tuple[int, int], ...] = ()
    content: tuple[tuple[int, int], ...] = ()


def quoted_ranges(text: str) -> list[tuple[int, int]]:
    """Stretches inside double quotation marks, in order and apart; an open one ends with its line.

    A straight mark opens outside and closes inside; a mark that opens inside a quotation is passed over, so
    quotations within quotations are one.
    """
    found: list[tuple[int, int]] = []
    start = -1
    for at, sign in enumerate(text):
        if start < 0:
            if sign == '"' or sign in _OPENS:
                start = at
        elif sign == "\n":
            found.append((start, at))
            start = -1
        elif sign == '"' or sign in _CLOSES:
            found.append((start, at + 1))
            start = -1
    if start >= 0:
        found.append((start, len(text)))
    return found


class Words:
    """The word tokens of a text: which of them a span touches, and which lie in quotation marks."""

    def __init__(self, text: str) -> None:
        spans = [match.span() for match in _WORD.finditer(text)]
        self._starts = [start for start, _ in spans]
        self._ends = [end for _, end in spans]
        # Flat bounds of stretches that lie apart: an odd insertion point means inside.
        bounds = [bound for stretch in quoted_ranges(text) for bound in stretch]
        self._quoted = [bisect_right(bounds, start) % 2 == 1 for start in self._starts]

    def touched(self, spans: Pairs) -> frozenset[int]:
        """Numbers of the words that share a character with any span."""
        found: set[int] = set()
        for start, end in spans:
            found.update(range(bisect_right(self._ends, start), bisect_left(self._starts, end)))
        return frozenset(found)

    def kind(self, content: frozenset[int]) -> Kind:
        """Direct, mixed or indirect, by the share of words inside quotation marks."""
        share = sum(self._quoted[word] for word in content) / len(content)
        if share >= _DIRECT:
            return "direct"
        return "mixed" if share else "indirect"


@dataclass(frozen=True, slots=True)
class _Sets:
    """Word sets of one attribution, and its number among those given."""

    number: int
    source: frozenset[int]
    cue: frozenset[int]
    content: frozenset[int]
    kind: Kind


def _sets(words: Words, given: Sequence[Roles]) -> list[_Sets]:
    found = []
    for number, roles in enumerate(given):
        content = words.touched(roles.content)
        if content:
            source, cue = words.touched(roles.source), words.touched(roles.cue)
            found.append(_Sets(number, source, cue, content, words.kind(content)))
    return found


def _pairs(gold: Sequence[_Sets], predicted: Sequence[_Sets]) -> Iterator[tuple[int, int]]:
    """One-to-one pairs of contents that share half of their union, best first."""
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for i, annotation in enumerate(gold):
        for word in annotation.content:
            holders[word].append(i)
    candidates = []
    for j, answer in enumerate(predicted):
        shared = Counter(i for word in answer.content for i in holders.get(word, ()))
        for i, common in shared.items():
            annotation = gold[i]
            overlap = common / (len(annotation.content) + len(answer.content) - common)
            if overlap >= 0.5:
                no_source = annotation.source.isdisjoint(answer.source)
                no_cue = annotation.cue.isdisjoint(answer.cue)
                candidates.append((-overlap, no_source, no_cue, i, j))
    candidates.sort()
    used_gold: set[int] = set()
    used_predicted: set[int] = set()
    for _, _, _, i, j in candidates:
        if i not in used_gold and j not in used_predicted:
            used_gold.add(i)
            used_predicted.add(j)
            yield i, j


@dataclass(frozen=True, slots=True)
class Matched:
    """How one document went, as numbers of the attributions given.

    ``pairs`` are (gold, predicted, source agrees, cue agrees); ``missed`` gold and ``spurious`` predicted
    have no partner. Those without content words are in none of them.
    """

    pairs: tuple[tuple[int, int, bool, bool], ...]
    missed: tuple[int, ...]
    spurious: tuple[int, ...]


class AttributionScorer:
    """Adds documents up; figures are micro averages over all that was added."""

    def __init__(self) -> None:
        self.tally = Tally(3)
        #: Attributions without a content word: (gold, predicted).
        self.without_content = (0, 0)

    def add(self, document: str, text: str, gold: Sequence[Roles], predicted: Sequence[Roles]) -> Matched:
        """Score one document; ``document`` names what a bootstrap draws."""
        words = Words(text)
        g, p = _sets(words, gold), _sets(words, predicted)
        empty_gold, empty_predicted = self.without_content
        self.without_content = (empty_gold + len(gold) - len(g), empty_predicted + len(predicted) - len(p))
        pairs = [(i, j, *_agree(g[i], p[j])) for i, j in _pairs(g, p)]
        equal = Counter(a.content for a in g) & Counter(a.content for a in p)
        correct = (
            equal.total(),
            len(pairs),
            sum(source for _, _, source, _ in pairs),
            sum(source and cue for _, _, source, cue in pairs),
        )
        for name, count in zip(MEASURES, correct, strict=True):
            self.tally.add(document, name, (count, len(p), len(g)))
        self._count_kinds(document, g, p, pairs)
        for role in ROLES:
            a = frozenset[int]().union(*(getattr(sets, role) for sets in g))
            b = frozenset[int]().union(*(getattr(sets, role) for sets in p))
            self.tally.add(document, f"token {role}", (len(a & b), len(b), len(a)))
        left_gold = {i for i, _, _, _ in pairs}
        left_predicted = {j for _, j, _, _ in pairs}
        return Matched(
            tuple((g[i].number, p[j].number, source, cue) for i, j, source, cue in pairs),
            tuple(a.number for i, a in enumerate(g) if i not in left_gold),
            tuple(a.number for j, a in enumerate(p) if j not in left_predicted),
        )

    def _count_kinds(
        self,
        document: str,
        gold: Sequence[_Sets],
        predicted: Sequence[_Sets],
        pairs: Sequence[tuple[int, int, bool, bool]],
    ) -> None:
        # A pair may join two kinds, so recall and precision by kind have counts of their own.
        found = Counter(gold[i].kind for i, _, _, _ in pairs)
        right = Counter(predicted[j].kind for _, j, _, _ in pairs)
        of_gold, of_predicted = Counter(a.kind for a in gold), Counter(a.kind for a in predicted)
        for kind in KINDS:
            if of_gold[kind]:
                self.tally.add(document, f"recall {kind}", (found[kind], 0, of_gold[kind]))
            if of_predicted[kind]:
                self.tally.add(document, f"precision {kind}", (right[kind], of_predicted[kind], 0))

    def rates(self, name: str) -> Rates:
        """Rates of one of ``MEASURES``, or of a role: ``token source``."""
        return Rates(*self.tally.totals(name))

    def by_kind(self, kind: Kind) -> tuple[Rates, Rates]:
        """Rates at iou50 whose recall, and rates whose precision, is that of one kind of quotation.

        Recall is by the kind of the annotation, precision by the kind of the prediction.
        """
        return Rates(*self.tally.totals(f"recall {kind}")), Rates(*self.tally.totals(f"precision {kind}"))


def _agree(gold: _Sets, predicted: _Sets) -> tuple[bool, bool]:
    """Whether source and cue agree; what the annotation leaves out always does."""
    source = not gold.source or not gold.source.isdisjoint(predicted.source)
    cue = not gold.cue or not gold.cue.isdisjoint(predicted.cue)
    return source, cue
