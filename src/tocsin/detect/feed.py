"""The case as arrays: who published when, about which subjects, and who was being collected.

A subject is something documents can turn to: a place, a zone of places near one another, a country, a name,
a name together with a place, a narrative, a source that is quoted. A document counts once for each subject it
mentions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from tocsin.detect.baseline import Floats, Ints

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["STEPS", "Feed", "Subject", "channel_counts", "collected", "feed_of", "subject_counts"]

STEPS = {"day": timedelta(days=1), "hour": timedelta(hours=1)}
#: Times are whole microseconds from here.
_BEGIN, _TICK = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """``type`` is place, zone, country, name, name in place, narrative or source; ``key`` is its id in its
    table."""

    type: str
    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Feed:
    """Dated documents in the order of publication, and the pairs (document, subject), each pair once.

    ``period`` counts from ``origin`` in steps. ``elapsed`` is the share of the last period that has passed
    at the latest document: what comes later that day cannot have been collected. Channels are in the order
    of their first document, so that new ones are the last.
    """

    step: str
    origin: datetime
    documents: tuple[str, ...]
    channels: tuple[str, ...]
    labels: tuple[str, ...]
    channel: Ints
    period: Ints
    subjects: tuple[Subject, ...]
    pair_document: Ints
    pair_subject: Ints
    elapsed: float
    undated: int

    @property
    def periods(self) -> int:
        return int(self.period[-1]) + 1 if len(self.period) else 0

    def when(self, period: int) -> datetime:
        """The start of a period."""
        return self.origin + period * STEPS[self.step]


def feed_of(documents: pa.Table, mentions: Iterable[tuple[str, Subject]], step: str) -> Feed:
    """The feed of documents (id, channel, channel_id, published), and of (document id, subject) mentions.

    The order of neither matters. Documents without a date are counted and left out.
    """
    dated, undated = _dated(documents)
    label: dict[str, str] = {}
    for _, _, key, name in dated:
        label[key] = max(label.get(key, ""), name)
    channels = list(dict.fromkeys(row[2] for row in dated))
    number = {key: index for index, key in enumerate(channels)}
    position = {row[1]: index for index, row in enumerate(dated)}
    known = [(subject, position[found]) for found, subject in mentions if found in position]
    subjects = sorted({subject for subject, _ in known})
    place = {subject: index for index, subject in enumerate(subjects)}
    # By subject and time, each once.
    pairs = np.unique(np.array([place[subject] * len(dated) + index for subject, index in known], np.int64))
    pair_subject, pair_document = np.divmod(pairs, max(len(dated), 1))
    length = STEPS[step] // _TICK
    origin = _floor(_BEGIN + dated[0][0] * _TICK, step) if dated else _BEGIN
    since = np.array([row[0] for row in dated], dtype=np.int64) - (origin - _BEGIN) // _TICK
    period = since // length
    elapsed = max(0.05, int(since[-1]) / length - int(period[-1])) if dated else 1.0
    return Feed(
        step,
        origin,
        tuple(row[1] for row in dated),
        tuple(channels),
        tuple(label[key] for key in channels),
        np.array([number[row[2]] for row in dated], dtype=np.int64),
        period,
        tuple(subjects),
        pair_document,
        pair_subject,
        elapsed,
        undated,
    )


def _dated(documents: pa.Table) -> tuple[list[tuple[int, str, str, str]], int]:
    """Time, id, key and name of the channel of each dated document, by time; and how many have no date."""
    import pyarrow as pa
    import pyarrow.compute as pc

    times = pc.cast(documents.column("published"), pa.timestamp("us", tz="UTC"))
    columns = (documents.column(name).to_pylist() for name in ("document_id", "channel_id", "channel"))
    rows = zip(pc.cast(times, pa.int64()).to_pylist(), *columns, strict=True)
    dated = [
        (when, document_id, channel_id or name or "", name or channel_id or "unknown channel")
        for when, document_id, channel_id, name in rows
        if when is not None
    ]
    dated.sort()
    return dated, documents.num_rows - len(dated)


def _floor(when: datetime, step: str) -> datetime:
    hour = when.replace(minute=0, second=0, microsecond=0)
    return hour if step == "hour" else hour.replace(hour=0)


def channel_counts(channel: Ints, period: Ints, channels: int, periods: int) -> Ints:
    """Posts of each channel in each period, zeros included: ``(channels, periods)``."""
    flat = np.bincount(channel * periods + period, minlength=channels * periods)
    return flat.reshape(channels, periods).astype(np.int64)


def subject_counts(feed: Feed, chosen: Sequence[int], member: Ints) -> Ints:
    """Documents about each chosen subject in each period by the channels of a group, ``(subjects, periods)``.

    ``member`` is 1 for each channel of the group and 0 for the others.
    """
    place = np.full(len(feed.subjects), -1, dtype=np.int64)
    place[list(chosen)] = np.arange(len(chosen))
    document = feed.pair_document
    keep = (place[feed.pair_subject] >= 0) & (member[feed.channel[document]] > 0)
    row, period = place[feed.pair_subject[keep]], feed.period[document[keep]]
    return channel_counts(row, period, len(chosen), feed.periods)


def collected(counts: Ints, grace: int = 2) -> Floats:
    """Which channels were being collected in which period, as far as could be known then: 1 or 0.

    From a channel's first post on, it counts as collected until it has been silent for ``grace`` periods
    and three times its mean interval so far; from then until its next post it counts as not collected,
    because an export that has ended and a channel that has gone silent look the same. Only the past is
    used.
    """
    periods = np.arange(counts.shape[1])
    seen = counts > 0
    started = np.maximum.accumulate(seen, axis=1)
    first = np.where(seen.any(axis=1), seen.argmax(axis=1), counts.shape[1])[:, None]
    last = np.maximum.accumulate(np.where(seen, periods, -1), axis=1)
    active = np.maximum(seen.cumsum(axis=1), 1)
    interval = (periods[None, :] - first + 1) / active
    present: Floats = (started & (periods - last <= grace + 3 * interval)).astype(np.float64)
    return present
