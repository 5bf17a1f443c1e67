"""The words of a blame: who is made answerable, what for, and by whom if the sentence itself says so.

English, Russian, Ukrainian and Kazakh by the patterns of ``data/blame.yaml`` over the words of one claim;
who did what in «Амбар подожгли контрабандисты» is settled by the forms of noun and verb (``doers``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final, NamedTuple

from tocsin.extract.doers import doer_and_deed
from tocsin.extract.drafts import pieces, subtract
from tocsin.extract.lexicon import lexicon_language, read_data
from tocsin.model import Span, Spans

__all__ = ["BlameWords", "blame_of"]

_DENIES: Final = "(denies)"
_MACRO: Final = re.compile(r"%(\w+)%")
_PASSES: Final = 4  # macros nest no deeper
#: Articles and conjunctions that are no part of a name at the start of a group.
_LEADING: Final = re.compile(
    r"(?:that|it was|who|that|because|and|but|что|будто|якобы|и|а|но|сам[аио]?|"
    r"що|ніби|нібито|й|але|самі?)\s+",
    re.IGNORECASE,
)
_THAT: Final = re.compile(r"\s(?:that|что|що)\s")
_GAP: Final = re.compile(r"\s{4,}")
_LONGEST: Final = 12  # words of somebody blamed: more is a clause that a pattern swallowed


@dataclass(frozen=True, slots=True)
class BlameWords:
    """What a pattern found; every part a span of the text. ``accuser`` only where the pattern names one."""

    accused: Spans
    deed: Spans
    accuser: Spans
    evidence: Spans
    denies: bool
    pattern: str


class _Pattern(NamedTuple):
    name: str
    regex: re.Pattern[str]
    denies: bool
    needs: re.Pattern[str]


@cache
def _data(language: str) -> Any:
    return read_data("blame")[language]


@cache
def _patterns(language: str) -> tuple[_Pattern, ...]:
    macros = _data(language)["macros"]

    def regex(pattern: str) -> re.Pattern[str]:
        for _ in range(_PASSES):
            pattern = _MACRO.sub(lambda m: macros[m[1]], pattern)
        return re.compile(pattern)

    return tuple(
        _Pattern(
            name.removesuffix(_DENIES).strip(), regex(listed), name.endswith(_DENIES), regex("".join(needs))
        )
        for name, listed, *needs in _data(language)["patterns"]
    )


@cache
def harm_words(language: str) -> frozenset[str]:
    """Verbs whose doer is blamed, as ``data/blame.yaml`` lists them; none for English, whose patterns hold
    them.
    """
    return frozenset(_data(language).get("harm", ()))


def blame_of(text: str, spans: Sequence[Span], language: str, *, doers: bool = True) -> BlameWords | None:
    """The first pattern that fits the words in ``spans`` of a text; None if nobody is blamed.

    Everything outside ``spans`` is blank to the patterns, so that what they give are spans of the text.
    ``doers``: whether somebody who does a harm counts; not where the words are those of a cue as well. The
    accused is empty where a deed has no subject («опроверг, что организовал»): who denies it then is he.
    """
    rules = lexicon_language(language)
    if not rules or not spans:
        return None
    view, base = _view(text, spans)
    for pattern in _patterns(rules):
        if not pattern.needs.search(view):
            continue
        for match in pattern.regex.finditer(view):
            found = _words(text, match, base, pattern)
            if found is not None:
                return (
                    found
                    if found.accuser
                    else replace(found, accuser=_said_by(text, view, base, match, rules))
                )
    doing = doer_and_deed(text, spans, rules, harm_words(rules)) if doers and rules != "en" else None
    if doing is None:
        return None
    return BlameWords(doing.doer, doing.deed, (), doing.verb, doing.denied, "did it")


@cache
def _teller(language: str) -> re.Pattern[str]:
    return re.compile(_data(language)["said_by"])


def _said_by(text: str, view: str, base: int, match: re.Match[str], language: str) -> Spans:
    """Who says it, where he stands behind the blame in the same sentence; empty if nobody does."""
    told = _teller(language).match(view, match.end())
    return pieces(text, [(base + told.start("a"), base + told.end("a"))]) if told else ()


def _view(text: str, spans: Sequence[Span]) -> tuple[str, int]:
    """The words in ``spans`` with all between them blank, and where that string begins in the text."""
    base = min(s.start for s in spans)
    parts, at = [], base
    for span in sorted(spans):
        if span.end > at:
            parts += [" " * (span.start - at), text[max(span.start, at) : span.end]]
            at = span.end
    return "".join(parts), base


def _words(text: str, match: re.Match[str], base: int, pattern: _Pattern) -> BlameWords | None:
    groups = match.groupdict()
    accused = _group(text, match, base, "b")
    if not accused or sum(len(s.of(text).split()) for s in accused) > _LONGEST:
        return None
    deed = _group(text, match, base, "d") if groups.get("d") else ()
    accuser = _group(text, match, base, "a") if groups.get("a") else ()
    whole = Span(base + match.start(), base + match.end())
    evidence = pieces(text, subtract([whole], (*accused, *deed, *accuser)))
    return BlameWords(
        accused, deed, accuser, evidence, pattern.denies or bool(groups.get("no")), pattern.name
    )


def _group(text: str, match: re.Match[str], base: int, name: str) -> Spans:
    start, end = base + match.start(name), base + match.end(name)
    if gap := [g.end() for g in _GAP.finditer(match.group(name))]:
        start += gap[-1]  # what stands before a blank is another part of a content cut in two
    if name == "b" and (clause := list(_THAT.finditer(text, start, end))):
        start = clause[-1].end()
    while leading := _LEADING.match(text, start, end):
        start = leading.end()
    return pieces(text, [(start, end)])
