"""Annotated texts written with marks in the text, turned into the YAML the loader reads.

    python -m training.annotated.marked FILE… --lang ru --first 121 --out training/annotated/ru/train-05.yaml

An entry is a line ``# genre``, the text with its marks, and a line of labels::

    # news
    [Глава района] {сообщил}, <что (e:мост закроют) (h:до пятницы)>. {2|Просим} <2|жителей не выходить>.
    = uo C+ f; au U a

``[source]``, ``{cue}``, ``<content>`` may begin with the numbers of their attributions and a bar (none: the
first); one role may have several stretches, and marks may stand in one another. ``(e:…)`` event,
``(h:…)`` horizon, ``(b:…)`` blamed, ``(d:…)`` deed and ``(w:…)`` hedge belong to the attributions of the
content around them, or to those numbered: ``(b2:…)``. Labels are, for each attribution in order, the source
kind, certainty with polarity and kind by the short names below; ``w`` after them makes the cue a hedge,
``^1`` the first attribution the parent (where it is not the smallest content that holds all of it).
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from training.annotated.load import occurrences

__all__ = ["entries", "entry_of", "yaml_of"]

KINDS: Final = {
    "np": "named person",
    "no": "named organisation",
    "uo": "unnamed official",
    "an": "anonymous",
    "do": "document",
    "me": "media",
    "cr": "crowd",
    "au": "author",
}
CLAIMS: Final = {"r": "report", "f": "forecast", "b": "blame", "a": "advice", "o": "opinion"}
LEVELS: Final = {"C": "CT", "R": "PR", "S": "PS", "U": "Uu"}
SIGNS: Final = {"+": "positive", "-": "negative"}
EXTRA: Final = {"e": "event", "h": "horizon", "b": "blamed", "d": "deed", "w": "hedge"}
ROLES: Final = {"[": ("source", "]"), "{": ("cue", "}"), "<": ("content", ">")}

#: Entries of a file that stays below 500 lines.
_LINES: Final = 490
_GENRE: Final = re.compile(r"^# (news|post|official|forum)$", re.MULTILINE)
_IDS: Final = re.compile(r"(\d+)\|")
_WORDS: Final = re.compile(r"\(([ehbdw])(\d*):")

Span = tuple[int, int]


@dataclass(slots=True)
class _Reading:
    """The text without marks, and the spans of each role and number."""

    text: str = ""
    spans: dict[tuple[str, int], list[Span]] = field(default_factory=dict)
    open: list[tuple[str, str, list[int], int]] = field(default_factory=list)

    def begin(self, role: str, end: str, numbers: list[int]) -> None:
        if not numbers and role in EXTRA.values():
            around = [one for one in self.open if one[0] == "content"]
            numbers = around[-1][2] if around else [1]
        self.open.append((role, end, numbers or [1], len(self.text)))

    def end(self) -> None:
        role, _, numbers, start = self.open.pop()
        for number in numbers:
            self.spans.setdefault((role, number), []).append((start, len(self.text)))


def _read(marked: str) -> _Reading:
    found = _Reading()
    at = 0
    while at < len(marked):
        sign = marked[at]
        words = _WORDS.match(marked, at)
        if words:
            found.begin(EXTRA[words[1]], ")", [int(n) for n in words[2]])
            at = words.end()
        elif sign in ROLES:
            ids = _IDS.match(marked, at + 1)
            found.begin(*ROLES[sign], [int(n) for n in ids[1]] if ids else [])
            at = ids.end() if ids else at + 1
        elif found.open and sign == found.open[-1][1]:
            found.end()
            at += 1
        else:
            if sign in "]}>":
                raise ValueError(f"{sign!r} closes nothing open: {marked[max(0, at - 40) : at + 20]!r}")
            found.text += sign
            at += 1
    if found.open:
        raise ValueError(f"{found.open[-1][0]} is not closed: {marked[:80]!r}")
    return found


def _quoted(text: str, spans: Sequence[Span]) -> str | list[str] | None:
    """Spans as the loader finds them again: words, with their number where they stand more than once."""
    found = []
    for start, end in sorted(spans):
        words = text[start:end]
        starts = occurrences(text, words)
        if start not in starts:
            raise ValueError(f"{words!r} is not whole words of {text[:80]!r}")
        found.append(words if len(starts) == 1 else f"{words}@{starts.index(start) + 1}")
    return (found[0] if len(found) == 1 else found) if found else None


def entry_of(genre: str, body: str, name: str) -> dict[str, Any]:
    """One entry of the YAML from its genre, its marked text with the line of labels, and its id."""
    marked, _, labels = body.strip().partition("\n= ")
    read = _read(marked.strip())
    rows: list[dict[str, Any]] = []
    labelled = [one.split() for one in labels.split(";") if one.strip()]
    used = {number for _, number in read.spans}
    if used != set(range(1, len(labelled) + 1)):
        raise ValueError(f"{name}: attributions {sorted(used)}, labels {len(labelled)}: {body[:80]!r}")
    for number, (kind, level, claim, *rest) in enumerate(labelled, 1):
        own = {role: read.spans.get((role, number), []) for role in ("source", "cue", "content")}
        row: dict[str, Any] = {"id": f"a{number}"}
        parent = next((one[1:] for one in rest if one.startswith("^")), None)
        above = f"a{parent}" if parent else _parent(read, number)
        if above:
            row["parent"] = above
        row |= {role: _quoted(read.text, spans) for role, spans in own.items()}
        row |= {"source_kind": KINDS[kind], "certainty": LEVELS[level[0]]}
        if level[0] != "U":
            row["polarity"] = SIGNS[level[1]]
        row["kind"] = CLAIMS[claim]
        for extra in EXTRA.values():
            spans = read.spans.get((extra, number), [])
            if extra == "hedge" and "w" in rest:
                spans = [*own["cue"], *spans]
            if spans:
                row[extra] = _quoted(read.text, spans)
        rows.append(row)
    return {"id": name, "genre": genre, "text": read.text, "attributions": rows}


def _parent(read: _Reading, number: int) -> str | None:
    """The smallest content of another that holds all of an attribution."""
    own = {at for role in ("source", "cue", "content") for at in _letters(read, role, number)}
    found = []
    for role, other in read.spans:
        if role == "content" and other != number:
            theirs = _letters(read, "content", other)
            if own <= theirs:
                found.append((len(theirs), other))
    return f"a{min(found)[1]}" if found else None


def _letters(read: _Reading, role: str, number: int) -> set[int]:
    spans = read.spans.get((role, number), [])
    return {at for start, end in spans for at in range(start, end) if read.text[at].isalnum()}


def entries(marked: str, start: str, first: int) -> Iterator[dict[str, Any]]:
    """The entries of a file; ids are ``start`` and a number from ``first`` on."""
    parts = _GENRE.split(marked)[1:]
    for number, (genre, body) in enumerate(zip(parts[::2], parts[1::2], strict=True), first):
        yield entry_of(genre, body, f"{start}{number:03}")


def yaml_of(entry: dict[str, Any]) -> str:
    """An entry as it stands in the files of texts."""
    lines = [f"- id: {entry['id']}", f"  genre: {entry['genre']}", "  text: |-"]
    lines += [f"    {line}" if line else "" for line in entry["text"].split("\n")]
    lines.append("  attributions:" if entry["attributions"] else "  attributions: []")
    for row in entry["attributions"]:
        parts = [f"{key}: {_value(key, value)}" for key, value in row.items()]
        lines.append("  - {" + ", ".join(parts) + "}")
    return "\n".join(lines) + "\n"


def _value(key: str, value: Any) -> str:
    if value is None:
        return "null"
    if key in {"id", "parent", "source_kind", "certainty", "polarity", "kind"}:
        return str(value)
    return json.dumps(value, ensure_ascii=False)


def main() -> None:
    """Write the files of texts of one language; the last number of ``--out`` counts on as they fill up."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--lang", required=True)
    parser.add_argument("--first", type=int, required=True, help="number of the first text")
    parser.add_argument("--out", type=Path, required=True, help="the first file, say train-05.yaml")
    args = parser.parse_args()
    marked = "\n".join(path.read_text(encoding="utf-8") for path in args.files)
    texts = [yaml_of(entry) for entry in entries(marked, f"{args.lang}-train-", args.first)]
    stem, _, number = args.out.stem.rpartition("-")
    at, lines = int(number), 0
    files: dict[Path, list[str]] = {}
    for text in texts:
        if lines + text.count("\n") + 1 > _LINES:
            at, lines = at + 1, 0
        files.setdefault(args.out.with_name(f"{stem}-{at:02}.yaml"), []).append(text)
        lines += text.count("\n") + 1
    for path, own in files.items():
        path.write_text("".join(own), encoding="utf-8")
        print(f"{path}: {len(own)} texts")


if __name__ == "__main__":
    main()
