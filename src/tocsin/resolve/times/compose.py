"""From matches to expressions: choose, join day and hour, weekday and date, read what is about them."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Final

from tocsin.resolve.fold import word_set
from tocsin.resolve.times.construct import construct
from tocsin.resolve.times.grammar import Grammar, Match
from tocsin.resolve.times.lexicon import Lexicon
from tocsin.resolve.times.site import Site
from tocsin.resolve.times.tokens import Token
from tocsin.resolve.times.values import Atom, Time

__all__ = ["atoms"]

#: What may stand between a day and an hour that belong together.
_JOINTS: Final = frozenset({"COMMA", "IN", "AT", "ON", "APPROX", "OF"})
_MOST_JOINTS: Final = 3
#: Category before an expression → the modifier it is.
_BEFORE: Final = {
    "SINCE": "since",
    "UNTIL": "until",
    "BY": "until",
    "BEFORE": "before",
    "AFTER": "after",
    "APPROX": "approx",
    "ATLEAST": "at least",
    "MORE": "more than",
    "LESS": "less than",
}
_POSTPOSITIONS: Final = {"SINCE": "since", "UNTIL": "until", "LATER": "after", "BEFORE": "before"}
#: Words passed over on the way from an expression to a modifier («since at least the …»).
_PASSED: Final = frozenset({"THE", "IN", "ON"})


def _extent(match: Match, tokens: list[Token]) -> tuple[int, int]:
    """Code points of a match without its leading and trailing cue words, as TIMEX3 has it."""
    first, last = match.first, match.last
    lead, tail = match.roles.get("lead"), match.roles.get("tail")
    while lead is not None and first < last - 1 and tokens[first].start <= lead.start:
        first += 1
    while tail is not None and last - 1 > first and tokens[last - 1].end >= tail.end:
        last -= 1
    while last - 1 > first and tokens[last - 1].category == "DOT":
        last -= 1  # the full stop of a sentence, not of an abbreviation
    return tokens[first].start, tokens[last - 1].end


def _choose(tokens: list[Token], codes: str, grammar: Grammar, lexicon: Lexicon) -> list[Atom]:
    """Left to right, the longest match that means a time."""
    found: list[Atom] = []
    at = 0
    while at < len(tokens):
        step = 1
        for match in grammar.matches(tokens, codes, at):
            time = construct(Site(tokens, match, lexicon))
            if time is not None:
                start, end = _extent(match, tokens)
                found.append(Atom(match.first, match.last, start, end, time, match.rule))
                step = match.last - match.first
                break
        at += step
    return found


def _is_day(time: Time) -> bool:
    if time.kind != "date" or time.hour is not None or time.stamp is not None:
        return False
    relative_day = time.relative is not None and time.relative[0] == "day"
    return relative_day or time.day is not None or time.weekday is not None


def _is_hour(time: Time) -> bool:
    alone = time.year is None and time.month is None and time.weekday is None and time.relative is None
    return time.kind == "date" and alone and (time.hour is not None or bool(time.part)) and not time.night_to


def _joinable(one: Atom, two: Atom, tokens: list[Token]) -> bool:
    between = tokens[one.last : two.first]
    return len(between) <= _MOST_JOINTS and all(t.category in _JOINTS for t in between)


def _joined(one: Time, two: Time) -> Time | None:
    """A day with an hour or part of a day, a weekday with its date; None where they do not fit."""
    for day, hour in ((one, two), (two, one)):
        if _is_day(day) and _is_hour(hour) and not (day.part and hour.part):
            return replace(
                day, hour=hour.hour, minute=hour.minute, part=hour.part or day.part, zone=hour.zone
            )
    if _is_hour(one) and _is_hour(two) and (one.hour is None) != (two.hour is None):
        hour, part = (one, two) if one.hour is not None else (two, one)
        late = part.part in ("EV", "AF", "NI") and hour.hour is not None and 1 <= hour.hour < 12
        return replace(hour, hour=(hour.hour or 0) + 12 if late else hour.hour)
    for weekday, date in ((one, two), (two, one)):
        bare = weekday.kind == "date" and weekday.weekday is not None and weekday.day is None
        if bare and weekday.relative is None and date.kind == "date" and date.weekday is None:
            dated = date.day is not None or (date.relative is not None and date.relative[0] == "day")
            if dated:
                return replace(date, weekday=weekday.weekday, part=date.part or weekday.part)
    return None


def _join(found: list[Atom], tokens: list[Token]) -> list[Atom]:
    out: list[Atom] = []
    for atom in found:
        while out and _joinable(out[-1], atom, tokens):
            time = _joined(out[-1].time, atom.time)
            if time is None:
                break
            one = out.pop()
            atom = Atom(one.first, atom.last, one.start, atom.end, time, one.rule)  # noqa: PLW2901
        out.append(atom)
    return [atom for atom in out if not _lone(atom, tokens)]


def _lone(atom: Atom, tokens: list[Token]) -> bool:
    """Whether an expression is too weak alone: a part of the day with no day, an hour that may be a score."""
    if atom.rule == "part_alone" and not atom.time.relative and atom.time.hour is None:
        return not (atom.time.day or atom.time.weekday is not None)
    if atom.rule == "clock" and atom.time.hour is not None and not _is_day(atom.time):
        before = tokens[atom.first - 1] if atom.first else None
        return before is not None and before.text.lower() in _SCORE_WORDS
    return False


_SCORE_WORDS: Final = word_set("счет счетом счёт счётом рахунок рахунком score есеп есебімен won beat")


def _modifiers(atom: Atom, tokens: list[Token], ranged: bool) -> tuple[str, ...]:
    found: list[str] = []
    if atom.rule == "days":
        return ()  # «с 3 по 5»: the preposition belongs to the range itself
    at = atom.first - 1
    follows = tokens[atom.last] if atom.last < len(tokens) else None
    if at >= 0 and tokens[at].category == "THE" and follows is not None and follows.category == "OTHER":
        return ()  # "after the April 2 concert": after the concert
    while at >= 0 and tokens[at].category in _PASSED:
        at -= 1
    while at >= 0 and len(found) < 3:
        name = _BEFORE.get(tokens[at].category)
        if name is None and ranged:
            name = {"FROM": "since", "TO": "until"}.get(tokens[at].category)
        if name is None or name in found or not _applies(name, atom, tokens):
            break
        found.append(name)
        at -= 1
    if atom.time.kind == "duration":  # «до 7 лет» bounds the length, not the calendar
        found = [_OF_LENGTH.get(name, name) for name in found]
    return tuple(name for name in found if name)


#: What a preposition of time says of a length; nothing where empty.
_OF_LENGTH: Final = {"until": "less than", "since": "", "before": "", "after": ""}
#: Endings of the instrumental: «по сравнению с 2022 годом» is "with", not "since".
_INSTRUMENTAL: Final = ("ом", "ем", "ами", "ями")


def _applies(name: str, atom: Atom, tokens: list[Token]) -> bool:
    if name in ("more than", "less than", "at least"):
        return atom.time.kind == "duration" or name == "at least"
    if name == "since":
        last = tokens[atom.last - 1]
        return last.category not in (
            "YEARWORD",
            "MONTH",
            "UNIT",
            "WEEKDAY",
            "PART",
        ) or not last.plain.endswith(_INSTRUMENTAL)
    return True


def _ranged(found: list[Atom], tokens: list[Token]) -> set[int]:
    """Atoms that are the two ends of "from X to Y"; the first is told of its partner."""
    ends: set[int] = set()
    for index, (one, two) in enumerate(pairwise(found)):
        between = tokens[one.last : two.first]
        opened = one.first > 0 and tokens[one.first - 1].category in ("SINCE", "FROM")
        joint = [t.category for t in between if t.category not in ("THE", "IN", "COMMA")]
        if opened and joint in (["TO"], ["UNTIL"], ["DASH"]):
            ends |= {index, index + 1}
            one.opens_range = True
    return ends


def _describe(found: list[Atom], tokens: list[Token], lexicon: Lexicon) -> list[Atom]:
    ranged = _ranged(found, tokens)
    for index, atom in enumerate(found):
        atom.modifiers = _modifiers(atom, tokens, index in ranged)
        follows = tokens[atom.last] if atom.last < len(tokens) else None
        if lexicon.postpositions and follows is not None and follows.category in _POSTPOSITIONS:
            atom.modifiers = (*atom.modifiers, _POSTPOSITIONS[follows.category])
    return found


def atoms(tokens: list[Token], grammar: Grammar, lexicon: Lexicon) -> list[Atom]:
    """The time expressions of one sentence's tokens, left to right, with modifiers; never overlapping."""
    codes = "".join(token.code for token in tokens)
    found = _choose(tokens, codes, grammar, lexicon)
    return _describe(_join(found, tokens), tokens, lexicon)
