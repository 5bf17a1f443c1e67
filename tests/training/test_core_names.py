"""Names: text, tags, paths and loss, on small invented cases; nothing is trained or downloaded."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest

from tocsin.language.names import NEVER, allowed, best_path, decode, spans_of, tag_names
from tocsin.language.names import STYLES as GUIDES
from training.core.tasks.names_data import CORPORA, MAIN, STYLES, TYPES, natural, outermost, tags_of

TAGS = tuple(tag_names(("PER", "ORG")))


@pytest.mark.parametrize(
    ("tokens", "written", "name"),
    [
        ("Приїхав « Степ » , а не Дон .", "Приїхав «Степ», а не Дон.", "Степ"),
        ("Ann did n't see Bob 's dog ( Rex ) .", "Ann didn't see Bob's dog (Rex).", "Rex"),
        ('She said " Go , Max ! " to him', 'She said "Go, Max!" to him', "Max"),
        ("You ' ve met Ann", "You've met Ann", "Ann"),
    ],
)
def test_tokens_are_written_as_people_write_and_spans_follow(tokens: str, written: str, name: str) -> None:
    at = tokens.index(name)
    text, spans = natural(tokens, [(at, at + len(name), "PER")])
    assert text == written
    assert [text[a:b] for a, b, _ in spans] == [name]


def test_natural_leaves_ordinary_text_alone() -> None:
    text = 'Он сказал: "Да, это «Заря» (завод) — наша" и ушёл.\n\nКонец.'
    assert natural(text, [(17, 20, "ORG")]) == (text, [(17, 20, "ORG")])


def test_outermost_names_stay_and_main_types_go_first() -> None:
    types = {"Org": "ORG", "LocOrg": "LOC", "Work": "PRO"}
    spans = [(0, 12, "Org"), (6, 12, "LocOrg"), (20, 40, "Work"), (22, 30, "Org"), (50, 52, "Date")]
    assert outermost(spans, types) == [(0, 12, "ORG"), (22, 30, "ORG")]


def test_corpora_use_known_types_and_unique_names() -> None:
    assert len({c.name for c in CORPORA}) == len(CORPORA)
    for corpus in CORPORA:
        assert set(MAIN) <= set(corpus.types.values()) <= set(TYPES)
        assert set(corpus.types.values()) == set(GUIDES[corpus.style])
    assert tuple(dict.fromkeys(c.style for c in CORPORA)) == STYLES


def test_tags_and_spans_are_inverse() -> None:
    starts, ends = np.array([0, 4, 8, 12, 16]), np.array([3, 7, 11, 15, 19])
    spans = [(0, 3, "PER"), (4, 15, "ORG")]
    tags, cut = tags_of(spans, starts, ends, TAGS)
    assert cut == 0
    assert [TAGS[t] for t in tags] == ["S-PER", "B-ORG", "I-ORG", "E-ORG", "O"]
    assert spans_of(tags, TAGS) == [(0, 0, "PER"), (1, 3, "ORG")]


def test_a_boundary_inside_a_word_is_counted_and_the_word_taken_whole() -> None:
    tags, cut = tags_of([(1, 3, "PER")], np.array([0, 4]), np.array([3, 7]), TAGS)
    assert (TAGS[tags[0]], cut) == ("S-PER", 1)


def _by_hand(scores: np.ndarray, steps: np.ndarray) -> tuple[float, list[int], float]:
    """Best score, best path and log of the sum over all paths, by trying every path."""
    n, tags = scores.shape
    found = []
    for path in product(range(tags), repeat=n):
        way = [tags, *path, tags + 1]
        total = sum(scores[i, t] for i, t in enumerate(path))
        total += sum(steps[a, b] for a, b in pairwise(way))
        found.append((float(total), list(path)))
    best, path = max(found)
    return best, path, float(np.logaddexp.reduce([s for s, _ in found]))


def test_best_path_is_the_best_of_all_paths() -> None:
    draw = np.random.default_rng(5)
    for _ in range(20):
        scores = draw.normal(size=(4, len(TAGS))).astype(np.float32)
        steps = allowed(TAGS) + draw.normal(size=allowed(TAGS).shape).astype(np.float32)
        assert best_path(scores, steps).tolist() == _by_hand(scores, steps)[1]


def test_decode_never_breaks_a_name_and_scores_it() -> None:
    draw = np.random.default_rng(6)
    for _ in range(50):
        raw = draw.normal(size=(7, len(TAGS))) * 3
        scores = (raw - np.logaddexp.reduce(raw, axis=1, keepdims=True)).astype(np.float32)
        path = best_path(scores, allowed(TAGS))
        names = decode(scores, allowed(TAGS), TAGS)
        assert sum(last - first + 1 for first, last, _, _ in names) == (path > 0).sum()
        assert all(0 <= score <= 1 for *_, score in names)
    assert decode(np.zeros((0, len(TAGS)), np.float32), allowed(TAGS), TAGS) == []


def test_loss_is_the_likelihood_of_the_path() -> None:
    torch = pytest.importorskip("torch")
    from training.core.tasks.names import path_loss

    draw = np.random.default_rng(7)
    scores = draw.normal(size=(2, 3, len(TAGS))).astype(np.float32)
    steps = allowed(TAGS) + draw.normal(size=allowed(TAGS).shape).astype(np.float32)
    tags = np.array([[TAGS.index("B-PER"), TAGS.index("E-PER"), 0], [0, TAGS.index("S-ORG"), 0]])
    present = np.array([[True, True, True], [True, True, False]])
    found = path_loss(
        torch.from_numpy(scores),
        torch.from_numpy(np.stack([steps, steps])),
        torch.from_numpy(tags),
        torch.from_numpy(present),
    ).tolist()
    for i, n in enumerate((3, 2)):
        way = [len(TAGS), *tags[i, :n].tolist(), len(TAGS) + 1]
        own = scores[i, np.arange(n), tags[i, :n]].sum()
        own += sum(steps[a, b] for a, b in pairwise(way))
        assert found[i] == pytest.approx(_by_hand(scores[i, :n], steps)[2] - own, abs=1e-3)


def test_head_writes_only_the_types_of_its_style_and_stays_small() -> None:
    torch = pytest.importorskip("torch")
    from tocsin.language.names import TAGS as ALL
    from training.core.tasks.names import NamesHead

    head = NamesHead(384).eval()
    assert sum(p.numel() for p in head.parameters()) < 600_000
    style = STYLES.index("factrueval")
    words, present = torch.randn(1, 4, 384), torch.ones(1, 4, dtype=torch.bool)
    scores = head(words, present, torch.tensor([style]))[0].detach().numpy()
    np.testing.assert_allclose(np.exp(scores).sum(axis=1), 1, atol=1e-5)
    others = [i for i, tag in enumerate(ALL) if tag[2:] in {"EVT", "PRO", "FAC", "MISC"}]
    assert (scores[:, others] < NEVER / 2).all()
