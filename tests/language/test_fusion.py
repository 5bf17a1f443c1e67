"""Two networks on one paragraph: chances in order, spans the tagger's, agreement raises the chance."""

from __future__ import annotations

import numpy as np
import pytest
from core_helpers import HOSTILE, ODD
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.language import sentences
from tocsin.language.attribution import packaged_attributor
from tocsin.language.fusion import FEATURES, Candidate, Fusion, candidates, packaged_fusion
from tocsin.language.reading import SentenceSpan, reader
from tocsin.language.tagger import attribution_network
from tocsin.language.universal import universal_encoder
from tocsin.language.wordfeatures import ParagraphWords, paragraph_words


def read(text: str) -> tuple[list[ParagraphWords], list[list[Candidate]]]:
    found = sentences(text)
    by_paragraph: dict[int, list[tuple[int, int]]] = {}
    for number, span in found:
        by_paragraph.setdefault(number, []).append((span.start, span.end))
    words = paragraph_words(text, list(by_paragraph.values()), universal_encoder())
    analyses = reader().read(text, [SentenceSpan(p, s.start, s.end, "en") for p, s in found])
    return words, candidates(words, analyses, attribution_network(), packaged_attributor())


def test_what_is_said_and_by_whom() -> None:
    text = "Nothing happened on Monday.\n\nAnna Kovak said that the bridge was closed."
    words, found = read(text)
    assert packaged_fusion().relations(found[0]) == []
    (relation,) = packaged_fusion().relations(found[1])
    assert words[1].words[relation.cue.first] == "said"
    assert words[1].words[slice(*relation.source[0])] == ["Anna", "Kovak"]
    assert relation.score > 0.8


@settings(max_examples=25)
@given(st.one_of(HOSTILE, st.sampled_from(ODD)))
def test_any_text_gives_whole_features_and_chances(text: str) -> None:
    words, found = read(text)
    sure = Fusion(packaged_fusion().weights, packaged_fusion().bias, threshold=0)
    for own, row in zip(words, found, strict=True):
        assert [c.relation.cue.first for c in row] == sorted(c.relation.cue.first for c in row)
        for candidate in row:
            assert candidate.features.shape == (len(FEATURES),)
            assert np.isfinite(candidate.features).all()
        for relation in sure.relations(row):
            assert 0 <= relation.score <= 1
            ranges = (*relation.source, (relation.cue.first, relation.cue.last), *relation.content)
            assert all(0 <= a < b <= len(own) for a, b in ranges)


@pytest.mark.parametrize("name", ["tagger: holds", "core: holds", "contents agree, IoU"])
def test_belief_of_either_network_and_agreement_count(name: str) -> None:
    fusion = packaged_fusion()
    assert fusion.weights[FEATURES.index(name)] > 0
    ((candidate,),) = [row for row in read("Anna Kovak said that the bridge was closed.")[1] if row]
    less = candidate.features.copy()
    less[FEATURES.index(name)] -= 1
    weaker = Candidate(candidate.relation, less)
    (first,), (second,) = (Fusion(fusion.weights, fusion.bias, 0).relations([c]) for c in (candidate, weaker))
    assert second.score < first.score


def test_a_core_that_read_nothing_leaves_the_tagger_alone() -> None:
    text = "Anna Kovak said that the bridge was closed."
    words = paragraph_words(text, [[(0, len(text))]], universal_encoder())
    (row,) = candidates(words, [], attribution_network(), packaged_attributor())
    assert all(np.isfinite(c.features).all() for c in row)
