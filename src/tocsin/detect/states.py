"""What is kept of a case from one run to the next, so that a day costs a day.

Everything that is found of one series, and of one subject by the scan, follows from what was published
before: all posts of all channels, those about the subject, who belongs to the group, and the dispersion
believed of the series. So what was found before some period, and where its fits stood there, holds as long as
a digest of these does. The period is a few before the last one, so that posts which come late are no matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tocsin.detect.baseline import Floats
from tocsin.detect.feed import Feed
from tocsin.detect.scan import LONGEST, Cluster, Steps
from tocsin.model.ids import digest, make_id
from tocsin.model.surges import SurgeState

if TYPE_CHECKING:
    import pyarrow as pa

    from tocsin.detect.watchers import Habits

__all__ = [
    "CELL",
    "LEAD",
    "QUIET",
    "Kept",
    "Rows",
    "ScanState",
    "SeriesState",
    "channels_state",
    "kept_of",
    "kept_until",
    "marked",
    "scan_state",
    "series_state",
]

#: Periods before the last one up to which posts may come late and cost no more for it.
_LATE = {"day": 7, "hour": 48}
#: Walks go on so many periods before what is kept ends: the longest window looks back so far.
LEAD = LONGEST - 1
#: A score of a series that is not what half of all chance would give; ``shown`` are the posts in its window.
CELL = np.dtype([("time", "<i4"), ("window", "<i4"), ("score", "<f8"), ("shown", "<f8"), ("phi", "<f8")])
#: What could be an alarm in a quiet history, by draw (of the scan: by world).
QUIET = np.dtype([("draw", "<i4"), ("time", "<i4"), ("window", "<i4"), ("score", "<f8")])
_CHANNELS, _SERIES, _SCAN = "channels", "series", "scan"

Rows = NDArray[Any]


@dataclass(frozen=True, slots=True)
class SeriesState:
    """One series: the dispersion believed, coefficients and dispersion of its fit and the sums of its
    residuals ``LEAD`` periods before what is kept ends, and what was found before that end."""

    believed: float
    fit: Floats
    sums: Floats
    cells: Rows
    quiet: Rows


@dataclass(frozen=True, slots=True)
class ScanState:
    """The scan of one subject: the sums of its dispersion, and its clusters by time, to the same periods."""

    sums: Floats
    clusters: Sequence[tuple[int, Cluster]]
    quiet: Rows


@dataclass(frozen=True, slots=True)
class Kept:
    """What an earlier run has left that holds for this feed: all before period ``until`` (0: nothing)."""

    until: int
    channels: SurgeState | None
    rows: Mapping[tuple[str, str], SurgeState]

    def unless_more_is_drawn(self, judged: int) -> Kept:
        """The same, or nothing where fewer periods are judged than were: then more histories are drawn."""
        before = 0 if self.channels is None else int(np.frombuffer(self.channels.quiet, "<i4")[1])
        return self if judged >= before else Kept(0, None, {})

    def rhythms(self, present: Floats) -> tuple[Floats, Floats | None]:
        """The exposure of every channel before ``until``, and where its fit stood: NaN if it did nowhere.

        ``present`` are the periods in which channels were collected, ``(channels, periods)``.
        """
        exposure = np.zeros((len(present), self.until))
        if self.channels is None:
            return exposure, None
        exposure[present[:, : self.until] > 0] = np.frombuffer(self.channels.found, "<f4")
        states = np.frombuffer(self.channels.state, "<f8")
        known = int(np.frombuffer(self.channels.quiet, "<i4")[0])
        start = np.full((len(present), len(states) // max(known, 1)), np.nan)
        start[:known] = states.reshape(known, -1)
        return exposure, start

    def series(self, key: str, mark: str) -> SeriesState | None:
        """What is kept of a series, if it is still the same."""
        row = self.rows.get((_SERIES, key))
        if row is None or row.digest != mark:
            return None
        state = np.frombuffer(row.state, "<f8")
        cells, quiet = np.frombuffer(row.found, CELL), np.frombuffer(row.quiet, QUIET)
        return SeriesState(float(state[0]), state[1:4], state[4:7], cells, quiet)

    def scan(self, key: str, subject: int) -> ScanState:
        """What is kept of the scan of a subject; it holds where that of the series of all channels does."""
        row = self.rows[_SCAN, key]
        numbers = np.frombuffer(row.found, "<f8")
        clusters, at = [], 0
        while at < len(numbers):
            time, window, statistic, observed, expected, phi, many = numbers[at : at + 7].tolist()
            chosen = tuple(int(channel) for channel in numbers[at + 7 : at + 7 + int(many)])
            found = Cluster(subject, chosen, int(window), statistic, observed, expected, phi)
            clusters.append((int(time), found))
            at += 7 + int(many)
        return ScanState(np.frombuffer(row.state, "<f8"), clusters, np.frombuffer(row.quiet, QUIET))


def kept_until(feed: Feed) -> int:
    """The period before which all is to be kept of a feed for the next run."""
    return max(0, feed.periods - 1 - _LATE[feed.step])


def kept_of(rows: pa.Table | None, feed: Feed) -> Kept:
    """What holds of ``surge_states`` of an earlier run: nothing where other posts were published before."""
    from tocsin.model.arrow import rows_of
    from tocsin.model.tables import SURGE_STATES

    found = {(row.kind, row.key): row for row in rows_of(rows, SURGE_STATES)} if rows is not None else {}
    channels = found.pop((_CHANNELS, ""), None)
    if channels is None or not 0 < channels.until < feed.periods:
        return Kept(0, None, {})
    if channels.digest != _published(feed, channels.until):
        return Kept(0, None, {})
    return Kept(channels.until, channels, found)


def _published(feed: Feed, until: int) -> str:
    """The digest of how much every channel published in every period before ``until``."""
    number = int(np.searchsorted(feed.period, until))
    channels = int(feed.channel[:number].max(initial=-1)) + 1
    flat, posts = np.unique(feed.period[:number] << 32 | feed.channel[:number], return_counts=True)
    names = make_id(feed.step, feed.origin.isoformat(), until, *feed.channels[:channels])
    return make_id("published", names, digest(flat.tobytes()), digest(posts.tobytes()))


def marked(feed: Feed, steps: Sequence[Steps], members: Floats, until: int) -> list[list[str]]:
    """The digests of what the series of each group and subject follow from before ``until``, beside all
    posts: by group and subject. ``members`` is ``(groups, channels)``."""
    number = int(np.searchsorted(feed.period, until))
    channels = int(feed.channel[:number].max(initial=-1)) + 1
    groups = [digest(member[:channels].tobytes()) for member in members]
    about = []
    for one in steps:
        end = int(np.searchsorted(one.period, until))
        about.append(digest(b"".join(np.ascontiguousarray(part[:end]).tobytes() for part in one)))
    return [[make_id(group, subject) for subject in about] for group in groups]


def channels_state(feed: Feed, until: int, habits: Habits, judged: int) -> SurgeState:
    """The row of all channels, and of how many periods are judged."""
    number = int(np.searchsorted(feed.period, until))
    channels = int(feed.channel[:number].max(initial=-1)) + 1
    cells = habits.exposure[:channels, :until][habits.collected[:channels, :until] > 0]
    return SurgeState(
        _CHANNELS,
        "",
        until,
        _published(feed, until),
        habits.states[:channels].astype("<f8").tobytes(),
        cells.astype("<f4").tobytes(),
        np.array([channels, judged], "<i4").tobytes(),
    )


def series_state(key: str, until: int, mark: str, state: SeriesState) -> SurgeState:
    """The row of one series."""
    numbers = np.r_[state.believed, state.fit, state.sums].astype("<f8")
    cells = state.cells[state.cells["time"] < until]
    quiet = state.quiet[state.quiet["time"] < until]
    return SurgeState(_SERIES, key, until, mark, numbers.tobytes(), cells.tobytes(), quiet.tobytes())


def scan_state(key: str, until: int, mark: str, state: ScanState) -> SurgeState:
    """The row of the scan of one subject."""
    quiet = state.quiet[state.quiet["time"] < until]
    flat = [number for cluster in _before(state.clusters, until) for number in cluster]
    found = np.array(flat, "<f8").tobytes()
    return SurgeState(_SCAN, key, until, mark, state.sums.astype("<f8").tobytes(), found, quiet.tobytes())


def _before(clusters: Iterable[tuple[int, Cluster]], until: int) -> Iterable[tuple[float, ...]]:
    for time, c in clusters:
        if time < until:
            numbers = (c.window, c.statistic, c.observed, c.expected, c.dispersion)
            yield (time, *numbers, len(c.channels), *c.channels)
