"""Texts with places marked: GeoWebNews, GeoVirus, GeoCorpora, as ``tocsin eval place`` reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tocsin.evaluate.problems import Problems
from tocsin.evaluate.raw import read_raw
from tocsin.evaluate.tasks.place import Mapped, mapped

__all__ = ["SETS", "texts"]

#: Name → file.
SETS: Final = {"GeoWebNews": "GWN.xml", "GeoVirus": "GeoVirus.xml", "GeoCorpora": "geocorpora.tsv"}


def texts(data: Path, name: str) -> list[Mapped]:
    """The documents of a set; raises ValueError where one cannot be read."""
    problems = Problems()
    raws = read_raw(data / "place" / SETS[name], problems)
    found = [mapped(raw) for raw in raws if str(raw.value["text"]).strip()]
    if problems.total:
        raise ValueError(f"{name}: {problems.listed[0].cause}")
    return found
