"""Known fact-checks: what is compared, what is found, why, and what stays with a person's judgement."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from case_helpers import SETTINGS
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import tocsin
from tocsin.cli.main import cli
from tocsin.errors import CaseVersionError
from tocsin.judge.factchecks.entries import renewed
from tocsin.judge.factchecks.features import FEATURES
from tocsin.judge.factchecks.grams import rareness_of, shared_grams
from tocsin.judge.factchecks.kernels import scan
from tocsin.judge.factchecks.rank import ranker
from tocsin.judge.factchecks.texts import figures_of, post_words, question_of, signed_post
from tocsin.model import DateBasis, Post
from tocsin.model.ids import digest
from tocsin.store import CaseStore, Change, read_segment, segment_path
from tocsin.testing.worlds import write_jsonl

START = datetime(2026, 3, 1, tzinfo=UTC)
#: Claim, rating; all of it invented.
CHECKED = (
    ("A giant walrus swallowed the lighthouse keeper of Upper Velm in January 2026.", "False"),
    ("Three hundred teapots were stolen from the museum of Tarn.", "True"),
    ("The river Saan has been dyed green by the ferrymen.", "Satire"),
    ("Drinking lamp oil makes bakers grow taller.", "False"),
    ("The council of Quillport has banned umbrellas on Sundays.", "Misleading"),
)
TOLD = (
    "A giant walrus has swallowed the lighthouse keeper of Upper Velm, fishermen say.",
    "The bakery on Nettle Street will be closed for repairs until the autumn.",
    "В январе огромный морж проглотил смотрителя маяка в Верхнем Вельме.",
)


def reviews() -> list[dict[str, object]]:
    return [
        {
            "@type": "ClaimReview",
            "claimReviewed": claim,
            "url": f"https://checks.example/{n}",
            "datePublished": "2026-02-10",
            "author": {"name": "Velm Checks"},
            "reviewRating": {"alternateName": rating},
            "inLanguage": "en",
        }
        for n, (claim, rating) in enumerate(CHECKED)
    ]


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tocsin.Case]:
    folder = tmp_path_factory.mktemp("factchecks")
    posts = [
        Post(
            text=text,
            platform="telegram",
            channel="Invented herald",
            channel_id="1",
            native_id=str(n),
            published=START,
            published_basis=DateBasis.STATED,
        )
        for n, text in enumerate(TOLD)
    ]
    write_jsonl(posts, folder / "posts.jsonl")
    (folder / "velm.json").write_text(json.dumps({"@graph": reviews()}), encoding="utf-8")
    with tocsin.Case(folder / "case", settings=SETTINGS) as made:
        made.add([folder / "posts.jsonl"])
        assert not list(made.factcheck_matches())
        made.add_references(folder / "velm.json")
        yield made


def test_a_claim_finds_its_entry_and_an_innocent_one_finds_none(case: tocsin.Case) -> None:
    texts = {d.document_id: d.text for d in case.documents()}
    found = {texts[m.document_id]: m for m in case.factcheck_matches()}
    match = found[TOLD[0]]
    entry = case.reference_entry(match.reference_id)
    assert (entry.rating, entry.publisher, entry.url) == ("False", "Velm Checks", "https://checks.example/0")
    assert any("lighthouse" in reason for reason in match.reasons)
    assert TOLD[1] not in found


def test_a_claim_is_looked_up_in_other_languages_too(case: tocsin.Case) -> None:
    for text, language in ((TOLD[2], "ru"), (TOLD[0], "en")):
        best = case.match_factchecks(text, language=language)[0]
        assert case.reference_entry(best.reference_id).claim == CHECKED[0][0]
    assert 0 <= case.match_factchecks("xyz", language="en")[0].score < 0.5
    assert case.match_factchecks("", language="en") == []


def test_what_differs_is_said(case: tocsin.Case) -> None:
    best = case.match_factchecks(
        "The council of Quillport has not banned umbrellas on Sundays.", language="en"
    )[0]
    assert best.differences == ("negation: the claim denies it",)


def test_a_rejected_match_stays_rejected_and_leaves_the_brief(case: tocsin.Case) -> None:
    match = next(iter(case.factcheck_matches()))
    assert "Velm Checks: “False”" in re.sub(r"<[^>]+>|\u2068|\u2069", "", case.brief())
    entry = case.judge(match.match_id, "reject", author="Tester", reason="another walrus")
    assert json.loads(entry.anchor)["about"] == match.reference_id
    html = case.brief()
    section = html.partition('<section id="factchecks"')[2].partition("</section>")[0]
    assert match.match_id not in section
    assert not case.desk().attached().orphans
    case.judge(match.match_id, "undo", author="Tester", detail=str(entry.sequence))
    assert match.match_id in case.brief()


def test_the_commands(case: tocsin.Case) -> None:
    run = CliRunner().invoke
    shown = run(cli, ["factchecks", "list", "--case", str(case.path)])
    assert shown.exit_code == 0
    assert "Velm Checks: “False”, 2026-02-10 https://checks.example/0" in shown.output
    found = run(cli, ["factchecks", "match", CHECKED[1][0], "--case", str(case.path), "--limit", "1"])
    assert "Velm Checks: “True”" in found.output


def test_doubles_of_an_entry_are_found_once(case: tocsin.Case, tmp_path: Path) -> None:
    again = tmp_path / "again.json"
    first, other = reviews()[0], reviews()[0] | {"author": {"name": "Tarn Checks"}}
    louder = first | {"claimReviewed": CHECKED[0][0].upper(), "url": "https://checks.example/loud"}
    again.write_text(json.dumps([first, louder, other]), encoding="utf-8")
    assert len(case.add_references(again).entries) == 3
    found = [case.reference_entry(m.reference_id) for m in case.match_factchecks(TOLD[0], language="en")]
    same = [entry for entry in found if entry.base == "again"]
    assert sorted(str(entry.publisher) for entry in same) == ["Tarn Checks", "Velm Checks"]
    # Three entries on one claim: that others checked it too makes none of them less likely.
    likely = [m.score for m in case.match_factchecks(TOLD[0], language="en", limit=3)]
    assert likely[2] > 0.9 * likely[0] > 0.6


def test_a_base_of_an_earlier_version_is_brought_up_to_date(case: tocsin.Case, tmp_path: Path) -> None:
    folder = tmp_path / "old"
    shutil.copytree(case.path, folder)
    with CaseStore(folder, create=False) as store:
        (segment,) = (s for s in store.catalogue.segments("reference_entries") if s.rows == len(CHECKED))
        now = read_segment(folder, segment)
        # Its columns once; with them go the rating and the publisher, which nobody can know again.
        kept = ["reference_id", "base", "title", "url", "date", "countries", "keywords", "languages"]
        earlier = now.select([*kept, "outlets", "language", "vector", "scale", "method"])
        path = segment_path(folder, segment).with_name("earlier.parquet")
        pq.write_table(earlier, path)
        change = Change(
            add=(replace(segment, name="earlier", digest=digest(path.read_bytes())),),
            replace=((segment.table, segment.partition),),
        )
        with store.writing():
            store.commit(change, store.catalogue.begin_run("0", "test", {}, ""))
    with tocsin.Case(folder, settings=SETTINGS, create=False) as old:
        with pytest.raises(CaseVersionError, match="tocsin add"):
            old.match_factchecks(TOLD[0], language="en")
        assert old.derive() == 0
        best = old.match_factchecks(TOLD[0], language="en")[0]
        entry = old.reference_entry(best.reference_id)
        assert (entry.claim, entry.url, entry.rating) == (CHECKED[0][0], "https://checks.example/0", None)
        assert any(TOLD[0] == old.document(m.document_id).text for m in old.factcheck_matches())


def test_vectors_of_another_encoder_are_made_anew(case: tocsin.Case) -> None:
    rows = case.query("SELECT * FROM reference_entries ORDER BY reference_id")
    assert renewed(rows) is None
    at = rows.schema.get_field_index("method")
    other = rows.set_column(at, "method", pa.array(["entries/1+other-1"] * rows.num_rows))
    made = renewed(other)
    assert made is not None
    made = made.sort_by("reference_id")
    for name in ("reference_id", "rating", "vector", "claim_vector", "method"):
        assert made.column(name).to_pylist() == rows.column(name).to_pylist(), name


def test_posts_become_words() -> None:
    assert (
        post_words("#NoSnow #vote2026 @AnnaKovak: https://example.org/x да")
        == "No Snow vote 2026 Anna Kovak : да"
    )
    words, author, date = signed_post("The duck is mayor — Ida Brock (@IdaBrock) March 3, 2026")
    assert (words, author) == ("The duck is mayor", "Ida Brock Ida Brock")
    assert date == datetime(2026, 3, 3, tzinfo=UTC)
    assert signed_post("no signature (at all) March 3, 2026")[1] == ""
    assert question_of("It is not so", "en").denied


@given(st.text(max_size=60))
def test_any_text_is_a_question(text: str) -> None:
    question = question_of(text, "en")
    assert "http://" not in question.text
    assert all(question.plain_terms)
    assert all(figure[0].isdigit() for figure in figures_of(text))


@given(st.lists(st.lists(st.integers(-127, 127), min_size=4, max_size=4), min_size=1, max_size=5))
def test_the_scan_is_the_product(rows: list[list[int]]) -> None:
    vectors = np.array(rows, dtype=np.int8)
    query = np.array([1, -2, 3, 127], dtype=np.int8)
    first, second = scan(vectors, np.ones(len(rows), dtype=np.float32), query, 2)
    wide = vectors.astype(np.int64)
    assert np.array_equal(first, wide[:, :2] @ query[:2].astype(np.int64))
    assert np.array_equal(second, wide[:, 2:] @ query[2:].astype(np.int64))


@given(st.text(max_size=20), st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), max_size=3))
def test_letter_sequences_are_shared_as_sets_share_them(asked: str, entries: list[tuple[str, str]]) -> None:
    def grams(text: str) -> set[str]:
        words = " ".join(re.findall(r"\w+", text.lower()))
        plain = f" {words} "
        return {plain[at : at + 4] for at in range(len(plain) - 3)}

    found, _ = shared_grams(rareness_of([]), asked, "", entries)
    wanted = []
    for claim, title in entries:
        a, b, q = grams(claim), grams(title), grams(asked)
        wanted.append(
            [len(a & q) / max(1, len(a)), len(b & q) / max(1, len(b)), len((a | b) & q) / max(1, len(q))]
        )
    assert np.array_equal(found, np.array(wanted, dtype=np.float32).reshape(-1, 3))


def test_a_higher_precision_asks_for_more() -> None:
    model = ranker()
    limits = [model.threshold(p) for p in (0.5, 0.8, 0.9, 0.95)]
    assert limits == sorted(limits)
    assert limits[2] < 1
    assert model.threshold(0) == 0
    assert model.threshold(0.8, across=True) <= model.threshold(0.9, across=True) < 1
    rows = np.random.default_rng(1).random((7, len(FEATURES))).astype(np.float32)
    scores, chances = model.own_language(rows)
    assert (
        np.array_equal(np.argsort(-scores, kind="stable"), np.argsort(-chances, kind="stable"))
        or (np.diff(chances[np.argsort(-scores, kind="stable")]) <= 0).all()
    )
