"""``tocsin blame``: who blames whom for one event."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

import tocsin
from tocsin.cli.options import case_option

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tocsin.judge.matrix import Cell, Matrix

__all__ = ["blame"]


@click.command()
@case_option
@click.option(
    "--event", default="", metavar="WORDS", help="Words of its name; default: the most disputed one."
)
@click.option("--events", is_flag=True, help="List the events of the case instead.")
def blame(case_dir: Path, event: str, events: bool) -> None:
    """Show who blames whom for one event: accusers, accused, denials, contradictions. Nothing is weighed.

    Reject a wrong row with 'tocsin judge ID reject'; say that two accused are one with 'tocsin judge ID merge
    --detail OTHER'.
    """
    with tocsin.Case(case_dir, create=False) as case:
        desk = case.desk()
        if events:
            for name, claims, parties in desk.events():
                click.echo(f"{name}: {claims} claims, {parties} accused")
            return
        found = desk.matrix(event)
    for line in matrix_lines(found):
        click.echo(line)


def matrix_lines(found: Matrix) -> Iterator[str]:
    """The matrix, accused by accused."""
    yield f"Event: {found.event or '(no name in the texts)'}"
    for party in found.accused:
        since = f", since {party.since.date()}" if party.since else ""
        yield f"\n{party.label}: blamed in {party.claims} claims{since}"
        for (_, key), cells in found.cells.items():
            yield from (_line(cell) for cell in cells if key == party.key)
    if found.denials:
        yield "\nDenials"
        yield from (f"  {c.accuser} clears {c.accused}: {_detail(c)}" for c in found.denials)
    for one, other in found.counter:
        yield f"\nCounter-accusation: {one} and {other} blame one another"
    for conflict in found.contradictions:
        yield f"\n{conflict.accuser} {conflict.what}"
        for cell in conflict.cells:
            yield f"  {cell.published.date() if cell.published else '–'} {cell.stance} {cell.accused}"
    if not found.cells and not found.denials:
        yield "no finding: nobody is blamed for this"
    if found.others:
        yield f"\n{found.others} claims of blame are about something else (--events, --event)"


def _line(cell: Cell) -> str:
    told = f" (told by {', '.join(cell.tellers)})" if cell.tellers else ""
    return f"  {cell.accuser}{told}: {_detail(cell)}"


def _detail(cell: Cell) -> str:
    day = f", {cell.published.date()}" if cell.published else ""
    return f"«{cell.words}» [{cell.certainty}] {cell.channel}{day} [{cell.review}] {cell.blame_id}"
