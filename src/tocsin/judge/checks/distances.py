"""Distances stated between places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tocsin.judge.checks.amounts import Amount, amount_of, plain
from tocsin.judge.checks.lines import Found, Line, lines_of
from tocsin.judge.checks.places import Between, between, sure
from tocsin.judge.checks.protocol import DocumentCheck, DocumentFacts, Input, Result
from tocsin.model import CheckTopic, CheckVerdict

__all__ = ["DISTANCE", "NEARER", "kilometres", "place_input"]

#: A road is that many times as long as the straight line at most: 1.2 to 1.4 are usual, mountains and water
#: make
#: 2 and more, and half is left to be safe.
ROAD: Final = 2.5
#: A stated distance may be that much shorter than the computed one: people round, and name the edge of a
#: town.
SHORT: Final = 0.85
#: With words for a straight line the distance may be that much longer.
STRAIGHT: Final = 1.15
#: Distances below this are within towns.
_LEAST_KM: Final = 5.0
#: Extents wider than this beside the distance say nothing about it.
_WIDE: Final = 3.0


def kilometres(found: Found, name: str) -> Amount | None:
    """A length in km, with what it may be off; None for any other quantity."""
    quantity = found.quantity(name)
    if quantity.dimension != "length" or quantity.per:
        return None
    amount = amount_of(quantity, found.line.words(found.mark(name).span), base=True)
    return Amount(amount.low / 1000, amount.high / 1000, amount.written / 1000, amount.why)


def place_input(found: Found, name: str) -> Input:
    """A place of a statement, with its entry in the gazetteer."""
    place = found.place(name)
    return Input(found.mark(name).span, f"{place.name} ({place.place_id})")


def _distances(facts: DocumentFacts) -> Iterator[Result]:
    for line in lines_of(facts):
        seen = set()
        for found in line.find("distance"):
            key = found.mark("distance").span
            if key in seen:
                continue
            result = _distance(found)
            if result is not None:
                seen.add(key)
                yield result
        if not seen and not line.of_kind("p"):
            yield from _nowhere(line)


def _nowhere(line: Line) -> Iterator[Result]:
    for found in line.find("distance_alone"):
        stated = kilometres(found, "distance")
        if stated is None:
            continue
        inputs = (Input(found.mark("distance").span, f"{stated} km"),)
        missing = ("two places that the gazetteer knows",)
        statement = (found.span("0"),)
        yield Result(
            CheckVerdict.NOT_CHECKABLE, inputs, missing=missing, statement=statement, language=line.language
        )
        return


def _distance(found: Found) -> Result | None:
    line = found.line
    one, other, stated = found.place("one"), found.place("other"), kilometres(found, "distance")
    if line.has("part_of_way") or stated is None or stated.high < _LEAST_KM:
        return None
    if not (sure(line, one) and sure(line, other)):
        return None
    computed = between(one, other)
    if computed is None or (computed.chosen.low == 0 and computed.chosen.high > _WIDE * stated.high):
        return None
    straight = line.has("straight")
    most = computed.greatest() * (STRAIGHT if straight else ROAD)
    least = computed.least() * SHORT
    if stated.low > most or stated.high < least:
        verdict = CheckVerdict.INCONSISTENT
    else:
        verdict = CheckVerdict.CONSISTENT
    inputs = tuple(
        sorted(
            (
                place_input(found, "one"),
                place_input(found, "other"),
                Input(found.mark("distance").span, f"{stated} km"),
            ),
            key=lambda item: item.span,
        )
    )
    way = "a straight line is stated" if straight else f"by road it may be {ROAD:g} times as far"
    steps = (
        *computed.steps(one, other),
        (
            f"allowed: {plain(computed.least())} × {SHORT:g} = {plain(least)} km to "
            f"{plain(computed.greatest())} × {(STRAIGHT if straight else ROAD):g} = {plain(most)} km"
        ),
        f"stated: {stated} km",
    )
    return Result(
        verdict,
        inputs,
        steps,
        ("the names are those places", *_other_readings(computed), *computed.assumptions),
        f"{way}; edges of towns and rounding: {1 - SHORT:.0%}; " + "; ".join(stated.why),
        language=line.language,
    )


def _other_readings(computed: Between) -> tuple[str, ...]:
    count = len(computed.others)
    return (f"or any of {count} other readings of the names, all counted in",) if count else ()


# --- nearer -------------------------------------------------------------------------------------


def _nearer(facts: DocumentFacts) -> Iterator[Result]:
    for line in lines_of(facts):
        for found in line.find("nearer"):
            result = _closer(found)
            if result is not None:
                yield result
                break


def _closer(found: Found) -> Result | None:
    line = found.line
    here, near, far = (found.place(name) for name in ("here", "near", "far"))
    if not all(sure(line, place) for place in (here, near, far)):
        return None
    first, second = between(here, near), between(here, far)
    if first is None or second is None:
        return None
    inputs = tuple(sorted((place_input(found, n) for n in ("here", "near", "far")), key=lambda i: i.span))
    steps = (*first.steps(here, near), *second.steps(here, far))
    missing: tuple[str, ...] = ()
    if first.greatest() < second.least():
        verdict = CheckVerdict.CONSISTENT
        steps += (f"{plain(first.greatest())} < {plain(second.least())}",)
    elif first.least() > second.greatest():
        verdict = CheckVerdict.INCONSISTENT
        steps += (f"{plain(first.least())} > {plain(second.greatest())}",)
    else:
        verdict, missing = (
            CheckVerdict.NOT_CHECKABLE,
            ("which points of the places are meant: the ranges overlap",),
        )
    return Result(
        verdict,
        inputs,
        steps,
        ("straight lines are compared", *first.assumptions),
        "none beside the extents",
        missing,
        language=line.language,
    )


DISTANCE: Final = DocumentCheck(
    "distance", "1", CheckTopic.DISTANCES, "a distance stated between two places is possible", _distances
)
NEARER: Final = DocumentCheck(
    "nearer", "1", CheckTopic.DISTANCES, "a place is nearer to one place than to another, as stated", _nearer
)
