"""Kazakh verb cues. The verb ends its clause: «X … деп мәлімдеді», «…, – деді X», «X …туралы хабарлады»."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tocsin.extract.drafts import Draft, Line, make_draft
from tocsin.extract.lexicon import Lexicon
from tocsin.extract.tokens import QUOTE, Region
from tocsin.language.morphology import lemmas

__all__ = ["kazakh_drafts"]

_ENDS: Final = frozenset({".", "!", "?", "…", ";"})
_PAUSES: Final = frozenset({",", "—", "–", "-", "−"})
_ACCUSATIVE: Final = ("ын", "ін", "ні", "ны", "ді", "ды", "ті", "ты", "н")


def kazakh_drafts(text: str, line: Line, region: Region) -> Iterator[Draft]:
    """Drafts of the final verbs of a region."""
    lex = line.lexicon
    for index, word in enumerate(region.words):
        size = 1
        if word not in lex.verbs:
            pair = " ".join(region.words[index : index + 2])
            if pair not in lex.verbs:
                continue
            size = 2
        draft = _draft(text, line, region, index, size)
        if draft is not None:
            draft.lemma = " ".join(region.words[index : index + size])
            yield draft


def _draft(text: str, line: Line, region: Region, index: int, size: int) -> Draft | None:
    words = region.words
    saying = next(
        (n for n in range(index - 1, max(-1, index - 4), -1) if words[n] in line.lexicon.words("saying")),
        None,
    )
    about = index - 1 if index and words[index - 1] == "туралы" else None
    start = saying if saying is not None else about if about is not None else index
    cue = [_span(region, start, index + size)]
    if (
        saying is None
        and about is None
        and words[index] not in {"деді", "дейді"}
        and not _reported_form(words, index)
    ):
        return None
    right = _right(region, index + size)
    subject = None if right else _left(region, start, line.lexicon)
    source = right or subject
    content = _content(region, subject[1] if subject else 0, start)
    if not content:
        return None
    ranges = [_span(region, *source)] if source else []
    score = (0.85 if saying is not None or QUOTE in words else 0.65) - (0 if source else 0.25)
    draft = make_draft(
        text, line, (ranges, cue, content), f"verb: {' '.join(words[index : index + size])}", score
    )
    if draft is not None and not source:
        draft.implied = "before"
    return draft


def _reported_form(words: list[str], index: int) -> bool:
    """«көпір ашылғанын айтты»: a participle in the accusative before the verb."""
    return index > 0 and words[index - 1].endswith(_ACCUSATIVE) and len(words[index - 1]) > 5


def _span(region: Region, start: int, end: int) -> tuple[int, int]:
    return (region.starts[start], region.ends[end - 1])


def _right(region: Region, start: int) -> tuple[int, int] | None:
    """«…, – деді Асқар Сейітов.»: what follows the verb up to a pause is the source."""
    end = start
    while end < len(region) and region.words[end] not in _ENDS | _PAUSES | {QUOTE, ":"}:
        end += 1
    return (start, end) if start < end <= start + 10 else None


def _left(region: Region, stop: int, lex: Lexicon) -> tuple[int, int] | None:
    """The subject at the start: past adverbs, up to the last capital or known head before the content."""
    words = region.words
    index = 0
    while index < stop and (
        words[index] in lex.words("discourse") | lex.words("time_words") or words[index] in _PAUSES
    ):
        index += 1
    last = index
    at = index
    while at < stop and at - index < 9 and words[at] not in _PAUSES | _ENDS | {QUOTE, ":"}:
        if words[at] in lex.words("saying"):
            break
        headed = any(form in lex.heads for form in lemmas(words[at], "kk"))
        if (
            headed
            or region.capital(at)
            or words[at] in lex.words("anaphors_person") | lex.words("anaphors_plural")
        ):
            if at > last and at - last > 2:
                break
            last = at + 1
        at += 1
    return (index, last) if last > index else None


def _content(region: Region, start: int, stop: int) -> list[tuple[int, int]]:
    ranges = [(q.start, q.end) for at, q in region.quotes.items() if start <= at < stop]
    if ranges:
        return ranges
    while start < stop and region.words[start] in _PAUSES | {":"}:
        start += 1
    return [_span(region, start, stop)] if start < stop else []
