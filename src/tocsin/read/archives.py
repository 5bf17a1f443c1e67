"""Zip archives → their members as streams. Nothing is ever extracted to disk by a member's name."""

from __future__ import annotations

import io
import re
import stat
import struct
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from tocsin.errors import (
    FileInputError,
    InputError,
    MalformedFileError,
    TruncatedFileError,
    UndetectedFormatError,
    UnreadableFileError,
    UnsafeArchiveError,
)
from tocsin.read.streams import Budget, DiskFile, MemberStream

__all__ = ["Member", "is_hidden", "shown", "zip_members"]

_DRIVE = re.compile(r"[A-Za-z]:")
_OFFICE = frozenset({"[Content_Types].xml", "mimetype", "META-INF/container.xml"})
_BROKEN = (
    zipfile.BadZipFile,
    OSError,
    ValueError,
    OverflowError,
    NotImplementedError,
    struct.error,
    EOFError,
)


class Member:
    """One member: its ``name`` for people, and either a stream to open or the error in its place."""

    def __init__(
        self, name: str, size: int, stream: io.BufferedIOBase | None, error: InputError | None
    ) -> None:
        self.name = name
        self.size = size
        self.stream = stream
        self.error = error


def shown(name: str) -> str:
    """``name`` fit to be shown and stored: no control characters, no half characters."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join("\ufffd" if unicodedata.category(char) in {"Cc", "Cs"} else char for char in text)


def is_hidden(name: str) -> bool:
    """Whether a relative path is one that listing a directory would not show."""
    return any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))


def zip_members(disk: DiskFile, budget: Budget) -> Iterator[Member]:
    """The members of the archive in its own order, hidden ones and directories left out.

    Raises MalformedFileError or TruncatedFileError when the archive has no usable directory. A member's error
    leaves the others readable.
    """
    try:
        archive = zipfile.ZipFile(disk)
    except UnreadableFileError:
        raise
    except _BROKEN as error:
        if isinstance(error, zipfile.BadZipFile) and "not a zip" in str(error):
            cause = "the archive has no directory at its end: it was cut, or never finished"
            raise TruncatedFileError(cause, remedy="Download or pack it again") from error
        raise MalformedFileError(
            f"the archive is damaged: {error}", remedy="Download or pack it again"
        ) from error
    with archive:
        infos = archive.infolist()
        if any(info.filename in _OFFICE for info in infos):
            raise UndetectedFormatError(
                "it is an office document or e-book, not an archive of texts",
                remedy="Save it as plain text or HTML and add that",
            )
        for info in infos:
            member = _member(archive, info, budget)
            if member is None:
                continue
            yield member
            if member.stream is not None:
                member.stream.close()


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> Member | None:
    name = info.filename.replace("\\", "/")
    unsafe = _unsafe(name, info)
    if unsafe:
        return Member(shown(info.filename), 0, None, UnsafeArchiveError(unsafe))
    name = str(PurePosixPath(name))
    if info.is_dir() or is_hidden(name):
        return None
    try:
        stream = MemberStream(_open(archive, info), info.compress_size, budget)
    except FileInputError as error:
        return Member(shown(name), 0, None, error)
    return Member(shown(name), info.file_size, stream, None)


def _open(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> zipfile.ZipExtFile:
    if info.flag_bits & 1:
        raise UnreadableFileError(
            "the archive member is encrypted", remedy="Unpack it with its password and add the files"
        )
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        # zipfile expands bzip2 and LZMA without a bound on its output.
        raise MalformedFileError(
            f"the archive uses compression method {info.compress_type}, which is not read",
            remedy="Unpack it and add the files",
        )
    try:
        return archive.open(info)  # type: ignore[return-value]
    except (*_BROKEN, RuntimeError) as error:
        raise MalformedFileError(f"the archive is damaged: {error}") from error


def _unsafe(name: str, info: zipfile.ZipInfo) -> str | None:
    if stat.S_ISLNK(info.external_attr >> 16):
        return "the archive member is a symbolic link"
    if name.startswith("/") or _DRIVE.match(name):
        return "the archive member has an absolute path"
    if ".." in name.split("/"):
        return "the archive member leaves the archive's folder"
    return None
