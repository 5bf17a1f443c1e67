"""Documents that tell the same by meaning: paraphrases and translations. A kernel of the corpus.

Two documents are compared where claims of the one say what claims of the other say: by the links between
wordings that hold no conflict, and across languages also where two wordings are each other's nearest and
stand out (``translations``). Then their sentences are laid beside one another (``retelling``): how much of the
shorter is retold decides whether the document, only the story, or nothing is the same. Copies in the same
words are left to ``document_links``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from tocsin.link.narratives.facts import Facts, conflicts, facts_from_row, in_common
from tocsin.link.narratives.meanings import unpack
from tocsin.link.narratives.wordings import nearness
from tocsin.link.retelling import Aligned, Passages, align, passages_of
from tocsin.link.translations import translation_pairs
from tocsin.model import Direction, DocumentLink, LinkType, link_id_of
from tocsin.model.arrow import table_of
from tocsin.model.tables import MEANING_LINKS

if TYPE_CHECKING:
    from tocsin.model.access import CorpusTables

__all__ = ["find_meaning_links"]

_METHOD: Final = "meaning/2"
#: Retellings are looked for within this time: what comes later is a return of the narrative.
_WITHIN: Final = timedelta(days=14)
#: Shares of the letters of the shorter and of the longer document from which it is the document that is retold,
#: and from which that is certain.
_RETOLD: Final = (0.5, 0.35)
_SURELY: Final = (0.95, 0.75)
#: Kinds of facts (actor, place, number) that one sentence must have in common with the other to tell the same
#: document again, or only the same story, without another sentence to bear it out.
_FACTS_OF_ONE: Final = 2
_FACTS_OF_STORY: Final = 1
#: A document has it from the one of which it retells most; by so much less may others be its original too.
_AS_GOOD: Final = 0.05
#: A wording told by more documents than this is a formula; it links none.
_MOST_TELLERS: Final = 40
#: By how much less near than for one narrative a sentence may lie that is its best translation both ways.
_SLACK: Final = 0.1


@dataclass(frozen=True, slots=True)
class _Claim:
    claim_id: str
    document_id: str
    wording: str
    language: str


@dataclass(slots=True)
class _Between:
    """What claims of two documents have to do with one another."""

    shared: set[str] = field(default_factory=set)  # kinds of facts that matching claims have in common
    matched: bool = False
    contradicted: bool = False


_Pairs = dict[tuple[str, str], tuple[str, ...]]


def _near(given: CorpusTables, meanings: Sequence[Mapping[str, Any]]) -> _Pairs:
    """Pairs of wordings that mean much the same, smaller id first, and what they contradict in one another."""
    links = given.table("wording_links", ["wording_id", "other_id", "conflicts"]).to_pylist()
    near = {(link["wording_id"], link["other_id"]): tuple(link["conflicts"]) for link in links}
    return _translated(meanings) | near


def _translated(meanings: Sequence[Mapping[str, Any]]) -> _Pairs:
    first: dict[str, Mapping[str, Any]] = {}
    for meaning in meanings:
        first.setdefault(meaning["wording_id"], meaning)
    by_language: dict[str, list[str]] = defaultdict(list)
    for wording in sorted(first):
        by_language[first[wording]["language"]].append(wording)
    vectors = {
        code: unpack([first[w]["vector"] for w in own], [first[w]["scale"] for w in own])
        for code, own in by_language.items()
    }
    found: _Pairs = {}
    for a, b in combinations(sorted(by_language), 2):
        for row, column, _ in translation_pairs(vectors[a], vectors[b]):
            one, other = by_language[a][row], by_language[b][column]
            # In a small case everything stands out from little: the margin alone would be too easy.
            near = float(vectors[a][row] @ vectors[b][column]) >= nearness(a, b) - _SLACK
            if near and not conflicts(facts_from_row(first[one]), facts_from_row(first[other])):
                found[min(one, other), max(one, other)] = ()
    return found


def _compared(
    claims: Sequence[_Claim], near: _Pairs, facts: Mapping[str, Facts]
) -> Mapping[tuple[str, str], _Between]:
    """The pairs of documents (smaller id first) of which claims are near."""
    tellers: dict[str, set[str]] = defaultdict(set)
    for claim in claims:
        tellers[claim.wording].add(claim.document_id)
    found: dict[tuple[str, str], _Between] = defaultdict(_Between)
    for (a, b), contradicted in near.items():
        if max(len(tellers[a]), len(tellers[b])) > _MOST_TELLERS:
            continue
        shared = () if contradicted else in_common(facts[a], facts[b])
        for pair in {(min(x, y), max(x, y)) for x in tellers[a] for y in tellers[b] if x != y}:
            between = found[pair]
            between.shared |= set(shared)
            between.matched |= not contradicted
            between.contradicted |= bool(contradicted)
    return {pair: between for pair, between in found.items() if between.matched}


def _order(a: str, b: str, published: Mapping[str, datetime | None]) -> tuple[str, str, Direction] | None:
    """Derived and original with the reason; None where they lie too far apart in time."""
    one, other = sorted((a, b), key=lambda d: (published[d] is None, str(published[d] or ""), d))
    first, last = published[one], published[other]
    if first is None or last is None or first == last:
        return other, one, Direction.UNKNOWN
    return (other, one, Direction.TIME) if last - first <= _WITHIN else None


def find_meaning_links(given: CorpusTables) -> dict[str, pa.Table]:
    """Kernel: meanings of claims, links between wordings, and sentences → ``meaning_links``.

    Time grows with the product of the numbers of wordings in two languages, and with the sentences of the
    documents of which claims are near. Raises nothing but Arrow's own errors for missing columns.
    """
    columns = ["claim_id", "document_id", "wording_id", "language", "vector", "scale"]
    kinds = ["denied", "actors", "places", "numbers", "opposites"]
    meanings = given.table("claim_meanings", [*columns, *kinds]).to_pylist()
    claims = [_Claim(*(row[name] for name in columns[:4])) for row in meanings]
    facts = {row["wording_id"]: facts_from_row(row) for row in meanings}
    documents = given.table("documents", ["document_id", "published"]).to_pydict()
    published = dict(zip(documents["document_id"], documents["published"], strict=True))
    compared: list[tuple[str, str, Direction, _Between]] = []
    for pair, between in _compared(claims, _near(given, meanings), facts).items():
        ordered = _order(*pair, published)
        if ordered is not None:
            compared.append((*ordered, between))
    compared.sort(key=lambda item: item[:2])
    passages = passages_of(given, {document for item in compared for document in item[:2]})
    laid = [
        (item, aligned, kind)
        for item in compared
        if (kind := _kind(aligned := align(passages[item[0]], passages[item[1]]), item[3]))
    ]
    best: dict[str, float] = defaultdict(float)
    for (derived, *_), aligned, (retold, _) in laid:
        best[derived] = max(best[derived], retold * max(aligned.shares))
    links = []
    for item, aligned, (retold, sure) in laid:
        less = best[item[0]] - max(aligned.shares)
        kind = (retold and less <= _AS_GOOD, sure and less <= 0)
        links.append(_link(*item, aligned, kind, (passages[item[0]], passages[item[1]])))
    links.sort(key=lambda link: (link.document_id, link.link_id))
    return {"meaning_links": table_of(links, MEANING_LINKS)}


def _kind(aligned: Aligned, between: _Between) -> tuple[bool, bool] | None:
    """Whether the document is retold, not only its story, and whether surely; None where neither is."""
    share = max(aligned.shares), min(aligned.shares)
    best = max(aligned.excess, default=-1.0)
    retold = share[0] >= _RETOLD[0] and share[1] >= _RETOLD[1]
    if retold and len(aligned.pairs) > 1:
        sure = share[0] >= _SURELY[0] and share[1] >= _SURELY[1] and not between.contradicted
        return True, sure
    if retold and best >= 0 and len(between.shared) >= _FACTS_OF_ONE:
        return True, False
    return (False, False) if best >= 0 and len(between.shared) >= _FACTS_OF_STORY else None


def _link(
    derived: str,
    original: str,
    direction: Direction,
    between: _Between,
    aligned: Aligned,
    found: tuple[bool, bool],
    sides: tuple[Passages, Passages],
) -> DocumentLink:
    one, other = sides
    retold, sure = found
    across = sum(one.languages[a] != other.languages[b] for a, b in aligned.pairs)
    kind = LinkType.SAME_STORY
    if retold:
        kind = LinkType.TRANSLATION if 2 * across > len(aligned.pairs) else LinkType.PARAPHRASE
    reasons = [
        f"{len(aligned.pairs)} of {min(len(one.spans), len(other.spans))} sentences say what the other says, "
        f"{max(aligned.shares):.0%} of the letters",
    ]
    if between.shared:
        reasons.append(f"the same {', '.join(sorted(between.shared))}")
    if between.contradicted:
        reasons.append("something in it contradicts the other")
    return DocumentLink(
        link_id=link_id_of(derived, original, kind, _METHOD),
        document_id=derived,
        original_id=original,
        original_name=None,
        type=kind,
        direction=direction,
        certain=sure,
        score=round(min(1.0, max(aligned.shares) * (0.8 + max(aligned.excess))), 4),
        reasons=tuple(reasons),
        evidence=tuple(one.spans[a] for a, _ in aligned.pairs),
        original_evidence=tuple(sorted(other.spans[b] for _, b in aligned.pairs)),
        alternatives=(),
        method=_METHOD,
    )
