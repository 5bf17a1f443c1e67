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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from tocsin.model.entities import DocumentEntity, Entity, EntityKind
from tocsin.model.ids import make_id
from tocsin.model.scores import Alternative
from tocsin.resolve.names.compare import SAME, Comparison, compare
from tocsin.resolve.names.index import NameIndex
from tocsin.resolve.names.letters import words
from tocsin.resolve.names.parse import ParsedName, Role, parse

__all__ = ["link_across"]

_ACROSS: Final = 0.8
_NEIGHBOURS: Final = 24
#: The index's fast score from which two names are worth comparing: half a name agreeing is not enough.
_WORTH: Final = 0.45
#: What a score counts when a name joins only because no other fits.
_ONLY_ONE: Final = 0.8
_MOST_ALTERNATIVES: Final = 5

#: How much a name tells: full, a last name with initials, a last name, nothing beyond its document.
_FULL, _INITIALS, _LAST, _ALONE = range(4)


@dataclass(slots=True)
class _Joined:
    """Where a name went: the group's first name, the score, why, and what else it might be."""

    head: str
    score: float
    reasons: tuple[str, ...]
    others: list[tuple[float, str, str]] = field(default_factory=list)


def link_across(entities: Sequence[DocumentEntity], method: str) -> list[Entity]:
    """Each document entity as a member of an entity of the case, in the table's order.

    The ids of entities are made of kind and name; a first name alone has its document in it too.
    """
    found: list[Entity] = []
    for kind in ("PER", "ORG"):
        own = [e for e in entities if (e.kind == EntityKind.PERSON) == (kind == "PER")]
        used = Counter(e.name for e in own)
        joined = _join(kind, used)
        kinds: dict[str, Counter[str]] = defaultdict(Counter)
        for entity in own:
            kinds[joined[entity.name].head][entity.kind] += 1
        shown = {head: min(count, key=lambda k: (-count[k], k)) for head, count in kinds.items()}
        found += [_member(e, joined[e.name], shown, method) for e in own]
    return sorted(found, key=lambda e: (e.entity_id, e.document_id, e.document_entity_id))


def _member(entity: DocumentEntity, to: _Joined, kinds: Mapping[str, str], method: str) -> Entity:
    person = entity.kind == EntityKind.PERSON
    group = "person" if person else "org"
    alone = _tells(parse(entity.name, "PER" if person else "ORG")) == _ALONE
    alternatives = tuple(
        Alternative(make_id("entity", group, head, None), head, round(score, 3), why)
        for score, head, why in sorted(to.others, key=lambda o: (-o[0], o[1]))[:_MOST_ALTERNATIVES]
    )
    return Entity(
        entity_id=make_id("entity", group, to.head, entity.document_id if alone else None),
        document_entity_id=entity.document_entity_id,
        document_id=entity.document_id,
        kind=kinds[to.head],
        name=to.head,
        score=round(to.score, 3),
        reasons=to.reasons,
        alternatives=alternatives,
        method=method,
    )


def _tells(name: ParsedName) -> int:
    if name.kind == "ORG":
        common = name.text.islower() or all(p.role in {Role.CONCEPT, Role.LEGAL} for p in name.parts)
        return _ALONE if common and not name.acronym and name.known < 0 else _FULL
    if len(name.content) > 1:
        return _FULL
    if any(part.role is Role.INITIAL for part in name.parts):
        return _INITIALS
    return _ALONE if name.content and name.content[0].role is Role.GIVEN else _LAST


def _join(kind: str, used: Mapping[str, int]) -> dict[str, _Joined]:
    """Where each name goes; the fullest and most used names open groups."""

    def order(name: str) -> tuple[int, int, int, str]:
        return _tells(parse(name, kind)), -len(parse(name, kind).content), -used[name], name

    ranked = sorted(used, key=order)
    near = _neighbours(ranked)
    joined: dict[str, _Joined] = {}
    for name in ranked:
        heads = sorted({joined[other].head for other in near[name] if other in joined})
        joined[name] = _place(name, kind, heads)
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
        parsed = parse(name, "ORG")
        if parsed.known >= 0:
            listed[parsed.known].append(name)
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


def _place(name: str, kind: str, heads: Sequence[str]) -> _Joined:
    parsed = parse(name, kind)
    tells = _tells(parsed)
    if tells == _ALONE:
        return _Joined(name, 1.0, ("says nothing beyond its document",))
    fitting = [(compare(name, head, kind), head) for head in heads if _may_be(parsed, parse(head, kind))]
    fitting = sorted(((c, head) for c, head in fitting if c.score >= SAME), key=lambda f: (-f[0].score, f[1]))
    sure = [(c, head) for c, head in fitting if c.score >= _ACROSS and _tells(parse(head, kind)) == tells]
    if sure:
        return _to(name, sure[0], 1.0, "", fitting[1:] if fitting[0] == sure[0] else fitting)
    if tells in {_INITIALS, _LAST} and len(fitting) == 1:
        return _to(name, fitting[0], _ONLY_ONE, "the only fuller name in this case that fits", ())
    why = "several names in this case fit" if len(fitting) > 1 else "no fuller or likelier name in this case"
    alone = _Joined(name, 1.0, (why,))
    alone.others = [(c.score, head, "may be the same; not sure enough") for c, head in fitting]
    return alone


def _may_be(short: ParsedName, head: ParsedName) -> bool:
    """A last name may only be the last name of a fuller one; names that tell nothing open no groups."""
    if _tells(head) == _ALONE:
        return False
    if short.kind == "ORG":
        return True
    if len(short.content) != 1 or len(head.content) < 2:
        return True
    likeliest = compare(short.content[0].text, head.content[-1].text, "PER").score
    return likeliest >= SAME


def _to(
    name: str,
    chosen: tuple[Comparison, str],
    share: float,
    why: str,
    others: Sequence[tuple[Comparison, str]],
) -> _Joined:
    comparison, head = chosen
    reasons = tuple(f"“{name}”: {reason}" for reason in comparison.reasons[:3])
    found = _Joined(head, comparison.score * share, (why, *reasons) if why else reasons)
    found.others = [(c.score, h, "less alike") for c, h in others if h != head]
    return found
