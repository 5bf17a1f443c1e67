"""The case as it is at one moment, shared by all requests until it changes.

Taking a snapshot costs milliseconds (a second on a million posts), so one is kept and every request gets a
connection beside it. What several requests need and the tables do not hold ready (an index of the claims, the
lists of filters) is made once for each snapshot. The log of judgements is read on from where it ended.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeVar

from tocsin.judge.attach import Attached, attached
from tocsin.judge.log import Opinion, opinions
from tocsin.model import Judgement, Verdict, make_id
from tocsin.store import CaseStore, InputRecord, Segment, Shelf, Snapshot
from tocsin.store.segments import segment_path

__all__ = ["CaseReader", "View"]

Made = TypeVar("Made")
#: A case of more documents is looked at anew at most every so many seconds, and shown as it was until what
#: its pages need is made. A segment that nothing names any more is kept for one more run of adding, so what
#: is shown late can still be read.
_LARGE: Final = 300_000
_PATIENCE: Final = 20.0


class _Moment:
    """One state of the manifest, with what was made of it."""

    def __init__(
        self, store: CaseStore, segments: list[Segment], inputs: list[InputRecord], shelf: Shelf
    ) -> None:
        self.snapshot = Snapshot(store.root, segments, inputs, shelf=shelf)
        self.segments = segments
        self.inputs = inputs
        self.runs = store.catalogue.runs("documents")
        self._root = store.root
        names = [s.name for s in segments] + [f"{i.file}\0{i.digest}" for i in inputs]
        self.revision = make_id("revision", *names)
        self.documents = sum(s.rows for s in segments if s.table == "documents")
        self._made: dict[str, Any] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def files_after(self, run: int) -> list[str]:
        """The files of the documents that later runs read."""
        own = [s for s in self.segments if s.table == "documents" and self.runs.get(s.name, 0) > run]
        return [str(segment_path(self._root, segment)) for segment in own]

    def once(self, key: str, make: Callable[[], Made]) -> Made:
        """What ``make`` gives, made once; others who want it wait."""
        with self._lock:
            own = self._locks.setdefault(key, threading.Lock())
        with own:
            if key not in self._made:
                self._made[key] = make()
            made: Made = self._made[key]
            return made


class View:
    """The case as one request sees it. Not for use in two threads at once."""

    def __init__(self, moment: _Moment, log: tuple[Judgement, ...]) -> None:
        self._moment = moment
        self.raw_log = log

    @cached_property
    def tables(self) -> Snapshot:
        """The tables: ``query(sql, parameters)``, ``select(name, column, values)``, ``table(name)``."""
        return self._moment.snapshot.beside()

    @property
    def revision(self) -> str:
        """Differs after any change of tables or log."""
        return f"{self._moment.revision[:16]}-{self.last_sequence}"

    @property
    def last_sequence(self) -> int:
        """The number of the latest entry of the log."""
        return self.raw_log[-1].sequence if self.raw_log else 0

    @property
    def inputs(self) -> Sequence[InputRecord]:
        return self._moment.inputs

    @property
    def rows(self) -> dict[str, int]:
        """Rows by table, every version counted."""
        totals: dict[str, int] = {}
        for segment in self._moment.segments:
            totals[segment.table] = totals.get(segment.table, 0) + segment.rows
        return totals

    @property
    def last_run(self) -> int:
        """The number of the latest run that read a document, 0 for none."""
        return max(self._moment.runs.values(), default=0)

    def files_after(self, run: int) -> list[str]:
        """The Parquet files of the documents read by runs after ``run``."""
        return self._moment.files_after(run)

    def once(self, key: str, make: Callable[[Snapshot], Made]) -> Made:
        """What ``make`` makes of the tables, made once for all requests until the tables change."""
        return self._moment.once(key, lambda: make(self.tables))

    # --- the log ---------------------------------------------------------------------------------

    @cached_property
    def attached(self) -> Attached:
        """The log with the ids findings have now, and the orphans."""
        if not self.raw_log:
            return Attached((), ())
        manual = {e.finding_id for e in self.raw_log if e.verdict == Verdict.ASSESS}
        key = f"attached {self.last_sequence}"
        return self._moment.once(key, lambda: attached(self.raw_log, self.tables, manual))

    @cached_property
    def opinions(self) -> dict[str, Opinion]:
        """Everything in force on each finding, by finding id."""
        log = self.attached.log
        return self._moment.once(f"opinions {self.last_sequence}", lambda: opinions(log))

    def seen(self, finding_id: str) -> int:
        """The number of the latest entry on a finding, 0 for none: what a page tells when it judges."""
        last = self._moment.once(f"last {self.last_sequence}", self._last)
        return last.get(finding_id, 0)

    def _last(self) -> dict[str, int]:
        return {e.finding_id: e.sequence for e in self.attached.log}


class CaseReader:
    """Views of one case, for any thread.

    ``warm`` makes what pages need of a view, unless it is stopped meanwhile: for the first one on ``start``,
    and for each that is new of a large case before it is shown.
    """

    def __init__(self, path: Path, warm: Callable[[View, Callable[[], bool]], None] | None = None) -> None:
        self._store = CaseStore(path, create=False, shared=True)
        self._shelf = Shelf(self._store.root)
        self._lock = threading.Lock()
        self._state: tuple[int, int] | None = None
        self._moment: _Moment | None = None
        self._log: tuple[Judgement, ...] = ()
        self._looked = 0.0
        self._warm = warm
        self._warming: threading.Thread | None = None
        self._closing = threading.Event()

    def view(self) -> View:
        """The case as it is now. Raises CaseDamagedError, CaseBusyError."""
        with self._lock:
            state = self._store.catalogue.state()
            if self._moment is None or state != self._state:
                last = self._log[-1].sequence if self._log else 0
                self._log = (*self._log, *self._store.catalogue.judgements(after=last))
                if self._moment is None or self._moment.documents <= _LARGE:
                    self._moment = self._look(self._moment)
                    self._state = state
                elif not self._is_warming() and time.monotonic() - self._looked > _PATIENCE:
                    self._look_beside(self._moment, state)
            return View(self._moment, self._log)

    def start(self) -> None:
        """Make what pages need in the background."""
        with self._lock:
            self._in_background(lambda: self._warmed(self.view))

    def _look(self, known: _Moment | None) -> _Moment:
        segments, inputs = self._store.catalogue.segments(), self._store.catalogue.inputs()
        if known is not None and known.segments == segments and known.inputs == inputs:
            return known
        return _Moment(self._store, segments, inputs, self._shelf)

    def _look_beside(self, known: _Moment, state: tuple[int, int]) -> None:
        """Show a large case as it was while what is new is made ready: what people judge is never late."""
        new = self._look(known)
        self._looked = time.monotonic()
        if new is known or self._warm is None:
            self._moment, self._state = new, state
            return
        log = self._log

        def ready() -> None:
            self._warmed(lambda: View(new, log))
            with self._lock:
                self._moment, self._state = new, state
                self._looked = time.monotonic()

        self._in_background(ready)

    def _is_warming(self) -> bool:
        return self._warming is not None and self._warming.is_alive()

    def _in_background(self, work: Callable[[], None]) -> None:
        if self._warm is not None and not self._is_warming():
            self._warming = threading.Thread(target=work, name="warming", daemon=True)
            self._warming.start()

    def _warmed(self, view: Callable[[], View]) -> None:
        """What cannot be made now says so where it is asked for."""
        if self._warm is not None:
            with contextlib.suppress(Exception):
                self._warm(view(), self._closing.is_set)

    def close(self) -> None:
        """Close the case's database."""
        self._closing.set()
        if self._warming is not None:
            self._warming.join(_PATIENCE)
        with self._lock:
            self._store.close()
