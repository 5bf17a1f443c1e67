"""A workbench that a real browser visits, and what the tests do in it."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn

import tocsin
from tocsin.serve.access import Visitor
from tocsin.serve.app import create_app
from tocsin.serve.filters import ClaimFilters
from tocsin.serve.limits import Limits
from tocsin.serve.saved_views import SavedViews
from tocsin.serve.tokens import Role, TokenBook
from tocsin.settings import Settings

RULES = Settings({"run.workers": 1, "extract.method": "rules"})
TEXTS = (
    (
        "Harbour Lantern",
        "2031-03-01",
        "The harbour master Ola Finn said the duck would drift ashore by 9 March 2031.",
    ),
    (
        "Harbour Lantern",
        "2031-03-02",
        "Mayor Vera Tollund blamed the Kite Club for the loss of the duck. The club denies it.",
    ),
    ("Вестник Причала", "2031-03-03", "По словам Олы Финна, надувная утка, возможно, отцепилась сама."),
    (
        "Brindle Bay Gazette",
        "2031-03-03",
        "Sources say the lanterns of Brindle Bay went out at nine. The mayor said the duck will return.",
    ),
    ("Tide Table", "2031-03-05", "The captain said the ferry sank on Monday, 2 March 2031."),  # a Sunday
)
_PLACES = ("pier", "market", "school", "bakery", "lighthouse", "library", "ferry", "garden", "museum", "mill")


def posts() -> list[dict[str, str]]:
    """Invented posts: four told above, and ten of one pattern to triage."""
    found = [
        {"id": str(n), "channel": channel, "date": date, "text": text, "url": f"https://harbour.example/{n}"}
        for n, (channel, date, text) in enumerate(TEXTS)
    ]
    for n, place in enumerate(_PLACES, len(found)):
        text = f"The watchman Tam Reed said the lamp of the {place} was seen to swing in the night."
        found.append({"id": str(n), "channel": "Night Watch", "date": "2031-03-04", "text": text, "url": ""})
    return found


def build(folder: Path, rows: list[dict[str, Any]], more: list[Path] | None = None) -> Path:
    """A case of posts as JSON Lines, and of further files."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "posts.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    with tocsin.Case(folder / "case", settings=RULES) as case:
        case.add([path, *(more or [])])
    return folder / "case"


def fill(case: Path) -> list[str]:
    """What people add to a case: judgements, two hypotheses, a saved view, a merge of two sources.

    Gives the ids of its documents.
    """
    with tocsin.Case(case, settings=RULES) as opened:
        claims = list(opened.claims())
        opened.judge(claims[0].claim_id, "confirm", author="Ola", reason="seen from the pier")
        desk = opened.desk()
        desk.add_hypotheses("duck", ["The rope broke by itself", "The Kite Club cut it"], "Ola")
        opened.desk().add_evidence("duck", "The end of the rope is clean", "Ola")
        one, other = sorted({e.entity_id: e for e in opened.entities()}.values(), key=lambda e: e.entity_id)[
            :2
        ]
        opened.judge(one.document_entity_id, "merge", author="Ola", detail=other.document_entity_id)
        documents = [document.document_id for document in opened.documents()]
    ola = Visitor("Ola", Role.ANALYST, "1")
    SavedViews(case).add(ola, "What is foretold", "claims", ClaimFilters(kind="forecast"), shared=True)
    return documents


#: What a page is by its address: ids are one example each.
_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Site:
    """A workbench that runs: where, and the tokens by role."""

    address: str
    tokens: dict[str, str]
    case: Path


@contextmanager
def running(case: Path) -> Iterator[Site]:
    """Serve a case on a free port of loopback, from a thread."""
    book = TokenBook(case)
    tokens = {str(role): book.add(f"{role} of the harbour", role) for role in Role}
    app = create_app(case, settings=RULES, limits=Limits(requests=10_000.0))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Site(f"http://127.0.0.1:{port}", tokens, case)
    finally:
        server.should_exit = True
        thread.join(30)


def sign_in(page: Any, site: Site, role: str = "analyst") -> None:
    """The first visit: the form of the token."""
    page.goto(f"{site.address}/sign-in")
    page.fill("#token", site.tokens[role])
    page.click("main button")
    page.wait_for_url(re.compile(r"^(?!.*/sign-in)"))


_CRAWLED: dict[str, list[str]] = {}


def addresses_of(page: Any, site: Site, start: str = "/", most: int = 60) -> list[str]:
    """One address of every kind of page that can be reached by links, exports left out."""
    if site.address in _CRAWLED:
        return _CRAWLED[site.address]
    found: dict[str, str] = {}
    waiting = [start]
    while waiting and len(found) < most:
        address = waiting.pop(0)
        page.goto(site.address + address, wait_until="domcontentloaded")
        hrefs = page.eval_on_selector_all("a[href^='/']", "all => all.map(a => a.getAttribute('href'))")
        for href in [start, *hrefs]:
            path = href.partition("#")[0].partition("?")[0]
            kind = _ID.sub("ID", re.sub("^/api/v1/docs/.*", "/api/v1/docs/NAME", path))
            if (
                kind in found
                or path.startswith(("/export/", "/static/"))
                or (path.startswith("/api/") and not path.startswith("/api/v1/docs"))
                or re.search(r"\.\w+$", path)
            ):
                continue
            found[kind] = path
            waiting.append(path)
    _CRAWLED[site.address] = list(found.values())
    return _CRAWLED[site.address]
