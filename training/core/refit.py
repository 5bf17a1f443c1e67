"""Teach the head of attribution anew on the layers that ship, which stay as they are.

The states of every text are computed once, as the run time computes them; the head goes on from the weights
in the file, or from those of an earlier run. Whatever else is in the file is written back byte for byte.

python -m training.core.refit DATA --hold --taggers 6 --passes 12 --head build/core/held.pt
python -m training.core.refit DATA --start build/core/held.pt --passes 4 --english 0.12 --rate 6e-4

With ``--hold`` the texts of HELD are left out and nothing but the curves and thresholds of their languages,
fitted on them, is written.
"""

from __future__ import annotations

import argparse
import copy
import math
import pickle
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from tocsin.language.core import LANGUAGES, LanguageCore
from tocsin.language.packed import joined_bytes, pack, parted_bytes, unpack
from training.annotated.load import load
from training.core.calibrate import fit, own_curves, scored
from training.core.export import graph_of_roles
from training.core.model import Batch, Example, States
from training.core.tasks.attribution import (
    AttributionHead,
    AttributionTask,
    entropy,
    examples,
    padded,
    read,
)

__all__ = [
    "HELD",
    "Read",
    "calibrate",
    "head_of",
    "own_texts",
    "read_texts",
    "teach",
    "teach_taggers",
    "write",
]

Floats = NDArray[np.float32]
#: Numbers of texts no head is tried on after it learnt from them: none retells one of the others.
HELD: dict[str, frozenset[int]] = {
    "ru": frozenset({*range(170, 195), *range(354, 401, 2), *range(402, 423)}),
    "uk": frozenset({*range(164, 184), *range(350, 397, 2), *range(398, 420)}),
    "kk": frozenset({*range(171, 192), *range(362, 409, 2), *range(410, 431)}),
}
#: Parts of the head that run in numpy.
TAGGER = ("cue.", "inner.", "enter.", "layers.")


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """A window with its labels, and its words' states (n, width) in half precision."""

    example: Example
    words: NDArray[np.float16]


def read_texts(core: LanguageCore, entries: Sequence[dict[str, Any]], *, chains: bool) -> list[Read]:
    """Windows of annotated documents; ``chains`` says whether attributions inside contents are annotated."""
    found = [example for entry in entries for example in examples(entry, chains=chains)]
    return [Read(example, core.read(example.window).words.astype(np.float16)) for example in found]


def head_of(path: Path, width: int) -> AttributionHead:
    """The head in a file of weights, with the numbers its 8 bits stand for."""
    import onnx
    from onnx import numpy_helper

    with np.load(path, allow_pickle=False) as stored:
        model = onnx.load_model_from_string(stored["graph.roles"].tobytes())
        named = unpack({k: stored[k] for k in stored.files if k.startswith("attribution.")})
    arrays = {item.name: numpy_helper.to_array(item) for item in model.graph.initializer}
    state = {
        name.removeprefix("attribution."): value
        for name, value in named.items()
        if name.removeprefix("attribution.").startswith(TAGGER)
    }
    for name, value in arrays.items():
        if name.startswith("head.") and not name.endswith(("_scale", "_zero_point", "_quantized")):
            state[name.removeprefix("head.")] = value
    # A product's weights have no name of their own: its output is called after the module.
    for node in model.graph.node:
        if not node.op_type.endswith("Integer"):
            continue
        stem = node.input[1].removesuffix("_quantized")
        numbers = arrays[node.input[1]].astype(np.float32) - arrays[f"{stem}_zero_point"].astype(np.float32)
        weights = numbers * arrays[f"{stem}_scale"]
        module = node.output[0].strip("/").partition("/")[0]
        inside = module in {"qkv", "out", "near", "grow", "shrink"}
        name = f"blocks.0.{module}.weight" if inside else f"{module}.weight"
        state[name] = weights if node.op_type == "ConvInteger" else weights.T
    head = AttributionHead(width)
    fresh = head.state_dict()
    for name in ("cue.weight", "inner.weight"):  # taggers of before read a word's own state only
        missing = fresh[name].shape[1] - state[name].shape[1]
        state[name] = np.pad(state[name], ((0, 0), (0, missing)))
    fresh |= {name: torch.from_numpy(value.copy()) for name, value in state.items()}
    head.load_state_dict(fresh)
    return head


def _batches(texts: Sequence[Read], words: int, random: np.random.Generator) -> Iterator[list[Read]]:
    """One pass in batches of windows of like length, ``words`` words each once padded, in no order."""
    lengths = np.array([len(one.words) for one in texts])
    order = np.argsort(lengths * random.uniform(0.9, 1.1, len(lengths)), kind="stable")
    groups: list[list[int]] = [[]]
    longest = 0
    for i in order.tolist():
        longest = max(longest, int(lengths[i]))
        if groups[-1] and longest * (len(groups[-1]) + 1) > words:
            groups.append([])
            longest = int(lengths[i])
        groups[-1].append(i)
    for k in random.permutation(len(groups)).tolist():
        yield [texts[i] for i in groups[k]]


