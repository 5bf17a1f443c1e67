"""Rows worked out from each partition of a case, kept in memory for all its snapshots.

Lists need a few columns of every row of a case; to read them anew after each change takes as long as the case
is large. Segments never change, so what follows from those of one partition is worked out once: a snapshot
adds the partitions that no snapshot had before it, and sees its own. What none has any more is given up.
"""

from __future__ import annotations

import itertools
import threading
import weakref
from collections.abc import Iterable, Mapping

import duckdb

__all__ = ["Room", "Shelf"]

#: What the rows of a part were made of: the names of segments.
Key = tuple[str, ...]


class Shelf:
    """A database in memory in which every snapshot has a room of its own. For any thread.

    Its SQL has one function more, ``casefold``: that of Python, by which words are compared.
    """

    def __init__(self) -> None:
        self._db = duckdb.connect(":memory:", config={"threads": 2})
        self._db.create_function("casefold", str.casefold, ["VARCHAR"], "VARCHAR")
        self._lock = threading.Lock()
        self._rooms_lock = threading.Lock()  # never held for long: a new snapshot waits for no work
        self._numbers = itertools.count(1)
        self._parts: dict[str, dict[Key, int]] = {}
        self._rooms: weakref.WeakSet[Room] = weakref.WeakSet()

    def room(self) -> Room:
        """A new room: it is cleared when nobody has it any more."""
        name = f"room_{next(self._numbers)}"
        self._db.cursor().execute(f"ATTACH ':memory:' AS {name}")
        made = Room(self, name)
        weakref.finalize(made, _clear, self._db, name).atexit = False
        with self._rooms_lock:
            self._rooms.add(made)
        return made

    def fill(self, room: Room, table: str, empty: str, parts: Mapping[Key, str]) -> str:
        """Have the rows of these parts in a table; returns the SELECT that gives them.

        ``empty`` is a SELECT of no rows, ``parts`` has that of each part; both are asked in the room.
        """
        shelved = f"memory.main.{table}"
        with self._lock, room.cursor() as db:
            known = self._parts.setdefault(table, {})
            db.execute(
                f"CREATE TABLE IF NOT EXISTS {shelved} AS SELECT 0 AS part, own.* FROM ({empty}) AS own"
            )
            for key, select in parts.items():
                if key not in known:
                    number = next(self._numbers)
                    db.execute(f"INSERT INTO {shelved} SELECT {number} AS part, own.* FROM ({select}) AS own")
                    known[key] = number
            room.parts[table] = frozenset(known[key] for key in parts)
            with self._rooms_lock:
                wanted = frozenset[int]().union(*(r.parts.get(table, ()) for r in self._rooms))
            given_up = {key: number for key, number in known.items() if number not in wanted}
            if given_up:
                db.execute(f"DELETE FROM {shelved} WHERE {_among(given_up.values())}")
                for key in given_up:
                    del known[key]
        return f"SELECT * EXCLUDE (part) FROM {shelved} WHERE {_among(room.parts[table])}"


class Room:
    """Where one snapshot has its views and tables; ``parts`` are those it sees, by table."""

    def __init__(self, shelf: Shelf, name: str) -> None:
        self.shelf = shelf
        self.name = name
        self.parts: dict[str, frozenset[int]] = {}

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection for one thread."""
        made = self.shelf._db.cursor()
        made.execute(f"USE {self.name}")
        return made


def _clear(db: duckdb.DuckDBPyConnection, name: str) -> None:
    db.cursor().execute(f"DETACH {name}")


def _among(numbers: Iterable[int]) -> str:
    """The condition that a part is one of some; numbers that follow one another are one comparison."""
    ordered = sorted(numbers)
    runs: list[list[int]] = []
    for number in ordered:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return "(" + (" OR ".join(f"part BETWEEN {a} AND {b}" for a, b in runs) or "false") + ")"
