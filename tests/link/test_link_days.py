"""Days added to a case: links built upon what stood are those of one whole run. Posts are invented."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from link_helpers import CAMEL, LANTERN, post
from link_helpers import given as corpus_input

import tocsin
from tocsin.link.stage import link_documents
from tocsin.model import Attribution, Document, Post, SourceKind, Span, make_id
from tocsin.pipeline import STAGES
from tocsin.testing.worlds import make_world, write_jsonl

SHORT = "Airport of Old Quay: no planes land or leave until {} o'clock."
LONGER = f"{LANTERN} {CAMEL} Nobody at the office of lost lanterns would say more about it on Monday evening."
TEXTS = (
    LANTERN,
    LANTERN.replace("forty", "fifty"),
    LANTERN.replace("blue lanterns", "blue paper lanterns").replace("on the stairs", "on the steps"),
    LANTERN.split(".")[0] + ", says Beta. https://example.org/camel",
    CAMEL,
    CAMEL + " More at https://example.org/camel or t.me/c/1380/5",
    LONGER,
    SHORT.format("nine"),
    SHORT.format("ten"),
    "Gamma reports that the camel is well.",
    "!",
)
LINES = ("", "\nSend us your lanterns", "\nRead the Camel Gazette")
DAY = 24 * 60


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A post of few texts, channels and days; forwards, addresses and signatures too."""
    channel = draw(st.sampled_from(("Alpha", "Beta", "Gamma", "Delta", None)))
    minutes = draw(st.none() | st.integers(0, 12).map(lambda n: n * DAY // 2) | st.integers(0, 12 * DAY))
    more: dict[str, object] = {"native_id": str(draw(st.integers(0, 60)))}
    if draw(st.integers(0, 3)) == 0:
        more["forwarded_from"] = draw(st.sampled_from(("Alpha", "Beta", "Gamma", "Nobody")))
    if draw(st.integers(0, 9)) == 0:
        more["url"] = "https://example.org/camel"
    if draw(st.integers(0, 9)) == 0:
        more["channel_id"] = None
    return post(draw(st.sampled_from(TEXTS)) + draw(st.sampled_from(LINES)), channel, minutes, **more)


def attributions(chosen: Sequence[Document]) -> list[Attribution]:
    """That the posts which name a channel have it from there."""
    made = []
    for document in chosen:
        for name in ("Beta", "Gamma"):
            at = document.text.find(name)
            if at >= 0:
                made.append(_attribution(document, name, at))
    return made


def _attribution(document: Document, name: str, at: int) -> Attribution:
    source, content = (Span(at, at + len(name)),), (Span(0, max(1, at)),)
    key = make_id("a", document.document_id, name)
    kind = SourceKind.MEDIA if name == "Beta" else SourceKind.CROWD
    return Attribution(
        key, document.document_id, None, None, source, (), content, kind, name, name, 1.0, (), "test"
    )


def found(chosen: Sequence[Document], previous: Mapping[str, pa.Table] | None = None) -> dict[str, pa.Table]:
    """What the stage finds in documents, and what it keeps of them."""
    return link_documents(corpus_input(chosen, attributions(chosen), previous))


@st.composite
def histories(draw: st.DrawFn) -> list[list[Document]]:
    """The current documents of a case day after day: some are added in any order, now and then one goes."""
    pool = draw(st.lists(documents(), min_size=1, max_size=24, unique_by=lambda d: d.document_id))
    if draw(st.booleans()):  # as they come in life: by time
        pool.sort(key=lambda d: (d.published is None, d.published))
    cuts = sorted(draw(st.lists(st.integers(0, len(pool)), max_size=5)))
    gone: set[str] = set()
    days = []
    for end in [*cuts, len(pool)]:
        if pool[:end] and draw(st.integers(0, 2)) == 0:
            gone.add(draw(st.sampled_from(pool[:end])).document_id)
        days.append([document for document in pool[:end] if document.document_id not in gone])
    return days


@settings(max_examples=60, deadline=None)
@given(days=histories())
def test_links_after_many_days_are_those_of_one_run(days: list[list[Document]]) -> None:
    previous: dict[str, pa.Table] = {}
    for day in days:
        previous = found(day, previous)
        whole = found(day)
        for name, table in whole.items():
            assert previous[name].to_pylist() == table.to_pylist(), name
            assert previous[name].schema.equals(table.schema)


# --- a whole case -------------------------------------------------------------------------------

#: Every table of the corpus that this room writes.
NAMES = tuple(
    name
    for stage in STAGES
    if stage.corpus and stage.kernel.startswith("tocsin.link")
    for name in stage.writes
)


@pytest.fixture(scope="module")
def world() -> tuple[Post, ...]:
    return make_world(seed=11, posts=32).posts


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, world: tuple[Post, ...]) -> tocsin.Case:
    folder = tmp_path_factory.mktemp("whole")
    write_jsonl(world, folder / "all.jsonl")
    case = tocsin.Case(folder / "case")
    case.add([folder / "all.jsonl"])
    return case


@settings(max_examples=2, deadline=None, phases=(Phase.generate,))
@given(order=st.permutations(range(32)), cuts=st.lists(st.integers(1, 31), min_size=2, max_size=3))
def test_batches_in_any_order_give_one_case(
    whole: tocsin.Case, world: tuple[Post, ...], order: list[int], cuts: list[int]
) -> None:
    with TemporaryDirectory() as folder, tocsin.Case(Path(folder) / "case") as case:
        for number, (start, end) in enumerate(pairwise([0, *sorted(set(cuts)), 32])):
            path = Path(folder) / f"{number}.jsonl"
            write_jsonl([world[at] for at in order[start:end]], path)
            case.add([path])
        for name in NAMES:
            assert case.table(name).equals(whole.table(name)), name


@pytest.mark.parametrize("seed", range(1))
def test_kill_nine_while_a_day_is_added_loses_nothing(
    whole: tocsin.Case, world: tuple[Post, ...], tmp_path: Path, seed: int
) -> None:
    write_jsonl(world[:25], tmp_path / "first.jsonl")
    write_jsonl(world, tmp_path / "all.jsonl")
    with tocsin.Case(tmp_path / "case") as case:
        case.add([tmp_path / "first.jsonl"])
    delay = Random(seed).uniform(0.8, 2.5)
    print(f"seed {seed}: killed after {delay:.2f} s")
    command = [sys.executable, "-m", "tocsin", "add", str(tmp_path / "all.jsonl"), "--quiet"]
    with subprocess.Popen([*command, "--case", str(tmp_path / "case")], stderr=subprocess.DEVNULL) as process:
        time.sleep(delay)
        process.kill()
    with tocsin.Case(tmp_path / "case") as case:
        case.verify()
        case.add([tmp_path / "all.jsonl"])
        case.verify()
        for name in NAMES:
            assert case.table(name).equals(whole.table(name)), name
