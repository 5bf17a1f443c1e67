"""The smaller trunk: units of words, layers taken over, the graph beside torch; little is taught."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

torch = pytest.importorskip("torch")

from tocsin.language.core import LanguageCore, language_core  # noqa: E402
from tocsin.language.windows import Window, windows  # noqa: E402
from training.core.distil import Distiller, Material, prepare_states  # noqa: E402
from training.core.student import (  # noqa: E402
    Student,
    StudentCore,
    StudentLayer,
    Units,
    pooled_pieces,
    shipped_layers,
    units_of,
)

TEXT = "The keeper said that the lamp was lit. «Маяк горит», — сообщила смотрительница Ивенко."
WEIGHTS = Path("src/tocsin/language/weights/core-nc.npz")


def window_of(text: str) -> Window:
    return windows(text, [(0, 0, len(text))], language_core().pieces)[0]


def layers_graph() -> bytes:
    with np.load(WEIGHTS, allow_pickle=False) as stored:
        return bytes(stored["graph.layers"].tobytes())


def test_a_word_lies_in_one_unit_and_marks_stay_alone() -> None:
    window = window_of(TEXT)
    units = Units.of_joined(units_of(window))
    of = np.repeat(np.arange(len(units.first)), units.counts)
    for first, last in zip(window.first, window.last, strict=True):
        assert len(set(of[first:last].tolist())) == 1
    assert units.counts[0] == units.counts[-1] == 1
    assert len(units.first) < len(window.ids)


@given(st.lists(st.booleans(), max_size=30))
def test_units_part_the_pieces_and_their_means_weigh_as_much(rest: list[bool]) -> None:
    joined = np.array([False, *rest])
    units = Units.of_joined(joined)
    assert units.counts.sum() == len(joined)
    assert [b - a for a, b in pairwise([*units.first, len(joined)])] == units.counts.tolist()
    rows = np.arange(2 * len(joined), dtype=np.float32).reshape(-1, 2)
    assert np.allclose((units.means(rows) * units.counts[:, None]).sum(0), rows.sum(0))
    assert np.array_equal(pooled_pieces(rows, units)[1], rows[~joined])


def test_the_shipped_layers_in_torch_say_what_the_graph_says() -> None:
    core = language_core()
    x = core._embed(window_of(TEXT).ids)
    said = core._layers.run(None, {"x": x})[0]
    state = torch.from_numpy(x)[None]
    with torch.no_grad():
        for arrays in shipped_layers(layers_graph()):
            layer = StudentLayer(1536, core.width)
            layer.start_from(arrays, torch.zeros(1536))
            state = layer(state, torch.zeros(1))
    assert np.square(state[0].numpy() - said).mean() < 0.01 * said.var()


def test_fewer_inner_units_are_those_worth_most() -> None:
    arrays = shipped_layers(layers_graph())[0]
    layer = StudentLayer(3, 384)
    worth = torch.zeros(1536)
    worth[[7, 70, 700]] = 1.0
    layer.start_from(arrays, worth)
    assert torch.equal(layer.grow.weight, arrays["grow.weight"][[7, 70, 700]])
    assert torch.equal(layer.shrink.weight, arrays["shrink.weight"][:, [7, 70, 700]])


def build(folder: Path, core: LanguageCore, count: int) -> None:
    found = [window_of(f"{number} {TEXT}") for number in range(count)]
    np.savez(
        folder / "windows.npz",
        ids=np.concatenate([w.ids for w in found]).astype(np.uint16),
        join=np.concatenate([units_of(w) for w in found]),
        lens=np.array([len(w.ids) for w in found]),
    )
    # Whatever an interrupted run left after its last count is written again.
    (folder / "states.f16").write_bytes(b"left over")
    prepare_states(folder, core, 10**9)


def arguments(inners: Sequence[int], chosen: Sequence[int]) -> argparse.Namespace:
    return argparse.Namespace(
        inners=inners, chosen=chosen, seconds=1.0, units=400, rate=1e-3, seed=3, resume=None
    )


# torch says that its older exporter, which the weights that ship were made with, will go.
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_a_student_learns_and_can_be_put_in_the_core(tmp_path: Path) -> None:
    core = language_core()
    build(tmp_path, core, 50)
    material = Material(tmp_path, core, kept=20)
    assert material.done == 50
    distiller = Distiller(material, arguments([16], [3]), layers_graph())
    before = distiller.measure()
    distiller.run(tmp_path / "student.pt")
    assert distiller.measure() < before
    cores = [StudentCore(WEIGHTS, tmp_path / "student.pt", bits) for bits in (32, 8)]
    exact, rounded = (own.read(window_of(TEXT)) for own in cores)
    assert exact.words.shape == core.read(exact.window).words.shape
    # Eight bits change little, and the graph says what torch says.
    assert np.square(exact.words - rounded.words).mean() < 0.1 * exact.words.var()
    student = Student([16]).eval()
    student.load_state_dict(torch.load(tmp_path / "student.pt")["net"])
    units = Units.of_joined(units_of(exact.window))
    pooled = torch.from_numpy(pooled_pieces(core._embed(exact.window.ids), units))[:, None]
    with torch.no_grad():
        states = np.repeat(student(pooled, torch.zeros(1))[0].numpy(), units.counts, axis=0)
    assert np.allclose(core._words(states, exact.window), exact.words, atol=1e-3)
