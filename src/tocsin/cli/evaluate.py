"""The command ``tocsin eval``: measure on a labelled file, print figures."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tocsin.errors import UsageError
from tocsin.evaluate import TASKS, Options
from tocsin.evaluate.options import parse_list, parse_renames

if TYPE_CHECKING:
    from tocsin.evaluate.report import Figure, Headline, Report

__all__ = ["evaluate"]

_SHOWN = 10
_PATH = click.Path(path_type=Path, dir_okay=False)


def _tasks() -> str:
    return "\n".join(f"  {name:14} {meaning}" for name, meaning in TASKS.items())


@click.command("eval", epilog=f"\b\nTasks:\n{_tasks()}")
@click.argument("task", type=click.Choice(sorted(TASKS)), metavar="TASK")
@click.argument("gold", type=click.Path(path_type=Path))
@click.option("--system", metavar="NAME", help="Which system of tocsin; default: the first of the task.")
@click.option("--predictions", type=_PATH, help="Score these instead: JSON lines in the shape of GOLD.")
@click.option("--types", metavar="A,B,…", help="ner, persuasion: only these types or techniques.")
@click.option("--map", "renames", metavar="OWN=TYPE,…", help="ner, persuasion: GOLD's own type names.")
@click.option("--style", default="", metavar="NAME", help="ner: the guide to follow; default: by language.")
@click.option("--outermost", is_flag=True, help="attribution, ner: leave nested ones out.")
@click.option(
    "--threshold",
    type=float,
    help="checkworthy, persuasion, certainty as yes or no: from here on, yes; default: the system's own, "
    "else 0.5.",
)
@click.option("--languages", metavar="en,uk,…", help="same-sentence: only these.")
@click.option("--limit", type=int, default=0, metavar="N", help="The first N records only.")
@click.option("--resamples", type=int, default=1000, show_default=True, help="Of the bootstrap; 0: none.")
@click.option("--seed", type=int, default=1, show_default=True, help="Of the bootstrap.")
@click.option("--errors", type=_PATH, help="Write what was wrong here, as JSON lines.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of tables.")
@click.option("-q", "--quiet", is_flag=True, help="No progress.")
def evaluate(task: str, gold: Path, **values: Any) -> None:
    """Measure tocsin, or predictions made elsewhere, on a labelled file of your own.

    GOLD is read as docs/evaluate.md shows for each task. Records that cannot be read are listed, the rest is
    scored, and the exit code is 3.
    """
    from tocsin.evaluate.run import evaluate as measure

    if values["system"] and values["predictions"]:
        raise UsageError("--system and --predictions exclude each other", remedy="Give one of them")
    options = Options(
        types=parse_list(values["types"]),
        renames=parse_renames(values["renames"]),
        languages=parse_list(values["languages"]),
        **{name: values[name] for name in ("style", "outermost", "threshold", "limit", "resamples", "seed")},
    )
    with _Counter(quiet=values["quiet"] or not sys.stderr.isatty()) as counter:
        report = measure(
            task,
            gold,
            options,
            answers=values["predictions"] or values["system"],
            errors=values["errors"],
            progress=counter.show,
        )
    if values["as_json"]:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
    else:
        _print(report)
    _print_problems(report)
    sys.exit(3 if report.problems.total else 0)


class _Counter:
    """One line on a terminal that says how far it is."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet

    def __enter__(self) -> _Counter:
        return self

    def __exit__(self, *error: object) -> None:
        if not self._quiet:
            click.echo("\r\x1b[K", nl=False, err=True)

    def show(self, records: int) -> None:
        if not self._quiet:
            click.echo(f"\r{records:,} records", nl=False, err=True)


def _print(report: Report) -> None:
    gold, system = report.gold, report.system
    click.echo(f"{report.task}: {system['name']} ({system['version']}) on {gold['file']}")
    counts = ", ".join(f"{name} {count:,}" for name, count in report.outcome.counts.items())
    click.echo(f"{counts}; sha256 {gold['sha256'][:16]}…")
    for headline in report.outcome.headlines:
        click.echo(_headline(headline, report.unit))
    groups: dict[str, list[Figure]] = {}
    for figure in report.outcome.figures:
        groups.setdefault(figure.group, []).append(figure)
    for group, figures in groups.items():
        if all("→" in figure.name for figure in figures):
            _matrix(group, figures)
        else:
            _rows(group, figures)
    for name, apart in report.outcome.apart.items():
        click.echo(f"not scored, {name}: " + ", ".join(f"{k} {v:,}" for k, v in apart.items()))
    for note in report.outcome.notes:
        click.echo(note)


def _headline(headline: Headline, unit: str) -> str:
    text = f"{headline.name} {_share(headline.value)}"
    if headline.interval is None:
        return text
    own = headline.interval
    drawn = f"{own.resamples:,} resamples of {own.documents:,} {unit}s"
    return f"{text}  [{own.low:.3f}, {own.high:.3f}] {own.level:.0%} interval, {drawn}"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _count(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def _rows(group: str, figures: Sequence[Figure]) -> None:
    with_rates = any(figure.recall is not None for figure in figures)
    rows = []
    for figure in figures:
        if not with_rates:
            rows.append([figure.name, _share(figure.value), _count(figure.gold)])
            continue
        own = figure.recall is not None
        # F is left blank where precision and recall are of different counts.
        f = _share(figure.value) if figure.value is not None or not own else ""
        rates = [_share(figure.precision), _share(figure.recall)] if own else ["", ""]
        rows.append([figure.name, *rates, f, _count(figure.gold), _count(figure.predicted)])
    header = ["P", "R", "F", "gold", "predicted"] if with_rates else ["value", "asked"]
    if not with_rates and not any(figure.gold for figure in figures):
        header, rows = ["value"], [row[:2] for row in rows]
    _table([group, *header], rows)


def _matrix(group: str, figures: Sequence[Figure]) -> None:
    """Directions as a square: from the row's language to the column's."""
    values = {tuple(figure.name.split("→")): figure.value for figure in figures}
    codes = sorted({code for pair in values for code in pair})
    rows = [[a, *(_share(values[a, b]) if (a, b) in values else "" for b in codes)] for a in codes]
    _table([f"{group}, from ↓ to →", *codes], rows)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for at, name in enumerate(header):
        table.add_column(name, justify="right" if at else "left", no_wrap=True)
    for row in rows:
        table.add_row(*row)
    # A file or a pipe has no width of its own: rows are never cut there. click writes, not rich: when the
    # reader of a pipe leaves, rich ends the process as if it had failed.
    console = Console(width=None if sys.stdout.isatty() else 200, highlight=False, markup=False)
    with console.capture() as captured:
        console.print(table)
    click.echo("\n".join(line.rstrip() for line in captured.get().splitlines() if line.strip()) + "\n")


def _print_problems(report: Report) -> None:
    total = report.problems.total
    if not total:
        return
    click.echo(f"{total:,} problems:", err=True)
    for problem in report.problems.listed[:_SHOWN]:
        where = ": ".join(part for part in (problem.file, problem.position) if part)
        click.echo(f"  {where}: {problem.cause} [{problem.code}]. {problem.remedy}", err=True)
    if total > _SHOWN:
        click.echo(f"  … and {total - _SHOWN:,} more; --json lists up to 1,000", err=True)
