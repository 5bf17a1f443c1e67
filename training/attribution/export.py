"""Write a trained network for ``tocsin.language.tagger``: 8 bits a weight, normalisation folded in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from training.attribution.net import Config, Tagger
from training.core.compact import compact

__all__ = ["export", "load"]


def load(path: Path) -> tuple[Tagger, list[str]]:
    """A network saved by ``train.py`` and its lexicon."""
    stored = torch.load(path, weights_only=True)
    model = Tagger(Config(**stored["config"]))
    model.load_state_dict(stored["state"])
    return model.eval(), stored["lexicon"]


def _lstm(state: dict[str, np.ndarray], name: str) -> dict[str, np.ndarray]:
    found = {}
    for way in ("forth", "back"):
        source = f"{name}.{way}"
        found[f"{source}.wx"] = state[f"{source}.weight_ih_l0"]
        found[f"{source}.wh"] = state[f"{source}.weight_hh_l0"]
        found[f"{source}.bias"] = state[f"{source}.bias_ih_l0"] + state[f"{source}.bias_hh_l0"]
    return found


def _small(value: np.ndarray) -> np.ndarray:
    if value.dtype.kind == "U":
        return np.frombuffer(str(value).encode(), dtype=np.uint8)
    return np.ascontiguousarray(value, np.float16 if value.ndim == 2 else np.float32)


def export(model: Tagger, lexicon: list[str], threshold: float, path: Path) -> int:
    """Write the file; returns its size in bytes. Biases stay float32."""
    state = {name: value.detach().numpy() for name, value in model.state_dict().items()}
    width = model.config.features
    weight = state["project.weight"]
    scaled = weight[:, :width] * state["scale"]
    arrays = {
        "project.features": scaled.T,
        "project.shapes": weight[:, width:].T,
        "project.bias": state["project.bias"] - scaled @ state["mean"],
        # One row per lexicon word; row 0 (other words) is zero.
        "lexical": state["lexical.weight"],
        "project.lexical": state["project_lexical.weight"].T,
        "lexicon": np.array("\n".join(lexicon)),
        "threshold": np.array(threshold),
        **_lstm(state, "one"),
        **_lstm(state, "two"),
    }
    for name in ("cue", "role", "valid", "between", "query", "place"):
        arrays[f"{name}.weight"] = state[f"{name}.weight"].T
        if f"{name}.bias" in state:
            arrays[f"{name}.bias"] = state[f"{name}.bias"]
    np.savez_compressed(path, **{name: _small(value) for name, value in arrays.items()})
    compact(path)
    return path.stat().st_size
