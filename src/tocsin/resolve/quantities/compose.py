"""From measures to quantities: bounds, multiples, rates and what is counted."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final

from tocsin.model import Quantity
from tocsin.resolve.quantities.counted import Count, counted_at
from tocsin.resolve.quantities.lexicon import Lexicon
from tocsin.resolve.quantities.measures import Measure, changes
from tocsin.resolve.quantities.rates import rate_after, rate_before
from tocsin.resolve.quantities.tokens import Token

__all__ = ["Candidate", "compose"]

_ABLATIVE: Final = ("дан", "ден", "тан", "тен", "нан", "нен")
_DATIVE: Final = ("ға", "ге", "қа", "ке", "на", "не", "а", "е")
#: Kazakh words about a number and the case they ask of it.
_ASKED: Final = {
    "OVER": _ABLATIVE,
    "BELOW": _ABLATIVE,
    "NOLESS": _ABLATIVE,
    "NOMORE": _ABLATIVE,
    "UNTIL": _DATIVE,
    "SHORT": _DATIVE,
}
_INVERSE: Final = frozenset({"INVERSE", "LESS", "BELOW"})
_COMPARE: Final = frozenset({"COMPARE", "MORE", "THE"}) | _INVERSE
_RATIO_PREPOSITIONS: Final = frozenset({"в", "во", "у", "ув"})
_TIMES_SIGNS: Final = frozenset({"x", "х", "×"})
_MOST_SIGNS: Final = 3
#: Kazakh number words without an ending: a noun may follow.
_BARE: Final = """
бір екі үш төрт бес алты жеті сегіз тоғыз он жиырма отыз қырық елу алпыс жетпіс сексен тоқсан жүз мың миллион
миллиард триллион
"""
_BARE_KAZAKH: Final = frozenset(_BARE.split())
#: At least twice as few is at most half.
_TURNED: Final = {">=": "<=", "<=": ">=", ">": "<", "<": ">", "~": "~"}


@dataclass(slots=True)
class Candidate:
    """What may be a quantity: its measure at ``index`` of ``tokens``, with everything said about it.

    ``start`` and ``end`` are code points of the sentence; ``first`` and ``after`` the tokens it takes.
    """

    index: int
    first: int
    after: int
    start: int
    end: int
    measure: Measure
    signs: list[str] = field(default_factory=list)
    per: str = ""
    counted: Token | None = None
    inverse: bool = False
    pound: bool = False

    @property
    def unit(self) -> str:
        return self.measure.unit

    def quantity(self) -> Quantity:
        """The value; ValueError where its bounds leave no number, or all."""
        number = self.measure.number
        size = Fraction(1, 100) if self.measure.minor else Fraction(1)
        low, high = number.low * size, number.high * size
        if self.inverse and low > 0:
            low, high = 1 / high, 1 / low
        made = Quantity(
            float(low),
            float(high),
            False,
            number.high_open,
            self.unit,
            self.per or self.measure.per,
            number.approximate,
        )
        for sign in self.signs:
            made = _bounded(made, _TURNED[sign] if self.inverse else sign)
        if made.low is None and made.high is None:
            raise ValueError("two bounds that leave all numbers")
        return made


def _bounded(value: Quantity, sign: str) -> Quantity:
    """A value under a bound. "Up to −15" goes down to it: a limit of cold is a lower one."""
    if sign == "~":
        return replace(value, approximate=True)
    if sign in ("<=", "<") and value.high is not None and value.high < 0:
        return replace(value, high=None, low_open=sign == "<", high_open=False)
    if sign in (">=", ">"):
        return replace(value, high=None, low_open=sign == ">", high_open=False)
    return replace(value, low=None, high_open=sign == "<", low_open=False)


@dataclass(slots=True)
class _Composer:
    tokens: list[Token]
    plain: str
    lexicon: Lexicon

    def category(self, at: int) -> str:
        return self.tokens[at].category if 0 <= at < len(self.tokens) else ""

    def candidate(self, at: int) -> Candidate:
        token = self.tokens[at]
        made = Candidate(at, at, at + 1, token.start, token.end, token.payload)
        if not self._multiple(made):
            self._after(made, made.measure.tail)
            if made.unit:
                self._rate(made, 2)
            else:
                self._counted(made)
        self._shared(made)
        self._before(made)
        self._people(made)
        self._pound(made)
        return made

    def _extend(self, made: Candidate, after: int) -> None:
        made.after = after
        made.end = max(made.end, self.tokens[after - 1].end)

    def _multiple(self, made: Candidate) -> bool:
        """Three times as much, «в 3 раза», «үш есе»: the unit x; and whether less is meant."""
        kind, follow = self.category(made.after), self.category(made.after + 1)
        if made.unit == "x":
            pass
        elif (
            not made.unit
            and self.token(made.after) in _TIMES_SIGNS
            and self.tokens[made.after].start == made.end
        ):
            self._extend(made, made.after + 1)  # 3x
        elif made.unit:
            return False
        elif kind in ("ESE", "FOLDWORD") or (kind == "DASH" and follow == "FOLDWORD"):
            self._extend(made, made.after + (2 if kind == "DASH" else 1))
        elif kind == "TIMES" and self._compares(made):
            self._extend(made, made.after + 1)
        else:
            return False
        made.measure = replace(made.measure, unit="x")
        near = [self.category(made.after), self.category(made.first - 1)]
        if near[0] not in ("COMMA", "DOT", ""):
            near.append(self.category(made.after + 1))
        made.inverse = any(kind in _INVERSE for kind in near)
        return True

    def _compares(self, made: Candidate) -> bool:
        """Whether "times" makes a multiple, and not a count of events."""
        if self.lexicon.language == "en":
            follow = made.after + 1
            if follow >= len(self.tokens):
                return False
            return self.category(follow) in _COMPARE or (
                self.tokens[follow].plain.endswith("er") and self.category(follow) == "OTHER"
            )
        before = made.first - 1
        if before < 0 or self.tokens[before].plain not in _RATIO_PREPOSITIONS:
            return False
        made.first, made.start = before, self.tokens[before].start
        return True

    def _after(self, made: Candidate, tail: str) -> None:
        """Bounds that follow: "or more", «с лишним», «-ден астам», «дейін»."""
        kind = self.category(made.after)
        sign = self.lexicon.after.get(kind)
        asked = _ASKED.get(kind, "") if self.lexicon.language == "kk" else ""
        if sign is None or not tail.endswith(asked):
            return
        token = self.tokens[made.after]
        if kind == "PLUSSIGN" and token.start != made.end:
            return
        if kind in ("ORMORE", "ORLESS", "ATLEAST", "ATMOST") and self.category(made.after + 1) in (
            "MEASURE",
            "UNIT",
        ):
            return  # "20 cooks and over 30 bakers"
        if kind == "UNTIL" and (
            made.measure.ranged or changes(self.plain, made.start, token.end, self.lexicon)
        ):
            return
        made.signs.append(sign)
        self._extend(made, made.after + 1)

    def _rate(self, made: Candidate, words: int) -> bool:
        """A rate that follows, directly or after what is measured ("50 kg of coal per month")."""
        per, after = rate_after(self.tokens, made.after, self.lexicon)
        step = made.after + 1 if self.category(made.after) == "OF" else made.after
        skipped = 0
        while (
            not per
            and skipped < words
            and self.category(step) == "OTHER"
            and self.tokens[step].text[0].isalpha()
        ):
            step, skipped = step + 1, skipped + 1
            if self.category(step) in ("PER", "PREP"):
                per, after = rate_after(self.tokens, step, self.lexicon)
                break
        if not per or made.measure.per or made.unit in ("x", "part"):
            return False
        made.per = per
        self._extend(made, after)
        return True

    def _counted(self, made: Candidate) -> None:
        number = made.measure.number
        vague = number.high_open or number.scale > 1
        at = made.after + 1 if self.category(made.after) == "OF" and vague else made.after
        if self.category(at) == "DASH" or (self._inflected(made) and self.lexicon.language == "kk"):
            return
        whole = int(number.high) if number.high.denominator == 1 and not number.high_open else None
        figure = self.plain[made.start : made.end].lstrip("~+-−")[:1].isdigit()
        count = Count(whole, figure, at > made.after, made.measure.tail)
        found = counted_at(self.tokens, at, self.lexicon, count)
        if found is None:
            return
        made.counted, last = self._hyphened(found)
        end, after = made.end, made.after
        made.after = last + 1
        signs = len(made.signs)
        if not signs or self.lexicon.language != "kk":
            self._after(made, made.counted.plain)
        if not self._rate(made, 0) and len(made.signs) == signs:
            made.end, made.after = end, after

    def _shared(self, made: Candidate) -> None:
        """«160 і 240 км»: the first of two numbers has the unit of the second."""
        if made.unit or made.counted or made.signs or self.category(made.after) not in ("AND", "OR"):
            return
        if self.category(made.after + 1) != "MEASURE" or self.category(made.first - 1) == "BETWEEN":
            return
        other: Measure = self.tokens[made.after + 1].payload
        if (
            other.unit
            and not other.prefixed
            and other.unit not in ("part", "x", "GBP|lb")
            and not made.measure.number.one
        ):
            made.measure = replace(made.measure, unit=other.unit, per=other.per, minor=other.minor)

    def _hyphened(self, at: int) -> tuple[Token, int]:
        """A noun with what hyphens tie to it («сим-карт»), as one token, and the last index of it."""
        own, last = self.tokens[at], at
        before, dash = self.tokens[at - 2], self.tokens[at - 1]
        if (
            dash.category == "DASH"
            and before.end == dash.start
            and dash.end == own.start
            and before.category == "OTHER"
        ):
            text = before.text + dash.text + own.text  # first-graders
            return Token(before.start, own.end, text, text.lower(), own.category, own.value), at
        while self.category(last + 1) == "DASH" and last + 2 < len(self.tokens):
            dash, word = self.tokens[last + 1], self.tokens[last + 2]
            if dash.start != self.tokens[last].end or word.start != dash.end or not word.text[:1].isalpha():
                break
            last += 2
        if last == at:
            return own, at
        text = "".join(token.text for token in self.tokens[at : last + 1])
        return Token(own.start, self.tokens[last].end, text, text.lower(), own.category, own.value), last

    def _inflected(self, made: Candidate) -> bool:
        """Whether a Kazakh number has an ending of its own and no bound: then no noun follows it."""
        tail = made.measure.tail
        word = self.lexicon.words.get(tail)
        if made.signs:
            return False
        if word is not None and word.category in ("CARD", "SCALE"):
            return tail not in _BARE_KAZAKH
        return "-" in tail or bool(word is not None and word.category == "CARDPOSS")

    def _before(self, made: Candidate) -> None:
        """Bounds that stand before, one preposition between passed over; Kazakh rates."""
        at = made.first - 1
        for _ in range(_MOST_SIGNS):
            if at < 0:
                return
            per, first = rate_before(self.tokens, at, self.lexicon)
            if per and not made.per and not made.measure.per:
                made.per = per
                made.first, made.start = first, self.tokens[first].start
                made.end = max(made.end, made.counted.end if made.counted else 0)
                at = first - 1
                continue
            step = at - 1 if self.category(at) in ("PREP", "FROM") and at else at
            sign = self._sign(step, made)
            if sign is None or (sign in "<>" and self._compared(step)):
                return
            made.signs.append(sign)
            made.first, made.start = step, self.tokens[step].start
            at = step - 1

    def _people(self, made: Candidate) -> None:
        """«человек двадцать»: people before their number make it approximate."""
        at = made.first - 1
        if (
            "inversion" not in self.lexicon.flags
            or made.unit
            or made.counted
            or made.signs
            or self.category(at) not in ("PERSON", "PIECE")
        ):
            return
        low = made.measure.number.low
        if (
            low < 2
            or self.category(at - 1) == "MEASURE"
            or self.token(at) not in self.lexicon.lists["inverted"]
        ):
            return
        made.signs.append("~")
        made.first, made.start = at, self.tokens[at].start

    def _sign(self, at: int, made: Candidate) -> str | None:
        kind = self.category(at)
        sign = self.lexicon.before.get(kind)
        if sign is None or (
            kind == "TO" and changes(self.plain, self.tokens[at].start, made.end, self.lexicon)
        ):
            return None
        if kind == "TO" and (made.measure.ranged or self.category(at - 1) == "MEASURE"):
            return None
        return sign

    def _compared(self, at: int) -> bool:
        """ "600 kilometres are less than 1200": a comparison of two numbers bounds neither."""
        copula = next(
            (step for step in range(at - 1, at - 4, -1) if self.token(step) in self.lexicon.lists["copulas"]),
            None,
        )
        return copula is not None and any(
            token.category == "MEASURE" for token in self.tokens[max(0, copula - 3) : copula]
        )

    def token(self, at: int) -> str:
        return self.tokens[at].plain if 0 <= at < len(self.tokens) else ""

    def _pound(self, made: Candidate) -> None:
        """Pounds are money, unless weight is spoken of."""
        if made.unit != "GBP|lb":
            return
        weight = made.measure.number.scale < 1000 and (
            self.category(made.after) == "OF" or self.lexicon.weight.search(self.plain) is not None
        )
        made.measure, made.pound = replace(made.measure, unit="lb" if weight else "GBP"), True


def _one_counts(made: Candidate) -> bool:
    """Whether the word "one" is a number here: with a unit, a bound, or a word for people right after it."""
    if made.unit or made.signs:
        return True
    return (
        made.counted is not None and made.counted.category == "PERSON" and made.counted.start - made.end <= 1
    )


def compose(tokens: list[Token], plain: str, lexicon: Lexicon) -> list[Candidate]:
    """Every measure of a sentence with its bounds, rate and noun, left to right; ``plain`` is the levelled
    sentence."""
    composer = _Composer(tokens, plain, lexicon)
    found: list[Candidate] = []
    for at, token in enumerate(tokens):
        if token.category != "MEASURE":
            continue
        made = composer.candidate(at)
        if made.measure.number.one and not _one_counts(made):
            continue
        if found and made.start < found[-1].end:
            if made.first <= found[-1].index:  # the one before was the rate of this one
                found.pop()
            else:
                continue
        found.append(made)
    return found
