"""Near-duplicates beside an exact search, datasketch and rensa; a million posts; a day's increment.

    python benchmarks/link/join.py [--data ../shared/data] [--posts 20000 100000] [--peers 20000]
    python benchmarks/link/join.py --million [--threads 2] [--beside datasketch rensa]

Posts are real: the tweets of ``sharing/ira_tweets_dev.parquet`` (every n-th, so that all languages and
times are there). What is asked for: all pairs of different texts whose sets of folded five-letter
shingles have Jaccard ≥ .7. Truth is an exact search by prefix filtering (Bayardo, Ma & Srikant 2007) over
sets of strings, nothing of tocsin's but the folding. Peers get the same shingles and 128 permutations.

``--million`` fills up the 701,847 tweets with the posts of ``origins`` and ``telegram/ru_news`` and then
with tweets of which one word is left out. It prints wall and CPU seconds and peak memory of a process of
its own, and what one per cent more costs. ``--beside`` runs peers on the same texts, each in a process of its
own: they get different texts only, and their shingles are made while the clock stands still. What they find
is counted, not compared with the truth (see the smaller sizes for that).
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice, pairwise
from pathlib import Path
from random import Random
from typing import Any

import numba
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tocsin.link.fold import fold_rows, text_buffers
from tocsin.link.join import NearIndex, collapse, pair_similarity, similar_pairs, sketches_of
from tocsin.testing import ratchet

FLOOR = Path(__file__).parents[1] / "floors" / "link-join.json"
TWEETS = Path("sharing/ira_tweets_dev.parquet")
THRESHOLD = 0.7
Pairs = set[tuple[int, int]]


def _tweets(data: Path) -> pa.Array:
    return pq.read_table(data / TWEETS, columns=["content"]).column("content").combine_chunks()


def _folded(texts: pa.Array) -> list[str]:
    codes, bounds = fold_rows(text_buffers(texts), np.arange(len(texts)))
    words = codes.astype("<u4").tobytes().decode("utf-32-le")
    return [words[start:end] for start, end in pairwise(bounds)]


def shingles(words: str) -> list[str]:
    """The distinct five-letter shingles of a folded text."""
    return sorted({words[at : at + 5] for at in range(max(1, len(words) - 4))})


# --- the exact search ---------------------------------------------------------------------------


@numba.njit(cache=True)
def _prefix_join(flat: Any, edges: Any, lists: Any, threshold: float) -> Any:
    """All pairs of sets with Jaccard ≥ threshold; sets are sorted by rarity and given by size."""
    found = np.empty((1024, 2), np.int64)
    used = 0
    starts, counts, postings = lists
    seen = np.full(len(edges) - 1, -1, np.int64)
    for j in range(len(edges) - 1):
        size = edges[j + 1] - edges[j]
        prefix = size - int(np.ceil(threshold * size)) + 1
        for at in range(edges[j], edges[j] + prefix):
            token = flat[at]
            for k in range(starts[token], starts[token] + counts[token]):
                i = postings[k]
                if seen[i] == j or edges[i + 1] - edges[i] < threshold * size:
                    continue
                seen[i] = j
                a, b, shared = edges[i], edges[j], 0
                while a < edges[i + 1] and b < edges[j + 1]:
                    if flat[a] == flat[b]:
                        shared += 1
                        a += 1
                        b += 1
                    elif flat[a] < flat[b]:
                        a += 1
                    else:
                        b += 1
                if shared >= threshold * (edges[i + 1] - edges[i] + size - shared):
                    if used == len(found):
                        wider = np.empty((2 * used, 2), np.int64)
                        wider[:used] = found
                        found = wider
                    found[used, 0] = i
                    found[used, 1] = j
                    used += 1
            postings[starts[token] + counts[token]] = j
            counts[token] += 1
    return found[:used]


def exact_pairs(sets: list[list[str]]) -> Pairs:
    """All pairs of sets of strings with Jaccard ≥ .7, by row; no hashing is involved."""
    numbers: dict[str, int] = {}
    rows = [[numbers.setdefault(item, len(numbers)) for item in items] for items in sets]
    frequency = np.bincount(np.concatenate(rows), minlength=len(numbers))
    rank = np.empty(len(numbers), np.int64)
    rank[np.lexsort((np.arange(len(numbers)), frequency))] = np.arange(len(numbers))
    order = sorted(range(len(rows)), key=lambda row: len(rows[row]))
    ranked = [np.sort(rank[rows[row]]) for row in order]
    flat, edges = np.concatenate(ranked), np.cumsum([0] + [len(item) for item in ranked])
    sizes = np.bincount(flat, minlength=len(numbers))
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    lists = (starts, np.zeros(len(numbers), np.int64), np.empty(len(flat), np.int64))
    found = _prefix_join(flat, edges, lists, THRESHOLD)
    return {(min(order[i], order[j]), max(order[i], order[j])) for i, j in found.tolist()}


# --- the systems --------------------------------------------------------------------------------


def tocsin_pairs(texts: pa.Array, sets: list[list[str]]) -> Pairs:  # noqa: ARG001
    """Ours, from the texts themselves."""
    found = similar_pairs(texts, THRESHOLD)
    return set(zip(found.left.tolist(), found.right.tolist(), strict=True))


def datasketch_pairs(texts: pa.Array, sets: list[list[str]]) -> Pairs:  # noqa: ARG001
    """datasketch's MinHashLSH with its own choice of bands for .7."""
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=THRESHOLD, num_perm=128)
    found: Pairs = set()
    for row, items in enumerate(sets):
        sketch = MinHash(num_perm=128)
        sketch.update_batch([item.encode() for item in items])
        found |= {(min(row, other), max(row, other)) for other in index.query(sketch)}
        index.insert(row, sketch)
    return found


