"""One file per input format → posts: streaming, and hardened against bad input.

``discover`` finds files, ``read_file`` reads one. Importing this package loads no parser of HTML or Parquet.
"""

from __future__ import annotations

from tocsin.read.discover import discover, file_digest
from tocsin.read.driver import read_file
from tocsin.read.events import (
    Event,
    Fault,
    Format,
    Found,
    InputFile,
    Opened,
    Progress,
    Reader,
    ReadOptions,
    Skipped,
)
from tocsin.read.options import FIELDS, parse_date_option, parse_mapping
from tocsin.read.registry import formats

__all__ = [
    "FIELDS",
    "Event",
    "Fault",
    "Format",
    "Found",
    "InputFile",
    "Opened",
    "Progress",
    "ReadOptions",
    "Reader",
    "Skipped",
    "discover",
    "file_digest",
    "formats",
    "parse_date_option",
    "parse_mapping",
    "read_file",
]
