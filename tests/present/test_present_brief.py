"""The brief as a page: whole, inert, self-contained, the same every time."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

import pytest
from present_page import Node, parse
from present_world import START, FakeTables, World, bridge, facts

from tocsin.model import Judgement, Quantity
from tocsin.present import InputFacts, RunFacts, build_brief
from tocsin.present.index import common_folder
from tocsin.settings import Settings


@lru_cache(maxsize=1)
def _bridge() -> tuple[World, str, Node]:
    world = bridge()
    html = build_brief(world.tables(), facts(), Settings())
    return world, html, parse(html)


def _words(root: Node) -> str:
    return " ".join(root.all("body")[0].text().split())


def test_every_quotation_is_verbatim() -> None:
    world, _, root = _bridge()
    texts = {d.document_id: d.text for d in world.rows["documents"]}
    claims = {c.claim_id: c for c in world.rows["claims"]}
    cards = [n for n in root.all("li", "claim") if n.attributes.get("id", "").startswith("c-")]
    assert len(cards) >= 20
    for card in cards:
        claim = claims[card.attributes["id"].removeprefix("c-")]
        text = texts[claim.document_id]
        for node in card.all("bdi", "ev"):
            start, end = int(node.attributes["data-start"]), int(node.attributes["data-end"])
            assert node.text() == text[start:end]
        for mark in (m for m in card.all("mark") if "data-at" in m.attributes):
            start = int(mark.attributes["data-at"])
            assert mark.text() == text[start : start + len(mark.text())]
        context = card.all("blockquote", "context")[0]
        marked = "".join(m.text() for m in context.all("mark", "l-content"))
        assert marked == "".join(span.of(text) for span in claim.content)
        for name, spans in (("hedge", claim.hedges), ("kind", claim.kind_evidence)):
            assert "".join(m.text() for m in context.all("mark", f"l-{name}")) == "".join(
                span.of(text) for span in spans
            )


def test_a_claims_figures_stand_among_its_facts() -> None:
    world = World()
    document = world.document("Anna said that at least 12 boats sank in 2024.", channel="Steppe Lantern")
    world.claim(document, "at least 12 boats sank")
    world.quantity(document, "at least 12", Quantity(12, None), counted="boats")
    root = parse(build_brief(world.tables(), facts(), Settings()))
    rows = [" ".join(row.text().split()) for row in root.all("dl", "facts")[0].all("div")]
    assert "Figures“at least 12 boats” = at least 12 (boats)" in rows


def test_times_of_which_one_is_meant_stand_together() -> None:
    world = World()
    document = world.document(
        "It may sink today, tomorrow or in three days, he wrote.", channel="Steppe Lantern"
    )
    world.claim(document, "It may sink today, tomorrow or in three days")
    for at, words in ((2, "today"), (3, "tomorrow"), (5, "three days")):
        day = START.replace(month=3, day=at, hour=0, minute=0, second=0, microsecond=0)
        world.time(document, words, day, day + timedelta(days=1), modifier="or", group_id="one")
    root = parse(build_brief(world.tables(), facts(), Settings()))
    shown = [" ".join(node.text().split()) for node in root.all("span", "tm")]
    year = START.year
    assert f"“today / tomorrow / three days” = one of: 2 Mar {year}; 3 Mar {year}; 5 Mar {year}" in shown


def test_the_chain_is_drawn_outermost_first() -> None:
    _, _, root = _bridge()
    chains = {" ".join(n.text().split()) for n in root.all("p", "chain")}
    wanted = "Steppe Lantern quotes→ N. Ospanov (named person) quotes→ engineers (anonymous):"
    assert wanted in {c.replace("\xa0", " ") for c in chains}


def test_the_summary_counts() -> None:
    _, _, root = _bridge()
    words = " ".join(root.all("p", "lede")[0].text().split())
    assert "24 documents from 5 channels, 2–25 April 2024, in English, Russian, Kazakh and Ukrainian" in words
    assert "67 claims: 44 on somebody’s word (44 of these rest on sources nobody names) and 23" in words


def test_same_input_same_bytes() -> None:
    world, html, _ = _bridge()
    assert build_brief(world.tables(), facts(), Settings()) == html
    assert build_brief(bridge().tables(), facts(), Settings()) == html


def test_nothing_is_loaded_from_outside_and_nothing_runs() -> None:
    _, html, root = _bridge()
    assert not root.all("script") + root.all("link") + root.all("img") + root.all("iframe") + root.all("form")
    assert "@import" not in html
    assert "url(" not in html
    for node in root.walk():
        assert not any(name.startswith("on") for name in node.attributes)
        assert "src" not in node.attributes
        if "href" in node.attributes and not node.attributes["href"].startswith("#"):
            assert node.tag == "a"
            assert node.attributes["rel"] == "noreferrer noopener nofollow"
            assert node.attributes["href"].startswith(("https://", "http://"))
    policy = next(n for n in root.all("meta") if "http-equiv" in n.attributes).attributes["content"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:")


def test_ids_are_unique_and_every_reference_finds_one() -> None:
    _, _, root = _bridge()
    ids = [n.attributes["id"] for n in root.walk() if "id" in n.attributes]
    assert len(ids) == len(set(ids))
    wanted = {n.attributes["href"][1:] for n in root.walk() if n.attributes.get("href", "").startswith("#")}
    for node in root.walk():
        wanted |= set(node.attributes.get("aria-labelledby", "").split())
    assert wanted <= set(ids)


def test_landmarks_headings_and_languages() -> None:
    _, _, root = _bridge()
    assert len(root.all("main")) == len(root.all("h1")) == 1
    assert root.all("html")[0].attributes["lang"] == "en"
    levels = [int(n.tag[1]) for n in root.walk() if re.fullmatch("h[1-6]", n.tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    languages = {n.attributes["lang"] for n in root.all("blockquote")}
    assert languages == {"en", "ru", "uk", "kk"}
    for node in root.all("svg"):
        named = {"aria-label", "aria-labelledby"} & set(node.attributes)
        assert node.attributes.get("aria-hidden") == "true" or (
            node.attributes.get("role") == "img" and named
        )


XSS = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg onload=alert(1)>&lt;b&gt;{{7*7}}{% raw %}"
    "</style></title></textarea><!--\u202e\x00]]> javascript:alert(1)"
)


def _hostile() -> tuple[FakeTables, RunFacts]:
    world = World()
    document = world.document(
        f"{XSS}. Boss {XSS[:30]} said that {XSS[8:40]} will maybe end tomorrow near Almaty.",
        language='en" onclick="alert(1)',
        file=XSS,
        title=XSS,
        channel=XSS,
        channel_id=XSS,
        native_id=XSS,
        published=START,
        published_reason=XSS,
        url="javascript:alert(1)//" + XSS,
        author=XSS,
        forwarded_from=XSS,
        media=(XSS,),
        platform=XSS[:8],
    )
    link = world.attribution(
        document, "Boss", "said", "will maybe end tomorrow", label=XSS, kind=XSS, key=XSS
    )
    world.claim(
        document, "will maybe end tomorrow", chain=(link,), kind="forecast", hedges=("maybe",), certainty=XSS
    )
    world.claim(document, "near Almaty", kind=XSS)
    world.time(document, "tomorrow", START, START.replace(day=3))
    world.place(document, "Almaty", "Almaty")
    world.problem(XSS, XSS, XSS, XSS)
    last = world.rows["claims"][-1]
    judged = Judgement(1, last.claim_id, "confirm", XSS, XSS, XSS, XSS, datetime(2024, 5, 1, tzinfo=UTC))
    run = facts(title=XSS, settings={XSS: XSS}, judgements={last.claim_id: judged}, version=XSS)
    run.inputs[0].skipped[XSS] = 3  # type: ignore[index]
    return world.tables(), run


def test_hostile_text_is_inert_everywhere() -> None:
    html = build_brief(*_hostile(), Settings())
    root = parse(html)
    known = parse(_bridge()[1])
    assert {n.tag for n in root.walk()} <= {n.tag for n in known.walk()}
    allowed = {a for n in known.walk() for a in n.attributes}
    assert {a for n in root.walk() for a in n.attributes} <= allowed | {"title", "open"}
    assert not [n for n in root.all("a") if not n.attributes["href"].startswith("#")]
    assert "<script" not in html.lower()
    assert "\x00" not in html
    assert "49" not in root.all("title")[0].text()
    for node in root.walk():
        for value in node.attributes.values():
            assert "\u202e" not in value


def test_an_empty_case_is_graceful() -> None:
    html = build_brief(World().tables(), RunFacts("0.1.0"), Settings())
    words = _words(parse(html))
    assert "Nothing was read: this brief holds no documents." in words
    assert "No document has a date" in words
    assert "No place name was recognised." in words


@pytest.mark.parametrize(
    ("files", "folder"),
    [
        ([], ""),
        (["a.json"], ""),
        (["/home/someone/a.json"], "/home/someone/"),
        (["/home/someone/a/x.zip!m/1.txt", "/home/someone/ab/y.json"], "/home/someone/"),
        (["/a/x", "/b/y"], ""),
        (["C:\\posts\\a.json", "C:\\posts\\b.json"], "C:/posts/"),
    ],
)
def test_the_folders_all_files_share(files: list[str], folder: str) -> None:
    assert common_folder(files) == folder


def test_a_brief_does_not_tell_where_the_files_lay() -> None:
    world = World()
    document = world.document("It rains.", file="/home/someone/case/posts.json")
    world.claim(document, "It rains")
    world.problem("/home/someone/case/more/broken.json", "", "/home/someone: the file ends early", "")
    inputs = (InputFacts("/home/someone/case/posts.json", "telegram", 1),)
    html = build_brief(world.tables(), facts(inputs=inputs), Settings())
    assert "someone/" not in html
    assert "posts.json" in html
    assert "more/broken.json" in html


def test_only_problems() -> None:
    world = World()
    world.problem("a.json", "", "the file is empty", "Export it again")
    words = _words(parse(build_brief(world.tables(), facts(inputs=()), Settings())))
    assert "a.json: the file is empty. Export it again. not read" in words


def test_documents_without_date_channel_or_text_span() -> None:
    world = World()
    document = world.document("A thing has happened.", platform="file")
    world.claim(document, "A thing has happened")
    world.document("", platform="file", url="https://example.org/empty")
    words = _words(parse(build_brief(world.tables(), facts(), Settings())))
    assert "2 documents without a date: times that count from it" in words
    assert "2 documents without a channel." in words
    assert "channel unknown" in words
    assert "date unknown" in words
    assert "posts.json (channel unknown):" in words  # two unknown channels must not look like one


def test_dates_at_the_ends_of_the_calendar() -> None:
    world = World()
    for number, year in enumerate((1, 4, 1900, 2024, 9996, 9999)):
        when = datetime(year, 12, 31, 23, 59, tzinfo=UTC)
        document = world.document(f"Year {number} came.", channel="c", native_id=str(number), published=when)
        world.time(document, "Year", when, datetime.max.replace(tzinfo=UTC))
    words = _words(parse(build_brief(world.tables(), facts(), Settings())))
    assert "31 December 1 – 31 December 9999" in words


@pytest.mark.parametrize(
    ("name", "low", "high"), [("brief.sources", 1, 3), ("brief.claims_per_source", 1, 5)]
)
def test_cuts_are_settings_and_are_stated(name: str, low: int, high: int) -> None:
    tables = _bridge()[0].tables()
    small = build_brief(tables, facts(), Settings({name: low}))
    large = build_brief(tables, facts(), Settings({name: high}))
    assert small.count('<li class="claim') < large.count('<li class="claim')
    words = _words(parse(small))
    if name == "brief.sources":
        assert "showing 1 of 2 sources, those with most claims; the other 22 claims are in the case" in words
        assert "showing 1 of 5 channels" in words
    else:
        assert "showing 1 of 22; the rest are in the case (table claims)." in words


def test_the_context_setting_changes_the_context() -> None:
    tables = _bridge()[0].tables()
    assert len(build_brief(tables, facts(), Settings({"brief.context": 0}))) < len(_bridge()[1])


def test_a_judgement_is_told_from_machine_output() -> None:
    world = _bridge()[0]
    claim = world.rows["claims"][0]
    when = datetime(2024, 5, 3, 10, 0, tzinfo=UTC)
    judged = Judgement(1, claim.claim_id, "reject", "A. Bek", "the quote is cut", "", "", when)
    html = build_brief(world.tables(), facts(judgements={claim.claim_id: judged}), Settings())
    root = parse(html)
    card = next(n for n in root.all("li", "claim") if n.attributes.get("id") == f"c-{claim.claim_id}")
    words = " ".join(card.text().split())
    assert "rejected by A. Bek, 3 May 2024, 10:00 UTC" in words
    assert "rejected: the quote is cut" in words
    assert "machine, unconfirmed" not in words
    assert "Machine output, partly judged" in _words(root)


def test_same_words_are_shown_once_and_counted() -> None:
    world = World()
    for number in range(4):
        document = world.document(
            "The dam  holds." if number else "The DAM holds.", channel="c", native_id=str(number)
        )
        world.claim(document, "The dam  holds" if number else "The DAM holds")
    root = parse(build_brief(world.tables(), facts(), Settings()))
    assert len(root.all("li", "claim")) == 1
    assert "same words in 3 more documents" in _words(root)


def test_no_template_lifts_the_escaping() -> None:
    folder = files("tocsin.present") / "templates"
    for item in folder.iterdir():
        source = item.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe\b|autoescape", source), item.name


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(2 * c for c in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1, 2], ids=["light", "dark", "print"])
def test_contrast_is_aa_in_every_theme(theme: int) -> None:
    css = (files("tocsin.present") / "templates" / "brief.css").read_text(encoding="utf-8")
    blocks = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    assert len(blocks) == 3
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})\b", blocks[theme]))
    for ground in ("paper", "raised"):
        for text in ("ink", "soft", "accent", "link", "src", "cue", "hedge", "kind"):
            assert _contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    for text in ("ink", "hedge", "kind", "src"):
        assert _contrast(colours[text], colours["mark"]) >= (4.5 if text == "ink" else 3.0), text
    for shape in ("data", "data-2", "data-3", "strong-rule"):
        assert _contrast(colours[shape], colours["paper"]) >= (3.0 if shape != "data-2" else 2.0), shape
