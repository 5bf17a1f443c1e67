"""Tables written by ``link``."""

from __future__ import annotations

from tocsin.model.links import (
    DocumentLink,
    LinkedText,
    Origin,
    PassageVector,
    Story,
    StoryDocument,
    WordingNeighbour,
)
from tocsin.model.tables.base import ALTERNATIVES, DOCUMENT, METHOD, REASONS, SCORE, Column, Table

__all__ = [
    "DOCUMENT_LINKS",
    "LINKED_TEXTS",
    "MEANING_LINKS",
    "ORIGINS",
    "PASSAGE_VECTORS",
    "STORIES",
    "STORY_DOCUMENTS",
    "TABLES",
    "WORDING_NEIGHBOURS",
]

_LINK_COLUMNS = (
    Column("link_id", "string", "id of document, original, type and method"),
    Column("document_id", "string", "the derived document"),
    Column("original_id", "string", "the original; null when it is not in the case", True),
    Column("original_name", "string", "what the platform or the text calls it", True, account=True),
    Column(
        "type",
        "string",
        "forward, copy, near copy, excerpt, paraphrase, translation, citation or same story",
    ),
    Column("direction", "string", "why this way round: stated, time, containment or unknown"),
    Column("certain", "bool", "whether it holds in the upper number of origins too"),
    SCORE,
    REASONS,
    Column("evidence", "spans", "code points of the derived document"),
    Column("original_evidence", "spans", "code points of the original", of="original_id"),
    ALTERNATIVES,
    METHOD,
)

DOCUMENT_LINKS = Table(
    "document_links",
    DocumentLink,
    "one derivation of a document from another, found by words, by statement or by the platform",
    ("link_id",),
    ("document_id", "link_id"),
    _LINK_COLUMNS,
)

LINKED_TEXTS = Table(
    "linked_texts",
    LinkedText,
    "one document, as the links of documents that are added later need it",
    ("document_id",),
    ("document_id",),
    (
        DOCUMENT,
        Column("published", "timestamp", "UTC, its date", True),
        Column("publisher", "string", "platform, id and name of its channel", account=True),
        Column("letters", "int", "code points of its text without its channel's signature"),
        Column("edited_from", "string", "the document it is an edit or a part of, by its words", True),
        Column("told_at_once", "bool", "whether another channel told much the same within a day"),
    ),
)

MEANING_LINKS = Table(
    "meaning_links",
    DocumentLink,
    "one derivation of a document from another, or one shared story, found by meaning",
    ("link_id",),
    ("document_id", "link_id"),
    _LINK_COLUMNS,
)

PASSAGE_VECTORS = Table(
    "passage_vectors",
    PassageVector,
    "one sentence of a document that was laid beside another",
    ("passage_id",),
    ("passage_id",),
    (
        Column("passage_id", "string", "id of its words and language"),
        Column("vector", "bytes", "int8 numbers; times scale, a unit vector"),
        Column("scale", "float", "what the numbers are multiplied by"),
    ),
)

WORDING_NEIGHBOURS = Table(
    "wording_neighbours",
    WordingNeighbour,
    "one of the nearest wordings of another language to one wording, where two languages have many",
    ("wording_id", "other_id"),
    ("wording_id", "other_id"),
    (
        Column("wording_id", "string", "the wording"),
        Column("other_id", "string", "one of the five nearest in the other language"),
        Column("similarity", "float", "cosine of their vectors"),
    ),
)

STORIES = Table(
    "stories",
    Story,
    "one group of linked documents",
    ("story_id",),
    ("first", "story_id"),
    (
        Column("story_id", "string", "id of its documents"),
        Column("earliest_id", "string", "the earliest dated document in this corpus", True),
        Column("first", "timestamp", "UTC, its date", True),
        Column("last", "timestamp", "UTC, date of the latest", True),
        Column("documents", "int", "how many"),
        Column("channels", "int", "by how many channels"),
        Column("origins_low", "int", "independent origins if every link holds"),
        Column("origins_high", "int", "independent origins if only the certain links hold"),
        Column("gap_days", "int", "days without any document in the week before the earliest"),
        REASONS,
        METHOD,
    ),
)

ORIGINS = Table(
    "origins",
    Origin,
    "one independent origin of one story",
    ("origin_id",),
    ("story_id", "origin_id"),
    (
        Column("origin_id", "string", "id of story and root"),
        Column("story_id", "string", "the story"),
        Column("root_id", "string", "its earliest document in this corpus", True),
        Column("name", "string", "the channel, agency, authority or outside source", True, account=True),
        Column("kind", "string", "post, wire copy, official release or outside"),
        Column("certain", "bool", "whether the lower number counts it too"),
        Column("documents", "int", "documents that derive from it, itself included"),
        REASONS,
    ),
)

STORY_DOCUMENTS = Table(
    "story_documents",
    StoryDocument,
    "one document of a story",
    ("document_id",),
    ("story_id", "document_id"),
    (
        DOCUMENT,
        Column("story_id", "string", "the story"),
        Column("origin_id", "string", "the origin it derives from"),
        Column("parent_id", "string", "the document it derives from; null for a root", True),
        Column("link_id", "string", "the link that says so", True),
        Column("depth", "int", "links up to the root"),
    ),
)

TABLES = (
    DOCUMENT_LINKS,
    LINKED_TEXTS,
    MEANING_LINKS,
    PASSAGE_VECTORS,
    WORDING_NEIGHBOURS,
    STORIES,
    ORIGINS,
    STORY_DOCUMENTS,
)
