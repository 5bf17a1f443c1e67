"""The language core at run time: one pass over a window gives the states every head reads.

Four transformer layers (post-norm, width 384) that start from multilingual-e5-small (Wang et al. 2024, MIT)
and are trained for all heads at once (``training/core``). The table of pieces is looked up in numpy, the
layers run in ``onnxruntime`` with 8-bit weights; heads are small and run in numpy.
"""

from __future__ import annotations

import lzma
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tocsin.language.packed import unpack
from tocsin.language.pieces import PieceTable
from tocsin.language.windows import Window

__all__ = ["LANGUAGES", "WEIGHTS", "Analysis", "LanguageCore", "language_core"]

Floats = NDArray[np.float32]

#: Languages whose mean vector is known, in the order of the rows of "vector.mean".
LANGUAGES: Final = ("en", "kk", "ru", "uk")
#: File of the weights.
WEIGHTS: Final = "core-nc.npz"
_BLOCK: Final = 32
_EPSILON: Final = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """States of one window: ``words`` (n, width) and ``sentences`` (s, width)."""

    window: Window
    words: Floats
    sentences: Floats


def session(graph: bytes) -> Any:
    """An ``onnxruntime.InferenceSession`` on one thread: processes are what runs in parallel."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def _one_blas_thread() -> None:
    """BLAS threads of several processes fight each other: measured 20–40 times slower under load."""
    from threadpoolctl import threadpool_limits

    threadpool_limits(limits=1, user_api="blas")


class LanguageCore:
    """Reads windows. ``path`` is the file ``training.core.export`` wrote. Not for use by several threads."""

    #: Names the weights; part of the method name of whatever is derived with them.
    name = "core-1"

    def __init__(self, path: Path) -> None:
        _one_blas_thread()
        with np.load(path, allow_pickle=False) as stored:
            self._table: NDArray[np.uint8] = stored["table"]
            self._scale: NDArray[np.float16] = stored["table.scale"]
            self._graphs = {k: stored[k].tobytes() for k in stored.files if k.startswith("graph.")}
            self.pieces = PieceTable(lzma.decompress(stored["pieces"].tobytes()))
            # What is left are the arrays of the small heads, by the names they have in training.
            self.named: dict[str, Floats] = unpack(
                {
                    k: stored[k]
                    for k in stored.files
                    if not k.startswith(("table", "graph.")) and k != "pieces"
                }
            )
        self.width = self.named["place.weight"].shape[1]
        self._layers = self.graph("layers")
        del self._graphs["graph.layers"]

    def graph(self, name: str) -> Any:
        """One of the packaged graphs, ready to run."""
        return session(self._graphs[f"graph.{name}"])

    def read(self, window: Window) -> Analysis:
        """One pass over one window."""
        x = self._embed(window.ids)
        states: Floats = self._layers.run(None, {"x": x})[0]
        return Analysis(window, self._words(states, window), self._sentences(states, window))

    def _embed(self, ids: NDArray[np.int64]) -> Floats:
        """Rows of the 4-bit table plus places, normalised: (p, width)."""
        blocks = self.width // _BLOCK
        rows = ids[:, None] * blocks + np.arange(blocks)
        packed = self._table[rows]
        numbers = np.concatenate([packed & 15, packed >> 4], axis=2).astype(np.float32) - 8
        numbers *= self._scale[rows][:, :, None].astype(np.float32)
        x = numbers.reshape(len(ids), self.width) + self.named["place.weight"][: len(ids)]
        x -= x.mean(axis=1, keepdims=True)
        x /= np.sqrt(np.mean(x * x, axis=1, keepdims=True) + _EPSILON)
        x *= self.named["norm.weight"]
        x += self.named["norm.bias"]
        return x

    def _words(self, states: Floats, window: Window) -> Floats:
        """Mean state of each word's pieces plus its shape."""
        sums = np.zeros((len(states) + 1, self.width), dtype=np.float32)
        np.cumsum(states, axis=0, out=sums[1:])
        words: Floats = sums[window.last] - sums[window.first]
        words /= (window.last - window.first)[:, None].astype(np.float32)
        words += window.shapes @ self.named["shape.weight"].T
        return words

    def _sentences(self, states: Floats, window: Window) -> Floats:
        """Mean state of each sentence's pieces."""
        out = np.zeros((len(window.sentences), self.width), dtype=np.float32)
        for row in range(len(out)):
            out[row] = states[window.sentence_of == row].mean(axis=0)
        return out

    def vectors(self, analysis: Analysis, language: str = "") -> Floats:
        """Unit vectors (s, width) of the window's sentences: near where they mean the same.

        What all sentences of a language have in common is taken off; ``language`` (ISO 639-1) says which
        language that is, any other gets the mean of those known.
        """
        x = self.raw_vectors(analysis)
        means = self.named["vector.mean"]
        x -= means[LANGUAGES.index(language)] if language in LANGUAGES else means.mean(axis=0)
        out: Floats = x / np.linalg.norm(x, axis=1, keepdims=True)
        return out

    def raw_vectors(self, analysis: Analysis) -> Floats:
        """Unit vectors (s, width) as taught, with what the sentences of a language have in common."""
        x = analysis.sentences @ self.named["vector.weight"].T + self.named["vector.bias"]
        out: Floats = x / np.linalg.norm(x, axis=1, keepdims=True)
        return out


@cache
def language_core() -> LanguageCore:
    """The core with the packaged weights, read at the first call of a process."""
    with as_file(files("tocsin.language") / "weights" / WEIGHTS) as path:
        return LanguageCore(path)
