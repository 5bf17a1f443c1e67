"""Where a rule matched, and what its tokens say: the common ground of the constructors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tocsin.resolve.times.grammar import Match
from tocsin.resolve.times.lexicon import Lexicon
from tocsin.resolve.times.tokens import Token

__all__ = ["Site", "amount_of", "anchor_of", "countable_after", "is_plural", "unit_of"]

_ROMAN: Final = {"I": 1, "V": 5, "X": 10}
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:,\d{3})+")


@dataclass(frozen=True, slots=True)
class Site:
    """Where a rule matched: all tokens of the sentence, the match, the language's lexicon."""

    tokens: list[Token]
    match: Match
    lexicon: Lexicon

    def token(self, role: str) -> Token | None:
        return self.match.roles.get(role)

    def number(self, role: str) -> int | None:
        """The whole number a role's token stands for; None where the role is absent or no whole number."""
        token = self.token(role)
        if token is None:
            return None
        if token.category == "ROMAN":
            return _roman(token.value)
        return int(token.value) if token.value.isdigit() else None

    def value(self, role: str) -> str:
        token = self.token(role)
        return "" if token is None else token.value

    def turn(self, role: str = "rel") -> int | None:
        """−2 the last but one, −1 last, 0 this, 1 next; None where no such word stands."""
        token = self.token(role)
        return None if token is None else int(token.value.rstrip("t"))

    @property
    def before(self) -> Token | None:
        return self.tokens[self.match.first - 1] if self.match.first else None

    @property
    def after(self) -> Token | None:
        return self.tokens[self.match.last] if self.match.last < len(self.tokens) else None


def _roman(text: str) -> int:
    digits = [_ROMAN[c] for c in text.replace("І", "I").replace("Х", "X") if c in _ROMAN]
    return sum(-d if d < n else d for d, n in zip(digits, [*digits[1:], 0], strict=True))


def amount_of(site: Site) -> float | None:
    """How many units: 1 for "a" or where no number stands, None for "several"."""
    token = site.token("num")
    if token is None or token.category == "A":
        return 1
    if token.category == "SEVERAL":
        return None
    value = token.value
    return float(value.replace(",", "") if _THOUSANDS.fullmatch(value) else value.replace(",", "."))


def unit_of(site: Site) -> str:
    """The unit of the rule's unit word; empty where it has none."""
    token = site.token("unit")
    if token is None:
        return ""
    return {"YEARWORD": "year", "CENTURY": "century", "ORDUNIT": "second"}.get(token.category, token.value)


def anchor_of(site: Site, role: str = "rel") -> str:
    """What a word like "last" or "that" counts from: ``text`` ("the same day") or ``told`` (see ``Time``)."""
    return "text" if site.value(role).endswith("t") else "told"


def countable_after(site: Site) -> bool:
    """Whether the next word is counted by numbers («человек», "dollars"), so that the figure is no year."""
    after = site.after
    return after is not None and after.plain in site.lexicon.countable


def is_plural(site: Site) -> bool:
    """Whether the unit stands in the plural, by its own form or by that of the word before it."""
    unit, rel = site.token("unit"), site.token("rel")
    if site.lexicon.plural:
        return unit is not None and unit.plain in site.lexicon.plural
    return rel is not None and rel.plain.endswith(("эти", "ие", "их", "ые", "ых", "ими", "ыми", "і", "іх"))
