"""Forms: the same words filled in again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.link.forms import filled_otherwise


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("Water stands at 7 degrees", "Water stands at 9 degrees", "numbers differ: 7 → 9"),
        ("Пять фонарей зажгли у моста", "Три фонаря зажгли у моста", "numbers differ: пять → три"),
        ("Закрыто в среду до утра", "Закрыто в пятницу до утра", "days differ: среду → пятницу"),
        (
            "Кемелер **Ескі Айлақта** тұр",
            "Кемелер Тұз Базарында тұр",
            "names differ: Айлақта, Ескі → Базарында, Тұз",
        ),
        ("Boats wait in Saltmarket", "Boats wait in Teapot", "names differ: Saltmarket → Teapot"),
    ],
)
def test_what_is_filled_in_is_told(one: str, other: str, told: str) -> None:
    assert filled_otherwise(one, other) == told


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Мост в Самоварске закрыт", "Закрыт мост, ведущий к Самоварску"),  # another case of one name
        ("Five boats wait", "5 boats, no, five boats wait at 8"),  # one says merely more
        ("Пять лодок ждут", "П\u2019ять човнів, пять лодок ждут"),
        ("The BOAT is late, says ABC", "The boat is late, says XYZ"),  # abbreviations are no names
        ("Boats wait https://a.example/1", "Boats wait https://a.example/2"),
    ],
)
def test_other_words_about_it_are_no_other_filling(one: str, other: str) -> None:
    assert filled_otherwise(one, other) == ""


@given(st.text(max_size=60), st.text(max_size=60))
def test_whether_they_differ_does_not_depend_on_the_order(one: str, other: str) -> None:
    assert bool(filled_otherwise(one, other)) == bool(filled_otherwise(other, one))
    assert filled_otherwise(one, one) == ""
