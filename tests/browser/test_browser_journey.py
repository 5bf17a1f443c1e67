"""A day's work in a real browser, by mouse and by keyboard."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from browser_helpers import Site, sign_in

import tocsin
from tocsin.judge.spans import read_correction
from tocsin.model import Judgement

pytestmark = pytest.mark.browser

#: Selects words of the reader, as a mouse would.
_SELECT = """words => {
  const text = document.querySelector('.reader-text .ev');
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  const nodes = [];
  let all = '';
  while (walker.nextNode()) {
    nodes.push([all.length, walker.currentNode]);
    all += walker.currentNode.data;
  }
  const place = at => {
    const [from, node] = nodes.filter(n => n[0] <= at).pop();
    return [node, at - from];
  };
  const start = all.indexOf(words), range = document.createRange();
  range.setStart(...place(start));
  range.setEnd(...place(start + words.length));
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


def _log(site: Site) -> list[Judgement]:
    with tocsin.Case(site.case, create=False) as case:
        return case.judgements()


def test_the_first_visit_asks_for_a_token_and_remembers_where_to(page: Any, site: Site) -> None:
    page.goto(f"{site.address}/forecasts?status=due")
    assert "/sign-in" in page.url
    page.fill("#token", "tocsin_wrong")
    page.click("main button")
    assert page.locator("[role=alert]").is_visible()
    page.fill("#token", site.tokens["analyst"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/forecasts?status=due")
    page.click("button[name=language][value=ru]")
    assert page.locator("h1").inner_text() == "Прогнозы"
    page.click("button[name=theme][value=dark]")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 22, 24)"
    assert page.url.endswith("/forecasts?status=due")


def _telegram(path: Path) -> Path:
    """A small export of a Telegram channel, made up."""
    texts = (
        "Skipper Una Gale said the bell buoy rang all day.",
        "По словам Уны Гейл, маяк погас в полночь.",
    )
    messages = [
        {
            "id": number,
            "type": "message",
            "date": "2031-03-06T09:00:00",
            "date_unixtime": str(1930640400 + number),
            "from": "Bell Buoy",
            "from_id": "channel99",
            "text": text,
        }
        for number, text in enumerate(texts)
    ]
    export = {"name": "Bell Buoy", "type": "public_channel", "id": 99, "messages": messages}
    path.write_text(json.dumps(export, ensure_ascii=False), encoding="utf-8")
    return path


def test_a_telegram_export_is_uploaded_and_read(page: Any, site: Site, tmp_path: Path) -> None:
    sign_in(page, site)
    page.goto(f"{site.address}/upload")
    page.set_input_files("#upload [name=file]", _telegram(tmp_path / "result.json"))
    page.click("#upload button")
    page.wait_for_selector("#jobs li:has-text('result.json')")
    page.wait_for_selector("#jobs li:has-text('done')", timeout=180_000)
    assert "2 posts found, 2 new" in page.locator("#jobs li").first.inner_text()
    page.goto(f"{site.address}/claims?source=Una+Gale")
    assert "the bell buoy rang all day" in page.inner_text("main")


def test_a_check_shows_its_workings(page: Any, site: Site) -> None:
    sign_in(page, site, "reader")
    page.goto(f"{site.address}/checks?verdict=inconsistent")
    article = page.locator("article.check", has_text="2 March 2031").first
    assert "Sunday" in article.locator(".workings").inner_text()


def test_ten_claims_are_triaged_by_keyboard(page: Any, site: Site) -> None:
    before = len(_log(site))
    sign_in(page, site)
    page.goto(f"{site.address}/claims?channel=Night+Watch&judged=machine")
    page.click("[data-triage]")
    for number in range(10):
        with page.expect_response("**/judge"):
            page.keyboard.press("r" if number % 2 else "c")
    page.wait_for_function("() => document.querySelectorAll('li.claim .r-person').length === 10")
    made = _log(site)[before:]
    assert [e.verdict for e in made] == ["confirm", "reject"] * 5
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.matches('li.claim')")
    page.reload()
    assert page.locator("li.claim").count() == 0


def test_a_span_is_corrected_by_selecting_the_right_words(page: Any, site: Site) -> None:
    sign_in(page, site)
    page.goto(f"{site.address}/claims?source=Ola+Finn&kind=forecast")
    page.locator("li.claim a[href^='/documents/']").first.click()
    page.wait_for_selector(".reader-text .ev")
    page.evaluate(_SELECT, "the duck would drift ashore")
    bar = page.locator("#correct-bar")
    bar.wait_for(state="visible")
    assert bar.locator("output").inner_text() == "the duck would drift ashore"
    bar.locator("[name=reason]").fill("the date is no part of what was said")
    with page.expect_response("**/judge"):
        bar.locator("button:not([type])").click()
    page.wait_for_selector("li.claim .r-person")
    found = read_correction(_log(site)[-1].detail)
    assert found is not None
    assert found.words == "the duck would drift ashore"


def test_two_browsers_see_each_others_judgement_before_theirs(page: Any, chromium: Any, site: Site) -> None:
    sign_in(page, site)
    other = chromium.new_context().new_page()
    sign_in(other, site, "admin")
    address = f"{site.address}/claims?channel=Brindle+Bay+Gazette"
    for one in (page, other):
        one.goto(address)
        one.locator("li.claim details.judge summary").first.click()
    other.locator("li.claim input[name=reason]").first.fill("I was there")
    with other.expect_response("**/judge"):
        other.locator("li.claim button[value=confirm]").first.click()
    other.wait_for_selector("li.claim .r-person")
    page.locator("li.claim input[name=reason]").first.fill("typed at length")
    page.locator("li.claim button[value=reject]").first.click()
    box = page.locator("dialog")
    box.wait_for()
    assert "I was there" in box.inner_text()
    assert box.locator("textarea[name=reason]").input_value() == "typed at length"
    box.locator("button").first.click()
    page.wait_for_url(re.compile("claims"))
    assert [e.reason for e in _log(site)[-2:]] == ["I was there", "typed at length"]
    other.context.close()


def test_what_was_typed_stays_when_the_workbench_does_not_answer(page: Any, site: Site) -> None:
    sign_in(page, site)
    page.goto(f"{site.address}/claims?channel=Brindle+Bay+Gazette")
    page.route("**/judge", lambda route: route.abort())
    page.locator("li.claim details.judge summary").last.click()
    page.locator("li.claim input[name=reason]").last.fill("long thoughts")
    page.locator("li.claim button[value=comment]").last.click()
    page.wait_for_selector("#live[data-tone=bad].up")
    assert page.locator("li.claim input[name=reason]").last.input_value() == "long thoughts"


def test_a_forecast_is_resolved(page: Any, site: Site) -> None:
    sign_in(page, site)
    page.goto(f"{site.address}/forecasts?words=drift")
    page.locator("table.ledger a").first.click()
    page.locator("#resolve label", has_text="came true").click()
    page.fill("#resolve [name=date]", "2031-03-08")
    page.fill("#resolve [name=source]", "https://harbour.example/found")
    with page.expect_response("**/resolve"):
        page.click("#resolve button")
    page.wait_for_selector("#history li.entry")
    assert "came true" in page.locator("#forecast dl").inner_text()
    assert json.loads(_log(site)[-1].detail)["date"] == "2031-03-08"


def test_a_board_is_built_and_rated_by_keyboard(page: Any, site: Site, tmp_path: Path) -> None:
    sign_in(page, site)
    page.goto(f"{site.address}/hypotheses")
    page.fill("#begin [name=board]", "Who cut the rope")
    page.fill("#begin [name=text]", "The kite club\nThe wind")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/hypotheses/[0-9a-f]{32}"))
    for number, words in enumerate(("A knife was found", "It was a storm"), 1):
        page.fill("#add-evidence [name=text]", words)
        page.click("#add-evidence button")
        page.wait_for_function(f"() => document.querySelectorAll('.ach tbody tr').length === {number}")
        page.wait_for_function("() => !document.querySelector('[aria-busy]')")
    for cell, rating in (("E1 × H1", "CC"), ("E1 × H2", "II"), ("E2 × H1", "I"), ("E2 × H2", "C")):
        with page.expect_response("**/hypotheses/ratings"):
            page.get_by_label(cell, exact=True).select_option(label=rating)
        page.wait_for_function("() => !document.querySelector('[aria-busy]')")
        page.wait_for_selector(f'select.r-{rating}[aria-label="{cell}"]')
    assert "H1" in page.locator(".ranked li").first.inner_text()
    with page.expect_download() as download:
        page.click("a[href*='board.csv']")
    download.value.save_as(tmp_path / "board.csv")
    assert "CC,II" in (tmp_path / "board.csv").read_text(encoding="utf-8")


def test_claims_are_exported_as_they_are_listed(page: Any, site: Site, tmp_path: Path) -> None:
    sign_in(page, site, "reader")
    page.goto(f"{site.address}/claims?channel=Night+Watch")
    with page.expect_download() as download:
        page.click("a[href^='/export/found-claims.jsonl']")
    download.value.save_as(tmp_path / "claims.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "claims.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(rows) == 10
    assert {row["channel"] for row in rows} == {"Night Watch"}


def test_without_scripts_a_claim_is_judged_by_plain_forms(chromium: Any, site: Site) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, site)
    page.goto(f"{site.address}/claims?channel=Harbour+Lantern&sort=oldest")
    page.locator("li.claim details.judge summary").first.click()
    page.locator("li.claim input[name=reason]").first.fill("by hand")
    page.locator("li.claim button[value=comment]").first.click()
    page.wait_for_url(re.compile("claims"))
    assert _log(site)[-1].reason == "by hand"
    context.close()


def test_a_russian_question_finds_the_english_claim(page: Any, site: Site) -> None:
    sign_in(page, site, "reader")
    page.fill("form.find [name=q]", "утку прибьёт к берегу")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")
    assert "the duck would drift ashore" in page.inner_text("main")


def _tab_to(page: Any, what: str) -> None:
    """Reach an element by the Tab key alone."""
    for _ in range(400):
        page.keyboard.press("Tab")
        if page.evaluate("what => document.activeElement.matches(what)", what):
            return
    pytest.fail(f"Tab never reaches {what}")


def test_two_sources_are_merged_by_keyboard_and_parted_again(page: Any, site: Site) -> None:
    sign_in(page, site)
    page.goto(f"{site.address}/sources")
    before = page.locator("table.people tbody tr").count()
    for _ in range(2):
        _tab_to(page, "input[name=pick]")
        page.keyboard.press("Space")
    _tab_to(page, "#merge button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sources/merge?**")
    assert page.locator(".card").count() == 2
    _tab_to(page, "#make-one textarea")
    page.keyboard.type("the same man under two names")
    _tab_to(page, "#make-one button")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/sources/[0-9a-f]{32}$"))
    page.click("text=Who is taken for one here")
    assert "the same man under two names" in page.inner_text("ol.entries")
    page.locator("ol.entries form button").first.click()
    page.wait_for_function("() => !document.querySelector('ol.entries form')")
    page.goto(f"{site.address}/sources")
    assert page.locator("table.people tbody tr").count() == before


def test_a_view_is_saved_opened_and_deleted(page: Any, site: Site) -> None:
    sign_in(page, site)
    page.goto(f"{site.address}/claims?kind=forecast")
    page.click("details.saving summary")
    page.fill("details.saving [name=name]", "What is foretold")
    page.click("details.saving button")
    page.wait_for_selector(".saved a[aria-current]")
    page.goto(f"{site.address}/views")
    page.click("text=What is foretold")
    page.wait_for_url("**/claims?kind=forecast")
    page.goto(f"{site.address}/views")
    page.click("details.judge summary")
    page.click("button[value=delete]")
    page.wait_for_selector(".none")
