"""Who is taken for whom: the documents' own entities behind one source, merged and split by people.

What is judged are document entities, whose ids depend on one document alone: whatever is read later, the
judgement stays where it was made (``judge.entities``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from tocsin.errors import ConflictError, NoSuchFindingError, UsageError
from tocsin.judge.desk import Act
from tocsin.model import Judgement, Verdict
from tocsin.serve.facts import with_facts
from tocsin.serve.filters import SourceFilters
from tocsin.serve.reading import View
from tocsin.serve.source import names_of, quotes_of
from tocsin.serve.source_list import find_sources, identity_acts, source_tables

__all__ = [
    "MOST_CHOSEN",
    "MOST_PICKS",
    "Group",
    "Member",
    "Pick",
    "Step",
    "acts_about",
    "candidates",
    "grouped",
    "members_of",
    "merging",
    "picks_of",
    "splitting",
    "steps_of",
    "taking_back",
]

MOST_PICKS: Final = 8
#: Members split off at once: each is an entry of the log.
MOST_CHOSEN: Final = 200
#: Entries of one form are made within so long of one another.
_ONE_STEP: Final = timedelta(seconds=2)
_MEMBERS: Final = """
SELECT n.document_entity_id, n.document_id, n.name, n.spellings, n.roles, e.entity_id AS proposal, e.reasons,
    e.score, d.channel, d.published
