"""Our annotated texts, "who says what": read, verified, and written as JSONL with character offsets.

    python -m training.annotated.load                                       # checks everything, prints counts
    python -m training.annotated.load --lang ru --split test --out FILE     # one JSON object a line

The texts lie in ``training/annotated/<language>/{train,test}-NN.yaml``; RULES.md says how they are annotated.
Offsets are code points of ``text``, end exclusive.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import yaml

try:  # the same loader in C, where PyYAML was built with it
    from yaml import CSafeLoader as SafeLoader
except ImportError:
    from yaml import SafeLoader  # type: ignore[assignment]

from tocsin.language.segment import sentences
from tocsin.model import Certainty, ClaimKind, SourceKind

__all__ = [
    "EXTRA",
    "ROLES",
    "SPLITS",
    "AnnotationError",
    "faults",
    "languages",
    "load",
    "occurrences",
    "record_of",
    "tally",
]

HERE: Final = Path(__file__).parent
SPLITS: Final = ("train", "test")
GENRES: Final = ("news", "post", "official", "forum")
ROLES: Final = ("source", "cue", "content")
#: Further words of an attribution.
EXTRA: Final = ("event", "horizon", "blamed", "deed", "hedge")
#: Those of them that stand inside its content.
INSIDE: Final = ("event", "horizon", "deed")
POLARITY: Final = {"positive": "+", "negative": "-"}
LEVELS: Final = ("CT", "PR", "PS", "Uu")
_KEYS: Final = frozenset({"id", "parent", *ROLES, "source_kind", "certainty", "polarity", "kind", *EXTRA})
#: So many words in a row that stand in train and in test make the test part no test.
LONGEST_SHARED: Final = 8

_NUMBERED: Final = re.compile(r"(.+)@([1-9]\d*)", re.DOTALL)
_WORD: Final = re.compile(r"\w+")

Record = dict[str, Any]
Ranges = list[list[int]]


class AnnotationError(ValueError):
    """A fault of one annotated text: file, entry, what is wrong and what to do about it."""

    def __init__(self, place: str, cause: str, remedy: str) -> None:
        super().__init__(f"{place}: {cause}; {remedy}")
        self.place, self.cause, self.remedy = place, cause, remedy


class _Loader(SafeLoader):
    """YAML whose mappings name no key twice: the plain loader would keep the last and say nothing."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = Counter(loader.construct_object(key) for key, _ in node.value)
    for key, times in keys.items():
        if times > 1:
            raise yaml.constructor.ConstructorError(None, None, f"key {key!r} twice", node.start_mark)
    return {loader.construct_object(key): loader.construct_object(value, True) for key, value in node.value}


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


# --- one entry ---------------------------------------------------------------------------------------


def occurrences(text: str, piece: str) -> list[int]:
    """Starts of a piece where it stands as whole words."""
    found, at = [], text.find(piece)
    while at >= 0:
        end = at + len(piece)
        cut_before = at > 0 and _WORD.match(piece[0]) and _WORD.match(text[at - 1])
        cut_after = end < len(text) and _WORD.match(piece[-1]) and _WORD.match(text[end])
        if not cut_before and not cut_after:
            found.append(at)
        at = text.find(piece, at + 1)
    return found


def _range(text: str, value: object, place: str) -> list[int]:
    """The offsets of one piece; ``words@2`` is the second occurrence of ``words``."""
    if not isinstance(value, str) or not value.strip():
        raise AnnotationError(place, f"{value!r} is not a string", "write words of the text, quoted")
    numbered = _NUMBERED.fullmatch(value)
    piece, number = (numbered[1], int(numbered[2])) if numbered and value not in text else (value, 0)
    if piece != piece.strip() or piece.endswith(","):
        raise AnnotationError(place, f"{value!r} ends in a space or comma", "leave it out")
    starts = occurrences(text, piece)
    if not starts and piece in text:
        raise AnnotationError(place, f"{piece!r} begins or ends inside a word", "take whole words")
    if not starts:
        raise AnnotationError(place, f"{piece!r} is not in the text", "copy the words as they stand there")
    if len(starts) > 1 and not number:
        remedy = f'write "{piece}@1" to "{piece}@{len(starts)}", or more words'
        raise AnnotationError(place, f"{piece!r} occurs {len(starts)} times", remedy)
    if number > len(starts):
        raise AnnotationError(place, f"{value!r}: there are {len(starts)}", "count whole words only")
    start = starts[max(number, 1) - 1]
    return [start, start + len(piece)]