def rensa_pairs(bands: int) -> Callable[[pa.Array, list[list[str]]], Pairs]:
    """rensa's RMinHashLSH with a number of bands."""

    def pairs(texts: pa.Array, sets: list[list[str]]) -> Pairs:  # noqa: ARG001
        from rensa import RMinHash, RMinHashLSH

        index = RMinHashLSH(threshold=THRESHOLD, num_perm=128, num_bands=bands)
        found: Pairs = set()
        for row, items in enumerate(sets):
            sketch = RMinHash(num_perm=128, seed=42)
            sketch.update(items)
            found |= {(min(row, other), max(row, other)) for other in index.query(sketch) if other != row}
            index.insert(row, sketch)
        return found

    return pairs


def compare(tweets: pa.Array, posts: int, peers: bool) -> dict[str, float]:
    """Print a table for so many posts; returns our metrics."""
    texts = tweets.take(pa.array(np.linspace(0, len(tweets) - 1, posts).astype(np.int64)))
    firsts, _ = collapse(sketches_of(texts).digests)
    words = _folded(texts)
    rows = [row for row in firsts.tolist() if words[row]]
    texts = texts.take(pa.array(rows))
    sets = [shingles(words[row]) for row in rows]
    truth = exact_pairs(sets)
    print(f"{posts:,} posts, {len(rows):,} different texts, {len(truth):,} pairs with Jaccard ≥ {THRESHOLD}")
    systems: dict[str, Any] = {"tocsin": tocsin_pairs}
    if peers:
        systems |= {
            "datasketch": datasketch_pairs,
            "rensa 16 bands": rensa_pairs(16),
            "rensa 32": rensa_pairs(32),
        }
    metrics: dict[str, float] = {}
    for name, system in systems.items():
        system(texts.slice(0, 500), sets[:500])  # compiled and loaded before the clock starts
        started = time.process_time()
        found = system(texts, sets)
        seconds = time.process_time() - started
        recall, precision = len(found & truth) / len(truth), len(found & truth) / max(1, len(found))
        print(
            f"  {name:16} recall {recall:.4f}  precision {precision:.4f}"
            f"  {posts / seconds:10,.0f} posts/CPU-s"
        )
        if name == "tocsin":
            metrics = {f"{posts}: recall": recall, f"{posts}: precision": precision}
    return metrics


# --- a million ----------------------------------------------------------------------------------


def _million(data: Path, number: int) -> Iterator[str]:
    tweets = _tweets(data).to_pylist()
    yield from tweets
    forwards = pq.read_table(data / "origins/telegram_forwards_dev.parquet")
    yield from forwards.column("otext").to_pylist()
    yield from forwards.column("cleaned_message").to_pylist()
    for path in sorted((data / "telegram/ru_news").glob("*.json")):
        yield from (item["text"] for item in json.loads(path.read_text(encoding="utf-8")) if item["text"])
    rng = Random(7)  # noqa: S311  a sample, not a secret
    for _ in range(number):
        words = rng.choice(tweets).split()
        if len(words) > 3:
            del words[rng.randrange(len(words))]
        yield " ".join(words)


