"""A real browser and workbenches for it. A missing browser is a failure here, never a skip."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser_helpers import Site, build, fill, posts, running

sys.path.insert(0, str(Path(__file__).parents[1] / "serve"))  # its invented case with stories and an alarm

_ARGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if path is None:
        pytest.fail("there is no chromium: install it (Debian: apt-get install chromium) or set CHROMIUM")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_ARGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def calm_case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("calm"), posts())


@pytest.fixture(scope="session")
def site(calm_case: Path) -> Iterator[Site]:
    with running(calm_case) as made:
        yield made


@pytest.fixture(scope="session")
def full_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A workbench that has one of every kind of page."""
    from told_helpers import build_told, plant_group

    case = build_told(tmp_path_factory.mktemp("full"), posts())
    plant_group(case, fill(case))
    with running(case) as made:
        yield made


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A page of a fresh browser profile; what it asks outside the machine, or a fault of the server, fails
    the test.
    """
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    made = context.new_page()
    outside: list[str] = []
    errors: list[str] = []
    faults: list[str] = []
    made.on(
        "request",
        lambda r: outside.append(r.url) if "//127.0.0.1" not in r.url and r.url[:5] == "http" else None,
    )
    made.on("pageerror", lambda error: errors.append(str(error)))
    made.on("response", lambda r: faults.append(f"{r.status} {r.url}") if r.status >= 500 else None)
    made.set_default_timeout(20_000)
    yield made
    context.close()
    assert not outside
    assert not errors
    assert not faults
