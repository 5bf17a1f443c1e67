"""One alarm in full: its numbers, its documents, why it was raised and what would dismiss it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from tocsin.detect.baseline import Floats, Forecasts, Resume, forecasts
from tocsin.detect.events import Candidate
from tocsin.detect.feed import STEPS, Feed, Subject
from tocsin.detect.inputs import Provenance
from tocsin.detect.kinds import Evidence, Usual, happening_words, read_kind
from tocsin.detect.scores import interval, mid_p
from tocsin.detect.watchers import Habits, Walks, baseline_for, expected_in_window, posts_about
from tocsin.model.ids import make_id
from tocsin.model.surges import Surge, SurgeChannel, SurgePoint

__all__ = ["Context", "Habit", "channels_of", "describe", "habits_behind", "points_of"]

#: Documents whose words are compared.
_READ = 40
#: Documents listed with an alarm, and periods drawn before and after it.
_EVIDENCE, _BEFORE, _AFTER = 200, 60, 7
#: A channel read for less than so many periods before the alarm has no habit to speak of.
_NEW = 14


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of the documents of all alarms.

    ``days`` are those to which a document dates what it reports as a fact; it has a document only if that
    reports facts at all. ``elsewhere`` says which words are usual in other documents.
    """

    feed: Feed
    habits: Habits
    provenance: Provenance
    days: Mapping[str, frozenset[datetime]]
    texts: Mapping[str, str]
    elsewhere: Usual
    method: str


@dataclass(frozen=True, slots=True)
class Habit:
    """The series behind an alarm from period ``first`` on: documents of its channels about its subject, and
    the forecasts of it.

    ``by_channel`` is what each channel would publish in the window that scored highest; together that is what
    was forecast.
    """

    first: int
    counts: Floats
    found: Forecasts
    exposure: Floats
    by_channel: Floats

    def over(self, start: int, end: int) -> tuple[int, float, float]:
        """Documents, expectation and variance of periods ``start`` to ``end`` (included)."""
        span = slice(start - self.first, end + 1 - self.first)
        mean = np.nan_to_num(self.found.mean[0, span])
        noise = float((mean * np.nan_to_num(self.found.phi[0, span], nan=1.0)).sum())
        bias = float((mean * np.nan_to_num(self.found.error[0, span])).sum())
        return int(self.counts[span].sum()), float(mean.sum()), noise + bias**2


def habits_behind(feed: Feed, walks: Walks, candidates: Sequence[Candidate]) -> Iterator[Habit]:
    """For each candidate the series of its channels about its subject, from ``_BEFORE`` periods before the
    alarm to ``_AFTER`` after it, forecast for every period of them."""
    spec = baseline_for(feed.step)
    for candidate in candidates:
        member = np.zeros(len(feed.channels))
        member[list(candidate.channels)] = 1.0
        begin, last = candidate.peak - candidate.window + 1, candidate.peak
        first, end = max(0, candidate.start - _BEFORE), min(feed.periods, candidate.end + 1 + _AFTER)
        low = max(0, first - spec.reach)
        subject, span = candidate.subject, (low, end)
        exposure, each = expected_in_window(walks, subject, member, span, (begin, last))
        counts = posts_about(walks, subject, member, span)
        found = forecasts(
            counts[None],
            exposure[None],
            range(first - low, end - low),
            spec,
            dispersion=np.array([candidate.dispersion]),
            resume=Resume(low),
        )
        forecast = float(np.nan_to_num(found.mean[0, begin - first : last + 1 - first]).sum())
        by_channel = each * member
        by_channel *= forecast / max(float(by_channel.sum()), 1e-12)
        yield Habit(first, counts[first - low :], found, exposure[first - low :], by_channel)


def describe(candidate: Candidate, habit: Habit, context: Context) -> Surge:
    """The row of one alarm."""
    feed = context.feed
    subject = feed.subjects[candidate.subject]
    begin = candidate.peak - candidate.window + 1
    observed, expected, variance = habit.over(begin, candidate.peak)
    low, high = interval(np.array([expected]), np.array([variance]))
    p = float(mid_p(np.array([observed]), np.array([expected]), np.array([variance]))[0])
    names = _contributors(feed, candidate)
    documents = [feed.documents[index] for index in candidate.documents]
    texts = [context.texts[document] for document in documents[:_READ] if document in context.texts]
    known = [feed.subjects[other].label for other in (candidate.subject, *candidate.related)]
    shared = happening_words(texts, context.elsewhere, known)
    reading = read_kind(_evidence(candidate, context), names, shared)
    reasons = [
        _headline(subject, observed, expected, (low[0], high[0]), feed.step, candidate.window),
        *reading.reasons,
    ]
    if candidate.detector == "scan" and len(candidate.channels) > 1:
        reasons.append(f"the {len(candidate.channels)} channels rose together: no single series had to")
    step = STEPS[feed.step]
    return Surge(
        surge_id=make_id(
            "surge",
            candidate.detector,
            subject.type,
            subject.key,
            candidate.group,
            _iso(feed, candidate.start),
        ),
        detector=candidate.detector,
        kind=str(reading.kind),
        subject_type=subject.type,
        subject_key=subject.key,
        subject=subject.label,
        channel_group=candidate.group or f"a set of {len(candidate.channels)} channels",
        start=feed.when(candidate.start),
        raised=feed.when(candidate.raised) + step,
        end=feed.when(candidate.end) + step,
        window_start=feed.when(begin),
        step=feed.step,
        observed=observed,
        expected=expected,
        low=float(low[0]),
        high=float(high[0]),
        dispersion=candidate.dispersion,
        score=-float(np.log10(max(p, 1e-300))),
        p=p,
        q=candidate.q,
        held=candidate.held,
        channels=tuple(names),
        documents=len(documents),
        origins_low=reading.origins[0],
        origins=reading.origins[1],
        evidence=tuple(documents[:_EVIDENCE]),
        related=tuple(feed.subjects[other].label for other in candidate.related),
        reasons=tuple(reasons),
        dismiss=(*reading.dismiss, *_doubts(candidate, habit, context)),
        method=context.method,
    )


