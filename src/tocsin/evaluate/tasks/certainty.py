"""How sure a text is of an event; or a sentence, on a scale or by yes and no."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tocsin.evaluate.fields import fault, number_of, records_of, span_of
from tocsin.evaluate.gold import CERTAINTY_SCALE, Certain, Form, certain
from tocsin.evaluate.options import Options
from tocsin.evaluate.raw import Raw
from tocsin.evaluate.report import Figure, Outcome
from tocsin.evaluate.scores.correlation import mean_absolute_error, moments, pearson, pearson_of_sums
from tocsin.evaluate.systems import SentenceCertaintySystem
from tocsin.evaluate.tasks.base import Task, Wrong, same_text, where
from tocsin.evaluate.tasks.checkworthy import Decisions, Graded

__all__ = ["CertaintyTask"]

#: An answer this far off (of 6) is written to the file of errors.
_FAR = 1.5
_BY_SIZE = (
    "The system's value for the whole sentence was taken without its sign: how sure, whichever way; "
    "its scale is not the file's, so no mean error is given."
)
_OWN_SCALE = "The system judged each sentence on a scale of its own, so no mean error is given."
_HEDGED = "The system's value c was read as uncertain with 1 - |c| / 3."


class CertaintyTask(Task):
    """Headline: Pearson r, or F1 of the uncertain where the file says yes or no."""

    name = "certainty"

    def __init__(self, options: Options, system: Any | None) -> None:
        super().__init__(options, system)
        self._form: Form | None = None
        self._rows: dict[str, int] = {}
        self._row, self._gold, self._found = array("q"), array("d"), array("d")
        self._decisions = Decisions(self.threshold("hedge"))
        self._records = 0

    def item(self, raw: Raw) -> Certain:
        item = certain(raw)
        if self._form is None:
            self._form = item.form
        if item.form != self._form:
            raise fault(f"the file annotates {self._form}, this record {item.form}")
        return item

    def ask(self, items: Sequence[Certain]) -> list[list[float]]:
        assert self.system is not None
        if self._form != "events" and self._judges_sentences:
            whole = self.system.hedging if self._form == "hedge" else self.system.sentence_certainty
            return [[float(v)] for v in whole([item.text for item in items])]
        asked = [[float(v) for v in self.system.certainty(i.text, i.spans)] for i in items]
        high = CERTAINTY_SCALE[1]
        if self._form == "sentence":
            return [[abs(v) for v in values] for values in asked]
        if self._form == "hedge":
            return [[1 - abs(v) / high for v in values] for values in asked]
        return asked

    def read(self, raw: Raw, item: Certain) -> list[float]:
        same_text(raw, item)
        if item.form != "events":
            name = "uncertain" if item.form == "hedge" else "sentence-level-certainty"
            return [number_of(raw.value.get(name), name)]
        given: dict[tuple[int, int], float] = {}
        for at, target in enumerate(records_of(raw.value, "targets")):
            own = span_of(target.get("span1"), f"targets[{at}].span1")
            given[own] = number_of(target.get("label"), f"targets[{at}].label")
        missing = [own for own in item.own if own not in given]
        if missing:
            raise fault(f"it has no answer to the target at {list(missing[0])}")
        return [given[own] for own in item.own]

    def absent(self) -> None:
        return None  # no number stands for none

    def add(self, item: Certain, answer: Sequence[float]) -> Iterator[Wrong]:
        self._records += 1
        document = item.header.document
        row = self._rows.setdefault(document, len(self._rows))
        if item.form == "hedge":
            positive = item.labels[0] == 1
            if not self._decisions.add(document, positive, Graded(answer[0])):
                wrong = "missed" if positive else "spurious"
                yield where(item) | {"wrong": wrong, "score": answer[0], "text": item.text}
            return
        for (start, end), label, found in zip(item.spans, item.labels, answer, strict=True):
            self._row.append(row)
            self._gold.append(label)
            self._found.append(found)
            if self._same_scale and abs(label - found) >= _FAR:
                own = {"wrong": "far off", "gold": label, "found": found, "span": [start, end]}
                yield where(item) | own | {"target": item.text[start:end], "text": item.text}

    @property
    def _judges_sentences(self) -> bool:
        return isinstance(self.system, SentenceCertaintySystem)

    @property
    def _same_scale(self) -> bool:
        return self._form == "events" or self.system is None

    def outcome(self) -> Outcome:
        if self._form == "hedge":
            rates = self._decisions.rates
            counts = {"records": self._records, "gold": rates.gold, "predicted": rates.predicted}
            figures = tuple(self._decisions.figures("uncertain"))
            hedged = (_HEDGED,) if self.system and not self._judges_sentences else ()
            return Outcome((self._decisions.headline(self),), figures, counts, notes=hedged)
        gold = np.frombuffer(self._gold, dtype=np.float64)
        found = np.frombuffer(self._found, dtype=np.float64)
        r = pearson(gold, found)
        error = mean_absolute_error(gold, found) if self._same_scale else None
        by_size = _OWN_SCALE if self._judges_sentences else _BY_SIZE
        notes: tuple[str, ...] = () if self._same_scale else (by_size,)
        if r is None:
            notes += ("r is not defined: all annotations, or all answers, are equal.",)
        return Outcome(
            (self.headline("Pearson r", r, self._sums(gold, found), pearson_of_sums),),
            (Figure("agreement", "Pearson r", r), Figure("agreement", "mean absolute error", error)),
            {"records": self._records, "targets": len(gold)},
            notes=notes,
        )

    def _sums(self, gold: NDArray[np.float64], found: NDArray[np.float64]) -> NDArray[np.float64]:
        out = np.zeros((len(self._rows), 6))
        if len(gold):
            each = moments(gold - gold.mean(), found - found.mean())
            np.add.at(out, np.frombuffer(self._row, dtype=np.int64), each)
        return out
