"""The trained extractor: who says what with exact spans, chains, and any text."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.extract.neural import NeuralExtractor
from tocsin.language.stage import segment_text
from tocsin.model import Attribution, Post, document_from_post, overlaps

EXTRACTOR = NeuralExtractor()


def _extract(text: str) -> list[Attribution]:
    document = document_from_post(Post(text=text, platform="file"))
    return EXTRACTOR.extract(document, segment_text(document.document_id, text))


def _read(text: str) -> list[tuple[str, ...]]:
    return [
        tuple(" … ".join(span.of(text) for span in spans) for spans in (a.source, a.cue, a.content))
        for a in _extract(text)
    ]


def _check(text: str, found: list[Attribution]) -> None:
    ids = {a.attribution_id for a in found}
    assert len(ids) == len(found)
    for a in found:
        assert a.parent_id is None or a.parent_id in ids - {a.attribution_id}
        assert a.antecedent_id is None or a.antecedent_id in ids - {a.attribution_id}
        assert a.content
        assert 0 <= a.score <= 1
        spans = [*a.source, *a.cue, *a.content]
        assert all(s.of(text).strip() == s.of(text) != "" for s in spans)
        assert not any(overlaps(x, y) for i, x in enumerate(spans) for y in spans[:i])
        for role in (a.source, a.cue, a.content):
            assert tuple(sorted(role)) == role


def test_english() -> None:
    text = "The minister said on Monday that the bridge would be closed. “It is unsafe,” she added."
    found = _read(text)
    assert ("The minister", "said", "that the bridge would be closed") in [
        (s, c.split()[0], content) for s, c, content in found
    ]
    assert any(s == "she" and "It is unsafe" in content for s, _, content in found)


def test_russian_and_ukrainian_without_any_training_in_them() -> None:
    russian = _read("Анонимные источники в министерстве сообщили, что мост закроют в пятницу.")
    assert [(s, c) for s, c, _ in russian] == [("Анонимные источники в министерстве", "сообщили")]
    ukrainian = _read("Анонімні джерела в міністерстві повідомили, що міст закриють у пʼятницю.")
    assert [(s, c) for s, c, _ in ukrainian] == [("Анонімні джерела в міністерстві", "повідомили")]


def test_a_chain_is_followed_inwards() -> None:
    text = "Anna Kovak said that sources in the ministry told the agency that the bridge would be closed."
    found = _extract(text)
    inner = [a for a in found if a.parent_id is not None]
    assert [[s.of(text) for s in a.source] for a in inner] == [["sources in the ministry"]]
    outer = next(a for a in found if a.attribution_id == inner[0].parent_id)
    assert [s.of(text) for s in outer.source] == ["Anna Kovak"]


def test_a_pronoun_has_an_antecedent() -> None:
    text = "Anna Kovak said that the bridge would be closed. She added that nobody was told."
    first, second = _extract(text)
    assert second.antecedent_id == first.attribution_id
    assert second.source_key == first.source_key


def test_no_sentences_no_attributions() -> None:
    assert _extract("") == []
    assert _read("The bridge is closed.") == []


def test_spans_hold_on_messy_text() -> None:
    text = (
        "⚡️**СРОЧНО**: «Мэрия» сообщила,что…\n\n— said  X\n@chan “quote\nhttps://a.b/c? он сказал: да!!! " * 8
    )
    _check(text, _extract(text))


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet=st.sampled_from("said that he «»“”\",.:—\n\t заявил, что міс'"), max_size=120))
def test_any_text(text: str) -> None:
    _check(text, _extract(text))


def test_the_same_text_gives_the_same_ids() -> None:
    text = "The minister said that the bridge would be closed."
    assert [a.attribution_id for a in _extract(text)] == [a.attribution_id for a in _extract(text)]
