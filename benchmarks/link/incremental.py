"""What a day costs a large case: one per cent more posts, beside reading all of it, stage by stage.

    python benchmarks/link/incremental.py [--data ../shared/data] [--posts 20000] [--share .01]
        [--late] [--networks] [--skip surges] [--links]

Posts are real: the tweets of ``sharing/ira_tweets_dev.parquet``, every n-th, so that all languages and times
are there; beyond 690,000 also tweets of which one word is left out. ``--posts`` of them make a case, then a
share of so many is added: the last in time, or with ``--late`` any of them. Of every stage the processor
time of both runs is printed, reading included.

The peer is the same program that builds upon nothing: every corpus stage looks at the whole case again, and
must give the very same rows (the command fails otherwise). Rules only, as where the weights are left out,
unless ``--networks``. ``--links`` runs the stage of links alone, without a case: a million posts in minutes;
at 100,000 the floor is checked, with a wide margin, for it is a ratio of times.
"""

from __future__ import annotations

import argparse
import csv
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from importlib.abc import MetaPathFinder
from pathlib import Path
from random import Random
from time import process_time

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import tocsin
from tocsin import pipeline
from tocsin.language import reading
from tocsin.link.corpus import COLUMNS
from tocsin.link.stage import link_documents
from tocsin.model import TABLES, make_id
from tocsin.model.arrow import empty_table
from tocsin.stage import CorpusInput
from tocsin.testing import ratchet

FLOOR = Path(__file__).parents[1] / "floors" / "link-incremental.json"
TWEETS = Path("sharing/ira_tweets_dev.parquet")
_COLUMNS = ("author_id", "publish_date", "content")
Row = tuple[str, str, str]


def _tweets(data: Path, number: int) -> list[Row]:
    """So many tweets (account, time, text) in the order of time."""
    table = pq.read_table(data / TWEETS, columns=list(_COLUMNS))
    chosen = np.unique(np.linspace(0, table.num_rows - 1, min(number, table.num_rows)).astype(np.int64))
    columns = (table.column(name).take(chosen).to_pylist() for name in _COLUMNS)
    rows = [row for row in zip(*columns, strict=True) if row[2] and row[2].strip()]
    rng = Random(7)  # noqa: S311  a sample, not a secret
    while len(rows) < number:
        account, when, text = rng.choice(rows)
        words = text.split()
        if len(words) > 3:
            del words[rng.randrange(len(words))]
            rows.append((account, when, " ".join(words)))
    return sorted(rows, key=lambda row: row[1])


def _write(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("account_id", "date", "text"))
        writer.writerows(rows)


class _NoPandas(MetaPathFinder):
    """Other benchmarks need pandas, tocsin does not: pyarrow imports it wherever it is, .4 s of a process."""

    def find_spec(self, fullname: str, *_: object) -> None:
        """Refuse pandas; leave anything else to the finders that follow."""
        if fullname == "pandas":
            raise ModuleNotFoundError(name=fullname)


def _add(root: Path, file: Path, options: argparse.Namespace) -> None:
    """Add a file to a case and print the processor seconds by stage, as JSON, in this process."""
    sys.meta_path.insert(0, _NoPandas())
    settings: dict[str, object] = {"run.workers": 1}
    if not options.networks:
        settings["extract.method"] = "rules"
        reading.core_installed = lambda: False
    pipeline.STAGES = tuple(stage for stage in pipeline.STAGES if stage.name not in options.skip)
    if options.whole:
        pipeline.only_documents_added = lambda *_: False
    with tocsin.Case(root, settings=tocsin.Settings(settings)) as case:
        begun = process_time()
        report = case.add([file])
        spent = process_time() - begun
        if report.problems:
            sys.exit(f"{report.problems} rows of {file.name} could not be read")
        stages = case.stage_seconds()
    print(json.dumps({"reading": spent - sum(stages.values()), **stages}))


def _added(root: Path, file: Path, *, whole: bool = False) -> Mapping[str, float]:
    """Processor seconds of adding a file to a case, by stage; ``reading`` is what no stage took.

    In a process of its own: one that has read the sentences before remembers them.
    """
    command = [sys.executable, __file__, *sys.argv[1:], "--add", str(root), str(file)]
    run = subprocess.run([*command, *(["--whole"] if whole else [])], check=True, stdout=subprocess.PIPE)
    found: dict[str, float] = json.loads(run.stdout)
    return found


def _differences(one: Path, other: Path) -> list[str]:
    """Tables of corpus stages that are not the same in two cases."""
    names = [name for stage in pipeline.STAGES if stage.corpus for name in stage.writes]
    with tocsin.Case(one) as first, tocsin.Case(other) as second:
        return [name for name in names if not first.table(name).equals(second.table(name))]


