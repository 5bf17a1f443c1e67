"""Every reader, and the choice among them by content."""

from __future__ import annotations

from functools import lru_cache

from tocsin.errors import InputError, UndetectedFormatError, UnknownFormatError
from tocsin.read.delimited import CsvReader
from tocsin.read.events import Format, Reader
from tocsin.read.feed import FeedReader
from tocsin.read.fourcat import FourcatCsvReader, FourcatNdjsonReader
from tocsin.read.html import HtmlReader
from tocsin.read.parquet import ParquetReader
from tocsin.read.plain import TextReader
from tocsin.read.records import JsonLinesReader, JsonReader
from tocsin.read.telegram import TelegramDesktopReader, TelegramJsonReader
from tocsin.read.text import to_utf8

__all__ = ["by_name", "choose", "formats"]

#: Sorted by name in ``formats``; here the order breaks what ties content and extension leave.
_READERS: tuple[Reader, ...] = (
    TelegramDesktopReader(),
    TelegramJsonReader(),
    FourcatCsvReader(),
    FourcatNdjsonReader(),
    ParquetReader(),
    FeedReader(),
    HtmlReader(),
    JsonLinesReader(),
    JsonReader(),
    CsvReader(),
    TextReader(),
)
_BY_NAME = {reader.name: reader for reader in _READERS}
_ENOUGH = 0.3


@lru_cache(maxsize=1)
def formats() -> tuple[Format, ...]:
    """Every format, sorted by name."""
    found = (Format(reader.name, reader.help, reader.extensions) for reader in _READERS)
    return tuple(sorted(found, key=lambda item: item.name))


def by_name(name: str) -> Reader:
    """The reader of a format; raises UnknownFormatError."""
    try:
        return _BY_NAME[name]
    except KeyError:
        raise UnknownFormatError(
            f"there is no format {name!r}; the formats are {', '.join(sorted(_BY_NAME))}"
        ) from None


def choose(head: bytes, name: str, *, whole: bool) -> Reader:
    """The reader whose format the first bytes fit best; the extension decides only between equals.

    Raises UndetectedFormatError, EncodingError.
    """
    text: bytes | None = None
    trouble: InputError | None = None
    try:
        text = to_utf8(head, whole=whole)
    except InputError as error:
        trouble = error
    best: Reader | None = None
    best_score = (0.0, False)
    for reader in _READERS:
        sample = head if reader.binary else text
        if sample is None:
            continue
        score = (round(reader.sniff(sample, name), 2), name.lower().endswith(reader.extensions))
        if score > best_score:
            best, best_score = reader, score
    if best is not None and best_score[0] >= _ENOUGH:
        return best
    raise trouble or UndetectedFormatError(
        "the content is not in the format that the name or first line promises"
    )
