"""From matches to expressions: choose, join day and hour, weekday and date, read what is about them."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Final

from tocsin.resolve.fold import word_set
from tocsin.resolve.times.construct import construct
from tocsin.resolve.times.grammar import Grammar, Match
from tocsin.resolve.times.lexicon import Lexicon
from tocsin.resolve.times.ranges import End
from tocsin.resolve.times.site import Site
from tocsin.resolve.times.tokens import Token
from tocsin.resolve.times.values import Atom, Time

__all__ = ["atoms"]

#: What may stand between a day and an hour that belong together.
_JOINTS: Final = frozenset({"COMMA", "IN", "AT", "ON", "APPROX", "OF", "THE"})
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
_POSTPOSITIONS: Final = {
    "SINCE": "since",
    "UNTIL": "until",
    "LATER": "after",
    "BEFORE": "before",
    "EARLIER": "before",
    "APPROX": "approx",
}
#: Words passed over on the way from an expression to a modifier («since at least the …»).
_PASSED: Final = frozenset({"THE", "IN", "ON"})
#: Kazakh "from": the ablative.
_ABLATIVE: Final = ("дан", "ден", "тан", "тен", "нан", "нен")


def _extent(end: End, match: Match, tokens: list[Token]) -> tuple[int, int]:
    """Code points of a time without its leading and trailing cue words, as TIMEX3 has it."""
    first, last = end.first, end.last
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
        chosen = _best(tokens, codes, at, grammar, lexicon)
        if chosen is not None and "lead" in chosen[0].roles and at + 1 < len(tokens):
            # A preposition must not cut short what begins behind it: «в шестидесятые годы прошлого века».
            behind = _best(tokens, codes, at + 1, grammar, lexicon)
            if behind is not None and behind[0].last > chosen[0].last:
                chosen = behind
        if chosen is None:
            at += 1
            continue
        match, ends = chosen
        for end in ends:
            start, stop = _extent(end, match, tokens)
            found.append(Atom(end.first, end.last, start, stop, end.time, match.rule, opens_range=end.opens))
        at = match.last
    return found


def _best(
    tokens: list[Token], codes: str, at: int, grammar: Grammar, lexicon: Lexicon
) -> tuple[Match, tuple[End, ...]] | None:
    """The longest match at a token that means a time, and its meaning."""
    for match in grammar.matches(tokens, codes, at):
        ends = construct(Site(tokens, match, lexicon))
        if ends:
            return match, ends
    return None


def _is_day(time: Time) -> bool:
    if time.kind != "date" or time.hour is not None or time.stamp is not None or time.said:
        return False
    relative_day = time.relative is not None and time.relative[0] == "day"
    return relative_day or time.day is not None or time.weekday is not None or bool(time.holiday)


def _is_hour(time: Time) -> bool:
    alone = time.year is None and time.month is None and time.weekday is None and time.relative is None
    alone = alone and time.day is None and not time.holiday
    return time.kind == "date" and alone and (time.hour is not None or bool(time.part)) and not time.night_to


def _joinable(one: Atom, two: Atom, tokens: list[Token]) -> bool:
    between = tokens[one.last : two.first]
    return (
        not one.opens_range and len(between) <= _MOST_JOINTS and all(t.category in _JOINTS for t in between)
    )


def _joined(one: Time, two: Time, touching: bool) -> Time | None:
    """A day with an hour or part of a day, a weekday with its date; None where they do not fit."""
    for day, hour in ((one, two), (two, one)):
        if _is_day(day) and _is_hour(hour) and not (day.part and hour.part):
            late = day.part in ("EV", "AF") and hour.hour is not None and 1 <= hour.hour < 12
            hours = None if hour.hour is None else hour.hour + (12 if late else 0)
            return replace(
                day,
                hour=hours,
                minute=hour.minute,
                part=hour.part or day.part,
                zone=hour.zone,
                span="since" if hour.span == "since" else day.span,
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
                timed = date if date.hour is not None else weekday
                return replace(
                    date,
                    weekday=weekday.weekday,
                    part=date.part or weekday.part,
                    hour=timed.hour,
                    minute=timed.minute,
                    zone=timed.zone,
                )
    return _widened(one, two, touching)


def _widened(one: Time, two: Time, touching: bool) -> Time | None:
    """A month, season or day without year beside its year; "every year" beside a month («ежегодно в мае»)."""
    if one.kind == "set" and one.unit in ("", "year") and (one.literal or "P1Y") == "P1Y":
        if two.kind == "date" and two.month is not None and two.year is None and two.turn is None:
            day = "" if two.day is None else f"-{two.day:02d}"
            return Time("set", literal=f"XXXX-{two.month:02d}{day}")
        return None
    for date, year in ((one, two), (two, one)):
        turned = year.relative is not None and year.relative[0] == "year" and not year.portion
        plain = year.year is not None and not (
            year.month or year.season or year.quarter or year.half or year.portion
        )
        open_year = date.kind == "date" and date.year is None and date.year_turn is None and date.turn is None
        dated = date.month is not None or date.season or date.quarter is not None or date.half is not None
        if not (
            touching and open_year and dated and year.kind == "date" and (turned or (plain and date is one))
        ):
            continue
        if turned and year.relative is not None:
            return replace(date, year_turn=int(year.relative[1]), anchor=year.anchor or date.anchor)
        return replace(date, year=year.year)
    return None


def _join(found: list[Atom], tokens: list[Token]) -> list[Atom]:
    out: list[Atom] = []
    for atom in found:
        while out and _joinable(out[-1], atom, tokens):
            touching = all(
                t.category in ("COMMA", "OF", "IN", "THE") for t in tokens[out[-1].last : atom.first]
            )
            time = _joined(out[-1].time, atom.time, touching)
            if time is None:
                break
            one = out.pop()
            atom = replace(  # noqa: PLW2901
                atom,
                first=one.first,
                start=one.start,
                time=time,
                rule=one.rule if time.kind == "date" else "set",
            )
        out.append(atom)
    return [atom for atom in out if not _lone(atom, tokens)]


def _lone(atom: Atom, tokens: list[Token]) -> bool:
    """Whether an expression is too weak alone: a part of the day with no day, an hour that may be a score."""
    if atom.rule == "part_alone" and not atom.time.relative and atom.time.hour is None:
        if atom.time.day or atom.time.weekday is not None or atom.time.holiday:
            return False
        if tokens[atom.first].plain not in _ADVERBS:
            return True
        atom.time = replace(atom.time, span="lone")
    if atom.rule == "clock" and atom.time.hour is not None and not _is_day(atom.time):
        before = tokens[atom.first - 1] if atom.first else None
        return before is not None and (before.text == "[" or before.text.lower() in _SCORE_WORDS)
    return False


#: Parts of the day that may stand alone where the text tells of a day.
_ADVERBS: Final = word_set(
    "утром днем вечером ночью вранці уранці вдень удень ввечері увечері вночі уночі зранку"
    " таңертең кешке түнде"
)
_SCORE_WORDS: Final = word_set("счет счетом счёт счётом рахунок рахунком score есеп есебімен won beat")


#: "Not before" is a word of its own; in "will not open before Friday" the verb is denied, not the bound.
_FROM: Final = frozenset({"from", "as of"})
_EARLIER_THAN: Final = frozenset({"before", "earlier than", "sooner than", "раньше", "ранее", "раніше"})


def _modifiers(atom: Atom, tokens: list[Token], ranged: bool) -> tuple[str, ...]:
    found: list[str] = ["since"] if atom.time.span == "since" else []
    at = atom.first - 1
    while tokens[at + 1].start < atom.start:
        at += 1  # a preposition that the rule took with it
    follows = tokens[atom.last] if atom.last < len(tokens) else None
    if at >= 0 and tokens[at].category == "THE" and follows is not None and follows.category == "OTHER":
        return ()  # "after the April 2 concert": after the concert
    while at >= 0 and tokens[at].category in _PASSED:
        at -= 1
    while at >= 0 and len(found) < 3:
        name = _BEFORE.get(tokens[at].category)
        if tokens[at].plain in _EARLIER_THAN:
            name = "before"
        if name is None and tokens[at].plain in _FROM and atom.time.kind == "date":
            name = "from"
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
_INSTRUMENTAL: Final = ("ом", "ем", "ым", "им", "ами", "ями")


def _applies(name: str, atom: Atom, tokens: list[Token]) -> bool:
    if name in ("more than", "less than", "at least"):
        return atom.time.kind == "duration" or name == "at least"
    if name == "since":
        last = tokens[atom.last - 1]
        if last.category == "HOLIDAY" and last.plain.partition(" ")[0].endswith(_INSTRUMENTAL):
            return False  # «поздравляем с Днём Победы»
        return last.category not in (
            "YEARWORD",
            "MONTH",
            "UNIT",
            "WEEKDAY",
            "PART",
        ) or not last.plain.endswith(_INSTRUMENTAL)
    return True


def _ranged(found: list[Atom], tokens: list[Token], lexicon: Lexicon) -> set[int]:
    """Atoms that are the two ends of "from X to Y"; the first is told of its partner."""
    ends: set[int] = set()
    for index, (one, two) in enumerate(pairwise(found)):
        if one.opens_range:
            ends |= {index, index + 1}
            continue
        between = tokens[one.last : two.first]
        opened = one.first > 0 and tokens[one.first - 1].category in ("SINCE", "FROM")
        joint = [t.category for t in between if t.category not in ("THE", "IN", "COMMA", "OTHER")]
        if opened and len(between) <= 4 and joint in (["TO"], ["UNTIL"], ["DASH"]):
            ends |= {index, index + 1}
            one.opens_range = True
        elif lexicon.postpositions and not joint and len(between) <= 1 and _until_after(two, tokens):
            from_one = tokens[one.last - 1].text.endswith(_ABLATIVE)
            ends |= {index, index + 1} if from_one else set()
            one.opens_range = from_one
    return ends


def _until_after(atom: Atom, tokens: list[Token]) -> bool:
    return atom.last < len(tokens) and tokens[atom.last].category == "UNTIL"


#: Words between alternatives: "today, tomorrow, or in three days".
_OR: Final = word_set("or или або чи немесе әлде либо")


_BESIDE_OR: Final = frozenset({"COMMA", "IN", "THE", "ON", "AT", "THROUGH", "TO", "BREAK", "FOR"})


def _alternatives(found: list[Atom], tokens: list[Token]) -> None:
    """Mark times that a sentence offers as alternatives: parted by commas and "or" alone."""
    group: list[Atom] = []
    chosen = False
    for index, atom in enumerate(found):
        between = tokens[found[index - 1].last : atom.first] if index else []
        words = [t for t in between if t.category not in _BESIDE_OR and t.category not in _BEFORE]
        listed = (
            bool(between) and len(words) < 2 and all(t.category == "AND" or t.plain in _OR for t in words)
        )
        if not listed:
            group, chosen = [], False
        group.append(atom)
        chosen = chosen or (listed and any(t.plain in _OR for t in words))
        if chosen:
            for one in group:
                one.modifiers = (*(m for m in one.modifiers if m != "or"), "or")
                one.listed = group[0].first


def _describe(found: list[Atom], tokens: list[Token], lexicon: Lexicon) -> list[Atom]:
    ranged = _ranged(found, tokens, lexicon)
    for index, atom in enumerate(found):
        atom.modifiers = _modifiers(atom, tokens, index in ranged)
        behind = atom.last
        while tokens[behind - 1].start >= atom.end:
            behind -= 1  # a postposition that the rule took with it
        follows = tokens[behind] if behind < len(tokens) else None
        if lexicon.postpositions and follows is not None and follows.category in _POSTPOSITIONS:
            name = _POSTPOSITIONS[follows.category]
            atom.modifiers = (*(m for m in atom.modifiers if m != name), name)
        if index in ranged and atom.time.kind != "duration":
            name = "since" if atom.opens_range else "until"
            kept = tuple(m for m in atom.modifiers if m not in ("since", "until"))
            atom.modifiers = (name, *kept)
    _alternatives(found, tokens)
    return found


def atoms(tokens: list[Token], grammar: Grammar, lexicon: Lexicon) -> list[Atom]:
    """The time expressions of one sentence's tokens, left to right, with modifiers; never overlapping."""
    codes = "".join(token.code for token in tokens)
    found = _choose(tokens, codes, grammar, lexicon)
    return _describe(_join(found, tokens), tokens, lexicon)
