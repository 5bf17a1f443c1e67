"""``tocsin checks``: claims tested by computation, with workings to redo by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

import tocsin
from tocsin.cli.options import case_option
from tocsin.errors import NoSuchFindingError

if TYPE_CHECKING:
    from tocsin.judge.checks.reviewed import Reviewed

__all__ = ["checks"]

_VERDICTS = ("inconsistent", "consistent", "not checkable")


@click.group()
def checks() -> None:
    """Claims tested by computation: distances, dates, sums, sizes, sources, captions.

    A check says whether numbers, dates and quotations agree with one another or with a source. It never says
    what is true. Confirm or reject a result with 'tocsin judge ID confirm|reject'.
    """


@checks.command("list")
@case_option
@click.option("--verdict", type=click.Choice(_VERDICTS), multiple=True, help="These only; repeatable.")
@click.option(
    "--topic", metavar="NAME", multiple=True, help="distances, dates, sums, sizes, sources or captions."
)
@click.option("--workings", is_flag=True, help="With the workings of each.")
def list_(case_dir: Path, verdict: tuple[str, ...], topic: tuple[str, ...], workings: bool) -> None:
    """List what was checked, inconsistent first."""
    with tocsin.Case(case_dir, create=False) as case:
        found = case.desk().checks()
        problems = list(case.check_problems())
        shown = [
            r
            for r in found
            if (not verdict or r.check.verdict in verdict) and (not topic or r.check.topic in topic)
        ]
        for item in shown:
            for line in _lines(item, case, workings):
                click.echo(line)
    counts = Counter(r.check.verdict for r in shown)
    click.echo(
        ", ".join(f"{counts[v]} {v}" for v in _VERDICTS) if shown else "no finding: nothing was checked"
    )
    for name, cause in sorted({(p.check_name, p.cause) for p in problems}):
        number = sum(p.check_name == name and p.cause == cause for p in problems)
        click.echo(f"  check {name} failed on {number} documents: {cause}", err=True)


@checks.command()
@click.argument("check_id")
@case_option
def show(check_id: str, case_dir: Path) -> None:
    """Show one check with every step, its assumptions and what people hold of it."""
    with tocsin.Case(case_dir, create=False) as case:
        for item in case.desk().checks():
            if item.check.check_id == check_id:
                for line in _lines(item, case, True):
                    click.echo(line)
                return
    raise NoSuchFindingError(f"the case has no check {check_id!r}", remedy="See tocsin checks list")


@checks.command()
@click.argument("file", type=click.Path(path_type=Path))
@case_option
@click.option("--base", default="", metavar="NAME", help="Name of the table; default: the file's name.")
def figures(file: Path, case_dir: Path, base: str) -> None:
    """Import a CSV table of figures to compare numbers with (columns subject, counted, value, unit, source,
    date).

    Subject and counted may list several words parted by ';', in the languages of the texts. A table of the
    same name is replaced.
    """
    with tocsin.Case(case_dir, create=False) as case:
        count = case.add_figures(file, base=base)
    click.echo(f"{count} figures of {base or file.stem}")


@checks.command()
def kinds() -> None:
    """List the checks there are."""
    from tocsin.judge.checks.figures import FIGURE
    from tocsin.judge.checks.registry import BUILT_IN
    from tocsin.judge.checks.sources import OUTLET, QUOTATION

    for check in (*BUILT_IN, QUOTATION, OUTLET, FIGURE):
        click.echo(f"{check.name} {check.version} ({check.topic}): {check.help}")


def _lines(item: Reviewed, case: tocsin.Case, workings: bool) -> Iterator[str]:
    """A check for people."""
    check = item.check
    document = case.document(check.document_id)
    text = document.text
    words = " … ".join(" ".join(span.of(text).split()) for span in check.statement)
    where = ", ".join(
        part
        for part in (
            document.channel or "unknown channel",
            str(document.published.date()) if document.published else "",
        )
        if part
    )
    yield f"{check.verdict.upper()} {check.check_name}: «{words}» {where} [{item.review}] {check.check_id}"
    if not workings:
        return
    for span, read in zip(check.inputs, check.read_as, strict=True):
        yield f"    {span.start}–{span.end} «{span.of(text)}» = {read}"
    for number, step in enumerate(check.workings, 1):
        yield f"    {number}. {step}"
    if check.other_id is not None:
        other = case.document(check.other_id)
        for span in check.other_inputs:
            there = f"({other.channel or 'unknown channel'}) {span.start}–{span.end}"
            yield f"    there {there} «{span.of(other.text)}»"
    if check.tolerance:
        yield f"    tolerance: {check.tolerance}"
    yield from (f"    assumes: {text}" for text in check.assumptions)
    yield from (f"    missing: {text}" for text in check.missing)
    yield from (f"    comment: {text}" for text in item.comments)
