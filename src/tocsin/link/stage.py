"""The corpus kernels of links and origins: the whole case in, links, stories and origins out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tocsin.link.citations import METHOD as CITATIONS
from tocsin.link.citations import find_citations, labels_named_otherwise
from tocsin.link.copies import METHOD as WORDS
from tocsin.link.copies import distinct_texts, find_copies
from tocsin.link.corpus import COLUMNS, MICROSECONDS_A_DAY, Corpus, corpus_of
from tocsin.link.forwards import METHOD as FORWARDS
from tocsin.link.forwards import find_forwards
from tocsin.link.origins import Member, find_stories
from tocsin.link.standing import standing_of, texts_table
from tocsin.model import Attribution, DocumentLink

if TYPE_CHECKING:
    import pyarrow as pa

    from tocsin.model.access import CorpusTables

__all__ = ["find_origins", "link_documents"]


def link_documents(given: CorpusTables) -> dict[str, pa.Table]:
    """Kernel of the corpus: ``documents``, ``attributions`` → ``document_links``, ``linked_texts``.

    A document has at most one link that its words show, one that the platform states, and one for each
    outlet or address it names. Where the platform states the original that the words show, it alone is kept.
    Links that stand from the last time (``standing``) are not looked for again; what is found is the same.
    """
    import pyarrow as pa

    from tocsin.model.arrow import table_of
    from tocsin.model.tables import DOCUMENT_LINKS

    corpus = corpus_of(given.table("documents", COLUMNS))
    texts = distinct_texts(corpus)
    standing = standing_of(given.previous, corpus)
    forwards = find_forwards(corpus, texts, standing)
    # A copy that the platform states too is left out; where another post is now taken for the one stated, it
    # must be looked for again.
    before = standing.originals(FORWARDS)
    again = {
        corpus.row_of[link.document_id]
        for link in forwards
        if link.document_id in before and before[link.document_id] != link.original_id
    }
    copies = find_copies(corpus, texts, standing, again)
    stated = before | {link.document_id: link.original_id for link in forwards}
    links = [link for link in copies.links if stated.get(link.document_id) != link.original_id]
    links += forwards
    attributions, named = _attributions(given.table("attributions"), corpus, standing.rows)
    rows = sorted(named | set(range(standing.rows, len(corpus))))
    links += find_citations(corpus, texts, attributions, rows)
    unique = {link.link_id: link for link in links}
    redone = {
        FORWARDS: {link.document_id for link in forwards},
        WORDS: {corpus.ids[row] for row in copies.redone},
        CITATIONS: {corpus.ids[row] for row in named},
    }
    found = pa.concat_tables([standing.without(redone), table_of(unique.values(), DOCUMENT_LINKS)])
    return {
        "document_links": found.sort_by([("document_id", "ascending"), ("link_id", "ascending")]),
        "linked_texts": texts_table(corpus, copies.edited_from, copies.told_at_once),
    }


def _attributions(
    table: pa.Table, corpus: Corpus, stood: int
) -> tuple[dict[str, list[Attribution]], set[int]]:
    """Attributions by document, and which of the first ``stood`` documents name channels otherwise now.

    Of the documents whose links stand only these are given.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    from tocsin.model.arrow import rows_of
    from tocsin.model.tables import ATTRIBUTIONS

    def among(column: str, values: Iterable[str]) -> pa.Array:
        return pc.is_in(table.column(column), value_set=pa.array(values, pa.string()))

    old = among("document_id", corpus.ids[:stood])
    labels = pc.unique(table.column("source_label").filter(old)).to_pylist() if stood else []
    other = labels_named_otherwise(corpus, stood, labels)
    theirs = table.filter(pc.and_(old, among("source_label", sorted(other))))
    named = set(theirs.column("document_id").to_pylist())
    wanted = pc.or_(pc.invert(old), among("document_id", sorted(named)))
    found: dict[str, list[Attribution]] = {}
    for row in rows_of(table.filter(wanted), ATTRIBUTIONS):
        found.setdefault(row.document_id, []).append(row)
    return found, {corpus.row_of[document] for document in named}


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

    from tocsin.model.arrow import rows_among

    moments = pc.cast(pc.cast(documents.column("published"), pa.timestamp("us", tz="UTC")), pa.int64())
    days = frozenset(m // MICROSECONDS_A_DAY for m in moments.to_pylist() if m is not None)
    kept = rows_among(documents, "document_id", linked)
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
