"""Attributions by rule in English, Russian, Ukrainian and Kazakh."""

from __future__ import annotations

import pytest
from extract_helpers import Found, read

from tocsin.extract.sources import fold


def only(text: str) -> Found:
    found = read(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "source", "cue", "content"),
    [
        # English
        ("The mayor said that the bridge was open.", "The mayor", "said", "the bridge was open"),
        ("The bridge is open, Ms. Iris Fern said on Monday.", "Ms. Iris Fern", "said", "The bridge is open"),
        ("“The bridge is open now,” said Iris Fern.", "Iris Fern", "said", "“The bridge is open now,”"),
        (
            "The fair, according to Iris Fern, is moving.",
            "Iris Fern",
            "according to",
            "The fair | is moving",
        ),
        (
            "As the Daily Parsley reports, the fair moved.",
            "the Daily Parsley",
            "As | reports",
            "the fair moved",
        ),
        (
            "The River Times: the fair has moved to the park",
            "The River Times",
            ":",
            "the fair has moved to the park",
        ),
        (
            "Iris Fern, a keeper at the zoo, told reporters that the owl was back.",
            "Iris Fern, a keeper at the zoo",
            "told",
            "the owl was back",
        ),
        # Russian
        ("Мэр Иван Ромашкин сообщил, что мост открыт.", "Мэр Иван Ромашкин", "сообщил", "мост открыт"),
        ("Мост открыт, сообщили в краевом музее.", "краевом музее", "сообщили", "Мост открыт"),
        ("«Мост открыт для всех», — сказал Ромашкин.", "Ромашкин", "сказал", "«Мост открыт для всех»"),
        ("По словам Ромашкина, мост открыт.", "Ромашкина", "По словам", "мост открыт"),
        ("Как пишет газета «Лютик», мост открыт.", "газета «Лютик»", "Как | пишет", "мост открыт"),
        ("Ромашкин: мост откроют в мае этого года", "Ромашкин", ":", "мост откроют в мае этого года"),
        ("Мост откроют в мае, — мэр города.", "мэр города", "—", "Мост откроют в мае"),
        ("В музее заявили, что сова вернулась.", "музее", "заявили", "сова вернулась"),
        # Ukrainian
        (
            "Мер Ірина Квіткова повідомила, що міст відкрито.",
            "Мер Ірина Квіткова",
            "повідомила",
            "міст відкрито",
        ),
        ("«Ми готові до ярмарку», — сказала речниця.", "речниця", "сказала", "«Ми готові до ярмарку»"),
        ("За словами Квіткової, міст відкрито.", "Квіткової", "За словами", "міст відкрито"),
        ("На думку синоптиків, завтра буде дощ.", "синоптиків", "На думку", "завтра буде дощ"),
        # Kazakh
        (
            "Әкім Гүлнар Раушанова жаңа көпір ашылды деп мәлімдеді.",
            "Әкім Гүлнар Раушанова",
            "деп мәлімдеді",
            "жаңа көпір ашылды",
        ),
        (
            "«Біз көпірді аштық, бәрі дайын», – деді Раушанова.",
            "Раушанова",
            "деді",
            "«Біз көпірді аштық, бәрі дайын»",
        ),
        ("Мұражайдың мәліметінше, үкі қайтып келді.", "Мұражайдың", "мәліметінше", "үкі қайтып келді"),
    ],
)
def test_one_attribution(text: str, source: str, cue: str, content: str) -> None:
    found = only(text)
    assert (found.source, found.cue, found.content) == (source, cue, content)


@pytest.mark.parametrize(
    ("text", "kind", "label"),
    [
        ("The Head of the Zoo of Rome I. Fern said that the owl was back.", "named person", "I. Fern"),
        ("The Ministry of Parks said that the owl was back.", "named organisation", "Ministry of Parks"),
        ("Officials said that the owl was back.", "unnamed official", "Officials"),
        (
            "According to anonymous sources in the zoo, the owl was back.",
            "anonymous",
            "anonymous sources in the zoo",
        ),
        ("The report says that the owl was back.", "document", "report"),
        ("Local media reported that the owl was back.", "media", "Local media"),
        ("Some bird analysts suggest that the owl was back.", "crowd", "Some bird analysts"),
        ("In my opinion, the owl was back.", "author", "Parsley Post"),
        ("По словам министра парков Ивана Ромашкина, сова вернулась.", "named person", "Иван Ромашкин"),
        (
            "По данным Министерства парков Ромашковска, сова вернулась.",
            "named organisation",
            "Министерство парков Ромашковска",
        ),
        ("По словам источников в музее, сова вернулась.", "anonymous", "источники в музее"),
        ("По словам очевидцев, сова вернулась.", "crowd", "очевидцы"),
        ("Власти сообщили, что сова вернулась.", "unnamed official", "Власти"),
        ("На мой взгляд, сова вернулась.", "author", "Parsley Post"),
        ("За даними видання «Жовтець», сова повернулася.", "media", "видання «Жовтець»"),
        ("Менің ойымша, үкі қайтып келді.", "author", "Parsley Post"),
        ("Министрліктің мәліметінше, үкі қайтып келді.", "named organisation", "Министрлік"),
    ],
)
def test_source_kind_and_label(text: str, kind: str, label: str) -> None:
    found = read(text, channel="Parsley Post")
    assert [(f.kind, f.label) for f in found] == [(kind, label)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Reportedly, the owl has moved to the park.", "crowd"),
        ("There are also suggestions, and sometimes claims, that the owl was back.", "crowd"),
        ("По предварительным данным, сова вернулась.", "anonymous"),
        ("Сообщается, что сова вернулась.", "anonymous"),
        ("Ходят слухи, что сова вернулась.", "crowd"),
        ("Стверджується, що сова повернулася.", "anonymous"),
    ],
)
def test_impersonal_sources(text: str, kind: str) -> None:
    assert [f.kind for f in read(text)] == [kind]


