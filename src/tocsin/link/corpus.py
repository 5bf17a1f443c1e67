"""The documents of a case in the order of time, as the finders of links see them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tocsin.link.fold import folded_name
from tocsin.link.join import Sketches, sketches_of

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    Array = np.ndarray[Any, Any]

__all__ = ["COLUMNS", "MICROSECONDS_A_DAY", "NEVER", "Channels", "Corpus", "bare_texts", "corpus_of"]

#: A day on the clock of ``Corpus.when``.
MICROSECONDS_A_DAY = 86_400_000_000
#: In ``Corpus.moments``, of a document without a date.
NEVER = (1 << 63) - 1

#: Columns of ``documents`` that links are found by.
COLUMNS = (
    "document_id",
    "text",
    "platform",
    "channel",
    "channel_id",
    "native_id",
    "published",
    "url",
    "forwarded_from",
    "forwarded_from_id",
)


@dataclass(frozen=True)
class Channels:
    """Who published, numbered: by platform and platform id, else by display name; -1 where unknown.

    ``by_id`` and ``by_name`` (folded) find channels; a name may be that of several.
    """

    of: list[int]
    names: list[str]
    by_id: dict[tuple[str, str], int]
    by_name: dict[str, list[int]]

    @cached_property
    def with_id(self) -> frozenset[int]:
        """The channels of which the platform's id is known."""
        return frozenset(self.by_id.values())

    def named(self, label: str) -> list[int]:
        """The channels a label names: as it is, or with other words around the name ("канал «X»").

        The longest name in it counts; one of a single short word must be the whole label.
        """
        words = folded_name(label).split()
        for length in range(len(words), 0, -1):
            for start in range(len(words) - length + 1):
                name = " ".join(words[start : start + length])
                if name in self.by_name and (length == len(words) or length > 1 or len(name) >= _LONG_NAME):
                    return self.by_name[name]
        return []


#: A name of one word found among others must have this many letters.
_LONG_NAME = 6


