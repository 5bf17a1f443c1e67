"""A small invented case as tables: channels with habits, and on one day five of them turn to Lanternbury."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa

from tocsin.model import TABLES
from tocsin.model.arrow import empty_table

START = datetime(2031, 3, 1, tzinfo=UTC)
TOWNS = ("Lanternbury", "Duckford", "Marmalade Hill", "Samovar Bay")
SETTINGS = {
    "surges.evidence": 5,
    "surges.false_alarms": 0.2,
    "surges.per_week": 2,
    "surges.step": "day",
}


@dataclass
class Case:
    """Rows of the tables the stage reads."""

    documents: list[dict[str, Any]]
    places: list[dict[str, Any]]
    claims: list[dict[str, Any]]
    times: list[dict[str, Any]]
    entities: list[dict[str, Any]] = field(default_factory=list)
    narratives: list[dict[str, Any]] = field(default_factory=list)
    narrative_claims: list[dict[str, Any]] = field(default_factory=list)
    document_links: list[dict[str, Any]] = field(default_factory=list)
    story_documents: list[dict[str, Any]] = field(default_factory=list)
    origins: list[dict[str, Any]] = field(default_factory=list)

    def given(self, **settings: Any) -> Any:
        rows = {
            "documents": self.documents,
            "places": self.places,
            "claims": self.claims,
            "times": self.times,
            "entities": self.entities,
            "narratives": self.narratives,
            "narrative_claims": self.narrative_claims,
            "document_links": self.document_links,
            "meaning_links": [],
            "story_documents": self.story_documents,
            "origins": self.origins,
            "document_languages": [
                {"document_id": d["document_id"], "language": "en", "rank": 0} for d in self.documents
            ],
        }

        def table(name: str, columns: Sequence[str]) -> pa.Table:
            if not rows[name]:
                return empty_table(TABLES[name]).select(list(columns))
            return pa.table({column: [row[column] for row in rows[name]] for column in columns})

        return SimpleNamespace(table=table, settings=SETTINGS | settings, previous={})


class Writer:
    """Writes posts; every text differs unless said."""

    def __init__(self) -> None:
        self.case = Case([], [], [], [])

    def post(
        self, channel: int, when: datetime, town: int, text: str = "", dated: datetime | None = None
    ) -> None:
        number = len(self.case.documents)
        document = f"d{number:05}"
        words = text or f"Post number {number} of lamps and ducks seen by the lake in {TOWNS[town]}"
        self.case.documents.append(
            {
                "document_id": document,
                "channel": f"Channel {channel}",
                "channel_id": f"c{channel:02}",
                "published": when,
                "text": words,
            }
        )
        self.case.places.append(
            {
                "document_id": document,
                "place_id": f"town:{town}",
                "name": TOWNS[town],
                "precision": "city",
                "country": "XX",
                "latitude": 10.0 * town,
                "longitude": 5.0,
            }
        )
        claim = {"document_id": document, "source_kind": "author", "source_key": "", "source_label": ""}
        self.case.claims.append(
            claim | {"content": [{"start": 0, "end": len(words)}], "certainty": "CT+", "kind": "report"}
        )
        if dated is not None:
            self.case.times.append(
                {"document_id": document, "start": 1, "lower": dated, "upper": dated + timedelta(days=1)}
            )


def world(days: int = 60, channels: int = 10, seed: int = 1) -> Writer:
    """Every channel publishes about three posts a day about the four towns."""
    writer, rng = Writer(), np.random.default_rng(seed)
    for day in range(days):
        for channel in range(channels):
            for _ in range(rng.poisson(3.0)):
                hour = float(rng.uniform(6, 22))
                writer.post(
                    channel,
                    START + timedelta(days=day, hours=hour),
                    int(rng.choice(4, p=[0.1, 0.4, 0.3, 0.2])),
                )
    return writer


def surge(
    writer: Writer, day: int, channels: Sequence[int], each: int = 4, town: int = 0, **post: Any
) -> Writer:
    """``channels`` publish ``each`` more posts about Lanternbury, or another town, on one day."""
    for channel in channels:
        for number in range(each):
            when = START + timedelta(days=day, hours=8 + number, minutes=channel)
            writer.post(channel, when, town, **post)
    return writer


def call(writer: Writer, document: str, key: str, called: str) -> None:
    """A document names somebody."""
    writer.case.entities.append({"entity_id": key, "document_id": document, "name": called})


def tell(writer: Writer, documents: Sequence[str], key: str, label: str) -> None:
    """Documents tell a narrative."""
    writer.case.narratives.append({"narrative_id": key, "label": label})
    rows = [{"narrative_id": key, "document_id": document} for document in documents]
    writer.case.narrative_claims += rows


def link(writer: Writer, documents: Sequence[str], kind: str, *, certain: bool, wire: str = "") -> None:
    """Documents of one story, each linked to the first."""
    first, *others = documents
    case = writer.case
    case.document_links += [
        {"document_id": d, "original_id": first, "original_name": None, "type": kind, "certain": certain}
        for d in others
    ]
    joins = certain and kind != "same story"
    for document in documents:
        origin = f"origin of {first if joins else document}"
        case.story_documents.append({"document_id": document, "story_id": first, "origin_id": origin})
        called = {"name": wire or None, "kind": "wire copy" if wire else "post"}
        case.origins.append({"origin_id": origin, **called})
