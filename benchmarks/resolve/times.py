"""Times on TimeBank, AQUAINT, tweets, half of WikiWars (en, uk) and our own sets (ru, uk, kk), beside peers.

    python benchmarks/resolve/times.py [--data ../shared/data] [--dateparser] [--heideltime] [--errors N]

Strict: same span. Relaxed: spans overlap. Value: overlap and the same TIMEX3 value. One prediction
matches one gold expression at most. Bounds (own sets): of the overlapping ones, those with the same since,
until, before, after. Development parts only; figures of other taggers are in the data's README. WikiWars'
publication dates are those of its files, long after the events told. The own sets lie in
``training/annotated_times`` (RULES.md); their test part is only scored, errors are shown of the train part.
Sentences a second are of processor time and without sentence splitting.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tocsin.evaluate.scores.times import BOUNDS, Timed, paired, right
from tocsin.language.segment import sentences
from tocsin.resolve.times import find_times
from tocsin.testing import ratchet

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
from training.annotated_times import load as own  # noqa: E402 - found by the path above

FLOOR = ROOT / "benchmarks" / "floors" / "times.json"
SETS = {
    "timebank": "en",
    "aquaint": "en",
    "tweets_train": "en",
    "wikiwars_en_dev": "en",
    "wikiwars_ua_dev": "uk",
}
#: Sets whose figures are added up into one more row.
TOGETHER = ("timebank", "aquaint")
OWN = {f"own_{name}_{split}": (name, split) for name, split in own.PARTS}
#: So many posts are given to the peers, which are slow, when speeds are measured.
SLOW_POSTS = 300
Spans = list[tuple[int, int, str]]


def published(document: dict[str, Any]) -> datetime | None:
    if not document["dct"]:
        return None
    return datetime.fromisoformat(document["dct"]).replace(tzinfo=UTC)


def spans_of(document: dict[str, Any], language: str) -> Spans:
    return [(span.start, span.end, language) for _, span in sentences(document["text"])]


def ours(document: dict[str, Any], language: str, spans: Spans | None = None) -> list[Timed]:
    spans = spans_of(document, language) if spans is None else spans
    found = find_times(document["id"], document["text"], spans, published(document))
    return [
        Timed(m.start, m.end, m.value, frozenset((m.modifier or "").split(", ")) & frozenset(BOUNDS))
        for m in found
    ]


def dateparser_guesses(document: dict[str, Any], language: str) -> list[Timed]:
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
                found.append(Timed(start, start + len(words), f"{value:%Y-%m-%d}"))
                at = start + len(words)
    return found


def heideltime_guesses(documents: list[dict[str, Any]], name: str, language: str) -> list[list[Timed]] | None:
    import heideltime

    if language not in heideltime.LANGUAGES:
        return None
    kind = "NARRATIVES" if name.startswith("wikiwars") else "NEWS"
    found = heideltime.heideltime(documents, language, kind)
    return [[Timed(*item) for item in items] for items in found]


def gold_of(document: dict[str, Any]) -> list[Timed]:
    return [
        Timed(t["start"], t["end"], t["value"], frozenset(t["bounds"]) if "bounds" in t else None)
        for t in document["timex"]
    ]


def score(document: dict[str, Any], guesses: list[Timed]) -> Counter[str]:
    gold = gold_of(document)
    counts: Counter[str] = Counter(gold=len(gold), guessed=len(guesses))
    for i, j in paired(gold, guesses):
        counts.update(right(gold[i], guesses[j]))
    return counts


def f1(counts: Counter[str], name: str) -> float:
    total = counts["gold"] + counts["guessed"]
    return 2 * counts[name] / total if total else 0.0


def bounds_right(counts: Counter[str]) -> float:
    return counts["bounds"] / counts["relaxed"] if counts["relaxed"] else 0.0


def show_errors(document: dict[str, Any], guesses: list[Timed], kinds: Counter[tuple[str, str, str]]) -> None:
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


def print_errors(documents: list[dict[str, Any]], guessed: list[list[Timed]], most: int) -> None:
    kinds: Counter[tuple[str, str, str]] = Counter()
    for document, found in zip(documents, guessed, strict=True):
        show_errors(document, found, kinds)
    for kind in ("missed", "extra", "value"):
        for (_, words, value), n in [k for k in kinds.most_common() if k[0][0] == kind][:most]:
            print(f"    {kind:<7}{n:>4}  {words!r}  {value}")


def row(name: str, system: str, counts: Counter[str], speed: float = 0.0) -> None:
    figures = "".join(f"{f1(counts, key):>8.3f}" for key in ("strict", "relaxed", "value"))
    bounds = f"{bounds_right(counts):>8.3f}" if name.startswith("own") and system == "tocsin" else f"{'':>8}"
    print(
        f"{name:<19}{system:<12}{counts['gold']:>6}{figures}{bounds}" + (f"{speed:>9,.0f}" if speed else "")
    )


def measure(documents: list[dict[str, Any]], language: str) -> tuple[list[list[Timed]], float]:
    """Our guesses, and sentences a second of processor time."""
    spans = [spans_of(document, language) for document in documents]
    ours({"id": "", "text": "in 2024", "dct": ""}, language)  # lexicons loaded before the clock starts
    begun = time.process_time()
    guessed = [
        ours(document, language, own_spans) for document, own_spans in zip(documents, spans, strict=True)
    ]
    return guessed, sum(map(len, spans)) / max(time.process_time() - begun, 1e-9)


def total(documents: list[dict[str, Any]], guessed: list[list[Timed]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for document, found in zip(documents, guessed, strict=True):
        counts += score(document, found)
    return counts


def peers(options: argparse.Namespace, name: str, documents: list[dict[str, Any]], language: str) -> None:
    if options.dateparser and language in ("en", "ru", "uk"):
        found = [dateparser_guesses(document, language) for document in documents]
        row(name, "dateparser", total(documents, found))
    if options.heideltime:
        batch = heideltime_guesses(documents, name, language)
        if batch is not None:
            row(name, "HeidelTime", total(documents, batch))


def speeds(options: argparse.Namespace) -> None:
    """Sentences a second on Telegram news, where most hold no time, ours and the peers asked for.

    Processor time of ours and dateparser; HeidelTime's is elapsed time of its Java process, start and all.
    """
    folder = options.data / "telegram" / "ru_news"
    texts = [m["text"] for path in sorted(folder.glob("*.json")) for m in json.loads(path.read_text("utf-8"))]
    posts = [{"id": "d", "text": text, "dct": "2024-05-16T12:00"} for text in texts[::5] if text]
    spans = sum(len(spans_of(post, "ru")) for post in posts)
    print(f"Telegram news, {spans:,} sentences: tocsin {measure(posts, 'ru')[1]:,.0f} sentences a second")
    few = posts[:: max(1, len(posts) // SLOW_POSTS)]
    count = sum(len(spans_of(post, "ru")) for post in few)
    if options.dateparser:
        begun = time.process_time()
        for post in few:
            dateparser_guesses(post, "ru")
        took = time.process_time() - begun
        print(f"  {count:,} of them: dateparser {count / took:,.0f} sentences a second")
    if options.heideltime:
        begun = time.perf_counter()
        heideltime_guesses(few, "news", "ru")
        took = time.perf_counter() - begun
        print(f"  {count:,} of them: HeidelTime {count / took:,.0f} sentences a second, with Java's start")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--dateparser", action="store_true", help="run dateparser's search too (slow)")
    parser.add_argument("--heideltime", action="store_true", help="run HeidelTime too (needs Java; slow)")
    parser.add_argument(
        "--errors", type=int, default=0, help="show so many of the commonest errors of each kind"
    )
    parser.add_argument("--only", default="")
    parser.add_argument("--floor", choices=ratchet.MODES, default="check")
    options = parser.parse_args(arguments)
    metrics: dict[str, float] = {}
    together: Counter[str] = Counter()
    print(
        f"{'set':<19}{'system':<12}{'gold':>6}{'strict':>8}{'relaxed':>8}{'value':>8}{'bounds':>8}{'sent/s':>9}"
    )
    load: dict[str, Callable[[], list[dict[str, Any]]]] = {}
    for name in SETS:
        path = options.data / "time" / f"{name}.jsonl"
        load[name] = lambda path=path: [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    load |= {name: (lambda where=where: own.load(*where)) for name, where in OWN.items()}
    for name, read in load.items():
        if options.only and options.only != name:
            continue
        documents, language = read(), SETS.get(name) or OWN[name][0]
        guessed, speed = measure(documents, language)
        counts = total(documents, guessed)
        metrics[f"{name}: value F1"] = f1(counts, "value")
        if name in OWN:
            metrics[f"{name}: bounds right"] = bounds_right(counts)
        together += counts if name in TOGETHER else Counter()
        row(name, "tocsin", counts, speed)
        peers(options, name, documents, language)
        if options.errors and not name.endswith("_test"):
            print_errors(documents, guessed, options.errors)
    if not options.only:
        row("+".join(TOGETHER), "tocsin", together)
        metrics["+".join(TOGETHER) + ": value F1"] = f1(together, "value")
        speeds(options)
        files = [options.data / "time" / f"{name}.jsonl" for name in SETS]
        files += [own.HERE / f"{language}-{split}.yaml" for language, split in OWN.values()]
        print(ratchet.settle(FLOOR, ratchet.digest_files(files), metrics, options.floor))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
