"""The command that searches a case."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

import tocsin
from tocsin.cli.options import case_option
from tocsin.search import Filters

__all__ = ["search"]

_WIDTH = 160  # code points of a text shown around what was found


def _moment(value: datetime | None) -> datetime | None:
    return None if value is None else value.replace(tzinfo=UTC)


def _shown(text: str, start: int) -> str:
    """The text around an offset on one line."""
    first = max(0, start - _WIDTH // 4)
    cut = " ".join(text[first : first + _WIDTH].split())
    return ("… " if first else "") + cut + (" …" if first + _WIDTH < len(text) else "")


@click.command()
@click.argument("query")
@case_option
@click.option(
    "--by",
    type=click.Choice(["words", "meaning", "both"]),
    default="both",
    show_default=True,
    help="Words they share, meaning across languages, or both.",
)
@click.option("--since", type=click.DateTime(), help="Published then or later (UTC).")
@click.option("--until", type=click.DateTime(), help="Published before (UTC).")
@click.option("--channel", default="", metavar="NAME", help="By this channel: its name or id.")
@click.option("--place", default="", metavar="NAME", help="A place it mentions, by its English name.")
@click.option("--language", default="", metavar="CODE", help="Its main language, e.g. ru.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1), help="Most documents shown.")
def search(  # noqa: PLR0913, PLR0917  a command's parameters are its options
    query: str,
    case_dir: Path,
    by: str,
    since: datetime | None,
    until: datetime | None,
    channel: str,
    place: str,
    language: str,
    limit: int,
) -> None:
    """Find documents of a case by words, by meaning across languages, or by both."""
    with tocsin.Case(case_dir, create=False) as case:
        filters = Filters(_moment(since), _moment(until), channel, place, language)
        hits = case.search(query, by=by, limit=limit, filters=filters)
        claims = {hit.claim_id for hit in hits if hit.claim_id}
        starts = {
            row["claim_id"]: row["content"][0]["start"]
            for row in case.snapshot().select("claims", "claim_id", sorted(claims)).to_pylist()
        }
        for number, hit in enumerate(hits, 1):
            document = case.document(hit.document_id)
            when = document.published.strftime("%Y-%m-%d %H:%M") if document.published else "no date"
            click.echo(f"{number}. {document.channel or 'no channel'} · {when} · {hit.score.value:.2f}")
            click.echo(f"   {_shown(document.text, starts.get(hit.claim_id or '', 0))}")
            click.echo(f"   {'; '.join(hit.score.reasons[:5])} [{hit.document_id}]")
        if not hits:
            click.echo("Nothing found.")
