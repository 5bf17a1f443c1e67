"""Rates: "per hour", «за килограмм», «сағатына», "per 1,000 people"."""

from __future__ import annotations

from typing import Final

from tocsin.resolve.quantities.lexicon import Lexicon
from tocsin.resolve.quantities.measures import Measure, unit_at
from tocsin.resolve.quantities.tokens import Token
from tocsin.resolve.quantities.units import dimension, load_units

__all__ = ["rate_after", "rate_before"]

_WHO: Final = {"PERSON": "person", "PIECE": "piece", "HOUSEHOLD": "household"}
_TIME_PREPOSITIONS: Final = frozenset({"в", "во", "за", "на", "у"})
_UNIT_PREPOSITIONS: Final = frozenset({"за", "на", "с", "со", "з", "із"})
_DATIVE: Final = ("ға", "ге", "қа", "ке", "на", "не")
_PAST: Final = frozenset({"ago", "earlier", "before", "later", "old"})
_EACH: Final = frozenset({"person", "head", "piece", "unit"})
_EXTENTS: Final = frozenset({"length", "area", "volume", "mass"})


def _thing(tokens: list[Token], at: int) -> tuple[str, int]:
    """What a rate is counted by, from ``at`` on: a unit, a person, a piece; empty where it is none of
    them."""
    symbol, end = unit_at(tokens, at)
    if symbol and dimension(symbol) in _EXTENTS:
        return symbol, end
    if at < len(tokens) and tokens[at].category in _WHO:
        return _WHO[tokens[at].category], at + 1
    return "", at


def _numbered(tokens: list[Token], at: int) -> tuple[str, int]:
    """«100 км», "1,000 people" after the preposition of a rate."""
    made: Measure = tokens[at].payload
    number = made.number.exact
    if number is None or number.denominator != 1 or number < 1 or made.per:
        return "", at
    if made.unit:
        return (f"{number} {made.unit}", at + 1) if _is_extent(made.unit) else ("", at)
    person = at + 1 < len(tokens) and tokens[at + 1].category == "PERSON"
    return (f"{number} person", at + 2) if person else ("", at)


def _is_extent(unit: str) -> bool:
    return unit in load_units() and dimension(unit) in _EXTENTS


def _english(tokens: list[Token], at: int) -> tuple[str, int]:
    token, after = tokens[at], tokens[at + 1]
    if token.category not in ("PER", "A", "EVERY"):
        return "", at
    if after.category == "MEASURE" and token.plain == "per":
        return _numbered(tokens, at + 1)
    if after.category in ("TIME", "PART"):
        past = at + 2 < len(tokens) and tokens[at + 2].plain in _PAST  # $5 a year ago
        if past or (after.plain.endswith("s") and after.plain != "quarter"):
            return "", at
        if after.category == "TIME":
            return after.value, at + 2
        return ("quarter", at + 2) if after.plain == "quarter" else ("", at)
    if token.category == "PER" or after.category == "UNIT" or after.plain in _EACH:
        return _thing(tokens, at + 1)
    return "", at


def _slavic(tokens: list[Token], at: int, lexicon: Lexicon) -> tuple[str, int]:
    token, after = tokens[at], tokens[at + 1]
    if token.category not in ("PREP", "FROM"):
        return "", at
    if after.category == "TIME":
        timely = token.plain in _TIME_PREPOSITIONS and after.plain in lexicon.lists["rate_time"]
        return (after.value, at + 2) if timely else ("", at)
    if after.category == "MEASURE" and token.plain == "на":
        return _numbered(tokens, at + 1)
    return _thing(tokens, at + 1) if token.plain in _UNIT_PREPOSITIONS else ("", at)


def rate_after(tokens: list[Token], at: int, lexicon: Lexicon) -> tuple[str, int]:
    """The rate that begins at a token, with the index after it; empty where none does."""
    if at < len(tokens) and tokens[at].category == "RATETIME":
        return tokens[at].value, at + 1
    if at + 1 >= len(tokens) or lexicon.language == "kk":
        return "", at
    return _english(tokens, at) if lexicon.language == "en" else _slavic(tokens, at, lexicon)


def rate_before(tokens: list[Token], at: int, lexicon: Lexicon) -> tuple[str, int]:
    """The Kazakh rate that ends at a token, with the index it begins at; empty where none does."""
    token = tokens[at]
    if token.category in ("RATETIME", "RATEUNIT"):
        return token.value, at
    if token.category != "MEASURE" or lexicon.language != "kk":
        return "", at
    made: Measure = token.payload
    number = made.number.exact
    if number is None or number.denominator != 1 or made.per or made.prefixed:
        return "", at
    if not made.tail.endswith(_DATIVE) or not _is_extent(made.unit):
        return "", at
    return (made.unit if number == 1 else f"{number} {made.unit}"), at
