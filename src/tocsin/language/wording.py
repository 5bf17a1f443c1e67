"""What a text looks like to the head of persuasion, apart from its meaning: counted signs, words, characters.

Words and stretches of characters are counted in buckets (Weinberger et al. 2009, "Feature Hashing for Large
Scale Multitask Learning"), so that no vocabulary has to ship.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

__all__ = ["CHARACTERS", "CUES", "WORDS", "character_counts", "cues", "word_counts"]

Floats = NDArray[np.float32]

#: Buckets of words, and of stretches of three to five characters.
WORDS: Final = 2048
CHARACTERS: Final = 4096
_LENGTHS: Final = (3, 4, 5)
_TOKEN: Final = re.compile(r"\w+|[^\w\s]")
_WORD: Final = re.compile(r"\w+")
_DIGIT: Final = re.compile(r"\d")
_STOPS: Final = re.compile(r"[.!?…]+|\n")
_COUNTED: Final = tuple(
    re.compile(pattern)
    for pattern in (
        "!",
        r"\?",
        r"…|\.\.\.",
        "[\U0001f300-\U0001faff\u2600-\u27bf]",
        '["«“]',
        r"https?:|t\.me",
        "@",
        "#",
        r"\b[A-ZА-ЯЁІЇЄҐ]{3,}\b",
        r"\d",
        r"\n",
        r"\(",
        "— | - ",
        ":",
        "[!?]{2,}",
        r"(?i)\b(?:мы|нас|нам|ми|наш\w*|нами)\b",
        r"(?i)\b(?:вы|вам|вас|ви|ваш\w*)\b",
        r"(?i)\b(?:я|мне|мені|меня|мене)\b",
        r"(?i)\b(?:они|их|им|вони|їх|їм)\b",
        r"(?i)\b(?:все|всі|всі[мх]|всех|всем|каждый|кожен|никто|ніхто)\b",
        r"(?i)\b(?:не|нет|ні|ни|без)\b",
        "[іїєґІЇЄҐ]",
        "[ыэъёЫЭЪЁ]",
    )
)
#: How many numbers ``cues`` gives.
CUES: Final = 2 * len(_COUNTED) + 5


def cues(text: str) -> Floats:
    """Counts of signs and small words, as logarithms and for each word; then lengths: (``CUES``,)."""
    words = max(1, len(_WORD.findall(text)))
    stretches = max(1, len(_STOPS.findall(text)))
    counts = np.array([len(pattern.findall(text)) for pattern in _COUNTED], dtype=np.float32)
    lengths = (np.log1p(len(text)), np.log(words), len(text) / words, words / stretches, np.log(stretches))
    return np.concatenate([np.log1p(counts), counts / words, np.array(lengths, dtype=np.float32)])


def word_counts(text: str) -> Floats:
    """Words and signs in ``WORDS`` buckets: logarithms of counts, a vector of length one (zeros: none)."""
    return _in_buckets(_TOKEN.findall(_plain(text)), WORDS)


def character_counts(text: str) -> Floats:
    """Stretches of characters inside words, edges marked by a space, in ``CHARACTERS`` buckets; as above."""
    found = []
    for word in _plain(text).split():
        edged = f" {word} "
        for length in _LENGTHS:
            found += [edged[at : at + length] for at in range(max(1, len(edged) - length + 1))]
    return _in_buckets(found, CHARACTERS)


def _plain(text: str) -> str:
    return _DIGIT.sub("0", text.lower())


def _in_buckets(found: Iterable[str], buckets: int) -> Floats:
    numbers = [crc32(one.encode("utf-8", "surrogatepass")) % buckets for one in found]
    counts = np.log1p(np.bincount(np.array(numbers, dtype=np.int64), minlength=buckets))
    length = float(np.linalg.norm(counts))
    return (counts / length if length else counts).astype(np.float32)
