"""Which claims the brief shows, and in which groups.

Every list is cut somewhere, and every cut is counted: what is hidden is part of the view.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tocsin.model import digest
from tocsin.present.cards import Card, cards_of
from tocsin.present.index import Channel, Index
from tocsin.present.source import RunFacts
from tocsin.present.words import UNNAMED, Mark, percent, source_mark
from tocsin.settings import Settings

__all__ = ["ClaimNumbers", "ClaimViews", "Listing", "OwnWords", "SourceGroup", "claims_of"]

#: Forecasts and blame are listed once more, together; this many of each.
LISTED = 30
_KIND_RANK = {"forecast": 0, "blame": 1, "advice": 2, "opinion": 3, "report": 4}
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ClaimNumbers:
    """Counts over all claims of the case. ``unnamed``: the innermost source is nobody one could ask."""

    claims: int
    quoted: int
    own: int
    unnamed: int
    hedged: int
    kinds: dict[str, int]


@dataclass(frozen=True, slots=True)
class SourceGroup:
    """A source and some of its claims; ``hidden`` is how many more the case holds."""

    anchor: str
    label: str
    also: tuple[str, ...]
    kind: Mark
    claims: int
    documents: int
    channels: int
    hedged: str
    cards: tuple[Card, ...]
    hidden: int


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What one channel claims on its own word."""

    anchor: str
    channel: Channel
    claims: int
    documents: int
    kinds: tuple[tuple[str, int], ...]
    cards: tuple[Card, ...]
    hidden: int


@dataclass(frozen=True, slots=True)
class Listing:
    """Claims of one kind in order of publication; ``(card, shown above)``."""

    total: int
    distinct: int
    entries: tuple[tuple[Card, bool], ...]
    hidden: int


@dataclass(frozen=True, slots=True)
class ClaimViews:
    """All views of the claims."""

    numbers: ClaimNumbers
    sources: tuple[SourceGroup, ...]
    hidden_sources: int
    hidden_source_claims: int
    own: tuple[OwnWords, ...]
    hidden_own: int
    forecasts: Listing
    blame: Listing
    most_per_group: int


@dataclass(slots=True)
class _Pick:
    """The rows chosen of one group: first of each wording, and how many more documents say the same."""

    members: list[int]
    chosen: list[int] = field(default_factory=list)
    same: dict[int, int] = field(default_factory=dict)
    distinct: int = 0


def wordings(index: Index) -> list[str]:
    """A digest of every claim's content with white space and case evened out: equal ones say the same words.

    Digests, because the contents of a large case are most of its text.
    """
    found = []
    for row, pairs in zip(index.claims.document, index.contents, strict=True):
        text = index.text(row)
        words = " ".join(" ".join(text[start:end] for start, end in pairs).split()).casefold()
        found.append(digest(words.encode("utf-8", "surrogatepass"))[:16])
    return found


def _pick(members: list[int], ordered: Iterable[int], words: Sequence[str], index: Index, most: int) -> _Pick:
    documents: dict[str, set[int]] = {}
    for number in members:
        documents.setdefault(words[number], set()).add(index.claims.document[number])
    pick = _Pick(members, distinct=len(documents))
    seen: set[str] = set()
    for number in ordered:
        if len(pick.chosen) == most:
            break
        if words[number] not in seen:
            seen.add(words[number])
            pick.chosen.append(number)
            pick.same[number] = len(documents[words[number]]) - 1
    return pick


def _when(index: Index, number: int) -> datetime:
    return index.published[index.claims.document[number]] or _NEVER


def _best_first(index: Index, members: Iterable[int]) -> list[int]:
    score = index.claims.score
    return sorted(members, key=lambda n: (-score[n], _when(index, n), n))


def _mixed(index: Index, members: Sequence[int]) -> list[int]:
    """Other kinds and reports in turn, best score first: either alone would hide the other."""
    kinds = index.claims.kind
    telling = _best_first(index, (n for n in members if kinds[n] != "report"))
    reports = _best_first(index, (n for n in members if kinds[n] == "report"))
    merged: list[int] = []
    for step in range(max(len(telling), len(reports))):
        merged += telling[step : step + 1] + reports[step : step + 1]
    return merged


def _in_turns(index: Index, members: Iterable[int]) -> list[int]:
    """Best first, the kinds in turns: forecast, blame, advice, opinion, forecast …; reports at the end."""
    places: Counter[str] = Counter()
    keyed = []
    for number in _best_first(index, members):
        kind = index.claims.kind[number]
        rank = _KIND_RANK.get(kind, 9)
        keyed.append(((kind == "report", places[kind], rank), number))
        places[kind] += 1
    return [number for _, number in sorted(keyed)]


def _chronological(index: Index, numbers: Iterable[int]) -> list[int]:
    return sorted(numbers, key=lambda n: (_when(index, n), n))


def _numbers(index: Index) -> ClaimNumbers:
    claims = index.claims
    quoted = [n for n, own in enumerate(claims.own) if not own]
    return ClaimNumbers(
        claims=len(claims),
        quoted=len(quoted),
        own=len(claims) - len(quoted),
        unnamed=sum(1 for n in quoted if claims.source_kind[n] in UNNAMED),
        hedged=sum(claims.hedged),
        kinds=dict(Counter(claims.kind)),
    )


