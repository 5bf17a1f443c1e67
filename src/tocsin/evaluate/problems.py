"""What could not be read while measuring: listed with file, position, cause and remedy; the rest goes on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from tocsin.errors import InputError

__all__ = ["Problem", "Problems"]

#: Problems kept in full; further ones are counted by code.
_LISTED: Final = 1000


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of the input. ``kept`` says whether the record was used all the same, in part."""

    file: str
    position: str
    code: str
    cause: str
    remedy: str
    kept: bool


class Problems:
    """Collects faults; memory is bounded, counts are exact."""

    def __init__(self) -> None:
        self.listed: list[Problem] = []
        self.by_code: Counter[str] = Counter()

    def add(self, error: InputError, *, kept: bool = False) -> None:
        """Take a fault down."""
        self.by_code[error.code] += 1
        if len(self.listed) < _LISTED:
            self.listed.append(
                Problem(error.file, error.position, error.code, error.cause, error.remedy, kept)
            )

    @property
    def total(self) -> int:
        return self.by_code.total()
