"""Shared by the tests of the language core: windows of a text, and texts that nobody would write."""

from __future__ import annotations

from hypothesis import strategies as st

from tocsin.language import sentences
from tocsin.language.core import language_core
from tocsin.language.windows import ROOM, Window, windows

PIECES = """
The mayor|said|don’t|pro-Russian|1,200|Анна|Ковак|заявила|что|об’єкт|її|сім'я|Қала|әкімі|деп|хабарлады|ё|й|“|”
«|»|"|''|``|'|.|!|?|…|,|:|;|—|-|(|)|💥|👩‍🚒|#тег|@name|https://a.b/c?d=e|日本語|ﬁ|½|①
"""
SIGNS = ["\n", "\n\n", "\t", "a\u0301", "\u0301\u0302", "\u00a0", "\u200b", "\ufeff", "\u2028", "\ufffd"]
PARTS = st.lists(st.sampled_from([*PIECES.strip().replace("\n", "|").split("|"), *SIGNS]), max_size=60)
HOSTILE = st.one_of(st.text(max_size=120), PARTS.map(" ".join), PARTS.map("".join))
#: Written down because a search might miss them.
ODD = (
    "",
    "   \n\n\t ",
    "\u00a0",
    "💥🔥👩‍🚒💥",
    "💥" * 600,
    "x" * 5000,
    "щ" * 5000 + " сказал мэр.",
    "Ә" * 5000 + "\n" + "ї" * 5000,
    "а" + "\u0301" * 400,
    "The мэр said що қала — 日本語 ok.",
    "Мост\u00a0закрыт\u00a0с\u00a05\u00a0мая.",
    "." * 700,
    "слово " * 700,
    "\u200b\u200b \ufeff",
    "ﬁ½①" * 300,
)


def spans_of(text: str) -> list[tuple[int, int, int]]:
    return [(number, span.start, span.end) for number, span in sentences(text)]


def windows_of(text: str, room: int = ROOM) -> list[Window]:
    return windows(text, spans_of(text), language_core().pieces, room)
