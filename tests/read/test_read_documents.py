from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

import pytest

NINE = datetime(2024, 4, 3, 9, tzinfo=UTC)
PARAGRAPH = (
    "The old clock on the town hall of Brightwater was set going again on Wednesday after a silence of "
    "eleven years, the museum of clocks said. Two hundred people came to hear it strike noon. "
)
PAGE = f"""<!DOCTYPE html><html lang="en-GB"><head><title>Clock strikes again - The Brightwater Post</title>
<meta property="og:title" content="Clock strikes again">
<meta property="og:site_name" content="The Brightwater Post">
<meta property="article:published_time" content="2024-04-03T12:00:00+03:00">
<meta name="author" content="Mira Vale">
<link rel="canonical" href="https://post.example.org/clock"></head>
<body><nav><a href="/">Home</a><a href="/about">About us</a></nav>
<article><h1>Clock strikes again</h1><p>{PARAGRAPH * 2}</p><p>{PARAGRAPH}</p></article>
<script>var hidden = "never shown";</script><footer>Cookie notice</footer></body></html>"""


def test_html(reads):
    post = reads("page.html", PAGE).one()
    assert post.text.startswith("Clock strikes again\nThe old clock on the town hall")
    assert "never shown" not in post.text
    assert "Home" not in post.text
    assert (post.platform, post.title, post.channel) == ("web", "Clock strikes again", "The Brightwater Post")
    assert (post.author, post.url, post.stated_language) == (
        "Mira Vale",
        "https://post.example.org/clock",
        "en",
    )
    assert post.published == NINE  # with the time of day
    assert (post.published_basis, post.published_reason) == ("inferred", "page metadata")


def test_html_date_from_linked_data_and_day_only(reads):
    meta = '<meta property="article:published_time" content="2024-04-03T12:00:00+03:00">'
    linked = json.dumps({"@graph": [{"@type": "NewsArticle", "datePublished": "2024-04-03T09:00:00Z"}]})
    page = PAGE.replace(meta, f'<script type="application/ld+json">{linked}</script>')
    assert reads("page.html", page).one().published == NINE
    day = PAGE.replace(meta, '<meta name="date" content="2024-04-03">')
    assert reads("day.html", day).one().published == datetime(2024, 4, 3, tzinfo=UTC)
    # A date after today is a date all the same: the result may not depend on the day of reading.
    later = PAGE.replace(meta, '<meta name="date" content="2090-04-03">')
    assert reads("later.html", later).one().published == datetime(2090, 4, 3, tzinfo=UTC)
    none = reads("none.html", PAGE.replace(meta, "")).one()
    assert (none.published, none.published_basis) == (None, "unknown")


def test_html_without_article_falls_back_to_visible_text(reads):
    page = "<html><body><div>Bus 7</div><script>x()</script><span>runs again</span><br>daily</body></html>"
    assert reads("a.html", page).one().text == "Bus 7\nruns again\ndaily"


def test_html_without_text(reads):
    got = reads("a.html", "<html><head><script>1</script></head><body><img src=x></body></html>")
    assert "no text" in got.one_fault("missing-text")


@pytest.mark.parametrize("codec", ["windows-1251", "koi8-r", "utf-16", "utf-8"])
def test_html_charsets(reads, codec):
    text = "Музей часов открылся в среду. " * 12
    head = f'<head><meta charset="{codec}"><title>Часы</title></head>'
    page = f'<html lang="ru">{head}<body><p>{text}</p></body></html>'
    post = reads("a.html", page.encode(codec)).one()
    assert post.text.startswith("Часы\n\nМузей часов открылся в среду.")
    assert post.stated_language == "ru"


def test_html_with_a_false_charset(reads):
    page = '<html><head><meta charset="utf-8"></head><body><p>Музей часов открылся в среду.</p></body></html>'
    assert "Музей часов" in reads("a.html", page.encode("cp1251")).one().text


def test_deeply_nested_html(reads):
    page = "<html><body>" + "<div>" * 5000 + "kernel" + "</div>" * 5000 + "</body></html>"
    got = reads("a.html", page)
    assert len(got.posts) + len(got.faults) == 1
    assert all("could not go on" not in fault.error.cause for fault in got.faults)


def test_html_says_nothing_on_the_side(reads, capfd, caplog):
    with caplog.at_level(logging.DEBUG):
        reads("a.html", "<html><body><p>tiny</body></html>")
        reads("b.html", PAGE)
    assert capfd.readouterr() == ("", "")
    assert [
        record.name for record in caplog.records if record.name.startswith(("trafilatura", "htmldate"))
    ] == []


def test_telegram_html_export_is_named(reads):
    page = '<html><body><div class="page_wrap"><div class="message default clearfix">Hi</div></div></html>'
    got = reads("messages.html", page)
    assert "Telegram" in got.one_fault("undetected-format")
    assert "JSON" in got.faults[0].error.remedy


RSS = """<?xml version="1.0" encoding="{codec}"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Вісті Міста</title><language>uk-UA</language><link>https://visti.example</link>
<item><title>Ярмарок &amp; свято</title><link>https://visti.example/1</link><guid>1</guid>
<pubDate>Wed, 03 Apr 2024 12:00:00 +0300</pubDate><dc:creator>Оля</dc:creator>
<description>short</description>
<content:encoded><![CDATA[<p>Ярмарок&nbsp;відкрито.</p>
<p>Вхід вільний.<br>Щодня</p><script>no</script>]]></content:encoded></item>
<item><title>Без дати</title><description>Лише опис.</description><pubDate>0000</pubDate></item>
<item><description/></item>
</channel></rss>"""