def _batch(texts: Sequence[Read], drop: float) -> tuple[States, Batch]:
    """The parts of a batch that the head looks at; whole numbers of a state are dropped in training."""
    steps = max(len(one.words) for one in texts)
    words = np.zeros((len(texts), steps, texts[0].words.shape[1]), np.float32)
    for row, one in enumerate(texts):
        words[row, : len(one.words)] = one.words
    present = torch.zeros(words.shape[:2], dtype=torch.bool)
    for row, one in enumerate(texts):
        present[row, : len(one.words)] = True
    none = torch.zeros(0)
    states = nn.functional.dropout(torch.from_numpy(words), drop, training=True)
    return States(states, none), Batch([one.example for one in texts], none, none, none, none, present, none)


def teach_taggers(
    head: AttributionHead, english: Sequence[Read], own: Sequence[Read], args: argparse.Namespace
) -> AttributionHead:
    """The taggers alone, ``args.taggers`` passes: no second stage to compute, so half of the English each."""

    def loss(states: States, batch: Batch) -> Tensor:
        tags = head.tags(states.words, batch.words)
        gold = ([e.labels.cues for e in batch.examples], [e.labels.inner for e in batch.examples])
        return sum(
            (entropy(x, padded(y, x.shape[1])) for x, y in zip(tags, gold, strict=True)), torch.zeros(())
        )

    named = [(n, p) for n, p in head.named_parameters() if n.startswith(TAGGER)]
    plan = _Plan(args.taggers, 0.5, 3 * args.rate, 4 * args.words)
    return _teach(
        head, [p for _, p in named], _plans([*own, *own], english, plan, args.seed), plan, args, loss
    )


def teach(
    head: AttributionHead, english: Sequence[Read], own: Sequence[Read], args: argparse.Namespace
) -> AttributionHead:
    """All of the head, ``args.passes`` passes over the own texts with some of the English ones each."""
    task = AttributionTask(args.data)

    def loss(states: States, batch: Batch) -> Tensor:
        return task.loss(head, states, batch)

    plan = _Plan(args.passes, args.english, args.rate, args.words)
    return _teach(head, list(head.parameters()), _plans(own, english, plan, args.seed), plan, args, loss)


@dataclass(frozen=True, slots=True)
class _Plan:
    """``passes`` over the own texts, ``share`` of the English windows with each, ``words`` a batch."""

    passes: int
    share: float
    rate: float
    words: int


def _plans(own: Sequence[Read], english: Sequence[Read], plan: _Plan, seed: int) -> list[list[Read]]:
    """The windows of each pass; English ones are drawn without repeating until all were seen."""
    random = np.random.default_rng(seed)
    share = round(plan.share * len(english))
    times = math.ceil(plan.passes * plan.share) + 1
    order = np.concatenate([random.permutation(len(english)) for _ in range(times)])
    return [
        [*own, *(english[i] for i in order[k * share : (k + 1) * share].tolist())] for k in range(plan.passes)
    ]


def _teach(
    head: AttributionHead,
    parameters: list[nn.Parameter],
    passes: Sequence[Sequence[Read]],
    plan: _Plan,
    args: argparse.Namespace,
    loss_of: Callable[[States, Batch], Tensor],
) -> AttributionHead:
    """The running mean of the weights over the passes; only ``parameters`` change."""
    random = np.random.default_rng(args.seed)
    torch.manual_seed(args.seed)
    average = copy.deepcopy(head).eval()
    optimiser = torch.optim.AdamW(parameters, lr=plan.rate, weight_decay=0.01)
    steps = sum(1 for one in passes for _ in _batches(one, plan.words, np.random.default_rng(0)))
    number, begun, losses = 0, time.time(), []
    head.train()
    for turn, texts in enumerate(passes):
        for group in _batches(texts, plan.words, random):
            for settings in optimiser.param_groups:
                settings["lr"] = plan.rate * _share_of_rate(number, steps)
            loss = loss_of(*_batch(group, args.drop))
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            losses.append(float(loss.detach()))
            number += 1
            keep = min(0.99, number / (number + 10))
            with torch.no_grad():
                for mean, new in zip(average.parameters(), head.parameters(), strict=True):
                    mean.lerp_(new, 1 - keep)
        print(f"pass {turn + 1}: {time.time() - begun:.0f} s, loss {np.mean(losses[-200:]):.4f}", flush=True)
    return average


def _share_of_rate(number: int, steps: int) -> float:
    """Of step ``number``: up over 50 steps, then down along a cosine."""
    return min(1.0, (number + 1) / 50) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * number / steps)))


