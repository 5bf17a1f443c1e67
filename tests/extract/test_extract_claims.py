"""Claims: chains, the channel's own word, and what is none."""

from __future__ import annotations

import pytest
from extract_helpers import claims, extract, words_of


def test_a_claim_carries_its_whole_chain_outermost_first() -> None:
    text = "Fern said that sources in the zoo told reporters that the owl was back."
    rows = extract(text)
    found = {words_of(c.content, text): c for c in claims(text)}
    inner = found["the owl was back"]
    assert inner.chain == (rows[0].attribution_id, rows[1].attribution_id)
    assert inner.source_kind == "anonymous"
    assert len(found) == 2


def test_words_passed_on_make_one_claim() -> None:
    text = "Сова вернулась в музей, сообщает газета «Лютик» со ссылкой на источник в музее."
    found = claims(text)
    assert len(found) == 1
    assert len(found[0].chain) == 2
    assert found[0].source_label == "источник в музее"


def test_what_nobody_else_says_is_the_channels_own() -> None:
    text = "The fair has moved to the park. The mayor said that it rained."
    found = claims(text, channel="Parsley Post")
    own = [c for c in found if not c.chain]
    assert [words_of(c.content, text) for c in own] == ["The fair has moved to the park"]
    assert own[0].source_kind == "author"
    assert own[0].source_label == "Parsley Post"
    assert claims("The fair has moved to the park.")[0].source_label == "the author"


@pytest.mark.parametrize(
    "text",
    [
        "Did the fair move to the old park?",
        "Subscribe to our channel!",
        "Подписывайтесь на наш канал «Лютик»!",
        "#fair #park #owl #news #town",
        "https://example.org/the/fair/has/moved",
        "Рогов и Лилиев в парке.jpg",
        "*Owl card* for Rome",
        "Owls again.",
        "🔥🔥🔥",
        "12:40 — 15:30",
    ],
)
def test_no_claim(text: str) -> None:
    assert claims(text) == []


def test_an_adjunct_beside_an_attribution_is_no_claim() -> None:
    text = "The owl is back, the mayor said in an interview with the keepers of the zoo."
    assert [words_of(c.content, text) for c in claims(text)] == ["The owl is back"]


def test_the_sentence_of_a_claim_is_where_it_begins() -> None:
    text = "Сова вернулась в старый музей. Об этом сообщил смотритель Рогозин."
    found = claims(text)
    assert [c.sentence for c in found] == [0]
