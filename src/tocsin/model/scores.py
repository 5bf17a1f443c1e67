"""A score that explains itself, and the alternatives a resolution passed over."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Alternative", "Score"]


@dataclass(frozen=True, slots=True)
class Score:
    """A value with the reasons for it, strongest first.

    ``value`` is a plain score unless the producer documents a calibration; it is never called a
    probability otherwise.
    """

    value: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    """A reading that lost: its machine ``value``, a ``label`` for people, its score and why it lost."""

    value: str
    label: str
    score: float
    reason: str
