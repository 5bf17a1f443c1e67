"""4CAT exports: the CSV of any of its data sources, and the NDJSON of its Telegram source.

Columns and shapes follow ``map_item`` and ``serialize_obj`` of ``datasources/telegram/search_telegram.py`` in
the repository digitalmethodsinitiative/4cat, versions of 2022 and 2024. ``timestamp`` there is the local time
of the 4CAT server; ``unix_timestamp`` is the truth.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from tocsin.errors import EmptyFileError, MalformedRecordError, MissingTextError
from tocsin.model import DateBasis
from tocsin.read.dates import is_missing
from tocsin.read.delimited import Delimited, dialect_of
from tocsin.read.drafts import Draft, finish, optional
from tocsin.read.events import Context, Result, Skipped
from tocsin.read.records import json_lines
from tocsin.read.shape import shape_of
from tocsin.read.telegram import channel_id_of
from tocsin.read.text import TextSource

__all__ = ["FourcatCsvReader", "FourcatNdjsonReader"]

_TEXT_COLUMNS = ("body", "text", "message")
_URL_COLUMNS = ("url", "post_url", "tweet_url", "link")
_SERVER_TIME = "local time of the 4CAT server, taken as UTC"


def _is_mapped(columns: Mapping[str, object] | frozenset[str]) -> bool:
    needed = "id" in columns and "thread_id" in columns
    timed = "unix_timestamp" in columns or "timestamp" in columns
    return needed and timed and any(name in columns for name in _TEXT_COLUMNS)


class FourcatCsvReader:
    """4CAT's CSV."""

    name = "4cat-csv"
    help = "4CAT export as CSV (Telegram and other sources)"
    extensions = (".csv",)
    binary = False

    def sniff(self, head: bytes, name: str) -> float:
        del name
        text = head.decode("utf-8", "replace").lstrip("\ufeff")
        if "thread_id" not in text[:4096] or text.lstrip().startswith(("{", "[", "<")):
            return 0.0
        return 0.95 if _is_mapped(frozenset(dialect_of(text).header)) else 0.0

    def read(self, stream: BinaryIO, context: Context) -> Iterator[Result]:
        """Posts in the file's order, at ``row 12`` (the header is row 1)."""
        table = Delimited(TextSource(stream), context)
        if not _is_mapped(frozenset(table.header)):
            raise MissingTextError(
                "it is no 4CAT table: id, thread_id, timestamp or body is missing", remedy="Try --format csv"
            )
        number = 0
        for row in table.rows():
            number += 1
            if row.error is not None:
                yield context.place(row.error, row.position)
            elif len(row.cells) < len(table.header) // 2:
                cause = f"the row has only {len(row.cells)} of {len(table.header)} cells"
                yield context.fault(MalformedRecordError, cause, row.position)
            else:
                yield from finish(_mapped_draft(row.cells), row.position, context)
        if not number:
            raise EmptyFileError("the table has a header and no rows")


class FourcatNdjsonReader:
    """4CAT's NDJSON: flat items, or Telethon's messages as 4CAT stores them."""

    name = "4cat-ndjson"
    help = "4CAT Telegram export as NDJSON"
    extensions = (".ndjson", ".jsonl")
    binary = False

    def sniff(self, head: bytes, name: str) -> float:
        del name
        shape = shape_of(head)
        if shape.kind not in {"lines", "object", "open"}:
            return 0.0
        keys = shape.keys or frozenset(shape.top)
        raw = "_chat" in keys and ("message" in keys or "_type" in keys)
        return 0.95 if raw or (_is_mapped(keys) and "unix_timestamp" in keys) else 0.0

    def read(self, stream: BinaryIO, context: Context) -> Iterator[Result]:
        """Posts in the file's order, at ``line 34``."""
        number = 0
        for position, value, error in json_lines(stream, context):
            number += 1
            if error is not None:
                yield context.place(error, position)
            elif not isinstance(value, dict):
                yield context.fault(MalformedRecordError, "the line is no JSON object", position)
            elif isinstance(value.get("_chat"), dict):
                yield from _raw(value, position, context)
            elif any(name in value for name in _TEXT_COLUMNS):
                yield from finish(_mapped_draft(value), position, context)
            else:
                yield context.fault(MissingTextError, "the record has no 'body' and no 'message'", position)
        if not number:
            raise EmptyFileError("the file holds no records")


