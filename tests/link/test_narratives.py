from __future__ import annotations

from pathlib import Path

import pytest
from narratives_helpers import b_cubed, case_of, group_of_posts

import tocsin
from tocsin.model import Telling, quote
from tocsin.testing.narratives import CLAIM_IDS, NarrativeWorld, make_narrative_world, tell

TABLES = ("wordings", "wording_links", "narratives", "narrative_claims")


@pytest.fixture(scope="module")
def world() -> NarrativeWorld:
    return make_narrative_world(1)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, world: NarrativeWorld) -> tocsin.Case:
    return case_of(world, tmp_path_factory.mktemp("whole"))


def test_planted_narratives_are_found(whole: tocsin.Case, world: NarrativeWorld) -> None:
    truth = {n: item.truth for n, item in enumerate(world.planted) if item is not None}
    precision, recall, f1 = b_cubed(truth, group_of_posts(whole))
    assert precision >= 0.97
    assert f1 >= 0.92, recall


def test_contradicting_claims_are_never_merged(whole: tocsin.Case, world: NarrativeWorld) -> None:
    told: dict[str, set] = {}
    groups = group_of_posts(whole)
    for n, item in enumerate(world.planted):
        if item is not None and n in groups:
            told.setdefault(groups[n], set()).add(item)
    twins = [(a, b) for group in told.values() for a in group for b in group if a.differs(b)]
    assert not twins


def test_ten_batches_equal_one(whole: tocsin.Case, world: NarrativeWorld, tmp_path: Path) -> None:
    with case_of(world, tmp_path, batches=10) as case:
        for name in TABLES:
            assert case.table(name).equals(whole.table(name)), name


def test_a_narrative_is_told_in_words_that_stand_in_the_corpus(whole: tocsin.Case) -> None:
    claims = {claim.claim_id: claim for claim in whole.claims()}
    narratives = list(whole.narratives())
    assert narratives
    members: dict[str, list] = {}
    for row in whole.narrative_claims():
        members.setdefault(row.narrative_id, []).append(row)
    for narrative in narratives:
        head = claims[narrative.label_claim_id]
        assert narrative.label == quote(head.content, whole.document(head.document_id).text)
        own = members[narrative.narrative_id]
        assert [row.claim_id for row in own if row.telling == Telling.CENTRAL] == [head.claim_id]
        assert len(own) == narrative.claims
        assert len({row.document_id for row in own}) == narrative.documents >= 2
        assert {claims[row.claim_id].language for row in own} == set(narrative.languages)
        for row in own:
            same = claims[row.claim_id].language == head.language
            assert (row.telling == Telling.TRANSLATION) == (not same)


def test_worlds_depend_on_their_seed_alone() -> None:
    assert make_narrative_world(5) == make_narrative_world(5)
    assert make_narrative_world(5) != make_narrative_world(6)
    with pytest.raises(ValueError, match="unicorns"):
        make_narrative_world(1, claims=["unicorns"])
    with pytest.raises(ValueError, match="xx"):
        make_narrative_world(1, languages=["xx"])


def test_every_wording_fills_all_its_slots() -> None:
    for seed in range(20):
        for item in make_narrative_world(seed).planted:
            if item is None:
                continue
            for language in ("en", "ru", "uk", "kk"):
                for variant in range(3):
                    assert not set("{}") & set(tell(item, language, variant))
    assert {item.claim for seed in range(20) for item in make_narrative_world(seed).planted if item} == set(
        CLAIM_IDS
    )
