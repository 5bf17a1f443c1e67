"""Words of a paragraph as the heads see them: encoder features averaged over pieces, plus plain shapes.

The cut is finer than ``segment.words``: signs are words too, and English clitics stand alone ("Clinton" +
"'s"), because annotated spans begin and end there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tocsin.language.bridge import bridge
from tocsin.language.encoder import Encoder, Encoding

__all__ = ["SHAPES", "ParagraphWords", "cut_words", "encode_bridged", "paragraph_words"]

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

_CLITIC: Final = r"(?:s|t|d|m|re|ve|ll|S|T|D|M|RE|VE|LL)(?!\w)"
_WORD: Final = re.compile(rf"\w+(?:[-‐‑]\w+|[’'ʼ](?!{_CLITIC})\w+)*|[’']{_CLITIC}|[’']{{2}}|`{{1,2}}|[^\w\s]")

#: What each column of ``shapes`` says of a word, 1 or 0.
SHAPES: Final = (
    "capital first",
    "all capitals",
    "small first",
    "has a digit",
    "is a sign",
    "opens a quotation",
    "closes a quotation",
    "straight quotation mark",
    "apostrophe",
    "comma",
    "stop",
    "colon",
    "semicolon",
    "dash",
    "bracket",
    "question or exclamation",
    "inside a quotation",
    "first in its sentence",
    "last in its sentence",
    "follows without a space",
    "clitic",
    "paragraph begins in a quotation",
)
_SIGNS: Final = {
    **dict.fromkeys("“«„", 5),
    **dict.fromkeys("”»", 6),
    '"': 7,
    "''": 7,
    "’’": 7,
    "``": 5,
    **dict.fromkeys("'’‘`", 8),
    ",": 9,
    **dict.fromkeys(".…", 10),
    ":": 11,
    ";": 12,
    **dict.fromkeys("—–-−", 13),
    **dict.fromkeys("()[]", 14),
    **dict.fromkeys("?!", 15),
}


@dataclass(frozen=True, slots=True, eq=False)
class ParagraphWords:
    """The n words of one paragraph.

    ``words`` are the n words themselves; ``starts`` and ``ends`` are code points of the text the sentences
    were cut from; ``sentence`` counts from 0 within the paragraph; ``features`` is (n, feature dimension),
    ``shapes`` is (n, len(SHAPES)).
    """

    words: list[str]
    starts: Integers
    ends: Integers
    sentence: Integers
    features: Floats
    shapes: Floats

    def __len__(self) -> int:
        return len(self.starts)


def cut_words(text: str) -> list[tuple[int, int]]:
    """Words and signs of a text as ``(start, end)`` code points; white space belongs to none."""
    return [match.span() for match in _WORD.finditer(text)]


def _mean(encoding: Encoding, starts: Integers, ends: Integers) -> Floats:
    """Mean features of the pieces that share a character with each word; zeros where none does."""
    first = np.searchsorted(encoding.ends, starts, side="right")
    last = np.searchsorted(encoding.starts, ends, side="left")
    counts = last - first
    sums = encoding.features[np.minimum(first, len(encoding.features) - 1)]
    sums[counts < 1] = 0
    for k in range(1, int(counts.max(initial=0))):
        longer = np.flatnonzero(counts > k)
        sums[longer] += encoding.features[first[longer] + k]
    sums /= np.maximum(counts, 1).astype(np.float32)[:, None]
    return sums


def _shape(word: str) -> list[int]:
    """The columns of ``SHAPES`` that the word alone decides."""
    if word in _SIGNS:
        return [4, _SIGNS[word]]
    first = word[0]
    if first in "'’":
        return [20]
    if not (first.isalnum() or first == "_"):
        return [4]
    found = []
    if first.isupper():
        found.append(1 if len(word) > 1 and word.isupper() else 0)
    elif first.islower():
        found.append(2)
    if any(c.isdigit() for c in word):
        found.append(3)
    return found


def _quotations(words: Sequence[str]) -> list[bool]:
    """Whether each word is inside double quotation marks; one that closes first shows an open start."""
    inside = False
    states: list[bool] = []
    for word in words:
        sign = _SIGNS.get(word, 0)
        if sign == 5 or (sign == 7 and not inside):
            inside = True
            states.append(True)
        elif sign in {6, 7}:
            if not inside and sign == 6:
                states = [True] * len(states)
            states.append(True)
            inside = False
        else:
            states.append(inside)
    return states


def _shapes(words: Sequence[str], starts: Integers, ends: Integers, sentence: Integers) -> Floats:
    out = np.zeros((len(words), len(SHAPES)), dtype=np.float32)
    for i, word in enumerate(words):
        out[i, _shape(word)] = 1
    inside = _quotations(words)
    out[:, 16] = inside
    change = np.flatnonzero(np.diff(sentence)) + 1
    out[0, 17] = out[-1, 18] = 1
    out[change, 17] = 1
    out[change - 1, 18] = 1
    out[1:, 19] = starts[1:] == ends[:-1]
    out[:, 21] = inside[0]
    return out


def encode_bridged(
    sentences: Sequence[str], languages: Sequence[str], encoder: Encoder
) -> Iterator[Encoding]:
    """Encodings of sentences, bridged where their language needs it; offsets are the originals'."""
    bridged = [bridge(s, language) for s, language in zip(sentences, languages, strict=True)]
    texts = [s if b is None else b.text for s, b in zip(sentences, bridged, strict=True)]
    for encoding, b in zip(encoder.encode(texts), bridged, strict=True):
        if b is None or not b.text:
            yield encoding
            continue
        size = len(b.text)
        real = encoding.ends > encoding.starts
        starts = np.array(b.starts)[np.minimum(encoding.starts, size - 1)]
        ends = np.where(real, np.array(b.ends)[np.maximum(encoding.ends - 1, 0)], starts)
        # A word spelt longer gives several pieces the same characters: ends never decrease, starts neither.
        yield Encoding(encoding.vector, encoding.features, starts, np.maximum.accumulate(ends))


def paragraph_words(
    text: str,
    paragraphs: Sequence[Sequence[tuple[int, int]]],
    encoder: Encoder,
    languages: Sequence[str] | None = None,
) -> list[ParagraphWords]:
    """Words of paragraphs given as the spans of their sentences, in order; one encoder pass per sentence.

    ``languages`` names the language of each sentence, all paragraphs' in one row; without it nothing is
    bridged.
    A paragraph without words gives an entry of length 0.
    """
    spans = [span for paragraph in paragraphs for span in paragraph]
    codes = languages or [""] * len(spans)
    encodings = encode_bridged([text[start:end] for start, end in spans], codes, encoder)
    out = []
    for paragraph in paragraphs:
        parts: list[tuple[Integers, Integers, Floats]] = []
        for start, end in paragraph:
            encoding = next(encodings)
            cut = np.array(cut_words(text[start:end]), dtype=np.int64).reshape(-1, 2)
            features = _mean(encoding, cut[:, 0], cut[:, 1]) if len(cut) else encoding.features[:0]
            parts.append((cut[:, 0] + start, cut[:, 1] + start, features))
        starts = np.concatenate([p[0] for p in parts])
        ends = np.concatenate([p[1] for p in parts])
        number = np.repeat(np.arange(len(parts)), [len(p[0]) for p in parts])
        words = [text[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
        shapes = _shapes(words, starts, ends, number) if words else np.zeros((0, len(SHAPES)), np.float32)
        out.append(ParagraphWords(words, starts, ends, number, np.concatenate([p[2] for p in parts]), shapes))
    return out
