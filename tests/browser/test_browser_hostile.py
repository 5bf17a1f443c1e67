"""Stored attacks: every payload in texts, names, addresses, file names and captions; every page opened; none
runs.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser_helpers import Site, addresses_of, running, sign_in
from payloads import FORMULAS, PAYLOADS

from conftest import build

pytestmark = pytest.mark.browser

_WATCH = """
window.seen = [];
document.addEventListener('securitypolicyviolation',
  e => seen.push(`${e.violatedDirective} ${e.blockedURI}`));
"""
#: What of a page is not of our making, if any: handlers, foreign scripts, frames, addresses that run.
_FOREIGN = r"""() => {
  const bad = [];
  const runs = /^[\s\x00-\x20]*(javascript|data(?!:,)|vbscript|blob|filesystem):/i;
  const tags = /^(iframe|object|embed|base|portal|math|marquee|style|foreignObject|animate|set)$/i;
  for (const e of document.querySelectorAll('*')) {
    for (const a of e.attributes) {
      const act = /^on/i.test(a.name) || ['style', 'formaction', 'srcdoc'].includes(a.name);
      const leads = /^(href|src|action|xlink:href)$/i.test(a.name) && runs.test(a.value);
      if (act || leads) bad.push(`${e.tagName} ${a.name}=${a.value.slice(0, 60)}`);
    }
    const foreign = e.tagName === 'SCRIPT' && !/^\/static\//.test(e.getAttribute('src') ?? '');
    const form = e.tagName === 'FORM' && !/^\//.test(e.getAttribute('action') ?? '');
    if (foreign || form || tags.test(e.tagName)) bad.push(e.outerHTML.slice(0, 80));
  }
  return [...bad, ...(window.seen ?? []), ...(window.ran ? ['RAN'] : [])];
}"""


#: Readers opened: every ``_STEP``-th document. Their fields are filled so that each payload stands in one of
#: them; lists show the payloads of all documents anyway.
_STEP = 5


def _payload(number: int) -> str:
    return PAYLOADS[number % len(PAYLOADS)]


def _posts() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for number, words in enumerate(PAYLOADS):
        other = _payload(number * 7 + 3)
        if number % 4 == 0:
            text = f"Mayor {words} blamed {other} for the loss of the duck. The club denies it."
        elif number % 4 == 1:
            text = f"The harbour master said {words} would drift ashore by {number % 27 + 1} March 2031."
        else:
            text = f"Sources say {words} was seen last night. «{other}», said Ola Finn."
        fields = ("title", "author", "url", "forwarded_from", "media")
        row = {name: _payload(number + place) for place, name in enumerate(fields)}
        row |= {"id": f"{number}", "channel": words, "date": f"2031-03-{number % 27 + 1:02}", "text": text}
        rows.append(row)
    return rows


def _telegram(path: Path) -> Path:
    """A Telegram export whose names, captions and file names are payloads."""
    messages = [
        {
            "id": number,
            "type": "message",
            "date": "2031-03-05T10:00:00",
            "date_unixtime": str(1930557600 + number),
            "from": words,
            "from_id": "channel77",
            "forwarded_from": words,
            "file": f"files/{words}",
            "file_name": words,
            "media_type": "video_file",
            "text": [{"type": "bold", "text": words}, " said the lamp went out."],
        }
        for number, words in enumerate(PAYLOADS[::4])
    ]
    export = {"name": PAYLOADS[0], "type": "public_channel", "id": 77, "messages": messages}
    path.write_text(json.dumps(export, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("hostile")
    export = _telegram(folder / "result<img src=x onerror=window.ran=1>.json")
    with running(build(folder / "case", _posts(), [export])) as site:
        _judge(site)
        yield site


def _judge(site: Site) -> None:
    """What people type is hostile too: reasons, boards, forecasts of their own."""
    import httpx2

    headers = {"Authorization": f"Bearer {site.tokens['admin']}"}
    with httpx2.Client(base_url=site.address, headers=headers, timeout=60) as client:
        claims = re.findall(r'data-claim="([0-9a-f]{32})"', client.get("/claims?limit=60").text)
        for number, claim in enumerate(claims):
            form = {"finding_id": claim, "verdict": ("comment", "reject", "confirm")[number % 3], "seen": 0}
            client.post("/judge", data=form | {"reason": PAYLOADS[number], "detail": PAYLOADS[-number]})
        for words in PAYLOADS[:12]:
            client.post("/hypotheses", data={"board": words, "text": "\n".join(PAYLOADS[20:26])})
            client.post(
                "/hypotheses/evidence",
                data={"board": words, "text": words, "source": words, "finding": words},
            )
            client.post("/forecasts", data={"event": words, "source": words, "due": "2031-04-01"})


def test_the_corpus_is_large_enough() -> None:
    assert len(PAYLOADS) >= 200
    assert len(set(PAYLOADS)) == len(PAYLOADS)


def test_what_runs_would_be_seen(page: Any, hostile: Site) -> None:
    """The watch itself: words put into a page as markup are found, each in a way of its own."""
    page.add_init_script(_WATCH)
    page.goto(f"{hostile.address}/sign-in")
    for markup in ("<img src=x onerror=window.ran=1>", "<a href=' javascript:1'>", "<iframe></iframe>"):
        page.evaluate("markup => { document.body.innerHTML = markup; }", markup)
        assert page.evaluate(_FOREIGN), markup
    page.evaluate("() => { document.body.innerHTML = ''; seen.length = 0; }")
    page.evaluate(
        """() => {
          const script = document.createElement('script');
          script.text = 'window.ran = 1';
          document.body.append(script);
          script.remove();
        }"""
    )
    page.wait_for_function("() => seen.length > 0")
    assert any("script-src" in line for line in page.evaluate(_FOREIGN))


def test_nothing_stored_runs_on_any_page(page: Any, hostile: Site) -> None:
    dialogs: list[str] = []
    page.on("dialog", lambda d: (dialogs.append(d.message), d.dismiss()))
    page.add_init_script(_WATCH)
    sign_in(page, hostile, "admin")
    lists = ["/claims?limit=200", "/forecasts?limit=200", "/log?limit=200", "/events?full=true"]
    addresses = [*addresses_of(page, hostile), *lists]
    readers = _every(page, hostile, "/claims?limit=200", "/documents/")
    addresses += readers[:: len(readers) // (len(PAYLOADS) // _STEP)]
    addresses += _every(page, hostile, "/hypotheses", "/hypotheses/")[:6]
    addresses += _every(page, hostile, "/forecasts?limit=200", "/forecasts/")[:6]
    bad: dict[str, Any] = {}
    shown = 0
    for address in dict.fromkeys(addresses):
        page.goto(hostile.address + address, wait_until="domcontentloaded")
        if found := page.evaluate(_FOREIGN):
            bad[address] = found
        shown += page.content().count("&lt;")
        assert "21993" not in page.inner_text("main"), f"{address}: a template in the input was rendered"
    assert not bad
    assert not dialogs
    assert shown > len(PAYLOADS)  # they are there, as words


def _every(page: Any, site: Site, start: str, prefix: str) -> list[str]:
    """Every address with the prefix on a list, all parts of it."""
    found: dict[str, None] = {}
    address = start
    while address:
        page.goto(site.address + address, wait_until="domcontentloaded")
        hrefs = page.eval_on_selector_all(
            f"main a[href^='{prefix}']", "all => all.map(a => a.getAttribute('href'))"
        )
        found |= dict.fromkeys(h.partition("#")[0] for h in hrefs if not re.search(r"\.\w+(\?|$)", h))
        address = page.evaluate("document.querySelector('a[rel=next]')?.getAttribute('href') ?? ''")
    return list(found)


def test_forms_and_drafts_of_hostile_words_stay_words(page: Any, hostile: Site) -> None:
    page.add_init_script(_WATCH)
    sign_in(page, hostile, "admin")
    page.goto(f"{hostile.address}/hypotheses")
    page.locator("ol.boards a").first.click()
    page.wait_for_selector("#add-evidence")
    rows = page.locator(".ach tbody tr").count()
    page.fill("#add-evidence [name=text]", "".join(PAYLOADS[:8]))
    page.click("#add-evidence button")
    page.wait_for_function(f"() => document.querySelectorAll('.ach tbody tr').length === {rows + 1}")
    assert page.evaluate(_FOREIGN) == []
    page.goto(hostile.address + "/claims?source=" + "%22%3E%3Cscript%3Ewindow.ran%3D1%3C%2Fscript%3E")
    assert page.evaluate(_FOREIGN) == []


@pytest.mark.parametrize(
    "name", ["documents.csv", "claims.csv", "judgements.csv", "ledger.csv", "found-claims.csv", "blame.csv"]
)
def test_exports_hold_nothing_a_spreadsheet_runs(page: Any, hostile: Site, name: str) -> None:
    answer = page.request.get(
        f"{hostile.address}/export/{name}", headers={"Authorization": f"Bearer {hostile.tokens['reader']}"}
    )
    assert answer.headers["content-disposition"].startswith("attachment")
    cells = [cell for row in csv.reader(io.StringIO(answer.body().decode("utf-8-sig"))) for cell in row]
    assert len(cells) > 20
    runs = [
        c
        for c in cells
        if c.startswith(("=", "+", "-", "@", "\t", "\r")) and not re.fullmatch(r"[-+]?[\d.e-]+", c)
    ]
    assert not runs
    if name == "documents.csv":
        assert f"'{FORMULAS[0]}" in cells
