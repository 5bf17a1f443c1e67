"""The tagger at run time: the arithmetic of its parts, and what its weights find."""

from __future__ import annotations

import numpy as np

from tocsin.language.lstm import BiLstm, Steps
from tocsin.language.tagger import WEIGHTS, attribution_network
from tocsin.language.universal import universal_encoder
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
    words = paragraph_words(text, [s or [(0, 0)] for s in spans], universal_encoder())
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

    assert len((files("tocsin.language") / "weights" / WEIGHTS).read_bytes()) <= 5_000_000
