"""Time expressions in English, Russian, Ukrainian and Kazakh, as intervals.

``lexicon`` reads words and patterns, ``tokens`` cuts a sentence, ``grammar`` matches, ``construct`` gives
meanings (``dates``, ``offsets``, ``lengths``, ``clocks``, ``ranges``), ``compose`` joins them, ``tense``
reads the verbs about them, ``anchor`` and ``days`` count them from what ``context`` knows, ``document`` and
``finder`` walk the text.
"""

from __future__ import annotations

from tocsin.resolve.times.finder import METHOD, find_times
from tocsin.resolve.times.lexicon import LANGUAGES

__all__ = ["LANGUAGES", "METHOD", "find_times"]