def _ranges(text: str, value: object, place: str) -> Ranges:
    if value is None:
        return []
    found = sorted(_range(text, piece, place) for piece in (value if isinstance(value, list) else [value]))
    if any(one[1] > other[0] for one, other in pairwise(found)):
        raise AnnotationError(place, f"the pieces {value!r} overlap", "list each stretch of words once")
    return found


def _choice(raw: Mapping[str, Any], key: str, allowed: Sequence[str], place: str) -> str:
    value = raw.get(key)
    if value not in allowed:
        raise AnnotationError(place, f"{key} is {value!r}", f"write one of: {', '.join(allowed)}")
    return str(value)


def _certainty(raw: Mapping[str, Any], place: str) -> str:
    level = _choice(raw, "certainty", LEVELS, place)
    if level == "Uu" and raw.get("polarity") is None:
        return Certainty.UNDERSPECIFIED
    sign = POLARITY[_choice(raw, "polarity", tuple(POLARITY), place)]
    return Certainty.UNDERSPECIFIED if level == "Uu" else Certainty(level + sign)


def _attribution(text: str, raw: object, place: str) -> Record:
    if not isinstance(raw, dict) or not isinstance(raw.get("id"), str):
        raise AnnotationError(place, f"attribution {raw!r}", "write {id: a1, source: …, cue: …, content: …}")
    place = f"{place} {raw['id']}"
    if unknown := sorted(set(raw) - _KEYS):
        raise AnnotationError(place, f"unknown key {unknown[0]!r}", f"known are {', '.join(sorted(_KEYS))}")
    kind = {**raw, "source_kind": str(raw.get("source_kind")).replace("-", " ")}
    found: Record = {"id": raw["id"], "parent": raw.get("parent")}
    found |= {role: _ranges(text, raw.get(role), f"{place} {role}") for role in ROLES}
    found["source_kind"] = _choice(kind, "source_kind", tuple(SourceKind), place)
    found["certainty"] = str(_certainty(raw, place))
    found["polarity"] = raw.get("polarity")
    found["kind"] = _choice(raw, "kind", tuple(ClaimKind), place)
    given = [name for name in EXTRA if raw.get(name) is not None]
    found |= {name: _ranges(text, raw[name], f"{place} {name}") for name in given}
    _complete(found, place)
    return found


def _complete(found: Record, place: str) -> None:
    """Are the words an attribution needs there, each in one role, and the further ones in the content?"""
    if not found["content"] or not (found["source"] or found["cue"]):
        raise AnnotationError(
            place, "no content, or neither source nor cue", "mark what is said, and by whom"
        )
    places = [character for role in ROLES for character in _characters(found[role])]
    if len(places) != len(set(places)):
        remedy = "make a list of the stretches before and after the other role"
        raise AnnotationError(place, "source, cue and content share words", remedy)
    for kind, needed in (("forecast", ("event",)), ("blame", ("blamed",))):
        for name in ("event", "horizon") if kind == "forecast" else ("blamed", "deed"):
            if found["kind"] == kind and name in needed and name not in found:
                raise AnnotationError(place, f"a {kind} without {name}", f"mark the words of the {name}")
            if found["kind"] != kind and name in found:
                raise AnnotationError(place, f"{name} of a {found['kind']}", f"leave it to kind {kind}")
    low, high = found["content"][0][0], found["content"][-1][1]
    for name in INSIDE:
        if any(start < low or end > high for start, end in found.get(name, ())):
            raise AnnotationError(place, f"{name} outside the content", f"mark the {name} inside it")


def _characters(ranges: Ranges) -> Iterator[int]:
    return (at for start, end in ranges for at in range(start, end))


def _letters(text: str, ranges: Ranges) -> set[int]:
    return {at for at in _characters(ranges) if text[at].isalnum()}


