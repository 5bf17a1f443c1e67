"""How alike the stories of two documents are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.link.same_story.basis import Told
from tocsin.link.same_story.features import FEATURES, features
from tocsin.link.same_story.reading import READ, readings, words_of
from tocsin.link.same_story.score import FINE, PLAIN, load, scorer

LANTERNS = (
    "Forty lanterns stolen in Vinterhaven\nForty brass lanterns were stolen from the quay of Vinterhaven on "
    "Monday night, the guild of lantern makers said. Its master Oda Krill thinks that thieves came by boat."
)
RETOLD = (
    "В Винтерхавене украли сорок фонарей\nСорок медных фонарей украли с набережной Винтерхавена в ночь "
    "на вторник, сообщила гильдия фонарщиков. Мастер гильдии Ода Крилл считает, что воры приплыли на лодке."
)
OTHER = "Soup at noon\nThe town hall of Lower Mill offers pea soup on Fridays to all who brings a spoon."


def told(*texts: str, languages: tuple[str, ...] = ("en", "ru", "en", "en", "en")) -> list[Told]:
    return list(scorer().tell(texts, languages[: len(texts)]))


def test_the_same_before_a_translation_before_another() -> None:
    story, retold, other = told(LANTERNS, RETOLD, OTHER)
    again = scorer().compare(story, story)
    across = scorer().compare(story, retold)
    apart = scorer().compare(story, other)
    assert again.value > 0.9
    assert again.value >= across.value > 0.5 > apart.value
    assert again.plain > across.plain > apart.plain


def test_features_have_names_and_copies_have_all_in_common() -> None:
    (story,) = told(LANTERNS)
    found = dict(zip(FEATURES, features(story, story), strict=True))
    assert set(FINE) < set(FEATURES)
    assert set(PLAIN) < set(FEATURES)
    for name in ("whole", "about", "parts", "rare_pieces_less", "words", "names", "numbers"):
        expected = 0 if name == "numbers" else 1  # it names no number in figures
        assert found[name] == pytest.approx(expected, abs=1e-3), name
    assert found["across"] == found["length_differs"] == 0


@settings(max_examples=15, deadline=None)
@given(st.lists(st.text(max_size=60), min_size=2, max_size=2))
def test_any_texts_can_be_compared_either_way(texts: list[str]) -> None:
    one, other = told(*texts, languages=("en", "en"))
    there, back = scorer().compare(one, other), scorer().compare(other, one)
    assert 0 <= there.value <= 1
    assert there.value == pytest.approx(back.value, abs=1e-4)
    assert there.plain == pytest.approx(back.plain, abs=1e-4)


def test_what_stands_beyond_the_beginning_is_not_read() -> None:
    long = "A lantern is lit. " * (READ // 10)
    (one,), (other,) = (list(readings([text], ["en"])) for text in (long, long[:READ]))
    assert np.array_equal(one.beginnings, other.beginnings)


def test_words_names_numbers() -> None:
    found = words_of("On Monday Oda Krill sold 4,000 lanterns. Lanterns of 1911 cost 2.5 crowns.")
    assert set(found.names) == {"mondai", "oda", "kril"}
    assert found.numbers == {"4000": 2.0, "1911": 0.3, "2.5": 1.0}
    assert sum(weight**2 for weight in found.words.values()) == pytest.approx(1)
    assert set(words_of("灯笼丢了").words) <= {"灯笼", "笼丢", "丢了"}
    (one,) = words_of("Ja, Крилл").names
    (other,) = words_of("Yes, Krill").names
    assert one == other  # folded to one alphabet


def test_weights_are_kept_whole() -> None:
    arrays = scorer().arrays()
    again = load(arrays)
    story, other = told(LANTERNS, OTHER)
    assert again.compare(story, other) == scorer().compare(story, other)
    del arrays["weights"]
    with pytest.raises(KeyError):
        load(arrays)
