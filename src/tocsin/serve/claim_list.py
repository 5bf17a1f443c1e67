"""The list of claims, filtered and in order, without reading the tables whole.

Filters and order need a few narrow columns of every claim; they are kept in memory for each snapshot, beside
what the list of filters offers. Whole rows are read only for the claims of the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tocsin.model import Verdict
from tocsin.present.cards import Card, cards_of
from tocsin.present.index import Index
from tocsin.serve.facts import NAMING, with_places
from tocsin.serve.filters import ClaimFilters
from tocsin.serve.lists import NEVER, Listing, Where, commonest, find
from tocsin.serve.reading import View
from tocsin.serve.subset import Subset
from tocsin.store import Snapshot

__all__ = [
    "Choices",
    "ClaimPage",
    "cards_for",
    "choices",
    "claims_where",
    "find_claims",
    "reviewed_as",
    "with_claim_index",
]

_INDEX = f"""
SELECT c.claim_id::UUID AS id, c.document_id::UUID AS document,
    coalesce(epoch_us(d.published), -{NEVER}) AS moment, d.channel, d.channel_id, c.language, c.source_kind,
    c.source_key, c.source_label, c.kind, c.certainty, len(c.hedges) > 0 AS hedged, c.score::DOUBLE AS score,
    c.chain[-1]::UUID AS said
FROM {{claims}} AS c JOIN {{documents}} AS d USING (document_id)
ORDER BY moment DESC, id
"""
_CURRENT = "document NOT IN (SELECT document_id::UUID FROM superseded)"
_LISTING = Listing(
    "claims",
    "claim_index",
    "id",
    "replace(document::VARCHAR, '-', '') AS document_id",
    {
        "newest": ("moment", "DESC", int),
        "oldest": (f"CASE WHEN moment = -{NEVER} THEN {NEVER} ELSE moment END", "ASC", int),
        "score": ("score", "DESC", float),
    },
    uuid=True,
)
_REVIEWS = {"confirm": Verdict.CONFIRM, "reject": Verdict.REJECT, "correct": Verdict.CORRECT}


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """One page of the list. ``total`` counts all that match; ``next`` is the cursor of the page after."""

    claims: tuple[tuple[str, str], ...]  # (claim, document)
    total: int
    next: str | None


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to filter by, most claims first."""

    channels: tuple[str, ...]
    languages: tuple[str, ...]


def with_claim_index(view: View) -> None:
    """Have the table ``claim_index``; ``said`` is the attribution of the innermost source."""

    def make(tables: Snapshot) -> bool:
        tables.keep_parts("claim_index", _INDEX, _CURRENT)
        return True

    view.once("claim_index", make)


def choices(view: View) -> Choices:
    """What the filters of the list offer."""
    with_claim_index(view)

    def make(tables: Snapshot) -> Choices:
        return Choices(*(commonest(tables, "claim_index", column) for column in ("channel", "language")))

    return view.once("claim_choices", make)


def reviewed_as(view: View, wanted: str) -> list[str]:
    """Ids of what people judged: with the verdict that is named, or with any if ``wanted`` names none."""
    reviewed = {key: o.review for key, o in view.opinions.items() if o.review is not None}
    verdict = _REVIEWS.get(wanted)
    return [key for key, review in reviewed.items() if verdict is None or review.verdict == verdict]


def _judged(view: View, wanted: str) -> tuple[str, list[Any]]:
    sign = "NOT IN" if wanted == "machine" else "IN"
    return f"id {sign} (SELECT try_cast(unnest(?::VARCHAR[]) AS UUID))", [reviewed_as(view, wanted)]


def claims_where(view: View, filters: ClaimFilters) -> Where:
    """The conditions on ``claim_index`` that the filters make."""
    with_claim_index(view)
    where = Where()
    for column in ("source_kind", "kind", "certainty", "hedged", "language"):
        where.maybe(f"{column} = ?", getattr(filters, column))
    where.maybe("(source_key = ? OR contains(lower(source_label), lower(?)))", filters.source)
    where.maybe("document = ?::UUID", filters.document)
    where.maybe("(lower(channel) = lower(?) OR channel_id = ?)", filters.channel)
    if filters.place is not None:
        with_places(view)
    where.maybe(f"document IN (SELECT document_id::UUID FROM {NAMING})", filters.place)
    for moment, sign in zip(filters.moments(), (">=", "<="), strict=True):
        where.maybe(f"moment {sign} epoch_us(?::TIMESTAMPTZ) AND moment <> -{NEVER}", moment)
    if filters.judged is not None:
        condition, values = _judged(view, filters.judged)
        where.add(condition, *values)
    return where


def find_claims(view: View, filters: ClaimFilters) -> ClaimPage:
    """One page of the claims that fulfil the filters. Raises BadCursorError."""
    found = find(view, _LISTING, claims_where(view, filters), filters.sort, filters)
    claims = tuple((row["row_id"], row["document_id"]) for row in found.rows)
    return ClaimPage(claims, found.total, found.next)


def cards_for(view: View, claims: Sequence[tuple[str, str]], context: int = 240) -> list[Card]:
    """Everything a page shows of some claims, in the order given; ``claims`` are (claim, document)."""
    ids = [claim for claim, _ in claims]
    index = Index(Subset(view.tables, {document for _, document in claims}, ids))
    reviews = {key: o.review for key in ids if (o := view.opinions.get(key)) and o.review is not None}
    numbers = range(index.claim_table.num_rows)
    cards = {card.claim_id: card for card in cards_of(index, numbers, reviews, {}, context).values()}
    return [cards[claim] for claim in ids if claim in cards]
