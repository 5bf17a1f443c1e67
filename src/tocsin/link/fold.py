"""Folding: what is the same letter to a reader of copies.

Two texts are compared without case, accents, punctuation, emoji, invisible characters, addresses and
@names: what is left is letters and digits, and one separator between words.
"""

from __future__ import annotations

import sys
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

__all__ = ["fold_rows", "fold_table", "folded", "folded_name", "text_buffers"]

#: Inside a word, but not part of it: apostrophes, soft hyphens.
_INSIDE = frozenset("'’ʼ`´‘\u00ad")
#: Categories of what is written on or between letters, and of what is not seen.
_UNSEEN = frozenset({"Mn", "Mc", "Me", "Cf"})


def _folded(character: str) -> int:
    """What a letter or digit becomes that is not as it stands: its folded letter, or a separator."""
    from tocsin.link.kernels import SEPARATOR

    plain = unicodedata.normalize("NFKD", character).casefold()
    letters = unicodedata.normalize("NFC", "".join(c for c in plain if c.isalnum()))
    # One code point each: a ligature is folded to its first letter, in every text alike.
    return ord(letters[0]) if letters else SEPARATOR


@cache
def fold_table() -> np.ndarray[Any, Any]:
    """What each of the 0x110000 code points becomes, as ``uint32``; made once per process.

    Its folded letter, a separator, or nothing (see ``kernels``).
    """
    import numpy as np

    from tocsin.link.kernels import SEPARATOR, SKIPPED

    table = np.full(0x110000, SEPARATOR, np.uint32)
    # Beyond plane 1 there are ideographs, which fold to themselves, tags and variation selectors.
    for code in (*range(0x4E00), *range(0xA000, 0xAC00), *range(0xD7A4, 0x20000), *range(0xE0000, 0xE01F0)):
        character = chr(code)
        if character.isalnum() and character not in _INSIDE:
            same = unicodedata.is_normalized("NFKD", character) and character.casefold() == character
            table[code] = code if same else _folded(character)
        elif character in _INSIDE or unicodedata.category(character) in _UNSEEN:
            table[code] = SKIPPED
    # Two thirds of all letters in the first plane, and none of them folds.
    for code in range(0x4E00, 0xA000):
        if chr(code).isalnum():
            table[code] = code
    table[0xAC00:0xD7A4] = np.arange(0xAC00, 0xD7A4)  # Hangul: taken apart, and put together again
    table[0x20000:0x33480] = np.arange(0x20000, 0x33480)
    return table


def text_buffers(texts: pa.Array | pa.ChunkedArray) -> tuple[Any, Any]:
    """The UTF-8 bytes (``uint8``) and offsets (``int64``) of an Arrow string array; nulls are empty."""
    import numpy as np
    import pyarrow as pa

    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    if isinstance(texts, pa.ChunkedArray):  # more than one chunk is left when offsets would overflow
        texts = pa.concat_arrays([chunk.cast(pa.large_string()) for chunk in texts.chunks])
    if texts.null_count:
        texts = texts.fill_null("")
    texts = texts.cast(pa.large_string())
    if not len(texts):
        return np.zeros(0, np.uint8), np.zeros(1, np.int64)
    _, offsets, data = texts.buffers()
    bounds = np.frombuffer(offsets, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    return np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(0, np.uint8), bounds


def fold_rows(buffers: tuple[Any, Any], rows: Any, *, keep_addresses: bool = False) -> tuple[Any, Any]:
    """Folded code points of some texts: a flat ``uint32`` array and offsets, one more than rows."""
    from tocsin.link import kernels

    made: tuple[Any, Any] = kernels.fold_texts(*buffers, rows, fold_table(), keep_addresses)
    return made


def folded(text: str, *, keep_addresses: bool = False) -> str:
    """One text folded, for people and tests.

    >>> folded("Ёлки — палки! https://example.org @name 𝕋𝕣𝕦𝕖")
    'елки палки true'
    """
    import numpy as np

    data = text.encode()
    # Without Arrow: for one text its arrays take longer than the folding.
    buffers = np.frombuffer(data, np.uint8) if data else np.zeros(0, np.uint8), np.array([0, len(data)])
    codes, _ = fold_rows(buffers, np.zeros(1, np.int64), keep_addresses=keep_addresses)
    return bytes(codes).decode(f"utf-32-{sys.byteorder[0]}e")


@lru_cache(maxsize=1 << 16)
def folded_name(name: str) -> str:
    """A name folded; folding one takes as long as a hundred look-ups, and the same ones come again."""
    return folded(name)
