"""Tables written by ``resolve``."""

from __future__ import annotations

from tocsin.model.mentions import PlaceMention, TimeMention
from tocsin.model.quantities import QuantityMention
from tocsin.model.tables.base import ALTERNATIVES, DOCUMENT, END, METHOD, REASONS, SCORE, START, Column, Table

__all__ = ["PLACES", "QUANTITIES", "TABLES", "TIMES"]

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
        Column("modifier", "string", "since, until, before, after, approx, at least", True),
        Column("anchor", "string", "what a relative expression was counted from", True),
        SCORE,
        REASONS,
        ALTERNATIVES,
        METHOD,
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

TABLES = (
    TIMES,
    PLACES,
    QUANTITIES,
)
