"""Whether two news articles tell the same story: cross-validated on SemEval-2022, and yes or no on tgcontest.

    python benchmarks/link/same_story.py [--data ../shared/data] [--by articles|pairs] [--cache FILE]

SemEval-2022 task 8, training part a (1,283 pairs, ten languages): Pearson r over five folds; everything,
the unlabelled spaces too, is learnt from the other folds. ``--by articles`` (the default) keeps pairs that
share an article in one fold; ``--by pairs`` does not. Design and settings were chosen on folds of other
seeds of these same pairs. tgcontest (40 Russian and 35 English pairs): the packaged weights, which were not
taught on them; F1 of thresholds chosen in five folds, mean of twenty shuffles. Peers, the same way: the
cosine of the universal encoder over the first 700 characters (``tocsin eval same-story``, ``universal``), and
of TF-IDF over words.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import TfidfVectorizer

from tocsin.language.universal import universal_encoder
from tocsin.link.same_story.score import scorer
from tocsin.testing import ratchet
from training.same_story.fit import Corpus, corpus_of, fit, read, semeval
from training.same_story.spaces import learn

FLOOR = Path(__file__).parents[1] / "floors" / "same-story.json"
SEED = 7
FOLDS = 5
SHUFFLES = 20
Doubles = NDArray[np.float64]
Integers = NDArray[np.int64]


def tgcontest(data: Path, name: str) -> Corpus:
    """Pairs of a pool; a title stands first in its text. Label 1: one story."""
    with (data / f"same_story/tgcontest_{name}_pool.tsv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    sides = [[f"{r[f'INPUT:{n}_title']}\n{r[f'INPUT:{n}_text']}" for n in ("first", "second")] for r in rows]
    code = name[:2]
    return corpus_of(
        [
            ((a, code), (b, code), float(r["GOLDEN:quality"] == "OK"))
            for (a, b), r in zip(sides, rows, strict=True)
        ]
    )


def folds(corpus: Corpus, by: str) -> Integers:
    """The fold of each pair."""
    rng = np.random.default_rng(SEED)
    if by == "pairs":
        found: Integers = rng.permutation(len(corpus.pairs)) % FOLDS
        return found
    ends = (np.ones(len(corpus.pairs)), corpus.pairs.T)
    count, part = connected_components(coo_matrix(ends, shape=(len(corpus.documents),) * 2), directed=False)
    return (rng.permutation(count) % FOLDS)[part[corpus.pairs[:, 0]]]


def cosines(corpus: Corpus) -> Doubles:
    """The universal encoder alone."""
    vectors = universal_encoder().vectors([text[:700] for text, _ in corpus.documents])
    found: Doubles = (vectors[corpus.pairs[:, 0]] * vectors[corpus.pairs[:, 1]]).sum(axis=1)
    return found


def tf_idf(corpus: Corpus) -> Doubles:
    """Cosine over words of all documents of the file."""
    rows = TfidfVectorizer(sublinear_tf=True).fit_transform([text for text, _ in corpus.documents])
    found: Doubles = np.asarray(
        rows[corpus.pairs[:, 0]].multiply(rows[corpus.pairs[:, 1]]).sum(axis=1)
    ).ravel()
    return found


def cross_validated(corpus: Corpus, by: str, cache: Path | None) -> Mapping[str, Doubles]:
    """The scores of each pair by weights and spaces of the other folds."""
    documents = read(corpus, cache)
    home = folds(corpus, by)
    found = {"tocsin": np.zeros(len(home)), "tocsin, plain": np.zeros(len(home))}
    for fold in range(FOLDS):
        there = np.flatnonzero(home != fold)
        basis = learn([documents[n] for n in np.unique(corpus.pairs[there])])
        told = [basis.tell(one) for one in documents]
        made = fit(basis, told, corpus.pairs[there], corpus.labels[there])
        for n in np.flatnonzero(home == fold):
            alike = made.compare(*(told[side] for side in corpus.pairs[n]))
            found["tocsin"][n], found["tocsin, plain"][n] = alike.value, alike.plain
        print(f"  fold {fold + 1} of {FOLDS}", flush=True)
    return found


def f1(labels: Doubles, said: NDArray[np.bool_]) -> float:
    """Of the pairs that are one story."""
    hits = float((labels * said).sum())
    return 2 * hits / max(1.0, labels.sum() + said.sum())


def threshold(scores: Doubles, labels: Doubles) -> float:
    """The best on these pairs; of several the middle one."""
    at = np.sort(scores)
    middles = (at[1:] + at[:-1]) / 2
    rates = np.array([f1(labels, scores >= limit) for limit in middles])
    return float(np.median(middles[rates >= rates.max() - 1e-9]))


def held_out(scores: Doubles, labels: Doubles) -> float:
    """Mean F1 where the threshold was chosen on the other folds (each as mixed as the whole)."""
    rates = []
    for seed in range(SHUFFLES):
        rng = np.random.default_rng(seed)
        home = np.zeros(len(labels), dtype=np.int64)
        for label in (0.0, 1.0):
            mine = np.flatnonzero(labels == label)
            home[rng.permutation(mine)] = np.arange(len(mine)) % FOLDS
        limits = [threshold(scores[home != n], labels[home != n]) for n in range(FOLDS)]
        rates.append(f1(labels, scores >= np.array(limits)[home]))
    return float(np.mean(rates))


def yes_or_no(corpora: Sequence[Corpus], language: str) -> dict[str, float]:
    """Prints and returns F1 on the pools of one language."""
    packaged = scorer()
    own: dict[str, list[Doubles]] = {"tocsin": [], "tocsin, plain": [], "encoder": [], "TF-IDF": []}
    for corpus in corpora:
        told = list(packaged.tell(*zip(*corpus.documents, strict=True)))
        alike = [packaged.compare(told[a], told[b]) for a, b in corpus.pairs]
        own["tocsin"].append(np.array([one.value for one in alike]))
        own["tocsin, plain"].append(np.array([one.plain for one in alike]))
        own["encoder"].append(cosines(corpus))
        own["TF-IDF"].append(tf_idf(corpus))
    labels = np.concatenate([corpus.labels for corpus in corpora])
    found = {}
    for name, parts in own.items():
        scores = np.concatenate(parts)
        found[name] = held_out(scores, labels)
        best = threshold(scores, labels)
        pools = " ".join(
            f"{f1(corpus.labels, part >= best):.3f}" for part, corpus in zip(parts, corpora, strict=True)
        )
        print(
            f"tgcontest {language}, {name}: F1 {found[name]:.3f} (threshold held out); at {best:.2f}, best "
            f"on these pairs, {f1(labels, scores >= best):.3f} (by pool {pools})"
        )
    return found


def main() -> None:
    """Print all systems."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--by", choices=("articles", "pairs"), default="articles")
    parser.add_argument("--cache", type=Path, help="readings of SemEval's articles, made where it is missing")
    parser.add_argument("--floor", choices=ratchet.MODES, default="check")
    arguments = parser.parse_args()
    corpus = semeval(arguments.data)
    found = dict(cross_validated(corpus, arguments.by, arguments.cache))
    found |= {"encoder": cosines(corpus), "TF-IDF": tf_idf(corpus)}
    codes = np.array([code for _, code in corpus.documents])[corpus.pairs]
    across = codes[:, 0] != codes[:, 1]
    metrics = {}
    for name, scores in found.items():
        r, one, two = (
            float(np.corrcoef(scores[chosen], corpus.labels[chosen])[0, 1])
            for chosen in (np.ones(len(across), bool), ~across, across)
        )
        print(f"SemEval, {name}: Pearson r {r:.4f}, in one language {one:.4f}, in two {two:.4f}")
        metrics[f"SemEval, {name}"] = r
    pools = {"ru": ("ru_train", "ru_exam"), "en": ("en_train",)}
    for language, names in pools.items():
        rates = yes_or_no([tgcontest(arguments.data, name) for name in names], language)
        metrics |= {f"tgcontest {language}, {name}": rate for name, rate in rates.items()}
    if arguments.by == "articles":
        own = {name: value for name, value in metrics.items() if "tocsin" in name}
        dataset = ratchet.digest_files((arguments.data / "same_story").glob("[st]*.[ct]sv"))
        print(ratchet.settle(FLOOR, dataset, own, arguments.floor))


if __name__ == "__main__":
    main()
