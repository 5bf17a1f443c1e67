"""Queries: DuckDB in memory over the segments pinned when the snapshot was taken.

There is never a shared ``.duckdb`` file: any number of readers can query while a run writes new
segments, and each sees the case as it was at one moment.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from tocsin.errors import CaseDamagedError
from tocsin.model.arrow import arrow_schema, empty_table
from tocsin.model.tables import TABLES, Table
from tocsin.store.catalogue import InputRecord
from tocsin.store.pieces import Pieces
from tocsin.store.segments import Segment, segment_path

__all__ = ["Snapshot"]

# Of the versions of one item the current one was edited last; a later export that knows more about the
# same version wins; the id settles the rest, so that the order of reading never matters.
_CURRENT = """
CREATE TABLE current_documents AS
SELECT document_id FROM (
    SELECT document_id, row_number() OVER (
        PARTITION BY item_id ORDER BY edited DESC NULLS LAST, filled DESC, document_id
    ) AS place
    FROM (SELECT document_id, item_id, edited, {filled} AS filled FROM all_documents)
) WHERE place = 1
"""


class Snapshot:
    """A read-only view of a case at one moment.

    Every declared table is a view of the same name, restricted to the current version of each item;
    ``all_NAME`` has every version. One thread at a time: others take ``beside()``. With ``tables`` only those
    are there, and documents: a view of every table takes a tenth of a second. Raises CaseDamagedError when a
    pinned segment is missing.
    """

    def __init__(
        self,
        root: Path,
        segments: list[Segment],
        inputs: list[InputRecord],
        tables: Collection[str] | None = None,
    ) -> None:
        self._db = duckdb.connect(":memory:", config={"threads": 2})
        self._pieces = Pieces(root, segments)
        self._lock = threading.Lock()
        self._places: set[str] = set()
        self._last_places: tuple[tuple[str, ...], dict[str, str]] = ((), {})
        wanted = {
            name: table
            for name, table in TABLES.items()
            if tables is None or name in tables or name == "documents"
        }
        paths: dict[str, list[str]] = {name: [] for name in wanted}
        for segment in segments:
            if segment.table not in wanted:
                continue
            path = segment_path(root, segment)
            if not path.exists():
                raise CaseDamagedError(f"segment {segment.table}/{segment.name} is missing", file=str(path))
            paths[segment.table].append(str(path))
        self._documents = paths["documents"]
        for name, table in wanted.items():
            self._create_view(table, paths[name])
        optional = [c.name for c in TABLES["documents"].columns if c.nullable]
        filled = " + ".join(f"({name} IS NOT NULL)::INTEGER" for name in optional)
        self._db.execute(_CURRENT.format(filled=filled))
        if "problems" in wanted:
            self._register_standing(inputs)
        for name, table in wanted.items():
            where = ""
            if "document_id" in table.column_names:
                where = "WHERE document_id IN (SELECT document_id FROM current_documents)"
            elif name == "problems":
                where = "WHERE is_standing(file, file_digest)"
            self._db.execute(f"CREATE VIEW {name} AS SELECT * FROM all_{name} {where}")

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
        other._db = self._db.cursor()
        return other

    def of_documents(self, name: str, documents: Iterable[str]) -> pa.Table:
        """The rows of some documents, old versions included, in canonical order.

        Reads only the segments that hold them, where ``select`` looks at all.
        """
        ids = sorted(set(documents))
        self._find_places()
        if not self._pieces.holds(name) or not ids:
            return self._all_rows(name, ids)
        rows = self._pieces.rows(name, self._where(tuple(ids)))
        return rows.sort_by([(column, "ascending") for column in TABLES[name].order])

    def _where(self, ids: tuple[str, ...]) -> dict[str, str]:
        """The segment of each document; the last answer is kept, for several tables are read in a row."""
        if self._last_places[0] != ids:
            found = self.query(
                "SELECT document_id, piece FROM document_places WHERE document_id IN (SELECT unnest(?))",
                [list(ids)],
            )
            columns = (found.column(column).to_pylist() for column in ("document_id", "piece"))
            self._last_places = (ids, dict(zip(*columns, strict=True)))
        return self._last_places[1]

    def current_of(self, document_id: str) -> str | None:
        """The current version of the post that a document is a version of."""
        self._find_places()
        found = self.query(
            "SELECT document_id FROM document_places WHERE document_id IN (FROM current_documents) "
            "AND item_id IN (SELECT item_id FROM document_places WHERE document_id = ?)",
            [document_id],
        )
        return str(found.column(0)[0].as_py()) if found.num_rows else None

    def _find_places(self) -> None:
        """Have the table of which segment each document is in."""
        with self._lock:
            if not self._places:
                files = ", ".join("'" + path.replace("'", "''") + "'" for path in self._documents)
                source = f"read_parquet([{files}], filename = true, hive_partitioning = false)"
                if not files:
                    source = "(SELECT *, '' AS filename FROM all_documents)"
                self._db.execute(
                    "CREATE TABLE document_places AS SELECT document_id, item_id, "
                    f"parse_filename(filename, true) AS piece FROM {source}"
                )
                self._places.add("made")

    def keep(self, name: str, sql: str) -> None:
        """Keep the result of a SELECT in memory as a table, for this connection and those beside it."""
        self._db.execute(f"CREATE TABLE IF NOT EXISTS {name} AS {sql}")

    def _create_view(self, table: Table, paths: list[str]) -> None:
        if not paths:
            self._store(f"all_{table.name}", empty_table(table))
            return
        columns = ", ".join(f'"{name}"' for name in table.column_names)
        files = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
        self._db.execute(
            f"CREATE VIEW all_{table.name} AS SELECT {columns} "
            f"FROM read_parquet([{files}], hive_partitioning = false)"
        )

    def table(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """The rows of a declared table, current versions only, in canonical order; all columns or some."""
        return self._rows(name, columns, "", [])

    def select(self, name: str, column: str, values: Iterable[str]) -> pa.Table:
        """The rows of a declared table whose ``column`` is one of ``values``, in canonical order."""
        if column not in TABLES[name].column_names:
            raise KeyError(f"{name} has no column {column}")
        return self._rows(name, None, f'WHERE "{column}" IN (SELECT unnest(?))', [sorted(set(values))])

    def _rows(self, name: str, columns: Sequence[str] | None, where: str, parameters: list[Any]) -> pa.Table:
        table = TABLES[name]
        schema = arrow_schema(table)
        names = list(columns or table.column_names)
        wanted = ", ".join(f'"{column}"' for column in names)
        order = ", ".join(f'"{column}" NULLS LAST' for column in table.order)
        data = self.query(f"SELECT {wanted} FROM {name} {where} ORDER BY {order}", parameters)
        return data.cast(pa.schema([schema.field(column) for column in names]))

    def _all_rows(self, name: str, documents: list[str]) -> pa.Table:
        schema = arrow_schema(TABLES[name])
        wanted = ", ".join(f'"{column}"' for column in schema.names)
        order = ", ".join(f'"{column}" NULLS LAST' for column in TABLES[name].order)
        sql = f"SELECT {wanted} FROM all_{name} WHERE document_id IN (SELECT unnest(?)) ORDER BY {order}"
        return self.query(sql, [documents]).cast(schema)

    def query(self, sql: str, parameters: list[Any] | None = None) -> pa.Table:
        """The result of any SELECT over the views, as Arrow; times in UTC whatever zone the machine is in."""
        data = self._db.sql(sql, params=parameters or []).to_arrow_table()
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
        return iter(self._db.sql(sql, params=parameters or []).to_arrow_reader(rows))

    def close(self) -> None:
        self._db.close()
