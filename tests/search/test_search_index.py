"""An index kept by partition finds what a look at the whole tables finds, which is what the formulas say."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import tocsin
from tocsin.model import DateBasis, Post
from tocsin.search.index import Index, kept_index
from tocsin.search.query import search_in
from tocsin.store import CaseStore, Shelf, Snapshot
from tocsin.testing.worlds import write_jsonl

FIRST = (
    "The Karavan company launched twelve paper lanterns from Kazan on Friday, the mayor said.",
    "Рыбаки поймали в реке огромного сома и отпустили его домой, сообщил смотритель.",
    "The ferry is late, the harbour master said, and the lanterns are wet.",
)
SECOND = (
    # the first two are new versions of posts above
    "Fishermen caught a giant catfish in the river and let it swim home, the keeper said.",
    "The ferry is on time, the harbour master said, and the lanterns are dry and red and bright.",
    "В реке и на берегу и в доме зажгли фонари, сообщил мэр.",
)
QUERIES = ("lanterns", "сом и река", "the harbour master said", "и в на", "catfish unicorn", "Kazan", "…")


def _posts(texts: tuple[str, ...], first: int) -> list[Post]:
    return [
        Post(
            text=text,
            platform="telegram",
            channel="Lantern News",
            channel_id="lanterns",
            native_id=str(first + n),
            published=datetime(2024, 3, 1 + n, tzinfo=UTC),
            edited=datetime(2024, 3, 9, tzinfo=UTC) if first else None,
            published_basis=DateBasis.STATED,
        )
        for n, text in enumerate(texts)
    ]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    """Two partitions; two posts of the first are old versions of posts of the second."""
    folder = tmp_path_factory.mktemp("index")
    with tocsin.Case(folder / "case") as case:
        for name, texts, first in (("a", FIRST, 0), ("b", SECOND, 1)):
            write_jsonl(_posts(texts, first), folder / f"{name}.jsonl")
            case.add([folder / f"{name}.jsonl"])
    with CaseStore(folder / "case", create=False) as store:
        catalogue = store.catalogue
        yield Snapshot(store.root, catalogue.segments(), catalogue.inputs(), shelf=Shelf(folder))


@pytest.fixture(scope="module")
def index(snapshot: Snapshot) -> Index:
    return kept_index(snapshot, words=True, meanings=True)


def test_old_versions_are_in_no_answer(snapshot: Snapshot, index: Index) -> None:
    assert len(snapshot.superseded) == 2
    assert index.size[0] == len(index.lengths) - 2
    assert not {h.document_id for h in search_in(index, "ferry late")} & snapshot.superseded


@pytest.mark.parametrize("by", ["words", "meaning", "both"])
@pytest.mark.parametrize("query", QUERIES)
def test_kept_and_whole_give_the_same(snapshot: Snapshot, index: Index, query: str, by: str) -> None:
    from tocsin.search import Filters
    from tocsin.search.query import search

    since = datetime(2024, 3, 2, tzinfo=UTC)
    sql = "SELECT document_id FROM documents WHERE published >= ?"
    allowed = snapshot.query(sql, [since]).column(0)
    for limit in (1, 2, 20):
        assert search_in(index, query, by=by, limit=limit) == search(snapshot, query, by=by, limit=limit)
        there = search_in(index, query, by=by, allowed=allowed, limit=limit)
        assert there == search(snapshot, query, by=by, filters=Filters(since=since), limit=limit)


def _words(snapshot: Snapshot, query: str) -> dict[str, float]:
    """BM25 from the tables, row by row."""
    from tocsin.search.query import _terms_of_query

    lengths = {r["document_id"]: r["length"] for r in snapshot.table("search_documents").to_pylist()}
    mean = sum(lengths.values()) / len(lengths)
    wanted = set(_terms_of_query(query))
    rows = [r for r in snapshot.table("search_terms").to_pylist() if r["term"] in wanted]
    df = Counter(r["term"] for r in rows)
    scores: dict[str, float] = {}
    for r in rows:
        idf = math.log1p((len(lengths) - df[r["term"]] + 0.5) / (df[r["term"]] + 0.5))
        norm = 1.2 * (0.25 + 0.75 * lengths[r["document_id"]] / mean)
        worth = idf * r["count"] * 2.2 / (r["count"] + norm)
        scores[r["document_id"]] = scores.get(r["document_id"], 0.0) + worth
    return scores


def _meanings(snapshot: Snapshot, query: str) -> dict[str, tuple[float, str]]:
    """The nearest claim of every document, row by row."""
    from tocsin.language import identify
    from tocsin.link.narratives.meanings import vectors_of

    (vector,), _ = vectors_of([query], [identify(query)[0]])
    best: dict[str, tuple[float, str]] = {}
    for r in snapshot.table("claim_meanings").to_pylist():
        own = np.frombuffer(r["vector"], np.int8).astype(np.float64)
        cosine = float(own @ vector / np.linalg.norm(own))
        if cosine > best.get(r["document_id"], (-1.0, ""))[0]:
            best[r["document_id"]] = (cosine, r["claim_id"])
    return best


@pytest.mark.parametrize("query", QUERIES[:5])
def test_scores_are_those_of_the_formulas(snapshot: Snapshot, index: Index, query: str) -> None:
    words, near = _words(snapshot, query), _meanings(snapshot, query)
    by_words = {h.document_id: h for h in search_in(index, query, by="words")}
    assert by_words.keys() == words.keys()
    for key, hit in by_words.items():
        assert hit.score.value == pytest.approx(words[key], abs=1e-4)
        assert sum(hit.words.values()) == pytest.approx(words[key], rel=1e-9)
    by_meaning = search_in(index, query, by="meaning")
    assert {h.document_id for h in by_meaning} == {k for k, (cosine, _) in near.items() if cosine > 0}
    assert all(h.score.value == pytest.approx(near[h.document_id][0], abs=1e-4) for h in by_meaning)
    assert all(h.claim_id == near[h.document_id][1] for h in by_meaning)
    count = snapshot.query("SELECT count(*) AS n FROM documents").column(0)[0].as_py()
    keys = words.keys() | near.keys()
    totals = dict.fromkeys(keys, 0.0)
    for own in (words, {k: cosine for k, (cosine, _) in near.items()}):
        every = np.zeros(count)
        every[: len(own)] = list(own.values())
        for key in keys:
            totals[key] += float((own.get(key, 0.0) - every.mean()) / every.std()) if every.std() else 0.0
    both = search_in(index, query)
    assert [h.score.value for h in both] == sorted((h.score.value for h in both), reverse=True)
    assert all(h.score.value == pytest.approx(totals[h.document_id], abs=2e-4) for h in both)


def test_products_are_those_of_whole_numbers() -> None:
    from tocsin.search.dots import products

    draw = np.random.default_rng(5)
    for rows, width in ((1, 1), (3, 7), (40, 896), (0, 4)):
        vectors = draw.integers(-127, 128, (rows, width)).astype(np.int8)
        query = draw.normal(size=width).astype(np.float32)
        found = np.zeros(rows, np.float32)
        products(vectors, query, found)
        exact = vectors.astype(np.float64) @ query.astype(np.float64)
        assert found == pytest.approx(exact, rel=1e-4, abs=1e-2)


def test_a_case_without_documents_has_no_hits(tmp_path: Path) -> None:
    with CaseStore(tmp_path / "case") as store:
        snapshot = Snapshot(store.root, [], [])
        index = kept_index(snapshot, words=True, meanings=True)
        assert [search_in(index, "lantern", by=by) for by in ("words", "meaning", "both")] == [[], [], []]
        assert index.among(pa.array(["x"])).tolist() == []
