"""Paths given by the user → the files to read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path

from tocsin.errors import DirectoryLoopError, InputError, NoInputError, UnreadableFileError
from tocsin.model.ids import ID_LENGTH
from tocsin.read.archives import is_hidden, shown
from tocsin.read.events import Fault, InputFile
from tocsin.read.streams import DiskFile

__all__ = ["discover", "file_digest"]

_CHUNK = 1 << 20


def discover(paths: Iterable[str | Path]) -> Iterator[InputFile | Fault]:
    """The regular files at and under ``paths``, in the order given and by name within directories.

    Links are followed; a directory inside itself is told once (DirectoryLoopError). Hidden files in
    directories are passed over in silence. A real file met twice is yielded once. What cannot be read is
    a Fault.

    Raises NoInputError at once, before anything is yielded, for a path that does not exist.
    """
    given = [os.fspath(path) for path in paths]
    for path in given:
        if not os.path.lexists(path):
            raise NoInputError(f"there is no file or directory {shown(path)!r}")
    return _walk_all(given)


def _walk_all(paths: list[str]) -> Iterator[InputFile | Fault]:
    walk = _Walk()
    for path in paths:
        yield from walk.visit(path, shown(Path(path).as_posix() if os.sep != "/" else path), ())


class _Walk:
    def __init__(self) -> None:
        self._files: set[str] = set()
        self._directories: set[tuple[int, int]] = set()

    def visit(
        self, path: str, display: str, above: tuple[tuple[int, int], ...]
    ) -> Iterator[InputFile | Fault]:
        # One stack of iterators, not recursion: directories may be nested deeper than Python calls.
        stack = [(iter([(path, display)]), above)]
        while stack:
            entries, ancestors = stack[-1]
            entry = next(entries, None)
            if entry is None:
                stack.pop()
                continue
            try:
                status = Path(entry[0]).stat()
                if stat.S_ISDIR(status.st_mode):
                    identity = (status.st_dev, status.st_ino)
                    children = self._children(entry, identity, ancestors)
                    stack.append((iter(children), (*ancestors, identity)))
                else:
                    yield from self._file(entry, status)
            except InputError as error:
                error.file = entry[1]
                yield Fault(error)
            except (OSError, ValueError) as error:
                reason = getattr(error, "strerror", None) or str(error)
                yield Fault(UnreadableFileError(f"it cannot be read: {reason}", file=entry[1]))

    def _children(
        self, entry: tuple[str, str], identity: tuple[int, int], ancestors: tuple[tuple[int, int], ...]
    ) -> list[tuple[str, str]]:
        path, display = entry
        if identity in ancestors:
            raise DirectoryLoopError("the directory contains itself through a link")
        if identity in self._directories:
            return []
        self._directories.add(identity)
        return [
            (os.path.join(path, name), f"{display.rstrip('/')}/{shown(name)}")  # noqa: PTH118
            for name in sorted(os.listdir(path))  # noqa: PTH208  Path cannot hold every name os can
            if not is_hidden(name)
        ]

    def _file(self, entry: tuple[str, str], status: os.stat_result) -> Iterator[InputFile]:
        path, display = entry
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableFileError("it is a pipe, socket or device, not a file", remedy="Leave it out")
        real = os.path.realpath(path)
        if real not in self._files:
            self._files.add(real)
            yield InputFile(display, Path(real), status.st_size)


def file_digest(file: InputFile) -> str:
    """The digest of the file's bytes, 128 bits in hex: ``model.digest`` without holding the file.

    Raises UnreadableFileError.
    """
    state = blake2b(digest_size=ID_LENGTH // 2)
    try:
        with DiskFile(file.real) as disk:
            while data := disk.read(_CHUNK):
                state.update(data)
    except UnreadableFileError as error:
        error.file = error.file or file.path
        raise
    return state.hexdigest()
