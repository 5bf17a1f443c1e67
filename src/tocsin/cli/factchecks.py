"""``tocsin factchecks``: claims that somebody has checked before, with publisher, date and address."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

import tocsin
from tocsin.cli.options import case_option

if TYPE_CHECKING:
    from tocsin.model import ReferenceEntry

__all__ = ["factchecks"]


@click.group()
def factchecks() -> None:
    """Known fact-checks: entries of the reference bases on the same claim. The verdict is its publisher's."""


@factchecks.command()
@click.argument("text")
@case_option
@click.option("--language", default="", metavar="CODE", help="Language of TEXT; default: as it looks.")
@click.option("--by", "author", default="", metavar="NAME", help="Who says it, if known.")
@click.option("--date", type=click.DateTime(), help="When it was said (UTC), if known.")
@click.option("--limit", default=5, show_default=True, type=click.IntRange(1), help="Most entries shown.")
def match(text: str, case_dir: Path, language: str, author: str, date: datetime | None, limit: int) -> None:
    """Look up TEXT, a claim in any language, in the bases of a case (see 'tocsin reference add')."""
    with tocsin.Case(case_dir, create=False) as case:
        when = None if date is None else date.replace(tzinfo=UTC)
        found = case.match_factchecks(text, language=language, author=author, date=when, limit=limit)
        for number, item in enumerate(found, 1):
            entry = case.reference_entry(item.reference_id)
            click.echo(f"{number}. {item.score:.2f} {entry.claim}")
            for line in _told(entry, item.reasons, item.differences):
                click.echo(f"   {line}")
    if not found:
        click.echo("No finding: the case has no base, or none of its entries comes near.")


@factchecks.command("list")
@case_option
def list_(case_dir: Path) -> None:
    """List the claims of a case that an entry is on. Confirm or reject one with 'tocsin judge ID'."""
    from tocsin.judge.log import opinions
    from tocsin.model import quote

    with tocsin.Case(case_dir, create=False) as case:
        reviews = opinions(case.desk().log)
        count = 0
        for row in case.factcheck_matches():
            count += 1
            document = case.document(row.document_id)
            entry = case.reference_entry(row.reference_id)
            day = document.published.date() if document.published else "no date"
            opinion = reviews.get(row.match_id)
            review = opinion.review.verdict if opinion and opinion.review else "unconfirmed"
            words = " ".join(quote(row.content, document.text, " … ").split())
            click.echo(f"«{words}» {document.channel or 'no channel'}, {day}")
            click.echo(f"   {row.score:.2f} [{review}] {entry.claim}")
            for line in _told(entry, row.reasons, row.differences):
                click.echo(f"   {line}")
            click.echo(f"   {row.match_id}")
    click.echo(f"{count} matches" if count else "No finding: no claim repeats an entry of the bases.")


def _told(entry: ReferenceEntry, reasons: tuple[str, ...], differences: tuple[str, ...]) -> Iterator[str]:
    """What the publisher says, where, and why the entry was found."""
    rating = f"“{entry.rating}”" if entry.rating else "no rating given"
    when = f", {entry.date.date()}" if entry.date else ""
    yield f"{entry.publisher or entry.base}: {rating}{when} {entry.url or '(no address)'}"
    if entry.title != entry.claim:
        yield f"title: {entry.title}"
    yield "; ".join(reasons)
    if differences:
        yield f"BUT {'; '.join(differences)}"