def channels_of(surge_id: str, candidate: Candidate, habit: Habit, feed: Feed) -> list[SurgeChannel]:
    """The channels that published documents of an alarm, each beside its habit."""
    every = Counter(feed.channel[index] for index in candidate.documents)
    begin = candidate.peak - candidate.window + 1
    inside = Counter(
        feed.channel[index] for index in candidate.documents if begin <= feed.period[index] <= candidate.peak
    )
    return [
        SurgeChannel(
            surge_id,
            feed.channels[channel],
            feed.labels[channel],
            every[channel],
            inside[channel],
            float(habit.by_channel[channel]),
        )
        for channel in sorted(every)
    ]


def _evidence(candidate: Candidate, context: Context) -> list[Evidence]:
    feed, known, found = context.feed, context.provenance, []
    documents = [feed.documents[index] for index in candidate.documents]
    here = Counter(known.story[document] for document in documents if document in known.story)
    # A narrative tells one story by definition, and a story that began long before is no news.
    fresh = {
        story
        for story, number in here.items()
        if 2 * number >= known.sizes[story] and feed.subjects[candidate.subject].type != "narrative"
    }
    for index, document in zip(candidate.documents, documents, strict=True):
        story = known.story.get(document)
        found.append(
            Evidence(
                document,
                feed.channels[feed.channel[index]],
                known.certain[document],
                known.possible[document],
                known.named.get(document),
                _near(context.days.get(document, frozenset()), feed, candidate),
                document in context.days,
                story if story in fresh else None,
            )
        )
    return found


def _near(days: frozenset[datetime], feed: Feed, candidate: Candidate) -> frozenset[datetime]:
    """Of the days a document speaks of those from two days before the event to its end."""
    first = feed.when(candidate.start) - timedelta(days=2)
    return frozenset(day for day in days if first <= day <= feed.when(candidate.end))


def _iso(feed: Feed, period: int) -> str:
    return feed.when(period).isoformat()


def _headline(
    subject: Subject, observed: int, expected: float, bounds: tuple[float, float], step: str, window: int
) -> str:
    length = f"{window} {step}s" if window > 1 else f"one {step}"
    return (
        f"{observed} documents about {subject.label} in {length}; by habit {expected:.1f} "
        f"(95 % between {bounds[0]:.0f} and {bounds[1]:.0f})"
    )


def _contributors(feed: Feed, candidate: Candidate) -> list[str]:
    counts = Counter(feed.channel[index] for index in candidate.documents)
    order = sorted(counts, key=lambda channel: (-counts[channel], feed.channels[channel]))
    return [feed.labels[channel] for channel in order]


def _doubts(candidate: Candidate, habit: Habit, context: Context) -> list[str]:
    """What about the numbers themselves would dismiss the alarm."""
    feed, doubts = context.feed, []
    begin = candidate.peak - candidate.window + 1
    observed, expected, variance = habit.over(begin, candidate.peak)
    inside = [i for i in candidate.documents if begin <= feed.period[i] <= candidate.peak]
    counts = Counter(int(feed.channel[i]) for i in inside)
    if counts:
        top, many = min(counts.items(), key=lambda item: (-item[1], feed.channels[item[0]]))
        volume = context.habits.exposure[list(candidate.channels), begin : candidate.peak + 1].sum()
        kept = 1 - context.habits.exposure[top, begin : candidate.peak + 1].sum() / max(volume, 1e-9)
        rest, mean = observed - many, max(expected * kept, 1e-9)
        p = float(mid_p(np.array([rest]), np.array([mean]), np.array([max(variance * kept, mean)]))[0])
        name = feed.labels[top]
        if many > 1 and p > 0.01 and len(counts) > 1:
            doubts.append(
                f"If {name} has a reason of its own: without it {rest} documents remain, {mean:.1f} expected"
            )
    seen = context.habits.posts[:, : candidate.start] > 0
    started = np.where(seen.any(axis=1), candidate.start - seen.argmax(axis=1), 0)
    new = sorted(feed.labels[channel] for channel in counts if started[channel] < _NEW)
    if new:
        listed = ", ".join(new[:3]) + (" …" if len(new) > 3 else "")
        doubts.append(
            f"Hardly any habit is known of channels read for less than {_NEW} {feed.step}s before: {listed}"
        )
    return doubts


def points_of(surge_id: str, habit: Habit, feed: Feed) -> list[SurgePoint]:
    """The series behind an alarm, period by period."""
    mean, phi, error = habit.found.mean[0], habit.found.phi[0], habit.found.error[0]
    known = np.isfinite(mean)
    safe = np.where(known, mean, 1.0)
    variance = np.where(known, phi, 1.0) * safe + (safe * np.where(known, error, 0.0)) ** 2
    low, high = interval(safe, variance)
    return [
        SurgePoint(
            surge_id,
            feed.when(habit.first + index),
            int(habit.counts[index]),
            float(mean[index]) if known[index] else None,
            float(low[index]) if known[index] else None,
            float(high[index]) if known[index] else None,
            bool(habit.exposure[index] > 0),
        )
        for index in range(len(mean))
    ]
