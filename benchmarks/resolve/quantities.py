"""Quantities on the project's own sentences (100 a language and half), beside quantulum3 in English.

    python benchmarks/resolve/quantities.py [--split test|train] [--errors N] [--only en]
    python benchmarks/resolve/quantities.py --quantulum           # beside quantulum3
    python benchmarks/resolve/quantities.py --pint --num2words    # checks of the tables of units and numerals
    python benchmarks/resolve/quantities.py --speed ../shared/data

The peers come with the extra ``[bench]``. Exact, value and number are those of ``tocsin eval quantity``
(``tocsin.evaluate.scores.quantities``); number is all that quantulum3 can be asked, which knows no bounds.
Counted: of the exact ones, the same head noun or none. Sentence: every quantity of a sentence exact and
none more; whole: with its noun.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tocsin.evaluate.scores.quantities import Valued, counted_alike, paired, right  # noqa: E402
from tocsin.evaluate.tasks.quantity import valued_of  # noqa: E402
from tocsin.language.segment import sentences  # noqa: E402
from tocsin.model import Quantity  # noqa: E402
from tocsin.resolve.quantities import LANGUAGES, find_quantities  # noqa: E402
from tocsin.resolve.quantities.spell import spell  # noqa: E402
from tocsin.resolve.quantities.units import load_units  # noqa: E402
from tocsin.testing import ratchet  # noqa: E402
from training.annotated_quantities.load import load  # noqa: E402

FLOOR = ROOT / "benchmarks" / "floors" / "quantities.json"
#: Our symbols in the words of quantulum3, for what occurs in the English sentences.
_THEIRS = """
=dimensionless %=percentage m=metre km=kilometre cm=centimetre mm=millimetre ft=foot mi=mile nmi=nautical_mile
ha=hectare acre=acre m2=square_metre km2=square_kilometre l=litre ml=millilitre m3=cubic_metre
in=inch kg=kilogram g=gram t=tonne lb=pound-mass °C=degree_Celsius °F=degree_fahrenheit °=degree_angle
kW=kilowatt GW=gigawatt MWh=megawatt_hour USD=united_states_dollar %=per_cent x=count
MWh=megawatt-hour kV=kilovolt TB=terabyte GB=gigabyte MB=megabyte USD=dollar EUR=euro GBP=pound_sterling
JPY=japanese_yen RUB=russian_ruble UAH=ukrainian_hryvnia KZT=kazakhstani_tenge CHF=swiss_franc
CAD=canadian_dollar km/h=kilometre_per_hour m/s=metre_per_second mi/h=mile_per_hour l/s=litre_per_second
t/day=tonne_per_day USD/h=dollar_per_hour EUR/h=euro_per_hour USD/bbl=dollar_per_barrel USD=cent
"""
QUANTULUM_UNITS = {
    theirs.replace("_", " "): tuple((own + "/").split("/")[:2])
    for own, theirs in (item.split("=") for item in _THEIRS.split())
}
#: Our symbols in the words of pint, where they differ.
_PINT = """
nmi=nautical_mile m2=m**2 km2=km**2 cm2=cm**2 mm2=mm**2 ft2=ft**2 mi2=mi**2 m3=m**3 km3=km**3 bbl=oil_barrel
gal=gallon t=tonne kt=kilotonne K=kelvin °C=degC °F=degF %=percent ‰=permille hp=horsepower B=byte
KB=kilobyte MB=megabyte GB=gigabyte TB=terabyte in=inch Wh=watt_hour kWh=kilowatt_hour MWh=megawatt_hour
GWh=gigawatt_hour TWh=terawatt_hour are=are
"""
PINT_UNITS = dict(item.split("=") for item in _PINT.split())
#: Not in pint, or defined otherwise there: the acre of the US survey, Julian years.
UNLIKE_PINT = frozenset({"part", "q", "acre", "month", "quarter", "year"})
#: Dimensions pint has nothing for, or calls otherwise.
NOT_IN_PINT = frozenset({"degree", "share difference", "ratio", "number", "item", "home"})


def ours(text: str, language: str) -> list[Valued]:
    return [
        Valued(m.start, m.end, m.quantity, (m.counted[0].start, m.counted[0].end) if m.counted else None)
        for m in find_quantities("d", text, [(0, len(text), language)])
    ]


def quantulum(text: str, _language: str) -> list[Valued]:
    from quantulum3 import classifier, parser

    # Its packaged classifier of ambiguous units is a pickle of another scikit-learn and does not load.
    classifier.USE_CLF = False
    found = []
    for one in parser.parse(text):
        unit, per = QUANTULUM_UNITS.get(one.unit.name, (one.unit.name, ""))
        spread, size = abs(one.uncertainty or 0), 0.01 if one.unit.name == "cent" else 1
        quantity = Quantity((one.value - spread) * size, (one.value + spread) * size, unit=unit, per=per)
        found.append(Valued(*one.span, quantity))
    return found


def score(gold: Sequence[Valued], guesses: Sequence[Valued]) -> Counter[str]:
    counts: Counter[str] = Counter(gold=len(gold), guessed=len(guesses), sentences=1)
    for i, j in paired(gold, guesses):
        held = right(gold[i], guesses[j])
        counts.update(held)
        counts["counted"] += "exact" in held and counted_alike(gold[i], guesses[j])
    counts["sentence"] = int(counts["exact"] == counts["gold"] == counts["guessed"])
    counts["whole"] = int(counts["counted"] == counts["gold"] == counts["guessed"])
    return counts


def f1(counts: Counter[str], name: str) -> float:
    total = counts["gold"] + counts["guessed"]
    return 2 * counts[name] / total if total else 0.0


def show(record: dict[str, Any], gold: Sequence[Valued], found: Sequence[Valued]) -> None:
    """A sentence that went wrong, with what was asked and what was found."""
    text = record["text"]
    print(f"  {record['id']} {text}")
    for label, items in (("gold", gold), ("found", found)):
        for item in items:
            counted = "" if item.counted is None else f" of {text[slice(*item.counted)]!r}"
            print(f"      {label:<6} {text[item.start : item.end]!r} {item.quantity}{counted}")


def measured(counts: Counter[str]) -> dict[str, float]:
    figures = {name: f1(counts, name) for name in ("exact", "value", "number")}
    figures["counted"] = counts["counted"] / max(counts["exact"], 1)
    return figures | {name: counts[name] / counts["sentences"] for name in ("sentence", "whole")}


def run(options: argparse.Namespace) -> dict[str, float]:
    systems = {"tocsin": ours} | ({"quantulum3": quantulum} if options.quantulum else {})
    metrics: dict[str, float] = {}
    names = ("exact", "value", "number", "counted", "sentence", "whole")
    print(f"{'set':<11}{'system':<12}{'gold':>6}{'guessed':>8}" + "".join(f"{name:>10}" for name in names))
    for language in (options.only,) if options.only else LANGUAGES:
        for system, guess in systems.items():
            if system != "tocsin" and language != "en":
                continue
            counts: Counter[str] = Counter()
            shown = 0
            for record in load(language, options.split):
                found = guess(record["text"], language)
                gold = valued_of(record, len(record["text"]))
                own = score(gold, found)
                counts += own
                if not own["whole"] and shown < options.errors and system == options.show:
                    shown += 1
                    show(record, gold, found)
            figures = measured(counts)
            row = "".join(f"{figures[name]:>10.3f}" for name in names)
            numbers = f"{counts['gold']:>6}{counts['guessed']:>8}"
            print(f"{language + ' ' + options.split:<11}{system:<12}{numbers}{row}")
            if system == "tocsin":
                metrics[f"{language}: exact F1"] = figures["exact"]
    return metrics


def check_units() -> None:
    """Every size against pint's own, both in base units of the SI (data in bytes, shares in parts)."""
    import pint

    registry = pint.UnitRegistry()
    bases = {"data": "byte", "share": "dimensionless"}
    compared, wrong = 0, []
    for symbol, unit in load_units().items():
        if unit.dimension in NOT_IN_PINT or symbol in UNLIKE_PINT:
            continue
        one = registry.Quantity(1, PINT_UNITS.get(symbol, symbol))
        theirs = one.to(bases[unit.dimension]) if unit.dimension in bases else one.to_base_units()
        compared += 1
        if not math.isclose(float(theirs.magnitude), float(unit.size + unit.zero), rel_tol=1e-6):
            wrong.append(f"{symbol}: {float(unit.size + unit.zero)} here, {theirs} by pint")
    print(f"pint {pint.__version__}: {compared} sizes compared, {len(wrong)} differ {wrong}")


