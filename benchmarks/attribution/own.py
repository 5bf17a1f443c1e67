"""Attributions in Russian, Ukrainian and Kazakh on our own annotated texts: rules, network, and spans given.

    python benchmarks/attribution/own.py [--split test] [--lang ru] [--system rules] [--json]
    python benchmarks/attribution/own.py --gold-spans                       # what is said of given spans
    python benchmarks/attribution/own.py --gold-spans --split train --errors

Spans are scored as ``tocsin eval attribution`` scores them. What is said of an attribution (its source kind,
certainty with polarity, kind, parent) is counted over those whose content shares half of its words with one
of the annotation; the words of forecasts and of blame, and those that weaken, over the same pairs, as F of
words. Recall by depth and by genre is that of joint. Errors are listed for the train part only: the test part
is for figures.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from tocsin.evaluate.scores.attribution import MEASURES, ROLES, AttributionScorer, Roles, Words
from tocsin.evaluate.scores.rates import Rates
from tocsin.extract import AttributionExtractor, Reading, RuleExtractor, readings_of
from tocsin.extract.chains import attributions_of, nest
from tocsin.extract.drafts import Draft, Line, make_draft
from tocsin.extract.lexicon import lexicon_language
from tocsin.extract.rules import lines_of
from tocsin.language.stage import segment_text
from tocsin.model import Attribution, Document, Post, Sentence, Spans, document_from_post
from tocsin.testing import ratchet

HERE: Final = Path(__file__).resolve()
FLOORS: Final = HERE.parents[1] / "floors"
ANNOTATED: Final = HERE.parents[2] / "training" / "annotated"
LANGUAGES: Final = ("ru", "uk", "kk")
#: What is said of an attribution as one of several values.
LABELS: Final = ("source kind", "certainty", "kind", "parent")
#: What is said of it as words of the text.
WORDS: Final = ("event", "horizon", "blamed", "deed", "hedge")

Pairs = tuple[tuple[int, int], ...]
Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Item:
    """An attribution as annotated or as found; ``parent`` is the place of another in the same list."""

    roles: Roles
    labels: Mapping[str, str]
    words: Mapping[str, Pairs]
    parent: int | None


#: From the text, its language and the annotation to what was found; only given spans look at the last.
System = Callable[[str, str, Sequence[Item]], list[Item]]


# --- the annotation ----------------------------------------------------------------------------------


@cache
def loader() -> Any:
    """The module beside the annotated texts that reads and checks them."""
    spec = importlib.util.spec_from_file_location("annotated_load", ANNOTATED / "load.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"no loader in {ANNOTATED}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def annotated(record: Mapping[str, Any]) -> list[Item]:
    """The attributions of an annotated text."""
    rows = record["attributions"]
    place = {row["id"]: number for number, row in enumerate(rows)}
    return [
        Item(
            Roles(*(_ranges(row[role]) for role in ROLES)),
            {"source kind": row["source_kind"], "certainty": row["certainty"], "kind": row["kind"]},
            {name: _ranges(row.get(name, ())) for name in WORDS},
            place.get(row["parent"]),
        )
        for row in rows
    ]


def _ranges(found: Sequence[Sequence[int]]) -> Pairs:
    return tuple((start, end) for start, end in found)


# --- the systems -------------------------------------------------------------------------------------


def _segmented(text: str, language: str) -> tuple[Document, list[Sentence]]:
    """A document and its sentences; a sentence in a language without rules is read in that of the text."""
    document = document_from_post(Post(text=text, platform="file"))
    found = segment_text(document.document_id, text)
    return document, [s if lexicon_language(s.language) else replace(s, language=language) for s in found]


def extracting(extractor: AttributionExtractor) -> System:
    """An extractor as a system."""

    def found(text: str, language: str, _: Sequence[Item]) -> list[Item]:
        document, sentences = _segmented(text, language)
        return _items(document, sentences, extractor.extract(document, sentences))

    return found


def given_spans(text: str, language: str, gold: Sequence[Item]) -> list[Item]:
    """The annotated spans with everything else found: who nests in whom, kinds and certainty."""
    document, sentences = _segmented(text, language)
    lines = lines_of(text, sentences)
    drafts = [draft for item in gold if (draft := _draft(text, lines, item)) is not None]
    drafts.sort(key=lambda d: ((d.cue or d.source or d.content)[0], d.content))
    found = attributions_of(document, lines, nest(text, drafts), "given")
    return _items(document, sentences, found)


def _draft(text: str, lines: Sequence[Line], item: Item) -> Draft | None:
    roles = item.roles
    at = (roles.cue or roles.source or roles.content)[0][0]
    line = max((one for one in lines if one.start <= at), key=lambda one: one.start, default=lines[0])
    draft = make_draft(text, line, (roles.source, roles.cue, roles.content), "given", 1.0)
    if draft is not None and not draft.source:
        draft.implied = "before"
    return draft


def _items(
    document: Document, sentences: Sequence[Sentence], attributions: Sequence[Attribution]
) -> list[Item]:
    by_id = {a.attribution_id: a for a in attributions}
    place = {key: number for number, key in enumerate(by_id)}
    readings = readings_of(document, sentences, attributions)
    return [
        Item(
            Roles(_pairs(_source(a, by_id)), _pairs(a.cue), _pairs(a.content)),
            {
                "source kind": a.source_kind,
                "certainty": readings[a.attribution_id].certainty,
                "kind": readings[a.attribution_id].kind,
            },
            _words(readings[a.attribution_id]),
            place[a.parent_id] if a.parent_id else None,
        )
        for a in attributions
    ]


def _words(reading: Reading) -> dict[str, Pairs]:
    found = {name: _pairs(getattr(reading, name)) for name in WORDS if name != "hedge"}
    weakened = not reading.certainty.startswith("CT")  # else they are only what denies
    return {**found, "hedge": _pairs(reading.hedges) if weakened else ()}


def _source(attribution: Attribution, by_id: Mapping[str, Attribution]) -> Spans:
    while not attribution.source and attribution.antecedent_id:
        attribution = by_id[attribution.antecedent_id]
    return attribution.source


def _pairs(spans: Spans) -> Pairs:
    return tuple((span.start, span.end) for span in spans)


def _network() -> System:
    from tocsin.extract.neural import NeuralExtractor

    return extracting(NeuralExtractor())


def _joined() -> System:
    from tocsin.extract.joined import JoinedExtractor

    return extracting(JoinedExtractor())


SYSTEMS: Final[dict[str, Callable[[], System]]] = {
    "rules": lambda: extracting(RuleExtractor()),
    "joined": _joined,
    "network": _network,
}
GIVEN: Final = "given spans"


# --- scoring -----------------------------------------------------------------------------------------


@dataclass(slots=True)
class Score:
    """Counts of one system in one language."""

    scorer: AttributionScorer = field(default_factory=AttributionScorer)
    right: Counter[str] = field(default_factory=Counter)
    pairs: int = 0
    words: dict[str, list[int]] = field(default_factory=lambda: {name: [0, 0, 0] for name in WORDS})
    kinds: list[tuple[str, str]] = field(default_factory=list)
    found: Counter[str] = field(default_factory=Counter)
    wanted: Counter[str] = field(default_factory=Counter)

    def add(self, record: Mapping[str, Any], gold: Sequence[Item], found: Sequence[Item]) -> Iterator[str]:
        """Count one text; gives a line for each thing wrong with it."""
        text = record["text"]
        roles = [item.roles for item in gold], [item.roles for item in found]
        matched = self.scorer.add(record["doc_id"], text, *roles)
        paired = {i: j for i, j, _, _ in matched.pairs}
        joint = {i for i, _, source, _ in matched.pairs if source}
        for i, item in enumerate(gold):
            for part in ("outermost" if item.parent is None else "nested", record["genre"]):
                self.wanted[part] += 1
                self.found[part] += i in joint
        words = Words(text)
        for i, j in sorted(paired.items()):
            self.pairs += 1
            labels = self._labels(gold[i], found[j], paired)
            self.kinds.append((gold[i].labels["kind"], found[j].labels["kind"]))
            for name, (wanted, given) in labels.items():
                self.right[name] += wanted == given
                if wanted != given:
                    yield _wrong(record, gold[i], name, wanted, given)
            for name in WORDS:
                wanted_words, given_words = gold[i].words[name], found[j].words[name]
                a, b = words.touched(wanted_words), words.touched(given_words)
                self.words[name][0] += len(a & b)
                self.words[name][1] += len(b)
                self.words[name][2] += len(a)
                if a != b:
                    quoted = _quoted(text, wanted_words), _quoted(text, given_words)
                    yield _wrong(record, gold[i], name, *quoted)
        for i in matched.missed:
            yield _wrong(record, gold[i], "attribution", "found", "missed")

    @staticmethod
    def _labels(gold: Item, found: Item, paired: Mapping[int, int]) -> dict[str, tuple[str, str]]:
        labels = {name: (gold.labels[name], found.labels[name]) for name in LABELS if name != "parent"}
        above = "none" if gold.parent is None else str(paired.get(gold.parent, "not found"))
        labels["parent"] = above, "none" if found.parent is None else str(found.parent)
        return labels

    def figures(self) -> Figures:
        """Every figure by name, from 0 to 1."""
        result = {f"{name} F": self.scorer.rates(name).f1 for name in MEASURES if name != "joint3"}
        result |= {f"words of {role} F": self.scorer.rates(f"token {role}").f1 for role in ROLES}
        result |= {f"recall {part}": self.found[part] / n for part, n in sorted(self.wanted.items())}
        result |= {f"{name} accuracy": self.right[name] / max(self.pairs, 1) for name in LABELS}
        result["kind macro-F"] = macro(self.kinds)
        result |= {f"words of {name} F": Rates(*counts).f1 for name, counts in self.words.items()}
        return result


def macro(pairs: Sequence[tuple[str, str]]) -> float:
    """Mean over the annotated labels of the F of each."""
    right = Counter(a for a, b in pairs if a == b)
    gold, found = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    return sum(Rates(right[k], found[k], gold[k]).f1 for k in gold) / len(gold) if gold else 0.0


def _quoted(text: str, pairs: Pairs) -> str:
    return " … ".join(text[start:end] for start, end in pairs)


def _wrong(record: Mapping[str, Any], gold: Item, name: str, wanted: str, given: str) -> str:
    text = record["text"]
    said = " | ".join(_quoted(text, getattr(gold.roles, role)) for role in ROLES)
    return f"{record['doc_id']} {name}: {wanted or '–'} → {given or '–'}   [{said}]"


# --- running -----------------------------------------------------------------------------------------


def measure(
    systems: Mapping[str, System], languages: Sequence[str], split: str, errors: bool
) -> dict[str, dict[str, Figures]]:
    """System → language (``all`` too) → figures."""
    result: dict[str, dict[str, Figures]] = {}
    texts = [(language, loader().load(language, split)) for language in languages]
    for name, system in systems.items():
        everything = Score()
        result[name] = {}
        for language, records in texts:
            score = Score()
            for record in records:
                gold = annotated(record)
                found = system(record["text"], language, gold)
                for line in score.add(record, gold, found):
                    if errors:
                        print(line)
                list(everything.add(record, gold, found))
            result[name][language] = score.figures()
        result[name]["all"] = everything.figures()
    return result


def table(figures: Mapping[str, Mapping[str, Figures]]) -> str:
    """Figures as rows, systems and languages as columns."""
    columns = [(system, language) for system, by in figures.items() for language in by]
    names = list(dict.fromkeys(n for system, language in columns for n in figures[system][language]))
    widths = [max(7, len(f"{system} {language}") + 2) for system, language in columns]
    head = [f"{f'{s} {g}':>{w}}" for (s, g), w in zip(columns, widths, strict=True)]
    rows = [" " * 22 + "".join(head)]
    for name in names:
        values = [figures[system][language].get(name) for system, language in columns]
        cells = ["–" if v is None else f"{100 * v:.1f}" for v in values]
        rows.append(f"{name:22}" + "".join(f"{c:>{w}}" for c, w in zip(cells, widths, strict=True)))
    return "\n".join(rows)


def settle(figures: Mapping[str, Mapping[str, Figures]], mode: str) -> None:
    """Hold each system to its floors on the test part; they are of all languages together and of each."""
    dataset = ratchet.digest_files(
        path for language in LANGUAGES for path in (ANNOTATED / language).glob("test-*.yaml")
    )
    for system, by_language in figures.items():
        metrics = {
            f"{language}: {name}": value
            for language, own in by_language.items()
            for name, value in own.items()
        }
        path = FLOORS / f"attribution-own-{system.replace(' ', '-')}.json"
        if mode == "check" and not path.exists():
            print(f"no floors yet: {path.name}")
            continue
        print(ratchet.settle(path, dataset, metrics, mode))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--split", choices=["test", "train"], default="test")
    parser.add_argument("--lang", action="append", choices=LANGUAGES, help="these languages only")
    parser.add_argument("--system", action="append", choices=list(SYSTEMS), help="these systems only")
    parser.add_argument("--gold-spans", action="store_true", help="classify the annotated spans instead")
    parser.add_argument("--errors", action="store_true", help="list what is wrong (train part only)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON instead of a table")
    parser.add_argument("--floor", choices=ratchet.MODES, default="check")
    arguments = parser.parse_args()
    if arguments.errors and arguments.split == "test":
        parser.error("errors of the test part are not shown; use --split train")
    names = list(dict.fromkeys(arguments.system or SYSTEMS))
    systems = {GIVEN: given_spans} if arguments.gold_spans else {name: SYSTEMS[name]() for name in names}
    languages = list(dict.fromkeys(arguments.lang or LANGUAGES))
    figures = measure(systems, languages, arguments.split, arguments.errors)
    print(json.dumps(figures, indent=1) if arguments.json else table(figures), flush=True)
    if arguments.split == "test" and not arguments.lang and not arguments.json:
        settle(figures, arguments.floor)


if __name__ == "__main__":
    main()
