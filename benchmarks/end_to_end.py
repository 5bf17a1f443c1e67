"""From files to a brief: first run, run with one new file, run with nothing new; and the first run by stages.

    python benchmarks/end_to_end.py INPUT... [--workers 2] [--first 50]
    python benchmarks/end_to_end.py --make 100

Times are of whole processes, start to end; memory is of all processes of the run together. Of each stage the
processor time of all processes is given, as the case keeps it of every run: where the next second lies.
``--first`` reads that many posts of each input, JSON files with one list of posts each.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

import tocsin
from measure import Usage, measure
from tocsin.testing.worlds import big_export

NEW_FILE = "Мэрия сообщила, что часы на башне в Казани завтра остановят на час для чистки."


def _row(name: str, usage: Usage, limit: float | None = None) -> str:
    bound = f"(limit {limit:.0f} s)" if limit else ""
    return f"{name:24} {usage.wall:7.1f} s wall {usage.cpu:7.1f} s CPU {usage.peak:7.0f} MiB peak {bound}"


def _beginnings(inputs: list[str], first: int, root: Path) -> list[str]:
    """The first posts of each JSON list, in files of the same names."""
    folder = root / "first"
    folder.mkdir()
    named = [Path(name) for name in inputs]
    for path in (file for one in named for file in ([one] if one.is_file() else sorted(one.rglob("*.json")))):
        posts = json.loads(path.read_text(encoding="utf-8"))
        (folder / path.name).write_text(json.dumps(posts[:first], ensure_ascii=False), encoding="utf-8")
    return [str(folder)]


def _stages(case: tocsin.Case) -> None:
    """What each stage of the first run cost, and for how many documents; a row each, the dearest first."""
    seconds = case.stage_seconds(1)
    count = case.table("documents").num_rows - 1  # the second run brought one more
    for name, spent in sorted(seconds.items(), key=lambda pair: -pair[1]):
        print(f"  {name:22} {spent:7.1f} s CPU {spent / max(count, 1) * 1e3:8.2f} ms a document")
    print(f"  {'all stages':22} {sum(seconds.values()):7.1f} s CPU")


def main() -> None:
    """Print a row per run; leaves with 1 when a run fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("inputs", nargs="*")
    parser.add_argument("--make", type=int, default=0, metavar="MIB", help="make a Telegram export to read")
    parser.add_argument(
        "--first", type=int, default=0, metavar="N", help="read N posts of each JSON list only"
    )
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        if arguments.make:
            big_export(root / "made.json", arguments.make << 20, seed=1)
            arguments.inputs.append(str(root / "made.json"))
        if not arguments.inputs:
            parser.error("name an input, or --make one")
        if arguments.first:
            arguments.inputs = _beginnings(arguments.inputs, arguments.first, root)
        (root / "new.txt").write_text(NEW_FILE, encoding="utf-8")
        command = [sys.executable, "-m", "tocsin", "brief", *arguments.inputs, "-q"]
        command += ["-o", str(root / "brief.html"), "--case", str(root / "case")]
        command += ["--set", f"run.workers={arguments.workers}"]
        runs = {
            "first run": (command, 120.0),
            "one new file": ([*command[:4], str(root / "new.txt"), *command[4:]], 15.0),
            "nothing new": (command, None),
        }
        for name, (line, limit) in runs.items():
            usage = measure(line)
            if usage.status not in {0, 3}:
                sys.exit(f"{name} failed: {usage.output}")
            print(_row(name, usage, limit))
        with tocsin.Case(root / "case", create=False) as case:
            _stages(case)
            sizes = {name: case.table(name).num_rows for name in ("documents", "sentences", "claims")}
        page = (root / "brief.html").stat().st_size
        print(
            ", ".join(f"{count:,} {name}" for name, count in sizes.items()) + f"; brief {page / 1e6:.2f} MB"
        )


if __name__ == "__main__":
    main()