@dataclass
class Corpus:
    """Documents in the order of time: whatever derives from another has the greater row number.

    Undated ones come last, of equal times the longer first, then by id, so that the order of reading
    never matters. ``bare`` are the texts without their channels' signatures; ``when`` is microseconds since
    1970, None where unknown, and ``moments`` the same as an array, ``NEVER`` where unknown.
    """

    documents: pa.Table
    bare: pa.Array
    ids: list[str]
    when: list[int | None]
    moments: Array
    sketches: Sketches
    _columns: dict[str, list[Any]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def lengths(self) -> Array:
        """Folded code points of each bare text."""
        return self.sketches.lengths

    def text(self, row: int) -> str:
        """The bare text of a document."""
        return str(self.bare[row].as_py())

    def strings(self, name: str) -> list[Any]:
        """A column as a list."""
        if name not in self._columns:
            self._columns[name] = self.documents.column(name).to_pylist()
        return self._columns[name]

    @cached_property
    def row_of(self) -> dict[str, int]:
        return {identifier: row for row, identifier in enumerate(self.ids)}

    @cached_property
    def channels(self) -> Channels:
        return self.channels_until(len(self))

    def channels_until(self, rows: int) -> Channels:
        """The channels of the first rows; later ones do not change their numbers and first names."""
        numbers: dict[tuple[str, str | None, str | None], int] = {}
        columns = (self.strings(name)[:rows] for name in ("platform", "channel_id", "channel"))
        kinds = [numbers.setdefault(kind, len(numbers)) for kind in zip(*columns, strict=True)]
        of_kind: list[int] = []
        names: list[str] = []
        by_key: dict[tuple[str, str], int] = {}
        by_id: dict[tuple[str, str], int] = {}
        by_name: dict[str, list[int]] = {}
        for platform, identifier, name in numbers:
            key = identifier or name
            if not key:
                of_kind.append(-1)
                continue
            number = by_key.setdefault((platform, key), len(by_key))
            if number == len(names):
                names.append(name or key)
            if identifier:
                by_id[platform, identifier] = number
            if name:
                known = by_name.setdefault(folded_name(name), [])
                if number not in known:
                    known.append(number)
            of_kind.append(number)
        by_name.pop("", None)
        return Channels([of_kind[kind] for kind in kinds], names, by_id, by_name)

    @cached_property
    def of_channel(self) -> dict[int, list[int]]:
        """The rows of each channel, in order."""
        rows: dict[int, list[int]] = {}
        for row, channel in enumerate(self.channels.of):
            rows.setdefault(channel, []).append(row)
        return rows

    def name_of(self, row: int) -> str | None:
        channel = self.channels.of[row]
        return self.channels.names[channel] if channel >= 0 else None


def corpus_of(documents: pa.Table, threads: int = 1) -> Corpus:
    """Put documents (the columns ``COLUMNS``) in the order of time and sketch their texts."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    when = pc.cast(pc.cast(documents.column("published"), pa.timestamp("us", tz="UTC")), pa.int64())
    times = np.asarray(pc.fill_null(when, NEVER))
    ids = documents.column("document_id").combine_chunks()
    ranks = np.asarray(pc.rank(ids, sort_keys="ascending", tiebreaker="first"), np.int64)
    sizes = np.asarray(pc.utf8_length(documents.column("text")), np.int64)
    order = pa.array(np.lexsort((ranks, -sizes, times)))
    documents = documents.take(order)
    bare = bare_texts(documents)
    sketches = sketches_of(bare, threads=threads)
    moments = times[np.asarray(order)]
    return Corpus(
        documents,
        bare,
        documents.column("document_id").to_pylist(),
        when.take(order).to_pylist(),
        moments,
        sketches,
    )


#: A last line is a channel's signature if this many of its posts, and this share of them, end with it.
_SIGNED = 4
_SIGNED_SHARE = 0.03
_LONGEST_SIGNATURE = 160
_MOST_LINES = 3


def bare_texts(documents: pa.Table) -> pa.Array:
    """The texts without the lines that their channels put under every post, in the order of rows.

    "Subscribe | Send us news" under a short post is most of its letters: two fires would be one. Lines are
    cut from the end only, so every offset stays true.
    """
    import pyarrow as pa

    texts = documents.column("text").to_pylist()
    names = [documents.column(name).to_pylist() for name in ("platform", "channel_id", "channel")]
    keys = [(p, i or n) for p, i, n in zip(*names, strict=True)]
    posts = Counter(keys)
    bare = [text.rstrip() for text in texts]
    # A text of one line signs nothing, and most are of one.
    tails = {row: _last_lines(text) for row, text in enumerate(bare) if "\n" in text}
    tally = Counter(
        (keys[row], line)
        for row, lines in tails.items()
        for line in lines[: _MOST_LINES if len(lines) > _MOST_LINES else -1]
    )
    signed: dict[Any, set[str]] = {}
    for (key, line), times in tally.items():
        if key[1] and times >= max(_SIGNED, _SIGNED_SHARE * posts[key]):
            signed.setdefault(key, set()).add(line)
    for row, key in enumerate(keys):
        if own := signed.get(key):
            for line in (tails[row] if row in tails else _last_lines(bare[row]))[:_MOST_LINES]:
                if line not in own:
                    break
                bare[row] = bare[row][: -len(line)].rstrip()
    return pa.array(bare, pa.string())


def _last_lines(text: str) -> list[str]:
    """The last lines of a text that are not blank, last first, one more than are ever cut."""
    found: list[str] = []
    for line in map(str.strip, reversed(text.rstrip().rsplit("\n", 2 * _MOST_LINES))):
        if not line:
            continue
        if len(line) > _LONGEST_SIGNATURE or len(found) > _MOST_LINES:
            break
        found.append(line)
    return found
