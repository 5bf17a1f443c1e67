"""Places with mentions given and end to end, coverage of NEREL's place names, speed.

    python benchmarks/resolve/places.py [--data ../shared/data] [--posts N] [--geotext]

Mentions given: GeoWebNews, GeoVirus, GeoCorpora, five-fold, so that no document is ranked with weights
learned from it (``training.places.fit``), beside the most populous namesake; of the mentions whose name the
gazetteer has. ``place``, ``acc@161`` and ``id`` are those of ``tocsin eval place``. ``possible``: some
reading is right. Local reports planted from the gazetteer are measured too. End to end: our own detection; a
mention is right if it overlaps a gold one and is the right place. Speed: sentences a second of processor
time, one process, beside geotext (extra ``[bench]``), which looks
names up and puts them nowhere.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tocsin.evaluate.run import evaluate  # noqa: E402
from tocsin.language.segment import sentences  # noqa: E402
from tocsin.resolve.candidates import find_candidates  # noqa: E402
from tocsin.resolve.gazetteer import load_gazetteer  # noqa: E402
from tocsin.resolve.places import find_places  # noqa: E402
from tocsin.testing import ratchet  # noqa: E402
from training.places.data import SETS, texts  # noqa: E402
from training.places.fit import PLANTED, crossvalidated, show  # noqa: E402

FLOOR = ROOT / "benchmarks" / "floors" / "places.json"


def end_to_end(path: Path, system: str = "gazetteer") -> tuple[float, float]:
    """Precision and recall of places found and put right."""
    report = evaluate("place", path, answers=system)
    (figure,) = (f for f in report.outcome.figures if f.group == "end to end")
    return figure.precision or 0.0, figure.recall or 0.0


def nerel(path: Path) -> Counter[str]:
    """Names of cities, countries and regions that the gazetteer has, through lemmas; no disambiguation."""
    counts: Counter[str] = Counter()
    kinds = {"CITY": "city", "COUNTRY": "country", "STATE_OR_PROVINCE": "region"}
    for line in path.read_text(encoding="utf-8").splitlines():
        document = json.loads(line)
        for start, end, label in document["entities"]:
            name = document["text"][start:end]
            if label not in kinds or not name[:1].isupper():
                continue  # «столица», «республика»: descriptions, and adjectives («российский»), not names
            found = find_candidates(name, 0, "ru")
            counts[kinds[label]] += 1
            hit = any(c.end - c.start == len(name) for c in found)
            counts[kinds[label] + " found"] += hit
            counts[f"missed {name}"] += not hit
    return counts


def clock(work: Callable[[str], object], posts: list[str]) -> float:
    """Sentences a second of processor time, sentence splitting apart."""
    for post in posts[:20]:
        work(post)
    begun = time.process_time()
    for post in posts:
        work(post)
    return sum(len(sentences(post)) for post in posts) / (time.process_time() - begun)


def ours(language: str, posts: list[str]) -> Callable[[str], object]:
    cut = {post: [(s.start, s.end, language) for _, s in sentences(post)] for post in posts}
    return lambda post: find_places("d", post, cut[post])


def speed(data: Path, most: int, geotext: bool) -> None:
    russian = [
        post["text"]
        for file in sorted((data / "telegram" / "ru_news").glob("*.json"))
        for post in json.loads(file.read_text(encoding="utf-8"))
        if post["text"]
    ][:most]
    english = [item.text for item in texts(data, "GeoWebNews")]
    for name, language, posts in (("Telegram ru", "ru", russian), ("GeoWebNews", "en", english)):
        print(
            f"speed, {name}: {clock(ours(language, posts), posts):,.0f} sentences a second of processor time"
        )
    if geotext:
        from geotext import GeoText

        print(f"  geotext, GeoWebNews: {clock(GeoText, english):,.0f}")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--posts", type=int, default=4000)
    parser.add_argument("--geotext", action="store_true", help="clock geotext too")
    parser.add_argument("--names", action="store_true", help="also with the language core's names (minutes)")
    parser.add_argument("--missed", action="store_true", help="list the names of NEREL that are not covered")
    parser.add_argument("--floor", choices=ratchet.MODES, default="check")
    options = parser.parse_args(arguments)
    begun = time.process_time()
    load_gazetteer()
    seconds = time.process_time() - begun
    print(f"gazetteer: {len(load_gazetteer()):,} entries in {seconds:.2f} s of processor time")
    metrics: dict[str, float] = {}
    found = crossvalidated(options.data)
    show(found)
    metrics[f"{PLANTED}: right place of covered"] = found[PLANTED]["ours place"]
    for name, file in SETS.items():
        metrics[f"{name}: covered"] = found[name]["covered"]
        metrics[f"{name}: right place of covered"] = found[name]["ours place"]
        precision, recall = end_to_end(options.data / "place" / file)
        print(f"{name} end to end: precision {precision:.3f}, recall {recall:.3f}")
        if options.names:
            own = end_to_end(options.data / "place" / file, "names")
            print(
                f"{name} end to end, names of the language core: precision {own[0]:.3f}, recall {own[1]:.3f}"
            )
        metrics[f"{name}: end-to-end precision"] = precision
        metrics[f"{name}: end-to-end recall"] = recall
    counts = nerel(options.data / "names" / "ner" / "nerel_dev.jsonl")
    for kind in ("city", "country", "region"):
        share = counts[f"{kind} found"] / counts[kind]
        metrics[f"NEREL: {kind} covered"] = share
        print(f"NEREL {kind}: {share:.3f} of {counts[kind]} names covered")
    if options.missed:
        print(
            ", ".join(
                f"{k.removeprefix('missed ')} {v}" for k, v in counts.most_common() if "missed" in k and v
            )
        )
    files = [options.data / "place" / file for file in SETS.values()]
    print(ratchet.settle(FLOOR, ratchet.digest_files(files), metrics, options.floor))
    speed(options.data, options.posts, options.geotext)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
