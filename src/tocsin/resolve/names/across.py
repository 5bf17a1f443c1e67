"""One person, organisation or outlet across documents: from the names of each to entities of the case.

A pure function of all document entities together, whatever their order or batches. Nothing is looked up
outside them. Fuller names are settled first:

1. Full names (two words or more), and names of organisations, join the group whose first name they compare
   with at ``_ACROSS`` or better; groups are opened by the fullest and most used.
2. A person's last name with initials, then one alone, joins the only group that fits it. Where several do, it
   stays by itself and lists them: namesakes are not merged.
3. A first name alone, or common words alone («комитет», "the company"), say nothing beyond their document.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Protocol

from tocsin.model.entities import Entity, EntityKind, NameComparison
from tocsin.model.ids import make_id
from tocsin.model.scores import Alternative
from tocsin.resolve.names.compare import SAME, compare
from tocsin.resolve.names.index import NameIndex
from tocsin.resolve.names.letters import words
from tocsin.resolve.names.parse import ParsedName, Role, organisation_of, parse

__all__ = ["Comparisons", "link_across"]

_ACROSS: Final = 0.8
_NEIGHBOURS: Final = 24
#: The index's fast score from which two names are worth comparing: half a name agreeing is not enough.
_WORTH: Final = 0.45
#: What a score counts when a name joins only because no other fits.
_ONLY_ONE: Final = 0.8
_MOST_ALTERNATIVES: Final = 5
_MOST_REASONS: Final = 3

#: How much a name tells: full, a last name with initials, a last name, nothing beyond its document.
_FULL, _INITIALS, _LAST, _ALONE = range(4)


@dataclass(slots=True)
class _Joined:
    """Where a name went: the group's first name, the score, why, and what else it might be."""

    head: str
    score: float
    reasons: tuple[str, ...]
    others: list[tuple[float, str, str]] = field(default_factory=list)


class Named(Protocol):
    """What of a document entity is needed here."""

    @property
    def document_entity_id(self) -> str: ...
    @property
    def document_id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...


class Comparisons:
    """Names compared, those of the last time taken over: nothing else here takes as long.

    A comparison follows from the two names alone, so it does not matter when it was made.
    """

    def __init__(self, known: Iterable[NameComparison] = ()) -> None:
        self._known = {(row.kind, row.name, row.other): row for row in known}
        self._used: dict[tuple[str, str, str], NameComparison] = {}

    def __call__(self, one: str, other: str, kind: str) -> NameComparison:
        """Two names, in whatever order."""
        key = (kind, min(one, other), max(one, other))
        found = self._used.get(key) or self._known.get(key)
        if found is None:
            made = compare(one, other, kind)
            found = NameComparison(*key, made.score, made.reasons[:_MOST_REASONS])
        self._used[key] = found
        return found

    def rows(self) -> list[NameComparison]:
        """All that was asked for, in the order of ``name_comparisons``."""
        return [row for _, row in sorted(self._used.items())]


def link_across(entities: Sequence[Named], method: str, compared: Comparisons | None = None) -> list[Entity]:
    """Each document entity as a member of an entity of the case, in the table's order.

    The ids of entities are made of kind and name; a first name alone has its document in it too. What is
    ``compared`` already is not compared again.
    """
    known = Comparisons() if compared is None else compared
    found: list[Entity] = []
    for kind in ("PER", "ORG"):
        own = [e for e in entities if (e.kind == EntityKind.PERSON) == (kind == "PER")]
        used = Counter(e.name for e in own)
        joined = _join(kind, used, known)
        kinds: dict[str, Counter[str]] = defaultdict(Counter)
        for entity in own:
            kinds[joined[entity.name].head][entity.kind] += 1
        shown = {head: min(count, key=lambda k: (-count[k], k)) for head, count in kinds.items()}
        homes = {name: _Home.of(name, kind, to) for name, to in joined.items()}
        found += [_member(e, homes[e.name], shown, method) for e in own]
    return sorted(found, key=lambda e: (e.entity_id, e.document_id, e.document_entity_id))


@dataclass(frozen=True, slots=True)
class _Home:
    """What members of one name have in common; ``entity_id`` is None where each document has its own."""

    entity_id: str | None
    group: str
    to: _Joined
    alternatives: tuple[Alternative, ...]

    @classmethod
    def of(cls, name: str, kind: str, to: _Joined) -> _Home:
        group = "person" if kind == "PER" else "org"
        alone = _tells(name, kind) == _ALONE
        alternatives = tuple(
            Alternative(make_id("entity", group, head, None), head, round(score, 3), why)
            for score, head, why in sorted(to.others, key=lambda o: (-o[0], o[1]))[:_MOST_ALTERNATIVES]
        )
        return cls(None if alone else make_id("entity", group, to.head, None), group, to, alternatives)


