"""Corpora of names as natural text with character spans: types, guides ("styles"), folds and repeats.

Sources: factRuEval-2016 (Starostin et al. 2016), NEREL (Loukachevitch et al. 2021), SlavicNER (Piskorski et
al. 2024), NER-UK 2.0 (Chaplynskyi and Romanyshyn 2024), KazNERD (Yeshpanov et al. 2022), WikiGold
(Balasuriya et al. 2009), WNUT-17 (Derczynski et al. 2017), RE3D (Dstl; it marks pronouns and common nouns
too).

Nested names. A text keeps its outermost names of PER, ORG and LOC, then those of the other types where none
of the three lies. In factRuEval, LocOrg (a place that acts) and Location are LOC, Org is ORG and Person is
PER, so "мэрии Москвы" is one ORG. Natasha's naeval reads the corpus like this (`adapt_factru`: LocOrg and
Location become LOC, then overlapping spans are dropped), but it counts tokens and cuts descriptions off the
names; here a name is right only if span and type are exact. So read, Natasha scores .768 on the development
part (.814 with innermost names, .594 with LocOrg as ORG), which fits the .757 known of the test part.
NEREL's LOC are country, state, city, district and location without facility: Natasha .777 there, known
.773. Of KazNERD, GPE and LOCATION are LOC.

Folds. A document is held out by its text, SlavicNER's too: its six or seven topics are too few to fold by
(the largest is a quarter of it), and its own split "cross-topic" has the same topics on both sides. Names
therefore repeat between the folds; recall of entities that do not is measured apart. Sentences without
document marks are held out in blocks of consecutive ones.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tocsin.evaluate.scores.names import chunks
from tocsin.language.names import STYLES as GUIDES
from tocsin.language.names import TYPES
from training.core.prepare import HELD_OUT, fold_of

__all__ = [
    "CORPORA",
    "MAIN",
    "STYLES",
    "TYPES",
    "Corpus",
    "Text",
    "blocks",
    "natural",
    "outermost",
    "tags_of",
    "texts",
]

MAIN: Final = ("PER", "ORG", "LOC")
#: Consecutive sentences of a corpus without document marks that share a fold.
_BLOCK: Final = 24

Integers = NDArray[np.int64]
Span = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Corpus:
    """One corpus: where it is, whose guide it follows, what its types are here, how often it is seen.

    ``types`` maps each of its types to one of ``TYPES``; the head never writes others in its style. ``dev``
    is its own development file, or empty: then a fold is held out. ``sentences``: it has no documents;
    ``linked``: its consecutive sentences come from one document all the same.
    """

    name: str
    language: str
    style: str
    train: str
    types: dict[str, str]
    repeats: int
    dev: str = ""
    sentences: bool = False
    linked: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A document, or a sentence of a token corpus.

    ``spans`` are (start, end, type) in code points, disjoint and in order; ``block`` is what its fold is
    found from; ``entities`` maps (start, end) to the identifier of the entity, where the corpus has any.
    """

    text: str
    spans: list[Span]
    block: str
    entities: dict[tuple[int, int], str] = field(default_factory=dict)


_SLAVIC: Final = {t: t for t in (*MAIN, "EVT", "PRO")}
_WIKI: Final = {t: t for t in (*MAIN, "MISC")}
_NEREL_PLACES = ("COUNTRY", "STATE_OR_PROVINCE", "CITY", "DISTRICT", "LOCATION")

#: Repeats balance sizes: small corpora with a target of their own are seen about as much as large ones.
CORPORA: Final = (
    Corpus(
        "factrueval",
        "ru",
        "factrueval",
        "factrueval_dev",
        {"Person": "PER", "Org": "ORG", "LocOrg": "LOC", "Location": "LOC"},
        6,
    ),
    Corpus(
        "nerel",
        "ru",
        "nerel",
        "nerel_train",
        {
            "PERSON": "PER",
            "ORGANIZATION": "ORG",
            **dict.fromkeys(_NEREL_PLACES, "LOC"),
            "FACILITY": "FAC",
            "WORK_OF_ART": "PRO",
            "PRODUCT": "PRO",
        },
        1,
        dev="nerel_dev",
    ),
    Corpus("slavicner_ru", "ru", "slavicner", "slavicner_ru", _SLAVIC, 1),
    Corpus("slavicner_uk", "uk", "slavicner", "slavicner_uk", _SLAVIC, 3),
    Corpus(
        "ner_uk",
        "uk",
        "ner_uk",
        "ner_uk_dev",
        {"PERS": "PER", "ORG": "ORG", "LOC": "LOC", "ART": "PRO", "MISC": "MISC"},
        1,
    ),
    Corpus(
        "kaznerd",
        "kk",
        "kaznerd",
        "kaznerd_valid",
        {
            "PERSON": "PER",
            "ORGANISATION": "ORG",
            "GPE": "LOC",
            "LOCATION": "LOC",
            "FACILITY": "FAC",
            "EVENT": "EVT",
            "ART": "PRO",
            "PRODUCT": "PRO",
        },
        2,
        sentences=True,
    ),
    Corpus("wikigold", "en", "wikigold", "wikigold", _WIKI, 6, sentences=True, linked=True),
    Corpus(
        "wnut17",
        "en",
        "wnut17",
        "wnut17_train",
        {
            "person": "PER",
            "group": "ORG",
            "corporation": "ORG",
            "location": "LOC",
            "creative-work": "PRO",
            "product": "PRO",
        },
        2,
        dev="wnut17_dev",
        sentences=True,
    ),
    Corpus(
        "re3d",
        "en",
        "re3d",
        "re3d_train",
        {"Person": "PER", "Organisation": "ORG", "Location": "LOC"},
        1,
        sentences=True,
    ),
)
#: As the run time numbers them.
STYLES: Final = tuple(GUIDES)


