"""Co-sharing groups for pages: who shared what together, against chance, and what else explains it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from markupsafe import Markup

from tocsin.model import TABLES, SharedObject, SharingEdge, SharingGroup, Tables
from tocsin.model.arrow import rows_of
from tocsin.present.exports import PseudonymousTables
from tocsin.present.sharing import GROUPS_DRAWN, ring, telling
from tocsin.serve.i18n import N_
from tocsin.serve.reading import View

__all__ = ["DID", "Group", "Looked", "Thing", "group_of", "groups_of", "looked_at"]

#: What a group did, by its action.
DID: Final[dict[str, str]] = {
    "address": N_("linked to the same pages"),
    "text": N_("published the same words"),
    "near copy": N_("published copies of the same texts"),
    "forward": N_("forwarded the same posts"),
    "hashtags": N_("used the same rows of hashtags"),
    "media": N_("published files of the same names"),
    "claim": N_("made the same claims"),
}
_MOST_GROUPS: Final = 100
_THINGS: Final = 30
_POSTS: Final = 8


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing shared: ``posts`` are (document, channel, published), oldest first."""

    row: SharedObject
    posts: tuple[tuple[str, str, datetime | None], ...]
    hidden: int


@dataclass(frozen=True, slots=True)
class Group:
    """One group with its evidence. ``pairs`` are (first, second, action, things, expected, p-value) by
    name."""

    row: SharingGroup
    drawing: Markup | None
    pairs: tuple[tuple[str, str, str, int, float, float], ...]
    things: tuple[Thing, ...]
    hidden: int


@dataclass(frozen=True, slots=True)
class Looked:
    """What was looked at, so that nothing found means something."""

    accounts: int
    things: int


def looked_at(view: View) -> Looked:
    """How many accounts shared how many things that others could share too."""

    def count(tables: Any) -> Looked:
        found = tables.query(
            "SELECT count(DISTINCT coalesce(d.channel_id, d.channel)) AS accounts, "
            "count(DISTINCT s.object_id) AS things FROM shares AS s JOIN documents AS d USING (document_id)"
        ).to_pylist()[0]
        return Looked(found["accounts"], found["things"])

    return view.once("shares looked at", count)


def _tables(view: View, phrase: str) -> Tables:
    return PseudonymousTables(view.tables, phrase) if phrase else view.tables


def groups_of(view: View, phrase: str = "") -> list[SharingGroup]:
    """The groups, strongest first; accounts under pseudonyms where there is a ``phrase``."""
    found: list[SharingGroup] = list(
        rows_of(_tables(view, phrase).table("sharing_groups"), TABLES["sharing_groups"])
    )
    return found[:_MOST_GROUPS]


def group_of(view: View, row: SharingGroup, phrase: str = "") -> Group:
    """One group with its evidence."""
    tables = _tables(view, phrase)

    def own(name: str) -> list[Any]:
        return list(rows_of(tables.select(name, "group_id", [row.group_id]), TABLES[name]))

    edges: list[SharingEdge] = own("sharing_edges")
    objects: list[SharedObject] = own("shared_objects")
    best = telling(objects, _THINGS)
    posts = _posts(tables, {d for item in best for d in item.documents[:_POSTS]})
    names = dict(zip(row.member_keys, row.members, strict=False))
    things = tuple(
        Thing(
            item,
            tuple((d, *posts.get(d, ("", None))) for d in item.documents[:_POSTS]),
            max(0, len(item.documents) - _POSTS),
        )
        for item in best
    )
    pairs = tuple(
        (
            names.get(e.first_key, e.first_key),
            names.get(e.second_key, e.second_key),
            e.action,
            e.objects,
            e.expected,
            e.p_value,
        )
        for e in sorted(edges, key=lambda e: (-e.objects, e.first_key, e.second_key, e.action))
    )
    drawing = ring(row, edges) if len(row.members) <= GROUPS_DRAWN else None
    return Group(row, drawing, pairs, things, max(0, len(objects) - _THINGS))


def _posts(tables: Tables, ids: Iterable[str]) -> dict[str, tuple[str, datetime | None]]:
    rows = tables.select("documents", "document_id", ids).select(["document_id", "channel", "published"])
    return {r["document_id"]: (r["channel"] or "", r["published"]) for r in rows.to_pylist()}
