"""Heads in torch and in numpy say the same, on random weights and texts in four languages."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

# ruff: noqa: E402
from tocsin.language import sentences
from tocsin.language.assess import EVENT, FINDING, CertaintyHead, CheckworthyHead
from tocsin.language.core import Analysis, language_core
from tocsin.language.names import STYLES, TAGS, Names, decode
from tocsin.language.windows import windows
from training.core.tasks.certainty import CertaintyHead as TorchCertainty
from training.core.tasks.checkworthy import CheckworthyHead as TorchCheckworthy
from training.core.tasks.names import NamesHead

TEXTS = (
    "The mayor, Anna Kovak, may not have seen the duck. “Ducks prefer Lake Orlo!” she told the Herald.\nYes.",
    "Директор завода «Заря» Иван Берёзов заявил, что мост закроют до пятницы.\nЖители не верят: мост цел.",
    "Ганна Ковак повідомила, що озеро Світязь замерзло. Качка зимує тут, у Львові, — можливо, не вперше.",
    "Қала әкімі Асель Ковак көл қатып қалды деп хабарлады. Балықшылар Алматыға кетті.",
)
CLOSE = {"atol": 1e-3, "rtol": 1e-3}


@pytest.fixture(scope="module")
def analyses() -> list[Analysis]:
    core = language_core()
    found = []
    for text in TEXTS:
        spans = [(number, span.start, span.end) for number, span in sentences(text)]
        found += [core.read(window) for window in windows(text, spans, core.pieces)]
    assert [len(a.window.sentences) for a in found] == [3, 2, 2, 2]
    return found


def random_head(head: Any, name: str, spread: float = 0.08) -> tuple[Any, Any]:
    """The head with random weights, and a core that has them as an export would."""
    generator = torch.Generator().manual_seed(7)
    with torch.no_grad():
        for key, value in head.named_parameters():
            value.add_(
                torch.randn(value.shape, generator=generator) * (0.5 if "transitions" in key else spread)
            )
    named = {f"{name}.{key}": value.numpy() for key, value in head.state_dict().items()}
    return head.eval(), SimpleNamespace(named=named, width=language_core().width)


def batch(analysis: Analysis) -> tuple[Any, Any, Any]:
    """The sentences of a window as a batch: states, words with zeros behind them, which are words."""
    rows = [analysis.words[analysis.window.sentence == s] for s in range(len(analysis.window.sentences))]
    words = torch.nn.utils.rnn.pad_sequence([torch.from_numpy(r) for r in rows], batch_first=True)
    mask = torch.arange(words.shape[1])[None] < torch.tensor([len(r) for r in rows])[:, None]
    return torch.from_numpy(analysis.sentences), words, mask


@torch.no_grad()
@pytest.mark.parametrize("style", STYLES)
def test_names(style: str, analyses: list[Analysis]) -> None:
    head = NamesHead(language_core().width)
    head.out.bias[0] = 0
    head, core = random_head(head, "names")
    names = Names(core)
    number = torch.tensor([list(STYLES).index(style)])
    kept = [i for i, tag in enumerate(TAGS) if tag == "O" or tag[2:] in STYLES[style]]
    total = 0
    for analysis in analyses:
        window = analysis.window
        present = torch.ones(1, len(window), dtype=torch.bool)
        scores = head(torch.from_numpy(analysis.words)[None], present, number)[0].numpy()
        np.testing.assert_allclose(names.scores(analysis, style), scores[:, kept], **CLOSE)
        expected = decode(scores, head.steps(number)[0].numpy(), TAGS)
        capitals = [word for word in window.words if word[0].isupper()]
        assert len(set(capitals)) == len(capitals)  # words that repeat are drawn together
        found = names.spans([analysis], [style])
        assert [(s.start, s.end, s.type) for s in found] == [
            (window.starts[a], window.ends[b], kind) for a, b, kind, _ in expected
        ]
        assert [s.score for s in found] == pytest.approx([score for *_, score in expected], abs=1e-3)
        total += len(found)
    assert total > 2


@torch.no_grad()
def test_certainty(analyses: list[Analysis]) -> None:
    head, core = random_head(TorchCertainty(language_core().width), "certainty")
    own = CertaintyHead(core)
    for analysis in analyses:
        window = analysis.window
        states = head.sentences(*batch(analysis))
        judged = head.judgements(states).numpy()
        found = own.sentences(analysis)
        finding = np.clip(judged[:, 0] * FINDING[1] + FINDING[0], 1, 6)
        np.testing.assert_allclose(found.finding, finding, **CLOSE)
        np.testing.assert_allclose(found.hedged, 1 / (1 + np.exp(-judged[:, 1])), **CLOSE)
        ranges = [(0, 1), (2, 4), (len(window) - 3, len(window))]
        means = np.stack([analysis.words[a:b].mean(axis=0) for a, b in ranges])
        rows = [int(window.sentence[a]) for a, _ in ranges]
        values = head.events(torch.from_numpy(means), states[rows]).numpy() * EVENT[1] + EVENT[0]
        spans = [(int(window.starts[a]), int(window.ends[b - 1])) for a, b in ranges]
        np.testing.assert_allclose(own.spans(analysis, spans), np.clip(values, -3, 3), **CLOSE)


@torch.no_grad()
def test_checkworthy(analyses: list[Analysis]) -> None:
    head = TorchCheckworthy(language_core().width)
    head.standardise(torch.cat([head.pooled(*batch(analysis)) for analysis in analyses]))
    head, core = random_head(head, "checkworthy")
    own = CheckworthyHead(core)
    for analysis in analyses:
        expected = head(*batch(analysis)).sigmoid().numpy()
        np.testing.assert_allclose(own.sentences(analysis), expected, **CLOSE)