FROM entities AS e LEFT JOIN {remap} AS r ON r.document_entity_id = e.document_entity_id
JOIN document_entities AS n ON n.document_entity_id = e.document_entity_id
JOIN document_facts AS d ON d.document_id = e.document_id
WHERE coalesce(r.own, e.entity_id) = ? ORDER BY n.name, d.published NULLS LAST, n.document_entity_id
"""


@dataclass(frozen=True, slots=True)
class Member:
    """A person, organisation or outlet as one document speaks of it, and why it belongs here."""

    document_entity_id: str
    document_id: str
    name: str
    spellings: tuple[str, ...]
    roles: tuple[str, ...]
    proposal: str
    reasons: tuple[str, ...]
    score: float
    channel: str | None
    published: datetime | None


@dataclass(frozen=True, slots=True)
class Group:
    """The members of one source that their documents call alike."""

    name: str
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody did with one form: entries of the log, newest first, and who they part or make one."""

    entries: tuple[Judgement, ...]
    verdict: Verdict
    names: tuple[str, ...]

    @property
    def sequences(self) -> str:
        """The numbers of its entries, as a form sends them."""
        return ",".join(str(entry.sequence) for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Pick:
    """One source beside others: its row of the list, how it is written, and the entity that stands for it."""

    row: dict[str, Any]
    names: dict[str, Any]
    members: tuple[Member, ...]

    @property
    def stands_for_it(self) -> str:
        return min(m.document_entity_id for m in self.members)


def members_of(view: View, source_id: str) -> tuple[Member, ...]:
    """The members of a source, by name and date. Raises NoSuchFindingError where it has none."""
    with_facts(view)
    sql = _MEMBERS.format(remap=source_tables(view).remap)
    rows = view.tables.query(sql, [source_id]).to_pylist()
    if not rows:
        raise NoSuchFindingError(
            f"no person, organisation or outlet of the case has the id {source_id}",
            remedy="Sources that nobody names are grouped by what they are called: nothing to merge or split",
        )
    return tuple(
        Member(**row | {key: tuple(row[key]) for key in ("spellings", "roles", "reasons")}) for row in rows
    )


def grouped(members: Sequence[Member]) -> list[Group]:
    """Members by name, the commonest first."""
    groups: dict[str, list[Member]] = {}
    for member in members:
        groups.setdefault(" ".join(member.name.split()), []).append(member)
    made = [Group(name, tuple(own)) for name, own in groups.items()]
    return sorted(made, key=lambda g: (-len(g.members), g.name))


def picks_of(view: View, ids: Sequence[str]) -> list[Pick]:
    """Sources to lay side by side, most documents first. Raises NoSuchFindingError."""
    tables = source_tables(view)
    picks = []
    for key in dict.fromkeys(ids):
        rows = view.tables.query(f"SELECT * FROM {tables.index} WHERE id = ?", [key]).to_pylist()
        members = members_of(view, key)
        if not rows:
            raise NoSuchFindingError(f"nobody of the id {key} is quoted in the case")
        picks.append(Pick(rows[0], names_of(view, quotes_of(view, tables, key)), members))
    return sorted(picks, key=lambda pick: -pick.row["documents"])


def candidates(view: View, picks: Sequence[Pick], name: str | None) -> list[dict[str, Any]]:
    """Sources that may be one with those picked: of the name asked for, else of names that lost to theirs."""
    taken = {pick.row["id"] for pick in picks}
    labels = [label for pick in picks for label, _ in pick.names["maybe"]]
    found: dict[str, dict[str, Any]] = {}
    for asked in [name] if name else labels[:8]:
        for row in find_sources(view, SourceFilters(name=asked[:200], limit=20)).rows:
            if row["known"] and row["id"] not in taken:
                found[row["id"]] = row
    return list(found.values())[:20]


def acts_about(view: View, members: Sequence[Member]) -> list[Judgement]:
    """Merges and splits in force of what the machine had taken for these, newest first."""
    acts = identity_acts(view)
    touched = {e.finding_id for e in acts} | {e.detail for e in acts if e.detail}
    rows = view.tables.select("entities", "document_entity_id", touched).to_pylist() if acts else []
    proposal = {row["document_entity_id"]: row["entity_id"] for row in rows}
    own = {m.proposal for m in members}
    return [e for e in acts[::-1] if {proposal.get(e.finding_id), proposal.get(e.detail)} & own]


def steps_of(view: View, acts: Sequence[Judgement]) -> list[Step]:
    """Merges and splits, newest first, by the form that made them: one splits several and makes these one."""
    groups: list[list[Judgement]] = []
    for act in acts:
        last = groups[-1][-1] if groups else None
        if (
            last is not None
            and (last.author, last.reason) == (act.author, act.reason)
            and abs(last.made_at - act.made_at) <= _ONE_STEP
        ):
            groups[-1].append(act)
        else:
            groups.append([act])
    touched = {e.finding_id for e in acts} | {e.detail for e in acts if e.detail}
    rows = view.tables.select("document_entities", "document_entity_id", touched).to_pylist() if acts else []
    called = {row["document_entity_id"]: " ".join(row["name"].split()) for row in rows}
    steps = []
    for group in groups:
        split = any(e.verdict == Verdict.SPLIT for e in group)
        own = [e for e in group[::-1] if not split or e.verdict == Verdict.SPLIT]
        ids = [key for e in own for key in (e.finding_id, e.detail) if key]
        names = tuple(dict.fromkeys(called.get(key, key) for key in ids))
        steps.append(Step(tuple(group), Verdict.SPLIT if split else Verdict.MERGE, names))
    return steps


def taking_back(view: View, sequences: Sequence[int], author: str) -> list[Act]:
    """The acts that take merges and splits back. Raises UsageError for entries that are no such thing."""
    standing = {e.sequence: e for e in identity_acts(view)}
    own = [standing[number] for number in dict.fromkeys(sequences) if number in standing]
    if not own or len(own) != len(set(sequences)):
        raise UsageError("some of these entries are taken back already", remedy="Look at the page again")
    return [Act(e.finding_id, Verdict.UNDO, author, "", str(e.sequence)) for e in own]


def _refuse_stale(view: View, members: Sequence[Member], seen: int) -> None:
    if max((view.seen(m.document_entity_id) for m in members), default=0) > seen:
        raise ConflictError("somebody merged or split one of these since the page was made")


def _reasoned(reason: str) -> str:
    if not reason.strip():
        raise UsageError("no reason is given", remedy="Say in a few words how you know")
    return reason.strip()


def merging(view: View, ids: Sequence[str], keep: str, author: str, reason: str, seen: int) -> list[Act]:
    """The acts that make sources one under the name of ``keep``; ``seen``: the latest entry on any of them.

    Raises NoSuchFindingError, UsageError, ConflictError.
    """
    picks = picks_of(view, ids)
    kept = next((pick for pick in picks if pick.row["id"] == keep), None)
    if kept is None or not 1 < len(picks) <= MOST_PICKS:
        raise UsageError("two sources or more are merged, under the name of one of them")
    _refuse_stale(view, [m for pick in picks for m in pick.members], seen)
    first = kept.stands_for_it
    others = [pick.stands_for_it for pick in picks if pick is not kept]
    why = _reasoned(reason)
    return [Act(first, Verdict.MERGE, author, why, other, view.seen(first)) for other in others]


def splitting(
    view: View, source_id: str, chosen: Sequence[str], author: str, reason: str, seen: int
) -> list[Act]:
    """The acts that make some members of a source another one of their own.

    Raises NoSuchFindingError, UsageError, ConflictError.
    """
    members = {m.document_entity_id: m for m in members_of(view, source_id)}
    _refuse_stale(view, list(members.values()), seen)
    own = [key for key in dict.fromkeys(chosen) if key in members]
    if not own:
        raise UsageError("nobody is chosen", remedy="Choose those who are somebody else")
    if len(own) == len(members):
        raise UsageError("nobody would remain", remedy="Choose some and leave some")
    if len(own) > MOST_CHOSEN:
        raise UsageError(f"more than {MOST_CHOSEN} are chosen", remedy="Split them off in several steps")
    first, *others = own
    why = _reasoned(reason)
    apart = [Act(key, Verdict.SPLIT, author, why, "", view.seen(key)) for key in own]
    return apart + [Act(first, Verdict.MERGE, author, why, other) for other in others]
