"""The origins of a story by who told them first: one publisher who tells five things is one voice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tocsin.link.publishers import agency_of
from tocsin.model import Origin, OriginKind

__all__ = ["Voice", "voices_of", "voices_range"]


@dataclass(frozen=True, slots=True)
class Voice:
    """Origins of one publisher that are all certain, or all perhaps none of their own.

    ``name`` is that of the agency, the authority, the source outside the case or the channel, None where that
    is unknown; ``earliest_here`` is the channel that had an agency's copy or a release first, where it is not
    the agency itself.
    """

    kind: OriginKind
    name: str | None
    earliest_here: str | None
    certain: bool
    origins: tuple[Origin, ...]

    @property
    def documents(self) -> int:
        return sum(origin.documents for origin in self.origins)

    @property
    def reasons(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(reason for origin in self.origins for reason in origin.reasons))


def voices_of(origins: Iterable[Origin], channels: Mapping[str, str | None]) -> list[Voice]:
    """The voices of origins; ``channels`` are names by document id.

    Certain ones first, then by documents of their largest origin.
    """
    found: dict[tuple[OriginKind, str | None, str | None, bool], list[Origin]] = {}
    for origin in sorted(origins, key=lambda o: (not o.certain, -o.documents, o.origin_id)):
        kind = OriginKind(origin.kind)
        channel = channels.get(origin.root_id or "")
        name, here = (channel, None) if kind == OriginKind.POST else (origin.name, None)
        if kind in {OriginKind.WIRE, OriginKind.RELEASE} and origin.name not in {
            channel,
            agency_of(channel or ""),
        }:
            here = channel
        found.setdefault((kind, name, here, origin.certain), []).append(origin)
    return [Voice(*key, tuple(own)) for key, own in found.items()]


def voices_range(voices: Sequence[Voice], most: int) -> tuple[int, int] | None:
    """How many told the origins first: certainly, and at most; None where every origin has its own.

    ``most`` is the higher number of origins.
    """
    sure, all_ = (
        {(voice.kind, voice.name, voice.earliest_here) for voice in voices if voice.certain or not only}
        for only in (True, False)
    )
    return (len(sure), len(all_)) if len(all_) < most else None
