"""The tense around an expression: past, untold or future, by the verb form nearest to it."""

from __future__ import annotations

import re
from typing import Final

from tocsin.resolve.fold import word_set
from tocsin.resolve.times.lexicon import Lexicon
from tocsin.resolve.times.tokens import Token
from tocsin.resolve.times.values import Atom

__all__ = ["tense_of"]

_PAST: Final = {
    "en": re.compile(r"(?!un)\w{2,}(?:[^e]ed|greed|reed)\Z"),
    "ru": re.compile(r"\w{2,}[аеиоыуя]л(?:а|о|и|ся|ась|ось|ись)?\Z|\w+[еоая][кгзсрб]л[аои](?:сь)?\Z"),
    "uk": re.compile(r"\w{2,}(?:[аиіуяоє]в|[аиіуяоє]л[аио]|[аи]но|[ії]то)(?:ся|сь)?\Z"),
    "kk": re.compile(r"\w{2,}(?:ды|ді|ты|ті|ған|ген|қан|кен|пты|пті)\Z"),
}
#: Verbs that are not in the past: of a date they tell that it lies ahead. In Kazakh the ending -ады is of the
#: future behind most consonants and of the past behind the -ла, -да, -та of verbs made from nouns.
_AHEAD: Final = {
    "en": re.compile(r"(?!)"),
    "ru": re.compile(r"\w{2,}(?:[уюя]т|[её]т|ит|[её]м|им|[еиая]тся|[уюя]тся)\Z"),
    "uk": re.compile(
        r"\w{2,}(?:[уюая]ть|ить|тиме|тимуть|тимемо|[иу]є|[бвгджзклмнрстчш]е|емо|ємо|имо)(?:ться|ся)?\Z|\w{2,}[єеи]ться\Z"
    ),
    "kk": re.compile(
        r"\w*(?:[аәеоөұүыіий][лтд]|[нрсшзғкқпмжб])(?:ады|еді)\Z|\w{2,}(?:йды|йді|[аей]м[ыі][зн]|мақ|мек|пақ|пек|бақ|бек)\Z"
    ),
}
#: Tokens that part what is told: a verb beyond one counts as so many tokens farther.
_PARTED: Final = {"COMMA": 1, "DASH": 2, "BREAK": 8, "DOT": 3}
_NO_VERB: Final = word_set(
    "the a an his her its their our my your this that these those it them him us me be all some any reporters"
)


_BE_PAST: Final = word_set("was were had been")
_BE_NOW: Final = word_set("is are")
#: "No earlier than Friday" lies ahead, unless the verb says otherwise.
_NOT_BEFORE: Final = frozenset(
    {"no earlier than", "not earlier than", "no sooner than", "not sooner than", "not before"}
    | {"не раньше", "не ранее", "не раніше"}
)
_NONE: Final = word_set("neither nor nobody")
_SURE: Final = word_set("will shall 'll")
_PLANNED: Final = word_set("planning scheduled expected due preparing hoping")
#: Tokens that an infinitive without another verb counts as lying farther away.
_INFINITIVE: Final = 12


def _told(
    tokens: list[Token], index: int, lexicon: Lexicon, ending: re.Pattern[str]
) -> tuple[int, int] | None:
    """What the token says of the tense and how much farther it counts, None where it says nothing."""
    token = tokens[index]
    word = token.plain
    pair = f"{word} {tokens[index + 1].plain}" if index + 1 < len(tokens) else word
    if word in lexicon.neutral or pair in lexicon.neutral:
        return None
    if lexicon.language == "en" and (found := _english(tokens, index)) is not None:
        return found
    if word in lexicon.future or pair in lexicon.future:
        return 1, 0
    plain = token.category == "OTHER" and token.text[0].islower()
    if plain and word not in lexicon.past and _AHEAD[lexicon.language].match(word):
        return 1, 1
    if word in lexicon.past or (plain and ending.match(word)):
        passive = index > 0 and tokens[index - 1].plain == "be"  # "will be named", "to be held"
        return None if passive else (-1, 0)
    if lexicon.language == "en" and word == "to" and index + 1 < len(tokens):
        after = tokens[index + 1]
        verb = after.category == "OTHER" and after.text.islower() and after.plain not in _NO_VERB
        return (1, _INFINITIVE) if verb and not after.plain.endswith(("s", "ing", "ers")) else None
    return None


def _english(tokens: list[Token], index: int) -> tuple[int, int] | None:
    """Verb forms that more than one word tells: "were planning", "is to resume", "could not be found"."""
    word = tokens[index].plain
    after = tokens[index + 1].plain if index + 1 < len(tokens) else ""
    if word in _BE_PAST and after in _PLANNED:
        return (-1 if word == "been" and index and tokens[index - 1].plain == "had" else 1), 0
    if word in _BE_NOW and after == "to":
        return 1, 0
    if word == "could" and (after == "not" or any(t.plain in _NONE for t in tokens[:index])):
        return -1, 0
    if word in _SURE:
        return 2, 0
    return None


def _nearest(tokens: list[Token], atom: Atom, lexicon: Lexicon) -> int:
    ending = _PAST[lexicon.language]
    best, found = len(tokens) * 9, 0
    for steps, end in ((range(atom.first - 1, -1, -1), -1), (range(atom.last, len(tokens)), 1)):
        distance = 0 if end < 0 else 1
        for index in steps:
            token = tokens[index]
            distance += 1 + _PARTED.get(token.category, 0)
            if distance >= best:
                break
            if not token.text[0].isalpha() and token.text[0] not in "'’":
                continue
            told = _told(tokens, index, lexicon, ending)
            if told is not None and distance + told[1] < best:
                found, best = told[0], distance + told[1]
    return found


def tense_of(tokens: list[Token], atom: Atom, lexicon: Lexicon) -> int:
    """-1, 0 or 1: past, untold or future, by the verb form nearest; doubled where its form leaves no doubt.

    What something is to be done by or until lies ahead, unless the sentence opens with it or says "had".
    """
    tense = _nearest(tokens, atom, lexicon) * (1 if lexicon.language == "en" else 2)
    before = tokens[atom.first - 1].plain if atom.first else ""
    if tense == 0 and before in _NOT_BEFORE:
        tense = 1
    if before == "since":
        tense = min(tense, -1)  # "on patrol since March and scheduled to return"
    last = tokens[atom.last - 1]
    if last.owns and last.category == "WEEKDAY":
        tense = min(tense, 0)  # "a way around Wednesday's ruling": the verb is not of that day
    at = atom.first - 1
    while at >= 0 and tokens[at].category == "THE":
        at -= 1
    if at >= 0 and tokens[at].category in ("UNTIL", "BY"):
        if tense == 0:
            return 1
        late = atom.first > 2 and not any(token.plain == "had" for token in tokens)
        return 1 if lexicon.language == "en" and late else tense
    return tense
