"""Persuasion techniques and the words that carry them, by the packaged head, on the posts it has not seen.

    python benchmarks/language/persuasion.py [--data ../shared/data]

A fifth of the UNLP 2025 posts (Ukrainian and Russian) was never learnt from; near copies of a post are on one
side (``training/persuasion``). They go through `tocsin eval persuasion`. How the head stands beside TF-IDF
over five folds: ``python -m training.persuasion DATA --compare``.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from tocsin.evaluate import Options
from tocsin.evaluate.run import evaluate
from tocsin.testing import ratchet
from training.core.prepare import HELD_OUT
from training.persuasion.corpus import CORPUS, folds_of

FLOOR = Path(__file__).parents[1] / "floors" / "persuasion.json"


def as_line(row: dict[str, Any]) -> str:
    """A post as a record of ``tocsin eval persuasion``."""
    kept = ("id", "content", "techniques", "trigger_words")
    return json.dumps({name: row[name] or [] for name in kept}, ensure_ascii=False) + "\n"


def main() -> None:
    """Print every figure, and check the floors."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--floor", choices=ratchet.MODES, default="check")
    arguments = parser.parse_args()
    path = arguments.data / CORPUS
    rows = pq.read_table(path).to_pylist()
    folds = folds_of([row["content"] for row in rows])
    held = [row for row, fold in zip(rows, folds.tolist(), strict=True) if fold == HELD_OUT]
    with tempfile.TemporaryDirectory() as folder:
        gold = Path(folder) / "held-out.jsonl"
        gold.write_text("".join(map(as_line, held)), encoding="utf-8")
        outcome = evaluate("persuasion", gold, Options(resamples=0)).outcome
    for figure in outcome.figures:
        rates = (figure.value, figure.precision, figure.recall)
        print(f"{figure.group:24}{figure.name:28}", *("–" if r is None else f"{r:.3f}" for r in rates))
    metrics = {f"unlp2025: {h.name}": h.value or 0.0 for h in outcome.headlines}
    for name, value in metrics.items():
        print(f"{name:40}{value:8.3f}")
    print(ratchet.settle(FLOOR, ratchet.digest_files([path]), metrics, arguments.floor))


if __name__ == "__main__":
    main()
