"""What the tests of reading share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tocsin.model import Post
from tocsin.read import Event, Fault, Found, Progress, ReadOptions, Skipped, discover, read_file
from tocsin.settings import Settings


@dataclass
class Reading:
    """All events of some paths, sorted by kind."""

    events: list[Event]

    @property
    def found(self) -> list[Found]:
        return [event for event in self.events if isinstance(event, Found)]

    @property
    def posts(self) -> list[Post]:
        return [found.post for found in self.found]

    @property
    def texts(self) -> list[str]:
        return [post.text for post in self.posts]

    @property
    def positions(self) -> list[str]:
        return [found.position for found in self.found]

    @property
    def skipped(self) -> list[Skipped]:
        return [event for event in self.events if isinstance(event, Skipped)]

    @property
    def faults(self) -> list[Fault]:
        return [event for event in self.events if isinstance(event, Fault)]

    @property
    def codes(self) -> list[str]:
        return [fault.error.code for fault in self.faults]

    def one_fault(self, code: str, *, position: str = "", kept: bool = False) -> str:
        """The cause of the only fault, which must be complete: code, file, position, cause, remedy."""
        assert self.codes == [code], [str(fault.error) for fault in self.faults]
        error = self.faults[0].error
        assert error.file
        assert error.cause
        assert not error.cause.endswith(".")
        assert error.remedy
        assert error.position == position
        assert self.faults[0].kept is kept
        return error.cause

    def one(self) -> Post:
        assert self.codes == [], [str(fault.error) for fault in self.faults]
        assert len(self.posts) == 1
        return self.posts[0]


def read_paths(
    paths: list[Path], options: ReadOptions | None = None, settings: Settings | None = None
) -> Reading:
    events: list[Event] = []
    for item in discover(paths):
        if isinstance(item, Fault):
            events.append(item)
            continue
        progress = 0
        for event in read_file(item, options or ReadOptions(), settings or Settings()):
            if isinstance(event, Progress):
                assert progress <= event.bytes_read <= item.size
                progress = event.bytes_read
            events.append(event)
    return Reading(events)


Reads = Callable[..., Reading]


@pytest.fixture
def reads(tmp_path: Path) -> Reads:
    """Writes ``content`` to a file named ``name`` and reads it."""

    def read(name: str, content: str | bytes, **options: object) -> Reading:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        overrides = options.pop("settings", None)
        settings = Settings(overrides)  # type: ignore[arg-type]
        return read_paths([path], ReadOptions(**options), settings)  # type: ignore[arg-type]

    return read
