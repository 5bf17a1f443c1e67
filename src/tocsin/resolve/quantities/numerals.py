"""Numerals: figures and number words, reduced to one token each.

The words of a number add up («двести пятьдесят») until a scale word multiplies them («тысяч»); what cannot
be added
begins another number. Several of a scale ("hundreds", «несколько тысяч») is an interval up to the next
power of ten.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Final

from tocsin.resolve.quantities.lexicon import Lexicon
from tocsin.resolve.quantities.tokens import Token

__all__ = ["Number", "read_numbers"]

_HALF: Final = Fraction(1, 2)
_HUNDRED: Final = 100
_THOUSAND: Final = 1000
_SCALES: Final = frozenset({"SCALE", "MANY", "MARK"})
_GLUED_MARKS: Final = {"к": 1000, "k": 1000}
_MONEY_MARKS: Final = {"m": 10**6, "b": 10**9, "t": 10**12, "м": 10**6}
_CARDINALS: Final = frozenset({"FIGURE", "CARD", "CARDPOSS", "SCALE", "MANY"})
#: Category a number may begin with → the method of the reader for it.
_OPENERS: Final = {
    "MINUS": "_signed",
    "PLUS": "_signed",
    "A": "_after_article",
    "SEVERAL": "_few",
    "COUPLE": "_few",
    "HALF": "_half",
    "PART": "_part",
    "EVERY": "_every",
    "FOLD": "_fold",
    "FRACTION": "_fraction",
}
_STARTS: Final = _CARDINALS | frozenset(_OPENERS)
_ABLATIVE: Final = ("дан", "ден", "тан", "тен", "нан", "нен")
#: What makes "half" or "a third" a share of something.
_WHOLES: Final = frozenset({"OF", "THE"})
#: Ordinals before a half that is a period or a side of something ("the second half").
_SIDES: Final = (
    "first",
    "second",
    "other",
    "last",
    "перв",
    "втор",
    "перш",
    "друг",
    "последн",
    "останн",
    "друга",
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written: an interval (``low == high`` unless vague), ``high_open`` for "hundreds".

    ``unit`` is ``part`` or ``x`` where the number word itself says so. ``scale`` is the scale word it ends
    with (1 for none):
    "2–3 million" needs it. ``figure`` is the text of a lone whole figure, for the tests of years and
    labels; ``one`` marks the
    bare word "one".
    """

    low: Fraction
    high: Fraction
    high_open: bool = False
    approximate: bool = False
    unit: str = ""
    scale: Fraction = Fraction(1)
    figure: str = ""
    one: bool = False
    half: bool = False

    @property
    def exact(self) -> Fraction | None:
        return self.low if self.low == self.high and not self.approximate else None


def _exactly(value: Fraction, unit: str = "") -> Number:
    return Number(value, value, unit=unit)


def _several(base: Fraction) -> Number:
    """Several of a scale: from two of it to ten, both in the sense of the word ("dozens" are fewer than a
    hundred)."""
    if base == 12:
        return Number(Fraction(24), Fraction(100), high_open=True, approximate=True)
    return Number(base * 2, base * 10, high_open=True, approximate=True)


@cache
def _fraction_of(text: str) -> Fraction:
    return Fraction(text)


