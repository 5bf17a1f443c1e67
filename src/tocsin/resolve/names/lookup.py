"""The arrays behind ``NameIndex``: words by key, names by word and by pair of words, the fast score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import combinations, pairwise
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tocsin.resolve.names.align import IRREGULAR, likenesses
from tocsin.resolve.names.fold import fold_word, keys
from tocsin.resolve.names.forms import word_forms
from tocsin.resolve.names.irregular import other_spellings
from tocsin.resolve.names.known import known, spelling
from tocsin.resolve.names.letters import letters, words
from tocsin.resolve.names.lists import Int, Lists, Long, expand
from tocsin.resolve.names.sounds import Codes, codes_of

__all__ = ["Lookup"]

_WORDS: Final = 5  # words of a name that count
_ITEMS: Final = 8  # these and short words joined to their neighbours
_SIEVE: Final = 20  # words under a query word's keys that are weighed by sound
_BRIEF: Final = 4  # letters of a word with so many neighbours that more of them are weighed
_NEAR: Final = 12  # of these, the words kept
_LEAST: Final = 0.25  # likeness below which a word is not kept
_PER_PAIR: Final = 12  # names looked at for one pair of words
_PER_WORD: Final = 24  # names looked at for one word, when the query has only one
_BITS: Final = 64  # for letter pairs
_COARSE: Final = str.maketrans("vzdoe", "ustai", "h")
_SHORT: Final = 3  # letters; so short a word may be written together with the next
_BATCH: Final = 4000
_COUNT: Final = np.array([n.bit_count() for n in range(256)], np.uint8)
_EXTRA: Final = 0.35  # what a word of the name counts that the query lacks
_DOUBT: Final = 0.08  # what the least likely of a word's nominatives loses
_GIVEN: Final = 0.85  # likeness of one given name in two languages

_Float = npt.NDArray[np.float32]


class _Query(NamedTuple):
    """Queries as padded arrays: near words of each slot, their likeness, the words a slot covers, weights."""

    near: Int  # [queries, slots, near], -1 beyond
    alike: _Float
    cover: npt.NDArray[np.bool_]  # [queries, slots, words]
    weight: _Float  # [queries, words], 0 beyond


def _signatures(folded: Sequence[str]) -> npt.NDArray[np.uint64]:
    """Letter pairs of each folded word, with its ends, as bits; like sounds count as one letter."""
    found = []
    for word in folded:
        bits = 0
        for a, b in pairwise(f"^{word.translate(_COARSE)}$"):
            bits |= 1 << ((ord(a) * 31 + ord(b) * 7) % _BITS)
        found.append(bits)
    return np.array(found, np.uint64)


def _popcount(bits: npt.NDArray[np.uint64]) -> Long:
    if hasattr(np, "bitwise_count"):  # numpy 2
        counted: Long = np.bitwise_count(bits).astype(np.int64)
        return counted
    return np.asarray(_COUNT[bits.view(np.uint8).reshape(-1, 8)].sum(axis=1), np.int64)


def _items(found: Sequence[str]) -> list[tuple[str, tuple[int, ...]]]:
    """The words of a name, and short ones joined to their neighbours, with the places they cover."""
    single: list[tuple[str, tuple[int, ...]]] = [(word, (place,)) for place, word in enumerate(found)]
    joined = [
        (a + b, (place, place + 1))
        for place, (a, b) in enumerate(pairwise(found))
        if 1 < min(len(a), len(b)) <= _SHORT < max(len(a), len(b)) and "дж" not in (a, b)
    ]
    return (single + joined)[:_ITEMS]


@lru_cache(maxsize=1 << 16)
def _forms(word: str, language: str) -> tuple[tuple[str, float], ...]:
    """The forms of a query word, in ``letters``, each with how far it is trusted."""
    return tuple((letters(form), trust) for form, trust in word_forms(word, language))


class Lookup:
    """Names as arrays; built once, then only read (but for a cache of near words)."""

    def __init__(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self._arrays = dict(arrays)
        self._vocabulary = self._arrays["vocabulary"].tobytes().decode().split("\n")
        self._codes = Codes(arrays["letters"], arrays["lengths"], arrays["cyrillic"])
        self._signatures = arrays["signatures"]
        self._rarity = arrays["rarity"]
        self._items = arrays["items"]  # [names, items] numbers of words, -1 beyond
        self._covers = arrays["covers"]  # [names, items] bits of the words an item covers
        self._weights = arrays["weights"]  # [names, words]
        self._keys = self._lists("key")
        self._by_word = self._lists("word")
        self._by_pair = self._lists("pair")
        self._cache: dict[str, tuple[Int, _Float]] = {}
        self._given = self._given_names()
        listed = other_spellings()
        self._spelt = {word: n for n, word in enumerate(self._vocabulary) if word in listed}

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {word: number for number, word in enumerate(self._vocabulary)}

    def _lists(self, name: str) -> Lists:
        return Lists(
            self._arrays[f"{name}_keys"], self._arrays[f"{name}_starts"], self._arrays[f"{name}_values"]
        )

    def arrays(self) -> Mapping[str, npt.NDArray[Any]]:
        """Everything, by name, as the constructor takes it."""
        return self._arrays

    @classmethod
    def of(cls, names: Sequence[str]) -> Lookup:
        """The lookup of names, in their order."""
        numbers: dict[str, int] = {}
        items = np.full((len(names), _ITEMS), -1, np.int32)
        covers = np.zeros((len(names), _ITEMS), np.uint8)
        counts = np.zeros(len(names), np.int32)
        for row, name in enumerate(names):
            found = [word for word in map(letters, words(name)) if word][:_WORDS]
            counts[row] = len(found)
            for place, (word, cover) in enumerate(_items(found)):
                items[row, place] = numbers.setdefault(word, len(numbers))
                covers[row, place] = sum(1 << c for c in cover)
        vocabulary = list(numbers)
        arrays = _word_arrays(vocabulary)
        rows, places = np.nonzero(items >= 0)
        held = items[rows, places]
        frequency = np.bincount(held, minlength=len(vocabulary))
        rarity = np.log1p(len(names) / np.maximum(frequency, 1)) / np.log1p(len(names) or 1)
        arrays["rarity"] = np.maximum(rarity, 0.2).astype(np.float32)
        single = np.where(np.arange(_WORDS) < counts[:, None], items[:, :_WORDS], -1)
        arrays["weights"] = (
            np.where(single >= 0, arrays["rarity"][single], 0).astype(np.float32)
            if vocabulary
            else np.zeros(single.shape, np.float32)
        )
        arrays |= {"items": items, "covers": covers}
        order = np.lexsort((rows, counts[rows], held))  # shorter names first
        arrays |= _named("word", Lists.of(held[order].astype(np.int64), rows[order]))
        arrays |= _named("pair", _pairs(items, counts, len(vocabulary)))
        return cls(arrays)

    def _given_names(self) -> dict[int, list[int]]:
        """Words of the index by the line of given names they are on."""
        found: dict[int, list[int]] = {}
        given = known().given
        for number, word in enumerate(self._vocabulary):
            for entry in given.get(spelling(word), ()):
                if not entry.familiar:
                    found.setdefault(entry.group, []).append(number)
        return found

    def _sift(self, wanted: Sequence[str]) -> tuple[Long, Long]:
        """Words of the index that may be each wanted word: numbers of the wanted word and of the other."""
        pairs = [(n, key) for n, word in enumerate(wanted) for key in keys(word)]
        owner_of = np.array([n for n, _ in pairs], np.int64)
        begin, end = self._keys.spans(np.array([key.encode() for _, key in pairs], self._keys.keys.dtype))
        span, position = expand(begin, end)
        owner, other = owner_of[span], self._keys.values[position].astype(np.int64)
        own = _signatures([fold_word(word) for word in wanted])[owner]
        theirs = self._signatures[other]
        shared = _popcount(own & theirs) * 255 // np.maximum(_popcount(own | theirs), 1)
        # One number to sort by: the wanted word, then the most shared, then the other word.
        code = np.sort((owner << 40) | ((255 - shared) << 32) | other)
        code = code[np.r_[True, code[1:] != code[:-1]][: len(code)]]
        owner, other = code >> 40, code & 0xFFFFFFFF
        first = np.searchsorted(owner, np.arange(len(wanted)))
        most = np.array([_SIEVE if len(word) > _BRIEF else 3 * _SIEVE for word in wanted])
        keep = np.arange(len(owner)) - first[owner] < most[owner]
        return owner[keep], other[keep]

    def _learn(self, wanted: Sequence[str]) -> None:
        """Put the near words of each wanted word into the cache."""
        nothing = (np.zeros(0, np.int32), np.zeros(0, np.float32))
        for word in wanted:
            self._cache[word] = nothing
        if not self._vocabulary[0] or not wanted:
            return
        owner, other = self._sift(wanted)
        alike = self._likenesses(wanted, owner, other)
        for extra_owner, extra_other, value in (self._same_given(wanted), self._irregular(wanted)):
            owner = np.r_[owner, extra_owner]
            other = np.r_[other, extra_other]
            alike = np.r_[alike, np.full(len(extra_owner), value, np.float32)]
        good = alike >= _LEAST
        owner, other, alike = owner[good], other[good], alike[good]
        order = np.lexsort((-alike, other, owner))  # each word once, at its best
        owner, other, alike = owner[order], other[order], alike[order]
        first = np.ones(len(owner), bool)
        first[1:] = (owner[1:] != owner[:-1]) | (other[1:] != other[:-1])
        owner, other, alike = owner[first], other[first].astype(np.int32), alike[first]
        order = np.lexsort((other, -alike, owner))
        owner, other, alike = owner[order], other[order], alike[order].astype(np.float32)
        bounds = np.searchsorted(owner, np.arange(len(wanted) + 1)).tolist()
        for n, word in enumerate(wanted):
            end = min(bounds[n + 1], bounds[n] + _NEAR)
            self._cache[word] = (other[bounds[n] : end].astype(np.int32), alike[bounds[n] : end])

    def _likenesses(self, wanted: Sequence[str], owner: Long, other: Long) -> _Float:
        """How alike pairs of a wanted word and one of the index are.

        That is the same both ways, and who looks up the names of the index itself meets most pairs twice.
        """
        size = len(self._vocabulary)
        numbers = np.array([self._numbers.get(word, size + n) for n, word in enumerate(wanted)], np.int64)
        mine = numbers[owner]
        code = np.minimum(mine, other) * (size + len(wanted)) + np.maximum(mine, other)
        _, first, place = np.unique(code, return_index=True, return_inverse=True)
        left, right = owner[first].astype(np.int32), other[first].astype(np.int32)
        found: _Float = likenesses(codes_of(wanted).take(left), self._codes.take(right))[place]
        return found

    def _irregular(self, wanted: Sequence[str]) -> tuple[Long, Long, float]:
        """Words of the index that are an irregular spelling of a wanted word in the other script."""
        listed = other_spellings()
        pairs = [
            (n, self._spelt[other])
            for n, word in enumerate(wanted)
            for other in sorted(listed.get(word, ()))
            if other in self._spelt
        ]
        found = np.array(pairs, np.int64).reshape(-1, 2)
        return found[:, 0], found[:, 1], IRREGULAR

    def _same_given(self, wanted: Sequence[str]) -> tuple[Long, Long, float]:
        """Words of the index that are the same given name, perhaps in another language."""
        owners: list[int] = []
        others: list[int] = []
        given = known().given
        for n, word in enumerate(wanted):
            for entry in given.get(spelling(word), ()):
                found = self._given.get(entry.group, ())[: _NEAR // 2]
                owners += [n] * len(found)
                others += found
        return np.array(owners, np.int64), np.array(others, np.int64), _GIVEN

    def _near(self, forms: Sequence[tuple[str, float]]) -> tuple[Int, _Float]:
        """Near words of a query word in any of its forms; an unlikely form costs a little."""
        if len(forms) == 1:
            return self._cache[forms[0][0]]
        best: dict[int, float] = {}
        for form, trust in forms:
            near, alike = self._cache[form]
            for word, value in zip(near.tolist(), alike.tolist(), strict=True):
                best[word] = max(best.get(word, 0.0), value * (1 - _DOUBT * (1 - trust)))
        ranked = sorted(best, key=lambda word: (-best[word], word))[:_NEAR]
        return np.array(ranked, np.int32), np.array([best[word] for word in ranked], np.float32)

    def _query(self, queries: Sequence[str], language: str) -> _Query:
        parsed = []
        for query in queries:
            found = [word for word in words(query) if letters(word)][:_WORDS]
            slots = [(_forms(word, language), cover) for word, cover in _items(found)]
            parsed.append((len(found), slots))
        distinct = dict.fromkeys(forms for _, slots in parsed for forms, _ in slots)
        if len(self._cache) > 1 << 18:
            self._cache.clear()
        wanted = dict.fromkeys(form for forms in distinct for form, _ in forms)
        self._learn([word for word in wanted if word not in self._cache])
        # What is near, and the weight it gives, once for each word; then every slot of a query takes its own.
        numbered = {forms: number for number, forms in enumerate(distinct)}
        known_near = np.full((len(numbered), _NEAR), -1, np.int32)
        known_alike = np.zeros((len(numbered), _NEAR), np.float32)
        for forms, number in numbered.items():
            words_near, words_alike = self._near(forms)
            known_near[number, : len(words_near)] = words_near
            known_alike[number, : len(words_near)] = words_alike
        places = [
            (row, slot, covered, numbered[forms])
            for row, (_, slots) in enumerate(parsed)
            for slot, (forms, covered) in enumerate(slots)
        ]
        at = np.array([(row, slot, number) for row, slot, _, number in places], np.int64).reshape(-1, 3).T
        near = np.full((len(queries), _ITEMS, _NEAR), -1, np.int32)
        near[at[0], at[1]] = known_near[at[2]]
        alike = np.zeros((len(queries), _ITEMS, _NEAR), np.float32)
        alike[at[0], at[1]] = known_alike[at[2]]
        cover = np.zeros((len(queries), _ITEMS, _WORDS), np.bool_)
        weights = self._weights_of(known_near, known_alike).tolist()
        weight = np.zeros((len(queries), _WORDS), np.float32)
        weight[np.arange(_WORDS) < np.array([[count] for count, _ in parsed])] = 1.0
        for row, slot, covered, number in places:
            for word in covered:
                cover[row, slot, word] = True
            if len(covered) == 1:
                weight[row, covered[0]] = weights[number]
        return _Query(near, alike, cover, weight)

    def _weights_of(self, near: Int, alike: _Float) -> _Float:
        """What words count by the rarity of the likeliest near one; 1 where none is near."""
        sure = alike * self._rarity[near]  # beyond the last, alike is 0
        best = sure.argmax(axis=1)[:, None]
        likeliest = np.take_along_axis(alike, best, axis=1)[:, 0]
        share = np.take_along_axis(sure, best, axis=1)[:, 0] / np.maximum(likeliest, np.float32(1e-9))
        found: _Float = np.where(near[:, 0] >= 0, np.maximum(share, np.float32(0.2)), np.float32(1.0))
        return found

    def _candidates(self, query: _Query) -> tuple[Long, Long]:
        """Pairs of query and name to be scored, each once."""
        found = [self._by_words(query)]
        size = np.int64(len(self._vocabulary))
        for i, j in combinations(range(min(_ITEMS, 6)), 2):
            rows = np.flatnonzero((query.near[:, i, 0] >= 0) & (query.near[:, j, 0] >= 0))
            if not len(rows):
                continue
            left, right = query.near[rows, i, :, None], query.near[rows, j, None, :]
            good = (left >= 0) & (right >= 0)
            code = np.where(good, np.minimum(left, right) * size + np.maximum(left, right), -1)
            begin, end = self._by_pair.spans(code.ravel())
            span, position = expand(begin, np.minimum(end, begin + _PER_PAIR))
            found.append(
                (
                    rows[span // (code.shape[1] * code.shape[2])],
                    self._by_pair.values[position].astype(np.int64),
                )
            )
        owner = np.concatenate([o for o, _ in found])
        name = np.concatenate([n for _, n in found])
        code = np.unique(owner * len(self._items) + name)
        return np.divmod(code, len(self._items))

    def _by_words(self, query: _Query) -> tuple[Long, Long]:
        """Names that hold one near word: more of them for a query of one word."""
        single = (query.weight > 0).sum(axis=1) == 1
        rows, slots, places = np.nonzero(query.near >= 0)
        most = np.where(single[rows], _PER_WORD, np.where(places < 3, _PER_WORD // 4, 0))
        begin, end = self._by_word.spans(query.near[rows, slots, places].astype(np.int64))
        span, position = expand(begin, np.minimum(end, begin + most))
        return rows[span], self._by_word.values[position].astype(np.int64)

    def _score(self, query: _Query, owner: Long, name: Long) -> _Float:
        """The fast score of pairs of query and name, 0–1: agreement by weight over all words of both."""
        # [pairs, items]; most names are short, and only what they use need be compared
        items = self._items[name]
        items = items[:, : max(1, int((items >= 0).any(axis=0).sum()))]
        best = np.zeros((len(owner), _WORDS), np.float32)
        reached = np.zeros(len(owner), np.uint8)
        for slot in range(_ITEMS):
            rows = np.flatnonzero(query.near[owner, slot, 0] >= 0)
            if not len(rows):
                continue
            near, alike = query.near[owner[rows], slot], query.alike[owner[rows], slot]
            same = (near[:, :, None] == items[rows, None, :]) & (near[:, :, None] >= 0)
            value = np.where(same, alike[:, :, None], 0).max(axis=1)  # [pairs, items]
            top = value.max(axis=1)
            cover = query.cover[owner[rows], slot]
            best[rows] = np.where(cover, np.maximum(best[rows], top[:, None]), best[rows])
            hit = np.where(value >= 0.5, self._covers[name[rows], : items.shape[1]], 0)
            reached[rows] |= np.bitwise_or.reduce(hit.astype(np.uint8), axis=1)
        ours = query.weight[owner]
        theirs = self._weights[name]
        missed = ((reached[:, None] >> np.arange(_WORDS)) & 1) == 0
        extra = np.where(missed, theirs, 0).sum(axis=1)
        score: _Float = (best * ours).sum(axis=1) / (ours.sum(axis=1) + _EXTRA * extra + 1e-9)
        return score

    def search(self, queries: Sequence[str], k: int, language: str) -> tuple[Long, _Float]:
        """Rows and scores of the ``k`` names of highest fast score, ``[queries, k]``; -1 beyond."""
        rows = np.full((len(queries), k), -1, np.int64)
        scores = np.zeros((len(queries), k), np.float32)
        if not len(self._items) or not self._vocabulary[0]:
            return rows, scores
        for start in range(0, len(queries), _BATCH):
            part = self._query(queries[start : start + _BATCH], language)
            owner, name = self._candidates(part)
            if not len(owner):
                continue
            score = self._score(part, owner, name)
            order = np.lexsort((name, -score, owner))
            owner, name, score = owner[order], name[order], score[order]
            place = np.arange(len(owner)) - np.searchsorted(owner, owner)
            keep = place < k
            rows[start + owner[keep], place[keep]] = name[keep]
            scores[start + owner[keep], place[keep]] = score[keep]
        return rows, scores


def _named(name: str, lists: Lists) -> dict[str, npt.NDArray[Any]]:
    return {f"{name}_keys": lists.keys, f"{name}_starts": lists.starts, f"{name}_values": lists.values}


def _word_arrays(vocabulary: list[str]) -> dict[str, npt.NDArray[Any]]:
    codes = codes_of(vocabulary)
    pairs = [(key, number) for number, word in enumerate(vocabulary) for key in keys(word)]
    lists = Lists.of(
        np.array([key.encode() for key, _ in pairs] or [b""], np.bytes_),
        np.array([number for _, number in pairs] or [0], np.int64),
    )
    text = np.frombuffer("\n".join(vocabulary).encode(), np.uint8)
    return {
        "vocabulary": text,
        "letters": codes.letters,
        "lengths": codes.lengths,
        "cyrillic": codes.cyrillic,
        "signatures": _signatures([fold_word(word) for word in vocabulary]),
        **_named("key", lists),
    }


def _pairs(items: Int, counts: Int, size: int) -> Lists:
    """Names by unordered pairs of their words, shorter names first."""
    codes, rows = [], []
    for i, j in combinations(range(items.shape[1]), 2):
        row = np.flatnonzero(items[:, j] >= 0)
        a, b = items[row, i].astype(np.int64), items[row, j].astype(np.int64)
        codes.append(np.minimum(a, b) * size + np.maximum(a, b))
        rows.append(row)
    code = np.concatenate(codes) if codes else np.zeros(0, np.int64)
    row = np.concatenate(rows) if rows else np.zeros(0, np.int64)
    order = np.lexsort((row, counts[row])) if len(row) else row
    return Lists.of(code[order], row[order])
