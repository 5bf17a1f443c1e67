"""Paragraphs, sentences and words with exact offsets, for articles and messy posts alike.

A line is a paragraph; a sentence never crosses one, since posts often end lines without a full stop. Inside
a line a stop (. ! ? …) ends a sentence unless what stands around it says otherwise: an abbreviation, an
initial, a lower-case continuation («…! — сказал он»), an enumerator, a link. The lists are the union of
English, Russian, Ukrainian and Kazakh, because the language is identified per sentence, hence afterwards.

Punkt (Kiss & Strunk 2006) was rejected: it learns abbreviations from a corpus, and a case may be one post.
razdel does Russian only. All offsets are Unicode code points of the given text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from tocsin.model import Span

__all__ = ["paragraphs", "sentences", "words"]

_LINE: Final = re.compile("[^\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]+")
#: Stripped off both ends of spans besides white space: zero-width characters and byte order marks.
_BLANK: Final = "\u200b\u200c\u200d\u2060\ufeff\ufe0f\u00ad"

# A stop with what closes after it, then white space, or straight on with a letter (a forgotten space).
_STOP: Final = re.compile(r"([.!?…]+)([»”\"’')\]*_]*)(?:(\s+)|(?=[^\W\d_]))")
_LINK: Final = re.compile(r"\[[^\[\]]{0,300}\]\([^()\s]{0,2000}\)")
_BEFORE: Final = re.compile(r"[^\W_][\w’'ʼ-]*$")
# What may stand between a stop and the first letter of the next sentence.
_OPENERS: Final = re.compile(r"[\W_]*")
_DASHES: Final = "—–-‐−"
_WORD: Final = re.compile(
    r"https?://[^\s<>\[\]()«»“”\"]+|[@#]\w+|\w+(?:[’'ʼ`.‑-]\w+)*",
)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: Always followed by more of the same sentence.
_NEVER: Final = _set("""
    mr mrs ms dr prof gen col lt capt sgt adm sen rep gov pres hon rev st mt vs fig nos approx dept
    mm mme art vol ed cf e.g i.e viz
    т тов гр г-н г-жа ул пр-т просп пер пл бул б-р наб ш корп кв стр пос дер обл р-н им проф
    акад доц ген полк подполк
    майор кап лейт серж адм гл рис табл илл см ср напр т.е т.к т.н т.о св зам пом мин нач зав деп депут и.о
    вул буд бульв просп обл смт проф акад див рис напр м-р пров пл ім ред
    көш қ ауд обл даң мыс бет проф акад
    """)
#: May end a sentence; the next word, if it begins like one, decides.
_MAYBE: Final = _set("""
    u.s u.k u.n u.s.a e.u d.c p.m a.m etc inc ltd co corp jr sr no p pp
    jan feb mar apr jun jul aug sep sept oct nov dec
    г гг в вв н.э до руб коп долл тыс млн млрд трлн чел др пр т.д т.п и.т.д и.т.п км м см кг га мин сек час
    экз     р рр ст грн крб тис ін тощо млн млрд осіб год хв
    ж жж теңге мың
    """)
# After a number or another amount these belong to it: «в 2022 г.», «5 млн.».
_YEAR: Final = frozenset({"г", "гг", "р", "рр", "ж", "жж", "в", "вв", "м", "ст"})
# «и т. д.», «т. п.»: each half is one letter; seen as the second half of a spaced abbreviation.
_SPACED: Final = re.compile(r"\b(?:т|и)\.\s*(?:д|п|е|к|н|о)$", re.IGNORECASE)
_SPACED_END: Final = frozenset("дп")  # … т. д. / т. п. may end a sentence, т. е. may not
_ENGLISH_STARTS: Final = _set(
    "the a an in it he she they we i you this that these those but and if when as at on for after before "
    "there his her its their our my some many one no not however meanwhile according officials"
)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and (text[start].isspace() or text[start] in _BLANK):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in _BLANK):
        end -= 1
    return start, end


def paragraphs(text: str) -> list[Span]:
    """The non-blank lines of a text, without surrounding white space, in order."""
    found = []
    for match in _LINE.finditer(text):
        start, end = _trim(text, match.start(), match.end())
        if start < end:
            found.append(Span(start, end))
    return found


def sentences(text: str) -> list[tuple[int, Span]]:
    """Sentences as ``(paragraph, span)``, paragraphs from 0; together they cover all but blanks.

    Linear in the length of the text; raises nothing. Spans are code points of ``text``.

    >>> [span.of("It rained. Mr. A. Dow left.") for _, span in sentences("It rained. Mr. A. Dow left.")]
    ['It rained.', 'Mr. A. Dow left.']
    """
    found = []
    for number, paragraph in enumerate(paragraphs(text)):
        start = paragraph.start
        for cut in _cuts(text, paragraph):
            begin, end = _trim(text, start, cut)
            if begin < end:
                found.append((number, Span(begin, end)))
            start = cut
        begin, end = _trim(text, start, paragraph.end)
        if begin < end:
            found.append((number, Span(begin, end)))
    return found


def _cuts(text: str, paragraph: Span) -> Iterator[int]:
    """Where sentences of a paragraph end, the last one's end left out."""
    start, end = paragraph.start, paragraph.end
    links: list[tuple[int, int]] = []
    if text.find("](", start, end) >= 0:
        links = [match.span() for match in _LINK.finditer(text, start, end)]
    begun = start
    for match in _STOP.finditer(text, start, end):
        stop = match.end(2)
        if stop >= end or any(a < stop < b for a, b in links):
            continue
        if _ends(text, match, begun, end):
            yield stop
            begun = stop + len(match[3] or "")


