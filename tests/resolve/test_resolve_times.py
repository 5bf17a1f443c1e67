"""Time expressions: what must come out right, in each language. All sentences are invented."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

import pytest

from tocsin.model import TimeMention
from tocsin.resolve.times import find_times

#: A Friday.
PUBLISHED = datetime(2024, 4, 5, 12, tzinfo=UTC)


def times(text: str, language: str, published: datetime | None = PUBLISHED) -> list[TimeMention]:
    return find_times("d", text, [(0, len(text), language)], published)


def only(text: str, language: str, published: datetime | None = PUBLISHED) -> TimeMention:
    found = times(text, language, published)
    assert len(found) == 1, [text[m.start : m.end] for m in found]
    return found[0]


def day(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


class Case(NamedTuple):
    language: str
    text: str
    words: str
    value: str
    lower: datetime | None
    upper: datetime | None


CASES = [
    # --- English ---
    Case(
        "en",
        "The fair opened on March 22, and it rained.",
        "March 22",
        "2024-03-22",
        day(2024, 3, 22),
        day(2024, 3, 23),
    ),
    Case(
        "en",
        "After the April 2 concert all went home.",
        "April 2",
        "2024-04-02",
        day(2024, 4, 2),
        day(2024, 4, 3),
    ),
    Case(
        "en", "The bridge closed on April 2nd.", "April 2nd", "2024-04-02", day(2024, 4, 2), day(2024, 4, 3)
    ),
    Case(
        "en",
        "A parade will take place on April 20.",
        "April 20",
        "2024-04-20",
        day(2024, 4, 20),
        day(2024, 4, 21),
    ),
    Case(
        "en",
        "The park opens in the next three days.",
        "the next three days",
        "P3D",
        PUBLISHED,
        day(2024, 4, 8, 12),
    ),
    Case(
        "en", "The gardeners have 10 days left to finish.", "10 days", "P10D", PUBLISHED, day(2024, 4, 15, 12)
    ),
    Case("en", "It has been here since the mid-1990s.", "the mid-1990s", "199", day(1994, 1, 1), None),
    Case("en", "The museum was closed on Monday.", "Monday", "2024-04-01", day(2024, 4, 1), day(2024, 4, 2)),
    Case("en", "The museum will close on Monday.", "Monday", "2024-04-08", day(2024, 4, 8), day(2024, 4, 9)),
    Case("en", "The train came last week.", "last week", "2024-W13", day(2024, 3, 25), day(2024, 4, 1)),
    Case("en", "He moved house two years ago.", "two years ago", "2022", day(2022, 1, 1), day(2023, 1, 1)),
    Case(
        "en",
        "It grew in the third quarter of 2023.",
        "the third quarter of 2023",
        "2023-Q3",
        day(2023, 7, 1),
        day(2023, 10, 1),
    ),
    Case("en", "It stood in the 1980s.", "the 1980s", "198", day(1980, 1, 1), day(1990, 1, 1)),
    Case(
        "en",
        "The show starts at 5 pm MSK on April 1, 2024.",
        "5 pm MSK on April 1, 2024",
        "2024-04-01T17:00",
        day(2024, 4, 1, 14),
        day(2024, 4, 1, 15),
    ),
    Case(
        "en", "The photo is dated 2024-04-03.", "2024-04-03", "2024-04-03", day(2024, 4, 3), day(2024, 4, 4)
    ),
    Case("en", "It rained over the past week.", "the past week", "P1W", day(2024, 3, 29, 12), PUBLISHED),
    # --- Russian ---
    Case(
        "ru",
        "Выставка открылась 3 апреля 2024 года.",
        "3 апреля 2024 года",
        "2024-04-03",
        day(2024, 4, 3),
        day(2024, 4, 4),
    ),
    Case(
        "ru",
        "Билеты в продаже с 15 февраля этого года.",
        "15 февраля этого года",
        "2024-02-15",
        day(2024, 2, 15),
        None,
    ),
    Case("ru", "Завод стоит с середины 1990-х.", "середины 1990-х", "199", day(1994, 1, 1), None),
    Case(
        "ru",
        "Снег выпал в ночь на 22 марта.",
        "в ночь на 22 марта",
        "2024-03-22TNI",
        day(2024, 3, 21, 22),
        day(2024, 3, 22, 6),
    ),
    Case(
        "ru",
        "Поезд пришёл вчера около 19:30 по Москве.",
        "вчера около 19:30 по Москве",
        "2024-04-04T19:30",
        day(2024, 4, 4, 16, 30),
        day(2024, 4, 4, 16, 31),
    ),
    Case(
        "ru", "В понедельник открылся каток.", "понедельник", "2024-04-01", day(2024, 4, 1), day(2024, 4, 2)
    ),
    Case("ru", "Урожай собрали в марте.", "марте", "2024-03", day(2024, 3, 1), day(2024, 4, 1)),
    Case(
        "ru",
        "Дата договора 03.04.2024, подпись ниже.",
        "03.04.2024",
        "2024-04-03",
        day(2024, 4, 3),
        day(2024, 4, 4),
    ),
    Case(
        "ru", "Мост построили прошлой зимой.", "прошлой зимой", "2023-WI", day(2023, 12, 1), day(2024, 3, 1)
    ),
    Case("ru", "Через три дня будет праздник.", "три дня", "2024-04-08", day(2024, 4, 8), day(2024, 4, 9)),
    Case("ru", "До конца осталось 10 дней.", "10 дней", "P10D", PUBLISHED, day(2024, 4, 15, 12)),
    Case("ru", "В XX веке тут был сад.", "XX веке", "19", day(1900, 1, 1), day(2000, 1, 1)),
    Case(
        "ru",
        "Весной прошлого года цвели вишни.",
        "Весной прошлого года",
        "2023-SP",
        day(2023, 3, 1),
        day(2023, 6, 1),
    ),
    # --- Ukrainian ---
    Case(
        "uk", "Ярмарок був минулого тижня.", "минулого тижня", "2024-W13", day(2024, 3, 25), day(2024, 4, 1)
    ),
    Case("uk", "Місто заклали 1936 року.", "1936 року", "1936", day(1936, 1, 1), day(1937, 1, 1)),
    Case("uk", "Концерт відбувся 3 квітня.", "3 квітня", "2024-04-03", day(2024, 4, 3), day(2024, 4, 4)),
    Case("uk", "Дощ пішов у понеділок.", "понеділок", "2024-04-01", day(2024, 4, 1), day(2024, 4, 2)),
    Case(
        "uk",
        "Сніг випав у ніч на 22 березня.",
        "у ніч на 22 березня",
        "2024-03-22TNI",
        day(2024, 3, 21, 22),
        day(2024, 3, 22, 6),
    ),
    Case("uk", "Будинок звели в 90-х роках.", "90-х роках", "199", day(1990, 1, 1), day(2000, 1, 1)),
    # --- Kazakh ---
    Case("kk", "Биыл көктем ерте келді.", "Биыл", "2024", day(2024, 1, 1), day(2025, 1, 1)),
    Case("kk", "Былтыр жаңбыр көп жауды.", "Былтыр", "2023", day(2023, 1, 1), day(2024, 1, 1)),
    Case("kk", "Бүгін көрме ашылды.", "Бүгін", "2024-04-05", day(2024, 4, 5), day(2024, 4, 6)),
    Case("kk", "Ертең мереке болады.", "Ертең", "2024-04-06", day(2024, 4, 6), day(2024, 4, 7)),
    Case("kk", "Жауап үш күннің ішінде болады.", "үш күннің ішінде", "P3D", PUBLISHED, day(2024, 4, 8, 12)),
    Case("kk", "Концерт 3 сәуірде өтті.", "3 сәуірде", "2024-04-03", day(2024, 4, 3), day(2024, 4, 4)),
    Case(
        "kk",
        "Ол 2024 жылғы 3 сәуірде келді.",
        "2024 жылғы 3 сәуірде",
        "2024-04-03",
        day(2024, 4, 3),
        day(2024, 4, 4),
    ),
    Case("kk", "Мектеп 1936 жылы салынды.", "1936 жылы", "1936", day(1936, 1, 1), day(1937, 1, 1)),
    Case("kk", "Жәрмеңке дүйсенбіде өтті.", "дүйсенбіде", "2024-04-01", day(2024, 4, 1), day(2024, 4, 2)),
    Case("kk", "Зауыт 1990-жылдары салынған.", "1990-жылдары", "199", day(1990, 1, 1), day(2000, 1, 1)),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.language}:{case.words}")
def test_comes_out_right(case: Case) -> None:
    mention = only(case.text, case.language)
    assert case.text[mention.start : mention.end] == case.words
    assert mention.value == case.value
    assert (mention.lower, mention.upper) == (case.lower, case.upper)
    assert mention.reasons


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The sign has stood since at least February 15 of this year."),
        ("en", "They had the plan at least since February 15 of this year."),
        ("ru", "Вывеска висит по меньшей мере с 15 февраля этого года."),
        ("uk", "Вивіска висить принаймні з 15 лютого цього року."),
    ],
)
def test_since_at_least_has_an_open_lower_bound(language: str, text: str) -> None:
    mention = only(text, language)
    assert mention.value == "2024-02-15"
    assert (mention.lower, mention.upper) == (day(2024, 2, 15), None)
    assert mention.lower_open
    assert not mention.upper_open
    assert mention.modifier == "since, at least"


def test_fuzzy_decade_has_an_open_lower_bound() -> None:
    assert only("It has run since the mid-1990s.", "en").lower_open
    assert only("Идёт с середины 1990-х.", "ru").lower_open


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "It may be today, tomorrow, or in three days."),
        ("ru", "Это будет сегодня, завтра или через три дня."),
        ("uk", "Це буде сьогодні, завтра або через три дні."),
        ("kk", "Бұл бүгін, ертең немесе үш күннен кейін болады."),
    ],
)
def test_three_alternatives_are_three_mentions(language: str, text: str) -> None:
    found = times(text, language)
    assert [m.value for m in found] == ["2024-04-05", "2024-04-06", "2024-04-08"]
    assert all(m.modifier == "or" for m in found)
    assert {m.group_id for m in found} == {found[0].mention_id}


def test_two_sets_of_alternatives_are_two_groups() -> None:
    found = times("Today or tomorrow they sing, on Monday they rest, on May 3 or on May 5 they dance.", "en")
    assert [m.value[5:] for m in found if m.group_id == found[0].mention_id] == ["04-05", "04-06"]
    assert [m.value[5:] for m in found if m.group_id is None] == ["04-08"]
    assert len({m.group_id for m in found}) == 3


def test_a_deadline_is_an_upper_bound() -> None:
    mention = only("The gardeners have 10 days left to finish.", "en")
    assert mention.timex_type == "DURATION"
    assert mention.modifier == "until"
    assert mention.anchor == "publication date"


def test_sets_have_no_interval() -> None:
    for language, text, value in [
        ("en", "It opens every day.", "P1D"),
        ("ru", "Каждую неделю идёт дождь.", "P1W"),
        ("ru", "Рынок работает по понедельникам.", "XXXX-WXX-1"),
        ("uk", "Музей працює щодня.", "P1D"),
        ("kk", "Дүкен күн сайын ашық.", "P1D"),
    ]:
        mention = only(text, language)
        assert (mention.timex_type, mention.value, mention.lower) == ("SET", value, None)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Call +7 701 123 45 67 or write to us."),
        ("en", "They won 2:1 with version 3.11 at 192.168.0.1 for $2024."),
        ("ru", "Это стоит 2024 рубля, пришли 2024 человека."),
        ("ru", "Пробежал 2000 км и устал."),
        ("ru", "Премия «Учитель и семья» вручена."),
        ("uk", "Зібрали 1500 гривень."),
        ("kk", "Бағасы 2024 теңге."),
        ("en", "The 5 cats sat on 12 mats."),
    ],
)
def test_not_a_time(language: str, text: str) -> None:
    assert times(text, language) == []


def test_yearless_date_says_how_it_got_its_year() -> None:
    mention = only("The fair opened on December 20.", "en")
    assert mention.value == "2023-12-20"
    assert "2023" in mention.reasons[0]
    assert {a.value for a in mention.alternatives} == {"2024-12-20", "2025-12-20"}


def test_yearless_date_takes_the_year_of_its_sentence() -> None:
    values = [m.value for m in times("In 1999 the bridge fell on March 24.", "en")]
    assert values == ["1999", "1999-03-24"]


def test_history_keeps_the_year_last_spoken_of() -> None:
    text = "The mill burned in 1871.\nIt was rebuilt in 1873.\nA flood came in 1875.\nOn 4 May the dam broke."
    spans = [(m, m + len(line), "en") for m, line in _lines(text)]
    found = find_times("d", text, spans, PUBLISHED)
    assert found[-1].value == "1875-05-04"
    assert found[-1].anchor == "year last spoken of"


def _lines(text: str) -> list[tuple[int, str]]:
    at, found = 0, []
    for line in text.split("\n"):
        found.append((at, line))
        at += len(line) + 1
    return found


def test_without_a_publication_date_values_stay_open() -> None:
    for text, value in [
        ("The fair opened on March 22.", "XXXX-03-22"),
        ("The fair opened on Monday.", "XXXX-WXX-1"),
        ("It rains today.", "PRESENT_REF"),
        ("It rained yesterday.", "PAST_REF"),
        ("It opens in the next three days.", "P3D"),
    ]:
        mention = only(text, "en", None)
        assert (mention.value, mention.lower, mention.upper) == (value, None, None)
    assert only("It opened in 2019.", "en", None).lower == day(2019, 1, 1)


def test_weekday_against_its_date_is_kept_and_flagged() -> None:
    good = only("They met on Friday, April 5, 2024.", "en")
    bad = only("They met on Monday, April 5, 2024.", "en")
    assert good.value == bad.value == "2024-04-05"
    assert good.score > bad.score
    assert "does not agree" in bad.reasons[-1]


def test_ends_of_a_range_bound_each_other() -> None:
    first, last = times("The road was closed from March 3 to April 5.", "en")
    assert (first.lower, first.upper) == (last.lower, last.upper) == (day(2024, 3, 3), day(2024, 4, 6))
    assert (first.modifier, last.modifier) == ("since", "until")
    assert first.group_id == last.group_id == first.mention_id


def test_with_is_not_since() -> None:
    assert only("По сравнению с 2022 годом стало теплее.", "ru").modifier is None
    assert only("Тепло с 2022 года.", "ru").modifier == "since"
    assert only("Поздравляем с Новым годом!", "ru").modifier is None
    assert only("Вітаємо з Різдвом!", "uk").modifier is None
    assert only("Пекарня открыта с Нового года.", "ru").modifier == "since"


def test_up_to_a_length_is_no_bound_of_the_calendar() -> None:
    mention = only("Черепаха живёт до 50 лет.", "ru")
    assert (mention.modifier, mention.upper) == ("less than", None)


def test_slash_date_keeps_the_other_reading() -> None:
    mention = only("Dated 03/04/2024 below.", "en")
    assert mention.value == "2024-03-04"
    assert [a.value for a in mention.alternatives] == ["2024-04-03"]


def test_impossible_dates_are_no_times() -> None:
    assert times("Written on February 30, 2024.", "en") == []
    assert times("Дата 45.13.2024 неверна.", "ru") == []


def test_other_languages_are_skipped_and_und_goes_by_script() -> None:
    assert times("Das war am 3 April 2024.", "de") == []
    assert only("Фото 3 апреля 2024 года", "und").value == "2024-04-03"
    assert only("Фото 3 квітня 2024 року, Київ", "und").value == "2024-04-03"
    assert only("Photo of April 3, 2024", "und").value == "2024-04-03"
