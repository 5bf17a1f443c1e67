"""Warnings and blame found in our own annotated sentences, in English, Russian, Ukrainian and Kazakh.

    python benchmarks/judge/extraction.py [--split test] [--lang ru] [--json] [--floor check|raise|lower]
    python benchmarks/judge/extraction.py --split train --errors

A forecast is found if one of the ledger's entries has at least half of the event's words in common with the
annotation (of the words that either has); a blame if one of its rows has half of the words of the accused
and the right stance. Of those found: ``horizon`` is the share whose last day (or open end) is right,
``who`` the share whose warner or accuser shares a word with the one annotated (or has none where none is).
The peer is what the kind of each claim alone gives: a claim of kind forecast or blame whose whole content
stands for the event or the accused. Errors are listed for the train part only: the test part is for
figures.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from tocsin.evaluate.judging_systems import facts_in
from tocsin.evaluate.scores.judging import SAME, word_starts
from tocsin.evaluate.scores.rates import Rates
from tocsin.judge.blame import blame_rows
from tocsin.judge.forecasts import Facts, forecasts_of
from tocsin.judge.window import last_moment
from tocsin.model import Span
from tocsin.testing import ratchet

HERE: Final = Path(__file__).resolve()
FLOORS: Final = HERE.parents[1] / "floors" / "judge-extraction.json"
ANNOTATED: Final = HERE.parents[2] / "training" / "annotated_judgement"


def loader() -> Any:
    """The module beside the annotated sentences that reads and checks them."""
    spec = importlib.util.spec_from_file_location("annotated_judgement", ANNOTATED / "load.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"no loader in {ANNOTATED}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass(frozen=True, slots=True)
class Found:
    """One thing found: its words that count, its horizon, and who."""

    words: frozenset[int]
    label: str
    who: frozenset[int]
    last_day: str | None


@dataclass(slots=True)
class Tally:
    """Counts of one kind in one language."""

    right: int = 0
    given: int = 0
    wanted: int = 0
    who: int = 0
    horizon: int = 0
    errors: list[str] = field(default_factory=list)

    def figures(self, kind: str) -> dict[str, float]:
        rates = Rates(self.right, self.given, self.wanted)
        found = {f"{kind} F1": rates.f1, f"{kind} precision": rates.precision, f"{kind} recall": rates.recall}
        found[f"{kind} who"] = self.who / max(self.right, 1)
        if kind == "forecast":
            found["horizon value"] = self.horizon / max(self.right, 1)
        return found


def pairs(spans: Iterable[Span]) -> list[tuple[int, int]]:
    return [(s.start, s.end) for s in spans]


def analysed(records: Sequence[Mapping[str, Any]], language: str, method: str) -> list[Facts]:
    """Each sentence as a document of its own, in the language of the file."""
    asked = [(r["text"], datetime.fromisoformat(r["published"]), language) for r in records]
    return facts_in(asked, method)


def forecasts(facts: Facts) -> list[Found]:
    """The ledger's entries."""
    text = facts.document.text
    found = []
    by_claim = {c.claim_id: c for c in facts.claims}
    for row in forecasts_of(facts):
        chain = [facts.attributions[k] for k in by_claim[row.claim_id].chain]
        last = last_moment(row.due).date().isoformat() if row.due else None
        who = word_starts(text, (p for a in chain for p in pairs(a.source)))
        found.append(Found(word_starts(text, pairs(row.event)), "", who, last))
    return found


def blames(facts: Facts) -> list[Found]:
    """The rows of blame."""
    text = facts.document.text
    found = []
    by_claim = {c.claim_id: c for c in facts.claims}
    for row in blame_rows(facts):
        chain = [facts.attributions[k] for k in by_claim[row.claim_id].chain]
        named = text.find(row.accuser_label)
        spans = [p for a in chain for p in pairs(a.source)]
        if named >= 0:
            spans.append((named, named + len(row.accuser_label)))
        found.append(Found(word_starts(text, pairs(row.accused)), row.stance, word_starts(text, spans), None))
    return found


def by_kind_alone(facts: Facts, kind: str) -> list[Found]:
    """The peer: whole contents of claims of this kind."""
    text = facts.document.text
    return [
        Found(word_starts(text, pairs(c.content)), "accuse" if kind == "blame" else "", frozenset(), None)
        for c in facts.claims
        if c.kind == kind
    ]


