"""Stories with their origins and documents; narratives with their claims and what they resemble."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from tocsin.errors import NoSuchFindingError
from tocsin.model import TABLES
from tocsin.serve.access import needs
from tocsin.serve.api.common import Id, Page, api_router, row_model
from tocsin.serve.dependencies import CaseNow
from tocsin.serve.filters import AS_QUERY, NarrativeFilters, StoryFilters
from tocsin.serve.lists import Found
from tocsin.serve.narrative_list import find_narratives
from tocsin.serve.reading import View
from tocsin.serve.story_list import find_stories
from tocsin.serve.tokens import Role

__all__ = ["router"]

router = api_router("stories")
#: Parts of one story or narrative told at most; the counts beside them say how many there are.
_PARTS = 1000

StoryModel: Any = row_model("stories")
OriginModel: Any = row_model("origins")
MemberModel: Any = row_model("story_documents")
ToldModel: Any = row_model("narrative_claims")
_ORIGINS = (list[OriginModel], Field(description="its independent origins"))
_DOCUMENTS = (list[MemberModel], Field(description=f"its documents, at most {_PARTS}"))
StoryWithParts: Any = row_model("stories", origins=_ORIGINS, members=_DOCUMENTS)
NarrativeModel: Any = row_model("narratives")
_CLAIMS = (list[ToldModel], Field(description=f"its claims, at most {_PARTS}"))
NarrativeWithParts: Any = row_model("narratives", members=_CLAIMS)


def _page(view: View, name: str, key: str, found: Found) -> dict[str, Any]:
    """Whole rows of a list, in its order."""
    ids = [row[key] for row in found.rows]
    rows = {row[key]: row for row in view.tables.select(name, key, ids).to_pylist()}
    return {"items": [rows[i] for i in ids if i in rows], "total": found.total, "next": found.next}


def _one(view: View, name: str, key: str, identifier: str) -> dict[str, Any]:
    rows = view.tables.select(name, key, [identifier]).to_pylist()
    if not rows:
        raise NoSuchFindingError(f"the case has no {name} row {identifier}")
    return dict(rows[0])


def _parts(view: View, name: str, key: str, identifier: str) -> list[dict[str, Any]]:
    columns = ", ".join(f'"{column}"' for column in TABLES[name].column_names)
    order = ", ".join(TABLES[name].order)
    sql = f"SELECT {columns} FROM {name} WHERE {key} = ? ORDER BY {order} LIMIT {_PARTS}"
    parts: list[dict[str, Any]] = view.tables.query(sql, [identifier]).to_pylist()
    return parts


@router.get("/stories", response_model=Page[StoryModel])
@needs(Role.READER)
def stories(view: CaseNow, filters: Annotated[StoryFilters, AS_QUERY]) -> Any:
    """Groups of linked documents, with the filters of the page of stories."""
    return _page(view, "stories", "story_id", find_stories(view, filters))


@router.get("/stories/{story_id}", response_model=StoryWithParts)
@needs(Role.READER)
def story(view: CaseNow, story_id: Id) -> Any:
    """One story with its independent origins and its documents."""
    parts = {
        "origins": _parts(view, "origins", "story_id", story_id),
        "members": _parts(view, "story_documents", "story_id", story_id),
    }
    return _one(view, "stories", "story_id", story_id) | parts


@router.get("/narratives", response_model=Page[NarrativeModel])
@needs(Role.READER)
def narratives(view: CaseNow, filters: Annotated[NarrativeFilters, AS_QUERY]) -> Any:
    """Claims of several documents that say the same, with the filters of the page of narratives."""
    return _page(view, "narratives", "narrative_id", find_narratives(view, filters))


@router.get("/narratives/{narrative_id}", response_model=NarrativeWithParts)
@needs(Role.READER)
def narrative(view: CaseNow, narrative_id: Id) -> Any:
    """One narrative with its claims; what it resembles is in the recurrences."""
    members = _parts(view, "narrative_claims", "narrative_id", narrative_id)
    return _one(view, "narratives", "narrative_id", narrative_id) | {"members": members}
