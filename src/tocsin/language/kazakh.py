"""Kazakh nominal endings: candidate stems of an inflected noun, by rule.

A Kazakh noun is ``stem + plural + possessive + case`` (see any grammar, e.g. Krippes 1996). Each ending has
variants chosen by vowel harmony (back а о ұ ы я ю ё / front ә е ө ү і э) and by the class of the sound before
it, so an ending is taken off only where both fit: «Шымкентте» is Шымкент + те, but «-та» would not do.
Without a dictionary stems stay ambiguous («Қарағанды» looks like an accusative of «қараған»), therefore all
candidates are given and the caller, who has a gazetteer or a name list, decides.

A table of rules was preferred to a finite-state package (apertium-kaz): none is on the Python registry, and
names, the main use, are out of its dictionary anyway.
"""

from __future__ import annotations

from typing import Final

__all__ = ["stems"]

_BACK: Final = frozenset("аоұыяюё")
_FRONT: Final = frozenset("әеөүіэ")
_NEUTRAL: Final = frozenset("иу")  # harmonise with their neighbours or with a loan's last vowel
_VOWELS: Final = _BACK | _FRONT | _NEUTRAL
_SONORANT: Final = frozenset("рйуил")
_NASAL: Final = frozenset("мнң")
_VOICED: Final = frozenset("зж")
_VOICELESS: Final = frozenset("кқптсшщчцхһфбвгғдьъ")

# What may stand before each initial consonant of an ending.
_AFTER_VOWEL: Final = _VOWELS
_SOFT_G: Final = _VOWELS | _SONORANT | _NASAL | _VOICED
_SOFT_D: Final = _VOWELS | _SONORANT | _NASAL | _VOICED
_HARD: Final = _VOICELESS

#: (ending, what may precede it), by slot; back and front variants both listed.
_CASES: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    # locative as an adjective («the one in»)
    *((e, _SOFT_D) for e in ("дағы", "дегі")),
    *((e, _HARD) for e in ("тағы", "тегі")),
    *((e, frozenset("ыі")) for e in ("ндағы", "ндегі")),
    # genitive
    *((e, _VOWELS | _NASAL) for e in ("ның", "нің")),
    *((e, _SONORANT | _VOICED) for e in ("дың", "дің")),
    *((e, _HARD) for e in ("тың", "тің")),
    # ablative
    *((e, _VOWELS | _SONORANT | _VOICED) for e in ("дан", "ден")),
    *((e, _NASAL | frozenset("ыі")) for e in ("нан", "нен")),
    *((e, _HARD) for e in ("тан", "тен")),
    # locative
    *((e, _SOFT_D) for e in ("да", "де")),
    *((e, _HARD) for e in ("та", "те")),
    *((e, frozenset("ыі")) for e in ("нда", "нде")),
    # dative
    *((e, _SOFT_G) for e in ("ға", "ге")),
    *((e, _HARD) for e in ("қа", "ке")),
    *((e, frozenset("ыі")) for e in ("на", "не")),
    # instrumental
    ("мен", _VOWELS | _SONORANT | _NASAL),
    ("бен", _VOICED),
    ("пен", _HARD),
    # accusative
    *((e, _VOWELS) for e in ("ны", "ні")),
    *((e, _SONORANT | _NASAL | _VOICED) for e in ("ды", "ді")),
    *((e, _HARD) for e in ("ты", "ті")),
)
_POSSESSIVES: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    *((e, _VOWELS) for e in ("сы", "сі")),
    *((e, _SONORANT | _NASAL | _VOICED | _HARD) for e in ("ымыз", "іміз", "ыңыз", "іңіз")),
    *((e, _SONORANT | _NASAL | _VOICED | _HARD) for e in ("ым", "ім", "ың", "ің", "ы", "і")),
)
_PLURALS: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    *((e, _VOWELS | frozenset("рйу")) for e in ("лар", "лер")),
    *((e, _NASAL | _VOICED | frozenset("л")) for e in ("дар", "дер")),
    *((e, _HARD) for e in ("тар", "тер")),
)
_RELATIONAL: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    *((e, _VOWELS | frozenset("рйу")) for e in ("лық", "лік")),
    *((e, _NASAL | _VOICED | frozenset("л")) for e in ("дық", "дік")),
    *((e, _HARD) for e in ("тық", "тік")),
)
_SLOTS: Final = (_CASES, _POSSESSIVES, _PLURALS, _RELATIONAL)

# Final voiceless sounds soften before a possessive vowel: «кітап» → «кітабы», «халық» → «халқы» (the latter
# drops a vowel too and is left alone: restoring it needs a dictionary).
_HARDEN: Final = {"б": "п", "г": "к", "ғ": "қ"}
_SHORTEST: Final = 3


def _harmony(stem: str) -> frozenset[str]:
    """The vowels an ending of this stem may have; both kinds after a neutral last vowel."""
    for letter in reversed(stem):
        if letter in _BACK:
            return _BACK
        if letter in _FRONT:
            return _FRONT
        if letter in _NEUTRAL:
            return _BACK | _FRONT
    return frozenset()


def _fits(stem: str, ending: str, before: frozenset[str]) -> bool:
    if len(stem) < _SHORTEST or stem[-1] not in before:
        return False
    allowed = _harmony(stem)
    if ending in ("мен", "бен", "пен"):  # the one ending without a back variant
        return bool(allowed)
    vowel = next((letter for letter in ending if letter in _VOWELS), "")
    return vowel in allowed


def _strip(word: str, slot: tuple[tuple[str, frozenset[str]], ...]) -> list[str]:
    found = []
    for ending, before in slot:
        if word.endswith(ending):
            stem = word[: -len(ending)]
            if _fits(stem, ending, before):
                found.append(stem)
    return found


def stems(word: str) -> tuple[str, ...]:
    """Candidate stems of a lower-case Kazakh noun, the word itself first, then fewest endings removed first.

    Endings come off from the outside in: case, possessive, plural, then the relational «-лық».

    >>> stems("шымкентте")
    ('шымкентте', 'шымкент')
    """
    found: dict[str, None] = {word: None}
    layer = [word]
    for slot in _SLOTS:
        new = [stem for item in layer for stem in _strip(item, slot)]
        if slot is _POSSESSIVES:
            new += [stem[:-1] + _HARDEN[stem[-1]] for stem in new if stem[-1] in _HARDEN]
        found.update(dict.fromkeys(new))
        layer += new
    return tuple(found)
