"""``tocsin forecasts``: the ledger of warnings, what is due, what came true, how good each source was."""

from __future__ import annotations

import csv
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

import tocsin
from tocsin.cli.options import author_option, case_option
from tocsin.errors import TocsinError, UsageError

if TYPE_CHECKING:
    from tocsin.judge.ledger import Entry, Scorecard
    from tocsin.judge.scores import Interval

__all__ = ["forecasts"]

_OUTCOMES = {"came-true": "came true", "did-not": "did not", "void": "void", "open": "open"}
_on = click.option("--on", metavar="DATE", help="As of the start of this day (UTC); default: now.")
_scale = click.option(
    "--scale", default="icd203", show_default=True, help="Scale for words of probability: icd203, phia, kent."
)
_scale_file = click.option(
    "--scale-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="An edited copy of judge/data/estimative.yaml.",
)


def _moment(words: str | None) -> datetime:
    from tocsin.judge.ledger import parse_day

    return parse_day(words) if words else datetime.now(UTC)


@click.group()
def forecasts() -> None:
    """The ledger of warnings and other claims about the future: what was foretold, until when, what came
    of it.

    A machine found the entries and proposes evidence; only a person says what came true.
    """


@forecasts.command("list")
@case_option
@_on
@_scale
@_scale_file
@click.option("--testable", is_flag=True, help="Only those that can be found wrong.")
def list_(case_dir: Path, on: str | None, scale: str, scale_file: Path | None, testable: bool) -> None:
    """List every entry by deadline, those without one last."""
    from tocsin.judge.estimative import scale_of

    with tocsin.Case(case_dir, create=False) as case:
        entries = case.desk().ledger(_moment(on), scale_of(scale, scale_file))
    shown = [e for e in entries if not testable or e.testable == "yes"]
    for entry in shown:
        click.echo(entry_text(entry))
    click.echo(f"{len(shown)} of {len(entries)} entries")


def entry_text(entry: Entry) -> str:
    """One entry in four lines."""
    who = " → ".join((entry.channel, *entry.warners)) if entry.warners else f"{entry.channel} (own word)"
    when = f"by {entry.last_day}" if entry.last_day else "no deadline"
    lines = [f"{entry.forecast_id}  {when}  {entry.status}  [{entry.review}]"]
    day = f", {entry.published.date()}" if entry.published else ""
    lines.append(f"    {entry.event}")
    lines.append(f"    {who}{day}; {_probability(entry)}")
    lines.append(f"    testable: {entry.testable} ({'; '.join(entry.testable_reasons)})")
    if entry.resolution is not None:
        own = entry.resolution
        lines.append(f"    {own.outcome}, {own.date or 'no date'}, by {own.source or '–'} ({own.author})")
    lines += [f"    comment by {comment}" for comment in entry.comments]
    return "\n".join(lines)


def _probability(entry: Entry) -> str:
    mapped = entry.mapped
    if mapped.low == mapped.high:
        return f"probability {mapped.low:.2f} ({mapped.basis})"
    return f"probability {mapped.low:.2f}–{mapped.high:.2f} ({mapped.basis})"


@forecasts.command()
@case_option
@_on
@click.option("--days", default=7, show_default=True, help="Look this far ahead.")
def due(case_dir: Path, on: str | None, days: int) -> None:
    """What has fallen due, or soon does, each with later claims that may tell; the outcome is yours to
    say.
    """
    with tocsin.Case(case_dir, create=False) as case:
        found = case.desk().due(_moment(on), days)
    for entry, proposals in found:
        click.echo(entry_text(entry))
        for p in proposals:
            words = p.words if len(p.words) < 140 else p.words[:137] + "…"
            click.echo(f"    may tell: {p.published.date()} {p.channel}: {words}")
            click.echo(
                f"              shares {p.share:.0%} of its words ({', '.join(p.shared)}); claim {p.claim_id}"
            )
    click.echo(f"{len(found)} due; resolve with: tocsin forecasts resolve ID came-true|did-not|void")


@forecasts.command()
@click.argument("forecast_id")
@click.argument("outcome", type=click.Choice(list(_OUTCOMES)))
@case_option
@click.option("--date", default="", help="When it was settled, as 2026-03-11.")
@click.option("--source", default="", help="What tells so: a link, a document, a claim id.")
@author_option
def resolve(forecast_id: str, outcome: str, case_dir: Path, date: str, source: str, author: str) -> None:
    """Record what became of a forecast; appended to the log, undone by 'tocsin judge ID undo'."""
    with tocsin.Case(case_dir, create=False) as case:
        entry = case.desk().resolve(forecast_id, _OUTCOMES[outcome], date=date, source=source, author=author)
    click.echo(f"{entry.sequence}: {_OUTCOMES[outcome]} «{entry.quote}»")


