"""Queries: DuckDB in memory over the segments pinned when the snapshot was taken.

There is never a shared ``.duckdb`` file: any number of readers can query while a run writes new
segments, and each sees the case as it was at one moment.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from string import Formatter
from typing import Any, TypeVar

import duckdb
import pyarrow as pa

from tocsin.errors import CaseDamagedError, CaseVersionError
from tocsin.model.arrow import arrow_schema, empty_table
from tocsin.model.tables import TABLES, Table
from tocsin.store.catalogue import InputRecord
from tocsin.store.pieces import Pieces
from tocsin.store.segments import Segment, segment_path
from tocsin.store.shelf import Hold, Key, Shelf

__all__ = ["Snapshot"]

Made = TypeVar("Made")

# Of the versions of one item the current one was edited last; a later export that knows more about the
# same version wins; the id settles the rest, so that the order of reading never matters.
# Most cases have few such items or none: their ids alone are looked through first.
_VERSIONED = """
CREATE TABLE versioned AS SELECT item_id FROM all_documents GROUP BY item_id HAVING count(*) > 1
"""
_SUPERSEDED = """
CREATE TABLE superseded AS
SELECT document_id FROM (
    SELECT document_id, row_number() OVER (
        PARTITION BY item_id ORDER BY edited DESC NULLS LAST, filled DESC, document_id
    ) AS place
    FROM (SELECT document_id, item_id, edited, {filled} AS filled FROM all_documents)
    WHERE item_id IN (FROM versioned)
) WHERE place > 1
"""
_NO_SUPERSEDED = "CREATE TABLE superseded (document_id VARCHAR)"


def _other_version(table: str) -> CaseVersionError:
    return CaseVersionError(
        f"the case lacks columns of {table}: another version wrote it",
        remedy="Run 'tocsin add' with an input of the case again: it brings the case up to date",
    )


def _key(segments: Mapping[str, Iterable[Segment]]) -> Key:
    return tuple(segment.name for own in segments.values() for segment in own)


class Snapshot:
    """A read-only view of a case at one moment.

    Every declared table is a view of the same name, restricted to the current version of each item;
    ``all_NAME`` has every version. One thread at a time: others take ``beside()``. With ``tables`` only those
    are there, and documents: a view of every table takes a tenth of a second. Snapshots of one case that are
    taken again and again share a ``shelf``. Raises CaseDamagedError when a pinned segment is missing,
    CaseVersionError when one lacks a column: another version wrote it.
    """

    def __init__(
        self,
        root: Path,
        segments: list[Segment],
        inputs: list[InputRecord],
        tables: Collection[str] | None = None,
        shelf: Shelf | None = None,
    ) -> None:
        self._room = (shelf or Shelf()).room()
        self._db = self._room.cursor()
        wanted = {
            name: table
            for name, table in TABLES.items()
            if tables is None or name in tables or name == "documents"
        }
        self._names = frozenset(wanted)
        own = [segment for segment in segments if segment.table in wanted]
        self._pieces = Pieces(root, own)
        paths: dict[str, list[str]] = {name: [] for name in wanted}
        for segment in own:
            path = segment_path(root, segment)
            if not path.exists():
                raise CaseDamagedError(f"segment {segment.table}/{segment.name} is missing", file=str(path))
            paths[segment.table].append(str(path))
        for name, table in wanted.items():
            self._create_view(table, paths[name])
        self._superseded = self._find_superseded()
        if "problems" in wanted:
            self._register_standing(inputs)
        for name, table in wanted.items():
            where = ""
            if "document_id" in table.column_names and self._superseded:
                where = "WHERE document_id NOT IN (FROM superseded)"
            elif name == "problems":
                where = "WHERE is_standing(file, file_digest)"
            self._db.execute(f"CREATE VIEW {name} AS SELECT * FROM all_{name} {where}")

    def _find_superseded(self) -> frozenset[str]:
        """Make the table ``superseded``: the documents of which the case has a later version."""
        self._db.execute(_VERSIONED)
        if not self.query("SELECT count(*) FROM versioned").column(0)[0].as_py():
            self._db.execute(_NO_SUPERSEDED)
            return frozenset()
        optional = [c.name for c in TABLES["documents"].columns if c.nullable]
        filled = " + ".join(f"({name} IS NOT NULL)::INTEGER" for name in optional)
        self._db.execute(_SUPERSEDED.format(filled=filled))
        return frozenset(self.query("FROM superseded").column(0).to_pylist())

    def _register_standing(self, inputs: list[InputRecord]) -> None:
        """A problem stands until its file is read again with other bytes, or at last can be read."""
        read = pa.table(
            {
                "file": pa.array([i.file for i in inputs], type=pa.string()),
                "digest": pa.array([i.digest for i in inputs], type=pa.string()),
            }
        )
        self._store("inputs_read", read)
        self._db.execute(
            "CREATE MACRO is_standing(name, content) AS "
            "CASE WHEN content = '' THEN name NOT IN (SELECT file FROM inputs_read) "
            "ELSE content IN (SELECT digest FROM inputs_read) "
            "OR split_part(name, '!', 1) NOT IN (SELECT file FROM inputs_read) END"
        )

    def _store(self, name: str, data: pa.Table) -> None:
        """Make a table of Arrow data; a registered one would be seen by this connection alone."""
        self._db.register("given", data)
        self._db.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
        self._db.unregister("given")

    def beside(self) -> Snapshot:
        """The same snapshot for another thread; cheap, and closed on its own."""
        other = object.__new__(Snapshot)
        other.__dict__.update(self.__dict__)
        other._db = self._room.cursor()
        return other

    def of_documents(self, name: str, documents: Iterable[str]) -> pa.Table:
        """The rows of some documents, old versions included, in canonical order."""
        return self.select(name, "document_id", documents, old=True)

    def current_of(self, document_id: str) -> str | None:
        """The current version of the post that a document is a version of."""
        items = self.of_documents("documents", [document_id]).column("item_id").to_pylist()
        versions = self.select("documents", "item_id", items)
        found: list[str] = versions.column("document_id").to_pylist()
        return found[0] if found else None

    def keep(self, name: str, sql: str) -> None:
        """Keep the result of a SELECT in memory as a table, for this connection and those beside it."""
        self._db.execute(f"CREATE TABLE IF NOT EXISTS {name} AS {sql}")

    def keep_parts(self, name: str, sql: str, current: str) -> None:
        """Keep the result of a SELECT over each partition, worked out once for all snapshots of the shelf.

        ``sql`` names declared tables in braces and sees of these the rows of one partition; partitions
        without rows of the first are left out. ``current`` is the condition on its rows that leaves out what
        is of versions in the table ``superseded``.
        """
        tables = [field for _, field, _, _ in Formatter().parse(sql) if field]
        parts = {}
        for segments in self._pieces.partitions(tables):
            files = {
                table: self._source(table, [str(path) for path in self._pieces.paths(own)])
                for table, own in segments.items()
            }
            parts[_key(segments)] = sql.format(**files)
        empty = sql.format(**{table: self._source(table, []) for table in tables})
        rows = self._room.shelf.fill(self._room, name, empty, parts)
        where = f"AND {current}" if self._superseded else ""
        self._db.execute(f"CREATE VIEW IF NOT EXISTS {name} AS {rows} {where}")

    def keep_made(
        self, name: str, columns: Mapping[str, tuple[str, ...]], make: Callable[[dict[str, pa.Table]], Made]
    ) -> list[Made]:
        """What ``make`` gives of some columns of the rows of each partition, made once for all snapshots.

        Of each partition that has rows of the first table; rows of every version of documents, in canonical
        order. ``superseded`` says which versions are old.
        """
        parts = {}
        for segments in self._pieces.partitions(list(columns)):

            def made(segments: dict[str, list[Segment]] = segments) -> Made:
                return make({t: self._pieces.read(t, own, columns[t]) for t, own in segments.items()})

            parts[_key(segments)] = made
        return self._room.shelf.make(self._room, name, parts)

    @property
    def superseded(self) -> frozenset[str]:
        """The documents that are old versions."""
        return self._superseded

    @property
    def hold(self) -> Hold:
        """Where large arrays are kept that ``keep_made`` makes."""
        return self._room.shelf.hold

    @staticmethod
    def _source(name: str, paths: Sequence[str]) -> str:
        if not paths:
            return f"(FROM all_{name} WHERE false)"
        columns = ", ".join(f'"{column}"' for column in TABLES[name].column_names)
        files = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
        return f"(SELECT {columns} FROM read_parquet([{files}], hive_partitioning = false))"

    def _create_view(self, table: Table, paths: list[str]) -> None:
        if not paths:
            self._store(f"all_{table.name}", empty_table(table))
            return
        try:
            self._db.execute(f"CREATE VIEW all_{table.name} AS FROM {self._source(table.name, paths)}")
        except duckdb.BinderException as error:
            raise _other_version(table.name) from error

    def table(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """The rows of a declared table, current versions only, in canonical order; all columns or some."""
        return self._rows(name, columns, "", [])

    def select(self, name: str, column: str, values: Iterable[str], *, old: bool = False) -> pa.Table:
        """The rows of a declared table whose ``column`` of texts is one of ``values``, in canonical order.

        Of current versions only, unless ``old`` ones are asked for too. Found without looking through the
        table: ``pieces.py``. Raises KeyError for a table or column that is not there.
        """
        table = TABLES[name]
        if name not in self._names:
            raise KeyError(f"the snapshot has no table {name}")
        if not any(c.name == column and c.type == "string" for c in table.columns):
            raise KeyError(f"{name} has no column of texts {column}")
        if name == "problems":  # which of them stand only the view knows
            return self._rows(name, None, f'WHERE "{column}" IN (SELECT unnest(?))', [sorted(set(values))])
        found = self._pieces.find(name, column, values)
        if old or "document_id" not in table.column_names or not self._superseded:
            return found
        documents = found.column("document_id").to_pylist()
        return found.filter(pa.array([d not in self._superseded for d in documents], pa.bool_()))

    def _rows(self, name: str, columns: Sequence[str] | None, where: str, parameters: list[Any]) -> pa.Table:
        table = TABLES[name]
        schema = arrow_schema(table)
        names = list(columns or table.column_names)
        wanted = ", ".join(f'"{column}"' for column in names)
        order = ", ".join(f'"{column}" NULLS LAST' for column in table.order)
        data = self.query(f"SELECT {wanted} FROM {name} {where} ORDER BY {order}", parameters)
        return data.cast(pa.schema([schema.field(column) for column in names]))

    def query(self, sql: str, parameters: list[Any] | None = None) -> pa.Table:
        """The result of any SELECT over the views, as Arrow; times in UTC whatever zone the machine is in."""
        try:
            data = self._db.sql(sql, params=parameters or []).to_arrow_table()
        except duckdb.InvalidInputException as error:
            # The first file of a table has the columns, a later one has not.
            if "schema mismatch" not in str(error):
                raise
            raise _other_version("a table") from error
        fields = [
            pa.field(f.name, pa.timestamp("us", tz="UTC"))
            if pa.types.is_timestamp(f.type) and f.type.tz
            else f
            for f in data.schema
        ]
        return data.cast(pa.schema(fields))

    def stream(
        self, sql: str, parameters: list[Any] | None = None, rows: int = 2000
    ) -> Iterator[pa.RecordBatch]:
        """The result of a SELECT in batches of about ``rows`` rows, never whole in memory."""
        return self._batches(self._db.sql(sql, params=parameters or []).to_arrow_reader(rows))

    def _batches(self, reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
        # A generator of the snapshot's own: it keeps the room there until the last batch.
        yield from reader

    def close(self) -> None:
        self._db.close()
