"""Names across scripts and cases: found among many, told apart, and how fast.

    python benchmarks/resolve/names.py [--data ../shared/data] [--names 1000000]

Found: BSNLP 2021, persons of the Russian and Ukrainian texts → their names in the Czech and Polish ones, by
the identifier both share, among 20,000 drawn names; by lemma, and by the inflected forms of the texts. A
Latin name is right if the gold has it for the same person. SlavicNER: inflected forms → their lemma. Name
tokens: pairs of Wikidata never learnt from, among 20,000. Told apart: nomenklatura's name-match cases, F1.

Nothing is measured on what it was fitted to: for the first two the weights of the comparison are fitted
without the topics measured, for the cases on the other folds (cases that share a name stay together). What
stays: lists of given names and titles are hand-made, and errors on these parts were read while making them.

Peers in the same run: a fold with rapidfuzz, ICU's transliteration with rapidfuzz, and the fold with
nomenklatura's LogicV2 summed, over the fold's best 50. A peer that is not installed is named and left out.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from tocsin.model.ids import make_id
from tocsin.resolve.names import NameIndex, fold
from tocsin.resolve.names.compare import WEIGHTS, Weights
from tocsin.resolve.names.letters import letters, script, words
from tocsin.testing import ratchet
from training.names import fit_compare
from training.names.learn_sounds import held_out

FLOOR = Path(__file__).parents[1] / "floors" / "names.json"
DISTRACTORS = 20_000
TOPICS = frozenset({"asia_bibi", "ryanair"})
LOGIC_THRESHOLD = 0.7  # LogicV2's own
_SHORTLIST = 50


@dataclass
class Task:
    """Queries with the ids that are right, and the names to choose from with the ids they bear."""

    name: str
    language: str
    queries: list[tuple[str, str]]
    names: dict[str, set[str]]
    kind: str = "PER"
    texts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.texts = sorted(self.names)


Answer = Callable[[Task], Sequence[str]]


def cyrillic(name: str) -> bool:
    return any(script(letters(word)) == "cyrillic" for word in words(name) if letters(word))


def tokens(path: Path) -> list[tuple[str, str, int]]:
    """Latin, Russian, bearers."""
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return [(latin, russian.replace(" ", ""), int(count)) for latin, russian, count in rows]


def drawn(rows: Sequence[tuple[str, str, int]], many: int, seed: int) -> list[str]:
    """Made names: one word, or two or three, drawn from Latin tokens by their bearers."""
    rng = random.Random(seed)  # noqa: S311 - a fixed draw
    latin, weights = [row[0].capitalize() for row in rows], [row[2] for row in rows]
    found: dict[str, None] = {}
    while len(found) < many:
        sizes = rng.choices((1, 2, 3), (1, 4, 1), k=many)
        pool = iter(rng.choices(latin, weights, k=sum(sizes)))
        for size in sizes:
            found.setdefault(" ".join(next(pool) for _ in range(size)))
    return list(found)[:many]


def bsnlp(folder: Path, distractors: Iterable[str]) -> list[Task]:
    """Persons by lemma, then by form. Entries whose identifier is of no person («парижанка») are left out."""
    lemmas: dict[tuple[str, str], set[str]] = defaultdict(set)
    forms: dict[tuple[str, str], set[str]] = defaultdict(set)
    for file in sorted(folder.rglob("*.out")):
        for line in file.read_text(encoding="utf-8").splitlines()[1:]:
            cells = [cell.strip() for cell in line.split("\t")]
            if len(cells) == 4 and cells[2] == "PER" and cells[3].startswith("PER-"):
                lemmas[file.parent.name, cells[3]].add(cells[1])
                if cells[0] != cells[1]:
                    forms[file.parent.name, cells[3]].add(cells[0])
    names: dict[str, set[str]] = defaultdict(set)
    for (language, identity), found in lemmas.items():
        if language in {"cs", "pl"}:
            for lemma in found:
                if not cyrillic(lemma):
                    names[lemma].add(identity)
    reachable = set().union(*names.values())
    for name in distractors:
        names.setdefault(name, set())
    tasks = []
    for label, source in (("BSNLP", lemmas), ("BSNLP inflected", forms)):
        for language in ("ru", "uk"):
            queries = sorted(
                (text, identity)
                for (own, identity), found in source.items()
                if own == language and identity in reachable
                for text in found
                if cyrillic(text)
            )
            tasks.append(Task(f"{label} {language}", language, queries, dict(names)))
    return tasks


def own_lemmas(folder: Path, rows: Sequence[tuple[str, str, int]]) -> list[Task]:
    """Inflected persons of SlavicNER's same two topics → their lemma, among drawn Russian names."""
    others = drawn(
        [(russian, latin, count) for latin, russian, count in rows if cyrillic(russian)], DISTRACTORS, 5
    )
    tasks = []
    for language in ("ru", "uk"):
        names: dict[str, set[str]] = {name: set() for name in others}
        queries: set[tuple[str, str]] = set()
        for line in (folder / f"slavicner_{language}.jsonl").read_text(encoding="utf-8").splitlines():
            document = json.loads(line)
            if document["topic"] not in TOPICS:
                continue
            for start, end, kind, lemma, identity in document["entities"]:
                form = document["text"][start:end]
                if kind == "PER" and identity.startswith("PER-") and cyrillic(lemma):
                    names.setdefault(lemma, set()).add(lemma)
                    if form != lemma:
                        queries.add((form, lemma))
        tasks.append(Task(f"SlavicNER inflected {language}", language, sorted(queries), names))
    return tasks


