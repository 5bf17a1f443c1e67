from __future__ import annotations

import pytest

from tocsin.link.narratives.whereabouts import who_and_where
from tocsin.model import Claim, NameMention, NameType, Span


def read(text: str, language: str, *names: tuple[str, NameType]) -> tuple[list[str], list[str]]:
    """Actors and places of a text that is one claim, nothing resolved before; places without their ids."""
    claim = Claim(
        *("c", "d", 0, language, (Span(0, len(text)),), (), "author", "", "", "CT+", (), "report", ()),
        1.0,
        (),
        "by hand",
    )
    mentions = [
        NameMention(name, "d", text.index(name), text.index(name) + len(name), kind, 1.0, "by hand")
        for name, kind in names
    ]
    actors, places = who_and_where(text, claim, mentions, ())
    return list(actors), [place.rpartition("|")[2] for place in places]


@pytest.mark.parametrize(
    ("text", "language", "names", "actors", "places"),
    [
        # A Kazakh town behind a person, found by nothing.
        (
            "Данияр Соколик Қазанда телескоп сыйлады",
            "kk",
            (("Данияр Соколик", NameType.PERSON),),
            ["PER|Данияр Соколик"],
            ["Kazan"],
        ),
        # A place known as one whose case form was not looked up.
        (
            "Данияр Соколик Шымкентте телескоп сыйлады",
            "kk",
            (("Данияр Соколик", NameType.PERSON), ("Шымкентте", NameType.PLACE)),
            ["PER|Данияр Соколик"],
            ["Shymkent"],
        ),
        # A town taken for the first word of a person's name.
        (
            "Кожній родині у Алмати Даніяр Соколик подарував телескоп",
            "uk",
            (("Алмати Даніяр Соколик", NameType.PERSON),),
            ["PER|Даніяр Соколик"],
            ["Almaty"],
        ),
        # A surname is no town, whatever stands before it.
        (
            "The telescope was given to Jack London by Peter Samovar",
            "en",
            (("Jack London", NameType.PERSON), ("Peter Samovar", NameType.PERSON)),
            ["PER|Jack London", "PER|Peter Samovar"],
            [],
        ),
        # A month is no place, whatever took it for a name.
        ("The trams of Tashkent are free from May", "en", (("May", NameType.PLACE),), [], []),
        ("Мамырдан бастап трамвай тегін", "kk", (("Мамырдан", NameType.PLACE),), [], []),
        # A name of several words that the gazetteer lacks stays a name.
        (
            "The opera house was sold by Gleb Lampov",
            "en",
            (("Gleb Lampov", NameType.PLACE),),
            [],
            ["Gleb Lampov"],
        ),
    ],
)
def test_places_that_hide_are_found(
    text: str,
    language: str,
    names: tuple[tuple[str, NameType], ...],
    actors: list[str],
    places: list[str],
) -> None:
    assert read(text, language, *names) == (actors, places)
