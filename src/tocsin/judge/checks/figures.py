"""Figures that the user gives, and numbers in texts that are far above them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from tocsin.errors import BadMappingError
from tocsin.judge.checks.amounts import amount_of, plain
from tocsin.judge.checks.protocol import DocumentCheck, DocumentFacts, Input, Result
from tocsin.judge.checks.wordings import stem, words_of
from tocsin.model import CheckTopic, CheckVerdict, Figure, QuantityMention, Sentence, Span, make_id

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["FIGURE", "figure_table", "read_figures", "with_figures"]

_PARTS: Final = re.compile(r"\s*[;|]\s*")
_COLUMNS: Final = ("subject", "counted", "value")


def read_figures(data: bytes, base: str) -> list[Figure]:
    """The figures of a CSV table (UTF-8); rows whose value is no number are left out.

    Columns: ``subject`` (a name, in any form texts use; several joined by ``;``), ``counted`` (words,
    likewise), ``value`` or ``low`` and ``high``; ``unit``, ``source``, ``date`` if there. Raises
    BadMappingError when one of the first three is missing.
    """
    reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig", "replace"), newline=""))
    names = set(reader.fieldnames or ())
    lacking = [c for c in _COLUMNS if c not in names and not (c == "value" and {"low", "high"} <= names)]
    if lacking:
        raise BadMappingError(
            f"the table of figures has no column {', '.join(lacking)}",
            remedy="it needs subject, counted and value (or low and high)",
        )
    found: dict[str, Figure] = {}
    for row in reader:
        cells = {name: " ".join((row.get(name) or "").split()) for name in names}
        low, high = (
            _number(cells.get("low") or cells.get("value", "")),
            _number(cells.get("high") or cells.get("value", "")),
        )
        counted = tuple(part for part in _PARTS.split(cells["counted"]) if part)
        if low is None or high is None or low > high or not counted:
            continue
        for subject in filter(None, _PARTS.split(cells["subject"])):
            unit = cells.get("unit", "")
            key = make_id("figure", base, subject, *counted, repr(low), repr(high), unit)
            found[key] = Figure(
                key, base, subject, counted, low, high, unit, cells.get("source", ""), cells.get("date", "")
            )
    return [found[key] for key in sorted(found)]


def _number(text: str) -> float | None:
    try:
        found = float(text.replace(" ", "").replace("\u00a0", "").replace("_", ""))
    except ValueError:
        return None
    return found if abs(found) < 1e18 else None


def figure_table(figures: Iterable[Figure]) -> pa.Table:
    """Figures as rows of ``figures``."""
    from tocsin.model.arrow import table_of
    from tocsin.model.tables import FIGURES

    return table_of(figures, FIGURES)


def with_figures(facts: DocumentFacts, figures: Sequence[Figure], factor: float) -> Iterator[Result]:
    """Numbers beside the figure of the same subject and thing: above ``factor`` times it, or of its order."""
    text = facts.document.text
    for sentence in facts.sentences:
        own = [q for q in facts.quantities if sentence.start <= q.start and q.end <= sentence.end]
        if not own:
            continue
        for figure in figures:
            subject = _named(figure.subject, sentence, text)
            if subject is None:
                continue
            for quantity in own:
                noun = _counts(figure, quantity, text)
                if noun is not None:
                    yield from _compared(facts, figure, (quantity, noun), subject, factor)


def _named(subject: str, sentence: Sentence, text: str) -> Span | None:
    """Where a sentence names a subject, whatever the endings."""
    wanted = [stem(w.folded) for w in words_of(subject)]
    words = words_of(text[sentence.start : sentence.end], sentence.start)
    stems = [stem(w.folded) for w in words]
    for at in range(len(words) - len(wanted) + 1):
        if wanted and all(_same(a, b) for a, b in zip(stems[at:], wanted, strict=False)):
            return Span(words[at].span.start, words[at + len(wanted) - 1].span.end)
    return None


def _same(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return one == other or (len(short) >= 4 and long.startswith(short))


def _counts(figure: Figure, quantity: QuantityMention, text: str) -> str | None:
    """The words for what is counted, where it is what the figure counts."""
    if quantity.unit != figure.unit or quantity.per:
        return None
    if not quantity.counted:
        return "" if figure.unit else None
    noun = quantity.counted[0].of(text)
    wanted = {stem(w.folded) for words in figure.counted for w in words_of(words)}
    own = {stem(w.folded) for w in words_of(noun)}
    return noun if own & wanted or quantity.counted_key in figure.counted else None


def _compared(
    facts: DocumentFacts, figure: Figure, found: tuple[QuantityMention, str], subject: Span, factor: float
) -> Iterator[Result]:
    quantity, noun = found
    words = facts.document.text[quantity.start : quantity.end]
    amount = amount_of(quantity, words)
    if figure.high <= 0 or amount.written < figure.low / factor:
        return  # a part may be as small as it likes
    unit = f" {figure.unit}" if figure.unit else ""
    given = plain(figure.low) if figure.low == figure.high else f"{plain(figure.low)} to {plain(figure.high)}"
    by = ", ".join(part for part in (figure.source, figure.date) if part)
    steps = (
        (
            f"figure given ({figure.base}{': ' + by if by else ''}): "
            f"{figure.subject}, {figure.counted[0]}: {given}{unit}"
        ),
        f"{plain(amount.written)} / {plain(figure.high)} = {plain(amount.written / figure.high)}",
        f"allowed: up to {factor:g} times",
    )
    verdict = CheckVerdict.INCONSISTENT if amount.low > figure.high * factor else CheckVerdict.CONSISTENT
    inputs = (
        Input(Span(quantity.start, quantity.end), f"{quantity.quantity} {noun}".rstrip()),
        Input(subject, figure.subject),
    )
    yield Result(
        verdict,
        tuple(sorted(inputs, key=lambda item: item.span)),
        steps,
        (
            "the number is one of that subject",
            "it is what the figure counts, not a sum over years or repeats",
        ),
        f"{factor:g} times (setting checks.figure_factor): only the order of magnitude is compared",
    )


def _nothing(_: DocumentFacts) -> tuple[Result, ...]:
    """Run by ``corpus``, which knows the figures."""
    return ()


FIGURE: Final = DocumentCheck(
    "figure", "1", CheckTopic.SIZES, "a number is not far above a figure that the user gave", _nothing
)
