"""Tables written by ``language``."""

from __future__ import annotations

from tocsin.model.documents import DocumentLanguage, Sentence
from tocsin.model.tables.base import DOCUMENT, END, START, Column, Table

__all__ = ["DOCUMENT_LANGUAGES", "SENTENCES", "TABLES"]

SENTENCES = Table(
    "sentences",
    Sentence,
    "one sentence",
    ("document_id", "ordinal"),
    ("document_id", "ordinal"),
    (
        DOCUMENT,
        Column("ordinal", "int", "place in the document, from 0"),
        Column("paragraph", "int", "its paragraph, from 0"),
        START,
        END,
        Column("language", "string", "ISO 639-1 code, or und"),
        Column("language_score", "float", "0 to 1"),
    ),
)

DOCUMENT_LANGUAGES = Table(
    "document_languages",
    DocumentLanguage,
    "one language of one document",
    ("document_id", "language"),
    ("document_id", "rank"),
    (
        DOCUMENT,
        Column("language", "string", "ISO 639-1 code, or und"),
        Column("rank", "int", "0 for the language with most characters"),
        Column("characters", "int", "code points of the sentences in it"),
        Column("share", "float", "of all sentence characters, 0 to 1"),
    ),
)

TABLES = (
    SENTENCES,
    DOCUMENT_LANGUAGES,
)
