"""Tables of what claims say alike."""

from __future__ import annotations

from tocsin.model.narratives import (
    ClaimMeaning,
    Narrative,
    NarrativeClaim,
    Recurrence,
    ReferenceEntry,
    Wording,
    WordingLink,
)
from tocsin.model.tables.base import DOCUMENT, METHOD, REASONS, SCORE, Column, Table

__all__ = [
    "CLAIM_MEANINGS",
    "NARRATIVES",
    "NARRATIVE_CLAIMS",
    "RECURRENCES",
    "REFERENCE_ENTRIES",
    "TABLES",
    "WORDINGS",
    "WORDING_LINKS",
]

CLAIM_MEANINGS = Table(
    "claim_meanings",
    ClaimMeaning,
    "what one claim means",
    ("claim_id",),
    ("document_id", "claim_id"),
    (
        Column("claim_id", "string", "the claim"),
        DOCUMENT,
        Column("wording_id", "string", "the same for claims of the same words and facts"),
        Column("language", "string", "ISO 639-1 code, or und"),
        Column("vector", "bytes", "int8 numbers; times scale, the unit vector of the content"),
        Column("scale", "float", "what the numbers are multiplied by"),
        Column("words", "int", "words of the content"),
        Column("denied", "bool", "whether it says that something is not so"),
        Column("actors", "strings", "persons and organisations named in it"),
        Column("places", "strings", "gazetteer entry, country, precision and name of its places"),
        Column("numbers", "strings", "its quantities in base units"),
        Column(
            "opposites",
            "strings",
            "sides of opposites, and terms that exclude others, which it names",
        ),
        METHOD,
    ),
)

WORDINGS = Table(
    "wordings",
    Wording,
    "one wording",
    ("wording_id",),
    ("wording_id",),
    (
        Column("wording_id", "string", "id of its words and facts"),
        Column("group_id", "string", "smallest id of the wordings that say the same"),
        Column("claims", "int", "how many claims have it"),
    ),
)

WORDING_LINKS = Table(
    "wording_links",
    WordingLink,
    "two wordings near in meaning",
    ("wording_id", "other_id"),
    ("wording_id", "other_id"),
    (
        Column("wording_id", "string", "the wording whose id is smaller"),
        Column("other_id", "string", "the other"),
        SCORE,
        Column("conflicts", "strings", "what the one contradicts of the other; empty: they say the same"),
        REASONS,
        METHOD,
    ),
)

NARRATIVES = Table(
    "narratives",
    Narrative,
    "claims of two or more documents that say the same thing",
    ("narrative_id",),
    ("first", "narrative_id"),
    (
        Column("narrative_id", "string", "id of its earliest claim"),
        Column("label", "string", "content of the most central claim, word for word"),
        Column("label_claim_id", "string", "that claim"),
        Column("first", "timestamp", "UTC, earliest in this corpus", True),
        Column("last", "timestamp", "UTC, latest in this corpus", True),
        Column("claims", "int", "how many"),
        Column("documents", "int", "in how many documents"),
        Column("channels", "int", "by how many channels"),
        Column("languages", "strings", "in the order in which they appear"),
        Column("spread", "strings", "when it reached the next language"),
        Column("stages", "strings", "its course over time"),
        REASONS,
        METHOD,
    ),
)

NARRATIVE_CLAIMS = Table(
    "narrative_claims",
    NarrativeClaim,
    "one claim of a narrative",
    ("claim_id",),
    ("narrative_id", "claim_id"),
    (
        Column("claim_id", "string", "the claim"),
        Column("narrative_id", "string", "its narrative"),
        DOCUMENT,
        Column("telling", "string", "central, same words, paraphrase or translation"),
        SCORE,
        REASONS,
    ),
)

REFERENCE_ENTRIES = Table(
    "reference_entries",
    ReferenceEntry,
    "one earlier case or fact-check of an imported base",
    ("reference_id",),
    ("base", "reference_id"),
    (
        Column("reference_id", "string", "id of base, address and words"),
        Column("base", "string", "name of the base"),
        Column("number", "int", "its place in the base, from 0"),
        Column("title", "string", "what the base calls it"),
        Column("claim", "string", "what was claimed, in the base's words; the title where it says no more"),
        Column("summary", "string", "a further line on it; empty without one"),
        Column("url", "string", "its address", True),
        Column("date", "timestamp", "UTC, when the entry was published", True),
        Column("rating", "string", "the verdict in the publisher's words", True),
        Column("publisher", "string", "whose verdict it is", True),
        Column("claimant", "string", "who claimed it, as the publisher says", True),
        Column("countries", "strings", "countries it is catalogued under"),
        Column("keywords", "strings", "its keywords"),
        Column("languages", "strings", "languages it was told in"),
        Column("outlets", "strings", "who told it"),
        Column("language", "string", "of the claim, ISO 639-1"),
        Column("title_terms", "strings", "terms of the title, in order"),
        Column("claim_terms", "strings", "terms of the claim; none where it is the title"),
        Column("summary_terms", "strings", "terms of the summary"),
        Column("vector", "bytes", "int8 numbers; times scale, the unit vector of the title"),
        Column("scale", "float", "what the numbers are multiplied by"),
        Column("claim_vector", "bytes", "that of the claim; empty where it is the title"),
        Column("claim_scale", "float", "what its numbers are multiplied by"),
        METHOD,
    ),
)

RECURRENCES = Table(
    "recurrences",
    Recurrence,
    "a narrative and an earlier one of the same frame",
    ("recurrence_id",),
    ("narrative_id", "recurrence_id"),
    (
        Column("recurrence_id", "string", "id of both"),
        Column("narrative_id", "string", "the later narrative"),
        Column("earlier_id", "string", "the earlier narrative, or an entry of the reference base"),
        Column("relation", "string", "opposite, version, recurrence or reference"),
        Column("earlier_label", "string", "words of the earlier"),
        Column("earlier_first", "timestamp", "UTC, when the earlier began", True),
        Column("gap_days", "int", "days between the earlier's last and the later's first", True),
        Column("changed", "strings", "what differs"),
        SCORE,
        REASONS,
        METHOD,
    ),
)

TABLES = (
    CLAIM_MEANINGS,
    WORDINGS,
    WORDING_LINKS,
    NARRATIVES,
    NARRATIVE_CLAIMS,
    REFERENCE_ENTRIES,
    RECURRENCES,
)
