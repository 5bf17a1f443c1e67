"""How documents derive from one another, and how many independent origins a story has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tocsin.model.ids import make_id
from tocsin.model.scores import Alternative
from tocsin.model.spans import Spans

__all__ = [
    "Direction",
    "DocumentLink",
    "LinkType",
    "LinkedText",
    "Origin",
    "OriginKind",
    "PassageVector",
    "Story",
    "StoryDocument",
    "WordingNeighbour",
    "link_id_of",
]


class LinkType(StrEnum):
    """How one document derives from another. ``SAME_STORY`` alone is no derivation."""

    FORWARD = "forward"  # the platform says so
    COPY = "copy"  # the same words
    NEAR_COPY = "near copy"  # the same words but for edits; a diff shows them
    EXCERPT = "excerpt"  # a part of a longer text
    PARAPHRASE = "paraphrase"  # the same content in other words
    TRANSLATION = "translation"  # the same content in another language
    CITATION = "citation"  # names or links to whom it has it from
    SAME_STORY = "same story"  # about the same event: holds a story together, joins no origins

    @property
    def derives(self) -> bool:
        """Whether a link of this type makes two documents one origin."""
        return self is not LinkType.SAME_STORY


class Direction(StrEnum):
    """Why the original is held to be the original."""

    STATED = "stated"  # the platform or the text says so
    TIME = "time"  # it is the earlier one, in this corpus
    CONTAINMENT = "containment"  # it is the longer text
    UNKNOWN = "unknown"  # a date is missing or both are the same: the order is only conventional


@dataclass(frozen=True, slots=True)
class DocumentLink:
    """One document derived from another. One row of ``document_links`` or ``meaning_links``.

    ``document_id`` is the derived document. ``original_id`` is None when the original is not in the case;
    ``original_name`` then says what the platform or the text calls it. ``certain`` says whether the link
    holds in the upper number of origins too: an uncertain one only makes the lower number smaller.
    ``evidence`` are spans of the derived document, ``original_evidence`` spans of the original.
    ``alternatives`` are other documents that could be the original (``value`` is their id).
    """

    link_id: str
    document_id: str
    original_id: str | None
    original_name: str | None
    type: str
    direction: str
    certain: bool
    score: float
    reasons: tuple[str, ...]
    evidence: Spans
    original_evidence: Spans
    alternatives: tuple[Alternative, ...]
    method: str


@dataclass(frozen=True, slots=True)
class LinkedText:
    """What the links of later documents need of one that was there before. One row of ``linked_texts``.

    ``publisher`` is all that tells its channel; ``letters`` are code points of the text without what the
    channel puts under every post. ``edited_from`` is the document of which it is an edit or a part by its
    words, whether or not the platform names the same one. ``told_at_once`` is said of the first document of a
    text alone: another channel published it, or one much like it, within a day.
    """

    document_id: str
    published: datetime | None
    publisher: str
    letters: int
    edited_from: str | None
    told_at_once: bool


@dataclass(frozen=True, slots=True)
class PassageVector:
    """What a sentence means, kept so that nobody reads it again. One row of ``passage_vectors``.

    ``passage_id`` follows from the words and their language; ``vector`` holds int8 numbers, which times
    ``scale`` are a unit vector.
    """

    passage_id: str
    vector: bytes
    scale: float


@dataclass(frozen=True, slots=True)
class WordingNeighbour:
    """One of the nearest wordings of another language to a wording. One row of ``wording_neighbours``.

    Kept so that the wordings of earlier days need not be held against each other again. ``similarity`` is the
    cosine of their vectors (as kept), in single precision.
    """

    wording_id: str
    other_id: str
    similarity: float


def link_id_of(document_id: str, original: str | None, kind: str, method: str) -> str:
    """The id of a link; ``original`` is the original's id, or its name when it is not in the case."""
    return make_id("link", document_id, original, str(kind), method)


class OriginKind(StrEnum):
    """What the root of a tree of links is."""

    POST = "post"  # a document of the case that derives from nothing known
    WIRE = "wire copy"  # an agency's text, published by several under its name
    RELEASE = "official release"  # an authority's own words, published by several
    OUTSIDE = "outside"  # a source that is named but not in the case


@dataclass(frozen=True, slots=True)
class Story:
    """Documents held together by links. One row of ``stories``.

    ``origins_low`` counts the roots if every link holds, ``origins_high`` if only the certain ones do;
    ``reasons`` say what the difference rests on. ``earliest_id`` is the earliest *in this corpus*.
    ``gap_days`` counts the days before it, up to a week, on which nothing at all was read.
    """

    story_id: str
    earliest_id: str | None
    first: datetime | None
    last: datetime | None
    documents: int
    channels: int
    origins_low: int
    origins_high: int
    gap_days: int
    reasons: tuple[str, ...]
    method: str


@dataclass(frozen=True, slots=True)
class Origin:
    """One root of a story. One row of ``origins``.

    ``root_id`` is the earliest document of it in this corpus, None only when nothing but its name is
    known; ``name`` is who published it, or how the wire, the authority or the outside source is called.
    ``certain`` is False for a root that only the upper number counts.
    """

    origin_id: str
    story_id: str
    root_id: str | None
    name: str | None
    kind: str
    certain: bool
    documents: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoryDocument:
    """Where one document stands in the tree of its story. One row of ``story_documents``.

    ``parent_id`` and ``link_id`` are None for a root; ``depth`` counts the links up to it.
    """

    document_id: str
    story_id: str
    origin_id: str
    parent_id: str | None
    link_id: str | None
    depth: int
