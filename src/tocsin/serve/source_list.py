"""Those who are quoted: persons, organisations and outlets across scripts, and sources nobody names.

Sources are grouped by entity, with the merges and splits of the analysts; those that are none (crowds,
unnamed officials) by their key. Both tables are kept in memory for each state of these judgements.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tocsin.judge.entities import WhoIsWho, who_is_who
from tocsin.judge.log import in_force
from tocsin.model import TABLES, Judgement, Verdict
from tocsin.model.arrow import rows_of
from tocsin.serve.filters import SourceFilters
from tocsin.serve.lists import Found, Listing, Where, find
from tocsin.serve.reading import View
from tocsin.store import Snapshot

__all__ = ["SourceTables", "find_sources", "identity_acts", "source_tables"]

_SAYS: Final = """
SELECT a.attribution_id, a.document_id, a.parent_id, a.source_key, a.source_label, a.source_kind, m.member,
    d.channel, d.channel_id, d.published, l.language
FROM {attributions} AS a JOIN {documents} AS d USING (document_id)
LEFT JOIN (SELECT document_id, language FROM {document_languages} WHERE rank = 0) AS l USING (document_id)
LEFT JOIN (
    SELECT attribution_id, min(document_entity_id) AS member
    FROM {entity_mentions} WHERE attribution_id IS NOT NULL GROUP BY 1
) AS m USING (attribution_id)
WHERE a.source_kind <> 'author'
"""
_QUOTES: Final = """
SELECT coalesce(r.own, e.entity_id, md5(s.source_key)) AS id,
    coalesce(r.own, e.entity_id) IS NOT NULL AS known, coalesce(r.name, e.name) AS name, s.*
FROM source_says AS s LEFT JOIN entities AS e ON e.document_entity_id = s.member
LEFT JOIN {remap} AS r ON r.document_entity_id = s.member
"""
#: Of equally common kinds and labels the first by letters stands for a source.
_INDEX: Final = """
WITH counted AS (
    SELECT id, known, count(*) AS quoted, count(DISTINCT document_id) AS documents, max(name) AS name
    FROM {quotes} GROUP BY 1, 2
), kinds AS (
    SELECT id, known, arg_min(source_kind, (-n, source_kind)) AS kind FROM (
        SELECT id, known, source_kind, count(*) AS n FROM {quotes} GROUP BY ALL
    ) GROUP BY 1, 2
), labelled AS (
    SELECT id, known, arg_min(source_label, (-n, source_label)) AS label,
        list(DISTINCT lower(source_label)) AS labels
    FROM (SELECT id, known, source_label, count(*) AS n FROM {quotes} GROUP BY ALL) GROUP BY 1, 2
), spread AS (
    SELECT id, known, count(DISTINCT coalesce(channel_id, channel)) AS channels,
        list_distinct(flatten(list([lower(channel), channel_id]))) AS names,
        list_distinct(list(language)) AS languages
    FROM (SELECT DISTINCT id, known, channel, channel_id, language FROM {quotes}) GROUP BY 1, 2
)
SELECT id, known, kind, coalesce(name, label) AS label, quoted, documents, channels, names, languages,
    list_distinct(list_append(labels, lower(name))) AS labels,
    documents * 10000000 + least(quoted, 9999999) AS by_documents,
    channels * 10000000 + least(documents, 9999999) AS by_channels
FROM counted JOIN kinds USING (id, known) JOIN labelled USING (id, known) JOIN spread USING (id, known)
"""


_CURRENT: Final = "document_id NOT IN (FROM superseded)"


class SourceTables:
    """The names of the kept tables: ``quotes`` (one row an attribution) and ``index`` (one a source)."""

    def __init__(self, state: int) -> None:
        self.quotes = f"source_quotes_{state}"
        self.index = f"source_index_{state}"
        self.remap = f"source_remap_{state}"


def identity_acts(view: View) -> list[Judgement]:
    """The merges and splits that stand, oldest first."""
    return [e for e in in_force(view.attached.log) if e.verdict in {Verdict.MERGE, Verdict.SPLIT}]


def _judged(view: View) -> tuple[int, WhoIsWho | None]:
    """The number of the latest merge or split (or undo), and who is who among those they touch."""
    acts = identity_acts(view)
    undone = [e.sequence for e in view.raw_log if e.verdict == Verdict.UNDO]
    if not acts:
        return max(undone, default=0), None
    touched = {e.finding_id for e in acts} | {e.detail for e in acts if e.detail}
    rows = view.tables.select("entities", "document_entity_id", touched)
    groups = set(rows.column("entity_id").to_pylist())
    everybody = rows_of(view.tables.select("entities", "entity_id", groups), TABLES["entities"])
    return max([e.sequence for e in acts] + undone), who_is_who(everybody, acts)


def _values(who: WhoIsWho | None) -> str:
    """The judged entities as rows of SQL."""
    columns = "t(document_entity_id, own, name)"
    if who is None or not who.entity_of:  # merged accused, say, are no entities
        return f"SELECT * FROM (VALUES ('', '', '')) AS {columns} WHERE false"
    rows = []
    names: Mapping[str, str] = {key: entity.name for key, entity in who.entities.items()}
    for member, group in sorted(who.entity_of.items()):
        parts = (member, group, names.get(group, ""))
        quoted = ("'" + part.replace("\x00", "").replace("'", "''") + "'" for part in parts)
        rows.append(f"({', '.join(quoted)})")
    return f"SELECT * FROM (VALUES {', '.join(rows)}) AS {columns}"


def source_tables(view: View) -> SourceTables:
    """The kept tables, made if need be."""
    view.once("source_says", lambda t: t.keep_parts("source_says", _SAYS, _CURRENT))
    state, who = _judged(view)
    names = SourceTables(state)

    def make(tables: Snapshot) -> SourceTables:
        tables.keep(names.remap, _values(who))
        tables.keep(names.quotes, _QUOTES.format(remap=names.remap))
        tables.keep(names.index, _INDEX.format(quotes=names.quotes))
        return names

    return view.once(names.index, make)


def find_sources(view: View, filters: SourceFilters) -> Found:
    """One page of the sources that fulfil the filters. Raises BadCursorError."""
    names = source_tables(view)
    listing = Listing(
        "sources",
        names.index,
        "id",
        "id, known, kind, label, quoted, documents, channels, languages, labels",
        {
            "documents": ("by_documents", "DESC", int),
            "channels": ("by_channels", "DESC", int),
            "quoted": ("quoted", "DESC", int),
        },
    )
    where = Where()
    where.maybe("len(list_filter(labels, lambda x: contains(x, lower(?)))) > 0", filters.name)
    where.maybe("kind = ?", filters.source_kind)
    where.maybe("list_has_any(names, [lower(?), ?])", filters.channel)
    where.maybe("list_contains(languages, ?)", filters.language)
    return find(view, listing, where, filters.sort, filters)
