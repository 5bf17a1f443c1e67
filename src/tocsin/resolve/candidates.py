"""Where a sentence may name a place: capitalised words and phrases the gazetteer knows, and what is around.

Only look-up is done here; which reading is meant, and whether it is a place at all, is ``resolve.weigh``'s.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from typing import Final

from tocsin.language.morphology import lemmas, parses
from tocsin.resolve.fold import exact_key, fold
from tocsin.resolve.gazetteer import Gazetteer, Reading, load_gazetteer

__all__ = ["Candidate", "candidate_at", "find_candidates", "lookup_language"]

_CAPITAL: Final = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪĮİĶĹĻĽŁŃŅŇŌŐŒŔŘŚŞŠŢŤŪŮŰŲŹŻŽȘȚА-ЯЁІЇЄҐӘҒҚҢӨҰҮҺ"
#: A word: letters with inner hyphens and apostrophes, or an abbreviation with its points ("U.S.").
_WORD: Final = re.compile(r"(?:[A-Z]\.){2,4}|[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*")
#: Words that take a point within a name: "St. Louis".
_POINTED: Final = frozenset({"st", "ste", "mt", "ft"})
_CAPITALISED: Final = re.compile(
    rf"(?<![\w@/.])(?:(?:[A-Z]\.){{2,4}}|[{_CAPITAL}][^\W\d_]*(?:['’ʼ-][^\W\d_]+)*)(?![@_\d])"
)
_MIXED: Final = re.compile(
    r"(?!(?:Mc|Mac|De|La|Le|Di|Du|Da|El|Al|St|Van)[A-Z])\w*[a-zа-я][A-ZА-Я]"
)  # "FeS", brands
_INITIALS: Final = re.compile(r"(?<!\w)[A-ZА-ЯІЇЄҚӘ]\. ?\Z")
_POSSESSIVE: Final = re.compile(r"['’ʼ]s\Z")
_JOINED: Final = frozenset({" ", "\u00a0", "-", " - ", " – ", "\u202f"})
_CYRILLIC: Final = re.compile(r"[А-Яа-яІіЇїЄєҐґӘәҒғҚқҢңӨөҰұҮүҺһ]")
_BEHIND: Final = re.compile(r"([^\W\d_][\w'’.-]*)(?:, | [(])\Z")
_BEFORE: Final = re.compile(r"([\w'’.-]+) \Z")
_AFTER: Final = re.compile(r" ([\w'’-]+)")
_BEYOND: Final = re.compile(r"(?:,| [(]) ?((?:[A-Z]\.){2,4}|[^\W\d_][\w'’-]*)")
#: Parts of speech (OpenCorpora) that name nothing, and the pronouns that the dictionary calls adjectives.
_CLOSED: Final = frozenset({"PREP", "CONJ", "PRCL", "NPRO", "INTJ"})
_PRONOUNS: Final = frozenset({"тот", "этот", "сам", "весь", "который", "той", "цей", "увесь", "котрий"})
_LOOKUP: Final = frozenset({"ru", "uk", "kk", "en"})
_MOST_FORMS: Final = 5
#: No short form has more letters ("Calif").
_SHORT: Final = 5
_MOST_READINGS: Final = 24


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place name's possible occurrence. ``start`` and ``end`` are code points of the document.

    ``key`` is the folded form found; ``direct`` says it was found as written, not through a lemma, and
    ``rare`` that it is not the likeliest lemma. ``before`` and ``after`` are the adjacent words as
    written, empty where punctuation or the sentence's end stands between; ``beyond`` is the word after a
    comma or parenthesis, ``behind`` the word before a comma. ``initial`` and ``before_initial`` say that
    it, or the word before it, begins the sentence; ``initials`` that a person's initials stand before it.
    """

    start: int
    end: int
    surface: str
    key: str
    direct: bool
    language: str
    readings: tuple[Reading, ...]
    before: str
    after: str
    beyond: str
    behind: str
    initial: bool
    before_initial: bool
    quoted: bool
    rare: bool
    initials: bool


def lookup_language(language: str, word: str) -> str:
    """The language whose endings to take off: the sentence's, unless the word is in another script."""
    cyrillic = _CYRILLIC.search(word) is not None
    if language in _LOOKUP and cyrillic == (language != "en"):
        return language
    return "ru" if cyrillic else "en"


