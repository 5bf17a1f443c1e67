"""What lists can be asked for: the same names in the query string of a page and of the interface."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "AS_QUERY",
    "AlarmFilters",
    "ClaimFilters",
    "CoverageFilters",
    "Listed",
    "NarrativeFilters",
    "Paged",
    "SearchFilters",
    "SourceFilters",
    "StoryFilters",
    "Timed",
]

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
    """What every list takes; an unknown field is refused. Of a page, fields left empty are not looked at."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def given(self) -> dict[str, Any]:
        """The fields that were given, for links to the same list."""
        return self.model_dump(mode="json", exclude_defaults=True)


class Paged(Listed):
    """A list that is cut into pages."""

    limit: Annotated[int, Field(ge=1, le=200, description="rows of one page")] = 25
    cursor: Annotated[str | None, Field(max_length=400, description="`next` of the page before")] = None


class Timed(Paged):
    """A list with dates."""

    since: Annotated[date | None, Field(description="first day of publication, UTC")] = None
    until: Annotated[date | None, Field(description="last day of publication, UTC")] = None

    def moments(self) -> tuple[datetime | None, datetime | None]:
        """The first and last moment of publication asked for."""
        first = datetime.combine(self.since, time.min, UTC) if self.since else None
        last = datetime.combine(self.until, time.max, UTC) if self.until else None
        return first, last


class ClaimFilters(Timed):
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


class StoryFilters(Timed):
    """Which stories, in which order."""

    channel: Annotated[Words | None, Field(description="name or id of a channel that told it")] = None
    language: Annotated[str | None, Field(max_length=8, description="of one of its documents")] = None
    origins: Annotated[
        int | None, Field(ge=1, le=100_000, description="least independent origins, if every link holds")
    ] = None
    channels: Annotated[int, Field(ge=1, le=100_000, description="least channels that told it")] = 2
    sort: Annotated[
        Literal["origins", "channels", "newest", "oldest"], Field(description="order of the list")
    ] = "origins"


SurgeKinds = Literal["unprompted attention", "event-driven", "one channel's turn", "wire-copy echo"]


class AlarmFilters(Timed):
    """Which alarms, in which order."""

    kind: Annotated[SurgeKinds | None, Field(description="what sort of surge it looks like")] = None
    subject: Annotated[Words | None, Field(description="words of what the channels turned to")] = None
    channel: Annotated[Words | None, Field(description="name of a channel that took part")] = None
    held: Annotated[bool, Field(description="those over the alarm budget too")] = False
    start: Annotated[int, Field(ge=0, le=1_000_000, description="rows to leave out at the beginning")] = 0
    sort: Annotated[Literal["kind", "newest"], Field(description="order of the list")] = "kind"


class NarrativeFilters(Timed):
    """Which narratives, in which order."""

    channel: Annotated[Words | None, Field(description="name or id of a channel that tells it")] = None
    language: Annotated[str | None, Field(max_length=8, description="of one of its claims")] = None
    languages: Annotated[int | None, Field(ge=1, le=100, description="least languages")] = None
    recurring: Annotated[bool | None, Field(description="told before, or in another version")] = None
    sort: Annotated[
        Literal["channels", "newest", "oldest", "documents"], Field(description="order of the list")
    ] = "channels"


class SourceFilters(Paged):
    """Which of those who are quoted, in which order."""

    name: Annotated[Words | None, Field(description="words of the name, in any script it is written in")] = (
        None
    )
    source_kind: Annotated[SourceKind | None, Field(description="what sort of source")] = None
    channel: Annotated[Words | None, Field(description="name or id of a channel that quotes it")] = None
    language: Annotated[str | None, Field(max_length=8, description="in which it is quoted")] = None
    sort: Annotated[Literal["documents", "channels", "quoted"], Field(description="order of the list")] = (
        "documents"
    )


class CoverageFilters(Paged):
    """Which problems of the input; of channels, from which place on."""

    code: Annotated[str | None, Field(max_length=60, description="what sort of problem")] = None
    file: Annotated[Words | None, Field(description="part of the name of the file")] = None
    start: Annotated[int, Field(ge=0, le=1_000_000, description="channels to leave out")] = 0


class SearchFilters(Timed):
    """What to look for, and in which claims: the filters of the list of claims."""

    limit: Annotated[int, Field(ge=1, le=100, description="results of one page")] = 12

    q: Annotated[str, Field(max_length=400, description="words or a sentence, in any language")] = ""
    by: Annotated[
        Literal["both", "words", "meaning"], Field(description="what must be alike: words, meaning or either")
    ] = "both"
    source: Annotated[Words | None, Field(description="key of a source, or words of its name")] = None
    source_kind: Annotated[SourceKind | None, Field(description="kind of the source of a claim")] = None
    kind: Annotated[Kind | None, Field(description="kind of claim")] = None
    certainty: Annotated[Certainty | None, Field(description="how certain it is put (FactBank)")] = None
    place: Annotated[Words | None, Field(description="a place its document names")] = None
    channel: Annotated[Words | None, Field(description="name or id of the channel")] = None
    language: Annotated[str | None, Field(max_length=8, description="main language of the document")] = None
    judged: Annotated[Judged | None, Field(description="by whom its claims were judged")] = None
    start: Annotated[int, Field(ge=0, le=500, description="results to leave out at the beginning")] = 0

    def of_claims(self) -> ClaimFilters | None:
        """What is asked of the claims of a document; None if nothing is."""
        own = self.model_dump(
            include={"source", "source_kind", "kind", "certainty", "judged"}, exclude_none=True
        )
        return ClaimFilters(**own) if own else None


#: How a route takes filters: ``filters: Annotated[ClaimFilters, AS_QUERY]``.
AS_QUERY = Query()
