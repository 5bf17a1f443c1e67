from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import EncodingError, UndetectedFormatError
from tocsin.read.encodings import detect
from tocsin.read.text import CHUNK, TextSource

SAMPLES = {
    "ru": "В музее часов открылась новая выставка, говорит директор.",
    "uk": "У місті відкрили новий ярмарок, повідомляє газета. Її автор — Олена.",
    "short-ru": "Погода хорошая",
    "word": "Привет",
    "caps": "ВНИМАНИЕ! СЕГОДНЯ КОНЦЕРТ",
    "mixed": "The word «мост» means bridge, and «река» means river.",
    "digits": "Курс: 104,5 рубля; 12.04.2024 — 110.",
    "title": "Новости Города",
}
KAZAKH = "Қалада жаңа кітапхана ашылды, деді мұражай басшысы. Көрме ертең өтеді, кіру тегін."


@pytest.mark.parametrize("codec", ["cp1251", "koi8-r", "koi8-u", "cp866", "utf-16", "utf-8", "utf-8-sig",
                                   "utf-16-le", "utf-16-be"])  # fmt: skip
@pytest.mark.parametrize("name", SAMPLES)
def test_russian_and_ukrainian(reads, name, codec):
    text = SAMPLES[name]
    try:
        data = text.encode(codec)
    except UnicodeEncodeError:
        text = text.replace("—", "-").replace("«", '"').replace("»", '"')
        text = text if codec != "cp866" else text.replace("і", "и").replace("ї", "и").replace("Її", "Ии")
        data = text.encode(codec, "ignore")
        text = data.decode(codec)
    assert reads("a.txt", data).one().text == text


@pytest.mark.parametrize("codec", ["kz1048", "utf-16-le", "utf-8"])
def test_kazakh(reads, codec):
    assert reads("a.txt", KAZAKH.encode(codec)).one().text == KAZAKH


def test_kazakh_in_plain_cp1251_letters(reads):
    text = "Астанада кітап жәрмеңкесі".replace("ә", "а").replace("ң", "н")
    assert reads("a.txt", text.encode("cp1251")).one().text == text


@pytest.mark.parametrize(
    "text", ["Le café est fermé à Nîmes, dit-elle.", "Größe und Übermut", "“Quoted” – text…"]
)
def test_western(reads, text):
    assert reads("a.txt", text.encode("cp1252")).one().text == text


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "cp1251", "utf-8-sig", "koi8-r"])
def test_structured_formats_in_other_encodings(reads, codec):
    rows = [{"text": SAMPLES["ru"], "id": n} for n in range(3)]
    raw = json.dumps(rows, ensure_ascii=False)
    assert reads("a.json", raw.encode(codec)).texts == [SAMPLES["ru"]] * 3
    lines = "\r\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\r\n"
    assert reads("a.jsonl", lines.encode(codec)).texts == [SAMPLES["ru"]] * 3
    table = "id,text\r\n" + "".join(f'{n},"{SAMPLES["ru"]}"\r\n' for n in range(3))
    assert reads("a.csv", table.encode(codec)).texts == [SAMPLES["ru"]] * 3


def test_cyrillic_that_comes_late(reads):
    filler = [{"text": "plain words", "id": n} for n in range(CHUNK // 16)]
    raw = json.dumps([*filler, {"text": SAMPLES["ru"]}], ensure_ascii=False).encode("cp1251")
    assert len(raw) > 2 * CHUNK
    got = reads("a.json", raw)
    assert got.codes == []
    assert got.texts[-1] == SAMPLES["ru"]


def test_few_bad_bytes_in_utf8(reads):
    data = (SAMPLES["ru"] * 5).encode() + b"\xf0\x9f " + SAMPLES["uk"].encode()
    got = reads("a.txt", data)
    assert got.texts == [SAMPLES["ru"] * 5 + "\ufffd\ufffd " + SAMPLES["uk"]]
    got.one_fault("encoding", kept=True)
    line = b'{"text": "' + data + b'"}\n{"text": "good"}\n'
    got = reads("a.jsonl", line)
    assert got.texts[1] == "good"
    got.one_fault("encoding", position="line 1", kept=True)


def test_nul_and_surrogates_are_replaced_one_for_one(reads):
    got = reads("a.jsonl", '{"text": "a\\u0000b\\ud83dc \\ud83d\\ude00"}\n')
    assert got.codes == []
    assert got.texts == ["a\ufffdb\ufffdc 😀"]
    assert reads("a.txt", "one\x00two " + "x" * 200).texts == ["one\ufffdtwo " + "x" * 200]


def test_newlines(reads):
    assert reads("a.txt", "one\r\ntwo\rthree\n").one().text == "one\ntwo\nthree\n"
    assert reads("a.jsonl", '{"text": "one\\r\\ntwo\\rthree"}\n').one().text == "one\ntwo\nthree"
    # The pair may fall on the edge of two chunks.
    text = "x" * (CHUNK - 1) + "\r\n" + "é"
    assert reads("b.txt", text).one().text == text.replace("\r", "")
    assert reads("c.csv", "id,text\r1,one\r2,two\r").texts == ["one", "two"]


def test_no_normalisation(reads):
    text = "e\u0301 \u200b\ufb01 ﷺ \u00a0"
    assert reads("a.txt", text).one().text == text


@pytest.mark.parametrize("data", [b"\x00" * 500, bytes(range(256)) * 40, b"\x7fELF" + b"\x00\x01\x02" * 100])
@pytest.mark.parametrize("name", ["a.txt", "a.json", "noext"])
def test_binary(reads, data, name):
    assert "binary" in reads(name, data).one_fault("undetected-format")


def test_bytes_that_are_no_text():
    with pytest.raises((EncodingError, UndetectedFormatError)):
        detect(bytes([0x81, 0x8D, 0x90, 0xFF, 0xFE, 0xF8] * 50), whole=True)


@given(st.binary(max_size=300), st.booleans())
def test_detection_only_raises_input_errors(data, whole):
    try:
        codec = detect(data, whole=whole)
    except (EncodingError, UndetectedFormatError):
        return
    data.decode(codec, "replace")


@given(st.text(alphabet="абвгдежзийклмнопрстуфхцчшщъыьэюя \n", min_size=200, max_size=400))
def test_utf8_is_never_taken_for_anything_else(text):
    if text.isspace():
        return
    assert detect(text.encode(), whole=True) == "utf-8"


@given(st.text(max_size=60), st.integers(1, 7))
def test_chunks_do_not_matter(text, size):
    import io

    class Slow(io.BytesIO):
        def read(self, _: int | None = -1) -> bytes:
            return super().read(size)

    try:
        data = ("é, so UTF-8. " + text).encode()
        assert detect(data, whole=True) == "utf-8"
    except (UnicodeEncodeError, UndetectedFormatError):
        return
    expected = data.decode().replace("\r\n", "\n").replace("\r", "\n")
    assert TextSource(Slow(data)).read_all() == expected
