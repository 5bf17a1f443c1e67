"""The case on disk: atomic, append-only, and readable while written."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from tocsin.errors import CaseBusyError, CaseDamagedError, CaseVersionError, NotACaseError
from tocsin.model import TABLES, DateBasis, Document, Judgement, Post, Problem, document_from_post
from tocsin.model.arrow import rows_of, table_of
from tocsin.store import CaseStore, Change, InputRecord, StageResult, read_segment, segment_path

NOON = datetime(2024, 4, 3, 12, tzinfo=UTC)


def make_post(number: int, **values: object) -> Post:
    return Post(text=f"post {number}", platform="telegram", channel_id="7", native_id=str(number), **values)


def put(store: CaseStore, documents: list[Document], run: int = 1) -> None:
    data = table_of(documents, TABLES["documents"])
    data = store.new_rows("documents", "document_id", data)
    segment = store.write("documents", data)
    known = {"documents": tuple(data.column("document_id").to_pylist())}
    store.commit(Change(add=(segment,), known=known), run)


def texts(store: CaseStore, name: str = "documents") -> list[str]:
    return [row.text for row in rows_of(store.snapshot().table(name), TABLES["documents"])]


@pytest.fixture
def store(tmp_path: Path):
    with CaseStore(tmp_path / "case") as opened:
        yield opened


def test_rows_come_back_in_canonical_order(store: CaseStore) -> None:
    late = document_from_post(make_post(1, published=NOON))
    early = document_from_post(make_post(2, published=NOON - timedelta(days=1)))
    never = document_from_post(make_post(3))
    put(store, [late, never])
    put(store, [early, late])
    assert texts(store) == ["post 2", "post 1", "post 3"]
    assert store.counts() == {"documents": 3}


def test_the_current_version_is_the_last_edit_then_the_fullest(store: CaseStore) -> None:
    post = make_post(1, published=NOON)
    plain = document_from_post(post)
    fuller = document_from_post(make_post(1, published=NOON, url="https://example.org/1"))
    edited = document_from_post(
        Post(text="edited", platform="telegram", channel_id="7", native_id="1", edited=NOON)
    )
    put(store, [plain])
    put(store, [fuller])
    assert store.snapshot().table("documents").column("url").to_pylist() == ["https://example.org/1"]
    put(store, [edited])
    assert texts(store) == ["edited"]
    everything = store.snapshot().query("SELECT count(*) AS n FROM all_documents")
    assert everything.column("n").to_pylist() == [3]


def test_columns_and_rows_can_be_picked(store: CaseStore) -> None:
    documents = [document_from_post(make_post(n, published=NOON + timedelta(days=n))) for n in range(4)]
    put(store, documents)
    snapshot = store.snapshot()
    assert snapshot.table("documents", ("text", "item_id")).column_names == ["text", "item_id"]
    wanted = [documents[3].document_id, documents[1].document_id, "none of these"]
    found = snapshot.select("documents", "document_id", wanted)
    assert found.column("text").to_pylist() == ["post 1", "post 3"]
    assert snapshot.select("documents", "document_id", []).num_rows == 0
    with pytest.raises(KeyError, match="no column"):
        snapshot.select("documents", "text) OR 1=1 --", ["x"])


def test_a_snapshot_does_not_move(store: CaseStore) -> None:
    put(store, [document_from_post(make_post(1))])
    pinned = store.snapshot()
    put(store, [document_from_post(make_post(2))])
    assert pinned.table("documents").num_rows == 1
    assert store.snapshot().table("documents").num_rows == 2


def test_times_are_utc_whatever_the_machine_says(store: CaseStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Almaty")
    put(store, [document_from_post(make_post(1, published=NOON))])
    found = store.snapshot().query("SELECT published FROM documents")
    assert found.schema.field("published").type == pa.timestamp("us", tz="UTC")
    assert found.column("published").to_pylist() == [NOON]


def test_a_segment_not_committed_does_not_count(store: CaseStore) -> None:
    store.write("documents", table_of([document_from_post(make_post(1))], TABLES["documents"]))
    assert texts(store) == []


def test_writing_the_same_rows_again_gives_the_same_file(store: CaseStore) -> None:
    data = table_of([document_from_post(make_post(1))], TABLES["documents"])
    assert store.write("documents", data) == store.write("documents", data)
    assert len(list(store.root.rglob("*.parquet"))) == 1


def test_replaced_segments_are_kept_for_one_run_then_deleted(store: CaseStore) -> None:
    first = store.write("documents", table_of([document_from_post(make_post(1))], TABLES["documents"]))
    store.commit(Change(add=(first,)), 1)
    second = store.write("documents", table_of([document_from_post(make_post(2))], TABLES["documents"]))
    store.commit(Change(add=(second,), replace=(("documents", first.partition),)), 2)
    assert texts(store) == ["post 2"]
    assert store.tidy(2) == 0
    assert segment_path(store.root, first).exists()
    assert store.tidy(4) == 1
    assert not segment_path(store.root, first).exists()
    assert texts(store) == ["post 2"]


def test_stage_results_come_back(store: CaseStore) -> None:
    result = StageResult("language", "p", "f", {"version": "1"})
    store.commit(Change(results=(result,)), 1)
    assert store.catalogue.stage_results() == {("language", "p"): result}


def test_a_problem_stands_until_its_file_is_read_again_otherwise(store: CaseStore) -> None:
    problem = Problem("00" * 16, "a.json", "d1", "line 1", "malformed-record", "c", "r", False)
    unread = Problem("01" * 16, "b.json", "", "", "unreadable-file", "c", "r", False)
    segment = store.write("problems", table_of([problem, unread], TABLES["problems"]))
    record = InputRecord("a.json", "d1", "o", 1, "json", 0, 1, {})
    store.commit(Change(add=(segment,), inputs=(record,)), 1)

    def standing() -> list[str]:
        return store.snapshot().table("problems").column("file").to_pylist()

    assert standing() == ["a.json", "b.json"]
    store.commit(Change(inputs=(InputRecord("a.json", "d2", "o", 1, "json", 1, 0, {}),)), 2)
    assert standing() == ["b.json"]
    store.commit(Change(inputs=(InputRecord("b.json", "d3", "o", 1, "json", 1, 0, {}),)), 3)
    assert standing() == []


# --- opening -----------------------------------------------------------------------------------


def test_a_folder_with_other_things_is_not_taken_over(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("mine")
    with pytest.raises(NotACaseError):
        CaseStore(tmp_path)


def test_a_missing_case_is_not_made_when_not_asked(tmp_path: Path) -> None:
    with pytest.raises(NotACaseError):
        CaseStore(tmp_path / "none", create=False)
    assert not (tmp_path / "none").exists()


def test_a_case_of_another_format_is_refused(store: CaseStore) -> None:
    with sqlite3.connect(store.root / "case.sqlite") as db:
        db.execute("UPDATE meta SET value = '99' WHERE name = 'format'")
    with pytest.raises(CaseVersionError, match="99"):
        CaseStore(store.root)


def test_a_garbled_database_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "case.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(CaseDamagedError, match="unfit"):
        CaseStore(tmp_path)


def test_missing_and_altered_segments_are_noticed(store: CaseStore) -> None:
    put(store, [document_from_post(make_post(1))])
    (segment,) = store.catalogue.segments("documents")
    path = segment_path(store.root, segment)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(CaseDamagedError, match="altered"):
        store.verify()
    with pytest.raises(CaseDamagedError):
        read_segment(store.root, segment)
    path.unlink()
    with pytest.raises(CaseDamagedError, match="missing"):
        store.snapshot()


def test_one_writer_at_a_time(store: CaseStore) -> None:
    code = (
        "import sys; from pathlib import Path; from tocsin.store import CaseStore\n"
        "from tocsin.errors import CaseBusyError\n"
        "try:\n"
        "    with CaseStore(Path(sys.argv[1])).writing(): print('got it')\n"
        "except CaseBusyError: print('busy')\n"
    )
    command = [sys.executable, "-c", code, str(store.root)]
    with store.writing():
        assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "busy\n"
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "got it\n"
    with store.writing(), pytest.raises(CaseBusyError), CaseStore(store.root).writing():
        pass


# --- judgements --------------------------------------------------------------------------------


def act(number: int) -> Judgement:
    return Judgement(0, f"f{number}", "confirm", "ann", "seen it", "", "the words", NOON)


def test_judgements_come_back_in_order(store: CaseStore) -> None:
    made = [store.catalogue.append_judgement(act(number)) for number in range(3)]
    assert [entry.sequence for entry in made] == [1, 2, 3]
    assert store.catalogue.judgements() == made
    assert store.catalogue.judgements(after=2) == made[2:]


def test_several_acts_are_appended_whole_and_in_order(store: CaseStore) -> None:
    store.catalogue.append_judgement(act(0))
    made = store.catalogue.append_judgements([act(1), act(2), act(3)])
    assert [entry.finding_id for entry in made] == ["f1", "f2", "f3"]
    assert store.catalogue.judgements(after=1) == made
    assert store.catalogue.append_judgements([]) == []


@pytest.mark.parametrize("sql", ["DELETE FROM judgements", "UPDATE judgements SET reason = 'forged'"])
def test_judgements_cannot_be_changed_even_by_hand(store: CaseStore, sql: str) -> None:
    store.catalogue.append_judgement(act(1))
    with sqlite3.connect(store.root / "case.sqlite") as db, pytest.raises(sqlite3.IntegrityError):
        db.execute(sql)
    assert len(store.catalogue.judgements()) == 1


WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from tocsin.model import Judgement
from tocsin.store import CaseStore
store = CaseStore(Path(sys.argv[1]))
for number in range(int(sys.argv[3])):
    entry = Judgement(0, f"{sys.argv[2]}-{number}", "confirm", "a", "", "", "", datetime.now(UTC))
    print(store.catalogue.append_judgement(entry).finding_id, flush=True)
"""


