"""Saved views: the filters of a list under a name, kept in ``views.json`` of the case folder.

A view belongs to whoever saved it. Others see it once it is shared; its owner, or an admin, changes or
deletes it. What is kept is the question and never its answer: opened again, it finds what the case holds
then.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from pydantic import ValidationError

from tocsin.errors import ConflictError, ForbiddenError, NoSuchFindingError, UsageError
from tocsin.serve.access import Visitor
from tocsin.serve.check_list import CheckFilters
from tocsin.serve.factcheck_list import FactcheckFilters
from tocsin.serve.filters import (
    AlarmFilters,
    ClaimFilters,
    Listed,
    NarrativeFilters,
    SearchFilters,
    SourceFilters,
    StoryFilters,
)
from tocsin.serve.forecast_list import ForecastFilters
from tocsin.serve.i18n import N_
from tocsin.serve.kept_file import KeptFile
from tocsin.serve.log_list import LogFilters

__all__ = ["FILTER_NAMES", "LISTS", "MOST_VIEWS", "SavedView", "SavedViews", "filters_of"]

#: The lists that can be saved: address, name in the interface, what they can be asked for.
LISTS: Final[Mapping[str, tuple[str, str, type[Listed]]]] = {
    "claims": ("/claims", N_("Claims"), ClaimFilters),
    "search": ("/search", N_("Search"), SearchFilters),
    "stories": ("/stories", N_("Stories"), StoryFilters),
    "narratives": ("/narratives", N_("Narratives"), NarrativeFilters),
    "alarms": ("/alarms", N_("Alarms"), AlarmFilters),
    "sources": ("/sources", N_("Sources"), SourceFilters),
    "forecasts": ("/forecasts", N_("Forecasts"), ForecastFilters),
    "checks": ("/checks", N_("Checks"), CheckFilters),
    "factchecks": ("/factchecks", N_("Fact-checks"), FactcheckFilters),
    "log": ("/log", N_("Log"), LogFilters),
}
#: What filters are called where a view is described.
FILTER_NAMES: Final[Mapping[str, str]] = {
    "author": N_("Who"),
    "by": N_("Alike in"),
    "certainty": N_("Certainty"),
    "channel": N_("Channel"),
    "channels": N_("Least channels"),
    "document": N_("Document"),
    "finding": N_("Finding"),
    "hedged": N_("Hedged"),
    "held": N_("those over the alarm budget too"),
    "judged": N_("Judged"),
    "kind": N_("Kind"),
    "language": N_("Language"),
    "languages": N_("Least languages"),
    "limit": N_("Rows of one page"),
    "name": N_("Name"),
    "origins": N_("Least origins"),
    "place": N_("Place"),
    "publisher": N_("Publisher"),
    "q": N_("Words"),
    "recurring": N_("Told before or otherwise"),
    "since": N_("From"),
    "sort": N_("Order"),
    "source": N_("Source"),
    "source_kind": N_("Source kind"),
    "state": N_("State"),
    "status": N_("State"),
    "subject": N_("Subject"),
    "testable": N_("Can be found wrong"),
    "topic": N_("Topic"),
    "until": N_("To"),
    "verdict": N_("Result"),
    "words": N_("Words"),
}
MOST_VIEWS: Final = 1000
_PLACE: Final = frozenset({"cursor", "start"})  # where somebody stood in a list is no part of the question


@dataclass(frozen=True, slots=True)
class SavedView:
    """One saved view. ``filters`` are those given, by name, as they stand in an address."""

    view_id: str
    name: str
    list: str
    filters: Mapping[str, Any]
    author: str
    shared: bool
    created: int  # seconds since 1970

    @property
    def address(self) -> str:
        """The list, filtered."""
        query = urlencode(self.filters)
        return LISTS[self.list][0] + (f"?{query}" if query else "")

    def is_for(self, visitor: Visitor) -> bool:
        """Whether a visitor may open it."""
        return self.shared or self.belongs_to(visitor)

    def belongs_to(self, visitor: Visitor) -> bool:
        """Whether a visitor may change it."""
        return self.author == visitor.name or visitor.may("admin")


def filters_of(list_name: str, given: Mapping[str, Any]) -> Listed:
    """What is asked of a list. Raises UsageError for a list there is not, or filters it does not take."""
    if list_name not in LISTS:
        raise UsageError(f"there is no list {list_name!r}", remedy=f"One of {', '.join(LISTS)}")
    try:
        return LISTS[list_name][2].model_validate({k: v for k, v in given.items() if v not in {None, ""}})
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in fault["loc"])
        raise UsageError(
            f"the list {list_name} is not filtered so: {where}: {fault['msg']}",
            remedy="Set the filters on the page, then save it",
        ) from error


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > 100 or not name.isprintable():
        raise UsageError("that is no name for a view", remedy="Give 1 to 100 printable characters")
    return name


class SavedViews:
    """The saved views of one case."""

    def __init__(self, case: Path) -> None:
        self._file = KeptFile[tuple[SavedView, ...]](
            case / "views.json", (), _read, _written, "Move it away: the views in it are lost to the pages"
        )

    @property
    def stamp(self) -> object:
        """Differs after any change."""
        return self._file.stamp

    def seen_by(self, visitor: Visitor, list_name: str = "") -> list[SavedView]:
        """The views a visitor may open, of one list or of all, by list and name."""
        own = [v for v in self._file.now() if v.is_for(visitor) and list_name in {"", v.list}]
        places = {name: place for place, name in enumerate(LISTS)}
        return sorted(own, key=lambda v: (places[v.list], v.name.casefold(), v.view_id))

    def get(self, view_id: str, visitor: Visitor) -> SavedView:
        """One view; raises NoSuchFindingError for one there is not or that is another's own."""
        found = next((v for v in self._file.now() if v.view_id == view_id and v.is_for(visitor)), None)
        if found is None:
            raise NoSuchFindingError("there is no such saved view", remedy="See the page of saved views")
        return found

    def matching(self, list_name: str, given: Mapping[str, Any], visitor: Visitor) -> SavedView | None:
        """The view whose question is the one a list is asked now."""
        asked = _question(given)
        return next((v for v in self.seen_by(visitor, list_name) if dict(v.filters) == asked), None)

    def add(self, visitor: Visitor, name: str, list_name: str, filters: Listed, shared: bool) -> SavedView:
        """Keep a view. Raises UsageError, ConflictError for a name its owner has given before."""
        made = SavedView(
            secrets.token_hex(16),
            _checked(name),
            list_name,
            _question(filters.given()),
            visitor.name,
            shared,
            int(time.time()),
        )

        def change(views: tuple[SavedView, ...]) -> tuple[SavedView, ...]:
            if len(views) >= MOST_VIEWS:
                raise UsageError(f"the case has {MOST_VIEWS:,} saved views", remedy="Delete one first")
            _refuse_taken(views, made)
            return (*views, made)

        self._file.change(change)
        return made

    def edit(
        self, view_id: str, visitor: Visitor, name: str | None = None, shared: bool | None = None
    ) -> SavedView:
        """Rename a view, share it or stop sharing it.

        Raises NoSuchFindingError, ForbiddenError, UsageError, ConflictError.
        """
        self._owned(view_id, visitor)
        name = None if name is None else _checked(name)
        made: list[SavedView] = []

        def change(views: tuple[SavedView, ...]) -> tuple[SavedView, ...]:
            # On what stands now: somebody else may have shared it since it was looked at.
            for view in views:
                if view.view_id == view_id:
                    now = replace(
                        view,
                        name=view.name if name is None else name,
                        shared=view.shared if shared is None else shared,
                    )
                    _refuse_taken(views, now)
                    made.append(now)
            return tuple(made[0] if made and v.view_id == view_id else v for v in views)

        self._file.change(change)
        return made[0] if made else self.get(view_id, visitor)

    def remove(self, view_id: str, visitor: Visitor) -> None:
        """Delete a view. Raises NoSuchFindingError, ForbiddenError."""
        self._owned(view_id, visitor)
        self._file.change(lambda views: tuple(v for v in views if v.view_id != view_id))

    def _owned(self, view_id: str, visitor: Visitor) -> SavedView:
        found = self.get(view_id, visitor)
        if not found.belongs_to(visitor):
            raise ForbiddenError(
                f"the view belongs to {found.author!r}", remedy="Save a view of your own, or ask an admin"
            )
        return found


def _question(given: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in sorted(given.items()) if key not in _PLACE}


def _refuse_taken(views: tuple[SavedView, ...], made: SavedView) -> None:
    """A name stands for one view of its owner, whatever the list."""
    same = (made.author, made.name.casefold())
    if any((v.author, v.name.casefold()) == same and v.view_id != made.view_id for v in views):
        raise ConflictError(f"you have a view named {made.name!r}", remedy="Choose another name")


def _read(raw: Any) -> tuple[SavedView, ...]:
    return tuple(SavedView(**row) for row in raw["views"] if row["list"] in LISTS)


def _written(views: tuple[SavedView, ...]) -> dict[str, Any]:
    return {"views": [asdict(view) for view in views]}
