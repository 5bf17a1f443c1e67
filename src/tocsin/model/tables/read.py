"""Tables written by ``read``."""

from __future__ import annotations

from tocsin.model.documents import Document, Problem, Sighting
from tocsin.model.tables.base import DOCUMENT, Column, Table

__all__ = ["DOCUMENTS", "PROBLEMS", "SIGHTINGS", "TABLES"]

DOCUMENTS = Table(
    "documents",
    Document,
    "one version of one published post or article",
    ("document_id",),
    ("published", "document_id"),
    (
        Column("document_id", "string", "this exact version"),
        Column("item_id", "string", "the published item, the same for all its versions"),
        Column("text", "string", "what all spans refer to; begins with the title, if any"),
        Column("platform", "string", "telegram, web, feed, table or file"),
        Column("title", "string", "headline", True),
        Column("channel", "string", "display name of the account or outlet", True, account=True),
        Column("channel_id", "string", "its id on the platform", True, account=True),
        Column("native_id", "string", "the item's id on the platform", True),
        Column("published", "timestamp", "UTC", True),
        Column("published_basis", "string", "stated, inferred, given or unknown"),
        Column("published_reason", "string", "how the date was inferred", True),
        Column("edited", "timestamp", "UTC, last edit stated by the platform", True),
        Column("url", "string", "address", True),
        Column("stated_language", "string", "language the input states, ISO 639-1", True),
        Column("author", "string", "signature or byline", True, account=True),
        Column("forwarded_from", "string", "display name of the forward's source", True, account=True),
        Column("forwarded_from_id", "string", "id of the forward's source", True, account=True),
        Column("reply_to", "string", "native id of the post replied to", True),
        Column("media", "strings", "file names of attached media"),
    ),
)

SIGHTINGS = Table(
    "sightings",
    Sighting,
    "one position of one file at which a document was seen",
    ("sighting_id",),
    ("document_id", "file", "position"),
    (
        Column("sighting_id", "string", "id of document, file and position"),
        DOCUMENT,
        Column("file", "string", "path as given, '!' before a member of an archive"),
        Column("file_digest", "string", "digest of the file's bytes"),
        Column("position", "string", "where in the file"),
    ),
)

PROBLEMS = Table(
    "problems",
    Problem,
    "one fault of the input",
    ("problem_id",),
    ("file", "position", "code", "problem_id"),
    (
        Column("problem_id", "string", "id of file, position and code"),
        Column("file", "string", "path as given, '!' before a member of an archive"),
        Column("file_digest", "string", "digest of the file's bytes; empty if unreadable"),
        Column("position", "string", "where in the file; empty for the whole file"),
        Column("code", "string", "error code"),
        Column("cause", "string", "what is wrong"),
        Column("remedy", "string", "what to do"),
        Column("kept", "bool", "whether a document was kept all the same"),
    ),
)

TABLES = (
    DOCUMENTS,
    SIGHTINGS,
    PROBLEMS,
)
