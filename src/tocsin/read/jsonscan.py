"""A pull scanner for JSON of any size that goes on after a broken, oversized or too deep record.

ijson was measured and rejected: its C backend is somewhat faster (182 against 138 MB/s on a Telegram export,
where making the posts costs far more than either), but it ends at the first syntax error, so one damaged
message loses all that follow; it builds a record before anyone can say that it is too large; and the path it
keeps with each event makes deep nesting quadratic.

The fast path hands a chunk of text to the C scanner of ``json``, record by record. Only where that fails (a
record cut by the end of the chunk, damage, nesting) does ``_extent`` look for the record's end by brackets.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tocsin.errors import (
    InputError,
    MalformedFileError,
    MalformedRecordError,
    RecordInputError,
    RecordTooDeepError,
    RecordTooLargeError,
    TruncatedFileError,
)
from tocsin.read.text import TextSource

__all__ = ["Element", "JsonScanner", "depth_of", "load"]

_GAP = re.compile(r"[\s,]*+")
_SPACE = re.compile(r"\s*+")
# A raw newline ends a string here though JSON forbids it there: an unclosed quotation mark then costs one
# record of an indented export, not the rest of the file. No group with alternatives is possessive: Python
# before 3.11.5 leaves such a group too early (gh-106052). Its parts are, so there is nothing to try again.
_IN_STRING = re.compile(r'(?:[^"\\\n]++|\\.)*', re.DOTALL)
_BETWEEN = re.compile(r'(?:[^"\[\]{}]++|"(?:[^"\\\n]++|\\.)*["\n])*', re.DOTALL)
_SCALAR = re.compile(r'[^\s,\]}\[{":]*+')
_OPENERS = re.compile(r"[\[{]++")
_FIRST_KEY = re.compile(r'\{\s*+("(?:[^"\\\n]++|\\.)*")\s*+:', re.DOTALL)
_CLOSER = {"[": "]", "{": "}"}
#: Failed attempts at finding further records inside a broken one: bounds the time a hostile file costs.
_ATTEMPTS = 200

_DECODER = json.JSONDecoder(strict=False)
_scan_once = _DECODER.scan_once  # type: ignore[attr-defined]  # undocumented: raw_decode without a frame


@dataclass(frozen=True, slots=True)
class Element:
    """One element of an array: its value, or the error in its place."""

    index: int
    value: object
    error: InputError | None = None


@dataclass(slots=True)
class _Extent:
    """Where a value ends in the buffer, and what is wrong with it."""

    end: int
    large: bool = False
    deep: bool = False
    cut: bool = False


def depth_of(value: object) -> int:
    """Levels of nesting: 0 for a scalar, 1 for a flat array or object."""
    depth = 0
    level = [value] if isinstance(value, dict | list) else []
    while level:
        depth += 1
        level = [
            child
            for item in level
            for child in (item.values() if isinstance(item, dict) else item)
            if isinstance(child, dict | list)
        ]
    return depth


def load(text: str, max_depth: int) -> object:
    """The JSON value that is all of ``text``. Raises MalformedRecordError and RecordTooDeepError."""
    try:
        value = _DECODER.decode(text)
    except RecursionError:
        raise _too_deep(max_depth) from None
    except ValueError as error:
        raise MalformedRecordError(_cause(error)) from None
    if text.count("[") + text.count("{") > max_depth and depth_of(value) > max_depth:
        raise _too_deep(max_depth)
    return value


def _too_deep(max_depth: int) -> RecordTooDeepError:
    return RecordTooDeepError(f"nested deeper than {max_depth} levels")


def _cause(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"invalid JSON: {error.msg} at character {error.pos + 1} of the record"
    return "invalid JSON: a number has too many digits"


class JsonScanner:
    """Walks a JSON text. The caller steps in with ``members`` and ``elements``, or takes or skips a value.

    ``max_bytes`` and ``max_depth`` bound one value. Raises TruncatedFileError where the text ends inside an
    array or object being walked, MalformedFileError where its structure is broken.
    """

    def __init__(self, source: TextSource, max_bytes: int, max_depth: int) -> None:
        self._source = source
        self._max_bytes = max_bytes
        self._max_depth = max_depth
        self._buffer = ""
        self._at = 0
        self._ended = False
        self._broken = False  # the text ended inside a value, and the caller has been told

    def peek(self) -> str:
        """The first character of the next value, past space and commas; empty at the end of the text."""
        while True:
            self._at = _GAP.match(self._buffer, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._more():
                return ""

    def members(self) -> Iterator[str]:
        """The keys of the object ahead. The caller must consume each key's value before the next key."""
        self.peek()
        self._at += 1
        while True:
            char = self.peek()
            if char == "}":
                self._at += 1
                return
            if not char:
                raise TruncatedFileError("the file ends in the middle of an object")
            if char != '"':
                raise MalformedFileError(f"invalid JSON: {char!r} where a key was expected")
            key = self.value()
            self._colon()
            yield str(key)
            if self._broken:
                return

    def elements(self) -> Iterator[Element]:
        """The elements of the array ahead, parsed. An element's error does not end the array, unless cut."""
        self.peek()
        self._at += 1
        index = 0
        damaged = False
        while True:
            char = self.peek()
            if char == "]":
                self._at += 1
                return
            if not char and damaged:
                self._broken = True  # the damaged record took the end of the array with it, and is reported
                return
            if not char:
                raise TruncatedFileError("the file ends in the middle of an array")
            if char == "}":
                raise MalformedFileError("invalid JSON: '}' where ']' was expected")
            damaged = False
            for value, error in self._next(char):
                damaged = damaged or error is not None
                yield Element(index, value, error)
                index += 1
            if self._broken:
                return

    def indexes(self) -> Iterator[int]:
        """The indexes of the array ahead; the caller consumes each element, as with ``members``."""
        self.peek()
        self._at += 1
        index = 0
        while True:
            char = self.peek()
            if char == "]":
                self._at += 1
                return
            if not char:
                raise TruncatedFileError("the file ends in the middle of an array")
            if char in ":}":
                raise MalformedFileError(f"invalid JSON: {char!r} where ']' was expected")
            yield index
            index += 1
            if self._broken:
                return

    def value(self) -> object:
        """The value ahead. Raises the error of a value that cannot be had."""
        for value, error in self._next(self.peek()):
            if error:
                raise error
            return value
        raise TruncatedFileError("the file ends where a value was expected")

    def skip(self) -> None:
        """Pass over the value ahead in bounded memory. Raises TruncatedFileError."""
        if not self.peek():
            raise TruncatedFileError("the file ends where a value was expected")
        extent = self._extent(discard=True)
        self._at = extent.end
        if extent.cut:
            raise TruncatedFileError("the file ends in the middle of a value")

    def _more(self) -> bool:
        """Drop what lies before the position and read on; False at the end of the text."""
        if self._ended:
            return False
        chunk = self._source.read()
        if not chunk:
            self._ended = True
            return False
        self._buffer = self._buffer[self._at :] + chunk
        self._at = 0
        return True

    def _colon(self) -> None:
        while True:
            self._at = _SPACE.match(self._buffer, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._buffer):
                break
            if not self._more():
                raise TruncatedFileError("the file ends in the middle of an object")
        if self._buffer[self._at] != ":":
            raise MalformedFileError("invalid JSON: a key without a colon")
        self._at += 1

    def _next(self, char: str) -> Iterator[tuple[object, InputError | None]]:
        start = self._at
        if char not in '"[{':  # a number may go on in the next chunk: "0." is no number yet
            yield from self._slow()
            return
        try:
            value, self._at = _scan_once(self._buffer, start)
        except (StopIteration, ValueError, RecursionError):
            yield from self._slow()
            return
        yield value, self._limits(value, start, self._at)

    def _limits(self, value: object, start: int, end: int) -> RecordInputError | None:
        buffer = self._buffer
        if end - start > self._max_bytes // 4 and _bytes(buffer[start:end]) > self._max_bytes:
            return self._too_large()
        brackets = buffer.count("[", start, end) + buffer.count("{", start, end)
        if brackets > self._max_depth and depth_of(value) > self._max_depth:
            return _too_deep(self._max_depth)
        return None

    def _too_large(self) -> RecordTooLargeError:
        return RecordTooLargeError(f"the record is longer than {self._max_bytes:,} bytes")

    def _slow(self) -> Iterator[tuple[object, InputError | None]]:
        extent = self._extent(discard=False)
        raw = self._buffer[self._at : extent.end]
        if not raw and not extent.large:  # a stray ':' or the like: step over it
            extent.end += 1
            raw = self._buffer[self._at : extent.end]
        start, self._at = self._at, extent.end
        if extent.deep:
            yield None, _too_deep(self._max_depth)
            return
        if extent.large:
            yield None, self._too_large()
            return
        try:
            value = load(raw, self._max_depth)
        except RecordInputError as error:
            if isinstance(error, RecordTooDeepError):
                yield None, error
                return
            yield from self._salvage(raw, None if extent.cut else error)
            return
        yield value, self._limits(value, start, extent.end)

    def _salvage(
        self, raw: str, error: RecordInputError | None
    ) -> Iterator[tuple[object, InputError | None]]:
        """The error of a broken record, then the records it has swallowed: each begins with the same key."""
        if error:
            yield None, error
        first = _FIRST_KEY.match(raw)
        at, attempts = 1, 0
        if first:
            again = re.compile(r"\{\s*+" + re.escape(first[1]) + r"\s*+:")
            while attempts < _ATTEMPTS:
                found = again.search(raw, at)
                if not found:
                    break
                try:
                    value, at = _scan_once(raw, found.start())
                    yield value, self._too_deep_or_none(value)
                except (StopIteration, ValueError, RecursionError):
                    at, attempts = found.end(), attempts + 1
        if error is None:
            yield None, TruncatedFileError("the file ends in the middle of a record")

    def _too_deep_or_none(self, value: object) -> RecordInputError | None:
        return _too_deep(self._max_depth) if depth_of(value) > self._max_depth else None

    def _extent(self, *, discard: bool) -> _Extent:
        """Find the end of the value ahead by its brackets, reading on as needed.

        A value beyond ``max_bytes``, or any with ``discard``, is dropped as it goes by, and only its end is
        kept. A closer that does not match closes the innermost opener it can: a missing ``]`` inside a record
        then stays inside that record.
        """
        extent = _Extent(self._at)
        stack: list[str] = []
        beyond = 0  # levels open past max_depth: counted, not remembered
        at, in_string, begun = self._at, False, False
        while True:
            pattern = _IN_STRING if in_string else _BETWEEN if stack else _SCALAR
            before = at
            at = pattern.match(self._buffer, at).end()  # type: ignore[union-attr]
            begun = begun or at > before
            char = self._buffer[at] if at < len(self._buffer) else ""
            if not char or (in_string and char == "\\"):
                at = self._read_on(at, extent, discard)
                if at >= 0:
                    continue
                extent.cut = bool(stack) or in_string
                extent.end = len(self._buffer)
                self._broken = extent.cut
                return extent
            if in_string:
                at, in_string = at + 1, False
            elif char == '"' and (stack or not begun):
                at, in_string, begun = at + 1, True, True
                continue
            elif char in "[{" and (stack or not begun):
                run = _OPENERS.match(self._buffer, at)[0] if beyond else char  # type: ignore[index]
                at, begun = at + len(run), True
                if len(stack) >= self._max_depth:
                    extent.deep, beyond = True, beyond + len(run)
                else:
                    stack.append(_CLOSER[char])
                continue
            elif char in "]}" and stack:
                at += 1
                if beyond:
                    beyond -= 1
                else:
                    _close(stack, char)
            if not stack:
                extent.end = at
                return extent

    def _read_on(self, at: int, extent: _Extent, discard: bool) -> int:
        """Fetch more text during ``_extent``; the position in the new buffer, -1 at the end of the text."""
        if at - self._at > self._max_bytes:
            extent.large = True
        if discard or extent.large:
            self._at = at
        offset = at - self._at
        return offset if self._more() else -1


def _close(stack: list[str], char: str) -> None:
    """Leave the innermost level that ``char`` closes, if any."""
    if char in stack:
        while stack.pop() != char:
            pass


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