def _mapped_draft(row: Mapping[str, object]) -> Draft:
    get = row.get
    telegram = "chat" in row or "author_forwarded_from_name" in row
    text = next((row[name] for name in _TEXT_COLUMNS if name in row), None)
    chat, native = optional(get("chat")), optional(get("id"))
    if telegram:
        chat = chat or optional(get("thread_id"))
        # Since 2023 the id is "chat-123".
        if chat and native:
            native = native.removeprefix(f"{chat}-")
    author = optional(get("author_name")) or optional(get("author_username"))
    if not telegram:
        author = author or optional(get("author"))
    url = next((row[name] for name in _URL_COLUMNS if not is_missing(get(name))), None)
    if telegram and chat and native and not chat.lstrip("-").isdecimal():
        url = f"https://t.me/{chat}/{native}"
    draft = Draft(
        text,
        "telegram" if telegram else "table",
        title=get("subject"),
        channel=chat or author,
        native_id=native,
        url=url,
        author=author if author != chat and chat else None,
        language=get("language"),
        forwarded_from=optional(get("author_forwarded_from_name")) or get("author_forwarded_from_username"),
        forwarded_from_id=channel_id_of(optional(get("author_forwarded_from_id"))),
        reply_to=get("reply_to"),
        media=(get("attachment_filename"),),
    )
    if is_missing(get("unix_timestamp")):
        draft.published, draft.basis, draft.reason = get("timestamp"), DateBasis.INFERRED, _SERVER_TIME
        draft.edited = get("timestamp_edited")
    else:
        draft.published, draft.edited, draft.unix = get("unix_timestamp"), get("unix_timestamp_edited"), True
    return draft


def _raw(message: dict[str, object], position: str, context: Context) -> Iterator[Result]:
    chat = _dict(message.get("_chat"))
    if chat.get("_type") == "User":
        yield Skipped(context.file, position, "private chat")
    elif message.get("action") or message.get("_type") == "MessageService":
        yield Skipped(context.file, position, "service message")
    else:
        yield from finish(_raw_draft(message, chat), position, context)


def _raw_draft(message: dict[str, object], chat: dict[str, object]) -> Draft:
    get = message.get
    username = optional(chat.get("username"))
    native = optional(get("id"))
    sender = _dict(get("_sender"))
    names = (optional(sender.get("first_name")), optional(sender.get("last_name")))
    author = " ".join(name for name in names if name) or optional(sender.get("username"))
    name, source = _forward(message)
    reply = _dict(get("reply_to")).get("reply_to_msg_id", get("reply_to_msg_id"))
    return Draft(
        get("message"),
        "telegram",
        channel=optional(chat.get("title")) or username,
        channel_id=channel_id_of(chat.get("id")),
        native_id=native,
        published=get("date"),
        unix=not isinstance(get("date"), str),
        edited=get("edit_date"),
        url=f"https://t.me/{username}/{native}" if username and native else None,
        author=get("post_author") or (author if author != username else None),
        forwarded_from=name,
        forwarded_from_id=source,
        reply_to=reply,
        media=tuple(_files(_dict(get("media")))),
    )


def _forward(message: dict[str, object]) -> tuple[str | None, str | None]:
    """Display name and id of a forward's source, from the several places Telethon puts them."""
    forward = _dict(message.get("fwd_from"))
    if not forward:
        return None, None
    source = _dict(forward.get("from_id"))
    chat = _dict(_dict(message.get("_forward")).get("_chat"))
    user = _dict(source.get("user"))
    chats = source.get("chats")
    resolved = [entry for entry in chats if isinstance(entry, dict)] if isinstance(chats, list) else []
    candidates = [chat.get("title"), forward.get("from_name"), source.get("from_name")]
    candidates += [entry.get("title") or entry.get("username") for entry in resolved[:1]]
    candidates += [user.get("first_name"), user.get("username"), chat.get("username")]
    name = next((text for text in map(optional, candidates) if text), None)
    if source.get("channel_id") is not None:
        return name, channel_id_of(source["channel_id"])
    user_id = optional(source.get("user_id"))
    return name, f"user{user_id}" if user_id else None


def _files(media: dict[str, object]) -> Iterator[object]:
    attributes = _dict(media.get("document")).get("attributes")
    if isinstance(attributes, list):
        for attribute in attributes:
            if isinstance(attribute, dict):
                yield attribute.get("file_name")


def _dict(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}
