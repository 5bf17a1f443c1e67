"""The original of an edited forward, by words and time alone, beside rensa and datasketch.

    python benchmarks/link/forwards.py [--data ../shared/data]

Data: ``origins/telegram_forwards_dev.parquet``, real forwards whose original is in the data; only those
are asked for whose words are no longer the original's. Every different original post is indexed; for each
copy a system gives posts that may be its original. Recall: the very post is among them. Candidates: how
many it gave, per copy, all copies counted. Direction: of the links found by words between a copy and its
original, how many put the copy after it (both are in one case, and tocsin orders them). ``by words of the
whole case`` is what tocsin finds when nothing says that a post is a forward; ``stated forward`` is what
it does when the platform says so and nothing else (no channel, no id).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tocsin.link.copies import distinct_texts, find_copies
from tocsin.link.corpus import COLUMNS, corpus_of
from tocsin.link.fold import folded
from tocsin.link.ranking import WordRanking
from tocsin.model import TABLES, Direction, Post, document_from_post
from tocsin.model.arrow import table_of
from tocsin.testing import ratchet

FLOOR = Path(__file__).parents[1] / "floors" / "link-forwards.json"
FILE = Path("origins/telegram_forwards_dev.parquet")
Row = dict[str, Any]


def load(data: Path) -> tuple[list[Row], list[Row]]:
    """Different original posts in the order of time, and the edited copies."""
    rows = pq.read_table(data / FILE).to_pylist()
    originals = {row["original_id"]: row for row in rows}
    ordered = sorted(originals.values(), key=lambda row: (row["odate"], row["original_id"]))
    return ordered, [row for row in rows if row["otext"] != row["cleaned_message"]]


Answers = list[list[int]]  # for each copy, numbers of originals


def stated(originals: list[Row], copies: list[Row]) -> Answers:
    """Ranking by rare words among the posts that were there before."""
    texts = pa.array([row["otext"] for row in originals] + [row["cleaned_message"] for row in copies])
    ranking = WordRanking(texts, np.arange(len(originals)))
    dates = [row["odate"] for row in originals]
    found = []
    for number, row in enumerate(copies):
        before = int(np.searchsorted(dates, row["date"]))
        ranked = ranking.rank(texts, len(originals) + number, before)
        found.append([original for original, _ in ranked.rows])
    return found


def _post(text: str, channel: str, number: str, date: str) -> Any:
    return document_from_post(
        Post(
            text=text,
            platform="telegram",
            channel=channel,
            channel_id=channel,
            native_id=number,
            published=datetime.fromisoformat(date),
            published_basis="stated",
        )
    )


def _above(identifier: str, links: dict[str, Any]) -> list[str]:
    """What a document derives from, step by step (a copy may be linked to an earlier copy of the same)."""
    found: list[str] = []
    while (link := links.get(identifier)) is not None:
        found += [link.original_id, *(item.value for item in link.alternatives)]
        identifier = link.original_id
    return found


def by_words(originals: list[Row], copies: list[Row]) -> tuple[Answers, float]:
    """The links of a case of all these posts, and the share that goes the right way."""
    here = {
        row["original_id"]: _post(row["otext"], *row["original_id"].split("/"), row["odate"])
        for row in originals
    }
    number = {here[row["original_id"]].document_id: at for at, row in enumerate(originals)}
    there = [_post(row["cleaned_message"], *row["copy_id"].split("/"), row["date"]) for row in copies]
    documents = {item.document_id: item for item in [*here.values(), *there]}
    corpus = corpus_of(table_of(documents.values(), TABLES["documents"]).select(list(COLUMNS)))
    links = find_copies(corpus, distinct_texts(corpus)).links
    by_document = {link.document_id: link for link in links}
    turned = {link.original_id: link for link in links}
    found, right, wrong = [], 0, 0
    for row, copy in zip(copies, there, strict=True):
        link = by_document.get(copy.document_id)
        ids = _above(copy.document_id, by_document)
        found.append([number[i] for i in ids if i in number])
        original = here[row["original_id"]].document_id
        if original in ids:
            right += link is not None and link.direction == Direction.TIME
        elif (other := turned.get(copy.document_id)) and other.document_id == original:
            wrong += 1
    return found, right / max(1, right + wrong)


def datasketch(originals: list[Row], copies: list[Row]) -> Answers:
    """MinHashLSH at .7 with 128 permutations of five-letter shingles."""
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=0.7, num_perm=128)

    def sketch(text: str) -> Any:
        words = folded(text) or text
        made = MinHash(num_perm=128)
        made.update_batch([words[at : at + 5].encode() for at in range(max(1, len(words) - 4))])
        return made

    for number, row in enumerate(originals):
        index.insert(number, sketch(row["otext"]))
    return [index.query(sketch(row["cleaned_message"])) for row in copies]


def rensa(bands: int) -> Callable[[list[Row], list[Row]], Answers]:
    """RMinHashLSH with 128 permutations in so many bands."""

    def answer(originals: list[Row], copies: list[Row]) -> Answers:
        from rensa import RMinHash, RMinHashLSH

        index = RMinHashLSH(threshold=0.7, num_perm=128, num_bands=bands)

        def sketch(text: str) -> Any:
            words = folded(text) or text
            made = RMinHash(num_perm=128, seed=42)
            made.update([words[at : at + 5] for at in range(max(1, len(words) - 4))])
            return made

        for number, row in enumerate(originals):
            index.insert(number, sketch(row["otext"]))
        return [list(index.query(sketch(row["cleaned_message"]))) for row in copies]

    return answer


def main() -> None:
    """Print a row per system."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--floor", choices=ratchet.MODES, default="check")
    arguments = parser.parse_args()
    originals, copies = load(arguments.data)
    wanted = {row["original_id"]: number for number, row in enumerate(originals)}
    print(f"{len(copies):,} edited copies, {len(originals):,} different original posts")
    links, direction = by_words(originals, copies)
    answers = {
        "tocsin, stated forward": stated(originals, copies),
        "tocsin, by words of the whole case": links,
        "datasketch": datasketch(originals, copies),
        "rensa, 32 bands": rensa(32)(originals, copies),
        "rensa, 64 bands": rensa(64)(originals, copies),
    }
    metrics: dict[str, float] = {"direction": direction}
    for name, found in answers.items():
        hits = sum(wanted[row["original_id"]] in got for row, got in zip(copies, found, strict=True))
        candidates = sum(map(len, found)) / len(copies)
        print(f"  {name:36} recall {hits / len(copies):.4f}   candidates {candidates:.2f}")
        if name.startswith("tocsin"):
            metrics |= {
                f"{name}: recall": hits / len(copies),
                f"{name}: few candidates": 1 / max(1, candidates),
            }
    print(f"  direction right: {direction:.4f} of the links by words")
    data = ratchet.digest_files([arguments.data / FILE])
    print(ratchet.settle(FLOOR, data, metrics, arguments.floor))


if __name__ == "__main__":
    main()
