"""Narratives of planted worlds: are the claims that say the same together, and no contradicting ones?

    python benchmarks/link/narratives.py [--worlds 12] [--first 100]

Each world (``tocsin.testing.narratives``) is read into a case; B³ over its planted posts, and how many pairs
of twins (differing in negation, actor, place or number only) fell into one narrative. Thresholds were chosen
looking at worlds 0 to 11. Peer: the same sentences, vectors of the Universal Sentence Encoder as shipped,
joined from a cosine on (single link); the threshold with the best mean B³ F1 on these very worlds.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

import numpy as np

import tocsin
from tocsin.language.universal import universal_encoder
from tocsin.model.ids import make_id
from tocsin.testing import ratchet
from tocsin.testing.narratives import NarrativeWorld, make_narrative_world
from tocsin.testing.worlds import write_jsonl

FLOOR = Path(__file__).parents[1] / "floors" / "narratives.json"
LIMITS = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)


def b_cubed(truth: Mapping[int, str], found: Mapping[int, str]) -> tuple[float, float, float]:
    """Precision, recall, F1 (Bagga & Baldwin 1998); an item that was not found is alone."""
    groups: tuple[dict[str, set[int]], dict[str, set[int]]] = (defaultdict(set), defaultdict(set))
    placed = {item: found.get(item, f"alone {item}") for item in truth}
    for item in truth:
        groups[0][truth[item]].add(item)
        groups[1][placed[item]].add(item)
    shared = {item: len(groups[0][truth[item]] & groups[1][placed[item]]) for item in truth}
    precision = sum(n / len(groups[1][placed[item]]) for item, n in shared.items()) / len(truth)
    recall = sum(n / len(groups[0][truth[item]]) for item, n in shared.items()) / len(truth)
    return precision, recall, 2 * precision * recall / (precision + recall)


def ours(world: NarrativeWorld) -> dict[int, str]:
    """The group of the first claim of each post."""
    with tempfile.TemporaryDirectory() as folder:
        write_jsonl(world.posts, Path(folder) / "world.jsonl")
        with tocsin.Case(Path(folder) / "case") as case:
            case.add([Path(folder) / "world.jsonl"])
            rows = case.query(
                "SELECT d.native_id AS post, c.content[1].start AS start, w.group_id AS home "
                "FROM claim_meanings m JOIN documents d USING (document_id) "
                "JOIN wordings w USING (wording_id) JOIN claims c USING (claim_id) ORDER BY 1, 2"
            ).to_pylist()
    found: dict[int, str] = {}
    for row in rows:
        found.setdefault(int(row["post"]) - 1, row["home"])
    return found


def peer(world: NarrativeWorld, limit: float) -> dict[int, str]:
    """Single link over cosines of the encoder as shipped."""
    vectors = universal_encoder().vectors(list(world.told))
    home = list(range(len(world.told)))
    for a, b in zip(*np.nonzero(np.triu(vectors @ vectors.T >= limit, 1)), strict=True):
        old, new = home[b], home[a]
        home = [new if h == old else h for h in home]
    return {n: str(h) for n, h in enumerate(home)}


def twins(world: NarrativeWorld, found: Mapping[int, str]) -> tuple[int, int]:
    """Pairs of posts that tell contradicting twins: those in one group, and all."""
    told = [n for n, item in enumerate(world.planted) if item is not None]
    merged = total = 0
    for a, b in combinations(told, 2):
        one, other = world.planted[a], world.planted[b]
        if one is not None and other is not None and one.differs(other):
            total += 1
            merged += a in found and found[a] == found.get(b)
    return merged, total


def main() -> None:
    """Print both systems' means."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=12)
    parser.add_argument("--first", type=int, default=100)
    parser.add_argument("--floor", choices=ratchet.MODES, default="check")
    arguments = parser.parse_args()
    worlds = [
        make_narrative_world(seed) for seed in range(arguments.first, arguments.first + arguments.worlds)
    ]
    truths = [{n: item.truth for n, item in enumerate(world.planted) if item is not None} for world in worlds]
    found = [ours(world) for world in worlds]
    scores = np.array([b_cubed(truth, own) for truth, own in zip(truths, found, strict=True)])
    merged, total = np.sum([twins(world, own) for world, own in zip(worlds, found, strict=True)], axis=0)
    precision, recall, f1 = scores.mean(axis=0)
    clean = 1 - merged / total
    print(f"tocsin: B³ P {precision:.3f} R {recall:.3f} F1 {f1:.3f}; {merged} of {total} twin pairs merged")
    best = (0.0, "")
    for limit in LIMITS:
        other = [peer(world, limit) for world in worlds]
        p, r, f = np.mean([b_cubed(t, o) for t, o in zip(truths, other, strict=True)], axis=0)
        bad, _ = np.sum([twins(w, o) for w, o in zip(worlds, other, strict=True)], axis=0)
        best = max(best, (float(f), f"B³ P {p:.3f} R {r:.3f} F1 {f:.3f}; {bad} merged (cosine {limit})"))
    print(f"USE as shipped, single link: {best[1]}")
    if (arguments.first, arguments.worlds) == (100, 12):
        metrics = {"B³ F1": float(f1), "B³ precision": float(precision), "twins kept apart": float(clean)}
        dataset = make_id("worlds", *[post.text for world in worlds for post in world.posts])
        print(ratchet.settle(FLOOR, dataset, metrics, arguments.floor))


if __name__ == "__main__":
    main()
