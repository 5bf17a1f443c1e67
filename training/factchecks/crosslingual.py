"""Questions in other languages than the base: own retellings, and news that retell nothing in it."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tocsin.judge.factchecks.entries import reference_table
from tocsin.judge.factchecks.index import FactcheckIndex
from tocsin.link.narratives.meanings import vectors_of
from tocsin.link.references import read_references

__all__ = ["QUERIES", "case_key", "catalogue", "feed", "margins", "retellings"]

#: Our own retellings of catalogued cases: digest of the case's address, language, split, words.
QUERIES: Final = Path(__file__).parents[2] / "benchmarks" / "judge" / "factcheck_queries.csv"
_NEWS: Final = 120
#: Of the posts of a news feed every so-manieth is asked for, by its first line.
_EVERY: Final = 4
_SHORTEST: Final = 30


def case_key(address: str) -> str:
    """The digest under which a case stands in ``QUERIES``."""
    return hashlib.blake2b(address.encode(), digest_size=6).hexdigest()


def retellings(split: str) -> list[dict[str, str]]:
    """Rows of one split: ``case``, ``language``, ``query``."""
    with QUERIES.open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["split"] == split]


def catalogue(folder: Path, cache: Path | None) -> pa.Table:
    """The EUvsDisinfo cases as reference entries."""
    kept = cache / "euvsdisinfo.parquet" if cache else None
    if kept is not None and kept.exists():
        return pq.read_table(kept)
    data = (folder / "euvsdisinfo_cases.csv").read_bytes()
    table = reference_table(read_references(data, "euvsdisinfo").entries)
    if kept is not None:
        pq.write_table(table, kept)
    return table


def feed(folder: Path) -> list[str]:
    """First lines of posts of every other Russian news channel, of 2024: later than all of the base."""
    found = []
    for path in sorted((folder.parent / "telegram" / "ru_news").glob("*.json"))[::2]:
        for post in json.loads(path.read_text(encoding="utf-8"))[::_EVERY]:
            line = (post["text"] or "").strip().partition("\n")[0]
            if len(line) >= _SHORTEST:
                found.append(line)
    return found


def margins(
    folder: Path, cache: Path | None, nearness: Callable[[str, str], float]
) -> Iterator[tuple[float, bool, str]]:
    """How far the best entry's cosine exceeds what the two languages ask for, if it is right, and the kind.

    Right ones are of the split ``tune`` (kind "entry"); sentences of ``news`` in each language and posts of a
    ``feed`` have none.
    """
    table = catalogue(folder, cache)
    index = FactcheckIndex(table)
    urls = dict(zip(*(table.column(n).to_pylist() for n in ("reference_id", "url")), strict=True))
    keys = [case_key(urls[reference] or "") for reference in index.ids]
    titles = dict(zip(keys, index.titles, strict=True))
    asked = [(row["query"], row["language"], row["case"], "entry") for row in retellings("tune")]
    lines = (folder.parent / "same_story" / "ntrex_dev.jsonl").read_text(encoding="utf-8").splitlines()
    for line in lines[:_NEWS]:
        sentence = json.loads(line)
        asked += [(sentence[code], code, "", "news") for code in ("ru", "uk", "kk") if code in sentence]
    asked += [(line, "ru", "", "feed") for line in feed(folder)]
    vectors, _ = vectors_of([a[0] for a in asked], [a[1] for a in asked])
    for (_, language, case, kind), vector in zip(asked, vectors, strict=True):
        cosines = np.maximum(index.claim_vectors @ vector, index.title_vectors @ vector)
        best = int(np.argmax(cosines))
        right = bool(case) and titles.get(case) == index.titles[best]
        yield float(cosines[best]) - nearness(language, index.languages[best]), right, kind
