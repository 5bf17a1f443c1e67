"""What is counted: the head noun after a number.

Russian and Ukrainian ask the dictionary for nouns and adjectives; English and Kazakh, which have none
here, go by endings and closed lists.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tocsin.language.kazakh import stems
from tocsin.language.morphology import Parse, lemmas, parses
from tocsin.resolve.quantities.lexicon import Lexicon
from tocsin.resolve.quantities.tokens import Token

__all__ = ["Count", "counted_at", "counted_key", "is_ordinal_noun"]

#: Words looked at after a number: adjectives before the noun.
_FAR: Final = 5
_SHORT_LABEL: Final = 3
_COUNTABLE: Final = frozenset(
    {"OTHER", "PERSON", "TIMES", "PIECE", "HOUSEHOLD", "MORE", "LABEL", "UNIT", "COMPARE", "CODE"}
)
_OBLIQUE: Final = frozenset({"datv", "ablt", "loct", "loc2"})
_OBLIQUE_NUMBERS: Final = (
    "ми",
    "мя",
    "ум",
    "ем",
    "ма",
    "ом",
    "ьм",
    "ью",
    "ех",
    "ух",
    "ьох",
    "ах",
    "стах",
    "и",
    "у",
    "й",
    "го",
)
_PARTICIPLE: Final = ("ған", "ген", "қан", "кен", "атын", "етін", "йтын", "йтін")
_VERBS: Final = ("ады", "еді", "йды", "йді", "тінін", "тынын")
_VERB_ENDS: Final = ("ed", "ing", "ly")


@dataclass(frozen=True, slots=True)
class Count:
    """What is known of the number.

    ``number`` is its whole value (None: vague or broken), ``figure`` whether it is written so, ``loose``
    whether "of" joins it to what it counts ("hundreds of"), ``ending`` its last word, which shows its case.
    """

    number: int | None = None
    figure: bool = False
    loose: bool = False
    ending: str = ""

    @property
    def oblique(self) -> bool:
        return self.figure or self.ending.endswith(_OBLIQUE_NUMBERS)


def counted_at(tokens: list[Token], at: int, lexicon: Lexicon, count: Count) -> int | None:
    """The index of the head noun of what a number counts, looking from ``at`` on; None where there is
    none."""
    if lexicon.language == "en":
        return _english(tokens, at, lexicon, count)
    if lexicon.language == "kk":
        return _kazakh(tokens, at, lexicon)
    return _slavic(tokens, at, lexicon, count)


def _word(tokens: list[Token], at: int) -> Token | None:
    if at >= len(tokens):
        return None
    token = tokens[at]
    if token.category == "LABEL" and len(token.plain) <= _SHORT_LABEL:
        return None
    return token if token.text[:1].isalpha() and token.category in _COUNTABLE else None


def _english(tokens: list[Token], at: int, lexicon: Lexicon, count: Count) -> int | None:
    lists, fallback = lexicon.lists, None
    one = count.number == 1
    first = _word(tokens, at)
    alone = at if count.loose and first is not None and first.plain not in lexicon.lists["stops"] else None
    for index in range(at, at + _FAR):
        if index > at and index < len(tokens) and tokens[index].category == "DASH":
            continue
        token = _word(tokens, index)
        if token is None or token.plain in lists["stops"]:
            break
        word = token.plain
        if word in lists["fallback"]:
            fallback = index
            continue
        if word in lists["plurals"] or token.category == "TIMES" or (one and token.category == "PERSON"):
            return index
        plural = word.endswith("s") and not word.endswith(("ss", "us", "'s")) and len(word) > 2
        if plural and word not in lists["singulars"]:
            return index
        if one and word not in lists["more"] and not word.endswith(_VERB_ENDS):
            return index
    return alone if fallback is None else fallback


def _agrees(reading: Parse, count: Count) -> bool:
    """Whether a noun stands in a form that the number asks for: «21 дом, 2 дома, 5 домов», oblique
    plurals, «1,5 дома»."""
    plural, genitive = reading.number == "plur", reading.case in ("gent", "gen2")
    if count.number is None:
        return genitive or (plural and reading.case in _OBLIQUE)
    ones, tens = count.number % 10, count.number % 100
    if ones == 1 and tens != 11:
        return not plural or reading.case in _OBLIQUE
    if ones in (2, 3, 4) and tens not in (12, 13, 14):
        return plural or genitive
    return plural and (genitive or (count.oblique and reading.case in _OBLIQUE))


def _is_noun(readings: tuple[Parse, ...], count: Count) -> bool:
    nouns = [reading for reading in readings if reading.pos == "NOUN"]
    return any(_agrees(reading, count) or not (reading.known or count.figure) for reading in nouns)


def _slavic(tokens: list[Token], at: int, lexicon: Lexicon, count: Count) -> int | None:
    nominal = tuple(lexicon.lists["nominal"])
    candidate = None
    for index in range(at, at + _FAR):
        token = _word(tokens, index)
        if token is None or token.plain in lexicon.lists["prepositions"]:
            break
        readings = parses(token.plain, lexicon.language)
        noun = token.category in ("PERSON", "TIMES") or _is_noun(readings, count)
        adjective = any(reading.pos in ("ADJF", "PRTF") for reading in readings)
        if noun and not adjective:
            return index
        if not adjective:
            break
        if noun or token.plain.startswith(nominal):
            candidate = index
    return candidate


def is_ordinal_noun(word: str, number: int, lexicon: Lexicon) -> bool:
    """Whether a word after a figure makes it an ordinal: a singular where a count asks for a plural («5
    место», «6 армия»)."""
    ones, tens = number % 10, number % 100
    if lexicon.language not in ("ru", "uk") or (ones == 1 and tens != 11):
        return False
    readings = [r for r in parses(word, lexicon.language) if r.pos in ("NOUN", "ADJF") and r.known]
    few = ones in (2, 3, 4) and tens not in (12, 13, 14)
    return bool(readings) and all(r.number == "sing" and not (few and r.case == "gent") for r in readings)


def _kazakh(tokens: list[Token], at: int, lexicon: Lexicon) -> int | None:
    lists = lexicon.lists
    for index in range(at, at + _FAR):
        token = _word(tokens, index)
        if token is None or token.plain in lists["stops"]:
            return None
        if token.plain in lists["adjectives"] or token.plain.endswith(_PARTICIPLE):
            continue
        return None if token.plain.endswith(_VERBS) else index
    return None


_SINGULARS: Final = {
    "people": "person",
    "men": "man",
    "women": "woman",
    "children": "child",
    "feet": "foot",
    "mice": "mouse",
    "geese": "goose",
}
_KEEP: Final = ("ss", "us", "is")


def counted_key(word: str, lexicon: Lexicon) -> str:
    """The base form of a counted noun, so that counts of the same thing can be found; lower case.

    Words for people as such are all ``person``. A guess where no dictionary has the word.
    """
    plain = word.lower()
    if plain in lexicon.lists["persons"]:
        return "person"
    if lexicon.language == "kk":
        return stems(plain)[-1] if len(plain) > 4 else plain
    if lexicon.language in ("ru", "uk"):
        return lemmas(plain, lexicon.language)[0]
    if plain in _SINGULARS:
        return _SINGULARS[plain]
    if plain.endswith("ies") and len(plain) > 4:
        return plain[:-3] + "y"
    if plain.endswith(("ches", "shes", "sses", "xes")):
        return plain[:-2]
    return plain[:-1] if plain.endswith("s") and not plain.endswith(_KEEP) else plain
