"""Answering a query: BM25 over terms, cosines over vectors of claims, or the sum of both as z-scores.

BM25 is that of Robertson and Zaragoza 2009 (k1 1.2, b .75, the idf that cannot be negative). Meaning compares
the query with every claim of the case, exactly, whatever its language; a document counts by its nearest
claim. Joined, both are brought to mean 0 and deviation 1 over all documents first: a word match and a
near meaning then weigh alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Protocol

from tocsin.model import Score

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["BY", "Filters", "Hit", "Meanings", "Searchable", "meanings_of", "search"]

#: How a query may be answered.
BY: Final = ("words", "meaning", "both")
_K1, _B = 1.2, 0.75
#: Rows of vectors turned into numbers at a time: 60 MB.
_BLOCK: Final = 16_384


class Searchable(Protocol):
    """A case at one moment: ``tocsin.store.Snapshot``."""

    def table(self, name: str, columns: Sequence[str] | None = None) -> pa.Table: ...
    def select(self, name: str, column: str, values: Any) -> pa.Table: ...
    def query(self, sql: str, parameters: list[Any] | None = None) -> pa.Table: ...


@dataclass(frozen=True, slots=True)
class Filters:
    """What documents must fulfil; empty fields ask for nothing.

    ``since`` is inclusive, ``until`` exclusive, both UTC; undated documents fulfil neither. ``channel`` is a
    display name or id, ``place`` a name in English or as it was looked up, or a gazetteer id; ``language``
    the main language of the document (ISO 639-1). Letters' case does not matter.
    """

    since: datetime | None = None
    until: datetime | None = None
    channel: str = ""
    place: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One document found. ``claim_id`` is its nearest claim, None where only words were looked for."""

    document_id: str
    score: Score
    claim_id: str | None = None
    words: Mapping[str, float] = field(default_factory=dict)


def _allowed(tables: Searchable, filters: Filters) -> list[str]:
    """The documents that fulfil the filters, in order of id."""
    where, values = ["true"], list[Any]()
    if filters.since is not None:
        where.append("published >= ?")
        values.append(filters.since)
    if filters.until is not None:
        where.append("published < ?")
        values.append(filters.until)
    if filters.channel:
        where.append("(lower(channel) = lower(?) OR channel_id = ?)")
        values += [filters.channel, filters.channel]
    if filters.language:
        where.append(
            "document_id IN (SELECT document_id FROM document_languages "
            "WHERE rank = 0 AND language = lower(?))"
        )
        values.append(filters.language)
    if filters.place:
        where.append(
            "document_id IN (SELECT document_id FROM places "
            "WHERE lower(name) = lower(?) OR lower(lemma) = lower(?) OR place_id = ?)"
        )
        values += [filters.place] * 3
    sql = f"SELECT document_id FROM documents WHERE {' AND '.join(where)} ORDER BY document_id"
    found: list[str] = tables.query(sql, values).column("document_id").to_pylist()
    return found


def _languages(query: str) -> list[str]:
    """Languages a query may be in: all that are written in its letters, for two words tell little."""
    from tocsin.language import identify

    cyrillic = any("\u0400" <= letter <= "\u04ff" for letter in query)
    likely = identify(query)[0]
    return list(dict.fromkeys([likely, *(("ru", "uk", "kk") if cyrillic else ("en",))]))


def _by_words(
    tables: Searchable, query: str, place: Mapping[str, int]
) -> tuple[Floats, list[dict[str, float]]]:
    """BM25 of each allowed document, and what each term gave."""
    import numpy as np

    from tocsin.search.words import terms_of

    scores = np.zeros(len(place))
    parts: list[dict[str, float]] = [{} for _ in place]
    wanted: dict[str, None] = {}
    for language in _languages(query):
        wanted |= dict.fromkeys(terms_of(query, language))
    rows = tables.select("search_terms", "term", wanted)
    facts = tables.query("SELECT count(*) AS n, avg(length) AS mean FROM search_documents").to_pylist()[0]
    count, mean = facts["n"], facts["mean"] or 1.0
    here = rows.column("document_id").unique().to_pylist()
    lengths = tables.select("search_documents", "document_id", here)
    length = dict(zip(*(lengths.column(n).to_pylist() for n in ("document_id", "length")), strict=True))
    terms = rows.column("term").to_pylist()
    df: dict[str, int] = {}
    for term in terms:
        df[term] = df.get(term, 0) + 1
    columns = (terms, rows.column("document_id").to_pylist(), rows.column("count").to_pylist())
    for term, document, times in zip(*columns, strict=True):
        at = place.get(document)
        if at is None:
            continue
        idf = np.log1p((count - df[term] + 0.5) / (df[term] + 0.5))
        worth = idf * times * (_K1 + 1) / (times + _K1 * (1 - _B + _B * length[document] / mean))
        scores[at] += worth
        parts[at][term] = float(worth)
    return scores, parts


