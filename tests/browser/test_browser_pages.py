"""Every page in a real browser: nothing that keeps people out, nothing heavy, nothing wider than a phone."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from browser_helpers import Site, addresses_of, sign_in

pytestmark = pytest.mark.browser

_BUDGET = 200_000
_RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


#: Pages that must be among those reached: one thing of every kind.
_KINDS = {
    *("/", "/alarms", "/alarms/ID", "/stories", "/stories/ID", "/narratives", "/narratives/ID", "/claims"),
    *("/claims/ID", "/documents/ID", "/sources", "/sources/ID", "/sources/ID/members", "/sources/merge"),
    *(
        "/events",
        "/forecasts",
        "/forecasts/ID",
        "/hypotheses",
        "/hypotheses/ID",
        "/views",
        "/checks",
        "/log",
    ),
    *(
        "/coverage",
        "/export",
        "/upload",
        "/search",
        "/help",
        "/co-sharing",
        "/co-sharing/ID",
        "/api/v1/docs",
        "/api/v1/docs/documents",
    ),
}


@pytest.fixture(scope="module")
def axe() -> str:
    path = os.environ.get("AXE", "")
    if not Path(path).is_file():
        pytest.fail("set AXE to axe.min.js of the npm package axe-core")
    return Path(path).read_text(encoding="utf-8")


def _worst(page: Any, options: dict[str, Any]) -> list[str]:
    found = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{v['id']} ({v['impact']}): {v['nodes'][0]['html'][:160]}"
        for v in found["violations"]
        if v["impact"] in {"serious", "critical"}
    ]


def test_no_page_keeps_anybody_out(page: Any, full_site: Site, axe: str) -> None:
    sign_in(page, full_site)
    pages = ["/sign-in", *addresses_of(page, full_site)]
    kinds = {re.sub("[0-9a-f]{32}", "ID", address) for address in pages}
    assert kinds >= _KINDS, _KINDS - kinds
    wrong = {}
    for address in pages:
        page.emulate_media(color_scheme="light")
        page.goto(full_site.address + address, wait_until="load")
        page.evaluate(axe)  # by the debugger's own door: the page's policy lets no script in
        if found := _worst(page, _RULES):
            wrong[f"{address} light"] = found
        page.emulate_media(color_scheme="dark")
        if found := _worst(page, {"runOnly": {"type": "rule", "values": ["color-contrast"]}}):
            wrong[f"{address} dark"] = found
    assert not wrong, wrong


def test_every_page_is_light_and_fits_a_phone(page: Any, chromium: Any, full_site: Site, axe: str) -> None:
    sign_in(page, full_site)
    heavy, wide, narrow = {}, {}, {}
    for address in addresses_of(page, full_site):
        context = chromium.new_context(
            viewport={"width": 390, "height": 800}, storage_state=page.context.storage_state()
        )
        fresh = context.new_page()
        answers: list[Any] = []
        fresh.on("response", lambda answer, kept=answers: kept.append(answer))
        fresh.goto(full_site.address + address, wait_until="load")
        weight = sum(len(answer.body()) for answer in answers if answer.status == 200)
        over = fresh.evaluate("document.documentElement.scrollWidth - innerWidth")
        if weight > _BUDGET:
            heavy[address] = weight
        if over > 0:
            wide[address] = over
        fresh.evaluate(axe)
        if found := _worst(fresh, {"runOnly": {"type": "rule", "values": ["target-size"]}}):
            narrow[address] = found
        context.close()
    assert not heavy
    assert not wide
    assert not narrow
