"""Names and their types, from the core's states: BIOES tags by one head that can follow several guides.

Corpora disagree on what a name is ("мэрии Москвы": one organisation, or a place inside common words?), so
the head was taught each corpus' own guide, its *style*, and is asked in one of them. A document is decoded as
a whole: what a word is at its other places counts (``repeats.py``). How tags become names is here for
training too (``training/core/tasks/names.py``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tocsin.errors import UsageError
from tocsin.language.core import Analysis, LanguageCore
from tocsin.language.heads import Linear, gelu, named_array, standardised
from tocsin.language.relations import runs
from tocsin.language.repeats import draw_together

__all__ = [
    "DEFAULT_STYLE",
    "NEVER",
    "OTHER_STYLE",
    "STYLES",
    "TAGS",
    "TYPES",
    "NameSpan",
    "Names",
    "TagDecoder",
    "allowed",
    "best_path",
    "decode",
    "default_style",
    "spans_of",
    "tag_names",
]

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

#: PER: a person. ORG: an organisation. LOC: a place, natural or political, countries and cities among them.
#: EVT: a named event. PRO: a product or work. FAC: a building, road, airport. MISC: other names of WikiGold
#: and NER-UK. No type is for media outlets.
TYPES: Final = ("PER", "ORG", "LOC", "EVT", "PRO", "FAC", "MISC")
#: Guides and the types each of them marks; the order is that of the head's rows. Sources:
#: training/core/tasks/names_data.py. Where a guide does not mark a type, such names are left out.
STYLES: Final[Mapping[str, tuple[str, ...]]] = {
    "factrueval": ("PER", "ORG", "LOC"),
    "nerel": ("PER", "ORG", "LOC", "PRO", "FAC"),
    "slavicner": ("PER", "ORG", "LOC", "EVT", "PRO"),
    "ner_uk": ("PER", "ORG", "LOC", "PRO", "MISC"),
    "kaznerd": ("PER", "ORG", "LOC", "EVT", "PRO", "FAC"),
    "wikigold": ("PER", "ORG", "LOC", "MISC"),
    "wnut17": ("PER", "ORG", "LOC", "PRO"),
    "re3d": ("PER", "ORG", "LOC"),
}
#: Whose guide is followed where none is asked for, by language (ISO 639-1).
DEFAULT_STYLE: Final[Mapping[str, str]] = {
    "en": "wikigold",
    "ru": "slavicner",
    "uk": "slavicner",
    "kk": "kaznerd",
}
#: … and for any other language: the guide that was written for several.
OTHER_STYLE: Final = "slavicner"
#: A log-probability that no path survives.
NEVER: Final = -10_000.0
#: How far a bound must be below 0 to count: more than rounding can add up to.
_MARGIN: Final = 1e-2


@dataclass(frozen=True, slots=True)
class NameSpan:
    """A name: half-open code points of the document, one of ``TYPES``, and a score from 0 to 1.

    The score is the mean probability of its words' tags.
    """

    start: int
    end: int
    type: str
    score: float


def default_style(language: str | None) -> str:
    """The guide followed for a language where none is asked for."""
    return DEFAULT_STYLE.get(language or "", OTHER_STYLE)


class Names:
    """Finds the names of documents."""

    def __init__(self, core: LanguageCore) -> None:
        named = core.named
        self._enter = Linear(named, "names.enter")
        self._mix = Linear(named, "names.mix")
        # Five neighbours, each feature on its own: one row for each place.
        self._near: Floats = np.ascontiguousarray(named_array(named, "names.near.weight")[:, 0].T)
        self._near_bias = named_array(named, "names.near.bias")
        self._styles = {style: _Style.of(named, style) for style in STYLES}

    def spans(self, analyses: Sequence[Analysis], styles: Sequence[str]) -> list[NameSpan]:
        """Names of one document, given all its windows in order; in order and disjoint.

        ``styles`` has one of ``STYLES`` for each window (``default_style``): windows of one style are drawn
        together at words they share. Raises UsageError for another style.
        """
        scores = self._document(analyses, styles)
        return [
            NameSpan(int(analysis.window.starts[first]), int(analysis.window.ends[last]), kind, score)
            for analysis, style, own in zip(analyses, styles, scores, strict=True)
            for first, last, kind, score in self._styles[style].decoder.decode(own)
        ]

    def _document(self, analyses: Sequence[Analysis], styles: Sequence[str]) -> list[Floats]:
        """Log-probabilities (n, tags) of each window's words, words that repeat drawn together."""
        found = [self.scores(a, style) for a, style in zip(analyses, styles, strict=True)]
        for style in dict.fromkeys(styles):
            own = [i for i, other in enumerate(styles) if other == style]
            read = [analyses[i].window for i in own]
            words = list(chain.from_iterable(window.words for window in read))
            rows = [np.array(window.sentences)[window.sentence] for window in read if len(window)]
            if len(words) < 2:
                continue
            drawn = draw_together(words, np.concatenate(rows), np.concatenate([found[i] for i in own]))
            cuts = np.cumsum([len(window) for window in read])[:-1]
            for i, scores in zip(own, np.split(drawn, cuts), strict=True):
                found[i] = scores
        return found

    def scores(self, analysis: Analysis, style: str) -> Floats:
        """Log-probabilities (n, tags): O, then B, I, E, S of each type of the style, in order.

        Those of a window read alone. Raises UsageError for a style that is not one of ``STYLES``.
        """
        return self._scores(analysis.words, self._style(style))

    def _style(self, style: str) -> _Style:
        if style not in self._styles:
            raise UsageError(
                f"{style!r} is no guide for names", remedy=f"Choose one of {', '.join(self._styles)}"
            )
        return self._styles[style]

    def _scores(self, words: Floats, style: _Style) -> Floats:
        n = len(words)
        x = words @ self._enter.weight.T
        x += style.enter_bias
        x = gelu(x)
        near = np.empty_like(x)
        # The two rows beyond each end are zeros: they add nothing.
        np.multiply(x, self._near[2], out=near)
        for shift in range(1, min(3, n)):
            near[shift:] += x[:-shift] * self._near[2 - shift]
            near[:-shift] += x[shift:] * self._near[2 + shift]
        near += self._near_bias
        x += self._mix(gelu(near))
        scores = standardised(x) @ style.out
        scores += style.out_bias
        scores -= scores.max(axis=1, keepdims=True)
        scores -= np.log(np.exp(scores).sum(axis=1, keepdims=True))
        return scores


