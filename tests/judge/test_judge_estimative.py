from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import UsageError
from tocsin.judge.estimative import scale_of, wording_of
from tocsin.model import Span


def term(text: str, language: str) -> str:
    return wording_of(text, [Span(0, len(text))], language, "CT+").term


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("the dam will almost certainly burst", "en", "almost certain"),
        ("the dam is very likely to burst", "en", "very likely"),
        ("the dam will burst", "en", "asserted"),
        ("плотину вряд ли прорвёт", "ru", "unlikely"),
        ("греблю, ймовірно, прорве", "uk", "likely"),
        ("бөген бұзылуы мүмкін", "kk", "possible"),
        ("the dam will probably hold, but it may burst", "en", "possible"),
    ],
)
def test_words_map_to_terms_and_the_weakest_counts(text: str, language: str, expected: str) -> None:
    assert term(text, language) == expected


def test_the_published_scales_say_what_their_sources_say() -> None:
    mapped = scale_of("icd203").of(None, "likely")
    assert (mapped.low, mapped.high) == (0.55, 0.80)
    assert "icd203" in mapped.basis
    kent = scale_of("kent").of(None, "almost certain")
    assert (kent.low, kent.high) == (0.87, 0.99)
    assert scale_of("phia").of(None, "likely").value == pytest.approx(0.65)


@given(st.sampled_from(["icd203", "phia", "kent"]))
def test_every_scale_rises_with_its_terms(name: str) -> None:
    intervals = list(scale_of(name).terms.values())
    assert intervals == sorted(intervals)


def test_an_edited_copy_is_used_and_a_broken_one_refused(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("scales: {house: {source: ours, terms: {likely: [0.6, 0.7]}}}\n", encoding="utf-8")
    assert scale_of("house", own).of(None, "likely").value == pytest.approx(0.65)
    assert scale_of("house", own).of(None, "possible").high == 1.0
    with pytest.raises(UsageError, match="no scale"):
        scale_of("icd203", own)
    own.write_text("scales: {house: {source: ours, terms: {likely: [0.9, 0.7]}}}\n", encoding="utf-8")
    with pytest.raises(UsageError, match="no interval"):
        scale_of("house", own)
    own.write_text("scales: [", encoding="utf-8")
    with pytest.raises(UsageError):
        scale_of("house", own)
