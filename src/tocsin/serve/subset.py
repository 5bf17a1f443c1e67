"""The tables of a few documents, for code that is written for the tables of a case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from tocsin.model import TABLES
from tocsin.model.arrow import empty_table, rows_among
from tocsin.store import Snapshot

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Subset"]

#: Tables of the whole case that a page of few documents does not ask for.
_LEFT_OUT: Final = frozenset({"entities", "entity_mentions", "problems", "sightings"})


class Subset:
    """Rows of some documents, and of the claims only some if ``claims`` says which."""

    def __init__(
        self, tables: Snapshot, documents: Iterable[str], claims: Sequence[str] | None = None
    ) -> None:
        self._tables = tables
        self._documents = sorted(set(documents))
        self._claims = claims
        self._read: dict[str, pa.Table] = {}

    def table(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """The rows of these documents in canonical order."""
        if name in _LEFT_OUT:
            data = empty_table(TABLES[name])
        elif name == "claims" and self._claims is not None:
            data = self.select(name, "claim_id", self._claims)
        else:
            data = self._of(name)
        return data.select(list(columns)) if columns else data

    def _of(self, name: str) -> pa.Table:
        if name not in self._read:
            self._read[name] = self._tables.of_documents(name, self._documents)
        return self._read[name]

    def select(self, name: str, column: str, values: Iterable[str]) -> pa.Table:
        """Those of the rows of these documents whose ``column`` is one of ``values``."""
        if name in _LEFT_OUT:
            return empty_table(TABLES[name])
        return rows_among(self._of(name), column, values)
