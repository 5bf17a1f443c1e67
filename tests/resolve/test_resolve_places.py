"""Places: gazetteer facts, morphology, what is no place, explanations. All sentences are invented."""

from __future__ import annotations

import pytest

from tocsin.model import PlaceMention
from tocsin.resolve.gazetteer import load_gazetteer
from tocsin.resolve.places import KEEP, find_places


def places(text: str, language: str) -> list[PlaceMention]:
    return find_places("d", text, [(0, len(text), language)])


def names(text: str, language: str) -> list[str]:
    return [m.name for m in places(text, language)]


@pytest.mark.parametrize(
    ("name", "place_id"),
    [
        ("Almaty", "geonames:1526384"),
        ("Алматы", "geonames:1526384"),
        ("Алма-Ата", "geonames:1526384"),
        ("Киев", "geonames:703448"),
        ("Київ", "geonames:703448"),
        ("Kyiv", "geonames:703448"),
        ("Шымкент", "geonames:1518980"),
        ("Казань", "geonames:551487"),
        ("Нижний Новгород", "geonames:520555"),
        ("Қазақстан", "geonames:1522867"),
        ("США", "geonames:6252001"),
        ("U.S.", "geonames:6252001"),
        ("Донбасс", "area:donbas"),
        ("South Kavkaz", "area:south-caucasus"),
        ("Ростовская область", "geonames:501165"),
        ("Харківська область", "geonames:706482"),
    ],
)
def test_gazetteer_knows(name: str, place_id: str) -> None:
    assert load_gazetteer().find(name)[0].place_id == place_id


def test_gazetteer_is_of_its_size_and_in_bounds() -> None:
    gazetteer = load_gazetteer()
    assert len(gazetteer) > 70_000
    for row in range(0, len(gazetteer), 997):
        entry = gazetteer.entry(row)
        assert -90 <= entry.lat <= 90
        assert -180 <= entry.lon <= 180
        assert entry.name
        assert not entry.country or len(entry.country) == 2


def test_demonyms_are_no_places() -> None:
    gazetteer = load_gazetteer()
    for word in ("русский", "российский", "украинский", "қазақстандық", "russian", "kazakh", "tajik"):
        assert all(reading.mark == "d" for reading in gazetteer.readings(word))
        assert not gazetteer.find(word)
    assert names("A Russian and a Kazakh choir sang Syrian songs.", "en") == []


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("ru", "Ярмарка прошла в Алма-Ате и Казани.", ["Almaty", "Kazan"]),
        ("ru", "Поезд идёт из Нижнего Новгорода в Нью-Йорк.", ["Nizhniy Novgorod", "New York City"]),
        ("ru", "Снег выпал в Санкт-Петербурге.", ["Saint Petersburg"]),
        ("ru", "Музей открылся в Республике Татарстан.", ["Tatarstan"]),
        ("ru", "Рыбу ловят в Ростовской области и в Чёрном море.", ["Rostovskaya oblast'", "Black Sea"]),
        ("ru", "Делегация США приехала в РФ.", ["United States", "Russia"]),
        ("ru", "Лебеди вернулись в Астрахань.", ["Astrakhan"]),
        ("ru", "Дорога ведёт в Ростов-на-Дону.", ["Rostov-on-Don"]),
        ("uk", "Виставка відкрилась у Харкові та Києві.", ["Kharkiv", "Kyiv"]),
        ("uk", "Дощі йдуть в Одесі.", ["Odesa"]),
        ("kk", "Көрме Шымкентте және Астанада өтті.", ["Shymkent", "Astana"]),
        ("kk", "Қазақстанның оңтүстігінде жаңбыр жауды.", ["Kazakhstan"]),
        ("en", "The tour goes through Kazakhstan, the South Kavkaz and Central Asia.",
         ["Kazakhstan", "South Caucasus", "Central Asia"]),
        ("en", "A market opened in New York and in Almaty.", ["New York City", "Almaty"]),
        ("en", "U.S. gardeners met in Tatarstan (Russia).", ["United States", "Tatarstan", "Russia"]),
        ("en", "Kazakhstan’s and Russia's parks are open.", ["Kazakhstan", "Russia"]),
    ],
)  # fmt: skip
def test_finds(language: str, text: str, expected: list[str]) -> None:
    assert names(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Washington said the roses were his."),
        ("en", "Mr Paris likes Reading and Most of the rest."),
        ("ru", "Иван Киров посадил дерево."),
        ("ru", "Победа и Мир — хорошие слова, сказал Коля."),
        ("ru", "Владимир Петров купил «Победу»."),
        ("ru", "Северное сияние видели все."),
        ("ru", "Студенты МГУ и МАИ поют."),
        ("en", "Write to @moscow or t.me/Kiev or Berlin_bot."),
    ],
)
def test_no_place(language: str, text: str) -> None:
    assert names(text, language) == []


def test_region_word_makes_a_region_of_a_town() -> None:
    for language, text in [
        ("en", "Fields in the Kharkiv region are green."),
        ("kk", "Алматы облысында жаңбыр жауды."),
    ]:
        mention = places(text, language)[0]
        assert (mention.feature, mention.precision) == ("region", "region")
        assert not mention.alternatives or mention.alternatives[0].reason
    (mention,) = places("Fields in Vinnytsia oblast are green.", "en")
    assert mention.feature == "region"


def test_containment_chooses_among_namesakes() -> None:
    far = places("The cafe in Paris, Texas is old.", "en")[0]
    near = places("The cafe in Paris is old.", "en")[0]
    assert (far.country, near.country) == ("US", "FR")
    assert any("containing" in reason for reason in far.reasons)


def test_mentions_explain_themselves() -> None:
    mention = places("A fair was held in Georgia and in Tbilisi.", "en")[0]
    assert mention.country == "GE"
    assert mention.reasons
    assert mention.alternatives
    assert len(mention.alternatives) <= 3
    assert all(a.reason and a.score <= mention.score for a in mention.alternatives)
    assert KEEP <= mention.score <= 1


def test_precisions() -> None:
    found = places("From Moscow to Russia by the Black Sea and Dagestan.", "en")
    assert [m.precision for m in found] == ["city", "country", "region", "region"]


def test_cyrillic_words_in_an_english_text() -> None:
    assert names("The sign says «Казань» in red: из Казани.", "en")[-1] == "Kazan"


@pytest.mark.parametrize(
    "text",
    [
        "Тем не менее утку нашли.",
        "Того и гляди, фонари погаснут.",
        "Обо всём по порядку.",
        "О фонарях ни слова.",
    ],
)
def test_function_words_that_begin_a_sentence_are_no_places(text: str) -> None:
    assert names(text, "ru") == []


def test_a_country_that_looks_like_a_pronoun_is_still_found() -> None:
    assert names("Утка побывала даже в Того и Бенине.", "ru") == ["Togo", "Benin"]
