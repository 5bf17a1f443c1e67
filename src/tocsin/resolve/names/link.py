"""Mentions to persons and organisations: within a document, then across documents.

Pure functions of their arguments, in any order of them. A cluster is a proposal, with reasons and with the
readings that lost; nothing is looked up outside the texts given.

Within a document a short mention stands for a fuller one («Шатилов» for «А. Шатилов» for «Александр
Шатилов»): the nearest before it, where several fit. Across documents only full names meet (two words or
more, or an acronym); a lone last name joins the one full name that bears it in the same documents, or stays
by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from tocsin.model.ids import make_id
from tocsin.model.scores import Alternative, Score
from tocsin.resolve.names.compare import Comparison, compare
from tocsin.resolve.names.forms import nominatives
from tocsin.resolve.names.index import NameIndex
from tocsin.resolve.names.parse import ParsedName, Role, parse

__all__ = ["LinkedName", "NameCluster", "NameMention", "link_across", "link_document"]

#: Scores from which a mention joins a cluster, and two clusters of different documents one name.
_WITHIN: Final = 0.5
_ACROSS: Final = 0.8
_SHORTEST: Final = 3  # letters of a lone name that may be an inflected or clipped form of another
_CANDIDATES: Final = 12


@dataclass(frozen=True, slots=True)
class NameMention:
    """A name as it stands in a text: its span (code points), the words, ``PER`` or ``ORG``, the language."""

    start: int
    end: int
    text: str
    kind: str
    language: str


@dataclass(frozen=True, slots=True)
class NameCluster:
    """Mentions of one document taken for one name.

    ``name`` is the fullest form in the nominative, ``mentions`` the places in the sequence given, ``score``
    the weakest link with its reasons, ``alternatives`` other clusters a short mention might have meant.
    """

    name: str
    kind: str
    mentions: tuple[int, ...]
    score: Score
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class LinkedName:
    """One name across documents: an id made of kind and name, the clusters (document, place) that bear it."""

    name_id: str
    name: str
    kind: str
    clusters: tuple[tuple[str, int], ...]
    score: Score


@dataclass(slots=True)
class _Group:
    """A cluster while it grows."""

    kind: str
    members: list[int] = field(default_factory=list)
    forms: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    weakest: float = 1.0
    reasons: list[str] = field(default_factory=list)
    alternatives: list[Alternative] = field(default_factory=list)

    def best(self) -> str:
        """The fullest form, of equals the best supported."""
        return max(self.forms, key=lambda form: (_fullness(form, self.kind), self.forms[form], form))


def _fullness(form: str, kind: str) -> tuple[int, int]:
    parsed = parse(form, kind)
    return len(parsed.content), len([p for p in parsed.parts if p.role is not Role.LEGAL])


def _forms(mention: NameMention) -> tuple[tuple[str, float], ...]:
    if mention.kind == "PER":
        return nominatives(mention.text, mention.language)
    first = nominatives(mention.text, mention.language)[:1] if " " not in mention.text else ()
    return (*((form, 0.5) for form, _ in first), (mention.text, 0.5))


def _stands_for(short: ParsedName, full: ParsedName) -> bool:
    """Whether a lone word may be the short form of a name: its last name or first, not the one in between."""
    words = [part.letters for part in full.parts if part.role in {Role.WORD, Role.GIVEN}]
    return len(short.content) != 1 or not words or len(words) <= 3 or short.content[0].letters in words


def _match(forms: Sequence[tuple[str, float]], group: _Group) -> tuple[Comparison, str] | None:
    """The best agreement of a mention's forms with a group's."""
    best: tuple[float, Comparison, str] | None = None
    full = group.best()
    targets = sorted(group.forms, key=lambda form: (form != full, -group.forms[form], form))[:4]
    for form, trust in forms:
        for target in targets:
            found = compare(form, target, group.kind)
            value = found.score * (0.9 + 0.1 * trust)
            usable = found.score >= _WITHIN and _stands_for(
                parse(form, group.kind), parse(target, group.kind)
            )
            if usable and (best is None or value > best[0]):
                best = (value, found, form)
    return (best[1], best[2]) if best else None


def _nearest(group: _Group, mentions: Sequence[NameMention], start: int) -> tuple[bool, int]:
    """How near a group's mentions are to a place: those before it first."""
    before = [start - mentions[m].start for m in group.members if mentions[m].start <= start]
    after = [mentions[m].start - start for m in group.members if mentions[m].start > start]
    return (False, min(before)) if before else (True, min(after))


def link_document(mentions: Sequence[NameMention]) -> list[NameCluster]:
    """The names of one document, by their first mention; other kinds than PER and ORG are left out.

    >>> [c.name for c in link_document([NameMention(0, 15, "Анной Ивановой", "PER", "ru"),
    ...                                 NameMention(20, 28, "Иванова", "PER", "ru")])]
    ['Анна Иванова']
    """
    wanted = [n for n, m in enumerate(mentions) if m.kind in {"PER", "ORG"} and m.text.strip()]
    forms = {n: _forms(mentions[n]) for n in wanted}
    fullness = {n: _fullness(forms[n][0][0], mentions[n].kind) for n in wanted}
    groups: list[_Group] = []
    for n in sorted(wanted, key=lambda n: (tuple(-v for v in fullness[n]), mentions[n].start, n)):
        _place(n, mentions, forms[n], groups)
    clusters = [
        NameCluster(
            name=group.best(),
            kind=group.kind,
            mentions=tuple(sorted(group.members, key=lambda n: (mentions[n].start, n))),
            score=Score(group.weakest, tuple(dict.fromkeys(group.reasons))),
            alternatives=tuple(dict.fromkeys(group.alternatives)),
        )
        for group in groups
    ]
    return sorted(clusters, key=lambda c: (mentions[c.mentions[0]].start, c.mentions))


