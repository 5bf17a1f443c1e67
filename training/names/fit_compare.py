"""Fit the weights of ``tocsin.resolve.names.compare``: ``python -m training.names.fit_compare``.

Logistic regression with a ridge and with the sign of every feature fixed in advance, on nomenklatura's
name-match cases and on names of SlavicNER and BSNLP 2021 (one person in Cyrillic and Latin letters against
the nearest others). Prints the weights, to be written into ``FEATURES`` by hand, and F1 by five-fold
cross-validation on nomenklatura's cases at the score .5.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tocsin.resolve.names.align import align
from tocsin.resolve.names.compare import FEATURES, Weights, compare, features_of
from tocsin.resolve.names.fold import keys
from tocsin.resolve.names.letters import letters, script, words
from tocsin.resolve.names.parse import parse
from training.names.learn_sounds import held_out

KINDS = {"Person": "PER", "Company": "ORG", "Organization": "ORG", "LegalEntity": "ORG", "Vessel": "ORG"}
SIGNS = {"shared": 1, "organisation": 0}  # the others speak against
_Float = npt.NDArray[np.float64]


def row_of(left: str, right: str, kind: str) -> list[float]:
    left, right = sorted((left, right))
    a, b = parse(left, kind), parse(right, kind)
    values = features_of(a, b, align(a.parts, b.parts))
    return [1.0, *(values[f.name] for f in FEATURES)]


def cases(path: Path) -> tuple[_Float, _Float]:
    rows = list(csv.DictReader(path.open(encoding="utf-8")))
    x = [row_of(r["name1"], r["name2"], KINDS[r["schema"]]) for r in rows]
    return np.array(x), np.array([float(r["is_match"] == "true") for r in rows])


def groups(path: Path) -> npt.NDArray[np.int64]:
    """A number for each case; cases that share a name, directly or through others, have one number.

    nomenklatura tries many spellings of one name: split over folds they would be learnt by heart.
    """
    rows = list(csv.DictReader(path.open(encoding="utf-8")))
    head: dict[str, str] = {}

    def top(name: str) -> str:
        while head.setdefault(name, name) != name:
            name = head[name]
        return name

    for row in rows:
        ours, theirs = sorted((top(row["name1"]), top(row["name2"])))
        head[theirs] = ours
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(top(row["name1"]), len(numbers)) for row in rows])


def people(folder: Path, leave_out: frozenset[str] = frozenset()) -> tuple[_Float, _Float]:
    """Persons of SlavicNER: Cyrillic lemma and the Latin name in the identifier, and the nearest others.

    ``leave_out`` names topics that are not read: those that are to be measured.
    """
    found: set[tuple[str, str]] = set()
    for language in ("ru", "uk"):
        for line in (folder / f"slavicner_{language}.jsonl").read_text(encoding="utf-8").splitlines():
            document = json.loads(line)
            if document["topic"] in leave_out:
                continue
            for _, _, kind, lemma, identity in document["entities"]:
                latin = identity[4:].replace("-", " ")
                good = kind == "PER" and identity.startswith("PER-") and latin.isascii()
                if (
                    good
                    and len(words(lemma)) > 1
                    and len(words(latin)) > 1
                    and script(letters(words(lemma)[0])) == "cyrillic"
                ):
                    found.add((lemma, latin))
    by_key: dict[str, set[str]] = {}
    for _, latin in found:
        for word in words(latin):
            for key in keys(letters(word)):
                by_key.setdefault(key, set()).add(latin)
    x, y = [], []
    for lemma, latin in sorted(found):
        x.append(row_of(lemma, latin, "PER"))
        y.append(1.0)
        others = {o for word in words(lemma) for key in keys(letters(word)) for o in by_key.get(key, ())}
        near = [
            o
            for o in others
            if not {w.lower() for w in words(o)} & {w.lower() for w in words(latin)}
            or (lemma, o) not in found
        ]
        for other in sorted(near, key=lambda o: zlib.crc32((lemma + o).encode()))[:2]:
            if (lemma, other) not in found and not re.search(r"\b(Jr|Sr)\b", other):
                x.append(row_of(lemma, other, "PER"))
                y.append(0.0)
    return np.array(x), np.array(y)


def lone_words(path: Path) -> tuple[_Float, _Float]:
    """One-word names: held-out pairs of Wikidata, and for each a wrong name with the same consonants."""
    kept = []
    for line in path.read_text(encoding="utf-8").splitlines():
        latin, cyrillic, count = line.split("\t")
        if held_out(latin) and int(count) > 1 and len(latin) > 2:
            kept.append((cyrillic.replace(" ", ""), latin))
    by_key: dict[str, list[str]] = {}
    for _, latin in kept:
        for key in keys(letters(latin)):
            by_key.setdefault(key, []).append(latin)
    x, y = [], []
    for cyrillic, latin in kept:
        others = sorted({o for key in keys(letters(cyrillic)) for o in by_key.get(key, ()) if o != latin})
        x.append(row_of(cyrillic, latin, "PER"))
        y.append(1.0)
        if others:
            x.append(row_of(cyrillic, others[zlib.crc32(cyrillic.encode()) % len(others)], "PER"))
            y.append(0.0)
    return np.array(x), np.array(y)


def fit(x: _Float, y: _Float, weights: _Float, ridge: float = 1.0) -> _Float:
    """Newton's method; a feature whose weight has the wrong sign is left out and the rest fitted again."""
    signs = np.array([0, *(SIGNS.get(f.name, -1) for f in FEATURES)])
    scale = np.maximum(x.std(axis=0), 1e-3)
    scale[0] = 1.0
    keep = np.ones(x.shape[1], bool)
    while True:
        z = x[:, keep] / scale[keep]
        w = np.zeros(z.shape[1])
        penalty = np.diag(np.r_[0.0, np.full(z.shape[1] - 1, ridge)])
        for _ in range(30):
            p = 1 / (1 + np.exp(-np.clip(z @ w, -30, 30)))
            curve = (z * (weights * p * (1 - p) + 1e-9)[:, None]).T @ z + penalty
            move = np.linalg.solve(curve, z.T @ (weights * (p - y)) + penalty @ w)
            w -= move * min(1.0, 5.0 / (np.abs(move).max() + 1e-9))
        full = np.zeros(x.shape[1])
        full[keep] = w / scale[keep]
        wrong = full * signs < 0
        if not wrong.any():
            return full
        keep &= ~wrong


