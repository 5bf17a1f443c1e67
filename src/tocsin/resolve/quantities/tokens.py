"""A sentence as tokens with categories: shapes by one regular expression, words by the lexicon."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

from tocsin.resolve.quantities.lexicon import Lexicon, Word, plain

__all__ = ["Token", "figure_value", "levelled", "may_hold_quantity", "tokenize"]

#: Addresses and tags, blanked before anything is read.
_LINKS: Final = re.compile(r"https?://\S+|www\.\S+|[\w.+-]+@[\w-]+\.\w+|(?<!\w)[@#][^\W\d]\w*|\bt\.me/\S+")
#: Alternatives in order; the name of the group is the shape. Thousands may be set off by a space, a thin
#: or a hard one.
_SHAPES: Final = re.compile(
    r"""
      (?P<WORD>[^\W\d_]+(?:['’ʼ][^\W\d_]+)*(?:(?<=[кмcsmмtf])[23](?!\w))?)
    | (?P<JUNK>\+\d[\d\s()\-–]{7,}\d
        |\d{1,3}(?:\.\d{1,3}){3}(?!\d)
        |(?<!\d)8\s?[(-]\d{3}[)-][\d\s-]{6,9}\d
        |\d{4}-\d\d-\d\d\S*
        |\d+(?:[-–]\d+){2,}
        |\d{1,2}[./]\d{1,2}[./]\d{2,4}(?!\d)
        |(?!\d{1,3}(?:\.\d{3})+(?![\d.]))\d+(?:\.\d+){2,}
        |\d+:\d+(?::\d+)*
        |(?<!\w)'?\d0'?s(?!\w)|(?<!\w)\d{3}0'?s(?!\w)
      )
    | (?P<FRACTION>(?<![\w/.,])\d{1,2}/\d{1,3}(?![\w/]))
    | (?P<FIGURE>(?:(?<![^\s(\[«"“„:;=~≈><≥≤])[-−–+](?=\d))?
        (?:\d{1,3}(?:[\u0020\u00a0\u2009\u202f]\d{3})+(?!\d)|\d{1,3}(?:,\d{3})+(?!\d)(?!,\d)|\d{1,3}(?:\.\d{3}){2,}(?!\d)|\d+)
        (?:[.,]\d+)?)
    | (?P<PERCENT>[%‰°℃℉]) | (?P<DASH>[-–—‑−…]|\.{2,3}(?=\s?[\d+−-]))
    | (?P<SLASH>/) | (?P<COMMA>,) | (?P<DOT>\.)
    | (?P<BREAK>[\n\r]) | (?P<OTHER>[^\s\w]|_)
    """,
    re.VERBOSE,
)
_FIGURE_NEAR: Final = re.compile(r"\d")
_WORDS: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_SPACES: Final = re.compile(r"[\u0020\u00a0\u2009\u202f]")
_POINTED: Final = re.compile(r"-?[1-9]\d{0,2}(?:\.\d{3})+\Z")
_GROUPS: Final = re.compile(r"[-−–+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?\Z")
_INFLECTED: Final = frozenset({"FIGURE", "UNIT", "MARK", "SYMBOL", "SCALE", "SLASHTIME"})
_GLUED_WORDS: Final = frozenset({"к", "x", "х"})
_DECADE_END: Final = frozenset({"х", "ті", "тих", "их"})
#: What may be written against a figure.
_GLUED: Final = frozenset(
    {"UNIT", "MARK", "SCALE", "TIME", "SLASHTIME", "MINOR", "CODE", "CLOCK", "SYMBOL", "SQUARE"}
)
_MARKUP: Final = frozenset("*_`")
_OTHER: Final = Word("OTHER", "")
_LETTERS_BEFORE: Final = re.compile(r"[^\W\d_][-–‑]?\Z")


@dataclass(slots=True)
class Token:
    """One token or a reduced group. ``start`` and ``end`` are code points of the sentence.

    ``plain`` is the text in lower case (see ``lexicon.plain``); ``value`` is as in the lexicon;
    ``payload`` is the
    number or measure that a group of tokens was reduced to.
    """

    start: int
    end: int
    text: str
    plain: str
    category: str
    value: str
    payload: Any = None


def levelled(text: str) -> str:
    """The text in lower case (see ``lexicon.plain``), code point for code point."""
    level = plain(text)
    if len(level) == len(text):
        return level
    return "".join(low if len(low := plain(letter)) == 1 else letter for letter in text)


def may_hold_quantity(text: str, level: str, lexicon: Lexicon) -> bool:
    """Whether a figure or a number word is there: a cheap test that loses no quantity."""
    if _FIGURE_NEAR.search(text):
        return True
    words = _WORDS.findall(level)
    if not lexicon.triggers.isdisjoint(words):
        return True
    return not lexicon.bounds.isdisjoint(words) and not lexicon.units.isdisjoint(words)


@lru_cache(maxsize=1 << 14)
def figure_value(raw: str, english: bool) -> Fraction | None:
    """The number a figure stands for in the language; None where it is none («1.234.5»).

    A comma before three digits sets off thousands in English, and decimals elsewhere unless there are two
    such groups; a point
    before three digits sets off thousands elsewhere.
    """
    text = _SPACES.sub("", raw).replace("−", "-").replace("–", "-").lstrip("+")
    if not english and _POINTED.match(text):
        text = text.replace(".", "")
    if _GROUPS.match(text) and (english or text.count(",") > 1):
        text = text.replace(",", "")
    text = text.replace(",", ".")
    return None if text.count(".") > 1 else Fraction(text)


def _figure(match: re.Match[str], lexicon: Lexicon) -> tuple[str, Fraction | None]:
    """JUNK where letters or signs make it part of a name, else FIGURE with its number."""
    text, start, end = match.string, match.start(), match.end()
    raw = match.group()
    before = text[max(0, start - 2) : start]
    joined = before[-1:] in ("_", "/", "\\") or _LETTERS_BEFORE.search(before) is not None
    counted = before[-1:] in ("-", "–", "‑") and _is_number_word(text, start - 1, lexicon)
    if joined and not counted and not _is_code(text, start):
        return "JUNK", None
    if text[end : end + 1] in ("\ufe0f", "\u20e3", "_"):
        return "JUNK", None
    digits = raw.lstrip("+-−–")
    if digits.startswith("0") and digits[1:2].isdigit():
        return "JUNK", None
    value = figure_value(raw, "comma_thousands" in lexicon.flags)
    return ("JUNK", None) if value is None else ("FIGURE", value)


def _is_number_word(text: str, end: int, lexicon: Lexicon) -> bool:
    """Whether the word that ends at ``end`` is a number («пять-10»)."""
    start = end
    while start and text[start - 1].isalpha():
        start -= 1
    word = lexicon.words.get(plain(text[start:end]))
    return word is not None and word.category in ("CARD", "SCALE", "APPROX")


def _is_code(text: str, end: int) -> bool:
    return text[max(0, end - 3) : end] in ("USD", "EUR", "RUB", "KZT", "UAH", "GBP")


def _unlinked(text: str) -> str:
    """The text with spaces for its addresses and tags."""
    if "@" not in text and "#" not in text and "/" not in text and "www." not in text:
        return text
    return _LINKS.sub(lambda match: " " * len(match.group()), text)


def _takes_stop(text: str, end: int, low: str, lexicon: Lexicon) -> bool:
    """Whether a full stop belongs to the abbreviation before it; else it is the sentence's."""
    if low not in lexicon.dotted:
        return False
    follows = text[end + 1 :].lstrip()[:1]
    return low not in lexicon.undotted or follows.islower() or follows.isdigit()


def _word(text: str, start: int, end: int, level: str, lexicon: Lexicon) -> Token:
    """A word, looked up as written, then without possessive 's; with the full stop that belongs to it."""
    raw, low = text[start:end], level[start:end]
    exact, words = lexicon.exact, lexicon.words
    word = exact.get(raw) or words.get(low)
    if word is None and low.endswith("'s"):
        end -= 2
        raw, low = raw[:-2], low[:-2]
        word = exact.get(raw) or words.get(low)
    if text[end : end + 1] == "." and _takes_stop(text, end, low, lexicon) and raw not in exact:
        end += 1
    word = word or _OTHER
    return Token(start, end, raw, low, word.category, word.value)


def _scan(text: str, level: str, lexicon: Lexicon) -> list[Token]:
    found: list[Token] = []
    after = 0
    for match in _SHAPES.finditer(_unlinked(text)):
        start, end = match.span()
        if start < after:
            continue  # the stop of an abbreviation
        kind = str(match.lastgroup)
        if kind == "WORD":
            token = _word(text, start, end, level, lexicon)
            after = token.end
        elif kind == "FIGURE":
            kind, number = _figure(match, lexicon)
            token = Token(start, end, text[start:end], level[start:end], kind, "", number)
        elif kind in ("PERCENT", "OTHER"):
            raw = text[start:end]
            if raw in _MARKUP:
                continue
            word = lexicon.exact.get(raw) or lexicon.words.get(level[start:end]) or _OTHER
            token = Token(start, end, raw, level[start:end], word.category, word.value)
        else:
            token = Token(start, end, text[start:end], level[start:end], kind, "")
        found.append(token)
    return found


def _phrase(tokens: list[Token], index: int, text: str, lexicon: Lexicon) -> tuple[Token, int] | None:
    """The phrase of the lexicon that begins at a token, as one token, and how many it takes."""
    for parts, word in lexicon.phrases.get(tokens[index].plain, ()):
        group: list[Token] = []
        at = index
        for part in parts:
            while group and at < len(tokens) and tokens[at].category == "DOT" and part != ".":
                at += 1  # «кв. м»: the stop of an abbreviation
            if at >= len(tokens) or tokens[at].plain != part:
                break
            if part == "$" and group and tokens[at].start > group[-1].end:
                break  # "US$", not "gave us $5"
            group.append(tokens[at])
            at += 1
        if len(group) == len(parts):
            start, end = group[0].start, group[-1].end
            if text[end : end + 1] == "." != text[end - 1] and " ".join(parts) in lexicon.dotted:
                end, at = end + 1, at + 1
            whole = text[start:end]
            return Token(start, end, whole, plain(whole), word.category, word.value), at - index
    return None


def _is_ordinal(token: Token, ending: str, lexicon: Lexicon) -> bool:
    number = token.payload
    if ending in _DECADE_END and number >= 20 and number % 10 == 0:
        return True
    if ending == "ю" and number % 10 in (1, 2, 3):
        return True  # «во 2-ю группу»; «с 5-ю» is a cardinal
    return lexicon.ordinal.match(ending) is not None


def _inflected(tokens: list[Token], text: str, lexicon: Lexicon) -> list[Token]:
    """Endings after a hyphen («12-ден», «5-й», «%-ы») joined to what they inflect; ordinals become JUNK."""
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        found.append(token)
        index += 1
        if token.category not in _INFLECTED:
            continue
        follows = tokens[index] if index < len(tokens) and tokens[index].start == token.end else None
        if follows is None:
            continue
        if token.category == "FIGURE" and follows.text[0].isalpha():
            if follows.category not in _GLUED and follows.plain not in _GLUED_WORDS:
                token.category = "JUNK"  # 5th, 4x4
            continue
        if follows.category != "DASH" or index + 1 == len(tokens) or tokens[index + 1].start != follows.end:
            continue
        ending = tokens[index + 1].plain
        if token.category == "FIGURE" and _is_ordinal(token, ending, lexicon):
            token.category, token.end = "JUNK", tokens[index + 1].end
            index += 2
        elif token.category in _INFLECTED and lexicon.inflected.match(ending):
            token.end, token.plain = tokens[index + 1].end, token.plain + ending
            token.text = text[token.start : token.end]
            index += 2
    return found


def _halved(tokens: list[Token], lexicon: Lexicon) -> list[Token]:
    """«полкило», «півкілометра»: half and its unit as two tokens."""
    if "inversion" not in lexicon.flags:
        return tokens
    found: list[Token] = []
    for token in tokens:
        if token.category != "HALVED":
            found.append(token)
            continue
        size = int(token.value)
        cut, rest = token.start + size, token.plain[size:]
        word = lexicon.words[rest]
        found.append(Token(token.start, cut, token.text[:size], token.plain[:size], "HALF", ""))
        found.append(Token(cut, token.end, token.text[size:], rest, word.category, word.value))
    return found


def tokenize(text: str, level: str, lexicon: Lexicon) -> list[Token]:
    """Tokens of a sentence, left to right; white space is left out, a line break is a token of its own.

    ``level`` is the sentence as ``levelled`` gives it.
    """
    tokens = _scan(text, level, lexicon)
    phrases = lexicon.phrases
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token, taken = tokens[index], 1
        if token.plain in phrases:
            token, taken = _phrase(tokens, index, text, lexicon) or (token, 1)
        found.append(token)
        index += taken
    return _halved(_inflected(found, text, lexicon), lexicon)