def _nesting(text: str, attributions: Sequence[Record], place: str) -> None:
    """Parents exist, form no circle, hold their children's contents; what stands in another has one."""
    by_id = {a["id"]: a for a in attributions}
    if len(by_id) != len(attributions):
        raise AnnotationError(place, "two attributions have one id", "number them a1, a2, …")
    content = {a["id"]: _letters(text, a["content"]) for a in attributions}
    above: dict[str, list[str]] = {}
    for a in attributions:
        chain: list[str] = []
        above[a["id"]] = chain
        parent = a["parent"]
        while parent is not None:
            if parent not in by_id or parent in (a["id"], *chain):
                raise AnnotationError(
                    f"{place} {a['id']}", f"parent {parent!r}", "name one that it stands in"
                )
            chain.append(parent)
            parent = by_id[parent]["parent"]
        for outer in chain:
            if not content[a["id"]] <= content[outer]:
                remedy = f"let the content of {outer} hold all of it, or drop the parent"
                raise AnnotationError(f"{place} {a['id']}", f"content outside that of {outer}", remedy)
    for a in attributions:
        own = content[a["id"]] | _letters(text, a["cue"]) | _letters(text, a["source"])
        for other in by_id:
            if other != a["id"] and own <= content[other] and other not in above[a["id"]]:
                raise AnnotationError(
                    f"{place} {a['id']}", f"stands inside {other}", f"write parent: {other}"
                )


def record_of(raw: object, language: str, split: str, file: str) -> Record:
    """One entry of a file as a record with offsets; AnnotationError names what is wrong with it."""
    start = f"{language}-{split}-"
    if not isinstance(raw, dict) or not str(raw.get("id")).startswith(start):
        name = raw.get("id") if isinstance(raw, dict) else raw
        raise AnnotationError(f"{file}: {name!r}", "no valid id", f"write id: {start}001 and so on")
    place = f"{file}: {raw['id']}"
    if set(raw) != {"id", "genre", "text", "attributions"}:
        raise AnnotationError(place, f"has the keys {sorted(raw)}", "write id, genre, text, attributions")
    genre, text, rows = _choice(raw, "genre", GENRES, place), raw["text"], raw["attributions"]
    if not isinstance(text, str) or text != text.strip() or not text:
        raise AnnotationError(place, "no text, or space around it", "write text: |- and the text below it")
    if not isinstance(rows, list):
        raise AnnotationError(place, "attributions is no list", "write attributions: [] if there are none")
    attributions = [_attribution(text, row, place) for row in rows]
    _nesting(text, attributions, place)
    return {
        "doc_id": raw["id"],
        "lang": language,
        "split": split,
        "genre": genre,
        "text": text,
        "attributions": attributions,
    }


# --- all of them -------------------------------------------------------------------------------------


def languages(root: Path = HERE) -> list[str]:
    """Languages that have a folder with texts."""
    return sorted(folder.name for folder in root.iterdir() if any(folder.glob("*-*.yaml")))


def _records(root: Path, language: str, split: str) -> Iterator[Record | AnnotationError]:
    for path in sorted((root / language).glob(f"{split}-*.yaml")):
        file = f"{language}/{path.name}"
        try:
            entries = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 — a safe loader
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            cause = " ".join(str(error).split())
            yield AnnotationError(file, f"no valid YAML ({cause})", "quote values with : # , [ ] or marks")
            continue
        if not isinstance(entries, list):
            yield AnnotationError(file, "no list of entries", "begin each entry with - id:")
            continue
        for raw in entries:
            try:
                yield record_of(raw, language, split, file)
            except AnnotationError as error:
                yield error


def load(language: str, split: str, root: Path = HERE) -> list[Record]:
    """The records of one split of one language; the first fault is raised as AnnotationError."""
    found = []
    for record in _records(root, language, split):
        if isinstance(record, AnnotationError):
            raise record
        found.append(record)
    if not found:
        remedy = f"languages here: {', '.join(languages(root)) or 'none'}; splits: {', '.join(SPLITS)}"
        raise AnnotationError(f"{language}/{split}-*.yaml", "no entries", remedy)
    return found


