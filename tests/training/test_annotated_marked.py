"""Texts written with marks become entries the loader reads; every fault of the marks is named."""

from __future__ import annotations

import pytest
import yaml

from training.annotated.load import record_of
from training.annotated.marked import entries, entry_of, yaml_of

MARKED = """# news
[Мэр] {сказал}, <что, {2|по данным} [2|порта], <2|(e2:мост закроют) (h2:до пятницы)>>. (Мост цел.)
= uo C+ r; no C+ f

# post
<12|Мост цел>, {пишет} [«Волна»] {2|со ссылкой на} [2|мэра].
= me C+ r; uo R- r ^1 w

# forum
Мост как мост.
=
"""


def test_marks_become_what_the_loader_reads() -> None:
    first, second, third = (
        record_of(entry, "ru", "train", "ru/train-09.yaml") for entry in entries(MARKED, "ru-train-", 9)
    )
    assert [first["doc_id"], first["genre"], third["attributions"]] == ["ru-train-009", "news", []]
    text = first["text"]
    assert text == "Мэр сказал, что, по данным порта, мост закроют до пятницы. (Мост цел.)"
    outer, inner = first["attributions"]
    assert inner["parent"] == "a1"
    assert [text[a:b] for a, b in inner["event"]] == ["мост закроют"]
    assert [text[a:b] for a, b in outer["content"]] == ["что, по данным порта, мост закроют до пятницы"]
    outer, inner = second["attributions"]
    assert outer["content"] == inner["content"]
    assert (inner["parent"], inner["certainty"], inner["hedge"]) == ("a1", "PR-", inner["cue"])


def test_yaml_says_the_same() -> None:
    for entry in entries(MARKED, "ru-train-", 1):
        assert yaml.safe_load(yaml_of(entry)) == [entry]


def test_words_that_stand_twice_are_numbered() -> None:
    row = entry_of("news", "Мост цел, {говорит} [мэр]: <Мост> стоит.\n= uo C+ r", "ru-train-001")
    assert row["attributions"][0]["content"] == "Мост@2"


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        ("[Мэр {сказал}, <мост цел>.\n= uo C+ r", "is not closed"),
        ("Мэр] {сказал}, <мост цел>.\n= uo C+ r", "closes nothing open"),
        ("[Мэр] {сказал}, <мост цел>.\n= uo C+ r; uo C+ r", "labels 2"),
        ("[Мэр] {сказал}, <мо>ст цел.\n= uo C+ r", "not whole words"),
    ],
)
def test_faults_are_named(body: str, cause: str) -> None:
    with pytest.raises(ValueError, match=cause):
        entry_of("news", body, "ru-train-001")
