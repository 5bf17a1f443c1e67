"""Plain frozen types, ids and table declarations: the only vocabulary the stages share.

Importing this package loads no engine (``model.arrow`` does, and is imported where it is needed).
"""

from __future__ import annotations

from tocsin.model.access import CorpusTables, Tables
from tocsin.model.checks import Check, CheckProblem, CheckTopic, CheckVerdict, Figure
from tocsin.model.claims import Attribution, Certainty, Claim, ClaimKind, SourceKind
from tocsin.model.documents import (
    DateBasis,
    Document,
    DocumentLanguage,
    Post,
    Problem,
    Sentence,
    Sighting,
    document_from_post,
)
from tocsin.model.entities import DocumentEntity, Entity, EntityKind, EntityMention, NameComparison
from tocsin.model.ids import digest, make_id
from tocsin.model.judgements import Judgement, Verdict
from tocsin.model.judging import Blame, CanTest, FactcheckMatch, Forecast, Outcome, Stance
from tocsin.model.links import (
    Direction,
    DocumentLink,
    LinkedText,
    LinkType,
    Origin,
    OriginKind,
    PassageVector,
    Story,
    StoryDocument,
    WordingNeighbour,
    link_id_of,
)
from tocsin.model.mentions import (
    WEEKDAY_DISAGREES,
    NameMention,
    NameType,
    PlaceMention,
    PlacePrecision,
    TimeMention,
)
from tocsin.model.narratives import (
    ClaimMeaning,
    Narrative,
    NarrativeClaim,
    Recurrence,
    ReferenceEntry,
    Relation,
    Telling,
    Wording,
    WordingLink,
)
from tocsin.model.quantities import Quantity, QuantityMention
from tocsin.model.scores import Alternative, Score
from tocsin.model.sharing import ShareAction, SharedObject, SharedThing, SharingEdge, SharingGroup
from tocsin.model.spans import Span, Spans, covers, hull, overlaps, quote
from tocsin.model.tables import TABLES, Column, Table

__all__ = [
    "TABLES",
    "WEEKDAY_DISAGREES",
    "Alternative",
    "Attribution",
    "Blame",
    "CanTest",
    "Certainty",
    "Check",
    "CheckProblem",
    "CheckTopic",
    "CheckVerdict",
    "Claim",
    "ClaimKind",
    "ClaimMeaning",
    "Column",
    "CorpusTables",
    "DateBasis",
    "Direction",
    "Document",
    "DocumentEntity",
    "DocumentLanguage",
    "DocumentLink",
    "Entity",
    "EntityKind",
    "EntityMention",
    "FactcheckMatch",
    "Figure",
    "Forecast",
    "Judgement",
    "LinkType",
    "LinkedText",
    "NameComparison",
    "NameMention",
    "NameType",
    "Narrative",
    "NarrativeClaim",
    "Origin",
    "OriginKind",
    "Outcome",
    "PassageVector",
    "PlaceMention",
    "PlacePrecision",
    "Post",
    "Problem",
    "Quantity",
    "QuantityMention",
    "Recurrence",
    "ReferenceEntry",
    "Relation",
    "Score",
    "Sentence",
    "ShareAction",
    "SharedObject",
    "SharedThing",
    "SharingEdge",
    "SharingGroup",
    "Sighting",
    "SourceKind",
    "Span",
    "Spans",
    "Stance",
    "Story",
    "StoryDocument",
    "Table",
    "Tables",
    "Telling",
    "TimeMention",
    "Verdict",
    "Wording",
    "WordingLink",
    "WordingNeighbour",
    "covers",
    "digest",
    "document_from_post",
    "hull",
    "link_id_of",
    "make_id",
    "overlaps",
    "quote",
]
