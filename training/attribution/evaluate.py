"""Score the exported network on a corpus with the shared scorer, by what ships: the numpy inference.

python -m training.attribution.evaluate DATA [--weights FILE] [--thresholds 0.4 0.5 0.6]
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from tocsin.language.relations import Relation
from tocsin.language.tagger import WEIGHTS, AttributionNetwork
from tocsin.language.trim import trim_source
from tocsin.language.wordfeatures import ParagraphWords
from training.attribution.data import Corpus, load_corpus

__all__ = ["evaluate", "load_scorer", "paragraphs_of", "spans_by_document"]

KEYS = (
    "joint",
    "iou50",
    "exact",
    "joint3",
    "recall_iou50_by_type",
    "token_source",
    "token_cue",
    "token_content",
)


def load_scorer(path: Path) -> Any:
    """The module ``score_attribution.py`` of the data folder."""
    spec = importlib.util.spec_from_file_location("score_attribution", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def paragraphs_of(corpus: Corpus) -> list[ParagraphWords]:
    """The corpus in the form the network reads at run time."""
    texts = [entry["text"] for entry in corpus.documents]
    return [
        ParagraphWords(
            [
                texts[d][i:j]
                for i, j in zip(corpus.starts[a:b].tolist(), corpus.ends[a:b].tolist(), strict=True)
            ],
            corpus.starts[a:b].astype(np.int64),
            corpus.ends[a:b].astype(np.int64),
            corpus.sentence[a:b].astype(np.int64),
            corpus.features[a:b].astype(np.float32),
            corpus.shapes[a:b].astype(np.float32),
        )
        for a, b, d in zip(corpus.begin, corpus.begin[1:], corpus.document, strict=False)
    ]


def spans_by_document(
    corpus: Corpus, paragraphs: list[ParagraphWords], found: list[list[Relation]]
) -> dict[str, list[dict[str, Any]]]:
    """Predictions in the scorer's form."""
    out: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for p, (words, relations) in enumerate(zip(paragraphs, found, strict=True)):
        document = corpus.documents[corpus.document[p]]
        name, language = document["doc_id"], document.get("lang", "en")
        for relation in relations:
            ranges = {
                "source": [s for s in (trim_source(words.words, r, language) for r in relation.source) if s],
                "cue": ((relation.cue.first, relation.cue.last),),
                "content": relation.content,
            }
            out[name].append(
                {k: [[int(words.starts[a]), int(words.ends[b - 1])] for a, b in v] for k, v in ranges.items()}
            )
    return out


def evaluate(
    network: AttributionNetwork, corpus: Corpus, scorer: Path, thresholds: tuple[float, ...] = (0.4, 0.5, 0.6)
) -> dict[str, Any]:
    """Scores at the threshold with the best joint F."""
    module, paragraphs = load_scorer(scorer), paragraphs_of(corpus)
    best: dict[str, Any] = {}
    for threshold in thresholds:
        network.threshold = threshold
        begun = time.process_time()
        found = network.tag(paragraphs)
        seconds = time.process_time() - begun
        scores = module.score(corpus.documents, spans_by_document(corpus, paragraphs, found))
        if not best or scores["joint"][2] > best["joint"][2]:
            words = round(len(corpus.starts) / seconds)
            best = {"threshold": threshold, "words_per_cpu_second": words, **{k: scores[k] for k in KEYS}}
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--cache", type=Path, default=Path("build/features"))
    parser.add_argument("--weights", type=Path, default=Path("src/tocsin/language/weights") / WEIGHTS)
    parser.add_argument("--thresholds", type=float, nargs="*")
    args = parser.parse_args()
    network = AttributionNetwork(args.weights)
    thresholds = tuple(args.thresholds or [network.threshold])
    for name in ("polnear/dev.jsonl", "adaq_cs.jsonl"):
        corpus = load_corpus(args.data / name, args.cache)
        scores = evaluate(network, corpus, args.data / "score_attribution.py", thresholds)
        print(name, json.dumps(scores, indent=1))


if __name__ == "__main__":
    main()
