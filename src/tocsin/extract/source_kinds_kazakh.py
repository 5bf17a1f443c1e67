"""The kind of a Kazakh source: that of its last word, which carries the endings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from tocsin.extract.lexicon import Lexicon, read_data
from tocsin.extract.names import Word
from tocsin.extract.words import normal, word_set
from tocsin.language.morphology import lemmas
from tocsin.model import SourceKind

__all__ = ["kazakh_kind", "kazakh_name"]

_KINDS: Final = {
    "anonymous": SourceKind.ANONYMOUS,
    "official": SourceKind.OFFICIAL,
    "media": SourceKind.MEDIA,
    "document": SourceKind.DOCUMENT,
    "organisation": SourceKind.ORGANISATION,
    "crowd": SourceKind.CROWD,
}
_SURNAME: Final = re.compile(
    r"(?:[оеё]ва?|ина?|[ұү]лы|ович|овна|евна|евич|қызы|тегі|баева?|ский|ская|енко|ян)$"
)
_CASES: Final = re.compile(r"(?:ның|нің|дың|дің|тың|тің|ға|ге|қа|ке|дан|ден|тан|тен|нан|нен|да|де|та|те)$")
_PLURAL: Final = re.compile(
    r"(?:лар|лер|дар|дер|тар|тер)(?:ы|і|ымыз|іміз|м)?(?:н[ыі]ң|д[ыі]ң|т[ыі]ң|[дтн][ае]н?|ғ?а|ге)?$"
)
_QUOTED: Final = re.compile(r"«[^»]*»|“[^”]*”|„[^“”]*[“”]|\"[^\"]*\"")
_MANY: Final = word_set(
    "жұрт көпшілік халық ел қауым жамағат барлығы бәрі көп қауесет чат желі форум интернет аңыз өсек сыбыс "
    "әңгіме"
)
_ADVERBIAL: Final = re.compile(r"..(?:да|де|та|те|ға|ге|қа|ке|на|не|ды|ді|ты|ті|ны|ні)$")
_NAMELESS: Final = ("атамау", "аты-жөн")
_SELF: Final = frozenset({"өзі", "өздері", "өзінің"})


@cache
def _lists(language: str) -> dict[str, frozenset[str]]:
    data: Any = read_data("sources")[language]
    return {name: frozenset(normal(word) for word in words) for name, words in data.items()}


def kazakh_name(raw: str) -> str:
    """A Kazakh name without its genitive or dative ending."""
    for ending in ("ның", "нің", "дың", "дің", "тың", "тің", "ға", "ге", "қа", "ке"):
        if raw.endswith(ending) and len(raw) - len(ending) >= 3:
            return raw[: -len(ending)]
    return raw


def kazakh_kind(words: Sequence[Word], text: str, lex: Lexicon) -> str:
    """The kind of a source; ``text`` is what its words were read from."""
    own = [w for w in words if w.raw.lower() not in _SELF]
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    core = [w for w in own if not any(start < w.start < end for start, end in quoted)]
    if not core or (text[:1] in '«“„"' and not any(_listed(w, lex) for w in core)):
        outlet = any(normal(w.raw) in _lists("kk")["media_names"] for w in own)
        return SourceKind.MEDIA if outlet else SourceKind.ORGANISATION
    lists = _lists("kk")
    core = core[: _subject(core, lex) + 1]
    last = normal(core[-1].raw)
    if last in lists["singular"] or kazakh_name(last) in lists["singular"]:
        return SourceKind.ANONYMOUS
    if _person(core, lex):
        return SourceKind.PERSON
    if any(w.special == "outlets" for w in core):
        return SourceKind.MEDIA
    kind = _listed(core[-1], lex)
    if kind and kind != "crowd":
        return _KINDS[kind]
    return _unlisted(core, kind, text, lists)


def _unlisted(core: Sequence[Word], kind: str, text: str, lists: dict[str, frozenset[str]]) -> str:
    """The kind by number and by what stands before: «бас инженер», «тұрғындар», «біреу»."""
    last = core[-1]
    before = {normal(form) for w in core[:-1] for form in (w.raw, *w.lemmas)}
    hidden = bool(before & lists["hidden"]) or any(words in text.lower() for words in _NAMELESS)
    many = bool(_PLURAL.search(last.raw.lower())) or bool(before & lists["plural"])
    if before & lists["chief"] and not many and not hidden:
        return SourceKind.OFFICIAL
    if last.special:
        return SourceKind.ORGANISATION
    return SourceKind.CROWD if many or (kind == "crowd" and _people(last)) else SourceKind.ANONYMOUS


def _subject(core: Sequence[Word], lex: Lexicon) -> int:
    """The place of the word the source is about: the last, unless the phrase ended before.

    A source found by rules may run on into the clause («„Дала“ газеті ауданда», «Оташев мұны»). It ended with
    a name or with a word that closes a phrase by its possessive ending, if what follows is no such word.
    """
    end = len(core) - 1
    last = core[end].raw.lower()
    kind = _listed(core[end], lex)
    stands = _person(core, lex) or (kind and (kind == "document" or not _ADVERBIAL.search(last)))
    closed = [n for n in range(end) if _closes(core, n, lex)]
    if not closed or stands or (_PLURAL.search(last) and not _ADVERBIAL.search(last)):
        return end
    return closed[-1]


def _closes(core: Sequence[Word], at: int, lex: Lexicon) -> bool:
    word = core[at]
    raw = normal(word.raw)
    if core[at + 1].capital and word.capital:
        return False
    if _bare_official(word, lex):
        return not core[at + 1].capital
    if _CASES.search(raw) or raw.endswith(("ағы", "егі")):
        return False
    return (at > 0 and word.capital and _person(core[: at + 1], lex)) or (
        raw.endswith(("сы", "сі", "ы", "і")) and _listed(word, lex) != "" and not core[at + 1].capital
    )


def _bare_official(word: Word, lex: Lexicon) -> bool:
    """A person's office in the nominative, which ends a phrase."""
    raw = normal(word.raw)
    return not word.capital and (raw in _lists("kk")["official"] or lex.heads.get(raw) == "official")


def _listed(word: Word, lex: Lexicon) -> str:
    """The list a word is on; of its stems the longest decides."""
    lists = _lists("kk")
    forms = sorted({normal(form) for form in (word.raw, *word.lemmas)}, key=len, reverse=True)
    for form in forms:
        for name in _KINDS:
            if form in lists[name]:
                return name
        if form in lex.heads:
            return lex.heads[form]
    return ""


def _people(word: Word) -> bool:
    """Words for many that need no plural ending: «жұрт», «көпшілік»."""
    return bool(set(lemmas(normal(word.raw), "kk")) & _MANY)


def _person(core: Sequence[Word], lex: Lexicon) -> bool:
    """Whether the phrase ends in a name: a surname, or a capital after another one or after a role."""
    last = core[-1]
    lower = last.raw.lower()
    after_name = len(core) > 1 and core[-2].capital
    many = _PLURAL.search(lower) is not None and not after_name
    if not last.capital or last.special or last.raw.isupper() or many:
        return False
    if _SURNAME.search(last.raw) or _SURNAME.search(_CASES.sub("", last.raw)):
        return True
    if len(core) == 1 or lower.endswith(("да", "де", "та", "те", "дағы", "дегі", "тағы", "тегі")):
        return False
    before = core[-2]
    role = _listed(before, lex) in {"official", "crowd"} or bool(set(before.lemmas) & lex.words("titles"))
    return before.capital or role
