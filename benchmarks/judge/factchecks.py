"""Known fact-checks: earlier checks of what a post or a claim in another language says; beside simpler ways.

    python benchmarks/judge/factchecks.py [--data ../shared/data] [--cache DIR] [--floor check]

CheckThat! 2020 and 2022 (English, task 2), dev posts against 10,375 and 14,231 checked claims: mean average
precision of the first five, and mean reciprocal rank. Peers in the same run: rank_bm25's BM25Okapi on
lower-case words, the universal encoder alone (mean of title and claim), and the sum of both as z-scores;
they get the post as it stands. Across languages: own retellings of EUvsDisinfo cases in Russian, Ukrainian
and Kazakh (``factcheck_queries.csv``, split test; they repeat catalogued disinformation, which nobody here
asserts), share with the case among the first five. Milliseconds are of the CPU, the encoder's apart, and at
100,000 entries too (the collection, repeated with other letters). ``--cache`` keeps the vectors.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from tocsin.judge.factchecks.index import COLUMNS, CORE, FactcheckIndex
from tocsin.judge.factchecks.match import matches
from tocsin.judge.factchecks.texts import question_of
from tocsin.link.narratives.meanings import vectors_of
from tocsin.testing import ratchet
from training.factchecks.crosslingual import QUERIES, case_key, catalogue, retellings
from training.factchecks.data import collection, gold_ids, map5, numbers, posts

FLOOR = Path(__file__).parents[1] / "floors" / "factchecks.json"
MANY = 100_000

Floats = NDArray[np.float32]


def plain(text: str) -> list[str]:
    """Lower-case words, for the peer."""
    return re.findall(r"\w+", text.lower())


def ranked(
    name: str,
    asked: dict[str, str],
    gold: dict[str, set[int]],
    ask: Callable[[str], list[int]],
    metrics: dict[str, float],
) -> None:
    """Print and keep MAP@5 and MRR of one way to rank."""
    started = time.process_time()
    found = [np.isin(ask(key), sorted(gold[key])) for key in asked]
    spent = 1000 * (time.process_time() - started) / len(asked)
    value, rank = map5(found, [len(gold[key]) for key in asked])
    print(f"{name:32} MAP@5 {value:.3f}  MRR {rank:.3f}  {spent:6.1f} ms a query")
    metrics |= {f"{name}: MAP@5": value, f"{name}: MRR": rank}


def standard(values: Floats) -> Floats:
    found: Floats = (values - values.mean()) / values.std()
    return found


def checkthat(folder: Path, year: str, cache: Path | None, metrics: dict[str, float]) -> FactcheckIndex:
    """One year, dev part."""
    index = collection(folder, year, cache)
    place = numbers(folder, year, index)
    gold = {key: {place[e] for e in own} for key, own in gold_ids(folder, year, "dev").items()}
    asked = {key: text for key, text in posts(folder, year, "dev").items() if key in gold}
    raw, _ = vectors_of(list(asked.values()), ["en"] * len(asked))
    raw_of = dict(zip(asked, raw, strict=True))
    okapi = BM25Okapi([plain(f"{t} {c}") for t, c in zip(index.titles, index.claims, strict=True)])
    middle = index.title_vectors[:, CORE:] + index.claim_vectors[:, CORE:]

    def words(key: str) -> Floats:
        return np.asarray(okapi.get_scores(plain(asked[key])), dtype=np.float32)

    def meaning(key: str) -> Floats:
        found: Floats = middle @ raw_of[key][CORE:]
        return found

    def top(scores: Floats) -> list[int]:
        return [int(n) for n in np.argsort(-scores, kind="stable")[:100]]

    ranked(f"{year}: rank_bm25", asked, gold, lambda key: top(words(key)), metrics)
    ranked(f"{year}: encoder alone", asked, gold, lambda key: top(meaning(key)), metrics)
    both = f"{year}: z-sum of both"
    ranked(both, asked, gold, lambda key: top(standard(words(key)) + standard(meaning(key))), metrics)
    questions = {key: question_of(text, "en") for key, text in asked.items()}
    made, _ = vectors_of([q.text for q in questions.values()], ["en"] * len(questions))
    vectors = dict(zip(questions, made, strict=True))
    number = {key: n for n, key in enumerate(index.ids)}

    def ask(key: str) -> list[int]:
        found = matches(index, questions[key], vectors[key], limit=100)
        return [number[match.reference_id] for match in found]

    ranked(f"{year}: tocsin", asked, gold, ask, metrics)
    return index


def crosslingual(folder: Path, cache: Path | None, metrics: dict[str, float]) -> None:
    """Own retellings, split test. A case whose title is that of another is right wherever it stands."""
    table = catalogue(folder, cache)
    index = FactcheckIndex(table)
    columns = (table.column(name).to_pylist() for name in ("reference_id", "url", "title"))
    title_of, case_of = {}, {}
    for reference, url, title in zip(*columns, strict=True):
        title_of[reference] = title.casefold()
        case_of[case_key(url or "")] = title.casefold()
    rows = retellings("test")
    vectors, _ = vectors_of([r["query"] for r in rows], [r["language"] for r in rows])
    hits: dict[str, list[bool]] = {}
    for row, vector in zip(rows, vectors, strict=True):
        found = matches(index, question_of(row["query"], row["language"]), vector, limit=5)
        right = case_of[row["case"]] in {title_of[match.reference_id] for match in found}
        hits.setdefault(row["language"], []).append(right)
    every = [hit for own in hits.values() for hit in own]
    shares = {language: float(np.mean(own)) for language, own in sorted(hits.items())}
    metrics["across languages: success@5"] = float(np.mean(every))
    told = ", ".join(f"{language} {share:.2f}" for language, share in shares.items())
    print(f"{'across languages: tocsin':32} success@5 {np.mean(every):.3f} of {len(every)} ({told})")


def speed(folder: Path, cache: Path | None) -> None:
    """Milliseconds a query at many entries, with and without the encoder."""
    index = collection(folder, "2022", cache)
    del index
    import pyarrow.parquet as pq

    table = pq.read_table(cache / "checkthat2022.parquet") if cache else None
    if table is None:
        return
    table = table.select(list(COLUMNS))
    copies = []
    for n in range(-(-MANY // table.num_rows)):
        ids = [f"{n}-{key}" for key in table.column("reference_id").to_pylist()]
        claims = [f"{text} {n}" for text in table.column("claim").to_pylist()]
        copy = table.set_column(table.schema.get_field_index("reference_id"), "reference_id", pa.array(ids))
        copies.append(copy.set_column(copy.schema.get_field_index("claim"), "claim", pa.array(claims)))
    started = time.process_time()
    index = FactcheckIndex(pa.concat_tables(copies, promote_options="default").slice(0, MANY))
    built = time.process_time() - started
    texts = list(posts(folder, "2022", "dev").values())[:100]
    questions = [question_of(text, "en") for text in texts]
    started = time.process_time()
    vectors = [vectors_of([q.text + " "], ["en"])[0][0] for q in questions]
    encoding = 1000 * (time.process_time() - started) / len(texts)
    matches(index, questions[0], vectors[0])
    started = time.process_time()
    for question, vector in zip(questions, vectors, strict=True):
        matches(index, question, vector)
    spent = 1000 * (time.process_time() - started) / len(texts)
    print(
        f"{len(index):,} entries: built in {built:.1f} s; {spent:.1f} ms a query, encoding {encoding:.1f} ms"
    )


def main() -> None:
    """Measure, print, and hold to the floors."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--floor", choices=ratchet.MODES, default="check")
    parser.add_argument("--speed", action="store_true", help="time at 100,000 entries too (needs --cache)")
    arguments = parser.parse_args()
    folder = arguments.data / "factcheck"
    metrics: dict[str, float] = {}
    for year in ("2020", "2022"):
        checkthat(folder, year, arguments.cache, metrics)
    crosslingual(folder, arguments.cache, metrics)
    if arguments.speed:
        speed(folder, arguments.cache)
    files = [
        folder / "checkthat2020" / "dev" / "tweets.queries.tsv",
        folder / "checkthat2022" / "CT2022-Task2A-EN-Dev_QRELs.tsv",
        folder / "euvsdisinfo_cases.csv",
        QUERIES,
    ]
    own = {name: value for name, value in metrics.items() if "tocsin" in name or "across" in name}
    print(ratchet.settle(FLOOR, ratchet.digest_files(files), own, arguments.floor))


if __name__ == "__main__":
    main()
