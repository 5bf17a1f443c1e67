"""Who a source is: its kind, how a person would list it, and a key that groups its variants.

A key is ``kind:fold``. For a person the fold is that of the last name's nominative, so «Шатилова»,
«А. Шатилов» and "Shatilov" share one key; it merges namesakes too, which the name resolution of a later stage
undoes. For all others it is the fold of the label's lemmas. Folding writes Cyrillic in Latin letters and
drops what transliterations differ in (y, i, j; kh, h; doubled letters).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tocsin.extract.lexicon import Lexicon
from tocsin.extract.names import ARTICLES, NAME_MARKS, Word, fold, name_run, words_of
from tocsin.extract.source_kinds import is_person, principal_head, source_kind
from tocsin.extract.source_kinds_kazakh import kazakh_kind, kazakh_name
from tocsin.extract.source_kinds_slavic import core_words, listed_kind, slavic_kind
from tocsin.extract.tokens import Region
from tocsin.language.morphology import nominative, parses
from tocsin.model import SourceKind

__all__ = ["Source", "describe", "fold", "plausible_source"]

_SLAVIC: Final = frozenset({"ru", "uk"})
#: Words of a signature that no list knows.
_SIGNATURE: Final = 5
_RECEIVED: Final = re.compile(
    r"^(?:the\s+)?(?:latest\s+|new\s+)?(?:information|data|intelligence|details|reports?|words?)\s+"
    r"(?:received\s+|obtained\s+|provided\s+|coming\s+)?(?:from|of|by)\s+(?=\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Source:
    """A source as listed: ``kind`` (a SourceKind), ``label`` for people, ``key`` for grouping.

    ``unlisted`` says that no word list knows what it is.
    """

    kind: str
    label: str
    key: str
    unlisted: bool = False


def describe(text: str, lex: Lexicon, case: str = "") -> Source:
    """Kind, label and key of a source's words; ``case`` is the one they stand in (OpenCorpora, or empty)."""
    plain = " ".join(text.replace("*", " ").replace("_", " ").split())
    stripped = _RECEIVED.sub("", plain) if lex.language == "en" else plain
    words = words_of(stripped, lex)
    naming = core_words(words, stripped, lex) if lex.language in _SLAVIC else words
    run = name_run(naming, lex)
    kind = _kind(stripped, words, naming, run, lex, case)
    if kind == SourceKind.PERSON and run is not None:
        label, last = _person(stripped, naming, run, lex, case)
        return Source(kind, label, f"{kind}:{fold(last)}")
    label = _label(stripped, words, lex, case)
    base = [_base(w, lex) for w in words if w.raw.lower() not in ARTICLES]
    unlisted = lex.language != "en" and not any(w.special or listed_kind(w, lex) for w in naming)
    return Source(kind, label, f"{kind}:{fold(' '.join(base)) or fold(label) or label.lower()}", unlisted)


def _kind(
    text: str,
    words: Sequence[Word],
    naming: Sequence[Word],
    run: tuple[int, int] | None,
    lex: Lexicon,
    case: str,
) -> str:
    if lex.language in _SLAVIC:
        return slavic_kind(words, naming, run, lex, case)
    if lex.language == "kk":
        return kazakh_kind(words, text, lex)
    kind = source_kind(words, run, lex)
    unknown = kind in {SourceKind.PERSON, SourceKind.ANONYMOUS, SourceKind.CROWD}
    if text[:1] in '«“„"' and words and unknown and not any(w.head for w in words):
        return SourceKind.ORGANISATION  # quotation marks are for firms and outlets
    return kind


def _base(word: Word, lex: Lexicon) -> str:
    if lex.language == "kk" and len(word.lemmas) > 1:
        return next((form for form in word.lemmas if form in lex.heads), word.lemmas[0])
    return word.lemmas[0] if word.lemmas else word.raw.lower()


def _person(
    text: str, words: Sequence[Word], run: tuple[int, int], lex: Lexicon, case: str
) -> tuple[str, str]:
    """The name alone, in the nominative, and the lemma of its last word."""
    start, end = run
    chosen = list(words[start:end])
    if lex.language == "en" and chosen[-1].raw.endswith(("'s", "’s")):
        label = text[chosen[0].start : chosen[-1].end - 2]
        return label, chosen[-1].raw[:-2]
    if lex.language == "kk":
        last = chosen[-1].raw
        stem = kazakh_name(last)
        return (text[chosen[0].start : chosen[-1].start] + stem), stem
    if lex.language == "en":
        return text[chosen[0].start : chosen[-1].end], chosen[-1].raw
    raws = [w.raw for w in chosen]
    if case and case != "nomn":
        raws = [nominative(raw, lex.language, case, "sing") for raw in raws]
    return " ".join(raws), raws[-1]


