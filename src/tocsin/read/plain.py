"""Plain text and Markdown: one file, one document, with optional YAML front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from tocsin.errors import MalformedRecordError
from tocsin.read.drafts import Draft, finish
from tocsin.read.events import Context, Result
from tocsin.read.text import read_text

__all__ = ["TextReader"]

_FRONT = re.compile(r"\ufeff?---[ \t]*\n(?P<head>.*?)(?:(?<=\n)|^)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_OPENED = re.compile(r"\ufeff?---[ \t]*\n[A-Za-z_]+[ \t]*:")
_MAX_FRONT = 1 << 14
#: The YAML scanner's time grows with the square of the brackets it is inside of.
_MAX_BRACKETS = 200
#: Extensions that promise structure: their content not showing it, they are not read as prose.
_STRUCTURED = (
    ".json",
    ".jsonl",
    ".ndjson",
    ".csv",
    ".tsv",
    ".parquet",
    ".xml",
    ".rss",
    ".atom",
    ".html",
    ".htm",
)
_KEYS = {
    "title": ("title", "headline"),
    "date": ("date", "published", "time"),
    "channel": ("channel", "source", "outlet", "site"),
    "channel_id": ("channel_id",),
    "url": ("url", "link", "canonical_url"),
    "language": ("language", "lang"),
    "author": ("author", "byline"),
    "edited": ("edited", "updated", "lastmod"),
}


class TextReader:
    """Any text."""

    name = "text"
    help = (
        "plain text or Markdown, one document a file; front matter gives title, date, channel, url, language"
    )
    extensions = (".txt", ".md", ".markdown", ".text")
    binary = False

    def sniff(self, head: bytes, name: str) -> float:
        structured = name.lower().endswith(_STRUCTURED) or head.lstrip().startswith(b"<?xml")
        return 0.1 if structured else 0.4

    def read(self, stream: BinaryIO, context: Context) -> Iterator[Result]:
        """One post at position "". Raises RecordTooLargeError, EncodingError."""
        text = read_text(stream, context.max_record).removeprefix("\ufeff")
        values: Mapping[str, object] = {}
        front = _FRONT.match(text[: _MAX_FRONT + 8])
        problem = None
        if front:
            values, problem = _front_matter(front["head"])
            text = text[front.end() :].lstrip("\n")
        elif _OPENED.match(text):
            problem = "the front matter is never closed by a line ---"
        if problem:
            yield context.fault(
                MalformedRecordError,
                problem,
                remedy="The text was kept without it; repair it and add again",
                kept=True,
            )
        got = {key: _value(values, names) for key, names in _KEYS.items()}
        yield from finish(
            Draft(
                text,
                "file",
                title=got["title"],
                channel=got["channel"],
                channel_id=got["channel_id"],
                published=got["date"],
                edited=got["edited"],
                url=got["url"],
                language=got["language"],
                author=got["author"],
                whole_file=True,
            ),
            "",
            context,
        )


def _value(values: Mapping[str, object], names: tuple[str, ...]) -> object:
    value = next((values[name] for name in names if name in values), None)
    return ", ".join(map(str, value)) if isinstance(value, list) and len(value) < 50 else value


def _front_matter(head: str) -> tuple[Mapping[str, object], str | None]:
    """The values of front matter, and what is wrong with it."""
    import yaml

    if head.count("[") + head.count("{") > _MAX_BRACKETS:
        return {}, "the front matter has too many brackets"
    try:
        # Every scalar stays a string: YAML's own dates raise in year 0 and drop the zone.
        values = yaml.load(head, Loader=yaml.BaseLoader)  # noqa: S506  BaseLoader makes only str, list and dict
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in its line {mark.line + 1}" if mark is not None else ""
        return {}, f"the front matter is no YAML{where}"
    if values is None or values == "":
        return {}, None
    if not isinstance(values, dict):
        return {}, "the front matter is no list of keys and values"
    return {str(key).strip().lower(): value for key, value in values.items()}, None
