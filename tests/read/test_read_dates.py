from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import BadDateOptionError
from tocsin.read import parse_date_option
from tocsin.read.dates import DATE_ONLY, NO_ZONE, DateError, date_in_name, is_missing, parse_moment
from tocsin.settings import Settings

SETTINGS = Settings()
NINE = datetime(2024, 4, 3, 9, tzinfo=UTC)
DAY = datetime(2024, 4, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "when", "reason"),
    [
        ("2024-04-03T09:00:00Z", NINE, None),
        ("2024-04-03T12:00:00+03:00", NINE, None),
        ("2024-04-03 12:00:00 +0300", NINE, None),
        ("2024-04-03 09:00:00 UTC", NINE, None),
        ("2024-04-03T09:00:00.000000", NINE, NO_ZONE),
        ("2024-04-03 09:00", NINE, NO_ZONE),
        ("2024-04-03", DAY, DATE_ONLY),
        ("20240403", DAY, DATE_ONLY),
        (20240403, DAY, DATE_ONLY),
        (date(2024, 4, 3), DAY, DATE_ONLY),
        (1_712_134_800, NINE, None),
        ("1712134800", NINE, None),
        ("1712134800.0", NINE, None),
        (1_712_134_800_000, NINE, None),
        (1_712_134_800_000_000, NINE, None),
        (1_712_134_800_000_000_000, NINE, None),
        ("Wed, 03 Apr 2024 12:00:00 +0300", NINE, None),
        ("3 Apr 2024 09:00:00 GMT", NINE, None),
        ("Wed Apr 03 09:00:00 +0000 2024", NINE, None),
        ("April 3, 2024 9:00 AM", NINE, NO_ZONE),
        ("03.04.2024 09:00", NINE, NO_ZONE),
        ("03.04.2024", DAY, DATE_ONLY),
        ("2024/04/03", DAY, DATE_ONLY),
        ("04/30/2024", datetime(2024, 4, 30, tzinfo=UTC), DATE_ONLY),
        ("6/25/2015 20:52", datetime(2015, 6, 25, 20, 52, tzinfo=UTC), NO_ZONE),
        (datetime(2024, 4, 3, 9), NINE, NO_ZONE),
        (datetime(2024, 4, 3, 11, tzinfo=timezone(timedelta(hours=2))), NINE, None),
        (-86400 * 365, datetime(1969, 1, 1, tzinfo=UTC), None),
    ],
)
def test_parse(value, when, reason):
    moment = parse_moment(value, SETTINGS)
    assert (moment.when, moment.reason) == (when, reason)
    assert moment.when.utcoffset() == timedelta(0)


BAD = [
    "0000-01-01", "0000-04-03T09:00:00Z", "9999-12-31", "9999-12-31T23:59:59-05:00", "1500-01-01",
    "2200-01-01", "2024-13-01", "2024-02-30", "yesterday", "03/04/2024", "2024", 2024, 0, "0", 10**30,
    "9" * 5000, -(10**19), float("inf"), True, {"a": 1}, 10**13 * 9, "12:30", "31.02.2024", "Foo 3, 2024",
]  # fmt: skip


@pytest.mark.parametrize("value", BAD, ids=lambda value: repr(value)[:20])
def test_refuse(value):
    with pytest.raises(DateError) as caught:
        parse_moment(value, SETTINGS)
    assert len(str(caught.value)) < 200


@given(
    st.one_of(
        st.text(max_size=40), st.integers(), st.floats(), st.datetimes(), st.dates(), st.binary(max_size=9)
    )
)
def test_never_anything_but_a_date_error(value):
    try:
        moment = parse_moment(value, SETTINGS)
    except DateError:
        return
    assert 1800 <= moment.when.year <= 2100


def test_unix_only():
    assert parse_moment("1712134800", SETTINGS, unix=True).when == NINE
    for bad in ("2024-04-03", "99999999999999999999", 1_712_134_800_000):
        with pytest.raises(DateError):
            parse_moment(bad, SETTINGS, unix=True)


@pytest.mark.parametrize("value", [None, "", " ", "nan", "NaT", "null", "None", float("nan")])
def test_missing(value):
    assert is_missing(value)


def test_bounds_are_settings():
    tight = Settings({"read.earliest_year": 2000, "read.latest_year": 2023})
    with pytest.raises(DateError, match="2000–2023"):
        parse_moment(1_712_134_800, tight)


@pytest.mark.parametrize("value", [item for item in BAD if type(item) in {str, int} and item not in {0, "0"}],
                         ids=lambda value: repr(value)[:20])  # fmt: skip
def test_bad_date_keeps_the_post(reads, value):
    got = reads(
        "a.json", json.dumps([{"text": "Kept", "date": value}, {"text": "Good", "date": "2024-04-03"}])
    )
    assert got.texts == ["Kept", "Good"]
    got.one_fault("bad-date", position="[0]", kept=True)
    assert (got.posts[0].published, got.posts[0].published_basis) == (None, "unknown")
    assert got.posts[1].published == DAY


def test_zero_is_reported(reads):
    got = reads("a.json", '[{"text": "Kept", "date": 0}]')
    assert "missing value" in got.one_fault("bad-date", position="[0]", kept=True)


def test_two_bad_dates_are_one_fault(reads):
    got = reads("a.json", '[{"text": "Kept", "date": "x", "edited": "y"}]')
    cause = got.one_fault("bad-date", position="[0]", kept=True)
    assert "'x'" in cause
    assert "'y'" in cause


def test_given_date_and_channel_fill_only_gaps(reads):
    content = '{"text": "a", "date": "2024-04-03T09:00:00Z", "channel": "Own"}\n{"text": "b"}\n'
    given = datetime(2020, 1, 1, tzinfo=UTC)
    own, gap = reads("a.jsonl", content, date=given, channel="Given").posts
    assert (own.published, own.published_basis, own.channel) == (NINE, "stated", "Own")
    assert (gap.published, gap.published_basis, gap.channel) == (given, "given", "Given")


def test_date_in_a_file_name(reads):
    post = reads("2024-04-03_title.txt", "Words.").one()
    assert (post.published, post.published_basis, post.published_reason) == (DAY, "inferred", "file name")
    # Said by the user, or by the document, it is not inferred.
    given = datetime(2020, 1, 1, tzinfo=UTC)
    assert reads("2024-04-03_b.txt", "Words.", date=given).one().published_basis == "given"
    assert reads("2024-04-03_c.md", "---\ndate: 2021-05-06\n---\nWords.").one().published_basis == "stated"
    # A table's name carries the day of export, not of publication.
    assert reads("2024-04-03_posts.jsonl", '{"text": "a"}\n').one().published is None


@pytest.mark.parametrize(
    ("name", "found"),
    [("20240403.txt", True), ("x-2024.04.03-y.txt", True), ("1202404031.txt", False),
     ("2024-02-31.txt", False), ("notes.txt", False), ("2024-0403.txt", False)],
)  # fmt: skip
def test_names(name, found):
    assert (date_in_name(name, SETTINGS) is not None) is found


def test_date_option():
    assert parse_date_option("2024-04-03T12:00+03:00") == NINE
    assert parse_date_option(" 2024-04-03 ") == DAY
    for bad in ("", "soon", "0000-01-01", "9999-01-01"):
        with pytest.raises(BadDateOptionError):
            parse_date_option(bad)
