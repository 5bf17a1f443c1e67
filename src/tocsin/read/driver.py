"""One file → its events: layers of compression, the choice of a reader, faults instead of exceptions."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO, cast

from tocsin.errors import (
    EmptyFileError,
    InputError,
    MalformedFileError,
    UndetectedFormatError,
    UnreadableFileError,
)
from tocsin.read.archives import zip_members
from tocsin.read.encodings import SAMPLE
from tocsin.read.events import (
    Context,
    Event,
    Fault,
    InputFile,
    Opened,
    Progress,
    ReadOptions,
    Result,
    Skipped,
)
from tocsin.read.registry import by_name, choose
from tocsin.read.streams import Budget, DiskFile, GzipStream, Rewound
from tocsin.settings import Settings

__all__ = ["read_file"]

_PROGRESS_EVERY = 1 << 20

#: What lies beside texts in exports and saved pages: passed over and counted, no fault.
_NO_DOCUMENTS = {
    extension: reason
    for reason, extensions in {
        "style sheet, script or font": ".css .js .mjs .map .woff .woff2 .ttf .otf .eot",
        "picture": ".svg .ico",
    }.items()
    for extension in extensions.split()
}
_MEDIA: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "picture"),
    (0, b"\x89PNG\r\n\x1a\n", "picture"),
    (0, b"GIF8", "picture"),
    (0, b"BM", "picture"),
    (8, b"WEBP", "picture"),
    (0, b"II*\x00", "picture"),
    (4, b"ftyp", "sound or video"),
    (0, b"OggS", "sound or video"),
    (0, b"ID3", "sound or video"),
    (0, b"\xff\xfb", "sound or video"),
    (8, b"WAVE", "sound or video"),
    (8, b"AVI ", "sound or video"),
    (0, b"\x1a\x45\xdf\xa3", "sound or video"),
    (0, b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x00TGS", "picture"),
)
_EXPORT_TEXT = "Save it as plain text or HTML and add that"
_UNPACK = "Unpack it and add what was inside"
_REFUSED: tuple[tuple[int, bytes, str, str], ...] = (
    (0, b"%PDF-", "it is a PDF document", _EXPORT_TEXT),
    (0, b"\xd0\xcf\x11\xe0", "it is an old office document", _EXPORT_TEXT),
    (0, b"{\\rtf", "it is a rich-text document", _EXPORT_TEXT),
    (0, b"7z\xbc\xaf\x27\x1c", "it is a 7-Zip archive", _UNPACK),
    (0, b"Rar!\x1a\x07", "it is a RAR archive", _UNPACK),
    (0, b"\xfd7zXZ\x00", "it is compressed with xz", _UNPACK),
    (0, b"BZh", "it is compressed with bzip2", _UNPACK),
    (0, b"\x28\xb5\x2f\xfd", "it is compressed with Zstandard", _UNPACK),
    (257, b"ustar", "it is a tar archive", _UNPACK),
    (0, b"SQLite format 3\x00", "it is a database", "Export the table as CSV and add that"),
)
_GZIP = b"\x1f\x8b"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")


def read_file(file: InputFile, options: ReadOptions, settings: Settings) -> Iterator[Event]:
    """Everything in one file, as it is read.

    Bad input never raises: it comes as Faults, and what can be read goes on. Progress comes about once a
    mebibyte and at the end. Raises UnknownFormatError at once for an ``options.format`` that does not exist.
    """
    if options.format is not None:
        by_name(options.format)
    return _events(file, Context(file.path, file.path.rsplit("/", 1)[-1], options, settings))


def _events(file: InputFile, context: Context) -> Iterator[Event]:
    try:
        disk = DiskFile(file.real)
    except UnreadableFileError as error:
        yield context.place(error)
        return
    told = 0
    with disk:
        for event in _layers(disk, disk, context):
            yield event
            if disk.bytes_read - told >= _PROGRESS_EVERY:
                told = disk.bytes_read
                yield Progress(told)
        yield Progress(disk.size)


def _layers(stream: io.BufferedIOBase, disk: DiskFile, context: Context) -> Iterator[Result]:
    budget = Budget(context.settings, disk.size)
    try:
        head = _head(stream)
        if head.startswith(_ZIP) and context.options.format is None:
            yield from _members(disk, budget, context)
            return
        yield from _compressed_or_not(head, stream, budget, context, disk)
    except InputError as error:
        yield context.place(error)


def _members(disk: DiskFile, budget: Budget, context: Context) -> Iterator[Result]:
    disk.seek(0)
    count = 0
    for member in zip_members(disk, budget):
        count += 1
        inside = replace(context, file=f"{context.file}!{member.name}", name=member.name.rsplit("/", 1)[-1])
        if member.error is not None or member.stream is None:
            if member.error is not None:
                yield inside.place(member.error)
            continue
        try:
            head = _head(member.stream)
            if head.startswith(_ZIP):
                cause = "it is an archive inside an archive"
                yield inside.fault(MalformedFileError, cause, remedy=_UNPACK)
                continue
            yield from _compressed_or_not(head, member.stream, budget, inside, None)
        except InputError as error:
            yield inside.place(error)
        if budget.spent:
            return
    if not count:
        raise EmptyFileError("the archive holds no files")


def _compressed_or_not(
    head: bytes, stream: io.BufferedIOBase, budget: Budget, context: Context, disk: DiskFile | None
) -> Iterator[Result]:
    if head.startswith(_GZIP) and not head.startswith(_MEDIA[-1][1]):
        expanded = GzipStream(cast(io.BufferedIOBase, Rewound(head, stream)), budget)
        name = context.name[:-3] if context.name.lower().endswith(".gz") else context.name
        context = replace(context, name=name)
        head = _head(expanded)
        if head.startswith((_GZIP, *_ZIP)):
            cause = "it is compressed twice, or an archive compressed once more"
            yield context.fault(MalformedFileError, cause, remedy=_UNPACK)
            return
        yield from _document(head, cast(io.BufferedIOBase, Rewound(head, expanded)), context)
    elif disk is not None:
        disk.seek(0)  # a table in Parquet needs a file it can seek in
        yield from _document(head, disk, context)
    else:
        yield from _document(head, Rewound(head, stream), context)


def _head(stream: io.BufferedIOBase) -> bytes:
    parts: list[bytes] = []
    size = 0
    while size < SAMPLE:
        try:
            data = stream.read(SAMPLE - size)
        except InputError:
            # What was read before the break is still to be had; the reader will meet the break itself.
            if not parts:
                raise
            break
        if not data:
            break
        parts.append(data)
        size += len(data)
    return b"".join(parts)


def _document(head: bytes, stream: io.BufferedIOBase, context: Context) -> Iterator[Result]:
    whole = len(head) < SAMPLE
    if whole and not head.strip(b" \t\r\n\x0b\x0c\xef\xbb\xbf\xff\xfe"):
        yield context.fault(
            EmptyFileError, "the file is empty" if not head else "the file holds only white space"
        )
        return
    if context.options.format is not None:
        reader = by_name(context.options.format)
    else:
        reason = _no_document(head, context.name)
        if reason:
            yield Skipped(context.file, "", reason)
            return
        for at, mark, cause, remedy in _REFUSED:
            if head[at : at + len(mark)] == mark:
                yield context.fault(UndetectedFormatError, cause, remedy=remedy)
                return
        reader = choose(head, context.name, whole=whole)
    yield Opened(context.file, reader.name)
    try:
        yield from reader.read(cast(BinaryIO, stream), context)
    except InputError as error:
        yield context.place(error)
    except Exception as error:
        # A hole in a reader costs this file, not the run; it is reported as what it is.
        yield Fault(
            MalformedFileError(
                f"the {reader.name} reader could not go on ({type(error).__name__}: {str(error)[:200]})",
                remedy="What came before was kept; please report this message",
                file=context.file,
            )
        )


def _no_document(head: bytes, name: str) -> str | None:
    extension = "." + name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if extension in _NO_DOCUMENTS:
        return _NO_DOCUMENTS[extension]
    for at, mark, reason in _MEDIA:
        if head[at : at + len(mark)] == mark and not (mark == b"BM" and b"\x00" not in head[:32]):
            return reason
    return None
