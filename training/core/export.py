"""Write the trained core as it ships: an 8-bit ONNX graph of the layers and an npz of everything else.

python -m training.core.export build/core/run/core.pt --out src/tocsin/language/weights
"""

from __future__ import annotations

import argparse
import copy
import re
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from tocsin.language.relations import PLACE_WIDTH
from tocsin.language.windows import ROOM
from training.annotated.load import load
from training.core.compact import compact
from training.core.model import Core
from training.core.prepare import PIECES, windows_of
from training.core.tasks.attribution import AttributionHead
from training.core.trunk import Layer, Trunk

__all__ = ["export", "graph_of", "quantise_table"]

_BLOCK = 32
_SMOOTH = 0.75


class _Layers(nn.Module):
    """The trunk after its table, for one window: (p, width) → (p, width), without padding or mask."""

    def __init__(self, trunk: Trunk) -> None:
        super().__init__()
        self.layers = trunk.layers

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            assert isinstance(layer, Layer)
            n, width = x.shape
            size = width // layer.heads
            qkv = layer.qkv(x).view(n, 3, layer.heads, size).permute(1, 2, 0, 3)
            weights = torch.softmax(qkv[0] @ qkv[1].transpose(1, 2) / size**0.5, -1)
            x = layer.norm1(x + layer.out((weights @ qkv[2]).permute(1, 0, 2).reshape(n, width)))
            x = layer.norm2(x + layer.shrink(nn.functional.gelu(layer.grow(x))))
        return x


class _Smooth(nn.Module):
    """A linear layer whose inputs are divided, and weights multiplied, by one number each.

    A few units of a transformer are far larger than the rest; one scale for all of them loses the small ones
    in 8 bits. Xiao et al. 2023, "SmoothQuant": with exponent .75 the error of the states halves.
    """

    def __init__(self, linear: nn.Linear, largest: Tensor) -> None:
        super().__init__()
        weight = linear.weight.detach().abs().amax(0).clamp(min=1e-4)
        scale = largest.clamp(min=1e-4) ** _SMOOTH / weight ** (1 - _SMOOTH)
        scale = scale / scale.mean()
        self.inverse = nn.Parameter(1 / scale)
        self.linear = copy.deepcopy(linear)
        self.linear.weight.data *= scale

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x * self.inverse)  # type: ignore[no-any-return]


def _smoothed(core: Core) -> _Layers:
    """The layers ready for 8 bits, scaled by what they see of the project's own training texts."""
    layers = _Layers(copy.deepcopy(core.trunk)).eval()
    largest: dict[nn.Module, Tensor] = {}

    def note(module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        seen = inputs[0].detach().abs().amax(0)
        largest[module] = torch.maximum(largest[module], seen) if module in largest else seen

    parts = [(layer, name) for layer in layers.layers for name in ("qkv", "grow", "shrink")]
    hooks = [getattr(layer, name).register_forward_pre_hook(note) for layer, name in parts]
    trunk = core.trunk
    with torch.no_grad():
        for language in ("kk", "ru", "uk"):
            for entry in load(language, "train"):
                for window in windows_of(entry["text"]):
                    ids = torch.from_numpy(window.ids)
                    layers(trunk.norm(trunk.table(ids) + trunk.place(torch.arange(len(ids)))))
    for hook in hooks:
        hook.remove()
    for layer, name in parts:
        linear = getattr(layer, name)
        setattr(layer, name, _Smooth(linear, largest[linear]))
    return layers


class _Roles(nn.Module):
    """The second stage of attribution for the c candidates of one window: see ``AttributionHead.roles``."""

    def __init__(self, head: AttributionHead) -> None:
        super().__init__()
        self.head = head

    def forward(self, words: Tensor, at: Tensor, place: Tensor, mask: Tensor, score: Tensor) -> Any:
        head = self.head
        asked = torch.bmm(at[:, None, :], words)[:, 0]
        x = head.norm(head.between(words) + head.query(asked)[:, None, :] + head.place(place))
        for block in head.blocks:
            x = _block(block, x, mask)
        chances = torch.softmax(head.role(x), -1)
        share = chances[:, :, 2] * mask
        content = torch.bmm((share / (share.sum(1, keepdim=True) + 1))[:, None, :], x)[:, 0]
        own = torch.bmm(at[:, None, :], x)[:, 0]
        valid = head.valid(torch.cat([own, content, score[:, None]], dim=-1))[:, 0]
        return chances, torch.sigmoid(valid)


def _block(block: Any, x: Tensor, mask: Tensor) -> Tensor:
    c, n, width = x.shape
    size = width // block.heads
    qkv = block.qkv(x).view(c, n, 3, block.heads, size).permute(2, 0, 3, 1, 4)
    weights = qkv[0] @ qkv[1].transpose(2, 3) / size**0.5 + (mask[:, None, None, :] - 1) * 1e4
    seen = torch.softmax(weights, -1) @ qkv[2]
    y = block.out(seen.transpose(1, 2).reshape(c, n, width))
    near = block.near((x * mask[:, :, None]).transpose(1, 2)).transpose(1, 2)
    x = block.norm1(x + y + near)
    result: Tensor = block.norm2(x + block.shrink(nn.functional.gelu(block.grow(x))))
    return result


def quantise_table(table: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.float16]]:
    """Blocks of 32 weights as 16 bytes (weight j low, j + 16 high, minus 8) and one scale: the source's form.

    Rows that come from the source are on its grid already, so nothing is lost.
    """
    blocks = table.reshape(-1, _BLOCK)
    at = np.abs(blocks).argmax(axis=1)
    scale: NDArray[np.float16] = (blocks[np.arange(len(blocks)), at] / -8).astype(np.float16)
    safe = np.where(scale == 0, 1, scale.astype(np.float32))
    numbers: NDArray[np.uint8] = np.clip(np.round(blocks / safe[:, None]) + 8, 0, 15).astype(np.uint8)
    packed: NDArray[np.uint8] = numbers[:, :16] | (numbers[:, 16:] << np.uint8(4))
    return packed, scale


