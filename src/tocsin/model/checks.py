"""Checks: claims tested by computation, with workings that a reader can redo by hand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tocsin.model.spans import Spans

__all__ = ["Check", "CheckProblem", "CheckTopic", "CheckVerdict", "Figure"]


class CheckVerdict(StrEnum):
    """What a computation says of a claim; never whether the claim is true."""

    CONSISTENT = "consistent"
    INCONSISTENT = "inconsistent"
    NOT_CHECKABLE = "not checkable"


class CheckTopic(StrEnum):
    """What is computed with."""

    DISTANCES = "distances"
    DATES = "dates"
    SUMS = "sums"
    SIZES = "sizes"
    SOURCES = "sources"
    CAPTIONS = "captions"


@dataclass(frozen=True, slots=True)
class Check:
    """A claim tested by computation. One row of ``checks`` or ``source_checks``.

    ``statement`` are the words tested, ``inputs`` the words that went into the computation, verbatim, and
    ``read_as`` (one for each of them) what they were read as. ``workings`` are the steps in order,
    ``assumptions`` what they take for granted, ``tolerance`` how far apart stated and computed values may be
    and why, ``missing`` what would be needed where nothing could be computed. ``other_id`` is the document
    that a statement was compared with, ``other_inputs`` the words of it.
    """

    check_id: str
    document_id: str
    check_name: str
    topic: str
    verdict: str
    language: str
    claim_id: str | None
    statement: Spans
    inputs: Spans
    read_as: tuple[str, ...]
    workings: tuple[str, ...]
    assumptions: tuple[str, ...]
    tolerance: str
    missing: tuple[str, ...]
    other_id: str | None
    other_inputs: Spans
    method: str


@dataclass(frozen=True, slots=True)
class CheckProblem:
    """A check that failed on a document, or could not be loaded. One row of ``check_problems``."""

    document_id: str
    check_name: str
    cause: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that the user gives to compare with. One row of ``figures``.

    ``subject`` is a name (a place, or any words), ``counted`` the words for what is counted or measured, each
    in the forms that texts use; ``unit`` is a symbol as in ``quantities``, empty for a plain number.
    """

    figure_id: str
    base: str
    subject: str
    counted: tuple[str, ...]
    low: float
    high: float
    unit: str
    source: str
    date: str
