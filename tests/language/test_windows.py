"""Windows: nothing lost, nothing twice, every offset verbatim, never more pieces than there is room for."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from core_helpers import HOSTILE, ODD, spans_of, windows_of
from hypothesis import given
from hypothesis import strategies as st

from tocsin.language.core import language_core
from tocsin.language.pieces import BEGIN, END, PieceTable
from tocsin.language.windows import ROOM, Window, unmarked, windows
from tocsin.language.wordshapes import SHAPES, cut_words


def check(text: str, room: int) -> list[Window]:
    spans = spans_of(text)
    found = windows_of(text, room)
    words = [
        (start + a, start + b) for _, start, end in spans for a, b in cut_words(unmarked(text)[start:end])
    ]
    assert [pair for w in found for pair in zip(w.starts.tolist(), w.ends.tolist(), strict=True)] == words
    for window in found:
        check_window(text, spans, window, room)
    # A sentence is in one window; in consecutive ones only if it alone has too many pieces.
    where: dict[int, list[int]] = {}
    for number, window in enumerate(found):
        for row in window.sentences:
            where.setdefault(row, []).append(number)
    with_words = [row for row, (_, start, end) in enumerate(spans) if cut_words(unmarked(text)[start:end])]
    assert sorted(where) == with_words
    for row, numbers in where.items():
        assert numbers == list(range(numbers[0], numbers[-1] + 1))
        _, start, end = spans[row]
        assert len(numbers) == 1 or len(language_core().pieces.cut(text[start:end])[0]) > room - 2
    return found


def check_window(text: str, spans: list[tuple[int, int, int]], window: Window, room: int) -> None:
    assert 3 <= len(window.ids) == len(window.sentence_of) <= room
    assert (window.ids[0], window.ids[-1]) == (BEGIN, END)
    assert window.words == [text[a:b] for a, b in zip(window.starts, window.ends, strict=True)]
    assert window.shapes.shape == (len(window), len(SHAPES))
    # Pieces: marks belong to no sentence, every sentence has pieces, in order.
    marks = window.sentence_of < 0
    paragraphs = {spans[row][0] for row in window.sentences}
    assert marks.sum() == 1 + len(paragraphs)
    assert set(window.ids[marks].tolist()) == {BEGIN, END}
    own = window.sentence_of[~marks]
    assert sorted(set(own.tolist())) == list(range(len(window.sentences)))
    assert (np.diff(own) >= 0).all()
    assert all(a < b for a, b in pairwise(window.sentences))
    # Words: at least one piece, all of the word's own sentence; numbers that fit their place.
    assert (window.first < window.last).all()
    for at in range(len(window)):
        pieces = window.sentence_of[window.first[at] : window.last[at]]
        assert len(pieces) == window.last[at] - window.first[at]
        assert (pieces == window.sentence[at]).all()
        number, start, end = spans[window.sentences[window.sentence[at]]]
        assert start <= window.starts[at] < window.ends[at] <= end
        assert number == sorted(paragraphs)[window.paragraph[at]]


@given(HOSTILE, st.sampled_from([5, 16, 64, ROOM]))
def test_nothing_is_lost_in_any_text(text: str, room: int) -> None:
    check(text, room)


@pytest.mark.parametrize("room", [16, ROOM])
@pytest.mark.parametrize("text", ODD, ids=lambda t: ascii(t[:12]))
def test_nothing_is_lost_in_odd_texts(text: str, room: int) -> None:
    check(text, room)


def test_nothing_to_read() -> None:
    assert windows_of("") == windows_of(" \n\u00a0") == []
    assert windows("Words that no sentence holds.", [], language_core().pieces) == []


def test_half_a_surrogate_pair_is_an_unknown_character() -> None:
    text = "The \ud83d mayor said \udd25so."
    (window,) = windows(text, [(0, 0, len(text))], language_core().pieces)
    assert window.words == ["The", "\ud83d", "mayor", "said", "\udd25", "so", "."]


LINE = "The keeper said that the lamp was lit. Nobody had asked her about it."


def test_a_paragraph_stays_whole_where_it_can() -> None:
    text = "\n\n".join([LINE] * 12)
    pieces = len(language_core().pieces.cut(LINE)[0])
    for window in check(text, 3 * pieces + 4):
        assert len(window.sentences) == 6
        assert window.paragraph.max() == 2
    # Room for a paragraph and a half: the half is not begun.
    for window in check(text, pieces + pieces // 2 + 3):
        assert len(window.sentences) == 2


def test_a_paragraph_too_long_is_cut_between_sentences() -> None:
    text = " ".join([LINE] * 40)
    found = check(text, 64)
    assert len(found) > 10
    assert all(w.paragraph.max() == 0 for w in found)
    assert sum(len(w.sentences) for w in found) == 80


def test_a_sentence_too_long_is_cut_between_pieces() -> None:
    text = "слово " * 700
    found = check(text, ROOM)
    assert len(found) > 1
    assert all(w.sentences == [0] for w in found)


@pytest.mark.parametrize("letter", ["x", "щ", "ї", "қ"])
def test_a_word_too_long_is_one_word(letter: str) -> None:
    found = check(letter * 5000, ROOM)
    assert [w.words for w in found if len(w)] == [[letter * 5000]]
    assert len(found) > 1


def test_what_comes_before_does_not_change_a_full_window() -> None:
    text = "\n\n".join([LINE] * 6)
    pieces = len(language_core().pieces.cut(LINE)[0])
    first, second = check(text, 3 * pieces + 4)
    np.testing.assert_array_equal(first.ids, second.ids)
    np.testing.assert_array_equal(first.shapes, second.shapes)
    assert first.words == second.words
    assert (first.starts < second.starts).all()


# --- pieces ------------------------------------------------------------------------------------------


@given(HOSTILE)
def test_pieces_are_in_order_and_within_the_text(text: str) -> None:
    ids, starts, ends = language_core().pieces.cut(text)
    assert len(ids) == len(starts) == len(ends) >= 1
    assert all(0 <= a <= b <= len(text) for a, b in zip(starts, ends, strict=True))
    assert starts == sorted(starts)
    assert ends == sorted(ends)


@pytest.mark.parametrize(
    "text",
    [
        "The keeper said that the lamp was lit.",
        "Анна Ковак сообщила, что всё в порядке.",
        "Її сім’я повідомила, що ґанок і дах цілі.",
        "Әкім «қаладағы көпір жабылады» деп мәлімдеді.",
    ],
)
def test_pieces_cover_the_four_languages_without_unknown_ones(text: str) -> None:
    ids, starts, ends = language_core().pieces.cut(text)
    covered = {i for a, b in zip(starts, ends, strict=True) for i in range(a, b)}
    assert covered == {i for i, c in enumerate(text) if not c.isspace()}
    assert 0 not in ids


def test_forgetting_chunks_changes_no_pieces() -> None:
    table = language_core().pieces
    model = table._processor.serialized_model_proto()
    small = PieceTable(model, capacity=2)
    for text in ("слово за слово", "a b c a b c", LINE):
        assert small.cut(text) == table.cut(text)


def test_a_link_is_one_word_of_two_pieces() -> None:
    text = "Читайте (https://example.org/a/b-c?d=e) и https://example.org/long/page."
    (window,) = windows(text, [(0, 0, len(text))], language_core().pieces)
    links = [at for at, word in enumerate(window.words) if "://" in word]
    assert [window.words[at] for at in links] == [
        "https://example.org/a/b-c?d=e",
        "https://example.org/long/page",
    ]
    assert all(window.last[at] - window.first[at] <= 3 for at in links)
    assert len(window.ids) < 20


PARTS = st.sampled_from(
    [
        "https://example.org/a",
        "http://é.ü/ß?x=1#",
        "https://",
        "слово",
        "(",
        ")",
        "](",
        ".",
        " ",
        "\n\n",
        "“",
        "://",
    ]
) | st.text(max_size=4)


@given(st.lists(PARTS, max_size=40).map("".join), st.sampled_from([5, 16, ROOM]))
def test_nothing_is_lost_among_links(text: str, room: int) -> None:
    check(text, room)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Утку **нашли, **сообщил мэр", "Утку   нашли,   сообщил мэр"),
        ("__Утка__ [спит](https://a.example/)", "  Утка    спит" + " " * len("](https://a.example/)")),
        ("Above.\n\n___\n\nBelow.", "Above.\n\n___\n\nBelow."),
        ("2 * 3 * 4, a_b [sic] (https://example.org)", "2 * 3 * 4, a_b [sic] (https://example.org)"),
    ],
)
def test_markup_is_blank(text: str, plain: str) -> None:
    assert unmarked(text) == plain
    assert len(unmarked(text)) == len(text)


@given(st.text(alphabet="ab*_[]()/:. \nhtps", max_size=60))
def test_markup_moves_no_letter(text: str) -> None:
    plain = unmarked(text)
    assert len(plain) == len(text)
    assert all(a in (b, " ") for a, b in zip(plain, text, strict=True))