def faults(root: Path = HERE) -> list[AnnotationError]:
    """Everything wrong with all languages; empty when all of it holds."""
    found: list[AnnotationError] = []
    for language in languages(root):
        records: list[Record] = []
        for split in SPLITS:
            for record in _records(root, language, split):
                (found if isinstance(record, AnnotationError) else records).append(record)  # type: ignore[arg-type]
        found += _twice(records)
        found += _shared(records)
    return found


def _twice(records: Sequence[Record]) -> Iterator[AnnotationError]:
    for name, remedy in (("doc_id", "number the entries through"), ("text", "keep one of them")):
        first: dict[str, str] = {}
        for record in records:
            key = " ".join(_words(record[name]))
            if key in first:
                yield AnnotationError(record["doc_id"], f"the same {name} as {first[key]}", remedy)
            first.setdefault(key, record["doc_id"])


def _shared(records: Sequence[Record]) -> Iterator[AnnotationError]:
    """Runs of words that stand both in train and in test."""
    seen: dict[tuple[str, ...], str] = {}
    for record in sorted(records, key=lambda r: SPLITS.index(r["split"])):
        words = _words(record["text"])
        for at in range(len(words) - LONGEST_SHARED + 1):
            run = tuple(words[at : at + LONGEST_SHARED])
            other = seen.setdefault(run, record["doc_id"]) if record["split"] == "train" else seen.get(run)
            if other is not None and record["split"] == "test":
                cause = f"{' '.join(run)!r} stands in {other} too"
                yield AnnotationError(record["doc_id"], cause, "write the test text independently")
                break


def _words(text: str) -> list[str]:
    return [match.group().casefold() for match in _WORD.finditer(text)]


def _depth(attribution: Record, by_id: Mapping[str, Record]) -> int:
    parent = attribution["parent"]
    return 1 if parent is None else 1 + _depth(by_id[parent], by_id)


def tally(records: Sequence[Record]) -> dict[str, Counter[str]]:
    """Counts of records by genre, of attributions by kind, source kind, certainty and depth in a chain."""
    names = ("texts", "genre", "kind", "source kind", "certainty", "depth", "words marked")
    found: dict[str, Counter[str]] = {name: Counter() for name in names}
    for record in records:
        rows = record["attributions"]
        found["texts"]["all"] += 1
        found["texts"]["without attribution"] += not rows
        found["texts"]["sentences"] += sum(1 for _ in sentences(record["text"]))
        found["texts"]["attributions"] += len(rows)
        found["genre"][record["genre"]] += 1
        by_id = {row["id"]: row for row in rows}
        for row in rows:
            found["kind"][row["kind"]] += 1
            found["source kind"][row["source_kind"]] += 1
            found["certainty"][row["certainty"]] += 1
            found["depth"][str(_depth(row, by_id))] += 1
            found["words marked"].update(name for name in EXTRA if name in row)
            found["words marked"].update(f"no {role}" for role in ROLES if not row[role])
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lang", help="ru, uk, kk …; needs --split and --out")
    parser.add_argument("--split", choices=SPLITS)
    parser.add_argument("--out", type=Path, help="the JSONL file to write")
    return parser


def main(arguments: Sequence[str] | None = None, root: Path = HERE) -> int:
    parser = _parser()
    args = parser.parse_args(arguments)
    given = (args.lang, args.split, args.out)
    if any(given) and not all(given):
        parser.error("--lang, --split and --out go together")
    if all(given):
        try:
            records = load(args.lang, args.split, root)
        except AnnotationError as error:
            print(error, file=sys.stderr)
            return 1
        lines = [json.dumps(record, ensure_ascii=False) + "\n" for record in records]
        args.out.write_text("".join(lines), encoding="utf-8")
        print(f"{args.out}: {len(records)} texts")
        return 0
    found = faults(root)
    for fault in found:
        print(fault, file=sys.stderr)
    for language in languages(root):
        for split in SPLITS:
            good = [r for r in _records(root, language, split) if not isinstance(r, AnnotationError)]
            print(f"{language} {split}")
            for name, counts in tally(good).items():
                print(f"  {name}: " + ", ".join(f"{key} {n}" for key, n in sorted(counts.items())))
    print(f"{len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
