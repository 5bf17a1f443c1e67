"""Lengths of time between dates: how long something lasted, "n days after", before and after."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tocsin.judge.checks.calendar import Days, Length, days_of, length_of
from tocsin.judge.checks.lines import Found, Line, lines_of
from tocsin.judge.checks.protocol import DocumentCheck, DocumentFacts, Input, Result
from tocsin.model import CheckTopic, CheckVerdict

__all__ = ["DURATION", "INTERVAL", "ORDER"]


def _dates(found: Found) -> tuple[Days, Days] | None:
    one, other = days_of(found.mark("from").value), days_of(found.mark("to").value)
    if one is None or other is None or not (one.one and other.one):
        return None
    return one, other


def _unsure_year(found: Found) -> bool:
    """Whether a year was chosen and the dates do not lie in one year as they are read."""
    return found.mark("from").value[:4] != found.mark("to").value[:4] and any(
        "no year stated" in reason
        for name in ("from", "to")
        for reason in getattr(found.mark(name).mention, "reasons", ())
    )


def _inputs(found: Found) -> tuple[Input, ...]:
    items = []
    for name in ("from", "to", "length"):
        if not found.has(name):
            continue
        mark = found.mark(name)
        length = length_of(mark.value) if name == "length" else None
        read = f"{length.count:g} {length.unit}s" if length is not None else mark.value
        items.append(Input(mark.span, read))
    return tuple(sorted(items, key=lambda item: item.span))


def _one_a_pair(line: Line, name: str) -> Iterator[Found]:
    """Every statement of a form, once for each set of marks."""
    seen = set()
    for found in line.find(name):
        key = tuple(sorted((i.span.start, i.span.end) for i in _inputs(found)))
        if key not in seen:
            seen.add(key)
            yield found


def _durations(facts: DocumentFacts) -> Iterator[Result]:
    for line in lines_of(facts):
        for found in _one_a_pair(line, "lasting"):
            yield from _compared(found, inclusive=True)


def _intervals(facts: DocumentFacts) -> Iterator[Result]:
    for line in lines_of(facts):
        found = list(_one_a_pair(line, "interval"))
        for one in found:
            yield from _compared(one, inclusive=False)
        if not found and not line.of_kind("d"):
            yield from _undated(line)


def _undated(line: Line) -> Iterator[Result]:
    for found in line.find("undated"):
        inputs = (Input(found.mark("length").span, _inputs(found)[0].read_as),)
        missing = ("the dates of both events",)
        yield Result(
            CheckVerdict.NOT_CHECKABLE,
            inputs,
            missing=missing,
            statement=(found.span("0"),),
            language=line.language,
        )
        return


def _compared(found: Found, *, inclusive: bool) -> Iterator[Result]:
    """The length from one day to another beside the one stated; ``inclusive``: both ends may count."""
    dates, length = _dates(found), length_of(found.mark("length").value)
    if dates is None or length is None or _unsure_year(found):
        return
    one, other = dates
    days = (other.first - one.first).days
    low, high = (days, days + 1) if inclusive else (days, days)
    slack = length.off + (_hedge(found) * length.days)
    agrees = low - slack <= length.days <= high + slack
    both = f" ({high} with both ends)" if inclusive else ""
    steps = (
        f"{other.first} − {one.first} = {days} days{both}",
        f"stated: {length.count:g} {length.unit}s"
        + ("" if length.unit == "day" else f" = {length.days:.0f} days"),
    )
    verdict = CheckVerdict.CONSISTENT if agrees else CheckVerdict.INCONSISTENT
    yield Result(
        verdict,
        _inputs(found),
        steps,
        _years_assumed(found, one),
        _tolerance(length, _hedge(found)),
        language=found.line.language,
    )


def _hedge(found: Found) -> float:
    mark = found.mark("length")
    said = getattr(mark.mention, "modifier", None) or ""
    before = found.line.text[max(0, found.match.start("length") - 25) : found.match.start("length")]
    hedged = "approx" in said or "than" in said or (found.line.has("hedged") and before.strip() != "")
    return 0.1 if hedged else 0.0


def _tolerance(length: Length, hedge: float) -> str:
    more = "; a tenth more, as it is approximate" if hedge else ""
    return f"{length.off:g} days: {length.why}{more}"


def _years_assumed(found: Found, one: Days) -> tuple[str, ...]:
    for name in ("from", "to"):
        if any("no year stated" in r for r in getattr(found.mark(name).mention, "reasons", ())):
            return (f"the year, which is not stated, is {one.first.year}",)
    return ()


def _orders(facts: DocumentFacts) -> Iterator[Result]:
    for line in lines_of(facts):
        for found in _one_a_pair(line, "order"):
            dates = _dates(found)
            if dates is None or _unsure_year(found) or dates[0] == dates[1]:
                continue  # of one day the hours are not told
            earlier, later = dates[0].first, dates[1].first
            days = (later - earlier).days
            steps = (
                f"{later} − {earlier} = {days} days",
                f"stated: {earlier} before {later}",
            )
            yield Result(
                CheckVerdict.CONSISTENT if days > 0 else CheckVerdict.INCONSISTENT,
                _inputs(found),
                steps,
                _years_assumed(found, dates[0]),
                "none: the days differ",
                language=line.language,
            )


DURATION: Final = DocumentCheck(
    "duration",
    "1",
    CheckTopic.DATES,
    "how long something lasted agrees with its first and last day",
    _durations,
)
INTERVAL: Final = DocumentCheck(
    "interval", "1", CheckTopic.DATES, "so many days before or after agrees with the two dates", _intervals
)
ORDER: Final = DocumentCheck(
    "order", "1", CheckTopic.DATES, "what is said to be before or after a dated event is", _orders
)
