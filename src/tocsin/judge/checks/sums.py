"""Parts and their total, a share of a whole, and a change with its size."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from tocsin.judge.checks.amounts import Amount, amount_of, plain, total
from tocsin.judge.checks.lines import Found, Line, Mark, forms, lines_of
from tocsin.judge.checks.protocol import DocumentCheck, DocumentFacts, Input, Result
from tocsin.model import CheckTopic, CheckVerdict, QuantityMention

__all__ = ["CHANGE", "SHARE", "SUM"]

#: Longest stretch between two parts of a sum, in signs of the line.
_APART: Final = 60
_HALF: Final = Amount(45.0, 55.0, 50.0, ("a fraction in words may be 5 points off",))
#: A total that many times the sum of what stands before it, or less than that, is no total of it.
_MOST_APART: Final = 4.0
#: A number that many times the other has a word for its scale that the other lacks.
_SCALES: Final = 200
_MARK: Final = re.compile(r"<q(\d+)(?::.)?>")


def _counted(line: Line, mark: Mark) -> str:
    quantity = _quantity(mark)
    noun = line.words(quantity.counted[0]) if quantity.counted else ""
    return f" {noun}" if noun else ""


def _quantity(mark: Mark) -> QuantityMention:
    assert isinstance(mark.mention, QuantityMention)
    return mark.mention


def _amount(line: Line, mark: Mark) -> Amount:
    return amount_of(_quantity(mark), line.words(mark.span))


def _input(line: Line, mark: Mark) -> Input:
    return Input(mark.span, f"{_quantity(mark).quantity}{_counted(line, mark)}")


def _tolerance(amounts: Sequence[Amount], more: str = "") -> str:
    reasons = list(dict.fromkeys(reason for a in amounts for reason in a.why))
    reasons += [more] if more else []
    return "; ".join(reasons) or "none: no number is rounded or hedged"


# --- sums ---------------------------------------------------------------------------------------


def _sums(facts: DocumentFacts) -> Iterator[Result]:
    for line in lines_of(facts):
        for found in line.find("total"):
            result = _sum(line, found)
            if result is not None:
                yield result
                break
        else:
            yield from _lists(line)


def _lists(line: Line) -> Iterator[Result]:
    """A total before its parts («95 in all: 89 passengers and six of the crew»), told as one list."""
    for found in line.find("total_first"):
        all_of = found.mark("total")
        parts = [m for m in line.of_kind("q") if m.span.start >= all_of.span.end]
        after = line.text[found.match.end("total") + 1 :]
        gaps = _MARK.split(after)[:-2:2][1:]
        if len(parts) < 2 or any(_quantity(m).unit != _quantity(all_of).unit for m in parts):
            continue
        if any(len(gap) > _APART for gap in gaps) or any(
            p.search(after) for name in ("no_sum", "not_all") for p in forms(line.language, name)
        ):
            continue
        amounts, whole = [_amount(line, m) for m in parts], _amount(line, all_of)
        added = total(amounts)
        sure = all(_quantity(m).counted or _quantity(m).unit for m in parts)
        if not added.meets(whole) and (added.written < whole.written or not sure):
            continue  # the list need not be complete, nor be one of what was counted («5 girls: 12, 9 …»)
        steps = (
            " + ".join(plain(a.written) for a in amounts) + f" = {plain(added.written)}" + _spread(added),
            f"stated: {plain(whole.written)}" + _spread(whole),
        )
        yield Result(
            CheckVerdict.CONSISTENT if added.meets(whole) else CheckVerdict.INCONSISTENT,
            (_input(line, all_of), *(_input(line, m) for m in parts)),
            steps,
            ("what follows the total are parts of it, and none is counted twice",),
            _tolerance([*amounts, whole]),
            language=line.language,
        )
        return


def _sum(line: Line, found: Found) -> Result | None:
    """The numbers before a total, if they look like its parts and nothing but its parts."""
    all_of = found.mark("total")
    before = [m for m in line.of_kind("q") if m.span.end <= all_of.span.start]
    parts = [m for m in before if not _quantity(m).per and _quantity(m).unit == _quantity(all_of).unit]
    if len(parts) != len(before) or not parts:
        return None
    start = line.text.index(f"<q{line.marks.index(parts[0])}")
    between = line.text[start : found.match.start("total")]
    inputs = (*(_input(line, m) for m in parts), _input(line, all_of))
    statement = (line.span(start, found.match.end()),)
    vague = any(p.search(between) for p in forms(line.language, "not_all"))
    if ";" in between or (not vague and not _alike(line, parts, all_of)):
        return None
    if vague:
        missing = ("every part as a number, and that the parts are of one kind and do not overlap",)
        return Result(
            CheckVerdict.NOT_CHECKABLE, inputs, missing=missing, statement=statement, language=line.language
        )
    if len(parts) < 2:
        return None
    gaps = _MARK.split(between)[2::2]
    if any(len(gap) > _APART for gap in gaps) or any(
        p.search(between) for p in forms(line.language, "no_sum")
    ):
        return None
    amounts = [_amount(line, m) for m in parts]
    whole, added = _amount(line, all_of), total(amounts)
    if not _MOST_APART * added.written >= whole.written >= added.written / _MOST_APART:
        return None  # «two armies and one; 330,000 soldiers in all» counts something else
    agrees = added.meets(whole)
    steps = [
        " + ".join(plain(a.written) for a in amounts) + f" = {plain(added.written)}" + _spread(added),
        f"stated: {plain(whole.written)}" + _spread(whole),
    ]
    same = [a for a, m in zip(amounts, parts, strict=True) if _noun(line, m) == _noun(line, all_of)]
    if len(same) < len(amounts) and same and not agrees:
        alone = total(same)
        agrees = alone.meets(whole)
        steps.insert(1, f"only what bears the noun of the total: {plain(alone.written)}{_spread(alone)}")
    return Result(
        CheckVerdict.CONSISTENT if agrees else CheckVerdict.INCONSISTENT,
        inputs,
        tuple(steps),
        ("the parts named before the total are all of it, and none is counted twice",),
        _tolerance([*amounts, whole]),
        statement=statement,
        language=line.language,
    )


def _spread(amount: Amount) -> str:
    return "" if amount.exact else f" ({amount})"


def _alike(line: Line, parts: Sequence[Mark], all_of: Mark) -> bool:
    """Whether parts can be added: one noun, or people in different fates."""
    if _quantity(all_of).unit:
        return True
    nouns = {_noun(line, m) for m in parts}
    whole = _noun(line, all_of)
    known = nouns - {""}
    if not known:
        return not whole
    if known <= {"person"} and whole in ("", "person"):
        return True
    return (len(known) == 1 and whole in ("", *known)) or (whole in known and "" not in nouns)


def _noun(line: Line, mark: Mark) -> str:
    quantity = _quantity(mark)
    if not quantity.counted:
        return ""
    word = line.words(quantity.counted[0]).lower()
    if quantity.counted_key == "person" or any(p.match(word) for p in forms(line.language, "people")):
        return "person"
    if any(p.match(word) for p in forms(line.language, "no_noun")):
        return ""
    return quantity.counted_key or word


# --- shares -------------------------------------------------------------------------------------


def _shares(facts: DocumentFacts) -> Iterator[Result]:
    for line in lines_of(facts):
        seen = set()
        for found in line.find("share"):
            key = found.mark("share").span
            if key in seen:
                continue
            result = _share(line, found)
            if result is not None:
                seen.add(key)
                yield result
        if not seen:
            yield from _share_of_nothing(line)


def _percent(line: Line, mark: Mark) -> Amount | None:
    """A share as a percentage with what it may be off; None where it is none."""
    quantity = _quantity(mark)
    if quantity.unit not in ("%", "part") or quantity.per:
        return None
    amount = _amount(line, mark)
    if quantity.unit == "part":
        low, high = amount.low * 100 - 5, amount.high * 100 + 5
        why = (*amount.why, "a fraction in words may be 5 points off")
        return Amount(low, high, amount.written * 100, why)
    if quantity.low != quantity.high:
        return amount
    off = 0.5 if amount.written == int(amount.written) else 0.05
    off = max(off, (amount.high - amount.low) / 2)
    why = amount.why or (f"the share is given to {'a whole' if off == 0.5 else 'a tenth of a'} percent",)
    return Amount(amount.written - off, amount.written + off, amount.written, why)


def _share(line: Line, found: Found) -> Result | None:
    part, whole = found.mark("part"), found.mark("whole")
    share = _percent(line, found.mark("share"))
    if (
        share is None
        or _quantity(part).unit != _quantity(whole).unit
        or _quantity(part).unit in ("%", "part")
    ):
        return None
    one, all_of = _amount(line, part), _amount(line, whole)
    if all_of.low <= 0 or one.low < 0 or one.written > all_of.written or one.high == float("inf"):
        return None
    computed = Amount(
        100 * one.low / all_of.high, 100 * one.high / all_of.low, 100 * one.written / all_of.written
    )
    steps = (
        f"{plain(one.written)} / {plain(all_of.written)} = {plain(computed.written)} %{_spread(computed)}",
        f"stated: {plain(share.written)} % ({share})",
    )
    inputs = sorted((_input(line, m) for m in (part, whole, found.mark("share"))), key=lambda i: i.span)
    # People round to the next whole percent, up or down.
    wider = replace(share, low=share.low - 0.5, high=share.high + 0.5)
    return Result(
        CheckVerdict.CONSISTENT if wider.meets(computed) else CheckVerdict.INCONSISTENT,
        tuple(inputs),
        steps,
        (f"the share is that of {plain(one.written)} in {plain(all_of.written)}",),
        _tolerance([one, all_of, share], "half a point more, as shares are also cut off"),
        language=line.language,
    )


def _share_of_nothing(line: Line) -> Iterator[Result]:
    for found in line.find("share_alone"):
        if _percent(line, found.mark("share")) is None or _quantity(found.mark("part")).unit:
            continue
        inputs = tuple(_input(line, found.mark(name)) for name in ("part", "share"))
        missing = ("the whole of which it is a share",)
        yield Result(CheckVerdict.NOT_CHECKABLE, inputs, missing=missing, language=line.language)
        return


# --- changes ------------------------------------------------------------------------------------


def _changes(facts: DocumentFacts) -> Iterator[Result]:
    for line in lines_of(facts):
        seen = set()
        for found in line.find("change"):
            key = (found.mark("from").span, found.mark("to").span)
            result = _change(line, found) if key not in seen else None
            if result is not None:
                seen.add(key)
                yield result


def _change(line: Line, found: Found) -> Result | None:
    first, last = found.mark("from"), found.mark("to")
    by = None if found.has("half") else found.mark("by")
    units = {_quantity(m).unit for m in (first, last)} - {""}
    rates = {_quantity(m).per for m in (first, last)} - {""}
    if len(units) > 1 or len(rates) > 1:
        return None
    one, other = _amount(line, first), _amount(line, last)
    if one.written < other.written / _SCALES:
        return None  # «from 52 to 46 million» leaves the first million out
    if not (one.low > 0 and one.high < float("inf") and other.low > 0 and other.high < float("inf")):
        return None
    computed, stated, formula = _size_of_change(line, one, other, by)
    changed = Input(found.span("half"), "50 %") if by is None else _input(line, by)
    if stated is None or computed is None:
        return None
    agrees = computed.meets(stated)
    if units == {"%"} and not agrees:
        points = Amount(abs(other.written - one.written), abs(other.written - one.written), 0.0)
        agrees = points.meets(stated)  # «by 5 %» for five points is loose, not wrong
    inputs = tuple(sorted((_input(line, first), _input(line, last), changed), key=lambda i: i.span))
    carried = len(units) == 1 and "" in {_quantity(m).unit for m in (first, last)}
    return Result(
        CheckVerdict.CONSISTENT if agrees else CheckVerdict.INCONSISTENT,
        inputs,
        (formula, f"stated: {plain(stated.written)} ({stated})"),
        (f"both numbers are in {next(iter(units))}",) if carried else (),
        _tolerance([one, other, stated]),
        language=line.language,
    )


def _size_of_change(
    line: Line, one: Amount, other: Amount, by: Mark | None
) -> tuple[Amount | None, Amount | None, str]:
    """Computed and stated size of a change, and the computation."""
    a, b = one.written, other.written
    unit = _quantity(by).unit if by is not None else "part"
    if unit in ("%", "part"):
        ends = [100 * abs(y - x) / x for x in (one.low, one.high) for y in (other.low, other.high)]
        value = 100 * abs(b - a) / a
        crosses = (one.low <= other.high) and (other.low <= one.high)
        computed = Amount(0.0 if crosses else min(ends), max(ends), value)
        stated = _HALF if by is None else _percent(line, by)
        wide = None if stated is None else replace(stated, low=stated.low - 0.5, high=stated.high + 0.5)
        return computed, wide, f"|{plain(b)} − {plain(a)}| / {plain(a)} = {plain(value)} %"
    if unit == "x" and by is not None:
        low, high = other.low / one.high, other.high / one.low
        stated = _amount(line, by)
        value = b / a
        formula = f"{plain(b)} / {plain(a)} = {plain(value)}"
        off = 0.1 * abs(stated.written) if stated.written else 0.0
        ways = [(stated.low, stated.high, stated.written)]
        if stated.low > 0:
            ways.append((1 / stated.high, 1 / stated.low, 1 / stated.written))
        low_x, high_x, written = min(ways, key=lambda w: abs(w[2] - value))
        off = max(off, 0.1 * written)
        why = (*stated.why, "a number of times may be a tenth off")
        return Amount(low, high, value), Amount(low_x - off, high_x + off, written, why), formula
    return None, None, ""


SUM: Final = DocumentCheck("sum", "1", CheckTopic.SUMS, "parts add up to the total stated with them", _sums)
SHARE: Final = DocumentCheck(
    "share", "1", CheckTopic.SUMS, "so many of so many are the share stated", _shares
)
CHANGE: Final = DocumentCheck(
    "change", "1", CheckTopic.SUMS, "from so much to so much is a change as stated", _changes
)
