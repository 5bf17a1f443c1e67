"""Patterns over categories, compiled to regular expressions over one code character per token.

A sentence becomes a string with one private character a token, so a pattern is an ordinary regular
expression and the grammar runs at the speed of ``re``. A chart parser over token objects
was rejected: its loop would run in Python for every token, and the data it needs are the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
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
    """A rule: ``follows`` maps a code it may begin with to those that may come second, empty for none."""

    name: str
    pattern: re.Pattern[str]
    follows: dict[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class _Item:
    """One token of a pattern: its codes, and where the pattern may go on without it."""

    codes: str
    skips: tuple[int, ...]


def _compile(pattern: str) -> tuple[str, dict[str, frozenset[str]]]:
    """A regular expression, and the codes a match may begin with, each with those that may come second."""
    parts: list[str] = []
    items: list[_Item] = []
    opened_at: int | None = None
    for text in pattern.split():
        found = _ITEM.fullmatch(text)
        if found is None:
            raise ValueError(f"not a pattern item: {text!r} in {pattern!r}")
        opened, role, names, optional, closed, group_optional = found.groups()
        codes = "".join(category_code(name) for name in names.split("|"))
        if opened:
            opened_at = len(items)
        items.append(_Item(codes, (len(items) + 1,) if optional else ()))
        inner = f"(?P<{role}>[{codes}])" if role else f"[{codes}]"
        end = ")" + (group_optional or "") if closed else ""
        parts.append(("(?:" if opened else "") + inner + ("?" if optional else "") + end)
        if group_optional and opened_at is not None:
            items[opened_at] = replace(items[opened_at], skips=(*items[opened_at].skips, len(items)))
    return "".join(parts), _follows(items)


def _reached(items: list[_Item], at: int) -> Iterator[int]:
    """Positions a match may stand at without taking a token."""
    yield at
    for over in items[at].skips if at < len(items) else ():
        yield from _reached(items, over)


def _follows(items: list[_Item]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for first in _reached(items, 0):
        for code in items[first].codes if first < len(items) else "":
            seconds = found.setdefault(code, set())
            for second in _reached(items, first + 1):
                seconds |= set(items[second].codes) if second < len(items) else {""}
    return {code: frozenset(seconds) for code, seconds in found.items()}


class Grammar:
    """The rules of one language, by the first two codes of what they match: most tokens begin nothing."""

    def __init__(self, rules: tuple[tuple[str, str], ...]) -> None:
        by_first: dict[str, list[_Rule]] = {}
        for name, pattern in rules:
            source, follows = _compile(pattern)
            rule = _Rule(name, re.compile(source), follows)
            for code in follows:
                by_first.setdefault(code, []).append(rule)
        self._rules: dict[str, dict[str, list[_Rule]]] = {}
        for code, own in by_first.items():
            seconds = set().union(*(rule.follows[code] for rule in own)) | {""}
            self._rules[code] = {
                second: [rule for rule in own if rule.follows[code] & {second, ""}] for second in seconds
            }

    def matches(self, tokens: list[Token], codes: str, at: int) -> list[Match]:
        """All rules that match at token ``at``, longest first, then in the order of the file."""
        found: list[Match] = []
        by_second = self._rules.get(codes[at])
        if by_second is None:
            return found
        for rule in by_second.get(codes[at + 1 : at + 2]) or by_second[""]:
            match = rule.pattern.match(codes, at)
            if match is not None:
                roles = {
                    name: tokens[match.start(name)]
                    for name, code in match.groupdict().items()
                    if code is not None
                }
                found.append(Match(rule.name, at, match.end(), roles))
        if len(found) > 1:
            found.sort(key=lambda m: -m.last)
        return found


@cache
def load_grammar(language: str) -> Grammar:
    """The grammar of a language of ``lexicon.LANGUAGES``, compiled once."""
    return Grammar(load_lexicon(language).rules)
