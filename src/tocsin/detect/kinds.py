"""What sort of surge it is: an echo of one text, the coverage of an event, or attention that nothing in the
case prompts. Read from the origins and stories the case knows, the dates in claims, and words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from tocsin.model.surges import SurgeKind

__all__ = ["ECHO_SHARE", "EVENT_SHARE", "Evidence", "Reading", "Usual", "happening_words", "read_kind"]

#: Share of the documents that one origin must hold for an echo.
ECHO_SHARE = 0.6
#: Share of the documents that must date a happening to the same day, or tell one story, for an event.
EVENT_SHARE = 0.25
#: A word is shared when this share of the documents has it, and rare when it is so many times rarer
#: elsewhere.
_SHARED_WORD, _RARER = 0.4, 8.0
#: Parts of addresses and handles are no words.
_ADDRESS = re.compile(r"(?:https?://|www\.|t\.me/|@)\S+")
#: Five letters and more, and numbers that are no digits.
_RUN = re.compile(r"[^\W\d_]{5,}")
#: Shared rare words that make a happening.
_EVENT_WORDS = 2


@dataclass(frozen=True, slots=True)
class Evidence:
    """A document of a surge.

    ``origin`` is where it has it from by the certain links, ``possible`` by all of them, ``named`` how that
    origin is called if it is a wire, an authority or an outside source. ``days`` are those to which it dates
    happenings, ``reports`` whether it reports facts, ``story`` the story it tells if that began with the
    surge.
    """

    document: str
    channel: str
    origin: str
    possible: str
    named: str | None
    days: frozenset[datetime]
    reports: bool
    story: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """The kind of a surge, the lower and upper number of independent origins, why, and what would dismiss
    it."""

    kind: SurgeKind
    origins: tuple[int, int]
    reasons: tuple[str, ...]
    dismiss: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Usual:
    """How many of a number of texts have each word, by its first six letters."""

    texts: int
    having: Counter[str]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Usual:
        return cls(len(texts), Counter(stem for text in texts for stem in _stems(text)))


def happening_words(texts: Sequence[str], elsewhere: Usual, known: Sequence[str]) -> tuple[str, ...]:
    """Words that most of ``texts`` share and few texts have ``elsewhere``: what they tell of, most shared
    first.

    Words are compared by their first six letters, so that cases and numbers do not matter much, and shown
    as first met. Those of ``known`` (the names of the subject) say nothing. At most six.
    """
    named = _stems(" ".join(known))
    shares = Counter(stem for text in texts for stem in _stems(text))
    common = {stem: n / len(texts) for stem, n in shares.items() if n >= _SHARED_WORD * len(texts)}
    usual, most = elsewhere.having, elsewhere.texts
    found = [stem for stem in common if stem not in named and usual[stem] * _RARER < common[stem] * most]
    forms = {stem: form for text in reversed(texts) for stem, form in _stems(text).items()}
    return tuple(forms[stem] for stem in sorted(found, key=lambda stem: (-common[stem], stem))[:6])


def _stems(text: str) -> dict[str, str]:
    plain = _ADDRESS.sub(" ", text.casefold())
    return {word[:6]: word for run in reversed(_RUN.findall(plain)) for word in reversed(_words(run))}


def _words(run: str) -> list[str]:
    """The words of five letters and more in a run of letters and of numbers such as ² and ½."""
    if run.isalpha():
        return [run]
    parts = "".join(c if c.isalpha() else " " for c in run).split()
    return [word for word in parts if len(word) >= 5]


@dataclass(frozen=True, slots=True)
class _Tally:
    """Evidence in numbers: origins by the certain links and by all of them, days, reports, stories."""

    total: int
    channels: int
    origins: Counter[str]
    possible: Counter[str]
    days: Counter[datetime]
    reported: int
    stories: Counter[str]
    named: Counter[str]

    @classmethod
    def of(cls, evidence: Sequence[Evidence], channels: int) -> _Tally:
        largest = Counter(item.origin for item in evidence).most_common(1)[0][0]
        return cls(
            len(evidence),
            channels,
            Counter(item.origin for item in evidence),
            Counter(item.possible for item in evidence),
            Counter(day for item in evidence for day in item.days),
            sum(item.reports for item in evidence),
            Counter(item.story for item in evidence if item.story),
            Counter(item.named for item in evidence if item.named and item.origin == largest),
        )

    @property
    def an_echo(self) -> int:
        """How many documents make an echo if they have one origin."""
        return max(2, ceil(ECHO_SHARE * self.total))

    def counted(self) -> str:
        """How many origins."""
        low, high = len(self.possible), len(self.origins)
        many = f"{low}" if low == high else f"{low}–{high}"
        return f"{self.total} documents of {self.channels} channels have {many} origins"


def read_kind(evidence: Sequence[Evidence], channels: Sequence[str], shared: Sequence[str]) -> Reading:
    """The kind of a surge, why, and what would dismiss it.

    ``channels`` are names, most documents first; ``shared`` are ``happening_words`` of the documents.
    """
    tally = _Tally.of(evidence, len(channels))
    doubts = []
    copied, maybe = max(tally.origins.values()), max(tally.possible.values())
    if copied < tally.an_echo <= maybe:
        doubts.append(
            f"If the uncertain links hold, {maybe} of {tally.total} derive from one text: an echo, no more"
        )
    kind, reason, doubt = _echo(tally, copied) or _happening(tally, shared) or _UNEXPLAINED
    low, high = len(tally.possible), len(tally.origins)
    return Reading(kind, (low, high), (tally.counted(), reason), (*doubts, doubt))


_Why = tuple[SurgeKind, str, str]


def _echo(tally: _Tally, copied: int) -> _Why | None:
    if copied < tally.an_echo:
        return None
    name = min(tally.named.items(), key=lambda item: (-item[1], item[0]), default=("", 0))[0]
    source = f" ({name})" if name else ""
    return (
        SurgeKind.ECHO,
        f"{copied} of {tally.total} derive from one text{source}: it was passed on, not reported anew",
        "If that text is a routine wire story or an official notice, this is only how far it travelled",
    )


def _happening(tally: _Tally, shared: Sequence[str]) -> _Why | None:
    total, reported = tally.total, tally.reported
    confirmed = "If that happening is confirmed elsewhere, the attention has its reason"
    if tally.channels == 1:
        return (
            SurgeKind.SINGLE,
            "one channel alone turned to it",
            "An editorial choice of that channel, or an event nobody else in the case reports",
        )
    day, dated = min(tally.days.items(), key=lambda item: (-item[1], item[0]), default=(None, 0))
    if day is not None and dated >= max(2, EVENT_SHARE * total):
        reason = f"{dated} of {total} report something that happened on {day.date().isoformat()}"
        return SurgeKind.EVENT, reason, confirmed
    if reported < total / 2:
        return None
    told, largest = sum(tally.stories.values()), max(tally.stories.values(), default=0)
    if told >= total / 2 and largest >= max(2, EVENT_SHARE * total) and len(tally.origins) > 1:
        one = "one story" if told == largest else f"{len(tally.stories)} stories"
        reason = f"{told} of {total} tell {one} that began then, and {reported} report facts"
        return SurgeKind.EVENT, reason, confirmed
    if len(shared) >= _EVENT_WORDS:
        words = ", ".join(f"“{word}”" for word in shared)
        reason = f"{reported} of {total} report facts, and most share words that are rare elsewhere: {words}"
        return SurgeKind.EVENT, reason, confirmed
    return None


_UNEXPLAINED: _Why = (
    SurgeKind.UNPROMPTED,
    "no one happening explains it: few of the documents date anything to those days or tell the same",
    "An event of those days that these documents do not tell of, or that others reported first",
)
