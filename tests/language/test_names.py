"""Names: the search over tags, spans of a window with made weights, and the packaged weights at work."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from core_helpers import ODD

from heads_helpers import TEXTS, made_core, packaged, read
from tocsin.errors import HeadNotInstalledError, UsageError
from tocsin.language.core import LanguageCore
from tocsin.language.names import (
    DEFAULT_STYLE,
    OTHER_STYLE,
    STYLES,
    TAGS,
    TYPES,
    Names,
    TagDecoder,
    allowed,
    best_path,
    decode,
    default_style,
    tag_names,
)


@pytest.fixture(scope="module")
def core() -> LanguageCore:
    return made_core()


def made_scores(draw: np.random.Generator, words: int, spread: float, outside: float) -> np.ndarray:
    """Log-probabilities in which most words are likely O, by ``outside``."""
    raw = draw.normal(size=(words, len(TAGS))) * spread
    raw[:, 0] += draw.choice([0, outside], size=words, p=[0.2, 0.8])
    return (raw - np.logaddexp.reduce(raw, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize("outside", [0.0, 4.0, 9.0, 15.0])
@pytest.mark.parametrize("step", [0.0, 0.5, 3.0])
def test_the_fast_search_finds_the_best_path(outside: float, step: float) -> None:
    draw = np.random.default_rng(int(outside * 10 + step))
    skipped = words = 0
    for _ in range(60):
        count = int(draw.integers(0, 40))
        scores = made_scores(draw, count, float(draw.choice([0.5, 1.5, 3])), outside)
        size = allowed(TAGS).shape
        steps = (allowed(TAGS) + draw.normal(size=size) * step).astype(np.float32)
        decoder = TagDecoder(steps, TAGS)
        expected = best_path(scores, steps)
        assert decoder.path(scores).tolist() == expected.tolist()
        possible = decoder.possible(scores)
        assert not expected[~possible].any()
        skipped += int((~possible).sum())
        words += count
    if outside == 15 and step == 0:
        assert skipped > words / 2


def test_types_of_one_tag_and_of_none() -> None:
    for types in ((), ("PER",)):
        tags = tuple(tag_names(types))
        scores = np.log(np.full((3, len(tags)), 1 / len(tags), dtype=np.float32))
        assert (
            TagDecoder(allowed(tags), tags).path(scores).tolist() == best_path(scores, allowed(tags)).tolist()
        )
        assert decode(scores[:0], allowed(tags), tags) == []


def test_guides_and_languages() -> None:
    assert {kind for types in STYLES.values() for kind in types} == set(TYPES)
    assert {*DEFAULT_STYLE.values(), OTHER_STYLE} <= set(STYLES)
    assert (default_style("kk"), default_style("pl"), default_style(None)) == (
        "kaznerd",
        OTHER_STYLE,
        OTHER_STYLE,
    )


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_names_are_whole_words_in_order_and_of_the_guides_types(
    core: LanguageCore, style: str, text: str
) -> None:
    for analysis in read(text):
        window = analysis.window
        found = Names(core).spans([analysis], [style])
        assert found  # random weights see names everywhere
        assert all(a.end <= b.start for a, b in pairwise(found))
        assert {s.start for s in found} <= set(window.starts.tolist())
        assert {s.end for s in found} <= set(window.ends.tolist())
        assert {s.type for s in found} <= set(STYLES[style])
        assert all(0 < s.score <= 1 for s in found)


def test_every_window_may_have_its_own_guide(core: LanguageCore) -> None:
    names = Names(core)
    (first,), (second,) = read(TEXTS["kk"]), read(TEXTS["ru"])
    one, other = names.spans([first], ["kaznerd"]), names.spans([second], ["re3d"])
    assert names.spans([first, second], ["kaznerd", "re3d"]) == one + other
    assert len({tuple(names.spans([first], [style])) for style in STYLES}) > 3
    assert names.spans([], []) == []


def test_a_guide_that_does_not_exist_and_weights_without_the_head(core: LanguageCore) -> None:
    (analysis,) = read(TEXTS["kk"])
    with pytest.raises(UsageError, match="no guide for names") as caught:
        Names(core).spans([analysis], ["conll"])
    assert "slavicner" in caught.value.remedy
    bare = made_core()
    bare.named = {k: v for k, v in bare.named.items() if not k.startswith("names.")}
    with pytest.raises(HeadNotInstalledError, match=r"no names\.enter\.weight"):
        Names(bare)


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_odd_texts(core: LanguageCore, text: str) -> None:
    read_text = read(text)
    for span in Names(core).spans(read_text, [OTHER_STYLE] * len(read_text)):
        assert text[span.start : span.end].strip()


@pytest.mark.parametrize(
    ("language", "text", "person", "place"),
    [
        ("en", "Barack Obama flew to London on Monday.", "Barack Obama", "London"),
        ("ru", "Сергей Петров приехал в Москву в понедельник.", "Сергей Петров", "Москву"),
        ("uk", "Олена Шевченко приїхала до Києва в понеділок.", "Олена Шевченко", "Києва"),
        ("kk", "Нұрсұлтан Әбдірахманов Алматы қаласына келді.", "Нұрсұлтан Әбдірахманов", "Алматы"),
    ],
)
def test_the_packaged_weights_know_plain_names(language: str, text: str, person: str, place: str) -> None:
    core = packaged("names")
    (analysis,) = read(text)
    found = [
        (text[s.start : s.end], s.type) for s in Names(core).spans([analysis], [default_style(language)])
    ]
    assert (person, "PER") in found
    # «Алматы қаласы» is the name in some guides.
    assert any(words.startswith(place) and kind == "LOC" for words, kind in found)