def test_two_processes_judging_at_once_lose_nothing(store: CaseStore) -> None:
    command = [sys.executable, "-c", WRITER, str(store.root)]
    both = [
        subprocess.Popen([*command, name, "40"], stdout=subprocess.PIPE, text=True) for name in ("x", "y")
    ]
    acknowledged = [line for one in both for line in one.communicate()[0].split()]
    assert [one.returncode for one in both] == [0, 0]
    kept = [entry.finding_id for entry in store.catalogue.judgements()]
    assert sorted(kept) == sorted(acknowledged)
    assert len(kept) == 80


def test_a_killed_process_loses_no_acknowledged_judgement(store: CaseStore) -> None:
    command = [sys.executable, "-c", WRITER, str(store.root), "x", "100000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        acknowledged = [process.stdout.readline().strip() for _ in range(25)]
        process.kill()
        acknowledged += process.stdout.read().split()
    with CaseStore(store.root) as again:
        kept = [entry.finding_id for entry in again.catalogue.judgements()]
    # At most one act can have reached the disk without its acknowledgement reaching us.
    assert kept[: len(acknowledged)] == acknowledged
    assert len(kept) - len(acknowledged) <= 1


def test_run_records_name_version_and_settings(store: CaseStore) -> None:
    run = store.catalogue.begin_run("0.1", "add", {"run.workers": 1}, "digest")
    store.catalogue.end_run(run)
    with sqlite3.connect(store.root / "case.sqlite") as db:
        version, values, ended = db.execute("SELECT version, settings, ended FROM runs").fetchone()
    assert version == "0.1"
    assert json.loads(values) == {"run.workers": 1}
    assert datetime.fromisoformat(ended) > NOON


def test_given_dates_do_not_make_second_items(store: CaseStore) -> None:
    bare = Post(text="words", platform="file")
    dated = Post(text="words", platform="file", published=NOON, published_basis=DateBasis.GIVEN)
    for order in ((bare, dated), (dated, bare)):
        put(store, [document_from_post(post) for post in order])
    assert store.snapshot().table("documents").column("published").to_pylist() == [NOON]
