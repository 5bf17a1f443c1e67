"""Documents that tell the same by meaning: paraphrases and translations. A kernel of the corpus.

Two documents are compared where claims of the one say what claims of the other say: by the links between
wordings that hold no conflict, and across languages also where a wording is among the nearest to another
(``translations``). Then their sentences are laid beside one another (``retelling``): how much is retold, and
across languages how likely they are a text and its translation, decides whether the document, only the story,
or nothing is the same. Copies in the same words are left to ``document_links``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from tocsin.link.narratives.facts import Facts, conflicts, facts_from_row, in_common
from tocsin.link.nearest import KnownNeighbours, Vectors
from tocsin.link.retelling import MAYBE, Aligned, KnownPassages, Passages, align, evidence, passages_of
from tocsin.link.translations import pairs_across
from tocsin.model import Direction, DocumentLink, LinkType, link_id_of
from tocsin.model.arrow import rows_among, table_of
from tocsin.model.tables import MEANING_LINKS

if TYPE_CHECKING:
    from tocsin.model.access import CorpusTables

__all__ = ["find_meaning_links"]

_METHOD: Final = "meaning/3"
#: Retellings are looked for within this time: what comes later is a return of the narrative.
_WITHIN: Final = timedelta(days=14)
#: And for what is only about the same within this: tomorrow's weather is another story.
_SOON: Final = timedelta(days=3)
#: Shares of the letters of the shorter and of the longer document from which it is the document that is
#: retold, and from which that is certain.
_RETOLD: Final = (0.5, 0.35)
_SURELY: Final = (0.95, 0.5)
#: The probability that a translation has to have to be certain (where claims contradict one another), and to
#: be one at all in spite of that.
_SURE_TRANSLATION: Final = (0.9, 0.97)
_IN_SPITE: Final = 0.5
#: Kinds of facts (actor, place, number) that one sentence must have in common with the other to tell the same
#: document again, or only the same story, without another sentence to bear it out.
_FACTS_OF_ONE: Final = 2
_FACTS_OF_STORY: Final = 1
#: The share of the letters of the shorter document that must be retold beside the nearest sentence.
_BESIDE: Final = 0.4
#: A document has it from the one of which it retells most; by so much less may others be its original too.
_AS_GOOD: Final = 0.05
#: A wording told by more documents than this is a formula; it links none.
_MOST_TELLERS: Final = 40
#: A wording is held against so many of the nearest in another language, if the odds (their logarithm) against
#: it are not greater: the sentences around it decide.
_NEAREST: Final = 2
_ODDS_AGAINST: Final = 2.0


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
    across: bool = False  # their claims are in two languages
    stands_out: bool = False  # and one is the other's translation, as far as a sentence alone can tell
    contradicted: bool = False
    own: bool = False  # both of one channel, which repeats its own forms
    soon: bool = False  # told within days of one another


@dataclass(frozen=True, slots=True)
class _Match:
    """What two wordings that mean much the same conflict in, and whether they stand out as translations.

    ``conflicts`` is None until it is asked for: most pairs are told too far apart in time to be compared.
    """

    conflicts: tuple[str, ...] | None
    stands_out: bool = False


_Pairs = dict[tuple[str, str], _Match]


def _near(given: CorpusTables, first: Mapping[str, Mapping[str, Any]], neighbours: KnownNeighbours) -> _Pairs:
    """Pairs of wordings that mean much the same, smaller id first, and in what they conflict."""
    links = given.table("wording_links", ["wording_id", "other_id", "conflicts"]).to_pylist()
    near = {(link["wording_id"], link["other_id"]): _Match(tuple(link["conflicts"])) for link in links}
    return near | _translated(first, neighbours)


def _translated(first: Mapping[str, Mapping[str, Any]], neighbours: KnownNeighbours) -> _Pairs:
    ids = sorted(first)
    by_language: dict[str, list[int]] = defaultdict(list)
    for place, wording in enumerate(ids):
        by_language[first[wording]["language"]].append(place)
    places = {code: np.array(own) for code, own in by_language.items()}
    vectors = {
        code: Vectors.packed([first[ids[place]]["vector"] for place in own])
        for code, own in by_language.items()
    }
    found: _Pairs = {}
    for a, b in combinations(sorted(by_language), 2):
        even, slope = evidence(a, b)
        least = even - _ODDS_AGAINST / slope
        near = neighbours.across((places[a], places[b]), (vectors[a], vectors[b]))
        translations, nearest = pairs_across(near, least, _NEAREST)
        apart = {(row, column) for row, column, _ in translations}
        for row, column in nearest:
            one, other = ids[by_language[a][row]], ids[by_language[b][column]]
            found[min(one, other), max(one, other)] = _Match(None, (row, column) in apart)
    return found


def _told_by(claims: Sequence[_Claim], near: _Pairs) -> dict[str, set[str]]:
    """The documents that tell each of the wordings that are near another."""
    tellers: dict[str, set[str]] = {wording: set() for pair in near for wording in pair}
    for claim in claims:
        if claim.wording in tellers:
            tellers[claim.wording].add(claim.document_id)
    return tellers


def _compared(
    tellers: Mapping[str, set[str]], near: _Pairs, facts: Mapping[str, Facts], about: Mapping[str, _About]
) -> Mapping[tuple[str, str], _Between]:
    """The pairs of documents (smaller id first) of which claims are near, told within ``_WITHIN``."""
    found: dict[tuple[str, str], _Between] = defaultdict(_Between)
    for (a, b), match in near.items():
        if max(len(tellers[a]), len(tellers[b])) > _MOST_TELLERS:
            continue
        pairs = {
            (min(x, y), max(x, y))
            for x in tellers[a]
            for y in tellers[b]
            if x != y and _apart(about[x], about[y]) <= _WITHIN
        }
        if not pairs:
            continue
        at_odds = conflicts(facts[a], facts[b]) if match.conflicts is None else match.conflicts
        shared = () if at_odds else in_common(facts[a], facts[b])
        for pair in pairs:
            between = found[pair]
            between.shared |= set(shared)
            between.matched |= not at_odds
            between.across |= facts[a].language != facts[b].language
            between.contradicted |= bool(at_odds)
            between.stands_out |= match.stands_out and not at_odds
    # Facts are read less surely in two languages than in one («никто не пройдёт» is no denial of «закрыт»).
    return {pair: between for pair, between in found.items() if between.matched or between.across}


@dataclass(frozen=True, slots=True)
class _About:
    """When and by whom a document was published; ``channel`` is empty where that is not known."""

    published: datetime | None
    channel: str


def _about(given: CorpusTables, wanted: set[str]) -> dict[str, _About]:
    columns = ["document_id", "published", "platform", "channel_id", "channel"]
    table = given.table("documents", columns)
    rows = rows_among(table, "document_id", wanted).to_pydict()
    found = {}
    for key, when, platform, *names in zip(*(rows[name] for name in columns), strict=True):
        name = names[0] or names[1]
        found[key] = _About(when, f"{platform}/{name}" if name else "")
    return found


def _order(a: str, b: str, about: Mapping[str, _About]) -> tuple[str, str, Direction]:
    """Derived and original with the reason."""
    when = {document: about[document].published for document in (a, b)}
    one, other = sorted((a, b), key=lambda d: (when[d] is None, str(when[d] or ""), d))
    first, last = when[one], when[other]
    if first is None or last is None or first == last:
        return other, one, Direction.UNKNOWN
    return other, one, Direction.TIME


def _apart(one: _About, other: _About) -> timedelta:
    """The time between two documents; none where that is not known."""
    if one.published is None or other.published is None:
        return timedelta()
    return abs(one.published - other.published)


@dataclass(frozen=True, slots=True)
class _Laid:
    """Two documents laid beside one another."""

    derived: str
    original: str
    direction: Direction
    between: _Between
    sides: tuple[Passages, Passages]
    aligned: Aligned

    @property
    def share(self) -> float:
        """The share of the letters of that document of which most is retold."""
        return max(self.aligned.shares)

    @property
    def strength(self) -> float:
        """The share, across languages times the probability that it is a translation."""
        return self.share * (self.aligned.likely or 1.0)


def find_meaning_links(given: CorpusTables) -> dict[str, pa.Table]:
    """Kernel: meanings of claims, links between wordings, and sentences → ``meaning_links``,
    ``passage_vectors``, ``wording_neighbours``.

    Time grows with the product of the numbers of wordings in two languages, with what was found last time
    with that of the new ones and all; and with the sentences of the documents of which claims are near.
    Raises nothing but Arrow's own errors for missing columns.
    """
    compared, neighbours = _candidates(given)
    known = KnownPassages(given.previous)
    passages = passages_of(given, {document for item in compared for document in item[:2]}, known)
    found: list[tuple[_Laid, bool, bool]] = []
    best: dict[str, float] = defaultdict(float)
    for derived, original, direction, between in compared:
        sides = passages[derived], passages[original]
        # A channel that posts in two languages translates itself; in one language it repeats a form.
        between.own &= sides[0].languages[:1] == sides[1].languages[:1]
        laid = _Laid(derived, original, direction, between, sides, align(*sides))
        kind = _kind(laid.aligned, between)
        if kind is not None:
            found.append((laid, *kind))
            best[derived] = max(best[derived], kind[0] * laid.strength)
    links = []
    for laid, retold, sure in found:
        less = best[laid.derived] - laid.strength
        links.append(_link(laid, retold=retold and less <= _AS_GOOD, sure=sure and less <= _AS_GOOD))
    links.sort(key=lambda link: (link.document_id, link.link_id))
    return {
        "meaning_links": table_of(links, MEANING_LINKS),
        "passage_vectors": known.table(),
        "wording_neighbours": neighbours.table(),
    }


def _candidates(
    given: CorpusTables,
) -> tuple[list[tuple[str, str, Direction, _Between]], KnownNeighbours]:
    """Documents of which claims are near: derived, original, and what is known of the two; sorted.

    And the neighbours of wordings by which they were found.
    """
    columns = ["claim_id", "document_id", "wording_id", "language", "vector"]
    kinds = ["denied", "actors", "places", "numbers", "opposites"]
    meanings = given.table("claim_meanings", [*columns, *kinds])
    claims = [_Claim(*row) for row in zip(*meanings.select(columns[:4]).to_pydict().values(), strict=True)]
    rows: dict[str, int] = {}
    for row, claim in enumerate(claims):
        rows.setdefault(claim.wording, row)
    chosen = meanings.take(pa.array(list(rows.values()), pa.int64())).to_pylist()
    first = dict(zip(rows, chosen, strict=True))
    facts = {wording: facts_from_row(row) for wording, row in first.items()}
    neighbours = KnownNeighbours(given.previous, sorted(first))
    near = _near(given, first, neighbours)
    tellers = _told_by(claims, near)
    about = _about(given, {document for told in tellers.values() for document in told})
    compared = _compared(tellers, near, facts, about)
    copied = _copied(given)
    found: list[tuple[str, str, Direction, _Between]] = []
    for pair, between in compared.items():
        ordered = _order(*pair, about)
        one, other = (about[document] for document in pair)
        between.own = one.channel == other.channel != ""
        between.soon = _apart(one, other) <= _SOON
        if between.soon or ordered[0] not in copied:
            found.append((*ordered, between))
    return sorted(found, key=lambda item: item[:2]), neighbours


def _copied(given: CorpusTables) -> set[str]:
    """The documents that surely have their words from another of the case.

    Where from they have it is known: what told much the same a week before is the form they share.
    """
    links = given.table("document_links", ["document_id", "original_id", "type", "certain"]).to_pylist()
    return {
        link["document_id"]
        for link in links
        if link["certain"] and link["original_id"] is not None and LinkType(link["type"]).derives
    }


def _kind(aligned: Aligned, between: _Between) -> tuple[bool, bool] | None:
    """Whether the document is retold, not only its story, and whether surely; None where neither is."""
    share = max(aligned.shares), min(aligned.shares)
    best = max(aligned.excess, default=-1.0)
    retold = share[0] >= _RETOLD[0] and share[1] >= _RETOLD[1] and not between.own
    if aligned.likely:
        retold &= aligned.likely >= (MAYBE if between.matched else _IN_SPITE)
    elif len(aligned.pairs) > 1:
        retold &= aligned.beside >= _BESIDE
    if retold and len(aligned.pairs) > 1:
        sure = share[0] >= _SURELY[0] and share[1] >= _SURELY[1] and between.soon
        if aligned.likely:
            return True, sure and aligned.likely >= _SURE_TRANSLATION[between.contradicted]
        return True, sure and not between.contradicted
    kinds = len(between.shared)
    if retold and (
        (between.stands_out and kinds > 0) or (between.matched and best >= 0 and kinds >= _FACTS_OF_ONE)
    ):
        return True, False
    story = between.matched and best >= 0 and between.soon and kinds >= _FACTS_OF_STORY
    return (False, False) if story else None


def _link(laid: _Laid, *, retold: bool, sure: bool) -> DocumentLink:
    one, other = laid.sides
    pairs = laid.aligned.pairs
    across = sum(one.languages[a] != other.languages[b] for a, b in pairs)
    kind = LinkType.SAME_STORY
    if retold:
        kind = LinkType.TRANSLATION if 2 * across > len(pairs) else LinkType.PARAPHRASE
    fewest = min(len(one.spans), len(other.spans))
    reasons = [
        f"{len(pairs)} of {fewest} sentences say what the other says, {laid.share:.0%} of the letters",
    ]
    if laid.between.shared:
        reasons.append(f"the same {', '.join(sorted(laid.between.shared))}")
    if laid.between.contradicted:
        reasons.append("something in it contradicts the other")
    return DocumentLink(
        link_id=link_id_of(laid.derived, laid.original, kind, _METHOD),
        document_id=laid.derived,
        original_id=laid.original,
        original_name=None,
        type=kind,
        direction=laid.direction,
        certain=sure,
        score=round(min(1.0, laid.share * (0.8 + max(laid.aligned.excess))), 4),
        reasons=tuple(reasons),
        evidence=tuple(one.spans[a] for a, _ in pairs),
        original_evidence=tuple(sorted(other.spans[b] for _, b in pairs)),
        alternatives=(),
        method=_METHOD,
    )
