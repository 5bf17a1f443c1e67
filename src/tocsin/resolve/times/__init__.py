"""Time expressions in English, Russian, Ukrainian and Kazakh, as intervals.

``lexicon`` reads words and patterns, ``tokens`` cuts a sentence, ``grammar`` matches, ``construct`` gives
meanings, ``compose`` joins them, ``anchor`` counts them from a date, ``finder`` walks the document.
"""

from __future__ import annotations

from tocsin.resolve.times.finder import METHOD, find_times
from tocsin.resolve.times.lexicon import LANGUAGES

__all__ = ["LANGUAGES", "METHOD", "find_times"]
