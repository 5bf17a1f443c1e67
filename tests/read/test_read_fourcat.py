from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

_COLUMNS = (
    "id,thread_id,chat,author,author_username,author_name,author_is_bot,body,reply_to,views,timestamp,"
    "unix_timestamp,timestamp_edited,unix_timestamp_edited,author_forwarded_from_name,"
    "author_forwarded_from_username,author_forwarded_from_id,attachment_type,attachment_data,attachment_filename"
)
COLUMNS = _COLUMNS.split(",")


def row(**values: object) -> dict[str, object]:
    base: dict[str, object] = dict.fromkeys(COLUMNS, "")
    base |= {
        "id": "teapots-12",
        "thread_id": "teapots",
        "chat": "teapots",
        "author": "555",
        "body": 'Чайник "Луна" подорожал,\nговорят в лавке.',
        "timestamp": "2024-04-03 12:00:00",
        "unix_timestamp": "1712134800",
    }
    return base | values


def table(*rows: dict[str, object]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def test_csv(reads):
    forwarded = row(
        id="13",
        body="Second",
        reply_to="12",
        unix_timestamp_edited="1712134860",
        author_forwarded_from_name="Kettle",
        author_forwarded_from_id="99",
        attachment_filename="teapots-13.jpeg",
    )
    got = reads("posts.csv", table(row(), forwarded))
    assert got.codes == []
    assert got.positions == ["row 2", "row 3"]
    first, second = got.posts
    assert first.text == 'Чайник "Луна" подорожал,\nговорят в лавке.'
    assert first.published == datetime(2024, 4, 3, 9, tzinfo=UTC)  # unix_timestamp, not timestamp
    assert (first.published_basis, first.published_reason, first.edited) == ("stated", None, None)
    assert (first.platform, first.channel, first.native_id) == ("telegram", "teapots", "12")
    assert first.url == "https://t.me/teapots/12"
    assert (first.forwarded_from, first.reply_to, first.media) == (None, None, ())
    assert second.edited == datetime(2024, 4, 3, 9, 1, tzinfo=UTC)
    assert (second.forwarded_from, second.forwarded_from_id, second.reply_to) == ("Kettle", "99", "12")
    assert second.media == ("teapots-13.jpeg",)


def test_csv_without_unix_time(reads):
    post = reads("posts.csv", table(row(unix_timestamp=""), row(body=""))).posts[0]
    assert post.published == datetime(2024, 4, 3, 12, tzinfo=UTC)
    assert post.published_basis == "inferred"
    assert "4CAT server" in post.published_reason


def test_csv_of_another_source(reads):
    text = (
        "id,thread_id,timestamp,unix_timestamp,author,subject,body\n"
        "9,1,2024-04-03 12:00:00,1712134800,mira,Ferry,New ferry.\n"
    )
    post = reads("board.csv", text).one()
    assert post.text == "Ferry\n\nNew ferry."
    assert (post.platform, post.channel, post.title, post.native_id) == ("table", "mira", "Ferry", "9")


RAW = {
    "_type": "Message",
    "id": 41,
    "message": "Музей часів відкрито.",
    "date": 1712134800.0,
    "edit_date": None,
    "views": 3,
    "action": None,
    "_chat": {"_type": "Channel", "id": 4242, "title": "Музей", "username": "muzei"},
    "_sender": None,
    "fwd_from": {"_type": "MessageFwdHeader", "date": 1712134000.0, "from_name": None,
                 "from_id": {"_type": "PeerChannel", "channel_id": 777}},
    "_forward": {"_chat": {"title": "Clock Guild"}},
    "reply_to": {"reply_to_msg_id": 40},
    "media": {"_type": "MessageMediaDocument",
              "document": {"mime_type": "application/pdf", "attributes": [{"file_name": "plan.pdf"}]}},
}  # fmt: skip


def test_ndjson_raw(reads):
    lines = [
        RAW,
        {**RAW, "id": 42, "action": {"_type": "MessageActionPinMessage"}},
        {**RAW, "id": 43, "_chat": {"_type": "User", "id": 1, "username": "someone"}},
    ]
    got = reads("t.ndjson", "".join(json.dumps(line) + "\n" for line in lines))
    assert got.codes == []
    post = got.posts[0]
    assert got.positions == ["line 1"]
    assert [s.reason for s in got.skipped] == ["service message", "private chat"]
    assert (post.channel, post.channel_id, post.native_id, post.url) == (
        "Музей", "4242", "41", "https://t.me/muzei/41",
    )  # fmt: skip
    assert post.published == datetime(2024, 4, 3, 9, tzinfo=UTC)
    assert (post.forwarded_from, post.forwarded_from_id, post.reply_to) == ("Clock Guild", "777", "40")
    assert post.media == ("plan.pdf",)


def test_ndjson_mapped(reads):
    got = reads(
        "t.ndjson", json.dumps(row()) + "\n" + json.dumps(row(id="13", unix_timestamp=1712134800)) + "\n"
    )
    assert got.codes == []
    assert [post.native_id for post in got.posts] == ["12", "13"]
    assert {post.published for post in got.posts} == {datetime(2024, 4, 3, 9, tzinfo=UTC)}


def test_ndjson_of_one_raw_message(reads):
    assert reads("t.ndjson", json.dumps(RAW)).one().channel == "Музей"


def test_forced_on_a_wrong_table(reads):
    got = reads("x.csv", "a,b\n1,2\n", format="4cat-csv")
    assert "no 4CAT table" in got.one_fault("missing-text")
