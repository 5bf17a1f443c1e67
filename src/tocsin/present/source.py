"""The facts of the run that made a case, which no table holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tocsin.model import Judgement

__all__ = ["InputFacts", "RunFacts", "StageFacts"]


@dataclass(frozen=True, slots=True)
class InputFacts:
    """One input file as it was read.

    ``skipped`` counts records left out on purpose, by reason ("service message"); ``problems`` counts the
    rows of the ``problems`` table for this file; ``bytes`` is the size of the file.
    """

    file: str
    format: str
    documents: int
    skipped: Mapping[str, int] = field(default_factory=dict)
    problems: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class StageFacts:
    """One stage of the pipeline: its method and version, its settings, the tables it reads and writes."""

    name: str
    method: str
    settings_digest: str = ""
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunFacts:
    """The facts of a run that no table holds.

    ``settings`` has the values that differ from the defaults. ``judgements`` maps the id of a finding to the
    latest judgement on it that still stands; ``log`` is the whole judgement log with the ids that findings
    have now, ``orphans`` those of its entries in force whose finding is gone. There is no time of generation
    on purpose: the same case gives the same bytes.
    """

    version: str
    title: str = ""
    inputs: tuple[InputFacts, ...] = ()
    stages: tuple[StageFacts, ...] = ()
    settings: Mapping[str, int | float | str | bool] = field(default_factory=dict)
    judgements: Mapping[str, Judgement] = field(default_factory=dict)
    log: tuple[Judgement, ...] = ()
    orphans: tuple[Judgement, ...] = ()
