"""Names that are one, and names found among many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tocsin.evaluate.fields import fault, number_of, strings_of, text_of
from tocsin.evaluate.gold import Item, header_of
from tocsin.evaluate.options import Options
from tocsin.evaluate.raw import Raw
from tocsin.evaluate.report import Figure, Headline, Outcome
from tocsin.evaluate.scores.rates import Floats, mean_of_defined
from tocsin.evaluate.scores.tally import Tally
from tocsin.evaluate.tasks.base import Task, Wrong, where
from tocsin.evaluate.tasks.checkworthy import Decisions, Graded

__all__ = ["Matched", "MatchingTask", "Sought", "matching"]

_KINDS: Final[Mapping[str, str]] = {
    "": "",
    "per": "PER",
    "person": "PER",
    "org": "ORG",
    "organisation": "ORG",
    "organization": "ORG",
    "company": "ORG",
    "legalentity": "ORG",
    "media": "ORG",
    "vessel": "ORG",
}
_YES: Final = frozenset({"true", "1", "1.0", "yes"})
_NO: Final = frozenset({"false", "0", "0.0", "no"})


@dataclass(frozen=True, slots=True)
class Matched(Item):
    """Two names and whether they are one. ``kind``: ``PER``, ``ORG`` or empty; ``text`` is the first name."""

    other: str
    kind: str
    same: bool


@dataclass(frozen=True, slots=True)
class Sought(Item):
    """A name to be found (``text``), the ``names`` that are right, further names to choose ``among``."""

    names: tuple[str, ...]
    among: tuple[str, ...]
    language: str
    kind: str


def _kind(value: Mapping[str, Any]) -> str:
    said = value.get("kind") or value.get("schema") or ""
    kind = _KINDS.get(said.lower()) if isinstance(said, str) else None
    if kind is None:
        raise fault(f"{str(said)[:40]!r} is no kind of name: person or organisation")
    return kind


def _verdict(found: object) -> bool:
    said = str(found).strip().lower()
    if said in _YES | _NO:
        return said in _YES
    raise fault("is_match is neither true nor false")


def matching(raw: Raw) -> Matched | Sought:
    """``{"name1", "name2", "is_match", "kind"}`` or ``{"query", "names", "among", "lang", "kind"}``."""
    value = raw.value
    if "query" not in value:
        left, right = text_of(value, "name1"), text_of(value, "name2")
        return Matched(header_of(raw), left, right, _kind(value), _verdict(value.get("is_match")))
    names = tuple(strings_of(value, "names"))
    if not any(name.strip() for name in names):
        raise fault("names has no name that is right")
    among = tuple(strings_of(value, "among")) if value.get("among") is not None else ()
    language = value.get("lang") or ""
    if not isinstance(language, str):
        raise fault("lang is no text")
    return Sought(header_of(raw), text_of(value, "query"), names, among, language, _kind(value))


class MatchingTask(Task):
    """Headlines: F1 of pairs that are one; how often a name sought is the first found."""

    name = "names"

    def __init__(self, options: Options, system: Any | None) -> None:
        super().__init__(options, system)
        self._decisions = Decisions(self.threshold("names"))
        self._pairs = 0
        self._sought: list[tuple[Sought, str]] = []
        self._pool: dict[str, None] = {}
        self._tally = Tally(2)

    def item(self, raw: Raw) -> Matched | Sought:
        return matching(raw)

    def ask(self, items: Sequence[Matched | Sought]) -> list[Graded | str]:
        """Pairs are answered now; what is sought only in ``finish``, when all names are known."""
        assert self.system is not None
        same = self.system.same
        return [Graded(float(same(i.text, i.other, i.kind))) if isinstance(i, Matched) else "" for i in items]

    def read(self, raw: Raw, item: Matched | Sought) -> Graded | str:
        value = raw.value
        if isinstance(item, Sought):
            found = value.get("found")
            if not isinstance(found, str):
                raise fault("found is no name; empty for none")
            return found
        if value.get("score") is not None:
            return Graded(number_of(value["score"], "score"))
        return Graded(float(_verdict(value.get("is_match"))), graded=False)

    def absent(self) -> Graded:
        return Graded(0.0, graded=False)

    def add(self, item: Matched | Sought, answer: Graded | str) -> Iterator[Wrong]:
        if isinstance(item, Sought):
            self._sought.append((item, answer if isinstance(answer, str) else ""))
            self._pool |= dict.fromkeys((*item.names, *item.among))
            return
        self._pairs += 1
        assert isinstance(answer, Graded)
        if not self._decisions.add(item.header.document, item.same, answer):
            wrong = "missed" if item.same else "spurious"
            names = {"name1": item.text, "name2": item.other}
            yield where(item) | {"wrong": wrong, "score": answer.score} | names

    def finish(self) -> Iterator[Wrong]:
        found = [answer for _, answer in self._sought]
        if self.system is not None and self._sought:
            asked = [(item.text, item.language, item.kind) for item, _ in self._sought]
            found = self.system.find(asked, sorted(self._pool))
        for (item, _), name in zip(self._sought, found, strict=True):
            right = name in item.names
            for group in dict.fromkeys(("all", f"in {item.language}" if item.language else "all")):
                self._tally.add(item.header.document, group, (right, 1))
            if not right:
                wrong = {"wrong": "first found", "query": item.text, "gold": list(item.names)}
                yield where(item) | wrong | {"found": name}

    def outcome(self) -> Outcome:
        headlines: list[Headline] = []
        figures: list[Figure] = []
        if self._pairs:
            headlines.append(self._decisions.headline(self))
            figures += self._decisions.figures("one name")
        if self._sought:
            for name in self._tally.names:
                right, asked = self._tally.totals(name)
                figures.append(Figure("first found", name, right / asked, gold=asked, correct=right))
            right, asked = self._tally.totals("all")
            sums = self._tally.matrix(["all"])
            headlines.append(self.headline("recall at one", right / asked, sums, _share))
        counts = {"pairs": self._pairs, "sought": len(self._sought), "names to choose from": len(self._pool)}
        return Outcome(tuple(headlines), tuple(figures), counts)


def _share(sums: Floats) -> Floats:
    pairs = sums.reshape(len(sums), -1, 2)
    asked = pairs[:, :, 1] > 0
    return mean_of_defined(pairs[:, :, 0] / pairs[:, :, 1].clip(1), asked)