@dataclass(slots=True)
class _Reader:
    """The tokens of a sentence; every ``_…`` method reads a number at an index and gives it with the index
    after it."""

    tokens: list[Token]
    lexicon: Lexicon

    def category(self, at: int) -> str:
        return self.tokens[at].category if 0 <= at < len(self.tokens) else ""

    def value(self, at: int) -> Fraction:
        return _fraction_of(self.tokens[at].value)

    def tight(self, at: int) -> bool:
        """Whether a hyphen at ``at`` joins what stands on both sides."""
        tokens = self.tokens
        return (
            0 < at < len(tokens) - 1
            and tokens[at].category == "DASH"
            and tokens[at - 1].end == tokens[at].start
            and tokens[at].end == tokens[at + 1].start
        )

    def read(self, at: int) -> tuple[Number, int] | None:
        """The number that begins at a token of ``_STARTS``, with the index after it; None where none does."""
        kind = self.category(at)
        if kind in _CARDINALS:
            return self._share(at) or self._inverted(at) or self._vague(at) or self._cardinal(at)
        found: tuple[Number, int] | None = getattr(self, _OPENERS[kind])(at)
        return found

    def _signed(self, at: int) -> tuple[Number, int] | None:
        found = self._cardinal(at + 1) if self.category(at + 1) in ("FIGURE", "CARD") else None
        if found is None:
            return None
        number, end = found
        sign = -1 if self.category(at) == "MINUS" else 1
        return Number(sign * number.low, sign * number.high, scale=number.scale), end

    def _after_article(self, at: int) -> tuple[Number, int] | None:
        kind = self.category(at + 1)
        if kind == "SCALE":
            return self._cardinal(at + 1)
        if kind == "PART":
            return self._part(at + 1)
        if kind == "DENOM" and self.category(at + 2) == "OF" and not self.tokens[at + 1].plain.endswith("s"):
            return _exactly(1 / self.value(at + 1), "part"), at + 2  # a fifth of
        if kind == "UNIT" and self.category(at - 1) in self.lexicon.before:
            return _exactly(Fraction(1)), at + 1  # less than a kilometre
        return None

    def _few(self, at: int) -> tuple[Number, int] | None:
        """«несколько сотен», "a couple of hundred": nothing without a scale word."""
        base, end = self._scales(at + 1)
        if end == at + 1:
            return None
        if self.category(at) == "SEVERAL":
            return _several(base), end
        return Number(base * 2, base * 2, approximate=True), end

    def _scales(self, at: int) -> tuple[Fraction, int]:
        """The product of the scale words from ``at`` on, "of" between them passed over."""
        base, end = Fraction(1), at
        while True:
            step = end + 1 if self.category(end) == "OF" and end > at else end
            if self.category(step) not in _SCALES:
                return base, end
            base *= self.value(step)
            end = step + 1

    def _vague(self, at: int) -> tuple[Number, int] | None:
        if self.category(at) != "MANY":
            return None
        base, end = self._scales(at)
        governed = self.category(at - 1) in self.lexicon.before or self.category(at - 1) in ("FROM", "TO")
        if governed and self.tokens[at].plain in self.lexicon.lists["genitives"]:
            return Number(base, base, scale=base), end  # «более тысячи»: of one thousand
        return _several(base), end

    def _inverted(self, at: int) -> tuple[Number, int] | None:
        """«десятка четыре»: about four tens."""
        if "inversion" not in self.lexicon.flags or self.category(at) not in ("SCALE", "MANY"):
            return None
        if self.category(at + 1) != "CARD" or not 1 < self.value(at + 1) < 10:
            return None
        if (
            self.category(at + 2) in _SCALES
            or self.value(at) < 10
            or self.tokens[at].plain.endswith(("ча", "н"))
        ):
            return None
        product = self.value(at) * self.value(at + 1)
        return Number(product, product, approximate=True, scale=self.value(at)), at + 2

    def _half(self, at: int) -> tuple[Number, int] | None:
        after = at + 1 if self.category(at + 1) != "A" else at + 2
        if self.category(after) in ("SCALE", "MANY", "MARK"):
            base, end = self._scales(after)
            return Number(base / 2, base / 2, scale=base), end
        if self.category(after) in ("UNIT", "TIME", "SQUARE", "CUBIC", "MINOR"):
            return Number(_HALF, _HALF, half=True), after
        if self.category(at + 1) == "SLASHTIME":
            return Number(_HALF, _HALF, half=True), after
        if self.lexicon.language != "en" or self._is_side(at):
            return None
        bounded = self.category(at - 1) in self.lexicon.before
        return (_exactly(_HALF, "part"), at + 1) if bounded or self.category(at + 1) in _WHOLES else None

    def _is_side(self, at: int) -> bool:
        return at > 0 and self.tokens[at - 1].plain.startswith(_SIDES)

    def _part(self, at: int, times: Fraction | None = None) -> tuple[Number, int] | None:
        """A word for a share; English ones need what they are a share of, as "quarter" is also a time."""
        value = self.value(at) * (times or 1)
        after = self.category(at + 1)
        skip = at + 2 if after == "OF" else at + 1
        if self.category(skip) in ("A", "PREP"):
            skip += 1
        if self.category(skip) == "SCALE":
            return _exactly(value * self.value(skip)), skip + 1  # a quarter of a million
        if self._is_side(at) or self.category(skip) in ("TIME", "ORDINAL"):
            return None
        if self.lexicon.language == "en" and (
            self.tight(at + 1) or (times is None and self.category(at - 1) != "A")
        ):
            return None  # "a third-quarter loss", "the 1988 quarter"
        return (_exactly(value, "part"), at + 1) if value < 1 else None

    def _share(self, at: int) -> tuple[Number, int] | None:
        """Two thirds, «две трети», «үштен екісі», one in five."""
        if self.category(at) not in ("CARD", "FIGURE"):
            return None
        own = self.tokens[at].payload if self.category(at) == "FIGURE" else self.value(at)
        step = at + 2 if self.tight(at + 1) else at + 1
        kind = self.category(step)
        if kind == "DENOM" and own < self.value(step):
            return _exactly(own / self.value(step), "part"), step + 1
        if kind == "PART" and own >= 1:
            return self._part(step, own)
        portion = (
            kind == "CARD" and at + 2 < len(self.tokens) and self.tokens[at + 2].plain.startswith("бөлі")
        )
        if portion and self.tokens[at].plain.endswith(_ABLATIVE) and self.value(step) < own:
            return _exactly(self.value(step) / own, "part"), at + 3  # «төрттен үш бөлігі»
        if kind == "CARDPOSS" and self.tokens[at].plain.endswith(_ABLATIVE) and self.value(step) < own:
            return _exactly(self.value(step) / own, "part"), step + 1
        return self._in(at, own)

    def _in(self, at: int, own: Fraction) -> tuple[Number, int] | None:
        if self.category(at + 1) != "IN" or self.category(at + 2) not in ("CARD", "FIGURE"):
            return None
        found = self._cardinal(at + 2)
        if (
            found is None
            or found[0].exact is None
            or self.category(found[1]) in ("TIME", "MONTH", "UNIT", "DASH")
        ):
            return None
        whole = found[0].low
        round_whole = own == 1 or whole in (10, 100, 1000)
        if not round_whole or not own < whole <= 10**6 or len(found[0].figure) == 4:
            return None
        return _exactly(own / whole, "part"), found[1]

    def _every(self, at: int) -> tuple[Number, int] | None:
        if self.category(at + 1) not in ("ORDINAL", "DENOM") or self.category(at + 2) in ("TIME", "MONTH"):
            return None
        if self.value(at + 1) < 2:
            return None
        return _exactly(1 / self.value(at + 1), "part"), at + 2

    def _fold(self, at: int) -> tuple[Number, int] | None:
        adverb = self.tokens[at].plain in ("twice", "thrice")
        if adverb and self.category(at + 1) not in ("COMPARE", "INVERSE", "THE"):
            return None  # it happened twice
        return _exactly(self.value(at), "x"), at + 1

    def _fraction(self, at: int) -> tuple[Number, int] | None:
        top, bottom = (int(part) for part in self.tokens[at].text.split("/"))
        after = self.category(at + 1)
        if not 0 < top < bottom <= 10:
            return None
        if after in ("UNIT", "SCALE", "SQUARE"):
            return _exactly(Fraction(top, bottom)), at + 1
        noun = after == "OTHER" and self.lexicon.language != "en" and bottom < 6  # «1/3 пирога»
        if after != "OF" and not (noun and not self.tokens[at + 1].plain.startswith(("финал", "фінал"))):
            return None
        return _exactly(Fraction(top, bottom), "part"), at + 1

    def _mark(self, at: int, first: int) -> Fraction | None:
        """The number a scale word multiplies by; "$5m" has a letter for it."""
        token = self.tokens[at]
        if token.category in _SCALES:
            return _fraction_of(token.value)
        if token.start != self.tokens[at - 1].end or at == first:
            return None
        if token.plain in _GLUED_MARKS:
            return Fraction(_GLUED_MARKS[token.plain])
        ranged = self.category(first - 1) == "DASH" and self.category(first - 2) == "FIGURE"  # $10-15m
        money = self.category(first - (3 if ranged else 1)) in ("SYMBOL", "CODE")
        return Fraction(_MONEY_MARKS[token.plain]) if money and token.plain in _MONEY_MARKS else None

    def _cardinal(self, at: int) -> tuple[Number, int] | None:
        """Figures or words that add up, with their scale words."""
        sum_ = _Sum("tens_and_ones" in self.lexicon.flags)
        end = at
        while end < len(self.tokens) and (self._take(sum_, end, at) or self._joins(end, sum_)):
            end += 1
        while end > at and self.category(end - 1) in ("AND", "DASH", "COMMA"):
            end -= 1
        if end == at or (self.category(at) == "CARDPOSS" and sum_.value == 1):
            return None
        value = sum_.value
        lone = end == at + 1
        figure = self.tokens[at].text if lone and sum_.figures and value.denominator == 1 else ""
        one = lone and self.category(at) == "CARD" and value == 1
        return Number(value, value, scale=sum_.scale, figure=figure, one=one), end

    def _take(self, sum_: _Sum, at: int, first: int) -> bool:
        """Whether the token at ``at`` goes on with the number, which it then does."""
        kind = self.category(at)
        if at > first and self.lexicon.language == "kk" and self.tokens[at - 1].plain.endswith(_ABLATIVE):
            return False  # only the last word of a number is inflected
        if kind == "FIGURE":
            return sum_.add_figure(self.tokens[at].payload, self.tokens[at].text)
        if kind in ("CARD", "CARDPOSS"):
            return sum_.add_word(self.value(at))
        if kind == "PLUSHALF":
            return sum_.add_half()
        if kind == "FRACTION" and sum_.figures:
            top, bottom = (int(part) for part in self.tokens[at].text.split("/"))
            return 0 < top < bottom <= 64 and sum_.add_part(Fraction(top, bottom))
        scale = self._mark(at, first)
        return scale is not None and sum_.multiply(scale, kind == "MARK")

    def _joins(self, at: int, sum_: _Sum) -> bool:
        """ "and" of "two hundred and fifty", the hyphen of "twenty-three"."""
        if self.category(at + 1) != "CARD" or "hyphen_numbers" not in self.lexicon.flags:
            return False
        value = self.value(at + 1)
        if self.category(at) == "COMMA":  # seven thousand, two hundred and one
            hundreds = self.category(at + 2) == "SCALE" or self.category(at + 2) == "DASH"
            return (
                self.category(at - 1) == "SCALE" and sum_.last >= _THOUSAND and hundreds and not sum_.figures
            )
        if self.category(at) == "AND":
            return self.category(at - 1) == "SCALE" and value < _HUNDRED and sum_.takes(value)
        return (
            self.tight(at) and 0 < value < 10 and sum_.takes(value) and (sum_.current or 0) % _HUNDRED >= 20
        )


