from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tocsin.errors import BadMappingError
from tocsin.read import FIELDS, parse_mapping

NINE = datetime(2024, 4, 3, 9, tzinfo=UTC)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_dialects(reads, delimiter):
    rows = [["date", "text", "source"],
            ["2024-04-03T09:00:00Z", '"Дороги, мосты; и тоннели| ""все"""', "Gazette"],
            ["2024-04-03T12:00:00+03:00", '"two\nlines"', "Gazette"]]  # fmt: skip
    got = reads("a.csv", "\n".join(delimiter.join(row) for row in rows) + "\n")
    assert got.codes == []
    assert got.texts == ['Дороги, мосты; и тоннели| "все"', "two\nlines"]
    assert [post.published for post in got.posts] == [NINE, NINE]
    assert {post.channel for post in got.posts} == {"Gazette"}
    assert got.positions == ["row 2", "row 3"]


def test_csv_content_decides_not_the_name(reads):
    table = "id,text,url\n1,The lake froze.,https://a.example\n2,It thawed.,https://b.example\n"
    assert reads("notes.txt", table).texts == ["The lake froze.", "It thawed."]
    prose = "Rain, wind and hail.\nThe mayor, who spoke, sat down.\nNothing else.\n"
    assert reads("prose.txt", prose).one().text == prose


def test_csv_sep_line_and_backslash_escapes(reads):
    assert reads("a.csv", "sep=;\ntext;id\nOne, two;7\n").one().native_id == "7"
    assert reads("b.csv", 'id,text\n1,"a \\"quoted\\" word"\n2,plain\n').texts == ['a "quoted" word', "plain"]


def test_csv_russian_headers(reads):
    post = reads("a.csv", "Дата;Текст;Канал;Заголовок\n03.04.2024 09:00;Снег сошёл.;Погода;Весна\n").one()
    assert (post.text, post.channel, post.title) == ("Весна\n\nСнег сошёл.", "Погода", "Весна")
    assert post.published == NINE
    assert post.published_reason == "no time zone stated; taken as UTC"


def test_empty_cells_are_no_values(reads):
    post = reads("a.csv", "id,text,url,title,channel,lang,date\n,Word,, ,,,\n").one()
    values = (post.native_id, post.url, post.title, post.channel, post.stated_language, post.published)
    assert values == (None,) * 6


def test_csv_unclosed_quote_costs_one_row(reads):
    rows = ["id,text", "1,one", '2,"two', "3,three", "4,four"]
    got = reads("a.csv", "\n".join(rows) + "\n")
    assert got.texts == ["one", "three", "four"]
    assert "line 3 is never closed" in got.one_fault("malformed-record", position="row 3")


def test_csv_cut_inside_a_quoted_cell(reads):
    got = reads("a.csv", 'id,text\n1,one\n2,"two and\nthen')
    assert got.texts == ["one"]
    got.one_fault("truncated-file", position="row 3")


def test_csv_row_of_wrong_width(reads):
    got = reads("a.csv", "id,text,url\n1,a comma, not quoted,https://x.example\n2,fine,\n3\n")
    assert got.texts == ["fine"]
    assert got.codes == ["malformed-record", "malformed-record"]
    assert [fault.error.position for fault in got.faults] == ["row 2", "row 4"]
    assert "4 cells where the header has 3" in got.faults[0].error.cause


def test_csv_row_too_long(reads):
    big = "x" * 3000
    rows = f'id,text\n1,{big}\n2,fine\n3,"{"y" * 900}\n{"y" * 900}"\n4,good\n'
    got = reads("a.csv", rows, settings={"read.max_record_bytes": 1024})
    assert {"fine", "good"} <= set(got.texts)
    assert got.codes[0] == "record-too-large"
    assert all(len(text) < 1024 for text in got.texts)


