"""Answering a query: BM25 over terms, cosines over vectors of claims, or the sum of both as z-scores.

BM25 is that of Robertson and Zaragoza 2009 (k1 1.2, b .75, the idf that cannot be negative). Meaning compares
the query with every claim of the case, exactly, whatever its language; a document counts by its nearest
claim. Joined, both are brought to mean 0 and deviation 1 over all documents first: a word match and a
near meaning then weigh alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
#: Rows of vectors multiplied at a time: as floats they fit into a core's cache.
_BLOCK: Final = 1024


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


def _allowed(tables: Searchable, filters: Filters) -> tuple[int, pa.ChunkedArray | None]:
    """How many documents fulfil the filters, and which; None stands for all."""
    where, values = list[str](), list[Any]()
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
    if not where:
        return tables.query("SELECT count(*) AS n FROM documents").column("n")[0].as_py(), None
    found = tables.query(f"SELECT document_id FROM documents WHERE {' AND '.join(where)}", values)
    return found.num_rows, found.column("document_id")


def _languages(query: str) -> list[str]:
    """Languages a query may be in: all that are written in its letters, for two words tell little."""
    from tocsin.language import identify

    cyrillic = any("\u0400" <= letter <= "\u04ff" for letter in query)
    likely = identify(query)[0]
    return list(dict.fromkeys([likely, *(("ru", "uk", "kk") if cyrillic else ("en",))]))


@dataclass(frozen=True, slots=True)
class _Words:
    """BM25 of the documents that share a word with the query.

    Term by term of each: the number of its document among ``documents``, the term, what it gave.
    """

    documents: pa.Array
    scores: Floats
    places: NDArray[np.int64]
    terms: list[str]
    worths: Floats

    def parts(self, documents: Iterable[str]) -> dict[str, dict[str, float]]:
        """What each term gave some documents."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        wanted = pc.is_in(self.documents, value_set=pa.array(list(documents), pa.string()))
        rows = np.flatnonzero(wanted.to_numpy(zero_copy_only=False)[self.places])
        owners = self.documents.take(self.places[rows]).to_pylist()
        parts: dict[str, dict[str, float]] = {}
        for document, row in zip(owners, rows.tolist(), strict=True):
            parts.setdefault(document, {})[self.terms[row]] = float(self.worths[row])
        return parts


def _by_words(tables: Searchable, query: str) -> _Words:
    import numpy as np
    import pyarrow.compute as pc

    from tocsin.search.words import terms_of

    wanted: dict[str, None] = {}
    for language in _languages(query):
        wanted |= dict.fromkeys(terms_of(query, language))
    rows = tables.select("search_terms", "term", wanted)
    facts = tables.query("SELECT count(*) AS n, avg(length) AS mean FROM search_documents").to_pylist()[0]
    count, mean = facts["n"], facts["mean"] or 1.0
    documents, places = _numbered(rows.column("document_id"))
    terms, kinds = _numbered(rows.column("term"))
    own = tables.select("search_documents", "document_id", documents.to_pylist())
    there = pc.index_in(documents, value_set=own.column("document_id"))
    length = own.column("length").take(there).to_numpy()[places]
    times = rows.column("count").to_numpy()
    df = np.bincount(kinds, minlength=len(terms))
    idf = np.log1p((count - df + 0.5) / (df + 0.5))[kinds]
    worths = idf * times * (_K1 + 1) / (times + _K1 * (1 - _B + _B * length / mean))
    scores = np.bincount(places, worths, len(documents)).astype(np.float64)
    return _Words(documents, scores, places, rows.column("term").to_pylist(), worths)


def _numbered(column: pa.ChunkedArray) -> tuple[pa.Array, NDArray[np.int64]]:
    """The different values of a column, and for each row the number of its value."""
    import numpy as np
    import pyarrow as pa

    coded = pa.concat_arrays(column.chunks or [pa.array([], column.type)]).dictionary_encode()
    return coded.dictionary, coded.indices.to_numpy().astype(np.int64)


@dataclass(frozen=True, slots=True)
class Meanings:
    """The vectors of all claims of a case; ``places`` are the numbers of their documents.

    A vector is a row of ``vectors`` (whole numbers of one byte), which come in blocks; divided by its
    ``lengths`` it is a unit vector.
    """

    claims: pa.ChunkedArray
    documents: pa.Array
    places: NDArray[np.int64]
    vectors: tuple[NDArray[np.int8], ...]
    lengths: Floats

    def cosines(self, vector: Floats) -> Floats:
        """The cosine of each claim with a unit vector."""
        import numpy as np

        found = [block.astype(np.float32) @ vector for block in self.vectors]
        products: Floats = np.concatenate(found) if found else np.zeros(0, np.float32)
        return products / self.lengths


