"""What a document says of its times: the year and day told of, tense, quarters. All texts are invented."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tocsin.model import TimeMention
from tocsin.resolve.times import find_times

#: A Friday.
PUBLISHED = datetime(2024, 4, 5, 12, tzinfo=UTC)


def told(text: str, language: str = "en", published: datetime | None = PUBLISHED) -> list[TimeMention]:
    """Times of a text with one sentence to a line."""
    at, spans = 0, []
    for line in text.split("\n"):
        spans.append((at, at + len(line), language))
        at += len(line) + 1
    return find_times("d", text, [s for s in spans if s[1] > s[0]], published)


def values(text: str, language: str = "en", published: datetime | None = PUBLISHED) -> list[str]:
    return [m.value for m in told(text, language, published)]


def test_narrative_keeps_its_year_in_spite_of_an_aside() -> None:
    text = (
        "The dam was begun on 3 May 1871.\nOn 8 June 1871 the gates were set.\nIn July the lake filled.\n"
        "It was as wet as in 1802, they said.\nOn 9 August the first boat sailed."
    )
    assert values(text)[-1] == "1871-08-09"


def test_narrative_goes_on_into_the_next_year() -> None:
    text = (
        "Work began on 2 March 1871.\nOn 5 May 1871 it rained.\n"
        "On 20 November 1871 it froze.\nOn 4 January it thawed."
    )
    mention = told(text)[-1]
    assert mention.value == "1872-01-04"
    assert "the year has turned" in mention.reasons[0]


def test_a_heading_sets_the_year() -> None:
    text = "The lake in 1871, 1872 and 1873\n1873\n4 May — the dam broke.\n- 1874\n6 June — it was mended."
    assert values(text)[-3:] == ["1873-05-04", "1874", "1874-06-06"]


def test_shared_year_of_a_range() -> None:
    text = "They rowed from November 15 to February 3, 1989."
    assert values(text) == ["1988-11-15", "1989-02-03"]


def test_news_with_an_old_year_in_it_stays_news() -> None:
    assert values("The hall, built in 1999, was shut on March 24.") == ["1999", "2024-03-24"]
    assert values("They plan to redeem it on November 16, bonds due in 2031.")[0] == "2024-11-16"


def test_the_sentence_before_may_tell_of_the_past() -> None:
    text = "Корабль вышел 4 мая 1912 года.\n12 мая он увидел берег.\nЧерез два дня он вернулся."
    assert values(text, "ru") == ["1912-05-04", "1912-05-12", "1912-05-14"]
    assert values("Корабль вышел 4 мая 1912 года.\n12 мая выйдет новый.", "ru")[-1] == "2024-05-12"


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "The mill burned on 9 March 1934.\nThe next day it rained.", "1934-03-10"),
        ("en", "The mill burned on 9 March 1934.\nIt was lit again the same day.", "1934-03-09"),
        ("en", "The mill burned on 9 March 1934.\nTwo weeks later it rained.", "1934-W12"),
        ("ru", "Мельница сгорела 9 марта 1934 года.\nНа следующий день пошёл дождь.", "1934-03-10"),
        ("ru", "Мельница сгорела 9 марта 1934 года.\nТремя днями ранее её чинили.", "1934-03-06"),
        ("uk", "Млин згорів 9 березня 1934 року.\nТого ж дня пішов дощ.", "1934-03-09"),
        ("uk", "Млин згорів 9 березня 1934 року.\nНаступного дня пішов дощ.", "1934-03-10"),
        ("kk", "Диірмен 1934 жылғы 9 наурызда өртенді.\nСол күні жаңбыр жауды.", "1934-03-09"),
    ],
)
def test_counted_from_the_day_last_spoken_of(language: str, text: str, value: str) -> None:
    mention = told(text, language)[-1]
    assert mention.value == value
    assert mention.anchor == "day last spoken of"


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "The king met them on Monday.", "2024-04-01"),
        ("en", "The talks are set to resume Monday.", "2024-04-08"),
        ("en", "The choir is to resume on Monday.", "2024-04-08"),
        ("en", "The bakers were planning a picnic for Monday.", "2024-04-08"),
        ("en", "The offer had been due to end Monday.", "2024-04-01"),
        ("en", "Neither baker could be reached Monday.", "2024-04-01"),
        ("en", "A deal could be signed on Monday.", "2024-04-08"),
        ("en", "They said they would look for a way around Monday's ruling.", "2024-04-01"),
        ("en", "The boat has been on the lake since March and was scheduled to leave.", "2024-03"),
        ("en", "She will be named captain in December.", "2024-12"),
        ("en", "She was named captain in December.", "2023-12"),
        ("en", "They may leave as early as Tuesday.", "2024-04-09"),
        ("en", "They must leave until Tuesday.", "2024-04-09"),
        ("ru", "В субботу поезд опоздал.", "2024-03-30"),
        ("ru", "В субботу поезд опоздает.", "2024-04-06"),
        ("ru", "Каток откроют в декабре.", "2024-12"),
        ("uk", "У суботу поїзд приїде вчасно.", "2024-04-06"),
        ("kk", "Пойыз сенбіде келеді.", "2024-04-06"),
        ("kk", "Пойыз сенбіде келді.", "2024-03-30"),
        ("kk", "Көрме желтоқсанда ашылады.", "2024-12"),
        ("kk", "Көрме желтоқсанда жарияланды.", "2023-12"),
    ],
)
def test_tense_decides(language: str, text: str, value: str) -> None:
    assert values(text, language)[-1] == value


def test_a_year_earlier_beside_a_quarter_is_that_quarter() -> None:
    text = (
        "Honey sales rose in the first quarter of 2024.\nA year earlier they fell.\n"
        "The year-ago quarter was dry."
    )
    assert values(text) == ["2024-Q1", "2023-Q1", "2023-Q1"]
    assert values("In the latest quarter it rained.") == ["2024-Q1"]


def test_before_our_era_has_no_interval() -> None:
    found = told("The wall fell in 217 BC.\nIn May it was built up.")
    assert [m.value for m in found] == ["BC0217", "BC0217-05"]
    assert all(m.lower is None and m.upper is None for m in found)


def test_part_of_the_day_alone_needs_a_day_told_of() -> None:
    assert values("Вечером пели.", "ru") == []
    text = (
        "Хор собрали 3 мая 1911 года.\nПел он 5 мая 1911 года.\nСнова пел 7 мая 1911 года.\n"
        "Вечером разошлись."
    )
    assert values(text, "ru")[-1] == "1911-05-07TEV"


def test_day_of_the_month_told_of() -> None:
    assert values("The lake froze on 10 October 1920.\nOn the 13th it thawed.") == [
        "1920-10-10",
        "1920-10-13",
    ]


def test_the_same_period_last_year_is_the_quarter_spoken_of() -> None:
    text = "The bakery grew in the third quarter of 2023.\nIn the same period last year it lost money."
    assert values(text)[-1] == "2022-Q3"
    assert values("In the same period last year it rained.") == ["2023"]


def test_an_hour_later_needs_an_hour_to_count_from() -> None:
    assert values("The mill burned on 9 March 1934.\nAn hour later it rained.")[-1] == "PT1H"
    assert (
        values("The mill burned at 3 pm on 9 March 1934.\nAn hour later it rained.")[-1] == "1934-03-09T16:00"
    )


# --- the zone of the document ------------------------------------------------------------------

#: Still 4 April in UTC, 5 April in Almaty.
LATE = datetime(2024, 4, 4, 21, 30, tzinfo=UTC)


def read_in(zone: str, text: str, language: str = "en") -> TimeMention:
    (mention,) = find_times("d", text, [(0, len(text), language)], LATE, zone)
    return mention


@pytest.mark.parametrize(
    ("zone", "value"), [("UTC", "2024-04-04"), ("Asia/Almaty", "2024-04-05"), ("Europe/Kyiv", "2024-04-05")]
)
def test_today_is_the_day_of_the_zone(zone: str, value: str) -> None:
    mention = read_in(zone, "The fair opens today.")
    assert mention.value == value
    assert mention.lower == datetime.fromisoformat(value).replace(tzinfo=UTC)


def test_a_clock_time_without_a_zone_is_of_the_documents() -> None:
    mention = read_in("Asia/Almaty", "The fair opens today at 10:00.")
    assert mention.value == "2024-04-05T10:00"
    assert mention.lower == datetime(2024, 4, 5, 5, tzinfo=UTC)
    assert mention.reasons[-1] == "no zone stated; read as Asia/Almaty"
    assert read_in("UTC", "The fair opens today at 10:00.").reasons[-1] == "no zone stated; read as UTC"


def test_a_zone_that_is_stated_stays() -> None:
    mention = read_in("Asia/Almaty", "The fair opens today at 10:00 MSK.")
    assert mention.lower == datetime(2024, 4, 5, 7, tzinfo=UTC)
    assert "moved to UTC from UTC+3" in mention.reasons
    assert read_in("Europe/Moscow", "Dated 2024-04-04T10:00Z.").lower == datetime(2024, 4, 4, 10, tzinfo=UTC)


def test_lengths_are_counted_from_the_moment_of_publication() -> None:
    for zone in ("UTC", "Asia/Almaty"):
        mention = read_in(zone, "They have 10 days left to finish.")
        assert (mention.lower, mention.upper) == (LATE, datetime(2024, 4, 14, 21, 30, tzinfo=UTC))
        assert read_in(zone, "It rained two hours ago.").lower == datetime(2024, 4, 4, 19, 30, tzinfo=UTC)
