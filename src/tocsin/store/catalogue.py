"""The small, precious part of a case: one SQLite database in WAL mode.

It holds the manifest (which segments count), stage results, run records, read cursors and judgements.
Every change is one transaction, so the case is always at a state some call acknowledged. Judgements can
be added and never changed: triggers refuse it, whoever asks.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tocsin.errors import (
    CaseBusyError,
    CaseDamagedError,
    CaseVersionError,
    ConflictError,
    KeyReusedError,
    NotACaseError,
)
from tocsin.model.judgements import Judgement
from tocsin.store.segments import Segment

__all__ = ["DATABASE", "Catalogue", "Change", "InputRecord", "Request", "StageResult"]

DATABASE = "case.sqlite"
_FORMAT = "1"
_BUSY_SECONDS = 30.0
_JUDGEMENT_COLUMNS = "sequence, finding_id, verdict, author, reason, detail, quote, made_at, anchor"
_INPUT_COLUMNS = "file, digest, options, size, format, documents, problems, skipped"

# Which entries a request of a client made: asked again (its answer was lost), it makes no others.
_REQUESTS = """
CREATE TABLE IF NOT EXISTS requests (
    author TEXT NOT NULL, key TEXT NOT NULL, content TEXT NOT NULL, first INTEGER NOT NULL,
    PRIMARY KEY (author, key)
) WITHOUT ROWID;
"""

# What each stage of a run cost; there are cases from before it was counted.
_COSTS = """
CREATE TABLE IF NOT EXISTS costs (
    run INTEGER NOT NULL, stage TEXT NOT NULL, seconds REAL NOT NULL, PRIMARY KEY (run, stage)
) WITHOUT ROWID;
"""

_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE segments (
    name TEXT PRIMARY KEY, table_name TEXT NOT NULL, partition TEXT NOT NULL,
    rows INTEGER NOT NULL, size INTEGER NOT NULL, digest TEXT NOT NULL, run INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE retired (name TEXT PRIMARY KEY, table_name TEXT NOT NULL, run INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE stage_results (
    stage TEXT NOT NULL, partition TEXT NOT NULL, fingerprint TEXT NOT NULL, parts TEXT NOT NULL,
    run INTEGER NOT NULL, PRIMARY KEY (stage, partition)
) WITHOUT ROWID;
CREATE TABLE known (table_name TEXT NOT NULL, key BLOB NOT NULL, PRIMARY KEY (table_name, key)) WITHOUT ROWID;
CREATE TABLE inputs (
    file TEXT NOT NULL, digest TEXT NOT NULL, options TEXT NOT NULL, size INTEGER NOT NULL,
    format TEXT NOT NULL, documents INTEGER NOT NULL, problems INTEGER NOT NULL, skipped TEXT NOT NULL,
    run INTEGER NOT NULL,
    PRIMARY KEY (file, digest, options)
) WITHOUT ROWID;
CREATE TABLE runs (
    run INTEGER PRIMARY KEY AUTOINCREMENT, started TEXT NOT NULL, ended TEXT, version TEXT NOT NULL,
    command TEXT NOT NULL, settings TEXT NOT NULL, settings_digest TEXT NOT NULL
);
CREATE TABLE judgements (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, finding_id TEXT NOT NULL, verdict TEXT NOT NULL,
    author TEXT NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL, quote TEXT NOT NULL,
    made_at TEXT NOT NULL, anchor TEXT NOT NULL DEFAULT ''
);
CREATE TRIGGER judgements_are_kept BEFORE DELETE ON judgements
BEGIN SELECT RAISE(ABORT, 'judgements are never deleted'); END;
CREATE TRIGGER judgements_stand BEFORE UPDATE ON judgements
BEGIN SELECT RAISE(ABORT, 'judgements are never changed'); END;
"""


