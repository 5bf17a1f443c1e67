"""Appending to the log of judgements, one request after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeVar

from tocsin.api import Case
from tocsin.errors import ConflictError
from tocsin.judge.desk import Act, Desk
from tocsin.model import Judgement
from tocsin.serve.reading import View

__all__ = ["Judging"]

Made = TypeVar("Made")
_TRIES: Final = 5


def _last(view: View, finding_id: str) -> int:
    return max((e.sequence for e in view.raw_log if e.finding_id == finding_id), default=0)


class Judging:
    """The one writer of the log in this process.

    A thread of its own holds the connection, so that writers wait for each other and never for readers.
    """

    def __init__(self, path: Path) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="judging")
        self._closed = False
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

    def change(
        self, view: View, act: Callable[[Desk], Made], fresh: Callable[[], View], key: str = ""
    ) -> Made:
        """Do something at the desk that depends on what is there: marks of a board, say.

        When somebody appended to the same board meanwhile, it is done again on the board as it is then.
        """
        for _ in range(_TRIES):
            now = view

            def append(acts: Sequence[Act], now: View = now) -> list[Judgement]:
                seen = [a if a.seen is not None else replace(a, seen=_last(now, a.finding_id)) for a in acts]
                return self.append(now, seen, key)

            try:
                return act(Desk(now.tables, now.raw_log, append))
            except ConflictError:
                view = fresh()
        return act(self.desk(view, key))

    def close(self) -> None:
        """Finish what was begun and close the case; closing again does nothing."""
        if not self._closed:
            self._closed = True
            self._thread.submit(self._case.close).result()
            self._thread.shutdown()
