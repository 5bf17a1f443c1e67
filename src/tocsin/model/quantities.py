"""Quantities: a value with bounds and a unit, and its mention in a text."""

from __future__ import annotations

from dataclasses import dataclass

from tocsin.model.scores import Alternative
from tocsin.model.spans import Span

__all__ = ["Quantity", "QuantityMention"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """An interval of numbers. ``None`` is unbounded; an exact value has ``low == high``.

    ``low_open`` and ``high_open`` say that the bound itself is excluded ("more than 5"), which is not what
    the bounds of times say. ``unit`` is a symbol of ``data/units.yaml`` or an ISO 4217 code, empty for a
    plain number; ``per`` is a rate: a unit, with a whole number before it where one is named ("100 km").
    ``approximate`` is what the text says ("about"), not a property of round numbers.

    Raises ValueError where no number lies between the bounds.
    """

    low: float | None
    high: float | None
    low_open: bool = False
    high_open: bool = False
    unit: str = ""
    per: str = ""
    approximate: bool = False

    def __post_init__(self) -> None:
        if self.low is None or self.high is None:
            return
        if not self.low <= self.high or (self.low == self.high and (self.low_open or self.high_open)):
            raise ValueError(f"no number lies between {self.low} and {self.high}")

    @property
    def exact(self) -> bool:
        """Whether the text gives one number, without saying that it is approximate."""
        return self.low is not None and self.low == self.high and not self.approximate

    def holds(self, number: float) -> bool:
        """Whether a number in the same unit lies within the bounds as they are written.

        >>> Quantity(5, None, low_open=True).holds(5)
        False
        """
        above = self.low is None or number > self.low or (number == self.low and not self.low_open)
        below = self.high is None or number < self.high or (number == self.high and not self.high_open)
        return above and below

    def __str__(self) -> str:
        """The notation of the annotation rules: ``>=12``, ``5..7 km``, ``~200..<1000``.

        >>> str(Quantity(5, 7, unit="km", per="h", approximate=True))
        '~5..7 km / h'
        """
        if self.low is None and self.high is None:
            amount = "?"
        elif self.low == self.high:
            amount = _plain(self.low)
        elif self.high is None:
            amount = (">" if self.low_open else ">=") + _plain(self.low)
        elif self.low is None:
            amount = ("<" if self.high_open else "<=") + _plain(self.high)
        else:
            left, right = (">" if self.low_open else ""), ("<" if self.high_open else "")
            amount = f"{left}{_plain(self.low)}..{right}{_plain(self.high)}"
        unit = f" {self.unit}" if self.unit else ""
        rate = f" / {self.per}" if self.per else ""
        return f"{'~' if self.approximate else ''}{amount}{unit}{rate}"


def _plain(number: float | None) -> str:
    if number is None:
        return ""
    return str(int(number)) if number == int(number) and abs(number) < 1e16 else repr(number)


@dataclass(frozen=True, slots=True)
class QuantityMention:
    """A quantity in a text. One row of ``quantities``.

    ``start`` and ``end`` hold the words from the first to the last of number, bound, unit and rate.
    ``low`` to ``base_per`` are the value as written and in base units of the SI (see ``Quantity``);
    ``counted`` is the head noun of what is counted, which lies inside the words where a bound or a rate
    follows it.
    """

    mention_id: str
    document_id: str
    start: int
    end: int
    low: float | None
    high: float | None
    low_open: bool
    high_open: bool
    approximate: bool
    unit: str
    per: str
    dimension: str
    base_low: float | None
    base_high: float | None
    base_unit: str
    base_per: str
    counted: tuple[Span, ...]
    counted_key: str | None
    score: float
    reasons: tuple[str, ...]
    alternatives: tuple[Alternative, ...]
    method: str

    @property
    def quantity(self) -> Quantity:
        """The value as written."""
        return Quantity(
            self.low, self.high, self.low_open, self.high_open, self.unit, self.per, self.approximate
        )