def count(tally: Tally, record: Mapping[str, Any], kind: str, found: Sequence[Found]) -> None:
    """Count one sentence."""
    text = record["text"]
    tally.given += len(found)
    shown = "; ".join(
        " ".join(text[w : w + 12].split()[0] for w in sorted(f.words)) + f" {f.last_day or ''}{f.label}"
        for f in found
    )
    if record["kind"] != kind:
        if found:
            tally.errors.append(f"{record['doc_id']} {kind} where none is: {text} → {shown}")
        return
    tally.wanted += 1
    gold = word_starts(text, record["event" if kind == "forecast" else "accused"])
    stance = record.get("stance", "")
    right = [f for f in found if len(gold & f.words) >= SAME * len(gold | f.words) and f.label == stance]
    if not right:
        tally.errors.append(f"{record['doc_id']} {kind} missed: {text} → {shown or '–'}")
        return
    tally.right += 1
    best = max(right, key=lambda f: len(gold & f.words))
    who = word_starts(text, record["warner" if kind == "forecast" else "accuser"])
    if bool(who & best.who) or (not who and not best.who):
        tally.who += 1
    elif kind == "forecast" or who:
        tally.errors.append(
            f"{record['doc_id']} who: {text} → {[text[w : w + 10] for w in sorted(best.who)]}"
        )
    else:
        tally.who += 1  # own avowal: no accuser is annotated beside the accused
    if kind == "forecast":
        if best.last_day == record["last_day"]:
            tally.horizon += 1
        else:
            tally.errors.append(f"{record['doc_id']} horizon: {text} {record['last_day']} → {best.last_day}")


def measure(languages: Sequence[str], split: str, method: str, errors: bool) -> dict[str, dict[str, float]]:
    """Language → figures, those of the peer with «by kind alone» before them."""
    result: dict[str, dict[str, float]] = {}
    for language in languages:
        records = loader().load(language, split)
        figures: dict[str, float] = {"sentences": len(records)}
        for kind, system in (("forecast", forecasts), ("blame", blames)):
            own, peer = Tally(), Tally()
            for record, facts in zip(records, analysed(records, language, method), strict=True):
                count(own, record, kind, system(facts))
                count(peer, record, kind, by_kind_alone(facts, kind))
            figures |= own.figures(kind)
            figures[f"{kind} F1 by kind alone"] = peer.figures(kind)[f"{kind} F1"]
            if errors:
                print("\n".join(own.errors))
        result[language] = figures
    return result


def table(figures: Mapping[str, Mapping[str, float]]) -> str:
    """Figures as rows, languages as columns."""
    names = list(dict.fromkeys(n for own in figures.values() for n in own))
    rows = [" " * 26 + "".join(f"{language:>8}" for language in figures)]
    for name in names:
        cells = [
            f"{own[name]:8.0f}" if name == "sentences" else f"{own[name]:8.3f}" for own in figures.values()
        ]
        rows.append(f"{name:26}" + "".join(cells))
    return "\n".join(rows)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--split", choices=["test", "train"], default="test")
    parser.add_argument("--lang", action="append", choices=["en", "ru", "uk", "kk"], help="these only")
    parser.add_argument(
        "--method", choices=["rules", "network", "joined"], default="rules", help="who finds attributions"
    )
    parser.add_argument("--errors", action="store_true", help="list what is wrong (train part only)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON instead of a table")
    parser.add_argument(
        "--floor", choices=ratchet.MODES, default="check", help="what to do with the floors of the test part"
    )
    arguments = parser.parse_args()
    if arguments.errors and arguments.split == "test":
        raise SystemExit("the test part is for figures: --errors goes with --split train")
    languages = arguments.lang or ["en", "ru", "uk", "kk"]
    figures = measure(languages, arguments.split, arguments.method, arguments.errors)
    print(json.dumps(figures, indent=1) if arguments.json else table(figures))
    if arguments.split == "test" and not arguments.lang and arguments.method == "rules":
        metrics = {
            f"{lang}: {name}": v
            for lang, own in figures.items()
            for name, v in own.items()
            if name != "sentences"
        }
        dataset = ratchet.digest_files(ANNOTATED.glob("*-test.txt"))
        print(ratchet.settle(FLOORS, dataset, metrics, arguments.floor), file=sys.stderr)
    else:
        print("floors are of the whole test part, by the rules: not checked", file=sys.stderr)


if __name__ == "__main__":
    main()
