"""Quantities of a document, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from tocsin.model import Alternative, Quantity, QuantityMention, Span, make_id
from tocsin.resolve.quantities.compose import Candidate, compose
from tocsin.resolve.quantities.counted import counted_key
from tocsin.resolve.quantities.lexicon import LANGUAGES, Lexicon, load_lexicon
from tocsin.resolve.quantities.measures import read_measures, read_ranges
from tocsin.resolve.quantities.numerals import read_numbers
from tocsin.resolve.quantities.reject import rejected
from tocsin.resolve.quantities.tokens import levelled, may_hold_quantity, tokenize
from tocsin.resolve.quantities.units import dimension, to_base

__all__ = ["METHOD", "find_quantities"]

METHOD: Final = "quantities-1"
_CYRILLIC: Final = re.compile(r"[А-Яа-яЁёІіЇїЄєҐґӘәҒғҚқҢңӨөҰұҮүҺһ]")
_KAZAKH: Final = re.compile(r"[ӘәҒғҚқҢңӨөҰұҮүҺһ]")
_UKRAINIAN: Final = re.compile(r"[ЇїЄєҐґ]")
#: Scores: with a unit, with a noun counted, a bare number. Not calibrated.
_WITH_UNIT, _WITH_NOUN, _BARE = 0.95, 0.9, 0.7
_LARGEST: Final = 1e18


def _lexicon(language: str, text: str) -> Lexicon | None:
    if language in LANGUAGES:
        return load_lexicon(language)
    if language != "und":
        return None
    if _CYRILLIC.search(text) is None:
        return load_lexicon("en")
    if _KAZAKH.search(text):
        return load_lexicon("kk")
    return load_lexicon("uk" if _UKRAINIAN.search(text) else "ru")


def _candidates(text: str, level: str, lexicon: Lexicon) -> list[Candidate]:
    tokens = read_numbers(tokenize(text, level, lexicon), lexicon)
    if all(token.category != "NUMBER" for token in tokens):
        return []
    tokens = read_measures(tokens, text, lexicon)
    tokens = read_ranges(tokens, level, lexicon)
    return [
        made for made in compose(tokens, level, lexicon) if not rejected(made, tokens, text, level, lexicon)
    ]


def _reasons(made: Candidate, quantity: Quantity) -> tuple[float, tuple[str, ...]]:
    reasons = []
    if quantity.unit:
        score = _WITH_UNIT
        reasons.append(f"unit {quantity.unit}")
    elif made.counted is not None:
        score = _WITH_NOUN
        reasons.append(f"counts {made.counted.text}")
    else:
        score = _BARE
        reasons.append("a bare number")
    if made.signs:
        reasons.append("bounded: " + " ".join(made.signs))
    if made.measure.ranged:
        reasons.append("a range")
    if made.inverse:
        reasons.append("a multiple said of less")
    return score, tuple(reasons)


def _alternatives(quantity: Quantity, score: float) -> tuple[Alternative, ...]:
    """The other reading of "pounds"."""
    other = {"GBP": ("lb", "weight is not spoken of"), "lb": ("GBP", "weight is spoken of")}.get(
        quantity.unit
    )
    if other is None:
        return ()
    unit, reason = other
    return (Alternative(unit, unit, round(score / 4, 3), reason),)


def _mention(
    document_id: str, offset: int, made: Candidate, quantity: Quantity, lexicon: Lexicon
) -> QuantityMention:
    start, end = offset + made.start, offset + made.end
    score, reasons = _reasons(made, quantity)
    base = to_base(quantity)
    counted = made.counted
    return QuantityMention(
        mention_id=make_id(document_id, start, end, METHOD),
        document_id=document_id,
        start=start,
        end=end,
        low=quantity.low,
        high=quantity.high,
        low_open=quantity.low_open,
        high_open=quantity.high_open,
        approximate=quantity.approximate,
        unit=quantity.unit,
        per=quantity.per,
        dimension=dimension(quantity.unit, quantity.per),
        base_low=base.low,
        base_high=base.high,
        base_unit=base.unit,
        base_per=base.per,
        counted=() if counted is None else (Span(offset + counted.start, offset + counted.end),),
        counted_key=None if counted is None else counted_key(counted.text, lexicon),
        score=score,
        reasons=reasons,
        alternatives=_alternatives(quantity, score) if made.pound else (),
        method=METHOD,
    )


def find_quantities(
    document_id: str, text: str, sentences: Iterable[tuple[int, int, str]]
) -> list[QuantityMention]:
    """Quantities of one document, in text order, never overlapping.

    ``sentences`` gives start and end (code points of ``text``) and the ISO 639-1 language of each; others
    than en, ru, uk, kk give nothing, ``und`` is taken by its script. Pure and deterministic; raises nothing.
    """
    found = []
    for start, end, language in sentences:
        sentence = text[start:end]
        lexicon = _lexicon(language, sentence)
        if lexicon is None:
            continue
        level = levelled(sentence)
        if not may_hold_quantity(sentence, level, lexicon):
            continue
        for made in _candidates(sentence, level, lexicon):
            try:
                quantity = made.quantity()
            except (ValueError, OverflowError):
                continue  # bounds that leave no number («at least 5, at most 3» of one number)
            if all(bound is None or abs(bound) <= _LARGEST for bound in (quantity.low, quantity.high)):
                found.append(_mention(document_id, start, made, quantity, lexicon))
    return found
