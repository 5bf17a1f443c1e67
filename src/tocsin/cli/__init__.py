"""The command line: thin over ``tocsin.api``."""

from __future__ import annotations

__all__ = ["main"]


def main() -> None:
    """Entry point of the ``tocsin`` command."""
    from tocsin.collecting import seldom_collecting

    with seldom_collecting():
        from tocsin.cli.main import run

        run()
