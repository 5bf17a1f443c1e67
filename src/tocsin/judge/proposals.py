"""Evidence proposed for open forecasts: later claims that share place and topic words. Never an outcome.

Words are compared by their first letters, weighted by how rare they are in the case, so that «bridge»
counts and «said» does not; the same place counts as one rare word. Another language is reached only through
places.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from tocsin.extract.words import normal, word_spans
from tocsin.judge.ledger import Entry
from tocsin.model import TABLES, Claim, Span, quote
from tocsin.model.access import Tables
from tocsin.model.arrow import rows_of

__all__ = ["Proposal", "propose"]

_STEM: Final = 5
_SHORTEST: Final = 5
_LEAST: Final = 0.34  # share of the forecast's weight that a claim must hold
_KINDS: Final = frozenset({"report"})


@dataclass(frozen=True, slots=True)
class Proposal:
    """A later claim that may bear on a forecast: its words, where, when, how much it shares and what."""

    claim_id: str
    document_id: str
    channel: str
    published: datetime
    words: str
    share: float
    shared: tuple[str, ...]


def stems(text: str, spans: Sequence[Span]) -> frozenset[str]:
    """The beginnings of the longer words of some spans."""
    words = (normal(span.of(text)) for span in word_spans(text, spans))
    return frozenset(word[:_STEM] for word in words if len(word) >= _SHORTEST or word.isdigit())


def propose(tables: Tables, entries: Sequence[Entry], most: int = 5) -> dict[str, list[Proposal]]:
    """Forecast id → proposals, best first, for every entry given that has a document of the case."""
    columns = ("document_id", "channel", "published", "text")
    documents = {row["document_id"]: row for row in tables.table("documents", columns).to_pylist()}
    claims: list[Claim] = [
        c
        for c in rows_of(tables.table("claims"), TABLES["claims"])
        if c.kind in _KINDS and documents[c.document_id]["published"] is not None
    ]
    places = _places(tables)
    features = [_features(c, documents[c.document_id]["text"], places) for c in claims]
    frequency = Counter(feature for own in features for feature in own)
    weights = {f: math.log((1 + len(claims)) / n) for f, n in frequency.items()}
    found: dict[str, list[Proposal]] = {}
    for entry in entries:
        if entry.document_id:
            found[entry.forecast_id] = _for(entry, claims, features, weights, documents)[:most]
    return found


def _places(tables: Tables) -> dict[str, list[tuple[int, int, str]]]:
    found: dict[str, list[tuple[int, int, str]]] = {}
    columns = ("document_id", "start", "end", "place_id")
    for row in tables.table("places", columns).to_pylist():
        found.setdefault(row["document_id"], []).append((row["start"], row["end"], row["place_id"]))
    return found


def _features(
    claim: Claim, text: str, places: Mapping[str, Sequence[tuple[int, int, str]]]
) -> frozenset[str]:
    own = places.get(claim.document_id, ())
    ids = {p for start, end, p in own if any(s.start < end and start < s.end for s in claim.content)}
    return stems(text, claim.content) | {f"place {p}" for p in ids}


def _for(
    entry: Entry,
    claims: Sequence[Claim],
    features: Sequence[frozenset[str]],
    weights: Mapping[str, float],
    documents: Mapping[str, Mapping[str, object]],
) -> list[Proposal]:
    wanted = stems(entry.event, [Span(0, len(entry.event))] if entry.event else [])
    wanted |= {f"place {p}" for p in entry.place_ids}
    total = sum(weights.get(f, 0.0) for f in wanted)
    if not total or entry.published is None:
        return []
    found = []
    for claim, own in zip(claims, features, strict=True):
        document = documents[claim.document_id]
        published = document["published"]
        assert isinstance(published, datetime)
        if published.astimezone(UTC) <= entry.published or claim.document_id == entry.document_id:
            continue
        shared = wanted & own
        share = sum(weights[f] for f in shared) / total
        if share >= _LEAST and len(shared) > 1:
            words = " ".join(quote(claim.content, str(document["text"])).split())
            channel = str(document["channel"] or "")
            found.append(
                Proposal(
                    claim.claim_id,
                    claim.document_id,
                    channel,
                    published.astimezone(UTC),
                    words,
                    round(share, 6),
                    tuple(sorted(shared)),
                )
            )
    return sorted(found, key=lambda p: (-p.share, p.published, p.claim_id))
