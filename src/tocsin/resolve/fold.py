"""The one fold under which place names are stored and looked up.

Used by the build of the gazetteer and by the look-up alike: a name folded in two ways is never found.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["FORMAT", "exact_key", "fold", "word_set"]

#: Version of the gazetteer file's format; the reader refuses any other.
FORMAT = 3

_APOSTROPHES = str.maketrans(
    {
        "’": "'",
        "ʼ": "'",
        "‘": "'",
        "`": "'",
        "ё": "е",
        "Ё": "е",
        "ø": "o",
        "ł": "l",
        "ß": "s",
        "ı": "i",
        "đ": "d",
        "æ": "a",
        "œ": "o",
    }
)
_SAINT = re.compile(r"\b(st|ste|mt|ft)\. ")
_BREAKS = re.compile(r"[\s‐‑–—-]+")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_SHORT = 5


@lru_cache(maxsize=1 << 16)
def fold(name: str) -> str:
    """The key of a name: lower case, «ё» as «е», no Latin marks, hyphens as spaces, no final stop,
    no apostrophe at its ends, no stop after St.

    Marks stay on Cyrillic letters: «й» and «ї» are letters of their own.

    >>> fold("Санкт-Петербург"), fold("Besançon")
    ('санкт петербург', 'besancon')
    """
    text = name.lower().translate(_APOSTROPHES)
    if not text.isascii() and _LATIN.search(text):
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _SAINT.sub(r"\1 ", _BREAKS.sub(" ", text)).strip(" .'")


def exact_key(name: str) -> str:
    """The key of an abbreviation, which is looked up with its capitals; empty for any other name.

    >>> exact_key("США"), exact_key("U.S."), exact_key("Calif."), exact_key("Oman")
    ('=США', '=US', '=Calif.', '')
    """
    if name[-1:] == "." and name[:-1].isalpha() and name[:1].isupper() and not name[1:2].isupper():
        return "=" + name if len(name) > 2 else ""
    bare = name.replace(".", "")
    if bare.isupper() and bare.isalpha() and len(bare) <= _SHORT:
        return "=" + bare
    return ""


def word_set(listed: str) -> frozenset[str]:
    """The words of a string as a set: lists of words read better without a quotation mark on each."""
    return frozenset(listed.split())
