"""The corpus kernel of checks: documents beside those they cite, and beside the user's figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tocsin.judge.checks.figures import FIGURE, with_figures
from tocsin.judge.checks.protocol import DocumentFacts, Result
from tocsin.judge.checks.sources import OUTLET, QUOTATION, Cited, Library, outlets, quotations
from tocsin.judge.checks.stage import check_row, document_facts
from tocsin.model import Attribution, Check, Document, Figure

if TYPE_CHECKING:
    import pyarrow as pa

    from tocsin.model.access import CorpusTables

__all__ = ["derive_source_checks"]


def derive_source_checks(given: CorpusTables) -> dict[str, pa.Table]:
    """Kernel of the corpus: documents, attributions and figures → ``source_checks``.

    Raises nothing but Arrow's own errors for missing columns.
    """
    from tocsin.model.arrow import rows_of, table_of
    from tocsin.model.tables import ATTRIBUTIONS, DOCUMENTS, FIGURES, SOURCE_CHECKS

    documents: list[Document] = list(rows_of(given.table("documents"), DOCUMENTS))
    library = Library(sorted(documents, key=lambda d: d.document_id))
    cited: dict[str, list[Cited]] = {}
    for row in rows_of(given.table("attributions"), ATTRIBUTIONS):
        _keep(cited, row, library)
    languages = _languages(given.table("document_languages"))
    rows: list[Check] = []
    for document in documents:
        facts = DocumentFacts(document, (), (), (), (), ())
        rows += _against_sources(facts, cited.get(document.document_id, ()), library, languages)
    figures: list[Figure] = list(rows_of(given.table("figures"), FIGURES))
    if figures:
        rows += _against_figures(given, figures)
    unique = {row.check_id: row for row in rows}
    ordered = sorted(unique.values(), key=lambda row: (row.document_id, row.check_id))
    return {"source_checks": table_of(ordered, SOURCE_CHECKS)}


def _keep(cited: dict[str, list[Cited]], row: Attribution, library: Library) -> None:
    """Keep an attribution whose source is a channel of the case."""
    if row.source and row.content and library.channel(row.source_label) is not None:
        item = Cited(row.source[0], row.source_label, row.content)
        cited.setdefault(row.document_id, []).append(item)


def _languages(table: pa.Table) -> Mapping[str, str]:
    rows = zip(*(table.column(c).to_pylist() for c in ("document_id", "rank", "language")), strict=True)
    return {document: language for document, rank, language in rows if rank == 0}


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
