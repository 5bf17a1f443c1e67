from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tracemalloc
from importlib import import_module
from pathlib import Path

import pytest

from tocsin.errors import NoInputError, UnknownFormatError, UnreadableFileError
from tocsin.model import digest
from tocsin.read import (
    Fault,
    Found,
    InputFile,
    Opened,
    ReadOptions,
    discover,
    file_digest,
    formats,
    read_file,
)
from tocsin.read.streams import DiskFile
from tocsin.settings import Settings


@pytest.mark.parametrize("content", [b"", b" \n\t ", b"\xef\xbb\xbf", b"\xff\xfe"])
@pytest.mark.parametrize("name", ["a.txt", "a.json", "a.csv", "a.html"])
def test_empty(reads, name, content):
    reads(name, content).one_fault("empty-file")


@pytest.mark.parametrize("content", ["[]", '{"text": ""}', "id,text\n"])
def test_no_records(reads, content):
    got = reads("a.csv" if "id" in content else "a.json", content)
    assert got.posts == []
    assert got.codes == ["empty-file"] or [skip.reason for skip in got.skipped] == ["no text"]


def test_truncated_json(reads):
    got = reads("a.json", '[{"text": "one"}, {"text": "two"}, {"text": "thr')
    assert got.texts == ["one", "two"]
    got.one_fault("truncated-file", position="[2]")
    got = reads("b.json", '[{"text": "one"}, ')
    assert got.texts == ["one"]
    got.one_fault("truncated-file")


def test_huge_single_lines(reads):
    limit = {"read.max_record_bytes": 1 << 20}
    big = "x" * (8 << 20)
    for name, content, position in [
        ("a.jsonl", '{"text": "a"}\n{"text": "' + big + '"}\n{"text": "b"}\n', "line 2"),
        ("a.json", '[{"text": "a"}, {"text": "' + big + '"}, {"text": "b"}]', "[1]"),
        ("a.csv", "id,text\n1,a\n2," + big + "\n3,b\n", "row 3"),
    ]:
        got = reads(name, content, settings=limit)
        assert got.texts == ["a", "b"]
        got.one_fault("record-too-large", position=position)
    for name, content in [("a.txt", big), ("a.html", "<html><body><p>" + big)]:
        reads(name, content, settings=limit).one_fault("record-too-large")


def test_a_line_of_100_megabytes_takes_little_memory(tmp_path):
    path = tmp_path / "a.jsonl"
    with path.open("wb") as out:
        out.write(b'{"text": "before"}\n{"text": "')
        for _ in range(100):
            out.write(b"y" * 1_000_000)
        out.write(b'"}\n{"text": "after"}\n')
    settings = Settings({"read.max_record_bytes": 4 << 20})
    tracemalloc.start()
    try:
        events = list(read_file(InputFile("a.jsonl", path, path.stat().st_size), ReadOptions(), settings))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [event.post.text for event in events if isinstance(event, Found)] == ["before", "after"]
    assert [event.error.code for event in events if isinstance(event, Fault)] == ["record-too-large"]
    assert peak < 32 << 20


@pytest.mark.parametrize("opening", ["[", '{"a":'])
@pytest.mark.parametrize("closed", [True, False])
def test_deep_json(reads, opening, closed):
    depth = 100_000
    deep = opening * depth + ("1" + {"[": "]"}.get(opening, "}") * depth if closed else "")
    got = reads(
        "a.json", '[{"text": "a"}, {"text": "b", "x": ' + deep + ('}, {"text": "c"}]' if closed else "")
    )
    assert got.texts == (["a", "c"] if closed else ["a"])
    got.one_fault("record-too-deep", position="[1]")
    got = reads("a.jsonl", '{"text": "a"}\n{"text": "b", "x": ' + deep + '}\n{"text": "c"}\n')
    assert got.texts == ["a", "c"]
    assert got.codes in (["record-too-deep"], ["malformed-record"])
    bare = reads("b.json", deep)
    assert bare.posts == []
    assert bare.codes[0] in {"record-too-deep", "missing-text"}


def test_depth_is_a_setting(reads):
    content = '[{"text": "a", "x": [[[[1]]]]}]'
    assert reads("a.json", content).texts == ["a"]
    reads("a.json", content, settings={"read.max_json_depth": 4}).one_fault("record-too-deep", position="[0]")