def f1(score: _Float, y: _Float, threshold: float = 0.5) -> float:
    guess = score >= threshold
    right = float((guess & (y > 0)).sum())
    return 2 * right / max(1.0, float(guess.sum() + (y > 0).sum()))


def others(names: Path, leave_out: frozenset[str] = frozenset()) -> tuple[_Float, _Float]:
    """People and lone words together, rows and truth."""
    px, py = people(names / "ner", leave_out)
    wx, wy = lone_words(names / "pairs" / "wd_russian_80.tsv")
    return np.r_[px, wx], np.r_[py, wy]


def fit_with(x: _Float, y: _Float, px: _Float, py: _Float) -> _Float:
    """``fit`` on cases and on people and lone words, which count 80% of the cases together."""
    share = 0.8 * len(y) / len(py)
    return fit(np.r_[x, px], np.r_[y, py], np.r_[np.ones(len(y)), np.full(len(py), share)])


def crossvalidated(path: Path, extra: tuple[_Float, _Float], folds: int = 5) -> tuple[_Float, _Float]:
    """The score ``compare`` gives each case with weights fitted on the other folds, and the truth."""
    x, y = cases(path)
    rows = list(csv.DictReader(path.open(encoding="utf-8")))
    fold_of = groups(path) % folds
    scores = np.zeros(len(y))
    for fold in range(folds):
        train = fold_of != fold
        weights = weights_of(fit_with(x[train], y[train], *extra))
        for n in np.flatnonzero(~train):
            row = rows[n]
            found = compare(row["name1"], row["name2"], KINDS[row["schema"]], weights=weights)
            scores[n] = found.score
    return scores, y


def sigmoid(value: _Float) -> _Float:
    found: _Float = 1 / (1 + np.exp(-value))
    return found


def weights_of(w: _Float) -> Weights:
    """Fitted weights, the bias first, as ``compare`` takes them."""
    return Weights(float(w[0]), tuple(w[1:].tolist()))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    options = parser.parse_args(arguments)
    names = options.data / "names"
    path = names / "pairs" / "nomenklatura_cases.csv"
    x, y = cases(path)
    px, py = others(names)
    print(f"{len(y)} cases, {len(py)} pairs of people and lone words, {py.mean():.2f} of them one person")
    scores, _ = crossvalidated(path, (px, py))
    print(
        f"cross-validated F1 at .5: {f1(scores, y):.4f}; "
        f"at .45 and .55: {f1(scores, y, 0.45):.4f} {f1(scores, y, 0.55):.4f}"
    )
    w = fit_with(x, y, px, py)
    print(f"fitted: F1 {f1(sigmoid(x @ w), y):.4f}; people {f1(sigmoid(px @ w), py):.4f}; bias {w[0]:.2f}")
    for feature, weight in zip(FEATURES, w[1:], strict=True):
        print(f"  {feature.name:<18} {weight:6.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
