"""Files that are either wholly there or not there at all, even after a power cut."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["sync_directory", "write_durably"]


def sync_directory(path: Path) -> None:
    """Make renames inside ``path`` survive a power cut. A no-op where directories cannot be opened."""
    if os.name == "nt":  # pragma: no cover - Windows has no directory handles to flush
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_durably(path: Path, data: bytes | memoryview, *, private: bool = False) -> None:
    """Write ``data`` to ``path``: temporary file → fsync → rename → fsync of the directory.

    A reader sees the old file or the new one, never a part. The temporary name holds the process id, so
    two processes never share it. ``private``: nobody but the owner may read the file.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    if private:
        temporary.touch(mode=0o600)
    with temporary.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)
    sync_directory(path.parent)
