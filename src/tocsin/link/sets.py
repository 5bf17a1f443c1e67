"""Disjoint sets: what is joined with what, directly or through others."""

from __future__ import annotations

__all__ = ["DisjointSets"]


class DisjointSets:
    """Disjoint sets of strings; a set is named by its member that was put in first."""

    def __init__(self) -> None:
        self.parent: dict[str, str] = {}
        self.age: dict[str, int] = {}

    def find(self, item: str) -> str:
        if item not in self.parent:
            self.parent[item] = item
            self.age[item] = len(self.age)
        root = item
        while self.parent[root] != root:
            root = self.parent[root]
        while self.parent[item] != root:
            self.parent[item], item = root, self.parent[item]
        return root

    def join(self, one: str, other: str) -> None:
        first, second = sorted((self.find(one), self.find(other)), key=lambda item: self.age[item])
        self.parent[second] = first
