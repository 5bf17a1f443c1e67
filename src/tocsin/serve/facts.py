"""What most pages ask of documents: a few facts of every one in memory, the words of some."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from tocsin.serve.reading import View
from tocsin.store import Snapshot

__all__ = ["NAMING", "by_date", "documents_of", "facts_of", "with_facts", "with_places"]

_FACTS: Final = """
SELECT d.document_id, d.channel, d.channel_id, d.published, l.language, d.platform,
    d.forwarded_from IS NOT NULL AS forward
FROM {documents} AS d
LEFT JOIN (SELECT document_id, language FROM {document_languages} WHERE rank = 0) AS l USING (document_id)
"""
_PLACES: Final = """
SELECT DISTINCT document_id, lower(name) AS name, lower(lemma) AS lemma, place_id FROM {places}
"""
#: The documents that name a place: a condition of its name, of the words it was looked up by, or of its id.
NAMING: Final = (
    "(SELECT document_id FROM place_index WHERE name = lower(?) OR lemma = lower(?) OR place_id = ?)"
)
_CURRENT: Final = "document_id NOT IN (FROM superseded)"
_ANY: Final = datetime(1, 1, 1, tzinfo=UTC)
_SHOWN: Final = ("document_id", "channel", "channel_id", "published", "edited", "text")


def with_facts(view: View) -> None:
    """Have the table ``document_facts``: id, channel, channel_id, published, main language, platform and
    whether it is a forward.
    """

    def make(tables: Snapshot) -> bool:
        tables.keep_parts("document_facts", _FACTS, _CURRENT)
        return True

    view.once("document_facts", make)


def with_places(view: View) -> None:
    """Have the table ``place_index``, of which ``NAMING`` asks."""

    def make(tables: Snapshot) -> bool:
        tables.keep_parts("place_index", _PLACES, _CURRENT)
        return True

    view.once("place_index", make)


def facts_of(view: View, documents: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The row of ``document_facts`` of each of some documents, by id; of old versions there is none."""
    with_facts(view)
    sql = "SELECT * FROM document_facts WHERE document_id IN (SELECT unnest(?))"
    rows = view.tables.query(sql, [sorted(set(documents))]).to_pylist()
    return {row["document_id"]: row for row in rows}


def by_date(row: Mapping[str, Any], key: str = "document_id") -> tuple[bool, datetime, str]:
    """The place of a row with ``published`` in an order by date: undated ones last, equals by their key."""
    return row["published"] is None, row["published"] or _ANY, row[key]


def documents_of(view: View, documents: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What pages show of some documents, by id, old versions too.

    Each has ``channel``, ``channel_id``, ``published``, ``edited``, ``text`` and ``language`` (the main one,
    ``und`` where none was made out).
    """
    wanted = set(documents)
    rows = view.tables.of_documents("documents", wanted).select(_SHOWN).to_pylist()
    spoken = view.tables.of_documents("document_languages", wanted)
    ranked = zip(*(spoken.column(c).to_pylist() for c in ("document_id", "language", "rank")), strict=True)
    main = {document: language for document, language, rank in ranked if rank == 0}
    return {row["document_id"]: row | {"language": main.get(row["document_id"], "und")} for row in rows}
