"""Letters and words of names: the two scripts, what is a word, what is an initial.

Other scripts than Latin and Cyrillic are kept as they are: such names are compared letter by letter with
names in their own script only.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

__all__ = ["CYRILLIC", "LATIN", "letters", "plain", "script", "words"]

#: Letters with a sound of their own; any other mark on a letter is dropped.
LATIN: Final = "abcdefghijklmnopqrstuvwxyzćščöüäłńžçñşøğåśżřșțæęəđı"
CYRILLIC: Final = "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґўәғқңөұүһ"
_KNOWN: Final = frozenset(LATIN + CYRILLIC)
_OTHER: Final = {
    "ß": "ss",
    "ð": "d",
    "þ": "th",
    "œ": "oe",
    "ţ": "ț",
    "ј": "й",
    "љ": "ль",
    "њ": "нь",
    "ћ": "ч",
    "ђ": "дж",
    "џ": "дж",
    "ѕ": "дз",
    "ќ": "к",
    "ѓ": "г",
    "ӣ": "и",
    "ӯ": "у",
    "ҳ": "х",
    "ҷ": "дж",
    "ŋ": "ng",
    "α": "a",
    "β": "v",
    "γ": "g",
    "δ": "d",
    "ε": "e",
    "ζ": "z",
    "η": "i",
    "θ": "th",
    "ι": "i",
    "κ": "k",
    "λ": "l",
    "μ": "m",
    "ν": "n",
    "ξ": "x",
    "ο": "o",
    "π": "p",
    "ρ": "r",
    "σ": "s",
    "ς": "s",
    "τ": "t",
    "υ": "i",
    "φ": "f",
    "χ": "ch",
    "ψ": "ps",
    "ω": "o",
}
_BARE: Final = {"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "ə": "a", "ı": "i"}
_APOSTROPHES: Final = re.compile(r"(?<=\w)[’'ʼ‘`ʻʿ´](?=\w)")
_DOTTED: Final = re.compile(r"\b((?:\w\.){2,})(\w?)(?!\w)")
_SCOTTISH: Final = re.compile("mc[a-z]{3}")  # McCain = MacCain
_WORD: Final = re.compile(r"[^\W_]+")
_MARKS: Final = re.compile("[\u0300-\u036f\u200b-\u200f\u0640]")


@lru_cache(maxsize=1 << 16)
def letters(word: str) -> str:
    """A word in lower case, of known letters and those of other scripts; apostrophes and marks fall away.

    Idempotent. ``Mc`` is written out.

    >>> letters("O’Leary"), letters("Saitō"), letters("Čapek")
    ('oleary', 'saito', 'čapek')
    """
    lower = unicodedata.normalize("NFC", word.replace("İ", "I").lower())
    if lower.isascii() and lower.isalpha():
        return _written_out(lower)
    found: list[str] = []
    for char in lower:
        if char in _KNOWN:
            found.append(char)
        elif char in _OTHER:
            found.append(_OTHER[char])
        else:
            base = unicodedata.normalize("NFKD", char)
            found += [_OTHER.get(c, c) for c in base if c.isalnum()]
    return _written_out("".join(found))


def _written_out(word: str) -> str:
    return "mac" + word[2:] if _SCOTTISH.match(word) else word


@lru_cache(maxsize=1 << 16)
def plain(word: str) -> str:
    """The Latin letters of a folded word without any marks; Cyrillic stays.

    >>> plain("čapek"), plain("øst")
    ('capek', 'ost')
    """
    if word.isascii():
        return word
    return "".join(c if c in CYRILLIC else _BARE.get(c) or unicodedata.normalize("NFD", c)[0] for c in word)


def script(word: str) -> str:
    """``latin``, ``cyrillic``, ``digits`` or ``other`` (another script, or a mixture), of folded letters."""
    if word.isascii():
        return "latin" if word.isalpha() else "digits" if word.isdigit() else "other"
    if all(c in CYRILLIC for c in word):
        return "cyrillic"
    return "latin" if all(c in LATIN for c in word) else "other"


@lru_cache(maxsize=1 << 15)
def words(name: str) -> tuple[str, ...]:
    """The words of a name as written: runs of letters or digits; an apostrophe within a word joins.

    Hyphens and blanks separate; dotted capitals («G.m.b.H.») are one word, but «А.Б.» are two initials
    when a longer word stands beside them, which only the reader of the whole name can tell, so they are
    given apart. Marks that only accompany a letter (stress, zero-width) fall away.

    >>> words("Жан-Клод О’Лири"), words("A.B. Smith")
    (('Жан', 'Клод', 'ОЛири'), ('A', 'B', 'Smith'))
    """
    text = unicodedata.normalize("NFC", name)
    text = _MARKS.sub("", text)
    text = _APOSTROPHES.sub("", text)
    return tuple(_WORD.findall(text))
