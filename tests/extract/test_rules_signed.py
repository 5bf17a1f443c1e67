"""Who signs: after a comma and a dash at the end, or on a line of its own below."""

from __future__ import annotations

import pytest
from extract_helpers import extract, words_of
from test_joined import attributions, words


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("⚡️**Лампляндия пригласит Камышин на фестиваль фонарей,** — Шатилов.", "Шатилов"),
        ("**Мэр Камышина начал искать сбежавшую утку,** — Dzwon Portowy.", "Dzwon Portowy"),
        ("В гавани вдвое сократилось число чаек, — ГУ МВД.", "ГУ МВД"),
        ("Город будет жить при свечах, — Лампоэнерго.", "Лампоэнерго"),
        ("Утку заметили у маяка.\nОна выглядела вполне бодрой.\n— Владимир Трубин.", "Владимир Трубин"),
        (
            "Мерію відкрили після ремонту, але ліхтарів немає \n— Центр протидії темряві.",
            "Центр протидії темряві",
        ),
        ("Качку помітили біля порту, її годують рибалки — \nВісник Причалу", "Вісник Причалу"),
        ("«На цей час маяк не працює»\n, \n— Начальник порту Ігор Човник.", "Начальник порту Ігор Човник"),
    ],
)
def test_who_signs_is_the_source(text: str, source: str) -> None:
    found = extract(text)
    assert source in [words_of(a.source, text) for a in found]


@pytest.mark.parametrize(
    "text",
    [
        # A dialogue, a list of names, a heading.
        "Нам надо двигаться быстрее.\n— Наши планы неизменны.",
        "Победители назвали лучших гребцов:\n— Анна Лодкина.\n— Пётр Вёслов.",
        "Гребцы пришли к финишу. — Анна Лодкина.",
        "Прогноз для гавани\n— Сильный ветер.",
    ],
)
def test_a_line_after_a_dash_need_not_sign(text: str) -> None:
    assert [a for a in extract(text) if any("signature" in reason for reason in a.reasons)] == []


def test_who_signs_a_report_on_somebody_is_heard_beside_the_network() -> None:
    """The network reads «пригласит» as saying; the signature stands beside it, not instead of it."""
    text, found = attributions("⚡️**Украина пригласит гостей на второй фестиваль фонарей,** — Шатилов.")
    assert "Шатилов" in [words(a.source, text) for a in found]
