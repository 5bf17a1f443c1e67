"""Stories as systems: how many origins the links leave, and whether two documents tell the same."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tocsin.language import identify, sentence_vectors
from tocsin.language.encoder import packaged_encoder
from tocsin.language.universal import universal_encoder
from tocsin.link.origins import METHOD, count_origins
from tocsin.link.same_story import score
from tocsin.model import TABLES, Document, DocumentLink
from tocsin.model.arrow import rows_of, table_of
from tocsin.pipeline import derive_tables

__all__ = ["Beginnings", "Learnt", "Links"]

#: Letters of a document that are read as one sentence.
_READ = 700


class Links:
    """The stages of links, run on the documents of one record alone."""

    def __init__(self, name: str, tables: Sequence[str]) -> None:
        self.name = name
        self.version = METHOD
        self._tables = tuple(tables)

    def origins(self, documents: Sequence[Document], story: frozenset[str]) -> tuple[int, int]:
        """The least and the greatest number of origins of the documents of a story."""
        made = derive_tables(table_of(documents, TABLES["documents"]), self._tables)
        links: list[DocumentLink] = []
        for name in self._tables:
            links += rows_of(made[name], TABLES[name])
        count = count_origins(story, links)
        return count.low, count.high


class Beginnings:
    """The cosine of the vectors of both texts' beginnings, and nothing else.

    ``universal`` takes the packaged universal encoder alone, which was taught more languages than the core;
    otherwise the vectors are those that narratives are made with.
    """

    def __init__(self, name: str, *, universal: bool) -> None:
        self.name = name
        self._universal = universal_encoder() if universal else None
        self.version = (self._universal or packaged_encoder()).name

    def same_story(self, asked: Sequence[tuple[str, str, str, str]]) -> list[float]:
        """Of each pair (text, language, text, language) the cosine."""
        sides = [(one[:_READ], a) for pair in asked for one, a in (pair[:2], pair[2:])]
        if self._universal is not None:
            vectors = self._universal.vectors([text for text, _ in sides])
        else:
            languages = [stated or identify(text)[0] for text, stated in sides]
            vectors = sentence_vectors([text for text, _ in sides], languages)
        return [float(value) for value in np.einsum("ij,ij->i", vectors[::2], vectors[1::2])]


class Learnt:
    """The scorer of ``link.same_story``: its value, or with ``plain`` its sum of what is in common alone."""

    def __init__(self, name: str, *, plain: bool) -> None:
        self.name = name
        self.version = score.METHOD
        self._plain = plain
        self._scorer = score.scorer()

    def same_story(self, asked: Sequence[tuple[str, str, str, str]]) -> list[float]:
        """Of each pair (text, language, text, language) how alike they are."""
        sides = {side: None for pair in asked for side in (pair[:2], pair[2:])}
        languages = [stated or identify(text)[0] for text, stated in sides]
        told = dict(zip(sides, self._scorer.tell([text for text, _ in sides], languages), strict=True))
        found = [self._scorer.compare(told[pair[:2]], told[pair[2:]]) for pair in asked]
        return [alike.plain if self._plain else alike.value for alike in found]
