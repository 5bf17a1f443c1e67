"""Web pages: one page, one document."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from tocsin.errors import InputError, MissingTextError, UndetectedFormatError
from tocsin.model import DateBasis
from tocsin.read.drafts import Draft, clean, finish
from tocsin.read.events import Context, Result
from tocsin.read.markup import decode_page, visible_text
from tocsin.read.text import read_bytes

__all__ = ["HtmlReader"]

_ROOT = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*(?:<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>])",
    re.IGNORECASE | re.DOTALL,
)
_FRAGMENT = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:p|div|span|a|h[1-6]|table|article|section|main|meta|title|link|br|img)[\s>/]",
    re.IGNORECASE | re.DOTALL,
)
_TAGS = re.compile(rb"<(?:p|div|span|a|h1|h2|table|article|br|img|meta|title)[\s>/]", re.IGNORECASE)
_STATED = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
#: Where a page states its instant of publication, in the order in which it is believed.
_DATE_PATHS = (
    '//meta[@property="article:published_time"]/@content',
    '//meta[@itemprop="datePublished"]/@content',
    '//*[@itemprop="datePublished"]/@datetime',
    '//meta[@name="pubdate" or @name="publish-date" or @name="date" or @name="DC.date.issued"]/@content',
)
_LOGGERS = ("trafilatura", "htmldate", "courlan", "justext", "readability")
_REASON = "page metadata"


class HtmlReader:
    """A saved web page; the main text by trafilatura, else all visible text."""

    name = "html"
    help = "web page: its main text, title, date, site, address and author"
    extensions = (".html", ".htm", ".xhtml")
    binary = True

    def sniff(self, head: bytes, name: str) -> float:
        plain = head.replace(b"\x00", b"") if head[:2] in (b"\xff\xfe", b"\xfe\xff") else head
        plain = plain.lstrip(b"\xef\xbb\xbf\xff\xfe")
        if _ROOT.match(plain):
            return 0.95
        if not _FRAGMENT.match(plain):  # other XML is not read as if it were a page
            return 0.0
        return 0.7 if len(_TAGS.findall(plain)) >= 3 or name.lower().endswith(self.extensions) else 0.0

    def read(self, stream: BinaryIO, context: Context) -> Iterator[Result]:
        """One post at position "". Raises RecordTooLargeError, EncodingError, MissingTextError."""
        page = decode_page(read_bytes(stream, context.max_record))
        if 'class="page_wrap' in page and 'class="message default' in page:
            raise UndetectedFormatError(
                "it is a Telegram chat exported as HTML, which lacks times and ids",
                remedy="Export the chat again as machine-readable JSON",
            )
        yield from finish(_draft(page, context), "", context)


def _draft(page: str, context: Context) -> Draft:
    _hush()
    import lxml.etree  # type: ignore[import-untyped,unused-ignore]
    import lxml.html  # type: ignore[import-untyped,unused-ignore]

    source = clean(page).removeprefix("\ufeff")
    try:
        # Bytes: lxml refuses a string that carries an encoding declaration.
        parser = lxml.html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
        tree = lxml.html.document_fromstring(source.encode("utf-8"), parser=parser)
    except (lxml.etree.LxmlError, ValueError, AssertionError) as error:
        raise MissingTextError("the page has no content", remedy="Leave it out") from error
    found = _extract(tree, context)
    text = (getattr(found, "text", None) or "").strip() or visible_text(_body(tree))
    if not text:
        raise MissingTextError("the page shows no text", remedy="Leave it out")
    stated = _stated_date(tree)
    return Draft(
        text,
        "web",
        title=getattr(found, "title", None) or _first(tree, "//title/text()"),
        channel=getattr(found, "sitename", None) or getattr(found, "hostname", None),
        published=stated or getattr(found, "date", None),
        basis=DateBasis.INFERRED,
        reason=_REASON,
        url=getattr(found, "url", None),
        language=_first(tree, "/html/@lang") or getattr(found, "language", None),
        author=getattr(found, "author", None),
        whole_file=True,
    )


def _hush() -> None:
    """These libraries warn about every odd page; what matters comes back as a Fault."""
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _extract(tree: Any, context: Context) -> Any:
    """trafilatura's document, or None: it raises a variety of errors on odd pages."""
    import copy

    import trafilatura

    low, high = context.settings.integer("read.earliest_year"), context.settings.integer("read.latest_year")
    dates = {
        "original_date": True,
        "extensive_search": False,
        # By default htmldate refuses dates after today: the result would depend on the day of reading.
        "min_date": f"{low:04}-01-01",
        "max_date": f"{high:04}-12-31",
    }
    try:
        return trafilatura.bare_extraction(
            copy.deepcopy(tree),
            with_metadata=True,
            include_comments=False,
            include_tables=True,
            date_extraction_params=dates,
        )
    except InputError:
        raise
    except Exception:
        return None


def _body(tree: Any) -> Any:
    body = tree.find(".//body")
    return tree if body is None else body


def _first(tree: Any, path: str) -> str | None:
    found = tree.xpath(path)
    return str(found[0]).strip() or None if found else None


def _stated_date(tree: Any) -> str | None:
    """The instant, with its time of day, that the page states: htmldate gives only the day."""
    for path in _DATE_PATHS:
        for value in tree.xpath(path):
            if _STATED.match(str(value).strip()):
                return str(value).strip()
    for script in tree.xpath('//script[@type="application/ld+json"]/text()')[:10]:
        try:
            data = json.loads(str(script), strict=False)
        except (ValueError, RecursionError):
            continue
        for item in _linked_items(data):
            value = item.get("datePublished")
            if isinstance(value, str) and _STATED.match(value):
                return value
    return None


def _linked_items(data: object) -> Iterator[dict[str, object]]:
    for item in data if isinstance(data, list) else [data]:
        if isinstance(item, dict):
            yield item
            graph = item.get("@graph")
            if isinstance(graph, list):
                yield from (node for node in graph if isinstance(node, dict))
