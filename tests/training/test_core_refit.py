"""The head of attribution leaves the file of weights and comes back; nothing else in the file changes."""

from __future__ import annotations

import argparse
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

# ruff: noqa: E402
from tocsin.language.attribution import Attributor
from tocsin.language.core import WEIGHTS, LanguageCore, language_core
from training.annotated.load import load
from training.core import refit
from training.core.calibrate import own_curves
from training.core.tasks.attribution import entropy


@pytest.fixture(scope="module")
def weights() -> Any:
    with as_file(files("tocsin.language") / "weights" / WEIGHTS) as path:
        yield path


@pytest.fixture(scope="module")
def texts() -> list[dict[str, Any]]:
    return load("ru", "train")[:6]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_head_written_says_what_the_head_read_said(weights: Path, tmp_path: Path, texts: Any) -> None:
    head = refit.head_of(weights, language_core().width)
    refit.write(head, weights, tmp_path / "core.npz")
    with np.load(weights) as before, np.load(tmp_path / "core.npz") as after:
        assert set(before.files) == set(after.files)
        changed = {name for name in before.files if before[name].tobytes() != after[name].tobytes()}
    assert all(name.startswith(("attribution.", "graph.roles")) for name in changed)
    again = LanguageCore(tmp_path / "core.npz")
    for read in refit.read_texts(language_core(), texts, chains=True):
        analysis = language_core().read(read.example.window)
        ours, theirs = (Attributor(core).relations(analysis, "ru") for core in (language_core(), again))
        assert [r.content for r in ours] == [r.content for r in theirs]
        assert [r.score for r in ours] == pytest.approx([r.score for r in theirs], abs=0.02)


def test_teaching_lowers_the_loss_and_starts_from_the_head_given(
    weights: Path, texts: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    core = language_core()
    own = refit.read_texts(core, texts, chains=True)
    args = argparse.Namespace(data=Path(), taggers=2, passes=4, english=0.0, rate=5e-4, drop=0.0, words=400)
    args.seed = 1
    head = refit.teach_taggers(refit.head_of(weights, core.width), own, own, args)
    head = refit.teach(head, own, own, args)
    losses = [float(line.rpartition(" ")[2]) for line in capsys.readouterr().out.splitlines()]
    assert len(losses) == 6
    assert losses[-1] <= losses[2]
    assert all(torch.isfinite(value).all() for value in head.state_dict().values())


def test_windows_of_which_nothing_is_known_teach_nothing() -> None:
    logits = torch.randn(1, 4, 3)
    assert float(entropy(logits, np.full((1, 4), -100))) == 0
    known = np.array([[0, 1, -100, -100]])
    expected = torch.nn.functional.cross_entropy(logits[0, :2], torch.tensor([0, 1]))
    assert float(entropy(logits, known)) == pytest.approx(float(expected))


def test_the_texts_held_out_are_there_and_apart() -> None:
    for language, numbers in refit.HELD.items():
        held = refit.own_texts(language, held=True)
        assert len(held) == len(numbers) >= 60
        names = {record["doc_id"] for record in held}
        assert names.isdisjoint(record["doc_id"] for record in refit.own_texts(language, held=False))


def test_curves_rise_and_thresholds_are_scores(texts: Any) -> None:
    curves = own_curves(language_core(), {"ru": texts, "uk": load("uk", "train")[:6]})
    for curve, threshold in curves.values():
        assert 0.2 <= threshold <= 1
        assert (np.diff(curve, axis=1) >= 0).all()
        assert 0 <= curve.min() <= curve.max() <= 1
