"""Finding the translation of a sentence by the nearest vector, both ways for each pair of languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tocsin.evaluate.fields import fault, number_of
from tocsin.evaluate.gold import Parallel, parallel
from tocsin.evaluate.options import Options
from tocsin.evaluate.raw import Raw
from tocsin.evaluate.report import Figure, Outcome
from tocsin.evaluate.scores.rates import mean_of_defined
from tocsin.evaluate.scores.retrieval import nearest
from tocsin.evaluate.scores.tally import Tally
from tocsin.evaluate.tasks.base import Task, Wrong, where

__all__ = ["SameSentenceTask"]

Vector = NDArray[np.float32]
Floats = NDArray[np.float64]

#: What stands between two languages in the name of a direction.
ARROW = "→"


class SameSentenceTask(Task):
    """Headline: accuracy at one, the mean of all directions.

    Candidates are all sentences of the other language in the file; a sentence that reads the same as the
    translation is as good. Vectors are kept: some 2 kB a sentence.
    """

    name = "same-sentence"

    def __init__(self, options: Options, system: Any | None) -> None:
        super().__init__(options, system)
        self._languages = frozenset(options.languages)
        self._items: list[Parallel] = []
        self._vectors: dict[str, list[Vector]] = {}
        self._rows: dict[str, list[int]] = {}
        self._dimension = 0
        self._tally = Tally(2)

    def item(self, raw: Raw) -> Parallel:
        item = parallel(raw)
        if self._languages:
            kept = {code: text for code, text in item.sentences.items() if code in self._languages}
            if len(kept) < 2:
                asked = ", ".join(sorted(self._languages))
                raise fault(f"it has no sentence in two of the languages asked for: {asked}")
            item = Parallel(item.header, item.text, kept)
        return item

    def ask(self, items: Sequence[Parallel]) -> list[Mapping[str, Vector]]:
        assert self.system is not None
        found: list[dict[str, Vector]] = [{} for _ in items]
        for code in sorted({code for item in items for code in item.sentences}):
            own = [at for at, item in enumerate(items) if code in item.sentences]
            vectors = self.system.vectors([items[at].sentences[code] for at in own], code)
            for at, vector in zip(own, vectors, strict=True):
                found[at][code] = vector
        return list(found)

    def read(self, raw: Raw, item: Parallel) -> Mapping[str, Vector]:
        """A list of numbers in place of each sentence."""
        return {code: self._vector(raw.value.get(code), code) for code in item.sentences}

    def _vector(self, given: object, code: str) -> Vector:
        if not isinstance(given, list) or not given:
            raise fault(f"{code} is no list of numbers")
        if not self._dimension:
            self._dimension = len(given)
        if len(given) != self._dimension:
            raise fault(f"{code} has {len(given)} numbers, others have {self._dimension}")
        vector = np.array([number_of(number, code) for number in given])
        largest = float(np.abs(vector).max())
        if not 0 < largest < float("inf"):
            raise fault(f"{code} has no direction: all its numbers are 0, or too large")
        vector /= largest  # first: squares of large numbers overflow, those of small ones vanish
        unit: Vector = (vector / np.linalg.norm(vector)).astype(np.float32)
        return unit

    def absent(self) -> None:
        return None  # no vector stands for none

    def add(self, item: Parallel, answer: Mapping[str, Vector]) -> Iterator[Wrong]:
        for code, vector in answer.items():
            self._vectors.setdefault(code, []).append(vector)
            self._rows.setdefault(code, []).append(len(self._items))
        self._items.append(item)
        yield from ()

    def finish(self) -> Iterator[Wrong]:
        stacked = {code: np.stack(vectors) for code, vectors in self._vectors.items()}
        self._vectors.clear()
        for source, target in permutations(sorted(stacked), 2):
            yield from self._direction(source, target, stacked)

    def _direction(self, source: str, target: str, vectors: Mapping[str, Vector]) -> Iterator[Wrong]:
        candidates = self._rows[target]
        have = set(candidates)
        own = [k for k, row in enumerate(self._rows[source]) if row in have]
        if not own:
            return
        best, cosine = nearest(vectors[source][own], vectors[target])
        name = f"{source}{ARROW}{target}"
        for k, found, near in zip(own, best.tolist(), cosine.tolist(), strict=True):
            item = self._items[self._rows[source][k]]
            expected = item.sentences[target]
            given = self._items[candidates[found]].sentences[target]
            self._tally.add(item.header.document, name, (given == expected, 1))
            if given != expected:
                wrong = {"wrong": name, "sentence": item.sentences[source], "gold": expected}
                yield where(item) | wrong | {"found": given, "cosine": round(near, 4)}

    def outcome(self) -> Outcome:
        names = sorted(self._tally.names)
        figures = []
        for name in names:
            right, asked = self._tally.totals(name)
            figures.append(Figure("accuracy at one", name, right / asked, gold=asked, correct=right))
        mean = sum(f.value or 0 for f in figures) / len(figures) if figures else None
        return Outcome(
            (self.headline("mean accuracy at one", mean, self._tally.matrix(names), _mean_share),),
            (*figures, Figure("mean", "all directions", mean)),
            {"records": len(self._items), "languages": len(self._rows), "directions": len(names)},
            notes=() if names else ("No two languages share a record.",),
        )


def _mean_share(sums: Floats) -> Floats:
    """Mean share over the directions that a resample asks for, each (right, asked): (m, 2n) → (m,)."""
    pairs = sums.reshape(len(sums), -1, 2)
    asked = pairs[:, :, 1] > 0
    return mean_of_defined(pairs[:, :, 0] / np.where(asked, pairs[:, :, 1], 1), asked)
