"""Shared by the tests of the heads: a core with made weights for them, and the packaged one's own."""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from tocsin.language import sentences
from tocsin.language.core import Analysis, LanguageCore, language_core
from tocsin.language.names import STYLES, TAGS
from tocsin.language.persuasion import BLOCKS, TECHNIQUES, core_mark
from tocsin.language.windows import windows

TEXTS = {
    "en": "The mayor, Anna Kovak, may not have seen the duck. “Ducks prefer Lake Orlo!” she told us.\nYes.",
    "ru": "Директор завода «Заря» Иван Берёзов заявил, что мост закроют.\nЖители не верят: мост цел.",
    "uk": "Ганна Ковак повідомила, що озеро Світязь замерзло. Качка зимує тут, у Львові, — можливо.",
    "kk": "Қала әкімі Асель Ковак көл қатып қалды деп хабарлады. Балықшылар Алматыға кетті.",
}
HIDDEN = 12


def made_core(seed: int = 3) -> LanguageCore:
    """The packaged core, with random weights in place of its small heads."""
    core = copy.copy(language_core())
    draw = np.random.default_rng(seed)
    width, tags, styles = core.width, len(TAGS), len(STYLES)
    sizes: dict[str, tuple[int, ...]] = {
        "names.enter.weight": (HIDDEN, width),
        "names.enter.bias": (HIDDEN,),
        "names.style.weight": (styles, HIDDEN),
        "names.near.weight": (HIDDEN, 1, 5),
        "names.near.bias": (HIDDEN,),
        "names.mix.weight": (HIDDEN, HIDDEN),
        "names.mix.bias": (HIDDEN,),
        "names.norm.weight": (HIDDEN,),
        "names.norm.bias": (HIDDEN,),
        "names.out.weight": (tags, HIDDEN),
        "names.out.bias": (tags,),
        "names.own": (styles, HIDDEN, tags),
        "names.own_bias": (styles, tags),
        "names.transitions": (tags + 2, tags + 2),
        "names.own_transitions": (styles, tags + 2, tags + 2),
        "certainty.digest.enter.weight": (HIDDEN, width),
        "certainty.digest.enter.bias": (HIDDEN,),
        "certainty.event.weight": (HIDDEN, 2 * width + 2 * HIDDEN),
        "certainty.event.bias": (HIDDEN,),
        "certainty.event_out.weight": (1, HIDDEN),
        "certainty.event_out.bias": (1,),
        "certainty.sentence_out.weight": (2, width + 2 * HIDDEN),
        "certainty.sentence_out.bias": (2,),
        "checkworthy.mean": (3 * width,),
        "checkworthy.scale": (3 * width,),
        "checkworthy.hidden.weight": (HIDDEN, 3 * width),
        "checkworthy.hidden.bias": (HIDDEN,),
        "checkworthy.out.weight": (1, HIDDEN),
        "checkworthy.out.bias": (1,),
    }
    made = {name: draw.normal(0, 0.3, size).astype(np.float32) for name, size in sizes.items()}
    made["certainty.event.weight"] *= 0.1  # else all events are at the ends of the scale
    made["checkworthy.threshold"] = np.array(0.25, dtype=np.float32)
    made["vector.mean"] = np.zeros((4, width), dtype=np.float32)
    core.named = {**core.named, **made}
    return core


def made_persuasion(core: LanguageCore, path: Path, mark: str = "") -> Path:
    """A file of the head of persuasion with random weights."""
    draw = np.random.default_rng(5)
    kinds, columns = len(TECHNIQUES), sum(BLOCKS)
    np.savez(
        path,
        mark=draw.integers(-127, 128, (3 * core.width + 1, 1 + kinds)).astype(np.int8),
        **{"mark.step": np.full(1 + kinds, 2e-4, np.float32)},
        **{"mark.gain": np.full(3 * core.width + 1, 128, np.uint8)},
        weight=draw.integers(-3, 4, (kinds, columns)).astype(np.int8),
        step=np.full((kinds, len(BLOCKS)), 0.02, np.float32),
        sizes=np.array(BLOCKS),
        gain=np.full(columns, 128, np.uint8),
        bias=draw.normal(0, 0.2, kinds).astype(np.float32),
        thresholds=np.linspace(0.3, 0.7, kinds),
        span_threshold=0.5,
        core=mark or core_mark(core.named),
    )
    return path


@cache
def read(text: str) -> list[Analysis]:
    """A text as every core here reads it: made ones differ in their heads only."""
    core = language_core()
    spans = [(number, span.start, span.end) for number, span in sentences(text)]
    return [core.read(window) for window in windows(text, spans, core.pieces)]


def packaged(head: str) -> LanguageCore:
    """The packaged core; skips the test where its weights were written without the head."""
    core = language_core()
    if not any(name.startswith(f"{head}.") for name in core.named):
        pytest.skip(f"the packaged core-nc.npz holds no weights of {head}: run training/core")
    return core
