"""The process that reads one upload: tells how it goes on standard output, a line of JSON each.

``python -m tocsin.serve.reading_process CASE FILE [NAME=VALUE…]``; exit codes as of ``tocsin add``.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from tocsin.api import Case
from tocsin.errors import TocsinError
from tocsin.reading import SilentWatcher
from tocsin.settings import Settings

__all__ = ["main"]

_STEP = 1 << 18


def _tell(**values: Any) -> None:
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


class _Teller(SilentWatcher):
    """Tells of the bytes read, not more often than the page can show."""

    def __init__(self) -> None:
        self.done = 0
        self.told = 0

    def bytes(self, count: int) -> None:
        self.done += count
        if self.done - self.told >= _STEP:
            self.told = self.done
            _tell(state="reading", done=self.done)


def main(case_dir: str, file: str, *settings: str) -> int:
    """Read a file into a case; returns the exit code."""
    deriving = False

    def derived(_: int) -> None:
        nonlocal deriving
        if not deriving:
            deriving = True
            _tell(state="deriving")

    try:
        with Case(case_dir, settings=Settings.from_arguments(settings), create=False) as case:
            _tell(state="reading")
            report = case.add([file], watcher=_Teller(), derived=derived)
    except TocsinError as error:
        _tell(state="failed", error=error.cause, code=error.code)
        return error.exit_status
    _tell(state="done", found=report.found, added=report.added, problems=report.problems, error="")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
