"""The trained extractor behind the kernel: plain sentences, chains, verbatim spans, any text, any batch."""

from __future__ import annotations

from functools import cache

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_extract_properties import TEXTS, well_formed

from tocsin.errors import HeadNotInstalledError
from tocsin.extract import AttributionExtractor
from tocsin.extract.neural import NeuralExtractor
from tocsin.extract.stage import extract_claims, extract_with
from tocsin.language.stage import segment_documents
from tocsin.model import Attribution, Claim, Post, Spans, document_from_post
from tocsin.model.arrow import rows_of, table_of
from tocsin.model.tables import ATTRIBUTIONS, CLAIMS, DOCUMENTS


@cache
def extractor() -> AttributionExtractor:
    return NeuralExtractor()


def run(*texts: str) -> tuple[dict[str, str], dict[str, pa.Table]]:
    documents = {d.document_id: d for d in (document_from_post(Post(text=t, platform="file")) for t in texts)}
    table = table_of(documents.values(), DOCUMENTS)
    result = extract_with(extractor(), table, segment_documents(table)["sentences"])
    return {key: d.text for key, d in documents.items()}, result


def attributions(text: str) -> list[Attribution]:
    return list(rows_of(run(text)[1]["attributions"], ATTRIBUTIONS))


def words(spans: Spans, text: str) -> str:
    return " … ".join(span.of(text) for span in spans)


def by_cue(text: str, cue: str) -> Attribution:
    (found,) = [a for a in attributions(text) if cue in words(a.cue, text)]
    return found


# --- what it finds -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "source", "cue", "content"),
    [
        ("Anna Kovak said that the bridge was closed.", "Anna Kovak", "said", "the bridge was closed"),
        ("“The bridge is closed,” said Anna Kovak.", "Anna Kovak", "said", "The bridge is closed"),
        ("Анна Ковак сообщила, что мост закроют.", "Анна Ковак", "сообщила", "мост закроют"),
        ("Ганна Ковак повідомила, що міст закриють.", "Ганна Ковак", "повідомила", "міст закриють"),
        (
            "Анна Ковак көпір жұма күні жабылады деп хабарлады.",
            "Анна Ковак",
            "хабарлады",
            "көпір жұма күні жабылады",
        ),
    ],
)
def test_one_plain_sentence(text: str, source: str, cue: str, content: str) -> None:
    found = by_cue(text, cue)
    assert source in words(found.source, text)
    assert content in words(found.content, text)
    assert found.method == extractor().method
    assert found.parent_id is None
    (claim,) = [
        c
        for c in rows_of(run(text)[1]["claims"], CLAIMS)
        if isinstance(c, Claim) and found.attribution_id in c.chain
    ]
    assert content in words(claim.content, text)


@pytest.mark.parametrize("text", ["The bridge is closed.", "Мост закрыт.", "Міст закрито.", "Көпір жабық."])
def test_a_plain_statement_is_nobodys(text: str) -> None:
    assert attributions(text) == []


def test_a_chain_is_followed_inwards() -> None:
    text = "The ministry claimed that the doctors had said that the water was dangerous."
    outer, inner = by_cue(text, "claimed"), by_cue(text, "said")
    assert inner.parent_id == outer.attribution_id
    assert outer.parent_id is None
    assert "ministry" in words(outer.source, text)
    assert "doctors" in words(inner.source, text)
    assert "the water was dangerous" in words(inner.content, text)
    (content,) = outer.content
    for span in (*inner.source, *inner.cue, *inner.content):
        assert content.start <= span.start < span.end <= content.end


def test_a_pronoun_has_an_antecedent() -> None:
    text = "Anna Kovak said that the bridge would be closed. She added that nobody was told."
    first, second = by_cue(text, "said"), by_cue(text, "added")
    assert second.antecedent_id == first.attribution_id
    assert second.source_key == first.source_key


# --- what holds for any text -------------------------------------------------------------------------


def check(texts: list[str]) -> None:
    by_id, result = run(*texts)
    rows: list[Attribution] = list(rows_of(result["attributions"], ATTRIBUTIONS))
    ids = {row.attribution_id: row for row in rows}
    assert len(ids) == len(rows)
    for row in rows:
        text = by_id[row.document_id]
        for spans in (row.source, row.cue, row.content, tuple(sorted((*row.source, *row.cue, *row.content)))):
            well_formed(spans, text)
        assert row.content
        assert 0 <= row.score <= 1
        assert row.antecedent_id in {None, *ids} - {row.attribution_id}
        assert row.parent_id in {None, *ids} - {row.attribution_id}
        if row.parent_id is not None:
            # Who is quoted stands in the words of who quotes.
            outer = ids[row.parent_id]
            anchor = (row.cue or row.source or row.content)[0]
            low, high = min(s.start for s in outer.content), max(s.end for s in outer.content)
            assert low <= anchor.start < anchor.end <= high
    for claim in rows_of(result["claims"], CLAIMS):
        well_formed(claim.content, by_id[claim.document_id])
        assert set(claim.chain) <= set(ids)


@settings(max_examples=40)
@given(st.lists(TEXTS, min_size=1, max_size=3))
def test_any_text_gives_well_formed_rows(texts: list[str]) -> None:
    check(texts)


ODD = (
    "",
    " \n\u00a0",
    "💥🔥👩‍🚒",
    "щ" * 5000 + " сообщил мэр.",
    "said " * 600,
    "а" + "\u0301" * 300 + " сказал: «да».",
    "⚡️**СРОЧНО**: «Мэрия» сообщила,что…\n\n— said  X\n@chan “quote\nhttps://a.b/c? он сказал: да!!! " * 8,
    "“ “ “ ” » « said «",
)


@pytest.mark.parametrize("text", ODD, ids=lambda t: ascii(t[:12]))
def test_odd_texts_give_well_formed_rows(text: str) -> None:
    check([text])


@settings(max_examples=15)
@given(st.lists(TEXTS, min_size=1, max_size=3, unique=True))
def test_batches_may_be_cut_anywhere_and_runs_repeat(texts: list[str]) -> None:
    _, whole = run(*texts)
    _, again = run(*texts)
    parts = [run(text)[1] for text in texts]
    for name, data in whole.items():
        assert data.equals(again[name])
        assert data.to_pylist() == [row for part in parts for row in part[name].to_pylist()]


def test_the_setting_chooses_it() -> None:
    text = "Anna Kovak said that the bridge was closed. Анна Ковак сообщила, что мост закроют."
    table = table_of([document_from_post(Post(text=text, platform="file"))], DOCUMENTS)
    sentences = segment_documents(table)["sentences"]
    chosen = extract_claims(table, sentences, {"extract.method": "network"})
    for name, data in extract_with(extractor(), table, sentences).items():
        assert chosen[name].equals(data)
    assert set(chosen["attributions"]["method"].to_pylist()) == {extractor().method}


def test_weights_left_out_are_an_error_and_not_other_results(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tocsin.extract.neural.installed", lambda: False)
    documents = table_of([document_from_post(Post(text="Anna Kovak left.", platform="file"))], DOCUMENTS)
    sentences = segment_documents(documents)["sentences"]
    with pytest.raises(HeadNotInstalledError, match="rules"):
        extract_claims(documents, sentences, {"extract.method": "network"})
    assert "claims" in extract_claims(documents, sentences, {"extract.method": "rules"})
