"""Stories as systems: how many origins the links leave."""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.link.origins import METHOD, count_origins
from tocsin.model import TABLES, Document, DocumentLink
from tocsin.model.arrow import rows_of, table_of
from tocsin.pipeline import derive_tables

__all__ = ["Links"]


class Links:
    """The stages of links, run on the documents of one record alone."""

    def __init__(self, name: str, tables: Sequence[str]) -> None:
        self.name = name
        self.version = METHOD
        self._tables = tuple(tables)

    def origins(self, documents: Sequence[Document], story: frozenset[str]) -> tuple[int, int]:
        """The least and the greatest number of origins of the documents of a story."""
        made = derive_tables(table_of(documents, TABLES["documents"]), self._tables)
        links: list[DocumentLink] = []
        for name in self._tables:
            links += rows_of(made[name], TABLES[name])
        count = count_origins(story, links)
        return count.low, count.high
