from __future__ import annotations

import pytest

from tocsin.link.origins import count_origins
from tocsin.model import TABLES
from tocsin.model.arrow import empty_table, rows_of, table_of
from tocsin.pipeline import derive_tables
from tocsin.testing.story_worlds import make_story_world


def test_only_stages_that_are_needed_run() -> None:
    made = derive_tables(
        table_of(make_story_world(2).documents, TABLES["documents"]), ("document_languages",)
    )
    assert set(made) == {"documents", "sentences", "document_languages"}


def test_a_table_that_no_stage_writes_is_refused() -> None:
    with pytest.raises(KeyError):
        derive_tables(empty_table(TABLES["documents"]), ("problems",))


def test_the_interval_holds_the_number_of_origins_that_are_retold() -> None:
    world = make_story_world(1303, retold=True)
    wanted = ("document_links", "meaning_links")
    made = derive_tables(table_of(world.documents, TABLES["documents"]), wanted)
    links = [link for name in wanted for link in rows_of(made[name], TABLES[name])]
    count = count_origins(world.story, links)
    assert "translation" in world.kinds.values()
    assert count.low <= world.origins <= count.high
