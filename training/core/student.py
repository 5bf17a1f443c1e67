"""A smaller trunk that gives nearly the states of the one that ships, for words instead of pieces.

The trunk that ships reads every piece; heads only see the mean of a word's pieces. The student takes that
mean first: the pieces of a word are one *unit* (a piece outside words is one too), and two narrower layers
read units. What heads read follows exactly from the states of units: a word's state is its unit's, a
sentence's the mean of its units weighted by their pieces. Units are .82 of the pieces in English, .65 in
Russian, Ukrainian and Kazakh.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from tocsin.language.core import Analysis, LanguageCore, session
from tocsin.language.windows import Window
from training.core.export import graph_of

__all__ = [
    "HEADS",
    "Student",
    "StudentCore",
    "StudentLayer",
    "Units",
    "pooled_pieces",
    "shipped_layers",
    "units_of",
]

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

#: Heads of attention, as in the trunk that ships: its layers are what the student starts from.
HEADS = 12
_EPSILON = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """The units of a window: ``first`` (u,) their first piece, ``counts`` (u,) how many they have."""

    first: Integers
    counts: Integers

    @classmethod
    def of_joined(cls, joined: NDArray[np.bool_]) -> Units:
        """From which pieces (p,) belong to the unit of the piece before."""
        first = np.flatnonzero(~joined)
        return cls(first, np.diff(first, append=len(joined)))

    def means(self, pieces: Floats) -> Floats:
        """Mean (u, width) of the rows (p, width) of each unit's pieces."""
        found: Floats = np.add.reduceat(pieces, self.first, axis=0) / self.counts[:, None].astype(np.float32)
        return found


def units_of(window: Window) -> NDArray[np.bool_]:
    """Which pieces (p,) belong to the unit of the piece before: of one word, or of words that share it."""
    joined = np.zeros(len(window.ids), dtype=bool)
    for first, last in zip(window.first.tolist(), window.last.tolist(), strict=True):
        joined[first + 1 : last] = True
    return joined


def pooled_pieces(embedded: Floats, units: Units) -> Floats:
    """Mean, first and last (3, u, width) of each unit's embedded pieces (p, width)."""
    last = units.first + units.counts - 1
    return np.stack([units.means(embedded), embedded[units.first], embedded[last]])


