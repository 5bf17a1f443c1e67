"""Attributions, chains and claims: who says what, on whose word, how surely."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tocsin.model.spans import Spans

__all__ = ["Attribution", "Certainty", "Claim", "ClaimKind", "SourceKind"]


class SourceKind(StrEnum):
    """Whose word it is."""

    PERSON = "named person"
    ORGANISATION = "named organisation"
    OFFICIAL = "unnamed official"
    ANONYMOUS = "anonymous"
    DOCUMENT = "document"
    MEDIA = "media"
    CROWD = "crowd"
    AUTHOR = "author"


class Certainty(StrEnum):
    """How sure the outermost-to-innermost chain makes the event (FactBank, Saurí & Pustejovsky 2009)."""

    CERTAIN = "CT+"
    CERTAINLY_NOT = "CT-"
    PROBABLE = "PR+"
    PROBABLY_NOT = "PR-"
    POSSIBLE = "PS+"
    POSSIBLY_NOT = "PS-"
    UNDERSPECIFIED = "Uu"


class ClaimKind(StrEnum):
    """What sort of statement it is."""

    REPORT = "report"
    FORECAST = "forecast"
    BLAME = "blame"
    ADVICE = "advice"
    OPINION = "opinion"


@dataclass(frozen=True, slots=True)
class Attribution:
    """Source → cue → content (the PARC / PolNeAR scheme). One row of ``attributions``.

    ``parent_id`` is the attribution whose content this one stands in: following it outwards gives the
    chain. ``source`` is empty when the source is only implied; ``antecedent_id`` then, or for an
    anaphoric source ("the same sources"), names the attribution whose source is meant.
    ``source_label`` is the source as a person would list it; ``source_key`` groups its variants.
    """

    attribution_id: str
    document_id: str
    parent_id: str | None
    antecedent_id: str | None
    source: Spans
    cue: Spans
    content: Spans
    source_kind: str
    source_label: str
    source_key: str
    score: float
    reasons: tuple[str, ...]
    method: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A content with its chain. One row of ``claims``.

    ``chain`` lists attribution ids, outermost speaker first; it is empty when the channel states the
    content on its own word. ``source_*`` describe the innermost link: whose word it rests on.
    ``hedges`` and ``kind_evidence`` are the words that made ``certainty`` and ``kind``.
    """

    claim_id: str
    document_id: str
    sentence: int
    language: str
    content: Spans
    chain: tuple[str, ...]
    source_kind: str
    source_label: str
    source_key: str
    certainty: str
    hedges: Spans
    kind: str
    kind_evidence: Spans
    score: float
    reasons: tuple[str, ...]
    method: str
