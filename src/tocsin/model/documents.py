"""Documents and what reading them leaves behind."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum

from tocsin.model.ids import make_id

__all__ = [
    "DateBasis",
    "Document",
    "DocumentLanguage",
    "Post",
    "Problem",
    "Sentence",
    "Sighting",
    "document_from_post",
]


class DateBasis(StrEnum):
    """Where a publication date comes from."""

    STATED = "stated"  # the record says so
    INFERRED = "inferred"  # e.g. from page metadata or a file name; ``published_reason`` says how
    GIVEN = "given"  # by the user on the command line
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Post:
    """One published item as a reader found it, before it has an identity.

    ``text`` is what every span of every finding refers to; it begins with the title when there is one
    that the body does not already begin with. Times are timezone-aware UTC.
    """

    text: str
    platform: str
    title: str | None = None
    channel: str | None = None
    channel_id: str | None = None
    native_id: str | None = None
    published: datetime | None = None
    published_basis: str = DateBasis.UNKNOWN
    published_reason: str | None = None
    edited: datetime | None = None
    url: str | None = None
    stated_language: str | None = None
    author: str | None = None
    forwarded_from: str | None = None
    forwarded_from_id: str | None = None
    reply_to: str | None = None
    media: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One version of one published item. One row of ``documents``.

    ``item_id`` names the item (its channel and native id, its URL, or its words); ``document_id`` names
    this exact version of it, so a span of a document stays true for ever. Editing a post makes a new
    document of the same item; the current one has the latest ``edited``, then the fullest metadata.
    """

    document_id: str
    item_id: str
    text: str
    platform: str
    title: str | None
    channel: str | None
    channel_id: str | None
    native_id: str | None
    published: datetime | None
    published_basis: str
    published_reason: str | None
    edited: datetime | None
    url: str | None
    stated_language: str | None
    author: str | None
    forwarded_from: str | None
    forwarded_from_id: str | None
    reply_to: str | None
    media: tuple[str, ...]


def _item_parts(post: Post) -> tuple[str | None, ...]:
    if post.native_id is not None and (post.channel_id or post.channel):
        return ("native", post.platform, post.channel_id or post.channel, post.native_id)
    if post.url:
        return ("url", post.url)
    # A date given on the command line must not make a second item of the same text; a stated one does:
    # a channel may publish the same words twice.
    stated = post.published if post.published_basis == DateBasis.STATED else None
    when = stated.isoformat() if stated else None
    return ("text", post.channel_id or post.channel, when, post.text)


def _as_part(value: datetime | tuple[str, ...] | str | None) -> str | None:
    if isinstance(value, datetime):
        return value.isoformat()
    return make_id(*value) if isinstance(value, tuple) else value


def document_from_post(post: Post) -> Document:
    """Give a post its two ids. Pure: the same post always gets the same ids."""
    values = {field.name: getattr(post, field.name) for field in fields(Post)}
    item_id = make_id("item", *_item_parts(post))
    parts: list[str | None] = ["document", item_id]
    for name, value in values.items():
        parts += [name, _as_part(value)]
    return Document(document_id=make_id(*parts), item_id=item_id, **values)


@dataclass(frozen=True, slots=True)
class Sighting:
    """That a document was seen at a position of a file. One row of ``sightings``."""

    sighting_id: str
    document_id: str
    file: str
    file_digest: str
    position: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the input that was not, or not wholly, read. One row of ``problems``.

    ``kept`` says whether a document was made all the same (say, without its date).
    """

    problem_id: str
    file: str
    file_digest: str
    position: str
    code: str
    cause: str
    remedy: str
    kept: bool


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a document. One row of ``sentences``.

    ``language`` is an ISO 639-1 code, or ``und`` where nothing in the sentence tells.
    """

    document_id: str
    ordinal: int
    paragraph: int
    start: int
    end: int
    language: str
    language_score: float


@dataclass(frozen=True, slots=True)
class DocumentLanguage:
    """How much of a document is in one language. One row of ``document_languages``.

    The language of the document is the one with ``rank`` 0; a second row with a sizeable ``share``
    marks a mixed document.
    """

    document_id: str
    language: str
    rank: int
    characters: int
    share: float
