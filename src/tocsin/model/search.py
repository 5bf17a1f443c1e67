"""What searches are answered from: the terms of documents."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["SearchDocument", "SearchTerm"]


@dataclass(frozen=True, slots=True)
class SearchTerm:
    """How often a term stands in a document. One row of ``search_terms``."""

    term: str
    document_id: str
    count: int


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """How many terms a document has. One row of ``search_documents``."""

    document_id: str
    length: int
