"""CheckThat! 2020 and 2022 (task 2): collections, posts, and which entries are right."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tocsin.judge.factchecks.entries import reference_table
from tocsin.judge.factchecks.features import candidates, features_of
from tocsin.judge.factchecks.index import FactcheckIndex
from tocsin.judge.factchecks.texts import Question, question_of
from tocsin.link.narratives.meanings import vectors_of
from tocsin.link.references import read_references

__all__ = ["Asked", "asked", "collection", "gold_ids", "map5", "news", "numbers", "posts"]

Floats = NDArray[np.float32]

_MARK: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """One question: features of its candidates, which are right, and how many are right at all."""

    key: str
    features: Floats
    right: NDArray[np.bool_]
    gold: int


def collection(folder: Path, year: str, cache: Path | None) -> FactcheckIndex:
    """The collection of a year as an index; its table is kept in ``cache``, for vectors take minutes."""
    kept = cache / f"checkthat{year}.parquet" if cache else None
    if kept is not None and kept.exists():
        return FactcheckIndex(pq.read_table(kept))
    if year == "2020":
        data = (folder / "checkthat2020" / "verified_claims.docs.tsv").read_bytes()
        mapping = {"claim": "vclaim", "url": ""}
    else:
        data = (folder / "checkthat2022" / "vclaims.jsonl").read_bytes()
        mapping = {"url": "vclaim_id"}
    mapping = {field: column for field, column in mapping.items() if column}
    table = reference_table(read_references(data, f"checkthat{year}", mapping).entries)
    if kept is not None:
        pq.write_table(table, kept)
    return FactcheckIndex(table)


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream, delimiter="\t"))


def posts(folder: Path, year: str, part: str) -> dict[str, str]:
    """Posts by id."""
    if year == "2020":
        return {r[0]: r[1] for r in rows(folder / "checkthat2020" / part / "tweets.queries.tsv")[1:]}
    found = {r[0]: r[1] for r in rows(folder / "checkthat2022" / "CT2022-Task2A-EN-Train-Dev_Queries.tsv")}
    return {key: found[key] for key in gold_ids(folder, year, part)}


def gold_ids(folder: Path, year: str, part: str) -> dict[str, set[str]]:
    """Right entries by id of the post."""
    name = f"CT2022-Task2A-EN-{part.title()}_QRELs.tsv"
    path = (
        folder / "checkthat2020" / part / "tweet-vclaim-pairs.qrels"
        if year == "2020"
        else folder / "checkthat2022" / name
    )
    found: dict[str, set[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        post, _, entry, right = line.split()
        if right == "1":
            found.setdefault(post, set()).add(entry)
    return found


def numbers(folder: Path, year: str, index: FactcheckIndex) -> dict[str, int]:
    """Id of the collection → number in the index (of its first double, if it is one)."""
    place = {
        (_MARK.sub("", t.lower()), _MARK.sub("", c.lower())): n
        for n, (t, c) in enumerate(zip(index.titles, index.claims, strict=True))
    }
    if year == "2020":
        texts = [(r[0], r[2], r[1]) for r in rows(folder / "checkthat2020" / "verified_claims.docs.tsv")[1:]]
    else:
        lines = (folder / "checkthat2022" / "vclaims.jsonl").read_text(encoding="utf-8").splitlines()
        texts = [(r["vclaim_id"], r["title"], r["vclaim"]) for r in map(json.loads, lines)]
    found = {}
    for key, title, claim in texts:
        said = claim.strip() or title
        found[key] = place[_MARK.sub("", (title or said).lower()), _MARK.sub("", said.lower())]
    return found


def asked(
    folder: Path, year: str, part: str, index: FactcheckIndex, without: frozenset[str] = frozenset()
) -> Iterator[Asked]:
    """Questions of a part with the features of their candidates; posts in ``without`` are left out."""
    place = numbers(folder, year, index)
    gold = gold_ids(folder, year, part)
    found = {k: t for k, t in posts(folder, year, part).items() if k in gold and t not in without}
    questions = {key: question_of(text, "en") for key, text in found.items()}
    vectors, _ = vectors_of([q.text for q in questions.values()], ["en"] * len(questions))
    for (key, question), vector in zip(questions.items(), vectors, strict=True):
        yield _asked(index, question, vector, key, {place[entry] for entry in gold[key]})


def news(folder: Path, index: FactcheckIndex) -> Iterator[Asked]:
    """Sentences of news in English as questions: the collection has an entry on none of them."""
    lines = (folder.parent / "same_story" / "ntrex_dev.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [question_of(json.loads(line)["en"], "en") for line in lines]
    vectors, _ = vectors_of([q.text for q in questions], ["en"] * len(questions))
    for n, (question, vector) in enumerate(zip(questions, vectors, strict=True)):
        yield _asked(index, question, vector, f"news {n}", set())


def _asked(index: FactcheckIndex, question: Question, vector: Floats, key: str, wanted: set[int]) -> Asked:
    scores = index.search([*question.plain_terms, *question.author_terms], vector)
    chosen = candidates(scores)
    features = features_of(index, question, vector, scores, chosen)
    return Asked(key, features, np.isin(chosen, sorted(wanted)), len(wanted))


def map5(order_hits: list[NDArray[np.bool_]], gold: list[int]) -> tuple[float, float]:
    """MAP@5 and MRR of questions: which of the ranked entries are right, and how many are right at all."""
    values, ranks = [], []
    for hits, count in zip(order_hits, gold, strict=True):
        top = hits[:5]
        values.append(float((top * np.cumsum(top) / np.arange(1, len(top) + 1)).sum()) / count)
        first = np.flatnonzero(hits)
        ranks.append(1 / (1 + int(first[0])) if len(first) else 0.0)
    return float(np.mean(values)), float(np.mean(ranks))
