"""Who is who after the analysts' judgements: proposals merged and split, a pure function of rows and log.

Two acts, appended to the log and taken back with ``undo``:

- ``merge`` on X with Y in ``detail``: the entities they belong to are one; the name of X's stays.
- ``split`` on X: it stands by itself.

X and Y are document entities: their ids depend on one document alone, and the log keeps where they stood, so
a judgement holds whatever else is read (``judge.attach``). Acts are played in the order of the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tocsin.judge.log import in_force
from tocsin.model.entities import Entity
from tocsin.model.ids import make_id
from tocsin.model.judgements import Judgement, Verdict

__all__ = ["Judged", "WhoIsWho", "who_is_who"]

_ACTS = frozenset({Verdict.MERGE, Verdict.SPLIT})


@dataclass(frozen=True, slots=True)
class Judged:
    """One entity as it stands: ``judgements`` are those that made it what it is, none for a bare proposal."""

    entity_id: str
    name: str
    kind: str
    members: tuple[str, ...]
    judgements: tuple[Judgement, ...]


@dataclass(frozen=True, slots=True)
class WhoIsWho:
    """Entities by id, the entity of each document entity, and merges and splits whose ids are gone."""

    entities: Mapping[str, Judged]
    entity_of: Mapping[str, str]
    unheeded: tuple[Judgement, ...]


class _Groups:
    """Members by group while the acts are played; a group is a proposal's id, or one made by a split."""

    def __init__(self, rows: Iterable[Entity]) -> None:
        self.rows = {row.document_entity_id: row for row in rows}
        self.group = {key: row.entity_id for key, row in self.rows.items()}
        self.name = {row.entity_id: (row.name, row.kind) for row in self.rows.values()}
        self.acts: dict[str, list[Judgement]] = {}

    def members(self, group: str) -> list[str]:
        return sorted(key for key, own in self.group.items() if own == group)

    def merge(self, act: Judgement) -> bool:
        kept, lost = self.group.get(act.finding_id), self.group.get(act.detail)
        if kept is None or lost is None:
            return False
        if kept != lost:
            for key in self.members(lost):
                self.group[key] = kept
            self.acts.setdefault(kept, []).extend(self.acts.pop(lost, []))
        self.acts.setdefault(kept, []).append(act)
        return True

    def split(self, act: Judgement) -> bool:
        row = self.rows.get(act.finding_id)
        if row is None:
            return False
        alone = make_id("entity apart", row.document_entity_id)
        self.group[row.document_entity_id] = alone
        self.name[alone] = (row.name, row.kind)
        self.acts.setdefault(alone, []).append(act)
        return True


def who_is_who(rows: Iterable[Entity], log: Iterable[Judgement]) -> WhoIsWho:
    """The rows of ``entities`` with the merges and splits of the log that stand; order of rows is no matter.

    An act whose ids are not (or no longer) in the case changes nothing and is returned as ``unheeded``.
    """
    groups = _Groups(rows)
    unheeded = []
    for act in in_force(log):
        if act.verdict not in _ACTS:
            continue
        if not (groups.merge(act) if act.verdict == Verdict.MERGE else groups.split(act)):
            unheeded.append(act)
    members: dict[str, list[str]] = {}
    for key, group in sorted(groups.group.items()):
        members.setdefault(group, []).append(key)
    entities = {
        group: Judged(group, *groups.name[group], tuple(own), tuple(groups.acts.get(group, ())))
        for group, own in sorted(members.items())
    }
    return WhoIsWho(entities, dict(groups.group), tuple(unheeded))