def test_csv_hostile_quotes_end_in_time(reads):
    # Every line leaves a quotation mark open, whichever way it was entered.
    got = reads("a.csv", "id,text\n" + 'b"c,"d\n' * 30_000, settings={"read.max_record_bytes": 65_536})
    assert 0 < len(got.faults) < 100


def test_big_field_above_the_librarys_default_limit(reads):
    assert len(reads("a.csv", f"id,text\n1,{'z' * 200_000}\n").one().text) == 200_000


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.json", "a.parquet"])
def test_no_text_column_tells_the_columns(reads, tmp_path, name):
    rows = [{"alpha": "1", "beta": "2"}] * 3
    content: str | bytes
    if name.endswith("csv"):
        content = "alpha,beta\n1,2\n1,2\n1,2\n"
    elif name.endswith("jsonl"):
        content = "\n".join(map(json.dumps, rows)) + "\n"
    elif name.endswith("json"):
        content = json.dumps(rows)
    else:
        content = parquet(tmp_path, rows)
    got = reads(name, content)
    got.one_fault("missing-text")
    assert "--map text=COLUMN" in got.faults[0].error.remedy
    assert "alpha, beta" in got.faults[0].error.remedy
    wrong = reads(name, content, mapping={"text": "gamma"})
    cause = wrong.one_fault("malformed-file")
    assert "'gamma'" in cause
    assert "alpha, beta" in wrong.faults[0].error.remedy
    right = reads(name, content, mapping={"text": "beta", "id": "alpha"})
    assert (right.texts, right.posts[0].native_id) == (["2"] * 3, "1")


def test_two_text_columns_are_ambiguous(reads):
    got = reads("a.csv", "Text,text\na,b\nc,d\n")
    assert "Text, text" in got.one_fault("missing-text")
    assert reads("a.csv", "Text,text\na,b\nc,d\n", mapping={"text": "text"}).texts == ["b", "d"]


def test_every_field_can_be_mapped(reads):
    record = {
        "a": "Body", "b": 1_712_134_800_000, "c": "Head", "d": "Chan", "e": "9", "f": 12.0, "g": "https://u.example",
        "h": "ru-RU", "i": "Ann", "j": "Origin", "k": 3, "l": "2024-04-03 10:00:00Z", "m": ["p.jpg", "q.jpg"],
    }  # fmt: skip
    mapping = dict(zip(FIELDS, record, strict=True))
    post = reads("a.jsonl", json.dumps(record) + "\n", mapping=mapping).one()
    assert post.text == "Head\n\nBody"
    assert (post.published, post.published_basis) == (NINE, "stated")
    assert (post.title, post.channel, post.channel_id, post.native_id) == ("Head", "Chan", "9", "12")
    assert (post.url, post.stated_language, post.author) == ("https://u.example", "ru", "Ann")
    assert (post.forwarded_from, post.reply_to, post.media) == ("Origin", "3", ("p.jpg", "q.jpg"))
    assert post.edited == datetime(2024, 4, 3, 10, tzinfo=UTC)


def test_nested_fields(reads):
    record = {"text": "Hello", "user": {"screen_name": "mira"}, "author": {"name": "Mira"}}
    content = json.dumps([record])
    assert reads("a.json", content, mapping={"channel": "user.screen_name"}).one().channel == "mira"
    assert reads("a.json", content).one().channel == "Mira"


def test_parse_mapping():
    assert parse_mapping("text=body, time = published") == {"text": "body", "time": "published"}
    for bad in ("", "text", "text=", "=x", "colour=x", "text=a,text=b"):
        with pytest.raises(BadMappingError):
            parse_mapping(bad)


