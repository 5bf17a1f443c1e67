"""Small corpora for the tests of links: invented posts, and the stage run on them without a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pyarrow as pa

from tocsin.link.stage import find_origins, link_documents
from tocsin.model import TABLES, Attribution, Document, DocumentLink, Post, document_from_post
from tocsin.model.arrow import rows_of, table_of
from tocsin.stage import CorpusInput

START = datetime(2024, 3, 1, 8, tzinfo=UTC)

LANTERN = (
    "The lantern makers of Old Harbour say that forty blue lanterns went missing from the quay on Sunday "
    "night, and that nobody saw a boat. The night watch heard a flute, they add, and found wet paper on the "
    "stairs."
)
CAMEL = (
    "A paper camel two storeys high crossed the salt flats by itself, according to the weather station, "
    "which measured its speed at four knots and its mood as thoughtful. The station will publish the chart "
    "on Friday."
)


def post(text: str, channel: str | None = "Alpha", minutes: float | None = 0, **more: object) -> Document:
    """A document of ``channel`` that many minutes after the start; ``None``: undated."""
    values: dict[str, object] = {
        "platform": "telegram",
        "channel": channel,
        "channel_id": str(1000 + sum(map(ord, channel))) if channel else None,
        "native_id": f"{minutes}-{len(text)}",
        "published": None if minutes is None else START + timedelta(minutes=minutes),
        "published_basis": "stated",
    }
    return document_from_post(Post(text=text, **(values | more)))  # type: ignore[arg-type]


def given(
    documents: Sequence[Document],
    attributions: Sequence[Attribution] = (),
    previous: Mapping[str, pa.Table] | None = None,
) -> CorpusInput:
    """What the stage of links is given of some documents, and of what it found last time."""
    tables = {
        "documents": table_of(documents, TABLES["documents"]),
        "attributions": table_of(attributions, TABLES["attributions"]),
    }

    def table(name: str, columns: Sequence[str] | None = None) -> pa.Table:
        return tables[name].select(list(columns)) if columns else tables[name]

    return CorpusInput(table, {}, previous or {})


def links_of(documents: Sequence[Document], attributions: Sequence[Attribution] = ()) -> list[DocumentLink]:
    """The links of some documents."""
    made = link_documents(given(documents, attributions))["document_links"]
    return list(rows_of(made, TABLES["document_links"]))


def origins_of(
    documents: Sequence[Document],
    attributions: Sequence[Attribution] = (),
    meanings: Sequence[DocumentLink] = (),
) -> dict[str, list]:
    """Rows of the three tables of stories, by name."""
    start = given(documents, attributions)
    tables = link_documents(start)

    def table(name: str, columns: Sequence[str] | None = None) -> pa.Table:
        if name == "meaning_links":
            return table_of(meanings, TABLES[name])
        return tables[name] if name in tables else start.table(name, columns)

    made = find_origins(CorpusInput(table, {}, {}))
    return {name: list(rows_of(data, TABLES[name])) for name, data in made.items()}
