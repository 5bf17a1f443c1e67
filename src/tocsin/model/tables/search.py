"""Tables that searches are answered from."""

from __future__ import annotations

from tocsin.model.search import SearchDocument, SearchTerm
from tocsin.model.tables.base import DOCUMENT, Column, Table

__all__ = ["SEARCH_DOCUMENTS", "SEARCH_TERMS", "TABLES"]

SEARCH_TERMS = Table(
    "search_terms",
    SearchTerm,
    "one term of one document",
    ("term", "document_id"),
    ("term", "document_id"),
    (
        Column("term", "string", "lemma, stem or word; with = before it, the fold of a name"),
        DOCUMENT,
        Column("count", "int", "how often it stands there"),
    ),
)

SEARCH_DOCUMENTS = Table(
    "search_documents",
    SearchDocument,
    "one document that can be searched",
    ("document_id",),
    ("document_id",),
    (DOCUMENT, Column("length", "int", "its terms, without folds of names")),
)

TABLES = (SEARCH_TERMS, SEARCH_DOCUMENTS)
