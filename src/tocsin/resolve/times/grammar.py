"""Patterns over categories, compiled to regular expressions over one code character per token.

A sentence becomes a string with one private character a token, so a pattern is an ordinary regular
expression and the grammar runs at the speed of ``re``. A chart parser over token objects
was rejected: its loop would run in Python for every token, and the data it needs are the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from tocsin.resolve.times.lexicon import category_code, load_lexicon
from tocsin.resolve.times.tokens import Token

__all__ = ["Grammar", "Match", "load_grammar"]

_ITEM: Final = re.compile(r"(\()?(?:(\w+):)?([A-Z|]+)(\?)?(\))?(\?)?")


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that matched tokens ``[first, last)``; ``roles`` holds the named ones."""

    rule: str
    first: int
    last: int
    roles: dict[str, Token]


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    pattern: re.Pattern[str]


def _compile(pattern: str) -> tuple[str, frozenset[str]]:
    """A regular expression and the code characters a match may begin with."""
    parts = []
    starts: set[str] = set()
    open_start = True
    depth_optional = False
    for item in pattern.split():
        found = _ITEM.fullmatch(item)
        if found is None:
            raise ValueError(f"not a pattern item: {item!r} in {pattern!r}")
        opened, role, names, optional, closed, group_optional = found.groups()
        codes = "".join(category_code(name) for name in names.split("|"))
        if open_start:
            starts |= set(codes)
        if opened:
            depth_optional = True
        inner = f"[{codes}]"
        inner = f"(?P<{role}>{inner})" if role else inner
        parts.append(("(?:" if opened else "") + inner + ("?" if optional else "") + (")" if closed else ""))
        if closed:
            parts[-1] += group_optional or ""
            depth_optional = False
        elif not optional and not depth_optional:
            open_start = False
    return "".join(parts), frozenset(starts)


class Grammar:
    """The rules of one language."""

    def __init__(self, rules: tuple[tuple[str, str], ...]) -> None:
        self._by_start: dict[str, list[_Rule]] = {}
        for name, pattern in rules:
            source, starts = _compile(pattern)
            rule = _Rule(name, re.compile(source))
            for code in starts:
                self._by_start.setdefault(code, []).append(rule)

    def matches(self, tokens: list[Token], codes: str, at: int) -> list[Match]:
        """All rules that match at token ``at``, longest first, then in the order of the file."""
        found = []
        for rule in self._by_start.get(codes[at], ()):
            match = rule.pattern.match(codes, at)
            if match is not None:
                roles = {
                    name: tokens[match.start(name)]
                    for name, code in match.groupdict().items()
                    if code is not None
                }
                found.append(Match(rule.name, at, match.end(), roles))
        found.sort(key=lambda m: -m.last)
        return found


@cache
def load_grammar(language: str) -> Grammar:
    """The grammar of a language of ``lexicon.LANGUAGES``, compiled once."""
    return Grammar(load_lexicon(language).rules)
