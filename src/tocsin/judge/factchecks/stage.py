"""Claims of the case and entries of its bases → ``factcheck_matches``. A kernel of the corpus."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from tocsin.judge.factchecks.index import COLUMNS, FactcheckIndex
from tocsin.judge.factchecks.match import matches
from tocsin.judge.factchecks.rank import METHOD
from tocsin.judge.factchecks.texts import Question, question_of
from tocsin.link.narratives.meanings import unpack
from tocsin.model import Claim, FactcheckMatch, make_id, quote
from tocsin.model.arrow import rows_of, table_of
from tocsin.model.tables import CLAIMS, FACTCHECK_MATCHES

if TYPE_CHECKING:
    from tocsin.model.access import CorpusTables

__all__ = ["find_factchecks"]

#: Entries kept for one claim.
_MOST: Final = 3
_METHOD: Final = METHOD


def _questions(given: CorpusTables) -> Iterator[tuple[Claim, Question, Any]]:
    """Every claim that has a meaning, what is asked for it, and its vector."""
    columns = ["document_id", "text", "channel", "published"]
    documents = {row["document_id"]: row for row in given.table("documents", columns).to_pylist()}
    meanings = given.table("claim_meanings", ["claim_id", "vector", "scale"]).to_pydict()
    vectors = unpack(meanings["vector"], meanings["scale"])
    row_of: Mapping[str, int] = {claim: n for n, claim in enumerate(meanings["claim_id"])}
    for claim in rows_of(given.table("claims"), CLAIMS):
        at = row_of.get(claim.claim_id)
        if at is None:
            continue
        document = documents[claim.document_id]
        words = quote(claim.content, document["text"], " ")
        author = claim.source_label or document["channel"] or ""
        yield claim, question_of(words, claim.language, author, document["published"]), vectors[at]


def find_factchecks(given: CorpusTables) -> dict[str, pa.Table]:
    """Kernel: claims, their meanings and reference entries → ``factcheck_matches``.

    Reads ``factchecks.precision``. A claim is compared with all entries; whether it matches depends on
    nothing else in the case. Raises nothing but Arrow's own errors for missing columns.
    """
    base = given.table("reference_entries", list(COLUMNS))
    rows: list[FactcheckMatch] = []
    if base.num_rows:
        index = FactcheckIndex(base)
        precision = float(given.settings["factchecks.precision"])
        for claim, question, vector in _questions(given):
            places = [str(at) for span in claim.content for at in (span.start, span.end)]
            for match in matches(index, question, vector, limit=_MOST, precision=precision):
                key = make_id("factcheck", claim.document_id, *places, match.reference_id)
                rows.append(
                    FactcheckMatch(
                        key,
                        claim.claim_id,
                        claim.document_id,
                        match.reference_id,
                        claim.content,
                        match.score,
                        match.reasons,
                        match.differences,
                        _METHOD,
                    )
                )
    # Claims of one content and another chain are one match.
    unique = {row.match_id: row for row in sorted(rows, key=lambda r: r.claim_id, reverse=True)}
    ordered = sorted(unique.values(), key=lambda r: (r.document_id, r.claim_id, -r.score, r.match_id))
    return {"factcheck_matches": table_of(ordered, FACTCHECK_MATCHES)}
