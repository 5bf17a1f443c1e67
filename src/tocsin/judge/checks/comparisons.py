"""Comparisons of two numbers, and of a range ("drones fly 600 km") with a distance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import Final

from tocsin.judge.checks.amounts import Amount, amount_of, plain
from tocsin.judge.checks.distances import kilometres
from tocsin.judge.checks.lines import Found, Line, lines_of
from tocsin.judge.checks.places import between, distinct, told
from tocsin.judge.checks.protocol import DocumentCheck, DocumentFacts, Input, Result
from tocsin.model import CheckTopic, CheckVerdict, PlaceMention, Span

__all__ = ["COMPARISON", "REACH"]

#: Distances of places of the paragraph are laid beside a comparison; of so many places at most.
_PLACES: Final = 6


# --- this is less than that ---------------------------------------------------------------------


def _comparisons(facts: DocumentFacts) -> Iterator[Result]:
    for line in lines_of(facts):
        seen = set()
        for name, sign in (("less", -1), ("more", 1), ("bound", 0)):
            for found in line.find(name):
                key = (found.mark("one").span, found.mark("other").span)
                result = _comparison(found, sign) if key not in seen else None
                if result is not None:
                    seen.add(key)
                    yield result


def _comparison(found: Found, sign: int) -> Result | None:
    line, one, other = found.line, found.quantity("one"), found.quantity("other")
    if not sign:  # «600 is less than 1200» where "less than 1200" was read as a bound
        sign = (other.low_open and other.high is None) - (other.high_open and other.low is None)
        if not sign:
            return None
        number = other.high if sign < 0 else other.low
        other = replace(other, low=number, high=number, low_open=False, high_open=False)
    units = {one.unit, other.unit} - {""}
    if len(units) != 1 or not one.unit or one.per != other.per:
        return None  # numbers of things are compared in too many ways
    carried = len(units) == 1 and "" in (one.unit, other.unit)
    if carried and (one.counted or other.counted):
        return None  # «600 km is less than 1200 steps»
    a, b = (amount_of(q, line.words(found.mark(n).span)) for q, n in ((one, "one"), (other, "other")))
    unit = f" {next(iter(units))}" if units else ""
    difference = (a.written - b.written) * sign
    if a.written == b.written:
        return None
    agrees = difference > 0 or (a.meets(b) and not (a.exact and b.exact))
    steps: tuple[str, ...] = (
        (
            f"{plain(a.written)}{unit} {'<' if a.written < b.written else '>'} {plain(b.written)}{unit} "
            f"({plain(b.written)} − {plain(a.written)} = {plain(b.written - a.written)}; "
            f"{plain(a.written)} / {plain(b.written)} = {plain(a.written / b.written) if b.written else '–'})"
        ),
        f"stated: the first is {'more' if sign > 0 else 'less'}",
    )
    assumptions = [
        f"the number without a unit is in {unit.strip()} too, as the one it is compared with"
    ] * carried
    if units & {"km", "mi", "m"}:
        more, open_ends = _on_the_map(line, (a, b), next(iter(units)))
        steps += more
        assumptions += open_ends
    inputs = (
        Input(found.mark("one").span, f"{one.quantity}{'' if one.unit or not units else unit}"),
        Input(found.mark("other").span, f"{other.quantity}{'' if other.unit or not units else unit}"),
    )
    return Result(
        CheckVerdict.CONSISTENT if agrees else CheckVerdict.INCONSISTENT,
        tuple(sorted(inputs, key=lambda item: item.span)),
        steps,
        tuple(assumptions),
        "; ".join(dict.fromkeys((*a.why, *b.why))) or "none",
        language=line.language,
    )


def _on_the_map(line: Line, stated: tuple[Amount, ...], unit: str) -> tuple[tuple[str, ...], list[str]]:
    """Distances between the places of the paragraph, each with the stated numbers that it allows."""
    size = {"km": 1.0, "mi": 1.609344, "m": 0.001}[unit]
    steps = []
    for one, other in combinations(_places_around(line), 2):
        found = between(one, other)
        if found is None or found.chosen.low == 0:
            continue
        low, high = found.chosen.low - found.chosen.slack, found.chosen.high + found.chosen.slack
        fits = [plain(a.written) for a in stated if low <= a.high * size and a.low * size <= high]
        says = f"holds {' and '.join(fits)}" if fits else "holds neither"
        steps.append(
            f"{told(one)} – {told(other)}: {plain(found.chosen.low)} to {plain(found.chosen.high)} km, {says}"
        )
    if not steps:
        return (), ["between which places the distances are is not computed: too few are named"]
    return tuple(steps), [
        (
            "the words do not say between which points the distances are: every pair of places of the "
            "paragraph that do not touch is laid beside them, from border to border"
        ),
        "a shorter way is not by itself a likelier one: range, launch site and route are not stated",
    ]


def _places_around(line: Line) -> list[PlaceMention]:
    """Places of the paragraph, those nearest before the sentence's end first."""
    paragraph = line.sentence.paragraph
    own = [s for s in line.facts.sentences if s.paragraph == paragraph]
    start, end = min(s.start for s in own), max(s.end for s in own)
    places = [p for p in line.facts.places if start <= p.start and p.end <= end and p.feature != "continent"]
    return distinct(places)[-_PLACES:]


