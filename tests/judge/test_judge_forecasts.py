from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judge_helpers import facts, words

from tocsin.judge.forecasts import forecasts_of
from tocsin.model import CanTest


def only(text: str, **options: object):
    own = facts(text, **options)
    (row,) = forecasts_of(own)
    return own, row


def last_day(row) -> date | None:
    return (row.due - timedelta(microseconds=1)).date() if row.due else None


@pytest.mark.parametrize(
    ("text", "event", "horizon", "day"),
    [
        (
            "Captain Moss said that the mill would be opened by Friday.",
            "the mill would be opened",
            "by Friday",
            date(2026, 3, 13),
        ),
        (
            "Мэр Кит сообщил, что мельницу откроют до пятницы.",
            "мельницу откроют",
            "до пятницы",
            date(2026, 3, 13),
        ),
        (
            "Пожарные обещают проверить мельницу за двое суток.",
            "проверить мельницу",
            "за двое суток",
            date(2026, 3, 13),
        ),
        ("The mill will open soon, millers say.", "The mill will open", "soon", None),
        (
            "The mill will be closed before April 15.",
            "The mill will be closed",
            "before April 15",
            date(2026, 4, 14),
        ),
    ],
)
def test_event_horizon_and_last_day(text: str, event: str, horizon: str, day: date | None) -> None:
    own, row = only(text)
    assert (words(own, row.event), words(own, row.horizon), last_day(row)) == (event, horizon, day)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        # Published on Wednesday, 11 March 2026, at noon.
        ("Курс дуката на сегодняшний вечер составляет 104 кроны.", False),
        ("Главные события на 11 марта.", False),
        ("По состоянию на февраль 2026 года в гавани 40 фонарей.", False),
        ("Курс дуката сегодня вечером упадёт.", True),
        ("Спуск лодки назначен на сегодняшний вечер.", True),
        ("Третий класс опасности до пятницы.", True),
    ],
)
def test_a_date_alone_foretells_nothing_if_it_is_todays_or_past(text: str, kept: bool) -> None:
    assert bool(forecasts_of(facts(text))) == kept


def test_alternatives_run_from_the_first_to_the_last() -> None:
    _, row = only("The flood may come today, tomorrow, or in three days.")
    assert last_day(row) == date(2026, 3, 14)
    assert row.testable == CanTest.YES


def test_a_sentence_that_only_says_when_takes_the_event_before_it() -> None:
    own = facts("The geese could attack the mill. It may be today, tomorrow, or in three days.")
    _, second = forecasts_of(own)
    assert words(own, second.event) == "The geese could attack the mill … It may be"
    assert (last_day(second), second.testable) == (date(2026, 3, 14), CanTest.YES)
    _, alone = only("It may be today, tomorrow, or in three days.")
    assert alone.testable == CanTest.NO


def test_a_weekday_lies_ahead_of_what_is_foretold() -> None:
    _, row = only("The fair opens on Saturday at the old mill.")
    assert last_day(row) == date(2026, 3, 14)


def test_without_a_date_a_deadline_cannot_be_dated() -> None:
    _, row = only("The geese will be back in ten days.", published=None)
    assert row.due is None
    assert row.testable == CanTest.UNDATED


def test_the_whole_chain_warns() -> None:
    _, row = only(
        "According to the mayor Ida Brock, sources in the guard say that the bridge will fall on Friday."
    )
    assert len(row.warners) >= 1
    assert row.source_label == row.warners[-1]


def test_a_stated_figure_goes_before_words() -> None:
    own, row = only("There is a 30 percent chance that the balloon will land in the bay by Friday.")
    assert row.probability == pytest.approx(0.3)
    assert words(own, row.probability_words) == "30 percent"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Possible targets of the geese may include mills, barns and ponds.", CanTest.NO),
        ("The geese may attack the mill.", CanTest.NO),
        ("The geese will attack the mill.", CanTest.NO_DEADLINE),
        ("The geese will attack the mill on Friday.", CanTest.YES),
    ],
)
def test_what_can_be_tested(text: str, verdict: str) -> None:
    _, row = only(text)
    assert row.testable == verdict
    assert row.testable_reasons


def test_an_opinion_that_foretells_is_in_the_ledger() -> None:
    own = facts("In my opinion, these mills could become targets of the geese.")
    assert [c.kind for c in own.claims] == ["opinion"]
    assert len(forecasts_of(own)) == 1


def test_a_question_foretells_nothing() -> None:
    assert forecasts_of(facts("Why would the geese attack the mill on Friday?")) == []


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "will",
                "by Friday",
                "до пятницы",
                "“",
                "»",
                ",",
                "может",
                "soon",
                "the mill",
                "says",
                "обещал",
                "что",
                ".",
                "\n",
                "мүмкін",
            ]
        ),
        min_size=1,
        max_size=14,
    )
)
def test_no_text_breaks_it_and_every_span_quotes(parts: list[str]) -> None:
    own = facts(" ".join(parts))
    for row in forecasts_of(own):
        for spans in (row.event, row.horizon, row.concerned, row.probability_words):
            assert all(span.of(own.document.text).strip() for span in spans)
        assert row.due is None or row.opens is None or row.opens < row.due
