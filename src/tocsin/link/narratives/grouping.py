"""Groups of wordings that say the same, none of which contradicts another.

Agglomeration over the links, nearest first. Two groups become one only if no fact of the one conflicts with
any of the other, and if most pairs across them are linked: a chain of near neighbours (A like B, B like C) is
not enough. Links of equal score come in order of their ids, so the result is a function of the set of
links, whatever order they came in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from tocsin.link.narratives.facts import Facts, conflicts
from tocsin.model import WordingLink

__all__ = ["central", "group_wordings"]

#: The share of pairs across two groups that must be linked before they become one.
_LINKED: Final = 0.6


class _Groups:
    """Groups in the making. A group is named by the wording it began with."""

    def __init__(self, facts: Mapping[str, Facts]) -> None:
        self.home = {wording: wording for wording in facts}
        self.members = {wording: [wording] for wording in facts}
        self.facts: dict[str, set[Facts]] = {wording: {own} for wording, own in facts.items()}
        self.links: dict[str, dict[str, int]] = {wording: {} for wording in facts}
        self._refused: dict[tuple[str, str], tuple[int, int]] = {}

    def join(self, one: str, other: str) -> None:
        """Make the groups of two wordings one, if they may be."""
        a, b = sorted((self.home[one], self.home[other]), key=lambda name: (-len(self.members[name]), name))
        sizes = (len(self.members[a]), len(self.members[b]))
        if a == b or self._refused.get((a, b)) == sizes:
            return
        if self.links[a].get(b, 0) < _LINKED * sizes[0] * sizes[1] or self._conflict(a, b):
            self._refused[a, b] = sizes
            return
        for member in self.members.pop(b):
            self.home[member] = a
            self.members[a].append(member)
        self.facts[a] |= self.facts.pop(b)
        for name, count in self.links.pop(b).items():
            self.links[name].pop(b, None)
            if name != a:
                self.links[a][name] = self.links[name][a] = self.links[a].get(name, 0) + count

    def _conflict(self, a: str, b: str) -> bool:
        return any(conflicts(x, y) for x in self.facts[a] for y in self.facts[b])


def group_wordings(facts: Mapping[str, Facts], links: Iterable[WordingLink]) -> list[tuple[str, ...]]:
    """Groups of wording ids, each sorted, in order; a wording without links is a group of its own.

    Links with conflicts join nothing. Links to wordings not in ``facts`` are left out.
    """
    good = [
        link for link in links if not link.conflicts and link.wording_id in facts and link.other_id in facts
    ]
    groups = _Groups(facts)
    for link in good:
        groups.links[link.wording_id][link.other_id] = 1
        groups.links[link.other_id][link.wording_id] = 1
    for link in sorted(good, key=lambda link: (-link.score, link.wording_id, link.other_id)):
        groups.join(link.wording_id, link.other_id)
    return sorted(tuple(sorted(members)) for members in groups.members.values())


def central(group: Iterable[str], scores: Mapping[tuple[str, str], float], weight: Mapping[str, int]) -> str:
    """The wording nearest to all others of its group, each as often as it is told; of equals the first by id.

    ``scores`` are those of links by (smaller id, greater id); ``weight`` is how many claims tell a wording.
    """
    members = sorted(group)

    def total(one: str) -> float:
        return sum(
            weight[other] * (1.0 if one == other else scores.get((min(one, other), max(one, other)), 0.0))
            for other in members
        )

    return min(members, key=lambda one: (-round(total(one), 6), one))
