"""Addresses in texts, in one form whatever way they were written."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from tocsin.model import Span

__all__ = ["addresses_in", "canonical_address", "without_addresses"]

_ADDRESS = re.compile(r"(?:https?://|(?<![\w/@.])(?:www\.|t\.me/))[^\s<>\"«»“”\]|]+", re.IGNORECASE)
#: An address or @name where only the words around it count: where it ends is of no account.
_NO_WORDS = re.compile(r"(?:https?://|www\.|t\.me/)\S+|@\w+")
_TRAILING = ".,;:!?…'’*_~`)"
#: Parameters that say how a reader came to a page, not which page it is.
_TRACKING = re.compile(
    r"^(?:utm_\w+|fbclid|gclid|yclid|igshid|mc_[ce]id|ref|ref_src|from|single|s|t)$", re.IGNORECASE
)


def without_addresses(text: str) -> str:
    """A text with a blank in place of each address and @name: they are what a channel adds to a copy."""
    return _NO_WORDS.sub(" ", text)


def canonical_address(address: str) -> str | None:
    """One form of an address: host and path without scheme, www, tracking parameters or fragment.

    None when there is no host or nothing after it: a front page is no document.

    >>> canonical_address("http://www.Example.org/News/7/?utm_source=x#top")
    'example.org/News/7'
    """
    text = address if "//" in address else f"https://{address}"
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        return None
    path = parts.path.rstrip("/")
    if host in {"t.me", "telegram.me"}:
        host, path = "t.me", path.replace("/s/", "/", 1).lower() if path.startswith("/s/") else path.lower()
    kept = [(key, value) for key, value in parse_qsl(parts.query) if not _TRACKING.match(key)]
    query = f"?{urlencode(sorted(kept))}" if kept else ""
    return f"{host}{path}{query}" if host and (path or query) else None


def addresses_in(text: str) -> list[tuple[str, Span]]:
    """The canonical addresses in a text, each with its span, in order."""
    found = []
    for match in _ADDRESS.finditer(text):
        raw = match.group()
        while raw and raw[-1] in _TRAILING and not (raw[-1] == ")" and raw.count("(") >= raw.count(")")):
            raw = raw[:-1]
        canonical = canonical_address(raw) if raw else None
        if canonical:
            found.append((canonical, Span(match.start(), match.start() + len(raw))))
    return found
