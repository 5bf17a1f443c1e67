"""The kernels of names: who is who in each document, and across the case. Arrow to Arrow, pure."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pyarrow as pa

from tocsin.model import (
    Attribution,
    DocumentEntity,
    EntityKind,
    EntityMention,
    NameType,
    Sentence,
    SourceKind,
    Span,
    Spans,
    make_id,
)
from tocsin.model.arrow import rows_of, table_of
from tocsin.model.tables import (
    ATTRIBUTIONS,
    DOCUMENT_ENTITIES,
    ENTITIES,
    ENTITY_MENTIONS,
    NAME_COMPARISONS,
    NAMES,
    SENTENCES,
)
from tocsin.resolve.names import METHOD
from tocsin.resolve.names.across import Comparisons, link_across
from tocsin.resolve.names.link import NameCluster, NamedSpan, link_document

if TYPE_CHECKING:
    from tocsin.model import NameMention

__all__ = ["find_document_entities", "find_entities"]

_NAMED: Final[Mapping[str, str]] = {
    SourceKind.PERSON: "PER",
    SourceKind.ORGANISATION: "ORG",
    SourceKind.MEDIA: "ORG",
}
_TYPES: Final[Mapping[str, str]] = {NameType.PERSON: "PER", NameType.ORG: "ORG", NameType.MEDIA: "ORG"}
_ARTICLES: Final = frozenset({"the", "a", "an"})
_LONGEST_ROLE: Final = 8  # words
_FURTHEST: Final = 20  # antecedents of antecedents
_STRIPPED: Final = " ,.;:—–-*_\n\t"


@dataclass(slots=True)
class _Page:
    """One document while its names are put together. ``sources`` ties attributions to places of ``spans``."""

    document_id: str
    text: str
    sentences: Sequence[Sentence]
    spans: list[NamedSpan] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    sources: dict[str, int] = field(default_factory=dict)
    roles: dict[int, str] = field(default_factory=dict)

    def language(self, at: int) -> str:
        """The language of the sentence at a code point; empty outside of any."""
        place = bisect_right(self.sentences, at, key=lambda s: s.start) - 1
        return self.sentences[place].language if place >= 0 else ""

    def add(self, span: tuple[int, int], text: str, kind: str, shown: str) -> int:
        self.spans.append(NamedSpan(*span, text, kind, self.language(span[0])))
        self.kinds.append(shown)
        return len(self.spans) - 1


def find_document_entities(
    documents: pa.Table, sentences: pa.Table, names: pa.Table, attributions: pa.Table
) -> dict[str, pa.Table]:
    """Kernel: documents, sentences, names, attributions → document_entities, entity_mentions.

    Where the names table is empty (the core's weights are not installed) only sources of attributions are
    seen. Deterministic and independent per document, whatever the order of rows. Raises nothing but Arrow's
    own errors for missing columns.
    """
    by_sentences = _by_document(sentences, SENTENCES, lambda s: s.start)
    by_names = _by_document(names, NAMES, lambda n: (n.start, n.mention_id))
    by_sources = _by_document(attributions, ATTRIBUTIONS, lambda a: a.attribution_id)
    entities: list[DocumentEntity] = []
    mentions: list[EntityMention] = []
    columns = [documents.column(name).to_pylist() for name in ("document_id", "text")]
    for document_id, text in zip(*columns, strict=True):
        page = _Page(document_id, text, by_sentences.get(document_id, []))
        own = by_sources.get(document_id, [])
        _read(page, by_names.get(document_id, []), own)
        made, places = _settle(page, own)
        entities += made
        mentions += places
    entities.sort(key=lambda e: (e.document_id, e.document_entity_id))
    mentions.sort(key=lambda m: (m.document_id, m.start, m.mention_id))
    return {
        "document_entities": table_of(entities, DOCUMENT_ENTITIES),
        "entity_mentions": table_of(mentions, ENTITY_MENTIONS),
    }


def _by_document(table: pa.Table, declared: Any, order: Any) -> dict[str, list[Any]]:
    rows = sorted(rows_of(table, declared), key=lambda row: (row.document_id, order(row)))
    return {key: list(group) for key, group in groupby(rows, key=lambda row: row.document_id)}


def _read(page: _Page, names: Sequence[NameMention], attributions: Sequence[Attribution]) -> None:
    """Names where they stand, and sources: by the name in them, else by their label."""
    for name in names:
        if name.type in _TYPES:
            text = page.text[name.start : name.end]
            page.add((name.start, name.end), text, _TYPES[name.type], str(name.type))
    standing = list(page.spans)
    for item in attributions:
        kind = _NAMED.get(item.source_kind)
        if kind is None or not item.source:
            continue
        start, end = item.source[0].start, item.source[-1].end
        inside = [n for n, s in enumerate(standing) if s.kind == kind and start <= s.start and s.end <= end]
        if inside:
            at = inside[-1] if kind == "PER" else inside[0]
        elif item.antecedent_id or not item.source_label.strip():
            continue
        else:
            if item.source_label.islower():
                continue  # «дирекция фестиваля»: a description, not a name
            shown = {SourceKind.PERSON: EntityKind.PERSON, SourceKind.MEDIA: EntityKind.MEDIA}
            said = shown.get(SourceKind(item.source_kind), EntityKind.ORG)
            at = page.add((start, end), item.source_label, kind, str(said))
        page.sources[item.attribution_id] = at
        if kind == "PER" and inside and (role := _role(page.text[start : page.spans[at].start])):
            page.roles[at] = role


def _role(before: str) -> str:
    """What a source calls a person before the name: «российский политолог», "Russian political scientist"."""
    words = before.strip(_STRIPPED).split()
    while words and words[0].lower() in _ARTICLES:
        words = words[1:]
    good = 0 < len(words) <= _LONGEST_ROLE and not any(mark in before for mark in '«»“”"()\n')
    return " ".join(words).strip(_STRIPPED) if good else ""


def _settle(
    page: _Page, attributions: Sequence[Attribution]
) -> tuple[list[DocumentEntity], list[EntityMention]]:
    """Clusters as entities, their places, and the sources that only point at them."""
    entities: list[DocumentEntity] = []
    entity_of: dict[int, str] = {}
    first: list[tuple[NameCluster, str]] = []
    for cluster in link_document(page.spans):
        place = page.spans[cluster.mentions[0]].start
        key = make_id("document entity", page.document_id, cluster.kind, cluster.name, place)
        first.append((cluster, key))
        entity_of |= dict.fromkeys(cluster.mentions, key)
    mentions = _mentions(page, attributions, entity_of)
    counts = Counter(m.document_entity_id for m in mentions)
    for cluster, key in first:
        kinds = Counter(page.kinds[n] for n in cluster.mentions)
        roles = dict.fromkeys(page.roles[n] for n in cluster.mentions if n in page.roles)
        entities.append(
            DocumentEntity(
                document_entity_id=key,
                document_id=page.document_id,
                kind=min(kinds, key=lambda k: (-kinds[k], k)),
                name=cluster.name,
                spellings=tuple(dict.fromkeys(page.spans[n].text for n in cluster.mentions)),
                roles=tuple(roles),
                places=_apart(Span(page.spans[n].start, page.spans[n].end) for n in cluster.mentions),
                mentions=counts[key],
                score=round(cluster.score.value, 3),
                reasons=cluster.score.reasons,
                alternatives=cluster.alternatives,
                method=METHOD,
            )
        )
    return entities, mentions


def _apart(spans: Iterable[Span]) -> Spans:
    """Spans in order, without those that begin in one before."""
    found: list[Span] = []
    for span in sorted(set(spans), key=lambda s: (s.start, s.end)):
        if not found or span.start >= found[-1].end:
            found.append(span)
    return tuple(found)


def _mentions(
    page: _Page, attributions: Sequence[Attribution], entity_of: Mapping[int, str]
) -> list[EntityMention]:
    found: list[EntityMention] = []

    def add(key: str, span: tuple[int, int], attribution: str | None, reason: str) -> None:
        identity = make_id("entity mention", page.document_id, *span, attribution, METHOD)
        found.append(EntityMention(identity, page.document_id, key, attribution, *span, reason, METHOD))

    sourced = set(page.sources.values())
    for n, span in enumerate(page.spans):
        if n not in sourced:
            add(entity_of[n], (span.start, span.end), None, "named")
    antecedents = {item.attribution_id: item.antecedent_id for item in attributions}
    for item in attributions:
        own = page.sources.get(item.attribution_id)
        if own is not None:
            span = page.spans[own]
            said = page.text[span.start : span.end]
            named = any(word and word in said for word in span.text.split())
            reason = "named as a source" if named else f"“{said}” is read as {span.text}"
            add(entity_of[own], (span.start, span.end), item.attribution_id, reason)
            continue
        meant = _meant(item, antecedents, page.sources)
        if meant is None:
            continue
        where = item.source or item.cue or item.content
        span_of = (where[0].start, where[-1].end if item.source else where[0].start)
        said = page.text[slice(*span_of)]
        reason = (
            f"“{said}” points back to {page.spans[meant].text}" if said else "the source goes on speaking"
        )
        add(entity_of[meant], span_of, item.attribution_id, reason)
    return found


def _meant(
    item: Attribution, antecedents: Mapping[str, str | None], sources: Mapping[str, int]
) -> int | None:
    """The name an attribution's source points back to, over sources that point back themselves."""
    at = item.antecedent_id
    for _ in range(_FURTHEST):
        if at is None or at in sources:
            break
        at = antecedents.get(at)
    return sources.get(at) if at is not None else None


class _Named(NamedTuple):
    """The columns of ``document_entities`` by which they are joined."""

    document_entity_id: str
    document_id: str
    kind: str
    name: str


def find_entities(corpus: Any) -> dict[str, pa.Table]:
    """Corpus kernel: document_entities → entities, name_comparisons.

    A pure function of the rows, whatever their order; names compared last time are not compared again.
    """
    table = corpus.table("document_entities", _Named._fields)
    columns = [table.column(name).to_pylist() for name in _Named._fields]
    kept = corpus.previous.get("name_comparisons")
    compared = Comparisons(rows_of(kept, NAME_COMPARISONS) if kept is not None else ())
    entities = link_across([_Named(*row) for row in zip(*columns, strict=True)], METHOD, compared)
    return {
        "entities": table_of(entities, ENTITIES),
        "name_comparisons": table_of(compared.rows(), NAME_COMPARISONS),
    }
