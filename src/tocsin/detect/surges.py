"""The stage ``surges``: alarms of a case, the series behind each, and what was looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tocsin.detect.alarms import Episode, Rules
from tocsin.detect.baseline import Floats, Ints
from tocsin.detect.chance import keys_of
from tocsin.detect.describe import Context, channels_of, describe, habits_behind, points_of
from tocsin.detect.events import Candidate, apply_budget, merge_candidates, merge_clusters
from tocsin.detect.feed import Feed, subject_counts
from tocsin.detect.inputs import Given, Group, dated_days, feed_from, groups_of, provenance_of
from tocsin.detect.kinds import Usual
from tocsin.detect.watchers import (
    Habits,
    ScanFindings,
    ScanWatched,
    SeriesFindings,
    SeriesWatched,
    Walks,
    expected_posts,
    habits_of,
    scan_feed,
    walks_of,
    watch_series,
)
from tocsin.model.surges import Surge, SurgeChannel, SurgePoint, SurgeScope
from tocsin.model.tables import SURGE_CHANNELS, SURGE_POINTS, SURGE_SCOPE, SURGES, Table

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["METHOD", "Alarms", "Options", "Watched", "detect_surges", "watch"]

METHOD = "surges-2"
_PER_30_DAYS = {"day": 30, "hour": 30 * 24}
#: The share of the accepted false alarms each of the two detectors may use. Not a half: they often raise the
#: same alarm (the fewer are accepted the less often), and the simulated worlds allow for errors of the habit
#: that cancel in a real one. Set on 54 worlds of invented and 14 of real rhythms (seeds from 1000) and 29 of
#: seeds from 2000; ``benchmarks/detect/worlds.py`` measures on others.
_SHARE = 0.62
#: Other documents whose words are looked at.
_ELSEWHERE = 2000
_WEEK = {"day": 7, "hour": 7 * 24}


@dataclass(frozen=True, slots=True)
class Options:
    """The settings of the stage."""

    step: str
    false_alarms: float
    per_week: int
    evidence: int

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Options:
        return cls(
            str(settings["surges.step"]),
            float(settings["surges.false_alarms"]),
            int(settings["surges.per_week"]),
            int(settings["surges.evidence"]),
        )

    def rules(self) -> Rules:
        """What each of the two detectors may raise where nothing happens."""
        return Rules(self.false_alarms * _SHARE, _PER_30_DAYS[self.step], self.evidence)


def detect_surges(given: Given) -> dict[str, pa.Table]:
    """Read documents and what they turn to, links and stories; write ``surges``, ``surge_channels``,
    ``surge_points``, ``surge_scope``."""
    from tocsin.model.arrow import table_of

    options = Options.of(given.settings)
    feed = feed_from(given, options.step, options.evidence)
    surges: list[Surge] = []
    parts: list[SurgeChannel] = []
    points: list[SurgePoint] = []
    found: Alarms | None = None
    if feed.subjects:
        found = watch(feed, groups_of(given, feed), options).alarms(options)
        context = _context(given, feed, found.habits, found.decided)
        behind = habits_behind(feed, found.walks, found.decided)
        for candidate, habit in zip(found.decided, behind, strict=True):
            surge = describe(candidate, habit, context)
            surges.append(surge)
            parts += channels_of(surge.surge_id, candidate, habit, feed)
            points += points_of(surge.surge_id, candidate, habit, feed)
    held = sum(surge.held for surge in surges)
    scope = _scope(feed, found, options, (len(surges) - held, held))
    tables: tuple[tuple[list[Any], Table], ...] = (
        (surges, SURGES),
        (parts, SURGE_CHANNELS),
        (points, SURGE_POINTS),
        ([scope], SURGE_SCOPE),
    )
    return {table.name: table_of(_ordered(rows, table), table) for rows, table in tables}


def _ordered(rows: list[Any], table: Table) -> list[Any]:
    return sorted(rows, key=lambda row: [getattr(row, name) for name in table.order])


@dataclass(frozen=True, slots=True)
class Alarms:
    """What was found in a feed, and from what: ``decided`` are all alarms, those held back included."""

    habits: Habits
    walks: Walks
    series: Sequence[tuple[Group, int]]
    watched: SeriesFindings
    scanned: ScanFindings
    decided: list[Candidate]


@dataclass(frozen=True, slots=True)
class Watched:
    """A feed with everything scored. Alarms of any budget come from it without scoring again."""

    feed: Feed
    habits: Habits
    walks: Walks
    series: Sequence[tuple[Group, int]]
    watched: SeriesWatched
    scanned: ScanWatched

    def alarms(self, options: Options) -> Alarms:
        """The alarms of a budget; step and evidence must be those with which the feed was watched."""
        watched = self.watched.findings(options.rules())
        scanned = self.scanned.findings(options.rules())
        decided = _decide(self.feed, watched, scanned, self.series, options)
        return Alarms(self.habits, self.walks, self.series, watched, scanned, decided)


def watch(feed: Feed, groups: Sequence[Group], options: Options) -> Watched:
    """Watch every series of every group and every set of channels; the first group must hold all channels."""
    habits = habits_of(feed)
    walks = walks_of(feed, habits)
    series, counts, exposure = _all_series(feed, walks, groups, options)
    named = ((feed.subjects[one].type, feed.subjects[one].key, group.label) for group, one in series)
    watched = watch_series(counts, exposure, options.step, options.rules(), keys_of(named))
    scanned = scan_feed(walks, watched.found.phi[: len(feed.subjects)], options.rules())
    return Watched(feed, habits, walks, series, watched, scanned)


def _all_series(
    feed: Feed, walks: Walks, groups: Sequence[Group], options: Options
) -> tuple[list[tuple[Group, int]], Ints, Floats]:
    """Every series (group, subject) with its counts and exposure; those of all channels first, in order of
    subjects."""
    members = np.stack([group.member(len(feed.channels)) for group in groups])
    everything = range(len(feed.subjects))
    expected = expected_posts(walks, everything, members.astype(np.float64))
    names: list[tuple[Group, int]] = []
    counts, exposures = [], []
    for number, (group, member) in enumerate(zip(groups, members, strict=True)):
        found = subject_counts(feed, everything, member)
        enough = np.flatnonzero(found.sum(axis=1) >= (options.evidence if number else 0))
        names += [(group, int(subject)) for subject in enough]
        counts.append(found[enough])
        exposures.append(expected[number, enough])
    return names, np.concatenate(counts), np.concatenate(exposures)


def _decide(
    feed: Feed,
    watched: SeriesFindings,
    scanned: ScanFindings,
    series: Sequence[tuple[Group, int]],
    options: Options,
) -> list[Candidate]:
    rules = options.rules()
    dispersion = np.nan_to_num(watched.found.phi, nan=1.0)
    found = merge_clusters(scanned, rules.quiet, dispersion)
    found += [_candidate(event, watched, series) for event in watched.events]
    return apply_budget(merge_candidates(feed, found), options.per_week, _WEEK[options.step])


def _candidate(event: Episode, watched: SeriesFindings, series: Sequence[tuple[Group, int]]) -> Candidate:
    group, subject = series[event.series]
    q = float(watched.q[event.series, event.peak])
    return Candidate(
        detector="series",
        subject=subject,
        group=group.label,
        channels=group.channels,
        start=event.start,
        raised=event.raised,
        end=event.end,
        peak=event.peak,
        window=event.window,
        q=q,
        rank=-float(np.log10(max(q, 1e-300))),
        dispersion=float(watched.found.phi[event.series, event.peak]),
    )


def _context(given: Given, feed: Feed, habits: Habits, decided: Sequence[Candidate]) -> Context:
    """Origins, stories and dated happenings of the documents of the alarms."""
    wanted = {feed.documents[index] for candidate in decided for index in candidate.documents}
    provenance = provenance_of(given, wanted)
    if not wanted:
        return Context(feed, habits, provenance, {}, {}, Usual.of(()), METHOD)
    documents = given.table("documents", ("document_id", "text"))
    identifiers, every = documents.column("document_id").to_pylist(), documents.column("text").to_pylist()
    texts = {document: text for document, text in zip(identifiers, every, strict=True) if document in wanted}
    others = [text for document, text in zip(identifiers, every, strict=True) if document not in wanted]
    # The table has a canonical order, so that the sample is the same whatever the order of reading.
    sample = others[:: max(1, len(others) // _ELSEWHERE)]
    usual = Usual.of(sample)
    return Context(feed, habits, provenance, dated_days(given, wanted), texts, usual, METHOD)


def _scope(
    feed: Feed,
    found: Alarms | None,
    options: Options,
    outcome: tuple[int, int],
) -> SurgeScope:
    known = np.isfinite(found.watched.found.mean).any(axis=0) if found else np.zeros(0, dtype=bool)
    judged = int(known.sum())
    reasons = []
    if not feed.subjects:
        reasons.append(f"no place, name, narrative or source is in {options.evidence} dated documents")
    elif not judged:
        reasons.append(f"{feed.periods} {options.step}s are too few to know a habit from")
    return SurgeScope(
        scope_id="surges",
        step=options.step,
        first=feed.when(0) if feed.periods else None,
        last=feed.when(feed.periods) if feed.periods else None,
        scored_from=feed.when(int(known.argmax())) if judged else None,
        documents=len(feed.documents),
        undated=feed.undated,
        channels=len(feed.channels),
        subjects=len(feed.subjects),
        series=len(found.series) if found else 0,
        periods=judged,
        score_needed=found.watched.threshold if found and judged else 0.0,
        statistic_needed=found.scanned.threshold if found and np.isfinite(found.scanned.threshold) else 0.0,
        false_alarms=options.false_alarms,
        raised=outcome[0],
        held=outcome[1],
        reasons=tuple(reasons),
        method=METHOD,
    )
