"""Take the tour's screenshots from the demo corpus: ``python docs/take_screenshots.py [BROWSER]``.

Needs ``pip install playwright`` and a Chromium (its path, by default /usr/bin/chromium). Pictures go to
docs/images/tour. Only the invented corpus is ever shown.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import tocsin
from tocsin.examples import corpus_dir

IMAGES = Path(__file__).parent / "images" / "tour"

#: The pictures of the brief: file name, the element shown, what is opened inside it first, and the greatest
#: height in CSS pixels; what is taller is cut, the page itself has the rest.
BRIEF = (
    ("story", "#stories article.story", "details", 1000),
    ("claims", "#s-1", "details", 1000),
    ("narratives", "#narratives", "", 760),
    ("ledger", "#ledger", "", 760),
    ("blame", "#matrix", "", 400),
    ("time", "#time", "", 800),
    ("places", "#places", "", 1100),
    ("speakers", "#speakers", "", 700),
    ("read", "#read", "", 900),
)

#: The pictures of the workbench: file name, address, and the link followed from there, if any.
WORKBENCH = (
    ("workbench-today", "/", ""),
    ("workbench-story", "/stories", "main a[href*='/stories/']"),
    ("workbench-search", "/search?q=yellow+duck", ""),
    ("workbench-coverage", "/coverage", ""),
    ("workbench-claims", "/claims", ""),
    ("workbench-reader", "/claims", "main a[href*='/documents/']"),
    ("workbench-events", "/events", ""),
    ("workbench-forecasts", "/forecasts", ""),
    ("workbench-hypotheses", "/hypotheses", "main a[href*='/hypotheses/']"),
)
BOARD = ("Who lost the lanterns", "Paper Lights")  # a board begun from rival blame, and its event


def main(browser: str = "/usr/bin/chromium") -> None:
    """Write the brief of the demo corpus and take every picture."""
    from playwright.sync_api import sync_playwright

    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        brief = Path(folder) / "brief.html"
        with tocsin.Case(Path(folder) / "case") as case:
            case.add([corpus_dir()])
            case.brief(brief, title="Demo: lanterns, camels and a drifting duck")
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        of_brief(chromium, brief.as_uri())
        with serving(Path(folder) / "case") as (address, token):
            of_workbench(chromium, address, token)
        chromium.close()


def of_brief(chromium: Any, address: str) -> None:
    """Every picture of the brief."""
    wide = chromium.new_page(viewport={"width": 1100, "height": 900})
    wide.goto(address)
    wide.screenshot(path=IMAGES / "top.png")
    for name, selector, opened, tallest in BRIEF:
        element = wide.locator(selector).first
        if opened:
            element.locator(opened).first.evaluate("e => { e.open = true; }")
        box = element.bounding_box()
        size = {"width": box["width"] + 24, "height": min(box["height"] + 24, tallest)}
        clip = {"x": box["x"] - 12, "y": box["y"] - 12, **size}
        wide.screenshot(path=IMAGES / f"{name}.png", clip=clip, full_page=True)
    phone = chromium.new_page(viewport={"width": 390, "height": 844}, color_scheme="dark")
    phone.goto(address)
    phone.screenshot(path=IMAGES / "phone.png")


@contextmanager
def serving(case: Path) -> Iterator[tuple[str, str]]:
    """The workbench over a case on a free port: its address and an analyst's token."""
    import uvicorn

    from tocsin.serve.app import create_app
    from tocsin.serve.tokens import Role, TokenBook

    with tocsin.Case(case) as opened:
        opened.desk().propose_board(*BOARD)
    token = TokenBook(case).add("Ann Analyst", Role("analyst"))
    server = uvicorn.Server(uvicorn.Config(create_app(case), port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}", token
    server.should_exit = True
    thread.join()


def of_workbench(chromium: Any, address: str, token: str) -> None:
    """Every picture of the workbench, wide and light; the claims also on a dark phone."""
    wide = _signed_in(chromium, address, token, viewport={"width": 1200, "height": 900})
    for name, path, link in WORKBENCH:
        wide.goto(address + path)
        if link:
            target = wide.locator(link).first.get_attribute("href")
            wide.goto(address + target.partition("#")[0])
        wide.screenshot(path=IMAGES / f"{name}.png")
    phone = _signed_in(chromium, address, token, viewport={"width": 390, "height": 844}, color_scheme="dark")
    phone.goto(address + "/claims")
    phone.screenshot(path=IMAGES / "workbench-phone.png")


def _signed_in(chromium: Any, address: str, token: str, **options: Any) -> Any:
    page = chromium.new_page(**options)
    page.goto(address + "/sign-in")
    page.fill("#token", token)
    page.click("form.sign-in button")
    return page


if __name__ == "__main__":
    main(*sys.argv[1:])
