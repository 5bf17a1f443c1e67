"""Sentences worth checking."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from tocsin.evaluate.fields import fault, number_of
from tocsin.evaluate.gold import Worthy, worthy
from tocsin.evaluate.options import Options
from tocsin.evaluate.raw import Raw
from tocsin.evaluate.report import Figure, Headline, Outcome
from tocsin.evaluate.scores.binary import average_precision
from tocsin.evaluate.scores.rates import Rates, f_of_sums
from tocsin.evaluate.scores.tally import Tally
from tocsin.evaluate.tasks.base import Task, Wrong, same_text, where

__all__ = ["CheckworthyTask", "Decisions", "Graded"]


class Graded(NamedTuple):
    """An answer: how likely, and whether that is a grade (True) or a bare yes or no."""

    score: float
    graded: bool = True


class Decisions:
    """Yes-or-no items with scores: F of the yes, of both kinds, and average precision."""

    def __init__(self, threshold: float) -> None:
        self._threshold = threshold
        self._positive, self._scores = array("b"), array("d")
        self._graded = False
        self.tally = Tally(3)

    def add(self, document: str, positive: bool, answer: Graded) -> bool:
        """Take one item; returns whether the decision was right."""
        said = answer.score >= self._threshold
        self._positive.append(positive)
        self._scores.append(answer.score)
        self._graded |= answer.graded
        self.tally.add(document, "yes", (positive and said, said, positive))
        return said == positive

    @property
    def rates(self) -> Rates:
        """Of the items that are yes."""
        return Rates(*self.tally.totals("yes"))

    def figures(self, group: str) -> list[Figure]:
        """F, average precision (None where all answers are bare), mean F of the yes and the no, accuracy."""
        positive = np.frombuffer(self._positive, dtype=np.int8).astype(bool)
        scores = np.frombuffer(self._scores, dtype=np.float64)
        precision = average_precision(positive, scores) if self._graded else None
        said = scores >= self._threshold
        right = float((said == positive).mean())
        no = Rates(int((~said & ~positive).sum()), int((~said).sum()), int((~positive).sum()))
        return [
            Figure.of(group, "yes", self.rates),
            Figure(group, "average precision", precision),
            Figure(group, "macro F1", (self.rates.f1 + no.f1) / 2 if no.gold and self.rates.gold else None),
            Figure(group, "accuracy", right),
        ]

    def headline(self, task: Task) -> Headline:
        """F of the yes, with its interval."""
        value = self.rates.f1 if self.rates.gold else None
        return task.headline("F1", value, self.tally.matrix(["yes"]), f_of_sums)


class CheckworthyTask(Task):
    """Headline: F1 of the sentences worth checking."""

    name = "checkworthy"

    def __init__(self, options: Options, system: Any | None) -> None:
        super().__init__(options, system)
        self._decisions = Decisions(self.threshold("checkworthy"))
        self._records = 0

    def item(self, raw: Raw) -> Worthy:
        return worthy(raw)

    def ask(self, items: Sequence[Worthy]) -> list[Graded]:
        assert self.system is not None
        return [Graded(float(score)) for score in self.system.checkworthy([item.text for item in items])]

    def read(self, raw: Raw, item: Worthy) -> Graded:
        same_text(raw, item)
        if raw.value.get("score") is not None:
            return Graded(number_of(raw.value["score"], "score"))
        for name in ("verdict", "label"):
            if raw.value.get(name) is not None:
                return Graded(float(number_of(raw.value[name], name) == 1), graded=False)
        raise fault("it has no score, no verdict and no label")

    def absent(self) -> Graded:
        return Graded(0.0, graded=False)

    def add(self, item: Worthy, answer: Graded) -> Iterator[Wrong]:
        self._records += 1
        if not self._decisions.add(item.header.document, item.positive, answer):
            wrong = "missed" if item.positive else "spurious"
            yield where(item) | {"wrong": wrong, "score": answer.score, "text": item.text}

    def outcome(self) -> Outcome:
        rates = self._decisions.rates
        return Outcome(
            (self._decisions.headline(self),),
            tuple(self._decisions.figures("worth checking")),
            {"records": self._records, "gold": rates.gold, "predicted": rates.predicted},
            notes=() if rates.gold else ("No sentence is annotated as worth checking.",),
        )
