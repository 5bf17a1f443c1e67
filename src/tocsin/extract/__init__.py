"""Who says what, on whose word, how surely: attributions, chains and claims.

``AttributionExtractor`` is the seam: rules and the trained extractor (``extract.neural``) stand behind it.
Light to import: lexicons and dictionaries load at first use. The Arrow kernel is in ``extract.stage``.
"""

from __future__ import annotations

from tocsin.extract.certainty import Assessment, certainty_of
from tocsin.extract.claims import claims_of
from tocsin.extract.forecasts import blame_words, forecast_words
from tocsin.extract.kinds import kind_of
from tocsin.extract.protocol import AttributionExtractor
from tocsin.extract.readings import Reading, readings_of
from tocsin.extract.rules import RuleExtractor

__all__ = [
    "Assessment",
    "AttributionExtractor",
    "Reading",
    "RuleExtractor",
    "blame_words",
    "certainty_of",
    "claims_of",
    "forecast_words",
    "kind_of",
    "readings_of",
]