def check_numerals(trials: int = 2000) -> None:
    """Numbers spelled by num2words are read, and those spelled here are."""
    from num2words import num2words

    chance = random.Random(7)  # noqa: S311
    numbers = [int(10 ** chance.uniform(0, 9)) for _ in range(trials)]
    for language, code in (("en", "en"), ("ru", "ru"), ("uk", "uk"), ("kk", "kz")):
        missed = []
        for number in numbers:
            words = num2words(number, lang=code)
            found = ours(f"{words} km" if language == "en" else f"{words} км", language)
            if [str(g.quantity) for g in found] != [str(Quantity(number, number, unit="km"))]:
                missed.append((number, words))
        alike = sum(
            num2words(number, lang=code).replace(",", "") == spell(number, language) for number in numbers
        )
        read = trials - len(missed)
        print(f"num2words {language}: {read} of {trials} read, {alike} spelled alike; missed {missed[:2]}")


def speed(data: Path) -> None:
    """Sentences a second of processor time: all sentences, sentence splitting apart."""
    texts: dict[str, list[str]] = {"en": [], "uk": [], "ru": []}
    for name, language in (("timebank", "en"), ("wikiwars_en_dev", "en"), ("wikiwars_ua_dev", "uk")):
        lines = (data / "time" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        texts[language] += [json.loads(line)["text"] for line in lines]
    for path in sorted((data / "telegram" / "ru_news").glob("*.json"))[:4]:
        for message in json.loads(path.read_text(encoding="utf-8"))[:1500]:
            text = message.get("text") or message.get("message") or ""
            if isinstance(text, str) and text:
                texts["ru"].append(text)
    for language, own in texts.items():
        cut = [(text, [(span.start, span.end, language) for _, span in sentences(text)]) for text in own]
        for text, spans in cut[:30]:
            find_quantities("d", text, spans)  # lexicon and dictionary loaded before the clock starts
        begun = time.process_time()
        found = sum(len(find_quantities("d", text, spans)) for text, spans in cut)
        seconds = time.process_time() - begun
        count = sum(len(spans) for _, spans in cut)
        rate = f"{count / seconds:,.0f} sentences/s of processor time"
        print(f"{language}: {count} sentences, {found} quantities, {rate}")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--split", choices=("train", "test"), default="test")
    parser.add_argument("--only", choices=LANGUAGES)
    parser.add_argument("--errors", type=int, default=0, help="show this many sentences that went wrong")
    parser.add_argument("--show", default="tocsin", help="whose errors")
    parser.add_argument("--quantulum", action="store_true", help="run quantulum3 too (English)")
    parser.add_argument("--pint", action="store_true", help="compare the table of units with pint's")
    parser.add_argument("--num2words", action="store_true", help="read what num2words spells")
    parser.add_argument("--speed", type=Path, metavar="DATA", help="time the stage on the shared texts")
    parser.add_argument("--floor", choices=ratchet.MODES, default="check")
    options = parser.parse_args(arguments)
    if options.pint or options.num2words or options.speed:
        if options.pint:
            check_units()
        if options.num2words:
            check_numerals()
        if options.speed:
            speed(options.speed)
        return 0
    metrics = run(options)
    if options.split == "test" and not options.only:
        files = (ROOT / "training" / "annotated_quantities" / language / "test.txt" for language in LANGUAGES)
        print(ratchet.settle(FLOOR, ratchet.digest_files(files), metrics, options.floor))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