@lru_cache(maxsize=1 << 16)
def _forms(word: str, language: str) -> tuple[str, ...]:
    """Folded forms under which a word may be a key, as written first."""
    how = lookup_language(language, word)
    found = [fold(word), *(fold(lemma) for lemma in lemmas(word, how)[:_MOST_FORMS])]
    return tuple(dict.fromkeys(form for form in found if form))


@lru_cache(maxsize=1 << 14)
def _is_function_word(word: str, language: str) -> bool:
    """Whether a word is above all a preposition, conjunction, particle or pronoun («Тем», «Обо»)."""
    how = lookup_language(language, word)
    likeliest = next(iter(parses(word, how)), None)
    if likeliest is None or not likeliest.known:
        return False
    return likeliest.pos in _CLOSED or likeliest.lemma in _PRONOUNS


@lru_cache(maxsize=1 << 16)
def _promising(word: str, language: str) -> bool:
    """Whether any place name begins with this word."""
    gazetteer = load_gazetteer()
    if any(key and key in gazetteer for key in (exact_key(word), exact_key(word + "."))):
        return True
    return any(
        form in gazetteer or form.partition(" ")[0] in gazetteer.longest for form in _forms(word, language)
    )


def _single(
    word: str, language: str, gazetteer: Gazetteer, behind: str = ""
) -> tuple[str, bool, tuple[Reading, ...]]:
    exact = exact_key(word)
    if exact and exact in gazetteer:
        short = bool(behind) or "." in word
        readings = tuple(r for r in gazetteer.readings(exact) if short or r.mark != "s")
        if readings:
            return exact, True, readings
    if len(word) <= 2 or _MIXED.match(word):
        return "", False, ()
    forms = _forms(word, language)
    if word.isupper() and len(word) <= 5 and not any(r.mark != "l" for r in gazetteer.readings(forms[0])):
        return "", False, ()  # an abbreviation is not inflected: «МГУ» is no case of «Мга»
    found: list[tuple[str, bool, tuple[Reading, ...]]] = []
    for form in forms:
        direct = form == forms[0]
        readings = tuple(r for r in gazetteer.readings(form) if not (direct and r.mark == "l"))
        if readings:
            found.append((form, direct, readings))
    # Rows are in order of importance: «Львове» is a village as written and a city by its lemma.
    return min(found, key=lambda item: item[2][0].row, default=("", False, ()))


def _phrase(
    words: list[re.Match[str]], first: int, language: str, gazetteer: Gazetteer
) -> tuple[int, str, tuple[Reading, ...]]:
    """The longest name of several words that begins at ``first``: its count of words, key and readings."""
    heads = _forms(words[first].group(), language)
    most = max((gazetteer.longest.get(form.partition(" ")[0], 1) for form in heads), default=1)
    text = words[first].string
    count = 1
    while count < min(most, 6) and first + count < len(words):
        gap = text[words[first + count - 1].end() : words[first + count].start()]
        if gap not in _JOINED and not (gap == ". " and words[first + count - 1].group().lower() in _POINTED):
            break
        count += 1
    for n in range(count, 1, -1):
        options = [_forms(words[first + i].group(), language)[:3] for i in range(n)]
        for forms in product(*options):
            key = " ".join(forms)
            if found := gazetteer.readings(key):
                return n, key, found
    return 0, "", ()


def _neighbour(words: list[re.Match[str]], index: int, beside: int) -> str:
    """The word at ``index`` if only a space parts it from the word at ``beside``."""
    if not 0 <= index < len(words):
        return ""
    left, right = sorted((index, beside))
    gap = words[left].string[words[left].end() : words[right].start()]
    return words[index].group() if gap in (" ", "\u00a0") else ""


def _beyond(words: list[re.Match[str]], last: int) -> str:
    if last + 1 >= len(words):
        return ""
    gap = words[last].string[words[last].end() : words[last + 1].start()]
    return words[last + 1].group() if gap in (", ", " (") else ""


def _behind(words: list[re.Match[str]], first: int) -> str:
    """The capitalised word before a comma or parenthesis."""
    if first < 1:
        return ""
    gap = words[first].string[words[first - 1].end() : words[first].start()]
    word = words[first - 1].group()
    return word if gap in (", ", " (") and word[:1].isupper() else ""


