"""What a post says, made ready to be compared with what fact-checkers write: words, figures, denials.

A post says with a hashtag or a mention what a fact-check says in words («#AustralianFires», «@DrPaulGosar»),
so both are taken apart into words; addresses say nothing and are left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from tocsin.link.narratives.facts import is_denied
from tocsin.search.words import terms_of

__all__ = ["Question", "figures_of", "post_words", "question_of", "signed_post"]

_UNSEEN: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0e\ufe0f]")
_ADDRESS: Final = re.compile(r"(?:https?://|www\.|pic\.twitter\.com/|t\.me/)\S*")
_TAG: Final = re.compile(r"(?<!\w)[#@](\w+)")
#: Where a word ends inside a tag: «AustralianFires», «CIAagents», «vote2020», «no_war».
_SEAM: Final = re.compile(
    r"_+|(?<=[^\W\d_A-ZА-ЯІЇЄҐ])(?=[A-ZА-ЯІЇЄҐ])|(?<=[A-ZА-ЯІЇЄҐ])(?=[A-ZА-ЯІЇЄҐ][a-zа-яіїєґ])|(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)"
)
_SIGNATURE: Final = re.compile(
    r"\s*[—–]\s*(?P<author>[^—\n]{0,120}?)\s*\(\s*(?P<handle>@?\w{1,30})\s*\)"
    r"\s*(?P<date>[A-Z][a-z]+ \d{1,2}, \d{2,4})\s*$"
)
_FIGURE: Final = re.compile(r"\d+(?:[.,\u00a0\u202f]\d{3})*(?:[.,]\d+)?")


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for: a claim, in any language.

    ``text`` is plain words; ``author`` who says or publishes it, as far as known; ``date`` when, UTC.
    """

    text: str
    language: str
    author: str = ""
    date: datetime | None = None
    denied: bool = False

    @property
    def plain_terms(self) -> list[str]:
        """Terms of the text but for spellings of names, in order (see ``search.words.terms_of``)."""
        return [t for t in terms_of(self.text, self.language) if not t.startswith("=")]

    @property
    def names(self) -> frozenset[str]:
        """Names in the one spelling of all scripts, and figures."""
        terms = terms_of(f"{self.text} . {self.author}", self.language)
        return frozenset(t for t in terms if t.startswith("=") or t.isdecimal())

    @property
    def author_terms(self) -> list[str]:
        """Terms of the author's name."""
        return [t for t in terms_of(self.author, self.language) if not t.startswith("=")]


def _apart(tag: str) -> str:
    return " ".join(part for part in _SEAM.split(tag) if part)


def post_words(text: str) -> str:
    """A post without addresses, its hashtags and mentions taken apart into words.

    >>> post_words("#NoSnow in Кларк-city, says @AnnaKovak https://example.org/x")
    'No Snow in Кларк-city, says Anna Kovak'
    """
    bare = _ADDRESS.sub(" ", _UNSEEN.sub("", text))
    return " ".join(_TAG.sub(lambda match: f" {_apart(match[1])} ", bare).split())


def signed_post(text: str) -> tuple[str, str, datetime | None]:
    """An embedded post «words — Name (@handle) January 14, 2020» as its words, author and date.

    Web pages quote posts so. Text that ends otherwise comes back whole, without author.
    """
    found = _SIGNATURE.search(_UNSEEN.sub("", text))
    if found is None:
        return text, "", None
    try:
        date = datetime.strptime(found["date"], "%B %d, %Y").replace(tzinfo=UTC)
    except ValueError:
        date = None
    author = f"{found['author']} {_apart(found['handle'].lstrip('@'))}"
    return _UNSEEN.sub("", text)[: found.start()], " ".join(author.split()), date


def question_of(text: str, language: str, author: str = "", date: datetime | None = None) -> Question:
    """The question that a claim or post puts; a signature gives author and date where none is given."""
    words, signed, signed_date = signed_post(text)
    plain = post_words(words)
    return Question(plain, language, author or signed, date or signed_date, is_denied(plain, language, ""))


def figures_of(text: str) -> frozenset[str]:
    """The numbers a text writes in figures, thousands without a mark between them.

    >>> sorted(figures_of("1,200 of 3.5 in 2019"))
    ['1200', '2019', '3.5']
    """
    return frozenset(
        re.sub(r"[,.\u00a0\u202f](?=\d{3}(?!\d))", "", match[0]).replace(",", ".")
        for match in _FIGURE.finditer(text)
    )
