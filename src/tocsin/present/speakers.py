"""Who is quoted most, who is quoted without a name, and on whose word each channel's claims rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tocsin.present.index import Channel, Index
from tocsin.present.words import UNNAMED, Mark, percent, source_mark

__all__ = ["BASES", "ChannelBasis", "Speaker", "Speakers", "speakers_of"]

_MOST_SPEAKERS = 15
_MOST_CHANNELS = 25
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
    """One source. ``quoted`` counts attributions; ``bar`` is its documents in per cent of the first one's."""

    label: str
    kind: Mark
    quoted: int
    documents: int
    channels: int
    bar: float


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


def _speakers(index: Index) -> list[Speaker]:
    """Every source of an attribution, whatever its place in a chain; the writers themselves left out."""
    names = ("source_key", "source_label", "source_kind", "document_id")
    table = index.table("attributions", names)
    columns = [table.column(name).to_pylist() for name in names]
    labels: dict[str, Counter[str]] = {}
    kinds: dict[str, Counter[str]] = {}
    documents: dict[str, set[int]] = {}
    for key, label, kind, document in zip(*columns, strict=True):
        if kind == "author":
            continue
        labels.setdefault(key, Counter())[label] += 1
        kinds.setdefault(key, Counter())[kind] += 1
        documents.setdefault(key, set()).add(index.row_of[document])
    found = []
    for key, rows in documents.items():
        speaker = Speaker(
            label=min(labels[key], key=lambda v: (-labels[key][v], v)),
            kind=source_mark(min(kinds[key], key=lambda v: (-kinds[key][v], v))),
            quoted=labels[key].total(),
            documents=len(rows),
            channels=len({index.channels[row] for row in rows}),
            bar=0.0,
        )
        found.append((key, speaker))
    found.sort(key=lambda item: (-item[1].documents, -item[1].quoted, item[0]))
    return [speaker for _, speaker in found]


def _ranked(speakers: Sequence[Speaker]) -> tuple[Speaker, ...]:
    most = speakers[0].documents if speakers else 1
    return tuple(
        Speaker(s.label, s.kind, s.quoted, s.documents, s.channels, round(100 * s.documents / most, 1))
        for s in speakers[:_MOST_SPEAKERS]
    )


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
