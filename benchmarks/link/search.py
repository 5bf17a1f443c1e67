"""Search: earlier fact-checks for a tweet, by words, by meaning and by both; beside rank_bm25.

    python benchmarks/link/search.py [--data ../shared/data]

CheckThat! 2020 (English, task 2), dev queries against 10,375 checked claims: mean average precision of the
first five. Texts of the entries are title and claim. rank_bm25's BM25Okapi gets lower-case words. Seconds are
of the CPU.
"""

from __future__ import annotations

import argparse
import csv
import re
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from rank_bm25 import BM25Okapi

from tocsin.link.narratives.meanings import pack, vectors_of
from tocsin.model.tables import TABLES
from tocsin.search.query import search
from tocsin.search.words import index_words
from tocsin.testing import ratchet

FLOOR = Path(__file__).parents[1] / "floors" / "search.json"


class Tables:
    """What ``search`` asks of a case, over tables in memory."""

    def __init__(self, texts: Sequence[str]) -> None:
        ids = [f"{n:06}" for n in range(len(texts))]
        documents = pa.table({"document_id": ids, "text": list(texts)})
        sentences = pa.table(
            {
                "document_id": ids,
                "start": [0] * len(ids),
                "end": [len(text) for text in texts],
                "language": ["en"] * len(ids),
            }
        )
        vectors, _ = vectors_of(list(texts), ["en"] * len(texts))
        packed = [pack(vector) for vector in vectors]
        made = index_words(documents, sentences) | {
            "documents": documents,
            "claim_meanings": pa.table(
                {
                    "claim_id": ids,
                    "document_id": ids,
                    "vector": pa.array([data for data, _ in packed], pa.binary()),
                    "scale": [scale for _, scale in packed],
                }
            ),
        }
        self._made = made
        self._db = duckdb.connect()
        for name, data in made.items():
            self._db.register(name, data)

    def table(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        return self._made[name].select(list(columns or TABLES[name].column_names))

    def select(self, name: str, column: str, values: Iterable[str]) -> pa.Table:
        order = ", ".join(TABLES[name].order)  # as a case gives them
        where = f"{column} IN (SELECT unnest(?))"
        return self.query(f"SELECT * FROM {name} WHERE {where} ORDER BY {order}", [sorted(set(values))])

    def query(self, sql: str, parameters: list[Any] | None = None) -> pa.Table:
        return self._db.sql(sql, params=parameters or []).to_arrow_table()


def plain(text: str) -> list[str]:
    """Lower-case words, for the peer."""
    return re.findall(r"\w+", text.lower())


def score(
    name: str, queries: dict[str, str], gold: dict[str, set[int]], ask: Callable[[str], list[int]]
) -> float:
    """Print and return MAP@5."""
    started = time.process_time()
    values = []
    for key, query in queries.items():
        hits = [n in gold[key] for n in ask(query)[:5]]
        precisions = [sum(hits[: n + 1]) / (n + 1) for n, hit in enumerate(hits) if hit]
        values.append(sum(precisions) / len(gold[key]))
    spent = (time.process_time() - started) / len(queries)
    print(f"{name:24} MAP@5 {np.mean(values):.3f}   {1000 * spent:6.0f} ms a query")
    return float(np.mean(values))


def main() -> None:
    """Print a row per way to search."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--floor", choices=ratchet.MODES, default="check")
    arguments = parser.parse_args()
    folder = arguments.data / "factcheck" / "checkthat2020"
    base = folder / "verified_claims.docs.tsv"
    asked = folder / "dev" / "tweets.queries.tsv"
    judged = folder / "dev" / "tweet-vclaim-pairs.qrels"
    with base.open(encoding="utf-8", newline="") as stream:
        texts = [f"{row['title']} {row['vclaim']}" for row in csv.DictReader(stream, delimiter="\t")]
    with asked.open(encoding="utf-8", newline="") as stream:
        queries = {row[0]: row[1] for row in list(csv.reader(stream, delimiter="\t"))[1:]}
    gold: dict[str, set[int]] = {}
    for line in judged.read_text(encoding="utf-8").splitlines():
        query, _, entry, right = line.split("\t")
        if right == "1":
            gold.setdefault(query, set()).add(int(entry))
    queries = {key: text for key, text in queries.items() if key in gold}
    okapi = BM25Okapi([plain(text) for text in texts])
    score("rank_bm25", queries, gold, lambda q: np.argsort(-okapi.get_scores(plain(q)))[:5].tolist())
    tables = Tables(texts)
    metrics = {}
    for by in ("words", "meaning", "both"):
        metrics[f"{by}: MAP@5"] = score(
            f"tocsin, {by}",
            queries,
            gold,
            lambda q, by=by: [int(hit.document_id) for hit in search(tables, q, by=by, limit=5)],
        )
    print(ratchet.settle(FLOOR, ratchet.digest_files([base, asked, judged]), metrics, arguments.floor))


if __name__ == "__main__":
    main()
