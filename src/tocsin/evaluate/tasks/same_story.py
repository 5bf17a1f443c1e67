"""Whether two documents tell the same story: by yes and no, or how alike on a scale."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tocsin.evaluate.fields import fault, number_of, text_of
from tocsin.evaluate.gold import Item, header_of
from tocsin.evaluate.options import Options
from tocsin.evaluate.raw import Raw
from tocsin.evaluate.report import Figure, Outcome
from tocsin.evaluate.scores.correlation import moments, pearson, pearson_of_sums
from tocsin.evaluate.tasks.base import Task, Wrong, where
from tocsin.evaluate.tasks.checkworthy import Decisions, Graded

__all__ = ["Pair", "SameStoryTask"]


@dataclass(frozen=True, slots=True)
class Pair(Item):
    """Two documents (``text`` is the first) with their languages, empty where not stated, and the label.

    ``form`` is ``same`` (1 or 0) or ``similar`` (any scale on which more is more alike).
    """

    other: str
    languages: tuple[str, str]
    form: Literal["same", "similar"]
    label: float


def _language(value: Mapping[str, Any], name: str) -> str:
    own = value.get(name)
    if own is None:
        return ""
    if not isinstance(own, str):
        raise fault(f"{name} is no text")
    return own


def _labelled(value: Mapping[str, Any]) -> tuple[Literal["same", "similar"], float]:
    if value.get("same") is not None:
        label = number_of(value["same"], "same")
        if label not in {0.0, 1.0}:
            raise fault("same is neither 0 nor 1")
        return "same", label
    if value.get("similar") is not None:
        return "similar", number_of(value["similar"], "similar")
    if value.get("Overall") is not None:
        return "similar", -number_of(value["Overall"], "Overall")
    raise fault("it has no same, no similar and no Overall")


class SameStoryTask(Task):
    """Headline: Pearson r, or F1 of the pairs that tell one story where the file says yes or no."""

    name = "same-story"

    def __init__(self, options: Options, system: Any | None) -> None:
        super().__init__(options, system)
        self._form = ""
        self._decisions = Decisions(self.threshold("same-story"))
        self._rows: dict[str, int] = {}
        self._row, self._gold, self._found = array("q"), array("d"), array("d")
        self._records = 0

    def item(self, raw: Raw) -> Pair:
        """``same``: 1 or 0; ``similar``: more is more alike; ``Overall``, as in SemEval-2022: less is."""
        form, label = _labelled(raw.value)
        self._form = self._form or form
        if form != self._form:
            raise fault(f"the file annotates {self._form}, this record {form}")
        languages = _language(raw.value, "lang1"), _language(raw.value, "lang2")
        texts = text_of(raw.value, "text1"), text_of(raw.value, "text2")
        return Pair(header_of(raw), texts[0], texts[1], languages, form, label)

    def ask(self, items: Sequence[Pair]) -> list[Graded]:
        assert self.system is not None
        asked = [(item.text, item.languages[0], item.other, item.languages[1]) for item in items]
        return [Graded(float(score)) for score in self.system.same_story(asked)]

    def read(self, raw: Raw, item: Pair) -> Graded:  # noqa: ARG002 - the protocol
        for name in ("score", "similar"):
            if raw.value.get(name) is not None:
                return Graded(number_of(raw.value[name], name))
        if raw.value.get("same") is not None:
            return Graded(float(number_of(raw.value["same"], "same") == 1), graded=False)
        raise fault("it has no score, no similar and no same")

    def absent(self) -> Graded | None:
        return Graded(0.0, graded=False) if self._form == "same" else None

    def add(self, item: Pair, answer: Graded) -> Iterator[Wrong]:
        self._records += 1
        document = item.header.document
        if item.form == "same":
            if not self._decisions.add(document, item.label == 1, answer):
                own = {"wrong": "missed" if item.label else "spurious", "score": answer.score}
                yield where(item) | own | {"text1": item.text, "text2": item.other}
            return
        self._row.append(self._rows.setdefault(document, len(self._rows)))
        self._gold.append(item.label)
        self._found.append(answer.score)

    def outcome(self) -> Outcome:
        if self._form == "same":
            rates = self._decisions.rates
            return Outcome(
                (self._decisions.headline(self),),
                tuple(self._decisions.figures("same story")),
                {"records": self._records, "gold": rates.gold, "predicted": rates.predicted},
                notes=() if rates.gold else ("No pair is annotated as one story.",),
            )
        gold = np.frombuffer(self._gold, dtype=np.float64)
        found = np.frombuffer(self._found, dtype=np.float64)
        r = pearson(gold, found)
        return Outcome(
            (self.headline("Pearson r", r, self._sums(gold, found), pearson_of_sums),),
            (Figure("agreement", "Pearson r", r),),
            {"records": self._records},
            notes=() if r is not None else ("r is not defined: all annotations, or all answers, are equal.",),
        )

    def _sums(self, gold: NDArray[np.float64], found: NDArray[np.float64]) -> NDArray[np.float64]:
        out = np.zeros((len(self._rows), 6))
        if len(gold):
            each = moments(gold - gold.mean(), found - found.mean())
            np.add.at(out, np.frombuffer(self._row, dtype=np.int64), each)
        return out
