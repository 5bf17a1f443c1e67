"""What can be measured: a protocol for each task, and the systems that satisfy it, by name.

A system is anything with the methods of its task's protocol. To make one measurable, add a factory to
``SYSTEMS``; the first of a task is the one measured when none is named. A factory loads its model, and raises
HeadNotInstalledError when the file it needs is not there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol, cast, runtime_checkable

from tocsin.errors import HeadNotInstalledError, UsageError
from tocsin.evaluate.scores.attribution import Roles
from tocsin.evaluate.scores.judging import Told
from tocsin.evaluate.scores.places import Placed
from tocsin.evaluate.scores.quantities import Valued
from tocsin.evaluate.scores.times import BOUNDS, Timed

if TYPE_CHECKING:
    from datetime import datetime

    import numpy as np
    from numpy.typing import NDArray

    from tocsin.extract import AttributionExtractor
    from tocsin.model import Attribution, Document, Spans

__all__ = [
    "SYSTEMS",
    "AttributionSystem",
    "BlameSystem",
    "CertaintySystem",
    "CheckworthySystem",
    "ForecastSystem",
    "GuidedSystem",
    "MatchingSystem",
    "NamesSystem",
    "OriginsSystem",
    "PersuasionSystem",
    "Persuasions",
    "PlaceSystem",
    "QuantitySystem",
    "SameStorySystem",
    "SentenceCertaintySystem",
    "SentenceSystem",
    "System",
    "TimeSystem",
    "load_system",
]


class System(Protocol):
    """What every system tells of itself; both go into the report.

    A system that answers with probabilities may also have ``thresholds``, from where on each of its answers
    means yes: by technique (persuasion), or "checkworthy", or "hedge" (certainty). Else 0.5 is taken.
    """

    name: str
    version: str


class AttributionSystem(System, Protocol):
    """Finds who says what."""

    def attributions(self, text: str, *, outermost: bool) -> list[Roles]:
        """Spans of each attribution, in the order of the text; ``outermost`` leaves nested ones out."""
        ...


class BlameSystem(System, Protocol):
    """Finds who is blamed, and who is cleared."""

    def blame(self, asked: Sequence[tuple[str, datetime | None, str]]) -> Sequence[Sequence[Told]]:
        """Of each text (with when it was published, and its language; None and empty where not stated)."""
        ...


class ForecastSystem(System, Protocol):
    """Finds warnings and other claims about the future."""

    def forecasts(self, asked: Sequence[tuple[str, datetime | None, str]]) -> Sequence[Sequence[Told]]:
        """Of each text, asked as ``BlameSystem.blame`` is."""
        ...


class NamesSystem(System, Protocol):
    """Finds names."""

    #: Types it can give, in its own words.
    types: frozenset[str]

    def names(self, text: str) -> Sequence[tuple[int, int, str, float]]:
        """Names as (start, end, type, score): half-open code points of the text."""
        ...


@runtime_checkable
class GuidedSystem(Protocol):
    """A system that can follow the guide of one corpus or another."""

    def follow(self, style: str) -> None:
        """Follow that guide from now on; raises UsageError where there is none of that name."""
        ...


class MatchingSystem(System, Protocol):
    """Tells whether names are one, and finds names among others."""

    def same(self, left: str, right: str, kind: str) -> float:
        """How likely two names are one, 0 to 1; ``kind`` is PER, ORG or empty."""
        ...

    def find(self, asked: Sequence[tuple[str, str, str]], names: Sequence[str]) -> list[str]:
        """For each (name, language, kind) the one of ``names`` that is most likely it; empty for none."""
        ...


class CertaintySystem(System, Protocol):
    """Says how sure a text is of an event."""

    def certainty(self, text: str, spans: Sequence[tuple[int, int]]) -> Sequence[float]:
        """For each span of characters a value from -3 (surely not) to 3 (surely so)."""
        ...


@runtime_checkable
class SentenceCertaintySystem(Protocol):
    """A system of certainty that also judges sentences as wholes; others are asked for the whole span."""

    def sentence_certainty(self, texts: Sequence[str]) -> Sequence[float]:
        """How sure each sentence is of what it states, on any scale on which more is surer."""
        ...

    def hedging(self, texts: Sequence[str]) -> Sequence[float]:
        """The probability that each sentence hedges."""
        ...


class CheckworthySystem(System, Protocol):
    """Says which sentences are worth checking."""

    def checkworthy(self, texts: Sequence[str]) -> Sequence[float]:
        """A probability for each text."""
        ...


@dataclass(frozen=True, slots=True)
class Persuasions:
    """Probability of each technique the system knows, and the spans (code points) of words that carry any."""

    techniques: Mapping[str, float]
    spans: tuple[tuple[int, int], ...]


class OriginsSystem(System, Protocol):
    """Counts the independent origins of a story."""

    def origins(self, documents: Sequence[Document], story: frozenset[str]) -> tuple[int, int]:
        """The least and the greatest number; ``story`` are the ids of the documents that tell it."""
        ...


class PersuasionSystem(System, Protocol):
    """Finds persuasion techniques."""

    #: Techniques it can give, in its own words.
    techniques: frozenset[str]

    def persuasion(self, texts: Sequence[str]) -> Sequence[Persuasions]:
        """What it finds in each text."""
        ...


class PlaceSystem(System, Protocol):
    """Finds places and puts them where they are."""

    def located(self, text: str, spans: Sequence[tuple[int, int]], language: str) -> Sequence[Placed | None]:
        """The place each given mention means; ``language`` is empty where nothing states it."""
        ...

    def places(self, text: str, language: str) -> Sequence[Placed]:
        """Places found in a text."""
        ...

    def holds(self, found: Placed, gold: Placed) -> bool:
        """Whether the place found bears the annotated name and covers the annotated point."""
        ...


class QuantitySystem(System, Protocol):
    """Finds quantities."""

    def quantities(self, text: str, language: str) -> Sequence[Valued]:
        """Quantities of a text in the order of the text; ``language`` is empty where nothing states it."""
        ...


class SameStorySystem(System, Protocol):
    """Tells whether documents tell one story."""

    def same_story(self, asked: Sequence[tuple[str, str, str, str]]) -> Sequence[float]:
        """Of each pair (text, language, text, language; empty where not stated): more is more alike."""
        ...


class TimeSystem(System, Protocol):
    """Finds times."""

    def times(self, text: str, published: datetime | None, language: str) -> Sequence[Timed]:
        """Times of a text in its order.

        ``published`` is aware; None where nothing states it. ``language`` is empty where nothing states it.
        """
        ...


class SentenceSystem(System, Protocol):
    """Turns sentences into vectors."""

    def vectors(self, sentences: Sequence[str], language: str) -> NDArray[np.float32]:
        """Rows of length 1, (n, d), of sentences in one language (ISO 639 code)."""
        ...


class _Attributions:
    """An extractor of tocsin behind the protocol."""

    def __init__(self, name: str, extractor: AttributionExtractor) -> None:
        self.name = name
        self.version = extractor.method
        self._extractor = extractor

    def attributions(self, text: str, *, outermost: bool) -> list[Roles]:
        from tocsin.language.stage import segment_text
        from tocsin.model import Post, document_from_post

        document = document_from_post(Post(text=text, platform="file"))
        found = self._extractor.extract(document, segment_text(document.document_id, text))
        by_id = {a.attribution_id: a for a in found}
        return [
            Roles(_pairs(_source(a, by_id)), _pairs(a.cue), _pairs(a.content))
            for a in found
            if not (outermost and a.parent_id)
        ]


def _source(attribution: Attribution, by_id: Mapping[str, Attribution]) -> Spans:
    """The words of the source; those of the antecedent where the source is only implied."""
    while not attribution.source and attribution.antecedent_id:
        attribution = by_id[attribution.antecedent_id]
    return attribution.source


def _pairs(spans: Spans) -> tuple[tuple[int, int], ...]:
    return tuple((span.start, span.end) for span in spans)


class _Sentences:
    """The packaged encoder."""

    name = "encoder"

    def __init__(self) -> None:
        from tocsin.language.encoder import packaged_encoder

        self._encoder = packaged_encoder()
        self.version = self._encoder.name

    def vectors(self, sentences: Sequence[str], language: str) -> NDArray[np.float32]:
        return self._encoder.vectors(sentences, language)


class _Comparison:
    """The index and the comparison of names."""

    name = "comparison"

    def __init__(self) -> None:
        from tocsin.resolve.names import METHOD, SAME

        self.version = METHOD
        self.thresholds = {"names": SAME}

    def same(self, left: str, right: str, kind: str) -> float:
        from tocsin.resolve.names import compare

        return compare(left, right, kind).score

    def find(self, asked: Sequence[tuple[str, str, str]], names: Sequence[str]) -> list[str]:
        from tocsin.resolve.names import NameIndex

        index = NameIndex()
        index.add_many((name, name) for name in names)
        found = [index.find(query, 1, language=language, kind=kind) for query, language, kind in asked]
        return [best[0].name_id if best else "" for best in found]


class _Fold:
    """Names whose folds are equal, and nothing else: how far spelling alone leads."""

    name = "fold"

    def __init__(self) -> None:
        from tocsin.resolve.names import METHOD

        self.version = METHOD

    def same(self, left: str, right: str, kind: str) -> float:  # noqa: ARG002 - the protocol
        from tocsin.resolve.names import fold

        return float(bool(fold(left)) and fold(left) == fold(right))

    def find(self, asked: Sequence[tuple[str, str, str]], names: Sequence[str]) -> list[str]:
        from tocsin.resolve.names import fold

        by_fold: dict[str, str] = {}
        for name in names:
            by_fold.setdefault(fold(name), name)
        return [by_fold.get(fold(query), "") for query, _, _ in asked]


class _Quantities:
    """The grammar of quantities."""

    name = "grammar"

    def __init__(self) -> None:
        from tocsin.resolve.quantities import METHOD

        self.version = METHOD

    def quantities(self, text: str, language: str) -> list[Valued]:
        from tocsin.resolve.quantities import find_quantities

        found = find_quantities("", text, _sentences_in(text, language))
        return [
            Valued(m.start, m.end, m.quantity, (m.counted[0].start, m.counted[0].end) if m.counted else None)
            for m in found
        ]


class _Times:
    """The grammar of times."""

    name = "grammar"

    def __init__(self) -> None:
        from tocsin.resolve.times import METHOD

        self.version = METHOD

    def times(self, text: str, published: datetime | None, language: str) -> list[Timed]:
        from tocsin.resolve.times import find_times

        found = find_times("", text, _sentences_in(text, language), published)
        return [Timed(m.start, m.end, m.value, _bounds_of(m.modifier)) for m in found]


def _bounds_of(modifier: str | None) -> frozenset[str]:
    return frozenset((modifier or "").split(", ")) & frozenset(BOUNDS)


def _sentences_in(text: str, language: str) -> list[tuple[int, int, str]]:
    """Start, end and language of the sentences; a stated language is taken for all of them."""
    from tocsin.language.stage import segment_text

    return [(s.start, s.end, language or s.language) for s in segment_text("", text)]


def _rules() -> System:
    from tocsin.extract import RuleExtractor

    return _Attributions("rules", RuleExtractor())


def _joined() -> System:
    from tocsin.extract.joined import JoinedExtractor

    return _Attributions("joined", JoinedExtractor())


def _network() -> System:
    from tocsin.extract.neural import NeuralExtractor

    return _Attributions("network", NeuralExtractor())


def _core(name: str) -> Callable[[], System]:
    """A factory of one of ``core_systems``, which loads the core."""

    def load() -> System:
        from tocsin.evaluate import core_systems

        system: System = getattr(core_systems, name)()
        return system

    return load


def _place(name: str) -> Callable[[], System]:
    """A factory of one of ``place_systems``, which loads the gazetteer."""

    def load() -> System:
        from tocsin.evaluate import place_systems

        system: System = getattr(place_systems, name)()
        return system

    return load


def _told(method: str) -> Callable[[], System]:
    """A factory of the ledger and the blame matrix, with attributions found by ``method``."""

    def load() -> System:
        from tocsin.evaluate.judging_systems import Ledger

        return Ledger(method, method)

    return load


def _links(name: str, *tables: str) -> Callable[[], System]:
    """A factory of the stages of links."""

    def load() -> System:
        from tocsin.evaluate.story_systems import Links

        return Links(name, tables)

    return load


def _stories(kind: str, name: str, **options: bool) -> Callable[[], System]:
    def load() -> System:
        from tocsin.evaluate import story_systems as rooms

        return cast("System", getattr(rooms, kind)(name, **options))

    return load


def _kinds() -> System:
    from tocsin.evaluate.judging_systems import KindsAlone

    return KindsAlone()


#: Task → name → factory. A task without any has no head yet.
SYSTEMS: Final[dict[str, dict[str, Callable[[], System]]]] = {
    "attribution": {"joined": _joined, "network": _network, "rules": _rules},
    "blame": {"joined": _told("joined"), "rules": _told("rules"), "kinds": _kinds},
    "certainty": {"core": _core("CoreCertainty")},
    "checkworthy": {"core": _core("CoreCheckworthy")},
    "forecast": {"joined": _told("joined"), "rules": _told("rules"), "kinds": _kinds},
    "names": {"comparison": _Comparison, "fold": _Fold},
    "ner": {"core": _core("CoreNames")},
    "origins": {
        "links": _links("links", "document_links", "meaning_links"),
        "words": _links("words", "document_links"),
    },
    "persuasion": {"core": _core("CorePersuasion")},
    "place": {
        "gazetteer": _place("Places"),
        "names": _place("NamedPlaces"),
        "population": _place("MostPeople"),
    },
    "quantity": {"grammar": _Quantities},
    "same-sentence": {"encoder": _Sentences},
    "same-story": {
        "learnt": _stories("Learnt", "learnt", plain=False),
        "plain": _stories("Learnt", "plain", plain=True),
        "universal": _stories("Beginnings", "universal", universal=True),
        "encoder": _stories("Beginnings", "encoder", universal=False),
    },
    "time": {"grammar": _Times},
}


def load_system(task: str, name: str | None = None, style: str = "") -> Any:
    """The system of that name, the first of the task when None; it satisfies the protocol of the task.

    ``style`` names the guide it is to follow. Raises HeadNotInstalledError where the task has none,
    UsageError for a name or a guide it does not have.
    """
    known = SYSTEMS[task]
    if not known:
        raise HeadNotInstalledError(f"this head is not installed: nothing in tocsin does {task} yet")
    chosen = name or next(iter(known))
    if chosen not in known:
        raise UsageError(f"{chosen!r} is no system for {task}", remedy=f"Choose one of {', '.join(known)}")
    system = known[chosen]()
    if style:
        if not isinstance(system, GuidedSystem):
            raise UsageError(f"{chosen!r} follows no guide by name", remedy="Leave --style out")
        system.follow(style)
    return system