@forecasts.command()
@case_option
@_on
@_scale
@_scale_file
def scores(case_dir: Path, on: str | None, scale: str, scale_file: Path | None) -> None:
    """How good each source and channel was, with 95 % intervals that are wide while little is resolved.

    Only forecasts with a deadline are scored: what could not fail proves nothing.
    """
    from tocsin.judge.estimative import scale_of

    with tocsin.Case(case_dir, create=False) as case:
        cards = case.desk().scorecards(_moment(on), scale_of(scale, scale_file))
    for card in cards:
        click.echo(card_text(card))


def card_text(card: Scorecard) -> str:
    """One scorecard in a few lines."""
    head = f"{card.kind} {card.label}: {card.given} given, {card.resolved} resolved, {card.void} void, "
    head += f"{card.overdue} overdue, {card.open} open; cannot be found wrong: {_range(card.unresolvable)}"
    lines = [head]
    if card.unfalsifiable:
        lines.append(f"    {card.unfalsifiable} resolved without a deadline: not scored")
    if card.scores is None:
        return "\n".join([*lines, "    nothing scored yet"])
    own = card.scores
    skill = _range(own.skill) if own.skill else "–"
    lines.append(f"    {own.count} scored, {own.happened} came true; Brier {_range(own.brier)}")
    lines.append(f"    log {_range(own.log)}, skill against a base rate of {own.base_rate:.2f}: {skill}")
    lines += [f"    said {b.said:.2f} ({b.count}): came true {_range(b.share)}" for b in own.bins]
    return "\n".join(lines)


def _range(value: Interval) -> str:
    return f"{value.value:.2f} ({value.low:.2f} to {value.high:.2f})"


# --- files ------------------------------------------------------------------------------------------


@forecasts.command("export")
@case_option
@_on
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="A CSV file."
)
def export_(case_dir: Path, on: str | None, output: Path) -> None:
    """Write the ledger as CSV; fill in outcome, date and evidence, and import it again."""
    from tocsin.judge.ledger_files import write_ledger

    with tocsin.Case(case_dir, create=False) as case:
        entries = case.desk().ledger(_moment(on))
    with output.open("w", encoding="utf-8", newline="") as stream:
        write_ledger(entries, stream)
    click.echo(f"{len(entries)} rows: {output}")


@forecasts.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@case_option
@author_option
def import_(file: Path, case_dir: Path, author: str) -> None:
    """Read outcomes, and forecasts of your own, from CSV: columns forecast_id, event, outcome, date,
    evidence …

    A row with a forecast_id and an outcome resolves that entry; one without a forecast_id enters a forecast
    (event, source, published, due, probability or term). Rows that say nothing new are left alone.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{file} cannot be read ({error})") from error
    done: dict[str, int] = {}
    faults = []
    with tocsin.Case(case_dir, create=False) as case:
        for number, row in enumerate(rows, 2):
            try:
                what = _import_row(case, {k: (v or "").strip() for k, v in row.items() if k}, author)
            except TocsinError as error:
                faults.append(f"line {number}: {error}")
                continue
            done[what] = done.get(what, 0) + 1
    click.echo(", ".join(f"{count} {what}" for what, count in sorted(done.items())) or "no rows")
    for fault in faults:
        click.echo(f"  {fault}", err=True)
    sys.exit(3 if faults else 0)


def _import_row(case: tocsin.Case, row: dict[str, str], author: str) -> str:
    from tocsin.judge.ledger import check_entered, manual_id

    key = row.get("forecast_id", "")
    outcome = row.get("outcome", "").casefold()
    outcome = _OUTCOMES.get(outcome, outcome)
    if key and not outcome:
        return "without an outcome"
    desk = case.desk()
    entries = {e.forecast_id: e for e in desk.ledger(datetime.now(UTC))}
    if not key:
        values = {
            n: row[n]
            for n in ("event", "source", "channel", "published", "due", "probability", "term")
            if row.get(n)
        }
        key = manual_id(*(row.get(n, "") for n in ("event", "source", "published", "due")))
        if key not in entries:
            check_entered(values)
            desk.enter(values, author)
            desk = case.desk()
            entries = {e.forecast_id: e for e in desk.ledger(datetime.now(UTC))}
    if key not in entries:
        raise UsageError(f"no forecast {key!r}", remedy="See tocsin forecasts list")
    if not outcome:
        return "without an outcome"
    known = entries[key].resolution
    found = (outcome, row.get("date", ""), row.get("evidence", ""))
    if known is not None and (known.outcome, known.date, known.source) == found:
        return "known before"
    desk.resolve(key, outcome, date=found[1], source=found[2], author=author)
    return "resolved"
