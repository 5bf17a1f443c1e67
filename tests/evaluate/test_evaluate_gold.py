"""Reading annotations: every documented form, and everything that can be wrong with one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import (
    EmptyFileError,
    EncodingError,
    FileInputError,
    MalformedFileError,
    MalformedRecordError,
    MissingTextError,
    NoInputError,
    RecordInputError,
    UndetectedFormatError,
    UnreadableFileError,
)
from tocsin.evaluate import gold
from tocsin.evaluate.labels import Renamed, fold_technique, fold_type, type_table
from tocsin.evaluate.problems import Problems
from tocsin.evaluate.raw import Raw, read_raw
from tocsin.evaluate.scores.attribution import Roles
from tocsin.evaluate.tasks.judging import accusing, foretelling
from tocsin.evaluate.tasks.matching import matching
from tocsin.evaluate.tasks.place import mapped
from tocsin.evaluate.tasks.quantity import measured
from tocsin.evaluate.tasks.time import dated

DOCS = Path(__file__).parents[2] / "docs" / "evaluate.md"


def raw(**value: Any) -> Raw:
    return Raw(4, "line 5", value)


# --- what is right -----------------------------------------------------------------------------


def test_an_attribution_may_leave_roles_out() -> None:
    item = gold.attributed(
        raw(doc_id="a", text="Он сказал: да.", attributions=[{"content": [[11, 13]], "source": None}])
    )
    assert item.attributions == (Roles((), (), ((11, 13),)),)
    assert item.header == gold.Header(4, "line 5", "a", "a", True)


def test_tags_become_characters() -> None:
    item = gold.named(raw(tokens=["Асель", "Алматы", "қаласында"], tags=["B-PER", "B-GPE", "I-GPE"]))
    assert item.text == "Асель Алматы қаласында"
    assert [item.text[s:e] for s, e, _ in item.entities] == ["Асель", "Алматы қаласында"]
    assert item.header.document == "#4"
    assert not item.header.stated


def test_what_follows_an_entitys_type_is_ignored() -> None:
    item = gold.named(raw(text="Ганна тут", entities=[[0, 5, "PERS", "Ганна", "PER-Hanna"]]))
    assert item.entities == ((0, 5, "PERS"),)


def test_certainty_has_three_forms() -> None:
    events = gold.certain(
        raw(text="It  may rain .", targets=[{"span1": [3, 4], "label": 1, "span_text": "rain"}])
    )
    assert [events.text[s:e] for s, e in events.spans] == ["rain"]
    whole = gold.certain(raw(finding="It rains.", **{"sentence-level-certainty": 4.5}))
    assert (whole.form, whole.labels, whole.spans) == ("sentence", (4.5,), ((0, 9),))
    assert gold.certain(raw(text="Може, дощ.", uncertain=1)).form == "hedge"


@pytest.mark.parametrize(
    ("value", "positive"),
    [({"verdict": 1}, True), ({"verdict": 0}, False), ({"verdict": -1}, False), ({"label": "1"}, True)],
)
def test_only_one_is_worth_checking(value: dict[str, Any], positive: bool) -> None:
    assert gold.worthy(raw(text="Мост построен.", **value)).positive is positive


def test_lists_may_be_written_as_text() -> None:
    item = gold.persuasive(raw(content="Ганьба!", techniques="['a', 'b']", trigger_words="[(0, 6)]"))
    assert (item.techniques, item.spans) == (("a", "b"), ((0, 6),))


def test_null_is_no_technique_and_no_span() -> None:
    item = gold.persuasive(raw(content="Добрий день.", techniques=None, trigger_words=None))
    assert (item.techniques, item.spans) == ((), ())
    assert gold.persuasive(raw(content="x", techniques=[])).spans is None


def test_a_span_beyond_the_text_is_cut_and_noted() -> None:
    item = gold.persuasive(raw(content="Ганьба", techniques=[], trigger_words=[[2, 9]]))
    assert item.spans == ((2, 6),)
    assert item.notes


def test_fields_named_by_a_language_are_sentences() -> None:
    item = gold.parallel(
        raw(doc="d", id="7", en="Ice.", uk="Лід.", kk="", url="http://x", **{"sr-Latn": "Led."})
    )
    assert item.sentences == {"en": "Ice.", "uk": "Лід.", "sr-Latn": "Led."}
    assert item.header.key == "7"


# --- what is wrong -----------------------------------------------------------------------------

SPAN_FAULTS: list[tuple[Any, str]] = [
    ("x", "no list of spans"),
    ([3], "not [start, end]"),
    ([[1]], "not [start, end]"),
    ([[1, 2, 3]], "not [start, end]"),
    ([[2, 1]], "no span"),
    ([[-1, 1]], "no span"),
    ([[0.0, 1]], "no span"),
    ([[False, True]], "no span"),
    ([[0, 10**6]], "beyond the end, 3"),
]


@pytest.mark.parametrize(("spans", "cause"), SPAN_FAULTS)
def test_spans_that_are_none(spans: Any, cause: str) -> None:
    with pytest.raises(MalformedRecordError, match=re.escape(cause)) as caught:
        gold.attributed(raw(text="abc", attributions=[{"content": spans}]))
    assert "attributions[0].content" in caught.value.cause
    assert caught.value.remedy


FAULTS: list[tuple[Callable[[Raw], Any], dict[str, Any], str]] = [
    (gold.attributed, {"text": "abc"}, "has no attributions"),
    (gold.attributed, {"text": "abc", "attributions": 3}, "attributions is no list"),
    (gold.attributed, {"text": "abc", "attributions": [3]}, "no JSON object"),
    (gold.attributed, {"attributions": []}, "has no text"),
    (gold.attributed, {"text": 3, "attributions": []}, "text is no text"),
    (gold.attributed, {"text": " ", "attributions": []}, "text is empty"),
    (gold.attributed, {"text": "ab\ud800", "attributions": []}, "half a character at 2"),
    (gold.named, {"text": "abc"}, "has no entities"),
    (gold.named, {"text": "abc", "entities": [[0, 1]]}, "entities[0] is not [start, end, type]"),
    (gold.named, {"text": "abc", "entities": [[0, 1, 3]]}, "entities[0] is not"),
    (gold.named, {"text": "abc", "entities": [[0, 1, " "]]}, "has no type"),
    (gold.named, {"text": "abc", "entities": [[0, 4, "PER"]]}, "beyond the end"),
    (gold.named, {"tokens": ["a", "b"], "tags": ["O"]}, "2 tokens, but 1 tags"),
    (gold.named, {"tokens": ["a"], "tags": ["PER"]}, "'PER' is neither O nor"),
    (gold.named, {"tokens": ["a"]}, "has no tags"),
    (gold.named, {"tokens": [], "tags": []}, "tokens is empty"),
    (gold.named, {"tokens": [1], "tags": ["O"]}, "no text"),
    (gold.certain, {"text": "a b"}, "has no targets"),
    (gold.certain, {"text": "a b", "targets": [{"span1": [0, 0], "label": 1}]}, "holds no word"),
    (gold.certain, {"text": "a b", "targets": [{"span1": [1, 3], "label": 1}]}, "beyond the end, 2"),
    (gold.certain, {"text": "a b", "targets": [{"span1": [0, 1]}]}, "label is no number"),
    (gold.certain, {"text": "a b", "targets": [{"span1": [0, 1], "label": 3.5}]}, "not from -3 to 3"),
    (
        gold.certain,
        {"text": "a b", "targets": [{"span1": [0, 1], "label": 1, "span_text": "b"}]},
        "span_text is not what stands at span1, 'a'",
    ),
    (gold.certain, {"text": "a", "uncertain": 2}, "neither 0 nor 1"),
    (gold.certain, {"finding": "a", "sentence-level-certainty": "much"}, "is no number"),
    (gold.certain, {"finding": "a", "sentence-level-certainty": float("nan")}, "not finite"),
    (gold.certain, {"finding": "a", "sentence-level-certainty": 10**400}, "too large"),
    (gold.worthy, {"text": "a"}, "has no verdict and no label"),
    (gold.worthy, {"text": "a", "verdict": 2}, "verdict 2 is none of -1, 0, 1"),
    (gold.worthy, {"text": "a", "label": True}, "label is no number"),
    (gold.persuasive, {"content": "a"}, "has no techniques"),
    (gold.persuasive, {"content": "a", "techniques": "doubt"}, "techniques is no list"),
    (gold.persuasive, {"content": "a", "techniques": [1]}, "no text"),
    (gold.persuasive, {"content": "a", "techniques": [], "trigger_words": [[2, 3]]}, "begins beyond the end"),
    (gold.parallel, {"doc": "d", "en": "a"}, "no sentence in two languages"),
    (gold.parallel, {"en": "a", "uk": 3}, "uk is no text"),
]


@pytest.mark.parametrize(("read", "value", "cause"), FAULTS)
def test_a_fault_is_named(read: Callable[[Raw], Any], value: dict[str, Any], cause: str) -> None:
    with pytest.raises(RecordInputError, match=re.escape(cause)) as caught:
        read(raw(**value))
    assert isinstance(caught.value, MalformedRecordError | MissingTextError)
    assert caught.value.remedy
    assert not caught.value.cause.endswith(".")


# --- files -------------------------------------------------------------------------------------


def records(path: Path) -> tuple[list[Raw], Problems]:
    problems = Problems()
    return list(read_raw(path, problems)), problems


def test_a_broken_line_costs_itself(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    lines = [b'\xef\xbb\xbf{"id": 1}', b"", b"{broken", b"[1]", b'{"id": "\xff"}', b'{"id": 5}']
    lines += [
        b'{"a":' * 2000,
        b'{"n": ' + b"9" * 5000 + b"}",
        b'{"id": "\\uD83D\\uDE00"}',
        b'{"id": "\\ud83d"}',
    ]
    path.write_bytes(b"\r\n".join(lines))
    found, problems = records(path)
    # A record keeps its number whatever is wrong with those before it.
    assert [(r.ordinal, r.position, r.value["id"]) for r in found] == [
        (0, "line 1", 1),
        (4, "line 6", 5),
        (7, "line 9", "😀"),
    ]
    assert [(p.position, p.code) for p in problems.listed] == [
        (f"line {number}", "malformed-record") for number in (3, 4, 5, 7, 8, 10)
    ]
    assert all(p.file == str(path) and p.cause and p.remedy for p in problems.listed)


def test_a_line_beyond_the_limit_costs_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tocsin.evaluate import raw as module

    class Small:
        def integer(self, _: str) -> int:
            return 40

    monkeypatch.setattr(module, "Settings", Small)
    path = tmp_path / "gold.jsonl"
    path.write_text('{"id": 1}\n{"id": "' + "x" * 5000 + '"}\n{"id": 3}\n', encoding="utf-8")
    found, problems = records(path)
    assert [(r.ordinal, r.position) for r in found] == [(0, "line 1"), (2, "line 3")]
    assert [(p.position, p.code) for p in problems.listed] == [("line 2", "record-too-large")]


def test_csv_rows_are_told_by_their_first_line(tmp_path: Path) -> None:
    path = tmp_path / "gold.csv"
    text = '\ufefffilename,start,end,content\na.txt,0,9,"two\nlines"\na.txt,1\n\nb.txt,0,3,так\n'
    path.write_bytes(text.encode() + b"c.txt,0,1,\xff\xfe\n")
    found, problems = records(path)
    assert [(r.position, r.value["content"]) for r in found] == [("line 2", "two\nlines"), ("line 6", "так")]
    assert [(p.position, p.cause) for p in problems.listed] == [
        ("line 4", "2 columns where the header has 4"),
        ("line 7", "it holds bytes that are no UTF-8"),
    ]


def test_parquet_rows_count_from_one(tmp_path: Path) -> None:
    path = tmp_path / "gold.parquet"
    spans = pa.array([[[0, 3]], None], pa.list_(pa.list_(pa.int64())))
    table = pa.table({"content": ["так!", "ні"], "techniques": [["a"], None], "trigger_words": spans})
    pyarrow.parquet.write_table(table, path)
    found, _ = records(path)
    assert [r.position for r in found] == ["row 1", "row 2"]
    assert gold.persuasive(found[0]).spans == ((0, 3),)


def bad_parquet(path: Path) -> None:
    pyarrow.parquet.write_table(pa.table({"content": ["так!" * 100]}), path)
    path.write_bytes(path.read_bytes()[:60])


@pytest.mark.parametrize(
    ("make", "error", "cause"),
    [
        (lambda p: p.write_bytes(b""), EmptyFileError, "empty"),
        (lambda p: p.write_bytes(b" \n\n"), EmptyFileError, "empty"),
        (lambda p: p.write_bytes(b"\x1f\x8b\x08\x00aaa"), UndetectedFormatError, "compressed"),
        (lambda p: p.write_bytes(b'[{"a": 1}]'), UndetectedFormatError, "one JSON array"),
        (lambda p: p.write_bytes("text\n".encode("utf-16")), EncodingError, "UTF-16"),
        (lambda p: p.write_bytes(b"just words\nand more\n"), UndetectedFormatError, "no CSV header"),
        (lambda p: p.write_bytes(b"a,a\n1,2\n"), UndetectedFormatError, "no CSV header"),
        (lambda p: p.write_bytes(b"\x00\x01\x02\x03"), UndetectedFormatError, "no text"),
        (lambda p: p.write_bytes(b'a,b\n1,"never closed\n'), MalformedFileError, "never closes"),
        (bad_parquet, MalformedFileError, "Parquet file is damaged"),
        (lambda p: p.mkdir(), UnreadableFileError, "directory"),
    ],
)
def test_a_file_that_is_of_no_use(
    tmp_path: Path, make: Callable[[Path], Any], error: type[FileInputError], cause: str
) -> None:
    path = tmp_path / "gold"
    make(path)
    with pytest.raises(error, match=cause) as caught:
        records(path)
    assert caught.value.file == str(path)
    assert caught.value.remedy


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NoInputError):
        records(tmp_path / "none.jsonl")


def test_listed_problems_are_bounded_and_counted() -> None:
    problems = Problems()
    for _ in range(1500):
        problems.add(MalformedRecordError("x"))
    assert len(problems.listed) == 1000
    assert problems.total == 1500


# --- type names --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("PERSON", "PER"),
        ("pers", "PER"),
        ("LocOrg", "LOC"),
        ("GPE", "LOC"),
        ("STATE_OR_PROVINCE", "LOC"),
        ("creative-work", "ART"),
        ("Organisation", "ORG"),
        ("work of art", "ART"),
        ("спорт клуб", "СПОРТ_КЛУБ"),
    ],
)
def test_types_of_corpora_are_folded(name: str, expected: str) -> None:
    assert fold_type(name) == expected


def test_no_name_stands_for_two_types() -> None:
    path = Path(gold.__file__).parent / "data" / "ner_types.json"
    table = json.loads(path.read_text(encoding="utf-8"))["types"]
    names = [name for kind, entry in table.items() for name in (kind, *entry["names"])]
    assert len(names) == len(set(names)) == len(type_table())


def test_own_names_come_first() -> None:
    fold = Renamed({"герой": "person", "GPE": "FAC"})
    assert [fold(name) for name in ("Герой", "gpe", "LOC")] == ["PER", "FAC", "LOC"]
    assert Renamed({"bandwagon": "Slogans"}, techniques=True)("Bandwagon") == "slogans"
    assert fold_technique("Appeal_to_Fear-Prejudice") == "appeal_to_fear_prejudice"


# --- the document ------------------------------------------------------------------------------


def test_the_table_of_types_is_in_the_document() -> None:
    path = Path(gold.__file__).parent / "data" / "ner_types.json"
    text = DOCS.read_text(encoding="utf-8")
    for kind, entry in json.loads(path.read_text(encoding="utf-8"))["types"].items():
        assert f"| `{kind}` | {entry['means']} | {', '.join(entry['names'])} |" in text


READERS = {
    "attribution": gold.attributed,
    "blame": accusing,
    "forecast": foretelling,
    "names": matching,
    "ner": gold.named,
    "certainty": gold.certain,
    "checkworthy": gold.worthy,
    "persuasion": gold.persuasive,
    "place": mapped,
    "quantity": measured,
    "same-sentence": gold.parallel,
    "time": dated,
}


@pytest.mark.parametrize("task", READERS)
def test_the_examples_of_the_document_are_read(task: str) -> None:
    section = DOCS.read_text(encoding="utf-8").split(f"\n### {task}\n")[1].split("\n##")[0]
    found = re.findall(r"```json\n(.*?)```", section, re.DOTALL)
    assert found
    for block in found:
        for line in block.splitlines():
            item = READERS[task](Raw(0, "line 1", json.loads(line)))
            assert not item.notes


def test_the_csv_example_of_the_document_is_read(tmp_path: Path) -> None:
    text = DOCS.read_text(encoding="utf-8")
    (block,) = re.findall(r"```text\n(filename.*?)```", text, re.DOTALL)
    path = tmp_path / "gold.csv"
    path.write_text(block, encoding="utf-8")
    found, problems = records(path)
    item = gold.persuasive(found[0])
    assert item.techniques == ("Appeal_to_Popularity", "Slogans")
    assert item.header.key == "lake.txt:0-22"
    assert not problems.total


# --- any input ---------------------------------------------------------------------------------

FIELDS = (
    *("doc_id", "id", "doc", "filename", "start", "end", "text", "content", "finding", "attributions"),
    *("entities", "tokens", "tags", "targets", "label", "verdict", "uncertain", "sentence-level-certainty"),
    *("techniques", "trigger_words", "en", "uk", "source", "cue", "span1", "span_text"),
    *("quantities", "low", "high", "unit", "counted", "timex", "value", "bounds", "dct", "lang"),
    *("places", "lat", "lon", "place_id", "title"),
    *("name1", "name2", "is_match", "kind", "query", "names", "among"),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 9),
    st.floats(),
    st.text(max_size=6),
    st.sampled_from(["O", "B-PER", "[[0, 2]]", "['a']", "[", "Озеро замёрзло", "\ud800"]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("task", READERS)
@given(st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=6))
def test_any_record_is_read_or_refused(task: str, value: dict[str, Any]) -> None:
    item, refused = None, None
    try:
        item = READERS[task](Raw(0, "line 1", value))
    except RecordInputError as error:
        refused = error
    assert (refused.cause and refused.remedy) if refused else item.text.encode("utf-8")


PLACED = (b"<articles>", b"feature_id\ttweet_id_str\ttext\n1\t2\t")


@given(st.binary(max_size=300), st.sampled_from([b"", b'{"a": 1}\n', b"a,b\n", b"PAR1", b"<DOC", *PLACED]))
def test_any_file_is_read_or_refused(tmp_path: Path, data: bytes, head: bytes) -> None:
    path = tmp_path / "any"
    path.write_bytes(head + data)
    problems, refused = Problems(), None
    try:
        list(read_raw(path, problems))
    except FileInputError as error:
        refused = error
    assert refused is None or (refused.file == str(path) and refused.remedy)
    assert all(problem.position and problem.remedy for problem in problems.listed)
