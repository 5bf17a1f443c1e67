"""Writers: what they write is the posts, and big exports are streamed."""

from __future__ import annotations

import csv
import json
import tracemalloc
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings

from tocsin.model import DateBasis, Post, document_from_post
from tocsin.testing.raw import telegram_records
from tocsin.testing.strategies import posts as nasty_posts
from tocsin.testing.worlds import make_world
from tocsin.testing.writers import (
    big_export,
    write_csv,
    write_jsonl,
    write_telegram_export,
    write_text_files,
)

WORLD = make_world(11, posts=120)


def _told(records):
    return {
        (r.channel, r.native_id, r.text, r.published, r.edited, r.forwarded_from, r.reply_to, r.media)
        for r in records
    }


def _telegram(path):
    return list(telegram_records("result.json", json.loads(path.read_text(encoding="utf-8"))))


def test_account_export_holds_the_posts(tmp_path):
    path = tmp_path / "result.json"
    write_telegram_export(WORLD.posts, path)
    records = _telegram(path)
    assert len(records) == 120
    assert _told(records) == _told(WORLD.posts)


def test_single_export_holds_one_chat(tmp_path):
    path = tmp_path / "result.json"
    one = [post for post in WORLD.posts if post.channel == WORLD.posts[0].channel]
    write_telegram_export(one, path, single=True)
    assert _told(_telegram(path)) == _told(one)
    assert json.loads(path.read_text(encoding="utf-8"))["name"] == one[0].channel
    with pytest.raises(ValueError, match="single chat"):
        write_telegram_export(WORLD.posts, path, single=True)
    write_telegram_export([], path, single=True)
    assert _telegram(path) == []


def test_what_telegram_cannot_hold_is_refused(tmp_path):
    for post in (Post("a", "telegram", native_id="1"), Post("a", "telegram", native_id="x")):
        with pytest.raises(ValueError, match=r"no date|message id"):
            write_telegram_export([post], tmp_path / "result.json")


@given(nasty_posts())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nasty_posts_survive_telegram_and_json_lines(tmp_path, post):
    path = tmp_path / "posts.jsonl"
    write_jsonl([post], path)
    (line,) = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    row = json.loads(line)
    assert row["text"] == post.text
    assert row.get("channel") == post.channel
    assert (post.published is None) == (post.published_basis == DateBasis.UNKNOWN)
    if post.published and post.native_id:
        write_telegram_export([post], path)
        (record,) = _telegram(path)
        assert record.text == post.text
        assert record.published == post.published.replace(microsecond=0)


@given(nasty_posts())
@settings(max_examples=50, deadline=None)
def test_nasty_posts_are_posts(post):
    assert post.text.strip()
    assert document_from_post(post) == document_from_post(post)


def test_csv_holds_the_posts(tmp_path):
    path = tmp_path / "posts.csv"
    write_csv(WORLD.posts, path)
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["text"] for row in rows] == [post.text for post in WORLD.posts]
    assert [datetime.fromisoformat(row["date"]) for row in rows] == [p.published for p in WORLD.posts]


def test_text_files_hold_the_posts(tmp_path):
    paths = write_text_files(WORLD.posts[:10], tmp_path / "texts")
    assert paths == tuple(sorted((tmp_path / "texts").iterdir()))
    for path, post in zip(paths, WORLD.posts[:10], strict=True):
        empty, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
        assert empty == ""
        assert f'channel: "{post.channel}"' in front
        assert body.strip() == post.text


def test_big_export_is_as_big_as_asked_and_streamed(tmp_path):
    path = tmp_path / "result.json"
    tracemalloc.start()
    try:
        count = big_export(path, 5_000_000, seed=5)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert 5_000_000 <= path.stat().st_size < 5_010_000
    assert peak < 15_000_000, peak
    records = _telegram(path)
    assert len(records) == count
    assert len({record.text for record in records}) == count
    assert [record.published for record in records] == sorted(record.published for record in records)


def test_big_export_depends_on_its_seed(tmp_path):
    paths = [tmp_path / name for name in "abc"]
    for path, seed in zip(paths, (1, 1, 2), strict=True):
        big_export(path, 10_000, seed)
    one, same, other = (path.read_bytes() for path in paths)
    assert one == same != other
