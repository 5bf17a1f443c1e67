"""The language kernel: documents in, their sentences and languages out. Arrow to Arrow, pure, no I/O."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyarrow as pa

from tocsin.language.identify import UNDETERMINED, identify_all
from tocsin.language.segment import sentences
from tocsin.model import DocumentLanguage, Sentence
from tocsin.model.arrow import table_of
from tocsin.model.tables import DOCUMENT_LANGUAGES, SENTENCES

__all__ = ["languages_of", "segment_documents", "segment_text"]


def segment_text(document_id: str, text: str) -> list[Sentence]:
    """Sentences of one text, in order, each with its paragraph, span and language."""
    found = sentences(text)
    codes = identify_all([span.of(text) for _, span in found])
    return [
        Sentence(document_id, ordinal, paragraph, span.start, span.end, code, score)
        for ordinal, ((paragraph, span), (code, score)) in enumerate(zip(found, codes, strict=True))
    ]


def languages_of(document_id: str, found: Sequence[Sentence]) -> list[DocumentLanguage]:
    """Languages of one document, the one with most sentence characters first; ties by code.

    ``und`` comes last whatever its size, unless it is all there is: a post of links and one Russian line is
    Russian. A document without sentences has one row, ``und`` with share 0.
    """
    totals: dict[str, int] = {}
    for sentence in found:
        totals[sentence.language] = totals.get(sentence.language, 0) + sentence.end - sentence.start
    whole = sum(totals.values())
    if not whole:
        return [DocumentLanguage(document_id, UNDETERMINED, 0, 0, 0.0)]
    order = sorted(totals, key=lambda code: (code == UNDETERMINED, -totals[code], code))
    return [
        DocumentLanguage(document_id, code, rank, totals[code], totals[code] / whole)
        for rank, code in enumerate(order)
    ]


def _texts(documents: pa.Table) -> Iterable[tuple[str, str]]:
    ids = documents.column("document_id").to_pylist()
    return zip(ids, documents.column("text").to_pylist(), strict=True)


def segment_documents(documents: pa.Table) -> dict[str, pa.Table]:
    """Kernel: ``documents`` (columns document_id and text are read) → ``sentences``, ``document_languages``.

    Deterministic and independent per document, so batches may be cut anywhere. Raises nothing but Arrow's own
    errors for a table without those columns.
    """
    rows: list[Sentence] = []
    languages: list[DocumentLanguage] = []
    for document_id, text in _texts(documents):
        found = segment_text(document_id, text)
        rows += found
        languages += languages_of(document_id, found)
    return {
        "sentences": table_of(rows, SENTENCES),
        "document_languages": table_of(languages, DOCUMENT_LANGUAGES),
    }
