"""Surges: when channels turn to a subject far above their habit, and what was looked at to say so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

__all__ = ["Surge", "SurgeChannel", "SurgeKind", "SurgePoint", "SurgeScope", "SurgeState"]


class SurgeKind(StrEnum):
    """What sort of surge it looks like; an analyst must see unprompted attention first."""

    ECHO = "wire-copy echo"  # most of the documents have one origin
    EVENT = "event-driven"  # many origins, and many of the documents date a happening to those days
    SINGLE = "one channel's turn"  # one channel alone, about which nothing else can be said
    UNPROMPTED = "unprompted attention"  # many channels and origins, and no such happening in the case


@dataclass(frozen=True, slots=True)
class Surge:
    """One alarm. One row of ``surges``.

    ``detector`` is ``series`` (the posts of a group of channels about a subject) or ``scan`` (the set of
    channels that rose together). ``start`` to ``end`` is the event (``end`` exclusive), ``raised`` the end
    of the period that raised the alarm. ``observed`` and ``expected`` are documents in the window that
    scored highest, from ``window_start``; ``low`` and ``high`` hold 95 % of what was expected there.
    ``score`` is -log10 of p. ``q`` is p corrected for everything looked at in that period. ``held`` alarms
    are over the budget: kept in the table, not raised. ``origins_low`` counts independent origins if every
    link between its documents holds, ``origins`` if only the certain ones do. ``evidence`` are its documents,
    earliest in this corpus first.
    """

    surge_id: str
    detector: str
    kind: str
    subject_type: str
    subject_key: str
    subject: str
    channel_group: str
    start: datetime
    raised: datetime
    end: datetime
    window_start: datetime
    step: str
    observed: int
    expected: float
    low: float
    high: float
    dispersion: float
    score: float
    p: float
    q: float
    held: bool
    channels: tuple[str, ...]
    documents: int
    origins_low: int
    origins: int
    evidence: tuple[str, ...]
    related: tuple[str, ...]
    reasons: tuple[str, ...]
    dismiss: tuple[str, ...]
    method: str


@dataclass(frozen=True, slots=True)
class SurgeChannel:
    """What one channel has to do with one alarm. One row of ``surge_channels``.

    ``channel`` is how the channel is listed for people. ``documents`` are its documents of the event,
    ``observed`` those in the window that scored highest and ``expected`` how many those would be by habit.
    """

    surge_id: str
    channel_key: str
    channel: str
    documents: int
    observed: int
    expected: float


@dataclass(frozen=True, slots=True)
class SurgePoint:
    """One period of the series of one alarm, for its chart. One row of ``surge_points``.

    ``expected``, ``low`` and ``high`` are None where nothing could be forecast; ``collected`` says whether
    any of the channels was being collected.
    """

    surge_id: str
    period: datetime
    observed: int
    expected: float | None
    low: float | None
    high: float | None
    collected: bool


@dataclass(frozen=True, slots=True)
class SurgeScope:
    """What was looked at. The one row of ``surge_scope``.

    Nothing can be said before ``scored_from``; None means the case is too short to say anything.
    ``score_needed`` and ``statistic_needed`` are the thresholds of the series and of the scan.
    """

    scope_id: str
    step: str
    first: datetime | None
    last: datetime | None
    scored_from: datetime | None
    documents: int
    undated: int
    channels: int
    subjects: int
    series: int
    periods: int
    score_needed: float
    statistic_needed: float
    false_alarms: float
    raised: int
    held: int
    reasons: tuple[str, ...]
    method: str


@dataclass(frozen=True, slots=True)
class SurgeState:
    """What the next run goes on from, so that a day costs a day. One row of ``surge_states``.

    ``kind`` is ``channels`` (one row: the rhythm of all), ``series`` or ``scan`` (by subject). Before period
    ``until`` what was found stands as long as ``digest``, that of what it follows from, does.
    """

    kind: str
    key: str
    until: int
    digest: str
    state: bytes
    found: bytes
    quiet: bytes
