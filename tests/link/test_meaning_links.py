from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tocsin
from tocsin.link import retelling
from tocsin.link.nearest import Vectors, nearest_across
from tocsin.link.retelling import KnownPassages
from tocsin.link.translations import pairs_across, translation_pairs
from tocsin.model import TABLES, DateBasis, DocumentLink, LinkType, Post, document_from_post
from tocsin.model.arrow import rows_of, table_of
from tocsin.pipeline import derive_tables
from tocsin.testing.worlds import write_jsonl

START = datetime(2024, 3, 4, 6, tzinfo=UTC)
#: Hours after the start, text.
TOLD = (
    (
        0,
        "The Karavan company launched 12 paper lanterns from Kazan. A lost parrot came back to its owner.",
    ),
    (5, "Компания «Караван» запустила 12 бумажных фонарей из Казани. Пропавший попугай вернулся к хозяину."),
    (
        9,
        "12 paper lanterns were sent into the sky from Kazan by the Karavan company. Rain fell on hills.",
    ),
    (11, "The Karavan company did not launch 12 paper lanterns from Kazan. The chess club lost its match."),
    (
        24 * 60,
        "Из Казани компания «Караван» выпустила в небо 12 бумажных фонарей. Шахматный клуб проиграл матч.",
    ),
    (30, "The library will show a film about lighthouses on Friday evening. Students painted the old fence."),
)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tocsin.Case]:
    folder = tmp_path_factory.mktemp("meaning")
    posts = [
        Post(
            text=text,
            platform="telegram",
            channel=f"Invented {n}",
            channel_id=str(n),
            native_id=str(n),
            published=START + timedelta(hours=hours),
            published_basis=DateBasis.STATED,
        )
        for n, (hours, text) in enumerate(TOLD)
    ]
    write_jsonl(posts, folder / "posts.jsonl")
    with tocsin.Case(folder / "case") as made:
        made.add([folder / "posts.jsonl"])
        yield made


def links(case: tocsin.Case) -> dict[tuple[int, int], DocumentLink]:
    number = {document.document_id: int(document.native_id or 0) for document in case.documents()}
    rows = rows_of(case.table("meaning_links"), TABLES["meaning_links"])
    return {(number[row.document_id], number[row.original_id]): row for row in rows}


def test_translations_and_paraphrases_follow_time(case: tocsin.Case) -> None:
    found = links(case)
    assert found[1, 0].type == LinkType.TRANSLATION
    assert found[2, 0].type == LinkType.PARAPHRASE
    assert not {(0, 1), (0, 2)} & set(found)
    for derived, original in found:
        assert {derived, original} <= {0, 1, 2}  # a denial, other news and what comes two months later: none


def test_a_link_quotes_its_evidence_on_both_sides(case: tocsin.Case) -> None:
    texts = {document.document_id: document.text for document in case.documents()}
    row = links(case)[1, 0]
    quoted = " ".join(span.of(texts[row.document_id]) for span in row.evidence)
    original = " ".join(span.of(texts[row.original_id or ""]) for span in row.original_evidence)
    assert "запустила 12 бумажных фонарей" in quoted
    assert "launched 12 paper lanterns" in original
    assert row.reasons[0].startswith("2 of 2 sentences say what the other says")


TAKEN = (
    "A paper kite that flew to the lighthouse was caught by the guard of Kazan harbour. No one is hurt, says "
    "the captain of the guard."
)
FORM = (
    "The harbour guard of Kazan caught a paper kite flying to the light. Nobody was hurt, the captain said.",
    TAKEN,
    f"Now: {TAKEN}",
)