class StudentLayer(nn.Module):
    """A layer as the trunk's (``training.core.trunk.Layer``), of any inner width, queries scaled already."""

    def __init__(self, inner: int, width: int) -> None:
        super().__init__()
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.grow, self.shrink = nn.Linear(width, inner), nn.Linear(inner, width)
        self.norm1, self.norm2 = nn.LayerNorm(width, eps=_EPSILON), nn.LayerNorm(width, eps=_EPSILON)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """``x`` (batch, n, width); ``mask`` (batch, 1, 1, n) 0 where there is a unit, else very low."""
        batch, n, width = x.shape
        qkv = self.qkv(x).view(batch, n, 3, HEADS, width // HEADS).permute(2, 0, 3, 1, 4)
        seen = torch.softmax(qkv[0] @ qkv[1].transpose(-1, -2) + mask, -1) @ qkv[2]
        x = self.norm1(x + self.out(seen.transpose(1, 2).reshape(batch, n, width)))
        return self.norm2(x + self.shrink(self.inner(x)))  # type: ignore[no-any-return]

    def inner(self, x: Tensor) -> Tensor:
        """What the inner units give, (…, inner)."""
        return functional.gelu(self.grow(x))

    def start_from(self, arrays: Mapping[str, Tensor], worth: Tensor) -> None:
        """Take a shipped layer's arrays; of its inner units those ``worth`` (inner of the shipped,) most."""
        kept = worth.argsort(descending=True)[: self.grow.out_features].sort().values
        with torch.no_grad():
            for name, parameter in self.named_parameters():
                array = arrays[name]
                if name.startswith("grow"):
                    array = array[kept]
                elif name == "shrink.weight":
                    array = array[:, kept]
                parameter.copy_(array)


class Student(nn.Module):
    """Pooled pieces to states of units."""

    def __init__(self, inners: Sequence[int], width: int = 384) -> None:
        super().__init__()
        self.own = nn.Parameter(torch.full((width,), 0.6))
        self.first = nn.Parameter(torch.full((width,), 0.2))
        self.last = nn.Parameter(torch.full((width,), 0.2))
        self.layers = nn.ModuleList(StudentLayer(inner, width) for inner in inners)

    def forward(self, pooled: Tensor, mask: Tensor) -> Tensor:
        """``pooled`` (3, batch, n, width) as ``pooled_pieces`` gives it; ``mask`` as in the layers."""
        x = self.own * pooled[0] + self.first * pooled[1] + self.last * pooled[2]
        for layer in self.layers:
            x = layer(x, mask)
        return x


class _Graph(nn.Module):
    """The layers for one window, (u, width) → (u, width), without padding or mask."""

    def __init__(self, student: Student) -> None:
        super().__init__()
        self.layers = student.layers

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            assert isinstance(layer, StudentLayer)
            n, width = x.shape
            qkv = layer.qkv(x).view(n, 3, HEADS, width // HEADS).permute(1, 2, 0, 3)
            seen = torch.softmax(qkv[0] @ qkv[1].transpose(1, 2), -1) @ qkv[2]
            x = layer.norm1(x + layer.out(seen.permute(1, 0, 2).reshape(n, width)))
            x = layer.norm2(x + layer.shrink(layer.inner(x)))
        return x


class StudentCore(LanguageCore):
    """The core with the student's layers; table, pieces and heads are those of the weights that ship.

    ``student`` is a checkpoint of ``training.core.distil``; ``bits`` 8 as it would ship, 32 to see what the
    rounding costs.
    """

    def __init__(self, path: Path, student: Path, bits: int = 8) -> None:
        super().__init__(path)
        stored: dict[str, Any] = torch.load(student)
        model = Student(stored["inners"], self.width).eval()
        model.load_state_dict(stored["net"])
        mix = model.own.detach(), model.first.detach(), model.last.detach()
        self._mix = torch.stack(mix).numpy()[:, None]
        example = (torch.randn(40, self.width),)
        self._layers = session(graph_of(_Graph(model), example, ["x"], bits=bits).tobytes())

    def read(self, window: Window) -> Analysis:
        """One pass over one window."""
        joined = units_of(window)
        units = Units.of_joined(joined)
        x = (pooled_pieces(self._embed(window.ids), units) * self._mix).sum(axis=0)
        states: Floats = self._layers.run(None, {"x": x})[0]
        # Spread over the pieces, so that words and sentences are made of them as they are of the trunk's.
        spread = np.repeat(states, units.counts, axis=0)
        return Analysis(window, self._words(spread, window), self._sentences(spread, window))


def shipped_layers(graph: bytes) -> list[dict[str, Tensor]]:
    """The arrays of the shipped layers by the names of ``StudentLayer``, as the numbers their 8 bits mean.

    Queries come divided by √size, as ``training.core.compact`` leaves them.
    """
    import onnx
    from onnx import numpy_helper

    stored = {i.name: numpy_helper.to_array(i) for i in onnx.load_model_from_string(graph).graph.initializer}
    found: list[dict[str, Tensor]] = []
    while f"layers.{len(found)}.out.bias" in stored:
        base = f"layers.{len(found)}."
        arrays: dict[str, Any] = {}
        for name in ("qkv", "out", "grow", "shrink"):
            own = f"{base}{name}.linear" if f"{base}{name}.inverse" in stored else f"{base}{name}"
            low = stored[f"{own}.weight_zero_point"].astype(np.float32)
            weight = (stored[f"{own}.weight_quantized"] - low) * stored[f"{own}.weight_scale"]
            if own != f"{base}{name}":
                weight = stored[f"{base}{name}.inverse"].reshape(-1, 1) * weight
            arrays[f"{name}.weight"], arrays[f"{name}.bias"] = weight.T, stored[f"{own}.bias"]
        for name in ("norm1.weight", "norm1.bias", "norm2.weight", "norm2.bias"):
            arrays[name] = stored[f"{base}{name}"]
        found.append({k: torch.from_numpy(np.array(v, dtype=np.float32)) for k, v in arrays.items()})
    return found
