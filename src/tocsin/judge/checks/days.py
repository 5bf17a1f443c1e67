"""Weekdays beside dates, and ages beside dates of birth."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from tocsin.judge.checks.calendar import GREGORIAN, WEEKDAYS, Days, days_of, weekday, weekday_steps
from tocsin.judge.checks.lines import Found, Line, Mark, lines_of, word_list
from tocsin.judge.checks.protocol import DocumentCheck, DocumentFacts, Input, Result
from tocsin.model import CheckTopic, CheckVerdict, Span

__all__ = ["AGE", "WEEKDAY"]

_NO_YEAR: Final = "no year stated"
_OLDEST: Final = 125


# --- weekdays -----------------------------------------------------------------------------------


def _named_weekday(words: str, language: str) -> int | None:
    """The one weekday that words name; None where they name none or several."""
    low = words.lower().replace("ʼ", "'").replace("’", "'")
    found: dict[int, tuple[int, int]] = {}
    for stem, number in word_list(language, "weekdays").items():
        at = low.find(str(stem))
        if at >= 0:
            found[at + len(str(stem))] = max(
                found.get(at + len(str(stem)), (0, -1)), (len(str(stem)), number)
            )
    numbers = {number for _, number in found.values()}
    return numbers.pop() if len(numbers) == 1 else None


def _weekdays(facts: DocumentFacts) -> Iterator[Result]:
    for line in lines_of(facts):
        for mark in line.of_kind("d"):
            days = days_of(mark.value)
            named = _named_weekday(line.words(mark.span), line.language)
            if days is not None and days.one and named is not None:
                yield _weekday(line, mark, days.first, named)


def _weekday(line: Line, mark: Mark, day: date, named: int) -> Result:
    inputs = (Input(mark.span, f"{WEEKDAYS[named]}, {day}"),)
    steps = (weekday_steps(day), f"stated: {WEEKDAYS[named]}")
    agrees = weekday(day) == named
    missing: tuple[str, ...] = ()
    verdict = CheckVerdict.CONSISTENT if agrees else CheckVerdict.INCONSISTENT
    assumptions: tuple[str, ...] = ("the date is of the Gregorian calendar",)
    if any(_NO_YEAR in reason for reason in getattr(mark.mention, "reasons", ())):
        assumptions += (f"the year, which is not stated, is {day.year}",)
        if not agrees:
            verdict = CheckVerdict.NOT_CHECKABLE
            missing = ("the year",)
    if day < GREGORIAN:
        verdict = CheckVerdict.NOT_CHECKABLE
        missing = (f"which calendar was in use there (before {GREGORIAN} some countries had the Julian one)",)
    tolerance = "none: a date has one weekday"
    return Result(verdict, inputs, steps, assumptions, tolerance, missing, language=line.language)


# --- ages ---------------------------------------------------------------------------------------


def _ages(facts: DocumentFacts) -> Iterator[Result]:
    for line in lines_of(facts):
        births = list(line.find("born"))
        ages = list(line.find("aged"))
        if len({b.mark("born").span for b in births}) == 1 and len({_age(a)[0] for a in ages}) == 1:
            yield from _aged(line, births[0], ages[0])
        elif not births and len({_age(a)[0] for a in ages}) == 1 and line.has("aged_when"):
            span, age = _age(ages[0])
            missing = ("the date of birth",) + (() if line.of_kind("d") else ("the date on which it was so",))
            inputs = (Input(span, f"{age} years old"),)
            yield Result(CheckVerdict.NOT_CHECKABLE, inputs, missing=missing, language=line.language)


def _age(found: Found) -> tuple[Span, int]:
    """Where an age stands and how many years it is."""
    words = found.line.words(found.span("age"))
    if found.match.group("age").startswith("<"):
        mark = found.mark("age")
        if mark.kind == "q":
            return mark.span, round(found.quantity("age").low or 0)
        return mark.span, int(mark.value[1:-1]) if mark.value[1:-1].isdecimal() else 0
    return found.span("age"), int(words) if words.isdecimal() else 0


def _aged(line: Line, birth: Found, aged: Found) -> Iterator[Result]:
    span, age = _age(aged)
    born_mark = birth.mark("born")
    born = days_of(born_mark.value)
    others = [m for m in line.of_kind("d") if m.span != born_mark.span]
    inputs = [Input(born_mark.span, f"born {born}"), Input(span, f"{age} years old")]
    if born is None or not 0 < age < _OLDEST or len(others) > 1:
        return
    if others:
        then = days_of(others[0].value)
        inputs.append(Input(others[0].span, f"then {then}"))
        assumptions = ("the age is that on the other date of the sentence", "all of it is said of one person")
        off = 0
    else:
        published = line.facts.document.published
        then = Days(published.date(), published.date()) if published is not None else None
        assumptions = ("the age is that on the day of publication", "all of it is said of one person")
        off = 1
    if then is None:
        missing = ("the date on which it was so",)
        yield Result(CheckVerdict.NOT_CHECKABLE, tuple(inputs), missing=missing, language=line.language)
        return
    low, high = _years(born.last, then.first), _years(born.first, then.last)
    if high < 0 or high > _OLDEST:
        return  # another reading of one of the dates: nobody is that old
    span_of = f"{low}" if low == high else f"{low} to {high}"
    steps = (
        f"from {born} to {then}: {span_of} full years",
        f"stated: {age}",
    )
    verdict = CheckVerdict.CONSISTENT if low - off <= age <= high + off else CheckVerdict.INCONSISTENT
    tolerance = (
        "none: both dates are stated" if not off else "1 year: the text may be older than its publication"
    )
    inputs.sort(key=lambda item: item.span)
    yield Result(verdict, tuple(inputs), steps, assumptions, tolerance, language=line.language)


def _years(born: date, then: date) -> int:
    """Full years from one day to another."""
    return then.year - born.year - ((then.month, then.day) < (born.month, born.day))


WEEKDAY: Final = DocumentCheck(
    "weekday", "1", CheckTopic.DATES, "the weekday named beside a date is the one it has", _weekdays
)
AGE: Final = DocumentCheck("age", "1", CheckTopic.DATES, "an age agrees with the date of birth", _ages)
