"""Train the attribution network: ``python -m training.attribution.train DATA --recipe``.

DATA is the folder that holds ``polnear/train.jsonl``, ``polnear/dev.jsonl`` and ``score_attribution.py``.
Beside build/attribution.pt the npz file that ships is written after each epoch, and a row of scores printed.
"""

from __future__ import annotations

import argparse
import copy
import json
import math
import time
from collections import defaultdict
from dataclasses import asdict, fields
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from tocsin.language.relations import CANDIDATE, decode_cues
from tocsin.language.tagger import AttributionNetwork
from training.attribution.batches import Batch, collate, collate_cues, groups
from training.attribution.data import Corpus, Relation, lexicon_of, load_corpus, look_up
from training.attribution.evaluate import evaluate
from training.attribution.export import export, load
from training.attribution.net import Config, Tagger

__all__ = ["Trainer"]

#: The recipe: a first run, then a second from its weights with a fresh rate and more noise, which carries it
#: past the point where it begins to learn the annotators' slips by heart.
FIRST = Config(lexicon=1, dropout=0.35, feature_dropout=0.1, word_dropout=0.05, article_dropout=0.0, epochs=8)
SECOND = Config(lexicon=1, rate=1e-3, article_dropout=0.0, epochs=6)
#: False cues of one batch that are trained on.
MOST_FALSE = 40


