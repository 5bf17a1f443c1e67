from __future__ import annotations

import gzip
import io
import json
import stat
import zipfile
import zlib

import pytest

NOTE = json.dumps([{"text": "A quiet note."}])


def packed(members: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def patched(data: bytes, old: bytes, new: bytes) -> bytes:
    assert len(old) == len(new)
    assert old in data
    return data.replace(old, new)


def test_gzip(reads):
    got = reads("posts.jsonl.gz", gzip.compress(b'{"text": "one"}\n{"text": "two"}\n'))
    assert got.codes == []
    assert got.texts == ["one", "two"]
    assert got.found[0].file.endswith("posts.jsonl.gz")
    # The name within counts: the date, and the extension.
    assert reads("2024-04-03_x.txt.gz", gzip.compress(b"Words.")).one().published.year == 2024


def test_gzip_of_several_members_and_padding(reads):
    data = gzip.compress(b'{"text": "one"}\n') + gzip.compress(b'{"text": "two"}\n') + b"\x00" * 600
    assert reads("a.jsonl.gz", data).texts == ["one", "two"]


def test_gzip_cut_keeps_what_came_before(reads):
    rows = "".join(
        json.dumps({"text": f"note {n} {zlib.crc32(str(n).encode())}"}) + "\n" for n in range(20_000)
    )
    whole = gzip.compress(rows.encode())
    got = reads("a.jsonl.gz", whole[: len(whole) * 3 // 4])
    assert len(got.posts) > 10_000
    got.one_fault("truncated-file")


def test_gzip_damaged(reads):
    rows = "".join(
        json.dumps({"text": f"note {n} {zlib.crc32(str(n).encode())}"}) + "\n" for n in range(20_000)
    )
    whole = bytearray(gzip.compress(rows.encode()))
    whole[len(whole) // 2 : len(whole) // 2 + 40] = b"\xff" * 40
    got = reads("a.jsonl.gz", bytes(whole))
    assert len(got.posts) > 5_000
    assert got.codes[-1] == "malformed-file"
    reads("b.gz", b"\x1f\x8b\x08\x00garbage that is no deflate stream").one_fault("malformed-file")
    reads("c.gz", gzip.compress(b"")).one_fault("empty-file")


def test_zip(reads):
    members = {
        "posts/b.json": NOTE,
        "posts/inner.jsonl.gz": gzip.compress(b'{"text": "squeezed"}\n'),
        "a.md": "---\ntitle: T\n---\nBody",
        "photo.jpg": b"\xff\xd8\xff\xe0" + b"\x00" * 40,
        ".hidden": "no",
        "__MACOSX/x.txt": "no",
        "empty.txt": "",
        "folder/": "",
    }
    got = reads("a.zip", packed(members))
    assert got.texts == ["A quiet note.", "squeezed", "T\n\nBody"]
    assert got.found[0].file.rsplit("/", 1)[-1] == "b.json"
    assert got.found[0].file.endswith("a.zip!posts/b.json")
    assert [(s.file.split("!")[1], s.reason) for s in got.skipped] == [("photo.jpg", "picture")]
    got.one_fault("empty-file")
    assert got.faults[0].error.file.endswith("a.zip!empty.txt")


@pytest.mark.parametrize(
    "name",
    [
        "../out.json",
        "a/../../out.json",
        "/etc/out.json",
        "C:/out.json",
        "C:out.json",
        "..\\out.json",
        "\\\\h\\o",
    ],
)
def test_member_outside_the_archive(reads, tmp_path, name):
    stand_in = "x" * len(name)
    data = patched(packed({stand_in: NOTE, "good.json": NOTE}), stand_in.encode(), name.encode())
    got = reads("in/a.zip", data)
    assert got.texts == ["A quiet note."]
    got.one_fault("unsafe-archive")
    assert {path.name for path in tmp_path.rglob("*")} == {"in", "a.zip"}


def test_member_that_is_a_link(reads):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("link.txt")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/hostname")
        archive.writestr("good.json", NOTE)
    got = reads("a.zip", out.getvalue())
    assert got.texts == ["A quiet note."]
    assert "symbolic link" in got.one_fault("unsafe-archive")


def test_zip_in_zip_and_in_gzip(reads):
    inner = packed({"x.json": NOTE})
    got = reads("a.zip", packed({"inner.zip": inner, "good.json": NOTE}))
    assert got.texts == ["A quiet note."]
    assert "archive inside an archive" in got.one_fault("malformed-file")
    assert "twice" in reads("b.zip.gz", gzip.compress(inner)).one_fault("malformed-file")
    assert "twice" in reads("c.gz.gz", gzip.compress(gzip.compress(b"x"))).one_fault("malformed-file")


def test_bombs(reads):
    small = {"read.max_archive_bytes": 1 << 20}
    zeros = b'[{"text": "' + b"0" * (30 << 20) + b'"}]'
    got = reads("a.json.gz", gzip.compress(zeros))
    assert "times its size" in got.one_fault("archive-bomb")
    got = reads("b.json.gz", gzip.compress(zeros), settings=small)
    assert "1,048,576 bytes" in got.one_fault("archive-bomb")
    # One member breaks the ratio; the archive, padded, does not: the others are read.
    import random

    noise = random.Random(1).randbytes(1 << 20)
    got = reads(
        "c.zip", packed({"bomb.json": zeros, "noise.jpg": b"\xff\xd8\xff" + noise, "good.json": NOTE})
    )
    assert got.texts == ["A quiet note."]
    got.one_fault("archive-bomb")
    got = reads("d.zip", packed({"bomb.json": zeros, "after.json": NOTE}), settings=small)
    assert got.posts == []  # the whole archive is spent
    got.one_fault("archive-bomb")


def test_a_small_file_may_shrink_a_lot(reads):
    text = "la " * 100_000
    assert reads("song.txt.gz", gzip.compress(text.encode())).one().text == text


def test_members_that_share_their_bytes(reads):
    """Overlapping entries: each within the ratio, together far beyond what is on disk."""
    body = zlib.compressobj(9, zlib.DEFLATED, -15)
    raw = b"a" * (1 << 20)
    data = body.compress(raw) + body.flush()
    import struct

    local = struct.pack(
        "<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 0, zlib.crc32(raw), len(data), len(raw), 1, 0
    )
    blob = local + b"x" + data
    entries = b"".join(
        struct.pack(
            "<4s6H3I5H2I",
            b"PK\x01\x02",
            20,
            20,
            0,
            8,
            0,
            0,
            zlib.crc32(raw),
            len(data),
            len(raw),
            1,
            0,
            0,
            0,
            0,
            0,
            0,
        )
        + b"x"
        for _ in range(60)
    )
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 60, 60, len(entries), len(blob), 0)
    got = reads("a.zip", blob + entries + end)
    assert len(got.posts) < 20
    assert got.faults


def test_encrypted_member(reads):
    data = bytearray(packed({"secret.json": NOTE, "good.json": NOTE}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    got = reads("a.zip", bytes(data))
    assert got.texts == ["A quiet note."]
    assert "encrypted" in got.one_fault("unreadable-file")


def test_unread_compression(reads):
    got = reads("a.zip", packed({"a.json": NOTE}, zipfile.ZIP_LZMA))
    assert "compression method" in got.one_fault("malformed-file")


def test_damaged_member_leaves_the_others(reads):
    text = "".join(json.dumps({"text": f"n {zlib.crc32(str(n).encode())}"}) + "\n" for n in range(3000))
    data = bytearray(packed({"bad.jsonl": text, "good.json": NOTE}))
    data[5000:5040] = b"\xff" * 40
    got = reads("a.zip", bytes(data))
    assert "A quiet note." in got.texts
    assert got.codes
    assert all(fault.error.file.endswith("!bad.jsonl") for fault in got.faults)


def test_cut_zip(reads):
    data = packed({f"{n}.json": NOTE for n in range(20)})
    reads("a.zip", data[: len(data) // 2]).one_fault("truncated-file")
    reads("b.zip", packed({})).one_fault("empty-file")


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (packed({"[Content_Types].xml": "<x/>", "word/document.xml": "<y/>"}), "office"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "7-Zip"),
        (b"\x00" * 257 + b"ustar\x0000" + b"\x00" * 300, "tar"),
    ],
)
def test_other_containers_are_named(reads, data, word):
    got = reads("a.bin", data)
    assert word in got.one_fault("undetected-format")
    assert "add" in got.faults[0].error.remedy


def test_media_and_style_sheets_are_counted_not_faults(reads):
    assert reads("a.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * 99).skipped[0].reason == "picture"
    assert reads("a.mp4", b"\x00\x00\x00\x20ftypisom" + b"\x00" * 99).skipped[0].reason == "sound or video"
    assert reads("style.css", "body { color: red }").skipped[0].reason == "style sheet, script or font"
    # Asked for by name, it is read.
    assert reads("style.css", "body { color: red }", format="text").one().platform == "file"
