"""What a declared table is, and the columns many tables share."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ALTERNATIVES", "DOCUMENT", "END", "METHOD", "REASONS", "SCORE", "START", "Column", "Table"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``type`` is one of the names in ``model.arrow.ARROW_TYPES``; nullable only if said.

    ``of`` names the column that holds the id of the document whose text spans refer to.
    ``account`` marks names and ids of publishing accounts, which exports can put under pseudonyms.
    """

    name: str
    type: str
    help: str
    nullable: bool = False
    of: str = "document_id"
    account: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table. ``key`` identifies a row; ``order`` is the canonical row order of results."""

    name: str
    row: type
    grain: str
    key: tuple[str, ...]
    order: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


DOCUMENT = Column("document_id", "string", "the document")
METHOD = Column("method", "string", "the method and its version")
SCORE = Column("score", "float", "0 to 1; not calibrated unless the method's card says so")
REASONS = Column("reasons", "strings", "why, strongest first")
ALTERNATIVES = Column("alternatives", "alternatives", "the readings that lost, best first")
START = Column("start", "int", "first code point of the mention in the document's text")
END = Column("end", "int", "one past its last code point")
