"""Small cases of invented posts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import tocsin
from tocsin.settings import Settings

__all__ = ["POSTS", "SETTINGS", "case_of"]

#: What is judged does not depend on who found it; the rules need no network.
SETTINGS = Settings({"extract.method": "rules", "run.workers": 1})

#: (channel, day, text)
POSTS = (
    ("Kettle", "2026-03-11", "Ida Brock said that the Duck Bridge would be closed by Friday."),
    (
        "Kettle",
        "2026-03-11",
        "Weather services say the Saan will probably flood the Duck Bridge on March 20.",
    ),
    ("Lantern", "2026-03-12", "The geese may attack the mill."),
    ("Lantern", "2026-03-12", "Experts say that the fire at “Duck Palace” was organised by the geese."),
    ("Kettle", "2026-03-13", "Ida Brock said that the fire at “Duck Palace” was started by the beavers."),
    ("Kettle", "2026-03-14", "Ida Brock said that the fire at “Duck Palace” was started by the otters."),
    (
        "Lantern",
        "2026-03-14",
        "The beavers had nothing to do with the fire at “Duck Palace”, Otto Finch said.",
    ),
    ("Lantern", "2026-03-15", "Workers closed the Duck Bridge on Friday morning, Otto Finch said."),
)


def case_of(folder: Path, posts: Sequence[tuple[str, str, str]] = POSTS) -> tocsin.Case:
    """A case with these posts."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        json.dumps({"text": text, "channel": channel, "date": f"{day}T12:00:00Z", "id": str(n)})
        for n, (channel, day, text) in enumerate(posts)
    ]
    path = folder / "posts.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    case = tocsin.Case(folder / "case", settings=SETTINGS)
    case.add([path], mapping={"text": "text", "channel": "channel", "time": "date", "id": "id"})
    return case
