"""Teach a smaller trunk the states of the one that ships (``training.core.student``): no labels are needed.

python -m training.core.distil DATA --build build/student --seconds 3600
python -m training.core.distil DATA --build build/student --seconds 3600 --resume build/student/student.pt

Windows of the texts the heads learnt from (without what is held out or kept for tests) and of public posts;
the states of the shipped trunk for the first ``--pieces`` of them, once; then the regression. What is in the
build folder is not made again. Seeded; as the rate follows the clock, two runs agree in method, not in bytes.
"""

from __future__ import annotations

import argparse
import copy
import json
import math
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from tocsin.language import sentences
from tocsin.language.core import LanguageCore
from tocsin.language.pieces import PieceTable
from tocsin.language.windows import Window, windows
from training.annotated.load import load
from training.core.prepare import HELD_OUT, fold_of
from training.core.student import Student, StudentLayer, Units, pooled_pieces, shipped_layers, units_of
from training.core.tasks.names_data import CORPORA
from training.core.tasks.names_data import texts as names_texts
from training.core.texts import public

__all__ = ["Distiller", "Material", "learnable", "prepare_states", "prepare_windows"]

#: Shares of sentences of documents that are read alone too, as vectors read them.
_ALONE: Final = 0.12
#: Windows of fewer pieces have nothing to say.
_LEAST: Final = 4
#: First windows, kept to measure on.
_KEPT: Final = 600
#: Windows that say which inner units of the shipped layers are worth most.
_ASKED: Final = 150
#: How much the heads' views weigh in the loss beside all units of the state; the cues' is a narrow one.
VIEWS: Final = {
    "attribution.cue": 2.0,
    "attribution.inner": 1.0,
    "names.enter": 1.0,
    "vector": 1.0,
    "certainty.digest.enter": 0.5,
}
_WARM_UP: Final = 60
#: Windows, or steps of training, between saves.
_SAVE: Final = 200


