"""The core's heads as systems: what they answer, whose guide they follow, whose thresholds are used."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from heads_helpers import TEXTS, made_core, made_persuasion
from tocsin.errors import HeadNotInstalledError, UsageError
from tocsin.evaluate import Options, core_systems
from tocsin.evaluate.run import evaluate
from tocsin.evaluate.systems import SYSTEMS, GuidedSystem, SentenceCertaintySystem, load_system
from tocsin.language.assess import CertaintyHead
from tocsin.language.core import LanguageCore
from tocsin.language.names import STYLES
from tocsin.language.persuasion import NotInstalled, PersuasionHead
from tocsin.language.universal import universal_encoder

Write = Callable[[str, Iterable[Any]], Path]


@pytest.fixture(scope="module")
def made() -> LanguageCore:
    return made_core()


@pytest.fixture(autouse=True)
def core(monkeypatch: pytest.MonkeyPatch, made: LanguageCore) -> LanguageCore:
    monkeypatch.setattr(core_systems, "language_core", lambda: made)
    return made


def test_names_follow_the_language_or_the_guide_asked_for() -> None:
    system = load_system("ner")
    assert isinstance(system, GuidedSystem)
    assert system.types == {"PER", "ORG", "LOC", "EVT", "PRO", "FAC", "MISC"}
    kazakh = system.names(TEXTS["kk"])
    assert kazakh
    assert kazakh == load_system("ner", "core", "kaznerd").names(TEXTS["kk"])
    guided = load_system("ner", style="re3d")
    assert guided.types == {"PER", "ORG", "LOC"}
    assert {kind for *_, kind, _ in guided.names(TEXTS["kk"])} <= guided.types


def test_a_guide_of_no_use(write: Write) -> None:
    gold = write("g", [{"text": "Ганна Ковак.", "entities": [[0, 11, "PER"]]}])
    with pytest.raises(UsageError, match="no guide for names") as caught:
        evaluate("ner", gold, Options(style="conll"))
    assert all(style in caught.value.remedy for style in STYLES)
    with pytest.raises(UsageError, match="nothing for predictions"):
        evaluate("ner", gold, Options(style="re3d"), answers=gold)
    with pytest.raises(UsageError, match="--style means nothing for certainty"):
        evaluate("certainty", gold, Options(style="re3d"))


def test_a_system_without_guides(write: Write, fake: None) -> None:
    with pytest.raises(UsageError, match="follows no guide"):
        load_system("ner", "fake", "re3d")


def test_measuring_names(write: Write) -> None:
    gold = write("g", [{"tokens": ["Асель", "Ковак", "келді"], "tags": ["B-PER", "I-PER", "O"]}])
    report = evaluate("ner", gold, Options(style="kaznerd")).as_json()
    assert report["system"] == {"name": "core", "version": "core-1"}
    assert report["settings"]["style"] == "kaznerd"
    assert report["counts"]["gold"] == 1


def test_certainty_of_events_and_of_whole_sentences(write: Write) -> None:
    events = [{"text": "It may rain .", "targets": [{"span1": [2, 3], "label": 1}]}] * 2
    assert evaluate("certainty", write("e", events)).outcome.counts["targets"] == 2
    rated = [{"finding": t, "sentence-level-certainty": n} for n, t in enumerate(TEXTS.values())]
    outcome = evaluate("certainty", write("s", rated)).outcome
    assert "scale of its own" in outcome.notes[0]
    hedged = [{"text": t, "uncertain": n % 2} for n, t in enumerate(TEXTS.values())]
    report = evaluate("certainty", write("h", hedged)).as_json()
    assert report["notes"] == []
    assert report["settings"]["threshold"] == 0.5


def test_whole_sentences_are_asked_of_the_heads_that_learnt_them(made: LanguageCore) -> None:
    system = load_system("certainty")
    assert isinstance(system, SentenceCertaintySystem)
    text = "Ducks probably prefer warm lakes."
    (analysis,) = system._sentence(text)
    said = CertaintyHead(made).sentences(analysis)
    assert system.hedging([text]) == pytest.approx(said.hedged.tolist())
    assert system.sentence_certainty([text]) == pytest.approx([3 * (float(said.finding[0]) - 1) / 5])
    (value,) = system.certainty(text, [(0, 5)])
    assert value == pytest.approx(float(CertaintyHead(made).spans(analysis, [(0, 5)])[0]))
    assert len(system.hedging(["слово " * 700])) == 1


def test_the_systems_own_threshold_is_used_and_told(write: Write) -> None:
    system = load_system("checkworthy")
    scores = system.checkworthy(list(TEXTS.values()))
    assert all(0 <= score <= 1 for score in scores)
    gold = write("g", [{"text": t, "label": 1} for t in TEXTS.values()])
    report = evaluate("checkworthy", gold).as_json()
    assert report["settings"]["threshold"] == {"checkworthy": 0.25}
    assert report["counts"]["predicted"] == sum(score >= 0.25 for score in scores)
    report = evaluate("checkworthy", gold, Options(threshold=0.0)).as_json()
    assert report["settings"]["threshold"] == 0
    assert report["counts"]["predicted"] == len(TEXTS)


def test_macro_f1_is_over_the_yes_and_the_no(write: Write) -> None:
    gold = write("g", [{"text": f"{n}.", "label": label} for n, label in enumerate((1, 1, 0, 0))])
    answers = write("p", [{"score": score} for score in (0.9, 0.2, 0.1, 0.3)])
    metrics = evaluate("checkworthy", gold, answers=answers).as_json()["metrics"]["worth checking"]
    assert metrics["yes"]["f1"] == pytest.approx(2 / 3)
    assert metrics["macro F1"]["value"] == pytest.approx((2 / 3 + 4 / 5) / 2)


def test_persuasion_with_and_without_its_file(
    write: Write, monkeypatch: pytest.MonkeyPatch, made: LanguageCore, tmp_path: Path
) -> None:
    gold = write(
        "g", [{"content": t, "techniques": ["fud"], "trigger_words": [[0, 4]]} for t in TEXTS.values()]
    )
    missing = NotInstalled("x.npz", "this head is not installed", "put x.npz there")
    monkeypatch.setattr(core_systems, "packaged_persuasion", lambda: missing)
    with pytest.raises(HeadNotInstalledError, match="not installed"):
        evaluate("persuasion", gold)
    head = PersuasionHead(made, universal_encoder(), made_persuasion(made, tmp_path / "head.npz"))
    monkeypatch.setattr(core_systems, "packaged_persuasion", lambda: head)
    report = evaluate("persuasion", gold).as_json()
    assert report["settings"]["threshold"] == head.thresholds
    assert [h["metric"] for h in report["headline"]] == ["macro F1", "span F1"]
    (found,) = load_system("persuasion").persuasion([TEXTS["uk"]])
    assert found.techniques.keys() == head.thresholds.keys()


def test_every_task_of_the_core_is_there() -> None:
    assert all("core" in SYSTEMS[task] for task in ("ner", "certainty", "checkworthy", "persuasion"))
