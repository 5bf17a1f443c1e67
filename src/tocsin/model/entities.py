"""Entities: who is who within a document, and across the documents of a case."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tocsin.model.scores import Alternative
from tocsin.model.spans import Spans

__all__ = ["DocumentEntity", "Entity", "EntityKind", "EntityMention", "NameComparison"]


class EntityKind(StrEnum):
    """What an entity is."""

    PERSON = "person"
    ORG = "org"
    MEDIA = "media"


@dataclass(frozen=True, slots=True)
class DocumentEntity:
    """One person, organisation or outlet as one document speaks of it. One row of ``document_entities``.

    It depends on its document alone, so its id stays whatever else is read and judgements on who is who can
    refer to it. ``name`` is the fullest form in the nominative, ``spellings`` the forms as written,
    ``roles`` what the text calls it ("political scientist"), ``places`` where it is named.
    """

    document_entity_id: str
    document_id: str
    kind: str
    name: str
    spellings: tuple[str, ...]
    roles: tuple[str, ...]
    places: Spans
    mentions: int
    score: float
    reasons: tuple[str, ...]
    alternatives: tuple[Alternative, ...]
    method: str


@dataclass(frozen=True, slots=True)
class EntityMention:
    """One place where an entity is named or meant. One row of ``entity_mentions``.

    ``attribution_id`` is set where it is the source of that attribution. ``reason`` says how the place was
    tied to the entity: by its name, or by a word that points back ("he", "the same agency"). ``start`` and
    ``end`` are equal where the source is not said at all but understood.
    """

    mention_id: str
    document_id: str
    document_entity_id: str
    attribution_id: str | None
    start: int
    end: int
    reason: str
    method: str


@dataclass(frozen=True, slots=True)
class Entity:
    """A document entity as a member of an entity of the whole case. One row of ``entities``.

    All rows with one ``entity_id`` are one person, organisation or outlet: a proposal, which judgements undo
    and extend (``judge.entities``). ``name`` is the entity's; ``score`` and ``reasons`` say why this member
    belongs to it, ``alternatives`` which other entities it might be.
    """

    entity_id: str
    document_entity_id: str
    document_id: str
    kind: str
    name: str
    score: float
    reasons: tuple[str, ...]
    alternatives: tuple[Alternative, ...]
    method: str


@dataclass(frozen=True, slots=True)
class NameComparison:
    """Two names compared, kept so that nobody compares them again. One row of ``name_comparisons``.

    ``kind`` is ``PER`` or ``ORG``, ``name`` the lesser of the two; ``reasons`` are the strongest.
    """

    kind: str
    name: str
    other: str
    score: float
    reasons: tuple[str, ...]