def learnable(data: Path) -> Iterator[tuple[str, str]]:
    """``(language, text)`` of all that may be learnt from: nothing of held-out folds, tests, or NTREX."""

    def rows(name: str) -> Iterator[dict[str, str]]:
        with (data / f"{name}.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)

    yield from (("en", row["text"]) for row in rows("attribution/polnear/train"))
    for language in ("ru", "uk", "kk"):
        yield from ((language, row["text"]) for row in load(language, "train"))
    for corpus in CORPORA:
        for spaced in (False, True) if corpus.name in {"wikigold", "kaznerd"} else (False,):
            for text in names_texts(data / "names/ner", corpus, held_out=False, spaced=spaced):
                yield corpus.language, text.text
    for row in rows("checkworthy/claimbuster_crowdsourced"):
        if fold_of(row["file"]) != HELD_OUT:
            yield "en", row["text"]
    for row in rows("certainty/uw/train"):
        yield "en", row["text"] if "text" in row else " ".join(row["tokens"])
    for row in rows("certainty/hedge_wiki"):
        if fold_of(row["text"]) != HELD_OUT:
            yield "en", row["text"]
    # Posts are what heads of persuasion are folded by.
    yield from (pair for pair in public(data) if fold_of(pair[1]) != HELD_OUT)


def _windows_of(text: str, table: PieceTable, draw: np.random.Generator) -> list[Window]:
    spans = [(paragraph, span.start, span.end) for paragraph, span in sentences(text)]
    found = windows(text, spans, table)
    if len(spans) > 1:
        for _, start, end in spans:
            if draw.random() < _ALONE:
                found += windows(text[start:end], [(0, 0, end - start)], table)
    return [window for window in found if len(window.ids) >= _LEAST]


def prepare_windows(data: Path, table: PieceTable, out: Path) -> None:
    """Write pieces, units and lengths of every window, in a random order."""
    draw = np.random.default_rng(1)
    texts = dict.fromkeys(text for _, text in learnable(data))
    found = [window for text in texts for window in _windows_of(text, table, draw)]
    found = [found[i] for i in draw.permutation(len(found)).tolist()]
    np.savez(
        out,
        ids=np.concatenate([window.ids for window in found]).astype(np.uint16),
        join=np.concatenate([units_of(window) for window in found]),
        lens=np.array([len(window.ids) for window in found]),
    )


class Material:
    """The windows of a build folder, and the teacher's states of units of those that have been read."""

    def __init__(self, build: Path, core: LanguageCore, kept: int = _KEPT) -> None:
        with np.load(build / "windows.npz", allow_pickle=False) as stored:
            self._ids, self._joined, lengths = stored["ids"], stored["join"], stored["lens"]
        self.core, self.kept = core, kept
        self.starts = np.concatenate([[0], np.cumsum(lengths)])
        self._of_unit = np.concatenate([[0], np.cumsum(~self._joined)])[self.starts]
        #: Units of each window.
        self.sizes = np.diff(self._of_unit)
        self._states_path, self._count_path = build / "states.f16", build / "states.done"
        self.open()

    def open(self) -> None:
        """Look how many windows have states."""
        self.done = int(self._count_path.read_text()) if self._count_path.exists() else 0
        shape = (int(self._of_unit[self.done]), self.core.width)
        self.states = np.memmap(self._states_path, np.float16, "r", shape=shape) if self.done else None

    def window(self, row: int) -> tuple[NDArray[np.float32], Units]:
        """Embedded pieces (p, width) and the units of a window."""
        at = slice(self.starts[row], self.starts[row + 1])
        return self.core._embed(self._ids[at].astype(np.int64)), Units.of_joined(self._joined[at])

    def batch(self, rows: NDArray[np.int64]) -> tuple[Tensor, Tensor, Tensor]:
        """Pooled pieces (3, b, n, width), states (b, n, width), true where there is a unit (b, n)."""
        assert self.states is not None
        shape = (len(rows), int(self.sizes[rows].max()))
        pooled = np.zeros((3, *shape, self.core.width), np.float32)
        states, present = np.zeros(pooled.shape[1:], np.float32), np.zeros(shape, bool)
        for i, row in enumerate(rows.tolist()):
            size = self.sizes[row]
            pooled[:, i, :size] = pooled_pieces(*self.window(row))
            states[i, :size] = self.states[self._of_unit[row] : self._of_unit[row + 1]]
            present[i, :size] = True
        return torch.from_numpy(pooled), torch.from_numpy(states), torch.from_numpy(present)

    def batches(self, units: int, draw: np.random.Generator) -> Iterator[NDArray[np.int64]]:
        """Endless batches of windows of like length, ``units`` each once padded."""
        while True:
            rows = np.arange(self.kept, self.done)
            order = np.argsort(self.sizes[rows] * draw.uniform(0.9, 1.1, len(rows)), kind="stable")
            groups: list[list[int]] = [[]]
            longest = 0
            for row in rows[order].tolist():
                longest = max(longest, int(self.sizes[row]))
                if groups[-1] and longest * (len(groups[-1]) + 1) > units:
                    groups.append([])
                    longest = int(self.sizes[row])
                groups[-1].append(row)
            for k in draw.permutation(len(groups)).tolist():
                yield np.array(groups[k])


def prepare_states(build: Path, core: LanguageCore, pieces: int) -> None:
    """Append the shipped trunk's states of units until ``pieces`` pieces have been read."""
    material = Material(build, core)
    path, count = build / "states.f16", build / "states.done"
    path.touch()
    with path.open("r+b") as out:
        # Whatever an interrupted run wrote after its last count goes.
        out.truncate(0 if material.states is None else material.states.nbytes)
        out.seek(0, 2)
        row = material.done
        while row < len(material.sizes) and material.starts[row] < pieces:
            embedded, units = material.window(row)
            states = units.means(core._layers.run(None, {"x": embedded})[0])
            out.write(states.astype(np.float16).tobytes())
            row += 1
            if row % _SAVE == 0:
                out.flush()
                count.write_text(str(row))
    count.write_text(str(row))


def _metric(material: Material) -> tuple[Tensor, Tensor]:
    """A (width, width): the loss of an error e is |e·A|²; and the standard deviation of each unit of states.

    Half is the error of each unit of the state by its variance, half that of what the heads' first matrices
    make of the state, by theirs: 1 for a student that always says the mean.
    """
    assert material.states is not None
    some = material.states[:60_000].astype(np.float64)
    covariance, deviation = np.cov(some.T), some.std(axis=0)
    metric = np.diag(1 / deviation**2) / len(deviation)
    for name, share in VIEWS.items():
        weight = material.core.named[f"{name}.weight"].astype(np.float64)
        seen = weight.T @ weight
        metric += share / sum(VIEWS.values()) * seen / np.trace(seen @ covariance)
    root = np.linalg.cholesky(metric / 2)
    return torch.from_numpy(root).float(), torch.from_numpy(deviation).float()


def _worth(layers: list[dict[str, Tensor]], material: Material) -> list[Tensor]:
    """How much each inner unit of the shipped layers adds to the states: its mean square by its weights'."""
    full = [StudentLayer(len(arrays["grow.bias"]), material.core.width) for arrays in layers]
    worth = []
    for layer, arrays in zip(full, layers, strict=True):
        layer.start_from(arrays, torch.zeros(len(arrays["grow.bias"])))
        worth.append(torch.zeros(len(arrays["grow.bias"])))
    seen: list[Tensor] = []
    for layer in full:
        layer.shrink.register_forward_pre_hook(lambda _, given: seen.append(given[0]))
    with torch.no_grad():
        for row in range(material.kept, min(material.done, material.kept + _ASKED)):
            x = torch.from_numpy(material.window(row)[0])[None]
            seen.clear()
            for layer in full:
                x = layer(x, torch.zeros(1))
            for number, (layer, inner) in enumerate(zip(full, seen, strict=True)):
                worth[number] += (inner**2).sum((0, 1)) * (layer.shrink.weight**2).sum(0)
    return worth


class Distiller:
    """Adam on the regression; ``average``, the running mean of the weights, is what is kept."""

    def __init__(self, material: Material, args: argparse.Namespace, layers: bytes) -> None:
        torch.manual_seed(args.seed)
        self.material, self.args = material, args
        self.root, self.deviation = _metric(material)
        self.student = Student(args.inners, material.core.width)
        if args.resume:
            self.student.load_state_dict(torch.load(args.resume)["net"])
        else:
            shipped = shipped_layers(layers)
            worth = _worth(shipped, material)
            for layer, number in zip(self.student.layers, args.chosen, strict=True):
                assert isinstance(layer, StudentLayer)
                layer.start_from(shipped[number], worth[number])
        self.average = copy.deepcopy(self.student)
        self.optimiser = torch.optim.AdamW(
            self.student.parameters(), lr=args.rate, weight_decay=0.01, betas=(0.9, 0.98), fused=True
        )

    def errors(self, student: Student, rows: NDArray[np.int64]) -> Tensor:
        """Student less teacher at every unit of the windows: (u, width)."""
        pooled, states, present = self.material.batch(rows)
        mask = torch.zeros(present.shape).masked_fill(~present, -1e4)[:, None, None, :]
        return student(pooled, mask)[present] - states[present]  # type: ignore[no-any-return]

    def loss(self, errors: Tensor) -> Tensor:
        """See ``_metric``."""
        return functional.linear(errors, self.root.T).square().sum(1).mean()

    def measure(self) -> tuple[float, float]:
        """On the windows kept: the loss, and the mean square error of standardised states."""
        found = []
        with torch.no_grad():
            for rows in np.array_split(np.arange(self.material.kept), max(1, self.material.kept // 20)):
                errors = self.errors(self.average, rows)
                found.append((float(self.loss(errors)), float((errors / self.deviation).square().mean())))
        loss, error = np.mean(found, axis=0).tolist()
        return loss, error

    def run(self, out: Path) -> None:
        """Teach for ``args.seconds`` of the clock, the rate falling to nothing as a cosine."""
        begun, units = time.time(), 0
        stream = self.material.batches(self.args.units, np.random.default_rng(self.args.seed))
        for step, rows in enumerate(stream, 1):
            share = (time.time() - begun) / self.args.seconds
            if share >= 1:
                break
            units += int(self.material.sizes[rows].sum())
            self._step(
                step, rows, min(1.0, step / _WARM_UP) * (0.02 + 0.49 * (1 + math.cos(math.pi * share)))
            )
            if step % _SAVE == 0:
                self.save(out, units)
                print(step, units, "units", *(f"{v:.4f}" for v in self.measure()), flush=True)
        self.save(out, units)
        print("at the end", units, "units", *(f"{v:.4f}" for v in self.measure()))

    def _step(self, step: int, rows: NDArray[np.int64], factor: float) -> None:
        for group in self.optimiser.param_groups:
            group["lr"] = self.args.rate * factor
        loss = self.loss(self.errors(self.student, rows))
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.student.parameters(), 1.0)
        self.optimiser.step()
        if step % 2 == 0:
            pairs = (list(self.average.parameters()), list(self.student.parameters()))
            with torch.no_grad():
                torch._foreach_lerp_(*pairs, 1 - min(0.98, (step + 1) / (step + 10)))

    def save(self, out: Path, units: int) -> None:
        """What ``StudentCore`` and ``--resume`` read."""
        stored = {"net": self.average.state_dict(), "inners": self.args.inners, "units": units}
        torch.save(stored, out)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--weights", type=Path, default=Path("src/tocsin/language/weights/core-nc.npz"))
    parser.add_argument("--build", type=Path, default=Path("build/student"))
    parser.add_argument("--pieces", type=int, default=2_500_000, help="read by the trunk that ships")
    parser.add_argument("--inners", type=int, nargs="+", default=[512, 512], help="inner width of each layer")
    parser.add_argument("--chosen", type=int, nargs="+", default=[0, 3], help="shipped layers to start from")
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--units", type=int, default=1500, help="of a batch")
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--resume", type=Path, help="a checkpoint to go on from; take a lower --rate")
    args = parser.parse_args()
    torch.set_num_threads(1)
    args.build.mkdir(parents=True, exist_ok=True)
    core = LanguageCore(args.weights)
    if not (args.build / "windows.npz").exists():
        prepare_windows(args.data, core.pieces, args.build / "windows.npz")
    prepare_states(args.build, core, args.pieces)
    with np.load(args.weights, allow_pickle=False) as stored:
        layers = stored["graph.layers"].tobytes()
    Distiller(Material(args.build, core), args, layers).run(args.build / "student.pt")


if __name__ == "__main__":
    main()
