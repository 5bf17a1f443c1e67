"""Russian pages are Russian: no message of the interface is left in English, places have their own names."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html as lxml_html
from serve_helpers import bearer, workbench
from starlette.testclient import TestClient

from tocsin.model.surges import Surge
from tocsin.serve.i18n import catalogue
from tocsin.serve.marks import mark
from tocsin.serve.place_names import place_name, place_words, subject_name
from tocsin.serve.sentences import sentences

RUSSIAN = {"Accept-Language": "ru"}
#: What is verbatim or marked as English.
OTHERS = (
    "//*[@lang and not(@lang='ru') and not(self::html)] | //q | //bdi | //code | //pre | //script | //style"
)
ENGLISH_DATE = re.compile(r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d{4}\b")
_ID = re.compile("[0-9a-f]{32}")
_EACH = 2  # pages of one sort


def _crawled(client: TestClient) -> Iterator[tuple[str, lxml_html.HtmlElement]]:
    """Pages of every sort, as links lead to them."""
    waiting, seen, sorts = ["/", "/help", "/log", "/views"], set[str](), Counter[str]()
    while waiting:
        address = waiting.pop(0)
        sort = _ID.sub("ID", address.split("?")[0])
        skipped = sort.startswith(("/api", "/export", "/static"))
        if address in seen or skipped or sorts[sort] >= _EACH:
            continue
        seen.add(address)
        sorts[sort] += 1
        answer = client.get(address, headers=RUSSIAN)
        assert answer.status_code == 200, address
        page = lxml_html.fromstring(answer.text)
        waiting += [a.get("href").split("#")[0] for a in page.xpath("//a[starts-with(@href, '/')]")]
        yield address, page


def _words(page: lxml_html.HtmlElement) -> Iterator[str]:
    for other in page.xpath(OTHERS):
        other.drop_tree()
    for element in page.iter():
        if isinstance(element.tag, str):
            attributes = [element.get(name) for name in ("aria-label", "title", "placeholder", "alt")]
            texts = (element.text, element.tail, *attributes)
            yield from (" ".join(text.split()) for text in texts if text and not text.isspace())


@pytest.fixture
def copy(demo: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(demo, tmp_path / "case"))


def test_no_message_is_left_in_english(copy: Path) -> None:
    words, kernels = catalogue("ru"), sentences("ru")
    assert kernels
    left: dict[str, str] = {}
    pages = 0
    with workbench(copy) as (app, tokens), bearer(app, tokens["analyst"]) as client:
        for address, page in _crawled(client):
            pages += 1
            for text in _words(page):
                said = words.gettext(text) != text or ENGLISH_DATE.search(text)
                if said or (" " in text and kernels.translated(text) not in (None, text)):
                    left.setdefault(text, address)
    assert pages > 30
    assert not left


def test_places_of_a_story_have_russian_names(copy: Path) -> None:
    with workbench(copy) as (app, tokens), bearer(app, tokens["reader"]) as client:
        stories = [s["story_id"] for s in client.get("/api/v1/stories").json()["items"]]
        russian = [client.get(f"/stories/{story}", headers=RUSSIAN).text for story in stories]
        english = [client.get(f"/stories/{story}").text for story in stories]
    assert any("Карта упомянутых мест" in page and "Шымкент" in page for page in russian)
    assert not any("Map of the places" in page or ">Shymkent<" in page for page in russian)
    assert any("Map of the places" in page and ">Shymkent" in page for page in english)


@pytest.mark.parametrize(
    ("place_id", "name"),
    [
        ("geonames:2017370", "Россия"),
        ("geonames:498817", "Санкт-Петербург"),
        ("geonames:538555", "Курская область"),
        ("geonames:545854", "Республика Коми"),
        ("geonames:703448", "Киев"),
        ("geonames:501175", "Ростов-на-Дону"),
        ("nowhere", None),
        (None, None),
    ],
)
def test_places_have_the_names_that_are_sure(place_id: str | None, name: str | None) -> None:
    assert place_name(place_id, "ru") == name
    assert place_name(place_id, "en") is None
    shown = place_words(place_id, "Some <Place>", "ru")
    assert (name in shown) if name else 'lang="en"' in shown
    assert "<Place>" not in place_words(place_id, "Some <Place>", "en")


def test_marks_of_the_extraction_are_translated() -> None:
    assert "отрицание: не" in str(mark("neg: не", "ru"))
    assert "that" not in str(mark("verb: сказать, that", "ru"))
    assert "источник — " in str(mark("source by phrase: по словам X", "ru"))
    assert "&lt;b&gt;" in str(mark("phrase: <b> X", "ru"))
    assert mark("source by <b>", "ru") is None
    assert mark("something else", "ru") is None
    assert mark("network", "en") is None


@pytest.mark.parametrize(
    ("kind", "key", "subject", "name"),
    [
        ("place", "geonames:551487", "Kazan", "Казань"),
        ("zone", "geonames:551487", "Kazan and within 75 km", "Казань и окрестности до 75 км"),
        ("zone", "geonames:551487", "Kazan", None),
        ("country", "KZ", "Kazakhstan", "Казахстан"),
        ("name", "geonames:551487", "Kazan", None),
        ("narrative", "x", "a tale", None),
    ],
)
def test_subjects_of_alarms_are_named(kind: str, key: str, subject: str, name: str | None) -> None:
    class About:
        subject_type, subject_key = kind, key

    About.subject = subject  # type: ignore[attr-defined]
    assert subject_name(About(), "ru") == name  # type: ignore[arg-type]
    assert {"subject_type", "subject_key", "subject"} <= set(Surge.__dataclass_fields__)