def test_a_nested_chain_has_parents_outwards() -> None:
    found = read("Fern said that sources in the zoo told reporters that the owl was back.")
    assert [(f.source, f.parent) for f in found] == [("Fern", None), ("sources in the zoo", 0)]
    assert found[1].content == "the owl was back"


def test_who_cites_passes_on_the_same_words() -> None:
    found = read("Сова вернулась, сообщает газета «Лютик» со ссылкой на источник в музее.")
    assert [(f.source, f.content) for f in found] == [
        ("газета «Лютик»", "Сова вернулась"),
        ("источник в музее", "Сова вернулась"),
    ]
    assert found[1].parent == 0


def test_a_phrase_after_that_nests_in_the_verb() -> None:
    found = read("Ромашкин сообщил, что, по данным музея, сова вернулась.")
    assert [(f.source, f.content, f.parent) for f in found] == [
        ("Ромашкин", "по данным музея, сова вернулась", None),
        ("музея", "сова вернулась", 0),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Iris Fern said the owl was back. He said that it was hungry.",
        "Some analysts suggest that the owl was back. According to their opinion, it may be hungry.",
        "Word from the zoo service states that it was back. Moreover, according to same sources, it ate.",
        "Мэр Ромашкин сообщил, что сова вернулась. По его словам, она голодна.",
        "Мер Квіткова повідомила, що сова повернулася. За її словами, вона голодна.",
        "Әкім Раушанова үкі қайтып келді деп мәлімдеді. Оның айтуынша, құс аш.",
    ],
)
def test_a_pronoun_points_back(text: str) -> None:
    found = read(text)
    assert len(found) == 2
    assert found[1].antecedent == 0
    assert (found[1].kind, found[1].label) == (found[0].kind, found[0].label)


def test_a_role_points_back_to_the_person_who_bears_it() -> None:
    found = read(
        "Смотритель Рогозин сообщил, что сова вернулась. «Она голодна и сердита», — отметил смотритель."
    )
    assert found[1].antecedent == 0
    assert found[1].label == found[0].label


def test_about_this_means_the_sentence_before() -> None:
    found = only("Сова вернулась в музей. Об этом сообщил смотритель Рогозин.")
    assert found.content == "Сова вернулась в музей."


def test_a_quotation_goes_on_after_its_speaker() -> None:
    found = only("“The owl is back,” Iris Fern said. “It is hungry. We feed it.”")
    assert found.content == "“The owl is back,” | “It is hungry. We feed it.”"


def test_a_quotation_alone_belongs_to_the_last_speaker() -> None:
    found = read("“The owl is back,” Iris Fern said.\n“It is really very hungry today.”")
    assert [(f.source, f.antecedent) for f in found] == [("Iris Fern", None), ("", 0)]


@pytest.mark.parametrize(
    "text",
    [
        "The report was long and the claims were many.",
        "He did not say that.",
        "1 место — игровой ноутбук",
        "Главное: сова вернулась в музей вечером",
        "Новый курс «Совы для начинающих» стоит дёшево.",
        "You know.",
        "Сова вернулась.",
        "",
    ],
)
def test_no_attribution(text: str) -> None:
    assert read(text) == []


def test_keys_group_variants_across_languages() -> None:
    assert fold("Ромашкин") == fold("Romashkin")
    assert fold("Зеленчук") == fold("Zelenchuk")
    assert fold("Лесний") == fold("Lesnyy")
    assert fold(fold("Щёголев")) == fold("Щёголев")


def test_languages_without_rules_give_nothing() -> None:
    assert read("Der Bürgermeister der Stadt sagte heute Morgen, dass die neue Brücke geöffnet wurde.") == []
