"""Noun cues: «official statements that …», «there are suggestions that …», «слухи о том, что …»."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tocsin.extract.chunks import right_source
from tocsin.extract.drafts import Draft, Line, make_draft
from tocsin.extract.tokens import Region
from tocsin.language.morphology import lemma
from tocsin.model import SourceKind

__all__ = ["noun_drafts"]

_EXISTENTIAL: Final = frozenset(
    {"there", "есть", "ходят", "появились", "существует", "существуют", "є", "існує", "існують"}
)
_RUMOUR: Final = (
    "rumor",
    "rumour",
    "speculation",
    "suggestion",
    "слух",
    "чутк",
    "версия",
    "версія",
    "belief",
    "theory",
)
_NEWS: Final = ("информац", "інформац", "сообщен", "повідомлен", "report")
_OFFICIAL: Final = ("official", "официальн", "офіційн", "government")


def noun_drafts(text: str, line: Line, region: Region) -> Iterator[Draft]:
    """Drafts of the noun cues of a region, left to right."""
    lex = line.lexicon
    nouns = lex.words("cue_nouns")
    for index, word in enumerate(region.words):
        if word not in nouns:
            continue
        start = _content_start(region, index, line)
        if start is None or start >= len(region):
            continue
        draft = _draft(text, line, region, index, start)
        if draft is not None:
            yield draft


def _content_start(region: Region, index: int, line: Line) -> int | None:
    words = region.words
    after = words[index + 1 : index + 2]
    if line.lexicon.language == "en":
        if after == ["that"]:
            return index + 2
        # «suggestions, and sometimes claims, that …»: only the last noun before «that» starts the content.
        if after == [","] and words[index + 2 : index + 3] == ["that"]:
            return index + 3
        return None
    for near in range(index + 1, min(index + 7, len(words) - 1)):
        if words[near] == "," and words[near + 1] in {"что", "що", "будто", "якобы", "нібито"}:
            direct = near == index + 1 or words[near - 1] in {"том", "те", "того"}
            return near + 2 if direct else None
        if words[near] in {",", ".", ":", "—", "–"}:
            return None
    return None


def _draft(text: str, line: Line, region: Region, index: int, start: int) -> Draft | None:
    words = region.words
    lex = line.lexicon
    source: list[tuple[int, int]] = []
    kind = ""
    before = words[index - 1] if index else ""
    if before.startswith(_OFFICIAL):
        source, kind = [_span(region, index - 1, index)], SourceKind.OFFICIAL
    elif lex.language == "en" and index and (before.endswith(("'s", "s'"))):
        begin = index - 1
        while (
            begin > 0
            and (region.capital(begin - 1) or words[begin - 1] in {"the", "former"})
            and words[begin - 1].isalpha()
        ):
            begin -= 1
        source = [_span(region, begin, index)]
    elif lex.language == "en" and before in {"his", "her", "their", "my", "our"}:
        source = [_span(region, index - 1, index)]
    elif lex.language != "en" and words[index + 1] not in {",", "о", "про"}:
        found = right_source(region, index + 1, lex, "gent")
        source = [_span(region, *found)] if found else []
    existential = bool(_EXISTENTIAL & set(words[max(0, index - 9) : index]))
    if not source:
        if not (existential or words[index].startswith(_RUMOUR + _NEWS)):
            return None
        kind = SourceKind.ANONYMOUS if words[index].startswith(_NEWS) else SourceKind.CROWD
    cue = [_span(region, index, index + 1)]
    draft = make_draft(
        text,
        line,
        (source, cue, [_span(region, start, len(words))]),
        f"noun: {_name(line, words[index])} that",
        0.65,
    )
    if draft is None:
        return None
    draft.lemma = _name(line, words[index])
    if kind:
        draft.implied = str(kind)
    if source and lex.language != "en":
        draft.case = "gent"
    if existential:
        # «There are suggestions, and sometimes claims, that»: every noun named is a cue.
        extra = [n for n in range(max(0, index - 9), index) if words[n] in lex.words("cue_nouns")]
        from tocsin.extract.drafts import pieces

        draft.cue = pieces(text, [*cue, *(_span(region, n, n + 1) for n in extra)])
    return draft


def _span(region: Region, start: int, end: int) -> tuple[int, int]:
    return (region.starts[start], region.ends[end - 1])


def _name(line: Line, word: str) -> str:
    return word if line.lexicon.language == "en" else lemma(word, line.lexicon.language)
