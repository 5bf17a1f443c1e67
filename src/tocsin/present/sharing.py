"""Co-sharing groups: who shared the same things in concert, against chance, with what else explains it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, pi, sin

from markupsafe import Markup

from tocsin.model import TABLES, SharedObject, SharingEdge, SharingGroup
from tocsin.model.arrow import rows_of
from tocsin.present.index import Index
from tocsin.present.words import count, day_range, moment

__all__ = ["GROUPS_DRAWN", "GroupView", "SharingView", "ThingView", "ring", "sharing_of", "telling"]

_MOST_GROUPS = 12
_MOST_THINGS = 8
#: Most accounts of a group whose graph can be read.
GROUPS_DRAWN = 40
_WORDS = {
    "address": "linked to the same pages",
    "text": "published the same words",
    "near copy": "published copies of the same texts",
    "forward": "forwarded the same posts",
    "hashtags": "used the same rows of hashtags",
    "media": "published files of the same names",
    "claim": "made the same claims",
}


@dataclass(frozen=True, slots=True)
class ThingView:
    """One thing the group shared: ``posts`` are (channel, moment in words, post or None), oldest first."""

    label: str
    action: str
    when: str
    spread: str
    posts: tuple[tuple[str, str, str | None], ...]
    hidden: int
    by_others: int


@dataclass(frozen=True, slots=True)
class GroupView:
    """One group, in words. ``drawing`` is its graph, None when it is too large to read."""

    anchor: str
    did: str
    members: tuple[str, ...]
    span: str
    row: SharingGroup
    drawing: Markup | None
    things: tuple[ThingView, ...]
    hidden_things: int


@dataclass(frozen=True, slots=True)
class SharingView:
    """The section. ``accounts`` and ``things`` say what was looked at, so that nothing means something."""

    groups: tuple[GroupView, ...]
    hidden: int
    accounts: int
    things: int


def sharing_of(index: Index) -> SharingView:
    """The co-sharing groups of a case, strongest first."""
    rows: list[SharingGroup] = list(rows_of(index.table("sharing_groups"), TABLES["sharing_groups"]))
    looked = index.table("shares", ("document_id", "object_id"))
    accounts = {index.channels[index.row_of[name]] for name in set(looked.column("document_id").to_pylist())}
    things = len(set(looked.column("object_id").to_pylist()))
    edges: dict[str, list[SharingEdge]] = defaultdict(list)
    objects: dict[str, list[SharedObject]] = defaultdict(list)
    for edge in rows_of(index.table("sharing_edges"), TABLES["sharing_edges"]):
        edges[edge.group_id].append(edge)
    for thing in rows_of(index.table("shared_objects"), TABLES["shared_objects"]):
        objects[thing.group_id].append(thing)
    shown = [_group(index, row, edges[row.group_id], objects[row.group_id]) for row in rows[:_MOST_GROUPS]]
    return SharingView(tuple(shown), max(0, len(rows) - _MOST_GROUPS), len(accounts), things)


def _group(
    index: Index, row: SharingGroup, edges: list[SharingEdge], objects: list[SharedObject]
) -> GroupView:
    best = telling(objects, _MOST_THINGS)
    return GroupView(
        anchor=f"g-{row.group_id}",
        did=", ".join(_WORDS[action] for action in row.actions),
        members=row.members,
        span=day_range(row.first, row.last),
        row=row,
        drawing=ring(row, edges) if len(row.members) <= GROUPS_DRAWN else None,
        things=tuple(_thing(index, item) for item in best),
        hidden_things=max(0, len(objects) - _MOST_THINGS),
    )


def telling(objects: Iterable[SharedObject], most: int) -> list[SharedObject]:
    """The things that say most of a group (most members, then fewest others), in order of time."""
    best = sorted(objects, key=lambda o: (-o.members, o.by_others, o.opened, o.object_id))[:most]
    return sorted(best, key=lambda o: (o.opened, o.object_id))


def _thing(index: Index, item: SharedObject) -> ThingView:
    posts = []
    for document_id in item.documents[:6]:
        at = index.row_of[document_id]
        when = index.published[at]
        number = index.documents.column("native_id")[at].as_py()
        posts.append((index.channels[at].name or "", moment(when) if when else "", number))
    spread = f"within {count(item.seconds, 'second')}" if item.seconds else "in the same second"
    if item.seconds >= 600:
        spread = f"within {count(item.seconds // 60, 'minute')}"
    return ThingView(
        label=item.label,
        action=item.action,
        when=moment(item.opened),
        spread=spread,
        posts=tuple(posts),
        hidden=max(0, len(item.documents) - 6),
        by_others=item.by_others,
    )


def ring(row: SharingGroup, edges: list[SharingEdge]) -> Markup:
    """The group as a ring of numbered accounts; lines are as thick as what the two shared beyond chance."""
    place = {}
    for number, key in enumerate(row.member_keys):
        turn = 2 * pi * number / len(row.member_keys) - pi / 2
        place[key] = (110 + 88 * cos(turn), 110 + 88 * sin(turn))
    beyond: dict[tuple[str, str], float] = defaultdict(float)
    for edge in edges:
        beyond[edge.first_key, edge.second_key] += edge.objects - edge.expected
    most = max(beyond.values(), default=1.0)
    parts = []
    for (first, second), surplus in beyond.items():
        (x1, y1), (x2, y2) = place[first], place[second]
        width = 0.6 + 3.4 * surplus / max(most, 1e-9)
        parts.append(f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke-width="{width:.1f}"/>')
    for number, key in enumerate(row.member_keys, 1):
        x, y = place[key]
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="11"/>')
        parts.append(f'<text x="{x:.1f}" y="{y + 4:.1f}">{number}</text>')
    label = f"Graph of {len(row.members)} accounts and {len(beyond)} pairs"
    return Markup(  # noqa: S704  numbers only
        f'<svg class="ring" viewBox="0 0 220 220" role="img" aria-label="{label}">{"".join(parts)}</svg>'
    )
