"""Commands for bases of earlier cases."""

from __future__ import annotations

from pathlib import Path

import click

import tocsin
from tocsin.cli.options import case_option

__all__ = ["reference"]


@click.group()
def reference() -> None:
    """Bases of earlier cases, with which narratives are compared."""


@reference.command()
@click.argument("file", type=click.Path(path_type=Path))
@case_option
@click.option("--base", default="", metavar="NAME", help="Name of the base; default: the file's name.")
def add(file: Path, case_dir: Path, base: str) -> None:
    """Import a CSV table of earlier cases (columns title, date, url, countries, keywords, …)."""
    with tocsin.Case(case_dir, create=False) as case:
        count = case.add_references(file, base=base)
    click.echo(f"{count} entries of {base or file.stem}")
