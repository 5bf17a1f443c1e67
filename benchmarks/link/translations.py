"""Translation links: of each Russian, Ukrainian, Kazakh sentence to the English one that translates it.

    python benchmarks/link/translations.py [--data ../shared/data]

NTREX dev. ``half``: every second translation is taken away, so that half of the sentences have none: a link
from them is wrong. Peer: the nearest sentence by the Universal Sentence Encoder as shipped, from the
threshold that gives it the best F1 on the same pairs (chosen with the answers known, in its favour).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tocsin.language import sentence_vectors
from tocsin.language.universal import universal_encoder
from tocsin.link.translations import translation_pairs
from tocsin.testing import ratchet

FLOOR = Path(__file__).parents[1] / "floors" / "translations.json"
Floats = NDArray[np.float32]


def rates(pairs: list[tuple[int, int]], kept: NDArray[np.int64]) -> tuple[float, float]:
    """Precision and recall; row r of one side is translated by the kept row whose number is r."""
    right = sum(int(kept[b]) == a for a, b in pairs)
    return right / max(1, len(pairs)), right / len(kept)


def peer(one: Floats, other: Floats, kept: NDArray[np.int64]) -> tuple[float, float]:
    """Nearest neighbour from the threshold with the best F1."""
    similar = one @ other.T
    best = similar.argmax(axis=1)
    top = similar.max(axis=1)
    found = (0.0, 0.0)
    for limit in np.quantile(top, np.linspace(0, 0.98, 50)):
        p, r = rates([(a, int(best[a])) for a in np.flatnonzero(top >= limit).tolist()], kept)
        if p + r and 2 * p * r / (p + r) > 2 * found[0] * found[1] / max(1e-9, sum(found)):
            found = (p, r)
    return found


def main() -> None:
    """Print a row per language and setting."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--floor", choices=ratchet.MODES, default="check")
    arguments = parser.parse_args()
    path = arguments.data / "same_story" / "ntrex_dev.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    codes = ("en", "ru", "uk", "kk")
    ours = {code: sentence_vectors([row[code] for row in rows], [code] * len(rows)) for code in codes}
    theirs = {code: universal_encoder().vectors([row[code] for row in rows]) for code in codes}
    metrics: dict[str, float] = {}
    print(f"{'':14}{'tocsin P':>10}{'R':>8}{'USE P':>10}{'R':>8}")
    for code in codes[1:]:
        for name, kept in (("all", np.arange(len(rows))), ("half", np.arange(0, len(rows), 2))):
            found = [(a, b) for a, b, _ in translation_pairs(ours[code], ours["en"][kept])]
            precision, recall = rates(found, kept)
            p, r = peer(theirs[code], theirs["en"][kept], kept)
            print(f"{code}–en, {name:6}{precision:10.3f}{recall:8.3f}{p:10.3f}{r:8.3f}")
            metrics |= {f"{code}–en, {name}: precision": precision, f"{code}–en, {name}: recall": recall}
    print(ratchet.settle(FLOOR, ratchet.digest_files([path]), metrics, arguments.floor))


if __name__ == "__main__":
    main()
