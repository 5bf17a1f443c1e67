"""Bytes → decoded text, a chunk at a time."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from tocsin.errors import InputError, RecordTooLargeError
from tocsin.read.encodings import detect

__all__ = ["CHUNK", "Line", "TextSource", "lines", "read_bytes", "read_text", "to_utf8"]

_TELLING = re.compile(rb"[\x00\x04\x80-\xff]")
#: Bytes decoded at a time.
CHUNK = 1 << 18


class TextSource:
    """Decodes a stream in chunks; every kind of newline comes out as ``\\n``.

    The encoding is settled on the first chunk that holds anything but ASCII, so a file whose first Cyrillic
    letter stands a megabyte in is decoded as well as any other. Undecodable bytes of a UTF-8 file come out as
    the lone surrogates of ``surrogateescape``; ``drafts.finish`` turns them into U+FFFD and reports them.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._plain = True
        self._fault: InputError | None = None
        self._decoder: io.IncrementalNewlineDecoder | None = None
        self._done = False

    def read(self) -> str:
        """The next piece of text; empty only at the end. Raises what the stream raises, and EncodingError."""
        while not self._done:
            data = self._fill()
            if not data:
                self._done = True
                return self._decoder.decode(b"", final=True) if self._decoder else ""
            text = self._decode(data)
            if text:
                return text
        return ""

    def _fill(self) -> bytes:
        """A whole chunk, or all there is: the encoding must not hang on how a stream cuts its reads."""
        if self._fault is not None:
            fault, self._fault = self._fault, None
            raise fault
        parts: list[bytes] = []
        size = 0
        while size < CHUNK:
            try:
                data = self._stream.read(CHUNK - size)
            except InputError as fault:
                if not parts:
                    raise
                self._fault = fault  # after what came before it
                break
            if not data:
                break
            parts.append(data)
            size += len(data)
        return b"".join(parts)

    def read_all(self) -> str:
        """All the text that is left."""
        return "".join(iter(self.read, ""))

    def _decode(self, data: bytes) -> str:
        # 4 is the high byte of a Cyrillic letter in UTF-16, whose low bytes may all be ASCII.
        if self._plain and not (data.isascii() and b"\x00" not in data and b"\x04" not in data):
            self._plain = False
            first = _TELLING.search(data)
            start = (max(0, first.start() - 256) & ~1) if first else 0
            self._decoder = _decoder(detect(data[start:], whole=len(data) < CHUNK), self._decoder)
        elif self._decoder is None:
            self._decoder = _decoder("utf-8", None)
        return self._decoder.decode(data)


def _decoder(codec: str, previous: io.IncrementalNewlineDecoder | None) -> io.IncrementalNewlineDecoder:
    errors = "surrogateescape" if codec.startswith("utf-8") else "replace"
    made = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(codec)(errors), translate=True)
    if previous is not None:
        pending, flag = previous.getstate()
        del pending
        if flag & 1:  # a CR at the end of the last ASCII chunk
            made.decode("\r".encode(codec))
    return made


def to_utf8(head: bytes, *, whole: bool) -> bytes:
    """The first bytes of a file as UTF-8, for readers to sniff. Raises EncodingError."""
    text = head.decode(detect(head, whole=whole), "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace")


def read_bytes(stream: BinaryIO, limit: int) -> bytes:
    """All of ``stream``; raises RecordTooLargeError beyond ``limit`` bytes, having read no more than that."""
    parts: list[bytes] = []
    size = 0
    while True:
        data = stream.read(CHUNK)
        if not data:
            return b"".join(parts)
        size += len(data)
        if size > limit:
            raise RecordTooLargeError(f"the document is longer than {limit:,} bytes")
        parts.append(data)


def read_text(stream: BinaryIO, limit: int) -> str:
    """All of ``stream`` decoded. Raises RecordTooLargeError and EncodingError."""
    return TextSource(io.BytesIO(read_bytes(stream, limit))).read_all()


Line = tuple[int, str | None]


def lines(source: TextSource, limit: int) -> Iterator[Line]:
    """Numbered lines (from 1) without their newline; None for one longer than ``limit`` bytes.

    Only ``\\n`` ends a line: U+2028 and form feeds occur inside posts. Memory stays below twice the limit.
    """
    number = 1
    parts: list[str] = []
    size = 0
    while True:
        chunk = source.read()
        if not chunk:
            if parts or size:
                yield number, _joined(parts, size, limit)
            return
        pieces = chunk.split("\n")
        for piece in pieces[:-1]:
            if parts or size:
                parts.append(piece)
                yield number, _joined(parts, size + len(piece), limit)
                parts, size = [], 0
            else:
                yield number, _joined([piece], len(piece), limit)
            number += 1
        if pieces[-1]:
            size += len(pieces[-1])
            # Beyond the limit only the count goes on; the text itself is dropped.
            parts = [*parts, pieces[-1]] if size <= limit else []


def _joined(parts: list[str], size: int, limit: int) -> str | None:
    if size > limit:
        return None
    text = parts[0] if len(parts) == 1 else "".join(parts)
    if len(text) * 4 > limit and len(text.encode("utf-8", "surrogatepass")) > limit:
        return None
    return text
