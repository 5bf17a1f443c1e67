"""Heads of certainty and check-worthiness: padding, folds and figures, on invented states."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

torch = pytest.importorskip("torch")

# ruff: noqa: E402
from tocsin.language.assess import CheckworthyHead
from tocsin.language.core import language_core
from tocsin.language.packed import unpack
from tocsin.language.windows import Window, windows
from training.core.crossvalidate import Kept, train_head
from training.core.model import Batch, Example, States
from training.core.refit_checkworthy import teach, unseen, write
from training.core.tasks.certainty import CertaintyTask, Judged
from training.core.tasks.checkworthy import (
    CheckworthyTask,
    average_precision,
    best_macro_threshold,
    best_threshold,
    f1,
    macro_f1,
)
from training.core.tasks.debates import Statement, read_in_context, runs

WIDTH = 384
NOWHERE = Path("nowhere")


def a_window(words: int) -> Window:
    at = np.arange(words)
    return Window(
        at,
        at * 0,
        ["word"] * words,
        at,
        at + 1,
        at * 5,
        at * 5 + 4,
        at * 0,
        at * 0,
        np.zeros((words, 22)),
        [0],
    )


def a_batch(examples: list[Example], seed: int = 0) -> tuple[States, Batch]:
    """States that hold something else at the padding too: no head may look there."""
    generator = torch.Generator().manual_seed(seed)
    lengths = torch.tensor([len(e.window) for e in examples])
    words = torch.randn(len(examples), int(lengths.max()) + 3, WIDTH, generator=generator)
    mask = torch.arange(words.shape[1])[None] < lengths[:, None]
    sentences = torch.stack([w[:n].mean(0) for w, n in zip(words, lengths, strict=True)])[:, None]
    none = torch.zeros(0)
    words = words * mask[..., None]
    return States(words, sentences), Batch(examples, none, none, none, none, mask, none)


def certain() -> list[Example]:
    return [
        Example(a_window(6), "en", Judged("event", 0, ((1, 2, 3.0), (4, 6, -1.0)))),
        Example(a_window(4), "en", Judged("finding", 1, ((0, 4, 5.0),))),
        Example(a_window(9), "en", Judged("hedge", 2, ((0, 9, 1.0),))),
    ]


def checked() -> list[Example]:
    return [Example(a_window(4 + n), "en", (n % 3, n % 5)) for n in range(6)]


CASES = [
    (CertaintyTask(NOWHERE), certain()),
    (CheckworthyTask(NOWHERE), checked()),
]


@pytest.mark.parametrize(("task", "examples"), CASES, ids=lambda v: getattr(v, "name", ""))
def test_the_loss_is_about_one_and_the_head_small(task, examples):
    torch.manual_seed(0)
    head = task.head(WIDTH)
    assert sum(p.numel() for p in head.parameters()) < 300_000
    loss = task.loss(head, *a_batch(examples))
    assert 0.3 < float(loss.detach()) < 4
    loss.backward()
    assert all(p.grad is not None for p in head.parameters())


@torch.no_grad()
@pytest.mark.parametrize(("task", "examples"), CASES, ids=lambda v: getattr(v, "name", ""))
def test_what_is_said_of_an_example_does_not_depend_on_its_batch(task, examples):
    torch.manual_seed(0)
    head = task.head(WIDTH).eval()
    states, batch = a_batch(examples)
    together = task.outputs(head, states, batch)
    for i, example in enumerate(examples):
        n = len(example.window)
        alone = States(states.words[i : i + 1, :n], states.sentences[i : i + 1])
        none = torch.zeros(0)
        said = task.outputs(
            head, alone, Batch([example], none, none, none, none, torch.ones(1, n, dtype=torch.bool), none)
        )[0]
        assert np.allclose(said, together[i], atol=1e-5)


def test_check_worthiness_is_taught_anew_and_written_beside_the_rest(tmp_path):
    draw = np.random.default_rng(1)
    truth = np.arange(120) % 3 == 0
    states = draw.normal(size=(120, 3 * WIDTH)).astype(np.float32) + truth[:, None]
    scores = unseen(states, states, truth, np.arange(120) % 4)
    assert average_precision(scores, truth) > 0.9
    path = tmp_path / "weights.npz"
    np.savez_compressed(path, other=np.arange(3), **{"checkworthy.old.weight": np.zeros(2)})
    write(teach(states, truth, 1), 0.25, path)
    with np.load(path) as stored:
        assert stored["other"].tolist() == [0, 1, 2]
        assert "checkworthy.old.weight" not in stored.files
        named = unpack({k: stored[k] for k in stored.files if k.startswith("checkworthy.")})
    head = CheckworthyHead(SimpleNamespace(named=named))
    assert head.threshold == 0.25
    assert average_precision(head.judge(states), truth) > 0.9


def test_sentences_are_read_among_those_of_their_speaker():
    def said(line: int, speaker: str = "Anna Kovak", debate: str = "one", text: str = "Ducks cost 3 crowns."):
        return Statement(text, debate, line, speaker, 0)

    rows = [
        *(said(n) for n in range(1, 7)),
        said(8),
        said(11),
        said(12, "Boris Lind"),
        said(13, debate="two"),
    ]
    assert [len(run) for run in runs(rows)] == [5, 2, 1, 1, 1]
    core = language_core()
    states = read_in_context(core, rows)
    assert states.shape == (10, 3 * core.width)
    alone = core.read(windows(rows[0].text, [(0, 0, len(rows[0].text))], core.pieces)[0])
    np.testing.assert_array_equal(states[7], states[8])
    np.testing.assert_allclose(states[7, : core.width], alone.sentences[0], rtol=1e-6)
    assert np.abs(states[0] - states[7]).max() > 0.1
    endless = said(1, text="Ducks cost 3 crowns and " * 200)
    assert read_in_context(core, [endless, said(2)]).shape == (2, 3 * core.width)


def test_the_macro_threshold_serves_both_kinds():
    scores = np.array([0.9, 0.8, 0.4, 0.3, 0.1])
    truth = np.array([True, True, False, False, False])
    assert macro_f1(scores >= best_macro_threshold(scores, truth), truth) == 1


def test_thresholds_and_figures_of_two_kinds():
    scores = np.array([0.9, 0.8, 0.4, 0.3, 0.1])
    truth = np.array([True, True, False, True, False])
    threshold = best_threshold(scores, truth)
    assert 0.1 < threshold < 0.3
    assert f1(scores >= threshold, truth) == pytest.approx(6 / 7)
    assert average_precision(scores, truth) == pytest.approx((1 + 1 + 3 / 4) / 3)
    assert f1(np.zeros(2, bool), np.zeros(2, bool)) == 0


@torch.no_grad()
def test_certainty_is_said_in_the_labels_own_units():
    task = CertaintyTask(NOWHERE)
    examples = certain()
    head = task.head(WIDTH).eval()
    said = task.outputs(head, *a_batch(examples))
    assert [len(s) for s in said] == [2, 1, 1]
    assert all(-3 <= value <= 3 for value in said[0])
    assert 3 < said[1][0] < 6


def test_a_head_learns_from_kept_states():
    torch.manual_seed(0)
    task = CheckworthyTask(NOWHERE)
    kept = []
    for n in range(60):
        words = torch.randn(4, WIDTH) + (3 if n % 3 == 2 else 0)
        example = Example(a_window(4), "en", (n % 3, n % 5))
        kept.append(Kept(example, words.half(), words.mean(0, keepdim=True).half()))
    head = train_head(task, kept, 15)
    states, batch = (
        States(
            torch.stack([k.words.float() for k in kept]), torch.stack([k.sentences.float() for k in kept])
        ),
        Batch(
            [k.example for k in kept],
            *[torch.zeros(0)] * 4,
            torch.ones(60, 4, dtype=torch.bool),
            torch.zeros(0),
        ),
    )
    said = task.outputs(head, states, batch)
    assert min(said[2::3]) > max(said[0::3])
