"""The judge kernels: claims, times and places in, forecasts and blame out. Arrow to Arrow, pure.

Documents are independent of each other, so batches may be cut anywhere between documents.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from tocsin.judge.blame import blame_rows
from tocsin.judge.forecasts import Facts, forecasts_of
from tocsin.model import Attribution, Claim
from tocsin.model.arrow import rows_of, table_of
from tocsin.model.tables import ATTRIBUTIONS, BLAME, CLAIMS, DOCUMENTS, FORECASTS, PLACES, TIMES

__all__ = ["derive_blame", "derive_forecasts", "facts_of"]


def derive_forecasts(
    documents: pa.Table,
    attributions: pa.Table,
    claims: pa.Table,
    times: pa.Table,
    places: pa.Table,
) -> dict[str, pa.Table]:
    """Kernel → ``forecasts``. Raises nothing but Arrow's own errors for missing columns."""
    tables = {"attributions": attributions, "claims": claims}
    facts = facts_of(documents, tables | {"times": times, "places": places})
    return {"forecasts": table_of((row for item in facts for row in forecasts_of(item)), FORECASTS)}


def derive_blame(documents: pa.Table, attributions: pa.Table, claims: pa.Table) -> dict[str, pa.Table]:
    """Kernel → ``blame``. Raises nothing but Arrow's own errors for missing columns."""
    facts = facts_of(documents, {"attributions": attributions, "claims": claims})
    return {"blame": table_of((row for item in facts for row in blame_rows(item)), BLAME)}


_TABLES = {
    "attributions": ATTRIBUTIONS,
    "claims": CLAIMS,
    "times": TIMES,
    "places": PLACES,
}


def facts_of(documents: pa.Table, tables: dict[str, pa.Table]) -> Iterator[Facts]:
    """What is known of each document, in the order of ``documents``; the order of all other rows is
    irrelevant.
    """
    grouped: dict[str, dict[str, list[Any]]] = {}
    for name, data in tables.items():
        own = grouped.setdefault(name, {})
        for row in rows_of(data, _TABLES[name]):
            own.setdefault(row.document_id, []).append(row)
    for document in rows_of(documents, DOCUMENTS):
        rows = {name: own.get(document.document_id, []) for name, own in grouped.items()}
        attributions = sorted(rows["attributions"], key=lambda a: a.attribution_id)
        inner: dict[str, list[Attribution]] = {}
        for a in attributions:
            if a.parent_id:
                inner.setdefault(a.parent_id, []).append(a)
        claims: list[Claim] = sorted(rows["claims"], key=lambda c: (c.content[0].start, c.claim_id))
        yield Facts(
            document,
            {a.attribution_id: a for a in attributions},
            claims,
            sorted(rows.get("times", []), key=lambda m: (m.start, m.mention_id)),
            sorted(rows.get("places", []), key=lambda m: (m.start, m.mention_id)),
            inner,
        )
