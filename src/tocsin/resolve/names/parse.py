"""A name cut into parts, each with its role: word, initial, patronymic, particle, number, legal form."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Final

from tocsin.resolve.names.known import known, spelling
from tocsin.resolve.names.letters import letters, words

__all__ = ["KINDS", "ParsedName", "Part", "Role", "organisation_of", "parse"]

#: Kinds of names, as the names head gives them; the empty string where the kind is not known.
KINDS: Final = ("", "ORG", "PER")
_LONGEST_FORM: Final = 6  # words in a legal form
_MOST_PARTS: Final = 9
_PATRONYMIC: Final = re.compile(
    r".{2,}(ович|евич|йович|ьич|івна|ївна|овна|евна|ична|[oeyi]vi[ct]?[ct]?h|[oey]vych|[oei]vna|vich|vych|ichna)$"
)
_ROMAN: Final = re.compile(r"(?:x{1,3}|x{0,3}(?:ix|iv|v?i{2,3}|vi))$")


class Role(StrEnum):
    """What a part does in a name."""

    WORD = "word"
    GIVEN = "given name"
    INITIAL = "initial"
    PATRONYMIC = "patronymic"
    PARTICLE = "particle"
    NUMBER = "number"
    LEGAL = "legal form"
    CONCEPT = "common word"


#: What a part of each role counts when a name is weighed; a word counts 1.
_WEIGHTS: Final = {
    Role.WORD: 1.0,
    Role.GIVEN: 0.8,
    Role.INITIAL: 0.3,
    Role.PATRONYMIC: 0.4,
    Role.PARTICLE: 0.15,
    Role.NUMBER: 0.7,
    Role.LEGAL: 0.2,
    Role.CONCEPT: 0.6,
}


@dataclass(frozen=True, slots=True)
class Part:
    """One word of a name: as written, in ``letters``, its role; ``value`` is a number or a group's number."""

    text: str
    letters: str
    role: Role
    value: int = -1

    @property
    def weight(self) -> float:
        return _WEIGHTS[self.role]


@dataclass(frozen=True, slots=True)
class ParsedName:
    """A name with its parts; ``acronym`` is its letters if it may be one, ``known`` a listed organisation."""

    text: str
    kind: str
    parts: tuple[Part, ...]
    titles: tuple[str, ...]
    acronym: str
    known: int

    @property
    def content(self) -> tuple[Part, ...]:
        """Words and given names: what two names must share."""
        return tuple(p for p in self.parts if p.role in {Role.WORD, Role.GIVEN, Role.CONCEPT})


@lru_cache(maxsize=1 << 15)
def parse(name: str, kind: str = "") -> ParsedName:
    """The parts of a name; titles are set apart, unless nothing else is there.

    ``kind`` is one of ``KINDS``; persons have titles and patronymics, organisations legal forms and common
    words (``суд`` = ``court``); a name of no known kind may have both. Raises ValueError for another kind.

    >>> [str(part.role) for part in parse("Prof. V. V. Ivanov", "PER").parts]
    ['initial', 'initial', 'word']
    """
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is none of {KINDS}")
    raw = [word for word in words(name) if letters(word)]
    raw = _rejoin(raw, name)
    keys = [spelling(word) for word in raw]
    titles = () if kind == "ORG" else _titles(raw, keys)
    rest = [(w, k) for n, (w, k) in enumerate(zip(raw, keys, strict=True)) if n not in titles]
    parts = _parts([w for w, _ in rest], [k for _, k in rest], kind)
    if kind != "ORG":
        parts = _persons(parts)
    return ParsedName(
        text=name,
        kind=kind,
        parts=tuple(parts[:_MOST_PARTS]),
        titles=tuple(raw[n] for n in titles),
        acronym=_acronym(raw),
        known=known().organisations.get(tuple(keys), -1) if kind != "PER" else -1,
    )


def organisation_of(name: str) -> int:
    """The number of the listed organisation that bears a name, -1 if none; ``known`` of ``parse`` as one.

    >>> organisation_of("United Nations") == parse("UN", "ORG").known >= 0
    True
    """
    raw = _rejoin([word for word in words(name) if letters(word)], name)
    return known().organisations.get(tuple(spelling(word) for word in raw), -1)


