"""Streams under the readers: the file on disk, a head put back, gzip, zip members; each bounded."""

from __future__ import annotations

import io
import os
import stat
import zipfile
import zlib
from pathlib import Path

from tocsin.errors import (
    ArchiveBombError,
    FileInputError,
    MalformedFileError,
    TruncatedFileError,
    UnreadableFileError,
)
from tocsin.settings import Settings

__all__ = ["Budget", "DiskFile", "GzipStream", "MemberStream", "Rewound", "open_regular"]

_CHUNK = 1 << 16
#: A small file may well shrink a thousandfold (a page of zeros); the ratio is held only past this size.
_RATIO_FROM = 10 << 20


def open_regular(path: Path) -> io.FileIO:
    """Open a regular file for reading. Raises UnreadableFileError for anything else; never blocks.

    The test for "regular" is made on the open descriptor: a path tested first and opened then could become a
    FIFO in between, on which ``open`` would wait for ever.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    flags |= getattr(os, "O_CLOEXEC", 0)
    try:
        descriptor = os.open(path, flags)
    except (OSError, ValueError) as error:
        raise UnreadableFileError(_os_cause(error)) from error
    try:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            raise UnreadableFileError(f"it is {_kind(mode)}, not a regular file", remedy="Leave it out")
        return io.FileIO(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _kind(mode: int) -> str:
    for test, name in (
        (stat.S_ISDIR, "a directory"),
        (stat.S_ISFIFO, "a named pipe"),
        (stat.S_ISSOCK, "a socket"),
    ):
        if test(mode):
            return name
    return "a device"


def _os_cause(error: OSError | ValueError) -> str:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"the file cannot be read: {reason}"


class DiskFile(io.BufferedIOBase):
    """The file on disk; ``bytes_read`` counts bytes read, at most its size. Raises UnreadableFileError."""

    def __init__(self, path: Path) -> None:
        self._raw = open_regular(path)
        self._size = os.fstat(self._raw.fileno()).st_size
        self.bytes_read = 0

    @property
    def size(self) -> int:
        return self._size

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        try:
            data = self._raw.readall() if size is None or size < 0 else self._raw.read(size)
        except OSError as error:
            raise UnreadableFileError(_os_cause(error)) from error
        # Not the position: a zip is read from its end. A zip also reads some bytes twice.
        self.bytes_read = min(self._size, self.bytes_read + len(data or b""))
        return data or b""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._raw.seek(offset, whence)

    def tell(self) -> int:
        return self._raw.tell()

    def close(self) -> None:
        self._raw.close()
        super().close()


class Rewound(io.BufferedIOBase):
    """A stream whose first bytes were taken for detection and are put back."""

    def __init__(self, head: bytes, stream: io.BufferedIOBase) -> None:
        self._head = head
        self._stream = stream

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        if not self._head:
            return self._stream.read(size)
        if size is None or size < 0:
            data, self._head = self._head + self._stream.read(), b""
            return data
        data, self._head = self._head[:size], self._head[size:]
        return data


class Budget:
    """What one file on disk may expand to, counted as it expands; sizes stated in headers are not believed.

    ``charge`` raises ArchiveBombError. The ratio is held for each compressed stream, and for the archive as a
    whole, since the members of a crafted archive may share their compressed bytes.
    """

    def __init__(self, settings: Settings, size_on_disk: int) -> None:
        self._limit = settings.integer("read.max_archive_bytes")
        self._ratio = settings.integer("read.max_archive_ratio")
        self._size = max(size_on_disk, 1)
        self._total = 0
        self.spent = False

    def charge(self, count: int, expanded: int, compressed: int) -> None:
        """Count ``count`` more bytes of a stream that has given ``expanded`` from ``compressed`` bytes."""
        self._total += count
        if self._total > self._limit:
            self.spent = True
            raise ArchiveBombError(f"it expands beyond {self._limit:,} bytes")
        if self._total > max(_RATIO_FROM, self._size * self._ratio):
            self.spent = True
            raise ArchiveBombError(f"it expands to more than {self._ratio} times its size")
        if expanded > max(_RATIO_FROM, compressed * self._ratio):
            raise ArchiveBombError(f"it expands to more than {self._ratio} times its size")


class GzipStream(io.BufferedIOBase):
    """Expands gzip. Gives all data before a break, then raises: TruncatedFileError, MalformedFileError.

    ``gzip.GzipFile`` was rejected: at a break it throws away what it has already expanded.
    """

    def __init__(self, stream: io.BufferedIOBase, budget: Budget) -> None:
        self._stream = stream
        self._budget = budget
        self._inflate = zlib.decompressobj(wbits=31)
        self._pending = b""
        self._fault: FileInputError | None = None
        self._compressed = 0
        self._expanded = 0
        self._ended = False

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        wanted = (1 << 62) if size is None or size < 0 else size
        parts: list[bytes] = []
        count = 0
        while count < wanted and not self._ended and not self._fault:
            data = self._step(min(wanted - count, _CHUNK * 4))
            parts.append(data)
            count += len(data)
        if not count and self._fault:
            raise self._fault
        return b"".join(parts)

    def _step(self, size: int) -> bytes:
        try:
            if self._inflate.eof and not self._next_member():
                return b""
            if not self._pending:
                self._pending = self._stream.read(_CHUNK)
                self._compressed += len(self._pending)
                if not self._pending:
                    raise TruncatedFileError("the compressed data ends too early")
            data = self._inflate.decompress(self._pending, size)
            self._pending = self._inflate.unconsumed_tail or self._inflate.unused_data
            self._expanded += len(data)
            self._budget.charge(len(data), self._expanded, self._compressed)
        except zlib.error:
            self._fault = MalformedFileError("the compressed data is damaged")
            return b""
        except FileInputError as error:
            self._fault = error
            return b""
        return data

    def _next_member(self) -> bool:
        rest = self._pending.lstrip(b"\x00") or self._stream.read(_CHUNK).lstrip(b"\x00")
        self._compressed += len(rest)
        if not rest:
            self._ended = True
            return False
        self._pending = rest
        self._inflate = zlib.decompressobj(wbits=31)
        return True


class MemberStream(io.BufferedIOBase):
    """One member of a zip, with the library's many exceptions told as input errors."""

    def __init__(self, member: zipfile.ZipExtFile, stored: int, budget: Budget) -> None:
        self._member = member
        self._stored = stored
        self._budget = budget
        self._expanded = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        try:
            data = self._member.read(_CHUNK if size is None or size < 0 else size)
        except zipfile.BadZipFile as error:
            raise MalformedFileError(f"the archive is damaged: {error}") from error
        except EOFError as error:
            raise TruncatedFileError("the archive ends in the middle of this member") from error
        except (zlib.error, OSError, ValueError, NotImplementedError) as error:
            raise MalformedFileError(f"the archive is damaged: {error}") from error
        self._expanded += len(data)
        self._budget.charge(len(data), self._expanded, self._stored)
        if size is None or size < 0:
            return data + self.read() if data else data
        return data
