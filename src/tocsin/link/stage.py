"""The corpus kernels of links and origins: the whole case in, links, stories and origins out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tocsin.link.citations import find_citations
from tocsin.link.copies import distinct_texts, find_copies
from tocsin.link.corpus import COLUMNS, MICROSECONDS_A_DAY, corpus_of
from tocsin.link.forwards import find_forwards
from tocsin.link.origins import Member, find_stories
from tocsin.model import Attribution, DocumentLink

if TYPE_CHECKING:
    import pyarrow as pa

    from tocsin.model.access import CorpusTables

__all__ = ["find_origins", "link_documents"]


def link_documents(given: CorpusTables) -> dict[str, pa.Table]:
    """Kernel of the corpus: ``documents``, ``attributions`` → ``document_links``.

    A document has at most one link that its words show, one that the platform states, and one for each
    outlet or address it names. Where the platform states the original that the words show, it alone is kept.
    """
    from tocsin.model.arrow import rows_of, table_of
    from tocsin.model.tables import ATTRIBUTIONS, DOCUMENT_LINKS

    corpus = corpus_of(given.table("documents", COLUMNS))
    texts = distinct_texts(corpus)
    by_document: dict[str, list[Attribution]] = {}
    for row in rows_of(given.table("attributions"), ATTRIBUTIONS):
        by_document.setdefault(row.document_id, []).append(row)
    forwards = find_forwards(corpus, texts)
    stated = {(link.document_id, link.original_id) for link in forwards}
    links: list[DocumentLink] = [
        link for link in find_copies(corpus, texts) if (link.document_id, link.original_id) not in stated
    ]
    links += forwards
    links += find_citations(corpus, texts, by_document)
    unique = {link.link_id: link for link in links}
    rows = sorted(unique.values(), key=lambda link: (link.document_id, link.link_id))
    return {"document_links": table_of(rows, DOCUMENT_LINKS)}


def find_origins(given: CorpusTables) -> dict[str, pa.Table]:
    """Kernel of the corpus: documents and links → ``stories``, ``origins``, ``story_documents``."""
    from tocsin.model.arrow import rows_of, table_of
    from tocsin.model.tables import (
        DOCUMENT_LINKS,
        MEANING_LINKS,
        ORIGINS,
        STORIES,
        STORY_DOCUMENTS,
    )

    links: list[DocumentLink] = []
    for name, table in (("document_links", DOCUMENT_LINKS), ("meaning_links", MEANING_LINKS)):
        links += rows_of(given.table(name), table)
    linked = {link.document_id for link in links} | {link.original_id for link in links if link.original_id}
    documents = given.table(
        "documents", ("document_id", "text", "platform", "channel", "channel_id", "published")
    )
    members, texts, days = _members(documents, linked)
    found = find_stories(members, links, lambda identifier: texts[identifier], days)
    return {
        "stories": table_of(found.stories, STORIES),
        "origins": table_of(found.origins, ORIGINS),
        "story_documents": table_of(found.documents, STORY_DOCUMENTS),
    }


def _members(
    documents: pa.Table, linked: set[str]
) -> tuple[dict[str, Member], dict[str, str], frozenset[int]]:
    """The linked documents in the order of time, their texts, and the days on which anything was read."""
    import pyarrow as pa
    import pyarrow.compute as pc

    moments = pc.cast(pc.cast(documents.column("published"), pa.timestamp("us", tz="UTC")), pa.int64())
    days = frozenset(m // MICROSECONDS_A_DAY for m in moments.to_pylist() if m is not None)
    kept = documents.filter(pc.is_in(documents.column("document_id"), pa.array(sorted(linked), pa.string())))
    columns = {name: kept.column(name).to_pylist() for name in kept.column_names}
    lengths = [len(text) for text in columns["text"]]
    ids, published = columns["document_id"], columns["published"]
    order = sorted(
        range(len(ids)),
        key=lambda row: (published[row] is None, published[row] or 0, -lengths[row], ids[row]),
    )
    members: dict[str, Member] = {}
    for place, row in enumerate(order):
        key = columns["channel_id"][row] or columns["channel"][row]
        channel = f"{columns['platform'][row]}/{key}" if key else None
        members[ids[row]] = Member(ids[row], place, published[row], channel, columns["channel"][row] or key)
    return members, dict(zip(ids, columns["text"], strict=True)), days