def million(data: Path, threads: int) -> None:
    """Time a million posts and ten thousand more in this process."""
    texts = pa.array(list(islice(_million(data, 1_010_000), 1_010_000)), pa.large_string())
    base, more = texts.slice(0, 1_000_000), texts.slice(1_000_000)
    similar_pairs(base.slice(0, 2000), threads=threads)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    wall, cpu = time.time(), time.process_time()
    sketches = sketches_of(base, threads=threads)
    firsts, _ = collapse(sketches.digests)
    firsts = firsts[sketches.lengths[firsts] > 0]
    index = NearIndex(THRESHOLD, threads=threads)
    found = index.add(sketches.bytes[firsts])
    similar, _ = pair_similarity(base, firsts[found.left], firsts[found.right], threads=threads)
    wall, cpu = time.time() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"1,000,000 posts, {len(firsts):,} different texts, {int((similar >= THRESHOLD).sum()):,} pairs;")
    print(
        f"  {wall:.1f} s wall, {cpu:.1f} CPU-s on {threads} threads;"
        f" peak {peak:,.0f} MiB ({before:,.0f} before)"
    )
    print(
        f"  buckets too large to compare each with each: {found.large_buckets},"
        f" at most {found.not_compared:,} pairs in them not compared"
    )
    known = set(map(tuple, sketches.digests[firsts].tolist()))
    again = time.process_time()
    day = sketches_of(more, threads=threads)
    new = np.array([n for n, item in enumerate(day.digests.tolist()) if tuple(item) not in known], np.int64)
    _, places = np.unique(day.digests[new], axis=0, return_index=True)
    new = new[np.sort(places)]
    rows = np.concatenate([firsts, 1_000_000 + new])
    added = index.add(day.bytes[new])
    pair_similarity(texts, rows[added.left], rows[added.right], threads=threads)
    again = time.process_time() - again
    print(
        f"  10,000 more ({len(new):,} of them new texts): {again:.2f} CPU-s,"
        f" {again / cpu:.1%} of the full run"
    )


def _sketcher(peer: str) -> tuple[Any, Callable[[list[str]], Any]]:
    """The index of a peer, and what makes its sketch of shingles."""
    if peer == "datasketch":
        from datasketch import MinHash, MinHashLSH

        def of_datasketch(items: list[str]) -> Any:
            sketch = MinHash(num_perm=128)
            sketch.update_batch([item.encode() for item in items])
            return sketch

        return MinHashLSH(threshold=THRESHOLD, num_perm=128), of_datasketch
    from rensa import RMinHash, RMinHashLSH

    def of_rensa(items: list[str]) -> Any:
        sketch = RMinHash(num_perm=128, seed=42)
        sketch.update(items)
        return sketch

    return RMinHashLSH(threshold=THRESHOLD, num_perm=128, num_bands=16), of_rensa


def million_of(peer: str, data: Path) -> None:
    """Time a peer on the different texts of the million in this process."""
    texts = pa.array(list(islice(_million(data, 1_000_000), 1_000_000)), pa.large_string())
    firsts, _ = collapse(sketches_of(texts).digests)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    index, sketch_of = _sketcher(peer)
    seconds, found = 0.0, 0
    for at in range(0, len(firsts), 10_000):
        rows = firsts[at : at + 10_000]
        sets = [shingles(words) for words in _folded(texts.take(pa.array(rows)))]
        started = time.process_time()
        for row, items in enumerate(sets, at):
            if items:
                sketch = sketch_of(items)
                found += len(index.query(sketch))
                index.insert(row, sketch)
        seconds += time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{peer}: {len(firsts):,} different texts, {found:,} candidate pairs; {seconds:.0f} CPU-s,"
        f" peak {peak:,.0f} MiB ({before:,.0f} before)"
    )


def main() -> None:
    """Compare at the sizes asked for, or time a million."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--posts", type=int, nargs="*", default=[20_000, 100_000])
    parser.add_argument("--peers", type=int, default=20_000, help="largest size at which the peers run")
    parser.add_argument("--million", action="store_true")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--beside", choices=("datasketch", "rensa"), nargs="*", default=[])
    parser.add_argument("--alone", help=argparse.SUPPRESS)
    parser.add_argument("--floor", choices=ratchet.MODES, default="check")
    arguments = parser.parse_args()
    if arguments.alone == "tocsin":
        million(arguments.data, arguments.threads)
        return
    if arguments.alone:
        million_of(arguments.alone, arguments.data)
        return
    if arguments.million:  # each in a process of its own, so that its peak is its own
        for system in ("tocsin", *arguments.beside):
            own = ["--data", str(arguments.data), "--threads", str(arguments.threads), "--alone", system]
            subprocess.run([sys.executable, __file__, *own], check=True)
        return
    tweets = _tweets(arguments.data)
    metrics: dict[str, float] = {}
    for posts in arguments.posts:
        metrics |= compare(tweets, posts, posts <= arguments.peers)
    if arguments.posts == [20_000, 100_000]:
        data = ratchet.digest_files([arguments.data / TWEETS])
        print(ratchet.settle(FLOOR, data, metrics, arguments.floor))


if __name__ == "__main__":
    main()
