"""Claims that an entry of an imported base is on, for pages: by filter, the likeliest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import Field

from tocsin.model import TABLES, FactcheckMatch, ReferenceEntry
from tocsin.model.arrow import rows_of
from tocsin.present.cards import Card, Review, review_of
from tocsin.serve.claim_list import Choices, cards_for, reviewed_as
from tocsin.serve.filters import Paged, Words
from tocsin.serve.lists import Listing, Where, commonest, find
from tocsin.serve.reading import View
from tocsin.store import Snapshot

__all__ = [
    "FactcheckChoices",
    "FactcheckFilters",
    "FactcheckPage",
    "Known",
    "factcheck_choices",
    "find_factchecks",
]

#: Longer names of publishers are asked for by their beginning: what a filter takes has 200 characters.
_INDEX: Final = """
SELECT m.match_id, m.score::DOUBLE AS likely,
    left(coalesce(nullif(e.publisher, ''), e.base), 200) AS publisher, c.language, d.channel, d.channel_id
FROM factcheck_matches AS m JOIN reference_entries AS e USING (reference_id)
JOIN claims AS c USING (claim_id) JOIN documents AS d ON d.document_id = m.document_id
"""
_LISTING: Final = Listing(
    "factchecks", "factcheck_index", "match_id", "match_id", {"score": ("likely", "DESC", float)}
)


class FactcheckFilters(Paged):
    """Which matches, the likeliest first."""

    publisher: Annotated[Words | None, Field(description="who published the entry")] = None
    channel: Annotated[Words | None, Field(description="name or id of the channel of the claim")] = None
    language: Annotated[str | None, Field(max_length=8, description="of the claim, ISO 639-1")] = None
    judged: Annotated[
        Literal["machine", "confirm", "reject"] | None,
        Field(description="machine: nobody judged the match; or the verdict that stands"),
    ] = None


@dataclass(frozen=True, slots=True)
class Known:
    """One match: the claim as the case has it, the entry as its publisher wrote it, what a person held."""

    match: FactcheckMatch
    entry: ReferenceEntry
    claim: Card
    review: Review | None

    @property
    def publisher(self) -> str:
        """Who published the entry; of a base that names nobody, the base."""
        return self.entry.publisher or self.entry.base


@dataclass(frozen=True, slots=True)
class FactcheckPage:
    """One page of the matches; ``base`` counts the entries of all bases."""

    matches: tuple[Known, ...]
    total: int
    next: str | None
    base: int


@dataclass(frozen=True, slots=True)
class FactcheckChoices(Choices):
    """What there is to filter by, most matches first."""

    publishers: tuple[str, ...]


def _index(tables: Snapshot) -> str:
    tables.keep("factcheck_index", _INDEX)
    return "factcheck_index"


def factcheck_choices(view: View) -> FactcheckChoices:
    """What the filters of the list offer."""
    view.once("factcheck_index", _index)

    def make(tables: Snapshot) -> FactcheckChoices:
        columns = ("channel", "language", "publisher")
        return FactcheckChoices(*(commonest(tables, "factcheck_index", column) for column in columns))

    return view.once("factcheck_choices", make)


def find_factchecks(view: View, filters: FactcheckFilters) -> FactcheckPage:
    """One page of the matches that fulfil the filters. Raises BadCursorError."""
    view.once("factcheck_index", _index)
    where = Where()
    where.maybe("lower(publisher) = lower(?)", filters.publisher)
    where.maybe("(lower(channel) = lower(?) OR channel_id = ?)", filters.channel)
    where.maybe("language = ?", filters.language)
    if filters.judged is not None:
        sign = "NOT IN" if filters.judged == "machine" else "IN"
        where.add(f"match_id {sign} (SELECT unnest(?::VARCHAR[]))", reviewed_as(view, filters.judged))
    found = find(view, _LISTING, where, "score", filters)
    base = view.tables.query("SELECT count(*) AS n FROM reference_entries")
    ids = [row["match_id"] for row in found.rows]
    return FactcheckPage(_known(view, ids), found.total, found.next, base.column(0)[0].as_py())


def _known(view: View, ids: list[str]) -> tuple[Known, ...]:
    """These matches with all a page shows of them, in the order given."""
    if not ids:
        return ()
    rows = rows_of(view.tables.select("factcheck_matches", "match_id", ids), TABLES["factcheck_matches"])
    matches: dict[str, FactcheckMatch] = {row.match_id: row for row in rows}
    wanted = {match.reference_id for match in matches.values()}
    there = view.tables.select("reference_entries", "reference_id", wanted)
    entries = {row.reference_id: row for row in rows_of(there, TABLES["reference_entries"])}
    claims = dict.fromkeys((match.claim_id, match.document_id) for match in matches.values())
    cards = {card.claim_id: card for card in cards_for(view, list(claims))}
    return tuple(
        Known(match, entries[match.reference_id], cards[match.claim_id], _review(view, match.match_id))
        for match in (matches[key] for key in ids)
    )


def _review(view: View, match_id: str) -> Review | None:
    opinion = view.opinions.get(match_id)
    return review_of(opinion.review) if opinion is not None else None