def test_jsonl_broken_lines(reads):
    lines = [
        '{"text": "one"}', "{broken", "", "[1]", '{"text": null}', '{"id": 3}', '{"text": {"a": 1}}',
        '{"text": "deep", "x": ' + "[" * 80 + "]" * 80 + "}",
        '{"text": "' + "x" * 2000 + '"}', '{"text": "last"}',
    ]  # fmt: skip
    got = reads("a.jsonl", "\n".join(lines) + "\n", settings={"read.max_record_bytes": 1024})
    assert got.texts == ["one", "last"]
    assert got.positions == ["line 1", "line 10"]
    assert [(fault.error.code, fault.error.position) for fault in got.faults] == [
        ("malformed-record", "line 2"),
        ("malformed-record", "line 4"),
        ("malformed-record", "line 7"),
        ("record-too-deep", "line 8"),
        ("record-too-large", "line 9"),
    ]
    assert [skip.position for skip in got.skipped] == ["line 5", "line 6"]


def test_jsonl_cut(reads):
    got = reads("a.jsonl", '{"text": "one"}\n{"text": "tw')
    assert got.texts == ["one"]
    got.one_fault("truncated-file", position="line 2")


def test_sparse_jsonl_learns_columns_from_several_records(reads):
    got = reads("a.jsonl", '{"id": 1}\n{"id": 2, "text": "two", "date": "2024-04-03"}\n')
    assert got.texts == ["two"]
    assert got.posts[0].published == datetime(2024, 4, 3, tzinfo=UTC)
    assert "time of day" in got.posts[0].published_reason


@pytest.mark.parametrize(
    ("content", "positions"),
    [
        ('[{"text": "a"}, {"text": "b"}]', ["[0]", "[1]"]),
        ('{"meta": {"n": 2}, "data": [{"text": "a"}, {"text": "b"}]}', ["data[0]", "data[1]"]),
        ('{"text": "a", "tags": ["x", "y"], "parts": [{"k": 1}]}', [""]),
        ('{"text": "a"}\n{\n"text": "b"}', ["", "record 2"]),
    ],
)
def test_json_shapes(reads, content, positions):
    got = reads("a.json", content)
    assert got.codes == []
    assert got.positions == positions
    assert got.texts == ["a", "b"][: len(positions)]


def parquet(folder: Path, rows: list[dict[str, object]]) -> bytes:
    import pyarrow
    import pyarrow.parquet

    path = folder / "made.parquet"
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), path, row_group_size=2)
    return path.read_bytes()


def test_parquet(reads, tmp_path):
    rows = [
        {"body": "Kettle", "published": datetime(2024, 4, 3, 9, 0, 0, 5), "n": 1, "source": "A"},
        {"body": None, "published": None, "n": 2, "source": None},
        {"body": "Teapot", "published": None, "n": 3, "source": None},
    ]
    data = parquet(tmp_path, rows)
    got = reads("a.parquet", data, mapping={"id": "n"})
    assert got.codes == []
    assert got.texts == ["Kettle", "Teapot"]
    assert got.positions == ["row 1", "row 3"]
    first = got.posts[0]
    assert (first.native_id, first.channel) == ("1", "A")
    assert first.published == datetime(2024, 4, 3, 9, 0, 0, 5, tzinfo=UTC)
    assert first.published_reason == "no time zone stated; taken as UTC"
    packed = reads("b.parquet.gz", gzip.compress(data))
    assert packed.texts == got.texts
    cut = reads("c.parquet", data[:-10])
    cut.one_fault("truncated-file")
    damaged = reads("d.parquet", data[:20] + b"\xff" * 30 + data[50:])
    assert damaged.codes in (["malformed-file"], ["encoding"])


def test_parquet_types_of_time(reads, tmp_path):
    import pyarrow as pa
    import pyarrow.parquet

    columns = {
        "text": ["a"],
        "date": pa.array([1_712_134_800_000_000_123], pa.timestamp("ns", "Europe/Kyiv")),
        "edited": pa.array([date(2024, 4, 4)], pa.date32()),
    }
    pyarrow.parquet.write_table(pa.table(columns), tmp_path / "t.parquet")
    post = reads("u.parquet", (tmp_path / "t.parquet").read_bytes()).one()
    assert post.published == NINE
    assert post.edited == datetime(2024, 4, 4, tzinfo=UTC)
