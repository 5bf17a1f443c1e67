"""The kernel of narratives: meanings of claims in, links between wordings and narratives out.

A stage of the corpus. What it finds is a function of the claims there are: links depend on the two wordings
alone, groups on the set of links. So ten batches give what one gives, and with what it found last time only
new wordings are compared.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from tocsin.link.narratives.course import spread_of, stages_of
from tocsin.link.narratives.facts import facts_from_row
from tocsin.link.narratives.grouping import central, group_wordings
from tocsin.link.narratives.meanings import unpack
from tocsin.link.narratives.wordings import METHOD, WordingFacts, link_wordings
from tocsin.model import Narrative, NarrativeClaim, Span, Telling, Wording, WordingLink, make_id, quote
from tocsin.model.arrow import rows_among, rows_of, table_of
from tocsin.model.tables import NARRATIVE_CLAIMS, NARRATIVES, WORDING_LINKS, WORDINGS

if TYPE_CHECKING:
    from tocsin.model.access import CorpusTables

__all__ = ["find_narratives"]

_METHOD: Final = f"narratives/1+{METHOD}"


@dataclass(frozen=True, slots=True)
class _Claim:
    """One claim with what the rows of narratives need of its document."""

    claim_id: str
    document_id: str
    wording: str
    language: str
    published: datetime | None
    channel: str

    @property
    def place(self) -> tuple[bool, str, str]:
        """Sorts by time, undated last, then by id."""
        return (self.published is None, self.published.isoformat() if self.published else "", self.claim_id)


def _columns(data: pa.Table) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = data.to_pylist()
    return found


def _claims(meanings: pa.Table, documents: pa.Table) -> list[_Claim]:
    own = rows_among(documents, "document_id", pc.unique(meanings.column("document_id")))
    columns = (own.column(c).to_pylist() for c in ("document_id", "published", "channel_id", "channel"))
    about = {key: (when, number or name or "") for key, when, number, name in zip(*columns, strict=True)}
    names = ("claim_id", "document_id", "wording_id", "language")
    rows = zip(*(meanings.column(name).to_pylist() for name in names), strict=True)
    return [
        _Claim(claim, document, wording, language, *about[document])
        for claim, document, wording, language in rows
    ]


def _wordings(meanings: pa.Table) -> tuple[list[WordingFacts], Any]:
    """Every wording once, in order of id, and the matrix of their vectors."""
    ids = meanings.column("wording_id").to_pylist()
    first: dict[str, int] = {}
    for row, wording in enumerate(ids):
        first.setdefault(wording, row)
    order = sorted(first)
    chosen = meanings.take(pa.array([first[wording] for wording in order], type=pa.int64()))
    found = [
        WordingFacts(row["wording_id"], facts_from_row(row))
        for row in _columns(chosen.drop_columns(["vector", "scale", "claim_id", "document_id"]))
    ]
    return found, unpack(chosen.column("vector").to_pylist(), chosen.column("scale").to_pylist())


def _links(
    wordings: Sequence[WordingFacts], vectors: Any, previous: Mapping[str, pa.Table]
) -> list[WordingLink]:
    """All links; those between wordings that were compared last time are taken over."""
    if not previous:
        return link_wordings(wordings, vectors)
    old = set(previous["wordings"].column("wording_id").to_pylist())
    here = {wording.wording_id for wording in wordings}
    kept = [
        link
        for link in rows_of(previous["wording_links"], WORDING_LINKS)
        if link.wording_id in here and link.other_id in here
    ]
    fresh = [row for row, wording in enumerate(wordings) if wording.wording_id not in old]
    made = link_wordings(wordings, vectors, fresh)
    return sorted([*kept, *made], key=lambda link: (link.wording_id, link.other_id))


def _narrative(
    group: Sequence[_Claim], scores: Mapping[tuple[str, str], float], labels: Mapping[str, str]
) -> tuple[Narrative, list[NarrativeClaim]]:
    """One narrative and its claims; ``group`` is in order of time."""
    weight = Counter(claim.wording for claim in group)
    chosen = central(weight, scores, weight)
    head = next(claim for claim in group if claim.wording == chosen)
    dated = [(claim.published, claim.language) for claim in group if claim.published is not None]
    languages, spread = spread_of(dated)
    languages = tuple(dict.fromkeys([*languages, *sorted({claim.language for claim in group})]))
    times = [when for when, _ in dated]
    key = make_id("narrative", group[0].claim_id)
    channels = {claim.channel for claim in group}
    found = Narrative(
        key,
        labels[head.claim_id],
        head.claim_id,
        min(times, default=None),
        max(times, default=None),
        len(group),
        len({claim.document_id for claim in group}),
        len(channels),
        languages,
        spread,
        stages_of(times),
        (f"{len(weight)} wordings, none contradicting another",),
        _METHOD,
    )
    return found, [_member(claim, head, key, scores) for claim in group]


def _member(claim: _Claim, head: _Claim, key: str, scores: Mapping[tuple[str, str], float]) -> NarrativeClaim:
    pair = (min(claim.wording, head.wording), max(claim.wording, head.wording))
    if claim.claim_id == head.claim_id:
        telling, score, why = Telling.CENTRAL, 1.0, "nearest to all the others"
    elif claim.wording == head.wording:
        telling, score, why = Telling.SAME_WORDS, 1.0, "the same words as the central claim"
    else:
        telling = Telling.PARAPHRASE if claim.language == head.language else Telling.TRANSLATION
        score = scores.get(pair, 0.0)
        why = f"nearness to the central claim {score:.2f}" if score else "near to others of the narrative"
    return NarrativeClaim(claim.claim_id, key, claim.document_id, telling, score, (why,))


def _labels(given: CorpusTables, wanted: set[str]) -> dict[str, str]:
    """The contents of claims by id, word for word."""
    claims = given.table("claims", ["claim_id", "document_id", "content"])
    claims = rows_among(claims, "claim_id", wanted)
    texts = given.table("documents", ["document_id", "text"])
    texts = rows_among(texts, "document_id", pc.unique(claims.column("document_id")))
    text_of = dict(zip(*(column.to_pylist() for column in texts.columns), strict=True))
    return {
        row["claim_id"]: quote(
            [Span(s["start"], s["end"]) for s in row["content"]], text_of[row["document_id"]]
        )
        for row in _columns(claims)
    }


def find_narratives(given: CorpusTables) -> dict[str, pa.Table]:
    """Kernel: ``claim_meanings`` → ``wordings``, ``wording_links``, ``narratives``, ``narrative_claims``.

    A narrative has claims of two documents or more. Time grows with the square of the number of wordings,
    with what was found last time with the number of new ones times that of all. Raises nothing but
    Arrow's own errors for missing columns.
    """
    meanings = given.table("claim_meanings")
    documents = given.table("documents", ["document_id", "published", "channel", "channel_id"])
    claims = sorted(_claims(meanings, documents), key=lambda claim: claim.place)
    wordings, vectors = _wordings(meanings)
    links = _links(wordings, vectors, given.previous)
    groups = group_wordings({w.wording_id: w.facts for w in wordings}, links)
    home = {wording: group[0] for group in groups for wording in group}
    told: dict[str, list[_Claim]] = defaultdict(list)
    for claim in claims:
        told[home[claim.wording]].append(claim)
    scores = {(link.wording_id, link.other_id): link.score for link in links if not link.conflicts}
    large = [group for group in told.values() if len({claim.document_id for claim in group}) > 1]
    labels = _labels(given, {claim.claim_id for group in large for claim in group})
    made = [_narrative(group, scores, labels) for group in large]
    narratives = sorted((n for n, _ in made), key=lambda n: (n.first is None, n.first, n.narrative_id))
    members = sorted((m for _, own in made for m in own), key=lambda m: (m.narrative_id, m.claim_id))
    counts = Counter(claim.wording for claim in claims)
    rows = [Wording(w.wording_id, home[w.wording_id], counts[w.wording_id]) for w in wordings]
    return {
        "wordings": table_of(rows, WORDINGS),
        "wording_links": table_of(links, WORDING_LINKS),
        "narratives": table_of(narratives, NARRATIVES),
        "narrative_claims": table_of(members, NARRATIVE_CLAIMS),
    }
