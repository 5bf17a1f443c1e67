"""``tocsin judge`` and ``tocsin judgements``: append to the log, and read it."""

from __future__ import annotations

from pathlib import Path

import click

import tocsin
from tocsin.cli.options import author_option, case_option
from tocsin.model.judgements import Verdict

__all__ = ["judge", "judgements"]

_ACTS = [str(verdict) for verdict in Verdict if verdict != Verdict.ASSESS]


@click.command()
@click.argument("finding_id")
@click.argument("verdict", type=click.Choice(_ACTS))
@case_option
@author_option
@click.option("--reason", default="", help="Why.")
@click.option(
    "--detail",
    default="",
    help="correct: the correction (of a forecast name=value;…); merge: the other id; resolve: the outcome; "
    "undo: the number of the entry.",
)
def judge(finding_id: str, verdict: str, case_dir: Path, author: str, reason: str, detail: str) -> None:
    """Append one judgement on a finding: confirm, reject, correct, merge, split, resolve, comment or undo.

    FINDING_ID is the id of a claim, attribution, forecast, row of blame, check, time, place, quantity or
    document. Nothing is overwritten: a later entry stands before an earlier one, an undo takes one back.
    """
    with tocsin.Case(case_dir, create=False) as case:
        entry = case.judge(finding_id, verdict, author=author, reason=reason, detail=detail)
    click.echo(f"{entry.sequence}: {entry.verdict} «{entry.quote}»")


@click.command()
@case_option
@click.option("--orphans", is_flag=True, help="Only those whose finding is no longer there.")
def judgements(case_dir: Path, orphans: bool) -> None:
    """Show the judgement log: every entry, whether it is in force, and whether its finding is still there."""
    from tocsin.judge.log import in_force

    with tocsin.Case(case_dir, create=False) as case:
        found = case.desk().attached()
    alive = {e.sequence for e in in_force(found.log)}
    lost = {e.sequence for e in found.orphans}
    shown = [e for e in found.log if not orphans or e.sequence in lost]
    for e in shown:
        notes = []
        if e.sequence in lost:
            notes.append("its finding is no longer there")
        elif e.sequence not in alive and e.verdict != Verdict.UNDO:
            notes.append("taken back")
        words = f" «{e.quote}»" if e.quote else ""
        rest = "; ".join(part for part in (e.detail, e.reason) if part)
        note = f"  ({', '.join(notes)})" if notes else ""
        head = f"{e.sequence} {e.made_at.date()} {e.author}: {e.verdict} {e.finding_id}"
        click.echo(f"{head}{words} {rest}{note}".rstrip())
    click.echo(f"{len(shown)} entries, {len(lost)} orphans")