def write(head: AttributionHead, weights: Path, out: Path) -> None:
    """The file ``weights`` with this head, as ``out``."""
    with np.load(weights, allow_pickle=False) as stored:
        kept: dict[str, Any] = {k: stored[k] for k in stored.files}
    for name in [
        k for k in kept if k.removeprefix("attribution.").startswith(TAGGER) and k.startswith("attribution.")
    ]:
        del kept[name]
    kept |= arrays_of(head)
    kept["graph.roles"] = graph_of_roles(head)
    kept["table.scale"] = parted_bytes(joined_bytes(kept["table.scale"]))
    np.savez_compressed(out, **kept)
    print(f"{out}: {out.stat().st_size / 1e6:.2f} MB")


def arrays_of(head: AttributionHead) -> dict[str, NDArray[Any]]:
    """The taggers' arrays as they are stored."""
    state = head.state_dict()
    return pack(
        {f"attribution.{name}": value.numpy() for name, value in state.items() if name.startswith(TAGGER)}
    )


def calibrate(weights: Path, data: Path, curves: Mapping[str, tuple[Any, float]] | None) -> None:
    """Curves and thresholds in a file: those given, and that of English on PolNeAR dev."""
    core = LanguageCore(weights)
    with np.load(weights, allow_pickle=False) as stored:
        kept: dict[str, Any] = {k: stored[k] for k in stored.files}
    shape = (len(LANGUAGES),)
    before = kept["attribution.calibration"]
    chances = np.array(np.broadcast_to(before, (*shape, *before.shape[-2:])))
    thresholds = np.array(np.broadcast_to(kept["attribution.threshold"], shape))
    scores, right, _ = scored(core, read(data / "attribution/polnear/dev.jsonl"))
    chances[LANGUAGES.index("en")] = fit(scores, right)
    for language, (curve, threshold) in (curves or {}).items():
        chances[LANGUAGES.index(language)], thresholds[LANGUAGES.index(language)] = curve, threshold
    kept |= {"attribution.calibration": chances.astype(np.float16)}
    kept |= {"attribution.threshold": thresholds.astype(np.float16)}
    np.savez_compressed(weights, **kept)


def _english(core: LanguageCore, data: Path, build: Path) -> list[Read]:
    """Windows of PolNeAR's training part; kept in the build folder for the next time."""
    kept = build / "polnear-states.pkl"
    if not kept.exists():
        entries = read(data / "attribution/polnear/train.jsonl")
        kept.write_bytes(pickle.dumps(read_texts(core, entries, chains=False), protocol=5))
    found: list[Read] = pickle.loads(kept.read_bytes())  # noqa: S301 (written above)
    return found


def own_texts(language: str, *, held: bool) -> list[dict[str, Any]]:
    """The annotated training texts of a language: those of HELD, or all others."""
    return [
        record
        for record in load(language, "train")
        if (int(record["doc_id"].rpartition("-")[2]) in HELD[language]) == held
    ]


def parser() -> argparse.ArgumentParser:
    """What can be said on the command line."""
    found = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    found.add_argument("data", type=Path)
    found.add_argument("--weights", type=Path, default=Path("src/tocsin/language/weights/core-nc.npz"))
    found.add_argument("--build", type=Path, default=Path("build/core"))
    found.add_argument("--head", type=Path, default=Path("build/core/head.pt"), help="what is learnt")
    found.add_argument("--start", type=Path, help="a head to go on from, instead of that in the weights")
    found.add_argument("--hold", action="store_true", help="leave HELD out, fit the curves on it")
    found.add_argument("--taggers", type=int, default=0, help="passes of the taggers alone, before all")
    found.add_argument("--passes", type=int, default=6)
    found.add_argument("--english", type=float, default=0.06, help="share of the English windows in a pass")
    found.add_argument("--rate", type=float, default=8e-4)
    found.add_argument("--drop", type=float, default=0.1)
    found.add_argument("--words", type=int, default=1600, help="words of a batch")
    found.add_argument("--seed", type=int, default=1)
    return found


def main() -> None:
    args = parser().parse_args()
    torch.set_num_threads(1)
    core = LanguageCore(args.weights)
    english = _english(core, args.data, args.build)
    texts = [record for language in HELD for record in own_texts(language, held=False)]
    if not args.hold:
        texts += [record for language in HELD for record in own_texts(language, held=True)]
    own = read_texts(core, texts, chains=True)
    head = head_of(args.weights, core.width)
    if args.start:
        head.load_state_dict(torch.load(args.start))
    if args.taggers:
        head = teach_taggers(head, english, own, args)
    head = teach(head, english, own, args)
    torch.save(head.state_dict(), args.head)
    if not args.hold:
        write(head, args.weights, args.weights)
        calibrate(args.weights, args.data, None)
        return
    tried = args.build / "held.npz"
    write(head, args.weights, tried)
    held = {language: own_texts(language, held=True) for language in HELD}
    calibrate(args.weights, args.data, own_curves(LanguageCore(tried), held))


if __name__ == "__main__":
    main()