@dataclass(frozen=True, slots=True, eq=False)
class _Style:
    """What is the same for every window of a style: its own weights put into those that all share.

    ``enter_bias`` (hidden,); ``out`` (hidden, tags) and ``out_bias`` (tags,) also take in the weights of the
    norm before them; ``decoder`` knows the style's transitions. Only tags of the style's types are kept:
    in training the others' scores are ``NEVER``, so their share of any probability is 0.
    """

    enter_bias: Floats
    out: Floats
    out_bias: Floats
    decoder: TagDecoder

    @classmethod
    def of(cls, named: Mapping[str, Floats], style: str) -> _Style:
        row = tuple(STYLES).index(style)
        kept = np.array([i for i, tag in enumerate(TAGS) if tag == "O" or tag[2:] in STYLES[style]])
        edges = np.append(kept, (len(TAGS), len(TAGS) + 1))
        out = named_array(named, "names.out.weight").T + named_array(named, "names.own")[row]
        bias = named_array(named, "names.out.bias") + named_array(named, "names.own_bias")[row]
        steps = named_array(named, "names.transitions") + named_array(named, "names.own_transitions")[row]
        steps = steps + allowed(TAGS)
        return cls(
            named_array(named, "names.enter.bias") + named_array(named, "names.style.weight")[row],
            np.ascontiguousarray((named["names.norm.weight"][:, None] * out)[:, kept]),
            (named["names.norm.bias"] @ out + bias)[kept],
            TagDecoder(steps[np.ix_(edges, edges)], [TAGS[i] for i in kept]),
        )


