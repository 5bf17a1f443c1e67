"""Reads the sentences with marked quantities, checks them, and writes them as JSONL.

    python -m training.annotated_quantities.load                      # checks and counts everything
    python -m training.annotated_quantities.load --lang ru --split test --out gold.jsonl

The notation is that of RULES.md. Nothing of the grammar is imported: the sets are independent of it.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

__all__ = ["LANGUAGES", "SPLITS", "MarkError", "faults", "load", "main", "record_of"]

HERE: Final = Path(__file__).parent
LANGUAGES: Final = ("en", "ru", "uk", "kk")
SPLITS: Final = ("train", "test")
#: Units and rates that RULES.md lists.
_UNITS: Final = """
    mm cm m km in ft yd mi nmi m2 km2 ha are acre mi2 ft2 ml l m3 bbl gal mg g kg q t kt oz lb °C °F ° % pp
    part x
    W kW MW GW hp Wh kWh MWh GWh J kJ cal kcal B kB MB GB TB Pa kPa mmHg V kV Hz kHz MHz GHz
"""
_OTHER_RATES: Final = "s min h day week month quarter year person piece household"
UNITS: Final = frozenset(_UNITS.split())
RATES: Final = UNITS | frozenset(_OTHER_RATES.split())
#: Sentences of train and test may not share a run of this many words.
LONGEST_SHARED: Final = 8

_CURRENCY: Final = re.compile(r"[A-Z]{3}\Z")
_NUMBER: Final = r"-?\d+(?:\.\d+)?(?:/\d+)?"
_VALUE: Final = re.compile(
    rf"(~)?(?:(>=|<=|>|<)?({_NUMBER})|({_NUMBER})\.\.(<)?({_NUMBER}))(?: ([^\s/]+))?(?: / (?:(\d+) )?(\S+))?"
)
_WORD: Final = re.compile(r"\w+")

Record = dict[str, Any]


class MarkError(ValueError):
    """A sentence that breaks the notation; says where and what."""


def _number(text: str) -> float:
    return float(Fraction(text))


def _value(text: str) -> Record:
    """The value of a mark: bounds, approximate, unit, rate."""
    found = _VALUE.fullmatch(text)
    if found is None:
        raise MarkError(f"no value: {text!r}")
    rough, sign, number, low, half_open, high, unit, times, rate = found.groups()
    if unit is not None and unit not in UNITS and not _CURRENCY.match(unit):
        raise MarkError(f"unknown unit {unit!r}")
    if rate is not None and rate not in RATES:
        raise MarkError(f"unknown rate {rate!r}")
    value: Record = {"low": None, "high": None, "low_open": False, "high_open": False}
    if number is None:
        value |= {"low": _number(low), "high": _number(high), "high_open": half_open is not None}
        if value["low"] >= value["high"]:
            raise MarkError(f"the interval of {text!r} is empty")
    else:
        if sign not in ("<", "<="):
            value |= {"low": _number(number), "low_open": sign == ">"}
        if sign not in (">", ">="):
            value |= {"high": _number(number), "high_open": sign == "<"}
    per = " ".join(part for part in (times, rate) if part)
    return value | {"approximate": rough is not None, "unit": unit or "", "per": per}


class _Line:
    """A line of a file as it is read from left to right: its text without the marks, and its quantities."""

    def __init__(self) -> None:
        self.text = ""
        self.quantities: list[Record] = []
        self._open: int | None = None
        self._counted: int | None = None
        self._inside: list[int] | None = None

    def take(self, piece: str) -> None:
        if piece == "[":
            if self._open is not None:
                raise MarkError("[ in [")
            self._open, self._inside = len(self.text), None
        elif piece.startswith("|"):
            self._close(piece[1:-1])
        elif piece == "{":
            self._counted = len(self.text)
        elif piece == "}":
            self._count()
        else:
            self.text += piece

    def _close(self, value: str) -> None:
        if self._open is None:
            raise MarkError("] without [")
        found = {"start": self._open, "end": len(self.text), "counted": self._inside}
        self.quantities.append(found | _value(value))
        self._open = self._inside = None

    def _count(self) -> None:
        if self._counted is None:
            raise MarkError("} without {")
        span, self._counted = [self._counted, len(self.text)], None
        if self._open is not None:
            self._inside = span
        elif self.quantities and self.quantities[-1]["counted"] is None:
            self.quantities[-1]["counted"] = span
        else:
            raise MarkError("counts belong to a quantity that has none yet")

    def end(self) -> None:
        if self._open is not None or self._counted is not None:
            raise MarkError("[ or { is not closed")
        for quantity in self.quantities:
            _check(self.text, quantity)


def record_of(line: str, language: str, split: str, number: int) -> Record:
    """One line as a record with offsets (code points); raises MarkError."""
    read = _Line()
    for piece in re.split(r"(\[|\|[^\]|]*\]|\{|\})", line):
        read.take(piece)
    read.end()
    return {
        "id": f"{language}-{split}-{number:03d}",
        "lang": language,
        "split": split,
        "text": read.text,
        "quantities": read.quantities,
    }


def _check(text: str, quantity: Record) -> None:
    words = text[quantity["start"] : quantity["end"]]
    if not words or words != words.strip():
        raise MarkError(f"{words!r} is empty or has space at its edge")
    if quantity["counted"] is not None:
        if quantity["unit"]:
            raise MarkError(f"{words!r} has a unit and something counted")
        counted = text[slice(*quantity["counted"])]
        if not counted or " " in counted:
            raise MarkError(f"{counted!r} is not one word")


def load(language: str, split: str, root: Path = HERE) -> list[Record]:
    """The records of one file; MarkError names file and line."""
    path = root / language / f"{split}.txt"
    found: list[Record] = []
    for place, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            found.append(record_of(line, language, split, len(found) + 1))
        except MarkError as error:
            raise MarkError(f"{language}/{split}.txt:{place}: {error}") from None
    return found


def _shared(records: Sequence[Record]) -> Iterator[str]:
    """Sentences that occur twice, and runs of words that stand both in train and in test."""
    texts = Counter(record["text"] for record in records)
    yield from (f"twice: {text}" for text, count in texts.items() if count > 1)
    seen: set[tuple[str, ...]] = set()
    for split in SPLITS:
        for record in records:
            if record["split"] != split:
                continue
            words = [match.group().casefold() for match in _WORD.finditer(record["text"])]
            runs = {tuple(words[at : at + LONGEST_SHARED]) for at in range(len(words) - LONGEST_SHARED + 1)}
            if split == "test" and runs & seen:
                yield f"{record['id']} shares {LONGEST_SHARED} words with train: {record['text']}"
            if split == "train":
                seen |= runs


def faults(root: Path = HERE) -> list[str]:
    """Everything wrong with all files; empty when all of it holds."""
    found: list[str] = []
    for language in LANGUAGES:
        records: list[Record] = []
        for split in SPLITS:
            try:
                records += load(language, split, root)
            except (MarkError, OSError, UnicodeDecodeError) as error:
                found.append(str(error))
        found += _shared(records)
    return found


def main(arguments: Sequence[str] | None = None, root: Path = HERE) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lang", choices=LANGUAGES, help="needs --split and --out")
    parser.add_argument("--split", choices=SPLITS)
    parser.add_argument("--out", type=Path, help="the JSONL file to write")
    args = parser.parse_args(arguments)
    given = (args.lang, args.split, args.out)
    if any(given):
        if not all(given):
            parser.error("--lang, --split and --out go together")
        lines = [json.dumps(r, ensure_ascii=False) + "\n" for r in load(args.lang, args.split, root)]
        args.out.write_text("".join(lines), encoding="utf-8")
        print(f"{args.out}: {len(lines)} sentences")
        return 0
    wrong = faults(root)
    for fault in wrong:
        print(fault, file=sys.stderr)
    for language in LANGUAGES if not wrong else ():
        for split in SPLITS:
            records = load(language, split, root)
            marks = [quantity for record in records for quantity in record["quantities"]]
            counts = {
                "sentences": len(records),
                "with nothing": sum(not record["quantities"] for record in records),
                "quantities": len(marks),
                "with a unit": sum(bool(mark["unit"]) for mark in marks),
                "counting something": sum(mark["counted"] is not None for mark in marks),
                "approximate": sum(mark["approximate"] for mark in marks),
                "bounded": sum(mark["low"] != mark["high"] for mark in marks),
            }
            print(f"{language} {split}: " + ", ".join(f"{number} {name}" for name, number in counts.items()))
    print(f"{len(wrong)} faults")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
