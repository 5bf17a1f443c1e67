"""Quantities in English, Russian, Ukrainian and Kazakh, as intervals with units that can be compared.

``lexicon`` reads words, ``tokens`` cuts a sentence, ``numerals`` makes numbers of figures and words,
``measures`` gives them units and joins ranges, ``compose`` adds bounds, rates and what is counted,
``reject`` drops dates, labels and the like, ``finder`` walks the document. ``compare`` is for checks.
Light to import: lexicons load at first use; the Arrow kernel is in ``resolve.stage``.
"""

from __future__ import annotations

from tocsin.model import Quantity, QuantityMention
from tocsin.resolve.quantities.compare import comparable, contradicts, overlap, ratio, widened
from tocsin.resolve.quantities.finder import METHOD, find_quantities
from tocsin.resolve.quantities.lexicon import LANGUAGES
from tocsin.resolve.quantities.units import dimension, to_base

__all__ = [
    "LANGUAGES",
    "METHOD",
    "Quantity",
    "QuantityMention",
    "comparable",
    "contradicts",
    "dimension",
    "find_quantities",
    "overlap",
    "ratio",
    "to_base",
    "widened",
]
