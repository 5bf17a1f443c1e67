"""The shared transformer in torch: post-norm layers as in BERT, started from the source's first layers."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from training.core.source import Source

__all__ = ["Layer", "Trunk"]


class Layer(nn.Module):
    """Self-attention and feed-forward net, each followed by a residual sum and layer norm."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.grow = nn.Linear(width, 4 * width)
        self.shrink = nn.Linear(4 * width, width)
        self.norm1 = nn.LayerNorm(width, eps=1e-12)
        self.norm2 = nn.LayerNorm(width, eps=1e-12)

    def forward(self, x: Tensor, mask: Tensor, drop: float) -> Tensor:
        """``x`` (batch, n, width); ``mask`` (batch, 1, 1, n) 0 where there is a piece, else very low."""
        batch, n, width = x.shape
        qkv = self.qkv(x).view(batch, n, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        # Written out: torch's fused attention is twice as slow backwards on a CPU at these sizes.
        seen = torch.matmul(qkv[0] * (width // self.heads) ** -0.5, qkv[1].transpose(-1, -2))
        attended = torch.matmul(functional.softmax(seen + mask, -1), qkv[2])
        x = self.norm1(x + self.out(attended.transpose(1, 2).reshape(batch, n, width)))
        y = self.shrink(functional.gelu(self.grow(x)))
        return self.norm2(x + functional.dropout(y, drop, self.training))  # type: ignore[no-any-return]


class Trunk(nn.Module):
    """Pieces to states. The table of pieces is frozen: it is kept in the source's own 4 bits."""

    def __init__(
        self, pieces: int, layers: int, *, width: int = 384, heads: int = 12, places: int = 512
    ) -> None:
        super().__init__()
        self.table = nn.Embedding(pieces, width)
        self.table.weight.requires_grad = False
        self.place = nn.Embedding(places, width)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.layers = nn.ModuleList(Layer(width, heads) for _ in range(layers))
        self.drop = 0.1

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """``ids`` (batch, n), ``mask`` (batch, n) true where there is a piece → states (batch, n, width)."""
        at = torch.arange(ids.shape[1], device=ids.device)
        x = self.norm(self.table(ids) + self.place(at))
        x = functional.dropout(x, self.drop, self.training)
        seen = torch.zeros(mask.shape).masked_fill(~mask, -1e4)[:, None, None, :]
        if torch.is_autocast_enabled("cpu"):
            seen = seen.to(torch.bfloat16)
        for layer in self.layers:
            x = layer(x, seen, self.drop)
        return x  # type: ignore[no-any-return]

    def start_from(self, source: Source, rows: NDArray[np.int64], chosen: list[int]) -> None:
        """Take the table's ``rows`` and the ``chosen`` layers of the source.

        Ids 0, 1, 2 (unknown, begin, end) take the source's rows 3, 0, 2; piece i + 3 takes ``rows[i]``.
        """
        t = {name: torch.from_numpy(value.copy()) for name, value in source.tensors.items()}
        full = np.concatenate([[3, 0, 2], rows])
        with torch.no_grad():
            self.table.weight.copy_(t["emb.word"][torch.from_numpy(full)])
            width = source.width
            self.place.weight.copy_(t["emb.pos"].view(-1, width) + t["emb.type"][:width])
            self.norm.weight.copy_(t["emb.ln.w"])
            self.norm.bias.copy_(t["emb.ln.b"])
            for layer, number in zip(self.layers, chosen, strict=True):
                assert isinstance(layer, Layer)
                name = f"l{number}."
                for part, key in (("weight", "w"), ("bias", "b")):
                    parts = [t[f"{name}{m}.{key}"] for m in "qkv"]
                    getattr(layer.qkv, part).copy_(torch.cat(parts))
                    for ours, theirs in (
                        ("out", "ao"),
                        ("norm1", "aln"),
                        ("grow", "fi"),
                        ("shrink", "fo"),
                        ("norm2", "oln"),
                    ):
                        getattr(getattr(layer, ours), part).copy_(t[f"{name}{theirs}.{key}"])
