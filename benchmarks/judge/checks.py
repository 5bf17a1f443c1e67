"""Checks on our own annotated statements, in English, Russian, Ukrainian and Kazakh (200 items, half for
test).

    python benchmarks/judge/checks.py [--split test] [--lang ru] [--json] [--floor check|raise|lower]
    python benchmarks/judge/checks.py --split train --errors

Each item is a text (and, for sources, the other documents of its case) and what its check should come to:
consistent, inconsistent or open. It comes out inconsistent if any check of it is, else consistent if any is,
else open: "not checkable" and nothing found are one. ``precision`` and ``recall`` are of inconsistent;
``consistent recall`` is the share of the consistent ones that come out so; ``right`` the share of all.
Errors are listed for the train part only: the test part is for figures.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

HERE: Final = Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[2]))

from tocsin.extract.stage import extract_claims  # noqa: E402
from tocsin.judge.checks.corpus import derive_source_checks  # noqa: E402
from tocsin.judge.checks.stage import derive_checks  # noqa: E402
from tocsin.language.stage import segment_documents  # noqa: E402
from tocsin.model import Check, Document, Post, document_from_post  # noqa: E402
from tocsin.model.arrow import empty_table, rows_of, table_of  # noqa: E402
from tocsin.model.tables import CHECK_PROBLEMS, CHECKS, DOCUMENTS, FIGURES, SOURCE_CHECKS  # noqa: E402
from tocsin.resolve.stage import resolve_places, resolve_quantities, resolve_times  # noqa: E402
from tocsin.testing import ratchet  # noqa: E402
from training.annotated_checks.load import KINDS, LANGUAGES, PUBLISHED, Item, load  # noqa: E402

FLOORS: Final = HERE.parents[1] / "floors" / "checks.json"
ANNOTATED: Final = HERE.parents[2] / "training" / "annotated_checks"


def documents_of(item: Item) -> list[Document]:
    """The item's text as a post, and the other documents of its case."""
    when = datetime.fromisoformat(PUBLISHED)
    posts = [
        Post(item.text, "telegram", channel="Bell Post", channel_id="bell", native_id="1", published=when)
    ]
    posts += [
        Post(
            o.text, "web", channel=o.channel, channel_id=o.channel, native_id=o.url, url=o.url, published=when
        )
        for o in item.others
    ]
    return [document_from_post(post) for post in posts]


def checked(item: Item) -> list[Check]:
    """Everything the checks say of an item's text, through the real stages."""
    documents = documents_of(item)
    data = table_of(documents, DOCUMENTS)
    segmented = segment_documents(data)
    sentences = segmented["sentences"]
    tables: dict[str, Any] = dict(extract_claims(data, sentences, {"extract.method": "rules"}))
    tables |= resolve_times(data, sentences) | resolve_places(data, sentences)
    tables |= resolve_quantities(data, sentences)
    names = ("claims", "times", "places", "quantities")
    found = derive_checks(data, sentences=sentences, **{name: tables[name] for name in names})
    problems = list(rows_of(found["check_problems"], CHECK_PROBLEMS))
    if problems:
        raise SystemExit(f"{item.item_id}: {problems}")
    tables |= segmented | {"documents": data, "figures": empty_table(FIGURES)}
    given: Any = SimpleNamespace(
        table=lambda name, columns=None: tables[name].select(list(columns or tables[name].column_names)),
        settings={"checks.figure_factor": 10.0},
        previous={},
    )
    more = derive_source_checks(given)["source_checks"]
    rows = [*rows_of(found["checks"], CHECKS), *rows_of(more, SOURCE_CHECKS)]
    return [row for row in rows if row.document_id == documents[0].document_id]


def verdict_of(rows: Iterable[Check]) -> str:
    verdicts = {row.verdict for row in rows}
    return next((v for v in ("inconsistent", "consistent") if v in verdicts), "open")


def figures(counts: Mapping[tuple[str, str], int]) -> dict[str, float]:
    """Figures of (annotated, found) → how often."""
    total = sum(counts.values())
    called = sum(n for (_, found), n in counts.items() if found == "inconsistent")
    wanted = sum(n for (gold, _), n in counts.items() if gold == "inconsistent")
    plain = sum(n for (gold, _), n in counts.items() if gold == "consistent")
    right = counts.get(("inconsistent", "inconsistent"), 0)
    return {
        "items": total,
        "precision": right / called if called else 1.0,
        "recall": right / wanted if wanted else 1.0,
        "consistent recall": counts.get(("consistent", "consistent"), 0) / plain if plain else 1.0,
        "right": sum(n for (gold, found), n in counts.items() if gold == found) / total if total else 0.0,
    }


def measure(languages: Sequence[str], split: str, errors: bool) -> dict[str, dict[str, float]]:
    """Figures by language, of all together, and of each kind over all languages."""
    tallies: dict[str, Counter[tuple[str, str]]] = {}
    for language in languages:
        for item in load(language, split):
            rows = checked(item)
            found = verdict_of(rows)
            for name in (language, "all", item.kind):
                tallies.setdefault(name, Counter())[item.verdict, found] += 1
            if errors and found != item.verdict:
                print(f"{item.item_id} {item.kind} {item.verdict} → {found}: {item.text}")
                for row in rows:
                    print(f"    {row.check_name} {row.verdict} {row.read_as} {row.workings} {row.missing}")
    names = [*languages, "all", *(kind for kind in KINDS if kind in tallies)]
    return {name: figures(tallies[name]) for name in names}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--split", choices=["test", "train"], default="test")
    parser.add_argument("--lang", action="append", choices=LANGUAGES, help="these only")
    parser.add_argument("--errors", action="store_true", help="list what is wrong (train part only)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON instead of a table")
    parser.add_argument(
        "--floor", choices=ratchet.MODES, default="check", help="what to do with the floors of the test part"
    )
    arguments = parser.parse_args()
    if arguments.errors and arguments.split == "test":
        raise SystemExit("the test part is for figures: --errors goes with --split train")
    found = measure(arguments.lang or list(LANGUAGES), arguments.split, arguments.errors)
    if arguments.json:
        print(json.dumps(found, indent=1))
    else:
        columns = list(found["all"])
        print(f"{'':10}" + "".join(f"{name:>20}" for name in columns))
        for name, own in found.items():
            print(f"{name:10}" + "".join(f"{own[c]:>20.3f}" for c in columns))
    if arguments.split == "test" and not arguments.lang:
        metrics = {
            f"{name}: {metric}": own[metric]
            for name, own in found.items()
            if name == "all" or name in LANGUAGES
            for metric in ("precision", "recall", "right")
        }
        dataset = ratchet.digest_files(ANNOTATED.glob("*-test.txt"))
        print(ratchet.settle(FLOORS, dataset, metrics, arguments.floor), file=sys.stderr)
    else:
        print("floors are of the whole test part: not checked", file=sys.stderr)


if __name__ == "__main__":
    main()
