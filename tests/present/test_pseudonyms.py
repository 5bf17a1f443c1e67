"""Accounts under pseudonyms: counts stay, names go, texts stay verbatim."""

from __future__ import annotations

import pytest
from present_world import World

import tocsin
from tocsin.model import TABLES
from tocsin.present.exports import PseudonymousTables, pseudonym
from tocsin.testing.worlds import make_world, write_jsonl


def test_the_phrase_decides_and_nothing_else() -> None:
    assert pseudonym("Samovar", "tea") == pseudonym("Samovar", "tea") != pseudonym("Samovar", "milk")
    assert pseudonym("Samovar", "tea") != pseudonym("Kettle", "tea")
    with pytest.raises(ValueError, match="phrase"):
        PseudonymousTables(World().tables(), "")


def test_every_column_that_names_an_account_says_so() -> None:
    telling = ("channel", "author", "forwarded_from", "member")
    exempt = {("surges", "channel_group")}  # "all", a language, how many
    for name, table in TABLES.items():
        for column in table.columns:
            if column.type in {"string", "strings"} and column.name.startswith(telling):
                assert column.account or (name, column.name) in exempt, (name, column.name)


def test_no_account_is_left_in_the_tables_or_the_brief(tmp_path) -> None:
    posts = make_world(seed=3, posts=40).posts
    write_jsonl(posts, tmp_path / "all.jsonl")
    with tocsin.Case(tmp_path / "case") as case:
        case.add([tmp_path / "all.jsonl"])
        names = {post.channel for post in posts if post.channel}
        texts = "\n".join(document.text for document in case.documents())
        plain = case.brief()
        hidden = case.brief(pseudonyms="a phrase")
        assert case.brief(pseudonyms="a phrase") == hidden
        silent = {name for name in names if name not in texts and name in plain}
        assert silent
        for name in silent:
            assert name not in hidden
            assert pseudonym(name, "a phrase") in hidden
        assert case.export("documents", tmp_path / "d.jsonl", pseudonyms="a phrase") == len(posts)
        written = (tmp_path / "d.jsonl").read_text(encoding="utf-8")
        assert not any(f'"channel": "{name}"' in written for name in names)
        assert written.count('"url": null') == len(posts)
