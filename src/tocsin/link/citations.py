"""Citations: a post says where it has its news from, by an address or by an outlet's name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tocsin.link.addresses import addresses_in, canonical_address
from tocsin.link.copies import Texts, lasting
from tocsin.link.corpus import Corpus
from tocsin.link.passages import evidence_of
from tocsin.link.publishers import agency_of
from tocsin.model import Attribution, Direction, DocumentLink, LinkType, SourceKind, Span, Spans, link_id_of

if TYPE_CHECKING:
    from tocsin.link.ranking import WordRanking

__all__ = ["METHOD", "find_citations"]

METHOD = "citations 1"

#: A post that names an outlet has it from a post of these hours before, if one is enough like it.
_HOURS = 72
_ALIKE = 0.25
_SURE = 0.5
#: Share of a post that must rest on the outlet's word for the citation to be certain.
_COVERS = 0.4
#: A post longer than this that holds an address says more than what stands there.
_SHORT_POST = 700


def find_citations(
    corpus: Corpus, texts: Texts, attributions: Mapping[str, list[Attribution]]
) -> list[DocumentLink]:
    """Links by address and by outlets' names; ``attributions`` by document id."""
    made = list(_by_address(corpus))
    return made + list(_by_name(corpus, texts, attributions))


# --- by address ---------------------------------------------------------------------------------


def _by_address(corpus: Corpus) -> Iterator[DocumentLink]:
    known: dict[str, int] = {}
    columns = zip(*(corpus.strings(c) for c in ("url", "channel_id", "native_id", "platform")), strict=True)
    for row, (url, channel, native, platform) in enumerate(columns):
        address = canonical_address(url) if url else None
        if address:
            known.setdefault(address, row)
        if platform == "telegram" and channel and native:
            known.setdefault(f"t.me/c/{channel}/{native}", row)
    if not known:
        return
    channels = corpus.channels.of
    documents = corpus.documents.column("text").to_pylist()
    for row, text in enumerate(documents):
        if "/" not in text:
            continue
        seen: set[int] = set()
        for address, span in addresses_in(text):
            original = known.get(address)
            if original is None or original >= row or original in seen:
                continue
            if channels[original] == channels[row] and channels[row] >= 0:
                continue  # a channel that points to its own earlier post
            seen.add(original)
            yield _address_link(corpus, original, row, span, len(text))


def _address_link(corpus: Corpus, original: int, row: int, span: Span, length: int) -> DocumentLink:
    reasons = ["links to it", lasting(corpus, original, row)]
    certain = length <= _SHORT_POST
    if not certain:
        reasons.append("a long post, which may say more than what stands there")
    return DocumentLink(
        link_id=link_id_of(corpus.ids[row], corpus.ids[original], LinkType.CITATION, METHOD),
        document_id=corpus.ids[row],
        original_id=corpus.ids[original],
        original_name=corpus.name_of(original),
        type=LinkType.CITATION,
        direction=Direction.STATED,
        certain=certain,
        score=0.9 if certain else 0.6,
        reasons=tuple(reason for reason in reasons if reason),
        evidence=(span,),
        original_evidence=(),
        alternatives=(),
        method=METHOD,
    )


# --- by name ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Named:
    """That a document rests on an outlet's word: the outlet, the words that say so, the share of the text."""

    outlet: str
    evidence: Spans
    covers: float


def _outlets(corpus: Corpus, rows: list[Attribution], row: int) -> list[_Named]:
    length = max(1, len(corpus.text(row)))
    found: dict[str, _Named] = {}
    for item in rows:
        if item.parent_id is not None or not item.source:
            continue
        agency = agency_of(item.source_label)
        channels = corpus.channels.named(item.source_label)
        if not (agency or channels or item.source_kind == SourceKind.MEDIA):
            continue
        outlet = agency or (corpus.channels.names[channels[0]] if channels else item.source_label)
        covers = sum(len(span) for span in item.content) / length
        evidence = tuple(sorted({*item.source, *item.cue}))
        before = found.get(outlet)
        if before is not None:
            covers, evidence = covers + before.covers, before.evidence
        found[outlet] = _Named(outlet, evidence, covers)
    return [found[outlet] for outlet in sorted(found)]


def _by_name(
    corpus: Corpus, texts: Texts, attributions: Mapping[str, list[Attribution]]
) -> Iterator[DocumentLink]:
    by_agency: dict[str, list[int]] = {}
    for number, name in enumerate(corpus.channels.names):
        if agency := agency_of(name):
            by_agency.setdefault(agency, []).append(number)
    for row, identifier in enumerate(corpus.ids):
        if identifier not in attributions or texts.of[row] < 0:
            continue
        for named in _outlets(corpus, attributions[identifier], row):
            channels = by_agency.get(named.outlet) or corpus.channels.named(named.outlet)
            if corpus.channels.of[row] in channels:
                continue  # an outlet that names itself
            yield _named_link(corpus, named, channels, row)


def _named_link(corpus: Corpus, named: _Named, channels: list[int], row: int) -> DocumentLink:
    reasons = [f"names {named.outlet} as its source for {min(1.0, named.covers):.0%} of its text"]
    original, score = _cited_post(corpus, channels, row) if channels else (None, 0.0)
    if original is not None:
        reasons += ["the most alike of its posts of the three days before", lasting(corpus, original, row)]
        certain = score >= _SURE or named.covers >= _COVERS
    else:
        here = "in the case, but no like post of its" if channels else "not in the case"
        reasons.append(f"{named.outlet} is {here}")
        certain = named.covers >= _COVERS
    back: Spans = ()
    if original is not None:
        import numpy as np

        [(spans, _)] = evidence_of(corpus.bare, np.array([original]), np.array([row]))
        back = tuple(Span(*span) for span in spans)
    target = corpus.ids[original] if original is not None else None
    return DocumentLink(
        link_id=link_id_of(corpus.ids[row], target or named.outlet, LinkType.CITATION, METHOD),
        document_id=corpus.ids[row],
        original_id=target,
        original_name=named.outlet,
        type=LinkType.CITATION,
        direction=Direction.STATED,
        certain=certain,
        score=round(min(1.0, max(score, named.covers)), 4),
        reasons=tuple(reason for reason in reasons if reason),
        evidence=named.evidence,
        original_evidence=back,
        alternatives=(),
        method=METHOD,
    )


def _cited_post(corpus: Corpus, channels: list[int], row: int) -> tuple[int | None, float]:
    """The post of the channels, of the hours before a document, that is most like it; None if none is."""
    import numpy as np

    from tocsin.link.ranking import WordRanking

    when = corpus.when[row]
    if when is None:
        return None, 0.0
    earliest = when - _HOURS * 3_600_000_000
    rows = [r for channel in channels for r in _between(corpus, channel, earliest, row)]
    if not rows:
        return None, 0.0
    ranking: WordRanking = WordRanking(corpus.bare, np.array(sorted(rows), np.int64))
    ranked = ranking.rank(corpus.bare, row, row)
    if not ranked.rows or ranked.rows[0][1] < _ALIKE:
        return None, 0.0
    return ranked.rows[0]


def _between(corpus: Corpus, channel: int, earliest: int, row: int) -> list[int]:
    """Rows of a channel before ``row`` and not before a moment; undated ones are left out."""
    from bisect import bisect_left

    rows = corpus.of_channel[channel]
    end = bisect_left(rows, row)
    start = bisect_left(rows, earliest, hi=end, key=lambda r: corpus.when[r] or 0)
    return rows[start:end]
