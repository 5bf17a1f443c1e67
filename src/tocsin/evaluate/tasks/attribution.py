"""Who says what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tocsin.evaluate.gold import Attributed, attributed, roles_of
from tocsin.evaluate.options import Options
from tocsin.evaluate.raw import Raw
from tocsin.evaluate.report import Figure, Outcome
from tocsin.evaluate.scores.attribution import KINDS, MEASURES, ROLES, AttributionScorer, Roles
from tocsin.evaluate.scores.rates import f_of_sums
from tocsin.evaluate.tasks.base import Task, Wrong, same_text, where

__all__ = ["AttributionTask"]


class AttributionTask(Task):
    """Documents with attributions; headline: joint F.

    ``outermost`` leaves nested answers out, for annotations that mark no chains; annotations all count.
    """

    name = "attribution"

    def __init__(self, options: Options, system: Any | None) -> None:
        super().__init__(options, system)
        self._scorer = AttributionScorer()
        self._records = 0

    def item(self, raw: Raw) -> Attributed:
        return attributed(raw)

    def ask(self, items: Sequence[Attributed]) -> list[list[Roles]]:
        assert self.system is not None
        return [self.system.attributions(i.text, outermost=self.options.outermost) for i in items]

    def read(self, raw: Raw, item: Attributed) -> Sequence[Roles]:
        same_text(raw, item)
        found = roles_of(raw.value, item.text)
        return _outermost(found) if self.options.outermost else found

    def absent(self) -> Sequence[Roles]:
        return ()

    def add(self, item: Attributed, answer: Sequence[Roles]) -> Iterator[Wrong]:
        self._records += 1
        gold = item.attributions
        matched = self._scorer.add(item.header.document, item.text, gold, answer)
        for i in matched.missed:
            yield where(item) | {"wrong": "missed", "gold": _quoted(gold[i], item.text), "found": None}
        for j in matched.spurious:
            yield where(item) | {"wrong": "spurious", "gold": None, "found": _quoted(answer[j], item.text)}
        for i, j, source, cue in matched.pairs:
            if not (source and cue):
                wrong = {"wrong": "cue" if source else "source", "gold": _quoted(gold[i], item.text)}
                yield where(item) | wrong | {"found": _quoted(answer[j], item.text)}

    def outcome(self) -> Outcome:
        scorer = self._scorer
        figures = [Figure.of("attributions", name, scorer.rates(name)) for name in MEASURES]
        figures += [Figure.of("words with the role", r, scorer.rates(f"token {r}")) for r in ROLES]
        for kind in KINDS:
            recall, precision = scorer.by_kind(kind)
            figures.append(
                Figure(
                    "iou50 by kind of quotation",
                    kind,
                    precision=precision.precision,
                    recall=recall.recall,
                    gold=recall.gold,
                    predicted=precision.predicted,
                )
            )
        joint = scorer.rates("joint")
        sums = scorer.tally.matrix(["joint"])
        apart = dict(zip(("gold", "predicted"), scorer.without_content, strict=True))
        return Outcome(
            (self.headline("joint F", joint.f1, sums, f_of_sums),),
            tuple(figures),
            {"records": self._records, "gold": joint.gold, "predicted": joint.predicted},
            {"without a content word": apart} if any(apart.values()) else {},
        )


def _outermost(given: Sequence[Roles]) -> list[Roles]:
    """Attributions whose cue and source do not lie within the content of another."""
    kept = []
    for own in given:
        heads = own.cue or own.source or own.content
        held = any(
            other is not own
            and all(any(a <= start and end <= b for a, b in other.content) for start, end in heads)
            for other in given
        )
        if not held:
            kept.append(own)
    return kept


def _quoted(roles: Roles, text: str) -> Wrong:
    found: Wrong = {}
    for role in ROLES:
        spans = getattr(roles, role)
        found[role] = {"spans": spans, "text": " … ".join(text[start:end] for start, end in spans)}
    return found
