"""Which column of a table means what: a user's mapping, or well-known names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tocsin.errors import FileInputError, InputError, MalformedFileError, MissingTextError
from tocsin.read.drafts import Draft, join_pieces

__all__ = ["Columns", "columns_of", "draft_of", "knows_text", "lookup", "normal"]

#: Field: well-known names of its column, best first; compared after ``normal``.
_NAMES = """
text: text full_text fulltext tweet_text post_text message_text article_text body content content_text
    message cleaned_message maintext main_text selftext caption post tweet article sentence текст
    сообщение содержание текст_сообщения повідомлення зміст мәтін
time: unix_timestamp published published_at publication_date publish_date date_published pub_date
    pubdate publishedat date_unixtime created_at createdat created_utc datetime date timestamp time
    posted_at post_date created date_time tweet_time дата дата_публикации дата_публікації время час
    күні
title: title headline subject заголовок название назва тақырып
channel: channel channel_name chat source outlet sitename site_name publisher newspaper site username
    screen_name user_screen_name author_username account domain канал источник издание джерело
    видання арна
channel_id: channel_id chat_id userid user_id account_id
id: id message_id post_id tweet_id tweetid article_id item_id document_id doc_id id_str
url: url link permalink canonical_url article_url post_url ссылка посилання сілтеме
language: language lang tweet_language язык мова тіл
author: author byline author_name creator автор
forwarded_from: forwarded_from forward_from fwd_from author_forwarded_from_name
reply_to: reply_to reply_to_message_id in_reply_to in_reply_to_id in_reply_to_tweetid
edited: edited edited_at edit_date updated_at modified date_modified unix_timestamp_edited
media: media media_names attachment attachments attachment_filename file_name
"""
_KNOWN = {
    field: names.split()
    for field, names in re.findall(r"^(\w+): ((?:[^:]|\n)+)(?=\n\w+:|\n\Z)", _NAMES, re.MULTILINE)
}
_SEPARATORS = re.compile(r"[\s\-]+")
_PARTS = re.compile(r"[;|\n]+")
_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Columns:
    """Canonical field → column, for one file."""

    fields: Mapping[str, str]

    def names(self) -> list[str]:
        """The columns used, each once, in a fixed order."""
        return list(dict.fromkeys(self.fields.values()))


def normal(name: str) -> str:
    """A column's name for comparison: ``"Published At"`` and ``published-at`` are ``published_at``."""
    return _SEPARATORS.sub("_", name.strip().strip("\ufeff\"'").casefold())


def knows_text(names: Iterable[str]) -> bool:
    """Whether one of the names is a well-known name of a text column."""
    return any(normal(name) in _KNOWN["text"] for name in names)


def columns_of(names: Iterable[str], mapping: Mapping[str, str]) -> Columns:
    """What the columns ``names`` mean. A mapping rules alone for the fields it names; the rest is guessed.

    Raises MalformedFileError if the mapping names a column that is not there, MissingTextError if no column,
    or no single one, can be the text.
    """
    present = [name for name in names if name]
    fields: dict[str, str] = {}
    for field, column in mapping.items():
        found = column if column in present or _nested(column, present) else None
        if found is None:
            raise _no_column(f"--map {field}={column}: there is no column {column!r}", present)
        fields[field] = found
    taken = set(fields.values())
    by_name: dict[str, list[str]] = {}
    for name in present:
        by_name.setdefault(normal(name), []).append(name)
    for field, known in _KNOWN.items():
        if field in fields:
            continue
        matches = next((by_name[name] for name in known if name in by_name), [])
        if field == "text" and len(matches) > 1:
            raise _no_text(f"more than one column may be the text: {_list(matches)}", matches)
        if matches and matches[0] not in taken:
            fields[field] = matches[0]
            taken.add(matches[0])
    if "text" not in fields:
        raise _no_text("no column is known to hold the text", present)
    # A post published by an account has no other channel than that account.
    if "channel" not in fields and "author" in fields and "author" not in mapping:
        fields["channel"] = fields.pop("author")
    return Columns(fields)


def _nested(column: str, present: list[str]) -> bool:
    return "." in column and column.split(".", 1)[0] in present


def _list(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return (
        ", ".join(name if len(name) <= 40 else name[:39] + "…" for name in names[:_SHOWN]) or "none"
    ) + more


def _no_column(cause: str, present: list[str]) -> FileInputError:
    return MalformedFileError(cause, remedy=f"The columns are: {_list(present)}")


def _no_text(cause: str, present: list[str]) -> InputError:
    return MissingTextError(
        cause, remedy=f"Say which with --map text=COLUMN; the columns are: {_list(present)}"
    )


def lookup(record: Mapping[str, object], column: str) -> object:
    """The value of a column; ``user.name`` reaches into nested objects where no column has that name."""
    if column in record or "." not in column:
        return record.get(column)
    value: object = record
    for part in column.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def draft_of(record: Mapping[str, object], columns: Columns) -> Draft:
    """The draft of one row or object."""
    got = {field: lookup(record, column) for field, column in columns.fields.items()}
    media = got.get("media")
    names = _PARTS.split(media) if isinstance(media, str) else media if isinstance(media, list) else []
    return Draft(
        join_pieces(got["text"]),
        "table",
        title=got.get("title"),
        channel=_name(got.get("channel")),
        channel_id=got.get("channel_id"),
        native_id=got.get("id"),
        published=got.get("time"),
        edited=got.get("edited"),
        url=got.get("url"),
        language=got.get("language"),
        author=_name(got.get("author")),
        forwarded_from=_name(got.get("forwarded_from")),
        reply_to=got.get("reply_to"),
        media=tuple(names),
    )


def _name(value: object) -> object:
    """The name of a nested account or author, as JSON from web services has it."""
    if isinstance(value, list):
        named = [text for text in map(_name, value) if isinstance(text, str)]
        return ", ".join(named) or None
    if isinstance(value, dict):
        return next(
            (value[key] for key in ("name", "title", "username", "screen_name") if key in value), None
        )
    return value
