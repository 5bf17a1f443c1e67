"""Quantities: what must come out right in each language, and what is none. All sentences are invented."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from tocsin.resolve.quantities import QuantityMention, find_quantities


def quantities(text: str, language: str) -> list[QuantityMention]:
    return find_quantities("d", text, [(0, len(text), language)])


class Case(NamedTuple):
    """``found``: of each quantity its words, its value (in the notation of RULES.md), what is counted."""

    language: str
    text: str
    found: tuple[tuple[str, str, str], ...]


CASES = [
    # bounds and approximations
    Case("en", "At least 12 people saw the comet.", (("At least 12", ">=12", "people"),)),
    Case("ru", "Спасли до 30 человек.", (("до 30", "<=30", "человек"),)),
    Case("uk", "Прийшло понад сто гостей.", (("понад сто", ">100", "гостей"),)),
    Case("kk", "Екі жүзге жуық қойшы келді.", (("Екі жүзге жуық", "~200", "қойшы"),)),
    Case("kk", "Үйге 15 адамға дейін сыяды.", (("15 адамға дейін", "<=15", "адамға"),)),
    Case("en", "Between 5 and 7 ponies escaped.", (("Between 5 and 7", "5..7", "ponies"),)),
    Case("en", "The queue held 60 people or more.", (("60 people or more", ">=60", "people"),)),
    Case("ru", "Гостей собралось сорок с лишним.", (("сорок с лишним", ">40", ""),)),
    Case("kk", "Бақта 70-тен астам ағаш өсті.", (("70-тен астам", ">70", "ағаш"),)),
    Case("kk", "Қап салмағы 40 кг-нан аспайды.", (("40 кг-нан аспайды", "<=40 kg", ""),)),
    # numbers in words, vague ones, inversion
    Case("en", "Dozens of larks sang.", (("Dozens", "~24..<100", "larks"),)),
    Case("ru", "Сотни грачей улетели.", (("Сотни", "~200..<1000", "грачей"),)),
    Case("ru", "Более тысячи грачей улетели.", (("Более тысячи", ">1000", "грачей"),)),
    Case("uk", "Кілька десятків коней паслися.", (("Кілька десятків", "~20..<100", "коней"),)),
    Case("kk", "Мыңдаған көбелек ұшты.", (("Мыңдаған", "~2000..<10000", "көбелек"),)),
    Case("ru", "Рублей пятьсот ушло на нитки.", (("Рублей пятьсот", "~500 RUB", ""),)),
    Case("uk", "Осіб тридцять грали на дудках.", (("Осіб тридцять", "~30", ""),)),
    Case("en", "Half a dozen larks sang.", (("Half a dozen", "6", "larks"),)),
    Case("ru", "Ушло два с половиной миллиона бусин.", (("два с половиной миллиона", "2500000", "бусин"),)),
    # scales, separators, money
    Case("ru", "Ушло около 1,2 млн рублей.", (("около 1,2 млн рублей", "~1200000 RUB", ""),)),
    Case("ru", "Ушло 12\u202f500 рублей.", (("12\u202f500 рублей", "12500 RUB", ""),)),
    Case("uk", "Витратили 12.500 гривень.", (("12.500 гривень", "12500 UAH", ""),)),
    Case("en", "It cost €2.5bn.", (("€2.5bn", "2500000000 EUR", ""),)),
    Case("en", "It cost 3 Danish kroner.", (("3 Danish kroner", "3 DKK", ""),)),
    Case("kk", "Бағасы 2,5 млрд теңге.", (("2,5 млрд теңге", "2500000000 KZT", ""),)),
    Case("ru", "Сдача — 7 рублей 20 копеек.", (("7 рублей 20 копеек", "7.2 RUB", ""),)),
    Case("en", "Fifty cents bought a comb.", (("Fifty cents", "0.5 USD", ""),)),
    # measures
    Case(
        "en",
        "600 kilometers are clearly less than 1200.",
        (("600 kilometers", "600 km", ""), ("1200", "1200", "")),
    ),
    Case("en", "The gap of 1,200 kilometres.", (("1,200 kilometres", "1200 km", ""),)),
    Case("ru", "Площадь 12 кв. м.", (("12 кв. м", "12 m2", ""),)),
    Case("uk", "Мороз 12 градусів морозу.", (("12 градусів морозу", "-12 °C", ""),)),
    Case("en", "The elf is 3 ft 6 in tall.", (("3 ft 6 in", "3.5 ft", ""),)),
    Case("ru", "Купили полкило мака.", (("полкило", "0.5 kg", ""),)),
    Case("uk", "40-кілометровий шлях.", (("40-кілометровий", "40 km", ""),)),
    Case("uk", "Між озерами 12 і 15 км.", (("12", "12 km", ""), ("15 км", "15 km", ""))),
    # shares and multiples
    Case("en", "Half of the hay is wet.", (("Half", "0.5 part", ""),)),
    Case("kk", "Шөптің үштен бірі су.", (("үштен бірі", "0.3333333333333333 part", ""),)),
    Case("ru", "Мёда втрое больше.", (("втрое", "3 x", ""),)),
    Case("ru", "Мёда в 5 раз меньше.", (("в 5 раз", "0.2 x", ""),)),
    Case("kk", "Бал ең кемі екі есе аз.", (("ең кемі екі есе", "<=0.5 x", ""),)),
    Case("ru", "Каждый третий кот спит.", (("Каждый третий", "0.3333333333333333 part", ""),)),
    # change, rates
    Case("ru", "Доля выросла до 7%.", (("7%", "7 %", ""),)),
    Case("en", "The share fell from 9% to 4%.", (("9%", "9 %", ""), ("4%", "4 %", ""))),
    Case("en", "Plums cost $3 per kilo.", (("$3 per kilo", "3 USD / kg", ""),)),
    Case("kk", "Пойыз сағатына 90 км жүреді.", (("сағатына 90 км", "90 km / h", ""),)),
    Case("uk", "Потяг іде 90 км/год.", (("90 км/год", "90 km / h", ""),)),
    Case("en", "He sings 3 times a day.", (("3 times a day", "3 / day", "times"),)),
]

NOTHING = [
    ("en", "On 12 May 2024 at 10:30 it rained for three days."),
    ("en", "He is 45, and she is a 12-year-old goalkeeper of the 3rd team."),
    ("en", "In 1812 the mill, room 12 and page 40 were rebuilt, see version 2.1."),
    ("en", "The Otters won 4-2, then drew 1:1."),
    ("en", "Call +7 701 555 12 34, or see https://example.org/5/7 and #24hours."),
    ("en", "A third-quarter loss, a five-storey house, the second half, one of them."),
    ("en", "One day he rang twice at 7 p.m. on Sept. 27, 1989."),
    ("ru", "Дом 5, квартира № 12, 3-й подъезд, автобус № 24."),
    ("ru", "В 1990-х, 15.03.2021 в 19.00, за два часа до 2022 года."),
    ("ru", "12-этажный дом занял 5 место, один из многих, дети 6, 8 и 9 лет."),
    ("uk", "У 2014 році, 12–15 травня, років тридцять тому, о 7 ранку."),
    ("uk", "6 піхотна дивізія, 29-та школа, «Аполлон-11», 220 до н. е."),
    ("kk", "2024 жылғы 12 мамырда сағат 19.00-де, 5-үйде, 3-ші қабатта."),
    ("kk", "Бір күні 12 жасар бала таңғы бесте оянды, бірі ұйықтап қалды."),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.text[:40])
def test_it_comes_out_right(case: Case) -> None:
    found = [
        (
            case.text[m.start : m.end],
            str(m.quantity),
            case.text[m.counted[0].start : m.counted[0].end] if m.counted else "",
        )
        for m in quantities(case.text, case.language)
    ]
    assert found == list(case.found)


@pytest.mark.parametrize(("language", "text"), NOTHING, ids=lambda value: value[:30])
def test_nothing_here(language: str, text: str) -> None:
    assert [text[m.start : m.end] for m in quantities(text, language)] == []


def test_pounds_keep_the_other_reading() -> None:
    money, weight = quantities("Nine pounds.", "en")[0], quantities("It weighs nine pounds.", "en")[0]
    assert (money.unit, weight.unit) == ("GBP", "lb")
    assert [a.value for a in (*money.alternatives, *weight.alternatives)] == ["lb", "GBP"]
    assert quantities("£9.", "en")[0].alternatives == ()


def test_base_units_and_dimension() -> None:
    (speed,) = quantities("They fly at 72 km/h.", "en")
    assert (speed.dimension, speed.base_low, speed.base_unit, speed.base_per) == (
        "length per time",
        20.0,
        "m",
        "s",
    )


def test_one_word_for_people() -> None:
    keys = {
        quantities(text, language)[0].counted_key
        for language, text in (
            ("en", "12 people came."),
            ("ru", "Пришли 12 человек."),
            ("uk", "Прийшло 12 осіб."),
            ("kk", "12 адам келді."),
        )
    }
    assert keys == {"person"}


def test_unknown_languages_go_by_their_script() -> None:
    assert quantities("Es waren 12 Gäste.", "de") == []
    assert [str(m.quantity) for m in quantities("Их было 12 человек.", "und")] == ["12"]
    assert [str(m.quantity) for m in quantities("Бағасы жүз теңге.", "und")] == ["100 KZT"]