def _measure(root: Path, rows: tuple[list[Row], list[Row]]) -> None:
    """Make the case and add the day, with what is kept and without; prints the table."""
    for name, part in zip(("full", "day"), rows, strict=True):
        _write(root / f"{name}.csv", part)
    full = _added(root / "case", root / "full.csv")
    shutil.copytree(root / "case", root / "whole")
    day = _added(root / "case", root / "day.csv")
    whole = _added(root / "whole", root / "day.csv", whole=True)
    print(f"{'stage':20} {'full, s':>9} {'day, s':>9} {'ratio':>7} {'whole again, s':>15} {'ratio':>7}")
    totals = [sum(part.values()) for part in (full, day, whole)]
    lines = [(name, full[name], day.get(name, 0.0), whole.get(name, 0.0)) for name in full]
    for name, *costs in [*lines, ("all", *totals)]:
        shares = [cost / max(costs[0], 1e-9) for cost in costs[1:]]
        print(
            f"{name:20} {costs[0]:9.2f} {costs[1]:9.2f} {shares[0]:7.1%} {costs[2]:15.2f} {shares[1]:7.1%}",
            flush=True,
        )
    if other := _differences(root / "case", root / "whole"):
        sys.exit(f"other rows than from the whole case: {', '.join(other)}")
    print("every table of the corpus is the same both ways")


def _documents(rows: list[Row]) -> pa.Table:
    """Tweets as the stage of links is given them, with ids of their own."""
    accounts, times, texts = (pa.array(column, pa.string()) for column in zip(*rows, strict=True))
    when = pc.assume_timezone(pc.strptime(times, "%Y-%m-%d %H:%M:%S", "us"), "UTC")
    known = {
        "document_id": pa.array([make_id("tweet", number) for number in range(len(rows))]),
        "text": texts,
        "platform": pa.array(["twitter"] * len(rows)),
        "channel": accounts,
        "channel_id": accounts,
        "published": when,
    }
    nothing = pa.nulls(len(rows), pa.string())
    return pa.table({name: known.get(name, nothing) for name in COLUMNS})


def _links_alone(rows: tuple[list[Row], list[Row]]) -> dict[str, float]:
    """The stage of links on the case, on the case with the day, and on both at once; returns metrics."""
    documents = _documents([*rows[0], *rows[1]])
    attributions = empty_table(TABLES["attributions"])

    def run(number: int, previous: Mapping[str, pa.Table]) -> tuple[dict[str, pa.Table], float]:
        def table(name: str, columns: Sequence[str] | None = None) -> pa.Table:
            chosen = documents.slice(0, number) if name == "documents" else attributions
            return chosen.select(list(columns)) if columns else chosen

        begun = process_time()
        found = link_documents(CorpusInput(table, {}, previous))
        return found, process_time() - begun

    run(500, {})  # compiled before the clock starts
    before, full = run(len(rows[0]), {})
    after, day = run(len(documents), before)
    again, whole = run(len(documents), {})
    print(
        f"links alone: {len(rows[0]):,} posts {full:.2f} CPU-s, {before['document_links'].num_rows:,} links"
    )
    shares = f"{day:.2f} CPU-s, {day / full:.1%}; whole again {whole:.2f}, {whole / full:.1%}"
    print(f"  {len(rows[1]):,} more: {shares}")
    if not all(after[name].equals(again[name]) for name in again):
        sys.exit("other rows than from the whole case")
    print("  the same rows both ways")
    return {"whole again, in days": whole / day}


def main() -> None:
    """Print a row for each stage; leaves with 1 where the day gives other rows than the whole case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--posts", type=int, default=20_000)
    parser.add_argument("--share", type=float, default=0.01)
    parser.add_argument("--late", action="store_true", help="the day's posts are of any time")
    parser.add_argument("--networks", action="store_true", help="with the trained networks")
    parser.add_argument("--skip", nargs="*", default=[], help="stages to leave out")
    parser.add_argument("--links", action="store_true", help="the stage of links alone, in memory")
    parser.add_argument("--add", nargs=2, type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--whole", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help="where the cases are made (a temporary one)")
    parser.add_argument("--floor", choices=ratchet.MODES, default="check")
    arguments = parser.parse_args()
    if arguments.add:
        _add(*arguments.add, arguments)
        return
    added = max(1, round(arguments.posts * arguments.share))
    rows = _tweets(arguments.data, arguments.posts + added)
    if arguments.late:
        Random(11).shuffle(rows)  # noqa: S311
    parts = rows[: arguments.posts], rows[arguments.posts :]
    if arguments.links:
        metrics = _links_alone(parts)
        if (arguments.posts, arguments.share, arguments.late) == (100_000, 0.01, False):
            data = ratchet.digest_files([arguments.data / TWEETS])
            print(ratchet.settle(FLOOR, data, metrics, arguments.floor))
        return
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        _measure(Path(folder), parts)


if __name__ == "__main__":
    main()
