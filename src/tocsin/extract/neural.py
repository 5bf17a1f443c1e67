"""The trained extractors: who says what, chains included, by the network that knows the language best.

Who nests in whom, who is meant by «he» and what kind of source it is are decided by the functions the rules
use.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from tocsin.extract.chains import attributions_of, nest
from tocsin.extract.drafts import Draft
from tocsin.extract.spoken import METHOD, Spoken, draft_of, lines_of
from tocsin.language.attribution import Attributor
from tocsin.language.core import WEIGHTS as CORE_WEIGHTS
from tocsin.language.core import language_core
from tocsin.language.relations import Relation
from tocsin.language.tagger import WEIGHTS as TAGGER_WEIGHTS
from tocsin.language.windows import Window, windows
from tocsin.model import Attribution, Document, Sentence

if TYPE_CHECKING:
    from tocsin.extract.tagged import TaggerExtractor

__all__ = ["CORE_LANGUAGES", "CoreExtractor", "NeuralExtractor", "installed"]

#: Languages the core was taught attributions of; on PolNeAR's English the tagger is the better one.
CORE_LANGUAGES: Final = frozenset({"kk", "ru", "uk"})


def installed() -> bool:
    """Whether both networks' weights are here: they are trained on restricted data and can be left out."""
    folder = files("tocsin.language") / "weights"
    return all((folder / name).is_file() for name in (CORE_WEIGHTS, TAGGER_WEIGHTS))


@cache
def _attributor() -> Attributor:
    return Attributor(language_core())


class CoreExtractor:
    """Attributions by the packaged core; implements ``AttributionExtractor``.

    The score is how often attributions that looked like this one were right where it was measured, 0 to 1
    (``training/core/MODEL_CARD.md``).
    """

    method = METHOD

    def extract(self, document: Document, sentences: Sequence[Sentence]) -> list[Attribution]:
        """Attributions of one document, by position; see ``AttributionExtractor``."""
        text, core, attributor = document.text, language_core(), _attributor()
        if not sentences:
            return []
        lines = lines_of(text, sentences)
        drafts: list[Draft] = []
        for window in windows(text, [(s.paragraph, s.start, s.end) for s in sentences], core.pieces):
            for relation in attributor.relations(core.read(window)):
                spoken = _spoken(window, relation, attributor.chance(relation.score))
                draft = draft_of(text, lines, spoken)
                if draft is not None:
                    drafts.append(draft)
        drafts.sort(key=lambda d: ((d.cue or d.source or d.content)[0], d.content))
        return attributions_of(document, lines, nest(text, drafts), self.method)


class NeuralExtractor:
    """The core for documents mostly in one of ``CORE_LANGUAGES``, the tagger for the rest.

    Each was measured better on its languages (``training/core/MODEL_CARD.md``); a document is read by one.
    """

    method = METHOD

    def __init__(self) -> None:
        self._core = CoreExtractor()
        self._tagger: TaggerExtractor | None = None

    def extract(self, document: Document, sentences: Sequence[Sentence]) -> list[Attribution]:
        """Attributions by whichever is meant for the language with most characters."""
        size: Counter[str] = Counter()
        for sentence in sentences:
            size[sentence.language] += sentence.end - sentence.start
        mostly = min(size, key=lambda code: (-size[code], code), default="und")
        if mostly in CORE_LANGUAGES:
            return self._core.extract(document, sentences)
        if self._tagger is None:
            # Its encoder is another 65 MB: loaded when the first such document comes.
            from tocsin.extract.tagged import TaggerExtractor

            self._tagger = TaggerExtractor()
        return self._tagger.extract(document, sentences)


def _spoken(window: Window, relation: Relation, chance: float) -> Spoken:
    def ranges(found: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        return [(int(window.starts[a]), int(window.ends[b - 1])) for a, b in found]

    cue = ranges([(relation.cue.first, relation.cue.last)])
    return Spoken(ranges(relation.source), cue, ranges(relation.content), chance)
