"""Our sentences with times: read, verified, written as JSONL with character offsets.

    python -m training.annotated_times.load                                      # checks all, prints counts
    python -m training.annotated_times.load --lang ru --split test --out FILE    # one JSON object a line

RULES.md says how they are annotated. Records have the shape of the public corpora: ``id``, ``dct``, ``text``
and ``timex`` with ``start``, ``end`` (code points of ``text``), ``value`` and, besides, ``bounds``.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import yaml

__all__ = ["BOUNDS", "LANGUAGES", "SPLITS", "AnnotationError", "load", "record_of"]

HERE: Final = Path(__file__).parent
LANGUAGES: Final = ("ru", "uk", "kk")
SPLITS: Final = ("train", "test")
#: What a sentence may say of an end of the interval.
BOUNDS: Final = ("since", "until", "before", "after")

_MARK: Final = re.compile(r"\[([^\[\]|]+)\|([^\[\]|]+)(?:\|([^\[\]|]+))?\]")
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


def record_of(marked: str, name: str, on: str) -> Record:
    """A text with brackets as a record; raises AnnotationError where the notation is not kept."""
    text, at, found = "", 0, []
    for mark in _MARK.finditer(marked):
        words, value, listed = mark.groups()
        if _VALUE.fullmatch(value) is None:
            raise AnnotationError(f"{name}: {value!r} is no TIMEX3 value of RULES.md; correct it")
        bounds = [] if listed is None else listed.split(", ")
        if not set(bounds) <= set(BOUNDS):
            raise AnnotationError(f"{name}: {listed!r} names no bounds; write some of {', '.join(BOUNDS)}")
        text += marked[at : mark.start()]
        found.append(
            {
                "start": len(text),
                "end": len(text) + len(words),
                "text": words,
                "value": value,
                "bounds": bounds,
            }
        )
        text += words
        at = mark.end()
    text += marked[at:]
    if set(text) & set("[]|"):
        raise AnnotationError(f"{name}: a bracket or bar is left over; mark times as [words|value|bounds]")
    return {"id": name, "dct": on, "text": text, "timex": found}


def load(language: str, split: str, folder: Path = HERE) -> list[Record]:
    """The texts of one language and split, as in the file; raises AnnotationError, OSError, YAMLError."""
    path = folder / f"{language}-{split}.yaml"
    groups = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    records: list[Record] = []
    for group in groups:
        try:
            datetime.fromisoformat(group["on"])
        except ValueError:
            raise AnnotationError(f"{path.name}: {group['on']!r} is no date and time; correct it") from None
        for marked in group["texts"]:
            records.append(record_of(marked, f"{language}-{split}-{len(records) + 1:03d}", group["on"]))
    return records


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lang", choices=LANGUAGES)
    parser.add_argument("--split", choices=SPLITS)
    parser.add_argument("--out", type=Path, help="write the texts of --lang and --split here")
    options = parser.parse_args(arguments)
    if options.out is not None and not (options.lang and options.split):
        parser.error("--out needs --lang and --split")
    for language in (options.lang,) if options.lang else LANGUAGES:
        for split in (options.split,) if options.split else SPLITS:
            records = load(language, split)
            print(f"{language} {split}: {len(records)} texts, {sum(len(r['timex']) for r in records)} times")
            if options.out is not None:
                lines = [json.dumps(record, ensure_ascii=False) + "\n" for record in records]
                options.out.write_text("".join(lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