def _normalise(model: Tagger, corpus: Corpus) -> None:
    sample = corpus.features[:: max(1, len(corpus.features) // 50_000)].astype(np.float32)
    model.mean.data = torch.from_numpy(sample.mean(0))
    model.scale.data = torch.from_numpy(1 / (sample.std(0) + 1e-3))


def by_paragraph(corpus: Corpus) -> dict[int, list[Relation]]:
    found: dict[int, list[Relation]] = defaultdict(list)
    for relation in corpus.relations:
        found[relation.paragraph].append(relation)
    return found


def false_cues(
    corpus: Corpus, batch: Batch, logits: torch.Tensor, random: np.random.Generator
) -> list[Relation]:
    """What the first network at present takes for cues and is none, ``MOST_FALSE`` at most."""
    tags = torch.softmax(logits.detach().float(), -1).numpy()
    found = []
    for row, (p, keep) in enumerate(zip(batch.paragraphs, batch.kept, strict=True)):
        gold = corpus.cues[corpus.begin[p] : corpus.begin[p + 1]] > 0
        nothing = np.full(len(gold), -100, np.int8)
        for cue in decode_cues(tags[row, : len(keep)], CANDIDATE):
            first, last = int(keep[cue.first]), int(keep[cue.last - 1]) + 1
            if not gold[first:last].any():
                found.append(Relation(p, first, last, nothing))
    if len(found) > MOST_FALSE:
        found = [found[i] for i in random.permutation(len(found))[:MOST_FALSE]]
    return found


def loss_of(
    model: Tagger, corpus: Corpus, batch: Batch, gold: dict[int, list[Relation]], random: np.random.Generator
) -> torch.Tensor:
    """Cue loss per word times its weight, plus role loss per word, plus validity loss per candidate."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        states = model.states(batch.features, batch.shapes, batch.lexical, batch.lengths)
        logits = model.cues(states).float()
        loss = model.config.cue_weight * functional.cross_entropy(logits.flatten(0, 1), batch.cues.flatten())
        true = [r for p in batch.paragraphs for r in gold.get(p, ())]
        cues = collate_cues(corpus, batch, true + false_cues(corpus, batch, logits, random), random, hide=0.1)
        if cues is None:
            return loss
        roles, pooled = model.roles(states, cues.which, cues.mask, cues.places, cues.lengths)
    if true:
        loss = loss + functional.cross_entropy(
            roles.float().flatten(0, 1), cues.roles.flatten(), label_smoothing=0.02
        )
    # The first network's own logit: log(P(begin) + P(in)) - log P(outside), greatest over the cue's words.
    score = torch.logsumexp(logits[:, :, 1:], -1) - logits[:, :, 0]
    score = score.detach()[cues.which].masked_fill(cues.mask == 0, -1e4).amax(1)
    validity = model.validity(pooled, score)
    return loss + model.config.validity_weight * functional.binary_cross_entropy_with_logits(
        validity, cues.true
    )


def _rate(config: Config, step: int, total: int) -> float:
    """Linear rise over 200 steps, then half a cosine down to 3 %."""
    cosine = 0.5 * (1 + math.cos(math.pi * min(1.0, step / total)))
    return config.rate * min(1.0, (step + 1) / 200) * (0.03 + 0.97 * cosine)


class Trainer:
    """Adam with the rate above; ``average`` is the running mean of the weights, which is what is kept."""

    def __init__(self, corpus: Corpus, config: Config, resume: Path | None) -> None:
        torch.manual_seed(config.seed)
        self.random = np.random.default_rng(config.seed)
        self.corpus, self.config = corpus, config
        self.model = Tagger(config)
        if resume is None:
            self.lexicon = lexicon_of(corpus, config.lexicon)
            _normalise(self.model, corpus)
        else:
            earlier, self.lexicon = load(resume)
            self.model.load_state_dict(earlier.state_dict())
        look_up(corpus, self.lexicon)
        self.average = copy.deepcopy(self.model)
        self.gold = by_paragraph(corpus)
        self.total = len(groups(corpus, config.words_per_batch, self.random)) * config.epochs
        self.step = 0
        weights = [p for p in self.model.parameters() if p.requires_grad]
        self.optimiser = torch.optim.AdamW(weights, config.rate, weight_decay=0.01)

    def epoch(self) -> float:
        """One pass over the corpus; the mean loss of its last 100 steps."""
        self.model.train()
        losses = []
        for group in groups(self.corpus, self.config.words_per_batch, self.random):
            for parameters in self.optimiser.param_groups:
                parameters["lr"] = _rate(self.config, self.step, self.total)
            bare = self.random.random(len(group)) < self.config.article_dropout
            batch = collate(self.corpus, group, bare.tolist())
            loss = loss_of(self.model, self.corpus, batch, self.gold, self.random)
            self.optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            self.optimiser.step()
            losses.append(float(loss.detach()))
            self.step += 1
            decay = min(0.998, (self.step + 1) / (self.step + 10))
            with torch.no_grad():
                for kept, new in zip(self.average.parameters(), self.model.parameters(), strict=True):
                    kept.lerp_(new, 1 - decay)
            if self.step % 100 == 0:
                print(f"  step {self.step}/{self.total} loss {np.mean(losses[-100:]):.4f}", flush=True)
        return float(np.mean(losses[-100:]))

    def save(self, out: Path) -> None:
        """Write ``out`` (torch) and beside it the npz file that ships."""
        stored = {
            "config": asdict(self.config),
            "state": self.average.state_dict(),
            "lexicon": self.lexicon,
        }
        torch.save(stored, out)
        export(self.average, self.lexicon, 0.5, out.with_suffix(".npz"))


def run(trainer: Trainer, dev: Corpus, scorer: Path, out: Path) -> None:
    """All epochs; after each the weights are written and a row of scores is printed."""
    out.parent.mkdir(parents=True, exist_ok=True)
    for number in range(1, trainer.config.epochs + 1):
        begun = time.time()
        loss = trainer.epoch()
        trainer.save(out)
        scores = evaluate(AttributionNetwork(out.with_suffix(".npz")), dev, scorer)
        row = {"epoch": number, "seconds": round(time.time() - begun), "loss": round(loss, 4), **scores}
        print(json.dumps(row), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--cache", type=Path, default=Path("build/features"))
    parser.add_argument("--out", type=Path, default=Path("build/attribution.pt"))
    parser.add_argument("--resume", type=Path, help="start from these weights, with a fresh rate")
    parser.add_argument(
        "--recipe", action="store_true", help="both runs of the shipped weights; ignores sizes"
    )
    parser.add_argument("--threads", type=int, default=1)
    for f in fields(Config):
        parser.add_argument(f"--{f.name.replace('_', '-')}", type=type(f.default), default=f.default)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    corpus = load_corpus(args.data / "polnear" / "train.jsonl", args.cache)
    dev = load_corpus(args.data / "polnear" / "dev.jsonl", args.cache)
    scorer = args.data / "score_attribution.py"
    if not args.recipe:
        config = Config(**{f.name: getattr(args, f.name) for f in fields(Config)})
        run(Trainer(corpus, config, args.resume), dev, scorer, args.out)
        return
    first = args.out.with_name("first.pt")
    run(Trainer(corpus, FIRST, None), dev, scorer, first)
    run(Trainer(corpus, SECOND, first), dev, scorer, args.out)


if __name__ == "__main__":
    main()
