"""Sizes that cannot be: more people than a place has, more than all of a whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tocsin.judge.checks.amounts import amount_of, plain
from tocsin.judge.checks.lines import Found, lines_of
from tocsin.judge.checks.places import entry_of, readings, sure, told
from tocsin.judge.checks.protocol import DocumentCheck, DocumentFacts, Input, Result
from tocsin.model import CheckTopic, CheckVerdict

__all__ = ["POPULATION", "WHOLE"]

#: Populations are old and leave out suburbs: those who live there may be that many times as many.
_LIVING: Final = 1.5
#: People who are there need not live there.
_THERE: Final = 2.5
#: Fewer people than this share of a population say nothing about it.
_WORTH: Final = 0.1
#: Places smaller than this may be namesakes of what is meant.
_LEAST: Final = 20_000


def _populations(facts: DocumentFacts) -> Iterator[Result]:
    for line in lines_of(facts):
        seen = set()
        for name, factor in (("living_in", _LIVING), ("people_in", _THERE)):
            for found in line.find(name):
                key = found.mark("people").span
                result = None if key in seen or line.has("flow") else _population(found, factor)
                if result is not None:
                    seen.add(key)
                    yield result


def _population(found: Found, factor: float) -> Result | None:
    line, quantity, place = found.line, found.quantity("people"), found.place("place")
    if quantity.unit or quantity.per or not sure(line, place):
        return None
    known = [e for i in readings(place) if (e := entry_of(i)) is not None and e.feature in _FEATURES]
    own = entry_of(place.place_id)
    if own is None or own.feature not in _FEATURES or own.population < _LEAST:
        return None
    most = max(e.population for e in known)
    people = amount_of(quantity, line.words(found.mark("people").span))
    if people.written < _WORTH * own.population:
        return None
    inconsistent = people.low > most * factor
    steps = (
        f"{told(place)}: {plain(own.population)} people by the gazetteer"
        + (f"; the largest place of that name has {plain(most)}" if most != own.population else ""),
        f"{plain(people.written)} / {plain(most)} = {plain(people.written / most)}",
        f"allowed: up to {factor:g} times",
    )
    inputs = (
        Input(found.mark("people").span, f"{quantity.quantity} people"),
        Input(found.mark("place").span, f"{place.name} ({place.place_id})"),
    )
    return Result(
        CheckVerdict.INCONSISTENT if inconsistent else CheckVerdict.CONSISTENT,
        tuple(sorted(inputs, key=lambda item: item.span)),
        steps,
        ("the name is that place", "all of them are people of that place, or there at one time"),
        f"{factor:g} times the population: figures are old, suburbs and visitors are not in them; "
        + "; ".join(people.why),
        language=line.language,
    )


_FEATURES: Final = frozenset({"city", "country"})


def _wholes(facts: DocumentFacts) -> Iterator[Result]:
    for line in lines_of(facts):
        seen = set()
        for found in line.find("share_of_people"):
            mark, quantity = found.mark("share"), found.quantity("share")
            if mark.span in seen or quantity.unit != "%" or quantity.per or (quantity.low or 0) <= 100:
                continue
            seen.add(mark.span)
            steps = (f"{plain(quantity.low or 0)} % > 100 %",)
            yield Result(
                CheckVerdict.INCONSISTENT,
                (Input(mark.span, str(quantity.quantity)),),
                steps,
                ("the share is of those named, each counted once",),
                "none: a part is not more than the whole",
                statement=(found.span("0"),),
                language=line.language,
            )


POPULATION: Final = DocumentCheck(
    "population", "1", CheckTopic.SIZES, "no more people are counted in a place than it has", _populations
)
WHOLE: Final = DocumentCheck("whole", "1", CheckTopic.SIZES, "no part of people is more than all", _wholes)
