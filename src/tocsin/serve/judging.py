"""Appending to the log of judgements, one request after the other."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tocsin.api import Case
from tocsin.judge.desk import Act, Desk
from tocsin.model import Judgement
from tocsin.serve.reading import View

__all__ = ["Judging"]


class Judging:
    """The one writer of the log in this process.

    A thread of its own holds the connection, so that writers wait for each other and never for readers.
    """

    def __init__(self, path: Path) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="judging")
        self._case = self._thread.submit(Case, path, create=False).result()

    def append(self, view: View, acts: Sequence[Act], key: str = "") -> list[Judgement]:
        """Append acts, all or none; on disk for good when this returns.

        Raises what ``tocsin.Case.append`` raises: NoSuchFindingError, UsageError, ConflictError,
        KeyReusedError.
        """

        def work() -> list[Judgement]:
            self._case.pin(view.tables.beside())
            return self._case.append(acts, key=key)

        return self._thread.submit(work).result()

    def desk(self, view: View, key: str = "") -> Desk:
        """The analyst's desk over a view; what it appends goes through here."""
        return Desk(view.tables, view.raw_log, lambda acts: self.append(view, acts, key))

    def close(self) -> None:
        """Finish what was begun and close the case."""
        self._thread.submit(self._case.close).result()
        self._thread.shutdown()
