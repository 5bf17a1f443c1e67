"""Recurrences, surges, co-sharing, forecasts and blame: each table as a list."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from tocsin.serve.access import needs
from tocsin.serve.api.common import Id, Listing, Page, api_router, find, one, row_model
from tocsin.serve.dependencies import CaseNow
from tocsin.serve.filters import AS_QUERY, Paged, Words
from tocsin.serve.tokens import Role

__all__ = ["router"]

router = api_router("findings")
_NEVER = 1 << 61
_LATEST = f"coalesce(epoch_us(last), -{_NEVER})"
_SINCE = ">= ?::DATE::TIMESTAMP AT TIME ZONE 'UTC'"
_UNTIL = "< (?::DATE::TIMESTAMP AT TIME ZONE 'UTC') + INTERVAL 1 DAY"
_ID = "^[0-9a-f]{32}$"


class RecurrenceFilters(Paged):
    """Which recurrences."""

    narrative: Annotated[str | None, Field(pattern=_ID, description="id of the later narrative")] = None
    relation: Annotated[
        Literal["opposite", "version", "recurrence", "reference"] | None,
        Field(description="how they are related"),
    ] = None


RECURRENCES = Listing(
    "recurrences",
    "recurrence_id",
    ("narrative_id", "ASC", str),
    {"narrative": "narrative_id = ?", "relation": "relation = ?"},
)
RecurrenceModel: Any = row_model("recurrences")


@router.get("/recurrences", response_model=Page[RecurrenceModel])
@needs(Role.READER)
def recurrences(view: CaseNow, filters: Annotated[RecurrenceFilters, AS_QUERY]) -> Any:
    """Narratives that were told before, in another version, or the other way round."""
    return find(view, RECURRENCES, filters)


class SurgeFilters(Paged):
    """Which alarms, the latest raised first."""

    subject: Annotated[Words | None, Field(description="words of the subject, or its key")] = None
    subject_type: Annotated[
        Literal["place", "zone", "country", "name", "name in place", "narrative", "source"] | None,
        Field(description="kind of subject"),
    ] = None
    held: Annotated[bool | None, Field(description="kept back by the alarm budget")] = None
    since: Annotated[date | None, Field(description="first day on which it was raised, UTC")] = None
    until: Annotated[date | None, Field(description="last such day, UTC")] = None


SURGES = Listing(
    "surges",
    "surge_id",
    ("epoch_us(raised)", "DESC", int),
    {
        "subject": "(contains(lower(subject), lower(?)) OR subject_key = ?)",
        "subject_type": "subject_type = ?",
        "held": "held = ?",
        "since": f"raised {_SINCE}",
        "until": f"raised {_UNTIL}",
    },
)
SurgeModel: Any = row_model("surges")
_POINTS: Any = row_model("surge_points")
_PARTS: Any = row_model("surge_channels")
SurgeWithPoints: Any = row_model(
    "surges",
    points=(list[_POINTS], Field(description="its series, oldest period first")),
    parts=(list[_PARTS], Field(description="its channels, each beside its habit")),
)


@router.get("/surges", response_model=Page[SurgeModel])
@needs(Role.READER)
def surges(view: CaseNow, filters: Annotated[SurgeFilters, AS_QUERY]) -> Any:
    """Alarms: channels turned to a subject far above their habit."""
    return find(view, SURGES, filters)


@router.get("/surges/{surge_id}", response_model=SurgeWithPoints)
@needs(Role.READER)
def surge(view: CaseNow, surge_id: Id) -> Any:
    """One alarm with its series."""
    return one(view, SURGES, surge_id) | {
        "points": view.tables.select("surge_points", "surge_id", [surge_id]).to_pylist(),
        "parts": view.tables.select("surge_channels", "surge_id", [surge_id]).to_pylist(),
    }


class SharingFilters(Paged):
    """Which groups, the least likely by chance first."""

    action: Annotated[
        Literal["address", "text", "near copy", "forward", "hashtags", "media", "claim"] | None,
        Field(description="what they share"),
    ] = None
    member: Annotated[Words | None, Field(description="a member, by name or key")] = None


SHARING = Listing(
    "sharing_groups",
    "group_id",
    ("p_value", "ASC", float),
    {
        "action": "list_contains(actions, ?)",
        "member": "(list_contains(members, ?) OR list_contains(member_keys, ?))",
    },
)
SharingModel: Any = row_model("sharing_groups")


@router.get("/sharing-groups", response_model=Page[SharingModel])
@needs(Role.READER)
def sharing_groups(view: CaseNow, filters: Annotated[SharingFilters, AS_QUERY]) -> Any:
    """Accounts that share the same things in concert. Evidence of concert, never of intent."""
    return find(view, SHARING, filters)


@router.get("/sharing-groups/{group_id}", response_model=SharingModel)
@needs(Role.READER)
def sharing_group(view: CaseNow, group_id: Id) -> Any:
    """One group."""
    return one(view, SHARING, group_id)


class ForecastFilters(Paged):
    """Which forecasts, by the day they fall due; those without one last."""

    source: Annotated[Words | None, Field(description="key or name of who gives it")] = None
    testable: Annotated[
        Literal["yes", "no deadline", "undated", "no"] | None,
        Field(description="whether it can be found wrong"),
    ] = None
    place: Annotated[Words | None, Field(description="English name or id of a place it names")] = None
    document: Annotated[str | None, Field(pattern=_ID, description="id of its document")] = None
    since: Annotated[date | None, Field(description="first day it may fall due, UTC")] = None
    until: Annotated[date | None, Field(description="last such day, UTC")] = None


FORECASTS = Listing(
    "forecasts",
    "forecast_id",
    (f"coalesce(epoch_us(due), {_NEVER})", "ASC", int),
    {
        "source": "(source_key = ? OR contains(lower(source_label), lower(?)))",
        "testable": "testable = ?",
        "place": "(list_contains(place_names, ?) OR list_contains(place_ids, ?))",
        "document": "document_id = ?",
        "since": "due > ?::DATE::TIMESTAMP AT TIME ZONE 'UTC'",
        "until": "due <= (?::DATE::TIMESTAMP AT TIME ZONE 'UTC') + INTERVAL 1 DAY",
    },
    ("due", "source_key", "source_label", "testable", "place_names", "place_ids"),
)
ForecastModel: Any = row_model("forecasts")


@router.get("/forecasts", response_model=Page[ForecastModel])
@needs(Role.READER)
def forecasts(view: CaseNow, filters: Annotated[ForecastFilters, AS_QUERY]) -> Any:
    """Claims about the future, as the machine found them; the ledger has what people made of them."""
    return find(view, FORECASTS, filters)


@router.get("/forecasts/{forecast_id}", response_model=ForecastModel)
@needs(Role.READER)
def forecast(view: CaseNow, forecast_id: Id) -> Any:
    """One forecast."""
    return one(view, FORECASTS, forecast_id)


class BlameFilters(Paged):
    """Which rows of blame."""

    event: Annotated[Words | None, Field(description="name of the event")] = None
    accused: Annotated[Words | None, Field(description="key or name of who is blamed")] = None
    accuser: Annotated[Words | None, Field(description="key or name of who blames, or denies")] = None
    stance: Annotated[Literal["accuse", "deny"] | None, Field(description="accuse or deny")] = None
    document: Annotated[str | None, Field(pattern=_ID, description="id of its document")] = None


BLAME = Listing(
    "blame",
    "blame_id",
    ("document_id", "ASC", str),
    {
        "event": "(event_key = ? OR contains(lower(event_label), lower(?)))",
        "accused": "(accused_key = ? OR contains(lower(accused_label), lower(?)))",
        "accuser": "(accuser_key = ? OR contains(lower(accuser_label), lower(?)))",
        "stance": "stance = ?",
        "document": "document_id = ?",
    },
    ("event_key", "event_label", "accused_key", "accused_label", "accuser_key", "accuser_label", "stance"),
)
BlameModel: Any = row_model("blame")


@router.get("/blame", response_model=Page[BlameModel])
@needs(Role.READER)
def blame(view: CaseNow, filters: Annotated[BlameFilters, AS_QUERY]) -> Any:
    """Who makes whom answerable for what, or says he is not: as told, never as found."""
    return find(view, BLAME, filters)


@router.get("/blame/{blame_id}", response_model=BlameModel)
@needs(Role.READER)
def blame_row(view: CaseNow, blame_id: Id) -> Any:
    """One row of blame."""
    return one(view, BLAME, blame_id)


class FactcheckMatchFilters(Paged):
    """Which matches, the likeliest first."""

    claim: Annotated[str | None, Field(pattern=_ID, description="id of the claim")] = None
    document: Annotated[str | None, Field(pattern=_ID, description="id of its document")] = None
    reference: Annotated[str | None, Field(pattern=_ID, description="id of the entry")] = None


FACTCHECKS = Listing(
    "factcheck_matches",
    "match_id",
    ("score", "DESC", float),
    {"claim": "claim_id = ?", "document": "document_id = ?", "reference": "reference_id = ?"},
)
FactcheckModel: Any = row_model("factcheck_matches")
ENTRIES = Listing("reference_entries", "reference_id", ("reference_id", "ASC", str))
EntryModel: Any = row_model("reference_entries")


@router.get("/factcheck-matches", response_model=Page[FactcheckModel])
@needs(Role.READER)
def factcheck_matches(view: CaseNow, filters: Annotated[FactcheckMatchFilters, AS_QUERY]) -> Any:
    """Claims that an entry of an imported base is on. The verdict is the publisher's."""
    return find(view, FACTCHECKS, filters)


@router.get("/factcheck-matches/{match_id}", response_model=FactcheckModel)
@needs(Role.READER)
def factcheck_match(view: CaseNow, match_id: Id) -> Any:
    """One match."""
    return one(view, FACTCHECKS, match_id)


@router.get("/reference-entries/{reference_id}", response_model=EntryModel)
@needs(Role.READER)
def reference_entry(view: CaseNow, reference_id: Id) -> Any:
    """One entry of an imported base, with its publisher's rating and address."""
    return one(view, ENTRIES, reference_id)