def _member(entity: Named, home: _Home, kinds: Mapping[str, str], method: str) -> Entity:
    to = home.to
    return Entity(
        entity_id=home.entity_id or make_id("entity", home.group, to.head, entity.document_id),
        document_entity_id=entity.document_entity_id,
        document_id=entity.document_id,
        kind=kinds[to.head],
        name=to.head,
        score=round(to.score, 3),
        reasons=to.reasons,
        alternatives=home.alternatives,
        method=method,
    )


@lru_cache(maxsize=1 << 15)
def _tells(text: str, kind: str) -> int:
    """How much a name tells; asked for several times of each."""
    name = parse(text, kind)
    if kind == "ORG":
        common = name.text.islower() or all(p.role in {Role.CONCEPT, Role.LEGAL} for p in name.parts)
        return _ALONE if common and not name.acronym and name.known < 0 else _FULL
    if len(name.content) > 1:
        return _FULL
    if any(part.role is Role.INITIAL for part in name.parts):
        return _INITIALS
    return _ALONE if name.content and name.content[0].role is Role.GIVEN else _LAST


def _join(kind: str, used: Mapping[str, int], compared: Comparisons) -> dict[str, _Joined]:
    """Where each name goes; the fullest and most used names open groups."""

    def order(name: str) -> tuple[int, int, int, str]:
        parsed = parse(name, kind)
        return _tells(name, kind), -len(parsed.content), -used[name], name

    ranked = sorted(used, key=order)
    near = _neighbours(ranked)
    joined: dict[str, _Joined] = {}
    for name in ranked:
        heads = sorted({joined[other].head for other in near[name] if other in joined})
        joined[name] = _place(name, kind, heads, compared)
    return joined


def _neighbours(names: Sequence[str]) -> dict[str, set[str]]:
    """Names worth comparing, both ways."""
    index = NameIndex()
    index.add_many((name, _without_initials(name)) for name in names)
    found: dict[str, set[str]] = defaultdict(set)
    if not names:
        return found
    listed: dict[int, list[str]] = defaultdict(list)
    for name in names:
        known = organisation_of(name)
        if known >= 0:
            listed[known].append(name)
    for group in listed.values():
        for name in group:
            found[name] |= set(group) - {name}
    rows, scores = index.find_many([_without_initials(name) for name in names], _NEIGHBOURS)
    for name, near, alike in zip(names, rows.tolist(), scores.tolist(), strict=True):
        for row, score in zip(near, alike, strict=True):
            other = index.entry(row)[0] if row >= 0 else name
            if other != name and score >= _WORTH:
                found[name].add(other)
                found[other].add(name)
    return found


def _without_initials(name: str) -> str:
    """Initials find nothing by sound, and would count as words that are missing."""
    return " ".join(word for word in words(name) if len(word) > 1) or name


def _place(name: str, kind: str, heads: Sequence[str], compared: Comparisons) -> _Joined:
    parsed = parse(name, kind)
    tells = _tells(name, kind)
    if tells == _ALONE:
        return _Joined(name, 1.0, ("says nothing beyond its document",))
    fitting = [
        (compared(name, head, kind), head) for head in heads if _may_be(parsed, parse(head, kind), compared)
    ]
    fitting = sorted(((c, head) for c, head in fitting if c.score >= SAME), key=lambda f: (-f[0].score, f[1]))
    sure = [(c, head) for c, head in fitting if c.score >= _ACROSS and _tells(head, kind) == tells]
    if sure:
        return _to(name, sure[0], 1.0, "", fitting[1:] if fitting[0] == sure[0] else fitting)
    if tells in {_INITIALS, _LAST} and len(fitting) == 1:
        return _to(name, fitting[0], _ONLY_ONE, "the only fuller name in this case that fits", ())
    why = "several names in this case fit" if len(fitting) > 1 else "no fuller or likelier name in this case"
    alone = _Joined(name, 1.0, (why,))
    alone.others = [(c.score, head, "may be the same; not sure enough") for c, head in fitting]
    return alone


def _may_be(short: ParsedName, head: ParsedName, compared: Comparisons) -> bool:
    """A last name may only be the last name of a fuller one; names that tell nothing open no groups."""
    if _tells(head.text, head.kind) == _ALONE:
        return False
    if short.kind == "ORG":
        return True
    if len(short.content) != 1 or len(head.content) < 2:
        return True
    likeliest = compared(short.content[0].text, head.content[-1].text, "PER").score
    return likeliest >= SAME


def _to(
    name: str,
    chosen: tuple[NameComparison, str],
    share: float,
    why: str,
    others: Sequence[tuple[NameComparison, str]],
) -> _Joined:
    comparison, head = chosen
    reasons = tuple(f"“{name}”: {reason}" for reason in comparison.reasons)
    found = _Joined(head, comparison.score * share, (why, *reasons) if why else reasons)
    found.others = [(c.score, h, "less alike") for c, h in others if h != head]
    return found
