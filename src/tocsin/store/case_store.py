"""A case folder: segments + catalogue + one writer at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
from filelock import FileLock, Timeout

from tocsin.errors import CaseBusyError, CaseDamagedError
from tocsin.model.ids import digest
from tocsin.store.catalogue import Catalogue, Change
from tocsin.store.segments import Segment, segment_path, write_segment
from tocsin.store.shelf import Shelf
from tocsin.store.snapshot import Snapshot

__all__ = ["CaseStore"]


class CaseStore:
    """One case on disk.

    Parameters
    ----------
    root: the folder. With ``create`` a new or empty folder becomes a case.
    shared: several threads use it, one at a time (they lock it).

    Raises NotACaseError, CaseVersionError, CaseDamagedError, CaseBusyError (see ``errors``).
    """

    def __init__(self, root: Path, *, create: bool = True, shared: bool = False) -> None:
        self.root = root
        self.catalogue = Catalogue(root, create=create, shared=shared)

    def __enter__(self) -> CaseStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.catalogue.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the case for reading inputs and running stages; judgements need no hold.

        A lock of the operating system goes with its process, so a crash leaves nothing to clean up.
        Raises CaseBusyError at once when another process holds it.
        """
        lock = FileLock(self.root / ".writer.lock", timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise CaseBusyError("another process is adding to the case", file=str(self.root)) from error
        try:
            yield
        finally:
            lock.release()

    def write(self, table: str, data: pa.Table, partition: str = "") -> Segment:
        """Write rows durably; they count once a change that names the segment is committed."""
        return write_segment(self.root, table, data, partition)

    def commit(self, change: Change, run: int) -> None:
        """Make a change count, all of it or nothing."""
        self.catalogue.commit(change, run)

    def snapshot(self, tables: Collection[str] | None = None, shelf: Shelf | None = None) -> Snapshot:
        """A read-only view of the case as it is now, or of some of its tables and the documents.

        Those taken again and again share a ``shelf``.
        """
        return Snapshot(self.root, self.catalogue.segments(), self.catalogue.inputs(), tables, shelf)

    def new_rows(self, table: str, key: str, data: pa.Table) -> pa.Table:
        """The rows of ``data`` whose key is neither in the case nor earlier in ``data``."""
        keys: list[str] = data.column(key).to_pylist()
        fresh = self.catalogue.unknown(table, set(keys))
        take = []
        for row, value in enumerate(keys):
            if value in fresh:
                fresh.discard(value)
                take.append(row)
        return data.take(pa.array(take, type=pa.int64()))

    def tidy(self, run: int) -> int:
        """Delete segments retired before the previous run; returns how many.

        One run of grace: a snapshot taken before the last run may still be reading them.
        """
        names = []
        for table, name in self.catalogue.retired(before_run=run - 1):
            (self.root / "segments" / table / f"{name}.parquet").unlink(missing_ok=True)
            names.append(name)
        self.catalogue.forget_retired(names)
        return len(names)

    def verify(self, segments: Iterable[Segment] | None = None) -> None:
        """Check every segment's bytes against the manifest; raises CaseDamagedError at the first fault."""
        for segment in self.catalogue.segments() if segments is None else segments:
            path = segment_path(self.root, segment)
            try:
                found = digest(path.read_bytes())
            except OSError as error:
                raise CaseDamagedError(f"a segment cannot be read ({error})", file=str(path)) from error
            if found != segment.digest:
                raise CaseDamagedError("a segment was altered", file=str(path))

    def counts(self) -> Mapping[str, int]:
        """Rows by table, every version counted."""
        totals: dict[str, int] = {}
        for segment in self.catalogue.segments():
            totals[segment.table] = totals.get(segment.table, 0) + segment.rows
        return totals