def _rejoin(raw: list[str], name: str) -> list[str]:
    """Dotted capitals of an organisation back into one word: «A.B.C. Company», «G.m.b.H.», «o.O.O.»."""
    if not re.search(r"\w\.\w\.\w|\b[^\W\d_]\.[^\W\d_]\b", name):
        return raw
    found: list[str] = []
    run: list[str] = []
    for word in [*raw, "--"]:
        if len(word) == 1 and word.isalpha():
            run.append(word)
            continue
        # One or two single letters are somebody's initials.
        found += ["".join(run)] if len(run) > 2 else run
        run = []
        found.append(word)
    return found[:-1]


def _titles(raw: list[str], keys: list[str]) -> tuple[int, ...]:
    """Places of titles; a title is kept as a name if nothing but initials would remain."""
    found = [n for n, key in enumerate(keys) if key in known().titles and not raw[n].isupper()]
    if (
        len(raw) > 1
        and raw[-1].isupper()
        and keys[-1] in {"dr", "prof", "phd", "mr"}
        and len(raw) - 1 not in found
    ):
        found.append(len(raw) - 1)
    rest = [word for n, word in enumerate(raw) if n not in found]
    return tuple(found) if any(len(word) > 1 for word in rest) else ()


def _parts(raw: list[str], keys: list[str], kind: str) -> list[Part]:
    found: list[Part] = []
    at = 0
    while at < len(raw):
        size, group = _legal_form(keys, at)
        if size and len(raw) > size:
            found.append(
                Part(" ".join(raw[at : at + size]), "".join(keys[at : at + size]), Role.LEGAL, group)
            )
            at += size
            continue
        found.append(_part(raw, keys, at, kind))
        at += 1
    whole = [p for p in found if p.role is not Role.LEGAL]
    if not whole:  # «Company», «Фонд»: a name of its own
        return [replace(p, role=Role.WORD) for p in found]
    if all(p.role is Role.PARTICLE for p in whole):
        return [replace(p, role=Role.WORD) if p.role is Role.PARTICLE else p for p in found]
    return found


def _part(raw: list[str], keys: list[str], at: int, kind: str) -> Part:
    lists = known()
    word, key = raw[at], keys[at]
    text = letters(word)
    number = _number(keys, at, kind)
    if number >= 0:
        return Part(word, text, Role.NUMBER, number)
    role = Role.WORD
    if len(text) == 1 or key in {"дж", "dzh", "ю", "я"}:
        role = Role.INITIAL
    elif key in lists.particles:
        role = Role.PARTICLE
    elif kind != "PER" and key in lists.concepts:
        return Part(word, text, Role.CONCEPT, lists.concepts[key])
    elif kind != "ORG" and key in lists.given:
        role = Role.GIVEN
    return Part(word, text, role)


def _number(keys: list[str], at: int, kind: str) -> int:
    """The number a word stands for, -1 if none; a person's last «I» or «V» counts, others are initials."""
    key = keys[at]
    if key.isdigit():
        return int(key[:9])
    if key in {"i", "v"} and at and at == len(keys) - 1 and kind == "PER":
        return 1 if key == "i" else 5
    known_number = known().numbers.get(key, -1)
    return known_number if kind != "PER" or _ROMAN.match(key) else -1


def _legal_form(keys: list[str], at: int) -> tuple[int, int]:
    forms = known().legal
    for size in range(min(_LONGEST_FORM, len(keys) - at), 0, -1):
        group = forms.get(tuple(keys[at : at + size]))
        if group is not None:
            return size, group
    return 0, -1


def _persons(parts: list[Part]) -> list[Part]:
    """Patronymics: of three words or more, one with the ending that is not the first."""
    content = [n for n, p in enumerate(parts) if p.role in {Role.WORD, Role.GIVEN}]
    if len(content) < 3:
        return parts
    for n in content[1:]:
        if _PATRONYMIC.match(spelling(parts[n].text)):
            return [replace(p, role=Role.PATRONYMIC) if m == n else p for m, p in enumerate(parts)]
    return parts


def _acronym(raw: list[str]) -> str:
    """The letters of a name that is one word in capitals, else the empty string."""
    if len(raw) == 1 and raw[0].isupper() and 2 <= len(raw[0]) <= 7 and raw[0].isalpha():
        return letters(raw[0])
    return ""
