"""Citations: a post says where it has its news from, by an address or by an outlet's name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from tocsin.link.addresses import addresses_in, canonical_address
from tocsin.link.copies import Texts, lasting
from tocsin.link.corpus import Channels, Corpus
from tocsin.link.passages import evidence_of
from tocsin.link.publishers import agency_of
from tocsin.model import Attribution, Direction, DocumentLink, LinkType, SourceKind, Span, Spans, link_id_of

if TYPE_CHECKING:
    from tocsin.link.ranking import WordRanking

__all__ = ["METHOD", "find_citations", "labels_named_otherwise"]

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
    corpus: Corpus,
    texts: Texts,
    attributions: Mapping[str, list[Attribution]],
    rows: Sequence[int] | None = None,
) -> list[DocumentLink]:
    """Links by address and by outlets' names of all documents or some; ``attributions`` by document id."""
    chosen = range(len(corpus)) if rows is None else rows
    made = list(_by_address(corpus, chosen))
    return made + list(_by_name(corpus, texts, attributions, chosen))


def labels_named_otherwise(corpus: Corpus, stood: int, labels: Sequence[str]) -> set[str]:
    """Those of the labels that name other channels now than among the first ``stood`` documents alone."""
    if not labels:
        return set()
    before, now = _Directory(corpus.channels_until(stood)), _Directory(corpus.channels)
    if (before.channels.by_name, before.of_agency) == (now.channels.by_name, now.of_agency):
        return set()
    return {label for label in labels if before.outlet(label) != now.outlet(label)}


# --- by address ---------------------------------------------------------------------------------


def _by_address(corpus: Corpus, rows: Sequence[int]) -> Iterator[DocumentLink]:
    import numpy as np

    texts = corpus.documents.column("text").take(np.fromiter(rows, np.int64)).to_pylist()
    named = [
        (row, len(text), addresses_in(text)) for row, text in zip(rows, texts, strict=True) if "/" in text
    ]
    if not any(addresses for _, _, addresses in named):
        return
    known: dict[str, int] = {}
    columns = zip(*(corpus.strings(c) for c in ("url", "channel_id", "native_id", "platform")), strict=True)
    for row, (url, channel, native, platform) in enumerate(columns):
        address = canonical_address(url) if url else None
        if address:
            known.setdefault(address, row)
        if platform == "telegram" and channel and native:
            known.setdefault(f"t.me/c/{channel}/{native}", row)
    channels = corpus.channels.of
    for row, length, addresses in named:
        seen: set[int] = set()
        for address, span in addresses:
            original = known.get(address)
            if original is None or original >= row or original in seen:
                continue
            if channels[original] == channels[row] and channels[row] >= 0:
                continue  # a channel that points to its own earlier post
            seen.add(original)
            yield _address_link(corpus, original, row, span, length)


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
    """That a document rests on an outlet's word: the outlet, its channels in the case, the words that say so,
    the share of the text."""

    outlet: str
    channels: list[int]
    evidence: Spans
    covers: float


_Outlet = tuple[str, bool, list[int]]


@dataclass(frozen=True)
class _Directory:
    """The channels of a case, and the news agencies among them."""

    channels: Channels
    _known: dict[str, _Outlet] = field(default_factory=dict)

    @cached_property
    def of_agency(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number, name in enumerate(self.channels.names):
            if agency := agency_of(name):
                found.setdefault(agency, []).append(number)
        return found

    def outlet(self, label: str) -> _Outlet:
        """What a label names: the outlet, whether an agency or a channel is known by it, and its channels."""
        if label not in self._known:  # the same few are named again and again
            agency, channels = agency_of(label), self.channels.named(label)
            outlet = agency or (self.channels.names[channels[0]] if channels else label)
            own = self.of_agency.get(outlet) or self.channels.named(outlet)
            self._known[label] = outlet, bool(agency or channels), own
        return self._known[label]


def _outlets(corpus: Corpus, directory: _Directory, rows: list[Attribution], row: int) -> list[_Named]:
    length = max(1, len(corpus.text(row)))
    found: dict[str, _Named] = {}
    for item in rows:
        if item.parent_id is not None or not item.source:
            continue
        outlet, known, channels = directory.outlet(item.source_label)
        if not (known or item.source_kind == SourceKind.MEDIA):
            continue
        covers = sum(len(span) for span in item.content) / length
        evidence = tuple(sorted({*item.source, *item.cue}))
        before = found.get(outlet)
        if before is not None:
            covers, evidence = covers + before.covers, before.evidence
        found[outlet] = _Named(outlet, channels, evidence, covers)
    return [found[outlet] for outlet in sorted(found)]


def _by_name(
    corpus: Corpus, texts: Texts, attributions: Mapping[str, list[Attribution]], rows: Iterable[int]
) -> Iterator[DocumentLink]:
    directory = _Directory(corpus.channels)
    for row in rows:
        identifier = corpus.ids[row]
        if identifier not in attributions or texts.of[row] < 0:
            continue
        for named in _outlets(corpus, directory, attributions[identifier], row):
            if corpus.channels.of[row] not in named.channels:  # else an outlet that names itself
                yield _named_link(corpus, named, row)


def _named_link(corpus: Corpus, named: _Named, row: int) -> DocumentLink:
    channels = named.channels
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
