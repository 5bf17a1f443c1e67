"""Search by words and meaning, across languages, in documents whose claims fulfil the filters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from tocsin.model import Span
from tocsin.present.cards import Card
from tocsin.present.evidence import Layer, windows, windows_html
from tocsin.search import Filters, Hit
from tocsin.search.index import Index, kept_index
from tocsin.search.query import search_in
from tocsin.search.words import terms_of
from tocsin.serve.claim_list import cards_for, claims_where
from tocsin.serve.facts import NAMING, documents_of, with_facts, with_places
from tocsin.serve.filters import SearchFilters
from tocsin.serve.lists import Where
from tocsin.serve.reading import View

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["MOST", "Answer", "Result", "answer", "best_hits", "search_index"]

#: Documents looked at for one query; more than anybody pages through.
MOST: Final = 500
_LOOKED_THROUGH, _CONTEXT, _MOST_SPANS = 40_000, 70, 4
_WORD: Final = re.compile(r"[^\W_]+(?:[’'ʼ-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Result:
    """One document found: ``card`` is its nearest claim (or one that fulfils the filters), if any."""

    hit: Hit
    document_id: str
    channel: str | None
    published: datetime | None
    language: str
    text: Markup
    card: Card | None


@dataclass(frozen=True, slots=True)
class Answer:
    """One page of results. ``total`` counts documents found, at most ``MOST``."""

    results: tuple[Result, ...]
    total: int
    next: int | None


def search_index(view: View, by: str) -> Index:
    """What a query of this kind is compared with, kept between queries."""
    words, meanings = by != "meaning", by != "words"
    return view.once(f"search {by}", lambda t: kept_index(t, words=words, meanings=meanings))


def _allowed(view: View, wanted: Filters) -> pa.ChunkedArray | None:
    """The documents that fulfil the filters, as ``search`` has it; None for all."""
    where = Where()
    where.maybe("published >= ?", wanted.since)
    where.maybe("published < ?", wanted.until)
    where.maybe("(lower(channel) = lower(?) OR channel_id = ?)", wanted.channel or None)
    where.maybe("language = lower(?)", wanted.language or None)
    if wanted.place:
        with_places(view)
    where.maybe(f"document_id IN {NAMING}", wanted.place or None)
    if not where.values:
        return None
    with_facts(view)
    found = view.tables.query(f"SELECT document_id FROM document_facts WHERE {where}", where.values)
    return found.column("document_id")


def best_hits(view: View, query: str, by: str, wanted: Filters, limit: int) -> list[Hit]:
    """The best documents for a query."""
    index, allowed = search_index(view, by), _allowed(view, wanted)
    return search_in(index, query, by=by, allowed=allowed, limit=limit)


def _fulfilling(view: View, filters: SearchFilters, hits: list[Hit]) -> tuple[list[Hit], dict[str, str]]:
    """The hits that have a claim as asked for, and that claim by document."""
    asked = filters.of_claims()
    if asked is None or not hits:
        return hits, {}
    where = claims_where(view, asked)
    where.add("document IN (SELECT unnest(?::UUID[]))", [hit.document_id for hit in hits])
    nearest = "min(id) FILTER (WHERE id IN (SELECT unnest(?::UUID[])))"
    rows = view.tables.query(
        "SELECT replace(document::VARCHAR, '-', '') AS document, "
        f"replace(coalesce({nearest}, min(id))::VARCHAR, '-', '') AS claim "
        f"FROM claim_index WHERE {where} GROUP BY document",
        [[hit.claim_id for hit in hits if hit.claim_id], *where.values],
    ).to_pylist()
    chosen = {row["document"]: row["claim"] for row in rows}
    return [hit for hit in hits if hit.document_id in chosen], chosen


def answer(view: View, filters: SearchFilters) -> Answer:
    """The documents for a query, best first."""
    query = filters.q.strip()
    if not query:
        return Answer((), 0, None)
    since, until = filters.moments()
    wanted = Filters(
        since=since,
        until=until + timedelta(microseconds=1) if until else None,
        channel=filters.channel or "",
        place=filters.place or "",
        language=filters.language or "",
    )
    hits, chosen = _fulfilling(view, filters, best_hits(view, query, filters.by, wanted, MOST))
    shown = hits[filters.start : filters.start + filters.limit]
    end = filters.start + len(shown)
    return Answer(_results(view, shown, chosen), len(hits), end if end < len(hits) else None)


def _results(view: View, hits: list[Hit], chosen: Mapping[str, str]) -> tuple[Result, ...]:
    rows = documents_of(view, [hit.document_id for hit in hits])
    claims = {hit.document_id: chosen.get(hit.document_id, hit.claim_id) for hit in hits}
    wanted = [(claim, document) for document, claim in claims.items() if claim]
    cards = {card.claim_id: card for card in cards_for(view, wanted)}
    made = []
    for hit in hits:
        row = rows[hit.document_id]
        made.append(
            Result(
                hit=hit,
                document_id=hit.document_id,
                channel=row["channel"],
                published=row["published"],
                language=row["language"],
                text=_snippet(row["text"], row["language"], hit.words),
                card=cards.get(claims[hit.document_id] or ""),
            )
        )
    return tuple(made)


def _snippet(text: str, language: str, terms: Mapping[str, float]) -> Markup:
    """The words found, in their context; the beginning of the document where none stands in it."""
    known: dict[str, bool] = {}
    spans = []
    for match in _WORD.finditer(text[:_LOOKED_THROUGH]) if terms else ():
        word = match[0].lower()
        if word not in known:
            known[word] = any(term in terms for term in terms_of(match[0], language))
        if known[word]:
            spans.append(Span(*match.span()))
    if not spans:
        return (
            windows_html(text, windows(text, [Span(0, min(len(text), 1))], 160), ()) if text else Markup("")
        )
    shown = windows(text, spans[:_MOST_SPANS], _CONTEXT)
    return windows_html(text, shown, [Layer("found", span) for span in spans])
