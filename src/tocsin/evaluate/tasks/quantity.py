"""Quantities: numbers with their bounds and units."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tocsin.evaluate.fields import fault, number_of, records_of, span_of, text_of
from tocsin.evaluate.gold import Item, header_of
from tocsin.evaluate.options import Options
from tocsin.evaluate.raw import Raw
from tocsin.evaluate.report import Figure, Outcome
from tocsin.evaluate.scores.quantities import MEASURES, Valued, counted_alike, paired, right
from tocsin.evaluate.scores.rates import Rates, f_of_sums
from tocsin.evaluate.scores.tally import Tally
from tocsin.evaluate.tasks.base import Task, Wrong, same_text, where
from tocsin.model import Quantity

__all__ = ["Measured", "QuantityTask", "measured", "valued_of"]


@dataclass(frozen=True, slots=True)
class Measured(Item):
    """A text and its quantities. ``language`` is the record's own, ISO 639-1; empty where it states none."""

    quantities: tuple[Valued, ...]
    language: str


def _bound(entry: Mapping[str, Any], side: str, name: str) -> float | None:
    found = entry.get(side)
    return None if found is None else number_of(found, f"{name}.{side}")


def _flag(entry: Mapping[str, Any], flag: str, name: str) -> bool:
    found = entry.get(flag, False)
    if not isinstance(found, bool):
        raise fault(f"{name}.{flag} is neither true nor false")
    return found


def _symbol(entry: Mapping[str, Any], field: str, name: str) -> str:
    found = entry.get(field) or ""
    if not isinstance(found, str):
        raise fault(f"{name}.{field} is no text")
    return found


def valued_of(value: Mapping[str, Any], length: int) -> tuple[Valued, ...]:
    """``quantities`` of a record, in the order of the text; raises MalformedRecordError."""
    found = []
    for at, entry in enumerate(records_of(value, "quantities")):
        name = f"quantities[{at}]"
        start, end = span_of([entry.get("start"), entry.get("end")], name, length)
        counted = entry.get("counted")
        low, high = _bound(entry, "low", name), _bound(entry, "high", name)
        low_open, high_open, rough = (
            _flag(entry, flag, name) for flag in ("low_open", "high_open", "approximate")
        )
        unit, per = _symbol(entry, "unit", name), _symbol(entry, "per", name)
        try:
            quantity = Quantity(low, high, low_open, high_open, unit, per, rough)
        except ValueError as error:
            raise fault(f"{name}: {error}") from None
        noun = None if counted is None else span_of(counted, f"{name}.counted", length)
        found.append(Valued(start, end, quantity, noun))
    return tuple(sorted(found, key=lambda v: (v.start, v.end)))


def measured(raw: Raw) -> Measured:
    """``{"text", "lang", "quantities": [{"start", "end", "low", "high", "unit", …}]}``."""
    text = text_of(raw.value, "text")
    language = raw.value.get("lang") or ""
    if not isinstance(language, str):
        raise fault("lang is no text")
    return Measured(header_of(raw), text, valued_of(raw.value, len(text)), language)


class QuantityTask(Task):
    """Quantities by words and value; headline: exact F."""

    name = "quantity"

    def __init__(self, options: Options, system: Any | None) -> None:
        super().__init__(options, system)
        self._tally = Tally(3)
        self._records = self._whole = self._counted = 0
        self._languages: set[str] = set()

    def item(self, raw: Raw) -> Measured:
        return measured(raw)

    def ask(self, items: Sequence[Measured]) -> list[tuple[Valued, ...]]:
        assert self.system is not None
        return [tuple(self.system.quantities(item.text, item.language)) for item in items]

    def read(self, raw: Raw, item: Measured) -> tuple[Valued, ...]:
        same_text(raw, item)
        return valued_of(raw.value, len(item.text))

    def absent(self) -> tuple[Valued, ...]:
        return ()

    def add(self, item: Measured, answer: Sequence[Valued]) -> Iterator[Wrong]:
        self._records += 1
        gold, document = item.quantities, item.header.document
        pairs = paired(gold, answer)
        held = {pair: right(gold[pair[0]], answer[pair[1]]) for pair in pairs}
        for name in MEASURES:
            correct = sum(name in measures for measures in held.values())
            self._tally.add(document, name, (correct, len(answer), len(gold)))
        exact = [pair for pair in pairs if "exact" in held[pair]]
        if item.language:
            self._languages.add(item.language)
            self._tally.add(document, f"in {item.language}", (len(exact), len(answer), len(gold)))
        self._whole += len(exact) == len(gold) == len(answer)
        self._counted += sum(counted_alike(gold[i], answer[j]) for i, j in exact)
        partner = dict(pairs)
        for i, own in enumerate(gold):
            j = partner.get(i)
            if j is None or "exact" not in held[i, j]:
                found = None if j is None else _shown(answer[j], item.text)
                wrong = "missed" if j is None else "other"
                yield where(item) | {"wrong": wrong, "gold": _shown(own, item.text), "found": found}
        for j in sorted(set(range(len(answer))) - set(partner.values())):
            yield where(item) | {"wrong": "spurious", "gold": None, "found": _shown(answer[j], item.text)}

    def outcome(self) -> Outcome:
        rates = {name: Rates(*self._tally.totals(name)) for name in MEASURES}
        figures = [Figure.of("quantities", name, rates[name]) for name in MEASURES]
        figures += [
            Figure.of("exact by language", code, Rates(*self._tally.totals(f"in {code}")))
            for code in sorted(self._languages)
        ]
        exact = rates["exact"]
        shares = [("records all right", self._whole, self._records)]
        shares.append(("counted noun right, of exact", self._counted, exact.correct))
        for name, own, of in shares:
            figures.append(Figure("shares", name, own / of if of else None, gold=of, correct=own))
        sums = self._tally.matrix(["exact"])
        value = exact.f1 if exact.gold or exact.predicted else None
        return Outcome(
            (self.headline("exact F", value, sums, f_of_sums),),
            tuple(figures),
            {"records": self._records, "gold": exact.gold, "predicted": exact.predicted},
        )


def _shown(valued: Valued, text: str) -> Wrong:
    words = text[valued.start : valued.end]
    return {"span": [valued.start, valued.end], "text": words, "value": str(valued.quantity)}
