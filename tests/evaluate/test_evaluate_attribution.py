"""The attribution scorer: a table worked out by hand, laws, and the scorer that comes with the data."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from evaluate_fixtures import FIXTURES, said
from hypothesis import given
from hypothesis import strategies as st

from tocsin.evaluate.scores.attribution import (
    KINDS,
    MEASURES,
    ROLES,
    AttributionScorer,
    Roles,
    Words,
    quoted_ranges,
)
from tocsin.evaluate.systems import load_system

NAMES = (*MEASURES, *(f"token {role}" for role in ROLES))


def counts(scorer: AttributionScorer, name: str) -> tuple[int, int, int]:
    rates = scorer.rates(name)
    return rates.correct, rates.predicted, rates.gold


@pytest.mark.parametrize("name", FIXTURES)
def test_each_fixture_counts_as_worked_out_by_hand(name: str) -> None:
    fixture = FIXTURES[name]
    scorer = AttributionScorer()
    scorer.add(name, fixture.text, fixture.gold, fixture.predicted)
    assert {key: counts(scorer, key) for key in NAMES} == fixture.expected
    by_kind = {kind: scorer.by_kind(kind)[0].gold for kind in KINDS}
    assert by_kind == {kind: fixture.kinds.count(kind) for kind in KINDS}


@given(st.lists(st.sampled_from(sorted(FIXTURES))))
def test_figures_are_those_of_the_summed_table(drawn: list[str]) -> None:
    scorer = AttributionScorer()
    for at, name in enumerate(drawn):
        fixture = FIXTURES[name]
        scorer.add(str(at), fixture.text, fixture.gold, fixture.predicted)
    for key in NAMES:
        table = [FIXTURES[name].expected[key] for name in drawn]
        assert counts(scorer, key) == tuple(map(sum, zip(*table, strict=True))) if table else (0, 0, 0)
    assert scorer.tally.documents == len(drawn)


TEXTS = [fixture.text for fixture in FIXTURES.values()] + [
    "",
    '„Не“ «“вложено”» "a\nb" rock’n’roll —',
    "“never closed\nnext «line» и ещё",
]


@st.composite
def documents(draw: Any) -> tuple[str, list[Roles], list[Roles]]:
    text = draw(st.sampled_from(TEXTS))
    span = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(lambda p: (min(p), max(p)))
    role = st.lists(span, max_size=2).map(tuple)
    attributions = st.lists(st.builds(Roles, role, role, role), max_size=5)
    return text, draw(attributions), draw(attributions)


@given(documents())
def test_swapping_the_sides_swaps_precision_and_recall(
    document: tuple[str, list[Roles], list[Roles]],
) -> None:
    text, gold, predicted = document
    one, other = AttributionScorer(), AttributionScorer()
    one.add("a", text, gold, predicted)
    other.add("a", text, predicted, gold)
    # joint is left out: it forgives only what the annotation leaves out.
    for name in ("exact", *(f"token {role}" for role in ROLES)):
        assert one.rates(name).precision == other.rates(name).recall
        assert one.rates(name).f1 == other.rates(name).f1


@given(documents())
def test_an_annotation_agrees_with_itself(document: tuple[str, list[Roles], list[Roles]]) -> None:
    text, gold, _ = document
    scorer = AttributionScorer()
    matched = scorer.add("a", text, gold, gold)
    for name in NAMES:
        rates = scorer.rates(name)
        assert rates.correct == rates.predicted == rates.gold
    assert not matched.missed
    assert not matched.spurious


@given(documents())
def test_every_attribution_is_accounted_for(document: tuple[str, list[Roles], list[Roles]]) -> None:
    text, gold, predicted = document
    scorer = AttributionScorer()
    matched = scorer.add("a", text, gold, predicted)
    without_gold, without_predicted = scorer.without_content
    assert len(matched.pairs) + len(matched.missed) + without_gold == len(gold)
    assert len(matched.pairs) + len(matched.spurious) + without_predicted == len(predicted)
    assert len({i for i, _, _, _ in matched.pairs}) == len(matched.pairs)


def test_among_equal_overlaps_a_shared_source_decides() -> None:
    text = "Anna and Boris said it rains."
    gold = (said(text, "Boris", "said", "it rains"),)
    predicted = (said(text, "Anna", "said", "it rains"), said(text, "Boris", "said", "it rains"))
    scorer = AttributionScorer()
    assert scorer.add("a", text, gold, predicted).spurious == (0,)
    assert scorer.rates("joint").correct == 1


def test_quotations_end_with_their_line() -> None:
    assert quoted_ranges("a “b «c» d” e") == [(2, 8)]
    assert quoted_ranges('say "one" and "two\nthree') == [(4, 9), (14, 18)]
    assert quoted_ranges("»closed only") == []
    assert quoted_ranges("«open") == [(0, 5)]


def test_a_word_is_touched_by_one_character() -> None:
    words = Words("it's x-ray time")
    assert words.touched([(3, 4)]) == {0}
    assert words.touched([(4, 5)]) == frozenset()
    assert words.touched([(6, 11)]) == {1}
    assert words.touched([(0, 100)]) == {0, 1, 2}


# --- beside the scorer that comes with the data ------------------------------------------------


def reference(folder: Path) -> Any:
    spec = importlib.util.spec_from_file_location("score_attribution", folder / "score_attribution.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


Answers = Mapping[str, Sequence[Mapping[str, Any]]]


def roles(given: Sequence[Mapping[str, Any]]) -> list[Roles]:
    return [Roles(*(tuple(map(tuple, entry.get(role) or [])) for role in ROLES)) for entry in given]


def as_reference(gold: Sequence[Mapping[str, Any]], answers: Answers) -> dict[str, Any]:
    """Our figures under the names and in the rounding of the other scorer."""
    scorer = AttributionScorer()
    for at, entry in enumerate(gold):
        own = answers.get(entry["doc_id"], [])
        scorer.add(str(at), entry["text"], roles(entry["attributions"]), roles(own))

    def percent(name: str) -> tuple[float, ...]:
        rates = scorer.rates(name)
        return tuple(round(100 * value, 1) for value in (rates.precision, rates.recall, rates.f1))

    joint = scorer.rates("joint")
    by_kind = {kind: scorer.by_kind(kind) for kind in KINDS}
    return {
        "n_gold": joint.gold,
        "n_pred": joint.predicted,
        **{name: percent(name) for name in MEASURES},
        **{f"token_{role}": percent(f"token {role}") for role in ROLES},
        "recall_iou50_by_type": {k: (round(100 * r.recall, 1), r.gold) for k, (r, _) in by_kind.items()},
        "precision_iou50_by_type": {
            k: (round(100 * p.precision, 1), p.predicted) for k, (_, p) in by_kind.items()
        },
    }


def lines(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


@pytest.mark.shared
def test_agrees_to_the_digit_on_real_predictions(shared: Path) -> None:
    folder = shared / "data" / "attribution"
    other = reference(folder)
    gold = lines(folder / "polnear" / "dev.jsonl")
    systems: dict[str, Answers] = {
        path.name: {entry["doc_id"]: entry["attributions"] for entry in lines(path)}
        for path in (folder / "polnear" / "peers").glob("*.dev.jsonl")
    }
    assert systems
    rules = load_system("attribution", "rules")
    for outermost in (False, True):
        found = {e["doc_id"]: rules.attributions(e["text"], outermost=outermost) for e in gold}
        systems[f"rules {outermost}"] = {key: list(map(as_fields, own)) for key, own in found.items()}
    for name, answers in systems.items():
        assert as_reference(gold, answers) == other.score(gold, answers), name


@pytest.mark.shared
@pytest.mark.parametrize("name", ["spkatt_de_dev.jsonl", "adaq_cs.jsonl"])
def test_agrees_on_other_annotations_shifted_against_themselves(shared: Path, name: str) -> None:
    folder = shared / "data" / "attribution"
    gold = lines(folder / name)
    answers = {
        entry["doc_id"]: [
            {role: [[s + 9, e + 9] for s, e in attribution.get(role) or []] for role in ROLES}
            for attribution in entry["attributions"]
        ]
        for entry in gold
    }
    assert as_reference(gold, answers) == reference(folder).score(gold, answers)


@pytest.mark.shared
def test_agrees_on_any_input(shared: Path) -> None:
    other = reference(shared / "data" / "attribution")

    @given(st.lists(documents(), max_size=4))
    def agree(drawn: list[tuple[str, list[Roles], list[Roles]]]) -> None:
        gold = [
            {"doc_id": str(at), "text": text, "attributions": list(map(as_fields, annotated))}
            for at, (text, annotated, _) in enumerate(drawn)
        ]
        answers = {str(at): list(map(as_fields, own)) for at, (_, _, own) in enumerate(drawn)}
        assert as_reference(gold, answers) == other.score(gold, answers)

    run: Callable[[], None] = agree
    run()


def as_fields(given: Roles) -> dict[str, Any]:
    return {role: [list(span) for span in getattr(given, role)] for role in ROLES}
