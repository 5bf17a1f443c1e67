"""The stage ``surges``: alarms of a case, the series behind each, and what was looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tocsin.detect.alarms import Episode, Rules
from tocsin.detect.chance import keys_of
from tocsin.detect.describe import Context, channels_of, describe, habits_behind, points_of
from tocsin.detect.events import Candidate, apply_budget, merge_candidates, merge_clusters
from tocsin.detect.feed import Feed
from tocsin.detect.inputs import Given, Group, dated_days, feed_from, groups_of, provenance_of
from tocsin.detect.kinds import Usual
from tocsin.detect.scan import LONGEST
from tocsin.detect.series import Looked, SeriesFindings, SeriesWatched, watch_series
from tocsin.detect.sets import ScanFindings, ScanWatched, scan_feed
from tocsin.detect.states import (
    Kept,
    channels_state,
    kept_of,
    kept_until,
    marked,
    scan_state,
    series_state,
)
from tocsin.detect.watchers import Habits, Walks, baseline_for, habits_of, walks_of
from tocsin.model.ids import make_id
from tocsin.model.surges import Surge, SurgeChannel, SurgePoint, SurgeScope, SurgeState
from tocsin.model.tables import SURGE_CHANNELS, SURGE_POINTS, SURGE_SCOPE, SURGE_STATES, SURGES, Table

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["METHOD", "Alarms", "Options", "Watched", "detect_surges", "watch"]

METHOD = "surges-3"
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
    ``surge_points``, ``surge_scope`` and, for the next run, ``surge_states``."""
    from tocsin.model.arrow import table_of

    options = Options.of(given.settings)
    feed = feed_from(given, options.step, options.evidence)
    surges: list[Surge] = []
    parts: list[SurgeChannel] = []
    points: list[SurgePoint] = []
    states: list[SurgeState] = []
    found: Alarms | None = None
    if feed.subjects:
        kept = kept_of(given.previous.get(SURGE_STATES.name), feed)
        watched = watch(feed, groups_of(given, feed), options, kept)
        states, found = watched.states(), watched.alarms(options)
        context = _context(given, feed, found.habits, found.decided)
        behind = habits_behind(feed, found.walks, found.decided)
        for candidate, habit in zip(found.decided, behind, strict=True):
            surge = describe(candidate, habit, context)
            surges.append(surge)
            parts += channels_of(surge.surge_id, candidate, habit, feed)
            points += points_of(surge.surge_id, habit, feed)
    held = sum(surge.held for surge in surges)
    scope = _scope(feed, found, options, (len(surges) - held, held))
    tables: tuple[tuple[list[Any], Table], ...] = (
        (surges, SURGES),
        (parts, SURGE_CHANNELS),
        (points, SURGE_POINTS),
        ([scope], SURGE_SCOPE),
        (states, SURGE_STATES),
    )
    return {table.name: table_of(_ordered(rows, table), table) for rows, table in tables}


def _ordered(rows: list[Any], table: Table) -> list[Any]:
    return sorted(rows, key=lambda row: [getattr(row, name) for name in table.order])


@dataclass(frozen=True, slots=True)
class Alarms:
    """What was found in a feed, and from what: ``decided`` are all alarms, those held back included."""

    habits: Habits
    walks: Walks
    judged: NDArray[np.bool_]
    series: int
    watched: SeriesFindings
    scanned: ScanFindings
    decided: list[Candidate]


