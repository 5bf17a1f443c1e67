"""Posts written out in the formats tocsin reads, for tests and benchmarks.

Every writer streams: memory does not grow with the number of posts (but for ``write_telegram_export`` of
several chats, which must bring each chat's posts together).
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import groupby, islice
from pathlib import Path
from typing import IO, Any

from tocsin.model import Post
from tocsin.testing.planting import stream

__all__ = ["big_export", "write_csv", "write_jsonl", "write_telegram_export", "write_text_files"]

#: Telegram Desktop writes ``date`` in the exporter's local time; only ``date_unixtime`` is a fact.
_EPOCH = datetime.fromtimestamp(0, UTC)
_LOCAL = timezone(timedelta(hours=5))
_ENTITY = re.compile(r"(https?://\S+|#\w+)")
_COLUMNS = ("id", "channel", "date", "title", "text", "url", "language", "author")
#: Different posts in a big export; more would only cost time.
_POOL = 2000


def write_telegram_export(posts: Iterable[Post], path: Path, single: bool = False) -> None:
    """A Telegram Desktop ``result.json``: a whole-account export, or one chat if ``single``.

    A single chat is written as it comes. Raises ValueError when a second channel turns up in it, or when a
    post has no numeric native id or no date, which the format cannot do without.
    """
    with path.open("w", encoding="utf-8") as out:
        if single:
            _write_chat(iter(posts), out)
            out.write("\n")
            return
        out.write('{\n "about": "An invented export.",\n "chats": {\n  "about": "",\n  "list": [\n')
        chats = groupby(sorted(posts, key=_channel), key=_channel)
        for index, (_, chat) in enumerate(chats):
            out.write(",\n" if index else "")
            _write_chat(chat, out)
        out.write("\n  ]\n }\n}\n")


def big_export(path: Path, size: int, seed: int = 0) -> int:
    """A single-chat export of ``size`` bytes or up to one message more; returns the messages in it.

    Memory stays small whatever the size. The texts repeat after some thousand messages, each made
    different from all others by a last line with its number.
    """
    pool = [planted.post for planted in islice(stream(seed, channels=4), _POOL)]
    start = pool[0].published or _EPOCH
    end = "\n ]\n}\n"
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as out:
        written = out.write(_chat_head(pool[0]))  # ASCII only, so characters are bytes
        while written + len(end) < size or not count:
            post = replace(pool[count % len(pool)], channel=pool[0].channel, channel_id=pool[0].channel_id)
            post = replace(post, published=start + timedelta(minutes=count))
            message = _message(post, count + 1, f"\n\n№ {count + 1}")
            line = (",\n" if count else "") + json.dumps(message, ensure_ascii=False)
            out.write(line)
            written += len(line.encode("utf-8"))
            count += 1
        out.write(end)
    return count


def write_csv(posts: Iterable[Post], path: Path) -> None:
    """A CSV with the columns id, channel, date (ISO 8601, UTC), title, text, url, language and author."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, _COLUMNS)
        writer.writeheader()
        writer.writerows(_row(post) for post in posts)


def write_jsonl(posts: Iterable[Post], path: Path) -> None:
    """JSON lines with the keys of ``write_csv``; a field that is unknown is left out."""
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for post in posts:
            known = {name: value for name, value in _row(post).items() if value is not None}
            out.write(json.dumps(known, ensure_ascii=False) + "\n")


def write_text_files(posts: Iterable[Post], folder: Path) -> tuple[Path, ...]:
    """One Markdown file a post, with its metadata as front matter; returns their paths in order."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for index, post in enumerate(posts):
        front = {k: v for k, v in _row(post).items() if v is not None and k not in {"id", "text"}}
        lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in front.items()]
        path = folder / f"{index:06d}.md"
        path.write_text("\n".join(["---", *lines, "---", "", post.text, ""]), encoding="utf-8", newline="\n")
        paths.append(path)
    return tuple(paths)


def _row(post: Post) -> dict[str, str | None]:
    return {
        "id": post.native_id,
        "channel": post.channel,
        "date": post.published.isoformat() if post.published else None,
        "title": post.title,
        "text": post.text,
        "url": post.url,
        "language": post.stated_language,
        "author": post.author,
    }


def _channel(post: Post) -> tuple[str, str]:
    return post.channel or "", post.channel_id or ""


def _chat_head(post: Post) -> str:
    name, number = json.dumps(post.channel or ""), int(post.channel_id or 0)
    return f'{{\n "name": {name},\n "type": "public_channel",\n "id": {number},\n "messages": [\n'


def _write_chat(posts: Iterator[Post], out: IO[str]) -> None:
    first = None
    for post in posts:
        if first is None:
            first = post
            out.write(_chat_head(post))
        elif _channel(post) != _channel(first):
            raise ValueError(f"a single chat cannot hold {_channel(first)} and {_channel(post)}")
        else:
            out.write(",\n")
        if post.native_id is None or not post.native_id.isdecimal():
            raise ValueError(f"not a message id: {post.native_id!r}")
        out.write(json.dumps(_message(post, int(post.native_id)), ensure_ascii=False))
    if first is None:
        out.write('{"name": "", "type": "public_channel", "id": 0, "messages": [')
    out.write("\n ]\n}")


def _stamps(name: str, moment: datetime) -> dict[str, str]:
    local = moment.astimezone(_LOCAL).strftime("%Y-%m-%dT%H:%M:%S")
    return {name: local, f"{name}_unixtime": str((moment - _EPOCH) // timedelta(seconds=1))}


def _message(post: Post, number: int, suffix: str = "") -> dict[str, Any]:
    if post.published is None:
        raise ValueError(f"message {number} has no date")
    message: dict[str, Any] = {"id": number, "type": "message"}
    message |= _stamps("date", post.published)
    if post.edited:
        message |= _stamps("edited", post.edited)
    message |= {"from": post.channel or "", "from_id": f"channel{post.channel_id or 0}"}
    if post.reply_to and post.reply_to.isdecimal():
        message["reply_to_message_id"] = int(post.reply_to)
    if post.forwarded_from:
        message["forwarded_from"] = post.forwarded_from
        message["forwarded_from_id"] = f"channel{post.forwarded_from_id or 0}"
    for file in post.media[:1]:
        message["photo"] = file
    entities = _entities(post.text + suffix)
    plain = len(entities) == 1 and entities[0]["type"] == "plain"
    parts = [e["text"] if e["type"] == "plain" else e for e in entities]
    return message | {"text": post.text + suffix if plain else parts, "text_entities": entities}


def _entities(text: str) -> list[dict[str, str]]:
    pieces = [piece for piece in _ENTITY.split(text) if piece]
    return [
        {
            "type": "link" if "://" in piece else "hashtag" if _ENTITY.fullmatch(piece) else "plain",
            "text": piece,
        }
        for piece in pieces
    ]