def graph_of(
    module: nn.Module, inputs: tuple[Tensor, ...], names: list[str], *, bits: int = 8
) -> NDArray[np.uint8]:
    """A module as an ONNX graph with weights of 8 bits (or 32); first two axes of inputs free."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    axes = {
        n: ({0: "c", 1: "n"} if x.dim() > 1 and len(names) > 1 else {0: "c"})
        for n, x in zip(names, inputs, strict=True)
    }
    with tempfile.TemporaryDirectory() as folder:
        plain, small = Path(folder) / "plain.onnx", Path(folder) / "small.onnx"
        torch.onnx.export(
            module.eval(),
            inputs,
            str(plain),
            input_names=names,
            dynamic_axes=axes,
            dynamo=False,
            opset_version=17,
        )
        if bits == 32:
            return np.fromfile(plain, dtype=np.uint8)
        # Seven bits: on machines without VNNI the products of eight overflow 16 bits.
        quantize_dynamic(plain, small, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
        return np.fromfile(small, dtype=np.uint8)


#: Parameters that run inside a graph, not in numpy.
_IN_GRAPHS = re.compile(r"trunk\.(table|layers)|heads\.attribution\.(?!cue|inner)|heads\.persuasion")


def export(core: Core, out: Path) -> None:
    """Write one npz: graphs, pieces, the 4-bit table, and the arrays of the heads that run in numpy."""
    core = core.float().eval()
    width = core.trunk.place.embedding_dim
    head = core.heads["attribution"]
    assert isinstance(head, AttributionHead)
    inputs = (
        torch.randn(3, 30, width),
        torch.rand(3, 30),
        torch.rand(3, 30, PLACE_WIDTH),
        torch.ones(3, 30),
        torch.zeros(3),
    )
    named: dict[str, Any] = {
        "graph.layers": graph_of(_smoothed(core), (torch.randn(40, width),), ["x"]),
        "graph.roles": graph_of(_Roles(head), inputs, ["words", "at", "place", "mask", "score"]),
        "pieces": np.fromfile(PIECES, dtype=np.uint8),
    }
    named["table"], named["table.scale"] = quantise_table(core.trunk.table.weight.detach().numpy())
    for name, value in core.state_dict().items():
        if not _IN_GRAPHS.match(name):
            short = name.removeprefix("heads.").removeprefix("trunk.")
            array = value.detach().numpy()
            named[short] = (
                array[:ROOM].astype(np.float16) if short == "place.weight" else array.astype(np.float16)
            )
    out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(out, **named)
    compact(out)
    print(out, f"{out.stat().st_size / 1e6:.2f} MB")


def main() -> None:
    from training.core.train import make_tasks, new_core

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--build", type=Path, default=Path("build/core"))
    parser.add_argument("--layers", type=int, nargs="*", default=[0, 1, 2, 3])
    parser.add_argument("--out", type=Path, default=Path("src/tocsin/language/weights/core-nc.npz"))
    parser.add_argument(
        "--tasks", nargs="*", default=["attribution", "vector", "names", "certainty", "checkworthy"]
    )
    args = parser.parse_args()
    args.own = []
    core = new_core(make_tasks(args), args.build, args.layers)
    core.load_state_dict(torch.load(args.weights))
    export(core, args.out)


if __name__ == "__main__":
    main()
