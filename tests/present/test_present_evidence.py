"""Promise 1: what is shown as a quotation equals the text, whatever the text holds."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from present_page import Node, parse

from tocsin.model import Span
from tocsin.present.evidence import (
    Layer,
    highlight,
    plain,
    quoted,
    safe_url,
    shown,
    windows,
    windows_html,
)

_NASTY = (
    "ab \t\r\n<>&\"'\x00\x01\x1f\x7f\x85\u00ad\u200b\u200d\u200e\u202e\u2066\u2069\ufeff\ufffe"
    "\U000e0041é👩\u200d🚀ق"
)
texts = st.text(st.one_of(st.sampled_from(_NASTY), st.characters(exclude_categories=("Cs",))), min_size=1)
names = st.sampled_from(["content", "source", "cue", "hedge", "kind"])


@st.composite
def layered(draw: st.DrawFn) -> tuple[str, Span, list[Layer]]:
    text = draw(texts)

    def span() -> Span:
        start = draw(st.integers(0, len(text) - 1))
        return Span(start, draw(st.integers(start + 1, len(text))))

    layers = [Layer(draw(names), span(), draw(st.integers(0, 3))) for _ in range(draw(st.integers(0, 6)))]
    return text, span(), layers


def _pieces(node: Node, name: str) -> dict[int, str]:
    return {int(m.attributes["data-at"]): m.text() for m in node.all("mark", f"l-{name}")}


@given(layered())
def test_highlighted_text_is_verbatim(case: tuple[str, Span, list[Layer]]) -> None:
    text, window, layers = case
    root = parse(str(highlight(text, window, layers)))
    outer = root.all("bdi", "ev")[0]
    assert outer.text() == window.of(text)
    assert (outer.attributes["data-start"], outer.attributes["data-end"]) == (
        str(window.start),
        str(window.end),
    )
    for mark in root.all("mark"):
        start = int(mark.attributes["data-at"])
        assert mark.text() == text[start : start + len(mark.text())]


@given(layered())
def test_marks_cover_each_layer_exactly(case: tuple[str, Span, list[Layer]]) -> None:
    text, window, layers = case
    root = parse(str(highlight(text, window, layers)))
    for name in ("content", "source", "cue", "hedge", "kind"):
        wanted = {
            p
            for layer in layers
            if layer.name == name
            for p in range(max(layer.span.start, window.start), min(layer.span.end, window.end))
        }
        got = {p for start, words in _pieces(root, name).items() for p in range(start, start + len(words))}
        assert got == wanted


@given(layered(), st.integers(0, 50))
def test_windows_hold_every_span_and_omissions_add_up(
    case: tuple[str, Span, list[Layer]], width: int
) -> None:
    text, window, layers = case
    found = windows(text, [window, *(layer.span for layer in layers)], width)
    assert list(found) == sorted(found)
    assert all(a.end < b.start for a, b in pairwise(found))
    assert any(w.start <= window.start and window.end <= w.end for w in found)
    root = parse(str(windows_html(text, found, layers)))
    for node in root.all("bdi", "ev"):
        start, end = int(node.attributes["data-start"]), int(node.attributes["data-end"])
        assert node.text() == text[start:end]
    left_out = sum(int(c.text().split()[0].strip("[").replace(",", "")) for c in root.all("span", "cut"))
    assert left_out + sum(len(w) for w in found) == len(text)


@given(layered())
def test_nothing_becomes_markup(case: tuple[str, Span, list[Layer]]) -> None:
    text, window, layers = case
    root = parse(str(highlight(text, window, layers)))
    assert {n.tag for n in root.walk()} <= {"", "bdi", "mark"}
    assert {n.tag for n in parse(str(shown(text))).walk()} <= {"", "bdi"}


def test_a_long_content_is_cut_and_says_by_how_much() -> None:
    text = "word " * 4000
    root = parse(str(quoted(text, [Span(0, 19_999)], [], 480)))
    quote = root.all("bdi", "ev")[0]
    end = int(quote.attributes["data-end"])
    assert quote.text() == text[:end]
    assert end <= 500
    assert root.all("span", "cut")[0].text() == f"[{19_999 - end:,} characters not shown]"


def test_a_discontinuous_content_shows_its_gap() -> None:
    root = parse(str(quoted("one two three", [Span(0, 3), Span(8, 13)], [])))
    assert [n.text() for n in root.all("bdi", "ev")] == ["one", "three"]
    assert [n.text() for n in root.all("span", "gap")] == ["[…]"]


def test_a_window_outside_the_text_is_refused() -> None:
    with pytest.raises(ValueError, match="ends after the text"):
        highlight("short", Span(0, 9), [])


def test_invisible_characters_are_named() -> None:
    html = str(shown("a\u202eb\u200bc\x00d"))
    assert 'data-cp="202E" title="right-to-left override"' in html
    assert 'data-cp="200B" title="zero-width space"' in html
    assert "\x00" not in html
    assert plain("a\u202eb") == "a⟨U+202E⟩b"


@pytest.mark.parametrize("word", ["👩\u200d🚀", "می\u200cخواهم", "ordinary", "क्\u200dष"])
def test_joiners_of_emoji_and_of_scripts_that_need_them_are_left_alone(word: str) -> None:
    assert "ctl" not in str(shown(word))


@pytest.mark.parametrize("word", ["pay\u200dpal", "Мос\u200cква", "\u200cevil"])
def test_joiners_that_only_hide_something_are_shown(word: str) -> None:
    assert "ctl" in str(shown(word))


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "data:text/html,<script>1</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//example.org/x",
        "https:///x",
        "http://a b",
        "https://ex\u202eample.org",
        "http://[::1",
        "https://example.org/\n",
        "",
        None,
        "http://" + "a" * 3000,
    ],
)
def test_urls_that_are_not_linked(url: str | None) -> None:
    assert safe_url(url) is None


@pytest.mark.parametrize(
    "url", ["https://example.org/1?a=b&c=d", "HTTP://example.org", "https://пример.рф/я"]
)
def test_urls_that_are_linked(url: str) -> None:
    assert safe_url(url) == url
