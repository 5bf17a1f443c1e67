"""Planted stories: one invented event, a known number of independent origins, and many who have it from them.

``make_story_world(seed)`` gives posts, which of them tell the story, and how many independent origins it
has. Derived posts are forwards (by id, by name, from outside the corpus), copies with a signature under
them, edited copies, excerpts, wire copy and posts that link to an article; they derive from origins and
from one another. Who tells independently shares the facts but not the sentences. Paraphrases and
translations are not planted here: words alone do not show them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

from tocsin.model import DateBasis, Document, Post, document_from_post, make_id
from tocsin.testing.retold import DETAILS, LANGUAGES, Telling, tell

__all__ = ["StoryWorld", "make_story_world"]

_START = datetime(2024, 2, 5, 6, tzinfo=UTC)

#: Facts, each in the words that different tellers find for it.
_ACTORS = (
    ("the lantern guild", "the guild of lantern makers", "lantern makers"),
    ("a flock of otters", "some thirty otters", "otters"),
    ("the night watch", "the men of the watch", "watchmen on night duty"),
    ("the teapot museum", "the museum of teapots", "curators at the teapot museum"),
    ("a paper camel", "a camel made of paper", "the papier-mâché camel"),
)
_DID = (
    ("lost forty lanterns", "cannot find two score of lanterns", "let 40 lamps go missing"),
    ("closed the salt bridge", "barred the bridge to the salt works", "made the salt bridge impassable"),
    ("flooded the north quay", "put the northern quay under water", "left the north quay knee-deep in water"),
    (
        "sold the blue clock",
        "parted with the old blue clock for money",
        "found a buyer for the clock in blue",
    ),
)
_PLACES = ("Old Harbour", "Upper Teapot", "Saltmarket", "the village of Nine Geese", "Little Meridian")
_OPEN = (
    "{place}: {actor} {did} {when}.",
    "{when_c} {actor} {did}, people in {place} say.",
    "What happened in {place}? {actor_c} {did} {when}.",
    "Word from {place} is that {actor} {did} {when}.",
    "It took {place} by surprise: {actor} {did} {when}.",
    "{actor_c} {did} in {place} {when}, a reader writes to us.",
)
_WHEN = ("on Sunday night", "before dawn", "late on Sunday", "in the small hours", "at the weekend")

_DETAILS = (
    "{name} of {street} {saw} {what}, {adds}.",
    "According to {name}, there was {what} by the {noun}.",
    '"I thought it was {what}," {name} told a {noun} seller on {street}.',
    "At {hour} the {noun} at {street} was found {state}, with {what} beside it.",
    "{street} has been shut since {hour}; {name} directs what is left of the traffic around {what}.",
    "Children of {name} {saw} {what} and made a drawing of it.",
    "Neither {name} nor the {noun} inspector could explain {what}.",
    "Some blame the {noun}; {name}, who lives on {street}, blames {what}.",
    "{name} has filed a complaint about {what} and wants a new {noun}.",
    "Two hours earlier {what} had been reported near {street} by {name}.",
    "The {noun} shop on {street} is giving away soup until {hour}.",
    "What {name} {saw} first was the {noun}, {state} as never before.",
)
_SYLLABLES = (
    *("tol", "ver", "min", "dra", "quo", "bel", "ash", "fen"),
    *("gor", "lup", "wix", "ram", "sto", "nell", "hob", "cri"),
)
_TITLES = ("Mrs", "Captain", "old", "Doctor", "Sister", "Professor", "young", "Sergeant")
_STREETS = ("Lane", "Steps", "Row", "Arcade", "Bridge Street", "Mews", "Parade", "Passage")
_SAW = ("saw", "heard", "remembers", "photographed", "counted", "drew", "smelled", "dreamed of")
_WHAT = (
    "seven boats without oars",
    "a flute far out on the water",
    "wet footprints on the stairs",
    "smoke the colour of tea",
    "a queue of empty prams",
    "bells under the ice",
    "a letter nailed to a door",
    "gulls flying backwards",
    "a carriage full of salt",
    "somebody humming in the cellar",
    "two moons in one puddle",
    "an umbrella walking uphill",
    "the smell of burnt marmalade",
    "a choir of kettles",
    "a trail of brass buttons",
    "snow on a single roof",
    "a goose with a medal",
    "the church clock running twice",
)
_NOUNS = (
    *("barometer", "wheelbarrow", "weathercock", "accordion", "turnip", "gramophone", "sundial", "ladle"),
    *("telescope", "hammock", "signpost", "bathtub", "typewriter", "beehive", "trombone", "mousetrap"),
)
_STATES = ("upside down", "painted yellow", "half asleep", "full of sand", "folded in four", "ajar")
_ADDS = (
    "asking not to be named",
    "but will not swear to it",
    "and has told the council",
    "though the fog was thick",
    "as did three neighbours",
    "and went back to bed",
)
_CHANNEL_NAMES = (
    *(
        "Kettle Post",
        "Harbour Ear",
        "The Damp Gazette",
        "Goose and Lantern",
        "Quay Whispers",
        "Morning Otter",
    ),
    *("Salt Letters", "The Tin Trumpet", "Nine Geese Daily", "Low Tide", "Marmalade Wire", "The Slow Clock"),
    *("Puddle Watch", "North Stairs", "Copper Kite", "Lamp Oil", "The Borrowed Boat", "Fog Bulletin"),
    *("Teaspoon Times", "Left Oar", "Brass Button", "The Quiet Bell", "Upper Window", "Velvet Anchor"),
)
_SIGNS = (
    "👉 Subscribe to {name}",
    "{name} | send us your news: https://example.org/{number}",
    "🏮 {name} 🏮",
)
_SWAPS = (
    ("Sunday", "Saturday"),
    ("forty", "fourteen"),
    ("people", "folk"),
    ("says", "claims"),
    ("and", "&"),
    ("the", "this"),
)


@dataclass(frozen=True, slots=True)
class StoryWorld:
    """Documents, the ids of those that tell the story, and how many independent origins it has."""

    seed: int
    documents: tuple[Document, ...]
    story: frozenset[str]
    origins: int
    kinds: dict[str, str]


@dataclass(slots=True)
class _Draft:
    """A post in the making, whether others can link to it, and what it says if that can be told again."""

    post: Post
    kind: str
    article: bool = False
    telling: Telling | None = None


class _World:
    """One world in the making; everything comes from its generator."""

    def __init__(self, seed: int, retold: bool) -> None:
        self.rng = Random(int(make_id("story world", seed)[:16], 16))  # noqa: S311  a world, not a secret
        self.drafts: list[_Draft] = []
        self.minute = 0.0
        self.actor, self.did = self.rng.choice(_ACTORS), self.rng.choice(_DID)
        self.place = self.rng.choice(_PLACES)
        self.retold = retold
        self.unused = self.rng.sample(range(DETAILS), DETAILS) if retold else []

    def event(self) -> dict[str, str]:
        """The facts of the story in the words of one teller."""
        rng = self.rng
        return {
            "actor": rng.choice(self.actor),
            "did": rng.choice(self.did),
            "place": self.place,
            "when": rng.choice(_WHEN),
        }

    def post(self, text: str, channel: int | None = None, **more: str | None) -> Post:
        """A post of a channel, some minutes after the last."""
        self.minute += self.rng.expovariate(1 / 9)
        number = self.rng.randrange(len(_CHANNEL_NAMES)) if channel is None else channel
        return Post(
            text=text,
            platform="telegram",
            channel=_CHANNEL_NAMES[number],
            channel_id=str(4_000_000_000 + number),
            native_id=str(len(self.drafts) + 1),
            published=_START + timedelta(minutes=self.minute),
            published_basis=DateBasis.STATED,
            **more,  # type: ignore[arg-type]
        )

    def account(self, event: dict[str, str]) -> str:
        """An account of an event: who tells it independently shares the facts, not the sentences."""
        rng = self.rng
        values = {f"{name}_c": value[0].upper() + value[1:] for name, value in event.items()} | event
        parts = [rng.choice(_OPEN).format(**values)]
        parts += [self.detail(template) for template in rng.sample(_DETAILS, rng.randint(2, 4))]
        return " ".join(part[0].upper() + part[1:] for part in parts)

    def detail(self, template: str) -> str:
        """A sentence that nobody else would write."""
        rng = self.rng
        return template.format(
            name=f"{rng.choice(_TITLES)} {self.invented()}",
            street=f"{self.invented()} {rng.choice(_STREETS)}",
            saw=rng.choice(_SAW),
            what=rng.choice(_WHAT),
            noun=rng.choice(_NOUNS),
            state=rng.choice(_STATES),
            adds=rng.choice(_ADDS),
            hour=f"{rng.randint(1, 12)}.{rng.choice(('05', '20', '35', '50'))}",
        )

    def invented(self) -> str:
        """A name nobody has."""
        return "".join(self.rng.sample(_SYLLABLES, self.rng.randint(2, 3))).capitalize()

    def origin(self) -> None:
        """An independent post, wire copy, an article, or something from outside that several forward."""
        rng, text = self.rng, self.account(self.event())
        kind = rng.choice(("post", "post", "article", "wire", "outside") + ("told",) * 4 * self.retold)
        if kind == "told":
            self.drafts.append(self.told(rng.choice(LANGUAGES)))
            return
        if kind == "article":
            number = len(self.drafts)
            post = replace(self.post(text), platform="web", url=f"https://gazette.example/{number}")
            self.drafts.append(_Draft(post, "origin", article=True))
        elif kind == "wire":
            wire = f"{self.place.upper()}, 5 February — Reuters. {text}"
            for channel in rng.sample(range(len(_CHANNEL_NAMES)), rng.randint(2, 5)):
                self.drafts.append(_Draft(self.post(wire, channel), "wire copy"))
        elif kind == "outside":
            name = f"Unseen Herald {rng.randrange(1000)}"
            for channel in rng.sample(range(len(_CHANNEL_NAMES)), rng.randint(1, 4)):
                self.drafts.append(_Draft(self.post(text, channel, forwarded_from=name), "outside"))
        else:
            self.drafts.append(_Draft(self.post(text), "origin"))

    def told(self, language: str) -> _Draft:
        """An origin whose sentences can be told again; no other has its details."""
        rng = self.rng
        details = tuple(self.unused.pop() for _ in range(rng.randint(2, 3)))
        wordings = tuple(rng.randrange(2) for _ in range(1 + len(details)))
        telling = Telling(self.place, _DID.index(self.did), details, language, wordings)
        return _Draft(self.post(tell(telling)), "origin", telling=telling)

    def retell(self, source: _Draft) -> _Draft:
        """In other words or in another language."""
        assert source.telling is not None
        if self.rng.random() < 0.6:
            telling, kind = source.telling.translated(self.rng), "translation"
        else:
            telling, kind = source.telling.paraphrased(), "paraphrase"
        return _Draft(self.post(tell(telling)), kind, telling=telling)

    def derive(self, source: _Draft) -> None:
        """A post that has it from another."""
        ways: list[Callable[[_Draft], _Draft]] = [self.forward, self.copy, self.edit, self.excerpt]
        if source.article:
            ways.append(self.cite)
        if source.telling:
            ways += [self.retell] * 4
        self.drafts.append(self.rng.choice(ways)(source))

    def forward(self, source: _Draft) -> _Draft:
        """By id or by name alone."""
        known = source.post.channel_id if self.rng.random() < 0.6 else None
        post = self.post(source.post.text, forwarded_from=source.post.channel, forwarded_from_id=known)
        return _Draft(post, "forward", telling=source.telling)

    def copy(self, source: _Draft) -> _Draft:
        """The same words, with a line of the channel's own under them."""
        post = self.post(source.post.text)
        sign = self.rng.choice(_SIGNS).format(name=post.channel, number=self.rng.randrange(100))
        return _Draft(replace(post, text=f"❗️ {post.text}\n\n{sign}"), "copy", telling=source.telling)

    def edit(self, source: _Draft) -> _Draft:
        """A few words changed, a sentence put before or left out."""
        text = source.post.text
        for old, new in self.rng.sample(_SWAPS, self.rng.randint(1, 3)):
            text = text.replace(f" {old} ", f" {new} ", 1)
        parts = text.split(". ")
        if len(parts) > 3 and self.rng.random() < 0.5:
            del parts[self.rng.randrange(1, len(parts))]
        if self.rng.random() < 0.4:
            parts.insert(
                0,
                self.rng.choice(
                    ("Read this", "Our readers ask about it", "Breaking", "Hold on to your hats")
                ),
            )
        return _Draft(self.post(". ".join(parts)), "near copy")

    def excerpt(self, source: _Draft) -> _Draft:
        """One or two sentences of it."""
        parts = source.post.text.split(". ")
        size = min(len(parts), self.rng.randint(1, 2))
        at = self.rng.randrange(len(parts) - size + 1)
        text = ". ".join(parts[at : at + size])
        return _Draft(self.post(text), "excerpt") if len(text) >= 60 else self.forward(source)

    def cite(self, source: _Draft) -> _Draft:
        """Words of its own, and the address."""
        words = self.rng.choice(
            ("Worth a read", "So that is what the noise was", "Curious, if true", "Make of it what you will")
        )
        return _Draft(self.post(f"{words}: {source.post.url}?utm_source=channel"), "citation")


def make_story_world(seed: int, *, retold: bool = False) -> StoryWorld:
    """The world of a seed: 1 to 6 origins, 4 to 40 derived posts, and as many posts about other things.

    With ``retold`` nearly half of the origins are told again in other words and in other languages.
    """
    world = _World(seed, retold)
    origins = world.rng.randint(1, 6)
    derived = world.rng.randint(4, 40)
    for number in range(origins):
        world.origin()
        for _ in range(derived // origins + (number < derived % origins)):
            world.derive(world.rng.choice(world.drafts))
    story = list(world.drafts)
    for _ in range(world.rng.randint(5, 30)):
        other = {
            "actor": f"the {world.rng.choice(_NOUNS)} of {world.invented()}",
            "did": f"was {world.rng.choice(_STATES)}",
            "place": world.rng.choice(_PLACES),
            "when": world.rng.choice(_WHEN),
        }
        world.drafts.append(_Draft(world.post(world.account(other)), "other"))
    documents = [document_from_post(draft.post) for draft in world.drafts]
    kinds = {item.document_id: draft.kind for item, draft in zip(documents, world.drafts, strict=True)}
    return StoryWorld(
        seed, tuple(documents), frozenset(d.document_id for d in documents[: len(story)]), origins, kinds
    )
