"""The fold of a name: one spelling for all romanisations and alphabets, for look-up and grouping.

``Семён Пегов``, ``Semyon Pegov`` and ``Semen Pehov`` fold to the same words. A fold only proposes; it merges
names that differ (``Marina`` and ``Maryna``, ``Хан`` and ``Ган``), so ``compare`` decides.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product
from typing import Final

from tocsin.resolve.names.letters import letters, plain, words

__all__ = ["fold", "fold_word", "keys"]

_FROM: Final = "абвгґғдеєзиіїйкқлмнңоөпрстуұүўфхһыэёә"
_TO: Final = "abvhhhdeeziiiikklmnnooprstuuuufhhieea"
_CYRILLIC: Final = str.maketrans(dict(zip(_FROM, _TO, strict=True))) | str.maketrans(
    {"ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ю": "iu", "я": "ia", "ъ": "", "ь": ""}
)
_MARKED: Final = str.maketrans(
    dict(
        item.split(":")
        for item in (
            "š:sh",
            "č:ch",
            "ž:zh",
            "ć:ch",
            "ś:sh",
            "ż:zh",
            "ř:r",
            "ç:ch",
            "ş:sh",
            "ș:sh",
            "ț:ts",
            "ğ:h",
            "ń:n",
            "ñ:n",
        )
    )
)
#: Applied from left to right, again and again until nothing changes; none makes a word longer but ``x``.
_RULES: Final = tuple(
    (re.compile(old), new)
    for old, new in (
        ("tsch|shch|tch|cz|dj", "ch"),
        ("sch|sz", "sh"),
        ("[kg]h", "h"),
        ("ph", "f"),
        ("th", "t"),
        ("tz", "ts"),
        ("x", "ks"),
        ("c(?=[eiy])", "s"),
        ("ck|q|c(?!h)", "k"),
        ("g", "h"),
        ("w", "v"),
        ("[yj]", "i"),
        ("ou|oo", "u"),
        ("ee", "i"),
        ("(?<=[^aeiou])io", "e"),
        ("^io", "e"),
        ("i(?=[aeou])", ""),
        (r"(.)\1", r"\1"),
    )
)
#: Where it finds nothing, no rule changes anything.
_ANY: Final = re.compile("|".join(f"(?:{old.pattern})" for old, _ in _RULES))


@lru_cache(maxsize=1 << 17)
def fold_word(word: str) -> str:
    """The fold of one word; another script's letters stay as they are. Idempotent.

    >>> fold_word("Шойгу"), fold_word("Shoygu"), fold_word("Тоқаев"), fold_word("Tokayev")
    ('shoihu', 'shoihu', 'tokaev', 'tokaev')
    """
    text = plain(letters(word).translate(_MARKED)).translate(_CYRILLIC)
    before = ""
    while text != before and _ANY.search(text):
        before = text
        for old, new in _RULES:
            text = old.sub(new, text)
    return text


def fold(name: str) -> str:
    """The folds of a name's words, in their order, with single blanks between. Idempotent.

    >>> fold("Семён Пегов") == fold("Semyon Pegov") == fold("Semen Pehov")
    True
    >>> fold("ГУР") == fold("GUR") == fold("HUR"), fold("КНБ") == fold("KNB")
    (True, True)
    """
    return " ".join(folded for word in words(name) if (folded := fold_word(word)))


#: What a chunk may leave of a word when its vowels are dropped; longest first, alternatives apart by |.
_LEAVES: Final = (
    "tsch s,shch s,sch s|sk,tch s,sh s,zh s,sz s,cz s,dzh s,dž s,dz s,dj s|ts,ch s|k,ck k|sk,kh k|,gh k|,"
    "ph f,th t|f,tz s,ts s,x ks|s,qu k|kv,q k,j |s,h |k,w v|,"
    "дж s|ts,дз s,тс s,тц s,тз s,дс s|ts,кс ks,г k|,ґ k,ғ k,х k|,һ |k,й ,ў v,"
    "b b,v v,f f,p p,d t,t t,s s,z s,k k,m m,n n,l l,r r,"
    "б b,в v,ф f,п p,д t,т t,с s,з s,к k,қ k,м m,н n,ң n,л l,р r,ж s,ц s,ч s,ш s,щ s,ъ ,ь ,"
    "ć s,š s,č s,ł l,ń n,ž s,ç s,ñ n,ş s,ğ k|,ś s,ż s,ř r|s,ș s,ț s,đ t"
)
_LEFT: Final = {chunk: tuple(left.split("|")) for chunk, left in (e.split(" ") for e in _LEAVES.split(","))}
_SOFT: Final = frozenset("eiyéі")
_ALL_VOWELS: Final = frozenset("aeiouyöüäåæęəıøаеиоуыэюяёіїєәөұү")
_MOST_KEYS: Final = 4
_TWICE: Final = re.compile(r"(.)\1+")


def _leaves(word: str) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    at = 0
    while at < len(word):
        for size in (4, 3, 2, 1):
            chunk = word[at : at + size]
            if chunk in _LEFT or size == 1:
                break
        after = word[at + len(chunk) : at + len(chunk) + 1]
        if chunk in _ALL_VOWELS:
            glide = chunk == "у" and at == 0 and after in _ALL_VOWELS and after != ""
            found.append(("*", "v") if glide else ("*",))
        elif chunk in {"c", "g"}:
            soft = after in _SOFT or (chunk == "c" and not after)
            found.append(("s", "k") if soft else ("k", "") if chunk == "g" else ("k", "s"))
        else:
            found.append(_LEFT.get(chunk, (chunk,)))
        at += len(chunk)
    return found


@lru_cache(maxsize=1 << 17)
def keys(word: str) -> tuple[str, ...]:
    """Keys under which a word (of ``letters``) is looked up: its consonants by class, in up to four readings.

    Words that may be one name in two spellings mostly share a key; ``*`` stands for a first vowel.

    >>> keys("трюдо"), keys("trudeau")
    (('trt',), ('trt',))
    """
    choices = _leaves(word)
    open_choices = 0
    trimmed = []
    for choice in choices:
        open_choices += len(choice) > 1
        trimmed.append(choice if open_choices <= 2 else choice[:1])
    found: dict[str, None] = {}
    for reading in product(*trimmed):
        text = "".join(reading)
        first = "*" if text[:1] == "*" else ""
        bare = _TWICE.sub(r"\1", text.replace("*", ""))
        found.setdefault((first + bare) or "*")
    return tuple(found)[:_MOST_KEYS]
