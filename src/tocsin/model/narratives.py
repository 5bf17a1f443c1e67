"""What claims say alike: wordings, narratives, and narratives that came before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

__all__ = [
    "ClaimMeaning",
    "Narrative",
    "NarrativeClaim",
    "Recurrence",
    "ReferenceEntry",
    "Relation",
    "Telling",
    "Wording",
    "WordingLink",
]


class Telling(StrEnum):
    """How a claim of a narrative stands to its central claim."""

    CENTRAL = "central"
    SAME_WORDS = "same words"
    PARAPHRASE = "paraphrase"
    TRANSLATION = "translation"


class Relation(StrEnum):
    """How a narrative stands to one that came before it."""

    OPPOSITE = "opposite"  # one denies what the other states
    VERSION = "version"  # the same, but for an actor, a place or a number
    RECURRENCE = "recurrence"  # the same frame again, at another time
    REFERENCE = "reference"  # the frame is in an imported base of earlier cases


@dataclass(frozen=True, slots=True)
class ClaimMeaning:
    """What a claim means, as far as it can be compared. One row of ``claim_meanings``.

    ``wording_id`` is the same for claims of the same words and facts. ``vector`` holds int8 numbers which,
    times ``scale``, are the unit vector of the content. ``actors``, ``places``, ``numbers`` and ``opposites``
    are the facts that must not be contradicted (see ``link.narratives.facts``).
    """

    claim_id: str
    document_id: str
    wording_id: str
    language: str
    vector: bytes
    scale: float
    words: int
    denied: bool
    actors: tuple[str, ...]
    places: tuple[str, ...]
    numbers: tuple[str, ...]
    opposites: tuple[str, ...]
    method: str


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording that claims of the case have in common. One row of ``wordings``.

    ``group_id`` is the same for wordings that say the same: the smallest id among them.
    """

    wording_id: str
    group_id: str
    claims: int


@dataclass(frozen=True, slots=True)
class WordingLink:
    """Two wordings whose contents are near. One row of ``wording_links``; ``wording_id < other_id``.

    ``conflicts`` say what one contradicts of the other; empty when they say the same.
    """

    wording_id: str
    other_id: str
    score: float
    conflicts: tuple[str, ...]
    reasons: tuple[str, ...]
    method: str


@dataclass(frozen=True, slots=True)
class Narrative:
    """Claims that say the same thing. One row of ``narratives``.

    ``label`` is the content of the most central claim, word for word. ``first`` and ``last`` are dates in
    this corpus. ``languages`` are in the order in which they appear; ``spread`` says when it reached the next
    one; ``stages`` tell its course over time.
    """

    narrative_id: str
    label: str
    label_claim_id: str
    first: datetime | None
    last: datetime | None
    claims: int
    documents: int
    channels: int
    languages: tuple[str, ...]
    spread: tuple[str, ...]
    stages: tuple[str, ...]
    reasons: tuple[str, ...]
    method: str


@dataclass(frozen=True, slots=True)
class NarrativeClaim:
    """One claim of a narrative. One row of ``narrative_claims``; ``telling`` is a ``Telling``."""

    claim_id: str
    narrative_id: str
    document_id: str
    telling: str
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A narrative and an earlier one of the same frame. One row of ``recurrences``.

    ``earlier_id`` is a narrative of the case, or an entry of ``references``; ``changed`` says what differs
    («place: Kazan → Lviv»). ``gap_days`` lies between the last of the earlier and the first of the later.
    """

    recurrence_id: str
    narrative_id: str
    earlier_id: str
    relation: str
    earlier_label: str
    earlier_first: datetime | None
    gap_days: int | None
    changed: tuple[str, ...]
    score: float
    reasons: tuple[str, ...]
    method: str


@dataclass(frozen=True, slots=True)
class ReferenceEntry:
    """One earlier case or fact-check of an imported base. One row of ``reference_entries``.

    ``claim`` is what was claimed and ``title`` what the base calls it; they are the same where it has one
    text only. ``rating`` is the verdict in the words of its ``publisher``, never our own. Terms are those of
    ``search.words``; ``vector`` and ``scale`` are those of the title, as in ``ClaimMeaning``. Terms and
    vector of the claim are empty where it is the title.
    """

    reference_id: str
    base: str
    number: int
    title: str
    claim: str
    summary: str
    url: str | None
    date: datetime | None
    rating: str | None
    publisher: str | None
    claimant: str | None
    countries: tuple[str, ...]
    keywords: tuple[str, ...]
    languages: tuple[str, ...]
    outlets: tuple[str, ...]
    language: str
    title_terms: tuple[str, ...]
    claim_terms: tuple[str, ...]
    summary_terms: tuple[str, ...]
    vector: bytes
    scale: float
    claim_vector: bytes
    claim_scale: float
    method: str
