"""Co-sharing beside the QUT coordination-network-toolkit and CooRTweet's definition; the null model.

    python benchmarks/detect/sharing.py edges  [--data ../shared/data] [--posts 701847]
    python benchmarks/detect/sharing.py speed  [--posts 1000000]
    python benchmarks/detect/sharing.py worlds [--worlds 100]
    python benchmarks/detect/sharing.py ira    [--data ../shared/data]

``edges``: the same edges as the toolkit (tweets with the same text within 60 seconds of a documented
campaign) and as CooRTweet's definition written down in SQL (its own 35,125 shares, read with R), with CPU
seconds. ``speed``: shares of one URL within 60 seconds among made posts, alone and with a viral object of 38
million pairs, the toolkit beside it. ``worlds``: false groups and recovered groups in planted worlds.
``ira``: the detector on the campaign, on the same with accounts shuffled within the hour, and how well
groups follow the campaign's account categories.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import io
import resource
import sqlite3
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from coordination_network_toolkit import compute_networks
from coordination_network_toolkit.database import initialise_db
from coordination_network_toolkit.similarity import message_preprocessor

from tocsin.detect.sharing import (
    Edges,
    Plan,
    Shares,
    co_message_edges,
    co_share_pair_edges,
    co_sharing_edges,
    codes_of,
    find_concert,
    make_shares,
)
from tocsin.testing import ratchet
from tocsin.testing.sharing_worlds import make_sharing_world

FLOORS = Path(__file__).parents[1] / "floors"
Table = dict[str, list[Any]]


def cpu() -> float:
    """CPU seconds of this process and of its ended children."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def toolkit(
    rows: list[tuple[Any, ...]], urls: bool, minimum: int
) -> tuple[dict[tuple[str, str], int], float]:
    """Edges by the toolkit from (message, account, text or url, seconds), and CPU seconds without loading."""
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        path = str(Path(folder) / "toolkit.db")
        with contextlib.closing(initialise_db(path)) as db:
            db.execute("begin")
            if urls:
                db.executemany("insert into message_url values (?1, ?3, ?4, ?2)", rows)
            db.executemany(
                "insert into edge (message_id, user_id, message, timestamp) values (?1, ?2, ?3, ?4)", rows
            )
            db.execute("commit")
        started = cpu()
        if urls:
            compute_networks.compute_co_link_network(path, 60, n_threads=2, min_edge_weight=minimum)
        else:
            compute_networks.compute_co_tweet_network(path, 60, min_edge_weight=minimum, n_threads=2)
        spent = cpu() - started
        name = "co_link_network" if urls else "co_tweet_network"
        with contextlib.closing(sqlite3.connect(path)) as db:
            found = db.execute(f"select user_1, user_2, weight from {name}").fetchall()
    return {(one, other): weight for one, other, weight in found}, spent


def named(edges: Edges, names: list[Any]) -> dict[tuple[Any, Any], int]:
    """Edges by the names of accounts."""
    keys = ((names[a], names[b]) for a, b in zip(edges.first, edges.second, strict=True))
    return dict(zip(keys, edges.weight.tolist(), strict=True))


def ira(data: Path, posts: int, *, originals: bool) -> Table:
    """Tweets of the campaign, oldest first: account, text, seconds."""
    table = pq.read_table(data / "sharing" / "ira_tweets_dev.parquet").slice(0, posts)
    if originals:
        table = table.filter(pa.compute.equal(table["retweet"], "0"))
    seconds = pa.compute.strptime(table["publish_date"], "%Y-%m-%d %H:%M:%S", "s").cast(pa.int64())
    table = table.append_column("time", seconds).sort_by([("time", "ascending"), ("author_id", "ascending")])
    return {"account": table["author_id"].to_pylist(), "text": table["content"].to_pylist(),
            "time": table["time"].to_pylist()}  # fmt: skip


def warm() -> None:
    """Have the loops compiled before anything is timed."""
    few = make_shares(np.arange(4), np.zeros(4), np.arange(4))
    co_message_edges(few, 60), co_sharing_edges(few, 60), co_share_pair_edges(few, 60)


