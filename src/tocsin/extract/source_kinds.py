"""Which of the eight kinds a source is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tocsin.extract.lexicon import Lexicon
from tocsin.extract.names import NAME_MARKS, Word
from tocsin.language.morphology import parses
from tocsin.model import SourceKind

__all__ = ["is_person", "kazakh_name", "principal_head", "source_kind"]

_HEAD_KINDS: Final = {
    "anonymous": SourceKind.ANONYMOUS,
    "official": SourceKind.OFFICIAL,
    "media": SourceKind.MEDIA,
    "document": SourceKind.DOCUMENT,
    "organisation": SourceKind.ORGANISATION,
    "crowd": SourceKind.CROWD,
}
#: Adjectives that say a source is not named, whatever it is.
_BODIES: Final = frozenset({"organisation", "media", "document"})
_SURNAMES: Final = ("ов", "ев", "ова", "ева", "ин", "ина", "ұлы", "қызы", "тегі", "баев", "баева")
_UNNAMED: Final = frozenset(
    {
        "anonymous",
        "unnamed",
        "unidentified",
        "анонимный",
        "неназванный",
        "анонімний",
        "неназваний",
        "анонимді",
        "белгісіз",
    }
)


def source_kind(words: Sequence[Word], run: tuple[int, int] | None, lex: Lexicon) -> str:
    """The kind of a source; ``run`` is where a name may stand in it."""
    heads = [w for w in words if w.head]
    kinds = {w.head for w in heads}
    if "anonymous" in kinds:
        noun = next((w.head for w in heads if w.lemmas[0] not in _UNNAMED), "")
        return SourceKind.OFFICIAL if noun == "official" else SourceKind.ANONYMOUS
    if run is not None and is_person(words, run, lex):
        return SourceKind.PERSON
    if any(w.special == "outlets" for w in words):
        return SourceKind.MEDIA
    return _kind_by_head(words, run, heads, lex)


def _kind_by_head(
    words: Sequence[Word], run: tuple[int, int] | None, heads: Sequence[Word], lex: Lexicon
) -> str:
    principal = principal_head(heads, lex)
    organised = any(w.special for w in words)
    if lex.language in {"ru", "uk"} and words and not words[0].head and not words[0].special:
        role = _role(words, lex, organised or principal is not None)
        if role:
            return role
    if principal is not None:
        if principal.head == "crowd" and _single(principal, lex):
            return SourceKind.ANONYMOUS
        return _HEAD_KINDS[principal.head]
    if organised:
        return SourceKind.ORGANISATION
    if run is not None:
        return _lone_name(words, run, lex)
    plural = lex.language == "en" and bool(words) and words[-1].raw.lower().endswith("s")
    return SourceKind.CROWD if plural else SourceKind.ANONYMOUS


def _single(word: Word, lex: Lexicon) -> bool:
    """«пассажир» is one unnamed person, «пассажиры» are a crowd."""
    if lex.language not in {"ru", "uk"}:
        return False
    readings = [p for p in parses(word.raw, lex.language) if p.pos == "NOUN" and p.animate]
    return (
        bool(readings)
        and all(p.number == "sing" for p in readings)
        and readings[0].lemma not in {"большинство", "ряд", "часть"}
    )


def _role(words: Sequence[Word], lex: Lexicon, organised: bool) -> str:
    """The kind of a source whose first word is a person's role no list has («еврокомиссар», «дилеры»)."""
    if words[0].name and words[0].capital and not parses(words[0].raw, lex.language)[:1][0].known:
        return ""
    nouns = [p for p in parses(words[0].raw, lex.language) if p.pos == "NOUN"]
    readings = [p for p in nouns if p.animate]
    if nouns and not readings and words[0].capital and not organised:
        return SourceKind.ORGANISATION
    if not readings or readings[0].marks & NAME_MARKS:
        return ""
    if readings[0].number == "plur":
        return SourceKind.CROWD
    return SourceKind.OFFICIAL if organised else SourceKind.ANONYMOUS


