"""The demo corpus is what its truth says, and the truth covers what the demo must show."""

from __future__ import annotations

import copy
from collections import Counter

import pytest

from tocsin import examples
from tocsin.model import Certainty, ClaimKind, SourceKind, Span
from tocsin.testing.raw import raw_records
from tocsin.testing.truth import faults, haversine_km, nearest, post_records

TRUTH = examples.truth()
README = examples.corpus_dir().parent / "README.md"
RECORDS = post_records(TRUTH)
POSTS = {post["key"]: post for post in TRUTH["posts"]}
ROWS = [
    (post["language"], row)
    for post in TRUTH["posts"]
    if "same_as" not in post
    for row in post.get("attributions", ())
]


def test_truth_holds():
    assert faults(TRUTH) == []


def test_corpus_is_small_and_safe():
    files = [*examples.corpus_files(), README]
    assert sum(file.stat().st_size for file in files) < 100_000
    everything = "\n".join(file.read_text(encoding="utf-8") for file in files)
    links = [word for word in everything.replace('"', " ").split() if "://" in word]
    assert links
    assert all(".example.org" in link for link in links)


def test_readme_names_every_outlet():
    readme = README.read_text(encoding="utf-8")
    for outlet in TRUTH["outlets"]:
        assert outlet["name"] in readme
        assert outlet["file"] in readme


def test_dates_are_april_2024():
    assert all(
        "2024-04-02" <= post["published"] <= "2024-04-30" for post in POSTS.values() if post["published"]
    )


def test_truth_covers_every_kind():
    salient = [row for _, row in ROWS if row.get("salient", True)]
    assert len(salient) >= 60
    assert {row["source_kind"] for row in salient} == set(SourceKind)
    assert {row["kind"] for row in salient} - {None} == set(ClaimKind)
    assert {row["certainty"] for row in salient} - {None} >= set(Certainty) - {
        Certainty.PROBABLY_NOT,
        Certainty.POSSIBLY_NOT,
    }
    per_language = Counter(language for language, _ in ROWS)
    assert set(per_language) == {"en", "ru", "uk", "kk"}
    assert min(per_language.values()) >= 10
    assert all(
        any(len(row["chain"]) > 1 for lang, row in ROWS if lang == code) for code in ("en", "uk", "kk")
    )


def test_truth_covers_links_warnings_and_checks():
    kinds = Counter(link["kind"] for link in TRUTH["links"])
    assert set(kinds) == {"forward", "copy", "near copy", "translation", "paraphrase", "citation"}
    directions = {
        (POSTS[link["to"]]["language"], POSTS[link["from"]]["language"])
        for link in TRUTH["links"]
        if link["kind"] == "translation"
    }
    assert {("ru", "kk"), ("kk", "ru"), ("en", "uk"), ("en", "kk"), ("uk", "ru")} <= directions
    assert {row["outcome"] for row in TRUTH["warnings"]} == {"open", "came true", "did not"}
    assert {row["verdict"] for row in TRUTH["distances"]} == {"consistent", "inconsistent"}
    assert any(len(post["languages"]) == 2 for post in POSTS.values() if "languages" in post)


def test_edited_post_has_both_versions():
    early, late = RECORDS["samovar-early/107"], RECORDS["samovar/107"]
    assert early.text != late.text
    assert early.edited is None
    assert late.edited is not None
    assert early.published == late.published


def test_service_messages_are_in_every_chat():
    assert {record.channel for record in raw_records() if record.service} == {
        "Городской Самовар",
        "Дала Шамы",
        "Львівський Ліхтарик",
        "Steppe Lantern",
    }


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("posts", 0, "attributions", 0, "content"), "not there"),
        (("posts", 0, "attributions", 0, "source_kind"), "oracle"),
        (("posts", 0, "published"), "2024-04-02T06:16:00Z"),
        (("posts", 0, "times", 0, "text"), "not there"),
        (("counts", "documents"), 1),
        (("distances", 0, "true_km"), 90),
        (("distances", 0, "verdict"), "consistent"),
        (("links", 0, "to"), "dala/14"),
        (("stories", 0, "independent_origins"), 3),
        (("warnings", 0, "outcome_post"), None),
        (("outlets", 0, "name"), "Вестник Пряника"),
    ],
)
def test_a_false_truth_is_caught(path, value):
    broken = copy.deepcopy(TRUTH)
    inner = broken
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    assert faults(broken)


def test_haversine_knows_a_quarter_of_the_earth():
    assert haversine_km((0, 0), (90, 0)) == pytest.approx(10007.557, abs=0.01)
    assert haversine_km((50, 30), (50, 30)) == 0


def test_nearest_takes_the_closest_occurrence():
    text = "said A; B said"
    assert nearest(text, "said", Span(8, 9)) == Span(10, 14)
    assert nearest(text, "said", Span(1, 2)) == Span(0, 4)
    with pytest.raises(ValueError, match="not in the text"):
        nearest(text, "told", Span(0, 1))
