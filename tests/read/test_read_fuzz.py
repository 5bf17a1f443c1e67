"""Whatever the bytes, reading yields events and raises nothing."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.errors import InputError
from tocsin.read import Event, Fault, Found, InputFile, ReadOptions, formats, read_file
from tocsin.read.jsonscan import JsonScanner
from tocsin.read.text import TextSource
from tocsin.settings import Settings


def _telegram() -> bytes:
    text = ["Слово ", {"type": "b", "text": "x"}]
    rows = [{"id": n, "type": "message", "date_unixtime": "1712134800", "text": text} for n in range(6)]
    return json.dumps(
        {"name": "Н", "type": "public_channel", "id": 5, "messages": rows}, ensure_ascii=False, indent=1
    ).encode()


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", _telegram())
        archive.writestr("b.txt", "Words.")
    return out.getvalue()


def _parquet() -> bytes:
    import pyarrow
    import pyarrow.parquet

    out = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table({"text": ["a", "b"] * 20, "id": list(range(40))}), out)
    return out.getvalue()


SEEDS = {
    "result.json": _telegram(),
    "a.jsonl": b'{"text": "one", "date": "2024-04-03"}\n' * 5,
    "a.csv": 'id,text,date\n1,"Слово, ""два""\nтри",2024-04-03\n2,b,1712134800\n'.encode(),
    "4cat.csv": b"id,thread_id,timestamp,unix_timestamp,body\n1,2,2024-04-03 12:00:00,1712134800,Words\n",
    "a.html": "<html><head><title>Т</title></head><body><p>Слова и дела.</p></body></html>".encode("cp1251"),
    "f.xml": b"<rss><channel><item><title>A</title><pubDate>x</pubDate></item></channel></rss>",
    "a.md": b"---\ntitle: T\ndate: 2024-04-03\n---\nBody\n",
    "a.zip": _zip(),
    "a.json.gz": gzip.compress(_telegram()),
    "a.txt": "Привет, мир".encode("utf-16"),
}


def events_of(folder, name: str, data: bytes, **options: object) -> list[Event]:
    path = folder / name
    path.write_bytes(data)
    small = Settings({"read.max_record_bytes": 4096, "read.max_json_depth": 8})
    events = list(read_file(InputFile(name, path, len(data)), ReadOptions(**options), small))  # type: ignore[arg-type]
    for event in events:
        if isinstance(event, Fault):
            assert isinstance(event.error, InputError)
            assert event.error.file.startswith(name)
            assert event.error.cause
            assert "could not go on" not in event.error.cause, event.error
        elif isinstance(event, Found):
            event.post.text.encode()
            assert "\x00" not in event.post.text
            assert event.post.text.strip()
            event.file.encode()
    return events


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("fuzz")


@given(data=st.binary(max_size=2000), name=st.sampled_from(sorted(SEEDS)))
def test_arbitrary_bytes(folder, data, name):
    assert events_of(folder, name, data)


@given(data=st.binary(max_size=400), name=st.sampled_from([form.name for form in formats()]))
def test_arbitrary_bytes_forced(folder, data, name):
    assert events_of(folder, "x.bin", data, format=name)


@settings(max_examples=300)
@given(name=st.sampled_from(sorted(SEEDS)), draw=st.data())
def test_mutations(folder, name, draw):
    data = bytearray(SEEDS[name])
    for _ in range(draw.draw(st.integers(1, 4))):
        at = draw.draw(st.integers(0, len(data)))
        action = draw.draw(st.sampled_from(["cut", "flip", "insert", "drop", "double"]))
        if action == "cut":
            del data[at:]
        elif action == "flip" and at < len(data):
            data[at] ^= draw.draw(st.integers(1, 255))
        elif action == "insert":
            data[at:at] = draw.draw(
                st.sampled_from([b'"', b"{", b"]", b"\x00", b"\n", b"\\", b"\xff", b"</", b",", b"[["])
            )
        elif action == "drop":
            del data[at : at + draw.draw(st.integers(1, 20))]
        else:
            data[at:at] = data[at : at + 40]
    assert events_of(folder, name, bytes(data))


@settings(max_examples=40)
@given(draw=st.data())
def test_parquet_mutations(folder, draw):
    data = bytearray(_parquet())
    for _ in range(draw.draw(st.integers(1, 3))):
        data[draw.draw(st.integers(4, len(data) - 5))] ^= draw.draw(st.integers(1, 255))
    assert events_of(folder, "a.parquet", bytes(data))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


class _Slow(TextSource):
    """Hands out a text a few characters at a time: every cut between chunks is met."""

    def __init__(self, text: str, size: int) -> None:
        self._pieces = iter([text[at : at + size] for at in range(0, len(text), size)])

    def read(self) -> str:
        return next(self._pieces, "")


@settings(max_examples=200)
@given(
    values=st.lists(VALUES, max_size=6),
    size=st.integers(1, 9),
    indent=st.sampled_from([None, 1]),
    ascii_=st.booleans(),
)
def test_scanner_agrees_with_json(values, size, indent, ascii_):
    text = json.dumps(values, indent=indent, ensure_ascii=ascii_)
    scanner = JsonScanner(_Slow(text, size), 1 << 20, 64)
    elements = list(scanner.elements())
    assert [element.error for element in elements] == [None] * len(values)
    assert [element.value for element in elements] == values
    assert [element.index for element in elements] == list(range(len(values)))
    assert scanner.peek() == ""


@given(values=st.dictionaries(st.text(max_size=5), VALUES, max_size=5), size=st.integers(1, 9))
def test_scanner_members_and_skips(values, size):
    text = json.dumps(values)
    scanner = JsonScanner(_Slow(text, size), 1 << 20, 64)
    assert {key: scanner.value() for key in scanner.members()} == values
    scanner = JsonScanner(_Slow(text, size), 1 << 20, 64)
    keys = []
    for key in scanner.members():
        keys.append(key)
        scanner.skip()
    assert keys == list(values)
    assert scanner.peek() == ""


@given(text=st.text(alphabet='[]{}":,\\\n 1at', max_size=60), size=st.integers(1, 9))
def test_scanner_ends_on_any_text(text, size):
    scanner = JsonScanner(_Slow("[" + text, size), 64, 4)
    try:
        elements = list(scanner.elements())
    except InputError:
        return
    assert len(elements) <= len(text) + 1