def _by_source(index: Index) -> list[tuple[str, list[int]]]:
    groups: dict[str, list[int]] = {}
    for number, own in enumerate(index.claims.own):
        if not own:
            groups.setdefault(index.claims.source_key[number], []).append(number)
    # A group without a name ("it is reported", "he") is no one source, however large: it comes last.
    nameless = {key for key in groups if key.endswith(":")}
    return sorted(groups.items(), key=lambda item: (item[0] in nameless, -len(item[1]), item[0]))


def _by_channel(index: Index) -> list[tuple[Channel, list[int]]]:
    groups: dict[Channel, list[int]] = {}
    for number, own in enumerate(index.claims.own):
        if own:
            groups.setdefault(index.channels[index.claims.document[number]], []).append(number)
    return sorted(groups.items(), key=lambda item: (item[0].key is None, -len(item[1]), item[0].name or ""))


def _kind_pick(index: Index, kind: str, words: Sequence[str]) -> _Pick:
    claims = index.claims
    members = [n for n, k in enumerate(claims.kind) if k == kind]
    timed = index.time_spans() if kind == "forecast" and members else {}

    def dated(number: int) -> bool:
        times = timed.get(claims.document[number], ())
        return any(s < end and start < e for s, e in times for start, end in index.contents[number])

    first = {n for n in members if timed and dated(n)}
    ordered = sorted(
        members, key=lambda n: (n not in first, claims.own[n], -claims.score[n], _when(index, n), n)
    )
    return _pick(members, ordered, words, index, LISTED)


def _top(tally: Counter[str]) -> list[str]:
    return sorted(tally, key=lambda value: (-tally[value], value))


def _source_group(index: Index, place: int, pick: _Pick, cards: dict[int, Card]) -> SourceGroup:
    claims = index.claims
    labels = _top(Counter(claims.source_label[n] for n in pick.members))
    kinds = _top(Counter(claims.source_kind[n] for n in pick.members))
    documents = {claims.document[n] for n in pick.members}
    return SourceGroup(
        anchor=f"s-{place}",
        label=labels[0],
        also=tuple(labels[1:6]),
        kind=source_mark(kinds[0]),
        claims=len(pick.members),
        documents=len(documents),
        channels=len({index.channels[row] for row in documents}),
        hedged=percent(sum(claims.hedged[n] for n in pick.members), len(pick.members)),
        cards=tuple(cards[n] for n in _chronological(index, pick.chosen)),
        hidden=len(pick.members) - len(pick.chosen),
    )


def _own_words(index: Index, place: int, channel: Channel, pick: _Pick, cards: dict[int, Card]) -> OwnWords:
    kinds = Counter(index.claims.kind[n] for n in pick.members)
    return OwnWords(
        anchor=f"o-{place}",
        channel=channel,
        claims=len(pick.members),
        documents=len({index.claims.document[n] for n in pick.members}),
        kinds=tuple(sorted(kinds.items(), key=lambda item: _KIND_RANK.get(item[0], 9))),
        cards=tuple(cards[n] for n in pick.chosen),
        hidden=len(pick.members) - len(pick.chosen),
    )


def _listing(index: Index, pick: _Pick, cards: dict[int, Card], above: set[int]) -> Listing:
    ordered = _chronological(index, pick.chosen)
    return Listing(
        total=len(pick.members),
        distinct=pick.distinct,
        entries=tuple((cards[n], n in above) for n in ordered),
        hidden=pick.distinct - len(pick.chosen),
    )


def claims_of(index: Index, facts: RunFacts, settings: Settings) -> ClaimViews:
    """Choose and group the claims a brief shows."""
    most_sources = settings.integer("brief.sources")
    most_claims = settings.integer("brief.claims_per_source")
    words = wordings(index)
    by_source, by_channel = _by_source(index), _by_channel(index)
    sources = [
        _pick(members, _mixed(index, members), words, index, most_claims)
        for _, members in by_source[:most_sources]
    ]
    own = []
    for channel, members in by_channel[:most_sources]:
        own.append((channel, _pick(members, _in_turns(index, members), words, index, most_claims)))
    forecasts, blame = _kind_pick(index, "forecast", words), _kind_pick(index, "blame", words)
    picks = [*sources, *(pick for _, pick in own)]
    above = {n for pick in picks for n in pick.chosen}
    same: dict[int, int] = {}
    for pick in (blame, forecasts, *picks):  # the group a card stands in decides its count
        same.update(pick.same)
    shown = sorted(above.union(forecasts.chosen, blame.chosen))
    cards = cards_of(index, shown, facts.judgements, same, settings.integer("brief.context"))
    return ClaimViews(
        numbers=_numbers(index),
        sources=tuple(_source_group(index, i + 1, pick, cards) for i, pick in enumerate(sources)),
        hidden_sources=max(0, len(by_source) - most_sources),
        hidden_source_claims=sum(len(members) for _, members in by_source[most_sources:]),
        own=tuple(_own_words(index, i + 1, ch, pick, cards) for i, (ch, pick) in enumerate(own)),
        hidden_own=max(0, len(by_channel) - most_sources),
        forecasts=_listing(index, forecasts, cards, above),
        blame=_listing(index, blame, cards, above),
        most_per_group=most_claims,
    )
