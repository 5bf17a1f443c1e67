"""Events on which answers compete, and who blames whom for one."""

from __future__ import annotations

from typing import Final

from tocsin.judge.matrix import Matrix, events_of, matrix_of
from tocsin.serve.i18n import N_
from tocsin.serve.latest import latest
from tocsin.serve.reading import View

__all__ = ["WORDS", "events", "matrix"]

#: What a matrix says in words, for the interface to translate.
WORDS: Final = (
    N_("accuse"),
    N_("deny"),
    N_("accuses and clears the same party"),
    N_("names different parties over time"),
)


def events(view: View) -> list[tuple[str, int, int]]:
    """``(event, accusations, accused)``, the most disputed first."""
    return latest(view, "events", lambda: events_of(view.tables, view.attached.log))


def matrix(view: View, event: str = "") -> Matrix:
    """The blame matrix of an event, of the most disputed without words for one."""
    return latest(view, "matrix", lambda: matrix_of(view.tables, view.attached.log, event), event)
