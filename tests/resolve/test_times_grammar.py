"""What the grammar of times can say in four languages: values, ranges, bounds. All sentences are invented."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tocsin.model import TimeMention
from tocsin.resolve.times import find_times
from tocsin.resolve.times.calendar import period_value
from tocsin.resolve.times.construct import CONSTRUCTORS
from tocsin.resolve.times.grammar import load_grammar
from tocsin.resolve.times.holidays import day_of
from tocsin.resolve.times.lexicon import LANGUAGES, load_lexicon
from tocsin.resolve.times.ranges import RANGES
from tocsin.resolve.times.tokens import tokenize

#: A Friday.
PUBLISHED = datetime(2024, 4, 5, 12, tzinfo=UTC)


def times(text: str, language: str, published: datetime | None = PUBLISHED) -> list[TimeMention]:
    return find_times("d", text, [(0, len(text), language)], published)


def values(text: str, language: str) -> list[tuple[str, str]]:
    return [(text[m.start : m.end], m.value) for m in times(text, language)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_of_the_data_has_a_constructor(language: str) -> None:
    load_grammar(language)
    rules = {name for name, _ in load_lexicon(language).rules}
    assert rules <= set(CONSTRUCTORS) | set(RANGES)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "The mill stood there in 1614.", [("1614", "1614")]),
        (
            "en",
            "It rained from 9 pm to 11 pm.",
            [("9 pm", "2024-04-05T21:00"), ("11 pm", "2024-04-05T23:00")],
        ),
        ("en", "The shop shut at noon on Monday.", [("noon on Monday", "2024-04-01T12:00")]),
        ("en", "Boats left at 6 in the morning.", [("6 in the morning", "2024-04-05T06:00")]),
        ("en", "They danced through the nineties.", [("the nineties", "199")]),
        ("en", "The roof was mended by the end of the year.", [("the end of the year", "2024")]),
        ("en", "He paints twice a month.", [("twice a month", "P1M")]),
        ("en", "It bloomed in the latter half of 2008.", [("the latter half of 2008", "2008-H2")]),
        ("en", "It was built in nineteen eighty-six.", [("nineteen eighty-six", "1986")]),
        ("en", "The walk took two and a half hours.", [("two and a half hours", "PT2H30M")]),
        ("en", "It lasted several decades.", [("several decades", "PXY")]),
        ("en", "The temple burned in 217 BC.", [("217 BC", "BC0217")]),
        ("en", "Bees wake each spring.", [("each spring", "XXXX-SP")]),
        ("en", "Last Thanksgiving it snowed.", [("Last Thanksgiving", "2023-11-23")]),
        ("en", "Ducks left late last week.", [("late last week", "2024-W13")]),
        ("en", "The baker danced for a minute and a half.", [("a minute and a half", "PT1M30S")]),
        ("en", "They met at a day-long fair.", [("day-long", "P1D")]),
        ("en", "It was a months-long trek.", [("months-long", "PXM")]),
        ("en", "Months ago the pond was dry.", [("Months ago", "PAST_REF")]),
        ("en", "It froze a week or so ago.", [("a week or so ago", "2024-W13")]),
        ("en", "More rain will come in the weeks ahead.", [("the weeks ahead", "PXW")]),
        ("en", "The hall was full in the year two thousand.", [("the year two thousand", "2000")]),
        ("en", "It grew in the first two quarters of 2023.", [("the first two quarters of 2023", "2023-H1")]),
        ("en", "It shrank in the last half of 2023.", [("the last half of 2023", "2023-H2")]),
        ("en", "The mill stood still in the week of March 6.", [("the week of March 6", "2024-W10")]),
        ("en", "The lake froze earlier in the year.", [("earlier in the year", "2024")]),
        ("en", "The bridge will one day be mended.", [("one day", "FUTURE_REF")]),
        ("en", "She predicted 2030 harvest records.", [("2030", "2030")]),
        ("en", "Bakers spent 24hrs and then 5 days there.", [("24hrs", "PT24H"), ("5 days", "P5D")]),
        (
            "en",
            "Choir tmr at 7pm, picnic this sat!",
            [("tmr at 7pm", "2024-04-06T19:00"), ("this sat", "2024-04-06")],
        ),
        ("ru", "Ждали 15мин у ворот.", [("15мин", "PT15M")]),
        ("ru", "Все эти годы сад рос.", [("эти годы", "PXY")]),
        ("uk", "Усі ці роки сад ріс.", [("ці роки", "PXY")]),
        ("uk", "У ці дні тут тихо.", [("ці дні", "PRESENT_REF")]),
        ("ru", "Три миллиарда лет назад тут было море.", [("лет назад", "PAST_REF")]),
        ("ru", "Пекарь умер на 85 году жизни.", []),
        ("ru", "Перед этим Новым годом лавки украсят.", [("этим Новым годом", "2025-01-01")]),
        ("ru", "Восемь лет спустя сад одичал.", [("Восемь лет спустя", "P8Y")]),
        ("en", "It was two or three days ago.", [("two or three days ago", "2024-04-02")]),
        ("ru", "Снег сошёл два-три дня назад.", [("два-три дня назад", "2024-04-02")]),
        ("ru", "Каток откроют через два-три дня.", [("два-три дня", "2024-04-08")]),
        ("uk", "Сніг зійшов два-три дні тому.", [("два-три дні тому", "2024-04-02")]),
        ("ru", "Тут был сад ещё в 90-е.", [("90-е", "199")]),
        ("ru", "На выходных прошёл парад.", [("выходных", "2024-W13-WE")]),
        ("ru", "На выходных пройдёт парад.", [("выходных", "2024-W14-WE")]),
        ("ru", "На выходных тут тихо.", [("выходных", "XXXX-WXX-WE")]),
        ("uk", "У вихідні пройшов парад.", [("вихідні", "2024-W13-WE")]),
        ("ru", "В ближайшие сутки обещают снег.", [("ближайшие сутки", "P1D")]),
        ("ru", "Сбор в половине восьмого вечера.", [("половине восьмого вечера", "2024-04-05T19:30")]),
        ("ru", "Поезд ушёл без четверти шесть.", [("без четверти шесть", "2024-04-05T05:45")]),
        ("ru", "Улов взвесили двумя неделями раньше.", [("двумя неделями раньше", "2024-W12")]),
        (
            "ru",
            "В шестидесятые годы прошлого века тут был пруд.",
            [("шестидесятые годы прошлого века", "196")],
        ),
        ("ru", "В 20-х числах марта прилетели грачи.", [("20-х числах марта", "2024-03")]),
        ("ru", "Храм возвели в 312 году до н. э.", [("312 году до н. э.", "BC0312")]),
        ("ru", "На Пасху пекли куличи.", [("Пасху", "2023-04-16")]),
        ("ru", "Сдали двадцать пятого марта.", [("двадцать пятого марта", "2024-03-25")]),
        ("uk", "Зібралися о пів на десяту.", [("пів на десяту", "2024-04-05T09:30")]),
        ("uk", "Щоп'ятниці тут ярмарок.", [("Щоп'ятниці", "XXXX-WXX-5")]),
        ("ru", "Ждали полчаса.", [("полчаса", "PT30M")]),
        ("uk", "Чекали понад добу.", [("добу", "P1D")]),
        ("uk", "Почали шестиденний похід.", [("шестиденний", "P6D")]),
        ("kk", "Ол былтыр күзде келді.", [("былтыр күзде", "2023-FA")]),
        ("kk", "Жиналыс сағат 10:00-де басталды.", [("сағат 10:00-де", "2024-04-05T10:00")]),
        ("kk", "Сабақ айына екі рет өтеді.", [("айына екі рет", "P1M")]),
        ("kk", "Жеті жарым сағат жүрдік.", [("Жеті жарым сағат", "PT7H30M")]),
    ],
)
def test_value(language: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert values(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "They met April 3–5 by the lake.", ["2024-04-03", "2024-04-05"]),
        ("en", "They met between 3 and 5 April by the lake.", ["2024-04-03", "2024-04-05"]),
        ("ru", "Ярмарка шла с 3 по 5 апреля.", ["2024-04-03", "2024-04-05"]),
        ("uk", "Ярмарок тривав із 3 до 5 квітня.", ["2024-04-03", "2024-04-05"]),
        ("kk", "Жәрмеңке 3 сәуірден 5 сәуірге дейін өтті.", ["2024-04-03", "2024-04-05"]),
    ],
)
def test_both_ends_of_a_range_have_its_interval(language: str, text: str, expected: list[str]) -> None:
    found = times(text, language)
    assert [m.value for m in found if m.timex_type == "DATE"] == expected
    whole = (datetime(2024, 4, 3, tzinfo=UTC), datetime(2024, 4, 6, tzinfo=UTC))
    if "and" not in text:
        assert [(m.lower, m.upper) for m in found] == [whole, whole]
        assert [m.modifier for m in found] == ["since", "until"]


def test_years_of_a_range_may_be_short() -> None:
    assert [v for _, v in values("The 2008-09 season was wet.", "en")] == ["2008", "2009"]
    assert [v for _, v in values("В 1941–1945 годах сад одичал.", "ru")] == ["1941", "1945"]
    assert [v for _, v in values("Пунічні війни, 264–146 рр. до н. е.", "uk")] == ["BC0264", "BC0146"]


def test_hours_of_opening() -> None:
    found = times("Открыто с 9 до 18 часов.", "ru")
    assert [m.value for m in found] == ["2024-04-05T09:00", "2024-04-05T18:00"]
    assert {m.lower for m in found} == {datetime(2024, 4, 5, 9, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("language", "text", "modifier"),
    [
        ("en", "It opens no earlier than May 3.", "since"),
        ("en", "Apply by May 3.", "until"),
        ("ru", "Подайте не позднее 3 мая.", "until"),
        ("ru", "Откроется не раньше 3 мая.", "since"),
        ("uk", "Після 3 травня зачинять.", "after"),
        ("en", "It will close before May 3.", "before"),
        ("en", "It will open not before May 3.", "since"),
        ("en", "It will not open before May 3.", "before"),
        ("en", "It will be shut from May 3.", "since"),
        ("kk", "3 мамырдан кейін жабылады.", "after"),
        ("kk", "3 мамырға дейін ашық.", "until"),
        ("kk", "3 мамырдан бастап ашық.", "since"),
    ],
)
def test_bound(language: str, text: str, modifier: str) -> None:
    (mention,) = times(text, language)
    assert (mention.value, mention.modifier) == ("2024-05-03", modifier)


def test_until_a_year_is_until_its_end_at_the_latest() -> None:
    (mention,) = times("It lasts until 2026.", "en")
    assert (mention.lower, mention.upper) == (None, datetime(2027, 1, 1, tzinfo=UTC))
    assert not mention.upper_open


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "It happened on the eve of April 3.", "2024-04-02"),
        ("en", "It happened on the eve of Easter 2023.", "2023-04-08"),
        ("en", "It happened on the eve of the fair.", "XXXX-XX-XX"),
        ("ru", "Накануне 3 апреля мыли окна.", "2024-04-02"),
        ("ru", "Накануне дети мыли окна.", "2024-04-04"),
        ("ru", "Накануне выборов мыли окна.", "XXXX-XX-XX"),
        ("uk", "Напередодні Різдва мили вікна.", "2023-12-24"),
    ],
)
def test_on_the_eve(language: str, text: str, value: str) -> None:
    (mention,) = times(text, language)
    assert mention.value == value
    assert (mention.lower is None) == value.startswith("XXXX")


def test_night_between_two_days_is_one_interval() -> None:
    found = times("Заморозки были в ночь с 21 на 22 марта.", "ru")
    assert [m.value for m in found] == ["2024-03-21TNI", "2024-03-22TNI"]
    assert {(m.lower, m.upper) for m in found} == {
        (datetime(2024, 3, 21, 22, tzinfo=UTC), datetime(2024, 3, 22, 6, tzinfo=UTC))
    }


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The 52-year-old baker and his 9 years old dog."),
        ("en", 'The show "This Week" and 60 Minutes.'),
        ("en", "They ate three-quarters of a pie."),
        ("en", "He is in his 30s."),
        ("en", "The bakery sells 9,000 loaves a month and four cakes a week."),
        ("en", "Prices rise 8.5% annually."),
        ("en", "It rained soon after he left."),
        ("en", "They read that Sun."),
        ("en", "The annual March for Bread drew bakers."),
        ("ru", "Живёт на улице 8 Марта."),
        ("ru", "Журнал «Сентябрь» закрыт, команда «Суббота» выиграла."),
        ("ru", "Около 2000 жителей вышли."),
        ("ru", "Силами 1-го и 2-го полков."),
        ("ru", "Начало [03:39] и конец."),
        ("ru", "Сад вырос, в то время как пруд высох."),
        ("uk", "Лютий пес і Неділя Петрівна."),
        ("kk", "Қазан толы сорпа. «Тамыз» журналы."),
    ],
)
def test_is_no_time(language: str, text: str) -> None:
    assert [m for m in times(text, language) if m.timex_type != "DURATION" or language == "en"] == []


def test_soon_is_told_of_the_future_only() -> None:
    assert [m.value for m in times("The bridge will open soon.", "en")] == ["FUTURE_REF"]
    assert times("Soon the bridge opened.", "en") == []


@pytest.mark.parametrize(
    ("rule", "year", "expected"),
    [
        ("12-25", 2020, date(2020, 12, 25)),
        ("11:4:4", 2024, date(2024, 11, 28)),
        ("5:-1:1", 2024, date(2024, 5, 27)),
        ("11:1:1+1", 2024, date(2024, 11, 5)),
        ("easter", 2024, date(2024, 3, 31)),
        ("pascha", 2024, date(2024, 5, 5)),
        ("pascha-7", 2025, date(2025, 4, 13)),
        ("rizdvo", 2022, date(2022, 1, 7)),
        ("rizdvo", 2023, date(2023, 12, 25)),
        ("easter", 1500, None),
    ],
)
def test_day_of_a_holiday(rule: str, year: int, expected: date | None) -> None:
    assert day_of(rule, year) == expected


def test_unknown_rule_of_a_holiday_is_refused() -> None:
    with pytest.raises(ValueError, match="not a rule"):
        day_of("new moon", 2024)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_holiday_of_the_data_has_a_day(language: str) -> None:
    rules = {w.value for w in load_lexicon(language).words.values() if w.category == "HOLIDAY"}
    for seconds in load_lexicon(language).phrases.values():
        rules |= {w.value for found in seconds.values() for _, w in found if w.category == "HOLIDAY"}
    assert rules
    assert all(day_of(rule, 2024) for rule in rules)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "It has rained since the very morning."),
        ("en", "Today, since the very morning, it has rained."),
        ("ru", "Сегодня с самого утра идёт дождь."),
        ("ru", "С самого утра идёт дождь."),
        ("uk", "З самого ранку йде дощ."),
        ("kk", "Таңнан бері жаңбыр жауып тұр."),
    ],
)
def test_since_the_morning(language: str, text: str) -> None:
    (mention,) = times(text, language)
    assert (mention.value, mention.modifier) == ("2024-04-05TMO", "since")
    assert (mention.lower, mention.upper) == (datetime(2024, 4, 5, 6, tzinfo=UTC), None)


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "It is shut from 11 pm to 5 am."), ("ru", "Закрыто с 23:00 до 05:00.")],
)
def test_hours_past_midnight_are_of_the_next_day(language: str, text: str) -> None:
    found = times(text, language)
    assert [m.value for m in found] == ["2024-04-05T23:00", "2024-04-06T05:00"]
    whole = (datetime(2024, 4, 5, 23, tzinfo=UTC), datetime(2024, 4, 6, 5, tzinfo=UTC))
    assert {(m.lower, m.upper) for m in found} == {whole}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Заморозки будут в ночь с субботы на воскресенье."),
        ("uk", "Заморозки будуть у ніч із суботи на неділю."),
    ],
)
def test_night_between_two_weekdays_is_one_interval(language: str, text: str) -> None:
    found = times(text, language)
    assert [m.value for m in found] == ["2024-04-06TNI", "2024-04-07TNI"]
    night = (datetime(2024, 4, 6, 22, tzinfo=UTC), datetime(2024, 4, 7, 6, tzinfo=UTC))
    assert {(m.lower, m.upper) for m in found} == {night}


def test_no_earlier_than_a_weekday_lies_ahead() -> None:
    (mention,) = times("It opens no earlier than Friday.", "en")
    assert mention.lower is not None
    assert mention.lower >= PUBLISHED.replace(hour=0)


def test_a_rule_begins_where_the_index_says() -> None:
    # Optional tokens and groups, alone and nested in a row, must not hide a rule from its first two codes.
    grammar = load_grammar("en")
    tokens = tokenize("the early week of March 6, 2023", load_lexicon("en"))
    codes = "".join(token.code for token in tokens)
    found = grammar.matches(tokens, codes, 4)
    assert (found[0].rule, found[0].last) == ("date", len(tokens))


def test_from_is_a_bound_of_what_lies_ahead() -> None:
    assert times("The pier will be shut from May.", "en")[0].modifier == "since"
    assert times("A letter from May came.", "en")[0].modifier is None


def test_weekdays_of_a_range_follow_each_other() -> None:
    found = times("The pier will be shut from Monday to Friday.", "en")
    assert [m.value for m in found] == ["2024-04-08", "2024-04-12"]
    assert {m.group_id for m in found} == {found[0].mention_id}


def test_early_years_are_written_with_four_digits() -> None:
    early = datetime(987, 5, 3, 4, 5)
    assert period_value(early, "minute") == "0987-05-03T04:05"
    assert period_value(early, "day") == "0987-05-03"
    assert period_value(early, "month") == "0987-05"
