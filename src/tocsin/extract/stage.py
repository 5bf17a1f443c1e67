"""The extract kernel: documents and sentences in, attributions and claims out. Pure, Arrow to Arrow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

import pyarrow as pa

from tocsin.errors import HeadNotInstalledError
from tocsin.extract.claims import claims_of
from tocsin.extract.protocol import AttributionExtractor
from tocsin.extract.rules import RuleExtractor
from tocsin.model import Attribution, Claim, Document, Sentence
from tocsin.model.arrow import rows_of, table_of
from tocsin.model.tables import ATTRIBUTIONS, CLAIMS, DOCUMENTS, SENTENCES
from tocsin.settings import Value

__all__ = ["extract_claims", "extract_with"]

_LEFT_OUT: Final = "rules alone: the weights of the networks are not installed"


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
    # The networks bring their weights along: loaded only when asked for.
    from tocsin.extract.neural import NeuralExtractor, installed

    if method == "joined":
        if not installed():
            return _Alone()
        from tocsin.extract.joined import JoinedExtractor

        return JoinedExtractor()
    if not installed():
        raise HeadNotInstalledError(
            "extract.method is network, but the networks' weights are not installed",
            remedy="set extract.method to rules, which need none",
        )
    return NeuralExtractor()


class _Alone(RuleExtractor):
    """The rules where the networks' weights are left out; every row says so."""

    def extract(self, document: Document, sentences: Sequence[Sentence]) -> list[Attribution]:
        """See ``RuleExtractor``."""
        found = super().extract(document, sentences)
        return [replace(one, reasons=(*one.reasons, _LEFT_OUT)) for one in found]


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