def edges(arguments: argparse.Namespace) -> None:
    """Equality of edges with both peers."""
    warm()
    table = ira(arguments.data, arguments.posts, originals=True)
    rows = list(zip(range(len(table["text"])), table["account"], table["text"], table["time"], strict=True))
    theirs, spent = toolkit(rows, False, 2)
    started = cpu()
    objects, _ = codes_of([message_preprocessor(text or "") for text in table["text"]])
    accounts, names = codes_of(table["account"])
    prepared = cpu()
    # The toolkit lets messages without words match each other; the comparison follows it there.
    objects[objects < 0] = objects.max() + 1
    shares = make_shares(accounts, objects, np.array(table["time"]))
    ours = named(co_message_edges(shares, 60, 2), names)
    print(f"co_tweet, {len(rows):,} posts: toolkit {len(theirs):,} edges, tocsin {len(ours):,}, "
          f"same: {ours == theirs}")  # fmt: skip
    print(f"  CPU seconds: toolkit {spent:.1f}; tocsin {cpu() - prepared:.2f} + {prepared - started:.1f} "
          "for the toolkit's own cleaning of texts and codes")  # fmt: skip
    same_pairs = coor(arguments.data)
    if ours != theirs or not same_pairs:
        raise SystemExit("edges differ")


def coor(data: Path) -> bool:
    """CooRTweet's definition, in SQL, on its own shares."""
    script = 'load(commandArgs(TRUE)[1]); write.csv(russian_coord_tweets, "", row.names = FALSE)'
    path = str(data / "sharing" / "russian_coord_tweets.rda")
    output = subprocess.run(
        ["Rscript", "-e", script, path], capture_output=True, text=True, check=True
    ).stdout  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(output)))
    x = pa.table({
        "o": [row["object_id"] for row in rows], "a": [row["account_id"] for row in rows],
        "c": [row["content_id"] for row in rows], "t": [int(float(row["timestamp_share"])) for row in rows],
    })  # fmt: skip
    started = time.process_time()
    found = duckdb.sql("""
        WITH active AS (SELECT *, row_number() OVER () AS n FROM x
                        WHERE a IN (SELECT a FROM x GROUP BY a HAVING count(*) >= 2)),
        pairs AS (SELECT p.o, p.a AS a, q.a AS b, p.c AS c, q.c AS d FROM active p JOIN active q
                  ON p.o = q.o AND p.n < q.n AND abs(p.t - q.t) <= 60
                  WHERE p.o <> p.c AND q.o <> q.c AND p.c <> q.c AND p.a <> q.a),
        met AS (SELECT c FROM pairs UNION SELECT d FROM pairs),
        strong AS (SELECT c FROM active WHERE c IN (FROM met) AND a IN (
            SELECT a FROM active WHERE c IN (FROM met) GROUP BY a HAVING count(*) >= 2))
        SELECT least(a, b), greatest(a, b), count(*) FROM pairs
        WHERE c IN (FROM strong) OR d IN (FROM strong) GROUP BY 1, 2
    """).fetchall()
    theirs = {(one, other): weight for one, other, weight in found}
    half = time.process_time()
    objects, objects_named = codes_of(x["o"].to_pylist())
    accounts, names = codes_of(x["a"].to_pylist())
    messages, contents = codes_of(x["c"].to_pylist())
    code = {name: number for number, name in enumerate(contents)}
    itself = np.array([code.get(name, -1) for name in objects_named], dtype=np.int32)
    shares = make_shares(accounts, objects, x["t"].to_numpy(), messages)
    ours = named(co_share_pair_edges(shares, 60, 2, itself), names)
    print(f"CooRTweet's definition, {len(rows):,} shares: SQL {len(theirs):,} edges, tocsin {len(ours):,}, "
          f"same: {ours == theirs}")  # fmt: skip
    print(f"  CPU seconds: SQL in DuckDB {half - started:.2f}, tocsin {time.process_time() - half:.2f}")
    return ours == theirs


def made(posts: int, viral: int) -> Table:
    """Posts of 50,000 accounts over 90 days; one URL is shared by ``viral`` accounts in 50 seconds."""
    draw = np.random.default_rng(1)
    account = draw.integers(0, 50_000, posts)
    url = np.minimum((draw.pareto(1.1, posts) * 20).astype(np.int64), 400_000)
    seconds = draw.integers(0, 90 * 86_400, posts)
    account = np.concatenate((account, draw.permutation(50_000)[:viral]))
    url = np.concatenate((url, np.full(viral, 400_001)))
    seconds = np.concatenate((seconds, draw.integers(1000, 1050, viral)))
    order = np.argsort(seconds, kind="stable")
    return {"account": account[order], "url": url[order], "time": seconds[order]}


