"""The demo corpus: its truth is known, and the program must keep agreeing with it.

Floors are in ``floors/demo.json``; ``python tests/test_demo.py`` raises them, ``--lower`` lowers them.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pytest

import tocsin
from tocsin.examples import corpus_dir, truth
from tocsin.model import DateBasis
from tocsin.testing import ratchet
from tocsin.testing.demo_scores import demo_case, demo_scores

FLOOR = Path(__file__).parent / "floors" / "demo.json"


def dataset() -> str:
    files = [path for path in corpus_dir().rglob("*") if path.is_file()]
    return ratchet.digest_files([*files, corpus_dir().parent / "truth.json"])


@pytest.fixture
def case(demo: Path) -> tocsin.Case:
    return tocsin.Case(demo)


def test_everything_was_read(case: tocsin.Case) -> None:
    counts = truth()["counts"]
    everything = case.query("SELECT count(*) AS n FROM all_documents").column("n")[0].as_py()
    assert everything == counts["documents"]
    documents = list(case.documents())
    assert len(documents) == counts["items"]
    assert case.table("sightings").num_rows >= counts["items"]
    assert sum(d.published_basis == DateBasis.UNKNOWN for d in documents) == counts["without_date"]
    assert sum(d.channel is None for d in documents) == counts["without_channel"]
    assert sum(d.forwarded_from is not None for d in documents) == counts["forwards"]
    skipped = {}
    for record in case.inputs():
        for reason, number in record.skipped.items():
            skipped[reason] = skipped.get(reason, 0) + number
    assert sum(skipped.values()) == counts["service_messages"] + counts["media_only"]
    assert list(case.problems()) == []


def test_agreement_with_the_truth_does_not_fall(case: tocsin.Case) -> None:
    scores = demo_scores(case)
    print("\n".join(f"{name} {value:.3f}" for name, value in scores.items()))
    ratchet.check(FLOOR, dataset(), scores)


def test_the_truth_can_be_missed(tmp_path: Path) -> None:
    """The scores fall when the findings are gone: the test above can fail."""
    (tmp_path / "corpus").mkdir()
    with tocsin.Case(tmp_path / "case") as empty:
        empty.add([corpus_dir() / "unsigned-note.txt"])
        found = demo_scores(empty)
    assert not any(name.startswith("kk.") for name in found)


def main() -> None:
    """Raise the floors to what this run measured."""
    with tempfile.TemporaryDirectory() as folder, demo_case(Path(folder) / "case") as case:
        ratchet.write(FLOOR, dataset(), demo_scores(case), lower="--lower" in sys.argv[1:])


if __name__ == "__main__":
    main()
