"""Segmentation, language identification and morphology; the trained core and its heads beside them.

Light to import: models and dictionaries load at first use. The Arrow kernel is in ``language.stage``; the
core is reached by its own modules (``core``, ``encoder``, ``attribution``, …) or by ``analyse``, so that
nobody loads it unasked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tocsin.language.identify import UNDETERMINED, identify, identify_all
from tocsin.language.morphology import Parse, lemma, lemmas, nominative, parses
from tocsin.language.segment import paragraphs, sentences, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from tocsin.language.onepass import TextAnalysis

__all__ = [
    "UNDETERMINED",
    "Parse",
    "analyse",
    "identify",
    "identify_all",
    "lemma",
    "lemmas",
    "nominative",
    "paragraphs",
    "parses",
    "sentence_vectors",
    "sentences",
    "words",
]


def analyse(text: str, language: str | None = None) -> TextAnalysis:
    """Everything the core says of a text, from one pass: see ``onepass.analyse``. Loads the core."""
    from tocsin.language import onepass

    return onepass.analyse(text, language)


def sentence_vectors(texts: Sequence[str], languages: Sequence[str]) -> NDArray[np.float32]:
    """Unit vectors of sentences or claims that lie near where they mean the same: see ``encoder``.

    ``languages`` holds a code for each text. Loads the encoders.
    """
    from tocsin.language import encoder

    return encoder.sentence_vectors(texts, languages)
