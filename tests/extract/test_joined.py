"""Networks and rules together: who decides where both read, who fills in, who speaks alone."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_extract_properties import TEXTS, well_formed

from tocsin.extract.drafts import Draft
from tocsin.extract.joined import JoinedExtractor, join
from tocsin.extract.stage import extract_claims
from tocsin.language.stage import segment_documents, segment_text
from tocsin.model import Attribution, Post, Span, Spans, document_from_post
from tocsin.model.arrow import rows_of, table_of
from tocsin.model.tables import ATTRIBUTIONS, DOCUMENTS


@cache
def extractor() -> JoinedExtractor:
    return JoinedExtractor()


def attributions(text: str) -> tuple[str, list[Attribution]]:
    document = document_from_post(Post(text=text, platform="file"))
    return document.text, extractor().extract(document, segment_text(document.document_id, document.text))


def words(spans: Spans, text: str) -> str:
    return " … ".join(span.of(text) for span in spans)


@pytest.mark.parametrize(
    ("text", "source", "cue"),
    [
        ("Мост закрыт с утра. По его словам, сторож это видел.", "его", "По"),
        ("According to Anna Kovak, the bridge was closed on Friday.", "Anna Kovak", "According to"),
        ("За словами Ганни Ковак, міст закрили в п’ятницю.", "Ганни Ковак", "За словами"),
        ("Анна Ковак сообщила, что мост закроют.", "Анна Ковак", "сообщила"),
    ],
)
def test_each_is_found_once(text: str, source: str, cue: str) -> None:
    text, found = attributions(text)
    (one,) = [a for a in found if cue in words(a.cue, text)]
    assert source in words(one.source, text)
    assert one.method == "joined/2"


def draft(
    rule: str,
    cue: tuple[int, int],
    source: tuple[int, int] | None,
    content: tuple[int, int],
    score: float = 0.9,
) -> Draft:
    spans = (Span(*source),) if source else ()
    return Draft(
        0, "ru", spans, (Span(*cue),), (Span(*content),), score, rule, implied="" if source else "before"
    )


TEXT = "a" * 100


def test_a_closed_form_takes_the_place_of_what_the_network_read() -> None:
    network, rule = draft("network", (0, 20), None, (21, 60)), draft("phrase: x", (0, 5), (6, 20), (21, 60))
    assert join(TEXT, [network], [rule]) == [rule]


def test_in_kazakh_it_does_not() -> None:
    network, rule = draft("network", (0, 20), None, (21, 60)), draft("phrase: x", (0, 5), (6, 20), (21, 60))
    network.language = rule.language = "kk"
    assert join(TEXT, [network], [rule]) == [network]


def test_of_two_readings_of_a_verb_the_networks_stays_and_takes_a_source() -> None:
    network, rule = draft("network", (10, 15), None, (16, 60)), draft("verb: x", (10, 15), (0, 9), (16, 40))
    assert join(TEXT, [network], [rule]) == [network]
    assert network.source == (Span(0, 9),)
    assert network.implied == ""
    assert network.content == (Span(16, 60),)


def test_a_source_in_the_content_is_not_taken() -> None:
    network, rule = draft("network", (10, 15), None, (0, 9)), draft("verb: x", (10, 15), (0, 9), (16, 40))
    assert join(TEXT, [network], [rule])[0].source == ()


def test_a_source_in_pieces_is_put_together_by_the_rule() -> None:
    """«Совет глав … постпред»: the subject of what was said was read into the source."""
    torn = draft("network", (60, 67), (68, 76), (12, 58))
    torn.source = (Span(0, 11), Span(68, 76))
    (one,) = join(TEXT, [torn], [draft("verb: say, after", (60, 67), (68, 76), (0, 58))])
    assert (one.source, one.content) == ((Span(68, 76),), (Span(0, 58),))


def test_a_source_read_into_the_cue_is_taken_out_by_the_rule() -> None:
    whole = draft("network", (60, 72), None, (0, 58))
    (one,) = join(TEXT, [whole], [draft("verb: write, after", (60, 66), (67, 72), (0, 58))])
    assert (one.source, one.cue) == ((Span(67, 72),), (Span(60, 66),))


def test_who_signs_and_who_is_quoted_within_stand_beside_the_network() -> None:
    within = draft("network", (10, 18), (0, 9), (19, 58))
    signed = draft("layout: source after a dash", (60, 61), (62, 70), (0, 58))
    assert len(join(TEXT, [within], [signed])) == 2
    said = draft("network", (10, 18), (0, 9), (19, 58))
    quoted = draft("verb: tell, that", (30, 36), (20, 29), (37, 58))
    assert len(join(TEXT, [said], [quoted])) == 2
    quoted.language = "en"
    assert len(join(TEXT, [said], [quoted])) == 1


def test_a_sure_rule_speaks_where_the_network_is_silent() -> None:
    sure, unsure = (
        draft("verb: x", (10, 15), (0, 9), (16, 60)),
        draft("verb: y", (70, 75), None, (76, 90), 0.5),
    )
    assert join(TEXT, [], [sure, unsure]) == [sure]


def test_what_is_the_same_content_is_not_said_twice() -> None:
    network, rule = draft("network", (0, 5), None, (16, 60)), draft("verb: x", (10, 15), (61, 70), (18, 60))
    assert join(TEXT, [network], [rule]) == [network]


def test_a_bid_without_a_source_is_nobodys_word() -> None:
    """What the foot of a post asks of its readers: the network took it for a report."""
    assert attributions("Вісник Причалу\nЗапропонувати новину")[1] == []
    text, found = attributions("Анна Ковак попросила прислать новость. Она сообщила, что мост закроют.")
    assert "сообщила" in [words(a.cue, text) for a in found]


@settings(max_examples=25)
@given(st.lists(TEXTS, min_size=1, max_size=2, unique=True))
def test_any_text_gives_well_formed_rows_in_any_batch(texts: list[str]) -> None:
    documents = {d.document_id: d for d in (document_from_post(Post(text=t, platform="file")) for t in texts)}
    parts = []
    for batch in (list(documents.values()), *([d] for d in documents.values())):
        table = table_of(batch, DOCUMENTS)
        sentences = segment_documents(table)["sentences"]
        parts.append(extract_claims(table, sentences, {"extract.method": "joined"})["attributions"])
    whole, *single = parts
    assert whole.to_pylist() == [row for part in single for row in part.to_pylist()]
    ids = set()
    for row in rows_of(whole, ATTRIBUTIONS):
        ids.add(row.attribution_id)
        text = documents[row.document_id].text
        for spans in (row.source, row.cue, row.content, tuple(sorted((*row.source, *row.cue, *row.content)))):
            well_formed(spans, text)
    assert len(ids) == whole.num_rows


def test_without_the_weights_the_rules_speak_and_say_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tocsin.extract.neural.installed", lambda: False)
    table = table_of([document_from_post(Post(text="Anna said that it rained.", platform="file"))], DOCUMENTS)
    sentences = segment_documents(table)["sentences"]
    (row,) = extract_claims(table, sentences, {"extract.method": "joined"})["attributions"].to_pylist()
    assert row["method"].startswith("rules/")
    assert row["reasons"][-1] == "rules alone: the weights of the networks are not installed"