def texts(folder: Path, corpus: Corpus, *, held_out: bool, spaced: bool = False) -> list[Text]:
    """The texts to learn from, or those to measure on; ``spaced``: tokens stay apart, as in the file."""
    if corpus.dev:
        name = corpus.dev if held_out else corpus.train
        return list(_read(folder / f"{name}.jsonl", corpus.types, spaced=spaced))
    found = _read(folder / f"{corpus.train}.jsonl", corpus.types, spaced=spaced)
    return [t for t in found if (fold_of(t.block) == HELD_OUT) == held_out]


def _read(path: Path, types: dict[str, str], *, spaced: bool) -> Iterator[Text]:
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    for row, block in zip(rows, blocks(rows), strict=True):
        if "text" in row:
            yield _document(row, types)
        else:
            text, spans = _joined(row["tokens"], row["tags"])
            kept = outermost(spans, types)
            yield Text(text, kept, block) if spaced else Text(*natural(text, kept), block)


def blocks(rows: Sequence[dict[str, Any]]) -> list[str]:
    """What the fold of each row of a file is found from: its text, or the sentences of its block."""
    found = []
    for at, row in enumerate(rows):
        first = at - at % _BLOCK
        together = rows[first : first + _BLOCK]
        found.append(row["text"] if "text" in row else "\n".join(" ".join(r["tokens"]) for r in together))
    return found


def _document(row: dict[str, Any], types: dict[str, str]) -> Text:
    spans = [(int(e[0]), int(e[1]), str(e[2])) for e in row["entities"]]
    kept = outermost(spans, types)
    if row.get("source") == "bruk":  # This half of NER-UK is cut into tokens.
        return Text(*natural(row["text"], kept), row["text"])
    entities = {(e[0], e[1]): e[4] for e in row["entities"] if len(e) > 4}
    return Text(row["text"], kept, row["text"], entities)


def _joined(tokens: Sequence[str], tags: Sequence[str]) -> tuple[str, list[Span]]:
    starts, at = [], 0
    for token in tokens:
        starts.append(at)
        at += len(token) + 1
    spans = [
        (starts[first], starts[last - 1] + len(tokens[last - 1]), kind) for first, last, kind in chunks(tags)
    ]
    return " ".join(tokens), spans


def outermost(spans: Iterable[Span], types: dict[str, str]) -> list[Span]:
    """Spans of the types wanted, renamed, in order; of two that overlap, PER, ORG, LOC, then the longer."""
    renamed = {(a, b, types[kind]) for a, b, kind in spans if kind in types and b > a}
    kept: list[Span] = []
    for a, b, kind in sorted(renamed, key=lambda s: (s[2] not in MAIN, s[0] - s[1], s)):
        if all(b <= c or d <= a for c, d, _ in kept):
            kept.append((a, b, kind))
    return sorted(kept)


#: A space that separates tokens but no words: before closing signs and clitics, after opening signs.
_SPACE: Final = re.compile(
    r" (?=[.,;:!?…%)\]}»”]|\.\.\.|n't\b|[’'](?:s|re|ve|ll|d|m|t)\b|'')|(?<=[(\[{«“„$]) |(?<=``) "
    r"|(?<= [’']) (?=(?:s|re|ve|ll|d|m|t)\b)",
    re.IGNORECASE,
)
_STRAIGHT: Final = re.compile(r'(?<!\S)"(?!\S)')


def natural(text: str, spans: Sequence[Span]) -> tuple[str, list[Span]]:
    """Tokens set apart by spaces, written as people write them; the spans follow."""
    dropped = {m.start() for m in _SPACE.finditer(text)}
    for i, match in enumerate(_STRAIGHT.finditer(text)):
        # Straight quotation marks open and close in turn.
        space = match.end() if i % 2 == 0 else match.start() - 1
        if 0 <= space < len(text) and text[space] == " ":
            dropped.add(space)
    for match in re.finditer(r"(?<= [’']) (?=(?:s|re|ve|ll|d|m|t)\b)", text):
        dropped.add(match.start() - 2)
    place, at = [], 0
    for i in range(len(text) + 1):
        place.append(at)
        at += i not in dropped
    written = "".join(c for i, c in enumerate(text) if i not in dropped)
    return written, [(place[a], place[b], kind) for a, b, kind in spans]


def tags_of(
    spans: Sequence[tuple[int, int, str]], starts: Integers, ends: Integers, tags: Sequence[str]
) -> tuple[Integers, int]:
    """Tags (n,) of words at ``starts`` and ``ends`` (n,), and how many spans begin or end inside a word.

    Spans are (start, end, type) in the same code points; one that cuts a word takes the whole word in.
    """
    number = {tag: i for i, tag in enumerate(tags)}
    out = np.zeros(len(starts), dtype=np.int64)
    cut = 0
    for a, b, kind in spans:
        first = int(np.searchsorted(ends, a, side="right"))
        last = int(np.searchsorted(starts, b, side="left")) - 1
        if first > last or out[first : last + 1].any():
            continue
        cut += bool(starts[first] != a or ends[last] != b)
        if first == last:
            out[first] = number[f"S-{kind}"]
        else:
            out[first : last + 1] = number[f"I-{kind}"]
            out[first], out[last] = number[f"B-{kind}"], number[f"E-{kind}"]
    return out, cut
