"""Bidirectional LSTM in numpy over sequences laid end to end, longest first; nothing is padded.

Step t of all sequences still running is one matrix product. The arithmetic is torch's (gates i, f, g, o); the
logistic gates are computed as ``(1 + tanh(x / 2)) / 2`` so that one vectorised call serves all four.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["BiLstm", "Steps"]

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """The order in which an LSTM visits words: all first words, all second words, …

    ``forth`` and ``back`` (n,) are rows of the words in visiting order; ``running[t]`` sequences have a word
    at step t.
    """

    forth: Integers
    back: Integers
    running: list[int]

    @classmethod
    def of(cls, lengths: Integers) -> Steps:
        """For sequences of these lengths, which must not increase."""
        assert (np.diff(lengths) <= 0).all()
        begin = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        steps = np.arange(int(lengths[0]) if len(lengths) else 0)
        running = np.searchsorted(-lengths, -steps, side="left")
        row = np.concatenate([np.arange(n) for n in running] or [steps])
        step = np.repeat(steps, running)
        return cls(begin[row] + step, begin[row] + lengths[row] - 1 - step, running.tolist())


class _Direction:
    """One direction. ``wx`` (width, 4u), ``wh`` (u, 4u), ``bias`` (4u,) with the logistic gates halved."""

    def __init__(self, wx: Floats, wh: Floats, bias: Floats) -> None:
        units = wh.shape[1]
        half = np.full(4 * units, 0.5, dtype=np.float32)
        half[2 * units : 3 * units] = 1
        self.wx = np.ascontiguousarray(wx.astype(np.float32).T * half)
        self.wh = np.ascontiguousarray(wh.astype(np.float32).T * half)
        self.bias = bias.astype(np.float32) * half
        self.units = units

    def run(self, x: Floats, order: Integers, running: list[int]) -> Floats:
        """(n, width) → (n, u), rows as in ``x``."""
        units = self.units
        gates = (x @ self.wx + self.bias)[order]
        hidden = np.empty((len(order), units), dtype=np.float32)
        h = np.zeros((running[0] if running else 0, units), dtype=np.float32)
        c = np.zeros_like(h)
        at = 0
        for count in running:
            h, c = h[:count], c[:count]
            z = gates[at : at + count]
            z += h @ self.wh
            np.tanh(z, out=z)
            i, f = z[:, :units], z[:, units : 2 * units]
            g, o = z[:, 2 * units : 3 * units], z[:, 3 * units :]
            # (1 + tanh) / 2 of i and f, with the halves taken out: c = (c·(1 + f) + g·(1 + i)) / 2
            c *= 1 + f
            c += g * (1 + i)
            c *= 0.5
            h = np.tanh(c)
            h *= 1 + o
            h *= 0.5
            hidden[at : at + count] = h
            at += count
        out = np.empty_like(hidden)
        out[order] = hidden
        return out


class BiLstm:
    """Two directions side by side: (n, width) → (n, 2u)."""

    def __init__(self, weights: dict[str, Floats], name: str) -> None:
        """Reads ``{name}.forth.wx`` and so on, in torch's layout (4u, width), (4u, u), (4u,)."""
        self._forth, self._back = (
            _Direction(*(weights[f"{name}.{way}.{part}"] for part in ("wx", "wh", "bias")))
            for way in ("forth", "back")
        )

    def run(self, x: Floats, steps: Steps) -> Floats:
        forth = self._forth.run(x, steps.forth, steps.running)
        return np.concatenate([forth, self._back.run(x, steps.back, steps.running)], axis=1)
