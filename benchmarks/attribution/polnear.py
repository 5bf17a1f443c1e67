"""Attributions by rules and by the network on PolNeAR dev, beside the predictions of a retrained BBC Citron.

    python benchmarks/attribution/polnear.py [--data ../shared/data] [--split dev] [--limit N]

The scorer is the one beside the data (``score_attribution.py``, loaded by path), so that every system
is scored by the same code. PolNeAR (Newell et al. 2018) marks no chains, so each is scored twice: with every
attribution it finds, and with the outermost only. The network was trained on PolNeAR train.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from tocsin.extract import AttributionExtractor, RuleExtractor
from tocsin.extract.neural import NeuralExtractor
from tocsin.language.stage import segment_text
from tocsin.model import Attribution, Post, Spans, document_from_post
from tocsin.testing import ratchet

#: Spans by role, as the scorer takes them.
Predicted = dict[str, list[list[int]]]
EXTRACTORS: dict[str, AttributionExtractor] = {"rules": RuleExtractor(), "network": NeuralExtractor()}
FLOOR = Path(__file__).parents[1] / "floors" / "attribution-polnear.json"


def scorer(folder: Path) -> ModuleType:
    """The scoring module that comes with the data."""
    spec = importlib.util.spec_from_file_location("score_attribution", folder / "score_attribution.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"no scorer in {folder}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Records of a JSONL file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def predict(
    extractor: AttributionExtractor, text: str, outermost: bool = False
) -> list[dict[str, list[list[int]]]]:
    """Attributions of a text in the scorer's form; an implied source is that of its antecedent.

    ``outermost`` leaves nested ones out, as PolNeAR does.
    """
    document = document_from_post(Post(text=text, platform="file"))
    sentences = segment_text(document.document_id, text)
    found = extractor.extract(document, sentences)
    by_id = {a.attribution_id: a for a in found}
    return [
        {"source": _pairs(_source(a, by_id)), "cue": _pairs(a.cue), "content": _pairs(a.content)}
        for a in found
        if not (outermost and a.parent_id)
    ]


def _source(attribution: Attribution, by_id: dict[str, Attribution]) -> Spans:
    while not attribution.source and attribution.antecedent_id:
        attribution = by_id[attribution.antecedent_id]
    return attribution.source


def _pairs(spans: Spans) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]


def main() -> None:
    """Score and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the shared data")
    parser.add_argument("--split", default="dev", choices=["dev", "train"])
    parser.add_argument("--limit", type=int, default=0, help="first N documents only")
    parser.add_argument("--out", type=Path, help="write the rules' predictions here as JSONL")
    parser.add_argument("--floor", choices=ratchet.MODES, default="check")
    arguments = parser.parse_args()
    folder = arguments.data / "attribution"
    metric = scorer(folder)
    gold = list(read_lines(folder / "polnear" / f"{arguments.split}.jsonl"))
    gold = gold[: arguments.limit or None]
    size = sum(len(d["text"]) for d in gold)
    systems: dict[str, dict[str, list[Predicted]]] = {}
    for name, extractor in EXTRACTORS.items():
        predict(extractor, "He said it rained.")  # load dictionaries and weights before the clock starts
        started = time.process_time()
        systems[f"tocsin {name}"] = {d["doc_id"]: predict(extractor, d["text"]) for d in gold}
        seconds = time.process_time() - started
        print(f"{name}: {len(gold)} documents, {size / 1e6:.2f} M characters, {seconds:.1f} CPU-s")
        systems[f"tocsin {name}, outermost only"] = {
            d["doc_id"]: predict(extractor, d["text"], outermost=True) for d in gold
        }
    for path in sorted((folder / "polnear" / "peers").glob(f"*.{arguments.split}.jsonl")):
        systems[path.name.split(".")[0]] = {d["doc_id"]: d["attributions"] for d in read_lines(path)}
    metrics: dict[str, float] = {}
    for name, predicted in systems.items():
        print(name)
        for key, value in metric.score(gold, predicted).items():
            print(f"  {key:24} {value}")
            if name.startswith("tocsin") and key in {"joint", "iou50"}:
                metrics[f"{name}: {key} F"] = value[2] / 100
    if arguments.split == "dev" and not arguments.limit:
        dataset = ratchet.digest_files([folder / "polnear" / "dev.jsonl"])
        print(ratchet.settle(FLOOR, dataset, metrics, arguments.floor))
    if arguments.out:
        lines = (
            json.dumps({"doc_id": key, "attributions": value})
            for key, value in systems["tocsin rules"].items()
        )
        arguments.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
