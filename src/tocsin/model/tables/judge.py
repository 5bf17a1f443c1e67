"""Tables that the judge stages write: forecasts, blame, checks, known fact-checks; and figures."""

from __future__ import annotations

from tocsin.model.checks import Check, CheckProblem, Figure
from tocsin.model.judging import Blame, FactcheckMatch, Forecast
from tocsin.model.tables.base import DOCUMENT, METHOD, REASONS, SCORE, Column, Table

__all__ = [
    "BLAME",
    "CHECKS",
    "CHECK_PROBLEMS",
    "FACTCHECK_MATCHES",
    "FIGURES",
    "FORECASTS",
    "SOURCE_CHECKS",
    "TABLES",
]

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

_CHECK_COLUMNS = (
    Column("check_id", "string", "id of document, check, inputs and method"),
    DOCUMENT,
    Column("check_name", "string", "which check"),
    Column("topic", "string", "distances, dates, sums, sizes, sources or captions"),
    Column(
        "verdict", "string", "consistent, inconsistent or not checkable: of the computation, not the truth"
    ),
    Column("language", "string", "of the sentence"),
    Column("claim_id", "string", "the claim in which the words stand", True),
    Column("statement", "spans", "the words tested; code points"),
    Column("inputs", "spans", "the words that went into the computation"),
    Column("read_as", "strings", "what each of the inputs was read as"),
    Column("workings", "strings", "the steps, in order"),
    Column("assumptions", "strings", "what the steps take for granted"),
    Column("tolerance", "string", "how far stated and computed may be apart, and why"),
    Column("missing", "strings", "what would be needed where nothing could be computed"),
    Column("other_id", "string", "the document it was compared with", True),
    Column("other_inputs", "spans", "the words of that document", of="other_id"),
    METHOD,
)

CHECKS = Table(
    "checks",
    Check,
    "one claim tested by computation within its document",
    ("check_id",),
    ("document_id", "check_id"),
    _CHECK_COLUMNS,
)

SOURCE_CHECKS = Table(
    "source_checks",
    Check,
    "one claim compared with a document it cites, or with a figure the user gave",
    ("check_id",),
    ("document_id", "check_id"),
    _CHECK_COLUMNS,
)

CHECK_PROBLEMS = Table(
    "check_problems",
    CheckProblem,
    "one check that failed on one document",
    ("document_id", "check_name"),
    ("document_id", "check_name"),
    (
        DOCUMENT,
        Column("check_name", "string", "which check"),
        Column("cause", "string", "what went wrong"),
    ),
)

FIGURES = Table(
    "figures",
    Figure,
    "one figure the user gave to compare with",
    ("figure_id",),
    ("base", "subject", "figure_id"),
    (
        Column("figure_id", "string", "id of its values"),
        Column("base", "string", "name of the table it came from"),
        Column("subject", "string", "what it is a figure of, by name"),
        Column("counted", "strings", "the words for what is counted or measured"),
        Column("low", "float", "its least value, in its unit"),
        Column("high", "float", "its greatest value"),
        Column("unit", "string", "symbol as in quantities; empty for a plain number"),
        Column("source", "string", "who says so"),
        Column("date", "string", "of when it is, as given"),
    ),
)

FACTCHECK_MATCHES = Table(
    "factcheck_matches",
    FactcheckMatch,
    "a claim and an entry of a reference base on the same claim",
    ("match_id",),
    ("document_id", "claim_id", "match_id"),
    (
        Column("match_id", "string", "id of document, content and entry"),
        Column("claim_id", "string", "the claim"),
        DOCUMENT,
        Column("reference_id", "string", "the entry: its rating, publisher and address are there"),
        Column("content", "spans", "the content of the claim; code points"),
        Column("score", "float", "probability that it is the same claim (see the model card)"),
        REASONS,
        Column("differences", "strings", "what the one states and the other does not"),
        METHOD,
    ),
)

TABLES = (FORECASTS, BLAME, CHECKS, SOURCE_CHECKS, CHECK_PROBLEMS, FIGURES, FACTCHECK_MATCHES)
