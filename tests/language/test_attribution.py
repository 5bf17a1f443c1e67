"""The attribution network at run time: decoding, and the arithmetic of each part."""

from __future__ import annotations

import numpy as np
import pytest

from tocsin.language.attribution import (
    CONTENT,
    PLACE_WIDTH,
    SOURCE,
    Cue,
    attribution_network,
    decode_cues,
    decode_roles,
    places,
    runs,
)
from tocsin.language.encoder import packaged_encoder
from tocsin.language.lstm import BiLstm, Steps
from tocsin.language.wordfeatures import paragraph_words


def _plain_lstm(x: np.ndarray, wx: np.ndarray, wh: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """One sequence, one direction, as in the textbook (gates i, f, g, o)."""
    units = wh.shape[1]
    h, c, out = np.zeros(units), np.zeros(units), []
    for row in x:
        i, f, g, o = np.split(wx @ row + wh @ h + bias, 4)
        c = c / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
        h = np.tanh(c) / (1 + np.exp(-o))
        out.append(h)
    return np.array(out).reshape(-1, units)


def test_the_lstm_is_the_textbooks_for_sequences_of_any_length() -> None:
    random = np.random.default_rng(3)
    lengths = np.array([9, 5, 5, 2, 1])
    weights = {
        f"two.{way}.{part}": random.normal(size=shape).astype(np.float32)
        for way in ("forth", "back")
        for part, shape in (("wx", (24, 7)), ("wh", (24, 6)), ("bias", (24,)))
    }
    x = random.normal(size=(int(lengths.sum()), 7)).astype(np.float32)
    out = BiLstm(weights, "two").run(x, Steps.of(lengths))
    at = 0
    for length in lengths:
        own = x[at : at + length]
        forth = _plain_lstm(own, *(weights[f"two.forth.{p}"] for p in ("wx", "wh", "bias")))
        back = _plain_lstm(own[::-1], *(weights[f"two.back.{p}"] for p in ("wx", "wh", "bias")))[::-1]
        np.testing.assert_allclose(out[at : at + length], np.concatenate([forth, back], axis=1), atol=1e-4)
        at += length


def test_no_sequences() -> None:
    assert Steps.of(np.zeros(0, dtype=np.int64)).running == []


def test_places_say_where_a_word_stands() -> None:
    sentence = np.array([0] * 6 + [1] * 40)
    found = places((3, 5), sentence < 0, sentence)
    assert found.shape == (46, PLACE_WIDTH)
    assert found[:, 0].nonzero()[0].tolist() == [3, 4]
    assert (found[:, 2:].sum(axis=1) == 2).all()
    assert not np.array_equal(found[2], found[5])
    assert np.array_equal(found[44], found[45])
    with_other = places((3, 5), np.arange(46) == 9, sentence)
    assert with_other[:, 1].nonzero()[0].tolist() == [9]


def test_runs() -> None:
    assert runs(np.array([True, True, False, True])) == [(0, 2), (3, 4)]
    assert runs(np.zeros(3, dtype=bool)) == []


def test_cues_are_cut_where_a_new_one_begins() -> None:
    tags = np.array([[1, 0, 0], [0.1, 0.8, 0.1], [0.2, 0.1, 0.7], [0.3, 0.6, 0.1], [0.9, 0.1, 0]], np.float32)
    assert [(c.first, c.last) for c in decode_cues(tags, 0.5)] == [(1, 3), (3, 4)]
    assert decode_cues(tags, 0.5)[0].score == pytest.approx(0.9)
    assert decode_cues(tags[:0], 0.5) == []


def test_roles_leave_the_cue_alone_and_need_content() -> None:
    roles = np.eye(3, dtype=np.float32)[[SOURCE, CONTENT, CONTENT, 0, CONTENT]]
    relation = decode_roles(Cue(1, 2, 0.9), roles, 0.7)
    assert relation is not None
    assert (relation.source, relation.content, relation.score) == (((0, 1),), ((2, 3), (4, 5)), 0.7)
    assert decode_roles(Cue(1, 5, 0.9), roles, 0.7) is None


TEXT = (
    "The minister said that the bridge would be closed on Monday.\n"
    "Nothing else happened.\n"
    "“We never promised that,” a spokeswoman for the city told reporters, “and we will not.”"
)


def _tag(text: str, lines: list[str]) -> list[list[tuple[str, ...]]]:
    spans, at = [], 0
    for line in lines:
        at = text.index(line, at)
        spans.append([(at, at + len(line))] if line else [])
    words = paragraph_words(text, [s or [(0, 0)] for s in spans], packaged_encoder())
    out = []
    for own, relations in zip(words, attribution_network().tag(words), strict=True):
        out.append(
            [
                tuple(
                    " … ".join(text[own.starts[a] : own.ends[b - 1]] for a, b in ranges)
                    for ranges in (r.source, ((r.cue.first, r.cue.last),), r.content)
                )
                for r in relations
            ]
        )
    return out


def test_the_packaged_weights_find_who_says_what() -> None:
    first, second, third = _tag(TEXT, TEXT.split("\n"))
    assert first == [("The minister", "said", "that the bridge would be closed on Monday")]
    assert second == []
    ((source, cue, content),) = third
    assert source == "a spokeswoman for the city"
    assert cue.startswith("told")
    assert "We never promised that" in content
    assert "and we will not" in content


def test_the_rest_of_the_batch_does_not_matter() -> None:
    lines = TEXT.split("\n")
    together = _tag(TEXT, lines)
    assert [_tag(line, [line])[0] for line in lines] == together


def test_a_paragraph_without_words() -> None:
    assert _tag("", [""]) == [[]]
    assert attribution_network().tag([]) == []


def test_weights_are_small() -> None:
    from importlib.resources import files

    from tocsin.language.attribution import WEIGHTS

    assert len((files("tocsin.language") / "weights" / WEIGHTS).read_bytes()) <= 5_000_000
