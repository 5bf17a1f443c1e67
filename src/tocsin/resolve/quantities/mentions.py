"""The rows of the table ``quantities`` and its declaration.

Declared here and not in ``model`` until the pipeline has the stage: ``model.tables.TABLES`` lists what a
case holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tocsin.model import Alternative, Column, Span, Table
from tocsin.resolve.quantities.values import Quantity

__all__ = ["QUANTITIES", "QuantityMention"]


@dataclass(frozen=True, slots=True)
class QuantityMention:
    """A quantity in a text. One row of ``quantities``.

    ``start`` and ``end`` hold the words from the first to the last of number, bound, unit and rate.
    ``low`` to ``base_per``
    are the value as written and in base units of the SI (see ``Quantity``); ``counted`` is the head noun
    of what is
    counted, which lies inside the words where a bound or a rate follows it.
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


QUANTITIES: Final = Table(
    "quantities",
    QuantityMention,
    "one quantity",
    ("mention_id",),
    ("document_id", "start", "mention_id"),
    (
        Column("mention_id", "string", "id of document, span and method"),
        Column("document_id", "string", "the document"),
        Column("start", "int", "first code point of the mention in the document's text"),
        Column("end", "int", "one past its last code point"),
        Column("low", "float", "lower bound in the unit as written; null: unbounded", True),
        Column("high", "float", "upper bound in the unit as written; null: unbounded", True),
        Column("low_open", "bool", "whether the lower bound itself is excluded"),
        Column("high_open", "bool", "whether the upper bound itself is excluded"),
        Column("approximate", "bool", "whether the text says that it is approximate"),
        Column("unit", "string", "symbol or ISO 4217 code; empty for a plain number"),
        Column("per", "string", "unit of a rate, with its number («100 km»); empty for none"),
        Column("dimension", "string", "number, share, money, length, length per time …"),
        Column("base_low", "float", "lower bound in base units", True),
        Column("base_high", "float", "upper bound in base units", True),
        Column("base_unit", "string", "base unit: m, m2, m3, kg, K, W, J, part …; a currency stays"),
        Column("base_per", "string", "base unit of the rate"),
        Column("counted", "spans", "the head noun of what is counted; empty for none"),
        Column("counted_key", "string", "its base form, a guess where no dictionary has it", True),
        Column("score", "float", "0 to 1; not calibrated unless the method's card says so"),
        Column("reasons", "strings", "why, strongest first"),
        Column("alternatives", "alternatives", "the readings that lost, best first"),
        Column("method", "string", "the method and its version"),
    ),
)
