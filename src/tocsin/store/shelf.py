"""Rows worked out from each partition of a case, kept in memory for all its snapshots.

Lists need a few columns of every row of a case; to read them anew after each change takes as long as the case
is large. Segments never change, so what follows from those of one partition is worked out once: a snapshot
adds the partitions that no snapshot had before it, and sees its own. What none has any more is given up.
"""

from __future__ import annotations

import itertools
import mmap
import os
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import duckdb
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Hold", "Key", "Room", "Shelf"]

Made = TypeVar("Made")

#: What the rows of a part were made of: the names of segments.
Key = tuple[str, ...]
_CHUNK: Final = 64 << 20  # bytes of one file of arrays


class Hold:
    """Arrays in files that have no name: memory that the machine can lend out meanwhile.

    A file is there until nobody has an array of it any more. For any thread.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._room: NDArray[np.uint8] = np.empty(0, np.uint8)
        self._used = 0

    def __call__(self, array: NDArray[Any]) -> NDArray[Any]:
        """A copy of an array, to be read only; in memory where no file can be made."""
        size = array.nbytes
        with self._lock:
            if self._used + size > len(self._room):
                self._room, self._used = self._new(max(size, _CHUNK)), 0
            taken = self._room[self._used : self._used + size]
            self._used += -(-size // 64) * 64
        held = taken.view(array.dtype).reshape(array.shape)
        held[...] = array
        held.flags.writeable = False
        return held

    def _new(self, size: int) -> NDArray[np.uint8]:
        try:
            with tempfile.TemporaryFile(dir=self._folder) as file:
                os.posix_fallocate(file.fileno(), 0, size)  # a full disk is told now, not by a signal later
                return np.frombuffer(mmap.mmap(file.fileno(), size), np.uint8)
        except (OSError, AttributeError):  # a folder that cannot be written, a system without the call
            return np.empty(size, np.uint8)


class Shelf:
    """A database in memory in which every snapshot has a room of its own. For any thread.

    Its SQL has one function more, ``casefold``: that of Python, by which words are compared.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.hold = Hold(folder)
        self._db = duckdb.connect(":memory:", config={"threads": 2})
        self._db.create_function("casefold", str.casefold, ["VARCHAR"], "VARCHAR")
        self._lock = threading.Lock()
        self._rooms_lock = threading.Lock()  # never held for long: a new snapshot waits for no work
        self._numbers = itertools.count(1)
        self._parts: dict[str, dict[Key, int]] = {}
        self._making = threading.Lock()
        self._made: dict[str, dict[Key, Any]] = {}
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

    def make(self, room: Room, name: str, parts: Mapping[Key, Callable[[], Made]]) -> list[Made]:
        """What these parts give, in their order; each is made once, and given up when no room has it."""
        with self._making:
            known = self._made.setdefault(name, {})
            for key, make in parts.items():
                if key not in known:
                    known[key] = make()
            room.made[name] = frozenset(parts)
            with self._rooms_lock:
                wanted = frozenset[Key]().union(*(r.made.get(name, ()) for r in self._rooms))
            for key in known.keys() - wanted:
                del known[key]
            return [known[key] for key in parts]


class Room:
    """Where one snapshot has its views and tables; ``parts`` and ``made`` are those it sees."""

    def __init__(self, shelf: Shelf, name: str) -> None:
        self.shelf = shelf
        self.name = name
        self.parts: dict[str, frozenset[int]] = {}
        self.made: dict[str, frozenset[Key]] = {}

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
