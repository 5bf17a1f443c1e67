"""What stands of the links found last time, now that documents were added.

A link follows from what came before its document and, where it is asked how many told a text at once, from
what came within a day after. So the links of all that was published more than a day before the earliest
change stand, and the rest is looked at again. A change is a document that is new, one that is gone (an edited
version took its place), or one whose text has lost or gained its channel's signature. A day added at the end
costs two days; what comes late costs what lies after it; a post from before all others costs the whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tocsin.link.corpus import MICROSECONDS_A_DAY, NEVER, Corpus

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    Array = np.ndarray[Any, Any]

__all__ = ["Standing", "standing_of", "texts_table"]


@dataclass(frozen=True)
class Standing:
    """What stands: the first ``rows`` documents of the corpus, their links, and what is kept of them.

    ``links`` are rows of ``document_links``; ``edited_from`` maps the row of a document to the row of which
    it is an edit or a part; ``told_at_once`` has a flag for each of the rows. ``busy`` are the numbers of the
    channels that have changed later.
    """

    rows: int
    links: pa.Table
    edited_from: Mapping[int, int]
    told_at_once: Array
    busy: frozenset[int]

    def originals(self, method: str) -> dict[str, str | None]:
        """The original's id by the document's, of the links of one method."""
        import pyarrow.compute as pc

        own = self.links.filter(pc.equal(self.links.column("method"), method))
        columns = (own.column(name).to_pylist() for name in ("document_id", "original_id"))
        return dict(zip(*columns, strict=True))

    def without(self, redone: Mapping[str, set[str]]) -> pa.Table:
        """The links that stand, without those of the documents looked at again, by method."""
        import pyarrow as pa
        import pyarrow.compute as pc

        links = self.links
        for method, documents in redone.items():
            again = pc.is_in(links.column("document_id"), pa.array(sorted(documents), pa.string()))
            links = links.filter(pc.invert(pc.and_(again, pc.equal(links.column("method"), method))))
        return links


def standing_of(previous: Mapping[str, pa.Table], corpus: Corpus) -> Standing:
    """What stands of ``previous`` (``document_links`` and ``linked_texts``; empty: nothing does).

    Nothing does either where a channel, or a name of one, has gone with its documents.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    from tocsin.model.arrow import empty_table
    from tocsin.model.tables import DOCUMENT_LINKS

    nothing = Standing(0, empty_table(DOCUMENT_LINKS), {}, np.zeros(0, np.bool_), frozenset())
    if not previous:
        return nothing
    known = previous["linked_texts"].combine_chunks()
    ids = pa.array(corpus.ids, pa.string())
    places = pc.index_in(ids, value_set=known.column("document_id"))
    letters = pc.utf8_length(corpus.bare)
    same = pc.fill_null(pc.equal(letters, known.column("letters").take(places)), False)
    changed = corpus.moments[~np.asarray(same)]
    gone = known.filter(pc.invert(pc.is_in(known.column("document_id"), value_set=ids)))
    left = pc.index_in(pc.unique(gone.column("publisher")), value_set=_publishers(corpus).combine_chunks())
    if left.null_count:
        return nothing
    missed = pc.fill_null(pc.cast(gone.column("published"), pa.int64()), NEVER)
    earliest = min([NEVER, *changed.tolist(), *missed.to_pylist()])
    rows = int(np.searchsorted(corpus.moments, earliest - MICROSECONDS_A_DAY))
    own = known.take(places[:rows])
    links = previous["document_links"]
    links = links.filter(pc.is_in(links.column("document_id"), value_set=ids[:rows]))
    edited = own.column("edited_from").combine_chunks()
    derived = np.flatnonzero(np.asarray(edited.is_valid()))
    originals = pc.index_in(edited.take(pa.array(derived)), value_set=ids).to_pylist()
    told = np.asarray(own.column("told_at_once"), np.bool_)
    channels = corpus.channels.of
    busy = frozenset(channels[rows:]) | {channels[row] for row in left.to_pylist()}
    return Standing(rows, links, dict(zip(derived.tolist(), originals, strict=True)), told, busy)


def _publishers(corpus: Corpus) -> pa.ChunkedArray:
    """All that tells a document's channel, in one text."""
    import pyarrow.compute as pc

    names = (pc.fill_null(corpus.documents.column(c), "") for c in ("platform", "channel_id", "channel"))
    return pc.binary_join_element_wise(*names, "\x1f")


def texts_table(corpus: Corpus, edited_from: Mapping[int, int], told_at_once: Array) -> pa.Table:
    """Rows of ``linked_texts``: what ``standing_of`` needs next time, in the order of ids."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from tocsin.model.arrow import arrow_schema
    from tocsin.model.tables import LINKED_TEXTS

    originals: list[str | None] = [None] * len(corpus)
    for row, original in edited_from.items():
        originals[row] = corpus.ids[original]
    columns = {
        "document_id": pa.array(corpus.ids, pa.string()),
        "published": corpus.documents.column("published"),
        "publisher": _publishers(corpus),
        "letters": pc.utf8_length(corpus.bare),
        "edited_from": pa.array(originals, pa.string()),
        "told_at_once": pa.array(told_at_once),
    }
    schema = arrow_schema(LINKED_TEXTS)
    return pa.table({name: columns[name] for name in schema.names}).cast(schema).sort_by("document_id")