def test_who_surely_copied_it_has_it_not_from_the_form_of_last_week() -> None:
    posts = [
        Post(
            text=text,
            platform="telegram",
            channel=f"Invented {n}",
            channel_id=str(n),
            native_id=str(n),
            published=START + timedelta(days=8 * (n > 0), hours=n),
            published_basis=DateBasis.STATED,
        )
        for n, text in enumerate(FORM)
    ]
    documents = [document_from_post(item) for item in posts]
    made = derive_tables(table_of(documents, TABLES["documents"]), ("document_links", "meaning_links"))
    [copy] = rows_of(made["document_links"], TABLES["document_links"])
    assert (copy.document_id, copy.certain) == (documents[2].document_id, True)
    rows = rows_of(made["meaning_links"], TABLES["meaning_links"])
    told = {row.document_id for row in rows if row.original_id == documents[0].document_id}
    assert told == {documents[1].document_id}


def test_no_sentence_is_read_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def vectors_of(texts: list[str], languages: list[str]) -> tuple[np.ndarray, str]:
        read.extend(texts)
        made = np.array([[len(text), ord(code[0])] for text, code in zip(texts, languages, strict=True)])
        return made.astype(np.float32).reshape(len(texts), 2) / 200, "test"

    monkeypatch.setattr(retelling, "vectors_of", vectors_of)
    first = KnownPassages({})
    assert len(first.vectors([], [])) == 0
    whole = first.vectors(["a lantern", "a parrot", "a lantern"], ["en", "en", "kk"])
    assert read == ["a lantern", "a parrot", "a lantern"]
    again = KnownPassages({"passage_vectors": first.table()})
    found = again.vectors(["a kite", "a lantern", "a lantern"], ["en", "kk", "en"])
    assert read[3:] == ["a kite"]
    assert np.array_equal(found[1:], whole[[2, 0]])
    once = KnownPassages({})
    once.vectors(["a lantern", "a kite", "a lantern"], ["en", "en", "kk"])
    assert again.table().equals(once.table())  # what is asked for no more is not kept


@given(st.integers(0, 2**31), st.integers(0, 9), st.integers(0, 9))
def test_translation_pairs_are_one_to_one_whatever_the_order(seed: int, n: int, m: int) -> None:
    rng = np.random.default_rng(seed)

    def rows(count: int) -> np.ndarray:
        made = rng.normal(size=(count, 5)).astype(np.float32)
        return made / np.linalg.norm(made, axis=1, keepdims=True)

    one, other = rows(n), rows(m)
    found = translation_pairs(one, other, 0.0)
    assert len({a for a, _, _ in found}) == len({b for _, b, _ in found}) == len(found)
    order = rng.permutation(m)
    again = translation_pairs(one, other[order], 0.0)
    assert [(a, int(order[b])) for a, b, _ in again] == [(a, b) for a, b, _ in found]


def test_a_translation_among_others_is_found() -> None:
    rng = np.random.default_rng(1)
    one = rng.normal(size=(40, 30)).astype(np.float32)
    one /= np.linalg.norm(one, axis=1, keepdims=True)
    other = one[:20] + rng.normal(size=(20, 30)).astype(np.float32) * 0.05
    other /= np.linalg.norm(other, axis=1, keepdims=True)
    assert [(a, b) for a, b, _ in translation_pairs(one, other)] == [(n, n) for n in range(20)]


@given(st.integers(0, 2**31), st.integers(0, 9), st.integers(0, 9), st.integers(1, 3))
def test_nearest_pairs_hold_the_nearest_of_every_row_both_ways(seed: int, n: int, m: int, most: int) -> None:
    rng = np.random.default_rng(seed)
    one = rng.normal(size=(n, 5)).astype(np.float32)
    other = rng.normal(size=(m, 5)).astype(np.float32)
    sides = Vectors.of_units(one), Vectors.of_units(other)
    found = pairs_across(nearest_across(*sides), -1e12, most)[1]
    turned = pairs_across(nearest_across(*sides[::-1]), -1e12, most)[1]
    assert found == sorted(set(found)) == sorted((b, a) for a, b in turned)
    if n and m:
        similar = one @ other.T
        assert {(row, int(column)) for row, column in enumerate(similar.argmax(axis=1))} <= set(found)
        assert all(sum(a == row for a, _ in found) >= min(most, m) for row in range(n))
    assert pairs_across(nearest_across(*sides), 1e12, most)[1] == []