@dataclass(slots=True)
class _Sum:
    """A number in the making: ``total`` is what scale words have closed, ``current`` what they have not."""

    tens_and_ones: bool
    total: Fraction = Fraction(0)
    current: Fraction | None = None
    last: Fraction = Fraction(0)
    scale: Fraction = Fraction(1)
    figures: bool = False

    @property
    def value(self) -> Fraction:
        return self.total + (self.current or 0)

    def add_figure(self, value: Fraction, text: str) -> bool:
        """A figure begins a number or goes on after a scale word («2 млн 300 тыс.», «5 тысяч 200»)."""
        goes_on = value.denominator == 1 and 1 <= value < self.last and len(text) <= 3
        if self.current is not None or (self.total and not goes_on):
            return False
        self.current, self.figures, self.scale = value, True, Fraction(1)
        return True

    def takes(self, value: Fraction) -> bool:
        """Whether a number word adds to what stands before it: tens to hundreds, ones to tens."""
        if self.current is None:
            return not self.total or value < self.last
        if self.figures or self.current.denominator != 1 or value.denominator != 1:
            return False
        if 10 <= value < _HUNDRED:
            return self.current >= _HUNDRED and self.current % _HUNDRED == 0
        tens = self.current % _HUNDRED
        ten = 10 if self.tens_and_ones else 20
        return 1 <= value < 10 and (
            (tens >= ten and tens % 10 == 0) or (tens == 0 and self.current >= _HUNDRED)
        )

    def add_word(self, value: Fraction) -> bool:
        if not self.takes(value):
            return False
        self.current = value + (self.current or 0)
        self.scale = Fraction(1)
        return True

    def add_half(self) -> bool:
        """«два с половиной»; after a scale word half of that."""
        if self.current is None and not self.total:
            return False
        self.current = (self.current or 0) + (_HALF if self.current is not None else self.last / 2)
        return True

    def add_part(self, value: Fraction) -> bool:
        if self.current is None or self.current.denominator != 1:
            return False
        self.current += value
        return True

    def multiply(self, scale: Fraction, mark: bool) -> bool:
        """A scale word: hundreds and less multiply what stands before them, thousands and more close it."""
        bare_hundred = self.tens_and_ones and scale < _THOUSAND  # «мың жүз қырық»
        if self.current is None and (mark or (self.total and not bare_hundred)):
            return False
        if scale < _THOUSAND:
            if self.current is not None and self.current >= _HUNDRED:
                return False
            self.current = (1 if self.current is None else self.current) * scale
        elif self.total and scale >= self.last:
            return False
        else:
            self.total += (1 if self.current is None else self.current) * scale
            self.current, self.last = None, scale
        self.scale = scale
        return True


def read_numbers(tokens: list[Token], lexicon: Lexicon) -> list[Token]:
    """The tokens with every number as one token of category NUMBER, whose payload is a ``Number``."""
    reader = _Reader(tokens, lexicon)
    found: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        result = reader.read(at) if token.category in _STARTS else None
        if result is None:
            found.append(token)
            at += 1
            continue
        number, end = result
        last = tokens[end - 1]
        whole = Token(token.start, last.end, "", "", "NUMBER", "", number)
        if end == at + 1:
            whole.text, whole.plain = token.text, token.plain
        else:
            whole.plain = last.plain
        found.append(whole)
        at = end
    return found
