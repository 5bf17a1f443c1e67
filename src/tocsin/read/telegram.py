"""Telegram: Desktop's ``result.json``, and per-channel arrays as collectors write them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from tocsin.errors import MalformedFileError, MalformedRecordError, MissingTextError
from tocsin.model import DateBasis
from tocsin.read.dates import is_missing
from tocsin.read.drafts import Draft, finish, join_pieces
from tocsin.read.events import Context, Result, Skipped
from tocsin.read.jsonscan import JsonScanner
from tocsin.read.shape import shape_of
from tocsin.read.text import TextSource

__all__ = ["TelegramDesktopReader", "TelegramJsonReader", "channel_id_of"]

#: Never read, not even alone: they are correspondence, not publications (promise 7 of the design).
_ALWAYS_PRIVATE = frozenset({"personal_chat", "bot_chat", "saved_messages", "replies", "verification_codes"})
#: Skipped in a whole-account export; read when the user exported that one chat, without members' names.
_PRIVATE_GROUPS = frozenset({"private_group", "private_supergroup"})
_PUBLIC = frozenset({"public_channel", "private_channel", "public_supergroup", "public_group"})
_CHAT_TYPES = _ALWAYS_PRIVATE | _PRIVATE_GROUPS | _PUBLIC

_SECTIONS = frozenset({"messages", "chats", "left_chats"})
_LOCAL_TIME = "local time of the exporting computer, taken as UTC"
_MARK = 10**12


def channel_id_of(value: object) -> str | None:
    """A channel's bare id: ``channel123``, ``-1000000000123`` and ``123`` are all ``123``.

    Ids of users and basic groups keep their prefix, since their numbers may equal a channel's.
    """
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = str(value).strip().removeprefix("channel")
    if text.startswith("-100") and text[1:].isdecimal() and len(text) > 13:
        return str(int(text[1:20]) - _MARK)
    return text or None


class TelegramDesktopReader:
    """Telegram Desktop's JSON export of one chat or of a whole account."""

    name = "telegram-desktop"
    help = "Telegram Desktop export (result.json): one chat, or a whole account without its private chats"
    extensions = (".json",)
    binary = False

    def sniff(self, head: bytes, name: str) -> float:
        del name
        shape = shape_of(head)
        if shape.kind not in {"object", "open", "lines"}:
            return 0.0
        top = shape.top or dict.fromkeys(shape.keys, "")
        if "messages" in top and (top.get("type") in _CHAT_TYPES or b'"date_unixtime"' in head):
            return 0.98
        account = {"personal_information", "chats", "left_chats", "frequent_contacts", "contacts"}
        if "about" in top and account & top.keys():
            return 0.97
        return 0.95 if top.get("chats") == "{" and b'"list"' in head else 0.0

    def read(self, stream: BinaryIO, context: Context) -> Iterator[Result]:
        """Posts in the file's order, at ``messages[12]`` or ``chats[3].messages[12]``."""
        scanner = JsonScanner(TextSource(stream), context.max_record, context.max_depth)
        if scanner.peek() != "{":
            raise MalformedFileError("it is no Telegram Desktop export: no JSON object")
        info: dict[str, object] = {}
        known = False
        for key in scanner.members():
            char = scanner.peek()
            known = known or (key in _SECTIONS and char in {"[", "{"})
            if key in {"chats", "left_chats"} and char == "{":
                yield from _account(scanner, key, context)
            elif key == "messages" and char == "[":
                yield from _messages(scanner, info, "", context)
            elif char and char in "[{":
                scanner.skip()
            else:
                info[key] = scanner.value()
        if not known:
            raise MalformedFileError("it is no Telegram Desktop export: it holds neither messages nor chats")


def _account(scanner: JsonScanner, section: str, context: Context) -> Iterator[Result]:
    for key in scanner.members():
        if key != "list" or scanner.peek() != "[":
            scanner.skip()
            continue
        for index in scanner.indexes():
            if scanner.peek() != "{":
                scanner.skip()
                continue
            yield from _chat(scanner, f"{section}[{index}]", context)


def _chat(scanner: JsonScanner, position: str, context: Context) -> Iterator[Result]:
    info: dict[str, object] = {}
    for key in scanner.members():
        char = scanner.peek()
        if key != "messages" or char != "[":
            if char and char in "[{":
                scanner.skip()
            else:
                info[key] = scanner.value()
        elif info.get("type") in _PUBLIC:
            yield from _messages(scanner, info, position + ".", context)
        else:
            # Also a chat whose type is not known, or comes after its messages: none is read on a guess.
            yield Skipped(
                context.file, position, "private chat" if "type" in info else "chat of unknown type"
            )
            scanner.skip()


