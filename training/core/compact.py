"""Make the weights that ship smaller and their layers a little faster; nothing is learnt anew.

python -m training.core.compact src/tocsin/language/weights/core-nc.npz
python -m training.core.compact src/tocsin/language/weights/attribution-polnear.npz

Matrices of the heads go from half precision to 8 bits a row (``tocsin.language.packed``). The model of the
pieces is squeezed by xz, a quarter less than zip makes of it. In the graph of the layers the division of
attention's scores by √size is put into the scales and biases of the queries, which is the same number. All
is done by ``training.core.export`` for new weights.
"""

from __future__ import annotations

import argparse
import lzma
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tocsin.language.packed import pack, unpack

__all__ = ["compact", "squeezed", "undivided"]

#: What a file squeezed by xz begins with.
_XZ = b"\xfd7zXZ\x00"


def undivided(graph: NDArray[np.uint8], queries: int) -> NDArray[np.uint8]:
    """The layers' graph with attention's divisor moved into the first ``queries`` columns of each qkv."""
    import onnx
    from onnx import numpy_helper

    model = onnx.load_model_from_string(graph.tobytes())
    stored = {item.name: item for item in model.graph.initializer}
    made = {output: node for node in model.graph.node for output in node.output}
    heads = [node for node in model.graph.node if node.op_type == "Softmax"]
    divided = [made[node.input[0]] for node in heads]
    if any(node.op_type != "Div" for node in divided):
        return graph  # done before
    for number, (softmax, division) in enumerate(zip(heads, divided, strict=True)):
        softmax.input[0] = division.input[0]
        model.graph.node.remove(division)
        name = f"layers.{number}.qkv.linear"
        for part in (f"{name}.weight_scale", f"{name}.bias"):
            values = numpy_helper.to_array(stored[part]).copy()
            size = queries / _heads(model)
            values[:queries] /= np.float32(size**0.5)
            stored[part].CopyFrom(numpy_helper.from_array(values, part))
    onnx.checker.check_model(model)
    return np.frombuffer(model.SerializeToString(), dtype=np.uint8)


def _heads(model: Any) -> int:
    """How many heads attention has: the constant its width is divided by."""
    from onnx import numpy_helper

    constants = {
        node.output[0]: numpy_helper.to_array(node.attribute[0].t)
        for node in model.graph.node
        if node.op_type == "Constant"
    }
    found = {
        int(constants[node.input[1]])
        for node in model.graph.node
        if node.op_type == "Div" and node.input[1] in constants and constants[node.input[1]].dtype.kind == "i"
    }
    (heads,) = found
    return heads


def squeezed(pieces: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The bytes of the pieces' model as xz, if they are not that already."""
    plain = pieces.tobytes()
    return pieces if plain.startswith(_XZ) else np.frombuffer(lzma.compress(plain, preset=9), dtype=np.uint8)


def compact(path: Path) -> None:
    """Rewrite one file of weights in place."""
    before = path.stat().st_size
    with np.load(path, allow_pickle=False) as stored:
        raw = {name: stored[name] for name in stored.files}
    kept = {n: a for n, a in raw.items() if n.startswith(("table", "graph.")) or n in {"pieces", "lexicon"}}
    named = unpack({n: a for n, a in raw.items() if n not in kept})
    if "graph.layers" in kept:
        kept["graph.layers"] = undivided(kept["graph.layers"], named["place.weight"].shape[1])
    if "pieces" in kept:
        kept["pieces"] = squeezed(kept["pieces"])
    np.savez_compressed(path, **kept, **pack(named))  # type: ignore[arg-type]
    print(f"{path.name}: {before / 1e6:.2f} → {path.stat().st_size / 1e6:.2f} MB")


def main() -> None:
    """Compact the files named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    for path in parser.parse_args().files:
        compact(path)


if __name__ == "__main__":
    main()