def wikidata(rows: Sequence[tuple[str, str, int]]) -> Task:
    """Held-out tokens; a Latin token that the file has for the same Russian one is right."""
    rng = random.Random(7)  # noqa: S311 - a fixed draw
    kept = [row for row in rows if held_out(row[0]) and cyrillic(row[1])]
    gold: dict[str, set[str]] = defaultdict(set)
    for latin, russian, _ in rows:
        gold[latin].add(russian)
    others = [latin for latin, _, _ in rows if not held_out(latin)]
    pool = [row[0] for row in kept] + rng.sample(others, DISTRACTORS - len(kept))
    queries = sorted({(russian, russian) for _, russian, _ in kept})
    return Task("Wikidata tokens", "", queries, {latin: gold[latin] for latin in pool}, "PER")


# --- systems ------------------------------------------------------------------------------------


def ours(weights: Weights) -> Answer:
    def answer(task: Task) -> list[str]:
        index = NameIndex(weights)
        index.add_many((text, text) for text in task.texts)
        found = []
        for query, _ in task.queries:
            best = index.find(query, 1, language=task.language, kind=task.kind)
            found.append(best[0].name_id if best else "")
        return found

    return answer


def by_key(key: Callable[[str], str]) -> Answer:
    """The name whose key is nearest by rapidfuzz's token_sort_ratio."""

    def answer(task: Task) -> list[str]:
        from rapidfuzz import fuzz, process

        keys = [key(text) for text in task.texts]
        found = []
        for query, _ in task.queries:
            best = process.extractOne(key(query), keys, scorer=fuzz.token_sort_ratio)
            found.append(task.texts[best[2]] if best else "")
        return found

    return answer


@cache
def logic() -> Callable[[str, str, str], float]:
    """LogicV2's score of two names of a schema."""
    from followthemoney import EntityProxy
    from nomenklatura.matching import LogicV2

    config = LogicV2.default_config()

    @cache
    def entity(name: str, schema: str, side: str) -> Any:
        # LogicV2 remembers an entity's names by its id alone: an id used twice scores the first one's names.
        identity = make_id("peer", name, schema, side)
        return EntityProxy.from_dict({"id": identity, "schema": schema, "properties": {"name": [name]}})

    def score(left: str, right: str, schema: str) -> float:
        pair = entity(left, schema, "query"), entity(right, schema, "result")
        return float(LogicV2.compare(*pair, config).score)

    same, other = (score("Anna Kowak", name, "Person") for name in ("Anna Kowak", "Igor Zhuk"))
    if same < LOGIC_THRESHOLD or other >= LOGIC_THRESHOLD:
        raise SystemExit("LogicV2 cannot tell two unlike names apart: it is not called as it should be")
    return score


def fold_and_logic(task: Task) -> list[str]:
    """The fold's best 50, by the sum of the fold's ratio and LogicV2's score."""
    from rapidfuzz import fuzz, process

    keys = [fold(text) for text in task.texts]
    found = []
    for query, _ in task.queries:
        near = process.extract(fold(query), keys, scorer=fuzz.token_sort_ratio, limit=_SHORTLIST)
        score = {row: ratio / 100 + logic()(query, task.texts[row], "Person") for _, ratio, row in near}
        found.append(task.texts[max(score, key=lambda row: (score[row], -row))] if score else "")
    return found


def icu(name: str) -> str:
    from normality import ascii_text

    return (ascii_text(name) or "").lower()


def peers() -> dict[str, Answer]:
    found: dict[str, Answer] = {}
    for name, answer, needs in (
        ("fold + rapidfuzz", by_key(fold), ("rapidfuzz",)),
        ("ICU + rapidfuzz", by_key(icu), ("rapidfuzz", "normality")),
        ("fold + LogicV2", fold_and_logic, ("rapidfuzz", "nomenklatura", "followthemoney")),
    ):
        try:
            for module in needs:
                __import__(module)
        except ImportError as error:
            print(f"{name} is left out: {error}")
            continue
        found[name] = answer
    return found


# --- measuring ----------------------------------------------------------------------------------


def fitted(names: Path) -> tuple[Weights, list[float], list[float], list[dict[str, str]]]:
    """Weights without the measured topics; scores of the cases by cross-validation, truth and the cases."""
    path = names / "pairs" / "nomenklatura_cases.csv"
    x, y = fit_compare.cases(path)
    px, py = fit_compare.others(names, TOPICS)
    weights = fit_compare.weights_of(fit_compare.fit_with(x, y, px, py))
    scores, _ = fit_compare.crossvalidated(path, (px, py))
    return weights, scores.tolist(), y.tolist(), list(csv.DictReader(path.open(encoding="utf-8")))


