"""What the small heads share: their arrays, and the functions of a layer, in numpy.

A head is a handful of products of matrices over all words of a window at once. Weights are those of torch
(``training/core``), ``(out, in)``; x is always ``(n, in)``, float32.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tocsin.errors import HeadNotInstalledError
from tocsin.language.windows import Window

__all__ = ["Digest", "Linear", "SentenceWords", "gelu", "named_array", "pooled", "sigmoid", "standardised"]

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

#: Abramowitz and Stegun 1964, 7.1.26, the last coefficient first: |error| of erf below 1.5e-7.
_ERF: Final = (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)
_ERF_RATE: Final = 0.3275911
#: Added to a variance, as torch.nn.LayerNorm does.
_EPSILON: Final = 1e-5


def gelu(x: Floats) -> Floats:
    """x·Φ(x), elementwise (Hendrycks and Gimpel 2016); exact up to the last bits of float32."""
    size = np.abs(x)
    z = size * np.float32(0.5**0.5)
    t = np.reciprocal(1 + np.float32(_ERF_RATE) * z)
    tail = np.full_like(t, _ERF[0])
    for coefficient in _ERF[1:]:
        tail *= t
        tail += np.float32(coefficient)
    tail *= t
    z *= z
    np.negative(z, out=z)
    tail *= np.exp(z, out=z)
    # x·Φ(x) = max(x, 0) - |x|·Φ(-|x|), and Φ(-|x|) is half of erf's tail.
    tail *= size
    tail *= np.float32(-0.5)
    out: Floats = np.add(tail, np.maximum(x, 0), out=tail)
    return out


def sigmoid(x: Floats) -> Floats:
    """1 / (1 + exp(-x)), elementwise."""
    out: Floats = np.reciprocal(1 + np.exp(np.minimum(-x, np.float32(80))))
    return out


def standardised(x: Floats) -> Floats:
    """Rows with mean 0 and variance 1: LayerNorm before its own weights."""
    out: Floats = x - x.mean(axis=1, keepdims=True)
    variance = np.einsum("ij,ij->i", out, out) / out.shape[1]
    out *= 1 / np.sqrt(variance + np.float32(_EPSILON))[:, None]
    return out


def named_array(named: Mapping[str, Floats], name: str) -> Floats:
    """An array of a head; raises HeadNotInstalledError where the weights were written without that head."""
    found = named.get(name)
    if found is None:
        raise HeadNotInstalledError(
            f"the weights of the language core have no {name}",
            remedy="Install a core-nc.npz written with this head (training/core/export.py)",
        )
    return found


class Linear:
    """x → x·Wᵀ + b."""

    def __init__(self, named: Mapping[str, Floats], name: str) -> None:
        self.weight = named_array(named, f"{name}.weight")
        self.bias = named_array(named, f"{name}.bias")

    def __call__(self, x: Floats) -> Floats:
        out: Floats = x @ self.weight.T
        out += self.bias
        return out


@dataclass(frozen=True, slots=True, eq=False)
class SentenceWords:
    """Where the words of each sentence of a window begin.

    ``rows`` (k,) are the sentences that have words, ``first`` (k,) and ``counts`` (k,) their first word and
    how many; ``sentences`` is how many sentences there are, those without words (parts of an endless link)
    among them.
    """

    rows: Integers
    first: Integers
    counts: Integers
    sentences: int

    @classmethod
    def of(cls, window: Window) -> SentenceWords:
        first = np.flatnonzero(np.diff(window.sentence, prepend=-1))
        counts = np.diff(first, append=len(window.sentence))
        return cls(window.sentence[first], first, counts, len(window.sentences))


def pooled(x: Floats, of: SentenceWords) -> Floats:
    """Mean and maximum of words' rows ``x`` (n, k) over each sentence: (s, 2 · k); zeros without words."""
    size = x.shape[1]
    out = np.zeros((of.sentences, 2 * size), dtype=np.float32)
    if len(of.rows):
        out[of.rows, :size] = np.add.reduceat(x, of.first, axis=0) / of.counts[:, None]
        out[of.rows, size:] = np.maximum.reduceat(x, of.first, axis=0)
    return out


class Digest:
    """Words → a hidden layer at each → mean and maximum over each sentence: (s, 2 · hidden)."""

    def __init__(self, named: Mapping[str, Floats], name: str) -> None:
        self._enter = Linear(named, f"{name}.enter")

    def __call__(self, words: Floats, of: SentenceWords) -> Floats:
        return pooled(gelu(self._enter(words)), of)
