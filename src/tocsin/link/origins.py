"""Origins: how many independent roots the documents of a story have, and which.

Two documents are one origin when one derives from the other or both from a third, in the case or outside it.
The lower number takes every link as true, the upper only the certain ones. ``count_origins`` answers for any
set of documents; ``find_stories`` for the groups that the links themselves make.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from tocsin.link.fold import folded
from tocsin.link.publishers import agency_named, agency_of, is_authority
from tocsin.link.sets import DisjointSets
from tocsin.model import DocumentLink, LinkType, Origin, OriginKind, Story, StoryDocument, make_id

__all__ = ["METHOD", "Member", "OriginCount", "Stories", "count_origins", "find_stories", "roots_of"]

METHOD = "origins 1"

#: Which link tells from where a document derives when several do, strongest first.
_STRENGTH = {
    LinkType.FORWARD: 0,
    LinkType.COPY: 1,
    LinkType.NEAR_COPY: 2,
    LinkType.EXCERPT: 3,
    LinkType.TRANSLATION: 4,
    LinkType.PARAPHRASE: 5,
    LinkType.CITATION: 6,
    LinkType.SAME_STORY: 7,
}
_GAP_DAYS = 7
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Member:
    """What is needed of one document: ``channel`` is a key, ``name`` what it is called, ``order`` its row."""

    document_id: str
    order: int
    published: datetime | None
    channel: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class OriginCount:
    """How many independent origins: ``low`` if every link holds, ``high`` if only the certain ones do."""

    low: int
    high: int
    reasons: tuple[str, ...]


@dataclass(slots=True)
class Stories:
    """Rows of ``stories``, ``origins`` and ``story_documents``."""

    stories: list[Story] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)
    documents: list[StoryDocument] = field(default_factory=list)


class _Link(Protocol):
    """What is needed of a link to join its ends."""

    @property
    def document_id(self) -> str: ...
    @property
    def original_id(self) -> str | None: ...
    @property
    def original_name(self) -> str | None: ...
    @property
    def type(self) -> str: ...
    @property
    def certain(self) -> bool: ...


def _target(link: _Link) -> str:
    """What a link leads to: a document, or the name of something outside the case."""
    return link.original_id or f"outside:{folded(link.original_name or '')}"


def roots_of(identifiers: Iterable[str], links: Iterable[_Link], *, certain: bool) -> dict[str, str]:
    """The origin of each document, named by the smallest id in it: by every link, or by the certain ones.

    Links that lead out of the set join as in ``count_origins``. The result does not depend on any order.
    """
    chosen = sorted(set(identifiers))
    sets = _joined(chosen, links, certain=certain)
    least: dict[str, str] = {}
    return {item: least.setdefault(sets.find(item), item) for item in chosen}


def _joined(identifiers: Sequence[str], links: Iterable[_Link], *, certain: bool) -> DisjointSets:
    """Documents joined by the links among them, and by outside sources they share."""
    sets = DisjointSets()
    known = set(identifiers)
    for identifier in identifiers:
        sets.find(identifier)
    for link in links:
        if not LinkType(link.type).derives or (certain and not link.certain):
            continue
        target = _target(link)
        if link.document_id in known and (target in known or link.original_id is None):
            sets.join(link.document_id, target)
    return sets


def count_origins(identifiers: Iterable[str], links: Iterable[DocumentLink]) -> OriginCount:
    """The independent origins of any set of documents.

    Links that lead out of the set join nothing but documents that share one source outside the case. The
    result does not depend on any order.
    """
    chosen = sorted(set(identifiers))
    inside = set(chosen)
    own = [link for link in links if link.document_id in inside]
    low = _joined(chosen, own, certain=False)
    high = _joined(chosen, own, certain=True)
    least, most = (len({sets.find(item) for item in chosen}) for sets in (low, high))
    return OriginCount(least, most, _why(own, high))


def _why(links: Iterable[DocumentLink], high: DisjointSets) -> tuple[str, ...]:
    """What the difference between the lower and the upper number rests on."""
    tally = Counter(
        str(link.type)
        for link in links
        if not link.certain
        and LinkType(link.type).derives
        and high.find(link.document_id) != high.find(_target(link))
    )
    return tuple(f"uncertain links by {kind}: {number}" for kind, number in sorted(tally.items()))


# --- stories ------------------------------------------------------------------------------------


def find_stories(
    members: Mapping[str, Member],
    links: Sequence[DocumentLink],
    text_of: Callable[[str], str],
    days: frozenset[int],
) -> Stories:
    """The groups of linked documents with their origins and trees; documents without links are in none.

    ``days`` are the days since 1970 on which anything was read. Every link whose ends are both ``members``
    holds a group together. One channel's own posts that only repeat one another are no story.
    """
    together = DisjointSets()
    for identifier in sorted(members, key=lambda item: members[item].order):
        together.find(identifier)
    by_document: dict[str, list[DocumentLink]] = {}
    for link in links:
        if link.document_id in members:
            by_document.setdefault(link.document_id, []).append(link)
            if link.original_id is not None and link.original_id in members:
                together.join(link.document_id, link.original_id)
    groups: dict[str, list[Member]] = {}
    for identifier, member in members.items():
        groups.setdefault(together.find(identifier), []).append(member)
    made = Stories()
    for group in groups.values():
        if len(group) > 1 and not _repeats_itself(group, by_document):
            group.sort(key=lambda member: member.order)
            own = [link for member in group for link in by_document.get(member.document_id, ())]
            _Story(group, own, text_of, days).into(made)
    made.stories.sort(key=lambda story: (story.first or datetime.max.replace(tzinfo=UTC), story.story_id))
    made.origins.sort(key=lambda origin: (origin.story_id, origin.origin_id))
    made.documents.sort(key=lambda row: (row.story_id, row.document_id))
    return made


def _repeats_itself(group: Sequence[Member], links: Mapping[str, Sequence[DocumentLink]]) -> bool:
    """Whether a group is nothing but one channel's own posts, told again by itself: a form, not a story."""
    if len({member.channel for member in group}) > 1 or group[0].channel is None:
        return False
    inside = {member.document_id for member in group}
    return all(link.original_id in inside for item in inside for link in links.get(item, ()))


