"""Plain text of the four languages from the data folder: to choose the vocabulary, to distil vectors."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

__all__ = ["public", "texts"]


def _lines(path: Path) -> Iterator[Any]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


#: Where each document is one line, in the order they are read.
_DOCUMENTS: Final = (
    ("attribution/polnear/train", "en"),
    ("checkworthy/claimbuster_crowdsourced", "en"),
    ("certainty/uw/train", "en"),
    ("names/ner/nerel_train", "ru"),
    ("names/ner/slavicner_ru", "ru"),
    ("names/ner/factrueval_dev", "ru"),
    ("names/ner/slavicner_uk", "uk"),
    ("names/ner/ner_uk_dev", "uk"),
    ("names/ner/kaznerd_valid", "kk"),
    ("names/ner/wikigold", "en"),
    ("names/ner/wnut17_train", "en"),
)


def texts(data: Path, *, parallel: bool = False) -> Iterator[tuple[str, str]]:
    """``(language, text)`` of every training text of the folder, documents whole.

    ``parallel`` takes the translations of NTREX in too, which are otherwise kept for measuring.
    """
    for name, language in _DOCUMENTS:
        for entry in _lines(data / f"{name}.jsonl"):
            yield language, entry["text"] if "text" in entry else " ".join(entry["tokens"])
    yield from public(data)
    if parallel:
        for entry in _lines(data / "same_story/ntrex_dev.jsonl"):
            for language in ("en", "ru", "uk", "kk"):
                yield language, entry[language]


def public(data: Path) -> Iterator[tuple[str, str]]:
    """``(language, text)`` of posts and articles that are annotated for none of the heads but persuasion."""
    yield from _news(data)
    yield from _posts(data)
    yield from _articles(data)


def _news(data: Path) -> Iterator[tuple[str, str]]:
    for path in sorted((data / "telegram/ru_news").glob("*.json")):
        for entry in json.loads(path.read_text(encoding="utf-8")):
            if entry.get("text"):
                yield "ru", entry["text"]


def _posts(data: Path) -> Iterator[tuple[str, str]]:
    from pyarrow.parquet import read_table

    table = read_table(data / "persuasion/unlp2025/techniques.parquet").to_pylist()
    for entry in table:
        yield str(entry.get("lang", "uk")), entry["content"]
    forwards = read_table(data / "origins/telegram_forwards_dev.parquet", columns=["otext"])
    for text in forwards["otext"].to_pylist()[::3]:
        if text:
            yield "ru", text


def _articles(data: Path) -> Iterator[tuple[str, str]]:
    for entry in _lines(data / "narratives/semeval2025_t10_dev.jsonl"):
        language = str(entry.get("lang", "")).lower()[:2]
        if language in {"en", "ru"}:
            yield language, entry["text"]
    for language in ("en", "ru"):
        with (data / f"same_story/tgcontest_{language}_train_pool.tsv").open(encoding="utf-8") as stream:
            for row in csv.reader(stream, delimiter="\t"):
                yield language, ". ".join(cell for cell in row if " " in cell)
