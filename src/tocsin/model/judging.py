"""Forecasts and blame: what claims say of the future, and of who is answerable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tocsin.model.spans import Spans

__all__ = ["Blame", "CanTest", "FactcheckMatch", "Forecast", "Outcome", "Stance"]


class Outcome(StrEnum):
    """What became of a forecast. Only a person says anything but ``open``."""

    OPEN = "open"
    TRUE = "came true"
    FALSE = "did not"
    VOID = "void"


class CanTest(StrEnum):
    """Whether a forecast can be found wrong."""

    YES = "yes"
    NO_DEADLINE = "no deadline"  # it can come true, but no day shows that it did not
    UNDATED = "undated"  # a deadline is stated but cannot be dated
    NO = "no"  # it names no event, or a mere possibility without end


class Stance(StrEnum):
    """What a blame does to the one it names."""

    ACCUSE = "accuse"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class Forecast:
    """A claim about the future. One row of ``forecasts``.

    ``warners`` are those who give it, outermost first, as listed for people; empty: the channel's own word.
    The window of time is ``[opens, due)`` in UTC: ``opens`` is None when it may happen from publication
    on, ``due``
    when it is open-ended or cannot be dated. ``term`` is the word of estimative probability by its entry in
    ``judge/data/estimative.yaml``, ``probability`` a number that is stated; which interval a term stands
    for is looked up when the ledger is shown, so that the table can be edited.
    """

    forecast_id: str
    claim_id: str
    document_id: str
    language: str
    event: Spans
    warners: tuple[str, ...]
    source_label: str
    source_key: str
    concerned: Spans
    place_ids: tuple[str, ...]
    place_names: tuple[str, ...]
    horizon: Spans
    opens: datetime | None
    due: datetime | None
    horizon_reason: str
    probability: float | None
    term: str
    probability_words: Spans
    testable: str
    testable_reasons: tuple[str, ...]
    score: float
    method: str


@dataclass(frozen=True, slots=True)
class Blame:
    """A claim that makes somebody answerable for something, or says he is not. One row of ``blame``.

    ``tellers`` are the links of the chain outside the accuser, outermost first: those on whose word it
    rests that
    he accuses. ``event_key`` groups the deeds that a document tells by the same name; it is empty when the
    text gives the deed no name.
    """

    blame_id: str
    claim_id: str
    document_id: str
    language: str
    accuser_label: str
    accuser_key: str
    tellers: tuple[str, ...]
    accused: Spans
    accused_label: str
    accused_key: str
    deed: Spans
    stance: str
    certainty: str
    evidence: Spans
    event_key: str
    event_label: str
    score: float
    reasons: tuple[str, ...]
    method: str


@dataclass(frozen=True, slots=True)
class FactcheckMatch:
    """A claim and an entry of a reference base on the same claim. One row of ``factcheck_matches``.

    It says that somebody published something on this claim, not what is true: rating, publisher and address
    are the entry's (``ReferenceEntry``). ``score`` is the probability that it is the same claim.
    ``differences`` say what the one states and the other does not.
    """

    match_id: str
    claim_id: str
    document_id: str
    reference_id: str
    content: Spans
    score: float
    reasons: tuple[str, ...]
    differences: tuple[str, ...]
    method: str
