"""Systems that put places where they are: tocsin's own, and the field's baseline, the largest namesake."""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.evaluate.scores.places import NEAR_KM, Placed, far
from tocsin.model import PlaceMention
from tocsin.resolve.candidates import candidate_at
from tocsin.resolve.extent import extent_of
from tocsin.resolve.fold import fold
from tocsin.resolve.gazetteer import Entry, load_gazetteer
from tocsin.resolve.places import METHOD, find_places, locate

__all__ = ["MostPeople", "NamedPlaces", "Places"]

Span = tuple[int, int]


class Places:
    """The gazetteer with the learned ranking."""

    name = "gazetteer"

    def __init__(self) -> None:
        self.version = METHOD
        self._gazetteer = load_gazetteer()

    def located(self, text: str, spans: Sequence[Span], language: str) -> list[Placed | None]:
        """The place of each given mention; None where the gazetteer knows none."""
        found = locate("", text, spans, language or self._language(text))
        return [None if m is None else _placed(m) for m in found]

    def places(self, text: str, language: str) -> list[Placed]:
        """Places found in a text, those of venues left out: no published set marks them so."""
        from tocsin.language.stage import segment_text

        sentences = [(s.start, s.end, language or s.language) for s in segment_text("", text)]
        return [_placed(m) for m in find_places("", text, sentences) if m.precision != "venue"]

    def holds(self, found: Placed, gold: Placed) -> bool:
        """Whether the entry found bears the annotated name and holds, or nearly so, the annotated point."""
        entry = self._gazetteer.by_id(found.place_id)
        if entry is None or entry.feature == "city":
            return False
        title = fold(gold.title.partition(" (")[0])
        bearers = (self._gazetteer.entry(r.row).place_id for r in self._gazetteer.readings(title))
        named = entry.place_id in bearers
        return named and (extent_of(entry.place_id).holds(gold.lat, gold.lon) or _at(entry, gold) <= NEAR_KM)

    @staticmethod
    def _language(text: str) -> str:
        from tocsin.language.identify import identify

        return identify(text)[0]


class MostPeople(Places):
    """Of the namesakes the one with most people; which words are places is not asked, so none are found."""

    name = "population"

    def located(self, text: str, spans: Sequence[Span], language: str) -> list[Placed | None]:
        """The most populous entry that bears each name."""
        found: list[Placed | None] = []
        for start, end in spans:
            c = candidate_at(text, start, end, language or self._language(text))
            entries = [self._gazetteer.entry(r.row) for r in c.readings] if c else []
            best = max(entries, key=lambda e: (e.population, e.place_id), default=None)
            found.append(None if best is None else Placed(start, end, best.lat, best.lon, best.place_id))
        return found

    def places(self, text: str, language: str) -> list[Placed]:  # noqa: ARG002 - the protocol's
        """None."""
        return []


class NamedPlaces(Places):
    """The gazetteer asked only for what the language core takes for names of places."""

    name = "names"

    def __init__(self) -> None:
        from tocsin.evaluate.core_systems import CoreNames

        super().__init__()
        self._names = CoreNames()
        self.version = f"{METHOD}, {self._names.version}"

    def places(self, text: str, language: str) -> list[Placed]:
        """Places the names head finds and the gazetteer knows."""
        spans = [(start, end) for start, end, kind, _ in self._names.names(text) if kind == "LOC"]
        return [place for place in self.located(text, spans, language) if place is not None]


def _placed(mention: PlaceMention) -> Placed:
    return Placed(mention.start, mention.end, mention.latitude, mention.longitude, mention.place_id)


def _at(entry: Entry, gold: Placed) -> float:
    return far(Placed(0, 0, entry.lat, entry.lon), gold)
