"""Time expressions on TimeBank, AQUAINT, tweets and half of WikiWars (en, uk), beside dateparser.

    python benchmarks/resolve/times.py [--data ../shared/data] [--dateparser] [--errors N]

Strict: same span. Relaxed: spans overlap. Value: overlap and the same TIMEX3 value. One prediction
matches one gold expression at most. Development parts only; figures of other taggers are in the data's
README. WikiWars' publication dates are those of its files, long after the events told.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from tocsin.language.segment import sentences
from tocsin.resolve.times import find_times
from tocsin.testing import ratchet

FLOOR = Path(__file__).parents[1] / "floors" / "times.json"

SETS = {
    "timebank": "en",
    "aquaint": "en",
    "tweets_train": "en",
    "wikiwars_en_dev": "en",
    "wikiwars_ua_dev": "uk",
}


class Guess(NamedTuple):
    start: int
    end: int
    value: str


def published(document: dict[str, Any]) -> datetime | None:
    if not document["dct"]:
        return None
    return datetime.fromisoformat(document["dct"]).replace(tzinfo=UTC)


def ours(document: dict[str, Any], language: str) -> list[Guess]:
    spans = [(span.start, span.end, language) for _, span in sentences(document["text"])]
    found = find_times(document["id"], document["text"], spans, published(document))
    return [Guess(m.start, m.end, m.value) for m in found]


def dateparser_guesses(document: dict[str, Any], language: str) -> list[Guess]:
    from dateparser.search import search_dates

    moment = published(document)
    settings: dict[str, Any] = {"PREFER_DATES_FROM": "past"}
    if moment is not None:
        settings["RELATIVE_BASE"] = moment.replace(tzinfo=None)
    text = document["text"]
    found = []
    for _, span in sentences(text):
        at = span.start
        for words, value in search_dates(span.of(text), languages=[language], settings=settings) or []:
            start = text.find(words, at, span.end)
            if start >= 0:
                found.append(Guess(start, start + len(words), f"{value:%Y-%m-%d}"))
                at = start + len(words)
    return found


def score(gold: list[dict[str, Any]], guesses: list[Guess]) -> Counter[str]:
    counts: Counter[str] = Counter(gold=len(gold), guessed=len(guesses))
    free = list(guesses)
    for item in gold:
        same = [g for g in free if g.start < item["end"] and item["start"] < g.end]
        if not same:
            continue
        best = max(
            same,
            key=lambda g: (g.value == item["value"], min(g.end, item["end"]) - max(g.start, item["start"])),
        )
        free.remove(best)
        counts["relaxed"] += 1
        counts["strict"] += (best.start, best.end) == (item["start"], item["end"])
        counts["value"] += best.value == item["value"]
    return counts


def f1(counts: Counter[str], name: str) -> float:
    total = counts["gold"] + counts["guessed"]
    return 2 * counts[name] / total if total else 0.0


def show_errors(document: dict[str, Any], guesses: list[Guess], kinds: Counter[tuple[str, str, str]]) -> None:
    text = document["text"]
    for item in document["timex"]:
        same = [g for g in guesses if g.start < item["end"] and item["start"] < g.end]
        if not same:
            kinds["missed", text[item["start"] : item["end"]], item["value"]] += 1
        elif all(g.value != item["value"] for g in same):
            kinds[
                "value",
                f"{text[item['start'] : item['end']]} | {text[same[0].start : same[0].end]}",
                f"{item['value']} | {same[0].value} | dct {document['dct'][:10]}",
            ] += 1
    for guess in guesses:
        if not any(g["start"] < guess.end and guess.start < g["end"] for g in document["timex"]):
            kinds["extra", text[guess.start : guess.end], guess.value] += 1


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--dateparser", action="store_true", help="run dateparser's search too (slow)")
    parser.add_argument(
        "--errors", type=int, default=0, help="show this many of the commonest errors of each kind"
    )
    parser.add_argument("--only", default="")
    parser.add_argument("--floor", choices=ratchet.MODES, default="check")
    options = parser.parse_args(arguments)
    metrics: dict[str, float] = {}
    systems = {"tocsin": ours} | ({"dateparser": dateparser_guesses} if options.dateparser else {})
    print(f"{'set':<18}{'system':<12}{'gold':>6}{'strict':>8}{'relaxed':>9}{'value':>8}{'sent/s':>9}")
    for name, language in SETS.items():
        if options.only and options.only != name:
            continue
        path = options.data / "time" / f"{name}.jsonl"
        documents = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        units = sum(len(sentences(d["text"])) for d in documents)
        for system, guess in systems.items():
            ours(
                {"id": "", "text": "in 2024", "dct": ""}, language
            )  # lexicons loaded before the clock starts
            begun = time.perf_counter()
            guessed = [guess(document, language) for document in documents]
            seconds = time.perf_counter() - begun
            counts: Counter[str] = Counter()
            for document, found in zip(documents, guessed, strict=True):
                counts += score(document["timex"], found)
            if system == "tocsin":
                metrics[f"{name}: value F1"] = f1(counts, "value")
            row = "".join(
                f"{f1(counts, key):>{width}.3f}"
                for key, width in (("strict", 8), ("relaxed", 9), ("value", 8))
            )
            print(f"{name:<18}{system:<12}{counts['gold']:>6}{row}{units / seconds:>9,.0f}")
            if options.errors and system == "tocsin":
                kinds: Counter[tuple[str, str, str]] = Counter()
                for document, found in zip(documents, guessed, strict=True):
                    show_errors(document, found, kinds)
                for kind in ("missed", "extra", "value"):
                    for (_, words, value), n in [k for k in kinds.most_common() if k[0][0] == kind][
                        : options.errors
                    ]:
                        print(f"    {kind:<7}{n:>4}  {words!r}  {value}")
    if not options.only:
        dataset = ratchet.digest_files(options.data / "time" / f"{name}.jsonl" for name in SETS)
        print(ratchet.settle(FLOOR, dataset, metrics, options.floor))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
