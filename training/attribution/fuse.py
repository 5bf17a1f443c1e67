"""Fit the late fusion of tagger and core: how often is what they find right?

python -m training.attribution.fuse DATA

DATA holds ``polnear/dev.jsonl`` and ``score_attribution.py``. Neither network learnt from the dev part, so
what they say there is what they say of any text; the train part would not do. Scores printed are of five
folds of whole documents, each by the regression fitted on the other four; what ships is fitted on all of
them.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from tocsin.language.attribution import Attributor
from tocsin.language.core import language_core
from tocsin.language.fusion import FEATURES, Candidate, Fusion, candidates
from tocsin.language.reading import SentenceSpan, reader
from tocsin.language.stage import segment_text
from tocsin.language.tagger import attribution_network
from tocsin.language.universal import universal_encoder
from tocsin.language.wordfeatures import ParagraphWords, paragraph_words

OUT = Path("src/tocsin/language/data/fusion.json")
FOLDS = 5
#: For calibrated chances F1 is greatest where the threshold is half of it (Lipton et al. 2014); choosing it
#: on 84 documents is noise: the curve is flat from .35 to .5.
THRESHOLD = 0.37
Spans = dict[str, list[list[int]]]


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate of a document in characters, and whether it is right by the rule of "joint"."""

    document: int
    candidate: Candidate
    spans: Spans
    right: bool


def scorer(path: Path) -> Any:
    """The scoring module beside the data."""
    spec = importlib.util.spec_from_file_location("score_attribution", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def paragraphs(text: str) -> list[ParagraphWords]:
    """The paragraphs of a text as the tagger reads them."""
    sentences = segment_text("", text)
    groups = [list(group) for _, group in groupby(sentences, key=lambda s: s.paragraph)]
    spans = [[(s.start, s.end) for s in group] for group in groups]
    codes = [s.language for s in sentences]
    return [p for p in paragraph_words(text, spans, universal_encoder(), codes) if len(p)]


def read(documents: Sequence[dict[str, Any]], metric: Any) -> list[Found]:
    """Every candidate of the documents."""
    core = Attributor(language_core())
    found = []
    for number, entry in enumerate(documents):
        text = entry["text"]
        spans = [SentenceSpan(s.paragraph, s.start, s.end, s.language) for s in segment_text("", text)]
        analyses = reader().read(text, spans)
        index = metric.Idx(text)
        roles = ("source", "cue", "content")
        gold = [{r: index.set(a.get(r) or []) for r in roles} for a in entry["attributions"]]
        own_words = paragraphs(text)
        by_paragraph = candidates(own_words, analyses, attribution_network(), core)
        for words, own_candidates in zip(own_words, by_paragraph, strict=True):
            for candidate in own_candidates:
                own = _spans(words, candidate)
                found.append(Found(number, candidate, own, _right(own, gold, index)))
    return found


def _spans(words: ParagraphWords, candidate: Candidate) -> Spans:
    relation = candidate.relation
    ranges = {
        "source": relation.source,
        "cue": ((relation.cue.first, relation.cue.last),),
        "content": relation.content,
    }
    return {
        role: [[int(words.starts[a]), int(words.ends[b - 1])] for a, b in own] for role, own in ranges.items()
    }


def _right(own: Spans, gold: Sequence[dict[str, Any]], index: Any) -> bool:
    content, source = index.set(own["content"]), index.set(own["source"])
    return any(
        content
        and 2 * len(content & a["content"]) >= len(content | a["content"])
        and (not a["source"] or bool(source & a["source"]))
        for a in gold
    )


def fit(found: Sequence[Found]) -> Fusion:
    """The regression with weights for plain features: standardised for the fit, then put back."""
    from sklearn.linear_model import LogisticRegression

    x = np.stack([f.candidate.features for f in found])
    y = np.array([f.right for f in found])
    mean, deviation = x.mean(axis=0), x.std(axis=0) + 1e-9
    model = LogisticRegression(C=1.0, max_iter=1000).fit((x - mean) / deviation, y)
    weights = model.coef_[0] / deviation
    return Fusion(weights, float(model.intercept_[0] - mean @ weights), THRESHOLD)


def predicted(found: Sequence[Found], fusion: Fusion, documents: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What the fusion keeps, by document."""
    kept: dict[str, Any] = {entry["doc_id"]: [] for entry in documents}
    for one in found:
        if fusion.relations([one.candidate]):
            kept[documents[one.document]["doc_id"]].append(one.spans)
    return kept


def main() -> None:
    """Cross-validate, fit and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    metric = scorer(arguments.data / "score_attribution.py")
    with (arguments.data / "polnear" / "dev.jsonl").open(encoding="utf-8") as lines:
        documents = [json.loads(line) for line in lines]
    found = read(documents, metric)
    held: dict[str, Any] = {}
    for fold in range(FOLDS):
        out = {number for number in range(len(documents)) if number % FOLDS == fold}
        fusion = fit([f for f in found if f.document not in out])
        own = predicted([f for f in found if f.document in out], fusion, documents)
        held |= {documents[n]["doc_id"]: own[documents[n]["doc_id"]] for n in out}
    for name, value in metric.score(documents, held).items():
        print(f"{name:24} {value}")
    fusion = fit(found)
    weights = {name: round(float(w), 5) for name, w in zip(FEATURES, fusion.weights, strict=True)}
    stored = {"weights": weights, "bias": round(fusion.bias, 5), "threshold": round(fusion.threshold, 3)}
    arguments.out.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    print(arguments.out, stored["threshold"])


if __name__ == "__main__":
    main()
