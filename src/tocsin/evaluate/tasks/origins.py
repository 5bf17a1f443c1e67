"""How many independent origins the posts of a story have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tocsin.evaluate.fields import fault, number_of, published_of, records_of, text_of, whole
from tocsin.evaluate.gold import Item, header_of
from tocsin.evaluate.options import Options
from tocsin.evaluate.raw import Raw
from tocsin.evaluate.report import Figure, Outcome
from tocsin.evaluate.scores.tally import Tally
from tocsin.evaluate.tasks.base import Task, Wrong, where
from tocsin.model import DateBasis, Document, Post, document_from_post

__all__ = ["OriginsTask", "World"]

_FIELDS = ("channel", "channel_id", "native_id", "url", "forwarded_from", "forwarded_from_id")
_HOLDS, _NARROW, _MIDDLE = "the interval holds the number", "at most one wide", "its middle is the number"


@dataclass(frozen=True, slots=True)
class World(Item):
    """Documents, which of them tell the story, and how many independent origins it has."""

    documents: tuple[Document, ...]
    story: frozenset[str]
    origins: int


def _document(value: Mapping[str, Any], at: int) -> Document:
    fields: dict[str, str | None] = {}
    for name in _FIELDS:
        own = value.get(name)
        if own is not None and not isinstance(own, str):
            raise fault(f"documents[{at}].{name} is no text")
        fields[name] = whole(own, name) if own else None
    published = published_of(value)
    return document_from_post(
        Post(
            text=text_of(value, "text"),
            platform="telegram" if value.get("platform") is None else str(value["platform"]),
            published=published,
            published_basis=DateBasis.STATED if published else DateBasis.UNKNOWN,
            **fields,  # type: ignore[arg-type]
        )
    )


def _count(found: object, name: str) -> int:
    number = number_of(found, name)
    if number < 0 or number != int(number):
        raise fault(f"{name} is no whole number")
    return int(number)


class OriginsTask(Task):
    """Headline: the share of stories whose interval holds the number of origins."""

    name = "origins"

    def __init__(self, options: Options, system: Any | None) -> None:
        super().__init__(options, system)
        self._tally = Tally(2)
        self._records = self._documents = 0

    def item(self, raw: Raw) -> World:
        given = records_of(raw.value, "documents")
        documents = [_document(value, at) for at, value in enumerate(given)]
        story = frozenset(
            document.document_id
            for document, value in zip(documents, given, strict=True)
            if value.get("other") is not True
        )
        if not story:
            raise fault("no document of it tells the story")
        origins = _count(raw.value.get("origins"), "origins")
        if not 1 <= origins <= len(story):
            raise fault(f"origins is {origins}, but {len(story)} documents tell the story")
        unique = {document.document_id: document for document in documents}
        return World(header_of(raw), documents[0].text, tuple(unique.values()), story, origins)

    def ask(self, items: Sequence[World]) -> list[tuple[int, int]]:
        assert self.system is not None
        return [self.system.origins(item.documents, item.story) for item in items]

    def read(self, raw: Raw, item: World) -> tuple[int, int]:  # noqa: ARG002 - the protocol
        """``low`` and ``high``, or ``origins`` for both."""
        if "origins" in raw.value:
            number = _count(raw.value["origins"], "origins")
            return number, number
        low, high = (_count(raw.value.get(name), name) for name in ("low", "high"))
        if low > high:
            raise fault(f"low is {low}, high is {high}")
        return low, high

    def absent(self) -> None:
        return None  # no number stands for none

    def add(self, item: World, answer: tuple[int, int]) -> Iterator[Wrong]:
        self._records += 1
        self._documents += len(item.documents)
        low, high = answer
        document = item.header.document
        self._tally.add(document, _HOLDS, (low <= item.origins <= high, 1))
        self._tally.add(document, _NARROW, (high - low <= 1, 1))
        self._tally.add(document, _MIDDLE, (low + high in {2 * item.origins, 2 * item.origins + 1}, 1))
        if not low <= item.origins <= high:
            wrong = "too few" if high < item.origins else "too many"
            yield where(item) | {"wrong": wrong, "gold": item.origins, "low": low, "high": high}

    def outcome(self) -> Outcome:
        figures = []
        for name in (_HOLDS, _NARROW, _MIDDLE):
            right, asked = self._tally.totals(name)
            figures.append(
                Figure("stories", name, right / asked if asked else None, gold=asked, correct=right)
            )
        return Outcome(
            (self.headline(_HOLDS, figures[0].value, self._tally.matrix([_HOLDS]), _share),),
            tuple(figures),
            {"records": self._records, "documents": self._documents},
        )


def _share(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """(m, 2) sums of right and asked → (m,)."""
    return sums[:, 0] / np.maximum(sums[:, 1], 1)
