"""The whole error tree.

Every error tocsin raises on purpose is here, and every leaf carries: a stable ``code``, a one-line
``cause``, a ``remedy`` the user can act on, the process ``exit_status`` and the ``http_status`` it maps
to. Errors about input also carry the ``file`` and the ``position`` inside it.

TocsinError
├── UsageError                 exit 2   the request itself is wrong
│   ├── UnknownFormatError              ``--format`` names no reader
│   ├── BadMappingError                 ``--map`` is malformed or names a missing column
│   ├── BadSettingError                 a setting is unknown or its value out of range
│   ├── BadDateOptionError              ``--date`` is no date
│   ├── HeadNotInstalledError           nothing installed does what is to be measured
│   ├── NoInputError                    an input path does not exist
│   ├── NoSuchFindingError              an id names nothing in the case
│   ├── ConflictError                   somebody judged the same finding meanwhile
│   ├── KeyReusedError                  an idempotency key names another request
│   ├── BadCursorError                  a cursor or a filter of a list cannot be read
│   ├── BadRequestError                 the request does not fit its description
│   ├── NoSuchPageError                 nothing has that address
│   ├── BadMethodError                  the address does not know the method
│   ├── NotSignedInError                no token, or one that is not known
│   ├── ForbiddenError                  the token's role does not allow it
│   ├── ForgedRequestError              it does not come from a page of this workbench
│   ├── WrongHostError                  asked under a name the workbench does not have
│   ├── TooManyRequestsError            more requests than the limit
│   └── TooLargeError                   more bytes than the limit
├── InputError                 exit 3   a file or record could not be read; the rest goes on
│   ├── FileInputError                  … the whole file
│   │   ├── UnreadableFileError         permission, device, I/O
│   │   ├── EmptyFileError              nothing in it
│   │   ├── UndetectedFormatError       content matches no reader
│   │   ├── EncodingError               bytes are no text in any accepted encoding
│   │   ├── TruncatedFileError          the file ends in the middle of a value
│   │   ├── MalformedFileError          the container syntax is broken
│   │   ├── UnsafeArchiveError          a member leaves the archive's folder
│   │   ├── ArchiveBombError            a member expands beyond the limits
│   │   └── DirectoryLoopError          a directory contains itself through a link
│   └── RecordInputError                … one record
│       ├── MalformedRecordError        the record is not what its format promises
│       ├── MissingTextError            the record has no text where it must
│       ├── RecordTooLargeError         longer than ``read.max_record_bytes``
│       ├── RecordTooDeepError          nested deeper than ``read.max_json_depth``
│       └── BadDateError                the date cannot be used; the text is kept without it
├── CaseError                  exit 4   the case cannot be used
│   ├── NotACaseError                   the folder holds something else
│   ├── CaseVersionError                written by an incompatible version
│   ├── CaseBusyError                   another process is writing
│   └── CaseDamagedError                a segment is missing or altered
└── InternalError              exit 1   a bug: please report it
"""

from __future__ import annotations

from typing import ClassVar

__all__ = [
    "ArchiveBombError",
    "BadCursorError",
    "BadDateError",
    "BadDateOptionError",
    "BadMappingError",
    "BadMethodError",
    "BadRequestError",
    "BadSettingError",
    "CaseBusyError",
    "CaseDamagedError",
    "CaseError",
    "CaseVersionError",
    "ConflictError",
    "DirectoryLoopError",
    "EmptyFileError",
    "EncodingError",
    "FileInputError",
    "ForbiddenError",
    "ForgedRequestError",
    "HeadNotInstalledError",
    "InputError",
    "InternalError",
    "KeyReusedError",
    "MalformedFileError",
    "MalformedRecordError",
    "MissingTextError",
    "NoInputError",
    "NoSuchFindingError",
    "NoSuchPageError",
    "NotACaseError",
    "NotSignedInError",
    "RecordInputError",
    "RecordTooDeepError",
    "RecordTooLargeError",
    "TocsinError",
    "TooLargeError",
    "TooManyRequestsError",
    "TruncatedFileError",
    "UndetectedFormatError",
    "UnknownFormatError",
    "UnreadableFileError",
    "UnsafeArchiveError",
    "UsageError",
    "WrongHostError",
]