@dataclass(frozen=True, slots=True)
class Watched:
    """A feed with everything scored. Alarms of any budget come from it without scoring again."""

    feed: Feed
    habits: Habits
    groups: Sequence[Group]
    looked: Looked
    series: SeriesWatched
    scan: ScanWatched

    def alarms(self, options: Options) -> Alarms:
        """The alarms of a budget; step and evidence must be those with which the feed was watched."""
        rules, looked = options.rules(), self.looked
        watched, scanned = self.series.findings(rules), self.scan.findings(rules)
        found = merge_clusters(scanned, rules.quiet)
        found += [self._candidate(event) for event in watched.events]
        decided = apply_budget(merge_candidates(self.feed, found), options.per_week, _WEEK[options.step])
        number = len(looked.series)
        return Alarms(self.habits, looked.walks, looked.judged, number, watched, scanned, decided)

    def _candidate(self, event: Episode) -> Candidate:
        number, subject = self.looked.series[event.series]
        q, dispersion = self.series.at(event.series, event.peak)
        return Candidate(
            detector="series",
            subject=subject,
            group=self.groups[number].label,
            channels=self.groups[number].channels,
            start=event.start,
            raised=event.raised,
            end=event.end,
            peak=event.peak,
            window=event.window,
            q=q,
            rank=-float(np.log10(max(q, 1e-300))),
            dispersion=dispersion,
        )

    def states(self) -> list[SurgeState]:
        """What is to be kept for the next run."""
        feed, looked, habits, until = self.feed, self.looked, self.habits, kept_until(self.feed)
        marks = marked(feed, looked.walks.steps, looked.members, until)
        keys = _state_keys(feed, self.groups, looked.series)
        rows = [channels_state(feed, until, habits, int(looked.judged.sum()))]
        for (group, subject), key, state in zip(looked.series, keys, self.series.states, strict=True):
            rows.append(series_state(key, until, marks[group][subject], state))
        for subject, scanned in enumerate(self.scan.states):
            rows.append(scan_state(keys[subject], until, marks[0][subject], scanned))
        return rows


def watch(feed: Feed, groups: Sequence[Group], options: Options, kept: Kept | None = None) -> Watched:
    """Watch every series of every group and every set of channels; the first group must hold all channels.

    ``kept`` is what an earlier run has left of the same feed.
    """
    kept = kept or kept_of(None, feed)
    until = kept_until(feed)
    habits = habits_of(feed, kept=kept, keep=until)
    looked = _looked(feed, groups, habits, options)
    kept = kept.unless_more_is_drawn(int(looked.judged.sum()))
    walks, series, ends = looked.walks, looked.series, (kept.until, until)
    marks = marked(feed, walks.steps, looked.members, kept.until)
    keys = _state_keys(feed, groups, series)
    known = [kept.series(key, marks[group][one]) for (group, one), key in zip(series, keys, strict=True)]
    watched = watch_series(looked, known, ends)
    before = [
        kept.scan(keys[subject], subject) if watched.resumed[subject] else None
        for subject in range(len(feed.subjects))
    ]
    rules = options.rules()
    scanned = scan_feed(walks, watched.phi[: len(before)], looked.judged, rules, (before, ends))
    return Watched(feed, habits, groups, looked, watched, scanned)


def _looked(feed: Feed, groups: Sequence[Group], habits: Habits, options: Options) -> Looked:
    """Every series (group, subject), those of all channels first, in order of subjects."""
    walks, spec = walks_of(feed, habits), baseline_for(options.step)
    members = np.stack([group.member(len(feed.channels)) for group in groups]).astype(np.float64)
    series = [(0, subject) for subject in range(len(feed.subjects))]
    for group in range(1, len(groups)):
        posts = (float(one.number @ members[group, one.channel]) for one in walks.steps)
        series += [(group, subject) for subject, many in enumerate(posts) if many >= options.evidence]
    keys = keys_of((feed.subjects[one].type, feed.subjects[one].key, groups[g].label) for g, one in series)
    # Something is expected of every subject where any channel is collected, but for the first periods.
    exposed = habits.collected.any(axis=0) & (np.arange(feed.periods) >= LONGEST)
    judged = spec.enough(exposed[None].astype(np.float64), np.arange(feed.periods))[0]
    return Looked(walks, spec, members, series, keys, judged, options.rules())


def _state_keys(feed: Feed, groups: Sequence[Group], series: Sequence[tuple[int, int]]) -> list[str]:
    subjects = ((feed.subjects[one], groups[group].label) for group, one in series)
    return [make_id(subject.type, subject.key, subject.label, group) for subject, group in subjects]


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
    known = found.judged if found else np.zeros(0, dtype=bool)
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
        series=found.series if found else 0,
        periods=judged,
        score_needed=found.watched.threshold if found and judged else 0.0,
        statistic_needed=found.scanned.threshold if found and np.isfinite(found.scanned.threshold) else 0.0,
        false_alarms=options.false_alarms,
        raised=outcome[0],
        held=outcome[1],
        reasons=tuple(reasons),
        method=METHOD,
    )
