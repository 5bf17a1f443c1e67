"""The extract kernel: documents and sentences in, attributions and claims out. Pure, Arrow to Arrow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby

import pyarrow as pa

from tocsin.extract.claims import claims_of
from tocsin.extract.protocol import AttributionExtractor
from tocsin.extract.rules import RuleExtractor
from tocsin.model import Attribution, Claim, Document, Sentence
from tocsin.model.arrow import rows_of, table_of
from tocsin.model.tables import ATTRIBUTIONS, CLAIMS, DOCUMENTS, SENTENCES
from tocsin.settings import Value

__all__ = ["ByLanguage", "extract_claims", "extract_with"]


def extract_claims(
    documents: pa.Table, sentences: pa.Table, settings: Mapping[str, Value]
) -> dict[str, pa.Table]:
    """Kernel: ``documents`` and their ``sentences`` → ``attributions``, ``claims``, by ``extract.method``.

    Deterministic and independent per document, so batches may be cut anywhere as long as a document's
    sentences come with it; the order of sentence rows does not matter. Raises nothing but Arrow's own errors
    for missing columns.
    """
    return extract_with(_extractor(str(settings["extract.method"])), documents, sentences)


def _extractor(method: str) -> AttributionExtractor:
    if method == "rules":
        return RuleExtractor()
    # The network brings its encoder along: loaded only when asked for.
    from tocsin.extract.neural import NeuralExtractor

    return NeuralExtractor() if method == "network" else ByLanguage(NeuralExtractor(), RuleExtractor())


class ByLanguage:
    """One extractor for documents mostly in English, another for the rest.

    The network was trained on English; where the others stand is for the measurements to say.
    """

    def __init__(self, english: AttributionExtractor, others: AttributionExtractor) -> None:
        self._english = english
        self._others = others
        self.method = f"{english.method} (en), {others.method}"

    def extract(self, document: Document, sentences: Sequence[Sentence]) -> list[Attribution]:
        """Attributions by whichever is meant for the language with most characters."""
        size: Counter[str] = Counter()
        for sentence in sentences:
            size[sentence.language] += sentence.end - sentence.start
        mostly = min(size, key=lambda code: (-size[code], code), default="und")
        return (self._english if mostly == "en" else self._others).extract(document, sentences)


def extract_with(
    extractor: AttributionExtractor, documents: pa.Table, sentences: pa.Table
) -> dict[str, pa.Table]:
    """The same with any extractor."""
    ordered = sorted(rows_of(sentences, SENTENCES), key=lambda s: (s.document_id, s.ordinal))
    by_document: dict[str, list[Sentence]] = {
        document_id: list(group) for document_id, group in groupby(ordered, key=lambda s: s.document_id)
    }
    attributions: list[Attribution] = []
    claims: list[Claim] = []
    for document in rows_of(documents, DOCUMENTS):
        own = by_document.get(document.document_id, [])
        found = extractor.extract(document, own)
        attributions += found
        claims += claims_of(document, own, found, extractor.method)
    return {"attributions": table_of(attributions, ATTRIBUTIONS), "claims": table_of(claims, CLAIMS)}
