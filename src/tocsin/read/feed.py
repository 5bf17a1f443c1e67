"""News feeds: RSS 2.0, RSS 1.0 and Atom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from tocsin.errors import (
    ArchiveBombError,
    EmptyFileError,
    FileInputError,
    InputError,
    MalformedFileError,
    RecordTooLargeError,
    TruncatedFileError,
)
from tocsin.model import DateBasis
from tocsin.read.drafts import Draft, finish
from tocsin.read.events import Context, Result
from tocsin.read.markup import html_to_text

__all__ = ["FeedReader"]

_ROOT = re.compile(
    rb"\s*(?:<\?[^>]*\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>\s*)*<(?:rss[\s>]|(?:\w+:)?feed[\s>]|rdf:RDF[\s>])",
    re.DOTALL,
)
_ITEMS = frozenset({"item", "entry"})
#: Children of the feed itself that describe it.
_OWN = frozenset({"title", "language", "link", "name"})


class FeedReader:
    """RSS and Atom, by a parser that expands no entity, loads nothing and has size limits."""

    name = "feed"
    help = "RSS or Atom feed: each item a post"
    extensions = (".xml", ".rss", ".atom")
    binary = True

    def sniff(self, head: bytes, name: str) -> float:
        del name
        plain = head.replace(b"\x00", b"") if head[:2] in (b"\xff\xfe", b"\xfe\xff") else head
        return 0.97 if _ROOT.match(plain.lstrip(b"\xef\xbb\xbf\xff\xfe")) else 0.0

    def read(self, stream: BinaryIO, context: Context) -> Iterator[Result]:
        """Posts in the file's order, at ``item[12]``."""
        import lxml.etree  # type: ignore[import-untyped,unused-ignore]

        guarded = _Guard(stream, context.max_record)
        feed: dict[str, str] = {}
        number = 0
        parser = lxml.etree.iterparse(
            guarded,
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            recover=True,
        )
        try:
            for draft in _drafts(parser, feed, guarded):
                yield from finish(draft, f"item[{number}]", context)
                number += 1
        except lxml.etree.XMLSyntaxError as error:
            raise guarded.error or _broken(str(error.msg)) from error
        if guarded.error is not None:
            raise guarded.error
        _check_log(parser.error_log)
        if not number:
            raise EmptyFileError("the feed has no items")


class _Guard:
    """The stream as lxml reads it: refuses entity definitions and, between two items, too many bytes."""

    def __init__(self, stream: BinaryIO, limit: int) -> None:
        self._stream = stream
        self._limit = limit
        self._tail = b""
        self.since_item = 0
        self.error: InputError | None = None

    def read(self, size: int = -1) -> bytes:
        try:
            data = self._stream.read(size if size and size > 0 else 1 << 15)
        except InputError as error:
            # An exception raised inside the parser's callback would lose the items it still holds.
            self.error = error
            return b""
        self.since_item += len(data)
        if self.since_item > self._limit:
            self.error = RecordTooLargeError(f"an item is longer than {self._limit:,} bytes")
            return b""
        if b"<!ENTITY" in self._tail + data:
            self.error = ArchiveBombError("it defines XML entities, which can expand without end")
            return b""
        self._tail = data[-8:]
        return data


def _broken(message: str) -> FileInputError:
    lowered = message.lower()
    if "premature end" in lowered or "end of" in lowered or "no element" in lowered:
        return TruncatedFileError("the feed ends in the middle of an element")
    return MalformedFileError(f"the feed is not well-formed XML: {message[:200]}")


def _check_log(log: Any) -> None:
    for entry in log:
        # An undeclared entity such as &nbsp; is common in feeds and costs one character.
        if entry.level_name != "WARNING" and "ENTITY" not in entry.type_name and "NS_" not in entry.type_name:
            raise _broken(entry.message)


def _local(node: Any) -> str:
    return node.tag.rsplit("}", 1)[-1] if isinstance(node.tag, str) else ""


def _drafts(parser: Any, feed: dict[str, str], guarded: _Guard) -> Iterator[Draft]:
    inside = 0
    for event, node in parser:
        name = _local(node)
        if event == "start":
            inside += name in _ITEMS
        elif name in _ITEMS and inside:
            inside -= 1
            if not inside:
                guarded.since_item = 0
                if guarded.error is None:
                    yield _draft(node, feed)
                _drop(node)
        elif not inside and name in _OWN and node.getparent() is not None:
            parent = _local(node.getparent())
            if parent in {"channel", "feed"} and (node.text or "").strip():
                feed.setdefault(name, node.text.strip())
            if parent == "feed":
                language = node.getparent().get("{http://www.w3.org/XML/1998/namespace}lang")
                feed.setdefault("language", language or "")


def _drop(node: Any) -> None:
    """Free an item and those before it: a long feed is not to be held whole."""
    node.clear(keep_tail=False)
    parent = node.getparent()
    while parent is not None and len(parent) and parent[0] is not node and _local(parent[0]) in _ITEMS:
        del parent[0]


def _draft(node: Any, feed: dict[str, str]) -> Draft:
    texts: dict[str, str] = {}
    link = None
    for child in node:
        name = _local(child)
        if name == "link" and child.get("href"):
            if child.get("rel", "alternate") == "alternate":
                link = link or child.get("href")
            continue
        if name == "author" and len(child):
            texts.setdefault("author", next((c.text or "" for c in child if _local(c) == "name"), ""))
            continue
        if name == "source" or (name == "title" and child.tag.startswith("{http://search.yahoo")):
            continue
        texts.setdefault("content" if name == "encoded" else name, _content(child))
    get = texts.get
    body = html_to_text(get("content") or get("description") or get("summary"))
    published = get("pubDate") or get("published") or get("date") or get("issued")
    updated = get("updated") or get("modified")
    return Draft(
        body,
        "feed",
        title=html_to_text(get("title")),
        channel=html_to_text(feed.get("title")),
        native_id=get("guid") or get("id"),
        published=published or updated,
        basis=DateBasis.STATED if published else DateBasis.INFERRED,
        reason=None if published else "the feed's date of update",
        edited=updated if published else None,
        url=link or get("link"),
        language=feed.get("language"),
        author=get("creator") or get("author"),
    )


def _content(node: Any) -> str:
    """Text of an element; of XHTML content, its markup, which ``html_to_text`` reads like escaped markup."""
    if not len(node):
        return node.text or ""
    import lxml.etree

    return "".join([node.text or "", *(lxml.etree.tostring(child, encoding="unicode") for child in node)])
