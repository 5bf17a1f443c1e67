"""From findings of the detectors to alarms: one alarm for one event, and no more than the budget allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tocsin.detect.baseline import Ints
from tocsin.detect.feed import Feed
from tocsin.detect.scan import Cluster
from tocsin.detect.sets import ScanFindings

__all__ = ["Candidate", "apply_budget", "documents_of", "merge_candidates", "merge_clusters"]

#: Two findings are one event when this share of the smaller one's documents is the other's too.
_SHARED = 0.5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A finding of either detector, in periods of the feed; ``end`` is included.

    ``channels`` are the numbers of the channels looked at: a whole group, or the set of the scan. The window
    that scored highest ends at ``peak``. ``q`` is corrected for everything looked at in that period. ``rank``
    orders findings: the corrected evidence, -log10.
    """

    detector: str
    subject: int
    group: str
    channels: tuple[int, ...]
    start: int
    raised: int
    end: int
    peak: int
    window: int
    q: float
    rank: float
    dispersion: float
    documents: tuple[int, ...] = ()
    related: tuple[int, ...] = ()
    held: bool = False


def documents_of(feed: Feed, subject: int, channels: Sequence[int], start: int, end: int) -> Ints:
    """The documents about a subject that some channels published in periods ``start`` to ``end``
    (included), by time."""
    chosen = np.sort(feed.pair_document[feed.pair_subject == subject])
    period = feed.period[chosen]
    inside = (period >= start) & (period <= end) & np.isin(feed.channel[chosen], np.asarray(channels))
    found: Ints = chosen[inside]
    return found


def merge_clusters(findings: ScanFindings, quiet: int) -> list[Candidate]:
    """The clusters of one subject in neighbouring periods are one event; its channels are those of the
    highest."""
    by_subject: dict[int, list[tuple[int, Cluster, float]]] = {}
    for item in sorted(findings.found, key=lambda item: (item[1].subject, item[0])):
        by_subject.setdefault(item[1].subject, []).append(item)
    merged = []
    for subject, items in by_subject.items():
        runs: list[list[tuple[int, Cluster, float]]] = []
        for item in items:
            if runs and item[0] - runs[-1][-1][0] <= quiet + 1:
                runs[-1].append(item)
            else:
                runs.append([item])
        for run in runs:
            peak, best, p = max(run, key=lambda item: (item[1].statistic, -item[0]))
            length = best.window
            first = run[0][0] - run[0][1].window + 1
            merged.append(
                Candidate(
                    detector="scan",
                    subject=subject,
                    group="",
                    channels=best.channels,
                    start=max(0, min(first, peak - length + 1)),
                    raised=run[0][0],
                    end=run[-1][0],
                    peak=peak,
                    window=length,
                    q=p,
                    rank=-float(np.log10(max(p, 1e-300))),
                    dispersion=best.dispersion,
                )
            )
    return merged


def merge_candidates(feed: Feed, found: Sequence[Candidate]) -> list[Candidate]:
    """One candidate for each event, strongest kept: findings of the same documents are one event.

    The kept one is raised when the first of its findings was, and lists the other subjects as related.
    """
    kept: list[Candidate] = []
    order = sorted(found, key=lambda c: (-c.rank, c.start, c.subject, c.group))
    for candidate in order:
        mine = documents_of(feed, candidate.subject, candidate.channels, candidate.start, candidate.end)
        for place, other in enumerate(kept):
            smaller = min(len(mine), len(other.documents))
            if smaller and len(np.intersect1d(mine, other.documents)) >= _SHARED * smaller:
                related = other.related
                if candidate.subject != other.subject and candidate.subject not in related:
                    related = (*related, candidate.subject)
                # The earlier of the two alarms is when a person would have been told.
                kept[place] = replace(other, raised=min(other.raised, candidate.raised), related=related)
                break
        else:
            kept.append(replace(candidate, documents=tuple(mine.tolist())))
    return kept


def apply_budget(found: Sequence[Candidate], per_week: int, week: int) -> list[Candidate]:
    """Hold back what exceeds ``per_week`` alarms in any ``week`` periods.

    Decided as time goes by: an alarm once raised is never taken back for a stronger one. So that a busy week
    does not spend its alarms on what came first, one must be among the strongest ``4 * per_week`` of the last
    four weeks, and for the last place of a week among the strongest ``per_week``.
    """
    raised: list[int] = []
    decided: list[Candidate] = []
    for candidate in sorted(found, key=lambda c: (c.raised, -c.rank, c.subject, c.group)):
        left = per_week - sum(1 for time in raised if candidate.raised - time < week)
        before = sorted((c.rank for c in decided if candidate.raised - c.raised < 4 * week), reverse=True)
        places = per_week if left == 1 < per_week else 4 * per_week
        held = left < 1 or (len(before) >= places and candidate.rank <= before[places - 1])
        if not held:
            raised.append(candidate.raised)
        decided.append(replace(candidate, held=held))
    return decided
