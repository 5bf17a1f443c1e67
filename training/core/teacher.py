"""Sentence vectors of the full source model: what the small encoder's vectors are taught from.

python -m training.core.teacher DATA [--out build/core]
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from tocsin.language import sentences
from training.core.source import read_source
from training.core.texts import texts
from training.core.trunk import Trunk
from training.core.vocabulary import write_model

__all__ = ["SENTENCES", "gather", "teach"]

#: Sentences per language.
SENTENCES = {"en": 14_000, "ru": 16_000, "uk": 14_000, "kk": 11_000}
#: Both sides of a comparison get this prefix in symmetric tasks (the model card of the source).
_PREFIX = "query: "
_PIECES = 1500


def gather(data: Path, seed: int = 1) -> list[tuple[str, str]]:
    """``(language, sentence)``: distinct sentences of 20 to 300 characters, drawn at random per language."""
    found: dict[str, dict[str, None]] = {language: {} for language in SENTENCES}
    for language, text in texts(data):
        if language not in found or len(found[language]) > 12 * SENTENCES[language]:
            continue
        for _, span in sentences(text):
            if 20 <= span.end - span.start <= 300:
                found[language][text[span.start : span.end]] = None
    random = np.random.default_rng(seed)
    chosen = []
    for language, candidates in found.items():
        rows = list(candidates)
        order = random.permutation(len(rows))[: SENTENCES[language]]
        chosen += [(language, rows[i]) for i in sorted(order.tolist())]
    return chosen


def _batches(encoded: list[list[int]]) -> list[list[int]]:
    order = sorted(range(len(encoded)), key=lambda i: -len(encoded[i]))
    found: list[list[int]] = []
    group: list[int] = []
    for i in order:
        if group and len(encoded[group[0]]) * (len(group) + 1) > _PIECES:
            found.append(group)
            group = []
        group.append(i)
    return [*found, group]


def teach(sentences_: list[str], build: Path) -> NDArray[np.float16]:
    """Unit vectors (n, 384) of the source model for sentences."""
    import sentencepiece

    source = read_source()
    path = build / "full.model"
    if not path.exists():
        write_model(source.pieces[4:], source.scores[4:].tolist(), path)
    processor: Any = sentencepiece.SentencePieceProcessor(model_file=str(path))
    rows = np.arange(4, len(source.pieces))
    model = Trunk(len(rows) + 3, source.layers).eval()
    model.start_from(source, rows, list(range(source.layers)))
    encoded = [[1, *processor.encode(_PREFIX + s)[:254], 2] for s in sentences_]
    out = np.zeros((len(encoded), source.width), dtype=np.float16)
    begun = time.time()
    for number, group in enumerate(_batches(encoded)):
        ids = torch.zeros(len(group), len(encoded[group[0]]), dtype=torch.long)
        mask = torch.zeros_like(ids, dtype=torch.bool)
        for row, i in enumerate(group):
            ids[row, : len(encoded[i])] = torch.tensor(encoded[i])
            mask[row, : len(encoded[i])] = True
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            states = model(ids, mask).float()
        states = (states * mask[..., None]).sum(1)
        out[group] = functional.normalize(states).numpy()
        if number % 100 == 0:
            print(number, f"{time.time() - begun:.0f} s", flush=True)
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, default=Path("build/core"))
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    chosen = gather(args.data)
    vectors = teach([text for _, text in chosen], args.out)
    np.save(args.out / "teacher.npy", vectors)
    with (args.out / "teacher.jsonl").open("w", encoding="utf-8") as lines:
        for language, text in chosen:
            lines.write(json.dumps({"lang": language, "text": text}, ensure_ascii=False) + "\n")
    print(len(chosen), "sentences")


if __name__ == "__main__":
    main()
