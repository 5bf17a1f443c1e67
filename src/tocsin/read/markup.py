"""HTML helpers: decoding pages as browsers do, and the visible text of markup."""

from __future__ import annotations

import codecs
import re
from typing import Any

from tocsin.read.drafts import clean
from tocsin.read.encodings import detect

__all__ = ["decode_page", "html_to_text", "visible_text"]

_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:\-]{2,40})""", re.IGNORECASE
)
_BLOCKS_LIST = (
    "address article aside blockquote br dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 "
    "h5 h6 header hr li main nav ol p pre section table tbody td th thead tr ul "
)
_BLOCKS = frozenset(_BLOCKS_LIST.split())
_HIDDEN_LIST = "head script style noscript template svg iframe object select option button canvas "
_HIDDEN = frozenset(_HIDDEN_LIST.split())
_TAG = re.compile(r"<[a-zA-Z!/]|&[#\w]{1,10};")


def decode_page(data: bytes) -> str:
    """The text of a page: byte-order mark, then the charset it states if that decodes, then by its letters.

    Raises EncodingError, UndetectedFormatError.
    """
    match = _CHARSET.search(data[:4096])
    if match and not data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            codec = codecs.lookup(match[1].decode("ascii")).name
            if not codec.startswith("utf-16") and codecs.lookup(codec)._is_text_encoding:
                return data.decode(codec)
        except (LookupError, UnicodeError, ValueError):
            pass
    codec = detect(data, whole=len(data) < 1 << 16)
    return data.decode(codec, "surrogateescape" if codec.startswith("utf-8") else "replace")


def html_to_text(fragment: str | None) -> str | None:
    """The text of a piece of HTML, as feeds carry it; text without markup comes back as it is."""
    if not fragment or not _TAG.search(fragment):
        return fragment
    import lxml.etree  # type: ignore[import-untyped,unused-ignore]
    import lxml.html  # type: ignore[import-untyped,unused-ignore]

    try:
        tree = lxml.html.fragment_fromstring(clean(fragment), create_parent="div")
    except (lxml.etree.LxmlError, ValueError):
        return re.sub(r"<[^>]*>", " ", fragment)
    return visible_text(tree)


def visible_text(tree: Any) -> str:
    """The words a browser would show, one block a line. Iterative: pages nest deeper than calls."""
    import lxml.etree

    parts: list[str] = []
    hidden = 0

    for event, node in lxml.etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        if event in {"comment", "pi"}:
            parts.append(node.tail or "" if not hidden else "")
            continue
        tag = node.tag if isinstance(node.tag, str) else ""
        if event == "start":
            hidden += tag in _HIDDEN
            parts.append("\n" if tag in _BLOCKS else "")
            parts.append("" if hidden else node.text or "")
        else:
            hidden -= tag in _HIDDEN
            parts.append("\n" if tag in _BLOCKS else "")
            parts.append("" if hidden or node is tree else node.tail or "")
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)
