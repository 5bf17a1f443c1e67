"""The corpus kernel of checks: documents beside those they cite, and beside the user's figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tocsin.judge.checks.figures import FIGURE, with_figures
from tocsin.judge.checks.protocol import DocumentFacts, Result
from tocsin.judge.checks.sources import OUTLET, QUOTATION, Cited, Library, may_quote, outlets, quotations
from tocsin.judge.checks.stage import check_row, document_facts
from tocsin.model import Check, Document, Figure

if TYPE_CHECKING:
    import pyarrow as pa

    from tocsin.model.access import CorpusTables

__all__ = ["derive_source_checks"]


def derive_source_checks(given: CorpusTables) -> dict[str, pa.Table]:
    """Kernel of the corpus: documents, attributions and figures → ``source_checks``.

    Raises nothing but Arrow's own errors for missing columns.
    """
    from tocsin.model.arrow import rows_of, table_of
    from tocsin.model.tables import FIGURES, SOURCE_CHECKS

    library = Library(given.table("documents"))
    cited = _cited(given.table("attributions"), library)
    rows: list[Check] = []
    wanted = _looked_at(cited, library)
    languages = _languages(given.table("document_languages"), [document.document_id for document in wanted])
    for document in wanted:
        facts = DocumentFacts(document, (), (), (), (), ())
        rows += _against_sources(facts, cited.get(document.document_id, ()), library, languages)
    figures: list[Figure] = list(rows_of(given.table("figures"), FIGURES))
    if figures:
        rows += _against_figures(given, figures)
    unique = {row.check_id: row for row in rows}
    ordered = sorted(unique.values(), key=lambda row: (row.document_id, row.check_id))
    return {"source_checks": table_of(ordered, SOURCE_CHECKS)}


def _cited(table: pa.Table, library: Library) -> dict[str, list[Cited]]:
    """The attributions by document whose source is a channel of the case."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from tocsin.model.arrow import rows_of
    from tocsin.model.tables import ATTRIBUTIONS

    labels = pc.unique(table.column("source_label")).to_pylist()
    known = pa.array([label for label in labels if library.channel(label) is not None], pa.string())
    found: dict[str, list[Cited]] = {}
    for row in rows_of(table.filter(pc.is_in(table.column("source_label"), known)), ATTRIBUTIONS):
        if row.source and row.content:
            item = Cited(row.source[0], row.source_label, row.content)
            found.setdefault(row.document_id, []).append(item)
    return found


def _looked_at(cited: Mapping[str, Sequence[Cited]], library: Library) -> list[Document]:
    """The documents that may have something to check: they cite a channel, or quote beside an address."""
    import numpy as np

    rows = {library.row_of[document] for document in cited}
    if library.by_address:
        rows |= set(np.flatnonzero(may_quote(library.table.column("text"))).tolist())
    return library.documents(sorted(rows))


def _languages(table: pa.Table, documents: Sequence[str]) -> Mapping[str, str]:
    """The first language of some documents."""
    import pyarrow as pa
    import pyarrow.compute as pc

    first = pc.equal(table.column("rank"), 0)
    own = table.filter(
        pc.and_(first, pc.is_in(table.column("document_id"), pa.array(documents, pa.string())))
    )
    columns = (own.column(name).to_pylist() for name in ("document_id", "language"))
    return dict(zip(*columns, strict=True))


def _against_sources(
    facts: DocumentFacts, cited: Sequence[Cited], library: Library, languages: Mapping[str, str]
) -> Iterator[Check]:
    from dataclasses import replace

    own = sorted(cited, key=lambda item: (item.source, item.content))
    language = languages.get(facts.document.document_id, "und")
    for check, find in ((QUOTATION, quotations), (OUTLET, outlets)):
        for found in find(facts, own, library):
            result: Result = replace(found.result, language=language)
            other = (found.document_id, found.spans) if found.document_id else None
            yield check_row(facts, check, result, other)


def _against_figures(given: CorpusTables, figures: Sequence[Figure]) -> Iterator[Check]:
    names = ("sentences", "quantities")
    tables: dict[str, Any] = {name: given.table(name) for name in names}
    factor = float(given.settings["checks.figure_factor"])
    for facts in document_facts(given.table("documents"), tables):
        for result in with_figures(facts, figures, factor):
            yield check_row(facts, FIGURE, result)
