"""Segmentation, language identification and morphology (the encoder joins them later).

Light to import: models and dictionaries load at first use. The Arrow kernel is in ``language.stage``.
"""

from __future__ import annotations

from tocsin.language.identify import UNDETERMINED, identify, identify_all
from tocsin.language.morphology import Parse, lemma, lemmas, nominative, parses
from tocsin.language.segment import paragraphs, sentences, words

__all__ = [
    "UNDETERMINED",
    "Parse",
    "identify",
    "identify_all",
    "lemma",
    "lemmas",
    "nominative",
    "paragraphs",
    "parses",
    "sentences",
    "words",
]
