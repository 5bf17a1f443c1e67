"""What the judgement log says now: pure functions of the log.

Entries are never changed or deleted. An undo names in ``detail`` the sequence number of the entry it takes
back; an undo can itself be undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from tocsin.model.judgements import Judgement, Verdict

__all__ = ["Opinion", "in_force", "merged", "opinions", "standing"]

_COMMENTS: Final = (Verdict.COMMENT, Verdict.UNDO, Verdict.ASSESS)
_REVIEWS: Final = (Verdict.CONFIRM, Verdict.REJECT, Verdict.CORRECT)


def in_force(log: Iterable[Judgement]) -> list[Judgement]:
    """The entries that no later entry takes back, oldest first, without the undos themselves."""
    entries = sorted(log, key=lambda entry: entry.sequence)
    undone: set[int] = set()
    for entry in reversed(entries):
        if entry.verdict != Verdict.UNDO or entry.sequence in undone or not entry.detail.isdecimal():
            continue
        if int(entry.detail) < entry.sequence:  # nobody takes back what is not yet said
            undone.add(int(entry.detail))
    return [e for e in entries if e.sequence not in undone and e.verdict != Verdict.UNDO]


def standing(log: Iterable[Judgement]) -> dict[str, Judgement]:
    """The latest judgement in force on each finding, by finding id.

    Comments and entries of an analysis take no position and are left out.
    """
    return {e.finding_id: e for e in in_force(log) if e.verdict not in _COMMENTS}


@dataclass(frozen=True, slots=True)
class Opinion:
    """What people hold of one finding: their latest review, the latest outcome, and every comment."""

    review: Judgement | None
    outcome: Judgement | None
    comments: tuple[Judgement, ...]


def opinions(log: Iterable[Judgement]) -> dict[str, Opinion]:
    """Everything in force on each finding, by finding id. A review does not displace an outcome or the
    reverse.
    """
    grouped: dict[str, list[Judgement]] = {}
    for entry in in_force(log):
        if entry.verdict != Verdict.ASSESS:
            grouped.setdefault(entry.finding_id, []).append(entry)
    return {
        key: Opinion(
            _last(entries, _REVIEWS),
            _last(entries, (Verdict.RESOLVE,)),
            tuple(e for e in entries if e.verdict == Verdict.COMMENT),
        )
        for key, entries in grouped.items()
    }


def _last(entries: Sequence[Judgement], verdicts: Sequence[str]) -> Judgement | None:
    return next((e for e in reversed(entries) if e.verdict in verdicts), None)


def merged(log: Iterable[Judgement]) -> dict[str, str]:
    """Finding → the finding that stands for it, for all that people have merged.

    A merge names in ``detail`` the other finding; a split takes a finding out of its group again, whoever put
    it there. The smallest id stands for a group, so the order of merging does not matter.
    """
    links: list[tuple[str, str]] = []
    for entry in in_force(log):
        if entry.verdict == Verdict.MERGE and entry.detail and entry.detail != entry.finding_id:
            links.append((entry.finding_id, entry.detail))
        elif entry.verdict == Verdict.SPLIT:
            links = _without(links, entry.finding_id)
    head: dict[str, str] = {}

    def find(key: str) -> str:
        while head.get(key, key) != key:
            key = head[key]
        return key

    for one, other in links:
        a, b = sorted((find(one), find(other)))
        head[b] = a
        head.setdefault(a, a)
    return {key: find(key) for key in sorted(head)}


def _without(links: Sequence[tuple[str, str]], finding: str) -> list[tuple[str, str]]:
    """The links without one finding; what it held together stays together."""
    others = sorted({b if a == finding else a for a, b in links if finding in (a, b)})
    kept = [link for link in links if finding not in link]
    return kept + [(others[0], other) for other in others[1:]]