def _label(text: str, words: Sequence[Word], lex: Lexicon, case: str) -> str:
    if not words:
        return text
    start = 0
    while start < len(words) - 1 and lex.language == "en" and words[start].raw.lower() in {"the", "a", "an"}:
        start += 1
    if lex.language == "kk" and case == "gent" and words[-1].end == len(text):
        return text[words[0].start : words[-1].start] + kazakh_name(words[-1].raw)
    if lex.language not in {"ru", "uk"} or not case or case == "nomn":
        return text[words[start].start : words[-1].end] + _closing(text[words[-1].end :])
    # Put the head and its modifiers into the nominative; what depends on the head stays.
    parts: list[str] = []
    number = ""
    done = False
    for word in words:
        readings = [p for p in parses(word.raw, lex.language) if p.case == case]
        if done or not readings:
            parts.append(word.raw)
            done = done or not readings
            continue
        noun = next((p for p in readings if p.pos == "NOUN"), None)
        number = (noun or readings[0]).number or number
        parts.append(nominative(word.raw, lex.language, case, number))
        done = noun is not None and readings[0].pos == "NOUN"
    pieces = [text[: words[0].start]]
    for index, word in enumerate(words):
        following = words[index + 1].start if index + 1 < len(words) else len(text)
        pieces += [parts[index], text[word.end : following]]
    return "".join(pieces).strip(" ,.;:—–-")


def _closing(rest: str) -> str:
    return rest[0] if rest[:1] in ("»", "”", ")", '"') and rest else ""


def plausible_source(region: Region, start: int, end: int, lex: Lexicon, signed: bool = False) -> bool:
    """Whether tokens before a colon or after a dash can be a source: name, outlet, office, document.

    ``signed``: they end what is said after a comma or a quotation, so that any word for a person will do
    («…, — иммунолог»), and a few words with a capital, known or not («…, — Le Monde», «…, — Укренерго»).
    """
    facts = _facts(region, start, end, lex)
    if not facts:
        return False
    named = end - start <= _SIGNATURE and region.capital(start)
    return _known(facts, lex) or (signed and (named or _some_role(facts, lex)))


def _facts(region: Region, start: int, end: int, lex: Lexicon) -> Sequence[Word]:
    """The words of what may be a source; empty where one of them cannot be in it."""
    words = region.words[start:end]
    phrase = " ".join(words).strip()
    if not words or phrase in lex.words("not_sources") or words[0] in lex.words("not_sources"):
        return ()
    if any(w in lex.words("time_words") or (w.isdigit() and w not in lex.words("outlets")) for w in words):
        return ()
    if words[0] in lex.words("prepositions") or words[0] in lex.words("subject_stops"):
        return ()
    if lex.language in {"ru", "uk"} and any(
        readings[0].pos in {"VERB", "INFN", "GRND", "PRTS", "ADJS"}
        for n, w in enumerate(words)
        if not region.capital(start + n) and (readings := parses(w, lex.language))
    ):
        return ()
    if lex.language == "en" and any(w in lex.words("auxiliaries") for w in words):
        return ()
    return words_of(region.text[region.starts[start] : region.ends[end - 1]], lex)


def _some_role(facts: Sequence[Word], lex: Lexicon) -> bool:
    if lex.language not in {"ru", "uk"} or len(facts) > 5:
        return False
    readings = parses(facts[0].raw, lex.language)
    return any(p.pos == "NOUN" and p.animate and p.case == "nomn" for p in readings[:3])


def _known(facts: Sequence[Word], lex: Lexicon) -> bool:
    if any(w.special == "outlets" for w in facts):
        return True
    principal = principal_head([w for w in facts if w.head], lex)
    if principal is not None:
        if lex.language == "en":
            return facts[0].capital or principal is facts[0]
        early = principal is facts[0] or (principal is facts[1] and facts[0].place) or facts[0].head != ""
        return early or lex.language == "kk"
    if any(w.special == "organisations" for w in facts):
        return True
    run = name_run(facts, lex)
    if run is None or (run[0] and facts[run[0] - 1].raw.lower() in lex.words("prepositions")):
        return False
    if lex.language in {"ru", "uk"}:
        names = facts[run[0] : run[1]]
        surname = any(p.marks & NAME_MARKS for w in names for p in parses(w.raw, lex.language)[:3])
        return surname and is_person(facts, run, lex)
    return run[1] - run[0] >= 2 and run[1] - run[0] <= 4 and run[0] <= 2
