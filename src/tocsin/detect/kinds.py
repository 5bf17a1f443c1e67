"""What sort of surge it is: an echo of one text, the coverage of a dated event, or attention that nothing
in the case prompts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tocsin.model.surges import SurgeKind

__all__ = ["ECHO_SHARE", "EVENT_SHARE", "Evidence", "Reading", "read_kind", "text_origins"]

#: Share of the documents that one origin must hold for an echo.
ECHO_SHARE = 0.6
#: Share of the documents that must date a happening to the same day or two for an event.
EVENT_SHARE = 0.25
#: Words at the start of a text that make two documents one origin, where no links between documents are
#: known.
_WORDS = 12


@dataclass(frozen=True, slots=True)
class Evidence:
    """A document of a surge: its channel and origin, and the days its reports date happenings to."""

    document: str
    channel: str
    origin: str
    days: frozenset[datetime]


@dataclass(frozen=True, slots=True)
class Reading:
    """The kind of a surge, its number of independent origins, why, and what would dismiss it."""

    kind: SurgeKind
    origins: int
    reasons: tuple[str, ...]
    dismiss: tuple[str, ...]


def text_origins(texts: Mapping[str, str]) -> dict[str, str]:
    """Origin of each document where nothing better is known: those whose first twelve words are the same
    share one.

    Texts of fewer than four words stand each for itself. Keys and values are document ids; an origin is
    named by the smallest id, so the order does not matter.
    """
    first: dict[tuple[str, ...], str] = {}
    origin = {}
    for document in sorted(texts):
        words = tuple("".join(c if c.isalnum() else " " for c in texts[document].casefold()).split()[:_WORDS])
        origin[document] = first.setdefault(words, document) if len(words) >= 4 else document
    return origin


def read_kind(evidence: Sequence[Evidence], channels: Sequence[str]) -> Reading:
    """The kind of a surge, why, and what would dismiss it; ``channels`` are names, most documents first."""
    total = len(evidence)
    origins = Counter(item.origin for item in evidence)
    largest = max(origins.values())
    days = Counter(day for item in evidence for day in item.days)
    day, dated = min(days.items(), key=lambda item: (-item[1], item[0]), default=(None, 0))
    reasons = [f"{total} documents of {len(channels)} channels have {len(origins)} origins"]
    if total >= 2 and largest >= ECHO_SHARE * total and largest > 1:
        reasons.append(f"{largest} of {total} derive from one text: it was passed on, not reported anew")
        dismiss = [
            "If that text is a routine wire story or an official notice, this is only how far it travelled"
        ]
        return Reading(SurgeKind.ECHO, len(origins), tuple(reasons), tuple(dismiss))
    if day is not None and dated >= max(2, EVENT_SHARE * total):
        reasons.append(f"{dated} of {total} report something that happened on {day.date().isoformat()}")
        dismiss = ["If that happening is confirmed elsewhere, the attention has its reason"]
        return Reading(SurgeKind.EVENT, len(origins), tuple(reasons), tuple(dismiss))
    seen = f"at most {dated} of {total} date" if dated else f"none of {total} dates"
    reasons.append(f"{seen} anything to the days around: the case holds no event that explains it")
    dismiss = ["An event of those days that these documents do not date, or that others reported first"]
    return Reading(SurgeKind.UNPROMPTED, len(origins), tuple(reasons), tuple(dismiss))