def _messages(
    scanner: JsonScanner, info: Mapping[str, object], prefix: str, context: Context
) -> Iterator[Result]:
    kind = info.get("type")
    if kind in _ALWAYS_PRIVATE:
        yield Skipped(context.file, prefix, "private chat")
        scanner.skip()
        return
    if kind is None:
        scanner.skip()
        yield context.fault(
            MalformedFileError,
            "the chat's type does not stand before its messages, so it may be private",
            "messages",
            remedy="Export it again from Telegram Desktop",
        )
        return
    for element in scanner.elements():
        position = f"{prefix}messages[{element.index}]"
        message = element.value
        if element.error is not None:
            yield context.place(element.error, position)
        elif not isinstance(message, dict):
            yield context.fault(MalformedRecordError, "the message is no JSON object", position)
        elif message.get("type") == "service":
            yield Skipped(context.file, position, "service message")
        else:
            yield from finish(_desktop_draft(message, info), position, context)


def _desktop_draft(message: Mapping[str, object], info: Mapping[str, object]) -> Draft:
    get = message.get
    kind = info.get("type")
    author = get("author")
    if author is None and kind in {"public_supergroup", "public_group"}:
        author = get("from")
    draft = Draft(
        join_pieces(get("text")),
        "telegram",
        channel=info.get("name"),
        channel_id=channel_id_of(info.get("id")),
        native_id=get("id"),
        author=author,
        forwarded_from=get("forwarded_from"),
        forwarded_from_id=channel_id_of(get("forwarded_from_id")),
        reply_to=get("reply_to_message_id"),
        media=tuple(_media(message)),
    )
    # ``date`` is the local time of the computer that exported; ``date_unixtime`` is the truth. Exports before
    # 2022 lack it.
    if is_missing(get("date_unixtime")):
        draft.published, draft.basis, draft.reason = get("date"), DateBasis.INFERRED, _LOCAL_TIME
        draft.edited = get("edited")
    else:
        draft.published, draft.edited, draft.unix = get("date_unixtime"), get("edited_unixtime"), True
    return draft


def _media(message: Mapping[str, object]) -> Iterator[object]:
    for key in ("photo", "file", "file_name"):
        value = message.get(key)
        # "(File not included. Change data exporting settings to download.)" stands in for a name.
        if isinstance(value, str) and not value.startswith("("):
            if key == "file_name" and str(message.get("file", "")).endswith(value):
                continue
            yield value


class TelegramJsonReader:
    """An array of messages of one channel: ``message_id, sender_id, text, date, channel``."""

    name = "telegram-json"
    help = "JSON array of Telegram messages: message_id, sender_id, text, date, channel"
    extensions = (".json",)
    binary = False

    def sniff(self, head: bytes, name: str) -> float:
        del name
        shape = shape_of(head)
        if shape.kind != "array" or not {"message_id", "date"} <= shape.keys:
            return 0.0
        return 0.95 if shape.keys & {"channel", "sender_id"} and shape.keys & {"text", "message"} else 0.0

    def read(self, stream: BinaryIO, context: Context) -> Iterator[Result]:
        """Posts in the file's order, at ``[12]``."""
        scanner = JsonScanner(TextSource(stream), context.max_record, context.max_depth)
        if scanner.peek() != "[":
            raise MalformedFileError("it is no JSON array of messages")
        for element in scanner.elements():
            position = f"[{element.index}]"
            record = element.value
            if element.error is not None:
                yield context.place(element.error, position)
            elif not isinstance(record, dict):
                yield context.fault(MalformedRecordError, "the message is no JSON object", position)
            elif "text" not in record and "message" not in record:
                yield context.fault(
                    MissingTextError, "the message has no 'text'", position, remedy="Leave it out"
                )
            else:
                yield from finish(_array_draft(record), position, context)


def _array_draft(record: Mapping[str, object]) -> Draft:
    get = record.get
    return Draft(
        join_pieces(get("text") or get("message")),
        "telegram",
        channel=get("channel"),
        channel_id=channel_id_of(get("channel_id") or get("sender_id")),
        native_id=get("message_id"),
        published=get("date"),
        edited=get("edit_date"),
        url=get("url"),
        author=get("author"),
        forwarded_from=get("forwarded_from"),
        forwarded_from_id=channel_id_of(get("forwarded_from_id")),
        reply_to=get("reply_to"),
    )