def _place(
    n: int, mentions: Sequence[NameMention], forms: Sequence[tuple[str, float]], groups: list[_Group]
) -> None:
    """Put a mention into the group it fits, or into one of its own."""
    mention = mentions[n]
    fitting = []
    for group in groups:
        found = _match(forms, group) if group.kind == mention.kind else None
        if found is not None:
            fitting.append((group, *found))
    fitting.sort(key=lambda f: (-round(f[1].score, 1), _nearest(f[0], mentions, mention.start), f[0].best()))
    if not fitting:
        group = _Group(mention.kind, [n], reasons=["named so in the text"])
        groups.append(group)
        for form, trust in forms:
            group.forms[form] += trust
        return
    group, comparison, form = fitting[0]
    group.members.append(n)
    group.forms[form] += 1.0
    if comparison.score < group.weakest or mention.text != form:
        group.reasons.append(f"“{mention.text}”: {comparison.reasons[0]}")
    group.weakest = min(group.weakest, comparison.score)
    for other, lost, _ in fitting[1:]:
        name = other.best()
        group.alternatives.append(
            Alternative(
                name,
                name,
                lost.score,
                f"“{mention.text}” could also be short for this name; it is farther away",
            )
        )


def link_across(documents: Mapping[str, Sequence[NameCluster]]) -> list[LinkedName]:
    """The names of many documents: clusters by document id → one row a name, sorted by id.

    The result does not depend on the order of documents. Names of two words or more, and acronyms, are
    joined when they compare at .8 or better with the name most used in the group; a lone word joins only a
    name it was found with in some document.
    """
    names: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
    for document_id in sorted(documents):
        for place, cluster in enumerate(documents[document_id]):
            names[cluster.kind, cluster.name].append((document_id, place))
    found = []
    for kind in sorted({kind for kind, _ in names}):
        own = {name: places for (k, name), places in names.items() if k == kind}
        found += _join(kind, own)
    return sorted(found, key=lambda linked: linked.name_id)


def _join(kind: str, names: Mapping[str, Sequence[tuple[str, int]]]) -> list[LinkedName]:
    """Greedy joining, the most used names first; each group is known by its first name."""
    ranked = sorted(names, key=lambda name: (-len(parse(name, kind).content), -len(names[name]), name))
    index = NameIndex()
    index.add_many((name, name) for name in ranked)
    heads: dict[str, str] = {}
    groups: dict[str, list[tuple[str, Comparison | None]]] = {}
    near = index.find_many(ranked, _CANDIDATES)[0].tolist() if ranked else []
    neighbours: dict[str, set[str]] = defaultdict(set)
    for name, rows in zip(ranked, near, strict=True):
        for row in rows:
            if row >= 0 and index.entry(row)[1] != name:
                neighbours[name].add(index.entry(row)[1])
                neighbours[index.entry(row)[1]].add(name)
    for name in ranked:
        head = _head_for(name, kind, neighbours[name], heads)
        if head is None:
            heads[name] = name
            groups[name] = [(name, None)]
        else:
            heads[name] = head[0]
            groups[head[0]].append((name, head[1]))
    return [_linked(kind, members, names) for members in groups.values()]


def _head_for(
    name: str, kind: str, near: set[str], heads: Mapping[str, str]
) -> tuple[str, Comparison] | None:
    """The group a name joins: the best comparison with its head, if the name is full enough to tell."""
    parsed = parse(name, kind)
    lone = len(parsed.content) < 2 and not parsed.acronym
    options = []
    for head in sorted({heads[other] for other in near if other in heads}):
        other = parse(head, kind)
        if kind == "PER" and lone != (len(other.content) < 2):
            continue  # a last name alone does not say whose it is
        found = compare(name, head, kind)
        if found.score >= _ACROSS:
            options.append((found.score, head, found))
    if not options:
        return None
    _, head, found = max(options, key=lambda o: (o[0], o[1]))
    return head, found


def _linked(
    kind: str,
    members: Sequence[tuple[str, Comparison | None]],
    names: Mapping[str, Sequence[tuple[str, int]]],
) -> LinkedName:
    places = sorted(place for name, _ in members for place in names[name])
    weakest = min((c for _, c in members if c is not None), key=lambda c: c.score, default=None)
    reasons = tuple(
        f"“{name}”: {comparison.reasons[0]}" for name, comparison in members if comparison is not None
    )
    head = members[0][0]
    return LinkedName(
        name_id=make_id("name", kind, head),
        name=head,
        kind=kind,
        clusters=tuple(places),
        score=Score(weakest.score if weakest else 1.0, reasons or ("one spelling",)),
    )
