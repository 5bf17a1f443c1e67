"""Warnings with their deadlines, and who blames whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from tocsin.evaluate.fields import fault, published_of, records_of, spans_of, text_of
from tocsin.evaluate.gold import Item, header_of
from tocsin.evaluate.options import Options
from tocsin.evaluate.raw import Raw
from tocsin.evaluate.report import Figure, Outcome
from tocsin.evaluate.scores.judging import Told, paired, same_last_day, same_speaker, word_starts
from tocsin.evaluate.scores.rates import Rates, f_of_sums
from tocsin.evaluate.scores.tally import Tally
from tocsin.evaluate.tasks.base import Task, Wrong, same_text, where
from tocsin.model import Stance

__all__ = ["BlameTask", "ForecastTask", "Telling", "accusing", "foretelling"]


@dataclass(frozen=True, slots=True)
class Telling(Item):
    """A text and the warnings or blame in it.

    ``published`` is aware, in UTC; None where the record states no date. ``language`` is the record's own,
    ISO 639-1; empty where it states none.
    """

    told: tuple[Told, ...]
    published: datetime | None
    language: str


def _last_day(value: Mapping[str, Any], name: str) -> str | None:
    own = value.get("last_day")
    if own in (None, ""):
        return None
    try:
        return date.fromisoformat(str(own)).isoformat()
    except ValueError:
        raise fault(f"{name}.last_day {str(own)[:40]!r} is no date of ISO 8601") from None


def _forecasts_in(value: Mapping[str, Any], text: str) -> tuple[Told, ...]:
    """``forecasts`` of a record; raises MalformedRecordError."""
    found = []
    for at, entry in enumerate(records_of(value, "forecasts")):
        name = f"forecasts[{at}]"
        event = spans_of(entry.get("event"), f"{name}.event", len(text))
        who = spans_of(entry.get("warner"), f"{name}.warner", len(text))
        words = word_starts(text, event)
        if not words:
            raise fault(f"{name}.event holds no word")
        found.append(Told(words, word_starts(text, who), "", _last_day(entry, name)))
    return tuple(found)


def _blame_in(value: Mapping[str, Any], text: str) -> tuple[Told, ...]:
    """``blame`` of a record; raises MalformedRecordError."""
    found = []
    for at, entry in enumerate(records_of(value, "blame")):
        name = f"blame[{at}]"
        accused = spans_of(entry.get("accused"), f"{name}.accused", len(text))
        who = spans_of(entry.get("accuser"), f"{name}.accuser", len(text))
        stance = entry.get("stance", str(Stance.ACCUSE))
        words = word_starts(text, accused)
        if not words:
            raise fault(f"{name}.accused holds no word")
        if stance not in tuple(map(str, Stance)):
            raise fault(f"{name}.stance is neither {' nor '.join(Stance)}")
        found.append(Told(words, word_starts(text, who), stance))
    return tuple(found)


def _telling(raw: Raw, text: str, told: tuple[Told, ...]) -> Telling:
    language = raw.value.get("lang") or ""
    if not isinstance(language, str):
        raise fault("lang is no text")
    return Telling(header_of(raw), text, told, published_of(raw.value), language)


def foretelling(raw: Raw) -> Telling:
    """``{"text", "lang", "published", "forecasts": [{"event", "warner", "last_day"}]}``."""
    text = text_of(raw.value, "text")
    return _telling(raw, text, _forecasts_in(raw.value, text))


def accusing(raw: Raw) -> Telling:
    """``{"text", "lang", "published", "blame": [{"accused", "accuser", "stance"}]}``."""
    text = text_of(raw.value, "text")
    return _telling(raw, text, _blame_in(raw.value, text))


class _TellingTask(Task):
    """What both tasks share; headline: F1 of what was found."""

    #: What is found, in the plural; and who says it.
    things: ClassVar[str]
    speaker: ClassVar[str]

    def __init__(self, options: Options, system: Any | None) -> None:
        super().__init__(options, system)
        self._tally = Tally(3)
        self._records = self._who = self._days = 0
        self._languages: set[str] = set()

    def absent(self) -> tuple[Told, ...]:
        return ()

    @staticmethod
    def asked(items: Sequence[Telling]) -> list[tuple[str, datetime | None, str]]:
        """What a system is told of the items."""
        return [(item.text, item.published, item.language) for item in items]

    def add(self, item: Telling, answer: Sequence[Told]) -> Iterator[Wrong]:
        self._records += 1
        gold, text = item.told, item.text
        pairs = paired(gold, answer)
        counts = (len(pairs), len(answer), len(gold))
        self._tally.add(item.header.document, "found", counts)
        if item.language:
            self._languages.add(item.language)
            self._tally.add(item.header.document, f"in {item.language}", counts)
        partner = dict(pairs)
        for i, own in enumerate(gold):
            j = partner.get(i)
            wrong = "missed" if j is None else self._differs(own, answer[j])
            if wrong:
                found = None if j is None else _shown(answer[j], text)
                yield where(item) | {"wrong": wrong, "gold": _shown(own, text), "found": found}
        for j in sorted(set(range(len(answer))) - set(partner.values())):
            yield where(item) | {"wrong": "spurious", "gold": None, "found": _shown(answer[j], text)}

    def _differs(self, gold: Told, found: Told) -> str:
        """What is wrong with a pair, in words; counts what is right."""
        who, day = same_speaker(gold, found), same_last_day(gold, found)
        self._who += who
        self._days += day
        return ", ".join(name for name, right in ((self.speaker, who), ("last day", day)) if not right)

    def shares(self) -> list[tuple[str, int]]:
        """Names and counts of what is right of those found."""
        return [(f"{self.speaker} right, of those found", self._who)]

    def outcome(self) -> Outcome:
        rates = Rates(*self._tally.totals("found"))
        figures = [Figure.of(self.things, "found", rates)]
        figures += [
            Figure.of(f"{self.things} by language", code, Rates(*self._tally.totals(f"in {code}")))
            for code in sorted(self._languages)
        ]
        for name, own in self.shares():
            value = own / rates.correct if rates.correct else None
            figures.append(Figure("shares", name, value, gold=rates.correct, correct=own))
        value = rates.f1 if rates.gold or rates.predicted else None
        sums = self._tally.matrix(["found"])
        return Outcome(
            (self.headline("F1", value, sums, f_of_sums),),
            tuple(figures),
            {"records": self._records, "gold": rates.gold, "predicted": rates.predicted},
        )


class ForecastTask(_TellingTask):
    """Warnings and other claims about the future."""

    name = "forecast"
    things = "forecasts"
    speaker = "warner"

    def item(self, raw: Raw) -> Telling:
        return foretelling(raw)

    def ask(self, items: Sequence[Telling]) -> list[list[Told]]:
        assert self.system is not None
        found: list[list[Told]] = self.system.forecasts(self.asked(items))
        return found

    def read(self, raw: Raw, item: Telling) -> tuple[Told, ...]:
        same_text(raw, item)
        return _forecasts_in(raw.value, item.text)

    def shares(self) -> list[tuple[str, int]]:
        return [*super().shares(), ("last day right, of those found", self._days)]


class BlameTask(_TellingTask):
    """Who is blamed, and who is cleared."""

    name = "blame"
    things = "blame"
    speaker = "accuser"

    def item(self, raw: Raw) -> Telling:
        return accusing(raw)

    def ask(self, items: Sequence[Telling]) -> list[list[Told]]:
        assert self.system is not None
        found: list[list[Told]] = self.system.blame(self.asked(items))
        return found

    def read(self, raw: Raw, item: Telling) -> tuple[Told, ...]:
        same_text(raw, item)
        return _blame_in(raw.value, item.text)


def _shown(told: Told, text: str) -> Wrong:
    def words(starts: frozenset[int]) -> str:
        return " ".join(text[at : at + 40].split(maxsplit=1)[0] for at in sorted(starts))

    return {
        "words": words(told.words),
        "who": words(told.who),
        "stance": told.stance,
        "last_day": told.last_day,
    }
