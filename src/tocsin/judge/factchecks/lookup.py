"""One claim looked up in the bases of a case; the index is made once for each state of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from tocsin.errors import CaseVersionError
from tocsin.judge.factchecks.index import COLUMNS, FactcheckIndex
from tocsin.judge.factchecks.match import Match, matches
from tocsin.judge.factchecks.texts import question_of
from tocsin.language import identify
from tocsin.link.narratives.meanings import vectors_of

if TYPE_CHECKING:
    from tocsin.model.access import Tables

__all__ = ["look_up"]

_INDEXES: WeakKeyDictionary[Tables, FactcheckIndex] = WeakKeyDictionary()


def look_up(
    tables: Tables,
    text: str,
    *,
    limit: int = 5,
    language: str = "",
    author: str = "",
    date: datetime | None = None,
) -> list[Match]:
    """The entries that a claim may repeat, at most ``limit``, the likeliest first.

    ``tables`` are a case at one moment. ``language`` is told by the text where it is left out.
    """
    index = _INDEXES.get(tables)
    if index is None:
        index = FactcheckIndex(tables.table("reference_entries", list(COLUMNS)))
        _INDEXES[tables] = index
    question = question_of(text, language or identify(text)[0], author, date)
    vectors, _ = vectors_of([question.text], [question.language])
    if len(index) and vectors.shape[1] != index.title_vectors.shape[1]:
        raise CaseVersionError(
            "the reference base has vectors of another encoder",
            remedy="Run 'tocsin add' with an input of the case again: it brings the case up to date",
        )
    return matches(index, question, vectors[0], limit=limit)
