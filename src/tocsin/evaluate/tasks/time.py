"""Times: where they stand and their TIMEX3 values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tocsin.evaluate.fields import fault, published_of, records_of, span_of, strings_of, text_of
from tocsin.evaluate.gold import Item, header_of
from tocsin.evaluate.options import Options
from tocsin.evaluate.raw import Raw
from tocsin.evaluate.report import Figure, Outcome
from tocsin.evaluate.scores.rates import Rates, f_of_sums
from tocsin.evaluate.scores.tally import Tally
from tocsin.evaluate.scores.times import BOUNDS, MEASURES, Timed, paired, right
from tocsin.evaluate.tasks.base import Task, Wrong, same_text, where

__all__ = ["Dated", "TimeTask", "dated", "timed_of"]


@dataclass(frozen=True, slots=True)
class Dated(Item):
    """A text and its times.

    ``published`` is aware, in UTC; None where the record states no date. ``language`` is the record's own,
    ISO 639-1; empty where it states none.
    """

    times: tuple[Timed, ...]
    published: datetime | None
    language: str


def timed_of(value: Mapping[str, Any], length: int) -> tuple[Timed, ...]:
    """``timex`` of a record, in the order of the text; raises MalformedRecordError."""
    found = []
    for at, entry in enumerate(records_of(value, "timex")):
        name = f"timex[{at}]"
        start, end = span_of([entry.get("start"), entry.get("end")], name, length)
        own = entry.get("value")
        if own is not None and not isinstance(own, str):
            raise fault(f"{name}.value is no text")
        bounds = frozenset(strings_of(entry, "bounds")) if entry.get("bounds") is not None else None
        if bounds is not None and not bounds <= set(BOUNDS):
            raise fault(f"{name}.bounds are not some of {', '.join(BOUNDS)}")
        found.append(Timed(start, end, own, bounds))
    return tuple(sorted(found, key=lambda t: (t.start, t.end)))


def dated(raw: Raw) -> Dated:
    """``{"text", "dct", "lang", "timex": [{"start", "end", "value", "bounds"}]}``."""
    text = text_of(raw.value, "text")
    language = raw.value.get("lang") or ""
    if not isinstance(language, str):
        raise fault("lang is no text")
    return Dated(
        header_of(raw), text, timed_of(raw.value, len(text)), published_of(raw.value, "dct"), language
    )


class TimeTask(Task):
    """Times by words and value; headline: value F1."""

    name = "time"

    def __init__(self, options: Options, system: Any | None) -> None:
        super().__init__(options, system)
        self._tally = Tally(3)
        self._records = self._bounded = self._bounds = 0
        self._languages: set[str] = set()

    def item(self, raw: Raw) -> Dated:
        return dated(raw)

    def ask(self, items: Sequence[Dated]) -> list[tuple[Timed, ...]]:
        assert self.system is not None
        return [tuple(self.system.times(item.text, item.published, item.language)) for item in items]

    def read(self, raw: Raw, item: Dated) -> tuple[Timed, ...]:
        same_text(raw, item)
        return timed_of(raw.value, len(item.text))

    def absent(self) -> tuple[Timed, ...]:
        return ()

    def add(self, item: Dated, answer: Sequence[Timed]) -> Iterator[Wrong]:
        self._records += 1
        gold, document = item.times, item.header.document
        pairs = paired(gold, answer)
        held = {pair: right(gold[pair[0]], answer[pair[1]]) for pair in pairs}
        for name in MEASURES:
            correct = sum(name in measures for measures in held.values())
            self._tally.add(document, name, (correct, len(answer), len(gold)))
            if item.language:
                self._tally.add(document, f"{name} in {item.language}", (correct, len(answer), len(gold)))
        self._languages |= {item.language} - {""}
        self._bounded += sum(gold[i].bounds is not None for i, _ in pairs)
        self._bounds += sum("bounds" in measures for measures in held.values())
        partner = dict(pairs)
        for i, own in enumerate(gold):
            j = partner.get(i)
            if j is None or "value" not in held[i, j]:
                found = None if j is None else _shown(answer[j], item.text)
                wrong = "missed" if j is None else "other"
                yield where(item) | {"wrong": wrong, "gold": _shown(own, item.text), "found": found}
        for j in sorted(set(range(len(answer))) - set(partner.values())):
            yield where(item) | {"wrong": "spurious", "gold": None, "found": _shown(answer[j], item.text)}

    def outcome(self) -> Outcome:
        rates = {name: Rates(*self._tally.totals(name)) for name in MEASURES}
        figures = [Figure.of("times", name, rates[name]) for name in MEASURES]
        figures += [
            Figure.of("value by language", code, Rates(*self._tally.totals(f"value in {code}")))
            for code in sorted(self._languages)
        ]
        relaxed, value = rates["relaxed"], rates["value"]
        shares = [("value right, of those found", value.correct, relaxed.correct)]
        if self._bounded:
            shares.append(("bounds right, of those found", self._bounds, self._bounded))
        for name, own, of in shares:
            figures.append(Figure("shares", name, own / of if of else None, gold=of, correct=own))
        sums = self._tally.matrix(["value"])
        f1 = value.f1 if value.gold or value.predicted else None
        return Outcome(
            (self.headline("value F1", f1, sums, f_of_sums),),
            tuple(figures),
            {"records": self._records, "gold": value.gold, "predicted": value.predicted},
        )


def _shown(timed: Timed, text: str) -> Wrong:
    words = text[timed.start : timed.end]
    return {"span": [timed.start, timed.end], "text": words, "value": timed.value}
