from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judge_helpers import facts, words

from tocsin.judge.blame import blame_rows
from tocsin.model import Stance


@pytest.mark.parametrize(
    ("text", "accuser", "accused", "stance"),
    [
        ("The mayor accused the millers of stealing the bell.", "mayor", "the millers", "accuse"),
        ("The flood was caused by the beavers, Ida Brock said.", "Ida Brock", "the beavers", "accuse"),
        ("The geese had nothing to do with the flood, Ida Brock said.", "Ida Brock", "The geese", "deny"),
        ("Ида Брок обвинила мельников в краже колокола.", "Ида Брок", "мельников", "accuse"),
        ("За пожаром стоят бобры, сообщила Ида Брок.", "Ида Брок", "бобры", "accuse"),
        ("Амбар подожгли бобры, сообщила Ида Брок.", "Ида Брок", "бобры", "accuse"),
        ("Бобры не виноваты в потопе, сообщила Ида Брок.", "Ида Брок", "Бобры", "deny"),
        ("Комору підпалили бобри, повідомила Іда Брок.", "Іда Брок", "бобри", "accuse"),
        ("Губернатор су тасқынына құндыздарды айыптады.", "Губернатор", "құндыздарды", "accuse"),
        ("За пожаром стоят бобры, уверены пастухи.", "пастухи", "бобры", "accuse"),
        ("За пожежею стоять бобри, певні пастухи.", "пастухи", "бобри", "accuse"),
        ("The beavers are not responsible for the flood, the court found.", "court", "The beavers", "deny"),
    ],
)
def test_who_blames_whom(text: str, accuser: str, accused: str, stance: str) -> None:
    own = facts(text)
    (row,) = blame_rows(own)
    assert accuser in row.accuser_label
    assert (words(own, row.accused), row.stance) == (accused, stance)


def test_word_order_does_not_decide_who_did_it() -> None:
    for text in ("Бобры подожгли амбар.", "Амбар подожгли бобры."):
        own = facts(f"Сыщики сообщили: {text}")
        (row,) = blame_rows(own)
        assert words(own, row.accused).lower() == "бобры"


RIVALS = (
    "The fire at “Duck Palace” was seen for miles. According to Ida Brock, the council is trying to use the "
    "fire at “Duck Palace” to denigrate the beavers and expose it as the “customer” of the fire. Experts say "
    "that the fire at “Duck Palace” was organised by the geese. The mill wants to present all this to us "
    "as an attack by the otters."
)


def test_rival_attributions_of_one_event_share_its_name() -> None:
    rows = blame_rows(facts(RIVALS))
    assert {(r.accuser_label, r.accused_label) for r in rows} == {
        ("council", "beavers"),
        ("Experts", "geese"),
        ("mill", "otters"),
    }
    assert {r.event_label for r in rows} == {"Duck Palace"}
    assert next(r for r in rows if r.accused_label == "beavers").tellers == ("Ida Brock",)


def test_facts_and_advice_blame_nobody() -> None:
    for text in (
        "They stole the bell, Ida Brock said.",
        "The river froze on Monday and carts crossed it freely.",
        "Doctors advise everyone to boil the water.",
        "Мост открыли в понедельник после долгого ремонта.",
    ):
        assert blame_rows(facts(text)) == []


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "accused",
                "of",
                "the geese",
                "blames",
                "on",
                "обвинил",
                "в",
                "бобры",
                "подожгли",
                "не",
                "за",
                "стоит",
                "кінәлі",
                "“",
                "»",
                ",",
                ".",
                "is behind",
                "denied",
            ]
        ),
        min_size=1,
        max_size=14,
    )
)
def test_no_text_breaks_it_and_every_span_quotes(parts: list[str]) -> None:
    own = facts(" ".join(parts))
    for row in blame_rows(own):
        assert row.stance in set(Stance)
        assert row.accused
        for spans in (row.accused, row.deed, row.evidence):
            assert all(span.of(own.document.text).strip() for span in spans)
