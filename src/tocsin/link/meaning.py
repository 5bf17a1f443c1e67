"""Documents that tell the same by meaning: paraphrases and translations. A kernel of the corpus.

Two documents are linked where claims of the one say what claims of the other say: by the links between
wordings that hold no conflict, and across languages also where two wordings are each other's nearest and
stand out (``translations``). The share of the shorter one's compared claims that are so matched decides
whether the document, or only the story, is the same. Copies in the same words are left to ``document_links``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from tocsin.link.narratives.facts import conflicts, facts_from_row
from tocsin.link.narratives.meanings import unpack
from tocsin.link.narratives.wordings import nearness
from tocsin.link.translations import translation_pairs
from tocsin.model import Direction, DocumentLink, LinkType, Span, link_id_of
from tocsin.model.arrow import table_of
from tocsin.model.tables import MEANING_LINKS

if TYPE_CHECKING:
    from tocsin.model.access import CorpusTables

__all__ = ["find_meaning_links"]

_METHOD: Final = "meaning/1"
#: Retellings are looked for within this time: what comes later is a return of the narrative.
_WITHIN: Final = timedelta(days=14)
#: Share of the compared claims matched from which it is the document that is told again.
_RETOLD: Final = 0.5
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


@dataclass(frozen=True, slots=True)
class _Match:
    """A claim of one document matched with one of another."""

    one: _Claim
    other: _Claim
    score: float


def _alike(given: CorpusTables, meanings: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], float]:
    """Pairs of wordings that say the same, smaller id first, with a score 0 to 1."""
    links = given.table("wording_links", ["wording_id", "other_id", "score", "conflicts"]).to_pylist()
    near = {(link["wording_id"], link["other_id"]): link["score"] for link in links if not link["conflicts"]}
    return _translated(meanings) | near


def _translated(meanings: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], float]:
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
    found = {}
    for a, b in combinations(sorted(by_language), 2):
        for row, column, margin in translation_pairs(vectors[a], vectors[b]):
            one, other = by_language[a][row], by_language[b][column]
            # In a small case everything stands out from little: the margin alone would be too easy.
            near = float(vectors[a][row] @ vectors[b][column]) >= nearness(a, b) - _SLACK
            if near and not conflicts(facts_from_row(first[one]), facts_from_row(first[other])):
                found[min(one, other), max(one, other)] = round(min(1.0, margin / 2), 4)
    return found


def _matches(claims: Sequence[_Claim], alike: Mapping[tuple[str, str], float]) -> Iterator[_Match]:
    tellers: dict[str, list[_Claim]] = defaultdict(list)
    for claim in claims:
        tellers[claim.wording].append(claim)
    for (a, b), score in sorted(alike.items()):
        if max(len(tellers[a]), len(tellers[b])) > _MOST_TELLERS:
            continue
        for one in tellers[a]:
            for other in tellers[b]:
                if one.document_id != other.document_id:
                    yield _Match(one, other, score)


def _order(a: str, b: str, published: Mapping[str, datetime | None]) -> tuple[str, str, Direction] | None:
    """Derived and original with the reason; None where they lie too far apart in time."""
    one, other = sorted((a, b), key=lambda d: (published[d] is None, str(published[d] or ""), d))
    first, last = published[one], published[other]
    if first is None or last is None or first == last:
        return other, one, Direction.UNKNOWN
    return (other, one, Direction.TIME) if last - first <= _WITHIN else None


def find_meaning_links(given: CorpusTables) -> dict[str, pa.Table]:
    """Kernel: meanings of claims and links between wordings → ``meaning_links``.

    Time grows with the product of the numbers of wordings in two languages. Raises nothing but Arrow's own
    errors for missing columns.
    """
    columns = ["claim_id", "document_id", "wording_id", "language", "vector", "scale"]
    facts = ["denied", "actors", "places", "numbers", "opposites"]
    meanings = given.table("claim_meanings", [*columns, *facts]).to_pylist()
    claims = [_Claim(*(row[name] for name in columns[:4])) for row in meanings]
    documents = given.table("documents", ["document_id", "published"]).to_pydict()
    published = dict(zip(documents["document_id"], documents["published"], strict=True))
    compared: dict[str, int] = defaultdict(int)
    for claim in claims:
        compared[claim.document_id] += 1
    between: dict[tuple[str, str], list[_Match]] = defaultdict(list)
    for match in _matches(claims, _alike(given, meanings)):
        ordered = _order(match.one.document_id, match.other.document_id, published)
        if ordered is not None:
            between[ordered[:2]].append(match)
    rows = given.table("claims", ["claim_id", "content"]).to_pylist()
    wanted = {c.claim_id for own in between.values() for m in own for c in (m.one, m.other)}
    content = {
        row["claim_id"]: [Span(s["start"], s["end"]) for s in row["content"]]
        for row in rows
        if row["claim_id"] in wanted
    }
    links = []
    for (derived, original), own in sorted(between.items()):
        ordered = _order(derived, original, published)
        assert ordered is not None
        fewest = min(compared[derived], compared[original])
        links.append(_link(derived, original, ordered[2], own, fewest, content))
    links.sort(key=lambda link: (link.document_id, link.link_id))
    return {"meaning_links": table_of(links, MEANING_LINKS)}


def _union(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same characters as disjoint spans: contents may lie in one another."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return tuple(found)


def _link(
    derived: str,
    original: str,
    direction: Direction,
    matches: Sequence[_Match],
    fewest: int,
    content: Mapping[str, Sequence[Span]],
) -> DocumentLink:
    sides: tuple[set[str], set[str]] = (set(), set())
    across = 0
    for match in matches:
        for claim in (match.one, match.other):
            sides[claim.document_id == original].add(claim.claim_id)
        across += match.one.language != match.other.language
    share = min(1.0, min(len(side) for side in sides) / max(1, fewest))
    best = max(match.score for match in matches)
    kind = LinkType.SAME_STORY
    if share >= _RETOLD:
        kind = LinkType.TRANSLATION if 2 * across > len(matches) else LinkType.PARAPHRASE
    spans = [_union(span for claim in sorted(side) for span in content[claim]) for side in sides]
    return DocumentLink(
        link_id=link_id_of(derived, original, kind, _METHOD),
        document_id=derived,
        original_id=original,
        original_name=None,
        type=kind,
        direction=direction,
        certain=share >= _RETOLD and best >= 0.75 and fewest > 1,
        score=round(share * best, 4),
        reasons=(
            f"{len(sides[0])} of {fewest} compared claims say what the other says",
            f"nearest at {best:.2f}",
        ),
        evidence=spans[0],
        original_evidence=spans[1],
        alternatives=(),
        method=_METHOD,
    )