class TocsinError(Exception):
    """Base of every error raised on purpose.

    Parameters
    ----------
    cause: one sentence, no trailing full stop, in the user's words.
    remedy: what to do; defaults to the class's own.
    file: the path as the user gave it, with ``!member`` for a file inside an archive.
    position: where in the file ("line 3", "messages[12]", "byte 4096").
    """

    code: ClassVar[str] = "error"
    exit_status: ClassVar[int] = 1
    http_status: ClassVar[int] = 500
    default_remedy: ClassVar[str] = ""

    def __init__(self, cause: str, *, remedy: str = "", file: str = "", position: str = "") -> None:
        super().__init__(cause)
        self.cause = cause
        self.remedy = remedy or self.default_remedy
        self.file = file
        self.position = position

    def __str__(self) -> str:
        where = ": ".join(part for part in (self.file, self.position) if part)
        text = f"{where}: {self.cause}" if where else self.cause
        return f"{text}. {self.remedy}" if self.remedy else text

    def __reduce__(self) -> tuple[object, ...]:
        # Keyword-only arguments do not survive default pickling, and errors cross worker processes.
        return (_rebuild, (type(self), self.cause, self.remedy, self.file, self.position))


def _rebuild(cls: type[TocsinError], cause: str, remedy: str, file: str, position: str) -> TocsinError:
    return cls(cause, remedy=remedy, file=file, position=position)


# --- the request is wrong ----------------------------------------------------------------------


class UsageError(TocsinError):
    """The command or call is wrong; nothing was done."""

    code = "usage"
    exit_status = 2
    http_status = 400


class UnknownFormatError(UsageError):
    """``--format`` names no reader."""

    code = "unknown-format"
    default_remedy = "Run 'tocsin formats' for the list"


class BadMappingError(UsageError):
    """``--map`` is malformed or names a column the file lacks."""

    code = "bad-mapping"
    default_remedy = "Write --map text=COLUMN,time=COLUMN,… with columns of the file"


class BadSettingError(UsageError):
    """A setting is unknown or its value is out of range."""

    code = "bad-setting"
    default_remedy = "Run 'tocsin settings' for names, units and ranges"


class BadDateOptionError(UsageError):
    """A date given on the command line cannot be read."""

    code = "bad-date-option"
    default_remedy = "Write it as YYYY-MM-DD or YYYY-MM-DDTHH:MM+HH:MM"


class HeadNotInstalledError(UsageError):
    """Nothing installed does what is to be measured."""

    code = "head-not-installed"
    http_status = 501
    default_remedy = "Install a version that has it, or score predictions made elsewhere with --predictions"


class NoInputError(UsageError):
    """An input path does not exist."""

    code = "no-input"
    http_status = 404
    default_remedy = "Check the path"


class NoSuchFindingError(UsageError):
    """An id names nothing in the case."""

    code = "no-such-finding"
    http_status = 404
    default_remedy = "Copy the id from the brief or an export of this case"


class ConflictError(UsageError):
    """Somebody judged the same finding since it was looked at."""

    code = "conflict"
    http_status = 409
    default_remedy = "Look at the entries made meanwhile, then judge again"


class KeyReusedError(UsageError):
    """An idempotency key was used for another request before."""

    code = "key-reused"
    http_status = 409
    default_remedy = "Use a fresh key for every request"


class BadCursorError(UsageError):
    """A cursor was not made by this list."""

    code = "bad-cursor"
    default_remedy = "Begin again without the cursor"


class BadRequestError(UsageError):
    """A request to the workbench does not fit its description."""

    code = "bad-request"
    http_status = 422
    default_remedy = "See the description of the interface at /api/v1/openapi.json"


class NoSuchPageError(UsageError):
    """Nothing of the workbench has that address."""

    code = "no-such-page"
    http_status = 404
    default_remedy = "Begin at /"


class BadMethodError(UsageError):
    """An address of the workbench does not know the method."""

    code = "bad-method"
    http_status = 405
    default_remedy = "See the description of the interface at /api/v1/openapi.json"


class NotSignedInError(UsageError):
    """A request without a token, or with one that is not known."""

    code = "not-signed-in"
    http_status = 401
    default_remedy = "Sign in with a token; 'tocsin serve token add' makes one"


class ForbiddenError(UsageError):
    """The token's role does not allow it."""

    code = "forbidden"
    http_status = 403
    default_remedy = "Ask whoever runs the workbench for a token of another role"


class ForgedRequestError(UsageError):
    """A change is asked for by something other than a page of this workbench."""

    code = "forged-request"
    http_status = 403
    default_remedy = "Load the page again and send the form from there"


