"""``tocsin ach``: analysis of competing hypotheses, kept in the judgement log."""

from __future__ import annotations

from pathlib import Path

import click

import tocsin
from tocsin.cli.options import author_option, case_option
from tocsin.errors import UsageError

__all__ = ["ach"]

_analyst = click.option(
    "--analyst", default="", help="Only this analyst's ratings; default: the median of all."
)
_name = click.argument("board")


@click.group("ach")
def ach() -> None:
    """Analysis of competing hypotheses: evidence × hypotheses, ranked by what speaks against each.

    Every step is appended to the judgement log; take one back with 'tocsin judge BOARD-ID undo --detail
    NUMBER'.
    """


@ach.command("list")
@case_option
def list_(case_dir: Path) -> None:
    """List the boards of a case, with the ids under which the log keeps them."""
    from tocsin.judge.ach import board_id

    with tocsin.Case(case_dir, create=False) as case:
        desk = case.desk()
        for name in desk.boards():
            board = desk.board(name)
            size = f"{len(board.hypotheses)} hypotheses, {len(board.evidence)} items of evidence"
            click.echo(f"{name}: {size}, id {board_id(name)}")


@ach.command()
@_name
@case_option
@click.option(
    "--event", default="", metavar="WORDS", help="The event, as in tocsin blame; default: the densest."
)
def propose(board: str, case_dir: Path, event: str) -> None:
    """Begin a board from rival blame, with accident, hoax, unknown actor and nothing happened beside it."""
    with tocsin.Case(case_dir, create=False) as case:
        hypotheses, evidence = case.desk().propose_board(board, event)
    click.echo(f"{board}: {hypotheses} hypotheses, {evidence} items of evidence, nothing rated")


@ach.command()
@_name
@click.argument("text")
@case_option
@author_option
def hypothesis(board: str, text: str, case_dir: Path, author: str) -> None:
    """Add a hypothesis; the board is begun if it is new."""
    with tocsin.Case(case_dir, create=False) as case:
        click.echo(case.desk().add_hypothesis(board, text, author))


@ach.command()
@_name
@click.argument("text")
@case_option
@click.option("--kind", default="note", show_default=True, help="claim, check, alarm or note.")
@click.option("--finding", default="", metavar="ID", help="The finding of the case it rests on.")
@click.option("--source", default="", help="On whose word it rests.")
@click.option("--credibility", default="medium", show_default=True, help="low, medium or high.")
@click.option("--relevance", default="medium", show_default=True, help="low, medium or high.")
@author_option
def evidence(board: str, text: str, case_dir: Path, author: str, **values: str) -> None:
    """Add an item of evidence."""
    with tocsin.Case(case_dir, create=False) as case:
        click.echo(case.desk().add_evidence(board, text, author, **values))


@ach.command()
@_name
@click.argument("evidence")
@click.argument("hypothesis")
@click.argument("rating", type=click.Choice(["CC", "C", "N", "I", "II", "NA"], case_sensitive=False))
@case_option
@author_option
def rate(board: str, evidence: str, hypothesis: str, rating: str, case_dir: Path, author: str) -> None:
    """Rate a cell: CC very consistent, C consistent, N neutral, I inconsistent, II very inconsistent, NA."""
    with tocsin.Case(case_dir, create=False) as case:
        entry = case.desk().rate(board, evidence, hypothesis, rating.upper(), author)
    click.echo(f"{entry.sequence}: {evidence} × {hypothesis} {rating.upper()}")


@ach.command()
@_name
@case_option
@_analyst
def show(board: str, case_dir: Path, analyst: str) -> None:
    """Show a board: ranking, matrix, what the ranking hangs on, where analysts differ."""
    from tocsin.judge.ach_files import to_markdown

    with tocsin.Case(case_dir, create=False) as case:
        found = case.desk().board(board)
    click.echo(to_markdown(found, analyst), nl=False)
    for fault in found.faults:
        click.echo(fault, err=True)


@ach.command("export")
@_name
@case_option
@_analyst
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help=".csv or .md"
)
def export_(board: str, case_dir: Path, analyst: str, output: Path) -> None:
    """Write a board as CSV or Markdown."""
    from tocsin.judge.ach_files import to_csv, to_markdown

    writers = {".csv": to_csv, ".md": to_markdown}
    if output.suffix not in writers:
        raise UsageError(f"cannot write {output.suffix or 'a file without ending'}: use .csv or .md")
    with tocsin.Case(case_dir, create=False) as case:
        found = case.desk().board(board)
    output.write_text(writers[output.suffix](found, analyst), encoding="utf-8", newline="\n")
    click.echo(str(output))


@ach.command("import")
@_name
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@case_option
@author_option
def import_(board: str, file: Path, case_dir: Path, author: str) -> None:
    """Add a CSV matrix (as exported, or of other tools: evidence down, hypotheses across) to a board."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read ({error})") from error
    with tocsin.Case(case_dir, create=False) as case:
        hypotheses, items, ratings = case.desk().import_board(board, text, author)
    click.echo(f"{board}: {hypotheses} hypotheses, {items} items of evidence, {ratings} ratings added")
