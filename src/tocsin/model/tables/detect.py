"""Tables written by ``detect``."""

from __future__ import annotations

from tocsin.model.surges import Surge, SurgeChannel, SurgePoint, SurgeScope, SurgeState
from tocsin.model.tables.base import METHOD, REASONS, Column, Table

__all__ = ["SURGES", "SURGE_CHANNELS", "SURGE_POINTS", "SURGE_SCOPE", "SURGE_STATES", "TABLES"]

SURGES = Table(
    "surges",
    Surge,
    "one alarm: channels turned to a subject far above their habit",
    ("surge_id",),
    ("start", "surge_id"),
    (
        Column("surge_id", "string", "id of detector, subject, group and first period"),
        Column("detector", "string", "series or scan"),
        Column("kind", "string", "unprompted attention, event-driven, one channel's turn or wire-copy echo"),
        Column("subject_type", "string", "place, zone, country, name, name in place, narrative or source"),
        Column("subject_key", "string", "what the subject is in its table, e.g. geonames:1526384"),
        Column("subject", "string", "the subject as listed for people"),
        Column("channel_group", "string", "whose posts were counted: all, a language, or a set of channels"),
        Column("start", "timestamp", "UTC, first period of the event"),
        Column("raised", "timestamp", "UTC, end of the period that raised the alarm"),
        Column("end", "timestamp", "UTC, end of the event, exclusive"),
        Column("window_start", "timestamp", "UTC, first period of the window that scored highest"),
        Column("step", "string", "length of a period: day or hour"),
        Column("observed", "int", "documents in that window"),
        Column("expected", "float", "documents expected in it by habit"),
        Column("low", "float", "lower end of the 95 % expectation interval, documents"),
        Column("high", "float", "its upper end"),
        Column("dispersion", "float", "variance over mean of the habit"),
        Column("score", "float", "-log10 of p"),
        Column("p", "float", "one-sided p-value of the window"),
        Column("q", "float", "p corrected for all series looked at in the period (Benjamini-Hochberg)"),
        Column("held", "bool", "over the alarm budget: kept here, not raised"),
        Column("channels", "strings", "contributing channels, most documents first", account=True),
        Column("documents", "int", "documents of the event"),
        Column("origins_low", "int", "independent origins among them if every link holds"),
        Column("origins", "int", "the same if only the certain links do"),
        Column("evidence", "strings", "ids of the documents, earliest in this corpus first; at most 200"),
        Column("related", "strings", "other subjects that rose in the same documents"),
        REASONS,
        Column("dismiss", "strings", "what would dismiss the alarm"),
        METHOD,
    ),
)

SURGE_CHANNELS = Table(
    "surge_channels",
    SurgeChannel,
    "one channel of one alarm",
    ("surge_id", "channel_key"),
    ("surge_id", "channel_key"),
    (
        Column("surge_id", "string", "the alarm"),
        Column("channel_key", "string", "the channel's key", account=True),
        Column("channel", "string", "the channel as listed for people", account=True),
        Column("documents", "int", "its documents of the event"),
        Column("observed", "int", "those in the window that scored highest"),
        Column("expected", "float", "documents expected of it in that window by habit"),
    ),
)

SURGE_POINTS = Table(
    "surge_points",
    SurgePoint,
    "one period of the series of one alarm",
    ("surge_id", "period"),
    ("surge_id", "period"),
    (
        Column("surge_id", "string", "the alarm"),
        Column("period", "timestamp", "UTC, start of the period"),
        Column("observed", "int", "documents"),
        Column("expected", "float", "documents expected by habit; null: nothing can be said", True),
        Column("low", "float", "lower end of the 95 % expectation interval", True),
        Column("high", "float", "its upper end", True),
        Column("collected", "bool", "whether any of the channels was being collected"),
    ),
)

SURGE_SCOPE = Table(
    "surge_scope",
    SurgeScope,
    "what was looked at for surges (one row)",
    ("scope_id",),
    ("scope_id",),
    (
        Column("scope_id", "string", "always surges"),
        Column("step", "string", "length of a period: day or hour"),
        Column("first", "timestamp", "UTC, start of the first period", True),
        Column("last", "timestamp", "UTC, end of the last period", True),
        Column("scored_from", "timestamp", "UTC, first period that could be judged; null: none", True),
        Column("documents", "int", "dated documents counted"),
        Column("undated", "int", "documents without a date, left out"),
        Column("channels", "int", "channels"),
        Column("subjects", "int", "places, zones, countries, names, narratives and sources counted"),
        Column("series", "int", "subjects times groups of channels"),
        Column("periods", "int", "periods judged"),
        Column("score_needed", "float", "score at which a series raises an alarm"),
        Column("statistic_needed", "float", "log-likelihood ratio at which the scan raises one"),
        Column("false_alarms", "float", "alarms accepted per 30 days of a quiet feed"),
        Column("raised", "int", "alarms raised"),
        Column("held", "int", "alarms held back by the budget"),
        REASONS,
        METHOD,
    ),
)

SURGE_STATES = Table(
    "surge_states",
    SurgeState,
    "what the next run goes on from for the channels, a series or the scan of a subject; not for people",
    ("kind", "key"),
    ("kind", "key"),
    (
        Column("kind", "string", "channels, series or scan"),
        Column("key", "string", "id of the subject and the group of channels; empty for channels"),
        Column("until", "int", "periods from the first of the case before which all is kept"),
        Column("digest", "string", "digest of what the row follows from: it holds only with the same"),
        Column("state", "bytes", "64-bit floats: where fits stood"),
        Column("found", "bytes", "what was found: rhythms, scores or clusters"),
        Column("quiet", "bytes", "what was found in histories in which nothing happens"),
    ),
)

TABLES = (SURGES, SURGE_CHANNELS, SURGE_POINTS, SURGE_SCOPE, SURGE_STATES)
