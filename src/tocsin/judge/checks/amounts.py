"""Numbers as intervals: what a stated number may mean, and how near a computed one must come.

A number is taken as it is written. An approximate one ("about") may be a tenth of itself off
(``resolve.quantities.compare.TOLERANCE``); a bound is a bound; a number of a thousand or more that ends in
noughts, or is written with decimals, is rounded to its last figure, so it may be half a unit of that figure
off.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tocsin.model import QuantityMention
from tocsin.resolve.quantities.compare import TOLERANCE

__all__ = ["Amount", "amount_of", "least_figure", "plain", "total"]

_DECIMALS: Final = re.compile(r"\d[.,](\d{1,2})(?!\d)")
_EPSILON: Final = 1e-9


def plain(number: float) -> str:
    """A number for people: ``1,900``, ``0.35``.

    >>> plain(1900.0), plain(2 / 3)
    ('1,900', '0.667')
    """
    if math.isinf(number):
        return "∞"
    if number == int(number) and abs(number) < 1e16:
        return f"{int(number):,}"
    return f"{number:,.1f}" if abs(number) >= 100 else f"{number:.3g}"


@dataclass(frozen=True, slots=True)
class Amount:
    """An interval ``[low, high]`` (infinite where unbounded) around ``written``; ``why`` it is wide."""

    low: float
    high: float
    written: float
    why: tuple[str, ...] = ()

    @property
    def exact(self) -> bool:
        return self.low == self.high

    def meets(self, other: Amount) -> bool:
        """Whether both can be the same number."""
        slack = _EPSILON * max(1.0, abs(self.written), abs(other.written))
        return self.low <= other.high + slack and other.low <= self.high + slack

    def __str__(self) -> str:
        if self.exact:
            return plain(self.low)
        if math.isinf(self.high):
            return f"{plain(self.low)} or more"
        if math.isinf(self.low):
            return f"up to {plain(self.high)}"
        return f"{plain(self.low)} to {plain(self.high)}"


def least_figure(number: float, words: str) -> float:
    """The unit of the last figure a number is given to; 0 for whole numbers below a thousand.

    >>> least_figure(1_200_000, "1.2 million"), least_figure(1900, "1,900"), least_figure(40, "40")
    (100000.0, 100.0, 0.0)
    """
    number = abs(number)
    if number == 0 or math.isinf(number) or number > 1e15:
        return 0.0
    decimals = _DECIMALS.search(words)
    if number != int(number):
        return 10.0 ** -len(decimals.group(1)) if decimals else 0.0  # «полтора» is as it is
    if number < 1000:
        return 0.0
    noughts = len(str(int(number))) - len(str(int(number)).rstrip("0"))
    return float(10**noughts) if noughts else 0.0


def amount_of(mention: QuantityMention, words: str, *, base: bool = False) -> Amount:
    """What a quantity may mean; ``words`` are its own. ``base``: in base units of the SI."""
    low, high = (mention.base_low, mention.base_high) if base else (mention.low, mention.high)
    written = low if low is not None else high
    written = 0.0 if written is None else written
    why = []
    stated = mention.low if mention.low is not None else mention.high
    unit = (written / stated) if base and stated else 1.0
    spread = least_figure(stated or 0.0, words) / 2 * unit
    if spread:
        why.append(f"{plain(stated or 0.0)} is rounded: ± {plain(spread / unit)}")
    if mention.approximate:
        spread = max(spread, abs(written) * TOLERANCE)
        why.append(f"«{words}» is approximate: ± {TOLERANCE:.0%}")
    if low is None or high is None:
        why.append(f"«{words}» is a bound")
    elif low != high:
        why.append(f"«{words}» is a range")
    return Amount(
        -math.inf if low is None else low - spread,
        math.inf if high is None else high + spread,
        written,
        tuple(why),
    )


def total(parts: Iterable[Amount]) -> Amount:
    """The sum of amounts."""
    items = list(parts)
    return Amount(
        sum(a.low for a in items),
        sum(a.high for a in items),
        sum(a.written for a in items),
        tuple(dict.fromkeys(reason for a in items for reason in a.why)),
    )
