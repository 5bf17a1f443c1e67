"""``tocsin watch``: only what is new is told, and only once."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import tocsin
from tocsin.cli.watch import alarm_line, watch_folder
from tocsin.testing.rhythms import WorldShape, quiet_world


def _posts(path: Path, days: range, burst: int | None) -> None:
    """Posts of invented channels about Astana; on the day ``burst`` four of them write of Almaty."""
    counts = quiet_world(WorldShape(channels=6, places=1, days=max(days) + 1, posts=2.0), 4).daily()[:, 0]
    rows = []
    for day in days:
        when = datetime(2031, 3, 1, 9, tzinfo=UTC) + timedelta(days=day)
        for channel in range(6):
            for number in range(int(counts[channel, day])):
                text = f"Lamp {day} {channel} {number} was lit in Astana."
                rows.append((when + timedelta(minutes=number), channel, text))
            for number in range(5 if day == burst and channel < 4 else 0):
                text = f"Duck {number} of channel {channel} swims in Almaty."
                rows.append((when + timedelta(hours=number), channel, text))
    lines = [
        json.dumps({"text": text, "time": when.isoformat(), "channel": f"Channel {channel}"})
        for when, channel, text in rows
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_a_new_batch_raises_its_alarm_once(tmp_path: Path) -> None:
    folder, pauses = tmp_path / "in", []
    folder.mkdir()
    _posts(folder / "a.jsonl", range(24), None)

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 1:
            _posts(folder / "b.jsonl", range(24, 25), 24)
        if len(pauses) == 3:
            raise KeyboardInterrupt

    lines: list[str] = []
    # Alarms read places and claims; who finds the claims is all one to them, and the rules are the fastest.
    with tocsin.Case(tmp_path / "case", settings=tocsin.Settings({"extract.method": "rules"})) as case:
        try:
            for line in watch_folder(case, folder, every=7.0, once=False, options={}, pause=pause):
                lines.append(line)  # noqa: PERF402  a generator that never ends by itself
        except KeyboardInterrupt:
            pass
        (row,) = case.snapshot().table("surges").to_pylist()
    assert pauses == [7.0, 7.0, 7.0]
    assert [line.partition(":")[2].strip() for line in lines if "new documents" in line] == [
        "no new alarms",
        "1 new alarms",
    ]
    told = [line for line in lines if "Almaty" in line]
    assert told == [alarm_line(row)]


def test_once_with_nothing_new_says_so(tmp_path: Path) -> None:
    folder: Any = tmp_path / "in"
    folder.mkdir()
    _posts(folder / "a.jsonl", range(3), None)
    with tocsin.Case(tmp_path / "case") as case:
        first = list(watch_folder(case, folder, every=1.0, once=True, options={}))
        second = list(watch_folder(case, folder, every=1.0, once=True, options={}))
    assert first[0].endswith("no new alarms")
    assert second == ["nothing new"]
