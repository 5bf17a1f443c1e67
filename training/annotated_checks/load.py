"""Our annotated statements to check: read and verified.

    python -m training.annotated_checks.load                # checks everything, prints counts

RULES.md says how they are annotated.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

__all__ = ["KINDS", "LANGUAGES", "PUBLISHED", "SPLITS", "VERDICTS", "AnnotationError", "Item", "load"]

HERE: Final = Path(__file__).parent
LANGUAGES: Final = ("en", "ru", "uk", "kk")
SPLITS: Final = ("train", "test")
KINDS: Final = ("distance", "date", "sum", "size", "quote", "outlet", "caption")
VERDICTS: Final = ("consistent", "inconsistent", "open")
#: When all of them were published (UTC).
PUBLISHED: Final = "2026-03-11T12:00:00+00:00"


class AnnotationError(ValueError):
    """A fault of one line: file, line and what is wrong."""


@dataclass(frozen=True, slots=True)
class Other:
    """Another document of the case."""

    channel: str
    url: str
    text: str


@dataclass(slots=True)
class Item:
    """One text, what its check should come to, and the other documents that are in the case with it."""

    item_id: str
    language: str
    text: str
    kind: str
    verdict: str
    others: list[Other] = field(default_factory=list)


def load(language: str, split: str, root: Path = HERE) -> list[Item]:
    """The items of one file; AnnotationError names file and line."""
    name = f"{language}-{split}.txt"
    items: list[Item] = []
    for number, line in enumerate((root / name).read_text(encoding="utf-8").splitlines(), 1):
        where = f"{name}:{number}"
        if line.startswith("+ "):
            parts = [part.strip() for part in line[2:].split(" | ")]
            if len(parts) != 3 or not items:
                raise AnnotationError(f"{where}: another document is CHANNEL | URL | TEXT after an item")
            items[-1].others.append(Other(*parts))
            continue
        text, _, label = line.partition("\t")
        kind, _, verdict = label.partition(" ")
        if not text or kind not in KINDS or verdict not in VERDICTS:
            raise AnnotationError(f"{where}: {label!r} is no label")
        text = text.replace(" ¶ ", "\n")
        items.append(Item(f"{language}-{split}-{len(items) + 1:02d}", language, text, kind, verdict))
    return items


def main() -> int:
    """Load everything and print what there is."""
    seen: Counter[str] = Counter()
    for language in LANGUAGES:
        for split in SPLITS:
            items = load(language, split)
            seen.update(item.text for item in items)
            counts = Counter(item.verdict for item in items)
            print(language, split, len(items), dict(sorted(counts.items())))
    twice = [text for text, count in seen.items() if count > 1]
    print(*(f"twice: {text}" for text in twice), sep="\n")
    return 1 if twice else 0


if __name__ == "__main__":
    sys.exit(main())
