"""What is no quantity though it has a number: dates, years, hours, durations, ages, labels, names, scores,
lists.

Lengths of time and dates are left to ``resolve.times``, which knows more of them; here they only have to
be recognised.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tocsin.resolve.quantities.compose import Candidate
from tocsin.resolve.quantities.counted import is_ordinal_noun
from tocsin.resolve.quantities.lexicon import Lexicon
from tocsin.resolve.quantities.tokens import Token

__all__ = ["rejected"]

_YEAR: Final = re.compile(r"1\d\d\d|2[01]\d\d")
_LIKELY_YEARS: Final = (1900, 2100)
_FIRST_YEAR, _LAST_YEAR, _LONGEST_PERIOD = 1000, 2199, 200
_DOTTED_CLOCK: Final = re.compile(r"\d{1,2}\.\d\d")
_LONGEST_FIGURE: Final = 8
_SHORT: Final = 3
_LARGEST_LABEL: Final = 10_000
_RATINGS: Final = (0, 6, 12, 16, 18)
_DAYS: Final = 31
_OLDEST: Final = 110
_COPULAS: Final = frozenset({"is", "was", "turned", "turns", "am"})
_TIMES: Final = frozenset({"TIME", "RATETIME", "AGE"})
#: Adjectives between a number and a length of time, by their endings or in full.
_TIME_ADJECTIVE: Final = re.compile(
    r"(?:.*(?:ых|их|ые|ие|ую|ый|ого)|working|full|consecutive|straight|long|more|whole|calendar|business|other|extra|жұмыс|толық)\Z"
)
_NUMBER_SIGNS: Final = frozenset(
    {"№", "#", "no", "nos", "номер", "номера", "§", "article", "section", "chapter", "page", "pages"}
)
_LETTER: Final = re.compile(r"[^\W\d_]")
_COMPASS: Final = frozenset({"n", "s", "e", "w", "′", "'", "north", "south", "east", "west"})
_THAN: Final = frozenset({"than", "чем", "вместо", "ніж", "замість"})


@dataclass(frozen=True, slots=True)
class _Site:
    made: Candidate
    tokens: list[Token]
    text: str
    plain: str
    lexicon: Lexicon

    def token(self, at: int) -> Token | None:
        return self.tokens[at] if 0 <= at < len(self.tokens) else None

    def category(self, at: int) -> str:
        token = self.token(at)
        return token.category if token is not None else ""

    def plain_at(self, at: int) -> str:
        token = self.token(at)
        return token.plain if token is not None else ""

    @property
    def before(self) -> int:
        return self.made.first - 1

    @property
    def after(self) -> int:
        return self.made.index + 1

    @property
    def words(self) -> str:
        token = self.tokens[self.made.index]
        return self.text[token.start : token.end]

    def tight(self, at: int) -> bool:
        """Whether the token at ``at`` touches both its neighbours."""
        left, own, right = self.token(at - 1), self.token(at), self.token(at + 1)
        return (
            left is not None
            and own is not None
            and right is not None
            and left.end == own.start
            and own.end == right.start
        )


def _is_time(site: _Site) -> bool:
    """A duration or an age: a word for time after the number."""
    at = site.after
    if site.category(at) == "DASH" and site.tight(at):
        at += 1
    elif site.category(at) == "OF":
        at += 1
        at += site.category(at) in ("A", "THE")
    if site.category(at) in _TIMES:
        return True
    if site.category(at) in ("ORDINAL", "DENOM") and site.category(at + 1) in _TIMES:
        return True  # «две тысячи двадцать третий год»
    token = site.token(at)
    follows = token is not None and _TIME_ADJECTIVE.match(token.plain) and site.category(at + 1) in _TIMES
    return bool(follows) or (site.made.counted is None and site.category(site.made.after) in _TIMES)


def _is_date(site: _Site) -> bool:
    made, number = site.made, site.made.measure.number
    after = made.after if made.counted is None else site.after
    if site.category(site.after) == "MONTH" or (
        site.category(site.after) == "OF" and site.category(site.after + 1) == "MONTH"
    ):
        return True
    if site.category(after) == "MONTH" and not made.signs:
        return True
    stopped = site.category(site.before) == "DOT" and site.category(site.before - 1) == "MONTH"  # Nov. 15
    if (
        _YEAR.fullmatch(number.figure)
        and site.category(site.before) == "COMMA"
        and site.category(site.before - 2) == "MONTH"
    ):
        return True  # March 6, 1792
    if not (stopped or site.category(site.before) == "MONTH") or number.high > 2200:
        return False
    if _YEAR.fullmatch(number.figure):
        return True
    if site.lexicon.language == "en":
        return number.high <= _DAYS or made.counted is None
    return made.counted is None


def _is_year(site: _Site) -> bool:
    made, number = site.made, site.made.measure.number
    low, high = _LIKELY_YEARS
    if made.measure.ranged:
        years = (
            _FIRST_YEAR <= number.low < number.high <= _LAST_YEAR
            and number.high - number.low < _LONGEST_PERIOD
        )
        return years and made.counted is None and number.scale == 1 and "," not in site.words
    if _YEAR.fullmatch(number.figure) is None:
        return False
    before = site.token(site.made.index - 1)
    cue = before is not None and (before.plain in site.lexicon.lists["year_cues"])
    if made.counted is not None:
        the = before is not None and before.category == "THE"
        return site.lexicon.language == "en" and (cue or the) and low <= number.low <= high
    if before is not None and before.plain in _THAN:
        return low <= number.low <= high
    return low <= number.low <= high or cue or before is None or before.text == "("


def _is_hour(site: _Site) -> bool:
    made, number = site.made, site.made.measure.number
    if site.category(site.after) == "CLOCK" or site.category(site.before) == "CLOCK":
        return True
    if made.counted is not None and made.counted.text != "бірде":
        return False
    if _DOTTED_CLOCK.fullmatch(site.words) and site.lexicon.language != "en":
        return True
    before = site.token(site.before)
    if before is None:
        return False
    if before.plain in site.lexicon.lists["hour_prepositions"] and number.high <= 24 and not made.signs:
        return True
    if before.category == "TIME" and before.plain in site.lexicon.lists["inverted_times"]:
        return True  # «років тридцять»
    if site.lexicon.language == "kk" and before.category == "TIME" and number.high <= _DAYS:
        return True  # «сағат тоғызда», «айдың 5-іне»
    return (before.plain == "at" and number.high <= 24) or (before.plain == "by" and number.high <= 12)


def _is_address(site: _Site) -> bool:
    """«5 Mill Street»: a word for a street among the words with capitals after a figure."""
    streets = site.lexicon.lists["streets"]
    figure = (
        site.made.measure.number.figure
        and site.category(site.before) == "COMMA"
        and site.made.counted is None
    )
    if figure and any(site.plain_at(at) in streets for at in range(site.before - 3, site.before)):
        return True  # «ул. Мельничная, 4»
    for at in range(site.after, site.after + 4):
        token = site.token(at)
        if token is None or not token.text[:1].isupper():
            return False
        if token.plain in streets:
            return True
    return False


def _is_label(site: _Site) -> bool:
    made = site.made
    before = site.token(made.index - 1)
    if before is not None and before.plain == "кв":
        return True  # a flat; a square metre has its unit
    if made.measure.ranged and not site.words[:1].isdigit():
        return False  # «issue between 5 and 7 bonds»
    if before is None or before.category != "LABEL" or made.measure.number.high >= _LARGEST_LABEL:
        return False
    if before.plain.rstrip(".") in _NUMBER_SIGNS or site.lexicon.language == "en":
        return True
    if len(before.plain.rstrip(".")) <= _SHORT:
        return True
    if made.counted is None or made.counted.text.isupper():
        return True  # «статья 238 УК»
    return made.counted.start - site.tokens[made.index].end > 1


def _is_name(site: _Site) -> bool:
    """«Boeing 737»: a word with a capital right before a figure that counts nothing."""
    made = site.made
    if made.counted is not None or made.signs or not made.measure.number.figure:
        return False
    at = made.index - 1
    before = site.token(at)
    if before is not None and before.category == "DOT":
        initial = site.token(at - 1)  # S.T.A.L.K.E.R. 2
        return (
            initial is not None
            and len(initial.text) == 1
            and initial.text.isupper()
            and initial.end == before.start
        )
    if before is None or before.category != "OTHER" or not _LETTER.match(before.text):
        return False
    if before.text.islower() and (site.lexicon.language == "en" or not before.text.isascii()):
        return False
    if site.tokens[made.index].start - before.end > 1:
        return False
    if at > 0:
        opened = site.category(at - 1) in ("DOT", "BREAK", "DASH") or site.tokens[at - 1].text in (
            "?",
            "!",
            ":",
            "…",
        )
        return not opened
    return (
        site.lexicon.language == "en"
        and not before.plain.endswith(("ed", "ly", "ing"))
        and before.plain not in site.lexicon.lists["stops"]
    )


def _is_score(site: _Site) -> bool:
    made = site.made
    if made.counted is not None:
        return False
    if made.measure.ranged:
        return (
            bool(site.lexicon.score.search(site.plain)) and not made.signs and made.measure.number.high < 200
        )
    for dash, other in ((site.after, site.after + 1), (made.index - 1, made.index - 2)):
        if site.category(dash) == "DASH" and site.tight(dash) and site.category(other) in ("MEASURE", "JUNK"):
            return True
    return False


def _is_list_number(site: _Site) -> bool:
    made = site.made
    following = site.token(site.after)
    before = site.token(made.index - 1)
    if following is None or made.counted is not None or not made.measure.number.figure:
        return False
    if following.text == ")" and following.start == made.end:
        return before is None or before.text in (";", ",", "(", ":") or before.category in ("BREAK", "DOT")
    return (
        before is None
        and following.category == "DOT"
        and following.start == made.end
        and site.after + 1 < len(site.tokens)
    )


def _is_compound(site: _Site) -> bool:
    """«12-этажный», five-storey, «5-үй»: a hyphen ties the number to a word that is no unit."""
    at = site.after
    if site.category(at) != "DASH" or not site.tight(at):
        return False
    word = site.token(at + 1)
    return word is not None and word.text[:1].isalpha() and word.plain != "strong"  # 400-strong counts


def _is_age(site: _Site) -> bool:
    made, number = site.made, site.made.measure.number
    before = site.before - 1 if site.category(site.before) == "OF" else site.before
    if site.category(before) == "AGE":
        return True
    if number.high > _OLDEST or made.counted is not None:
        return False
    cues = site.lexicon.lists["age_cues"]
    if site.plain_at(site.before) in _COPULAS and site.plain_at(site.before - 1) in cues:
        return True  # «she is 45»
    if site.lexicon.language != "en" and site.plain_at(site.before) in cues:
        return True  # «ей 45»
    name = site.token(made.index - 2)
    apposed = site.category(made.index - 1) == "COMMA" and site.category(site.after) == "COMMA"
    return apposed and name is not None and name.text[:1].isupper()


def _is_id(site: _Site) -> bool:
    figure = site.made.measure.number.figure
    if site.made.counted is None and figure.isdecimal() and len(figure) > _LONGEST_FIGURE:
        return True
    if (
        site.category(site.before) == "DASH"
        and site.tight(site.before)
        and site.category(site.before - 1) == "JUNK"
    ):
        return True  # T-34-85
    token = site.tokens[site.made.index]
    for at in (site.made.index - 1, site.after):
        other = site.token(at)
        if (
            other is not None
            and other.category == "JUNK"
            and token.start <= other.end
            and other.start <= token.end
        ):
            return True
    return False


def _is_spelled_year(site: _Site) -> bool:
    """Nineteen ninety-six, the year two thousand: two numbers side by side, or one after the word."""
    if site.made.counted is not None or site.words[:1].isdigit():
        return False
    beside = any(site.category(at) == "MEASURE" for at in (site.made.index - 1, site.after))
    return (beside and site.lexicon.language == "en") or site.plain_at(site.before) == "year"


def _is_rating(site: _Site) -> bool:
    """18+, +18: an age from which something may be seen."""
    made, number = site.made, site.made.measure.number
    signed = site.words.startswith("+") or (">=" in made.signs and site.text[made.end - 1 : made.end] == "+")
    return signed and made.counted is None and number.low == number.high and number.low in _RATINGS


def _is_ordinal(site: _Site) -> bool:
    """«5 место»: a figure before a nominative singular."""
    number, noun = site.made.measure.number, site.token(site.after)
    if not number.figure or noun is None or not noun.text[:1].isalpha() or site.made.counted is not None:
        return False
    return is_ordinal_noun(noun.plain, int(number.low), site.lexicon)


def _joins(site: _Site, at: int) -> bool:
    token = site.token(at)
    return token is not None and (
        token.category in ("COMMA", "AND", "OR", "DASH", "TO") or token.plain == "по"
    )


def _is_coordinated(site: _Site) -> bool:
    """«дети 6, 11 и 13 лет»: a bare number that shares the word for time of one after it."""
    if site.made.counted is not None:
        return False
    at = site.after
    while _joins(site, at) and site.category(at + 1) == "MEASURE":
        at += 2
        if site.tokens[at - 1].payload.unit:
            return False
    return at > site.after and site.category(at) in (*_TIMES, "MONTH")


_TESTS: Final = (
    _is_time,
    _is_date,
    _is_year,
    _is_hour,
    _is_label,
    _is_name,
    _is_score,
    _is_list_number,
    _is_compound,
    _is_age,
    _is_id,
    _is_address,
    _is_rating,
    _is_ordinal,
    _is_coordinated,
    _is_spelled_year,
)


def rejected(made: Candidate, tokens: list[Token], text: str, plain: str, lexicon: Lexicon) -> bool:
    """Whether a candidate is something else than a quantity."""
    site = _Site(made, tokens, text, plain, lexicon)
    if made.unit == "g" and _YEAR.fullmatch(site.words.split()[0]) and site.words.endswith("г"):
        return True  # «2024 г.»
    if made.unit in ("°", "°C"):
        follows = site.token(site.after)
        return (
            follows is not None
            and follows.plain in _COMPASS
            and made.unit in ("°", "°C")
            and follows.text.isupper()
        )
    if made.unit == "part":
        return _is_time(site)
    if made.unit:
        return False
    if (
        made.measure.number.low == made.measure.number.high == 0
        and made.counted is None
        and not site.words[:1].isdigit()
    ):
        return True  # ground zero
    return any(test(site) for test in _TESTS)