def test_numbers_too_long_to_be_numbers(reads):
    got = reads("a.json", '[{"text": "a", "n": ' + "9" * 10_000 + '}, {"text": "b"}]')
    assert got.texts == ["b"]
    got.one_fault("malformed-record", position="[0]")


def test_name_that_promises_something_else(reads):
    assert "promises" in reads("a.json", "no json at all").one_fault("undetected-format")
    xml = "<?xml version='1.0'?><corpus><p>one</p><p>two</p><a>three</a><title>four</title></corpus>"
    reads("a.xml", xml).one_fault("undetected-format")
    reads("a", xml).one_fault("undetected-format")
    reads("b.xml", xml.split("?>")[1]).one_fault("undetected-format")


def test_unknown_format_is_told_at_once(tmp_path):
    with pytest.raises(UnknownFormatError, match="telegram-desktop"):
        read_file(InputFile("a", tmp_path, 0), ReadOptions(format="docx"), Settings())


def test_forced_formats_do_not_raise(reads):
    for form in formats():
        for content in (
            b"\x00\x01\x02",
            b"[",
            b"{}",
            b"plain words",
            b"<html>",
            b"a,b\n1,2\n",
            b"PK\x03\x04",
        ):
            got = reads("x.bin", content, format=form.name)
            assert len(got.posts) + len(got.faults) + len(got.skipped) >= 1
            assert all("could not go on" not in fault.error.cause for fault in got.faults)


def test_fifo_socket_directory_and_dangling_link(tmp_path):
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "dir.json").mkdir()
    (tmp_path / "lost.json").symlink_to(tmp_path / "nowhere")
    (tmp_path / "good.txt").write_text("Words.")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s.json"))
        items = list(discover([tmp_path]))
    names = [item.error.file if isinstance(item, Fault) else item.path for item in items]
    assert [name.rsplit("/", 1)[-1] for name in names] == ["good.txt", "lost.json", "pipe.json", "s.json"]
    assert [isinstance(item, Fault) for item in items] == [False, True, True, True]
    assert all(isinstance(item.error, UnreadableFileError) for item in items if isinstance(item, Fault))
    for name in ("pipe.json", "dir.json", "lost.json", "s.json", "absent"):
        events = list(read_file(InputFile(name, tmp_path / name, 0), ReadOptions(), Settings()))
        assert [type(event) for event in events] == [Fault]
        assert events[0].error.code == "unreadable-file"
        assert events[0].error.file == name
        with pytest.raises(UnreadableFileError):
            file_digest(InputFile(name, tmp_path / name, 0))


def test_permission_and_device_errors(tmp_path, monkeypatch, reads):
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        got = reads("a.txt", "Words.")
    assert "Permission denied" in got.one_fault("unreadable-file")

    class Failing:
        """A disk that breaks after the first read."""

        def __init__(self, raw: object) -> None:
            self.raw = raw
            self.reads = 0

        def __getattr__(self, name: str) -> object:
            return getattr(self.raw, name)

        def read(self, size: int) -> bytes:
            self.reads += 1
            if self.reads > 2:
                raise OSError(5, "Input/output error")
            return self.raw.read(size)  # type: ignore[attr-defined]

    begin = DiskFile.__init__

    def breaking(self: DiskFile, path: Path) -> None:
        begin(self, path)
        self._raw = Failing(self._raw)  # type: ignore[assignment]

    rows = "".join(json.dumps({"text": f"note {n}"}) + "\n" for n in range(100_000))
    with monkeypatch.context() as patch:
        patch.setattr(DiskFile, "__init__", breaking)
        got = reads("a.jsonl", rows)
    assert 1000 < len(got.posts) < 100_000
    assert "Input/output error" in got.one_fault("unreadable-file")


def test_a_hole_in_a_reader_is_reported(reads, monkeypatch):
    def fail(*_: object) -> None:
        raise ZeroDivisionError("unlucky")

    monkeypatch.setattr(import_module("tocsin.read.plain"), "read_text", fail)
    assert "ZeroDivisionError: unlucky" in reads("a.txt", "Words.").one_fault("malformed-file")


