"""The tagger at run time, in numpy: which words are cues, and each cue's source and content.

The same arithmetic as ``training/attribution/net.py``; a test holds the two equal to 1e-3.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tocsin.language.lstm import BiLstm, Steps
from tocsin.language.packed import unpack
from tocsin.language.relations import (
    CANDIDATE,
    CONTENT,
    LIKELY,
    Cue,
    Relation,
    decode_cues,
    decode_roles,
    places,
)
from tocsin.language.wordfeatures import ParagraphWords

__all__ = ["WEIGHTS", "AttributionNetwork", "attribution_network", "groups"]

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]

#: Words per batch.
_BATCH: Final = 4000
#: Cues per batch.
_CUES: Final = 64
#: File of the weights, named after the data they were trained on.
WEIGHTS: Final = "attribution-polnear.npz"


def _softmax(x: Floats) -> Floats:
    x = np.exp(x - x.max(axis=1, keepdims=True))
    out: Floats = x / x.sum(axis=1, keepdims=True)
    return out


class AttributionNetwork:
    """Tags paragraphs. ``weights`` is an npz file written by ``training/attribution/export.py``."""

    def __init__(self, weights: Path) -> None:
        with np.load(weights, allow_pickle=False) as stored:
            words = stored["lexicon"].tobytes().decode().split("\n")
            named = unpack({k: stored[k] for k in stored.files if k != "lexicon"})
        self.threshold = float(named["threshold"].item())
        self._place = {word: i + 1 for i, word in enumerate(words)}
        self._lexical: Floats = named["lexical"] @ named["project.lexical"]
        self._named = named
        self._one = BiLstm(named, "one")
        self._two = BiLstm(named, "two")

    def tag(self, paragraphs: Sequence[ParagraphWords]) -> list[list[Relation]]:
        """The relations of each paragraph, by where their cues begin, whose score reaches ``threshold``."""
        found: list[list[Relation]] = [[] for _ in paragraphs]
        for group in groups([len(p) for p in paragraphs]):
            chosen = [paragraphs[i] for i in group]
            states = self.states(chosen)
            cues = [
                (row, cue)
                for row, tags in enumerate(self.cue_probabilities(states, chosen))
                for cue in decode_cues(tags, CANDIDATE)
            ]
            judged = self.judge(states, chosen, cues)
            for (row, cue), (roles, score) in zip(cues, judged, strict=True):
                relation = decode_roles(cue, roles, score) if score >= self.threshold else None
                if relation is not None:
                    found[group[row]].append(relation)
        return found

    def states(self, paragraphs: Sequence[ParagraphWords]) -> Floats:
        """States of the words of paragraphs, which must not grow in length, laid end to end: (n, 2u)."""
        x = np.concatenate([p.features for p in paragraphs]) @ self._named["project.features"]
        x += np.concatenate([p.shapes for p in paragraphs]) @ self._named["project.shapes"]
        x += self._lexical[[self._place.get(word.lower(), 0) for p in paragraphs for word in p.words]]
        x += self._named["project.bias"]
        np.maximum(x, 0, out=x)
        return self._one.run(x, Steps.of(np.array([len(p) for p in paragraphs])))

    def cue_probabilities(self, states: Floats, paragraphs: Sequence[ParagraphWords]) -> list[Floats]:
        """Probabilities (n, 3) of outside, begin, in for each paragraph's words."""
        tags = _softmax(states @ self._named["cue.weight"] + self._named["cue.bias"])
        return np.split(tags, np.cumsum([len(p) for p in paragraphs])[:-1])

    def judge(
        self, states: Floats, paragraphs: Sequence[ParagraphWords], cues: Sequence[tuple[int, Cue]]
    ) -> list[tuple[Floats, float]]:
        """For each cue, given with its paragraph's row: role probabilities (n, 3), and its score, 0 to 1.

        ``cues`` hold all candidates of each paragraph they name.
        """
        begin = np.concatenate([[0], np.cumsum([len(p) for p in paragraphs])])
        is_cue = [np.zeros(len(p), dtype=bool) for p in paragraphs]
        for row, cue in cues:
            is_cue[row][cue.first : cue.last] |= cue.score >= LIKELY
        order = sorted(range(len(cues)), key=lambda k: (-len(paragraphs[cues[k][0]]), k))
        result: dict[int, tuple[Floats, float]] = {}
        for at in range(0, len(order), _CUES):
            part = [cues[k] for k in order[at : at + _CUES]]
            x = [
                self._ask(states[begin[row] : begin[row + 1]], paragraphs[row], cue, is_cue[row])
                for row, cue in part
            ]
            lengths = np.array([len(rows) for rows in x])
            out = self._two.run(np.concatenate(x), Steps.of(lengths))
            roles = _softmax(out @ self._named["role.weight"] + self._named["role.bias"])
            cuts = np.cumsum(lengths)[:-1]
            for k, (_, cue), own, role in zip(
                order[at:], part, np.split(out, cuts), np.split(roles, cuts), strict=False
            ):
                result[k] = (role, self._validity(cue, own, role))
        return [result[k] for k in range(len(cues))]

    def _ask(self, states: Floats, words: ParagraphWords, cue: Cue, is_cue: Flags) -> Floats:
        """What the second network reads of one paragraph for one cue: (n, between)."""
        named = self._named
        place = places((cue.first, cue.last), is_cue, words.sentence)
        x: Floats = states @ named["between.weight"] + place @ named["place.weight"]
        x += states[cue.first : cue.last].mean(axis=0) @ named["query.weight"] + named["between.bias"]
        np.maximum(x, 0, out=x)
        return x

    def _validity(self, cue: Cue, out: Floats, roles: Floats) -> float:
        """The score of a cue from the second network's states (n, 2u), the roles, and its first score."""
        share = roles[:, CONTENT]
        content = share @ out / (share.sum() + 1)
        own = np.log(cue.score / max(1 - cue.score, 1e-6))
        pooled = np.concatenate([out[cue.first : cue.last].mean(axis=0), content, [own]])
        logit = float(pooled @ self._named["valid.weight"][:, 0] + self._named["valid.bias"][0])
        return float(1 / (1 + np.exp(-logit)))


def groups(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Paragraphs of at least one word, longest first, about ``_BATCH`` words a group."""
    group: list[int] = []
    size = 0
    for i in sorted((i for i, n in enumerate(lengths) if n), key=lambda i: (-lengths[i], i)):
        if group and size + lengths[i] > _BATCH:
            yield group
            group, size = [], 0
        group.append(i)
        size += lengths[i]
    if group:
        yield group


@cache
def attribution_network() -> AttributionNetwork:
    """The network with the packaged weights, read at the first call of a process."""
    with as_file(files("tocsin.language") / "weights" / WEIGHTS) as path:
        return AttributionNetwork(path)
