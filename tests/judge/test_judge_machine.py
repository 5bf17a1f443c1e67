"""The log under random judgements, undos, re-runs and crashes: nothing lost, views equal a replay."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import ClassVar

from case_helpers import SETTINGS, case_of
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from test_judge_attach import POSTS, rerun

import tocsin
from tocsin.judge import standing
from tocsin.judge.log import merged, opinions
from tocsin.model import Judgement
from tocsin.store import CaseStore


def alive(log: list[Judgement]) -> set[int]:
    """The entries in force, as another reading of the rule: none that takes it back is in force itself."""

    def holds(entry: Judgement) -> bool:
        takers = [
            u
            for u in log
            if u.verdict == "undo" and u.detail == str(entry.sequence) and u.sequence > entry.sequence
        ]
        return not any(holds(u) for u in takers)

    return {e.sequence for e in log if holds(e)}


class LogMachine(RuleBasedStateMachine):
    """One case; what was acknowledged is kept in ``said``."""

    base: ClassVar[Path | None] = None

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        if LogMachine.base is None:
            LogMachine.base = Path(tempfile.mkdtemp())
            case_of(LogMachine.base, POSTS).close()
        shutil.copytree(LogMachine.base / "case", self.folder / "case")
        self.case = tocsin.Case(self.folder / "case", settings=SETTINGS)
        self.said: list[Judgement] = []
        self.version = 0

    def ids(self) -> list[str]:
        return sorted([c.claim_id for c in self.case.claims()] + [b.blame_id for b in self.case.blame()])

    @rule(pick=st.integers(0, 99), verdict=st.sampled_from(["confirm", "reject", "split", "comment"]))
    def judge(self, pick: int, verdict: str) -> None:
        ids = self.ids()
        self.said.append(self.case.judge(ids[pick % len(ids)], verdict, author="ann", reason=str(pick)))

    @rule(one=st.integers(0, 99), other=st.integers(0, 99))
    def merge(self, one: int, other: int) -> None:
        ids = self.ids()
        detail = ids[other % len(ids)]
        self.said.append(self.case.judge(ids[one % len(ids)], "merge", author="bob", detail=detail))

    @precondition(lambda self: self.said)
    @rule(pick=st.integers(0, 99))
    def undo(self, pick: int) -> None:
        target = self.said[pick % len(self.said)]
        finding = self.ids()[0]
        self.said.append(self.case.judge(finding, "undo", author="ann", detail=str(target.sequence)))

    @precondition(lambda self: self.version < 2)
    @rule()
    def run_again_with_new_ids(self) -> None:
        self.version += 1
        rerun(self.case, f"other-{self.version}")

    @rule()
    def crash_in_the_middle_of_an_entry(self) -> None:
        """A writer that dies before it commits, then a new start."""
        store = CaseStore(self.folder / "case", create=False)
        db = store.catalogue._db
        db.execute("BEGIN IMMEDIATE")
        db.execute(
            "INSERT INTO judgements (finding_id, verdict, author, reason, detail, quote, made_at) "
            "VALUES ('x', 'confirm', 'ghost', '', '', '', '2026-01-01T00:00:00+00:00')"
        )
        db.close()  # what a killed process leaves: an open transaction
        self.case.close()
        self.case = tocsin.Case(self.folder / "case", settings=SETTINGS)

    @invariant()
    def nothing_is_lost_or_changed(self) -> None:
        assert self.case.judgements() == self.said

    @invariant()
    def views_equal_a_replay(self) -> None:
        found = self.case.desk().attached()
        log = list(found.log)
        assert [e.sequence for e in log] == [e.sequence for e in self.said]
        held = alive(log)
        latest: dict[str, int] = {}
        for entry in log:
            if entry.sequence in held and entry.verdict not in ("comment", "undo"):
                latest[entry.finding_id] = entry.sequence
        assert {key: e.sequence for key, e in standing(log).items()} == latest
        comments = sorted(e.sequence for e in log if e.sequence in held and e.verdict == "comment")
        assert sorted(c.sequence for o in opinions(log).values() for c in o.comments) == comments
        heads = merged(log)
        assert all(heads[head] == head for head in heads.values())
        assert found.orphans == ()  # every finding of these posts is found again by every version
        assert {e.finding_id for e in log} <= set(self.ids())

    def teardown(self) -> None:
        self.case.close()
        shutil.rmtree(self.folder)


LogMachine.TestCase.settings = settings(
    max_examples=3, stateful_step_count=8, deadline=None, suppress_health_check=list(HealthCheck)
)
TestLogMachine = LogMachine.TestCase


def test_two_processes_at_once_lose_nothing(tmp_path: Path) -> None:
    with case_of(tmp_path, POSTS) as case:
        claim = next(case.claims()).claim_id
        path = case.path
    code = (
        "import sys, tocsin\n"
        "case = tocsin.Case(sys.argv[1])\n"
        "for n in range(6):\n"
        "    print(case.judge(sys.argv[2], 'comment', author=sys.argv[3], reason=str(n)).sequence)\n"
    )
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(path), claim, author], stdout=subprocess.PIPE, text=True
        )
        for author in ("ann", "bob")
    ]
    told = [int(line) for writer in writers for line in writer.communicate()[0].split()]
    with tocsin.Case(path) as case:
        log = case.judgements()
    assert sorted(told) == [e.sequence for e in log]
    for author in ("ann", "bob"):
        assert [e.reason for e in log if e.author == author] == [str(n) for n in range(6)]
