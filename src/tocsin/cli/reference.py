"""Commands for bases of earlier cases and fact-checks."""

from __future__ import annotations

import sys
from pathlib import Path

import click

import tocsin
from tocsin.cli.options import case_option

__all__ = ["reference"]

_SHOWN = 10


@click.group()
def reference() -> None:
    """Bases of earlier cases and fact-checks, with which narratives and claims are compared."""


@reference.command()
@click.argument("file", type=click.Path(path_type=Path))
@case_option
@click.option("--base", default="", metavar="NAME", help="Name of the base; default: the file's name.")
@click.option(
    "--map",
    "mapping",
    metavar="FIELD=COLUMN,…",
    default="",
    help="Columns of a table, e.g. claim=statement,rating=label.",
)
def add(file: Path, case_dir: Path, base: str, mapping: str) -> None:
    """Import a base: a table, JSON lines, JSON-LD with ClaimReview, or a web page that holds it.

    Fields: claim, title, summary, url, date, rating, publisher, claimant, language, and the lists countries,
    keywords, languages, outlets. One of claim and title is needed.
    """
    from tocsin.link.references import COLUMNS
    from tocsin.read import parse_mapping

    columns = parse_mapping(mapping, COLUMNS) if mapping else {}
    with tocsin.Case(case_dir, create=False) as case:
        found = case.add_references(file, base=base, mapping=columns)
    click.echo(f"{len(found.entries)} entries of {base or file.stem}")
    for fault in found.faults[:_SHOWN]:
        click.echo(f"  {fault}", err=True)
    if len(found.faults) > _SHOWN:
        click.echo(f"  … and {len(found.faults) - _SHOWN} more", err=True)
    sys.exit(3 if found.faults else 0)
