"""List the frequent names whose spelling the letters do not tell: ``python -m training.names.irregular``.

Run after ``learn_sounds.py``. From the same pairs (Wikidata, CC0; the held-out ones left out) it keeps those
that at least eight people bear and that ``likeness`` scores below .93: Джонс – Jones, Хьюз – Hughes. Output:
``src/tocsin/resolve/names/data/irregular.txt``, Cyrillic and Latin by a tab, Ukrainian spellings added.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tocsin.resolve.names.align import sounding
from tocsin.resolve.names.letters import letters, script
from training.names.learn_sounds import held_out, in_ukrainian

TARGET = Path(__file__).parents[2] / "src" / "tocsin" / "resolve" / "names" / "data" / "irregular.txt"
LEAST_BEARERS = 8
REGULAR = 0.93


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    options = parser.parse_args(arguments)
    found: set[tuple[str, str]] = set()
    path = options.data / "names" / "pairs" / "wd_russian_80.tsv"
    for line in path.read_text(encoding="utf-8").splitlines():
        latin, cyrillic, count = line.split("\t")
        ours, theirs = letters(cyrillic.replace(" ", "")), letters(latin)
        good = script(ours) == "cyrillic" and script(theirs) == "latin" and len(theirs) > 2 and len(ours) > 1
        if good and int(count) >= LEAST_BEARERS and not held_out(latin) and sounding(ours, theirs) < REGULAR:
            found |= {(ours, theirs), (in_ukrainian(ours, theirs), theirs)}
    TARGET.write_text("".join(f"{a}\t{b}\n" for a, b in sorted(found)), encoding="utf-8")
    print(f"{len(found)} pairs")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
