"""The trained extractor: who says what, chains included, by the network that knows the language best.

Who nests in whom, who is meant by «he» and what kind of source it is are decided by the functions the rules
use.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from tocsin.extract.chains import attributions_of, nest
from tocsin.extract.drafts import Draft, Line, position
from tocsin.extract.spoken import Spoken, draft_of, lines_of
from tocsin.language.attribution import packaged_attributor
from tocsin.language.core import WEIGHTS as CORE_WEIGHTS
from tocsin.language.reading import SentenceSpan, reader
from tocsin.language.relations import Relation
from tocsin.language.tagger import WEIGHTS as TAGGER_WEIGHTS
from tocsin.language.windows import Window
from tocsin.model import Attribution, Document, Sentence

if TYPE_CHECKING:
    from tocsin.extract.tagged import TaggerDrafts

__all__ = ["CORE_LANGUAGES", "CoreDrafts", "NeuralExtractor", "installed"]

#: Languages the core was taught attributions of; on PolNeAR's English the tagger is the better one.
CORE_LANGUAGES: Final = frozenset({"kk", "ru", "uk"})
#: The language in which tagger and core are heard together (``language/fusion.py``).
_BOTH: Final = "en"


def installed() -> bool:
    """Whether both networks' weights are here: they are trained on restricted data and can be left out."""
    folder = files("tocsin.language") / "weights"
    return all((folder / name).is_file() for name in (CORE_WEIGHTS, TAGGER_WEIGHTS))


class CoreDrafts:
    """Drafts by the packaged core.

    The score is how often attributions that looked like this one were right where it was measured, 0 to 1
    (``training/core/MODEL_CARD.md``).
    """

    def drafts(self, text: str, sentences: Sequence[Sentence], lines: Sequence[Line]) -> list[Draft]:
        """What the core finds in a document, by position, not yet nested."""
        if not sentences:
            return []
        attributor = packaged_attributor()
        found: list[Draft] = []
        for analysis in reader().read(text, _spans(sentences)):
            for relation in attributor.relations(analysis):
                spoken = _spoken(analysis.window, relation, attributor.chance(relation.score))
                draft = draft_of(text, lines, spoken)
                if draft is not None:
                    found.append(draft)
        return sorted(found, key=position)


class NeuralExtractor:
    """The core for documents mostly in one of ``CORE_LANGUAGES``, both in English, the tagger for the rest.

    Implements ``AttributionExtractor``. Each was measured best on its languages
    (``training/core/MODEL_CARD.md``).
    """

    method = "network/2"

    def __init__(self) -> None:
        self._core = CoreDrafts()
        self._tagger: TaggerDrafts | None = None

    def extract(self, document: Document, sentences: Sequence[Sentence]) -> list[Attribution]:
        """Attributions of one document, by position; see ``AttributionExtractor``."""
        lines = lines_of(document.text, sentences)
        drafts = self.drafts(document.text, sentences, lines)
        return attributions_of(document, lines, nest(document.text, drafts), self.method)

    def drafts(self, text: str, sentences: Sequence[Sentence], lines: Sequence[Line]) -> list[Draft]:
        """Drafts, not yet nested, by whichever is meant for the language with most characters."""
        size: Counter[str] = Counter()
        for sentence in sentences:
            size[sentence.language] += sentence.end - sentence.start
        mostly = min(size, key=lambda code: (-size[code], code), default="und")
        if mostly in CORE_LANGUAGES:
            return self._core.drafts(text, sentences, lines)
        if self._tagger is None:
            # Its encoder is another 65 MB: loaded when the first such document comes.
            from tocsin.extract.tagged import TaggerDrafts

            self._tagger = TaggerDrafts()
        heard = reader().read(text, _spans(sentences)) if mostly == _BOTH else None
        return self._tagger.drafts(text, sentences, lines, heard)


def _spans(sentences: Sequence[Sentence]) -> list[SentenceSpan]:
    return [SentenceSpan(s.paragraph, s.start, s.end, s.language) for s in sentences]


def _spoken(window: Window, relation: Relation, chance: float) -> Spoken:
    def ranges(found: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        return [(int(window.starts[a]), int(window.ends[b - 1])) for a, b in found]

    cue = ranges([(relation.cue.first, relation.cue.last)])
    return Spoken(ranges(relation.source), cue, ranges(relation.content), chance)
