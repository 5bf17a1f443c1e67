"""Sources of Slavic sentences: what belongs to them and what only stands beside them."""

from __future__ import annotations

import pytest

from tocsin.language.trim import trim_source


@pytest.mark.parametrize(
    ("language", "words", "kept"),
    [
        ("ru", "вчера Анна Ковак в Праге", "Анна Ковак"),
        ("ru", "глава министерства по делам молодёжи", "глава министерства по делам молодёжи"),
        ("uk", "речниця Ганна Ковак , яка приїхала", "речниця Ганна Ковак"),
        ("cs", "nám ministr Novák včera", "ministr Novák"),
        ("cs", "zmocněnec OSN pro Afghánistán", "zmocněnec OSN pro Afghánistán"),
        ("en", "a man from Ohio who left", "a man from Ohio who left"),
    ],
)
def test_what_is_kept(language: str, words: str, kept: str) -> None:
    cut = words.split()
    found = trim_source(cut, (0, len(cut)), language)
    assert found is not None
    assert " ".join(cut[found[0] : found[1]]) == kept


def test_nothing_left() -> None:
    assert trim_source(["nám", ","], (0, 2), "cs") is None
