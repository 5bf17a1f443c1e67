from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

UNIX = 1_712_134_800  # 2024-04-03T09:00:00Z


def message(number: int, text: object = "The bakery opens at noon.", **more: object) -> dict[str, object]:
    return {
        "id": number,
        "type": "message",
        "date": "2024-04-03T14:00:00",
        "date_unixtime": str(UNIX + number),
        "from": "Bakery News",
        "from_id": "channel77",
        "text": text,
        **more,
    }


def chat(*messages: object, kind: str = "public_channel", name: str = "Bakery News") -> dict[str, object]:
    return {"name": name, "type": kind, "id": 77, "messages": list(messages)}


def dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def test_single_chat(reads):
    pieces = ["Пекарня откроется ", {"type": "bold", "text": "в полдень"}, ". ",
              {"type": "text_link", "text": "Подробнее", "href": "https://hidden.example/x"}]  # fmt: skip
    edited = message(
        2,
        "Наступного тижня буде ярмарок.",
        edited="2024-04-03T15:00:00",
        edited_unixtime=str(UNIX + 60),
        forwarded_from="Місто",
        forwarded_from_id="channel88",
        reply_to_message_id=1,
        photo="photos/photo_1.jpg",
        author="Editor",
    )
    service = {"id": 3, "type": "service", "date_unixtime": str(UNIX), "action": "pin_message", "text": ""}
    picture = message(4, "", photo="photos/photo_2.jpg")
    got = reads("result.json", dump(chat(message(1, pieces), edited, service, picture)))
    assert got.codes == []
    assert got.positions == ["messages[0]", "messages[1]"]
    assert [(s.position, s.reason) for s in got.skipped] == [
        ("messages[2]", "service message"),
        ("messages[3]", "no text"),
    ]
    first, second = got.posts
    assert first.text == "Пекарня откроется в полдень. Подробнее"
    assert (first.platform, first.channel, first.channel_id, first.native_id) == (
        "telegram", "Bakery News", "77", "1",
    )  # fmt: skip
    # date_unixtime, never the local time in ``date``.
    assert first.published == datetime(2024, 4, 3, 9, 0, 1, tzinfo=UTC)
    assert (first.published_basis, first.published_reason) == ("stated", None)
    assert second.edited == datetime(2024, 4, 3, 9, 1, tzinfo=UTC)
    assert (second.forwarded_from, second.forwarded_from_id, second.reply_to) == ("Місто", "88", "1")
    assert second.media == ("photos/photo_1.jpg",)
    assert second.author == "Editor"


def test_media_placeholder_is_no_name(reads):
    absent = "(File not included. Change data exporting settings to download.)"
    post = reads("r.json", dump(chat(message(1, file=absent, file_name="map.pdf")))).one()
    assert post.media == ("map.pdf",)


def test_without_unix_time_local_time_is_inferred(reads):
    old = message(1)
    del old["date_unixtime"]
    post = reads("result.json", dump(chat(old))).one()
    assert post.published == datetime(2024, 4, 3, 14, tzinfo=UTC)
    assert post.published_basis == "inferred"
    assert "local time of the exporting computer, taken as UTC" in post.published_reason


def test_account_export_leaves_private_chats_alone(reads):
    kinds = ["public_channel", "personal_chat", "private_group", "saved_messages", "bot_chat",
             "private_supergroup", "public_supergroup", "private_channel", "something_new"]  # fmt: skip
    chats = [chat(message(1, f"word of {kind}"), kind=kind, name=kind) for kind in kinds]
    account = {
        "about": "Here is the data you requested.",
        "personal_information": {"user_id": 1, "bio": "[{"},
        "contacts": {"list": [{"first_name": "A"}]},
        "chats": {"about": "…", "list": chats[:5]},
        "left_chats": {"about": "…", "list": chats[5:]},
    }
    got = reads("result.json", dump(account))
    assert got.codes == []
    assert got.positions == [
        "chats[0].messages[0]",
        "left_chats[1].messages[0]",
        "left_chats[2].messages[0]",
    ]
    assert [(s.position, s.reason) for s in got.skipped] == [
        *((f"chats[{i}]", "private chat") for i in range(1, 5)),
        ("left_chats[0]", "private chat"),
        ("left_chats[3]", "private chat"),
    ]