def test_discover(tmp_path):
    for name in ("b/2.txt", "b/1.txt", "a.txt", ".hidden.txt", "b/.git/x.txt", "c/deep/3.txt"):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (tmp_path / "in/b/loop").symlink_to(tmp_path / "in")
    (tmp_path / "in/again.txt").symlink_to(tmp_path / "in/b/1.txt")
    (tmp_path / "in/other").symlink_to(tmp_path / "in/c")
    items = list(discover([tmp_path / "in", str(tmp_path / "in/a.txt"), tmp_path / "in/.hidden.txt"]))
    shown = [(i.error.code, i.error.file) if isinstance(i, Fault) else i.path for i in items]
    root = f"{tmp_path}/in"
    assert shown == [
        f"{root}/a.txt",
        f"{root}/again.txt",  # the file b/1.txt, met here first
        f"{root}/b/2.txt",
        ("directory-loop", f"{root}/b/loop"),
        f"{root}/c/deep/3.txt",
        f"{root}/.hidden.txt",  # named by the user
    ]
    assert all(item.size == item.real.stat().st_size for item in items if isinstance(item, InputFile))


def test_discover_checks_every_path_first(tmp_path):
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(NoInputError, match=r"nothing\.txt"):
        discover([tmp_path / "a.txt", tmp_path / "nothing.txt"])


def test_discover_unreadable_directory(tmp_path, monkeypatch):
    (tmp_path / "shut").mkdir()
    (tmp_path / "open.txt").write_text("x")
    real = os.listdir

    def listdir(path: str) -> list[str]:
        if path.endswith("shut"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "listdir", listdir)
    found, fault = discover([tmp_path])
    assert isinstance(found, InputFile)
    assert isinstance(fault, Fault)
    assert fault.error.code == "unreadable-file"
    assert fault.error.file.endswith("/shut")


def test_names_that_are_no_text(tmp_path):
    raw = os.fsencode(tmp_path) + b"/\xff\nname.txt"
    with open(raw, "wb") as out:  # noqa: PTH123
        out.write(b"Words.")
    (item,) = discover([tmp_path])
    assert isinstance(item, InputFile)
    assert item.path.endswith("/\\xff\ufffdname.txt")
    item.path.encode()
    (opened, found, _) = read_file(item, ReadOptions(), Settings())
    assert opened == Opened(item.path, "text")
    assert isinstance(found, Found)


def test_file_digest_is_the_models(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(bytes(range(256)) * 9000)
    assert file_digest(InputFile("a.bin", path, 0)) == digest(path.read_bytes())


def test_input_is_never_changed(reads, tmp_path):
    reads("a.json", '[{"text": "a"}]')
    before = (tmp_path / "a.json").stat()
    reads_again = list(discover([tmp_path]))
    list(read_file(reads_again[0], ReadOptions(), Settings()))  # type: ignore[arg-type]
    after = (tmp_path / "a.json").stat()
    assert (before.st_mtime_ns, before.st_size, before.st_mode) == (
        after.st_mtime_ns,
        after.st_size,
        after.st_mode,
    )


def test_importing_is_light():
    code = (
        "import sys, tocsin.read;"
        "print({'lxml', 'trafilatura', 'pyarrow', 'yaml', 'charset_normalizer', 'ijson'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "set()\n", "")


def test_formats():
    names = [form.name for form in formats()]
    assert names == sorted(names)
    assert set(names) == {
        "telegram-desktop", "telegram-json", "4cat-csv", "4cat-ndjson", "csv", "jsonl", "json", "parquet",
        "html", "feed", "text",
    }  # fmt: skip
    assert all(form.help and form.extensions for form in formats())


def test_streaming_memory(tmp_path):
    """A 30 MB export in a few megabytes of memory: what is held must not grow with the file."""
    path = tmp_path / "result.json"
    message = {"type": "message", "date_unixtime": "1712134800", "from_id": "channel1",
               "text": ["Новости музея часов. " * 8, {"type": "bold", "text": "Вход свободный"}]}  # fmt: skip
    with path.open("w", encoding="utf-8") as out:
        out.write('{"name": "Музей", "type": "public_channel", "id": 1, "messages": [\n')
        body = json.dumps(message, ensure_ascii=False)[1:]
        count = 30_000_000 // (len(body.encode()) + 12)
        out.writelines(f'{{"id": {n}, {body}{"," if n + 1 < count else ""}\n' for n in range(count))
        out.write("]}")
    size = path.stat().st_size
    assert size > 29_000_000
    seen = 0
    tracemalloc.start()
    try:
        for event in read_file(InputFile("result.json", path, size), ReadOptions(), Settings()):
            seen += isinstance(event, Found)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert seen == count
    assert peak < 8 << 20
