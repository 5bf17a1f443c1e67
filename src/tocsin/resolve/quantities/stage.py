"""The quantities kernel: documents and their sentences in, quantities out. Arrow to Arrow, pure.

The only thing read besides the arguments is what the package ships. Documents are independent of each
other, so batches may be cut
anywhere between documents.
"""

from __future__ import annotations

import pyarrow as pa

from tocsin.model.arrow import table_of
from tocsin.resolve.quantities.finder import find_quantities
from tocsin.resolve.quantities.mentions import QUANTITIES

__all__ = ["resolve_quantities"]


def resolve_quantities(documents: pa.Table, sentences: pa.Table) -> dict[str, pa.Table]:
    """Kernel: ``documents`` (document_id, text) and ``sentences`` → ``quantities``.

    Sentences in other languages than en, ru, uk, kk give none. Raises nothing but Arrow's own errors for
    missing columns.
    """
    columns = [sentences.column(name).to_pylist() for name in ("document_id", "start", "end", "language")]
    spans: dict[str, list[tuple[int, int, str]]] = {}
    for document_id, start, end, language in zip(*columns, strict=True):
        spans.setdefault(document_id, []).append((start, end, language))
    rows = []
    ids, texts = (documents.column(name).to_pylist() for name in ("document_id", "text"))
    for document_id, text in zip(ids, texts, strict=True):
        rows += find_quantities(document_id, text, sorted(spans.get(document_id, ())))
    rows.sort(key=lambda mention: (mention.document_id, mention.start, mention.mention_id))
    return {"quantities": table_of(rows, QUANTITIES)}