@pytest.mark.parametrize(
    ("kind", "count", "author"),
    [
        ("personal_chat", 0, None),
        ("bot_chat", 0, None),
        ("saved_messages", 0, None),
        ("private_group", 1, None),  # the user exported this one; members' names stay out
        ("public_supergroup", 1, "Bakery News"),
    ],
)
def test_single_chat_of_each_kind(reads, kind, count, author):
    got = reads("result.json", dump(chat(message(1), kind=kind)))
    assert got.codes == []
    assert len(got.posts) == count
    assert [s.reason for s in got.skipped] == ([] if count else ["private chat"])
    assert all(post.author == author for post in got.posts)


def test_chat_whose_type_comes_late_is_refused(reads):
    late = dict(sorted(chat(message(1), kind="personal_chat").items(), key=lambda item: item[0] == "type"))
    got = reads("result.json", dump(late))
    assert got.posts == []
    assert "may be private" in got.one_fault("malformed-file", position="messages")


def test_truncated_keeps_what_came_before(reads):
    whole = dump(chat(*(message(i, f"note {i}") for i in range(10))))
    got = reads("result.json", whole[: whole.index("note 7") + 3])
    assert got.texts == [f"note {i}" for i in range(7)]
    assert "ends in the middle" in got.one_fault("truncated-file", position="messages[7]")


def test_broken_message_costs_one_message(reads):
    whole = dump(chat(*(message(i, f"note {i}") for i in range(5))))
    got = reads("result.json", whole.replace('"note 2"', '"note 2'))
    assert got.texts == ["note 0", "note 1", "note 3", "note 4"]
    assert "invalid JSON" in got.one_fault("malformed-record", position="messages[2]")


def test_missing_brace_costs_one_message(reads):
    text = json.dumps(chat(*(message(i, f"note {i}") for i in range(5)))).replace('"note 2"}', '"note 2"')
    got = reads("result.json", text)
    assert got.texts == ["note 0", "note 1", "note 3", "note 4"]
    assert len(got.faults) == 1


def test_array_format(reads):
    rows = [
        {"message_id": 5, "sender_id": -1001000724666, "text": "Жаңа кітапхана ашылды.",
         "date": "2024-12-04T09:00:28+03:00", "channel": "Кітап", "category": "x"},
        {"message_id": 6, "sender_id": -1001000724666, "text": None, "date": None, "channel": "Кітап"},
        {"message_id": 7, "sender_id": -1001000724666, "date": None, "channel": "Кітап"},
        "no object",
        {"message_id": 8, "sender_id": 12, "text": "Undated.", "date": None, "channel": ""},
    ]  # fmt: skip
    got = reads("1001000724666_messages.json", json.dumps(rows))
    assert got.positions == ["[0]", "[4]"]
    first, last = got.posts
    assert (first.text, first.channel, first.channel_id, first.native_id) == (
        "Жаңа кітапхана ашылды.", "Кітап", "1000724666", "5",
    )  # fmt: skip
    assert first.published == datetime(2024, 12, 4, 6, 0, 28, tzinfo=UTC)
    assert (last.published, last.published_basis, last.channel) == (None, "unknown", None)
    assert got.codes == ["missing-text", "malformed-record"]
    assert [s.reason for s in got.skipped] == ["no text"]


def test_channel_ids_agree_between_formats(reads):
    desktop = reads("a.json", dump({**chat(message(1)), "id": 1000724666})).one()
    row = {"message_id": 1, "sender_id": -1001000724666, "text": "x", "date": None, "channel": "B"}
    assert reads("b.json", json.dumps([row])).one().channel_id == desktop.channel_id