#: The meanings of all claims, block by block: columns of ``claim_meanings`` as lists.
Meanings = Sequence[Mapping[str, list[Any]]]


def meanings_of(tables: Searchable) -> Meanings:
    """What meanings are compared with; a caller that asks often keeps it (half a kilobyte a claim)."""
    meanings = tables.table("claim_meanings", ["claim_id", "document_id", "vector", "scale"])
    return [batch.to_pydict() for batch in meanings.to_batches(_BLOCK)]


def _by_meaning(meanings: Meanings, query: str, place: Mapping[str, int]) -> tuple[Floats, list[str | None]]:
    """The cosine of each allowed document's nearest claim with the query, 0 without any; and that claim."""
    import numpy as np

    from tocsin.language import identify
    from tocsin.link.narratives.meanings import unpack, vectors_of

    scores = np.zeros(len(place))
    nearest: list[str | None] = [None] * len(place)
    (vector,), _ = vectors_of([query], [identify(query)[0]])
    for own in meanings:
        found = unpack(own["vector"], own["scale"]) @ vector if own["vector"] else []
        for claim, document, cosine in zip(own["claim_id"], own["document_id"], found, strict=True):
            at = place.get(document)
            if at is not None and (nearest[at] is None or cosine > scores[at]):
                scores[at], nearest[at] = float(cosine), claim
    return scores, nearest


def _standard(scores: Floats) -> Floats:
    spread = float(scores.std())
    standard: Floats = (scores - scores.mean()) / spread if spread else scores * 0.0
    return standard


def search(
    tables: Searchable,
    query: str,
    *,
    by: str = "both",
    filters: Filters | None = None,
    limit: int = 20,
    meanings: Meanings | None = None,
) -> list[Hit]:
    """The best documents for a query, at most ``limit``, best first; of equals the first by id.

    ``meanings`` are those of the same tables, read once (``meanings_of``); without them they are read now.

    Documents that share no word with it and whose claims are no nearer than chance are not given. Raises
    ValueError for an unknown ``by``.
    """
    import numpy as np

    if by not in BY:
        raise ValueError(f"by is {by!r}, none of {', '.join(BY)}")
    allowed = _allowed(tables, filters or Filters())
    place = {document: n for n, document in enumerate(allowed)}
    if not allowed or not query.strip():
        return []
    none: list[str | None] = [None] * len(allowed)
    words, parts = _by_words(tables, query, place) if by != "meaning" else (np.zeros(len(allowed)), [])
    cosines, nearest = np.zeros(len(allowed)), none
    if by != "words":
        cosines, nearest = _by_meaning(meanings_of(tables) if meanings is None else meanings, query, place)
    total = words if by == "words" else cosines if by == "meaning" else _standard(words) + _standard(cosines)
    order = sorted(np.flatnonzero((words > 0) | (cosines > 0)).tolist(), key=lambda n: (-total[n], n))
    hits = []
    for n in order[:limit]:
        shared = parts[n] if parts else {}
        reasons = [
            f"“{t.lstrip('=')}” {v:.1f}" for t, v in sorted(shared.items(), key=lambda p: (-p[1], p[0]))
        ]
        if nearest[n] is not None:
            reasons.insert(0, f"nearest claim at {cosines[n]:.2f}")
        hits.append(Hit(allowed[n], Score(round(float(total[n]), 4), tuple(reasons)), nearest[n], shared))
    return hits
