"""Planted worlds: made-up corpora whose truth is known to the character.

``make_world(seed)`` gives posts and, for each, the attributions, hedges, times and places that were planted
in it, as spans of the post's text. Everything depends on the arguments alone, so a world of 10 posts is the
beginning of the world of 1,000,000 with the same seed. ``stream`` yields the same posts one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from random import Random

from tocsin.model import ClaimKind, DateBasis, Post, Span, make_id
from tocsin.testing.phrases import LANGUAGES, PHRASES, PLACES, Event, Phrases, Place, Source

__all__ = [
    "Planted",
    "PlantedAttribution",
    "PlantedLink",
    "PlantedPlace",
    "PlantedTime",
    "World",
    "make_world",
    "stream",
]

#: Posts a day, three minutes apart from 06:00 UTC, so that the day is the same from UTC+0 to UTC+8.
_PER_DAY = 200
_START = date(2024, 1, 8)


@dataclass(frozen=True, slots=True)
class PlantedAttribution:
    """Source → cue → content. ``parent`` is the index, in the same post, of the attribution around it."""

    source: Span
    cue: Span
    content: Span
    source_kind: str
    certainty: str
    kind: str
    hedges: tuple[Span, ...] = ()
    parent: int | None = None


@dataclass(frozen=True, slots=True)
class PlantedTime:
    """A time expression and the UTC interval ``[lower, upper)`` it denotes."""

    span: Span
    lower: datetime
    upper: datetime


@dataclass(frozen=True, slots=True)
class PlantedPlace:
    """A place name, in whatever case form the text has, and the place."""

    span: Span
    place: Place


@dataclass(frozen=True, slots=True)
class PlantedLink:
    """That a post is a ``forward`` or a ``copy`` of the post at index ``original``."""

    kind: str
    original: int


@dataclass(frozen=True, slots=True)
class Planted:
    """One post and all that was planted in it. ``noise``: nothing was."""

    post: Post
    language: str
    attributions: tuple[PlantedAttribution, ...] = ()
    times: tuple[PlantedTime, ...] = ()
    places: tuple[PlantedPlace, ...] = ()
    link: PlantedLink | None = None

    @property
    def noise(self) -> bool:
        return not (self.attributions or self.times or self.places)


@dataclass(frozen=True, slots=True)
class World:
    """A corpus and its truth; ``planted[i].post is posts[i]``."""

    seed: int
    planted: tuple[Planted, ...]

    @property
    def posts(self) -> tuple[Post, ...]:
        return tuple(item.post for item in self.planted)


def make_world(seed: int, posts: int = 100, channels: int = 8, languages: Sequence[str] = LANGUAGES) -> World:
    """The first ``posts`` posts of the world of this seed; see ``stream``."""
    return World(seed, tuple(islice(stream(seed, channels, languages), posts)))


def stream(seed: int, channels: int = 8, languages: Sequence[str] = LANGUAGES) -> Iterator[Planted]:
    """The posts of a world, without end, in order of time; memory does not grow.

    Each channel writes in one language. About one post in six is noise (emoji, hashtags, links) and one in
    eight a forward or copy of an earlier post of the same day. Raises ValueError for an unknown language
    or fewer than one channel.
    """
    unknown = set(languages) - set(LANGUAGES)
    if unknown or not languages or channels < 1:
        raise ValueError(f"cannot make a world of {channels} channels in {sorted(languages)}")
    today: list[tuple[int, Planted]] = []
    index = 0
    while True:
        if index % _PER_DAY == 0:
            today.clear()
        rng = Random(int(make_id("world", seed, index)[:16], 16))  # noqa: S311  a world, not a secret
        channel = rng.randrange(channels)
        language = languages[channel % len(languages)]
        sources = [item for item in today if item[1].post.channel != _channel_name(channel, language)]
        if sources and rng.random() < 0.125:
            original, source = rng.choice(sources)
            planted = _derived(rng, index, channel, language, (original, source))
        else:
            planted = _fresh(rng, index, channel, language)
            if not planted.noise:
                today.append((index, planted))
        yield planted
        index += 1


def _channel_name(channel: int, language: str) -> str:
    return f"Invented Channel {channel} ({language})"


def _blank_post(index: int, channel: int, language: str) -> Post:
    day = _START + timedelta(days=index // _PER_DAY)
    published = datetime.combine(day, time(6), UTC) + timedelta(minutes=3 * (index % _PER_DAY))
    return Post(
        text="",
        platform="telegram",
        channel=_channel_name(channel, language),
        channel_id=str(3_000_000_000 + channel),
        native_id=str(index + 1),
        published=published,
        published_basis=DateBasis.STATED,
    )


def _derived(rng: Random, index: int, channel: int, language: str, source: tuple[int, Planted]) -> Planted:
    """A forward or copy: the same words on the same day, so that every planted span and date still holds."""
    original, planted = source
    forward = rng.random() < 0.5
    post = replace(
        _blank_post(index, channel, language),
        text=planted.post.text,
        forwarded_from=planted.post.channel if forward else None,
        forwarded_from_id=planted.post.channel_id if forward else None,
    )
    return replace(planted, post=post, link=PlantedLink("forward" if forward else "copy", original))


def _fresh(rng: Random, index: int, channel: int, language: str) -> Planted:
    post = _blank_post(index, channel, language)
    assert post.published is not None
    draft = _Draft(rng, PHRASES[language], post.published.date())
    noise = rng.random() < 1 / 6
    body = _Fragment(_noise(rng, PHRASES[language])) if noise else draft.body()
    spans: dict[tuple[str, int], list[Span]] = {}
    for role, owner, start, end in body.marks:
        spans.setdefault((role, owner), []).append(Span(start, end))
    return Planted(
        replace(post, text=body.text),
        language,
        tuple(draft.attribution(i, spans) for i in range(len(draft.sources))),
        tuple(PlantedTime(spans["time", i][0], *value) for i, value in enumerate(draft.times)),
        tuple(PlantedPlace(spans["place", i][0], value) for i, value in enumerate(draft.places)),
    )


_EMOJI = ("🏮", "🐫", "🦆", "🕰️", "🥯", "⛄", "👩‍🚀", "🇰🇿", "☀️", "❗️")
_TAGS = ("#фонари", "#camels", "#качка", "#таң", "#lanterns2024")


def _noise(rng: Random, phrases: Phrases) -> str:
    emoji = "".join(rng.choice(_EMOJI) for _ in range(rng.randint(1, 4)))
    return f"{emoji} {rng.choice(phrases.noise)}\n\n{_tail(rng)}"


def _tail(rng: Random) -> str:
    link = f"https://channel{rng.randrange(100)}.example.org/{rng.randrange(10_000)}"
    return " ".join([f"👉 {link}", *rng.sample(_TAGS, rng.randint(1, 3))])


Mark = tuple[str, int, int, int]  # role, owner, start, end


@dataclass(frozen=True, slots=True)
class _Fragment:
    text: str
    marks: tuple[Mark, ...] = ()

    def capital(self) -> _Fragment:
        return _Fragment(self.text[:1].upper() + self.text[1:], self.marks)


def _joined(parts: Sequence[_Fragment]) -> _Fragment:
    text, marks = "", []
    for part in parts:
        marks += [(role, owner, start + len(text), end + len(text)) for role, owner, start, end in part.marks]
        text += part.text
    return _Fragment(text, tuple(marks))


_TOKEN = re.compile(r"\{([^}]*)\}|([<>\[\]~^])|([^{}<>\[\]~^]+)")
_OPENS = {"<": "cue", "[": "content"}
_CLOSES = {">": "cue", "]": "content"}


def _fill(template: str, slots: Mapping[str, _Fragment], owner: int) -> _Fragment:
    """The template with its slots filled, and the marks of all parts in the resulting text."""
    text, marks, opened, capital = "", [], {}, False
    for slot, sign, literal in _TOKEN.findall(template):
        if sign == "^":
            capital = True
        elif sign in _OPENS:
            opened[_OPENS[sign]] = len(text)
        elif sign in _CLOSES:
            role = _CLOSES[sign]
            marks.append((role, owner, opened.pop(role), len(text)))
        elif sign == "~":
            if "hedge" in opened:
                marks.append(("hedge", owner, opened.pop("hedge"), len(text)))
            else:
                opened["hedge"] = len(text)
        else:
            part = slots[slot] if slot else _Fragment(literal)
            part = part.capital() if capital else part
            marks += [(r, o, start + len(text), end + len(text)) for r, o, start, end in part.marks]
            text += part.text
            capital = False
    return _Fragment(text, tuple(marks))


class _Draft:
    """One post in the making: its text with marks, and what the marks' owners are."""

    def __init__(self, rng: Random, phrases: Phrases, today: date) -> None:
        self.rng = rng
        self.phrases = phrases
        self.today = today
        self.sources: list[tuple[Source, Event | None, bool, int | None]] = []
        self.times: list[tuple[datetime, datetime]] = []
        self.places: list[Place] = []

    def body(self) -> _Fragment:
        rng = self.rng
        parts: list[_Fragment] = []
        if rng.random() < 0.5:
            event = self._event(rng.choice(self.phrases.events), "plain", 0).capital()
            emoji = _Fragment(f"{rng.choice(_EMOJI)} ")
            parts += [emoji, event, _Fragment("\n\n")]
        for at in range(rng.randint(1, 4)):
            gap = rng.choice((" ", " ", "\n\n")) if at else ""
            parts += [_Fragment(gap), self._sentence()]
        if rng.random() < 0.5:
            parts.append(_Fragment(f"\n\n{_tail(rng)}"))
        return _joined(parts)

    def _sentence(self) -> _Fragment:
        rng, phrases = self.rng, self.phrases
        event = rng.choice(phrases.events)
        hedged = rng.random() < 0.4
        if rng.random() < 0.2:
            return self._chain(event, hedged)
        template = rng.choice(phrases.templates)
        source = rng.choice([item for item in phrases.sources if item.kind in template.kinds])
        return self._attributed(template.text, source, event, hedged, None).capital()

    def _chain(self, event: Event, hedged: bool) -> _Fragment:
        speakers = [item for item in self.phrases.sources if item.kind.value != "document"]
        outer, inner = self.rng.sample(speakers, 2)
        owner = len(self.sources)
        self.sources.append((outer, None, False, None))
        clause = self._attributed(self.phrases.inner, inner, event, hedged, owner)
        return _fill(self.phrases.outer, {**self._slots(outer, owner), "E": clause}, owner).capital()

    def _attributed(
        self, template: str, source: Source, event: Event, hedged: bool, parent: int | None
    ) -> _Fragment:
        owner = len(self.sources)
        self.sources.append((source, event, hedged, parent))
        form = "nominal" if "{N}" in template else "plain"
        if hedged:
            form = "nominal_hedged" if form == "nominal" else "hedged"
        content = self._event(event, form, owner)
        return _fill(template, {**self._slots(source, owner), "E": content, "N": content}, owner)

    def _slots(self, source: Source, owner: int) -> dict[str, _Fragment]:
        def named(words: str) -> _Fragment:
            return _Fragment(words, (("source", owner, 0, len(words)),))

        return {
            "S": named(source.nom),
            "S:gen": named(source.gen),
            "S:other": named(source.other),
            ",": _Fragment("," if source.comma else ""),
            "V": _Fragment(self.rng.choice(self.phrases.verbs)[source.agreement]),
        }

    def _event(self, event: Event, form: str, owner: int) -> _Fragment:
        at = self.rng.randrange(len(PLACES))
        before, word = self.phrases.places[at]
        place = _Fragment(before + word, (("place", len(self.places), len(before), len(before + word)),))
        self.places.append(PLACES[at])
        return _fill(getattr(event, form), {"p": place, "t": self._time(event.future)}, owner)

    def _time(self, future: bool) -> _Fragment:
        rng = self.rng
        names = ("tomorrow", "in days", "next week", "date")
        past = ("yesterday", "days ago", "last week", "date", "full date")
        rule = rng.choice(names if future else past)
        day, length = self._day(rule, future)
        before, words = self.phrases.times[rule]
        words = words.format(d=day.day, m=self.phrases.months[day.month - 1], y=day.year)
        lower = datetime.combine(day, time(), UTC)
        index = len(self.times)
        self.times.append((lower, lower + timedelta(days=length)))
        return _Fragment(before + words, (("time", index, len(before), len(before + words)),))

    def _day(self, rule: str, future: bool) -> tuple[date, int]:
        """First day and length in days of what a time rule means today."""
        monday = self.today - timedelta(days=self.today.weekday())
        fixed = {"yesterday": -1, "days ago": -3, "tomorrow": 1, "in days": 3}
        if rule in fixed:
            return self.today + timedelta(days=fixed[rule]), 1
        if rule.endswith("week"):
            return monday + timedelta(days=7 if future else -7), 7
        distance = self.rng.randint(300, 900) if rule == "full date" else self.rng.randint(4, 60)
        return self.today + timedelta(days=distance if future else -distance), 1

    def attribution(self, index: int, spans: Mapping[tuple[str, int], list[Span]]) -> PlantedAttribution:
        source, event, hedged, parent = self.sources[index]
        future = event is not None and event.future
        return PlantedAttribution(
            spans["source", index][0],
            spans["cue", index][0],
            spans["content", index][0],
            source.kind.value,
            event.certainty.value if event is not None and hedged else "CT+",
            ClaimKind.FORECAST.value if future else ClaimKind.REPORT.value,
            tuple(spans.get(("hedge", index), ())),
            parent,
        )
