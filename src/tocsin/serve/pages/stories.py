"""The pages of stories: the list, and one story with its origins, spread and versions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from tocsin.serve.access import Guarded, needs
from tocsin.serve.charts import axis_svg
from tocsin.serve.claim_list import choices
from tocsin.serve.dependencies import CaseNow
from tocsin.serve.filters import AS_QUERY, StoryFilters
from tocsin.serve.rendering import language_of, page
from tocsin.serve.story import MOST_NODES, MOST_ORIGINS, story_page
from tocsin.serve.story_list import find_stories, story_cards
from tocsin.serve.tokens import Role

__all__ = ["router"]

router = APIRouter(route_class=Guarded, include_in_schema=False)
Id = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
Start = Annotated[int, Query(ge=0, le=10_000_000, alias="from")]


@router.get("/stories")
@needs(Role.READER)
def stories(request: Request, filters: Annotated[StoryFilters, AS_QUERY], view: CaseNow) -> Response:
    """Stories that fulfil the filters, those of most independent origins first."""
    found = find_stories(view, filters)
    return page(
        request,
        "stories.html.j2",
        filters=filters,
        given={key: value for key, value in filters.given().items() if key != "cursor"},
        found=found,
        cards=story_cards(view, found.rows),
        choices=choices(view),
    )


@router.get("/stories/{story_id}")
@needs(Role.READER)
def story(request: Request, story_id: Id, view: CaseNow, start: Start = 0) -> Response:
    """One story; ``from`` is the place of the first document of the tree to show."""
    shown = story_page(view, story_id, start, language_of(request))
    axis = axis_svg(shown.axis, language_of(request)) if shown.axis else None
    return page(request, "story.html.j2", shown=shown, axis=axis, step=MOST_NODES, most_origins=MOST_ORIGINS)