@pytest.mark.parametrize("codec", ["utf-8", "windows-1251", "utf-16"])
def test_rss(reads, codec):
    got = reads("f.xml", RSS.format(codec=codec).encode(codec))
    assert got.positions == ["item[0]", "item[1]"]
    first, second = got.posts
    assert first.text == "Ярмарок & свято\n\nЯрмарок відкрито.\nВхід вільний.\nЩодня"
    assert (first.platform, first.channel, first.native_id, first.url) == (
        "feed", "Вісті Міста", "1", "https://visti.example/1",
    )  # fmt: skip
    assert (first.published, first.published_basis) == (NINE, "stated")
    assert (first.author, first.stated_language) == ("Оля", "uk")
    assert second.text == "Без дати\n\nЛише опис."
    got.one_fault("bad-date", position="item[1]", kept=True)
    assert [skip.position for skip in got.skipped] == ["item[2]"]


def test_atom(reads):
    atom = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="kk"><title>Хабар</title><id>x</id>
    <entry><title type="html">Кітап &lt;b&gt;күні&lt;/b&gt;</title><id>e1</id><link rel="self" href="no"/>
    <link href="https://k.example/e1"/><updated>2024-04-03T10:00:00Z</updated>
    <published>2024-04-03T09:00:00Z</published><author><name>Дана</name></author>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Кітапхана</p><p>ашық.</p></div></content></entry>
    <entry><title>Only updated</title><id>e2</id><updated>2024-04-03T09:00:00Z</updated></entry></feed>"""
    got = reads("f.atom", atom)
    assert got.codes == []
    first, second = got.posts
    assert first.text == "Кітап күні\n\nКітапхана\nашық."
    assert (first.published, first.edited) == (NINE, datetime(2024, 4, 3, 10, tzinfo=UTC))
    assert (first.channel, first.author, first.stated_language, first.url) == (
        "Хабар", "Дана", "kk", "https://k.example/e1",
    )  # fmt: skip
    assert (second.text, second.published, second.published_basis) == ("Only updated", NINE, "inferred")


def test_feed_truncated_keeps_items(reads):
    text = RSS.format(codec="utf-8")
    got = reads("f.xml", text[: text.index("Лише")])
    assert [post.native_id for post in got.posts][:1] == ["1"]
    assert got.codes[-1] == "truncated-file"


def test_feed_with_entities_is_refused(reads):
    entities = '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    bomb = entities + "<rss><channel><item><title>&b;</title></item></channel></rss>"
    got = reads("f.xml", bomb)
    assert got.posts == []
    assert "entities" in got.one_fault("archive-bomb")


def test_feed_reads_no_file(reads, tmp_path):
    (tmp_path / "secret.txt").write_text("treasure")
    feed = (
        f'<!DOCTYPE rss SYSTEM "{tmp_path}/secret.txt">'
        "<rss><channel><item><title>Open &nbsp; word</title></item></channel></rss>"
    )
    got = reads("f.xml", feed)
    assert "treasure" not in "".join(got.texts)


def test_feed_without_items(reads):
    reads("f.xml", "<rss><channel><title>Quiet</title></channel></rss>").one_fault("empty-file")


def test_text_is_verbatim(reads):
    text = "  Première ligne\u00a0: «é»\n\n\tSecond\u2028line \n"
    post = reads("a.txt", text).one()
    assert (post.text, post.platform, post.title, post.published_basis) == (text, "file", None, "unknown")


def test_front_matter(reads):
    document = """---
title: "Снег: хроника"
date: 2024-04-03T12:00:00+03:00
channel: Погода
url: https://snow.example/1
language: ru
author: [Анна, Борис]
tags: {a: [1, 2]}
---

Снег сошёл.
"""
    post = reads("a.md", document).one()
    assert post.text == "Снег: хроника\n\nСнег сошёл.\n"
    assert (post.title, post.channel, post.url) == ("Снег: хроника", "Погода", "https://snow.example/1")
    assert (post.stated_language, post.author, post.published) == ("ru", "Анна, Борис", NINE)
    assert post.published_basis == "stated"


def test_title_is_not_doubled(reads):
    assert reads("a.md", "---\ntitle: Snow\n---\n\nSnow fell.\n").one().text == "Snow fell.\n"


@pytest.mark.parametrize("head", ["title: [unclosed", "a: b: c: d", "- just\n- a list", "x: " + "[" * 3000])
def test_broken_front_matter_keeps_the_text(reads, head):
    got = reads("a.md", f"---\n{head}\n---\nThe words stay.\n")
    assert got.texts == ["The words stay.\n"]
    assert "front matter" in got.one_fault("malformed-record", kept=True)


def test_front_matter_never_closed(reads):
    got = reads("a.md", "---\ntitle: Open\n\nWords.\n")
    assert got.texts == ["---\ntitle: Open\n\nWords.\n"]
    assert "never closed" in got.one_fault("malformed-record", kept=True)


def test_rule_of_dashes_is_no_front_matter(reads):
    text = "---\n\nA story begins with a rule.\n"
    assert reads("a.md", text).one().text == text


def test_front_matter_bad_date(reads):
    got = reads("a.md", "---\ndate: 0000-01-01\ntitle: T\n---\nWords.\n")
    assert got.texts == ["T\n\nWords.\n"]
    got.one_fault("bad-date", kept=True)


def test_alias_bomb_in_front_matter(reads):
    levels = "".join(f"l{i}: &l{i} [{', '.join([f'*l{i - 1}'] * 9)}]\n" for i in range(1, 12))
    got = reads("a.md", f"---\nl0: &l0 x\n{levels}title: Fine\n---\nWords.\n")
    assert got.texts == ["Fine\n\nWords.\n"]
