"""Planted stories are as many, as different and as repeatable as they say."""

from __future__ import annotations

from tocsin.testing.retold import DETAILS, LANGUAGES, Telling, tell
from tocsin.testing.story_worlds import make_story_world


def test_a_world_depends_on_its_seed_alone() -> None:
    assert make_story_world(3) == make_story_world(3)
    assert make_story_world(3).documents != make_story_world(4).documents


def test_every_way_of_deriving_is_planted_and_beside_it_other_things() -> None:
    worlds = [make_story_world(seed) for seed in range(30)]
    kinds = {kind for world in worlds for kind in world.kinds.values()}
    assert kinds == {
        "origin", "wire copy", "outside", "forward", "copy", "near copy", "excerpt", "citation", "other"
    }  # fmt: skip
    assert {world.origins for world in worlds} == set(range(1, 7))
    for world in worlds:
        assert {i for i, kind in world.kinds.items() if kind != "other"} == world.story


def test_retold_worlds_have_paraphrases_and_translations_too() -> None:
    worlds = [make_story_world(seed, retold=True) for seed in range(20)]
    kinds = {kind for world in worlds for kind in world.kinds.values()}
    assert {"paraphrase", "translation", "forward", "copy", "wire copy"} <= kinds
    assert worlds[3] == make_story_world(3, retold=True)


def test_every_telling_can_be_told_in_every_language() -> None:
    for lead in range(4):
        for language in LANGUAGES:
            telling = Telling("Saltmarket", lead, tuple(range(DETAILS)), language, (0,) * (1 + DETAILS))
            other = telling.paraphrased()
            sentences = [set(tell(one).split(". ")) for one in (telling, other)]
            assert len(sentences[0]) == len(sentences[1]) == 1 + DETAILS
            assert not sentences[0] & sentences[1]
