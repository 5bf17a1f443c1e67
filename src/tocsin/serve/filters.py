"""What lists can be asked for: the same names in the query string of a page and of the interface."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, model_validator

__all__ = ["AS_QUERY", "ClaimFilters", "Listed", "Paged"]

Words = Annotated[str, Field(max_length=200)]
SourceKind = Literal[
    "named person",
    "named organisation",
    "unnamed official",
    "anonymous",
    "document",
    "media",
    "crowd",
    "author",
]
Kind = Literal["report", "forecast", "blame", "advice", "opinion"]
Certainty = Literal["CT+", "PR+", "PS+", "Uu", "PS-", "PR-", "CT-"]
Judged = Literal["machine", "judged", "confirm", "reject", "correct"]


class Listed(BaseModel):
    """What every list takes. A field left empty in a form counts as not given; an unknown one is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, values: Any) -> Any:
        if isinstance(values, dict):
            return {key: value for key, value in values.items() if value not in ("", None)}
        return values

    def given(self) -> dict[str, Any]:
        """The fields that were given, for links to the same list."""
        return self.model_dump(mode="json", exclude_defaults=True)


class Paged(Listed):
    """A list that is cut into pages."""

    limit: Annotated[int, Field(ge=1, le=200, description="rows of one page")] = 25
    cursor: Annotated[str | None, Field(max_length=400, description="`next` of the page before")] = None


class ClaimFilters(Paged):
    """Which claims, in which order."""

    source: Annotated[
        Words | None, Field(description="key of the innermost source, or words of its name")
    ] = None
    source_kind: Annotated[SourceKind | None, Field(description="kind of the innermost source")] = None
    kind: Annotated[Kind | None, Field(description="kind of claim")] = None
    certainty: Annotated[Certainty | None, Field(description="how certain it is put (FactBank)")] = None
    hedged: Annotated[bool | None, Field(description="whether words make it less than certain")] = None
    place: Annotated[Words | None, Field(description="a place its document names: name or gazetteer id")] = (
        None
    )
    channel: Annotated[Words | None, Field(description="name or id of the channel")] = None
    language: Annotated[str | None, Field(max_length=8, description="of its sentence, ISO 639-1")] = None
    since: Annotated[date | None, Field(description="first day of publication, UTC")] = None
    until: Annotated[date | None, Field(description="last day of publication, UTC")] = None
    judged: Annotated[
        Judged | None,
        Field(description="machine: nobody judged it; judged: somebody did; or the verdict that stands"),
    ] = None
    document: Annotated[
        str | None, Field(pattern="^[0-9a-f]{32}$", description="id of the document it stands in")
    ] = None
    sort: Annotated[
        Literal["newest", "oldest", "score"], Field(description="order; undated claims come last")
    ] = "newest"

    def moments(self) -> tuple[datetime | None, datetime | None]:
        """The first and last moment of publication asked for."""
        first = datetime.combine(self.since, time.min, UTC) if self.since else None
        last = datetime.combine(self.until, time.max, UTC) if self.until else None
        return first, last


#: How a route takes filters: ``filters: Annotated[ClaimFilters, AS_QUERY]``.
AS_QUERY = Query()
