"""What sort of surge it is: an echo of one text, the coverage of a dated event, or attention that nothing
in the case prompts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tocsin.model.surges import SurgeKind

__all__ = ["ECHO_SHARE", "EVENT_SHARE", "Evidence", "Reading", "happening_words", "read_kind", "text_origins"]

#: Share of the documents that one origin must hold for an echo.
ECHO_SHARE = 0.6
#: Share of the documents that must date a happening to the same day or two for an event.
EVENT_SHARE = 0.25
#: Words at the start of a text that make two documents one origin, where no links between documents are
#: known.
_WORDS = 12
#: A word is shared when this share of the documents has it, and rare when it is so many times rarer
#: elsewhere.
_SHARED_WORD, _RARER = 0.4, 8.0
#: Shared rare words that make a happening.
_EVENT_WORDS = 2


@dataclass(frozen=True, slots=True)
class Evidence:
    """A document of a surge: its channel and origin, the days it dates happenings to, whether it reports
    facts."""

    document: str
    channel: str
    origin: str
    days: frozenset[datetime]
    reports: bool


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


def happening_words(texts: Sequence[str], elsewhere: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """Words that most of ``texts`` share and few texts have ``elsewhere``: what they tell of, most shared
    first.

    Words are compared by their first six letters, so that cases and numbers do not matter much, and shown
    as first met. Those of ``known`` (the names of the subject) say nothing. At most six.
    """
    named = _stems(" ".join(known))
    shares = Counter(stem for text in texts for stem in _stems(text))
    common = {stem: n / len(texts) for stem, n in shares.items() if n >= _SHARED_WORD * len(texts)}
    if not common or not elsewhere:
        return ()
    usual = Counter(stem for text in elsewhere for stem in _stems(text) if stem in common)
    found = [
        stem for stem in common if stem not in named and usual[stem] * _RARER < common[stem] * len(elsewhere)
    ]
    forms = {stem: form for text in reversed(texts) for stem, form in _stems(text).items()}
    return tuple(forms[stem] for stem in sorted(found, key=lambda stem: (-common[stem], stem))[:6])


def _stems(text: str) -> dict[str, str]:
    words = "".join(c if c.isalpha() else " " for c in text.casefold()).split()
    return {word[:6]: word for word in reversed(words) if len(word) >= 5}


def read_kind(evidence: Sequence[Evidence], channels: Sequence[str], shared: Sequence[str]) -> Reading:
    """The kind of a surge, why, and what would dismiss it.

    ``channels`` are names, most documents first; ``shared`` are ``happening_words`` of the documents.
    """
    total = len(evidence)
    origins = Counter(item.origin for item in evidence)
    largest = max(origins.values())
    reasons = [f"{total} documents of {len(channels)} channels have {len(origins)} origins"]

    def reading(kind: SurgeKind, reason: str, doubt: str) -> Reading:
        return Reading(kind, len(origins), (*reasons, reason), (doubt,))

    if largest >= max(2, ECHO_SHARE * total):
        return reading(
            SurgeKind.ECHO,
            f"{largest} of {total} derive from one text: it was passed on, not reported anew",
            "If that text is a routine wire story or an official notice, this is only how far it travelled",
        )
    if len(channels) == 1:
        return reading(
            SurgeKind.SINGLE,
            "one channel alone turned to it",
            "An editorial choice of that channel, or an event nobody else in the case reports",
        )
    days = Counter(day for item in evidence for day in item.days)
    day, dated = min(days.items(), key=lambda item: (-item[1], item[0]), default=(None, 0))
    reported = sum(item.reports for item in evidence)
    confirmed = "If that happening is confirmed elsewhere, the attention has its reason"
    if day is not None and dated >= max(2, EVENT_SHARE * total):
        reason = f"{dated} of {total} report something that happened on {day.date().isoformat()}"
        return reading(SurgeKind.EVENT, reason, confirmed)
    if len(shared) >= _EVENT_WORDS and reported >= total / 2:
        words = ", ".join(f"“{word}”" for word in shared)
        reason = f"{reported} of {total} report facts, and most share words that are rare elsewhere: {words}"
        return reading(SurgeKind.EVENT, reason, confirmed)
    return reading(
        SurgeKind.UNPROMPTED,
        "no one happening explains it: few of the documents date anything to those days or tell the same",
        "An event of those days that these documents do not tell of, or that others reported first",
    )
