"""Our sentences with times: read, verified, written as JSONL with character offsets.

    python -m training.annotated_times.load                                      # checks all, prints counts
    python -m training.annotated_times.load --lang ru --split test --out FILE    # one JSON object a line

RULES.md says how they are annotated, ``tocsin.evaluate.bracketed`` reads the notation (so ``tocsin eval
time`` takes the files as they are). Records have the shape of the public corpora: ``id``, ``dct``, ``text``
and ``timex`` with ``start``, ``end`` (code points of ``text``), ``value`` and, besides, ``bounds``.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any, Final

from tocsin.errors import MalformedRecordError
from tocsin.evaluate.bracketed import bracketed_groups

__all__ = ["LANGUAGES", "PARTS", "SPLITS", "AnnotationError", "check_values", "load"]

HERE: Final = Path(__file__).parent
LANGUAGES: Final = ("en", "ru", "uk", "kk")
SPLITS: Final = ("train", "test")
#: What there is: of English, which public corpora have, a test part only.
PARTS: Final = tuple((n, s) for n in LANGUAGES for s in SPLITS if (n, s) != ("en", "train"))

_VALUE: Final = re.compile(
    r"""PRESENT_REF | PAST_REF | FUTURE_REF
      | BC\d{4}
      | P (?:X|\d+) [DWMYEC] | PT (?:X|\d+) [HMS] | P\d+Y6M | PT\d+H30M | PT\d+M30S
      | \d{2,4} | \d{4}-(?:Q[1-4]|H[12]|SP|SU|FA|WI|W\d\d(?:-WE)?) | \d{4}-\d\d
      | \d{4}-\d\d-\d\d(?:T(?:MO|AF|EV|NI|\d\d:\d\d))?
      | XXXX-(?:WXX-(?:[1-7]|WE)|SP|SU|FA|WI|\d\d(?:-\d\d)?|XX-XXT(?:MO|AF|EV|NI))
    """,
    re.VERBOSE,
)

Record = dict[str, Any]


class AnnotationError(ValueError):
    """A fault of one annotated text: which, what is wrong and what to do about it."""


def check_values(record: Record) -> Record:
    """The record itself; raises AnnotationError for a value that RULES.md does not have."""
    for timex in record["timex"]:
        if _VALUE.fullmatch(timex["value"]) is None:
            raise AnnotationError(
                f"{record['id']}: {timex['value']!r} is no TIMEX3 value of RULES.md; correct it"
            )
    return record


def load(language: str, split: str, folder: Path = HERE) -> list[Record]:
    """The texts of one language and split, as in the file; raises AnnotationError, OSError."""
    path = folder / f"{language}-{split}.yaml"
    try:
        found = list(bracketed_groups(path.read_text(encoding="utf-8"), path.stem))
    except MalformedRecordError as error:
        raise AnnotationError(f"{path.name}: {error.cause}") from None
    records = []
    for record in found:
        if isinstance(record, MalformedRecordError):
            raise AnnotationError(f"{path.name}: {record.cause}")
        records.append(check_values(record))
    return records


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lang", choices=LANGUAGES)
    parser.add_argument("--split", choices=SPLITS)
    parser.add_argument("--out", type=Path, help="write the texts of --lang and --split here")
    options = parser.parse_args(arguments)
    if options.out is not None and not (options.lang and options.split):
        parser.error("--out needs --lang and --split")
    for language, split in PARTS:
        if (options.lang or language, options.split or split) != (language, split):
            continue
        records = load(language, split)
        print(f"{language} {split}: {len(records)} texts, {sum(len(r['timex']) for r in records)} times")
        if options.out is not None:
            lines = [json.dumps(record, ensure_ascii=False) + "\n" for record in records]
            options.out.write_text("".join(lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
