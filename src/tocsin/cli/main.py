"""Commands. Each one parses, calls the API, prints, and turns errors into documented exit codes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

import tocsin
from tocsin.cli.ach import ach
from tocsin.cli.blame import blame
from tocsin.cli.checks import checks
from tocsin.cli.evaluate import evaluate
from tocsin.cli.factchecks import factchecks
from tocsin.cli.forecasts import forecasts
from tocsin.cli.judgements import judge, judgements
from tocsin.cli.options import case_option
from tocsin.cli.reference import reference
from tocsin.cli.search import search
from tocsin.cli.serve import serve
from tocsin.errors import InternalError, TocsinError, UsageError
from tocsin.model.tables import TABLES
from tocsin.settings import SETTINGS, Settings

__all__ = ["cli", "run"]

_EXIT_HELP = """\b
Exit codes: 0 all read; 1 internal error; 2 wrong usage; 3 done, but some input
could not be read (listed, and in the brief); 4 the case cannot be used."""


@click.group(epilog=_EXIT_HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(tocsin.__version__, prog_name="tocsin")
def cli() -> None:
    """Early warning and claim provenance: what is claimed, on whose word, when and where.

    Works offline. Nothing leaves this machine.
    """


def _reading_options(command: Any) -> Any:
    options = [
        click.option(
            "--format", "format_", metavar="NAME", help="Format of the inputs; detected when left out."
        ),
        click.option(
            "--map",
            "mapping",
            metavar="FIELD=COLUMN,…",
            help="Columns of a table, e.g. text=body,time=published.",
        ),
        click.option("--date", metavar="DATE", help="Publication date of documents that state none."),
        click.option("--channel", metavar="NAME", help="Channel of documents that state none."),
        click.option("--set", "settings", metavar="NAME=VALUE", multiple=True, help="A setting; repeatable."),
        click.option("-q", "--quiet", is_flag=True, help="No progress."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


_pseudonyms_option = click.option(
    "--pseudonyms",
    metavar="PHRASE",
    default="",
    help="Put accounts under pseudonyms made with this secret phrase; texts stay verbatim.",
)
_inputs = click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")


def _read_options(values: dict[str, Any]) -> dict[str, Any]:
    from tocsin.read import parse_date_option, parse_mapping

    return {
        "format": values["format_"],
        "mapping": parse_mapping(values["mapping"]) if values["mapping"] else {},
        "date": parse_date_option(values["date"]) if values["date"] else None,
        "channel": values["channel"],
    }


def _add(case: tocsin.Case, inputs: tuple[str, ...], values: dict[str, Any]) -> int:
    """Add inputs with progress, say what happened, and return the exit code."""
    from tocsin.cli.progress import Progress

    options = _read_options(values)
    with Progress(quiet=values["quiet"]) as progress:
        report = case.add(inputs, watcher=progress, derived=progress.derived, **options)
    click.echo(
        f"{len(report.files)} files ({report.unchanged} read before), {report.found} posts found, "
        f"{report.added} new",
        err=True,
    )
    for reason, count in sorted(report.skipped.items()):
        click.echo(f"  skipped {count}: {reason}", err=True)
    if not report.problems:
        return 0
    click.echo(f"  {report.problems} problems:", err=True)
    given = set(report.files)
    shown = 0
    for problem in case.problems():
        if problem.file_digest and problem.file.partition("!")[0] not in given:
            continue
        if shown == 10:
            click.echo(f"  … run 'tocsin problems --case {case.path}' for all", err=True)
            break
        shown += 1
        where = f"{problem.file}: {problem.position}" if problem.position else problem.file
        click.echo(f"  {where}: {problem.cause} [{problem.code}]. {problem.remedy}", err=True)
    return 3


@cli.command()
@_inputs
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("brief.html"),
    show_default=True,
    help="The brief: one self-contained HTML file.",
)
@click.option(
    "--case",
    "case_dir",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Keep the case here, with all that was added to it before; default: OUTPUT with the ending .case.",
)
@click.option("--title", default="", help="Title of the brief.")
@_pseudonyms_option
@_reading_options
def brief(inputs: tuple[str, ...], output: Path, case_dir: Path | None, **values: Any) -> None:
    """Read files and write a brief: what is claimed in them, on whose word, when and where.

    INPUT is any mix of files, folders, .gz and .zip; run 'tocsin formats' for the formats.
    """
    settings = Settings.from_arguments(values["settings"])
    folder = case_dir or output.with_suffix(".case")
    with tocsin.Case(folder, settings=settings) as case:
        if case_dir is None:
            _refuse_other_inputs(case, inputs, output)
        status = _add(case, inputs, values)
        case.brief(output, title=values["title"], pseudonyms=values["pseudonyms"])
    click.echo(f"{output}  (case: {folder})")
    sys.exit(status)


def _refuse_other_inputs(case: tocsin.Case, inputs: tuple[str, ...], output: Path) -> None:
    """Without --case, a brief is of the inputs named and nothing else."""
    from tocsin.read import InputFile, discover

    given = {item.path for item in discover(inputs) if isinstance(item, InputFile)}
    others = [record.file for record in case.inputs() if record.file not in given]
    if others:
        raise UsageError(
            f"{case.path} already holds other inputs ({others[0]}{' …' if len(others) > 1 else ''})",
            remedy=f"Add --case {case.path} to add to it, or choose another output than {output}",
        )


@cli.command()
@_inputs
@case_option
@_reading_options
def add(inputs: tuple[str, ...], case_dir: Path, **values: Any) -> None:
    """Add files to a case without writing a brief."""
    with tocsin.Case(case_dir, settings=Settings.from_arguments(values["settings"])) as case:
        sys.exit(_add(case, inputs, values))


@cli.command()
@click.argument(
    "folder", metavar="DIR", type=click.Path(path_type=Path, exists=True, file_okay=False, readable=True)
)
@case_option
@click.option(
    "--every", type=click.FloatRange(min=1), default=60.0, show_default=True, help="Seconds between looks."
)
@click.option("--once", is_flag=True, help="Look once and end.")
@_reading_options
def watch(folder: Path, case_dir: Path, every: float, once: bool, **values: Any) -> None:
    """Watch a folder: add what appears in it and tell of each alarm it raises.

    An alarm says that channels turned to a subject far above their habit; it rests only on what
    was there when it was raised. End it with Ctrl-C; what was added is kept.
    """
    from tocsin.cli.watch import watch_folder

    options = _read_options(values)
    with tocsin.Case(case_dir, settings=Settings.from_arguments(values["settings"])) as case:
        for line in watch_folder(case, folder, every=every, once=once, options=options):
            click.echo(line)


@cli.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("demo/brief.html"),
    show_default=True,
)
def demo(output: Path) -> None:
    """Write the brief of the small invented corpus that comes with tocsin."""
    from tocsin.examples import corpus_dir

    output.parent.mkdir(parents=True, exist_ok=True)
    with tocsin.Case(output.with_suffix(".case")) as case:
        report = case.add([corpus_dir()])
        case.brief(output, title="Demo: lanterns, camels and a drifting duck")
    click.echo(f"{report.found or 'already read:'} posts of invented outlets about invented events")
    click.echo(str(output))


@cli.command("plan")
@case_option
@click.option("--set", "settings", metavar="NAME=VALUE", multiple=True, help="A setting; repeatable.")
def plan_(case_dir: Path, settings: tuple[str, ...]) -> None:
    """Show the stages, what each reads and writes, and what is stale and why."""
    with tocsin.Case(case_dir, settings=Settings.from_arguments(settings), create=False) as case:
        for entry in case.plan():
            stage = entry.stage
            state = "up to date"
            if entry.stale:
                why = "; ".join(f"{reason} ({count})" for reason, count in sorted(entry.reasons.items()))
                state = f"{len(entry.stale)} of {entry.partitions} partitions stale: {why}"
            click.echo(f"{stage.name:10} {', '.join(stage.reads)} → {', '.join(stage.writes)}")
            click.echo(f"{'':10} {state}")


@cli.command()
@case_option
def problems(case_dir: Path) -> None:
    """List everything in the inputs that could not be read, with file, position, cause and remedy."""
    with tocsin.Case(case_dir, create=False) as case:
        for problem in case.problems():
            kept = "kept in part" if problem.kept else "rejected"
            parts = (problem.file, problem.position, problem.code, kept, problem.cause, problem.remedy)
            click.echo("\t".join(parts))


@cli.command()
@click.argument("table", type=click.Choice(sorted(TABLES)))
@case_option
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help=".csv, .jsonl or .parquet",
)
@_pseudonyms_option
def export(table: str, case_dir: Path, output: Path, pseudonyms: str) -> None:
    """Write one table of a case for other programs, with the quoted words beside the offsets."""
    with tocsin.Case(case_dir, create=False) as case:
        try:
            rows = case.export(table, output, pseudonyms=pseudonyms)
        except ValueError as error:
            raise UsageError(str(error)) from error
    click.echo(f"{rows} rows: {output}")


@cli.command()
@case_option
def verify(case_dir: Path) -> None:
    """Check every file of a case against its manifest."""
    with tocsin.Case(case_dir, create=False) as case:
        case.verify()
    click.echo("sound")


@cli.command()
def formats() -> None:
    """List the input formats."""
    from tocsin.read import formats as known

    for item in known():
        click.echo(f"{item.name:18} {item.help}")


@cli.command()
def settings() -> None:
    """List the settings with type, default, unit and range."""
    for item in SETTINGS:
        bounds = f"{item.low or ''} to {item.high or ''}".strip() if item.low is not None else ""
        click.echo(f"{item.name} = {item.default}  ({item.unit}{'; ' + bounds if bounds else ''})")
        click.echo(f"    {item.help}")


for command in (
    ach,
    blame,
    checks,
    evaluate,
    factchecks,
    forecasts,
    judge,
    judgements,
    reference,
    search,
    serve,
):
    cli.add_command(command)


def run(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with a documented code."""
    try:
        cli.main(args=arguments, prog_name="tocsin", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("interrupted: what was committed is kept; run the command again to go on", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except TocsinError as error:
        click.echo(f"tocsin: {error} [{error.code}]", err=True)
        sys.exit(error.exit_status)
    except BrokenPipeError:
        sys.exit(0)  # the reader of our output left; that is its right
    except Exception as error:
        bug = InternalError(f"{type(error).__name__}: {error}")
        click.echo(f"tocsin: {bug} [{bug.code}]", err=True)
        raise SystemExit(bug.exit_status) from error
