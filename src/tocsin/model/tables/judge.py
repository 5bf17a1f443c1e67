"""Tables that the judge stages write: forecasts and blame."""

from __future__ import annotations

from tocsin.model.judging import Blame, Forecast
from tocsin.model.tables.base import DOCUMENT, METHOD, REASONS, SCORE, Column, Table

__all__ = ["BLAME", "FORECASTS", "TABLES"]

FORECASTS = Table(
    "forecasts",
    Forecast,
    "one claim about the future",
    ("forecast_id",),
    ("document_id", "claim_id", "forecast_id"),
    (
        Column("forecast_id", "string", "id of claim, event and method"),
        Column("claim_id", "string", "the claim"),
        DOCUMENT,
        Column("language", "string", "of its sentence"),
        Column("event", "spans", "what is to happen, without when; code points"),
        Column("warners", "strings", "who gives it, outermost first; empty: the channel's own word"),
        Column("source_label", "string", "the innermost of them"),
        Column("source_key", "string", "groups variants of one source"),
        Column("concerned", "spans", "whom it concerns, as far as the text says"),
        Column("place_ids", "strings", "gazetteer entries of the places it names"),
        Column("place_names", "strings", "their English names"),
        Column("horizon", "spans", "the words for when"),
        Column("opens", "timestamp", "UTC, from when it can come true; null: from publication", True),
        Column("due", "timestamp", "UTC, exclusive: when it has come true or not; null: no such day", True),
        Column("horizon_reason", "string", "how the window was made, or why there is none"),
        Column("probability", "float", "as stated in figures, 0 to 1", True),
        Column("term", "string", "word of estimative probability (see judge/data/estimative.yaml)"),
        Column("probability_words", "spans", "the words for how probable"),
        Column("testable", "string", "yes, no deadline, undated or no"),
        Column("testable_reasons", "strings", "why"),
        SCORE,
        METHOD,
    ),
)

BLAME = Table(
    "blame",
    Blame,
    "one claim that makes somebody answerable, or says he is not",
    ("blame_id",),
    ("document_id", "claim_id", "blame_id"),
    (
        Column("blame_id", "string", "id of claim, accused, deed and method"),
        Column("claim_id", "string", "the claim"),
        DOCUMENT,
        Column("language", "string", "of its sentence"),
        Column("accuser_label", "string", "who accuses, or denies, as listed for people"),
        Column("accuser_key", "string", "groups variants of one accuser"),
        Column("tellers", "strings", "on whose word it rests that he does, outermost first"),
        Column("accused", "spans", "who is blamed; code points"),
        Column("accused_label", "string", "as listed for people"),
        Column("accused_key", "string", "groups variants of one accused"),
        Column("deed", "spans", "what for; empty when not said here"),
        Column("stance", "string", "accuse or deny"),
        Column("certainty", "string", "of the claim (FactBank)"),
        Column("evidence", "spans", "the words that make it a blame"),
        Column("event_key", "string", "groups deeds told by the same name; empty when it has none"),
        Column("event_label", "string", "that name"),
        SCORE,
        REASONS,
        METHOD,
    ),
)

TABLES = (FORECASTS, BLAME)