def meanings_of(tables: Searchable) -> Meanings:
    """What meanings are compared with; a caller that asks often keeps it (a kilobyte a claim)."""
    import numpy as np

    rows = tables.table("claim_meanings", ["claim_id", "document_id", "vector"])
    blocks = []
    for batch in rows.select(["vector"]).to_batches(_BLOCK):
        packed = batch.column(0).to_pylist()
        blocks.append(np.frombuffer(b"".join(packed), np.int8).reshape(len(packed), -1))
    squares = [np.einsum("ij,ij->i", b, b, dtype=np.float32) for b in blocks]
    lengths = np.sqrt(np.concatenate(squares)) if squares else np.zeros(0, np.float32)
    documents, places = _numbered(rows.column("document_id"))
    return Meanings(
        rows.column("claim_id"), documents, places, tuple(blocks), np.where(lengths > 0, lengths, 1)
    )


def _by_meaning(meanings: Meanings, query: str) -> tuple[Floats, NDArray[np.int64]]:
    """For each document with claims the cosine of the nearest with the query, and which claim that is."""
    import numpy as np

    from tocsin.language import identify
    from tocsin.link.narratives.meanings import vectors_of

    best = np.full(len(meanings.documents), -np.inf)
    if not len(best):
        return best, np.zeros(0, np.int64)
    (vector,), _ = vectors_of([query], [identify(query)[0]])
    cosines = meanings.cosines(vector)
    np.maximum.at(best, meanings.places, cosines)
    nearest = np.flatnonzero(cosines == best[meanings.places])
    _, first = np.unique(meanings.places[nearest], return_index=True)
    return best, nearest[first]


@dataclass(frozen=True, slots=True)
class _Found:
    """Documents found either way; ``claims`` has the number of the nearest claim, -1 for none."""

    documents: pa.Array
    words: Floats
    cosines: Floats
    claims: NDArray[np.int64]

    def among(self, allowed: pa.ChunkedArray) -> _Found:
        """Those of them that are allowed."""
        import pyarrow.compute as pc

        kept = pc.is_in(self.documents, value_set=allowed).to_numpy(zero_copy_only=False)
        return _Found(self.documents.filter(kept), self.words[kept], self.cosines[kept], self.claims[kept])

    def best(self, totals: Floats, limit: int) -> list[tuple[int, str]]:
        """At most ``limit`` of them with their numbers, best first; of equals the first by id."""
        import numpy as np

        here = np.flatnonzero((self.words > 0) | (self.cosines > 0))
        if len(here) > limit:
            least = -np.partition(-totals[here], limit - 1)[limit - 1]
            here = here[totals[here] >= least]
        pairs = zip(here.tolist(), self.documents.take(here).to_pylist(), strict=True)
        return sorted(pairs, key=lambda pair: (-totals[pair[0]], pair[1]))[:limit]


def _find(words: _Words | None, meanings: Meanings | None, query: str) -> _Found:
    import numpy as np
    import pyarrow as pa

    sides = [side.documents if side else pa.array([], pa.string()) for side in (words, meanings)]
    documents, places = _numbered(pa.chunked_array(sides))
    scores, cosines = np.zeros(len(documents)), np.zeros(len(documents))
    claims = np.full(len(documents), -1)
    if words is not None:
        scores[places[: len(words.documents)]] = words.scores
    if meanings is not None:
        here = places[len(sides[0]) :]
        cosines[here], claims[here] = _by_meaning(meanings, query)
    return _Found(documents, scores, cosines, claims)


def _standard(scores: Floats, count: int) -> Floats:
    """Scores brought to mean 0 and deviation 1 over ``count`` documents; those not given have 0."""
    mean = float(scores.sum()) / count
    squares = float(((scores - mean) ** 2).sum()) + (count - len(scores)) * mean**2
    standard: Floats = (scores - mean) / (squares / count) ** 0.5 if squares else scores * 0.0
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
    if by not in BY:
        raise ValueError(f"by is {by!r}, none of {', '.join(BY)}")
    count, allowed = _allowed(tables, filters or Filters())
    if not count or not query.strip():
        return []
    words = _by_words(tables, query) if by != "meaning" else None
    near = None if by == "words" else meanings_of(tables) if meanings is None else meanings
    found = _find(words, near, query)
    found = found if allowed is None else found.among(allowed)
    if by == "both":
        totals = _standard(found.words, count) + _standard(found.cosines, count)
    else:
        totals = found.words if by == "words" else found.cosines
    best = found.best(totals, limit)
    parts = words.parts(document for _, document in best) if words else {}
    hits = []
    for n, document in best:
        shared = parts.get(document, {})
        reasons = [
            f"“{t.lstrip('=')}” {v:.1f}" for t, v in sorted(shared.items(), key=lambda p: (-p[1], p[0]))
        ]
        claim = near.claims[int(found.claims[n])].as_py() if near and found.claims[n] >= 0 else None
        if claim is not None:
            reasons.insert(0, f"nearest claim at {found.cosines[n]:.2f}")
        hits.append(Hit(document, Score(round(float(totals[n]), 4), tuple(reasons)), claim, shared))
    return hits
