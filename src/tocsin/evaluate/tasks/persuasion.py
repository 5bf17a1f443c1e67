"""Persuasion techniques, and the words that carry them.

The measures of the UNLP 2025 shared task (Kyslyi, Romanyshyn and Sydorskyi 2025, "The UNLP 2025 Shared Task
on Detecting Social Media Manipulation"): the mean of the techniques' F, and F of the words, whatever the
technique. The latter is called token-level there; participants report that it is computed over characters:
those inside any annotated span, inside any predicted span, and inside both, summed over all texts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tocsin.evaluate.fields import fault, list_of, number_of, spans_of, strings_of
from tocsin.evaluate.gold import Persuasive, persuasive
from tocsin.evaluate.labels import Renamed, fold_technique
from tocsin.evaluate.options import Options
from tocsin.evaluate.raw import Raw
from tocsin.evaluate.report import Figure, Headline, Outcome
from tocsin.evaluate.scores.rates import Rates, f_of_sums, mean_of_defined
from tocsin.evaluate.scores.tally import Tally
from tocsin.evaluate.tasks.base import Task, Wrong, not_annotated, same_text, where

__all__ = ["PersuasionTask"]

Floats = NDArray[np.float64]


class _Answer(NamedTuple):
    """Techniques said to be there, and spans; None where the answer marks none."""

    techniques: frozenset[str]
    spans: tuple[tuple[int, int], ...] | None


class PersuasionTask(Task):
    """Headlines: macro F over the techniques both sides know, and F over characters."""

    name = "persuasion"

    def __init__(self, options: Options, system: Any | None) -> None:
        super().__init__(options, system)
        self._fold = Renamed(options.renames, techniques=True)
        self._asked = frozenset(map(fold_technique, options.types))
        self._known = frozenset(map(fold_technique, system.techniques)) if system else None
        self._techniques, self._characters = Tally(3), Tally(3)
        self._records = 0
        self._marked = False
        self._apart: dict[str, Counter[str]] = {
            "gold techniques not asked for": Counter(),
            "gold techniques the system does not have": Counter(),
        }

    def item(self, raw: Raw) -> Persuasive:
        return persuasive(raw)

    def ask(self, items: Sequence[Persuasive]) -> list[_Answer]:
        assert self.system is not None
        found = self.system.persuasion([item.text for item in items])
        return [_Answer(self._decide(one.techniques), tuple(one.spans)) for one in found]

    def _decide(self, grades: Mapping[str, float]) -> frozenset[str]:
        return frozenset(fold_technique(n) for n, grade in grades.items() if grade >= self.threshold(n))

    def read(self, raw: Raw, item: Persuasive) -> _Answer:
        """``techniques`` as a list of those there or an object of probabilities; spans as in the gold."""
        same_text(raw, item)
        given = raw.value.get("techniques")
        if isinstance(given, dict):
            found = self._decide(
                {name: number_of(grade, f"techniques.{name}") for name, grade in given.items()}
            )
        elif "techniques" in raw.value:
            found = frozenset(map(fold_technique, strings_of(raw.value, "techniques")))
        else:
            raise fault("it has no techniques")
        if "trigger_words" not in raw.value:
            return _Answer(found, None)
        return _Answer(found, spans_of(list_of(raw.value, "trigger_words"), "trigger_words", len(item.text)))

    def absent(self) -> _Answer:
        return _Answer(frozenset(), None)

    def add(self, item: Persuasive, answer: _Answer) -> Iterator[Wrong]:
        self._records += 1
        document = item.header.document
        gold = self._scored(self._fold.all(item.techniques))
        found = frozenset(t for t in answer.techniques if not self._asked or t in self._asked)
        self._techniques.document(document)
        for name in sorted(gold | found):
            counts = (name in gold and name in found, name in found, name in gold)
            self._techniques.add(document, name, counts)
        wrong: Wrong = {"missed": sorted(gold - found), "spurious": sorted(found - gold)}
        if item.spans is not None:
            self._marked |= answer.spans is not None
            a, b = _characters(item.spans, item.text), _characters(answer.spans or (), item.text)
            self._characters.add(document, "characters", (int((a & b).sum()), int(b.sum()), int(a.sum())))
            wrong |= {"missed_spans": _runs(a & ~b, item.text), "spurious_spans": _runs(b & ~a, item.text)}
        if any(wrong.values()):
            yield where(item) | wrong | {"text": item.text}

    def _scored(self, techniques: frozenset[str]) -> frozenset[str]:
        kept = set()
        for name in techniques:
            if self._asked and name not in self._asked:
                self._apart["gold techniques not asked for"][name] += 1
            elif self._known is not None and name not in self._known:
                self._apart["gold techniques the system does not have"][name] += 1
            else:
                kept.add(name)
        return frozenset(kept)

    def outcome(self) -> Outcome:
        rates = {name: Rates(*self._techniques.totals(name)) for name in sorted(self._techniques.names)}
        scored = [name for name in rates if rates[name].gold]
        micro = Rates(*(sum(getattr(rates[n], f) for n in scored) for f in ("correct", "predicted", "gold")))
        macro = sum(rates[name].f1 for name in scored) / len(scored) if scored else None
        figures = [Figure("techniques", "macro F1", macro), Figure.of("techniques", "micro", micro)]
        figures += [Figure.of("by technique", name, rates[name]) for name in scored]
        headlines = [self.headline("macro F1", macro, self._techniques.matrix(scored), _macro)]
        if self._marked:
            spans = Rates(*self._characters.totals("characters"))
            figures.append(Figure.of("words that carry them", "characters", spans))
            headlines.append(self._span_headline(spans))
        apart = {name: dict(sorted(counts.items())) for name, counts in self._apart.items() if counts}
        unknown = {name: rates[name].predicted for name in rates if not rates[name].gold}
        if unknown:
            apart["predicted techniques the gold does not have"] = unknown
        counts = {"records": self._records, "gold": micro.gold, "predicted": micro.predicted}
        notes = not_annotated(self._asked, scored, "technique")
        return Outcome(tuple(headlines), tuple(figures), counts, apart, notes)

    def _span_headline(self, rates: Rates) -> Headline:
        return self.headline("span F1", rates.f1, self._characters.matrix(["characters"]), f_of_sums)


def _macro(sums: Floats) -> Floats:
    """Mean F of the techniques that a resample annotates, each three sums in a row: (m, 3n) → (m,)."""
    triples = sums.reshape(len(sums), -1, 3)
    return mean_of_defined(f_of_sums(triples), triples[:, :, 2] > 0)


def _characters(spans: Sequence[tuple[int, int]], text: str) -> NDArray[np.bool_]:
    inside = np.zeros(len(text), dtype=np.bool_)
    for start, end in spans:
        inside[start:end] = True
    return inside


def _runs(inside: NDArray[np.bool_], text: str) -> list[Wrong]:
    """Stretches of marked characters, with their words."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], inside, [False])).astype(np.int8)))
    return [
        {"span": [int(start), int(end)], "text": text[start:end]}
        for start, end in edges.reshape(-1, 2)
        if text[start:end].strip()
    ]