@dataclass(frozen=True, slots=True)
class InputRecord:
    """What reading one file to its end gave: the cursor that makes reading it again a no-op.

    ``options`` is the digest of everything else that decides the result (format, mapping, limits …);
    ``format`` lists the formats met in it, comma-separated (an archive can hold several);
    ``documents`` counts posts found, known ones included; ``skipped`` counts records by reason.
    """

    file: str
    digest: str
    options: str
    size: int
    format: str
    documents: int
    problems: int
    skipped: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class StageResult:
    """That a stage ran on a partition, and what its result depends on (name → digest)."""

    stage: str
    partition: str
    fingerprint: str
    parts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """One atomic change of the manifest: everything in it counts from one moment on, or nothing does."""

    add: tuple[Segment, ...] = ()
    replace: tuple[tuple[str, str], ...] = ()  # (table, partition): its old segments are retired
    results: tuple[StageResult, ...] = ()
    known: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # table → new keys
    inputs: tuple[InputRecord, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)  # stage → processor time it took


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asks to append, beyond the entries themselves.

    ``seen`` is, by finding, the sequence of the last entry the client knew of: a newer one is a conflict.
    ``key`` is the client's own name for the request, empty for none: the same request again appends nothing.
    """

    seen: Mapping[str, int] = field(default_factory=dict)
    key: str = ""


class Catalogue:
    """The database of a case. One instance per thread (``shared``: callers lock it); any number of
    processes.

    Raises NotACaseError, CaseVersionError or CaseDamagedError when the folder holds no usable case, and
    CaseBusyError when another process holds the database for longer than half a minute.
    """

    def __init__(self, root: Path, *, create: bool, shared: bool = False) -> None:
        path = root / DATABASE
        if not path.exists():
            if not create:
                raise NotACaseError("there is no case here", file=str(root))
            if root.exists() and (not root.is_dir() or any(_foreign(root))):
                raise NotACaseError("the folder is not empty and holds no case", file=str(root))
            root.mkdir(parents=True, exist_ok=True)
        self._path = path
        try:
            self._db = sqlite3.connect(
                path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=not shared
            )
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            self._prepare()
        except sqlite3.DatabaseError as error:
            raise self._explain(error) from error

    def _explain(self, error: sqlite3.Error) -> CaseBusyError | CaseDamagedError:
        if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
            return CaseBusyError("another process is writing to the case", file=str(self._path))
        return CaseDamagedError(f"the case database is unfit ({error})", file=str(self._path))

    def _prepare(self) -> None:
        with self._transaction():
            found = self._db.execute("SELECT name FROM sqlite_master WHERE name = 'meta'").fetchone()
            if found is None:
                for statement in _statements(_SCHEMA + _REQUESTS + _COSTS):
                    self._db.execute(statement)
                self._db.execute("INSERT INTO meta VALUES ('format', ?)", (_FORMAT,))
                return
            row = self._db.execute("SELECT value FROM meta WHERE name = 'format'").fetchone()
            if row is None or row[0] != _FORMAT:
                written = "unknown" if row is None else row[0]
                raise CaseVersionError(
                    f"the case has format {written}, this version reads {_FORMAT}", file=str(self._path)
                )
            columns = {name for _, name, *_ in self._db.execute("PRAGMA table_info(judgements)")}
            if "anchor" not in columns:  # a case from before judgements kept where they stand
                self._db.execute("ALTER TABLE judgements ADD COLUMN anchor TEXT NOT NULL DEFAULT ''")
            self._db.execute(_COSTS)
            self._db.execute(_REQUESTS)  # a case from before requests had names

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        # IMMEDIATE takes the write lock at once: a deferred transaction that upgrades later can fail with
        # SQLITE_BUSY without waiting.
        try:
            self._db.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            raise self._explain(error) from error
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def close(self) -> None:
        self._db.close()

    def state(self) -> tuple[int, int]:
        """A value that differs after any change of the database, by this connection or another."""
        (others,) = self._db.execute("PRAGMA data_version").fetchone()
        return others, self._db.total_changes

    # --- manifest ------------------------------------------------------------------------------

    def segments(self, table: str | None = None) -> list[Segment]:
        """The segments that count now, ordered by table and name."""
        rows = self._db.execute(
            "SELECT name, table_name, partition, rows, size, digest FROM segments "
            "WHERE ?1 IS NULL OR table_name = ?1 ORDER BY table_name, name",
            (table,),
        )
        return [Segment(*row) for row in rows]

    def runs(self, table: str) -> dict[str, int]:
        """The run that made each segment of a table that counts now, by the segment's name."""
        return dict(self._db.execute("SELECT name, run FROM segments WHERE table_name = ?", (table,)))

    def stage_results(self) -> dict[tuple[str, str], StageResult]:
        """Stage results by (stage, partition)."""
        rows = self._db.execute("SELECT stage, partition, fingerprint, parts FROM stage_results")
        return {(r[0], r[1]): StageResult(r[0], r[1], r[2], json.loads(r[3])) for r in rows}

    def unknown(self, table: str, keys: Iterable[str]) -> set[str]:
        """Those of ``keys`` (hex ids) that no committed change has declared known."""
        query = "SELECT 1 FROM known WHERE table_name = ? AND key = ?"
        return {
            key for key in keys if self._db.execute(query, (table, bytes.fromhex(key))).fetchone() is None
        }

    def commit(self, change: Change, run: int) -> None:
        """Make ``change`` count, all of it or nothing."""
        with self._transaction():
            for table, partition in change.replace:
                self._db.execute(
                    "INSERT OR REPLACE INTO retired SELECT name, table_name, ?3 FROM segments "
                    "WHERE table_name = ?1 AND partition = ?2",
                    (table, partition, run),
                )
                self._db.execute(
                    "DELETE FROM segments WHERE table_name = ? AND partition = ?", (table, partition)
                )
            self._db.executemany(
                "INSERT OR REPLACE INTO segments VALUES (?, ?, ?, ?, ?, ?, ?)",
                [(s.name, s.table, s.partition, s.rows, s.size, s.digest, run) for s in change.add],
            )
            # A result can come back to what it was (a setting changed and changed back).
            self._db.executemany("DELETE FROM retired WHERE name = ?", [(s.name,) for s in change.add])
            self._db.executemany(
                "INSERT OR REPLACE INTO stage_results VALUES (?, ?, ?, ?, ?)",
                [(r.stage, r.partition, r.fingerprint, _json(r.parts), run) for r in change.results],
            )
            self._db.executemany(
                "INSERT INTO costs VALUES (?, ?, ?) "
                "ON CONFLICT (run, stage) DO UPDATE SET seconds = seconds + excluded.seconds",
                [(run, stage, seconds) for stage, seconds in change.seconds.items()],
            )
            for table, keys in change.known.items():
                self._db.executemany(
                    "INSERT OR IGNORE INTO known VALUES (?, ?)",
                    [(table, bytes.fromhex(key)) for key in keys],
                )
            self._db.executemany(
                "INSERT OR REPLACE INTO inputs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        i.file,
                        i.digest,
                        i.options,
                        i.size,
                        i.format,
                        i.documents,
                        i.problems,
                        _json(i.skipped),
                        run,
                    )
                    for i in change.inputs
                ],
            )

    def retired(self, before_run: int) -> list[tuple[str, str]]:
        """(table, name) of segments retired in runs earlier than ``before_run``."""
        rows = self._db.execute("SELECT table_name, name FROM retired WHERE run < ?", (before_run,))
        return [(table, name) for table, name in rows]

    def forget_retired(self, names: Iterable[str]) -> None:
        """Drop the records of retired segments whose files are gone."""
        with self._transaction():
            self._db.executemany("DELETE FROM retired WHERE name = ?", [(name,) for name in names])

    # --- inputs and runs -----------------------------------------------------------------------

    def inputs(self) -> list[InputRecord]:
        """The last reading of every file read to its end, ordered by path."""
        rows = self._db.execute(
            f"SELECT {_INPUT_COLUMNS} FROM inputs AS this "
            "WHERE run = (SELECT max(run) FROM inputs WHERE file = this.file) "
            "ORDER BY file, digest, options"
        )
        return [_input_record(row) for row in rows]

    def find_input(self, file: str, digest: str, options: str) -> InputRecord | None:
        """The record of exactly this file read to its end with these options, if there is one."""
        query = f"SELECT {_INPUT_COLUMNS} FROM inputs WHERE file = ? AND digest = ? AND options = ?"
        row = self._db.execute(query, (file, digest, options)).fetchone()
        return None if row is None else _input_record(row)

    def begin_run(
        self, version: str, command: str, settings: Mapping[str, object], settings_digest: str
    ) -> int:
        """Open a run record and return its number."""
        with self._transaction():
            cursor = self._db.execute(
                "INSERT INTO runs (started, version, command, settings, settings_digest) "
                "VALUES (?, ?, ?, ?, ?)",
                (_now().isoformat(), version, command, _json(settings), settings_digest),
            )
        if cursor.lastrowid is None:  # pragma: no cover - an AUTOINCREMENT insert always has one
            raise CaseDamagedError("the run was not recorded", file=str(self._path))
        return cursor.lastrowid

    def end_run(self, run: int) -> None:
        """Mark a run as ended; one without an end was interrupted."""
        with self._transaction():
            self._db.execute("UPDATE runs SET ended = ? WHERE run = ?", (_now().isoformat(), run))

    def stage_seconds(self, run: int) -> dict[str, float]:
        """Processor seconds of each stage of a run that did something, of all processes together."""
        query = "SELECT stage, seconds FROM costs WHERE run = ?"
        return dict(self._db.execute(query, (run,)).fetchall())

    def last_run(self) -> int:
        """The number of the latest run; 0 before the first."""
        return int(self._db.execute("SELECT coalesce(max(run), 0) FROM runs").fetchone()[0])

    # --- judgements ----------------------------------------------------------------------------

    def append_judgement(self, judgement: Judgement) -> Judgement:
        """Append one act; when this returns, it survives a power cut. ``sequence`` is assigned here."""
        return self.append_judgements([judgement])[0]

    def append_judgements(
        self, judgements: Sequence[Judgement], request: Request | None = None
    ) -> list[Judgement]:
        """Append several acts, side by side and in order, or none of them.

        Raises ConflictError when a finding has an entry newer than ``request.seen`` says, KeyReusedError when
        ``request.key`` named something else before.
        """
        asked = request or Request()
        first = 0
        with self._transaction():
            first = self._answered(judgements, asked.key) if asked.key else 0
            if not first:
                self._refuse_unseen(asked.seen)
                entries = [self._insert(judgement) for judgement in judgements]
                first = entries[0] if entries else 0
                if asked.key and first:
                    named = (judgements[0].author, asked.key, _content(judgements), first)
                    self._db.execute("INSERT INTO requests VALUES (?, ?, ?, ?)", named)
        return self.judgements(after=first - 1)[: len(judgements)] if judgements else []

    def _answered(self, judgements: Sequence[Judgement], key: str) -> int:
        """The first entry that this very request has made already; 0 for none."""
        query = "SELECT content, first FROM requests WHERE author = ? AND key = ?"
        row = self._db.execute(query, (judgements[0].author, key)).fetchone()
        if row is None:
            return 0
        if row[0] != _content(judgements):
            raise KeyReusedError(f"the key {key!r} named another request before")
        return int(row[1])

    def _refuse_unseen(self, seen: Mapping[str, int]) -> None:
        query = "SELECT coalesce(max(sequence), 0) FROM judgements WHERE finding_id = ?"
        for finding, known in seen.items():
            (last,) = self._db.execute(query, (finding,)).fetchone()
            if last > known:
                raise ConflictError(f"somebody judged {finding} meanwhile (entry {last})")

    def _insert(self, judgement: Judgement) -> int:
        cursor = self._db.execute(
            "INSERT INTO judgements (finding_id, verdict, author, reason, detail, quote, made_at, anchor) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                judgement.finding_id,
                str(judgement.verdict),
                judgement.author,
                judgement.reason,
                judgement.detail,
                judgement.quote,
                judgement.made_at.astimezone(UTC).isoformat(),
                judgement.anchor,
            ),
        )
        return cursor.lastrowid or 0

    def judgements(self, after: int = 0) -> list[Judgement]:
        """The log in order, from the entry after sequence ``after``."""
        rows = self._db.execute(
            f"SELECT {_JUDGEMENT_COLUMNS} FROM judgements WHERE sequence > ? ORDER BY sequence", (after,)
        )
        return [Judgement(*[*row[:7], datetime.fromisoformat(row[7]), row[8]]) for row in rows.fetchall()]


def _content(judgements: Sequence[Judgement]) -> str:
    """What a request asks for, without when it was asked."""
    return _json([[j.finding_id, str(j.verdict), j.author, j.reason, j.detail] for j in judgements])


def _statements(script: str) -> Iterator[str]:
    """Split a script at semicolons that end a statement (a trigger body holds one that does not)."""
    statement = ""
    for line in script.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _foreign(root: Path) -> Iterator[Path]:
    return (path for path in root.iterdir() if not path.name.startswith("."))


def _input_record(row: tuple[Any, ...]) -> InputRecord:
    return InputRecord(*[*row[:-1], json.loads(row[-1])])


def _json(value: Mapping[str, object] | list[list[str]]) -> str:
    return json.dumps(value if isinstance(value, list) else dict(value), sort_keys=True, ensure_ascii=False)


def _now() -> datetime:
    return datetime.now(UTC)