def _ends(text: str, match: re.Match[str], begun: int, end: int) -> bool:
    """Whether a sentence that began at ``begun`` ends with this stop."""
    if match[3] is None:
        return _forgotten_space(text, match, begun, end)
    after = match.end()
    opened = _OPENERS.match(text, after, min(end, after + 16))
    letter = opened.end() if opened else after
    if letter >= end:
        return letter > after  # only signs and emoji follow: a tail of its own
    follower = text[letter]
    if follower.islower():
        return False
    if match[1] != "." or match[2]:
        return True
    if text[after] in _DASHES and not follower.isupper() and not follower.isdigit():
        return False
    return _full_stop(text, match.start(), begun, letter, end)


def _full_stop(text: str, dot: int, begun: int, letter: int, end: int) -> bool:
    """Whether a single dot before a capital, digit or other letter is a full stop."""
    before = _BEFORE.search(text, max(begun, dot - 30), dot)
    if before is None:
        return True
    word = before[0]
    lower = word.lower()
    head = before.start()
    # A dotted abbreviation (U.S., и.о.) is looked up whole.
    while head - 2 >= begun and text[head - 1] == "." and text[head - 2].isalpha():
        head -= 2
        while head > begun and text[head - 1].isalpha() and dot - head < 12:
            head -= 1
    dotted = text[head:dot].lower()
    if dotted in _NEVER or lower in _NEVER:
        return False
    if _SPACED.search(text, max(begun, dot - 6), dot):
        return lower in _SPACED_END and text[letter].isupper()
    if dotted in _MAYBE or lower in _MAYBE:
        return _after_abbreviation(text, lower, head, letter, end)
    if len(word) == 1 and word.isupper():
        return False  # an initial
    if word.isdigit() and len(word) <= 3:
        # An enumerator at the start, or a date with spaces ("15. 02. 2024").
        return head > begun and not (text[letter].isdigit() and len(word) <= 2)
    return True


def _after_abbreviation(text: str, lower: str, head: int, letter: int, end: int) -> bool:
    if lower in _YEAR:
        # «2022 г. Россия» may end; «в г. Пермь» may not.
        left = text[max(0, head - 2) : head].strip()
        if not left or not left[-1].isdigit():
            return False
        return text[letter].isupper()
    if lower.isascii():
        match = _WORD.match(text, letter, end)
        return match is not None and match[0].lower() in _ENGLISH_STARTS
    return text[letter].isupper()


def _forgotten_space(text: str, match: re.Match[str], begun: int, end: int) -> bool:
    """``chaos”.Russia could``: a stop, no space, a capital and a small letter; not ``Node.js`` or a link."""
    after = match.end()
    if after + 1 >= end or not text[after].isupper() or not text[after + 1].islower():
        return False
    if match[2] or (match.start() > begun and text[match.start() - 1] in '»”"’)'):
        return True
    before = _BEFORE.search(text, max(begun, match.start() - 30), match.start())
    if before is None or len(before[0]) < 3 or not before[0].islower():
        return False
    # A small first letter: names of services («Яндекс.Маркет») have a capital one. No part of an address.
    left = text[before.start() - 1] if before.start() > begun else " "
    return left not in "/@.:_#"


def words(text: str, span: Span) -> list[Span]:
    """Words of a span: runs of letters and digits with inner apostrophes, hyphens and dots; links,
    ``@names`` and ``#tags`` are one word each. Punctuation and emoji belong to none.
    """
    return [Span(m.start(), m.end()) for m in _WORD.finditer(text, span.start, span.end)]