# --- tags and paths ----------------------------------------------------------------------------------


def tag_names(types: Sequence[str]) -> list[str]:
    """O, then B, I, E and S of each type."""
    return ["O", *(f"{letter}-{kind}" for kind in types for letter in "BIES")]


#: Tags in the order of the head's columns.
TAGS: Final = tuple(tag_names(TYPES))


@cache
def allowed(tags: tuple[str, ...]) -> Floats:
    """(tags + 2, tags + 2): 0 where a tag (row) may precede another (column), else ``NEVER``.

    The last two rows and columns stand for the begin and the end of a text.
    """
    n = len(tags)
    out = np.full((n + 2, n + 2), NEVER, dtype=np.float32)
    for a, b in product(range(n + 2), repeat=2):
        if a == n + 1 or b == n:
            continue
        inside = a < n and tags[a][0] in "BI"
        goes_on = b < n and tags[b][0] in "IE"
        if inside == goes_on and (not inside or tags[a][2:] == tags[b][2:]):
            out[a, b] = 0
    return out


def best_path(scores: Floats, transitions: Floats) -> Integers:
    """The best tags of n words: ``scores`` (n, tags), ``transitions`` (tags + 2, tags + 2) as ``allowed``.

    Viterbi 1967, word by word; ``TagDecoder`` finds the same path faster.
    """
    n, tags = scores.shape
    if not n:
        return np.zeros(0, dtype=np.int64)
    inner = transitions[:tags, :tags].T
    best = scores[0] + transitions[tags, :tags]
    back = np.zeros((n, tags), dtype=np.int64)
    rows = np.arange(tags)
    for i in range(1, n):
        ways = inner + best
        back[i] = ways.argmax(axis=1)
        best = ways[rows, back[i]] + scores[i]
    path = np.zeros(n, dtype=np.int64)
    path[-1] = int((best + transitions[:tags, tags + 1]).argmax())
    for i in range(n - 1, 0, -1):
        path[i - 1] = back[i, path[i]]
    return path