def recall(task: Task, found: Sequence[str]) -> float:
    right = sum(
        identity in task.names.get(text, ()) for (_, identity), text in zip(task.queries, found, strict=True)
    )
    return right / len(task.queries)


def found_among(
    tasks: Sequence[Task], weights: Weights, others: dict[str, Answer], show: int
) -> dict[str, float]:
    metrics = {}
    for task in tasks:
        print(f"{task.name}: {len(task.queries)} queries, {len(task.texts):,} names; R@1")
        answered = ours(weights)(task)
        metrics[f"{task.name}: R@1"] = recall(task, answered)
        print(f"  {'ours, weights fitted elsewhere':<32} {metrics[f'{task.name}: R@1']:.3f}")
        print(f"  {'ours, as shipped':<32} {recall(task, ours(WEIGHTS)(task)):.3f}")
        for name, answer in others.items():
            print(f"  {name:<32} {recall(task, answer(task)):.3f}", flush=True)
        wrong = [
            (query, identity, text)
            for (query, identity), text in zip(task.queries, answered, strict=True)
            if identity not in task.names.get(text, ())
        ]
        for query, identity, text in wrong[:show]:
            print(f"    {query} → {text}, not {identity}")
    return metrics


def told_apart(
    scores: list[float], truth: list[float], rows: list[dict[str, str]], peer: bool
) -> dict[str, float]:
    y = np.array(truth)
    metrics = {"nomenklatura cases: F1": fit_compare.f1(np.array(scores), y)}
    print(f"nomenklatura cases: {len(y)}; F1")
    print(f"  {'ours, cross-validated':<32} {metrics['nomenklatura cases: F1']:.3f}")
    if peer:
        theirs = np.array([logic()(row["name1"], row["name2"], row["schema"]) for row in rows])
        print(f"  {'LogicV2 at its own .7':<32} {fit_compare.f1(theirs, y, LOGIC_THRESHOLD):.3f}")
        best = max(np.arange(0.05, 1, 0.05), key=lambda at: fit_compare.f1(theirs, y, float(at)))
        print(f"  {f'LogicV2 at its best, {best:.2f}':<32} {fit_compare.f1(theirs, y, float(best)):.3f}")
    return metrics


def speed(rows: Sequence[tuple[str, str, int]], many: int, asked: int) -> None:
    """Processor time, one thread; the queries are Russian tokens of the same people, never asked before."""
    rng = random.Random(11)  # noqa: S311 - a fixed draw
    russian, weights = [row[1].capitalize() for row in rows], [row[2] for row in rows]
    queries = [" ".join(rng.choices(russian, weights, k=2)) for _ in range(asked)]
    index = NameIndex()
    index.add_many((str(n), name) for n, name in enumerate(drawn(rows, many, 3)))
    begun = time.process_time()
    index.find_many(["Анна Ковак"])
    print(f"speed: {many:,} names, built in {time.process_time() - begun:.0f} s of processor time")
    begun = time.process_time()
    index.find_many(queries)
    print(f"  {asked:,} queries, {asked / (time.process_time() - begun):,.0f} a second (find_many)")
    begun = time.process_time()
    for query in queries[:200]:
        index.find(query, 5, language="ru", kind="PER")
    print(f"  {200 / (time.process_time() - begun):,.0f} a second with cases and reasons (find)")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument(
        "--names", type=int, default=1_000_000, help="names of the speed test; 0 leaves it out"
    )
    parser.add_argument("--queries", type=int, default=20_000)
    parser.add_argument("--show", type=int, default=0, help="wrong answers of ours to print, each task")
    parser.add_argument("--floor", choices=ratchet.MODES, default="check")
    options = parser.parse_args(arguments)
    names = options.data / "names"
    rows = tokens(names / "pairs" / "wd_russian_80.tsv")
    weights, scores, truth, cases = fitted(names)
    others = peers()
    tasks = [
        *bsnlp(names / "bsnlp2021", drawn(rows, DISTRACTORS, 2021)),
        *own_lemmas(names / "ner", rows),
        wikidata(rows),
    ]
    metrics = found_among(tasks[:-1], weights, others, options.show)
    # LogicV2 weighs whole names; on lone tokens only the folds are peers.
    metrics |= found_among(
        tasks[-1:], weights, {k: v for k, v in others.items() if "Logic" not in k}, options.show
    )
    metrics |= told_apart(scores, truth, cases, "fold + LogicV2" in others)
    files = [*names.glob("bsnlp2021/**/*.out"), *names.glob("pairs/*"), *names.glob("ner/slavicner_*")]
    print(ratchet.settle(FLOOR, ratchet.digest_files(files), metrics, options.floor))
    if options.names:
        speed(rows, options.names, options.queries)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
