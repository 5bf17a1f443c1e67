"""A sentence as tokens with categories: shapes by one regular expression, words by the lexicon."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from tocsin.resolve.times.lexicon import Lexicon, Word, category_code, plain

__all__ = ["Token", "may_hold_time", "tokenize"]

#: Case endings that Kazakh writes after a figure and a hyphen.
_KAZAKH_CASES: Final = "(?:да|де|та|те|дан|ден|тан|тен|нан|нен|ға|ге|қа|ке|дың|дің|тың|тің|ның|нің)"
#: Alternatives in order; the name of the group is the shape. Words come first: most tokens are words.
_SHAPES: Final = re.compile(
    rf"""
    (?P<WORD>(?!https?:|www\.|t\.me/|[apAP]\.\s?m\.|Q[1-4](?!\w))[^\W\d_]+(?:['’ʼ][^\W\d_]+)*) |
    (?P<COMMA>,) |
    (?P<JUNK>https?://\S+|www\.\S+|[@\#]\w+|t\.me/\S+
        |\+\d[\d\s()\-]{{7,}}\d
        |\d{{1,3}}(?:\.\d{{1,3}}){{3}}
        |[$€£₸₽₴]\s?\d[\d.,]*
        |\d+(?:[.,]\d+)?\s?[%$€£₸₽₴]
        |(?<!\d)8\s?[(-]\d{{3}}[)-][\d\s-]{{6,9}}\d
      ) |
    (?P<ISOTIME>(?<![\d-])\d{{4}}-\d\d-\d\d[T\ ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?(?!\w)) |
    (?P<ISODATE>(?<![\d-])\d{{4}}-\d\d-\d\d(?![\d-])) |
    (?P<DOTDATE>(?<![\d.])\d{{1,2}}\.(?:\d{{1,2}}\.(?:\d{{4}}|\d{{2}})|\s\d{{1,2}}\.\s\d{{4}})(?![\d]|\.\d)) |
    (?P<SLASHDATE>(?<![\d/])\d{{1,2}}/\d{{1,2}}/(?:\d{{4}}|\d{{2}})(?![\d/])) |
    (?P<GLUEDTIME>(?<![\w.:,])(?:1[0-2]|0?[1-9])(?:[:.]?[0-5]\d)?\s?(?:[ap]m|[AP]M)(?!\w)) |
    (?P<CLOCK>(?<![\d:.,])(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?![\d:])(?:-{_KAZAKH_CASES}(?!\w))?) |
    (?P<DECADE>(?<![\w])(?:'?\d0'?s|(?:1[0-9]|20)\d0'?s
        |(?:1[0-9]|20)?[1-9]0-(?:х|е|ых|ые|м|ми|ті|тих|их|і)
        |(?:1[0-9]|20)00-(?:х|е|ых|ые|ті|тих))(?!\w)) |
    (?P<SUFFIXED>(?<![\w.])\d{{1,4}}-(?:{_KAZAKH_CASES}|х|ти|ох|ма)(?!\w)) |
    (?P<ORDNUM>(?<![\w])\d{{1,4}}(?:st|nd|rd|th|-(?:го|му|ому|м|ом|ем|й|ый|ой|я|ая|ю|ое|е|ого|ої|тої|ій|им|ше|ге|га
        |ту|ша|ма|ші|шы|нші|ншы|інші|ыншы|сі|сы|і|ы|інде|ында|нде|сінде|сында|інен|ынан))(?!\w)) |
    (?P<DECIMAL>(?<![\w.,])\d+(?:[.,]\d+)+(?!\d)|(?<![\w.,])\d+\s1/2(?![\w/])) |
    (?P<QTOKEN>(?<!\w)Q[1-4](?!\w)) |
    (?P<AMPM>(?<!\w)[apAP]\.\s?m\.) | (?P<NUMBER>\d+) | (?P<DASH>[-–—‑−]) | (?P<DOT>\.) | (?P<SLASH>/) |
    (?P<BREAK>[\n\r]) | (?P<OTHER>[^\s\w]|_)
    """,
    re.VERBOSE,
)
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_WORDS: Final = re.compile(r"[^\W\d_]+(?:'(?!s\b)[^\W\d_]+)*")
#: Figures that may be a time with no word beside them: years, dates, clock times, decades.
_FIGURES: Final = re.compile(
    r"(?<![\w/@.])(?:1\d|20|21)\d\d(?!\d)|\d:\d\d|\d[./]\d{1,2}[./]\d|\d0-?[xхsеі]|Q[1-4]"
    r"|\d ?[apAP][mM]\b|\d-(?:го|th)|\dth\b"
)
_POSSESSIVE: Final = re.compile(r"['’ʼ]s\Z")
_FIRST_YEAR, _LAST_YEAR = 1000, 2199
_OTHER: Final = Word("OTHER", category_code("OTHER"), "")
_ROMAN: Final = frozenset("IVXІХ")
#: Shapes that are their own category and stand for what is written.
_MARKS: Final = {name: category_code(name) for name in ("COMMA", "DOT", "DASH", "SLASH", "BREAK", "OTHER")}
_GLUED: Final = frozenset("№#_/\\")
_YEAR_LETTERS: Final = frozenset("грж")


@dataclass(slots=True)
class Token:
    """One token. ``start`` and ``end`` are code points of the sentence.

    ``value`` is as in the lexicon or as written; ``plain`` the text in lower case (see ``lexicon.plain``);
    ``owns`` says that a possessive "'s" was cut off.
    """

    start: int
    end: int
    text: str
    category: str
    code: str
    value: str
    plain: str
    owns: bool = False


def may_hold_time(text: str, lexicon: Lexicon) -> bool:
    """Whether a trigger word or a figure shaped like a time is there: a cheap test that loses no time."""
    if not lexicon.triggers.isdisjoint(_WORDS.findall(plain(text))):
        return True
    return _FIGURES.search(text) is not None


def _is_unit(text: str, at: int, lexicon: Lexicon) -> bool:
    """Whether a unit of time is written right behind a figure: "24hrs", «5мин»."""
    letters = _LETTERS.match(text, at)
    word = lexicon.words.get(plain(letters.group())) if letters is not None else None
    return word is not None and word.category in ("UNIT", "YEARWORD")


def _number(text: str, at: int, digits: str, end: int, lexicon: Lexicon) -> str:
    """The category of a whole number: letters on either side make it part of a name or a measure."""
    before, after = text[at - 1 : at], text[end : end + 1]
    if after.isalpha() and not before.isalpha() and before not in _GLUED and _is_unit(text, end, lexicon):
        return _sized(digits)
    glued = before.isalpha() or before in _GLUED
    hyphened = before in ("-", "–") and text[at - 2 : at - 1].isalpha() and len(digits) <= 3
    if (glued and before) or hyphened or (after.isalpha() and after not in _YEAR_LETTERS):
        return "NUMBER" if before == "/" and text[at - 2 : at - 1].isdigit() else "JUNK"
    return _sized(digits)


def _sized(digits: str) -> str:
    if len(digits) == 4 and _FIRST_YEAR <= int(digits) <= _LAST_YEAR:
        return "YEAR"
    if len(digits) <= 2 and 1 <= int(digits) <= 31:
        return "DAYNUM"
    return "NUMBER" if len(digits) <= 6 else "JUNK"


def _figure(kind: str, match: re.Match[str], lexicon: Lexicon) -> tuple[str, str]:
    """Category and value of a token that is no word."""
    raw = match.group()
    if kind == "NUMBER":
        category, value = _number(match.string, match.start(), raw, match.end(), lexicon), raw
    elif kind == "SUFFIXED":
        value = raw.partition("-")[0]
        category = _sized(value)
    elif kind == "ORDNUM":
        value = raw.partition("-")[0].rstrip("stndrh")
        ordinal = "ORDNUM" if 1 <= int(value) <= 31 else "OTHER"
        category = "YEAR" if len(value) == 4 else ordinal
    elif kind == "GLUEDTIME":
        digits = re.sub(r"\D", "", raw)
        hour, minute = (int(digits), 0) if len(digits) < 3 else (int(digits[:-2]), int(digits[-2:]))
        hour = hour % 12 + (12 if raw[-2] in "pP" else 0)
        category, value = "CLOCK", f"{hour:02d}:{minute:02d}" if len(digits) > 2 else f"{hour:02d}"
    else:
        category, value = kind, _value(kind, raw)
    return category, value


def _value(kind: str, raw: str) -> str:
    """The value of a figure whose shape is its category."""
    if kind == "CLOCK":
        return raw.partition("-")[0]
    if kind == "DECADE":
        return re.sub(r"\D", "", raw.partition("-")[0])
    if kind == "DECIMAL" and raw.endswith("1/2"):
        return raw.partition(" ")[0] + ".5"
    return raw[0].lower() + "m" if kind == "AMPM" else raw


def _after_month(found: list[Token]) -> bool:
    return len(found) > 1 and found[-1].category == "DASH" and found[-2].category == "MONTH"


def _scan(text: str, lexicon: Lexicon) -> list[Token]:
    level = plain(text)
    if len(level) != len(text):  # a letter whose lower case is two code points: level each token for itself
        level = ""
    words = lexicon.words
    found: list[Token] = []
    for match in _SHAPES.finditer(text):
        kind = str(match.lastgroup)
        start, end = match.span()
        raw = text[start:end]
        low = level[start:end] if level else plain(raw)
        if kind in _MARKS:
            found.append(Token(start, end, raw, kind, _MARKS[kind], raw, low))
            continue
        if kind != "WORD":
            shape, (kind, value) = kind, _figure(kind, match, lexicon)
            if shape == "NUMBER" and kind == "JUNK" and raw.isdigit() and _after_month(found):
                kind = _sized(raw)  # "27 May-28 May"
            found.append(Token(start, end, raw, kind, category_code(kind), value, low))
            continue
        word = words.get(low)
        if word is None and "'" in low and (cut := _POSSESSIVE.search(raw)) is not None:
            word = words.get(low[: cut.start()])
            if word is not None:
                end, raw, low = start + cut.start(), raw[: cut.start()], low[: cut.start()]
        if word is None and raw[0] in _ROMAN and _ROMAN.issuperset(raw) and not text[end : end + 1].isdigit():
            found.append(Token(start, end, raw, "ROMAN", category_code("ROMAN"), raw, low))
            continue
        if word is None or (word.capital and not raw[0].isupper()):
            word = _OTHER
        owns = end < match.end()
        found.append(Token(start, end, raw, word.category, word.code, word.value, low, owns))
    return found


def _phrase(tokens: list[Token], index: int, text: str, lexicon: Lexicon) -> tuple[Token, int] | None:
    """The phrase of the lexicon that begins at a token, as one token, and how many it takes."""
    token = tokens[index]
    seconds = lexicon.phrases.get(token.plain)
    if seconds is None or index + 1 >= len(tokens):
        return None
    for parts, word in seconds.get(tokens[index + 1].plain, ()):
        group = tokens[index : index + len(parts)]
        if len(group) < len(parts) or any(t.plain != p for t, p in zip(group, parts, strict=True)):
            continue
        if not word.capital or token.text[0].isupper():
            start, end = token.start, group[-1].end
            whole = text[start:end]
            return Token(start, end, whole, word.category, word.code, word.value, plain(whole)), len(parts)
    return None


def _summed(tens: Token, ones: Token, text: str) -> Token | None:
    """Two numerals as one: «двадцать четыре», «тридцать первого», "nineteen ninety"; else None."""
    high, low = float(tens.value), float(ones.value)
    whole = text[tens.start : ones.end]
    if tens.category == "NUM" and ones.category == "NUM" and high in (19, 20) and low >= 10:
        year = int(high * 100 + low)
        return Token(tens.start, ones.end, whole, "YEAR", category_code("YEAR"), str(year), plain(whole))
    if low == 1000 and high == 2:
        return Token(tens.start, ones.end, whole, ones.category, ones.code, "2000", plain(whole))
    if low == 100 and 2 <= high <= 9:
        return Token(tens.start, ones.end, whole, ones.category, ones.code, f"{high * 100:g}", plain(whole))
    if tens.category == "YEAR":
        year = int(high + low)
        fits = high % 10 == 0 and 1 <= low <= 9
        return replace(tens, end=ones.end, text=whole, value=str(year), plain=plain(whole)) if fits else None
    hundreds = high >= 100 and low < 100
    if high % 10 or not (hundreds or (10 <= high <= 90 and 1 <= low <= 9)):
        return None
    return Token(tens.start, ones.end, whole, ones.category, ones.code, f"{high + low:g}", plain(whole))


def _merged(found: list[Token], token: Token, text: str) -> bool:
    """Whether a numeral was joined to the one before it, at the end of ``found``."""
    if token.category == "PLUSHALF":
        if found and found[-1].category in ("NUM", "DAYNUM", "NUMBER"):
            number = found[-1]
            found[-1] = replace(
                number,
                end=token.end,
                text=text[number.start : token.end],
                value=f"{float(number.value) + 0.5:g}",
                category="NUM",
                code=category_code("NUM"),
            )
            return True
        return False
    if token.category not in ("NUM", "ORD"):
        return False
    last = found[-1] if found else None
    hyphen = last is not None and last.category == "DASH" and last.end == token.start and len(found) > 1
    tens = found[-2] if hyphen else last
    if tens is not None and tens.category == "YEAR" and tens.text[0].isalpha() and token.category == "NUM":
        pass  # "nineteen ninety" and "six"
    elif tens is None or tens.category != "NUM":
        return False
    if tens is None or (hyphen and tens.end != token.start - 1):
        return False
    whole = _summed(tens, token, text)
    if whole is None:
        return False
    found[-2 if hyphen else -1 :] = [whole]
    return True


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
        if not _merged(found, token, text):
            found.append(token)
        index += taken
    return found
