"""When it was published, and which times the texts speak of."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from markupsafe import Markup

from tocsin.present.charts import Axis, axis_over, columns_svg
from tocsin.present.corpus import Corpus
from tocsin.present.evidence import plain
from tocsin.present.index import Index, moments
from tocsin.present.words import count, interval, language_name

__all__ = ["MentionedTime", "Timeline", "Volume", "timeline_of"]

_MOST_ROWS = 12
_MOST_TIMES = 24
_DAY = timedelta(days=1)
_EARLIEST, _LATEST = datetime(101, 1, 1, tzinfo=UTC), datetime(9800, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class VolumeRow:
    """Documents over time of one channel, one language or all. ``drawing`` has no words of its own."""

    label: str
    role: str
    total: int
    counts: tuple[int, ...]
    drawing: Markup


@dataclass(frozen=True, slots=True)
class Volume:
    """Publication volume. ``outside`` counts stray dates left out so that the rest can be seen."""

    axis: Axis
    rows: tuple[VolumeRow, ...]
    peak: int
    peak_label: str
    outside: int
    hidden_channels: int
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MentionedTime:
    """An interval texts speak of. ``left`` and ``width`` are per cent of the axis; ``off`` names its side."""

    label: str
    example: str
    language: str
    mentions: int
    documents: int
    left: float
    width: float
    open_left: bool
    open_right: bool
    off: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """The section on time. ``published`` is where the corpus lies on the axis of mentioned times."""

    volume: Volume | None
    axis: Axis | None
    times: tuple[MentionedTime, ...]
    hidden_times: int
    mentions: int
    unplaced: int
    published: tuple[float, float]
    days: Markup | None
    days_peak: int


def _bulk(dates: Sequence[datetime]) -> tuple[datetime, datetime]:
    """The range to draw: all of it, unless a stray few per cent would stretch it eightfold."""
    first, last = dates[0], dates[-1]
    if len(dates) < 20:
        return first, last
    cut = max(1, len(dates) // 50)
    low, high = dates[cut], dates[-1 - cut]
    core = max(high - low, _DAY)
    if last - first <= 8 * core:
        return first, last
    inside = [d for d in dates if d >= low - core and d <= high + core]
    return inside[0], inside[-1]


def _clamp(when: datetime) -> datetime:
    """Away from the ends of the calendar, where no further bin could begin."""
    return min(max(when, _EARLIEST), _LATEST)


def _bin_numbers(dates: Sequence[datetime | None], axis: Axis) -> list[int | None]:
    numbers: list[int | None] = []
    for when in dates:
        inside = when is not None and axis.edges[0] <= when < axis.edges[-1]
        numbers.append(bisect_right(axis.edges, when) - 1 if inside and when is not None else None)
    return numbers


def _row(label: str, role: str, bins: Iterable[int | None], axis: Axis, names: Sequence[str]) -> VolumeRow:
    tally = Counter(number for number in bins if number is not None)
    counts = tuple(tally[number] for number in range(axis.bins))
    total, peak = sum(counts), max(counts)
    title = f"{plain(label)}: {count(total, 'document')} per {axis.unit}, at most {peak:,}"
    return VolumeRow(label, role, total, counts, columns_svg(counts, peak, title, names))


def _volume(index: Index, corpus: Corpus) -> Volume | None:
    dates = sorted(_clamp(d) for d in index.published if d)
    if not dates:
        return None
    axis = axis_over(*_bulk(dates))
    numbers = _bin_numbers(index.published, axis)
    names = tuple(axis.label(n) for n in range(axis.bins))
    rows = [_row("All documents", "all", numbers, axis, names)]
    channels = [row.channel for row in corpus.channels if row.channel.key]
    if len(channels) > 1:
        for channel in channels[:_MOST_ROWS]:
            mine = (n for n, c in zip(numbers, index.channels, strict=True) if c == channel)
            rows.append(_row(channel.name or "", "channel", mine, axis, ()))
    languages = index.languages
    spoken = Counter(languages.values())
    if len(spoken) > 1:
        for code in sorted(spoken, key=lambda c: (-spoken[c], c))[:5]:
            mine = (n for row, n in enumerate(numbers) if languages.get(row) == code)
            rows.append(_row(language_name(code), "language", mine, axis, ()))
    top = max(range(axis.bins), key=lambda n: rows[0].counts[n])
    return Volume(
        axis=axis,
        rows=tuple(rows),
        peak=rows[0].counts[top],
        peak_label=names[top],
        outside=sum(1 for d in index.published if d) - rows[0].total,
        hidden_channels=max(0, corpus.named_channels - _MOST_ROWS) if len(channels) > 1 else 0,
        labels=names,
    )


@dataclass(slots=True)
class _Tally:
    mentions: int = 0
    documents: set[str] | None = None
    example: tuple[str, int, int] = ("", 0, 0)


_Key = tuple[datetime | None, datetime | None, bool, bool]


def _tallies(index: Index) -> tuple[dict[_Key, _Tally], int, int]:
    names = ("document_id", "start", "end", "lower_open", "upper_open")
    table = index.table("times", (*names, "lower", "upper"))
    columns = [table.column(name).to_pylist() for name in names]
    bounds = (moments(table.column("lower")), moments(table.column("upper")))
    found: dict[_Key, _Tally] = {}
    unplaced = 0
    for document, start, end, lower_open, upper_open, lower, upper in zip(*columns, *bounds, strict=True):
        if lower is None and upper is None:
            unplaced += 1
            continue
        tally = found.setdefault((lower, upper, lower_open, upper_open), _Tally())
        tally.mentions += 1
        if tally.documents is None:
            tally.documents, tally.example = set(), (document, start, end)
        tally.documents.add(document)
    return found, table.num_rows, unplaced


def _window(keys: Sequence[_Key], corpus: Corpus) -> Axis | None:
    """Days around publication, widened to the intervals near it; far ones are listed, not drawn."""
    bounds = sorted(_clamp(b) for lower, upper, *_ in keys for b in (lower, upper) if b)
    if not bounds:
        return None
    if corpus.first is None or corpus.last is None:
        return axis_over(bounds[0], bounds[-1], finest="day")
    first, last = _clamp(corpus.first), _clamp(corpus.last)
    reach = max(2 * (last - first), 60 * _DAY)
    low = first - min(reach, first - _EARLIEST)
    high = last + min(reach, _LATEST - last)
    near = [b for b in bounds if low <= b <= high] or [first, last]
    # The publication range is shown too, unless it would push the intervals into a corner.
    room = max(near[-1] - near[0], 7 * _DAY)
    start = max(min(first, near[0]), near[0] - min(room, near[0] - _EARLIEST))
    end = min(max(last, near[-1]), near[-1] + min(room, _LATEST - near[-1]))
    return axis_over(start, end, finest="day")


def _mentioned(index: Index, key: _Key, tally: _Tally, axis: Axis) -> MentionedTime:
    lower, upper, lower_open, upper_open = key
    start = -1.0 if lower is None else axis.place(lower)
    end = 101.0 if upper is None else axis.place(upper)
    off = "later" if start >= 100 else "earlier" if end <= 0 else ""
    left, right = max(0.0, min(start, 100.0)), min(100.0, max(end, 0.0))
    document, span_start, span_end = tally.example
    row = index.row_of[document]
    return MentionedTime(
        label=interval(lower, upper, lower_open, upper_open),
        example=" ".join(index.text(row)[span_start:span_end].split())[:60],
        language=index.languages.get(row, "und"),
        mentions=tally.mentions,
        documents=len(tally.documents or ()),
        left=round(left, 2),
        width=round(max(right - left, 0.0), 2),
        open_left=lower is None or lower_open or start < 0,
        open_right=upper is None or upper_open or end > 100,
        off=off,
    )


def _named_days(tallies: dict[_Key, _Tally], axis: Axis) -> tuple[Markup | None, int]:
    """Documents per bin of the axis that name a time inside that bin alone; longer ones say too little."""
    documents: dict[int, set[str]] = {}
    for (lower, upper, *_), tally in tallies.items():
        if lower is None or upper is None or not axis.edges[0] <= lower < axis.edges[-1]:
            continue
        number = bisect_right(axis.edges, lower) - 1
        if upper <= axis.edges[number + 1]:
            documents.setdefault(number, set()).update(tally.documents or ())
    if not documents:
        return None, 0
    counts = [len(documents.get(number, ())) for number in range(axis.bins)]
    names = [axis.label(number) for number in range(axis.bins)]
    title = f"Documents that name a {axis.unit}: at most {max(counts):,}"
    return columns_svg(counts, max(counts), title, names), max(counts)


def timeline_of(index: Index, corpus: Corpus) -> Timeline:
    """Publication volume and the times mentioned most."""
    tallies, mentions, unplaced = _tallies(index)

    def weight(key: _Key) -> tuple[int, int, str]:
        tally = tallies[key]
        return (-len(tally.documents or ()), -tally.mentions, repr(key))

    chosen = sorted(tallies, key=weight)[:_MOST_TIMES]
    axis = _window(chosen, corpus)

    def begins(key: _Key) -> tuple[datetime, datetime]:
        return (key[0] or datetime.min.replace(tzinfo=UTC), key[1] or datetime.max.replace(tzinfo=UTC))

    order = sorted(chosen, key=begins)
    published = (0.0, 0.0)
    if axis and corpus.first and corpus.last:
        low, high = (axis.place(_clamp(when)) for when in (corpus.first, corpus.last))
        published = (min(max(low, 0.0), 100.0), min(max(high, 0.0), 100.0))
    days, days_peak = _named_days(tallies, axis) if axis else (None, 0)
    return Timeline(
        volume=_volume(index, corpus),
        axis=axis,
        times=tuple(_mentioned(index, k, tallies[k], axis) for k in order) if axis else (),
        hidden_times=max(0, len(tallies) - _MOST_TIMES),
        mentions=mentions,
        unplaced=unplaced,
        published=published,
        days=days,
        days_peak=days_peak,
    )
