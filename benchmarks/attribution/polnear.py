"""Attributions by every system of tocsin on PolNeAR dev, beside the predictions of a retrained BBC Citron.

    python benchmarks/attribution/polnear.py [--data ../shared/data] [--split dev] [--limit N] [--only NAME …]

The systems are those of ``tocsin eval attribution``. The scorer is the one beside the data
(``score_attribution.py``, loaded by path), so that every system is scored by the same code. PolNeAR (Newell
et al. 2018) marks no chains, so each is scored twice: with every attribution it finds, and with the outermost
only. The network was trained on PolNeAR train.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from tocsin.evaluate.systems import SYSTEMS, AttributionSystem, load_system
from tocsin.testing import ratchet

#: Spans by role, as the scorer takes them.
Predicted = dict[str, list[list[int]]]
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


def predict(system: AttributionSystem, text: str, *, outermost: bool) -> list[Predicted]:
    """Attributions of a text in the scorer's form; ``outermost`` leaves nested ones out, as PolNeAR does."""
    return [
        {"source": _lists(found.source), "cue": _lists(found.cue), "content": _lists(found.content)}
        for found in system.attributions(text, outermost=outermost)
    ]


def _lists(pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    return [list(pair) for pair in pairs]


def write(path: Path, predicted: dict[str, list[Predicted]]) -> None:
    """Predictions as JSONL, as ``tocsin eval attribution --predictions`` reads them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps({"doc_id": key, "attributions": value}) for key, value in predicted.items())
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def main() -> None:
    """Score and print."""
    known = SYSTEMS["attribution"]
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the shared data")
    parser.add_argument("--split", default="dev", choices=["dev", "train"])
    parser.add_argument("--limit", type=int, default=0, help="first N documents only")
    parser.add_argument("--only", nargs="+", choices=list(known), default=list(known), help="these systems")
    parser.add_argument("--out", type=Path, help="folder for predictions, a JSONL file for each system")
    parser.add_argument("--floor", choices=ratchet.MODES, default="check")
    arguments = parser.parse_args()
    folder = arguments.data / "attribution"
    metric = scorer(folder)
    gold = list(read_lines(folder / "polnear" / f"{arguments.split}.jsonl"))
    gold = gold[: arguments.limit or None]
    size = sum(len(d["text"]) for d in gold)
    systems: dict[str, dict[str, list[Predicted]]] = {}
    for name in arguments.only:
        system: AttributionSystem = load_system("attribution", name)
        predict(system, "He said it rained.", outermost=False)  # dictionaries load before the clock starts
        started = time.process_time()
        systems[f"tocsin {name}"] = {d["doc_id"]: predict(system, d["text"], outermost=False) for d in gold}
        seconds = time.process_time() - started
        print(f"{name}: {len(gold)} documents, {size / 1e6:.2f} M characters, {seconds:.1f} CPU-s")
        systems[f"tocsin {name}, outermost only"] = {
            d["doc_id"]: predict(system, d["text"], outermost=True) for d in gold
        }
        if arguments.out:
            write(arguments.out / f"{name}.jsonl", systems[f"tocsin {name}"])
    for path in sorted((folder / "polnear" / "peers").glob(f"*.{arguments.split}.jsonl")):
        systems[path.name.split(".")[0]] = {d["doc_id"]: d["attributions"] for d in read_lines(path)}
    metrics: dict[str, float] = {}
    for name, predicted in systems.items():
        print(name)
        for key, value in metric.score(gold, predicted).items():
            print(f"  {key:24} {value}")
            if name.startswith("tocsin") and key in {"joint", "iou50"}:
                metrics[f"{name}: {key} F"] = value[2] / 100
    if arguments.split == "dev" and not arguments.limit and arguments.only == list(known):
        dataset = ratchet.digest_files([folder / "polnear" / "dev.jsonl"])
        print(ratchet.settle(FLOOR, dataset, metrics, arguments.floor))


if __name__ == "__main__":
    main()
