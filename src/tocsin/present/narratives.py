"""Narratives in the brief: what several documents tell, how it spread, and where it was told before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tocsin.model import TABLES, Claim, Narrative, NarrativeClaim, Recurrence, Relation, Telling, quote
from tocsin.model.arrow import rows_of
from tocsin.present.index import Channel, Index
from tocsin.present.words import count, joined, language_name, moment

__all__ = ["NarrativeCard", "Narratives", "narratives_of"]

_MOST = 20
_MOST_TELLINGS = 8
_MOST_EARLIER = 4

_RELATIONS = {
    Relation.OPPOSITE: "the opposite is told too",
    Relation.VERSION: "another version",
    Relation.RECURRENCE: "told before",
    Relation.REFERENCE: "in a reference base",
}


@dataclass(frozen=True, slots=True)
class TellingView:
    """One claim of a narrative: its words, who published it when, how it stands to the central one."""

    claim_id: str
    words: str
    language: str
    language_name: str
    channel: Channel
    published: datetime | None
    when: str
    telling: str
    score: float


@dataclass(frozen=True, slots=True)
class Earlier:
    """A narrative or reference entry of the same frame: what it is, its words, what differs, when."""

    what: str
    label: str
    changed: str
    when: str
    address: str
    anchor: str
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NarrativeCard:
    """One narrative. ``quoted``: its words bring their own quotation marks. ``facts`` are short phrases."""

    anchor: str
    label: str
    quoted: bool
    language: str
    facts: tuple[str, ...]
    course: str
    tellings: tuple[TellingView, ...]
    hidden: int
    earlier: tuple[Earlier, ...]
    method: str


@dataclass(frozen=True, slots=True)
class Narratives:
    """The section: cards, most channels first. ``across`` counts narratives in several languages."""

    cards: tuple[NarrativeCard, ...]
    total: int
    across: int
    recurring: int


def _rank(narrative: Narrative) -> tuple[int, int, int, str]:
    """Told by many channels, in many languages, in many documents: in this order."""
    return (
        -narrative.channels,
        -len(narrative.languages),
        -narrative.documents,
        narrative.narrative_id,
    )


def _facts(narrative: Narrative) -> tuple[str, ...]:
    found = [count(narrative.documents, "document"), count(narrative.channels, "channel")]
    if len(narrative.languages) > 1:
        found.append(joined([language_name(code) for code in narrative.languages]))
    return (*found, *narrative.spread)


def _chosen(
    members: Sequence[NarrativeClaim], claims: Mapping[str, Claim], index: Index
) -> list[NarrativeClaim]:
    """The central claim, the first of each language, then other words; in order of time."""

    def time(row: NarrativeClaim) -> tuple[bool, float, str]:
        when = index.published[index.row_of[row.document_id]]
        return (when is None, when.timestamp() if when else 0.0, row.claim_id)

    ordered = sorted(members, key=time)
    firsts: dict[str, NarrativeClaim] = {}
    for row in ordered:
        firsts.setdefault(claims[row.claim_id].language, row)
    first_ids = {row.claim_id for row in firsts.values()}
    urgent = {Telling.CENTRAL: 0, Telling.TRANSLATION: 1, Telling.PARAPHRASE: 1, Telling.SAME_WORDS: 2}
    best = sorted(
        ordered, key=lambda row: (row.claim_id not in first_ids, urgent[Telling(row.telling)], time(row))
    )
    return sorted(best[:_MOST_TELLINGS], key=time)


def _telling(row: NarrativeClaim, claim: Claim, index: Index) -> TellingView:
    at = index.row_of[row.document_id]
    published = index.published[at]
    return TellingView(
        claim_id=row.claim_id,
        words=" ".join(quote(claim.content, index.text(at)).split()),
        language=claim.language,
        language_name=language_name(claim.language),
        channel=index.channels[at],
        published=published,
        when=moment(published) if published else "",
        telling=row.telling,
        score=row.score,
    )


def _earlier(row: Recurrence, urls: Mapping[str, str], shown: set[str]) -> Earlier:
    when = f"{row.earlier_first:%Y-%m-%d}" if row.earlier_first else ""
    if row.gap_days:
        when += f", {count(row.gap_days, 'day')} before"
    return Earlier(
        what=_RELATIONS[Relation(row.relation)],
        label=row.earlier_label,
        changed="; ".join(row.changed),
        when=when,
        address=urls.get(row.earlier_id, ""),
        anchor=f"n-{row.earlier_id}" if row.earlier_id in shown else "",
        score=row.score,
        reasons=row.reasons,
    )


def _recurrences(index: Index) -> tuple[Mapping[str, list[Recurrence]], Mapping[str, str]]:
    found: dict[str, list[Recurrence]] = defaultdict(list)
    for row in rows_of(index.table("recurrences"), TABLES["recurrences"]):
        found[row.narrative_id].append(row)
    for rows in found.values():
        rows.sort(key=lambda r: (-r.score, r.recurrence_id))
    base = index.table("reference_entries", ("reference_id", "url")).to_pydict()
    urls = {key: url for key, url in zip(base["reference_id"], base["url"], strict=True) if url}
    return found, urls


def _claims(index: Index, members: Iterable[NarrativeClaim]) -> dict[str, Claim]:
    wanted = {row.claim_id for row in members}
    rows = index.select("claims", "claim_id", wanted)
    return {claim.claim_id: claim for claim in rows_of(rows, TABLES["claims"])}


def narratives_of(index: Index) -> Narratives:
    """The narratives that most channels tell, with tellings and earlier ones of the same frame."""
    everything = list(rows_of(index.table("narratives"), TABLES["narratives"]))
    chosen = sorted(everything, key=_rank)[:_MOST]
    shown = {narrative.narrative_id for narrative in chosen}
    members: dict[str, list[NarrativeClaim]] = defaultdict(list)
    for row in rows_of(index.select("narrative_claims", "narrative_id", shown), TABLES["narrative_claims"]):
        members[row.narrative_id].append(row)
    claims = _claims(index, (row for own in members.values() for row in own))
    recurring, urls = _recurrences(index)
    cards = []
    for narrative in chosen:
        own = members[narrative.narrative_id]
        tellings = _chosen(own, claims, index)
        before = recurring.get(narrative.narrative_id, [])[:_MOST_EARLIER]
        cards.append(
            NarrativeCard(
                anchor=f"n-{narrative.narrative_id}",
                label=" ".join(narrative.label.split()),
                quoted=narrative.label.lstrip()[:1] in "«“„\"'‘",
                language=claims[narrative.label_claim_id].language,
                facts=_facts(narrative),
                course="; ".join(narrative.stages),
                tellings=tuple(_telling(row, claims[row.claim_id], index) for row in tellings),
                hidden=len(own) - len(tellings),
                earlier=tuple(_earlier(row, urls, shown) for row in before),
                method=narrative.method,
            )
        )
    across = sum(1 for narrative in everything if len(narrative.languages) > 1)
    return Narratives(tuple(cards), len(everything), across, len(recurring))
