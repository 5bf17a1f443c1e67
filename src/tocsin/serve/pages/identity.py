"""Merging and splitting of sources: two that are one, one that is several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Form, Path, Request, Response
from pydantic import BaseModel, Field

from tocsin.judge.desk import Act
from tocsin.present import words
from tocsin.serve.access import Guarded, needs
from tocsin.serve.acting import Attempt, perform
from tocsin.serve.dependencies import CaseNow, Who
from tocsin.serve.filters import AS_QUERY, Listed, Words
from tocsin.serve.identity import (
    MOST_CHOSEN,
    MOST_PICKS,
    acts_about,
    candidates,
    grouped,
    members_of,
    merging,
    picks_of,
    splitting,
    steps_of,
    taking_back,
)
from tocsin.serve.reading import View
from tocsin.serve.rendering import page
from tocsin.serve.tokens import Role

__all__ = ["router"]

router = APIRouter(route_class=Guarded, include_in_schema=False)
Key = Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
Id = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
_SHOWN = 60


class MergeFilters(Listed):
    """Which sources are to be merged, and the name of another one looked for."""

    pick: Annotated[tuple[Key, ...], Field(max_length=MOST_PICKS, description="ids of sources")] = ()
    name: Annotated[Words | None, Field(description="words of a name")] = None


def _latest(view: View, ids: Sequence[str]) -> int:
    return max(map(view.seen, ids), default=0)


@router.get("/sources/merge")
@needs(Role.READER)
def compare(request: Request, filters: Annotated[MergeFilters, AS_QUERY], view: CaseNow) -> Response:
    """Sources side by side, and the form that makes them one."""
    picks = picks_of(view, filters.pick)
    members = [m for pick in picks for m in pick.members]
    return page(
        request,
        "merge.html.j2",
        picks=picks,
        wanted=filters.name or "",
        others=candidates(view, picks, filters.name),
        room=len(picks) < MOST_PICKS,
        steps=steps_of(view, acts_about(view, members)),
        seen=_latest(view, [m.document_entity_id for m in members]),
        words=words,
    )


class MergeForm(BaseModel):
    """``picks`` are ids parted by commas; ``keep`` is the one whose name stays."""

    picks: str = Field(max_length=33 * MOST_PICKS, pattern="^[0-9a-f,]*$")
    keep: str = Field("", max_length=32)
    reason: str = Field("", max_length=10_000)
    seen: int = Field(ge=0, lt=1 << 62)


@router.post("/sources/merge")
@needs(Role.ANALYST)
def merge(request: Request, view: CaseNow, who: Who, form: Annotated[MergeForm, Form()]) -> Response:
    """Make sources one; every merge is an entry of the log and can be taken back."""
    ids = [key for key in form.picks.split(",") if key]
    members = frozenset(m.document_entity_id for pick in picks_of(view, ids) for m in pick.members)
    fields = {"picks": form.picks, "keep": form.keep, "reason": form.reason, "seen": str(form.seen)}
    attempt = Attempt("/sources/merge", fields, min(members, default=""), f"/sources/{form.keep}", members)

    def acts() -> Sequence[Act]:
        return merging(view, ids, form.keep, who.name, form.reason, form.seen)

    return perform(request, view, attempt, acts)


@router.get("/sources/{source_id}/members")
@needs(Role.READER)
def members(request: Request, source_id: Id, view: CaseNow) -> Response:
    """Who is taken for one, in which documents and why; the form that splits some off."""
    own = members_of(view, source_id)
    groups = grouped(own)
    return page(
        request,
        "members.html.j2",
        source_id=source_id,
        groups=groups,
        total=len(own),
        most=MOST_CHOSEN,
        shown=_SHOWN,
        steps=steps_of(view, acts_about(view, own)),
        seen=_latest(view, [m.document_entity_id for m in own]),
    )


class SplitForm(BaseModel):
    """``group``: names of which all members are meant; ``member``: single ones; ``members``: by commas."""

    group: list[str] = Field([], max_length=1000)
    member: list[str] = Field([], max_length=1000)
    members: str = Field("", max_length=33 * 1000)
    reason: str = Field("", max_length=10_000)
    seen: int = Field(ge=0, lt=1 << 62)


@router.post("/sources/{source_id}/members")
@needs(Role.ANALYST)
def split(
    request: Request, source_id: Id, view: CaseNow, who: Who, form: Annotated[SplitForm, Form()]
) -> Response:
    """Make the chosen another source; every step is an entry of the log and can be taken back."""
    own = members_of(view, source_id)
    alike = [m.document_entity_id for g in grouped(own) if g.name in set(form.group) for m in g.members]
    chosen = [*alike, *form.member, *(key for key in form.members.split(",") if key)]
    fields = {"members": ",".join(chosen), "reason": form.reason, "seen": str(form.seen)}
    address = f"/sources/{source_id}/members"
    ids = frozenset(m.document_entity_id for m in own)
    attempt = Attempt(address, fields, min(ids), address, ids)

    def acts() -> Sequence[Act]:
        return splitting(view, source_id, chosen, who.name, form.reason, form.seen)

    return perform(request, view, attempt, acts)


class UndoForm(BaseModel):
    """The numbers of entries of one step, by commas."""

    entries: str = Field(max_length=20_000, pattern="^[0-9]{1,18}(,[0-9]{1,18})*$")
    next: str = Field("/sources", max_length=2000)


@router.post("/sources/undo")
@needs(Role.ANALYST)
def undo(request: Request, view: CaseNow, who: Who, form: Annotated[UndoForm, Form()]) -> Response:
    """Take a whole step back: one further entry for each of its entries, all or none."""
    fields = {"entries": form.entries, "next": form.next}

    def acts() -> Sequence[Act]:
        return taking_back(view, [int(number) for number in form.entries.split(",")], who.name)

    return perform(request, view, Attempt("/sources/undo", fields, back=form.next), acts)