class TagDecoder:
    """Best paths with one set of transitions, only where a name is possible at all.

    Words that no name of the best path can cover are found first, by a bound; what is left are short
    stretches between words that are O, and those are decoded side by side.

    The bound. Take any path and one of its names, of words s to e, and put O on all of them. The path stays
    allowed, and its score falls by at most Σ g(i) + c, where g(i) is the best score of a tag of names at
    word i minus that of O, plus the most a step inside a name can be better than one from O to O; c is the
    most that the steps into and out of the name can be better than those of O, less one step inside. Where
    no stretch that covers word i has a positive bound, every name over word i makes its path worse, so the
    best path has O there. The greatest Σ g over the stretches that cover each word is the greatest sum of
    g up to an end at or after it minus the least up to a begin at or before it.
    """

    def __init__(self, transitions: Floats, tags: Sequence[str]) -> None:
        self._steps, self._tags = transitions, list(tags)
        n = len(tags)
        letters = np.array([tag[0] for tag in tags])
        # Which tags a name begins with, goes on with after a begin, is left from, ends with.
        begins = np.flatnonzero(np.isin(letters, ["B", "S"]))
        inner = transitions[np.ix_(np.isin(letters, ["B", "I"]), np.isin(letters, ["I", "E"]))]
        ends = np.flatnonzero(np.isin(letters, ["E", "S"]))
        before, after = np.append(ends, (0, n)), np.append(begins, (0, n + 1))
        if not len(begins):
            self._inside = self._edges = 0.0
            return
        enter = (transitions[np.ix_(before, begins)] - transitions[before, 0][:, None]).max()
        leave = (transitions[np.ix_(ends, after)] - transitions[0, after]).max()
        self._inside = float(inner.max() - transitions[0, 0])
        self._edges = float(enter + leave) - self._inside

    def decode(self, scores: Floats) -> list[tuple[int, int, str, float]]:
        """Names of n words; see the function ``decode``."""
        path = self.path(scores)
        found = spans_of(path, self._tags)
        if not found:
            return []
        sums = np.cumsum(np.exp(scores[np.arange(len(path)), path]), dtype=np.float64)
        sums = np.concatenate([[0.0], sums]).tolist()
        return [(a, b, kind, (sums[b + 1] - sums[a]) / (b + 1 - a)) for a, b, kind in found]

    def path(self, scores: Floats) -> Integers:
        """The best tags (n,) of n words: what ``best_path`` finds."""
        path = np.zeros(len(scores), dtype=np.int64)
        stretches = runs(self.possible(scores))
        if not stretches:
            return path
        # Longest first, so that those still running at any step come first.
        stretches.sort(key=lambda s: s[0] - s[1])
        first = np.array([s[0] for s in stretches])
        lengths = np.array([s[1] - s[0] for s in stretches])
        last = self._forward(scores, first, lengths)
        tags = last.tags
        for i in range(int(lengths[0]) - 1, -1, -1):
            running = int(np.searchsorted(-lengths, -i, side="left"))
            path[first[:running] + i] = tags[:running]
            if i:
                tags[:running] = last.back[i][np.arange(running), tags[:running]]
        return path

    def possible(self, scores: Floats) -> NDArray[np.bool_]:
        """Words (n,) that the bound leaves a name possible at; all others are O in the best path."""
        if scores.shape[1] < 2 or not len(scores):
            return np.zeros(len(scores), dtype=bool)
        gain = scores[:, 1:].max(axis=1).astype(np.float64) - scores[:, 0] + self._inside
        sums = np.concatenate([[0.0], np.cumsum(gain)])
        least = np.minimum.accumulate(sums[:-1])
        most = np.maximum.accumulate(sums[:0:-1])[::-1]
        found: NDArray[np.bool_] = most - least + self._edges > -_MARGIN
        return found

    def _forward(self, scores: Floats, first: Integers, lengths: Integers) -> _Last:
        """Viterbi over stretches (k,), longest first, each between words that are O or the text's ends."""
        n, count = scores.shape
        steps = self._steps
        begin = np.where((first == 0)[:, None], steps[count, :count], steps[0, :count])
        end = np.where((first + lengths == n)[:, None], steps[:count, count + 1], steps[:count, 0])
        inner = steps[:count, :count].T
        best = begin + scores[first]
        back: list[Integers] = [np.zeros((0, 0), dtype=np.int64)]
        for i in range(1, int(lengths[0])):
            running = int(np.searchsorted(-lengths, -i, side="left"))
            ways = inner + best[:running, None, :]
            back.append(ways.argmax(axis=2))
            best[:running] = ways.max(axis=2) + scores[first[:running] + i]
        return _Last((best + end).argmax(axis=1), back)


@dataclass(frozen=True, slots=True, eq=False)
class _Last:
    """The last tag of each stretch (k,), and for each step the best tag before each tag (running, tags)."""

    tags: Integers
    back: list[Integers]


def spans_of(path: Integers, tags: Sequence[str]) -> list[tuple[int, int, str]]:
    """Names of a path of whole names: (first word, last word, type)."""
    found, start = [], 0
    for i in np.flatnonzero(path).tolist():
        letter, kind = tags[path[i]][0], tags[path[i]][2:]
        if letter in "BS":
            start = i
        if letter in "ES":
            found.append((start, i, kind))
    return found


def decode(scores: Floats, transitions: Floats, tags: Sequence[str]) -> list[tuple[int, int, str, float]]:
    """Names of n words, in order: (first word, last word inclusive, type, score).

    ``scores`` (n, tags) are log-probabilities of the tags of each word, ``transitions`` as in ``best_path``.
    The score of a name is the mean probability of its tags.
    """
    return TagDecoder(transitions, tags).decode(scores)
