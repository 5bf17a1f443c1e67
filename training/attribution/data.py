"""PolNeAR (and files of its form) as arrays: words with frozen features, cue tags, and roles per cue."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tocsin.language.segment import sentences
from tocsin.language.universal import universal_encoder
from tocsin.language.wordfeatures import ParagraphWords, paragraph_words

__all__ = ["Corpus", "Relation", "build", "lexicon_of", "load_corpus", "look_up", "read_documents"]

OUTSIDE, SOURCE, CONTENT = 0, 1, 2
#: Left out of some paragraphs in training: many languages have none.
ARTICLES = frozenset({"the", "a", "an"})
CUE_OUT, CUE_BEGIN, CUE_IN = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Relation:
    """One gold attribution in a paragraph: its cue as word range [first, last) and a role for each word."""

    paragraph: int
    first: int
    last: int
    roles: NDArray[np.int8]


@dataclass(slots=True)
class Corpus:
    """Paragraphs laid end to end. ``begin[p]:begin[p+1]`` are the words of paragraph p.

    ``features`` (n, 1280) float16, ``shapes`` (n, 22) uint8, ``sentence`` (n,) from 0 in each paragraph,
    ``cues`` (n,) BIO, ``starts``/``ends`` (n,) code points in the document ``document[p]``.
    """

    features: NDArray[np.float16]
    shapes: NDArray[np.uint8]
    sentence: NDArray[np.int16]
    cues: NDArray[np.int8]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    begin: NDArray[np.int64]
    document: NDArray[np.int32]
    relations: list[Relation] = field(default_factory=list)
    documents: list[dict[str, Any]] = field(default_factory=list)
    lexical: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    article: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, bool))


def read_documents(path: Path) -> list[dict[str, Any]]:
    """One JSON object a line: ``doc_id``, ``text``, ``attributions``."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _covered(words: ParagraphWords, spans: Iterable[Sequence[int]]) -> NDArray[np.bool_]:
    found = np.zeros(len(words), dtype=bool)
    for start, end in spans:
        found |= (words.starts < end) & (words.ends > start)
    return found


def _paragraphs(text: str) -> list[list[tuple[int, int]]]:
    found: dict[int, list[tuple[int, int]]] = {}
    for number, span in sentences(text):
        found.setdefault(number, []).append((span.start, span.end))
    return list(found.values())


def _relations(
    words: ParagraphWords, attributions: Iterable[dict[str, Any]], paragraph: int
) -> list[Relation]:
    found = []
    for attribution in attributions:
        cue = np.flatnonzero(_covered(words, attribution["cue"]))
        if not len(cue) or not attribution["content"]:
            continue
        roles = np.zeros(len(words), dtype=np.int8)
        roles[_covered(words, attribution["content"])] = CONTENT
        roles[_covered(words, attribution["source"])] = SOURCE
        roles[cue] = OUTSIDE
        found.append(Relation(paragraph, int(cue[0]), int(cue[-1]) + 1, roles))
    return found


def build(documents: list[dict[str, Any]]) -> Corpus:
    """Encode documents with the packaged encoder and align their attributions to words."""
    encoder = universal_encoder()
    columns: dict[str, list[Any]] = {
        k: [] for k in ("features", "shapes", "sentence", "cues", "starts", "ends")
    }
    begin, document, relations = [0], [], []
    for number, entry in enumerate(documents):
        spans = _paragraphs(entry["text"])
        languages = [entry.get("lang", "en")] * sum(map(len, spans))
        for words in paragraph_words(entry["text"], spans, encoder, languages):
            if not len(words):
                continue
            found = _relations(words, entry["attributions"], len(document))
            cues = np.zeros(len(words), dtype=np.int8)
            for relation in found:
                cues[relation.first : relation.last] = CUE_IN
                cues[relation.first] = CUE_BEGIN
            relations += found
            columns["features"].append(words.features.astype(np.float16))
            columns["shapes"].append(words.shapes.astype(np.uint8))
            columns["sentence"].append(words.sentence.astype(np.int16))
            columns["cues"].append(cues)
            columns["starts"].append(words.starts.astype(np.int32))
            columns["ends"].append(words.ends.astype(np.int32))
            begin.append(begin[-1] + len(words))
            document.append(number)
    arrays = {name: np.concatenate(parts) for name, parts in columns.items()}
    return Corpus(
        **arrays,
        begin=np.array(begin, dtype=np.int64),
        document=np.array(document, dtype=np.int32),
        relations=relations,
        documents=documents,
    )


def load_corpus(path: Path, cache: Path) -> Corpus:
    """Build a corpus, or read the one built before from ``cache`` (one folder per input file).

    Delete the folder after a change of the encoder, the word cut or the shapes.
    """
    folder = cache / path.stem
    documents = read_documents(path)
    names = ("features", "shapes", "sentence", "cues", "starts", "ends", "begin", "document")
    if not (folder / "relations.npz").exists():
        corpus = build(documents)
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            np.save(folder / f"{name}.npy", getattr(corpus, name))
        index = np.array([(r.paragraph, r.first, r.last) for r in corpus.relations], dtype=np.int64)
        roles = np.concatenate([r.roles for r in corpus.relations] or [np.zeros(0, np.int8)])
        np.savez(folder / "relations.npz", index=index.reshape(-1, 3), roles=roles)
        return corpus
    arrays = {name: np.load(folder / f"{name}.npy") for name in names}
    stored = np.load(folder / "relations.npz")
    lengths = np.diff(arrays["begin"])[stored["index"][:, 0]]
    parts = np.split(stored["roles"], np.cumsum(lengths)[:-1]) if len(lengths) else []
    relations = [
        Relation(int(p), int(a), int(b), r) for (p, a, b), r in zip(stored["index"], parts, strict=True)
    ]
    return Corpus(**arrays, relations=relations, documents=documents)


def _words(corpus: Corpus) -> list[str]:
    texts = [entry["text"] for entry in corpus.documents]
    number = np.repeat(corpus.document, np.diff(corpus.begin))
    spans = zip(number.tolist(), corpus.starts.tolist(), corpus.ends.tolist(), strict=True)
    return [texts[d][a:b].lower() for d, a, b in spans]


def lexicon_of(corpus: Corpus, size: int) -> list[str]:
    """The most frequent words (lower case, letters), most frequent first, ties by spelling."""
    counts = Counter(word for word in _words(corpus) if word.strip("'’").isalpha())
    return sorted(counts, key=lambda word: (-counts[word], word))[:size]


def look_up(corpus: Corpus, lexicon: list[str]) -> None:
    """Fill ``corpus.lexical`` (n,), 1 + place in the lexicon or 0 for other words, and ``corpus.article``."""
    place = {word: i + 1 for i, word in enumerate(lexicon)}
    words = _words(corpus)
    corpus.lexical = np.array([place.get(word, 0) for word in words], dtype=np.int64)
    corpus.article = np.array([word in ARTICLES for word in words])
