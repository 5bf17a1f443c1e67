"""The kernel of co-sharing: shares of the whole case → groups with their evidence. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from tocsin.detect.sharing.explain import Member, Shared, explanations, words_of_names
from tocsin.detect.sharing.groups import Concert, Plan, find_concert, joined, sensitivity
from tocsin.detect.sharing.layers import Accounts, Layer, accounts_of, layers_of
from tocsin.model import make_id
from tocsin.model.sharing import ShareAction, SharedObject, SharingEdge, SharingGroup

if TYPE_CHECKING:
    from tocsin.model import CorpusTables

__all__ = ["METHOD", "SETTINGS", "find_groups"]

METHOD = "co-sharing/3"
#: The settings the stage names, in the order of ``Plan``.
SETTINGS = (
    "detect.sharing_window",
    "detect.sharing_repeats",
    "detect.sharing_members",
    "detect.sharing_rate",
    "detect.sharing_feed_followers",
)


def find_groups(given: CorpusTables) -> dict[str, pa.Table]:
    """Kernel of the corpus: documents, shares, document_links, narratives → sharing_groups, sharing_edges,
    shared_objects.

    Every action is tested on its own, at the rate divided by the number of actions done (Bonferroni); groups
    are found in the edges of all actions together. Without any group the tables are empty: that is a finding
    too.
    """
    from tocsin.model.arrow import table_of
    from tocsin.model.tables import SHARED_OBJECTS, SHARING_EDGES, SHARING_GROUPS

    window, repeats, members, rate, followers = (given.settings[name] for name in SETTINGS)
    accounts = accounts_of(given)
    layers = list(layers_of(given, accounts))
    # Which actions there are is part of what the null model keeps, so those that nobody did cost nothing.
    plan = Plan(int(window), int(repeats), int(members), float(rate) / max(len(layers), 1), int(followers))
    looked = [_Looked(layer, find_concert(layer.shares, plan), plan) for layer in layers]
    everybody = words_of_names(accounts.names[key] for key in accounts.keys)
    group = joined([one.concert for one in looked], plan) if looked else np.zeros(0, dtype=np.int32)
    groups: list[SharingGroup] = []
    edges: list[SharingEdge] = []
    objects: list[SharedObject] = []
    for number in range(int(group.max(initial=-1)) + 1):
        found = _Found.of(looked, group == number, accounts)
        made, evidence = _group(found, accounts, plan, everybody)
        groups.append(made)
        edges += _edges(found, accounts, made.group_id)
        objects += evidence
    groups.sort(key=lambda row: (row.p_value, row.group_id))
    edges.sort(key=lambda row: (row.group_id, row.first_key, row.second_key, row.action))
    objects.sort(key=lambda row: (row.group_id, row.opened, row.object_id))
    return {
        "sharing_groups": table_of(groups, SHARING_GROUPS),
        "sharing_edges": table_of(edges, SHARING_EDGES),
        "shared_objects": table_of(objects, SHARED_OBJECTS),
    }


@dataclass(frozen=True)
class _Looked:
    """What one action gave, and what other settings would have."""

    layer: Layer
    concert: Concert
    plan: Plan

    @cached_property
    def others(self) -> list[tuple[int, int, set[int]]]:
        """What other settings would have found; worked out once, and only where there is a group."""
        plan = self.plan
        windows = tuple(sorted({max(plan.window // 2, 1), plan.window, plan.window * 2}))
        return sensitivity(self.layer.shares, plan, windows, (plan.repeats, plan.repeats + 2))


@dataclass(frozen=True, slots=True)
class _Part:
    """What one action says of a group: the places of its edges in the concert, and the things shared."""

    looked: _Looked
    inside: Any
    shared: list[Shared]

    @property
    def action(self) -> ShareAction:
        return self.looked.layer.action


@dataclass(frozen=True, slots=True)
class _Found:
    """A group: its accounts (codes), and what each action says of it, most things first."""

    codes: Any
    parts: list[_Part]

    @classmethod
    def of(cls, looked: Sequence[_Looked], member: Any, accounts: Accounts) -> _Found:
        parts = []
        for one in looked:
            edges = one.concert.edges
            inside = np.flatnonzero(member[edges.first] & member[edges.second])
            if len(inside):
                shared = list(_shared(one.layer, member, accounts, one.plan.window))
                parts.append(_Part(one, inside, shared))
        parts.sort(key=lambda part: -len(part.shared))
        return cls(np.flatnonzero(member), parts)

    def things(self) -> list[Shared]:
        """What was shared, each occasion once: copies of a text may share its words and its link as well."""
        every = [item for part in self.parts for item in part.shared]
        kept: list[Shared] = []
        of_document: dict[str, list[int]] = {}
        for item in sorted(every, key=lambda item: -len(item.documents)):
            seen = of_document.get(item.documents[0], ())
            if any(set(item.documents) <= set(kept[place].documents) for place in seen):
                continue
            for document in item.documents:
                of_document.setdefault(document, []).append(len(kept))
            kept.append(item)
        return kept


def _group(
    found: _Found, accounts: Accounts, plan: Plan, everybody: Counter[str]
) -> tuple[SharingGroup, list[SharedObject]]:
    keys = tuple(accounts.keys[code] for code in found.codes)
    group_id = make_id("sharing group", *keys)
    weight = np.concatenate([part.looked.concert.edges.weight[part.inside] for part in found.parts])
    chance = [(part.looked.concert.expectation, part.inside) for part in found.parts]
    expected = np.concatenate([of.mean[inside] for of, inside in chance])
    p_value = np.concatenate([of.p_value[inside] for of, inside in chance])
    pairs = {pair for part in found.parts for pair in _pairs(part)}
    largest, tests = float(p_value.max()), max(one.looked.concert.tests for one in found.parts)
    things = found.things()
    members = [Member(key, accounts.names[key]) for key in keys]
    evidence = [
        SharedObject(
            group_id, item.object_id, item.action, item.label, item.documents, _utc(item.times[0]),
            item.times[-1] - item.times[0], len(set(item.accounts)), item.by_others,
        )
        for item in things
    ]  # fmt: skip
    group = SharingGroup(
        group_id=group_id,
        actions=tuple(part.action for part in found.parts),
        members=tuple(member.name for member in members),
        member_keys=keys,
        edges=len(pairs),
        objects=len(things),
        first=_utc(min(item.times[0] for item in things)),
        last=_utc(max(item.times[-1] for item in things)),
        window=plan.window,
        repeats=plan.repeats,
        observed=float(weight.mean()),
        expected=float(expected.mean()),
        p_value=largest,
        tests=tests,
        false_discovery_rate=plan.rate,
        explanations=tuple(explanations(members, things, everybody)),
        reasons=(*(_reason(part, plan) for part in found.parts), _standing(tests, plan)),
        other_settings=tuple(_other_settings(found)),
        score=float(1 - min(1.0, largest * tests)),
        method=METHOD,
    )
    return group, evidence


def _pairs(part: _Part) -> Iterator[tuple[int, int]]:
    edges = part.looked.concert.edges
    yield from zip(edges.first[part.inside].tolist(), edges.second[part.inside].tolist(), strict=True)


def _reason(part: _Part, plan: Plan) -> str:
    concert = part.looked.concert
    weight, expected = concert.edges.weight[part.inside], concert.expectation.mean[part.inside]
    pairs = f"{len(weight)} pairs" if len(weight) > 1 else "one pair"
    return (
        f"{part.action}: {pairs} shared {weight.min()} to {weight.max()} different things within "
        f"{plan.window} s; activity, popularity and feeds explain {expected.min():.2g} to "
        f"{expected.max():.2g}"
    )


def _standing(tests: int, plan: Plan) -> str:
    return f"every pair stands at a false discovery rate of {plan.rate:.2g} among {tests:,} pairs"


def _other_settings(found: _Found) -> Iterator[str]:
    """For each other setting the accounts that its groups by any of the actions would have held."""
    codes = set(found.codes.tolist())
    for rows in zip(*(part.looked.others for part in found.parts), strict=True):
        window, least, _ = rows[0]
        accounts: set[int] = set().union(*(found for _, _, found in rows))
        yield (
            f"{window} s, {least} things: {len(accounts & codes)} of {len(codes)} members in groups of "
            f"{len(accounts)} accounts"
        )


def _edges(found: _Found, accounts: Accounts, group_id: str) -> Iterator[SharingEdge]:
    for part in found.parts:
        edges, expectation = part.looked.concert.edges, part.looked.concert.expectation
        for place in part.inside.tolist():
            yield SharingEdge(
                group_id, accounts.keys[edges.first[place]], accounts.keys[edges.second[place]],
                part.action, int(edges.weight[place]), float(expectation.mean[place]),
                float(expectation.p_value[place]),
            )  # fmt: skip


def _shared(layer: Layer, member: Any, accounts: Accounts, window: int) -> Iterator[Shared]:
    """The things that two members shared within the window, with these shares."""
    shares = layer.shares
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
            yield Shared(
                object_id=layer.objects[code].as_py(),
                action=layer.action,
                label=layer.labels[code].as_py(),
                documents=tuple(layer.documents[shares.message[row]].as_py() for row in near),
                accounts=tuple(accounts.keys[shares.account[row]] for row in near),
                times=tuple(int(shares.time[row]) for row in near),
                by_others=len(others),
            )


def _utc(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
