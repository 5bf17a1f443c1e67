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
from tocsin.serve.facts import with_facts
from tocsin.serve.filters import SourceFilters
from tocsin.serve.lists import Found, Listing, Where, find
from tocsin.serve.reading import View
from tocsin.store import Snapshot

__all__ = ["SourceTables", "find_sources", "identity_acts", "source_tables"]

_WHO: Final = """
SELECT m.attribution_id, any_value(coalesce(r.own, e.entity_id)) AS entity,
    any_value(coalesce(r.name, e.name)) AS name
FROM entity_mentions AS m JOIN entities AS e USING (document_entity_id)
LEFT JOIN {remap} AS r ON r.document_entity_id = m.document_entity_id
WHERE m.attribution_id IS NOT NULL GROUP BY 1
"""
_QUOTES: Final = """
SELECT coalesce(w.entity, md5(a.source_key)) AS id, w.entity IS NOT NULL AS known, w.name, a.attribution_id,
    a.document_id, a.parent_id, a.source_key, a.source_label, a.source_kind
FROM attributions AS a LEFT JOIN ({who}) AS w USING (attribution_id) WHERE a.source_kind <> 'author'
"""
_INDEX: Final = """
SELECT id, known, kind, label, quoted, documents, channels, names, languages, labels,
    documents * 10000000 + least(quoted, 9999999) AS by_documents,
    channels * 10000000 + least(documents, 9999999) AS by_channels
FROM (
    SELECT id, known, mode(source_kind) AS kind, coalesce(any_value(name), mode(source_label)) AS label,
        count(*) AS quoted, count(DISTINCT q.document_id) AS documents,
        count(DISTINCT coalesce(d.channel_id, d.channel)) AS channels,
        list_distinct(flatten(list([lower(d.channel), d.channel_id]))) AS names,
        list_distinct(list(d.language)) AS languages,
        list_distinct(flatten(list([lower(source_label), lower(name)]))) AS labels
    FROM {quotes} AS q JOIN document_facts AS d USING (document_id)
    GROUP BY 1, 2
)
"""


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
    with_facts(view)
    state, who = _judged(view)
    names = SourceTables(state)

    def make(tables: Snapshot) -> SourceTables:
        tables.keep(names.remap, _values(who))
        tables.keep(names.quotes, _QUOTES.format(who=_WHO.format(remap=names.remap)))
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
