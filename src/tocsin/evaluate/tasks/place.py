"""Places: where mentions are put."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tocsin.evaluate.fields import fault, number_of, records_of, span_of, text_of
from tocsin.evaluate.gold import Item, header_of
from tocsin.evaluate.options import Options
from tocsin.evaluate.raw import Raw
from tocsin.evaluate.report import Figure, Outcome
from tocsin.evaluate.scores.places import MEASURES, Placed, right
from tocsin.evaluate.scores.rates import Rates, f_of_sums
from tocsin.evaluate.scores.tally import Tally
from tocsin.evaluate.tasks.base import Task, Wrong, same_text, where

__all__ = ["Mapped", "PlaceTask", "mapped", "placed_of"]


@dataclass(frozen=True, slots=True)
class Mapped(Item):
    """A text and its places. ``language`` is the record's own, ISO 639-1; empty where it states none."""

    places: tuple[Placed, ...]
    language: str


@dataclass(frozen=True, slots=True)
class Answered:
    """What a system says: the place of each given mention (None: not known), and what it finds by itself."""

    given: tuple[Placed | None, ...]
    found: tuple[Placed, ...] | None


def _text(entry: Mapping[str, Any], field: str, name: str) -> str:
    found = entry.get(field) or ""
    if not isinstance(found, str):
        raise fault(f"{name}.{field} is no text")
    return found


def placed_of(value: Mapping[str, Any], length: int) -> tuple[Placed, ...]:
    """``places`` of a record, in the order of the text; raises MalformedRecordError."""
    found = []
    for at, entry in enumerate(records_of(value, "places")):
        name = f"places[{at}]"
        start, end = span_of([entry.get("start"), entry.get("end")], name, length)
        lat, lon = (number_of(entry.get(side), f"{name}.{side}") for side in ("lat", "lon"))
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):
            raise fault(f"{name}: {lat:g}, {lon:g} are no degrees of latitude and longitude")
        found.append(
            Placed(start, end, lat, lon, _text(entry, "place_id", name), _text(entry, "title", name))
        )
    return tuple(sorted(found, key=lambda p: (p.start, p.end)))


def mapped(raw: Raw) -> Mapped:
    """``{"text", "lang", "places": [{"start", "end", "lat", "lon", "place_id"}]}``."""
    text = text_of(raw.value, "text")
    return Mapped(header_of(raw), text, placed_of(raw.value, len(text)), _text(raw.value, "lang", "record"))


class PlaceTask(Task):
    """Places of given mentions, and found by the system itself; headline: right places, all mentions."""

    name = "place"

    def __init__(self, options: Options, system: Any | None) -> None:
        super().__init__(options, system)
        self._tally = Tally(3)
        self._records = 0

    def item(self, raw: Raw) -> Mapped:
        return mapped(raw)

    def ask(self, items: Sequence[Mapped]) -> list[Answered]:
        assert self.system is not None
        answers = []
        for item in items:
            spans = [(place.start, place.end) for place in item.places]
            given = tuple(self.system.located(item.text, spans, item.language))
            answers.append(Answered(given, tuple(self.system.places(item.text, item.language))))
        return answers

    def read(self, raw: Raw, item: Mapped) -> Answered:
        """Predictions answer the mentions whose span they have; all of them count as found by the tool."""
        same_text(raw, item)
        found = placed_of(raw.value, len(item.text))
        spans = {(place.start, place.end): place for place in found}
        given = tuple(spans.get((gold.start, gold.end)) for gold in item.places)
        return Answered(given, found)

    def absent(self) -> Answered:
        return Answered((), ())

    def _right(self, gold: Placed, found: Placed) -> frozenset[str]:
        holds = bool(gold.title) and self.system is not None and self.system.holds(found, gold)
        return right(gold, found, holds=holds)

    def add(self, item: Mapped, answer: Answered) -> Iterator[Wrong]:
        self._records += 1
        document, gold = item.header.document, item.places
        self._tally.document(document)
        given = answer.given or (None,) * len(gold)
        for own, found in zip(gold, given, strict=True):
            held = frozenset[str]() if found is None else self._right(own, found)
            for name in MEASURES:
                if name != "id" or own.place_id:
                    self._tally.add(document, name, (name in held, found is not None, 1))
            if "place" not in held:
                wrong = "not known" if found is None else "elsewhere"
                told = None if found is None else [found.lat, found.lon, found.place_id]
                named = {"span": [own.start, own.end], "text": item.text[own.start : own.end]}
                yield (
                    where(item)
                    | {"wrong": wrong, **named, "gold": [own.lat, own.lon, own.place_id]}
                    | {"found": told}
                )
        if answer.found is not None:
            self._tally.add(document, "end to end", self._located(gold, answer.found))

    def _located(self, gold: Sequence[Placed], found: Sequence[Placed]) -> tuple[int, int, int]:
        """Right, found, gold: an answer is right if it shares a character with a mention and its place."""
        free = set(range(len(found)))
        hits = 0
        for own in gold:
            near = [j for j in sorted(free) if found[j].start < own.end and own.start < found[j].end]
            good = next((j for j in near if "place" in self._right(own, found[j])), None)
            if good is not None:
                free.remove(good)
                hits += 1
        return hits, len(found), len(gold)

    def outcome(self) -> Outcome:
        figures = []
        for name in MEASURES:
            right_, covered, gold = self._tally.totals(name)
            for group, of in (("all mentions", gold), ("known names", covered)):
                if gold:
                    share = right_ / of if of else None
                    figures.append(Figure(f"mentions given: {group}", name, share, gold=of, correct=right_))
        place, covered, gold = self._tally.totals("place")
        coverage = covered / gold if gold else None
        figures.insert(0, Figure("mentions given", "in the gazetteer", coverage, gold=gold, correct=covered))
        figures.append(Figure.of("end to end", "place", Rates(*self._tally.totals("end to end"))))
        sums = self._tally.matrix(["place"])
        sums[..., 1] = sums[..., 2]  # a share of all mentions is F with as many answers as mentions
        return Outcome(
            (
                self.headline(
                    "right place, all mentions given", place / gold if gold else None, sums, f_of_sums
                ),
            ),
            tuple(figures),
            {"records": self._records, "gold": gold},
        )
