"""Statements that are checked, one form at a time: verdict, workings, and the verbatim words behind them."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest
from checks_helpers import checks_of, verdict_of

from tocsin.model import Check

ROOT = Path(__file__).parents[2]

#: (text, check, verdict, a piece of the workings)
STATEMENTS = (
    (
        "For example, 600 kilometers are clearly less than 1200.",
        "comparison",
        "consistent",
        "600 km < 1,200 km",
    ),
    ("The pipe of 900 km is longer than 1,200 km.", "comparison", "inconsistent", "1,200 − 900 = 300"),
    ("600 километров явно меньше 1200.", "comparison", "consistent", "600 / 1,200 = 0.5"),
    ("The distance between Riga and Tallinn is 280 km.", "distance", "consistent", "geodesic on WGS 84"),
    ("Prague, 900 km from Vienna, has a new tower.", "distance", "inconsistent", "stated: 900 km"),
    ("Расстояние от Москвы до Казани всего 150 км.", "distance", "inconsistent", "allowed: "),
    ("Відстань від Києва до Львова близько 470 км.", "distance", "consistent", "Kyiv (city"),
    ("Алматы мен Бішкектің арасы 1900 шақырым.", "distance", "inconsistent", "× 2.5"),
    ("The camp lies 40 km from the old customs post.", "distance", "not checkable", ""),
    ("Tbilisi is closer to Moscow than to Yerevan.", "nearer", "inconsistent", " > "),
    ("Тюмень ближе к Омску, чем к Москве.", "nearer", "consistent", " < "),
    (
        "The kite has a range of 600 km, so it cannot reach Warsaw from Minsk, which is 475 km away.",
        "reach",
        "inconsistent",
        "range 600 km ≥ distance 475 km",
    ),
    (
        "Планер летает на 200 км, и от Риги до Варшавы (560 км) он не долетит.",
        "reach",
        "consistent",
        "200 km < distance 560 km",
    ),
    ("The fair opened on Monday, March 2, 2026.", "weekday", "consistent", "2026-03-02 is a Monday"),
    ("Хор собрался в пятницу, 20 февраля 2025 года.", "weekday", "inconsistent", "2025-02-20 is a Thursday"),
    ("On Friday, 3 March 1815 the bell rang.", "weekday", "not checkable", ""),
    ("Nils was born on 4 May 1980 and died on 10 June 2025 aged 52.", "age", "inconsistent", "45 full years"),
    ("Он родился 5 марта 1990 года, а 6 апреля 2020 года ему исполнилось 30 лет.", "age", "consistent", "30"),
    ("From 12 January to 26 January 2026, for ten days, it rained.", "duration", "inconsistent", "= 14 days"),
    ("Облога тривала з 3 лютого до 9 березня 2026 року, тобто п'ять тижнів.", "duration", "consistent", "34"),
    (
        "It closed on 3 March, and four days later, on 7 March, it opened.",
        "interval",
        "consistent",
        "= 4 days",
    ),
    ("Письмо написали 5 марта, за месяц до голосования 9 марта.", "interval", "inconsistent", "4 days"),
    (
        "The ferry sailed on 5 March 2026, before the storm of 1 March 2026.",
        "order",
        "inconsistent",
        "-4 days",
    ),
    ("Five people were killed and seven wounded, 13 casualties in all.", "sum", "inconsistent", "5 + 7 = 12"),
    (
        "Всего на борту находилось 95 человек: 89 пассажиров и шесть членов экипажа.",
        "sum",
        "consistent",
        "95",
    ),
    ("Сгорели 12 амбаров, несколько мельниц, всего 30 построек.", "sum", "not checkable", ""),
    ("Of the 40 members 14 voted against, i.e. 35%.", "share", "consistent", "14 / 40 = 35 %"),
    ("60 қайықтың тек 12-сі оралды, яғни 40 пайызы.", "share", "inconsistent", "12 / 60 = 20 %"),
    ("The price rose from 20 to 30 crowns, by 30%.", "change", "inconsistent", "= 50 %"),
    ("Цена взлетела вдвое: с 205 до 414 рублей.", "change", "consistent", "414 / 205"),
    ("The flock fell from 90 to 60 sheep, by half.", "change", "inconsistent", "33.3 %"),
    ("На улицы Полтавы вышли два миллиона человек.", "population", "inconsistent", "by the gazetteer"),
    (
        "Turnout in the valley reached 104 percent of registered voters.",
        "whole",
        "inconsistent",
        "104 % > 100 %",
    ),
    (
        "The harbour is quiet this morning, the fishermen say, and the nets are dry.\nНабережная утром.jpg",
        "caption",
        "inconsistent",
        "Cyrillic",
    ),
)


@pytest.mark.parametrize(
    ("text", "check", "verdict", "step"), STATEMENTS, ids=[s[0][:40] for s in STATEMENTS]
)
def test_a_statement_is_checked(text: str, check: str, verdict: str, step: str) -> None:
    found = [row for row in checks_of(text) if row.check_name == check]
    assert [row.verdict for row in found] == [verdict], found
    assert any(step in line for line in found[0].workings) or not step
    assert bool(found[0].missing) == (verdict == "not checkable")
    assert_whole(found[0], text)


def assert_whole(row: Check, text: str) -> None:
    """Every input is verbatim, has a reading, and lies in the text; a verdict comes with workings."""
    assert len(row.inputs) == len(row.read_as) > 0
    for span in (*row.inputs, *row.statement):
        words = span.of(text)
        assert words == words.strip() != ""
    if row.verdict != "not checkable":
        assert row.workings
        assert row.tolerance


INNOCENT = (
    "Три человека погибли и больше 10 пострадали после столкновения автобуса.",
    "НДФЛ будет 13%, если выше, то 15% от суммы превышения.",
    "Она закончится 2 ноября, после чего 3 и 4 ноября будут выходными.",
    "Количество пользователей сократилось на 11% с 52 до 46 млн человек.",
    "The glider flies 300 km, but from Riga to Warsaw it is 560 km.",
    "Of the 300 guests 60 left, and 35% of those who stayed danced.",
    "Twelve houses burnt, of which three were empty, nine in all were insured.",
    "The mill fulfilled its plan by 120 percent, and prices rose by 300 percent.",
    "25 million passengers a year pass through Karaganda.",
    "The road from Moscow to Kazan was mended, the last section of 20 km in May.",
    "В мире живут 8 миллиардов человек, в Полтаве об этом знают.",
    "Всего в семье воспитывались 5 дочек: 18, 13, 10, 5 и 2 года.",
    "Удалось разгромить две немецкие и две румынские армии; всего 330 тыс. солдат.",
    "Of 40 goats 14 ran off; 50% of the rest were sold.",
)


@pytest.mark.parametrize("text", INNOCENT)
def test_an_innocent_text_is_not_inconsistent(text: str) -> None:
    assert verdict_of(checks_of(text)) != "inconsistent"


def test_the_unit_is_carried_over_and_said_so() -> None:
    (row,) = checks_of("For example, 600 kilometers are clearly less than 1200.")
    assert row.read_as == ("600 km", "1200 km")
    assert any("in km too" in line for line in row.assumptions)


def test_places_of_the_paragraph_are_laid_beside_a_comparison() -> None:
    text = (
        "It is far from Ukraine to Tatarstan, he said. The launch was made in Kazakhstan. "
        "Of course 600 kilometers are clearly less than 1200."
    )
    (row,) = (r for r in checks_of(text) if r.check_name == "comparison")
    assert any("Tatarstan" in s and "Kazakhstan" in s and "holds 600" in s for s in row.workings)
    assert any("do not say between which points" in line for line in row.assumptions)


def test_hedges_and_rounding_make_room() -> None:
    assert (
        verdict_of(checks_of("About 100 people came by sea and 205 by land, 310 people in all."))
        == "consistent"
    )
    assert (
        verdict_of(checks_of("100 people came by sea and 205 people by land, 350 people in all."))
        == "inconsistent"
    )


def test_the_annotated_train_part_comes_out() -> None:
    sys.path.insert(0, str(ROOT / "benchmarks" / "judge"))
    try:
        from checks import checked
        from checks import verdict_of as verdict
    finally:
        sys.path.pop(0)
    from training.annotated_checks.load import LANGUAGES, SPLITS, load

    assert sum(len(load(language, split)) for language in LANGUAGES for split in SPLITS) == 200
    items = load("ru", "train")
    counts = Counter((item.verdict, verdict(checked(item))) for item in items)
    assert sum(n for (gold, found), n in counts.items() if gold != found) <= 1
    assert all(gold == "inconsistent" for gold, found in counts if found == "inconsistent")
