"""Whose word it is in Russian, Ukrainian and Kazakh: kinds of sources, and who speaks where none stands."""

from __future__ import annotations

import pytest
from extract_helpers import extract, given

from tocsin.extract.lexicon import lexicon
from tocsin.extract.sources import describe


@pytest.mark.parametrize(
    ("source", "language", "kind"),
    [
        ("мэр Вадим Лутошкин", "ru", "named person"),
        ("заведующая яслями Ольга Пятакова", "ru", "named person"),
        ("сосед Бубликов", "ru", "named person"),
        ("начальник ЖЭКа", "ru", "unnamed official"),
        ("дежурный по вокзалу", "ru", "unnamed official"),
        ("двух чиновников мэрии", "ru", "unnamed official"),
        ("наблюдатели от партии «Клюква»", "ru", "unnamed official"),
        ("жители Старых Прудов", "ru", "crowd"),
        ("группа родителей", "ru", "crowd"),
        ("один из родителей", "ru", "anonymous"),
        ("водитель маршрутки", "ru", "anonymous"),
        ("пострадавший, которого увезли в больницу", "ru", "anonymous"),
        ("источник, знакомый с ходом торгов", "ru", "anonymous"),
        ("приказ директора Анны Луговой", "ru", "document"),
        ("камер наблюдения", "ru", "document"),
        ("водную инспекцию", "ru", "named organisation"),
        ("блок «За пруд»", "ru", "named organisation"),
        ("телеграм-канал «Утка»", "ru", "media"),
        ("його сусідка", "uk", "anonymous"),
        ("один із учасників наради", "uk", "anonymous"),
        ("директорка музею Зоряна Вишнева", "uk", "named person"),
        ("начальник ЖЕКу", "uk", "unnamed official"),
        ("кілька пасічників", "uk", "crowd"),
        ("напис на брамі", "uk", "document"),
        ("обласного гідрометцентру", "uk", "named organisation"),
        ("Қала әкімі Бекзат Тұмарұлы", "kk", "named person"),
        ("су шаруашылығы мекемесі", "kk", "named organisation"),
        ("қоймашылардың бірі", "kk", "anonymous"),
        ("Балықшылардың", "kk", "crowd"),
        ("бас инженер", "kk", "unnamed official"),
        ("№ 5 бұйрығына", "kk", "document"),
        ("«Таң нұры» газеті", "kk", "media"),
    ],
)
def test_kind_of_source(source: str, language: str, kind: str) -> None:
    assert describe(source, lexicon(language)).kind == kind


def kinds(text: str, language: str) -> list[str]:
    return [row.source_kind for row in given(text, language)[1]]


@pytest.mark.parametrize(
    ("text", "language", "kind"),
    [
        ("[Q:Сообщается], [C:что пруд осушили].", "ru", "anonymous"),
        ("[Q:Говорят], [C:пруд осушили].", "ru", "crowd"),
        ("[Q:Ходят слухи], [C:что пруд осушат].", "ru", "crowd"),
        ("[Q:Обещают] [C:осушить пруд].", "ru", "anonymous"),
        ("[Q:Просим] [C:не кормить уток].", "ru", "author"),
        ("[Q:По-моему], [C:пруд стал чище].", "ru", "author"),
        ("[S:Мне] [Q:кажется], [C:что пруд стал чище].", "ru", "author"),
        ("[S:Мой дед] [Q:говорит], [C:что пруд стал чище].", "ru", "anonymous"),
        ("[S:Там] [Q:обещают] [C:осушить пруд].", "ru", "named organisation"),
        ("В конверте нашли листок. В [S:нём] [Q:написано], [C:что пруд осушат].", "ru", "document"),
        ("[S:«Утка»] [Q:пишет], [C:что пруд осушили].", "ru", "media"),
        ("[S:«Утка»] [Q:выплатит], [C:что пруд осушили].", "ru", "named organisation"),
        ("[Q:Подейкують], [C:що ставок осушать].", "uk", "crowd"),
        ("[Q:Попереджаємо]: [C:ставок осушать].", "uk", "author"),
        ("[Q:Очікується], [C:що ставок осушать].", "uk", "anonymous"),
        ("[C:Тоған құрғайды] [Q:деген сыбыс бар].", "kk", "crowd"),
        ("[Q:Хабарлануынша], [C:тоған құрғаған].", "kk", "anonymous"),
        ("[Q:Меніңше], [C:тоған тазарды].", "kk", "author"),
    ],
)
def test_who_speaks_where_no_name_stands(text: str, language: str, kind: str) -> None:
    assert kinds(text, language) == [kind]


def test_one_who_goes_on_is_who_spoke_before() -> None:
    text = "[1S:В порту] [1Q:заявили], [1C:что пирс цел]. [2Q:Добавили], [2C:что кран в ремонте]."
    assert kinds(text, "ru") == ["named organisation", "named organisation"]


def test_he_is_somebody_who_can_speak() -> None:
    text = (
        "[1S:Смотритель Рогозин] [1Q:сообщил], [1C:что сова пропала]. [2S:Жители] [2Q:говорят], "
        "[2C:что клетка пуста]. [3S:Он] [3Q:уточнил], [3C:что клетку чистили]."
    )
    assert kinds(text, "ru") == ["named person", "crowd", "named person"]


def test_a_role_after_the_name_is_the_same_person() -> None:
    text = "В музей пришёл блогер Линус Падлов. [S:Блогер] [Q:рассказал], [C:что сова спит]."
    plain, rows, _ = given(text, "ru")
    assert plain.startswith("В музей")
    assert (rows[0].source_kind, rows[0].source_label) == ("named person", "Линус Падлов")


def test_people_close_to_somebody_hide_their_names() -> None:
    text = "[S:Люди], близкие к дирекции, [Q:утверждают], [C:что сова спит]."
    assert kinds(text, "ru") == ["anonymous"]


def test_citations_pass_on_from_one_to_the_next() -> None:
    text = (
        "[1S:«Лютик»] [1Q:сообщает], [2Q:ссылаясь на] [2S:канал «Утка»], [3Q:со слов] [3S:сторожа], "
        "[1C:[2C:[3C:что сова спит]]]."
    )
    _, rows, _ = given(text, "ru")
    place = {row.attribution_id: number for number, row in enumerate(rows)}
    assert [place.get(row.parent_id or "") for row in rows] == [None, 0, 1]


def test_a_citation_inside_the_words_it_passes_on_nests_once() -> None:
    text = "Агентство «Лютик» со ссылкой на источник в музее передаёт, что сова вернулась."
    rows = extract(text)
    place = {row.attribution_id: number for number, row in enumerate(rows)}
    kinds_found = {row.source_kind: place.get(row.parent_id or "") for row in rows}
    assert kinds_found["media"] is None
    assert kinds_found["anonymous"] is not None


def test_a_kazakh_source_that_runs_on_keeps_its_kind() -> None:
    assert describe("«Таң нұры» газеті ауданда", lexicon("kk")).kind == "media"
    assert describe("Бас дәрігер Мейрам Оташев мұны", lexicon("kk")).kind == "named person"
    assert describe("министрліктегі шенеунікке", lexicon("kk")).kind == "unnamed official"
