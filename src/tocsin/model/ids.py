"""Identifiers by a fixed algorithm of our own.

An id is the first 128 bits of BLAKE2b over length-prefixed UTF-8 parts, in lower-case hex. Engines'
``hash()`` functions differ between versions and are never persisted; joining parts with a separator is
ambiguous (``a.b`` + ``c`` = ``a`` + ``b.c``), so each part is preceded by its own length.
"""

from __future__ import annotations

from hashlib import blake2b

__all__ = ["ID_LENGTH", "digest", "make_id"]

#: Characters in an id.
ID_LENGTH = 32

_ABSENT = b"\xff" * 8  # no real part is 2**64-1 bytes long, so None differs from every string


def make_id(*parts: str | int | None) -> str:
    """The id of a tuple of parts; ``None``, ``""``, ``1`` and ``"1"`` are all distinct.

    >>> make_id("a.b", "c") == make_id("a", "b.c")
    False
    """
    state = blake2b(digest_size=ID_LENGTH // 2)
    for part in parts:
        if part is None:
            state.update(_ABSENT)
            continue
        kind = b"i" if isinstance(part, int) else b"s"
        data = str(part).encode("utf-8")
        state.update(kind + len(data).to_bytes(8, "big") + data)
    return state.hexdigest()


def digest(data: bytes) -> str:
    """The content digest of a byte string, same width as an id."""
    return blake2b(data, digest_size=ID_LENGTH // 2).hexdigest()
