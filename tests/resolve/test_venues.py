"""Venues are placed where the text puts them. All venues are invented."""

from __future__ import annotations

import pytest

from tocsin.model import PlaceMention
from tocsin.resolve.places import find_places


def found(text: str, language: str) -> list[PlaceMention]:
    return [m for m in find_places("d", text, [(0, len(text), language)]) if m.precision == "venue"]


@pytest.mark.parametrize(
    ("language", "text", "venue", "place"),
    [
        ("en", "The fair at «Lark City Hall» nearby Moscow is open.", "Lark City Hall", "Moscow"),
        ("en", "They met in the Blue Heron Stadium in Almaty.", "Blue Heron Stadium", "Almaty"),
        ("en", "They met in Almaty's Blue Heron Stadium.", "Blue Heron Stadium", "Almaty"),
        ("ru", "Ярмарка в «Жаворонок Сити Холл» под Москвой.", "Жаворонок Сити Холл", "Moscow"),
        ("ru", "Хор пел на стадионе «Журавль» в Казани.", "Журавль", "Kazan"),
        ("uk", "Хор співав на стадіоні «Журавель» у Харкові.", "Журавель", "Kharkiv"),
    ],
)  # fmt: skip
def test_venues(language: str, text: str, venue: str, place: str) -> None:
    (mention,) = found(text, language)
    assert text[mention.start : mention.end] == venue
    assert place in mention.name
    assert "the point is that of " + place in mention.reasons[0]


def test_a_venue_keeps_its_place_in_the_document() -> None:
    text = "Guests left Blue Heron Hall near Kazan. Blue Heron Hall was built of oak."
    first, second = found(text, "en")
    assert first.place_id == second.place_id
    assert second.score < first.score


@pytest.mark.parametrize("text", ["Blue Heron Hall was built of oak.", "He likes «Весна» and Almaty."])
def test_what_no_text_places_has_no_place(text: str) -> None:
    assert found(text, "en") == []
