"""The resolve kernels: documents and their sentences in, times, places, quantities out. Arrow to Arrow, pure.

The only thing read besides the arguments is what the package ships (gazetteer, lexicons). Documents are
independent of each other, so batches may be cut anywhere between documents.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyarrow as pa

from tocsin.model.arrow import table_of
from tocsin.model.tables import PLACES, QUANTITIES, TIMES
from tocsin.resolve.places import find_places
from tocsin.resolve.quantities import find_quantities
from tocsin.resolve.times import find_times

__all__ = ["resolve_places", "resolve_quantities", "resolve_times"]

_Spans = list[tuple[int, int, str]]


def _sentences(sentences: pa.Table) -> dict[str, _Spans]:
    """Start, end and language of every sentence by document, in text order whatever the rows' order."""
    columns = [sentences.column(name).to_pylist() for name in ("document_id", "start", "end", "language")]
    found: dict[str, _Spans] = {}
    for document_id, start, end, language in zip(*columns, strict=True):
        found.setdefault(document_id, []).append((start, end, language))
    for spans in found.values():
        spans.sort()
    return found


def _documents(
    documents: pa.Table, sentences: pa.Table, *columns: str
) -> Iterator[tuple[list[object], _Spans]]:
    spans = _sentences(sentences)
    values = [documents.column(name).to_pylist() for name in ("document_id", *columns)]
    for row in zip(*values, strict=True):
        own = spans.get(row[0])
        if own:
            yield list(row), own


def resolve_times(
    documents: pa.Table, sentences: pa.Table, settings: Mapping[str, object] | None = None
) -> dict[str, pa.Table]:
    """Kernel: ``documents`` (document_id, text, published) and ``sentences`` → ``times``, by ``times.zone``.

    ``published`` may be null: relative expressions then keep their TIMEX3 value and have no interval.
    Sentences in other languages than en, ru, uk, kk give none. Raises nothing but Arrow's own errors for
    missing columns.
    """
    zone = "UTC" if settings is None else str(settings["times.zone"])
    rows = []
    for (document_id, text, published), spans in _documents(documents, sentences, "text", "published"):
        rows += find_times(str(document_id), str(text), spans, published, zone)  # type: ignore[arg-type]
    rows.sort(key=lambda m: (m.document_id, m.start, m.mention_id))
    return {"times": table_of(rows, TIMES)}


def resolve_places(documents: pa.Table, sentences: pa.Table) -> dict[str, pa.Table]:
    """Kernel: ``documents`` (document_id, text) and ``sentences`` → ``places``.

    Raises nothing but Arrow's own errors for missing columns.
    """
    rows = []
    for (document_id, text), spans in _documents(documents, sentences, "text"):
        rows += find_places(str(document_id), str(text), spans)
    rows.sort(key=lambda m: (m.document_id, m.start, m.mention_id))
    return {"places": table_of(rows, PLACES)}


def resolve_quantities(documents: pa.Table, sentences: pa.Table) -> dict[str, pa.Table]:
    """Kernel: ``documents`` (document_id, text) and ``sentences`` → ``quantities``.

    Sentences in other languages than en, ru, uk, kk give none. Raises nothing but Arrow's own errors for
    missing columns.
    """
    rows = []
    for (document_id, text), spans in _documents(documents, sentences, "text"):
        rows += find_quantities(str(document_id), str(text), spans)
    rows.sort(key=lambda m: (m.document_id, m.start, m.mention_id))
    return {"quantities": table_of(rows, QUANTITIES)}
