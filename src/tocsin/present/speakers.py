"""Who is quoted most, who is quoted without a name, and on whose word each channel's claims rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from tocsin.model.judgements import Verdict
from tocsin.present.index import Channel, Index
from tocsin.present.words import UNNAMED, Mark, percent, source_mark

__all__ = ["BASES", "ChannelBasis", "Speaker", "Speakers", "speakers_of"]

_MOST_SPEAKERS = 15
_MOST_CHANNELS = 25
_MOST_SPELLINGS = 5
_NAMED = frozenset({"named person", "named organisation"})

#: The four bases a claim can rest on, in the order they are drawn: (key, words).
BASES: tuple[tuple[str, str], ...] = (
    ("named", "named people and organisations"),
    ("paper", "documents and media"),
    ("unnamed", "sources nobody names"),
    ("own", "the channel’s own word"),
)


@dataclass(frozen=True, slots=True)
class Speaker:
    """One source. ``quoted`` counts attributions; ``bar`` is its documents in per cent of the first one's.

    ``also`` are other ways it is written, ``maybe`` names it may share with somebody else, ``judged`` says in
    words whether a person merged or split it. ``finding_id`` is the document entity by which it is judged,
    empty for a source that is no entity.
    """

    label: str
    kind: Mark
    quoted: int
    documents: int
    channels: int
    bar: float
    finding_id: str = ""
    also: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()
    judged: str = ""


@dataclass(frozen=True, slots=True)
class ChannelBasis:
    """What the claims of a channel rest on: (basis, claims, per cent) in the order of ``BASES``."""

    channel: Channel
    claims: int
    shares: tuple[tuple[str, int, float], ...]
    unnamed: str


@dataclass(frozen=True, slots=True)
class Speakers:
    """The section on speakers. ``total`` counts all of them."""

    total: int
    named: tuple[Speaker, ...]
    hidden_named: int
    unnamed: tuple[Speaker, ...]
    hidden_unnamed: int
    channels: tuple[ChannelBasis, ...]
    hidden_channels: int


def _basis(source_kind: str, own: bool) -> str:
    if own or source_kind == "author":
        return "own"
    if source_kind in UNNAMED:
        return "unnamed"
    return "named" if source_kind in _NAMED else "paper"


@dataclass(slots=True)
class _Tally:
    """What is counted of one source."""

    labels: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    rows: set[int] = field(default_factory=set)


def _speakers(index: Index) -> list[Speaker]:
    """Every source of an attribution, whatever its place in a chain; the writers themselves left out.

    Sources are grouped by entity; those that are none (crowds, unnamed officials) by their key.
    """
    names = ("attribution_id", "source_key", "source_label", "source_kind", "document_id")
    table = index.table("attributions", names)
    columns = [table.column(name).to_pylist() for name in names]
    tallies: dict[str, _Tally] = {}
    for identifier, key, label, kind, document in zip(*columns, strict=True):
        if kind == "author":
            continue
        tally = tallies.setdefault(index.entity_of_source.get(identifier, key), _Tally())
        tally.labels[label] += 1
        tally.kinds[kind] += 1
        tally.rows.add(index.row_of[document])
    facts = _entity_facts(index, tallies.keys() & index.who.entities.keys())
    found = [(key, _speaker(index, key, tally, facts.get(key))) for key, tally in tallies.items()]
    found.sort(key=lambda item: (-item[1].documents, -item[1].quoted, item[0]))
    return [speaker for _, speaker in found]


def _speaker(index: Index, key: str, tally: _Tally, facts: _Facts | None) -> Speaker:
    label = min(tally.labels, key=lambda v: (-tally.labels[v], v))
    speaker = Speaker(
        label=label,
        kind=source_mark(min(tally.kinds, key=lambda v: (-tally.kinds[v], v))),
        quoted=tally.labels.total(),
        documents=len(tally.rows),
        channels=len({index.channels[row] for row in tally.rows}),
        bar=0.0,
    )
    if facts is None:
        return speaker
    entity = index.who.entities[key]
    verdicts = sorted({"merged" if j.verdict == Verdict.MERGE else "split" for j in entity.judgements})
    written = sorted({*facts.spellings, *tally.labels} - {entity.name})
    return replace(
        speaker,
        label=entity.name,
        finding_id=entity.members[0],
        also=tuple(written[:_MOST_SPELLINGS]),
        roles=tuple(sorted({role.lower(): role for role in sorted(facts.roles)}.values())[:_MOST_SPELLINGS]),
        maybe=tuple(sorted(facts.maybe - {entity.name})[:_MOST_SPELLINGS]),
        judged=" and ".join(verdicts),
    )


@dataclass(slots=True)
class _Facts:
    """What the texts say of one entity."""

    spellings: set[str] = field(default_factory=set)
    roles: set[str] = field(default_factory=set)
    maybe: set[str] = field(default_factory=set)


def _entity_facts(index: Index, wanted: Collection[str]) -> dict[str, _Facts]:
    found = {key: _Facts() for key in wanted}
    entity_of = index.who.entity_of
    names = ("document_entity_id", "spellings", "roles")
    table = index.table("document_entities", names)
    for own, spellings, roles in zip(*(table.column(n).to_pylist() for n in names), strict=True):
        facts = found.get(entity_of.get(own, ""))
        if facts is not None:
            facts.spellings.update(" ".join(spelling.split()) for spelling in spellings)
            facts.roles.update(" ".join(role.split()) for role in roles)
    columns = ("document_entity_id", "alternatives")
    table = index.table("entities", columns)
    for own, alternatives in zip(*(table.column(n).to_pylist() for n in columns), strict=True):
        facts = found.get(entity_of.get(own, ""))
        if facts is not None:
            facts.maybe.update(other["label"] for other in alternatives)
    return found


def _ranked(speakers: Sequence[Speaker]) -> tuple[Speaker, ...]:
    most = speakers[0].documents if speakers else 1
    return tuple(replace(s, bar=round(100 * s.documents / most, 1)) for s in speakers[:_MOST_SPEAKERS])


def _channel_bases(index: Index) -> list[ChannelBasis]:
    claims = index.claims
    tallies: dict[Channel, Counter[str]] = {}
    for row, kind, own in zip(claims.document, claims.source_kind, claims.own, strict=True):
        tallies.setdefault(index.channels[row], Counter())[_basis(kind, own)] += 1
    found = []
    for channel, tally in tallies.items():
        total = sum(tally.values())
        shares = tuple((key, tally[key], round(100 * tally[key] / total, 2)) for key, _ in BASES)
        found.append(ChannelBasis(channel, total, shares, percent(tally["unnamed"], total)))
    return sorted(found, key=lambda c: (c.channel.key is None, -c.claims, c.channel.name or ""))


def speakers_of(index: Index) -> Speakers:
    """Rank the sources and lay out what each channel's claims rest on."""
    everybody = _speakers(index)
    unnamed = [s for s in everybody if s.kind.value in UNNAMED]
    named = [s for s in everybody if s.kind.value not in UNNAMED]
    channels = _channel_bases(index)
    return Speakers(
        total=len(everybody),
        named=_ranked(named),
        hidden_named=max(0, len(named) - _MOST_SPEAKERS),
        unnamed=_ranked(unnamed),
        hidden_unnamed=max(0, len(unnamed) - _MOST_SPEAKERS),
        channels=tuple(channels[:_MOST_CHANNELS]),
        hidden_channels=max(0, len(channels) - _MOST_CHANNELS),
    )