class _Story:
    """One group of documents in the order of time, and the links of each."""

    def __init__(
        self,
        group: list[Member],
        links: list[DocumentLink],
        text_of: Callable[[str], str],
        days: frozenset[int],
    ) -> None:
        self.group = group
        self.links = links
        self.text_of = text_of
        self.days = days
        self.identifiers = [member.document_id for member in group]
        self.low = _joined(self.identifiers, links, certain=False)
        self.high = _joined(self.identifiers, links, certain=True)
        self.story_id = make_id("story", *sorted(self.identifiers))

    def into(self, made: Stories) -> None:
        """Add this story's rows."""
        sets: dict[str, list[Member]] = {}
        for member in self.group:
            sets.setdefault(self.high.find(member.document_id), []).append(member)
        counted: set[str] = set()
        ids: dict[str, str] = {}
        for root, members in sets.items():
            certain = self.low.find(root) not in counted
            counted.add(self.low.find(root))
            origin = self._origin(members, certain=certain)
            ids[root] = origin.origin_id
            made.origins.append(origin)
        made.documents += self._tree(ids)
        dated = [member.published for member in self.group if member.published is not None]
        first = min(dated) if dated else None
        made.stories.append(
            Story(
                story_id=self.story_id,
                earliest_id=self.group[0].document_id if first else None,
                first=first,
                last=max(dated) if dated else None,
                documents=len(self.group),
                channels=len({member.channel for member in self.group if member.channel}),
                origins_low=len(counted),
                origins_high=len(sets),
                gap_days=self._gap(first),
                reasons=_why(self.links, self.high),
                method=METHOD,
            )
        )

    def _gap(self, first: datetime | None) -> int:
        """Days before the first, up to a week, on which nothing at all was read."""
        if first is None:
            return 0
        day = (first - _EPOCH) // timedelta(days=1)
        gap = 0
        while gap < _GAP_DAYS and day - gap - 1 not in self.days:
            gap += 1
        return gap

    def _origin(self, members: list[Member], *, certain: bool) -> Origin:
        root = members[0]
        inside = {member.document_id for member in members}
        outside = sorted(
            (link for link in self.links if link.document_id in inside and link.original_id is None),
            key=lambda link: (not link.certain, _STRENGTH[LinkType(link.type)], link.link_id),
        )
        kind, name, reasons = self._kind(members, outside)
        if certain:
            reasons = (*reasons, "nothing links it to the story's other origins")
        else:
            reasons = (*reasons, "an uncertain link would make it one with another origin")
        if root.published is not None:
            reasons = (*reasons, "the earliest of it in this corpus")
        return Origin(
            origin_id=make_id("origin", self.story_id, root.document_id),
            story_id=self.story_id,
            root_id=root.document_id,
            name=name,
            kind=kind,
            certain=certain,
            documents=len(members),
            reasons=reasons,
        )

    def _kind(
        self, members: list[Member], outside: Sequence[DocumentLink]
    ) -> tuple[OriginKind, str | None, tuple[str, ...]]:
        """What a root is and how it is called."""
        root = members[0]
        text = self.text_of(root.document_id)
        names = [root.name] + [link.original_name for link in outside if link.original_name]
        channels = {member.channel for member in members}
        for name in names:
            if name and (agency := agency_of(name)):
                return OriginKind.WIRE, agency, (f"published or named by {name}, a news agency",)
        for name in names:
            if name and is_authority(name):
                return OriginKind.RELEASE, name, (f"published or named by {name}, an authority",)
        if outside:
            link = outside[0]
            return OriginKind.OUTSIDE, link.original_name, (f"{link.type} of a source not in the case",)
        if len(channels) > 1 and (agency := agency_named(text)):
            return OriginKind.WIRE, agency, (f"several channels publish it, and it names {agency}",)
        return OriginKind.POST, root.name, ()

    def _tree(self, ids: Mapping[str, str]) -> list[StoryDocument]:
        """Each document under the one it most surely derives from, without cycles."""
        best: dict[str, DocumentLink] = {}
        inside = set(self.identifiers)
        ranked = sorted(
            (link for link in self.links if link.original_id in inside and LinkType(link.type).derives),
            key=lambda link: (not link.certain, _STRENGTH[LinkType(link.type)], -link.score, link.link_id),
        )
        above: dict[str, str] = {}
        for link in ranked:
            if link.document_id in best or link.original_id is None:
                continue
            at: str | None = link.original_id
            while at is not None and at != link.document_id:
                at = above.get(at)
            if at is None:
                best[link.document_id] = link
                above[link.document_id] = link.original_id
        made = []
        for identifier in self.identifiers:
            depth, at = 0, above.get(identifier)
            while at is not None:
                depth, at = depth + 1, above.get(at)
            found = best.get(identifier)
            made.append(
                StoryDocument(
                    document_id=identifier,
                    story_id=self.story_id,
                    origin_id=ids[self.high.find(identifier)],
                    parent_id=found.original_id if found else None,
                    link_id=found.link_id if found else None,
                    depth=depth,
                )
            )
        return made
