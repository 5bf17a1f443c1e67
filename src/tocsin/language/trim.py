"""Sources of Slavic sentences without what is only wrapped around them.

The network learnt on English, where time and place rarely stand inside the words that name a source. In
Czech, Russian and Ukrainian they do («сказал вчера в Праге Иванов, который …»); these rules take them off
again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

__all__ = ["trim_source"]


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: Prepositions: after a name they begin an adjunct.
_PREPOSITIONS: Final[Mapping[str, frozenset[str]]] = {
    "cs": _set("v ve na při po pro před během k ke u o s se z ze za do od mezi přes"),
    "ru": _set("в во на при по для перед к ко у о об с со из за до от между через после"),
    "uk": _set("у в на при по для перед до о з із зі за від між через під після"),
}
#: Relative pronouns: a clause about the source, which ends it.
_RELATIVES: Final[Mapping[str, frozenset[str]]] = {
    "cs": _set("který která které kteří kterého které jenž jež jehož jejíž"),
    "ru": _set("который которая которое которые которого которой которых чей чья где"),
    "uk": _set("який яка яке які якого якої яких чий чия де"),
}
#: Words that stand beside a source and are no part of it: when, and to whom it was said.
_BESIDE: Final[Mapping[str, frozenset[str]]] = {
    "cs": _set("včera dnes zítra tehdy později poté dále však také rovněž nám mu jí jim mi vám se si to sám"),
    "ru": _set("вчера сегодня завтра тогда позже затем также однако нам ему ей им мне вам сам сама"),
    "uk": _set("вчора учора сьогодні завтра тоді пізніше потім також однак нам йому їй їм мені вам сам сама"),
}


def trim_source(words: Sequence[str], found: tuple[int, int], language: str) -> tuple[int, int] | None:
    """The part of word range [first, last) that names the source; the range itself in other languages.

    None when nothing is left.
    """
    prepositions = _PREPOSITIONS.get(language)
    if prepositions is None:
        return found
    relatives, beside = _RELATIVES[language], _BESIDE[language]
    first, last = found
    while first < last and (words[first].lower() in beside or not words[first][0].isalnum()):
        first += 1
    for i in range(first + 1, last):
        word = words[i].lower()
        after_name = len(words[i - 1]) > 1 and words[i - 1].istitle()
        if word in relatives or word in beside or (word in prepositions and after_name):
            last = i
            break
    while first < last and words[last - 1] == ",":
        last -= 1
    return (first, last) if first < last else None
