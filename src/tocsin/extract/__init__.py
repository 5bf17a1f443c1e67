"""Who says what, on whose word, how surely: attributions, chains and claims.

``AttributionExtractor`` is the seam: rules stand behind it now, a trained model will. Light to import:
lexicons and dictionaries load at first use. The Arrow kernel is in ``extract.stage``.
"""

from __future__ import annotations

from tocsin.extract.certainty import Assessment, certainty_of
from tocsin.extract.claims import claims_of
from tocsin.extract.kinds import kind_of
from tocsin.extract.protocol import AttributionExtractor
from tocsin.extract.rules import RuleExtractor

__all__ = [
    "Assessment",
    "AttributionExtractor",
    "RuleExtractor",
    "certainty_of",
    "claims_of",
    "kind_of",
]
