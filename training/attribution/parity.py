"""Torch and numpy side by side on one text, with random weights: two implementations of one network."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import torch

from tocsin.language.relations import Cue
from tocsin.language.tagger import AttributionNetwork
from tocsin.language.universal import universal_encoder
from tocsin.language.wordfeatures import ParagraphWords, paragraph_words
from training.attribution.batches import collate, collate_cues
from training.attribution.data import Corpus, Relation, look_up
from training.attribution.export import export
from training.attribution.net import Config, Tagger

__all__ = ["greatest_difference"]


def _corpus(text: str, words: list[ParagraphWords]) -> Corpus:
    begin = np.concatenate([[0], np.cumsum([len(w) for w in words])])
    return Corpus(
        features=np.concatenate([w.features for w in words]),
        shapes=np.concatenate([w.shapes for w in words]).astype(np.uint8),
        sentence=np.concatenate([w.sentence for w in words]),
        cues=np.zeros(int(begin[-1]), np.int8),
        starts=np.concatenate([w.starts for w in words]),
        ends=np.concatenate([w.ends for w in words]),
        begin=begin,
        document=np.zeros(len(words), np.int32),
        documents=[{"doc_id": "", "text": text}],
    )


@torch.no_grad()
def greatest_difference(text: str) -> float:
    """Largest difference of any cue tag, role or score, weights rounded to float16 on both sides."""
    lines = [line for line in text.split("\n") if line]
    spans = [[(text.index(line), text.index(line) + len(line))] for line in lines]
    words = sorted(paragraph_words(text, spans, universal_encoder()), key=len, reverse=True)
    torch.manual_seed(5)
    model = Tagger(Config(lexicon=3)).eval()
    model.mean.data.normal_(0, 0.1)
    for parameter in model.parameters():
        parameter.data = parameter.data.half().float()
    lexicon = ["said", "the", "minister"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "weights.npz"
        export(model, lexicon, 0.5, path)
        network = AttributionNetwork(path)
    corpus = _corpus(text, words)
    look_up(corpus, lexicon)
    batch = collate(corpus, range(len(words)))
    states = model.states(batch.features, batch.shapes, batch.lexical, batch.lengths)
    tags = torch.softmax(model.cues(states), -1).numpy()
    own = network.states(words)
    own_tags = network.cue_probabilities(own, words)
    worst = max(float(np.abs(tags[i, : len(t)] - t).max()) for i, t in enumerate(own_tags))
    cues = [(i, Cue(1, 3, 0.4)) for i in range(len(words))]
    relations = [Relation(i, c.first, c.last, np.full(len(words[i]), -100, np.int8)) for i, c in cues]
    packed = collate_cues(corpus, batch, relations, np.random.default_rng(0), 0.0)
    assert packed is not None
    logits, pooled = model.roles(states, packed.which, packed.mask, packed.places, packed.lengths)
    scores = torch.sigmoid(model.validity(pooled, torch.full((len(cues),), float(np.log(0.4 / 0.6))))).numpy()
    roles = torch.softmax(logits, -1).numpy()
    for k, (role, score) in enumerate(network.judge(own, words, cues)):
        worst = max(worst, float(np.abs(roles[k, : len(role)] - role).max()), abs(float(scores[k]) - score))
    return worst


def main() -> None:
    """Print the greatest difference over a few invented lines; leaves with 1 when it is not below 1e-3."""
    lines = [
        "The minister said that the clock of the town hall ran backwards on Tuesday.",
        "According to two engineers, “the rope may have been cut by frost”, the harbour office told us.",
        "Смотритель сообщил, что утка вернулась на пруд.",
    ]
    worst = greatest_difference("\n".join(lines))
    print(f"greatest difference between torch and numpy: {worst:.2e}")
    if worst >= 1e-3:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
