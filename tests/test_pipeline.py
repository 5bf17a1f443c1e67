"""The promises of the whole flow: verbatim, nothing lost, deterministic, incremental."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tocsin
from tocsin import pipeline, workers
from tocsin.errors import InternalError
from tocsin.model import TABLES, Post, Span
from tocsin.model.arrow import rows_of
from tocsin.stage import CorpusInput, check_stages
from tocsin.testing.strategies import posts
from tocsin.testing.worlds import make_world, write_jsonl, write_telegram_export

#: Tables whose rows say nothing of where in a file a post stood.
CONTENT = tuple(name for name in TABLES if name not in {"sightings", "problems"})


def tables(case: tocsin.Case, names: tuple[str, ...] = tuple(TABLES)) -> dict[str, pa.Table]:
    snapshot = case.snapshot()
    return {name: snapshot.table(name) for name in names}


def assert_same(one: dict[str, pa.Table], other: dict[str, pa.Table]) -> None:
    assert one.keys() == other.keys()
    for name, table in one.items():
        assert table.equals(other[name]), f"{name} differs"


def spans_of(row: object, table_name: str) -> Iterator[Span]:
    table = TABLES[table_name]
    if {"start", "end"} <= set(table.column_names):
        yield Span(row.start, row.end)
    for column in table.columns:
        if column.type == "spans":
            value = getattr(row, column.name)
            assert list(value) == sorted(value)
            assert all(a.end <= b.start for a, b in pairwise(value))
            yield from value


def assert_verbatim(case: tocsin.Case) -> int:
    found = tables(case)
    texts = {row.document_id: row.text for row in rows_of(found["documents"], TABLES["documents"])}
    count = 0
    for name in (
        "sentences",
        "attributions",
        "claims",
        "times",
        "places",
        "quantities",
        "forecasts",
        "blame",
        "checks",
    ):
        for row in rows_of(found[name], TABLES[name]):
            text = texts[row.document_id]
            for span in spans_of(row, name):
                count += 1
                assert span.end <= len(text), (name, row)
                assert span.of(text) == span.of(text).strip() != "", (name, row)
    return count


def assert_references_hold(case: tocsin.Case) -> None:
    attributions = {row.attribution_id: row for row in case.attributions()}
    for row in attributions.values():
        assert row.parent_id is None or row.parent_id in attributions
        assert row.antecedent_id is None or row.antecedent_id in attributions
        seen = {row.attribution_id}
        while row.parent_id is not None:  # a chain never runs in a circle
            assert row.parent_id not in seen
            seen.add(row.parent_id)
            row = attributions[row.parent_id]  # noqa: PLW2901
    for claim in case.claims():
        assert all(link in attributions for link in claim.chain)
        if claim.chain:
            assert attributions[claim.chain[0]].parent_id is None


@pytest.fixture(scope="module")
def world() -> tuple[Post, ...]:
    return make_world(seed=7, posts=60).posts


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, world: tuple[Post, ...]) -> tocsin.Case:
    """The world read in one go."""
    folder = tmp_path_factory.mktemp("whole")
    write_jsonl(world, folder / "all.jsonl")
    case = tocsin.Case(folder / "case")
    case.add([folder / "all.jsonl"])
    return case


def test_the_declarations_are_sound() -> None:
    check_stages(pipeline.STAGES)
    first, *rest = pipeline.STAGES
    with pytest.raises(InternalError, match="nothing before it"):
        check_stages(rest)
    with pytest.raises(InternalError, match="both write"):
        check_stages([first, replace(first, name="again")])
    with pytest.raises(InternalError, match="not declared"):
        check_stages([replace(first, reads={"documents": ("no_such_column",)})])
    with pytest.raises(InternalError, match="comes after"):
        check_stages([replace(first, corpus=True), *rest])


def test_every_span_quotes_verbatim(whole: tocsin.Case) -> None:
    assert assert_verbatim(whole) > 300
    assert_references_hold(whole)


@settings(max_examples=25)
@given(found=st.lists(posts(), min_size=1, max_size=6))
def test_every_span_quotes_verbatim_whatever_the_text(
    tmp_path_factory: pytest.TempPathFactory, found: list[Post]
) -> None:
    folder = tmp_path_factory.mktemp("nasty")
    write_jsonl(found, folder / "all.jsonl")
    with tocsin.Case(folder / "case") as case:
        report = case.add([folder / "all.jsonl"])
        assert report.found + sum(report.skipped.values()) + report.problems >= len(found)
        assert_verbatim(case)
        assert_references_hold(case)
        case.brief()


def test_adding_again_is_a_no_op(whole: tocsin.Case) -> None:
    before = tables(whole)
    segments = sorted(path.name for path in whole.path.rglob("*.parquet"))
    page = whole.brief()
    report = whole.add([whole.path.parent / "all.jsonl"])
    assert (report.unchanged, report.found, report.added) == (1, 0, 0)
    assert_same(tables(whole), before)
    assert sorted(path.name for path in whole.path.rglob("*.parquet")) == segments
    assert whole.brief() == page


def test_the_same_posts_under_another_name_add_nothing(
    whole: tocsin.Case, world: tuple[Post, ...], tmp_path: Path
) -> None:
    with tocsin.Case(tmp_path / "case") as case:
        write_jsonl(world, tmp_path / "a.jsonl")
        write_telegram_export(
            [post for post in world if post.platform == "telegram"][:1] or world[:1], tmp_path / "b.json"
        )
        write_jsonl(world, tmp_path / "c.jsonl")
        case.add([tmp_path / "a.jsonl"])
        report = case.add([tmp_path / "c.jsonl"])
        assert (report.found, report.added) == (len(world), 0)
        assert_same(tables(case, CONTENT), tables(whole, CONTENT))


def test_ten_batches_equal_one(whole: tocsin.Case, world: tuple[Post, ...], tmp_path: Path) -> None:
    with tocsin.Case(tmp_path / "case", settings=tocsin.Settings({"read.batch_documents": 4})) as case:
        for number in range(10):
            path = tmp_path / f"{number}.jsonl"
            write_jsonl(world[number::10], path)
            case.add([path])
        assert_same(tables(case, CONTENT), tables(whole, CONTENT))


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_input_does_not_matter(
    whole: tocsin.Case, world: tuple[Post, ...], tmp_path: Path, seed: int
) -> None:
    print(f"seed {seed}")
    order = list(world)
    random.Random(seed).shuffle(order)
    write_jsonl(order, tmp_path / "all.jsonl")
    with tocsin.Case(tmp_path / "case", settings=tocsin.Settings({"read.batch_documents": 7})) as case:
        case.add([tmp_path / "all.jsonl"])
        assert_same(tables(case, CONTENT), tables(whole, CONTENT))


def test_the_order_of_files_gives_the_same_bytes(
    world: tuple[Post, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names = []
    for number in range(4):
        write_jsonl(world[number::4], tmp_path / f"{number}.jsonl")
        names.append(f"{number}.jsonl")
    pages = []
    for case_name, order in (("one", names), ("other", names[::-1])):
        with tocsin.Case(tmp_path / case_name) as case:
            for name in order:
                case.add([name])
            pages.append(case.brief())
    assert pages[0] == pages[1]


def test_worker_processes_give_the_same(
    whole: tocsin.Case, world: tuple[Post, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []

    class Counted(workers._Worker):
        def __init__(self) -> None:
            started.append(self)
            super().__init__()

    monkeypatch.setattr(workers, "_Worker", Counted)
    monkeypatch.setattr(workers, "_WORTH_IT", 1)  # few documents are spread too
    values = {"run.workers": 2, "read.batch_documents": 12}
    write_jsonl(world, tmp_path / "all.jsonl")
    with tocsin.Case(tmp_path / "case", settings=tocsin.Settings(values)) as case:
        case.add([tmp_path / "all.jsonl"])
        assert len(started) == 2
        assert_same(tables(case, CONTENT), tables(whole, CONTENT))
        seconds = case.stage_seconds()
        assert set(seconds) == {stage.name for stage in pipeline.STAGES}
        assert all(spent > 0 for spent in seconds.values())
        assert case.add([tmp_path / "all.jsonl"]).unchanged
        assert case.stage_seconds() == {}


def test_only_what_is_stale_runs_again(
    world: tuple[Post, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_jsonl(world[:20], tmp_path / "a.jsonl")
    with tocsin.Case(tmp_path / "case") as case:
        case.add([tmp_path / "a.jsonl"])
        assert all(not entry.stale for entry in case.plan())
        before = tables(case)
        changed = tuple(
            replace(stage, version="next") if stage.name == "extract" else stage for stage in pipeline.STAGES
        )
        monkeypatch.setattr(pipeline, "STAGES", changed)
        stale = {entry.stage.name: dict(entry.reasons) for entry in case.plan() if entry.stale}
        assert stale.pop("extract") == {"changed: version": 1}
        assert set(stale) == _readers({"attributions", "claims"})
        assert case.derive() == 1
        assert_same(tables(case), before)
        changed = tuple(
            replace(stage, version="next") if stage.name == "language" else stage for stage in changed
        )
        monkeypatch.setattr(pipeline, "STAGES", changed)
        reasons = {entry.stage.name: set(entry.reasons) for entry in case.plan() if entry.stale}
        assert reasons.pop("language") == {"changed: version"}
        assert set(reasons) == _readers({"sentences", "document_languages"})
        direct = [stage.name for stage in changed if "sentences" in stage.reads]
        assert all("table sentences" in " ".join(reasons[name]) for name in direct)


def _readers(written: set[str]) -> set[str]:
    """The stages that depend on these tables, directly or through others."""
    found: set[str] = set()
    for stage in pipeline.STAGES:
        if written & set(stage.reads):
            found.add(stage.name)
            written = written | set(stage.writes)
    return found


def times_by_setting(documents: pa.Table, sentences: pa.Table, settings: dict) -> dict[str, pa.Table]:
    """A kernel that finds times only if a setting says so."""
    from tocsin.resolve.stage import resolve_times

    found = resolve_times(documents, sentences)
    return {"times": found["times"].slice(0, settings["brief.context"])}


def test_a_stage_gets_the_settings_it_names_and_no_others_make_it_stale(
    world: tuple[Post, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = tuple(
        replace(stage, kernel=f"{__name__}:times_by_setting", settings=("brief.context",))
        if stage.name == "times"
        else stage
        for stage in pipeline.STAGES
    )
    monkeypatch.setattr(pipeline, "STAGES", changed)
    write_jsonl(world, tmp_path / "a.jsonl")
    with tocsin.Case(tmp_path / "case", settings=tocsin.Settings({"brief.context": 3})) as case:
        case.add([tmp_path / "a.jsonl"])
        assert case.query("SELECT count(*) AS n FROM times").column("n").to_pylist() == [3]
    with tocsin.Case(tmp_path / "case", settings=tocsin.Settings({"brief.context": 2})) as case:
        stale = {entry.stage.name: set(entry.reasons) for entry in case.plan() if entry.stale}
        assert stale.pop("times") == {"changed: settings"}
        assert set(stale) == _readers({"times"})
        case.derive()
        assert case.query("SELECT count(*) AS n FROM times").column("n").to_pylist() == [2]
    with tocsin.Case(tmp_path / "case", settings=tocsin.Settings({"brief.sources": 2})) as case:
        assert {entry.stage.name for entry in case.plan() if entry.stale} == {"times"} | _readers({"times"})


PREVIOUS: list[dict[str, int]] = []


def places_of_corpus(given: CorpusInput) -> dict[str, pa.Table]:
    """A corpus kernel whose result must equal that of the stage of partitions it stands for."""
    from tocsin.resolve.stage import resolve_places

    PREVIOUS.append({name: table.num_rows for name, table in given.previous.items()})
    with pytest.raises(InternalError, match="does not declare"):
        given.table("claims")
    found = resolve_places(given.table("documents"), given.table("sentences"))["places"]
    return {"places": found.slice(0, given.settings["brief.context"])}


def test_a_stage_of_the_corpus_sees_the_whole_case(
    whole: tocsin.Case, world: tuple[Post, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stages = [stage for stage in pipeline.STAGES if not stage.corpus]
    (places,) = (stage for stage in stages if stage.name == "places")
    of_corpus = replace(
        places, kernel=f"{__name__}:places_of_corpus", settings=("brief.context",), corpus=True
    )
    stages = [stage for stage in stages if "places" not in stage.reads and stage is not places]
    monkeypatch.setattr(pipeline, "STAGES", (*stages, of_corpus))
    PREVIOUS.clear()
    write_jsonl(world[::2], tmp_path / "a.jsonl")
    write_jsonl(world[1::2], tmp_path / "b.jsonl")
    with tocsin.Case(tmp_path / "case", settings=tocsin.Settings({"brief.context": 5000})) as case:
        case.add([tmp_path / "a.jsonl"])
        some = case.table("places").num_rows
        assert all(not entry.stale for entry in case.plan())
        case.add([tmp_path / "b.jsonl"])
        assert some
        assert [{}, {"places": some}] == PREVIOUS
        assert case.table("places").equals(whole.table("places"))
        case.add([tmp_path / "b.jsonl"])
        assert len(PREVIOUS) == 2
    with tocsin.Case(tmp_path / "case", settings=tocsin.Settings({"brief.context": 4999})) as case:
        stale = {entry.stage.name: dict(entry.reasons) for entry in case.plan() if entry.stale}
        assert stale == {"places": {"changed: settings": 1}}
        case.derive()
        assert PREVIOUS[2:] == [{}]  # made with another setting: nothing to build on


def test_a_kernel_that_fails_is_named_and_loses_nothing(
    world: tuple[Post, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_jsonl(world[:5], tmp_path / "a.jsonl")
    good = pipeline.STAGES
    broken = tuple(
        replace(stage, kernel="tocsin.model:make_id") if stage.name == "times" else stage for stage in good
    )
    monkeypatch.setattr(pipeline, "STAGES", broken)
    with tocsin.Case(tmp_path / "case") as case:
        with pytest.raises(InternalError, match="stage times failed"):
            case.add([tmp_path / "a.jsonl"])
        assert case.table("documents").num_rows == 5
        monkeypatch.setattr(pipeline, "STAGES", good)
        case.derive()
        assert_verbatim(case)


@pytest.mark.parametrize("seed", range(6))
def test_kill_nine_at_any_point_leaves_a_case_that_opens(
    whole: tocsin.Case, world: tuple[Post, ...], tmp_path: Path, seed: int
) -> None:
    delay = random.Random(seed).uniform(0.3, 2.5)
    print(f"seed {seed}: killed after {delay:.2f} s")
    write_jsonl(world, tmp_path / "all.jsonl")
    command = [sys.executable, "-m", "tocsin", "add", str(tmp_path / "all.jsonl")]
    command += ["--case", str(tmp_path / "case"), "--set", "read.batch_documents=5", "--quiet"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, env={**os.environ}) as process:
        time.sleep(delay)
        process.kill()
    with tocsin.Case(tmp_path / "case") as case:
        case.verify()
        seen = case.table("documents").num_rows
        assert seen % 5 == 0 or seen == len(world)
        if seen:
            document_id = case.table("documents").column("document_id")[0].as_py()
            case.judge(document_id, "comment", author="ann", reason="after the crash")
        case.add([tmp_path / "all.jsonl"])
        case.verify()
        assert_same(tables(case, CONTENT), tables(whole, CONTENT))
        assert len(case.judgements()) == (1 if seen else 0)
