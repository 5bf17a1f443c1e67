"""Numbers as each language writes them: in words and in figures. What these write, the reader reads back."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Final

from tocsin.resolve.quantities.lexicon import load_lexicon

__all__ = ["LARGEST", "figures", "spell"]

#: One more than the largest number that is spelled.
LARGEST: Final = 10**15
_THIN_SPACE: Final = "\u202f"
#: Feminine forms of one and two, which count thousands in Russian and Ukrainian.
_FEMININE: Final = {"ru": {1: "одна", 2: "две"}, "uk": {1: "одна", 2: "дві"}}
#: Scale words after 1, after 2–4, after any other number.
_SCALES: Final = {
    "en": {3: ("thousand",) * 3, 6: ("million",) * 3, 9: ("billion",) * 3, 12: ("trillion",) * 3},
    "ru": {
        3: ("тысяча", "тысячи", "тысяч"),
        6: ("миллион", "миллиона", "миллионов"),
        9: ("миллиард", "миллиарда", "миллиардов"),
        12: ("триллион", "триллиона", "триллионов"),
    },
    "uk": {
        3: ("тисяча", "тисячі", "тисяч"),
        6: ("мільйон", "мільйони", "мільйонів"),
        9: ("мільярд", "мільярди", "мільярдів"),
        12: ("трильйон", "трильйони", "трильйонів"),
    },
    "kk": {3: ("мың",) * 3, 6: ("миллион",) * 3, 9: ("миллиард",) * 3, 12: ("триллион",) * 3},
}


@cache
def _cardinals(language: str) -> dict[int, str]:
    """The first form the lexicon lists for each cardinal: the nominative."""
    found: dict[int, str] = {}
    for form, word in load_lexicon(language).words.items():
        if word.category == "CARD" and "." not in word.value:
            found.setdefault(int(word.value), form)
    return found


def _below_thousand(number: int, language: str, feminine: bool) -> list[str]:
    names = _cardinals(language)
    words = []
    hundreds, rest = divmod(number, 100)
    if hundreds:
        if language in _FEMININE:
            words.append(names[hundreds * 100])
        else:
            hundred = "hundred" if language == "en" else "жүз"
            words += ([names[hundreds]] if hundreds > 1 or language == "en" else []) + [hundred]
    if not rest:
        return words
    if rest in names and (rest < 20 or rest % 10 == 0):
        tail = [names[rest]]
    else:
        tail = [names[rest - rest % 10], names[rest % 10]]
    if feminine and language in _FEMININE and rest % 100 not in (11, 12):
        tail[-1] = _FEMININE[language].get(rest % 10, tail[-1])
    if language == "en":
        return [*words, *(["and"] if words else []), "-".join(tail)]
    return words + tail


def _scale(group: int, forms: tuple[str, str, str]) -> str:
    if group % 100 in range(11, 20) or group % 10 not in (1, 2, 3, 4):
        return forms[2]
    return forms[0] if group % 10 == 1 else forms[1]


def spell(number: int, language: str) -> str:
    """A whole number in words, nominative, masculine. ``language`` is one of ``lexicon.LANGUAGES``.

    Raises ValueError unless ``0 <= number < LARGEST``.

    >>> spell(1250, "en"), spell(2021, "ru"), spell(315, "kk")
    ('one thousand two hundred and fifty', 'две тысячи двадцать один', 'үш жүз он бес')
    """
    if not 0 <= number < LARGEST:
        raise ValueError(f"{number} is not spelled")
    if number == 0:
        return _cardinals(language)[0]
    words: list[str] = []
    for power in (12, 9, 6, 3, 0):
        group = number // 10**power % 1000
        if not group:
            continue
        own = _below_thousand(group, language, power == 3)
        if language == "en" and power == 0 and words and group < 100:
            own.insert(0, "and")
        words += own + ([_scale(group, _SCALES[language][power])] if power else [])
    return " ".join(words)


def figures(number: Decimal | int, language: str) -> str:
    """A number in figures: thousands and decimals set off as the language does («1 200,5», "1,200.5").

    Kazakh, Russian and Ukrainian thousands are set off by a narrow no-break space, from five digits on.

    >>> figures(Decimal("1200.5"), "en"), figures(Decimal("0.5"), "uk")
    ('1,200.5', '0,5')
    """
    text = f"{number:,f}"
    if language == "en":
        return text
    whole, _, part = text.partition(".")
    groups = whole.replace(",", _THIN_SPACE if len(whole.lstrip("-")) > 5 else "")
    return f"{groups},{part}" if part else groups
