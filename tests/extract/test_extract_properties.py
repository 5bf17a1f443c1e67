"""Arbitrary text never crashes; every span is verbatim and well formed; the same text gives the same rows."""

from __future__ import annotations

from itertools import pairwise

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from tocsin.extract.stage import extract_claims
from tocsin.language.stage import segment_documents
from tocsin.model import Attribution, Certainty, Claim, ClaimKind, Post, SourceKind, Spans, document_from_post
from tocsin.model.arrow import arrow_schema, rows_of, table_of
from tocsin.model.tables import ATTRIBUTIONS, CLAIMS, DOCUMENTS

WORDS = """
The mayor|Iris Fern|said|that|according to|“|”|"|«|»|,|.|—|:|?|sources|he|reportedly|in my opinion|citing
the owl|is back|may|not|**|_|🔥|Ромашкин|сообщил|что|по словам|по его словам|со ссылкой на|в музее|заявили
сова|вернулась|якобы|Об этом|как|пишет|Квіткова|повідомила|що|за словами|сова повернулася|нібито|Раушанова
деп|мәлімдеді|айтуынша|үкі|ашылды|[a](https://example.org)|#tag|''|„|I think|who|adding|told|reporters
отметив|который|источник|а|and|-|…|!|it claims
"""
PIECES = ["\n", *WORDS.strip().replace("\n", "|").split("|")]
TEXTS = st.one_of(
    st.text(max_size=150),
    st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=25).map("".join),
)

RULES = {"extract.method": "rules"}


def run(*texts: str) -> tuple[dict[str, str], dict[str, pa.Table]]:
    documents = {d.document_id: d for d in (document_from_post(Post(text=t, platform="file")) for t in texts)}
    table = table_of(documents.values(), DOCUMENTS)
    result = extract_claims(table, segment_documents(table)["sentences"], RULES)
    return {key: d.text for key, d in documents.items()}, result


def well_formed(spans: Spans, text: str) -> None:
    for span in spans:
        quoted = span.of(text)
        assert len(quoted) == span.end - span.start
        assert quoted == quoted.strip() != ""
    for before, after in pairwise(spans):
        assert before.end <= after.start


@given(st.lists(TEXTS, min_size=1, max_size=3))
def test_rows_are_well_formed(texts: list[str]) -> None:
    by_id, result = run(*texts)
    attributions: list[Attribution] = list(rows_of(result["attributions"], ATTRIBUTIONS))
    claims: list[Claim] = list(rows_of(result["claims"], CLAIMS))
    ids = {row.attribution_id for row in attributions}
    assert len(ids) == len(attributions)
    assert len({row.claim_id for row in claims}) == len(claims)
    for row in attributions:
        text = by_id[row.document_id]
        for spans in (row.source, row.cue, row.content):
            well_formed(spans, text)
        well_formed(tuple(sorted((*row.source, *row.cue, *row.content))), text)
        assert row.content
        assert row.parent_id in {None, *ids} - {row.attribution_id}
        assert row.antecedent_id in {None, *ids} - {row.attribution_id}
        assert row.source_kind in set(SourceKind)
        assert row.source_label
        assert row.source_key.startswith(row.source_kind)
        assert 0 <= row.score <= 1
        assert row.reasons
    parents = {row.attribution_id: row.parent_id for row in attributions}
    for claim in claims:
        text = by_id[claim.document_id]
        for spans in (claim.content, claim.hedges, claim.kind_evidence):
            well_formed(spans, text)
        assert claim.content
        assert set(claim.chain) <= ids
        for outer, inner in pairwise(claim.chain):
            assert parents[inner] == outer
        assert not claim.chain or parents[claim.chain[0]] is None
        assert claim.certainty in set(Certainty)
        assert claim.kind in set(ClaimKind)
        assert claim.source_kind in set(SourceKind)


@given(st.lists(TEXTS, min_size=1, max_size=3, unique=True))
def test_batches_may_be_cut_anywhere_and_runs_repeat(texts: list[str]) -> None:
    _, whole = run(*texts)
    _, again = run(*texts)
    parts = [run(text)[1] for text in texts]
    for name, data in whole.items():
        assert data.equals(again[name])
        assert data.to_pylist() == [row for part in parts for row in part[name].to_pylist()]


def test_tables_have_the_declared_shape_even_when_empty() -> None:
    _, result = run("")
    assert result["attributions"].schema == arrow_schema(ATTRIBUTIONS)
    assert result["claims"].schema == arrow_schema(CLAIMS)


def test_the_order_of_sentence_rows_does_not_matter() -> None:
    text = "Iris Fern said the owl was back. He said that it was hungry.\nПо его словам, сова голодна."
    table = table_of([document_from_post(Post(text=text, platform="file"))], DOCUMENTS)
    sentences = segment_documents(table)["sentences"]
    turned = sentences.take(list(range(sentences.num_rows))[::-1])
    assert extract_claims(table, turned, RULES)["claims"].equals(
        extract_claims(table, sentences, RULES)["claims"]
    )


def test_a_long_line_is_read_in_linear_time() -> None:
    # No clock: a quadratic step would make this text run for hours.
    _, result = run("«Сова вернулась», — сказал Ромашкин. The owl is back " * 3_000)
    assert result["attributions"].num_rows > 0
