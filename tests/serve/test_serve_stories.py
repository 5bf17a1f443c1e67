"""The pages of today, alarms, stories and narratives: content, filters, paging, hostile words."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from serve_helpers import bearer, workbench
from told_helpers import ALARM

import tocsin
from tocsin.judge.estimative import scale_of
from tocsin.judge.ledger import due_entries, ledger_of
from tocsin.serve.filters import NarrativeFilters, SearchFilters, SourceFilters, StoryFilters
from tocsin.serve.finding import answer
from tocsin.serve.forecast_list import due_soon, ledger
from tocsin.serve.narrative_list import find_narratives
from tocsin.serve.reading import CaseReader
from tocsin.serve.source import source_page
from tocsin.serve.source_list import find_sources
from tocsin.serve.story_list import find_stories
from tocsin.serve.today import Visit, visits_of
from tocsin.stage import CORPUS
from tocsin.store import CaseStore, Change

HOSTILE = "<script>alert(2)</script>"


def _pages(told: Path, *paths: str, **headers: str) -> list[str]:
    (told / "serve.json").unlink(missing_ok=True)
    with workbench(told) as (app, tokens), bearer(app, tokens["analyst"]) as client:
        answers = [client.get(path, headers=headers) for path in paths]
        assert [a.status_code for a in answers] == [200] * len(paths), answers[0].text
        return [answer.text for answer in answers]


def _page(told: Path, path: str, **headers: str) -> str:
    return _pages(told, path, **headers)[0]


def _story(told: Path) -> str:
    rows = find_stories(CaseReader(told).view(), StoryFilters()).rows
    return str(max(rows, key=lambda row: int(row["documents"]))["story_id"])


def test_languages_of_a_story_stand_in_the_order_of_their_first_posts(demo: Path) -> None:
    view = CaseReader(demo).view()
    rows = view.tables.query(
        "SELECT story_id, language FROM story_documents JOIN documents USING (document_id) "
        "JOIN document_languages USING (document_id) WHERE rank = 0 ORDER BY published NULLS LAST, language"
    ).to_pylist()
    spoken: dict[str, list[str]] = {}
    for row in rows:
        if row["language"] not in spoken.setdefault(row["story_id"], []):
            spoken[row["story_id"]].append(row["language"])
    found = {row["story_id"]: list(row["languages"]) for row in find_stories(view, StoryFilters()).rows}
    assert found
    assert found == {story: spoken[story] for story in found}
    assert any(len(languages) > 2 for languages in found.values())


def test_today_shows_alarms_stories_and_deadlines(told: Path) -> None:
    text = _page(told, "/")
    assert f'href="/alarms/{ALARM}"' in text
    assert "Brindle Bay &lt;b&gt;pier&lt;/b&gt;" in text
    assert f"/stories/{_story(told)}" in text
    assert "The giant duck of Brindle Bay" in text
    assert "problem" in text


def test_today_tells_what_is_new_since_the_visit_before(told: Path) -> None:
    view = CaseReader(told).view()
    now = datetime(2031, 4, 1, tzinfo=UTC)
    assert visits_of("", view, now) == (None, Visit(view.last_run, 0, int(now.timestamp())))
    assert visits_of("x.1.2", view, now)[0] is None
    assert visits_of("1.2.3.4.5." + "9" * 40, view, now)[0] == Visit(1, 2, 3)
    with workbench(told) as (app, tokens), bearer(app, tokens["analyst"]) as client:
        first = client.get("/")
        assert "New since" not in first.text
        assert client.cookies["tocsin_visit"].endswith(".0.0.0")
        client.cookies.clear()
        client.cookies.set("tocsin_visit", "0.0.1000.0.0.0")
        assert "6 documents read" in client.get("/").text


def test_an_alarm_shows_its_series_and_first_posts(told: Path) -> None:
    text, listed, *others = _pages(
        told,
        f"/alarms/{ALARM}",
        "/alarms?kind=unprompted+attention",
        "/alarms?channel=kite+club+courier&sort=newest",
        "/alarms?kind=event-driven",
        "/alarms?channel=nobody",
    )
    assert "95 % between 0 and 2" in text
    assert text.count('rect class="ev"') == 2
    assert 'class="gap"' in text
    assert "/documents/" in text
    assert HOSTILE not in text
    assert "1 alarm" in listed
    assert [ALARM in other for other in others] == [True, False, False]


def test_a_story_shows_origins_tree_spread_and_what_a_copy_changed(told: Path) -> None:
    text = _page(told, f"/stories/{_story(told)}")
    assert "3 posts" in text
    assert "Independent origins" in text
    assert "<del>" in text
    assert "<ins>" in text
    assert "400" in text
    assert text.count('class="dot"') == 3
    assert "?beside=" in text
    assert "Method:" in text
    assert HOSTILE not in text
    assert " style=" not in text


def test_filters_of_stories_keep_what_they_name(told: Path) -> None:
    view = CaseReader(told).view()
    everything = find_stories(view, StoryFilters(channels=1)).total
    assert everything >= 1
    for given, total in (
        ({"channel": "kite club courier"}, 1),
        ({"channel": "nobody"}, 0),
        ({"language": "kk"}, 0),
        ({"origins": 50}, 0),
        ({"since": "2031-03-10", "until": "2031-03-10", "channels": 3}, 1),
        ({"since": "2031-04-01"}, 0),
        ({"channels": 4}, 0),
    ):
        assert find_stories(view, StoryFilters(**given)).total == total, given
    for sort in ("origins", "channels", "newest", "oldest"):
        found: list[str] = []
        cursor = None
        while True:
            page = find_stories(view, StoryFilters(channels=1, sort=sort, limit=1, cursor=cursor))
            found += [row["story_id"] for row in page.rows]
            cursor = page.next
            if cursor is None:
                break
        assert len(set(found)) == len(found) == everything


def test_lists_order_what_very_many_told(told: Path) -> None:
    """More origins, channels and posts than products of 32 bits can hold."""
    with CaseStore(told, create=False) as store, store.writing():
        added = []
        for name, columns in (
            ("stories", ("origins_low", "origins_high", "channels", "documents")),
            ("narratives", ("channels", "documents")),
        ):
            table = store.snapshot().table(name)
            assert table.num_rows
            for column in columns:
                place, field = table.schema.get_field_index(column), table.schema.field(column)
                table = table.set_column(place, field, pa.array([90_000] * table.num_rows, field.type))
            added.append(store.write(name, table, CORPUS))
        replaced = (("stories", CORPUS), ("narratives", CORPUS))
        store.commit(Change(add=tuple(added), replace=replaced), run=2)
    view = CaseReader(told).view()
    for sort in ("origins", "channels"):
        found = find_stories(view, StoryFilters(sort=sort)).rows
        assert {row["channels"] for row in found} == {90_000}
    for sort in ("channels", "documents"):
        assert {row["channels"] for row in find_narratives(view, NarrativeFilters(sort=sort)).rows} == {
            90_000
        }
    _pages(told, "/", "/stories", "/narratives")


def test_narratives_are_listed_and_shown_with_their_tellings(told: Path) -> None:
    view = CaseReader(told).view()
    found = find_narratives(view, NarrativeFilters())
    assert found.total >= 1
    assert find_narratives(view, NarrativeFilters(languages=9)).total == 0
    assert find_narratives(view, NarrativeFilters(channel="nobody")).total == 0
    assert find_narratives(view, NarrativeFilters(recurring=False)).total <= found.total
    key = found.rows[0]["narrative_id"]
    listed, text = _pages(told, "/narratives", f"/narratives/{key}")
    assert f"/narratives/{key}" in listed
    assert re.search(r"\d+ tellings?", text)
    found_at = re.search(r"/documents/([0-9a-f]{32})#at-(\d+)", text)
    assert found_at is not None
    (reader,) = _pages(told, f"/documents/{found_at[1]}")
    assert f'id="at-{found_at[2]}"' in reader
    assert "the central claim" in text


@pytest.mark.parametrize("path", ["/stories/", "/narratives/", "/alarms/", "/sources/"])
def test_what_is_not_there_is_not_found(told: Path, path: str) -> None:
    with workbench(told) as (app, tokens), bearer(app, tokens["reader"]) as client:
        assert client.get(path + "0" * 32).status_code == 404
        assert client.get(path + "x").status_code in {400, 404, 422}


def test_deadlines_are_those_of_the_whole_ledger(told: Path) -> None:
    reader = CaseReader(told)
    first, *others = [e.forecast_id for e in ledger(reader.view()) if e.due]
    with tocsin.Case(told, create=False) as case:
        _deadlines_agree(reader)
        case.judge(first, "reject", author="ann", reason="a joke")
        case.judge(others[-1], "correct", author="ann", detail="due=2031-03-14")
        case.desk().enter({"event": "the kite comes home", "due": "2031-03-21"}, "ann")
        _deadlines_agree(reader)
        case.desk().resolve(others[-1], "came true", date="", source="", author="ann")
        _deadlines_agree(reader)


def _deadlines_agree(reader: CaseReader) -> None:
    view = reader.view()
    for day in (1, 10, 14, 15, 20, 22, 25, 26, 30):
        now = datetime(2031, 3, day, 9, tzinfo=UTC)
        everything = ledger_of(view.tables, view.attached.log, scale_of(), now)
        entries = due_entries(everything, now, 14)
        ahead = tuple(e for e in entries if e.due and e.due > now)
        passed = tuple(e for e in reversed(entries) if e.due and e.due <= now)
        for most in (1, 9):
            found = due_soon(view, now, 14, most)
            assert found == (ahead[:most], len(ahead), passed[:most], len(passed))


def test_sources_are_one_across_scripts_and_follow_the_log(told: Path) -> None:
    view = CaseReader(told).view()
    found = find_sources(view, SourceFilters())
    assert found.total >= 2
    finn = find_sources(view, SourceFilters(name="finn")).rows
    assert finn
    assert find_sources(view, SourceFilters(name="nobody at all")).total == 0
    assert find_sources(view, SourceFilters(channel="nobody")).total == 0
    pages = _pages(told, "/sources", *(f"/sources/{row['id']}" for row in found.rows))
    assert all(HOSTILE not in page for page in pages)
    assert all(f"/sources/{row['id']}" in pages[0] for row in found.rows)
    assert "Who is quoted by whom" in pages[1]
    members = [row for row in found.rows if row["known"]]
    two = [_member(told, row["id"]) for row in members[:2]]
    with tocsin.Case(told) as case:
        case.judge(two[0], "merge", author="Ola", detail=two[1])
    after = find_sources(CaseReader(told).view(), SourceFilters())
    assert after.total == found.total - 1


def _member(told: Path, source: str) -> str:
    view = CaseReader(told).view()
    (first, *_) = source_page(view, source).members
    return first


def test_the_pages_speak_russian_too(told: Path) -> None:
    for text in _pages(
        told, "/", "/stories", "/narratives", "/alarms", "/sources", **{"Accept-Language": "ru"}
    ):
        assert '<html lang="ru"' in text
        assert "Истории" in text


def test_search_finds_across_languages_and_heeds_the_filters_of_claims(told: Path) -> None:
    view = CaseReader(told).view()
    found = answer(view, SearchFilters(q="lighthouse duck"))
    assert found.total >= 1
    assert 'class="l-found"' in str(found.results[0].text)
    assert answer(view, SearchFilters(q="")).total == 0
    only = answer(view, SearchFilters(q="duck", channel="Вестник Причала"))
    assert {r.channel for r in only.results} == {"Вестник Причала"}
    forecasts = answer(view, SearchFilters(q="duck", kind="forecast"))
    assert 0 < forecasts.total < answer(view, SearchFilters(q="duck")).total
    assert all(r.card is not None and r.card.kind.value == "forecast" for r in forecasts.results)
    first = answer(view, SearchFilters(q="duck", limit=1))
    assert first.next == 1
    second = answer(view, SearchFilters(q="duck", limit=1, start=1))
    assert first.results[0].document_id != second.results[0].document_id
    empty, page = _pages(told, "/search", "/search?q=%3Cscript%3Ealert%283%29&by=words")
    assert "in all others" in empty
    assert "<script>alert(3)" not in page


def test_the_reader_puts_a_copy_beside_its_original_and_switches_layers(told: Path) -> None:
    view = CaseReader(told).view()
    (row,) = view.tables.query(
        "SELECT document_id, original_id FROM document_links WHERE type = 'near copy' LIMIT 1"
    ).to_pylist()
    own = f"/documents/{row['document_id']}"
    alone, both, few, none = _pages(
        told,
        own,
        f"{own}?beside={row['original_id']}",
        f"{own}?chosen=true&layer=time&layer=cue",
        f"{own}?chosen=true",
    )
    assert f"?beside={row['original_id']}" in alone
    assert both.count('class="reader-text"') == 2
    assert "l-linked" in both
    assert "<ins>" in both
    assert 'mark class="l-off-content' in few
    assert few.count(" checked") == 2
    assert none.count(" checked") == 0
    assert " checked" in alone
    ids = re.findall(r'id="(at-\d+)"', both)
    assert len(ids) == len(set(ids))


def test_coverage_shows_channels_gaps_files_problems_and_methods(told: Path) -> None:
    text, none, short = _pages(told, "/coverage", "/coverage?file=no-such", "/coverage?limit=1")
    for words in ("Kite Club Courier", "told.jsonl", "1 problem", "Method and version", "meaning_links"):
        assert words in text
    assert 'class="q' in text
    assert "0 problems" in none
    assert "1 problem" in short
    assert HOSTILE not in text
