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
from typing import TYPE_CHECKING, Any, Final

from tocsin.model import Score

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from tocsin.search.index import Index, Postings, Searchable

    Floats = NDArray[np.float64]

__all__ = ["BY", "Filters", "Hit", "search", "search_in"]

#: How a query may be answered.
BY: Final = ("words", "meaning", "both")
_K1, _B = 1.2, 0.75


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


def _allowed(tables: Searchable, filters: Filters) -> pa.ChunkedArray | None:
    """The documents that fulfil the filters; None stands for all."""
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
        return None
    found = tables.query(f"SELECT document_id FROM documents WHERE {' AND '.join(where)}", values)
    return found.column("document_id")


def _languages(query: str) -> list[str]:
    """Languages a query may be in: all that are written in its letters, for two words tell little."""
    from tocsin.language import identify

    cyrillic = any("\u0400" <= letter <= "\u04ff" for letter in query)
    likely = identify(query)[0]
    return list(dict.fromkeys([likely, *(("ru", "uk", "kk") if cyrillic else ("en",))]))


def _terms_of_query(query: str) -> list[str]:
    """The terms a query may mean, in all languages that it may be in."""
    from tocsin.search.words import terms_of

    wanted: dict[str, None] = {}
    for language in _languages(query):
        wanted |= dict.fromkeys(terms_of(query, language))
    return list(wanted)


@dataclass(frozen=True, slots=True)
class _Words:
    """BM25 of documents by number: ``scores`` of all, ``worths`` what each of the postings gave."""

    scores: Floats
    postings: Postings
    worths: Floats

    def parts(self, documents: Sequence[int]) -> dict[int, dict[str, float]]:
        """What each term gave some documents."""
        import numpy as np

        wanted = np.zeros(len(self.scores), bool)
        wanted[list(documents)] = True
        own = self.postings
        parts: dict[int, dict[str, float]] = {}
        for row in np.flatnonzero(wanted[own.documents]).tolist():
            name = own.names[own.terms[row]]
            parts.setdefault(int(own.documents[row]), {})[name] = float(self.worths[row])
        return parts


def _by_words(index: Index, wanted: Sequence[str]) -> _Words:
    import numpy as np

    own = index.postings(wanted)
    count, mean = index.size
    df = np.bincount(own.terms, minlength=len(own.names))
    idf = np.log1p((count - df + 0.5) / (df + 0.5))[own.terms]
    times, length = own.counts, index.lengths[own.documents]
    worths = idf * times * (_K1 + 1) / (times + _K1 * (1 - _B + _B * length / (mean or 1.0)))
    scores = np.bincount(own.documents, worths, len(index.lengths)).astype(np.float64)
    return _Words(scores, own, worths)


def _by_meaning(index: Index, query: str) -> tuple[Floats, NDArray[np.float32]]:
    """For each document the cosine of its nearest claim with the query; and of each claim."""
    import numpy as np

    from tocsin.language import identify
    from tocsin.link.narratives.meanings import vectors_of

    (vector,), _ = vectors_of([query], [identify(query)[0]])
    return index.cosines(np.ascontiguousarray(vector, np.float32))


def _standard(scores: Floats, count: int) -> Floats:
    """Scores brought to mean 0 and deviation 1 over ``count`` documents; those not given have 0."""
    mean = float(scores.sum()) / count
    squares = float(((scores - mean) ** 2).sum()) + (count - len(scores)) * mean**2
    standard: Floats = (scores - mean) / (squares / count) ** 0.5 if squares else scores * 0.0
    return standard


def _best(
    index: Index, numbers: NDArray[np.int64], totals: Floats, limit: int
) -> list[tuple[int, float, str]]:
    """At most ``limit`` documents with their totals and ids, best first; of equals the first by id."""
    import numpy as np

    if len(numbers) > limit:
        here = totals >= -np.partition(-totals, limit - 1)[limit - 1]
        numbers, totals = numbers[here], totals[here]
    ids = index.ids.take(numbers).to_pylist()
    return sorted(zip(numbers.tolist(), totals.tolist(), ids, strict=True), key=lambda d: (-d[1], d[2]))[
        :limit
    ]


def search(
    tables: Searchable, query: str, *, by: str = "both", filters: Filters | None = None, limit: int = 20
) -> list[Hit]:
    """The best documents of a case for a query: ``search_in`` an index read for it alone.

    Raises ValueError for an unknown ``by``.
    """
    from tocsin.search.index import whole_index

    allowed = _allowed(tables, filters or Filters())
    wanted = _terms_of_query(query) if by != "meaning" else []
    index = whole_index(tables, wanted, meanings=by != "words")
    return search_in(index, query, by=by, allowed=allowed, limit=limit)


def search_in(
    index: Index, query: str, *, by: str = "both", allowed: pa.ChunkedArray | None = None, limit: int = 20
) -> list[Hit]:
    """The best documents for a query, at most ``limit``, best first; of equals the first by id.

    ``allowed`` are the ids of documents that may be found, None for all. Documents that share no word with
    the query and whose claims are no nearer than chance are not given. Raises ValueError for an unknown
    ``by``.
    """
    import numpy as np

    if by not in BY:
        raise ValueError(f"by is {by!r}, none of {', '.join(BY)}")
    count = index.size[0] if allowed is None else len(allowed)
    if not count or not query.strip():
        return []
    words = _by_words(index, _terms_of_query(query)) if by != "meaning" else None
    nothing = np.zeros(len(index.lengths))
    cosines, claims = _by_meaning(index, query) if by != "words" else (nothing, None)
    scores = words.scores if words else nothing
    found = (scores != 0) | (cosines != 0)
    numbers = np.flatnonzero(found if allowed is None else found & index.among(allowed))
    totals = cosines[numbers] if words is None else scores[numbers]
    if by == "both":
        totals = _standard(totals, count) + _standard(cosines[numbers], count)
    near = (scores[numbers] > 0) | (cosines[numbers] > 0)
    best = _best(index, numbers[near], totals[near], limit)
    shown = [number for number, _, _ in best]
    parts = words.parts(shown) if words else {}
    nearest = index.nearest(shown, claims) if claims is not None else [None] * len(shown)
    hits = []
    for (number, total, document), claim in zip(best, nearest, strict=True):
        shared = parts.get(number, {})
        reasons = [
            f"“{t.lstrip('=')}” {v:.1f}" for t, v in sorted(shared.items(), key=lambda p: (-p[1], p[0]))
        ]
        if claim is not None:
            reasons.insert(0, f"nearest claim at {cosines[number]:.2f}")
        hits.append(Hit(document, Score(round(total, 4), tuple(reasons)), claim, shared))
    return hits
