"""Measures: numbers with their units, then ranges of them; each reduced to one token."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from tocsin.resolve.quantities.lexicon import Lexicon
from tocsin.resolve.quantities.numerals import Number
from tocsin.resolve.quantities.tokens import Token
from tocsin.resolve.quantities.units import load_units

__all__ = ["Measure", "changes", "read_measures", "read_ranges", "unit_at"]

_SQUARES: Final = {"m": "m2", "km": "km2", "cm": "cm2", "mm": "mm2", "ft": "ft2", "mi": "mi2"}
_CUBES: Final = {"m": "m3", "km": "km3", "cm": "ml", "mm": "ml"}
#: Major unit → minor unit and how many of it make one.
_COMPOUNDS: Final = {
    ("ft", "in"): 12,
    ("lb", "oz"): 16,
    ("m", "cm"): 100,
    ("km", "m"): 1000,
    ("kg", "g"): 1000,
    ("t", "kg"): 1000,
    ("cm", "mm"): 10,
}
#: Currencies that share a word for their hundredth with the one it is listed under.
_HUNDREDTHS: Final = {
    "RUB": ("RUB", "UAH", "BYN"),
    "UAH": ("UAH", "RUB"),
    "USD": ("USD", "EUR", "AUD", "CAD", "HKD"),
}
_SYMBOLS: Final = ("SYMBOL", "CODE")
_GENITIVES: Final = (
    "ов",
    "ев",
    "ей",
    "ек",
    "ів",
    "їв",
    "нн",
    "иц",
    "осіб",
    "миль",
    "гривень",
    "гривен",
    "сот",
)
_ABLATIVE: Final = ("дан", "ден", "тан", "тен", "нан", "нен")
_DATIVE: Final = ("ға", "ге", "қа", "ке", "на", "не")
#: Bounds after which a unit needs no number, and the shortest unit written out.
_BARE_BOUNDS: Final = frozenset({"ATLEAST", "ATMOST", "MORE", "LESS", "APPROX"})
_SHORTEST_NAME: Final = 4
#: Largest number of which one or another is said («two or three»).
_LARGEST_CHOICE: Final = 10**4
#: How far about a number a verb of change counts for it, in code points.
_NEAR_BEFORE: Final = 60
_NEAR_AFTER: Final = 40


@dataclass(frozen=True, slots=True)
class Measure:
    """A number with its unit (``unit`` empty: a count). ``minor``: hundredths of the currency were named.

    ``prefixed`` says that the unit stands before the number ("$5"), ``tight`` that a hyphen joins them
    ("50-kilometre").
    ``ranged`` marks two ends; ``tail`` is the last word, for its case.
    """

    number: Number
    unit: str = ""
    per: str = ""
    minor: bool = False
    prefixed: bool = False
    tight: bool = False
    ranged: bool = False
    inverted: bool = False
    tail: str = ""


def _unit(tokens: list[Token], at: int) -> tuple[str, int]:
    """The unit that begins at a token, with the index after it; empty where none does."""
    if at >= len(tokens):
        return "", at
    token = tokens[at]
    if token.category in ("SQUARE", "CUBIC"):
        step = at + 1
        if step < len(tokens) and tokens[step].category == "DASH":
            step += 1
        powers = _SQUARES if token.category == "SQUARE" else _CUBES
        if step < len(tokens) and tokens[step].category in ("UNIT", "RATEUNIT"):
            power = powers.get(tokens[step].value, "")
            return (power, step + 1) if power else ("", at)
        return "", at
    if token.category in ("UNIT", "SYMBOL", "CODE", "RATEUNIT"):
        if at + 1 < len(tokens) and tokens[at + 1].category in ("SQUARE", "CUBIC") and token.value in _CUBES:
            powers = _SQUARES if tokens[at + 1].category == "SQUARE" else _CUBES
            own = at + 2 < len(tokens) and tokens[at + 2].category == "UNIT"
            if not own and token.value in powers:
                return powers[token.value], at + 2
        return token.value, at + 1
    return "", at


def unit_at(tokens: list[Token], at: int) -> tuple[str, int]:
    """The physical unit that begins at a token, with the index after it; empty where none does."""
    symbol, end = _unit(tokens, at)
    return (symbol, end) if symbol in load_units() else ("", at)


def _slash(tokens: list[Token], at: int, text: str) -> tuple[str, int]:
    """The rate after a stroke: «км/ч», «л/100 км»; empty where none is."""
    if at + 1 >= len(tokens) or tokens[at].category != "SLASH":
        return "", at
    after = tokens[at + 1]
    if after.category in ("SLASHTIME", "TIME"):
        return after.value, at + 2
    if after.category == "NUMBER" and after.payload.figure:
        symbol, end = unit_at(tokens, at + 2)
        return (f"{after.payload.low} {symbol}", end) if symbol else ("", at)
    if after.category in ("UNIT", "RATEUNIT") and after.value in load_units():
        return after.value, at + 2
    slash_time = text[after.start : after.end] in ("с", "s", "ч", "h") and after.category in ("FROM", "PREP")
    return ("s" if text[after.start] in "сs" else "h", at + 2) if slash_time else ("", at)


def _follows(one: Token, two: Token) -> bool:
    return two.start - one.end <= 1


@dataclass(slots=True)
class _Builder:
    tokens: list[Token]
    text: str
    lexicon: Lexicon
    found: list[Token]

    def measure(self, at: int) -> int:
        """Adds the measure of the number at ``at`` to ``found``; gives the index after it."""
        token = self.tokens[at]
        number: Number = token.payload
        start, end, after = token.start, token.end, at + 1
        prefixed = self._prefix(token)
        unit, step, tight = self._suffix(after)
        if prefixed and (not unit or unit == prefixed or unit not in load_units() or unit in ("m", "part")):
            start = self.found.pop().start
            if unit == prefixed:
                after = step
            unit = prefixed
        elif unit:
            prefixed, after = "", step
        else:
            prefixed = ""
        minor, per = False, ""
        if not unit and after < len(self.tokens) and self.tokens[after].category == "MINOR":
            unit, minor, after = self.tokens[after].value, True, after + 1
        if unit:
            unit, _, per = unit.partition("/")
            rate, after = _slash(self.tokens, after, self.text)
            per = rate or per
        end = max(end, self.tokens[after - 1].end)
        number, after, end = self._weather(number, unit, after, end)
        tail = self.tokens[after - 1].plain
        made = Measure(number, unit or number.unit, per, minor, bool(prefixed), tight, tail=tail)
        self.found.append(Token(start, end, "", tail, "MEASURE", "", made))
        self._invert()
        self._compound()
        return after

    def bare(self, at: int) -> bool:
        """«более тонны», «менше метра»: a unit alone after a bound is one of it."""
        token, before = self.tokens[at], self.tokens[at - 1].category if at else ""
        if (
            "inversion" not in self.lexicon.flags
            or before not in _BARE_BOUNDS
            or len(token.plain) < _SHORTEST_NAME
        ):
            return False
        follows = self.tokens[at + 1].category if at + 1 < len(self.tokens) else ""
        if token.plain.endswith(_GENITIVES) or follows == "NUMBER":
            return False
        one = Measure(Number(Fraction(1), Fraction(1)), token.value, tail=token.plain)
        self.found.append(Token(token.start, token.end, "", token.plain, "MEASURE", "", one))
        return True

    def _prefix(self, token: Token) -> str:
        if self.found and self.found[-1].category in _SYMBOLS and _follows(self.found[-1], token):
            return self.found[-1].value
        return ""

    def _suffix(self, at: int) -> tuple[str, int, bool]:
        """The unit after a number, directly or after a hyphen."""
        tokens = self.tokens
        if at + 1 < len(tokens) and tokens[at].category == "DASH" and tokens[at - 1].end == tokens[at].start:
            if tokens[at].end == tokens[at + 1].start:
                unit, end = _unit(tokens, at + 1)
                if unit and tokens[at + 1].category not in _SYMBOLS:
                    return unit, end, True
            return "", at, False
        vague = tokens[at - 1].payload.high_open and at < len(tokens) and tokens[at].category == "OF"
        unit, end = _unit(tokens, at + 1 if vague else at)
        if vague:  # millions of dollars
            return (unit, end, False) if unit else ("", at, False)
        if unit and tokens[at].category in _SYMBOLS and self._opens_next(at):
            return "", at, False
        feet = (
            bool(self.found) and self.found[-1].category == "MEASURE" and self.found[-1].payload.unit == "ft"
        )
        if feet and at < len(tokens) and tokens[at].category == "IN":
            return "in", at + 1, False
        return unit, end, False

    def _opens_next(self, at: int) -> bool:
        """Whether a sign of currency belongs to the number after it: "5 $7"."""
        tokens = self.tokens
        before, after = tokens[at - 1], tokens[at + 1] if at + 1 < len(tokens) else None
        return (
            after is not None
            and after.category == "NUMBER"
            and tokens[at].start > before.end == tokens[at].start - 1
        )

    def _weather(self, number: Number, unit: str, at: int, end: int) -> tuple[Number, int, int]:
        """«10 градусов мороза» is below zero; «тепла» says only that it is not."""
        if unit not in ("°C", "°F", "°") or at >= len(self.tokens):
            return number, at, end
        word = self.tokens[at]
        if word.category == "FROST":
            return replace(number, low=-number.high, high=-number.low), at + 1, word.end
        return (number, at + 1, word.end) if word.category == "HEAT" else (number, at, end)

    def _invert(self) -> None:
        """«километров пять»: a unit before its number makes it approximate."""
        if "inversion" not in self.lexicon.flags or len(self.found) < 2:
            return
        unit, token = self.found[-2], self.found[-1]
        made: Measure = token.payload
        if unit.category != "UNIT" or made.unit or not unit.plain.endswith(_GENITIVES):
            return
        if made.number.low < 2 or not _follows(unit, token):
            return
        self.found.pop()
        number = replace(made.number, approximate=True)
        self.found[-1] = Token(
            unit.start,
            token.end,
            "",
            unit.plain,
            "MEASURE",
            "",
            Measure(number, unit.value, inverted=True, tail=made.tail),
        )

    def _compound(self) -> None:
        """«5 рублей 50 копеек», "6 ft 2 in": two measures that make one."""
        found = self.found
        back = 3 if len(found) > 2 and found[-2].category in ("AND", "COMMA") else 2
        if len(found) < back or found[-back].category != "MEASURE":
            return
        major, minor = found[-back].payload, found[-1].payload
        if minor.minor:
            fits, size = major.unit in _HUNDREDTHS.get(minor.unit, (minor.unit,)) and not major.minor, 100
        else:
            feet = (major.unit, minor.unit) == ("ft", "in")
            size = _COMPOUNDS.get((major.unit, minor.unit), 0) if back == 2 or feet else 0
            fits = size > 0
        ones, parts = major.number.exact, minor.number.exact
        if not fits or ones is None or parts is None or ones.denominator != 1 or not 0 <= parts < size:
            return
        number = replace(major.number, low=ones + parts / size, high=ones + parts / size, figure="")
        start, end = found[-back].start, found[-1].end
        del found[-back:]
        found.append(
            Token(start, end, "", minor.tail, "MEASURE", "", replace(major, number=number, tail=minor.tail))
        )


def read_measures(tokens: list[Token], text: str, lexicon: Lexicon) -> list[Token]:
    """The tokens with every number and its unit as one token MEASURE, whose payload is a ``Measure``."""
    builder = _Builder(tokens, text, lexicon, [])
    at = 0
    while at < len(tokens):
        if tokens[at].category == "NUMBER":
            at = builder.measure(at)
        elif tokens[at].category == "UNIT" and builder.bare(at):
            at += 1
        else:
            builder.found.append(tokens[at])
            at += 1
    return builder.found


def changes(text: str, start: int, end: int, lexicon: Lexicon) -> bool:
    """Whether a verb of change stands near a stretch of the (levelled) sentence."""
    return lexicon.change.search(text, max(0, start - _NEAR_BEFORE), end + _NEAR_AFTER) is not None


def _scaled(low: Number, high: Number) -> Number:
    """ "2–3 million": the scale word of the second number holds for the first."""
    if high.scale == 1 or low.scale != 1 or not 0 < low.low * high.scale < high.high:
        return low
    if high.scale < 1000 and low.low >= 10:
        return low
    return replace(low, low=low.low * high.scale, high=low.high * high.scale)


def _merged(one: Measure, two: Measure) -> Measure | None:
    """The interval from one measure to another; None where they make none."""
    if one.per or one.tight or one.ranged or two.ranged or one.number.unit == "x":
        return None
    unit = two.unit or (one.unit if one.prefixed else "")
    if one.unit and one.unit != unit:
        return None
    low, high = one.number, two.number
    if one.prefixed and not two.prefixed and two.unit and one.unit != two.unit:
        return None
    low = _scaled(low, high)
    if low.low != low.high or high.low != high.high:
        return None
    bounds = sorted((low.low, high.high))
    if bounds[0] == bounds[1] or (bounds[0] != low.low and low.low >= 0):
        return None
    number = Number(bounds[0], bounds[1], approximate=low.approximate or high.approximate, scale=high.scale)
    return replace(two, number=number, unit=unit, ranged=True, prefixed=one.prefixed or two.prefixed)


def _opens(tokens: list[Token], at: int, plain: str, lexicon: Lexicon) -> bool | None:
    """Whether the word before ``at`` opens the range from there; None where no range is."""
    one, joint, two = tokens[at : at + 3]
    opener = tokens[at - 1].category if at else ""
    if joint.category == "AND":
        return True if opener == "BETWEEN" else None
    if joint.category == "TO":
        if opener == "FROM":
            return None if changes(plain, one.start, two.end, lexicon) else True
        if lexicon.language != "en":
            return None
        if one.payload.unit:  # rose $2 to $9
            return None if changes(plain, one.start, two.end, lexicon) else False
        bare = at > 0 and not two.payload.unit and lexicon.change.match(tokens[at - 1].plain) is not None
        return None if bare else False  # rose 3 to 20
    if joint.category == "DASH":
        spaced = (joint.start > one.end) == (two.start > joint.end)
        return False if spaced else None
    small = max(one.payload.number.low, two.payload.number.low) <= _LARGEST_CHOICE
    return False if joint.category == "OR" and small else None


def _range_at(tokens: list[Token], at: int, plain: str, lexicon: Lexicon) -> tuple[Token, int, int] | None:
    """The range whose first end stands at ``at``: its token, and the indices it replaces."""
    if at + 2 >= len(tokens):
        return None
    if tokens[at + 1].category == "MEASURE":  # «20-дан 25-ке дейін»
        return _kazakh(tokens, at, plain, lexicon)
    if tokens[at + 2].category != "MEASURE":
        return None
    opened = _opens(tokens, at, plain, lexicon)
    made = None if opened is None else _merged(tokens[at].payload, tokens[at + 2].payload)
    if made is None or (tokens[at + 1].category == "OR" and made.number.high > 3 * made.number.low):
        return None
    first, two = at - 1 if opened else at, tokens[at + 2]
    return Token(tokens[first].start, two.end, "", two.plain, "MEASURE", "", made), first, at + 3


def _kazakh(tokens: list[Token], at: int, plain: str, lexicon: Lexicon) -> tuple[Token, int, int] | None:
    """«жүз жиырмадан жүз қырыққа дейін»: from the ablative to the dative."""
    one, two = tokens[at], tokens[at + 1]
    until = tokens[at + 2] if at + 2 < len(tokens) else None
    if until is None or until.category != "UNTIL" or not one.payload.tail.endswith(_ABLATIVE):
        return None
    if not two.payload.tail.endswith(_DATIVE) or changes(plain, one.start, until.end, lexicon):
        return None
    made = _merged(one.payload, two.payload)
    if made is None:
        return None
    return (
        Token(one.start, until.end, "", until.plain, "MEASURE", "", replace(made, tail=until.plain)),
        at,
        at + 3,
    )


def read_ranges(tokens: list[Token], plain: str, lexicon: Lexicon) -> list[Token]:
    """The tokens with the two ends of every range as one token MEASURE. ``plain``: the levelled sentence."""
    found: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        made = _range_at(tokens, at, plain, lexicon) if token.category == "MEASURE" else None
        if made is None:
            found.append(token)
            at += 1
            continue
        whole, first, after = made
        if first < at:
            found.pop()
        found.append(whole)
        at = after
    return found
