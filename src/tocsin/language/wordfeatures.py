"""Words of a paragraph as the tagger sees them: features of the universal encoder averaged over pieces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tocsin.language.bridge import bridge
from tocsin.language.universal import Encoding, UniversalEncoder
from tocsin.language.wordshapes import cut_words, shapes

__all__ = ["ParagraphWords", "encode_bridged", "paragraph_words"]

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]


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


def encode_bridged(
    sentences: Sequence[str], languages: Sequence[str], encoder: UniversalEncoder
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
    encoder: UniversalEncoder,
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
        flags = shapes(words, np.stack([starts, ends], axis=1), number, np.zeros_like(number))
        out.append(ParagraphWords(words, starts, ends, number, np.concatenate([p[2] for p in parts]), flags))
    return out
