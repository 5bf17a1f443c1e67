"""Tables written by ``resolve``."""

from __future__ import annotations

from tocsin.model.entities import DocumentEntity, Entity, EntityMention, NameComparison
from tocsin.model.mentions import PlaceMention, TimeMention
from tocsin.model.quantities import QuantityMention
from tocsin.model.tables.base import ALTERNATIVES, DOCUMENT, END, METHOD, REASONS, SCORE, START, Column, Table

__all__ = [
    "DOCUMENT_ENTITIES",
    "ENTITIES",
    "ENTITY_MENTIONS",
    "NAME_COMPARISONS",
    "PLACES",
    "QUANTITIES",
    "TABLES",
    "TIMES",
]

TIMES = Table(
    "times",
    TimeMention,
    "one time expression",
    ("mention_id",),
    ("document_id", "start", "mention_id"),
    (
        Column("mention_id", "string", "id of document, span and method"),
        DOCUMENT,
        START,
        END,
        Column("timex_type", "string", "DATE, TIME, DURATION or SET"),
        Column("value", "string", "TIMEX3 value"),
        Column("lower", "timestamp", "UTC start of the interval; null: unbounded", True),
        Column("upper", "timestamp", "UTC end, exclusive; null: unbounded", True),
        Column("lower_open", "bool", "whether the true start may be earlier"),
        Column("upper_open", "bool", "whether the true end may be later"),
        Column("granularity", "string", "minute, hour, day, week, month, quarter, year, decade …"),
        Column("modifier", "string", "since, until, before, after, or, at least, approx …", True),
        Column("anchor", "string", "what a relative expression was counted from", True),
        SCORE,
        REASONS,
        ALTERNATIVES,
        METHOD,
        Column(
            "group_id", "string", "shared by alternatives and by the ends of a range: the first's id", True
        ),
    ),
)

PLACES = Table(
    "places",
    PlaceMention,
    "one place name",
    ("mention_id",),
    ("document_id", "start", "mention_id"),
    (
        Column("mention_id", "string", "id of document, span and method"),
        DOCUMENT,
        START,
        END,
        Column("lemma", "string", "the form looked up"),
        Column("place_id", "string", "gazetteer entry, e.g. geonames:1526384"),
        Column("name", "string", "its English name"),
        Column("feature", "string", "city, region, country, area, water, venue …"),
        Column("precision", "string", "venue, city, region or country"),
        Column("country", "string", "ISO 3166-1 alpha-2", True),
        Column("latitude", "float", "degrees, WGS 84"),
        Column("longitude", "float", "degrees, WGS 84"),
        SCORE,
        REASONS,
        ALTERNATIVES,
        METHOD,
    ),
)

QUANTITIES = Table(
    "quantities",
    QuantityMention,
    "one quantity",
    ("mention_id",),
    ("document_id", "start", "mention_id"),
    (
        Column("mention_id", "string", "id of document, span and method"),
        DOCUMENT,
        START,
        END,
        Column("low", "float", "lower bound in the unit as written; null: unbounded", True),
        Column("high", "float", "upper bound in the unit as written; null: unbounded", True),
        Column("low_open", "bool", "whether the lower bound itself is excluded"),
        Column("high_open", "bool", "whether the upper bound itself is excluded"),
        Column("approximate", "bool", "whether the text says that it is approximate"),
        Column("unit", "string", "symbol or ISO 4217 code; empty for a plain number"),
        Column("per", "string", "unit of a rate, with its number («100 km»); empty for none"),
        Column("dimension", "string", "number, share, money, length, length per time …"),
        Column("base_low", "float", "lower bound in base units", True),
        Column("base_high", "float", "upper bound in base units", True),
        Column("base_unit", "string", "base unit: m, m2, m3, kg, K, W, J, part …; a currency stays"),
        Column("base_per", "string", "base unit of the rate"),
        Column("counted", "spans", "the head noun of what is counted; empty for none"),
        Column("counted_key", "string", "its base form, a guess where no dictionary has it", True),
        SCORE,
        REASONS,
        ALTERNATIVES,
        METHOD,
    ),
)

_KIND = Column("kind", "string", "person, org or media")
_DOCUMENT_ENTITY = Column("document_entity_id", "string", "the entity within its document")

DOCUMENT_ENTITIES = Table(
    "document_entities",
    DocumentEntity,
    "one person, organisation or outlet of one document",
    ("document_entity_id",),
    ("document_id", "document_entity_id"),
    (
        Column("document_entity_id", "string", "id of document, kind, name and first mention"),
        DOCUMENT,
        _KIND,
        Column("name", "string", "fullest form, in the nominative"),
        Column("spellings", "strings", "forms as written"),
        Column("roles", "strings", "what the text calls it"),
        Column("places", "spans", "code points where it is named"),
        Column("mentions", "int", "places where it is named or meant"),
        SCORE,
        REASONS,
        ALTERNATIVES,
        METHOD,
    ),
)

ENTITY_MENTIONS = Table(
    "entity_mentions",
    EntityMention,
    "one place where an entity is named or meant",
    ("mention_id",),
    ("document_id", "start", "mention_id"),
    (
        Column("mention_id", "string", "id of document, span, attribution and method"),
        DOCUMENT,
        _DOCUMENT_ENTITY,
        Column("attribution_id", "string", "the attribution whose source it is", True),
        START,
        END,
        Column("reason", "string", "how the place was tied to the entity"),
        METHOD,
    ),
)

ENTITIES = Table(
    "entities",
    Entity,
    "one document entity as a member of an entity of the case",
    ("document_entity_id",),
    ("entity_id", "document_id", "document_entity_id"),
    (
        Column("entity_id", "string", "the same for all members of one entity"),
        _DOCUMENT_ENTITY,
        DOCUMENT,
        _KIND,
        Column("name", "string", "the entity's name"),
        SCORE,
        REASONS,
        ALTERNATIVES,
        METHOD,
    ),
)

NAME_COMPARISONS = Table(
    "name_comparisons",
    NameComparison,
    "two names that were compared to tell who is who",
    ("kind", "name", "other"),
    ("kind", "name", "other"),
    (
        Column("kind", "string", "PER or ORG"),
        Column("name", "string", "the lesser name"),
        Column("other", "string", "the greater name"),
        SCORE,
        REASONS,
    ),
)

TABLES = (
    TIMES,
    PLACES,
    QUANTITIES,
    DOCUMENT_ENTITIES,
    ENTITY_MENTIONS,
    ENTITIES,
    NAME_COMPARISONS,
)