def _lone_name(words: Sequence[Word], run: tuple[int, int], lex: Lexicon) -> str:
    """A capitalised word that no list and no title explains."""
    if lex.language == "kk" and len(words) == 1 and not kazakh_name(words[0].raw).endswith(_SURNAMES):
        return SourceKind.ORGANISATION  # the first word of a sentence, capital whatever it is
    if lex.language not in {"ru", "uk"}:
        return SourceKind.PERSON
    word = words[run[0]]
    if word.raw.isascii():
        return SourceKind.ORGANISATION  # a foreign name in its own letters is mostly a company or an outlet
    readings = parses(word.raw, lex.language)
    if readings and readings[0].number == "plur" and not readings[0].marks & NAME_MARKS:
        return SourceKind.CROWD
    return SourceKind.PERSON


def principal_head(heads: Sequence[Word], lex: Lexicon) -> Word | None:
    """The word that says what the source is: the first noun, in Kazakh the last."""
    if not heads:
        return None
    if lex.language in {"en", "kk"}:
        return heads[0] if lex.language == "en" else heads[-1]
    nouns = [w for w in heads if not w.lemmas[0].endswith(("ый", "ий", "ой", "ій"))]
    return (nouns or heads)[0]


def is_person(words: Sequence[Word], run: tuple[int, int], lex: Lexicon) -> bool:
    """Whether the run of capitals names a person, not an institution or an outlet."""
    start, end = run
    if any(w.raw.lower().rstrip(".") in lex.words("orgs_suffix") for w in words[start:end]):
        return False
    titled = any(
        set(w.lemmas) & lex.words("titles") or w.raw.lower() in lex.words("titles") for w in words[:start]
    )
    titled = titled or (start > 0 and (words[start - 1].head == "official" or _animate(words[0], lex)))
    if end < len(words) and (
        words[end].special == "outlets" or (lex.language == "kk" and words[end].head in _BODIES)
    ):
        return False  # «the Paper Camel Gazette», «… арнасы»
    if any(len(w.raw) == 2 and w.raw[-1] == "." for w in words[start:end]) or (titled and end - start >= 2):
        return True
    if lex.language == "en" and start > 1 and words[start - 1].raw.lower() == "of" and words[start - 2].head:
        return False  # «the Museum of Quiet Things»
    if end - start >= 2 or titled:
        return not _organised_before(words, start)
    if lex.language in {"ru", "uk"}:
        marks = any(p.marks & NAME_MARKS for p in parses(words[start].raw, lex.language)[:4])
        return marks and not _organised_before(words, start)
    # A single capital: a surname if nothing else is there.
    return not any(w.head or w.special for w in words)


def _animate(word: Word, lex: Lexicon) -> bool:
    """Whether a Russian or Ukrainian word is a person's role («мастер»)."""
    readings = parses(word.raw, lex.language)
    return any(p.pos == "NOUN" and p.animate and p.known and not p.marks for p in readings[:2])


def _organised_before(words: Sequence[Word], start: int) -> bool:
    """«Clinton campaign», «партия Ромашка»: a head right before the name that is no person's title."""
    return (
        start > 0 and words[start - 1].head in {"organisation", "document"} and not words[start - 1].special
    )


def _titled(word: Word) -> bool:
    """Whether a media word is a person's («журналист»), not an outlet's («газета»)."""
    return word.lemmas[0].startswith(
        (
            "журналист",
            "блог",
            "военкор",
            "корреспондент",
            "кореспондент",
            "journalist",
            "report",
            "correspond",
            "репорт",
            "автор",
            "author",
            "тілші",
            "anchor",
        )
    )


def kazakh_name(raw: str) -> str:
    """A Kazakh name without its genitive or dative ending."""
    for ending in ("ның", "нің", "дың", "дің", "тың", "тің", "ға", "ге", "қа", "ке"):
        if raw.endswith(ending) and len(raw) - len(ending) >= 3:
            return raw[: -len(ending)]
    return raw
