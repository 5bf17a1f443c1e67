"""Learn which letters of one script stand for which of the other: ``python -m training.names.learn_sounds``.

Input: pairs of one name in Latin and Russian letters (Wikidata, CC0: ``names/pairs/wd_russian_80.tsv`` of
the data folder), and, since those know no Ukrainian or Kazakh letters, names of the Ukrainian dictionary
(pymorphy3-dicts-uk) and Kazakh words romanised by the published schemes below. Output: expected counts of
chunk pairs (``дж`` – ``j``), one line each, in ``src/tocsin/resolve/names/data/sounds.txt``.

The model is a joint multigram (Deligne & Bimbot 1995; Bisani & Ney 2008): a pair of words is a sequence of
chunk pairs, drawn independently; EM over all alignments. A chunk is vowels or consonants, never both:
without that restriction whole syllables are learnt by heart (``ер`` – ``r``) and nothing generalises.
Deterministic: same input, same bytes.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tocsin.resolve.names.letters import CYRILLIC, LATIN, letters, plain

TARGET = Path(__file__).parents[2] / "src" / "tocsin" / "resolve" / "names" / "data" / "sounds.txt"
#: (letters of Cyrillic, of Latin) in one chunk pair, with the weight it starts from.
OPERATIONS = {
    (1, 0): 0.05,
    (0, 1): 0.05,
    (1, 1): 1.0,
    (1, 2): 0.1,
    (1, 3): 0.01,
    (1, 4): 0.003,
    (2, 1): 0.02,
}
LONGEST = 14
UKRAINIAN_SHARE = 0.3
END = "$"  # of a word: what is silent is so at the end
LONGEST_SILENT = 3  # letters of such an end, its mark among them
HELD_OUT = 20  # one name in so many is never learnt from (see benchmarks/resolve/names.py)
VOWELS = {"latin": set("aeiouöüäåæəı"), "cyrillic": set("аеиоуыэюяёіїєәөұүўй")}
GLIDES = set("yjwh")
#: Schemes: KMU 2010, BGN/PCGN 1965 and the scholarly one for Ukrainian; BGN/PCGN 1979, the alphabet of 2021
#: and the plain press spelling for Kazakh. Letters not listed are as in the first.
SHARED = "а:a б:b в:v д:d е:e з:z и:i к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f ч:ch ш:sh ю:yu я:ya"
SCHEMES = {
    "uk": (
        "г:h ґ:g є:ie ж:zh и:y і:i ї:i й:i х:kh ц:ts щ:shch ю:iu я:ia",
        "г:h ґ:g є:ye ж:zh и:y і:i ї:yi й:y х:kh ц:ts щ:shch",
        "г:h ґ:g є:je ж:ž и:y і:i ї:ji й:j х:x ц:c ч:č ш:š щ:šč ю:ju я:ja",
    ),
    "kk": (
        "г:g ә:ä ғ:gh ж:zh қ:q ң:ng ө:ö ұ:u ү:ü һ:h і:i й:y х:kh ц:ts щ:shch ы:y э:e ё:yo",
        "г:g ә:ä ғ:ğ ж:j қ:q ң:ñ ө:ö ұ:u ү:ü һ:h і:ı й:i х:h ц:ts ш:ş щ:ş ы:y э:e ю:iu я:ia ё:io",
        "г:g ә:a ғ:g ж:zh қ:k ң:n ө:o ұ:u ү:u һ:h і:i й:y х:kh ц:ts щ:sh ы:y э:e ё:yo",
    ),
}


def held_out(latin: str) -> bool:
    """Whether a name is kept for measuring."""
    return zlib.crc32(latin.encode()) % HELD_OUT == 0


def wikidata(path: Path) -> Iterator[tuple[str, str, float]]:
    """Cyrillic, Latin, weight; a name with marks on its letters also without them."""
    for line in path.read_text(encoding="utf-8").splitlines():
        latin, cyrillic, count = line.split("\t")
        c, found = letters(cyrillic.replace(" ", "")), letters(latin)
        good = set(c) <= set(CYRILLIC) and set(found) <= set(LATIN)
        if not good or held_out(latin) or not (2 <= len(c) <= LONGEST and 2 <= len(found) <= LONGEST):
            continue
        weight = min(int(count), 9) ** 0.5
        for spelt in dict.fromkeys((found, plain(found))):
            share = weight if spelt == found else weight / 2
            yield c, spelt, share
            yield in_ukrainian(c, spelt), spelt, share * UKRAINIAN_SHARE


def in_ukrainian(cyrillic: str, latin: str) -> str:
    """A foreign name as Ukrainian would spell what Russian spells so: Мэй – Мей, Хантер – Гантер."""
    text = cyrillic.translate(str.maketrans("эиы", "еіи")).replace("ё", "йо").replace("ъ", "")
    # Latin h is г; kh and ch stay х.
    return (
        text.replace("х", "г") if re.search("(?<![kcsz])h", latin) and not re.search("[kc]h", latin) else text
    )


def romanised(words: Iterable[str], language: str, weight: float) -> Iterator[tuple[str, str, float]]:
    """Every word by every scheme of its language."""
    schemes = [dict(item.split(":") for item in f"{SHARED} {own}".split()) for own in SCHEMES[language]]
    for word in words:
        for scheme in schemes:
            latin = "".join(scheme.get(ch, "") for ch in word)
            if 2 <= len(latin) <= LONGEST and 2 <= len(word) <= LONGEST:
                yield letters(word), latin, weight


def ukrainian(most: int) -> list[str]:
    """Given names and surnames of the dictionary, nominative, a sample by checksum."""
    from pymorphy3 import MorphAnalyzer

    found = {
        word
        for word, tag, *_ in MorphAnalyzer(lang="uk").dictionary.iter_known_words()
        if ("Surn" in tag or "Name" in tag) and "nomn" in tag and re.fullmatch("[а-щьюяєіїґ']+", word)
    }
    return sorted(found, key=lambda word: (zlib.crc32(word.encode()), word))[:most]


def kazakh(path: Path, most: int) -> list[str]:
    """Capitalised Kazakh words of a text collection: only their letters matter here."""
    words = {
        w.lower()
        for w in re.findall(r"\b[А-ЯӘҒҚҢӨҰҮҺІ][а-яәғқңөұүһі]{3,12}", path.read_text(encoding="utf-8"))
    }
    words = {word for word in words if set(word) & set("әғқңөұүһі")}
    return sorted(words, key=lambda word: (zlib.crc32(word.encode()), word))[:most]


def kind_of(chunk: str, script: str) -> set[str]:
    """``v`` for vowels, ``c`` for consonants, both for glides and for the end alone; ``ь`` is neither."""
    chunk = chunk.removesuffix(END)
    if not chunk:
        return {"v", "c"}
    if script == "cyrillic":
        if chunk in {"ь", "ъ"}:
            return {"-"}
        vowel = [ch in VOWELS[script] or (len(chunk) > 1 and ch == "ь") for ch in chunk]
        return {"v"} if all(vowel) else set() if any(vowel) or set(chunk) & set("ьъ") else {"c"}
    found = {"v"} if all(ch in VOWELS[script] or ch in GLIDES for ch in chunk) else set()
    return found | ({"c"} if not any(ch in VOWELS[script] for ch in chunk) else set())


class Chunks:
    """The chunks of one script seen often enough, by number; 0 is the empty one."""

    def __init__(self, words: Iterable[str], least: tuple[int, ...]) -> None:
        counts: Counter[str] = Counter()
        for word in words:
            for size in range(1, len(least) + 1):
                counts.update(word[i : i + size] for i in range(len(word) - size + 1))
        self.all = ["", *sorted(c for c, n in counts.items() if n >= least[len(c) - 1])]
        self.number = {chunk: n for n, chunk in enumerate(self.all)}

    def numbers(self, words: list[str], size: int) -> npt.NDArray[np.int64]:
        get = self.number.get
        rows = [[get(w[i : i + size], 0) for i in range(len(w) - size + 1)] for w in words]
        return np.array(rows, dtype=np.int64).reshape(len(words), -1)


def allowed(cyrillic: Chunks, latin: Chunks) -> npt.NDArray[np.float64]:
    """The starting weights; 0 where a chunk pair is not considered."""
    grid = np.zeros((len(cyrillic.all), len(latin.all)))
    for i, c in enumerate(cyrillic.all):
        for j, found in enumerate(latin.all):
            weight = OPERATIONS.get((len(c), len(found)), 0.0)
            ends = c.endswith(END) == found.endswith(END) and not (c == END and len(found) > LONGEST_SILENT)
            same = not c or not found or c == END or kind_of(c, "cyrillic") & kind_of(found, "latin")
            soft = c in {"ь", "ъ"} and found in {"i", "j", "y", "e"}
            grid[i, j] = weight if ends and (same or soft) else 0.0
    return grid


def expectation(chance: npt.NDArray[np.float64], group: tuple[Any, ...]) -> tuple[Any, Any, float]:
    """Forward–backward over word pairs of equal lengths: chunk pairs, expected counts, log likelihood."""
    rows, columns, weights, left, right = group
    many, width = len(weights), chance.shape[1]
    forward = np.zeros((rows + 1, columns + 1, many))
    forward[0, 0] = 1
    terms = {}
    for i in range(rows + 1):
        for j in range(columns + 1):
            for a, b in OPERATIONS:
                if a > i or b > j:
                    continue
                x = left[a][:, i - a] if a else np.zeros(many, np.int64)
                y = right[b][:, j - b] if b else np.zeros(many, np.int64)
                known = ((x > 0) | (a == 0)) & ((y > 0) | (b == 0))
                terms[i, j, a, b] = (x * width + y, np.where(known, chance[x, y], 0.0))
                forward[i, j] += forward[i - a, j - b] * terms[i, j, a, b][1]
    total = forward[rows, columns]
    good = total > 0
    share = np.where(good, weights / np.where(good, total, 1), 0)
    backward = np.zeros_like(forward)
    backward[rows, columns] = 1
    keys, values = [], []
    for (i, j, a, b), (key, p) in reversed(terms.items()):
        flow = p * backward[i, j]
        keys.append(key)
        values.append(flow * forward[i - a, j - b] * share)
        backward[i - a, j - b] += flow
    return np.concatenate(keys), np.concatenate(values), float((weights[good] * np.log(total[good])).sum())


def learn(pairs: list[tuple[str, str, float]], rounds: int) -> dict[tuple[str, str], float]:
    """Expected counts of chunk pairs after ``rounds`` of EM."""
    scale = len(pairs) / 130_000
    latin = Chunks((p[1] for p in pairs), (1, 5, int(60 * scale) + 1, int(150 * scale) + 1))
    cyrillic = Chunks((p[0] for p in pairs), (1, int(150 * scale) + 1))
    groups = defaultdict(list)
    for c, found, weight in pairs:
        groups[len(c), len(found)].append((c, found, weight))
    prepared = []
    for (rows, columns), members in sorted(groups.items()):
        left = {n: cyrillic.numbers([m[0] for m in members], n) for n in (1, 2) if n <= rows}
        right = {n: latin.numbers([m[1] for m in members], n) for n in (1, 2, 3, 4) if n <= columns}
        prepared.append((rows, columns, np.array([m[2] for m in members]), left, right))
    chance = allowed(cyrillic, latin)
    chance /= chance.sum()
    counts = np.zeros(chance.size)
    for turn in range(rounds):
        counts = np.zeros(chance.size)
        likelihood = 0.0
        for group in prepared:
            keys, values, part = expectation(chance, group)
            present, where = np.unique(keys, return_inverse=True)
            counts[present] += np.bincount(where, values)
            likelihood += part
        counts[counts < (0.5 if turn < 2 else 2.0)] = 0
        chance = (counts / counts.sum()).reshape(chance.shape)
        print(
            f"round {turn}: log likelihood {likelihood:,.0f}, {int((counts > 0).sum()):,} chunk pairs",
            flush=True,
        )
    width = len(latin.all)
    return {
        (cyrillic.all[k // width], latin.all[k % width]): float(counts[k]) for k in np.flatnonzero(counts)
    }


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--pairs", type=int, default=0, help="a sample of so many; 0 is all")
    parser.add_argument("--target", type=Path, default=TARGET)
    options = parser.parse_args(arguments)
    names = options.data / "names"
    pairs = list(wikidata(names / "pairs" / "wd_russian_80.tsv"))
    pairs.sort(key=lambda p: (zlib.crc32(p[1].encode()), p))
    if options.pairs:
        pairs = pairs[: options.pairs]
    part = max(200, len(pairs) // 40)
    pairs += romanised(ukrainian(part), "uk", 1.0)
    pairs += romanised(kazakh(names / "ner" / "kaznerd_valid.jsonl", part // 2), "kk", 1.0)
    counts = learn([(c + END, found + END, weight) for c, found, weight in pairs], options.rounds)
    header = {"format": 1, "pairs": len(pairs), "rounds": options.rounds}
    lines = [f"{c}\t{found}\t{count:.1f}" for (c, found), count in sorted(counts.items())]
    options.target.write_text("\n".join([json.dumps(header), *lines]) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