def speed(arguments: argparse.Namespace) -> None:
    """Time and memory, the toolkit beside."""
    warm()
    for viral, minimum in ((8_800, 1), (0, 2)):  # the memory of the larger one is not to hide the smaller
        table = made(arguments.posts, viral)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        started = time.process_time()
        shares = make_shares(table["account"], table["url"], table["time"])
        found = co_sharing_edges(shares, 60, minimum)
        spent = time.process_time() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{len(shares):,} shares, weight ≥ {minimum}: tocsin {len(found):,} edges, {spent:.2f} CPU s, "
              f"peak {peak:.0f} MiB (before: {before:.0f})")  # fmt: skip
        if not viral:
            columns = (table["account"].tolist(), table["url"].tolist(), table["time"].tolist())
            rows = list(zip(range(len(shares)), *columns, strict=True))
            theirs, took = toolkit(rows, True, minimum)
            print(f"  toolkit: {len(theirs):,} directed edges in {took:.1f} CPU s: {took / spent:.0f} times")


def worlds(arguments: argparse.Namespace) -> None:
    """False groups without a planted one; recall and precision of accounts with one of 8."""
    metrics: dict[str, float] = {}
    false = sum(
        find_concert(make_sharing_world(seed).shares, Plan()).groups for seed in range(arguments.worlds)
    )
    print(f"no planted group: {false} groups found in {arguments.worlds} worlds")
    metrics["worlds without a false group"] = 1 - false / arguments.worlds
    for objects in (3, 4, 5, 8, 15):
        recall, precision = [], []
        for seed in range(arguments.worlds // 2):
            world = make_sharing_world(seed, group=8, objects=objects)
            found = set(np.flatnonzero(find_concert(world.shares, Plan()).group >= 0).tolist())
            recall.append(len(found & set(world.planted)) / 8)
            precision.append(len(found & set(world.planted)) / len(found) if found else 1.0)
        print(f"8 accounts among 2,000 sharing {objects:2} objects in 2 minutes: "
              f"recall {np.mean(recall):.3f}, precision {np.mean(precision):.3f}")  # fmt: skip
        metrics[f"{objects} objects: recall"] = float(np.mean(recall))
        metrics[f"{objects} objects: precision"] = float(np.mean(precision))
    dataset = f"sharing worlds 0-{arguments.worlds - 1}"
    print(ratchet.settle(FLOORS / "sharing.json", dataset, metrics, arguments.floor))


def shuffled(shares: Shares, seed: int) -> Shares:
    """The same objects at the same times, accounts exchanged at random within each hour."""
    draw = np.random.default_rng(seed)
    hour = shares.time // 3600
    order = np.lexsort((draw.random(len(shares)), hour))
    account = np.empty_like(shares.account)
    account[np.argsort(hour, kind="stable")] = shares.account[order]
    return make_shares(account, shares.object, shares.time, feed=shares.feed)


def campaign(arguments: argparse.Namespace) -> None:
    """The detector on the campaign."""
    table = ira(arguments.data, arguments.posts, originals=False)
    objects, _ = codes_of([message_preprocessor(text or "") for text in table["text"]])
    accounts, names = codes_of(table["account"])
    shares = make_shares(accounts, objects, np.array(table["time"]))
    started = time.process_time()
    found = find_concert(shares, Plan(window=60))
    took = time.process_time() - started
    with (arguments.data / "sharing" / "ira_authors.csv").open(encoding="utf-8") as lines:
        category = {row["author_id"]: row["account_category"] for row in csv.DictReader(lines)}
    members = np.flatnonzero(found.group >= 0)
    print(f"{len(shares):,} shares, {found.candidates:,} candidate edges, {len(found.edges):,} significant, "
          f"{found.groups} groups of {len(members)} accounts, {took:.1f} CPU s")  # fmt: skip
    alike = 0
    for group in range(found.groups):
        kinds = Counter(category.get(names[a], "?") for a in np.flatnonzero(found.group == group))
        alike += max(kinds.values())
        if group < 12:
            print(f"  group {group}: {dict(kinds.most_common(4))}")
    everybody = Counter(category.get(names[a], "?") for a in members)
    print(f"accounts in the commonest category of their group: {alike / max(len(members), 1):.2f}; "
          f"one for all: {max(everybody.values(), default=0) / max(len(members), 1):.2f}")  # fmt: skip
    for seed in range(3):
        nothing = find_concert(shuffled(shares, seed), Plan(window=60))
        print(f"shuffled within the hour, seed {seed}: {len(nothing.edges)} edges, {nothing.groups} groups")


def main() -> None:
    """Run one part."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("part", choices=("edges", "speed", "worlds", "ira"))
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--worlds", type=int, default=100)
    parser.add_argument("--floor", choices=ratchet.MODES, default="check")
    arguments = parser.parse_args()
    {"edges": edges, "speed": speed, "worlds": worlds, "ira": campaign}[arguments.part](arguments)


if __name__ == "__main__":
    main()
