"""The demo corpus read a second way: plain json, csv and html.parser, none of tocsin's own readers.

What the truth says is checked against this reading, so that a fault of the readers cannot hide in both.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from tocsin.examples import corpus_dir, corpus_files

__all__ = ["RawRecord", "raw_records", "telegram_records"]


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record as its file has it. ``file`` is relative to the corpus folder; ``published`` is UTC."""

    file: str
    native_id: str | None
    channel: str | None
    text: str
    published: datetime | None = None
    edited: datetime | None = None
    forwarded_from: str | None = None
    reply_to: str | None = None
    media: tuple[str, ...] = ()
    service: bool = False

    @property
    def key(self) -> tuple[str, str | None, str | None]:
        """What tells it from every other record: native ids are only unique within a channel."""
        return self.file, self.channel, self.native_id


def raw_records() -> list[RawRecord]:
    """Every record of the demo corpus, service messages included, in file order.

    Raises ValueError for a file of the corpus whose kind is not known here.
    """
    return [record for path in corpus_files() for record in _records(path)]


def _records(path: Path) -> Iterator[RawRecord]:
    name = path.relative_to(corpus_dir()).as_posix()
    if path.suffix == ".json":
        return telegram_records(name, json.loads(path.read_text(encoding="utf-8")))
    if path.suffix == ".csv":
        return _fourcat(name, path)
    if path.suffix == ".jsonl":
        return _json_lines(name, path)
    if path.suffix == ".html":
        return _page(name, path.read_text(encoding="utf-8"))
    if path.suffix in {".md", ".txt"}:
        return _article(name, path.read_text(encoding="utf-8"))
    raise ValueError(f"no raw reading for {name}")


def _moment(seconds: str | None) -> datetime | None:
    return datetime.fromtimestamp(int(seconds), UTC) if seconds else None


def telegram_records(name: str, export: dict[str, Any]) -> Iterator[RawRecord]:
    """The messages of a Telegram Desktop export, of one chat or of a whole account."""
    chats = export["chats"]["list"] if "chats" in export else [export]
    for chat in chats:
        for message in chat["messages"]:
            text = message["text"]
            pieces = text if isinstance(text, list) else [text]
            reply = message.get("reply_to_message_id")
            yield RawRecord(
                name,
                str(message["id"]),
                chat["name"],
                "".join(piece if isinstance(piece, str) else piece["text"] for piece in pieces),
                _moment(message["date_unixtime"]),
                _moment(message.get("edited_unixtime")),
                message.get("forwarded_from"),
                None if reply is None else str(reply),
                (message["photo"],) if "photo" in message else (),
                message["type"] == "service",
            )


def _fourcat(name: str, path: Path) -> Iterator[RawRecord]:
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            yield RawRecord(name, row["id"], row["author_name"], row["body"], _moment(row["unix_timestamp"]))


def _json_lines(name: str, path: Path) -> Iterator[RawRecord]:
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        published = datetime.fromisoformat(row["date"]) if "date" in row else None
        yield RawRecord(name, row["id"], row.get("channel"), row["text"], published)


class _Page(HTMLParser):
    """Headline and paragraphs of one of our own pages; a paragraph with a ``time`` in it is its date line."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self.meta: dict[str, str] = {}
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "meta":
            self.meta[given.get("property") or given.get("name") or ""] = given.get("content") or ""
        elif tag in {"h1", "p"}:
            self._open = True
            self.blocks.append("")
        elif tag == "time":
            self._open = False
            self.blocks.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in {"h1", "p"}:
            self._open = False

    def handle_data(self, data: str) -> None:
        if self._open:
            self.blocks[-1] += data


def _page(name: str, html: str) -> Iterator[RawRecord]:
    page = _Page()
    page.feed(html)
    published = datetime.fromisoformat(page.meta["article:published_time"])
    yield RawRecord(name, None, page.meta["og:site_name"], "\n\n".join(page.blocks), published)


def _article(name: str, content: str) -> Iterator[RawRecord]:
    if not content.startswith("---\n"):
        yield RawRecord(name, None, None, content.strip())
        return
    _, front, body = content.split("---\n", 2)
    meta = {key: value.strip().strip('"') for key, _, value in (x.partition(":") for x in front.splitlines())}
    published = datetime.fromisoformat(meta["date"]).replace(tzinfo=UTC)
    yield RawRecord(name, None, meta["channel"], f"{meta['title']}\n\n{body.strip()}", published)
