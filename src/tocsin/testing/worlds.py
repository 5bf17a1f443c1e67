"""Planted worlds and their writers, in one place: ``make_world``, ``stream``, ``big_export``, ``write_…``."""

from __future__ import annotations

from tocsin.testing.planting import (
    Planted,
    PlantedAttribution,
    PlantedLink,
    PlantedPlace,
    PlantedTime,
    World,
    make_world,
    stream,
)
from tocsin.testing.writers import (
    big_export,
    write_csv,
    write_jsonl,
    write_telegram_export,
    write_text_files,
)

__all__ = [
    "Planted",
    "PlantedAttribution",
    "PlantedLink",
    "PlantedPlace",
    "PlantedTime",
    "World",
    "big_export",
    "make_world",
    "stream",
    "write_csv",
    "write_jsonl",
    "write_telegram_export",
    "write_text_files",
]
