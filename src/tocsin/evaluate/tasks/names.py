"""Names and their types."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from tocsin.evaluate.gold import Named, Typed, named, typed_of
from tocsin.evaluate.labels import Renamed, fold_type
from tocsin.evaluate.options import Options
from tocsin.evaluate.raw import Raw
from tocsin.evaluate.report import Figure, Outcome
from tocsin.evaluate.scores.rates import Rates, f_of_sums
from tocsin.evaluate.scores.tally import Tally
from tocsin.evaluate.tasks.base import Task, Wrong, not_annotated, same_text, where

__all__ = ["NamesTask"]


class NamesTask(Task):
    """Names by exact span and type; headline: micro F over the types both sides know."""

    name = "ner"

    def __init__(self, options: Options, system: Any | None) -> None:
        super().__init__(options, system)
        self._fold = Renamed(options.renames)
        self._asked = frozenset(map(fold_type, options.types))
        self._known = frozenset(map(fold_type, system.types)) if system else None
        self._tally = Tally(3)
        self._records = self._nested = 0
        self._apart: dict[str, Counter[str]] = {
            "gold types not asked for": Counter(),
            "gold types the system does not have": Counter(),
            "predicted types not asked for": Counter(),
        }

    def item(self, raw: Raw) -> Named:
        return named(raw)

    def ask(self, items: Sequence[Named]) -> list[list[Typed]]:
        assert self.system is not None
        return [[(s, e, kind) for s, e, kind, _ in self.system.names(item.text)] for item in items]

    def read(self, raw: Raw, item: Named) -> tuple[Typed, ...]:
        same_text(raw, item)
        return typed_of(raw.value, len(item.text), item.tokens)

    def absent(self) -> tuple[Typed, ...]:
        return ()

    def add(self, item: Named, answer: Iterable[Typed]) -> Iterator[Wrong]:
        self._records += 1
        document = item.header.document
        self._tally.document(document)
        gold = self._scored({(s, e, self._fold(kind)) for s, e, kind in item.entities}, gold=True)
        found = self._scored({(s, e, fold_type(kind)) for s, e, kind in answer}, gold=False)
        outer = _outermost(gold)
        self._nested += len(gold) - len(outer)
        if self.options.outermost:
            gold, found = outer, _outermost(found)
        correct, of_gold, of_found = (Counter(k for _, _, k in s) for s in (gold & found, gold, found))
        for kind in of_gold.keys() | of_found.keys():
            self._tally.add(document, kind, (correct[kind], of_found[kind], of_gold[kind]))
        for wrong, names in (("missed", gold - found), ("spurious", found - gold)):
            for start, end, kind in sorted(names):
                own = {"wrong": wrong, "type": kind, "span": [start, end], "text": item.text[start:end]}
                yield where(item) | own

    def _scored(self, names: set[Typed], *, gold: bool) -> set[Typed]:
        """The names of types that are asked for and that the system knows; the others are counted apart."""
        kept = set()
        for name in names:
            kind = name[2]
            if self._asked and kind not in self._asked:
                side = "gold" if gold else "predicted"
                self._apart[f"{side} types not asked for"][kind] += 1
            elif gold and self._known is not None and kind not in self._known:
                self._apart["gold types the system does not have"][kind] += 1
            else:
                kept.add(name)
        return kept

    def outcome(self) -> Outcome:
        rates = {name: Rates(*self._tally.totals(name)) for name in sorted(self._tally.names)}
        scored = [name for name in rates if rates[name].gold]
        total = [sum(getattr(rates[n], field) for n in scored) for field in ("correct", "predicted", "gold")]
        micro = Rates(*total)
        unknown = {name: rates[name].predicted for name in rates if not rates[name].gold}
        apart = {name: dict(sorted(counts.items())) for name, counts in self._apart.items() if counts}
        if unknown:
            apart["predicted types the gold does not have"] = unknown
        figures = [Figure.of("all names", "micro", micro)]
        macro = sum(rates[name].f1 for name in scored) / len(scored) if scored else None
        figures.append(Figure("all names", "macro", macro))
        figures += [Figure.of("by type", name, rates[name]) for name in scored]
        sums = self._tally.matrix(scored).sum(axis=1) if scored else np.zeros((0, 3))
        value = micro.f1 if scored else None
        return Outcome(
            (self.headline("micro F", value, sums, f_of_sums),),
            tuple(figures),
            {"records": self._records, "gold": micro.gold, "predicted": micro.predicted}
            | {"gold within other names": self._nested},
            apart,
            not_annotated(self._asked, scored, "type"),
        )


def _outermost(names: set[Typed]) -> set[Typed]:
    """Names that do not lie within a longer one."""
    kept: set[Typed] = set()
    reach, start = -1, -1
    # Longest first at each start, so whatever holds a name comes before it.
    for name in sorted(names, key=lambda n: (n[0], -n[1], n[2])):
        inside = name[1] <= reach and (name[0], name[1]) != (start, reach)
        if not inside:
            kept.add(name)
        if name[1] > reach:
            start, reach = name[0], name[1]
    return kept