# --- reach --------------------------------------------------------------------------------------


def _reaches(facts: DocumentFacts) -> Iterator[Result]:
    lines = list(lines_of(facts))
    for at, line in enumerate(lines):
        ranges = list(line.find("range"))
        if not ranges:
            continue
        for near in lines[at : at + 2]:
            result = _reach(ranges[0], near)
            if result is not None:
                yield result
                break


def _reach(found: Found, near: Line) -> Result | None:
    """A range beside the distance it is set against, and whether it is said to be enough."""
    can, cannot = near.has("can_reach"), near.has("cannot_reach")
    reach = kilometres(found, "range")
    if reach is None or (not can and not cannot):
        return None
    said = not cannot  # words for «cannot» hold those for «can»
    own = found.mark("range").span
    way = [d for d in near.find("way") if d.mark("way").span != own]
    inputs = [Input(own, f"range {reach} km")]
    if not way:
        return None
    distance = kilometres(way[0], "way")
    if distance is None:
        return None
    inputs.append(Input(way[0].mark("way").span, f"distance {distance} km"))
    enough = reach.written >= distance.written
    open_ = reach.meets(distance) and not (reach.exact and distance.exact)
    if open_ and reach.written != distance.written:
        verdict = CheckVerdict.CONSISTENT
    else:
        verdict = CheckVerdict.CONSISTENT if enough == said else CheckVerdict.INCONSISTENT
    steps = (
        (
            f"range {plain(reach.written)} km {'≥' if enough else '<'} "
            f"distance {plain(distance.written)} km: "
            f"{'enough' if enough else 'not enough'}"
        ),
        f"stated: it {'can' if said else 'cannot'} be reached",
    )
    start = min(found.span("0").start, own.start)
    return Result(
        verdict,
        tuple(sorted(inputs, key=lambda item: item.span)),
        steps,
        ("the range is that of one way, in a straight line", "the distance stated is the one to be covered"),
        "; ".join(dict.fromkeys((*reach.why, *distance.why))) or "none",
        statement=(Span(start, max(way[0].span("0").end, own.end)),),
        language=near.language,
    )


COMPARISON: Final = DocumentCheck(
    "comparison",
    "1",
    CheckTopic.DISTANCES,
    "one number is less or more than another, as stated",
    _comparisons,
)
REACH: Final = DocumentCheck(
    "reach", "1", CheckTopic.DISTANCES, "a range is enough for a distance, or not, as stated", _reaches
)
