"""Layers in numpy, certainty and check-worthiness: arithmetic by hand, and the packaged weights at work."""

from __future__ import annotations

import math

import numpy as np
import pytest
from core_helpers import ODD, windows_of

from heads_helpers import HIDDEN, TEXTS, made_core, packaged, read
from tocsin.errors import HeadNotInstalledError
from tocsin.language.assess import CertaintyHead, CheckworthyHead
from tocsin.language.core import LanguageCore
from tocsin.language.heads import Digest, SentenceWords, gelu, sigmoid, standardised


@pytest.fixture(scope="module")
def core() -> LanguageCore:
    return made_core()


def test_the_functions_of_a_layer() -> None:
    x = np.linspace(-9, 9, 2001, dtype=np.float32)
    exact = [v * 0.5 * (1 + math.erf(v / 2**0.5)) for v in x.tolist()]
    np.testing.assert_allclose(gelu(x), exact, atol=1e-6)
    np.testing.assert_allclose(sigmoid(np.array([-1e4, 0, 1e4], np.float32)), [0, 0.5, 1], atol=1e-9)
    rows = standardised(np.array([[1, 2, 3], [5, 5, 5]], np.float32))
    np.testing.assert_allclose(rows, [[-1.2247, 0, 1.2247], [0, 0, 0]], atol=1e-3)
    assert {gelu(x).dtype, sigmoid(x).dtype, rows.dtype} == {np.dtype(np.float32)}


def test_a_digest_is_the_mean_and_maximum_of_each_sentence(core: LanguageCore) -> None:
    (window,) = windows_of(TEXTS["en"])
    of = SentenceWords.of(window)
    words = np.random.default_rng(1).normal(size=(len(window), core.width)).astype(np.float32)
    found = Digest(core.named, "certainty.digest")(words, of)
    x = gelu(
        words @ core.named["certainty.digest.enter.weight"].T + core.named["certainty.digest.enter.bias"]
    )
    assert found.shape == (3, 2 * HIDDEN)
    for row in range(3):
        own = x[window.sentence == row]
        np.testing.assert_allclose(found[row], np.concatenate([own.mean(0), own.max(0)]), atol=1e-5)


def test_a_part_without_words_has_an_empty_digest(core: LanguageCore) -> None:
    text = "x" * 5000
    bare = [window for window in windows_of(text) if not len(window)]
    assert bare  # an endless word belongs to its first window
    analysis = core.read(bare[0])
    certainty = CertaintyHead(core).sentences(analysis)
    assert np.isfinite(certainty.finding).all()
    assert np.isfinite(CheckworthyHead(core).sentences(analysis)).all()
    assert np.isnan(CertaintyHead(core).spans(analysis, [(0, 10)])).all()


@pytest.mark.parametrize("text", [*TEXTS.values(), *ODD])
def test_judgements_stay_on_their_scales(core: LanguageCore, text: str) -> None:
    certain, worthy = CertaintyHead(core), CheckworthyHead(core)
    for analysis in read(text):
        count = len(analysis.window.sentences)
        said = certain.sentences(analysis)
        assert said.finding.shape == said.hedged.shape == worthy.sentences(analysis).shape == (count,)
        assert ((said.finding >= 1) & (said.finding <= 6)).all()
        assert ((said.hedged >= 0) & (said.hedged <= 1)).all()
        assert ((worthy.sentences(analysis) >= 0) & (worthy.sentences(analysis) <= 1)).all()


def test_events_are_read_at_the_words_their_span_touches(core: LanguageCore) -> None:
    text, head = TEXTS["en"], CertaintyHead(core)
    (analysis,) = read(text)
    at = text.index("seen")
    exact, touching, elsewhere, two, nowhere = head.spans(
        analysis, [(at, at + 4), (at + 1, at + 3), (at - 5, at - 1), (at - 5, at + 4), (5000, 5010)]
    ).tolist()
    assert exact == touching
    assert len({exact, elsewhere, two}) == 3
    assert math.isnan(nowhere)
    assert head.spans(analysis, []).shape == (0,)
    again = head.spans(analysis, [(at, at + 4)], head.sentences(analysis))
    assert again.tolist() == [exact]


def test_the_stored_threshold_is_used(core: LanguageCore) -> None:
    assert CheckworthyHead(core).threshold == 0.25
    bare = made_core()
    del bare.named["checkworthy.threshold"]
    assert CheckworthyHead(bare).threshold == 0.5
    del bare.named["checkworthy.out.bias"]
    with pytest.raises(HeadNotInstalledError, match=r"no checkworthy\.out\.bias"):
        CheckworthyHead(bare)


def test_the_packaged_weights_hear_doubt() -> None:
    core = packaged("certainty")
    head = CertaintyHead(core)
    values = []
    for text in (
        "The workers repaired the bridge on Monday.",
        "The workers may have repaired the bridge on Monday.",
        "The workers have not repaired the bridge.",
    ):
        (analysis,) = read(text)
        at = text.index("repaired")
        values.append(float(head.spans(analysis, [(at, at + 8)])[0]))
    assert values[0] > values[1]
    assert values[0] > values[2]
    assert values[0] > 1.5


def test_the_packaged_weights_tell_facts_from_greetings() -> None:
    core = packaged("checkworthy")
    head = CheckworthyHead(core)
    (fact,) = read("Unemployment fell from 8 percent to 5 percent and we created two million jobs.")
    (greeting,) = read("Thank you very much, and good evening to all of you.")
    assert head.sentences(fact)[0] > head.sentences(greeting)[0]
    assert head.sentences(fact)[0] >= head.threshold
