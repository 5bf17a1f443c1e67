"""The kernel of co-sharing: shares of the whole case → groups with their evidence. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from tocsin.detect.sharing.explain import Member, Shared, explanations, words_of_names
from tocsin.detect.sharing.groups import Concert, Plan, find_concert, sensitivity
from tocsin.detect.sharing.shares import Shares, codes_of, make_shares
from tocsin.link.sets import DisjointSets
from tocsin.model import make_id
from tocsin.model.sharing import ShareAction, SharedObject, SharingEdge, SharingGroup

if TYPE_CHECKING:
    from tocsin.model import CorpusTables

__all__ = ["METHOD", "SETTINGS", "find_groups"]

METHOD = "co-sharing/2"
#: The settings the stage names, in the order of ``Plan``.
SETTINGS = (
    "detect.sharing_window",
    "detect.sharing_repeats",
    "detect.sharing_members",
    "detect.sharing_rate",
    "detect.sharing_feed_followers",
)
_COPIES = frozenset({"copy", "near copy", "excerpt"})


@dataclass(frozen=True, slots=True)
class _Rows:
    """The shares of one action: columns of equal length, and what the codes mean."""

    shares: Shares
    accounts: list[str]
    names: dict[str, str]
    objects: list[str]
    labels: dict[str, str]
    documents: list[str]


def find_groups(given: CorpusTables) -> dict[str, pa.Table]:
    """Kernel of the corpus: documents, shares, document_links → sharing_groups, sharing_edges,
    shared_objects.

    Every action is looked at on its own, at the rate divided by the number of actions (Bonferroni). Without
    any group the tables are empty: that is a finding too.
    """
    from tocsin.model.arrow import table_of
    from tocsin.model.tables import SHARED_OBJECTS, SHARING_EDGES, SHARING_GROUPS

    window, repeats, members, rate, followers = (given.settings[name] for name in SETTINGS)
    actions = tuple(ShareAction)
    plan = Plan(int(window), int(repeats), int(members), float(rate) / len(actions), int(followers))
    groups: list[SharingGroup] = []
    edges: list[SharingEdge] = []
    objects: list[SharedObject] = []
    for action, rows in _by_action(given, actions):
        concert = find_concert(rows.shares, plan)
        looked = _Looked(rows, concert, plan, action)
        for number in range(concert.groups):
            group, evidence = _group(looked, number)
            groups.append(group)
            edges += _edges(rows, concert, number, group.group_id)
            objects += evidence
    groups.sort(key=lambda row: (row.p_value, row.group_id))
    edges.sort(key=lambda row: (row.group_id, row.first_key, row.second_key))
    objects.sort(key=lambda row: (row.group_id, row.opened, row.object_id))
    return {
        "sharing_groups": table_of(groups, SHARING_GROUPS),
        "sharing_edges": table_of(edges, SHARING_EDGES),
        "shared_objects": table_of(objects, SHARED_OBJECTS),
    }


def _by_action(given: CorpusTables, actions: tuple[ShareAction, ...]) -> Iterator[tuple[ShareAction, _Rows]]:
    columns = ("document_id", "published", "channel", "channel_id")
    documents = given.table("documents", columns).to_pydict()
    published: dict[str, int] = {}
    account: dict[str, str] = {}
    names: dict[str, str] = {}
    for document_id, when, channel, channel_id in zip(*(documents[name] for name in columns), strict=True):
        key = channel_id or channel
        if when is not None and key:
            published[document_id] = int(when.timestamp())
            account[document_id] = key
            # One channel may change its name; the last name in the alphabet is as good as any, and no
            # order's.
            names[key] = max(names.get(key, ""), channel or key)
    shares = given.table("shares").to_pydict()
    by_action: dict[str, list[tuple[str, str, str, str | None]]] = {}
    for row in zip(
        *(shares[name] for name in ("action", "document_id", "object_id", "label", "feed")), strict=True
    ):
        by_action.setdefault(row[0], []).append(row[1:])
    by_action[ShareAction.NEAR_COPY] = _near_copies(given)
    for action in actions:
        found = sorted(row for row in by_action.get(action, []) if row[0] in published)
        if not found:
            continue
        # Posts that share nothing of the kind are things of their own: they say how busy an account is.
        having = {row[0] for row in found}
        found += [(name, name, "", None) for name in sorted(published.keys() - having)]
        found.sort(key=lambda row: published[row[0]])
        accounts, account_names = codes_of([account[row[0]] for row in found])
        codes, object_names = codes_of([row[1] for row in found])
        feeds, _ = codes_of([row[3] for row in found])
        time = np.array([published[row[0]] for row in found], dtype=np.int64)
        number = np.arange(len(found))
        labels: dict[str, str] = {}
        for row in found:
            labels.setdefault(row[1], row[2])
        yield action, _Rows(
            make_shares(accounts, codes, time, number, feeds),
            account_names, names, object_names, labels, [row[0] for row in found],
        )  # fmt: skip


def _near_copies(given: CorpusTables) -> list[tuple[str, str, str, str | None]]:
    """Documents joined by certain links of copying share their common root."""
    columns = ("document_id", "original_id", "type", "certain")
    links = given.table("document_links", columns).to_pydict()
    sets = DisjointSets()
    for document_id, original, kind, certain in zip(*(links[name] for name in columns), strict=True):
        if original and certain and kind in _COPIES:
            sets.join(document_id, original)
    least: dict[str, str] = {}
    for name in sorted(sets.parent):
        least.setdefault(sets.find(name), name)
    return [
        (name, make_id("shared", "near copy", least[sets.find(name)]), "copies of one text", None)
        for name in sorted(sets.parent)
    ]


@dataclass(frozen=True)
class _Looked:
    """What one action gave, with what all its groups are held against; each worked out once."""

    rows: _Rows
    concert: Concert
    plan: Plan
    action: ShareAction

    @cached_property
    def everybody(self) -> Counter[str]:
        """The words of all accounts' names."""
        return words_of_names(self.rows.names[key] for key in self.rows.accounts)

    @cached_property
    def others(self) -> list[tuple[int, int, set[int]]]:
        """What other settings would have found."""
        plan = self.plan
        windows = tuple(sorted({max(plan.window // 2, 1), plan.window, plan.window * 2}))
        return sensitivity(self.rows.shares, plan, windows, (plan.repeats, plan.repeats + 2))


def _group(looked: _Looked, number: int) -> tuple[SharingGroup, list[SharedObject]]:
    rows, concert, plan, action = looked.rows, looked.concert, looked.plan, looked.action
    codes = np.flatnonzero(concert.group == number)
    keys = tuple(rows.accounts[code] for code in codes)
    group_id = make_id("sharing group", str(action), *keys)
    inside = (concert.group[concert.edges.first] == number) & (concert.group[concert.edges.second] == number)
    weight = concert.edges.weight[inside]
    expected = concert.expectation.mean[inside]
    largest = float(concert.expectation.p_value[inside].max())
    shared = list(_shared(rows, concert.group == number, plan.window))
    members = [Member(rows.accounts[code], rows.names[rows.accounts[code]]) for code in codes]
    evidence = [
        SharedObject(
            group_id, item.object_id, item.label, item.documents, _utc(item.times[0]),
            item.times[-1] - item.times[0], len(set(item.accounts)), item.by_others,
        )
        for item in shared
    ]  # fmt: skip
    group = SharingGroup(
        group_id=group_id,
        action=action,
        members=tuple(member.name for member in members),
        member_keys=keys,
        edges=int(np.count_nonzero(inside)),
        objects=len(shared),
        first=_utc(min(item.times[0] for item in shared)),
        last=_utc(max(item.times[-1] for item in shared)),
        window=plan.window,
        repeats=plan.repeats,
        observed=float(weight.mean()),
        expected=float(expected.mean()),
        p_value=largest,
        tests=concert.tests,
        false_discovery_rate=plan.rate,
        explanations=tuple(explanations(members, shared, action, looked.everybody)),
        reasons=_reasons(weight, expected, concert, plan),
        other_settings=_other_settings(looked, set(codes.tolist())),
        score=float(1 - min(1.0, largest * concert.tests)),
        method=METHOD,
    )
    return group, evidence


def _reasons(weight: Any, expected: Any, concert: Concert, plan: Plan) -> tuple[str, ...]:
    found = f"pairs shared {weight.min()} to {weight.max()} different things within {plan.window} s"
    chance = f"activity, popularity and feeds explain {expected.min():.2g} to {expected.max():.2g}"
    rate = f"every pair stands at a false discovery rate of {plan.rate:.2g} among {concert.tests:,} pairs"
    return f"{found}; {chance}", rate


def _other_settings(looked: _Looked, codes: set[int]) -> tuple[str, ...]:
    return tuple(
        f"{window} s, {least} things: {len(accounts & codes)} of {len(codes)} members in groups of "
        f"{len(accounts)} accounts"
        for window, least, accounts in looked.others
    )


def _edges(rows: _Rows, concert: Concert, number: int, group_id: str) -> Iterator[SharingEdge]:
    edges, group = concert.edges, concert.group
    for place in range(len(edges)):
        one, other = int(edges.first[place]), int(edges.second[place])
        if group[one] == number == group[other]:
            yield SharingEdge(
                group_id, rows.accounts[one], rows.accounts[other], int(edges.weight[place]),
                float(concert.expectation.mean[place]), float(concert.expectation.p_value[place]),
            )  # fmt: skip


def _shared(rows: _Rows, member: Any, window: int) -> Iterator[Shared]:
    """The things that two members shared within the window, with these shares."""
    shares = rows.shares
    for code in np.unique(shares.object[member[shares.account]]):
        first, last = int(shares.start[code]), int(shares.start[code + 1])
        inside = [row for row in range(first, last) if member[shares.account[row]]]
        near = [
            row
            for row in inside
            if any(
                shares.account[other] != shares.account[row]
                and abs(int(shares.time[other]) - int(shares.time[row])) <= window
                for other in inside
            )
        ]
        if near:
            others = set(shares.account[first:last].tolist()) - set(shares.account[inside].tolist())
            object_id = rows.objects[code]
            yield Shared(
                object_id=object_id,
                label=rows.labels[object_id],
                documents=tuple(rows.documents[int(shares.message[row])] for row in near),
                accounts=tuple(rows.accounts[int(shares.account[row])] for row in near),
                times=tuple(int(shares.time[row]) for row in near),
                by_others=len(others),
            )


def _utc(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
