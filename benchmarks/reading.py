"""Reading a Telegram export: tocsin beside ``json`` and pandas on the same file, each in its own process.

    python benchmarks/reading.py [--mib 200] [--repeat 3] [--only tocsin.read]

The file is made on the spot by ``tocsin.testing.worlds.big_export``. ``json`` and pandas only parse; tocsin
also checks, dates, cleans and identifies every post. Quote the ratios: machines differ.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from measure import measure
from tocsin.testing.worlds import big_export

READERS = {
    "tocsin.read": "import tocsin; print(sum(1 for _ in tocsin.read({path!r})))",
    "json.load": "import json; print(len(json.load(open({path!r}, encoding='utf-8'))['messages']))",
    "pandas": (
        "import json, pandas; d = json.load(open({path!r}, encoding='utf-8'))['messages']; "
        "print(len(pandas.json_normalize(d, max_level=0)))"
    ),
}


def main() -> None:
    """Print one row per reader: MB/s, posts/s, peak MiB, all as medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mib", type=int, default=200)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--only", choices=sorted(READERS), help="this reader alone (the others need RAM)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "result.json"
        big_export(path, arguments.mib << 20, seed=1)
        size = path.stat().st_size / 1e6
        print(f"{size:.0f} MB, Telegram Desktop format, seed 1")
        print(f"{'reader':14} {'MB/s':>8} {'posts/s':>10} {'peak MiB':>9} {'peak / file':>12}")
        for name, code in READERS.items():
            if arguments.only and name != arguments.only:
                continue
            command = [sys.executable, "-c", code.format(path=str(path))]
            runs = [measure(command) for _ in range(arguments.repeat)]
            if any(run.status for run in runs):
                sys.exit(f"{name} failed: {runs[0].output}")
            wall = statistics.median(run.wall for run in runs)
            peak = statistics.median(run.peak for run in runs)
            posts = int(runs[0].output.split()[-1])
            ratio = peak * 1.048576 / size
            print(f"{name:14} {size / wall:8.1f} {posts / wall:10,.0f} {peak:9.0f} {ratio:12.2f}")


if __name__ == "__main__":
    main()
