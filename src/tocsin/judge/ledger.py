"""The forecast ledger: machine entries, what people made of them, what is due, and how good each source was.

A view: a pure function of the tables, the judgement log, the scale of words and the moment asked for. The
program proposes evidence (``judge.proposals``); only a person resolves.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tocsin.errors import UsageError
from tocsin.judge.estimative import Mapped, Scale
from tocsin.judge.log import Opinion, opinions
from tocsin.judge.scores import Interval, Scored, Scores, base_rate, beta_interval, scores_of
from tocsin.judge.window import last_moment
from tocsin.model import TABLES, CanTest, Forecast, Judgement, Outcome, Verdict, make_id, quote
from tocsin.model.access import Tables
from tocsin.model.arrow import rows_of

__all__ = [
    "CORRECTIONS",
    "Entry",
    "Resolution",
    "Scorecard",
    "Tallies",
    "by_deadline",
    "check_entered",
    "correction_of",
    "due_entries",
    "ledger_of",
    "manual_id",
    "parse_day",
    "resolution_detail",
    "resolution_of",
    "scorecards",
]

#: What a correction may set, as ``name=value`` pairs parted by «;».
CORRECTIONS: Final = ("event", "due", "probability", "testable", "source")
_UNREVIEWED: Final = "unconfirmed"
_REVIEWED: Final = {
    Verdict.CONFIRM: "confirmed",
    Verdict.REJECT: "rejected",
    Verdict.CORRECT: "corrected",
}


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a person found: the outcome, when it was settled and by what source."""

    outcome: str
    date: str
    source: str
    author: str
    sequence: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger. ``review`` is unconfirmed for pure machine output.

    ``warners`` are outermost first, empty for the channel's own word; ``due`` is exclusive. ``status`` is the
    outcome, or ``open``, or ``overdue`` when the deadline has passed without a resolution.
    """

    forecast_id: str
    claim_id: str
    document_id: str
    channel: str
    published: datetime | None
    event: str
    warners: tuple[str, ...]
    source_key: str
    source_label: str
    concerned: str
    places: tuple[str, ...]
    place_ids: tuple[str, ...]
    language: str
    horizon: str
    opens: datetime | None
    due: datetime | None
    horizon_reason: str
    term: str
    stated: float | None
    mapped: Mapped
    testable: str
    testable_reasons: tuple[str, ...]
    review: str
    resolution: Resolution | None
    comments: tuple[str, ...]
    status: str

    @property
    def last_day(self) -> str:
        """The last day on which it can come true, or an empty string."""
        return "" if self.due is None else last_moment(self.due).date().isoformat()


def parse_day(words: str) -> datetime:
    """Midnight UTC of an ISO date. Raises UsageError."""
    try:
        return datetime.fromisoformat(words).replace(tzinfo=UTC)
    except ValueError as error:
        raise UsageError(f"{words!r} is no date", remedy="Write it as 2026-03-11") from error


def resolution_of(detail: str) -> tuple[str, str, str]:
    """``(outcome, date, source)`` of the detail of a resolve entry.

    JSON with these names, or just the outcome. Raises UsageError for anything else.
    """
    found: Any = {"outcome": detail}
    if detail.startswith("{"):
        try:
            found = json.loads(detail)
        except ValueError as error:
            raise UsageError(f"{detail!r} is no JSON") from error
    outcome = str(found.get("outcome", ""))
    if outcome not in (Outcome.TRUE, Outcome.FALSE, Outcome.VOID, Outcome.OPEN):
        raise UsageError(
            f"{outcome!r} is no outcome", remedy="Write came true, did not, void, or open to reopen it"
        )
    date = str(found.get("date", ""))
    if date:
        parse_day(date)
    return outcome, date, str(found.get("source", ""))


def resolution_detail(outcome: str, date: str = "", source: str = "") -> str:
    """The detail of a resolve entry. Raises UsageError for an outcome or date that is none."""
    detail = json.dumps({"outcome": outcome, "date": date, "source": source}, ensure_ascii=False)
    resolution_of(detail)
    return detail


def correction_of(detail: str) -> dict[str, str]:
    """The ``name=value`` pairs of a correction. Raises UsageError for a name or value that is none."""
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in detail.split(";"))):
        name, equals, value = (part.strip() for part in pair.partition("="))
        if not equals or name not in CORRECTIONS:
            raise UsageError(
                f"{pair!r} corrects nothing", remedy=f"Write name=value; names: {', '.join(CORRECTIONS)}"
            )
        if name == "due" and value != "open":
            parse_day(value)
        if name == "probability" and not _is_probability(value):
            raise UsageError(f"{value!r} is no probability from 0 to 1")
        if name == "testable" and value not in set(CanTest):
            raise UsageError(f"{value!r} is none of {', '.join(CanTest)}")
        found[name] = value
    return found


def _is_probability(value: str) -> bool:
    try:
        return 0 <= float(value) <= 1
    except ValueError:
        return False


def manual_id(event: str, source: str, published: str, due: str) -> str:
    """The id of a forecast that no document of the case holds."""
    return make_id("manual forecast", event, source, published, due)


def check_entered(values: Mapping[str, str]) -> None:
    """Refuse a forecast entered by hand that has no event, or a date or probability that is none.

    Raises UsageError.
    """
    if not values.get("event"):
        raise UsageError("a forecast without an event", remedy="Say what is foretold")
    for name in ("published", "due"):
        if values.get(name):
            parse_day(values[name])
    if values.get("probability"):
        correction_of(f"probability={values['probability']}")


# --- the entries ------------------------------------------------------------------------------------


def ledger_of(tables: Tables, log: Sequence[Judgement], scale: Scale, now: datetime) -> list[Entry]:
    """Every entry: by deadline, those without one last; rejected ones are kept and marked."""
    held = opinions(log)
    entries = [_reviewed(e, held.get(e.forecast_id), now) for e in _machine(tables, scale)]
    entries += [_reviewed(e, held.get(e.forecast_id), now) for e in _manual(log, scale)]
    return sorted(entries, key=lambda e: by_deadline(e, now))


def by_deadline(entry: Entry, now: datetime) -> tuple[bool, datetime, datetime, str]:
    """The place of an entry in the ledger."""
    return entry.due is None, entry.due or now, entry.published or now, entry.forecast_id


def _machine(tables: Tables, scale: Scale) -> Iterable[Entry]:
    rows: list[Forecast] = list(rows_of(tables.table("forecasts"), TABLES["forecasts"]))
    ids = {row.document_id for row in rows}
    columns = tables.select("documents", "document_id", ids).to_pylist()
    documents = {row["document_id"]: row for row in columns}
    for row in rows:
        document = documents[row.document_id]
        text = document["text"]
        yield Entry(
            forecast_id=row.forecast_id,
            claim_id=row.claim_id,
            document_id=row.document_id,
            channel=document["channel"] or "",
            published=_utc(document["published"]),
            event=" ".join(quote(row.event, text).split()),
            warners=row.warners,
            source_key=row.source_key,
            source_label=row.source_label,
            concerned=quote(row.concerned, text),
            places=row.place_names,
            place_ids=row.place_ids,
            language=row.language,
            horizon=quote(row.horizon, text),
            opens=row.opens,
            due=row.due,
            horizon_reason=row.horizon_reason,
            term=row.term,
            stated=row.probability,
            mapped=scale.of(row.probability, row.term),
            testable=row.testable,
            testable_reasons=row.testable_reasons,
            review=_UNREVIEWED,
            resolution=None,
            comments=(),
            status=Outcome.OPEN,
        )


def _utc(when: datetime | None) -> datetime | None:
    return None if when is None else when.astimezone(UTC)


def _manual(log: Sequence[Judgement], scale: Scale) -> Iterable[Entry]:
    """Forecasts that a person entered: ``assess`` entries whose detail is a forecast."""
    from tocsin.judge.log import in_force

    for entry in in_force(log):
        if entry.verdict != Verdict.ASSESS or not entry.detail.startswith('{"forecast"'):
            continue
        found = json.loads(entry.detail)["forecast"]
        due = parse_day(found["due"]) + timedelta(days=1) if found.get("due") else None
        stated = float(found["probability"]) if found.get("probability") not in (None, "") else None
        term = found.get("term") or "asserted"
        yield Entry(
            forecast_id=entry.finding_id,
            claim_id="",
            document_id="",
            channel=found.get("channel", ""),
            published=parse_day(found["published"]) if found.get("published") else None,
            event=found["event"],
            warners=(found["source"],) if found.get("source") else (),
            source_key=f"words:{found.get('source', '').casefold()}",
            source_label=found.get("source", ""),
            concerned="",
            places=(),
            place_ids=(),
            language="",
            horizon="",
            opens=None,
            due=due,
            horizon_reason="as entered" if due else "open-ended: as entered",
            term=term,
            stated=stated,
            mapped=scale.of(stated, term),
            testable=CanTest.YES if due else CanTest.NO_DEADLINE,
            testable_reasons=("as entered",),
            review=f"entered by {entry.author}",
            resolution=None,
            comments=(),
            status=Outcome.OPEN,
        )


def _reviewed(entry: Entry, held: Opinion | None, now: datetime) -> Entry:
    review, resolution = entry.review, None
    comments: tuple[str, ...] = ()
    if held is not None:
        comments = tuple(f"{c.author}: {c.reason or c.detail}" for c in held.comments)
        if held.review is not None:
            review = f"{_REVIEWED[Verdict(held.review.verdict)]} by {held.review.author}"
            if held.review.verdict == Verdict.CORRECT:
                entry = _corrected(entry, held.review.detail)
        if held.outcome is not None:
            resolution = _resolution(held.outcome)
    status: str = resolution.outcome if resolution is not None else Outcome.OPEN
    if status == Outcome.OPEN:
        resolution = None
        if entry.due is not None and entry.due <= now:
            status = "overdue"
    return replace(entry, review=review, resolution=resolution, comments=comments, status=status)


def _resolution(judgement: Judgement) -> Resolution | None:
    try:
        outcome, date, source = resolution_of(judgement.detail)
    except UsageError:  # «tocsin judge ID resolve» with words of its own: kept, but no outcome
        return None
    return Resolution(outcome, date, source or judgement.reason, judgement.author, judgement.sequence)


def _corrected(entry: Entry, detail: str) -> Entry:
    try:
        found = correction_of(detail)
    except UsageError:
        return entry
    if "event" in found:
        entry = replace(entry, event=found["event"])
    if "source" in found:
        own = found["source"]
        entry = replace(entry, warners=(own,), source_label=own, source_key=f"words:{own.casefold()}")
    if "probability" in found:
        value = float(found["probability"])
        entry = replace(entry, stated=value, mapped=Mapped(value, value, "corrected"))
    if "due" in found:
        due = None if found["due"] == "open" else parse_day(found["due"]) + timedelta(days=1)
        can_test = CanTest.NO_DEADLINE if due is None else CanTest.YES
        entry = replace(entry, due=due, testable=can_test, horizon_reason="corrected")
    if "testable" in found:
        entry = replace(entry, testable=found["testable"])
    return entry


def due_entries(entries: Iterable[Entry], now: datetime, days: int = 7) -> list[Entry]:
    """Open entries whose deadline has passed, or passes within ``days``; by deadline."""
    until = now + timedelta(days=days)
    return [
        e
        for e in entries
        if e.due is not None and e.due <= until and e.status in (Outcome.OPEN, "overdue") and not _rejected(e)
    ]


def _rejected(entry: Entry) -> bool:
    return entry.review.startswith("rejected")


# --- how good each source was -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scorecard:
    """One source or channel. ``scores`` is None until something with a deadline is resolved.

    What came true without ever having had a deadline is counted (``unfalsifiable``) but not scored: it could
    not have failed, and scoring it would reward warnings without end.
    """

    kind: str
    key: str
    label: str
    given: int
    resolved: int
    void: int
    overdue: int
    open: int
    unfalsifiable: int
    unresolvable: Interval
    scores: Scores | None


class Tallies:
    """Entries that are not rejected, counted by source (innermost warner) and by channel.

    Entries without an outcome may be added as numbers alone: see ``add``.
    """

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._tallies: dict[tuple[str, str], _Tally] = {}
        self._decided: dict[str, Counter[bool]] = {"source": Counter(), "channel": Counter()}
        for entry in entries:
            if not _rejected(entry):
                self._count("source", entry.source_key or "own", entry.source_label, entry)
                self._count("channel", entry.channel, entry.channel, entry)

    def _count(self, kind: str, key: str, label: str, entry: Entry) -> None:
        outcome = _outcome(entry)
        if outcome is not None:
            self._decided[kind][outcome] += 1
        if not key:
            return
        tally = self._of(kind, key)
        tally.labels[label] += 1
        tally.states[entry.status] += 1
        tally.hopeless += entry.testable != CanTest.YES
        if outcome is not None:
            tally.scored.append(Scored(entry.mapped.value, outcome))
        tally.unfalsifiable += _settled(entry) and outcome is None

    def _of(self, kind: str, key: str) -> _Tally:
        return self._tallies.setdefault((kind, key), _Tally(kind, key))

    def add(self, kind: str, key: str, label: str, states: Mapping[str, int], hopeless: int) -> None:
        """Count entries of one source or channel and label that have no outcome, by status.

        ``hopeless`` of them cannot be tested.
        """
        tally = self._of(kind, key)
        tally.labels[label] += sum(states.values())
        tally.states.update(states)
        tally.hopeless += hopeless

    def __len__(self) -> int:
        return len(self._tallies)

    def cards(self, most: int | None = None, sources: Collection[str] | None = None) -> list[Scorecard]:
        """The scorecards: sources first, then channels, those with most entries first.

        The base rate against which skill is measured is that of the resolved forecasts of all others; of a
        case with one source, its own. ``most`` asks for the first, ``sources`` for those of these keys alone.
        """
        own: Iterable[_Tally] = self._tallies.values()
        if sources is not None:
            own = [self._tallies["source", key] for key in sources if ("source", key) in self._tallies]
        ordered = sorted(own, key=lambda t: (t.kind != "source", -t.given, t.label, t.key))
        return [self._card(tally) for tally in ordered[:most]]

    def _card(self, tally: _Tally) -> Scorecard:
        others = self._decided[tally.kind] - Counter(s.happened for s in tally.scored)
        base = base_rate(list(others.elements()) or [s.happened for s in tally.scored])
        states = tally.states
        return Scorecard(
            kind=tally.kind,
            key=tally.key,
            label=tally.label,
            given=tally.given,
            resolved=states[Outcome.TRUE] + states[Outcome.FALSE],
            void=states[Outcome.VOID],
            overdue=states["overdue"],
            open=states[Outcome.OPEN],
            unfalsifiable=tally.unfalsifiable,
            unresolvable=beta_interval(tally.hopeless, tally.given),
            scores=scores_of(tally.scored, base) if tally.scored else None,
        )


@dataclass(slots=True)
class _Tally:
    """The entries of one source or channel; ``states`` counts them by status."""

    kind: str
    key: str
    labels: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    hopeless: int = 0
    unfalsifiable: int = 0
    scored: list[Scored] = field(default_factory=list)

    @property
    def given(self) -> int:
        return self.states.total()

    @property
    def label(self) -> str:
        return min(self.labels, key=lambda text: (-self.labels[text], text)) or "own word"


def scorecards(entries: Iterable[Entry]) -> list[Scorecard]:
    """Every source and channel with at least one entry that is not rejected: ``Tallies.cards``."""
    return Tallies(entries).cards()


def _outcome(entry: Entry) -> bool | None:
    """Whether it came true, of entries that count: resolved, with a deadline, an event of their own."""
    if entry.due is None or entry.testable == CanTest.NO:
        return None
    return {Outcome.TRUE: True, Outcome.FALSE: False}.get(Outcome(entry.status)) if _settled(entry) else None


def _settled(entry: Entry) -> bool:
    return entry.status in (Outcome.TRUE, Outcome.FALSE)