class WrongHostError(UsageError):
    """The workbench was asked under a name it does not have."""

    code = "wrong-host"
    http_status = 421
    default_remedy = "Allow the name with 'tocsin serve --allow-host NAME'"


class TooManyRequestsError(UsageError):
    """More requests than the limit."""

    code = "too-many-requests"
    http_status = 429
    default_remedy = "Wait a little, then try again"


class TooLargeError(UsageError):
    """More bytes than the limit."""

    code = "too-large"
    http_status = 413
    default_remedy = "Send less at a time, or add the file with 'tocsin add'"


# --- the input is wrong ------------------------------------------------------------------------


class InputError(TocsinError):
    """Some input could not be read; it is listed and the rest goes on."""

    code = "input"
    exit_status = 3
    http_status = 422


class FileInputError(InputError):
    """A whole file could not be read (records before the fault are kept)."""

    code = "file"


class UnreadableFileError(FileInputError):
    """The operating system refuses to read the file."""

    code = "unreadable-file"
    default_remedy = "Check its permissions, then add it again"


class EmptyFileError(FileInputError):
    """The file holds no bytes, or only white space."""

    code = "empty-file"
    default_remedy = "Export it again, or leave it out"


class UndetectedFormatError(FileInputError):
    """The content matches no reader."""

    code = "undetected-format"
    default_remedy = "Name the format with --format (run 'tocsin formats')"


class EncodingError(FileInputError):
    """The bytes are no text in any accepted encoding."""

    code = "encoding"
    default_remedy = "Save the file as UTF-8 and add it again"


class TruncatedFileError(FileInputError):
    """The file ends in the middle of a value."""

    code = "truncated-file"
    default_remedy = "Records before the break were kept; export again for the rest"


class MalformedFileError(FileInputError):
    """The container syntax is broken."""

    code = "malformed-file"
    default_remedy = "Records before the fault were kept; repair or export again for the rest"


class UnsafeArchiveError(FileInputError):
    """An archive member would be written outside the archive's folder."""

    code = "unsafe-archive"
    default_remedy = "Do not trust this archive; extract what you need by hand"


class ArchiveBombError(FileInputError):
    """A compressed file expands beyond the limits."""

    code = "archive-bomb"
    default_remedy = "If the file is genuine, extract it and add the extracted files"


class DirectoryLoopError(FileInputError):
    """A directory contains itself through a link."""

    code = "directory-loop"
    default_remedy = "Remove the link; everything else in the directory was read"


class RecordInputError(InputError):
    """One record could not be read, or not wholly."""

    code = "record"


class MalformedRecordError(RecordInputError):
    """The record is not what its format promises."""

    code = "malformed-record"
    default_remedy = "Repair the record and add the file again"


class MissingTextError(RecordInputError):
    """The record has no text where its format must have one."""

    code = "missing-text"
    default_remedy = "Check the column mapping (--map text=COLUMN)"


class RecordTooLargeError(RecordInputError):
    """The record is longer than ``read.max_record_bytes``."""

    code = "record-too-large"
    default_remedy = "Raise it with --set read.max_record_bytes=N, or split the record"


class RecordTooDeepError(RecordInputError):
    """The record is nested deeper than ``read.max_json_depth``."""

    code = "record-too-deep"
    default_remedy = "Raise it with --set read.max_json_depth=N if the file is genuine"


class BadDateError(RecordInputError):
    """The date cannot be used; the document is kept with its date unknown."""

    code = "bad-date"
    default_remedy = "The document was kept without a date; give one with --date"


# --- the case is wrong -------------------------------------------------------------------------


class CaseError(TocsinError):
    """The case cannot be used as it stands."""

    code = "case"
    exit_status = 4
    http_status = 503


class NotACaseError(CaseError):
    """The folder exists and holds something other than a case."""

    code = "not-a-case"
    http_status = 404
    default_remedy = "Name an empty or new folder, or an existing case"


class CaseVersionError(CaseError):
    """The case was written by an incompatible version."""

    code = "case-version"
    default_remedy = "Open it with the version that wrote it"


class CaseBusyError(CaseError):
    """Another process is writing to the case."""

    code = "case-busy"
    http_status = 409
    default_remedy = "Wait for it to end, then run the command again"


class CaseDamagedError(CaseError):
    """A segment the manifest names is missing or altered."""

    code = "case-damaged"
    default_remedy = "Restore the folder from a backup, or build a new case from the inputs"


class InternalError(TocsinError):
    """A bug in tocsin."""

    code = "internal"
    default_remedy = "Please report it with the message above"
