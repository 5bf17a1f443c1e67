"""Co-sharing in a case: things, groups with evidence, explanations, and an honest nothing."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import tocsin
from tocsin.detect.sharing.explain import Member, Shared, explanations, words_of_names
from tocsin.detect.sharing.stage import SETTINGS, find_groups
from tocsin.detect.sharing.things import find_shares, things_of
from tocsin.model import (
    TABLES,
    Direction,
    Document,
    DocumentLink,
    LinkType,
    Post,
    ShareAction,
    document_from_post,
)
from tocsin.model.arrow import rows_of, table_of
from tocsin.settings import Settings
from tocsin.stage import CorpusInput

START = datetime(2024, 3, 4, 8, tzinfo=UTC)


def kinds(text: str, forward: tuple[str | None, str | None] = (None, None), *media: str) -> dict[str, str]:
    return {thing.action: thing.label for thing in things_of("d", text, forward, list(media))}


def test_things_are_found_and_nothing_missing_is_one() -> None:
    long = "The lantern festival of Lake Sary opens on Friday, the committee says."
    assert kinds(long) == {"text": long}
    assert kinds("Good morning!") == {}
    assert kinds("") == {}
    assert kinds("", ("c1", "Samovar")) == {}
    assert kinds("Ducks ahead", ("c1", "Samovar")) == {"forward": "Ducks ahead"}
    assert kinds("see https://www.Example.org/a/?utm_source=x", (None, None))["address"] == "example.org/a"
    assert kinds("#one #Two #three")["hashtags"] == "#one #two #three"
    assert "hashtags" not in kinds("#one #two")


@pytest.mark.parametrize("name", ["photos/photo_12@04-03-2024.jpg", "IMG_2024.JPG", "video.mp4", "12.png"])
def test_names_given_by_machines_tell_nothing(name: str) -> None:
    assert kinds("x", (None, None), name) == {}


def test_a_name_that_tells_something_is_a_thing() -> None:
    assert kinds("x", (None, None), "files/drifting-duck-map.pdf") == {"media": "drifting-duck-map.pdf"}


Row = tuple[int, datetime, str]


def posts(seed: int, *, channels: int, each: int, planted: bool) -> list[Row]:
    """Invented channels over ten days; five of them post the same eight links within a minute."""
    draw = random.Random(seed)
    found = []
    for channel in range(channels):
        for number in range(each):
            when = START + timedelta(seconds=draw.randrange(10 * 86_400))
            page = draw.randrange(channels * each // 6)
            found.append((channel, when, f"Item {number} of {channel} https://lake.example/{page}"))
    if planted:
        for page in range(8):
            when = START + timedelta(seconds=draw.randrange(10 * 86_400))
            for channel in (3, 11, 17, 19, 22):
                seen = when + timedelta(seconds=draw.randrange(60))
                found.append((channel, seen, f"Look {channel} https://duck.example/{page}"))
    return found


def document(row: Row, number: int) -> Document:
    channel, when, text = row
    return document_from_post(
        Post(
            text=text,
            platform="table",
            channel=f"Channel {channel:02}",
            native_id=str(number),
            published=when,
        )
    )


def kernel_on(
    rows: list[Row], copies: tuple[DocumentLink, ...] = (), told: dict[str, list[str]] | None = None
) -> dict[str, list[Any]]:
    """The two stages without the rest of the pipeline."""
    documents = table_of([document(row, n) for n, row in enumerate(rows)], TABLES["documents"])
    links = [link for link in copies if link.original_id]
    tables = {"documents": documents, **find_shares(documents)}
    tables["document_links"] = table_of(links, TABLES["document_links"])
    claims = [(key, name) for key, names in (told or {}).items() for name in names]
    tables["narratives"] = pa.table({"narrative_id": list(told or {}), "label": list(told or {})})
    tables["narrative_claims"] = pa.table(
        {"narrative_id": [key for key, _ in claims], "document_id": [name for _, name in claims]}
    )
    settings = {name: Settings()[name] for name in SETTINGS}

    def table(name: str, columns: tuple[str, ...] | None = None) -> pa.Table:
        return tables[name].select(list(columns or tables[name].column_names))

    found = find_groups(CorpusInput(table, settings, {})) | {
        "shares": tables["shares"],
        "documents": documents,
    }
    return {name: list(rows_of(data, TABLES[name])) for name, data in found.items()}


def test_a_planted_group_stands_with_its_evidence() -> None:
    found = kernel_on(posts(5, channels=40, each=60, planted=True))
    (group,) = found["sharing_groups"]
    assert group.members == ("Channel 03", "Channel 11", "Channel 17", "Channel 19", "Channel 22")
    assert (group.actions, group.objects, group.edges) == (("address",), 8, 10)
    assert group.observed > 7
    assert group.expected < 1
    assert any("duck.example" in words for words in group.explanations)
    assert len(found["sharing_edges"]) == 10
    things = found["shared_objects"]
    assert [thing.members for thing in things] == [5] * 8
    assert all(thing.seconds < 60 for thing in things)
    texts = {row.document_id: row.text for row in found["documents"]}
    for thing in things:
        assert all(thing.label in texts[document_id] for document_id in thing.documents)


def test_copies_of_one_text_are_a_thing_shared() -> None:
    draw = random.Random(2)
    noise = [channel for channel in range(30) for _ in range(9)]
    rows = [(c, START + timedelta(seconds=draw.randrange(864_000)), f"note {c}") for c in noise]
    copies = []
    for number in range(6):
        when = START + timedelta(days=number, seconds=draw.randrange(80_000))
        told = [(c, when + timedelta(seconds=c), f"Tale {number}, told by {c}") for c in (2, 5, 7, 9)]
        ids = [document(row, len(rows) + n).document_id for n, row in enumerate(told)]
        rows += told
        copies += [copy_of(one, ids[0]) for one in ids[1:]]
    (group,) = kernel_on(rows, tuple(copies))["sharing_groups"]
    assert (group.actions, group.objects) == (("near copy",), 6)
    assert group.members == ("Channel 02", "Channel 05", "Channel 07", "Channel 09")
    doubtful = tuple(replace(link, certain=False) for link in copies)
    assert kernel_on(rows, doubtful)["sharing_groups"] == []


def _told(each: int, channels: tuple[int, ...], start: int) -> tuple[list[Row], list[list[str]]]:
    """Posts in words of their own by some channels within two minutes, ``each`` times, and their ids."""
    draw = random.Random(3)
    rows: list[Row] = []
    ids = []
    for number in range(each):
        when = START + timedelta(days=number, seconds=draw.randrange(80_000))
        told = [(c, when + timedelta(seconds=c), f"Word {number} of {c} {draw.random()}") for c in channels]
        ids.append([document(row, start + len(rows) + n).document_id for n, row in enumerate(told)])
        rows += told
    return rows, ids


def test_the_same_claim_in_other_words_is_a_thing_shared() -> None:
    noise = posts(9, channels=30, each=9, planted=False)
    rows, ids = _told(9, (2, 5, 7, 9), len(noise))
    narratives = {f"The duck is {n} feet tall": names for n, names in enumerate(ids)}
    found = kernel_on([*noise, *rows], told=narratives)
    (group,) = found["sharing_groups"]
    assert (group.actions, group.objects) == (("claim",), 9)
    assert {thing.label for thing in found["shared_objects"]} == set(narratives)


def test_the_claims_of_one_post_are_one_thing() -> None:
    """Six claims in one text that four channels published together once: no concert."""
    noise = posts(9, channels=30, each=9, planted=False)
    rows, (once,) = _told(1, (2, 5, 7, 9), len(noise))
    assert kernel_on([*noise, *rows], told={f"Claim {n}": once for n in range(6)})["sharing_groups"] == []


def test_pairs_by_different_actions_make_one_group() -> None:
    """Three channels link the same pages, two of them and a fourth copy the same texts: one group of four."""
    draw = random.Random(4)
    rows = posts(9, channels=30, each=20, planted=False)
    copies = []
    for number in range(8):
        when = START + timedelta(days=number, seconds=draw.randrange(40_000))
        rows += [
            (c, when + timedelta(seconds=c), f"Say {c} https://duck.example/{number}") for c in (2, 5, 7)
        ]
        told = [(c, when + timedelta(hours=9, seconds=c), f"Tale {number} by {c}") for c in (5, 7, 9)]
        ids = [document(row, len(rows) + n).document_id for n, row in enumerate(told)]
        rows += told
        copies += [copy_of(one, ids[0]) for one in ids[1:]]
    found = kernel_on(rows, tuple(copies))
    (group,) = found["sharing_groups"]
    assert group.members == ("Channel 02", "Channel 05", "Channel 07", "Channel 09")
    assert set(group.actions) == {"address", "near copy"}
    assert (group.edges, group.objects) == (5, 16)
    by_action = Counter(edge.action for edge in found["sharing_edges"])
    assert by_action == {"address": 3, "near copy": 3}
    assert [reason.partition(":")[0] for reason in group.reasons[:2]] == list(group.actions)


def copy_of(copy: str, original: str) -> DocumentLink:
    return DocumentLink(
        link_id=f"{copy}-{original}", document_id=copy, original_id=original, original_name=None,
        type=LinkType.NEAR_COPY, direction=Direction.TIME, certain=True, score=0.9, reasons=(), evidence=(),
        original_evidence=(), alternatives=(), method="test",
    )  # fmt: skip


def test_the_order_of_documents_changes_nothing() -> None:
    rows = posts(5, channels=40, each=60, planted=True)
    documents = table_of([document(row, n) for n, row in enumerate(rows)], TABLES["documents"])
    mixed = documents.take(pa.array(random.Random(1).sample(range(len(rows)), len(rows))))
    assert find_shares(mixed)["shares"].equals(find_shares(documents)["shares"])


def test_nothing_is_a_finding() -> None:
    found = kernel_on(posts(6, channels=40, each=60, planted=False))
    assert len(found["shares"]) > 2000
    assert found["sharing_groups"] == found["sharing_edges"] == found["shared_objects"] == []


@pytest.mark.parametrize("planted", [False, True])
def test_the_brief_shows_groups_or_says_there_are_none(tmp_path: Path, planted: bool) -> None:
    rows = posts(5, channels=25, each=6, planted=planted)
    lines = [
        json.dumps({"id": str(n), "text": text, "channel": f"Channel {c:02}", "time": when.isoformat()})
        for n, (c, when, text) in enumerate(rows)
    ]
    (tmp_path / "posts.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with tocsin.Case(tmp_path / "case") as case:
        mapping = {"id": "id", "text": "text", "channel": "channel", "time": "time"}
        case.add([tmp_path / "posts.jsonl"], mapping=mapping)
        page = case.brief()
    assert ("Coordination is not guilt" in page) == planted
    assert ("duck.example/3" in page) == planted
    assert ("No group of channels shared the same things" in page) != planted


def test_explanations_rest_on_figures() -> None:
    members = [Member(str(n), f"Lake News {n}") for n in range(3)]
    shared = [
        Shared(
            str(n),
            ShareAction.ADDRESS,
            f"lake.example/{n}",
            ("a", "b"),
            ("0", "1"),
            (900 * n, 900 * n + 2),
            20,
        )
        for n in range(8)
    ]
    found = list(explanations(members, shared, words_of_names(["Lake News 1"])))
    assert [words.partition(":")[0].partition(" ")[0] for words in found] == [
        "same", "one", "one", "a", "scheduled", "wire",
    ]  # fmt: skip
    odd = [
        Shared(
            str(n),
            ShareAction.ADDRESS,
            f"site{n}.example/x",
            ("a", "b"),
            (str(n % 3), "1"),
            (977 * n, 977 * n + 70),
            0,
        )
        for n in range(8)
    ]
    others = [Member("0", "Alpha"), Member("1", "Beta"), Member("2", "Gamma")]
    assert list(explanations(others, odd, Counter())) == []
