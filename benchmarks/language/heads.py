"""Names and what is worth checking, by the packaged core, on what was held out of its training.

    python benchmarks/language/heads.py [--data ../shared/data]

A fifth of each corpus without a development part of its own was never learnt from (by document, debate or
block of sentences: ``training/core/prepare.py``). Those records go through `tocsin eval` as they stand in
the corpus' file, token corpora with a space between tokens. Names are person, organisation and place, by
the guide of the corpus; exact span and type.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tocsin.evaluate import Options
from tocsin.evaluate.run import evaluate
from tocsin.evaluate.tasks.checkworthy import Decisions, Graded
from tocsin.language.assess import CheckworthyHead
from tocsin.language.core import language_core
from tocsin.testing import ratchet
from training.core.prepare import HELD_OUT, fold_of
from training.core.tasks.debates import read_in_context, statements
from training.core.tasks.names_data import CORPORA, MAIN, Corpus, blocks

FLOOR = Path(__file__).parents[1] / "floors" / "language-heads.json"
#: The corpora whose figures are promised.
NAMES = ("factrueval", "slavicner_ru", "slavicner_uk", "kaznerd", "wikigold")
CHECKWORTHY = Path("checkworthy") / "claimbuster_crowdsourced.jsonl"


def lines_of(path: Path) -> list[str]:
    """The lines of a file of records."""
    return path.read_text(encoding="utf-8").splitlines(keepends=True)


def held_out(lines: Sequence[str], keys: Sequence[str], out: Path) -> Path:
    """Write the lines whose key is in the fold no head learnt from."""
    kept = (line for line, key in zip(lines, keys, strict=True) if fold_of(key) == HELD_OUT)
    out.write_text("".join(kept), encoding="utf-8")
    return out


def names(path: Path, corpus: Corpus, out: Path) -> dict[str, float]:
    """Exact F of the three types together; that of each is printed."""
    lines = lines_of(path)
    gold = held_out(lines, blocks([json.loads(line) for line in lines]), out)
    renames = {own: ours for own, ours in corpus.types.items() if own != ours}
    options = Options(types=MAIN, renames=renames, style=corpus.style, outermost=True, resamples=0)
    report = evaluate("ner", gold, options)
    figures = {(f.group, f.name): f for f in report.outcome.figures}
    for kind in MAIN:
        print(f"{corpus.name}: {kind:26}{figures['by type', kind].value or 0.0:8.3f}")
    return {f"{corpus.name}: names, F": figures["all names", "micro"].value or 0.0}


def checkworthy(path: Path, out: Path) -> dict[str, float]:
    """Macro-F1, F1 of yes and average precision in the debates held out."""
    lines = lines_of(path)
    gold = held_out(lines, [json.loads(line)["file"] for line in lines], out)
    report = evaluate("checkworthy", gold, Options(resamples=0))
    figures = {f.name: f.value or 0.0 for f in report.outcome.figures}
    wanted = {"macro F1": "macro F1", "yes": "F1", "average precision": "average precision"}
    return {f"claimbuster: {said}": figures[name] for name, said in wanted.items()}


def in_context(path: Path) -> dict[str, float]:
    """The same of sentences read among those their speaker said around them, as those of documents are."""
    core = language_core()
    held = [statement for statement in statements(path) if statement.fold == HELD_OUT]
    head = CheckworthyHead(core)
    decisions = Decisions(head.threshold)
    for statement, score in zip(held, head.judge(read_in_context(core, held)).tolist(), strict=True):
        decisions.add(statement.debate, statement.kind == 2, Graded(score))
    figures = {f.name: f.value or 0.0 for f in decisions.figures("all")}
    wanted = {"macro F1": "macro F1", "average precision": "average precision"}
    return {f"claimbuster in context: {said}": figures[name] for name, said in wanted.items()}


def main() -> None:
    """Print every figure, and check the floors."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--floor", choices=ratchet.MODES, default="check")
    arguments = parser.parse_args()
    corpora = {corpus.name: corpus for corpus in CORPORA}
    paths = {name: arguments.data / "names/ner" / f"{corpora[name].train}.jsonl" for name in NAMES}
    worthy = arguments.data / CHECKWORTHY
    metrics: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        gold = Path(folder) / "held-out.jsonl"
        for name, path in paths.items():
            metrics |= names(path, corpora[name], gold)
        metrics |= checkworthy(worthy, gold) | in_context(worthy)
    for name, value in metrics.items():
        print(f"{name:40}{value:8.3f}")
    print(ratchet.settle(FLOOR, ratchet.digest_files([*paths.values(), worthy]), metrics, arguments.floor))


if __name__ == "__main__":
    main()
