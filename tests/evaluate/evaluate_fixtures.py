"""Invented attributions in four languages, with what each document must count: worked out by hand."""

from __future__ import annotations

from dataclasses import dataclass

from tocsin.evaluate.scores.attribution import Roles


def spans(text: str, *quotes: str) -> tuple[tuple[int, int], ...]:
    """Where each quote stands in the text; it must stand there once."""
    found = []
    for quote in quotes:
        assert text.count(quote) == 1, quote
        start = text.index(quote)
        found.append((start, start + len(quote)))
    return tuple(found)


def said(text: str, source: str = "", cue: str = "", *content: str) -> Roles:
    """An attribution by its words; an empty role has no span."""
    return Roles(
        spans(text, source) if source else (), spans(text, cue) if cue else (), spans(text, *content)
    )


@dataclass(frozen=True)
class Fixture:
    """A document; ``expected`` has (correct, predicted, gold) for each measure and role, by hand."""

    text: str
    gold: tuple[Roles, ...]
    predicted: tuple[Roles, ...]
    expected: dict[str, tuple[int, int, int]]
    kinds: tuple[str, ...]


_EN = "The mayor said that the old bridge would close on Friday. “We must repair it now,” Anna Kovak added."
_RU = "Директор музея сообщил, что выставка откроется весной. По словам охраны, двери были заперты."
_UK = "«Качка зимує тут», — каже лісник. Озеро замерзло."
_KK = "Көл қатып қалды деді балықшы."
_NESTED = "He says she says it rains in the hills."

FIXTURES: dict[str, Fixture] = {
    # First: right. Second: the content is right, the source is another, so joint fails.
    "en": Fixture(
        _EN,
        (
            said(_EN, "The mayor", "said", "that the old bridge would close on Friday"),
            said(_EN, "Anna Kovak", "added", "“We must repair it now,”"),
        ),
        (
            said(_EN, "The mayor", "said", "the old bridge would close on Friday."),
            said(_EN, "The mayor", "added", "We must repair it now"),
        ),
        {
            "exact": (1, 2, 2),
            "iou50": (2, 2, 2),
            "joint": (1, 2, 2),
            "joint3": (1, 2, 2),
            # Sources are pooled over the document: The, mayor, Anna, Kovak against The, mayor.
            "token source": (2, 2, 4),
            "token cue": (2, 2, 2),
            "token content": (12, 12, 13),
        },
        ("indirect", "direct"),
    ),
    # First: half of the content's union is not reached (2 of 5 words). Second: right, but with another cue.
    "ru": Fixture(
        _RU,
        (
            said(_RU, "Директор музея", "сообщил", "что выставка откроется весной"),
            said(_RU, "охраны", "По словам", "двери были заперты"),
        ),
        (
            said(_RU, "Директор музея", "сообщил", "сообщил, что выставка"),
            said(_RU, "охраны", "заперты", "двери были заперты"),
        ),
        {
            "exact": (1, 2, 2),
            "iou50": (1, 2, 2),
            "joint": (1, 2, 2),
            "joint3": (0, 2, 2),
            "token source": (3, 3, 3),
            "token cue": (1, 2, 3),
            "token content": (5, 6, 7),
        },
        ("indirect", "indirect"),
    ),
    # The annotation names no source and no cue: whatever is predicted for them agrees. One spurious answer.
    "uk": Fixture(
        _UK,
        (said(_UK, "", "", "Качка зимує тут"),),
        (said(_UK, "лісник", "каже", "«Качка зимує тут»"), said(_UK, "лісник", "каже", "Озеро замерзло")),
        {
            "exact": (1, 2, 1),
            "iou50": (1, 2, 1),
            "joint": (1, 2, 1),
            "joint3": (1, 2, 1),
            "token source": (0, 1, 0),
            "token cue": (0, 1, 0),
            "token content": (3, 5, 3),
        },
        ("direct",),
    ),
    # Nothing predicted but an answer whose content is only a sign: it does not count.
    "kk": Fixture(
        _KK,
        (said(_KK, "балықшы", "деді", "Көл қатып қалды"),),
        (Roles((), (), ((len(_KK) - 1, len(_KK)),)),),
        {
            "exact": (0, 0, 1),
            "iou50": (0, 0, 1),
            "joint": (0, 0, 1),
            "joint3": (0, 0, 1),
            "token source": (0, 0, 1),
            "token cue": (0, 0, 1),
            "token content": (0, 0, 3),
        },
        ("indirect",),
    ),
    # Two annotations, one answer that overlaps both: it goes to the one it shares more with (5 of 5 words),
    # although the other comes first and has the same source.
    "nested": Fixture(
        _NESTED,
        (
            said(_NESTED, "He", "He says", "she says it rains in the hills"),
            said(_NESTED, "she", "she says", "it rains in the hills"),
        ),
        (said(_NESTED, "He", "she", "it rains in the hills"),),
        {
            "exact": (1, 1, 2),
            "iou50": (1, 1, 2),
            "joint": (0, 1, 2),
            "joint3": (0, 1, 2),
            "token source": (1, 1, 2),
            "token cue": (1, 1, 4),
            "token content": (5, 5, 7),
        },
        ("indirect", "indirect"),
    ),
}
