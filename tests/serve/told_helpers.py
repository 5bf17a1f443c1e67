"""An invented case with stories, versions, an alarm and an earlier version of a post."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa

import tocsin
from tocsin.model import TABLES
from tocsin.model.arrow import arrow_schema
from tocsin.model.sharing import SharedObject, SharingEdge, SharingGroup
from tocsin.model.surges import Surge, SurgeKind, SurgePoint
from tocsin.settings import Settings
from tocsin.store import CaseStore
from tocsin.store.catalogue import Change

__all__ = ["ALARM", "GROUP", "build_told", "plant_alarm", "plant_group", "rows_table"]

ALARM = "a" * 32
GROUP = "b" * 32
_DAY = datetime(2031, 3, 10, tzinfo=UTC)
_DUCK = (
    "The giant duck of Brindle Bay broke its rope on Monday and drifted past the lighthouse with 40 lanterns "
    "on its back, harbour master Ola Finn told the Harbour Lantern. "
)
_EDITED = _DUCK.replace("40 lanterns", "400 lanterns").replace("on Monday", "on Sunday night")
_POSTS = (
    ("Harbour Lantern", 0, _DUCK + "The kite club denies that it cut the rope."),
    ("Kite Club Courier", 3, _EDITED + "The kite club denies that it cut the rope."),
    ("Marzipan Gazette", 8, _DUCK + "The kite club denies that it cut the rope."),
    ("Вестник Причала", 30, "По словам Олы Финна, утка будет у берега до 20 марта 2031 года."),
    ("Вестник Причала", 31, "Мэр Вера Толлунд заявила, что утку поймают до 25 марта 2031 года."),
    ("<script>alert(2)</script>", 40, "Ola Finn said that the duck would be caught by 25 March 2031."),
)


def build_told(folder: Path, more: Sequence[dict[str, str]] = ()) -> Path:
    """A case of six posts: one story of three channels, one of its copies edited; and an alarm.

    ``more``: posts beside them.
    """
    posts = folder / "told.jsonl"
    lines = [
        json.dumps(
            {
                "id": number,
                "channel": channel,
                "text": text,
                "date": (_DAY + timedelta(hours=hours)).isoformat(),
                "url": f"https://example.org/{number}",
            },
            ensure_ascii=False,
        )
        for number, (channel, hours, text) in enumerate(_POSTS)
    ]
    lines += [json.dumps(post | {"id": f"more {post['id']}"}, ensure_ascii=False) for post in more]
    posts.write_text("\n".join([*lines, "{broken"]), encoding="utf-8")
    settings = Settings({"run.workers": 1, "extract.method": "rules"})
    with tocsin.Case(folder / "told", settings=settings) as case:
        case.add([posts])
        documents = [d.document_id for d in case.documents()]
    plant_alarm(folder / "told", documents)
    return folder / "told"


def rows_table(name: str, rows: list[object]) -> pa.Table:
    """Rows of one declared table as Arrow."""
    columns = TABLES[name].column_names
    data = {column: [getattr(row, column) for row in rows] for column in columns}
    return pa.table(data, schema=arrow_schema(TABLES[name]))


def plant_alarm(case: Path, documents: list[str], subject: str = "Brindle Bay <b>pier</b>") -> None:
    """Put an alarm about some documents into a case."""
    start = _DAY
    surge = Surge(
        surge_id=ALARM,
        detector="series",
        kind=SurgeKind.UNPROMPTED,
        subject_type="place",
        subject_key="geonames:1",
        subject=subject,
        channel_group="all channels",
        start=start,
        raised=start + timedelta(days=1),
        end=start + timedelta(days=2),
        window_start=start,
        step="day",
        observed=6,
        expected=0.8,
        low=0.0,
        high=2.0,
        dispersion=1.2,
        score=6.0,
        p=1e-6,
        q=1e-4,
        held=False,
        channels=("Harbour Lantern", "Kite Club Courier"),
        documents=len(documents),
        origins_low=2,
        origins=3,
        evidence=tuple(documents),
        related=("Ola Finn",),
        reasons=("6 documents about Brindle Bay in one day; by habit 0.8 (95 % between 0 and 2)",),
        dismiss=("If that happening is confirmed elsewhere, the attention has its reason",),
        method="surges-1",
    )
    points = [
        SurgePoint(ALARM, start - timedelta(days=n), 6 - n if n < 2 else n % 2, 0.8, 0.0, 2.0, n != 4)
        for n in range(12, -2, -1)
    ]
    with CaseStore(case, create=False) as store, store.writing():
        added = (
            store.write("surges", rows_table("surges", [surge])),
            store.write("surge_points", rows_table("surge_points", list(points))),
        )
        store.commit(Change(add=added), run=1)


def plant_group(case: Path, documents: list[str]) -> None:
    """Put a group of two channels that shared three things into a case."""
    keys = ("channel:harbour", "channel:courier")
    group = SharingGroup(
        group_id=GROUP,
        actions=("address", "near copy"),
        members=("Harbour Lantern", "Kite Club Courier"),
        member_keys=keys,
        edges=2,
        objects=3,
        first=_DAY,
        last=_DAY + timedelta(days=3),
        window=60,
        repeats=2,
        observed=3.0,
        expected=0.2,
        p_value=1e-4,
        tests=12,
        false_discovery_rate=0.01,
        explanations=("scheduled posts: 2 of 3 things began on a quarter of an hour",),
        reasons=("every pair stands at a false discovery rate of 0.01 among 12 pairs",),
        other_settings=("600 s, 2 things: 2 of 2 members in groups of 3 accounts",),
        score=0.99,
        method="co-sharing-1",
    )
    edges = [SharingEdge(GROUP, *keys, action, 3, 0.2, 1e-4) for action in group.actions]
    things = [
        SharedObject(
            GROUP, f"thing {n}", "address", f"https://example.org/{n}", tuple(documents[:2]), _DAY, 20, 2, n
        )
        for n in range(3)
    ]
    with CaseStore(case, create=False) as store, store.writing():
        added = (
            store.write("sharing_groups", rows_table("sharing_groups", [group])),
            store.write("sharing_edges", rows_table("sharing_edges", list(edges))),
            store.write("shared_objects", rows_table("shared_objects", list(things))),
        )
        store.commit(Change(add=added), run=1)
