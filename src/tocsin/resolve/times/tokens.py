"""A sentence as tokens with categories: shapes by one regular expression, words by the lexicon."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tocsin.resolve.times.lexicon import Lexicon, Word, category_code, plain

__all__ = ["Token", "may_hold_time", "tokenize"]

#: Alternatives in order; the name of the group is the shape.
_SHAPES: Final = re.compile(
    r"""
      (?P<JUNK>https?://\S+|www\.\S+|[@\#]\w+|t\.me/\S+
        |\+\d[\d\s()\-]{7,}\d
        |\d{1,3}(?:\.\d{1,3}){3}
        |[$€£₸₽₴]\s?\d[\d.,]*
        |\d+(?:[.,]\d+)?\s?[%$€£₸₽₴]
        |(?<!\d)8\s?[(-]\d{3}[)-][\d\s-]{6,9}\d
      )
    | (?P<ISOTIME>(?<![\d-])\d{4}-\d\d-\d\d[T\ ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?(?!\w)) |
    (?P<ISODATE>(?<![\d-])\d{4}-\d\d-\d\d(?![\d-])) |
    (?P<DOTDATE>(?<![\d.])\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2})(?![\d]|\.\d)) |
    (?P<SLASHDATE>(?<![\d/])\d{1,2}/\d{1,2}/(?:\d{4}|\d{2})(?![\d/])) |
    (?P<CLOCK>(?<![\d:.,])(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?![\d:])) |
    (?P<DECADE>(?<![\w])(?:'?\d0'?s|(?:1[0-9]|20)\d0'?s|(?:1[0-9]|20)?[1-9]0-(?:х|е|ых|ые|м|ми|ті|тих|их|і|ми)|(?:1[0-9]|20)00-(?:х|е|ых|ые|ті|тих))(?!\w))
    |
    (?P<ORDNUM>(?<![\w])\d{1,4}(?:st|nd|rd|th|-(?:го|му|ому|м|ом|ем|й|ый|ой|я|ая|ю|ое|е|ого|ої|ій|им|ше|ге|ші|шы|нші|ншы|інші|ыншы|ші|сі|сы|і|ы|інде|ында|нде|сінде|сында|інен|ынан))(?!\w))
    | (?P<DECIMAL>(?<![\w.,])\d+(?:[.,]\d+)+(?![\w])) | (?P<QTOKEN>(?<!\w)Q[1-4](?!\w)) |
    (?P<AMPM>(?<!\w)[apAP]\.\s?m\.) | (?P<ROMAN>(?<!\w)[IVXІХ]{1,6}(?!\w)) | (?P<NUMBER>\d+) |
    (?P<WORD>[^\W\d_]+(?:['’ʼ][^\W\d_]+)*) | (?P<DASH>[-–—‑]) | (?P<COMMA>,) | (?P<DOT>\.) |
    (?P<BREAK>[\n\r]) | (?P<OTHER>[^\s\w]|_)
    """,
    re.VERBOSE,
)
_WORDS: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
#: Figures that may be a time with no word beside them: years, dates, clock times, decades.
_FIGURES: Final = re.compile(
    r"(?<![\w/@.])(?:1\d|20|21)\d\d(?!\d)|\d:\d\d|\d[./]\d{1,2}[./]\d|\d0-?[xхs]|Q[1-4]"
)
_POSSESSIVE: Final = re.compile(r"['’ʼ]s\Z")
_FIRST_YEAR, _LAST_YEAR = 1000, 2199
_OTHER: Final = Word("OTHER", category_code("OTHER"), "")


@dataclass(slots=True)
class Token:
    """One token. ``start`` and ``end`` are code points of the sentence.

    ``value`` is as in the lexicon or as written; ``plain`` the text in lower case (see ``lexicon.plain``).
    """

    start: int
    end: int
    text: str
    category: str
    code: str
    value: str
    plain: str


def may_hold_time(text: str, lexicon: Lexicon) -> bool:
    """Whether a trigger word or a figure shaped like a time is there: a cheap test that loses no time."""
    if _FIGURES.search(text):
        return True
    return not lexicon.triggers.isdisjoint(_WORDS.findall(plain(text)))


def _number(text: str, at: int, digits: str) -> str:
    """The category of a whole number: letters on either side make it part of a name or a measure."""
    before, after = text[at - 1 : at], text[at + len(digits) : at + len(digits) + 1]
    glued = before.isalpha() or before in ("№", "#", "_", "/", "\\")
    hyphened = before in ("-", "–") and text[at - 2 : at - 1].isalpha() and len(digits) <= 3
    if (glued and before) or hyphened or (after.isalpha() and after not in ("г", "р", "ж")):
        return "JUNK"
    if len(digits) == 4 and _FIRST_YEAR <= int(digits) <= _LAST_YEAR:
        return "YEAR"
    if len(digits) <= 2 and 1 <= int(digits) <= 31:
        return "DAYNUM"
    return "NUMBER" if len(digits) <= 6 else "JUNK"


def _figure(kind: str, match: re.Match[str], lexicon: Lexicon) -> tuple[str, str]:
    """Category and value of a token that is no word."""
    raw = match.group()
    if kind == "NUMBER":
        return _number(match.string, match.start(), raw), raw
    if kind == "ORDNUM":
        digits = raw.split("-")[0].rstrip("stndrh")
        if len(digits) == 4:
            return "YEAR", digits
        return ("ORDNUM" if 1 <= int(digits) <= 31 else "OTHER"), digits
    if kind == "ROMAN" and lexicon.language == "en":
        found = lexicon.words.get(raw.lower())
        return (found.category, found.value) if found else (kind, raw)
    if kind == "AMPM":
        return kind, raw[0].lower() + "m"
    return kind, raw


def _scan(text: str, lexicon: Lexicon) -> list[Token]:
    level = plain(text)
    if len(level) != len(text):  # a letter whose lower case is two code points: level each token for itself
        level = ""
    words = lexicon.words
    found = []
    for match in _SHAPES.finditer(text):
        kind = str(match.lastgroup)
        start, end = match.span()
        raw = match.group()
        low = level[start:end] if level else plain(raw)
        if kind != "WORD":
            kind, value = _figure(kind, match, lexicon)
            found.append(Token(start, end, raw, kind, category_code(kind), value, low))
            continue
        word = words.get(low)
        if word is None and (cut := _POSSESSIVE.search(raw)) is not None:
            word = words.get(low[: cut.start()])
            if word is not None:
                end, raw, low = start + cut.start(), raw[: cut.start()], low[: cut.start()]
        if word is None or (word.capital and not raw[0].isupper()):
            word = _OTHER
        found.append(Token(start, end, raw, word.category, word.code, word.value, low))
    return found


def _phrase(tokens: list[Token], index: int, text: str, lexicon: Lexicon) -> tuple[Token, int] | None:
    """The phrase of the lexicon that begins at a token, as one token, and how many it takes."""
    token = tokens[index]
    for parts, word in lexicon.phrases.get(token.plain, ()):
        group = tokens[index : index + len(parts)]
        if len(group) < len(parts) or any(t.plain != p for t, p in zip(group, parts, strict=True)):
            continue
        if not word.capital or token.text[0].isupper():
            start, end = token.start, group[-1].end
            whole = text[start:end]
            return Token(start, end, whole, word.category, word.code, word.value, plain(whole)), len(parts)
    return None


def _added(tens: Token, ones: Token, text: str) -> Token | None:
    """Two number words as their sum («двадцать четыре»), if they make one."""
    high, low = int(tens.value), int(ones.value)
    if high % 10 or not 20 <= high <= 90 or low > 9:
        return None
    whole = text[tens.start : ones.end]
    return Token(tens.start, ones.end, whole, "NUM", ones.code, str(high + low), whole.lower())


def tokenize(text: str, lexicon: Lexicon) -> list[Token]:
    """Tokens of a sentence, left to right; white space is left out, a line break is a token of its own."""
    tokens = _scan(text, lexicon)
    phrases = lexicon.phrases
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token, taken = tokens[index], 1
        if token.plain in phrases:
            token, taken = _phrase(tokens, index, text, lexicon) or (token, 1)
        if token.category == "NUM" and found and found[-1].category == "NUM":
            found[-1:] = [whole] if (whole := _added(found[-1], token, text)) else [found[-1], token]
        else:
            found.append(token)
        index += taken
    return found
