"""What was read: channels, dates, languages, silences, duplicates and rejects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pyarrow.compute as pc

from tocsin.model import TABLES, DateBasis, Problem
from tocsin.model.arrow import rows_of
from tocsin.present.index import Channel, Index
from tocsin.present.source import InputFacts, RunFacts
from tocsin.present.words import day_range, joined, language_name, percent

__all__ = ["ChannelRow", "Corpus", "LanguageRow", "Silence", "corpus_of"]

_MOST_CHANNELS = 60
_MOST_FILES = 40
_MOST_PROBLEMS = 60
_MOST_SILENCES = 12
#: A channel's silence is worth a line when it is this long and this many times its usual interval.
_SILENT_DAYS = 3
_SILENT_TIMES = 5
#: Languages with a smaller share of a channel's documents are not named beside it.
_LEAST_SHARE = 0.02


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """One line of the table of channels. ``span`` and ``silence`` are in words."""

    channel: Channel
    documents: int
    undated: int
    span: str
    languages: str
    forwards: int
    silence: str


@dataclass(frozen=True, slots=True)
class LanguageRow:
    """How many documents are mostly in one language."""

    code: str
    name: str
    documents: int
    share: str


@dataclass(frozen=True, slots=True)
class Silence:
    """Days inside the range on which nothing at all was read."""

    span: str
    days: int


@dataclass(frozen=True, slots=True)
class Corpus:
    """What was read. ``hidden_*`` count what is left out of the brief."""

    documents: int
    channels: tuple[ChannelRow, ...]
    hidden_channels: int
    named_channels: int
    without_channel: int
    first: datetime | None
    last: datetime | None
    without_date: int
    date_bases: tuple[tuple[str, int], ...]
    languages: tuple[LanguageRow, ...]
    mixed: int
    silences: tuple[Silence, ...]
    hidden_silences: int
    seen_again: int
    same_words: int
    skipped: tuple[tuple[str, int], ...]
    inputs: tuple[InputFacts, ...]
    hidden_inputs: int
    problems: tuple[Problem, ...]
    hidden_problems: int
    problem_count: int
    lost: int


def _silences(days: Sequence[date]) -> list[Silence]:
    found = []
    for before, after in pairwise(days):
        missing = (after - before).days - 1
        if missing > 0:
            start, end = before + timedelta(days=1), after - timedelta(days=1)
            words = day_range(_noon(start), _noon(end))
            found.append(Silence(words, missing))
    return sorted(found, key=lambda s: -s.days)


def _noon(value: date) -> datetime:
    return datetime(value.year, value.month, value.day)  # noqa: DTZ001  only its date is printed


def _channel_silence(dates: Sequence[datetime]) -> str:
    """The longest silence of a channel if it is out of proportion to its usual interval, in words."""
    if len(dates) < 5:
        return ""
    steps = [(after - before, before, after) for before, after in pairwise(dates)]
    longest, before, after = max(steps, key=lambda step: step[0])
    usual = sorted(step[0] for step in steps)[len(steps) // 2]
    if longest < timedelta(days=_SILENT_DAYS) or longest < _SILENT_TIMES * usual:
        return ""
    return f"{day_range(before, after, short=True)} ({longest.days} days)"


def _channel_rows(index: Index, languages: dict[int, str]) -> list[ChannelRow]:
    members: dict[Channel, list[int]] = {}
    for row, channel in enumerate(index.channels):
        members.setdefault(channel, []).append(row)
    made = []
    for channel, rows in members.items():
        dates = sorted(d for d in (index.published[row] for row in rows) if d)
        spoken = Counter(languages.get(row, "und") for row in rows)
        ranked = [(code, n) for code, n in _ranked(spoken)[:4] if n >= _LEAST_SHARE * len(rows)]
        named = [f"{language_name(code)} {percent(n, len(rows))}" for code, n in ranked]
        if len(ranked) == 1:
            named = [language_name(ranked[0][0])]
        made.append(
            ChannelRow(
                channel=channel,
                documents=len(rows),
                undated=len(rows) - len(dates),
                span=day_range(dates[0], dates[-1], short=True) if dates else "",
                languages=joined(named, last="and"),
                forwards=sum(1 for row in rows if index.forwarded_from[row]),
                silence=_channel_silence(dates) if channel.key else "",
            )
        )
    # Documents of no known channel come last whatever their number: they are no publisher.
    return sorted(
        made, key=lambda r: (r.channel.key is None, -r.documents, r.channel.name or "", r.channel.key or "")
    )


def _ranked(tally: Counter[str]) -> list[tuple[str, int]]:
    return sorted(tally.items(), key=lambda item: (-item[1], item[0]))


def corpus_of(index: Index, facts: RunFacts) -> Corpus:
    """Summarise what was read."""
    total = index.documents.num_rows
    main = index.languages
    rows = _channel_rows(index, main)
    dates = sorted(d for d in index.published if d)
    days = sorted({d.date() for d in dates})
    silences = _silences(days) if len(days) >= 3 else []
    spoken = Counter(main.get(row, "und") for row in range(total))
    problems = list(rows_of(index.table("problems"), TABLES["problems"]))
    sightings = index.table("sightings", ("document_id",))
    skipped: Counter[str] = Counter()
    for item in facts.inputs:
        skipped.update(dict(item.skipped))
    bases = Counter(index.strings("published_basis"))
    inputs = sorted(facts.inputs, key=lambda item: (-item.problems, item.file))
    return Corpus(
        documents=total,
        channels=tuple(rows[:_MOST_CHANNELS]),
        hidden_channels=max(0, len(rows) - _MOST_CHANNELS),
        named_channels=sum(1 for row in rows if row.channel.key),
        without_channel=sum(row.documents for row in rows if not row.channel.key),
        first=dates[0] if dates else None,
        last=dates[-1] if dates else None,
        without_date=total - len(dates),
        date_bases=tuple((b.value, bases[b.value]) for b in DateBasis if bases[b.value]),
        languages=tuple(
            LanguageRow(code, language_name(code), n, percent(n, total)) for code, n in _ranked(spoken)
        ),
        mixed=index.mixed_documents,
        silences=tuple(silences[:_MOST_SILENCES]),
        hidden_silences=max(0, len(silences) - _MOST_SILENCES),
        seen_again=sightings.num_rows - pc.count_distinct(sightings.column("document_id")).as_py(),
        same_words=total - pc.count_distinct(index.documents.column("text")).as_py(),
        skipped=tuple(_ranked(skipped)),
        inputs=tuple(replace(item, file=index.short(item.file)) for item in inputs[:_MOST_FILES]),
        hidden_inputs=max(0, len(inputs) - _MOST_FILES),
        problems=tuple(replace(p, file=index.short(p.file)) for p in problems[:_MOST_PROBLEMS]),
        hidden_problems=max(0, len(problems) - _MOST_PROBLEMS),
        problem_count=len(problems),
        lost=sum(1 for problem in problems if not problem.kept),
    )
