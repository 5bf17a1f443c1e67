"""Our annotated sentences of warnings and blame: read, verified, and written as JSONL with character offsets.

    python -m training.annotated_judgement.load                                       # checks everything,
    prints counts
    python -m training.annotated_judgement.load --lang ru --split test --out FILE     # one JSON object a line

RULES.md says how they are annotated. Offsets are code points of ``text``, end exclusive.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

__all__ = ["LANGUAGES", "PUBLISHED", "SPLITS", "AnnotationError", "load"]

HERE: Final = Path(__file__).parent
LANGUAGES: Final = ("en", "ru", "uk", "kk")
SPLITS: Final = ("train", "test")
#: When all sentences were published (UTC).
PUBLISHED: Final = "2026-03-11T12:00:00+00:00"
ROLES: Final = {"w": "warner", "e": "event", "h": "horizon", "a": "accuser", "b": "accused", "d": "deed"}
_OPEN: Final = re.compile(r"\{([wehabd]) ")
#: Which roles a kind needs and which it may have.
_NEEDS: Final = {"forecast": "e", "blame": "bd", "none": ""}
_MAY: Final = {"forecast": "weh", "blame": "abd", "none": "w"}

Record = dict[str, Any]


class AnnotationError(ValueError):
    """A fault of one line: file, line and what is wrong."""


def _unmarked(line: str, place: str) -> tuple[str, dict[str, list[list[int]]]]:
    """The plain text and the spans of each role; marks may nest."""
    text: list[str] = []
    length = 0
    open_marks: list[tuple[str, int]] = []
    roles: dict[str, list[list[int]]] = {}
    at = 0
    while at < len(line):
        if mark := _OPEN.match(line, at):
            open_marks.append((mark[1], length))
            at = mark.end()
        elif line[at] == "}":
            if not open_marks:
                raise AnnotationError(f"{place}: a closing brace too many")
            role, start = open_marks.pop()
            if start < length:
                roles.setdefault(role, []).append([start, length])
            at += 1
        else:
            text.append(line[at])
            length += 1
            at += 1
    if open_marks:
        raise AnnotationError(f"{place}: a mark is not closed")
    return "".join(text), roles


def _without(spans: list[list[int]], holes: Sequence[Sequence[int]]) -> list[list[int]]:
    for low, high in holes:
        spans = [
            [a, b]
            for start, end in spans
            for a, b in ((start, min(end, low)), (max(start, high), end))
            if a < b
        ]
    return spans


def record_of(line: str, identifier: str) -> Record:
    """One sentence as a record. Raises AnnotationError."""
    marked, tab, label = line.rstrip("\n").partition("\t")
    words = label.split()
    if not tab or not words or words[0] not in _NEEDS:
        raise AnnotationError(f"{identifier}: no label after a tab")
    text, roles = _unmarked(marked, identifier)
    kind = words[0]
    if missing := [r for r in _NEEDS[kind] if r not in roles]:
        raise AnnotationError(f"{identifier}: a {kind} without {ROLES[missing[0]]}")
    if extra := sorted(set(roles) - set(_MAY[kind])):
        raise AnnotationError(f"{identifier}: {ROLES[extra[0]]} of a {kind}")
    roles["e"] = _without(roles.get("e", []), roles.get("h", []))
    found: Record = {"doc_id": identifier, "text": text, "published": PUBLISHED, "kind": kind}
    found |= {name: sorted(roles.get(role, [])) for role, name in ROLES.items()}
    if kind == "forecast":
        found["last_day"] = None if words[1] == "open" else date.fromisoformat(words[1]).isoformat()
    if kind == "blame":
        if words[1] not in {"accuse", "deny"}:
            raise AnnotationError(f"{identifier}: {words[1]!r} is neither accuse nor deny")
        found["stance"] = words[1]
    # The same as ``tocsin eval forecast`` and ``tocsin eval blame`` read it.
    found["forecasts"] = [found] if kind == "forecast" else []
    found["blame"] = [found] if kind == "blame" else []
    wanted = {"forecasts": ("event", "warner", "last_day"), "blame": ("accused", "accuser", "stance")}
    for name, fields in wanted.items():
        found[name] = [{field: entry[field] for field in fields} for entry in found[name]]
    return found


def load(language: str, split: str) -> list[Record]:
    """The records of one file. Raises AnnotationError."""
    lines = (HERE / f"{language}-{split}.txt").read_text(encoding="utf-8").splitlines()
    records = [record_of(line, f"{language}-{split}-{n:03}") for n, line in enumerate(lines, 1)]
    return [record | {"lang": language} for record in records]


def main() -> None:
    """Check all files, or write one as JSON lines."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lang", choices=LANGUAGES)
    parser.add_argument("--split", choices=SPLITS, default="test")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    if arguments.out is not None:
        records = load(arguments.lang, arguments.split)
        lines = [json.dumps(record, ensure_ascii=False) for record in records]
        arguments.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return
    for language in LANGUAGES:
        for split in SPLITS:
            kinds = Counter(record["kind"] for record in load(language, split))
            print(language, split, sum(kinds.values()), dict(sorted(kinds.items())))


if __name__ == "__main__":
    main()
