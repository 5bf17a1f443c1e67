"""Known fact-checks in the brief: claims that an entry of a base is on, quoted from its publisher.

What nobody rejected is shown, the likeliest first. One card is one entry with all claims that repeat it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tocsin.judge.log import opinions
from tocsin.model import TABLES, Claim, FactcheckMatch, Judgement, Verdict, quote
from tocsin.model.arrow import rows_of
from tocsin.present.evidence import safe_url
from tocsin.present.index import Channel, Index
from tocsin.present.words import day, language_name, moment

__all__ = ["FactcheckCard", "Factchecks", "factchecks_of"]

_MOST = 20
_MOST_CLAIMS = 6


@dataclass(frozen=True, slots=True)
class Repeated:
    """One claim that an entry is on: its words, who published it when, why it was found, what differs."""

    match_id: str
    words: str
    language: str
    language_name: str
    channel: Channel
    published: str
    when: str
    score: str
    reasons: tuple[str, ...]
    differences: tuple[str, ...]
    review: str
    person: bool


@dataclass(frozen=True, slots=True)
class FactcheckCard:
    """One entry and the claims that repeat it. ``rating`` is empty where the base gives none.

    ``link`` is the address if a browser may be sent there, ``address`` as it stands.
    """

    claim: str
    title: str
    language: str
    rating: str
    publisher: str
    date: str
    link: str
    address: str
    claims: tuple[Repeated, ...]
    hidden: int
    score: float


@dataclass(frozen=True, slots=True)
class Factchecks:
    """The section. ``base`` counts the entries of all bases; without any there is no section."""

    base: int
    cards: tuple[FactcheckCard, ...]
    total: int
    hidden: int
    rejected: int


def _repeated(row: FactcheckMatch, claim: Claim, index: Index, review: Judgement | None) -> Repeated:
    at = index.row_of[row.document_id]
    published = index.published[at]
    return Repeated(
        match_id=row.match_id,
        words=" ".join(quote(row.content, index.text(at)).split()),
        language=claim.language,
        language_name=language_name(claim.language),
        channel=index.channels[at],
        published=published.isoformat() if published else "",
        when=moment(published) if published else "",
        score=f"{row.score:.2f}",
        reasons=row.reasons,
        differences=row.differences,
        review=f"{review.verdict} ({review.author})" if review else "",
        person=review is not None,
    )


def _card(entry: Mapping[str, Any], claims: list[tuple[float, Repeated]]) -> FactcheckCard:
    claims.sort(key=lambda pair: (not pair[1].person, -pair[0], pair[1].match_id))
    return FactcheckCard(
        claim=entry["claim"],
        title=entry["title"] if entry["title"] != entry["claim"] else "",
        language=entry["language"],
        rating=entry["rating"] or "",
        publisher=entry["publisher"] or entry["base"],
        date=day(entry["date"]) if entry["date"] else "",
        link=safe_url(entry["url"]) or "",
        address=entry["url"] or "",
        claims=tuple(view for _, view in claims[:_MOST_CLAIMS]),
        hidden=max(0, len(claims) - _MOST_CLAIMS),
        score=max(score for score, _ in claims),
    )


def factchecks_of(index: Index, log: Iterable[Judgement]) -> Factchecks:
    """Entries that claims of the case repeat, the likeliest first; what a person rejected is only counted."""
    base = index.table("reference_entries", ("reference_id",)).num_rows
    rows = list(rows_of(index.table("factcheck_matches"), TABLES["factcheck_matches"]))
    reviews = {key: opinion.review for key, opinion in opinions(log).items()}
    standing = []
    for row in rows:
        review = reviews.get(row.match_id)
        if review is None or review.verdict != Verdict.REJECT:
            standing.append((row, review))
    chosen = index.select("claims", "claim_id", {row.claim_id for row, _ in standing})
    claims = {claim.claim_id: claim for claim in rows_of(chosen, TABLES["claims"])}
    grouped: dict[str, list[tuple[float, Repeated]]] = defaultdict(list)
    for row, review in standing:
        view = _repeated(row, claims[row.claim_id], index, review)
        grouped[row.reference_id].append((row.score, view))
    entries = index.select("reference_entries", "reference_id", set(grouped)).to_pylist()
    cards = [_card(entry, grouped[entry["reference_id"]]) for entry in entries]
    cards.sort(key=lambda c: (not any(v.person for v in c.claims), -c.score, c.claims[0].match_id))
    return Factchecks(
        base=base,
        cards=tuple(cards[:_MOST]),
        total=len(standing),
        hidden=max(0, len(cards) - _MOST),
        rejected=len(rows) - len(standing),
    )