def _shortened(text: str, end: int, word: str, behind: str, gazetteer: Gazetteer) -> str:
    """The word with its point, if that is a short form after a comma ("Sacramento, Calif.")."""
    if behind and text[end : end + 1] == "." and exact_key(word + ".") in gazetteer:
        return word + "."
    return ""


def _quoted(text: str, start: int, end: int) -> bool:
    return text[start - 1 : start] in ("«", "“", '"', "„") and text[end : end + 1] in ("»", "”", '"', "“")


def find_candidates(sentence: str, offset: int, language: str, given: bool = False) -> list[Candidate]:
    """Candidates in one sentence, left to right, longest first where they begin alike, never overlapping.

    ``offset`` is the sentence's first code point in its document; ``language`` its ISO 639-1 code. ``given``
    says that the words are known to name a place: short forms then need no comma before them.
    """
    starts = [m for m in _CAPITALISED.finditer(sentence) if _promising(_bare(m.group()), language)]
    if not starts:
        return []
    gazetteer = load_gazetteer()
    words = list(_WORD.finditer(sentence))
    index = {m.start(): i for i, m in enumerate(words)}
    found: list[Candidate] = []
    done = -1
    for match in starts:
        first = index.get(match.start())
        if first is None or match.start() < done:
            continue
        behind = _behind(words, first) or ("?" if given else "")
        count, key, readings = _phrase(words, first, language, gazetteer)
        direct = bool(count)
        end = words[first + max(count, 1) - 1].end()
        surface = _bare(sentence[match.start() : end])
        if not count:
            count = 1
            surface = _shortened(sentence, end, match.group(), behind, gazetteer) or surface
            key, direct, readings = _single(surface, language, gazetteer, behind)
        if not readings:
            continue
        if count == 1 and (not direct or first == 0) and _is_function_word(surface, language):
            continue
        done = match.start() + len(surface)
        found.append(
            Candidate(
                start=offset + match.start(),
                end=offset + done,
                surface=surface,
                key=key,
                direct=direct,
                language=lookup_language(language, surface),
                readings=readings[:_MOST_READINGS],
                before=_neighbour(words, first - 1, first),
                after=_neighbour(words, first + count, first + count - 1),
                beyond=_beyond(words, first + count - 1),
                behind=behind.strip("?"),
                initial=first == 0,
                before_initial=first == 1,
                quoted=_quoted(sentence, match.start(), match.start() + len(surface)),
                initials=_INITIALS.search(sentence, max(0, match.start() - 3), match.start()) is not None,
                rare=count == 1 and not direct and key != _forms(surface, language)[1],
            )
        )
    return found


def _bare(word: str) -> str:
    return _POSSESSIVE.sub("", word)


def candidate_at(text: str, start: int, end: int, language: str) -> Candidate | None:
    """The candidate of a mention whose span is known; None where no name within it is in the gazetteer.

    A name the gazetteer lacks is looked up without its words for a kind of place ("Republic of Armenia"),
    then by the longest name inside it ("University of Alberta").
    """
    name = text[start:end]
    behind = _BEHIND.search(text, max(0, start - 60), start)
    tried = name if behind is None else f"{behind[1]}, {name}"
    shift = start - (len(tried) - len(name))
    found = [c for c in find_candidates(tried, shift, language, given=True) if c.start >= start]
    titled = name.title()
    if not found and (name.isupper() or name.islower()) and len(titled) == len(name) and titled != name:
        return candidate_at(text[:start] + titled + text[end:], start, end, language)
    if not found and language == "en" and len(name) <= _SHORT and name[-1:] != ".":
        return candidate_at(text[:end] + "." + text[end:], start, end + 1, language)  # "U.S", "Calif"
    gazetteer = load_gazetteer()
    whole = [c for c in found if c.end - c.start >= len(name) - 2 or not gazetteer.is_ordinary(c.key)]
    if not whole:
        return None
    best = max(whole, key=lambda c: (c.end - c.start, -c.start))
    before, after = (
        _BEFORE.search(text, max(0, start - 40), best.start),
        _AFTER.match(text, best.end, best.end + 40),
    )
    beyond = _BEYOND.match(text, best.end, best.end + 60)
    return replace(
        best,
        before=before[1] if before else "",
        after=after[1] if after else "",
        beyond=beyond[1] if beyond else "",
        behind=behind[1] if behind else "",
    )
