"""Mentions to persons and organisations within one document.

A pure function of its arguments. A cluster is a proposal, with reasons and with the readings that lost;
nothing is looked up outside the text. A short mention stands for a fuller one («Шатилов» for «А. Шатилов» for
«Александр Шатилов»): the nearest before it, where several fit. Across documents: ``across``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from tocsin.model.scores import Alternative, Score
from tocsin.resolve.names.compare import Comparison, compare
from tocsin.resolve.names.forms import nominatives
from tocsin.resolve.names.parse import ParsedName, Role, parse

__all__ = ["NameCluster", "NamedSpan", "link_document"]

#: The score from which a mention joins a cluster.
_WITHIN: Final = 0.5


@dataclass(frozen=True, slots=True)
class NamedSpan:
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


def _forms(mention: NamedSpan) -> tuple[tuple[str, float], ...]:
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
    # A last name is compared with full names only: its own earlier use would win over a nearer namesake.
    whole = [form for form in group.forms if _fullness(form, group.kind) >= _fullness(full, group.kind)]
    targets = sorted(whole, key=lambda form: (form != full, -group.forms[form], form))[:4]
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


def _nearest(group: _Group, mentions: Sequence[NamedSpan], start: int) -> tuple[bool, int]:
    """How near a group's mentions are to a place: those before it first."""
    before = [start - mentions[m].start for m in group.members if mentions[m].start <= start]
    after = [mentions[m].start - start for m in group.members if mentions[m].start > start]
    return (False, min(before)) if before else (True, min(after))


def link_document(mentions: Sequence[NamedSpan]) -> list[NameCluster]:
    """The names of one document, by their first mention; other kinds than PER and ORG are left out.

    >>> [c.name for c in link_document([NamedSpan(0, 15, "Анной Ивановой", "PER", "ru"),
    ...                                 NamedSpan(20, 28, "Иванова", "PER", "ru")])]
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
    n: int, mentions: Sequence[NamedSpan], forms: Sequence[tuple[str, float]], groups: list[_Group]
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
