"""Which of the eight kinds an English source is, and what tells persons from institutions in any language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tocsin.extract.lexicon import Lexicon
from tocsin.extract.names import NAME_MARKS, Word
from tocsin.language.morphology import parses
from tocsin.model import SourceKind

__all__ = ["is_person", "principal_head", "source_kind"]

_HEAD_KINDS: Final = {
    "anonymous": SourceKind.ANONYMOUS,
    "official": SourceKind.OFFICIAL,
    "media": SourceKind.MEDIA,
    "document": SourceKind.DOCUMENT,
    "organisation": SourceKind.ORGANISATION,
    "crowd": SourceKind.CROWD,
}
_BODIES: Final = frozenset({"organisation", "media", "document"})
#: Adjectives that say a source is not named, whatever it is.
_UNNAMED: Final = frozenset({"anonymous", "unnamed", "unidentified"})


def source_kind(words: Sequence[Word], run: tuple[int, int] | None, lex: Lexicon) -> str:
    """The kind of an English source; ``run`` is where a name may stand in it."""
    heads = [w for w in words if w.head]
    if "anonymous" in {w.head for w in heads}:
        noun = next((w.head for w in heads if w.lemmas[0] not in _UNNAMED), "")
        return SourceKind.OFFICIAL if noun == "official" else SourceKind.ANONYMOUS
    if run is not None and is_person(words, run, lex):
        return SourceKind.PERSON
    if any(w.special == "outlets" for w in words):
        return SourceKind.MEDIA
    principal = principal_head(heads, lex)
    if principal is not None:
        return _HEAD_KINDS[principal.head]
    if any(w.special for w in words):
        return SourceKind.ORGANISATION
    if run is not None:
        return SourceKind.PERSON
    plural = bool(words) and words[-1].raw.lower().endswith("s")
    return SourceKind.CROWD if plural else SourceKind.ANONYMOUS


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
