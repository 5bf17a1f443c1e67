"""Promises on arbitrary text, the kernel, and the project's own sets."""

from __future__ import annotations

import dataclasses
import math
import subprocess
import sys

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tocsin.resolve.quantities as package
from tocsin.model import QuantityMention
from tocsin.model.arrow import arrow_schema, rows_of
from tocsin.model.tables import QUANTITIES
from tocsin.resolve.quantities import LANGUAGES, find_quantities
from tocsin.resolve.quantities.lexicon import load_lexicon
from tocsin.resolve.quantities.units import dimension
from tocsin.resolve.stage import resolve_quantities
from training.annotated_quantities.load import SPLITS, faults, load

#: Pieces that meet in odd orders: what a grammar trips over.
_PIECES = """
at least up to about between and from to or 5 7 12 1,2 1.200 1 200 0 -5 −3 +18 1/2 24/7 3:2 5–7
10-15 dozens of hundreds thousand million млн тыс. half a third quarter two twenty-three km km/h sq.
m² % °C $ € £5m USD per a twice times more less не менее до около свыше с лишним от пять-шесть
полкило полтора десятка четыре человек рублей 50 копеек в 3 раза вдвое меньше половина каждый пятый
минус градусов мороза за килограмм в час понад близько від з лишком п'ять тисяч гривень удвічі
чверть пів кемінде дейін астам жуық аз екі жүзге үштен бірі бір жарым жарты есе сағатына теңге пайыз
адамға мың ондаған 500-ге 12-сі ² ½ İ ß ё ’s ʼ № room 2024 мая May ) ( « » . , ; — ... … / - #
"""
PIECES = [*_PIECES.split(), "\n", "1\u202f200", "\u00a0"]
phrases = st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join)
glued = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
texts = st.one_of(st.text(max_size=60), phrases, glued)


@settings(max_examples=500)
@given(texts, st.sampled_from([*LANGUAGES, "und", "de"]))
def test_any_text(text: str, language: str) -> None:
    spans = [(0, len(text), language)] if text else []
    found = find_quantities("d", text, spans)
    end = 0
    for mention in found:
        quoted = text[mention.start : mention.end]
        assert quoted
        assert quoted == quoted.strip()
        assert mention.start >= end
        end = mention.end
        assert 0 <= mention.score <= 1
        assert mention.reasons
        value = mention.quantity  # raises where its bounds leave no number
        assert value.low is not None or value.high is not None
        assert mention.dimension == dimension(mention.unit, mention.per)
        for span in mention.counted:
            assert text[span.start : span.end].strip()
            assert mention.counted_key
    assert found == find_quantities("d", text, spans)


@given(texts, texts, st.sampled_from(LANGUAGES))
def test_sentences_are_independent(one: str, other: str, language: str) -> None:
    text = f"{one} {other}"
    cut = len(one) + 1
    parts = [(0, cut, language), (cut, len(text), language)]
    values = [str(m.quantity) for m in find_quantities("d", text, parts)]
    alone = [
        str(m.quantity)
        for start, end, _ in parts
        for m in find_quantities("d", text[start:end], [(0, end - start, language)])
    ]
    assert values == alone


TEXTS = {"b": "Ярмарка собрала 300 гостей.", "a": "Ten plums cost $3. It rained.", "c": ""}


def tables() -> tuple[pa.Table, pa.Table]:
    documents = pa.table({"document_id": list(TEXTS), "text": list(TEXTS.values())})
    sentences = pa.table(
        {
            "document_id": ["b", "a", "a"],
            "start": pa.array([0, 19, 0], pa.int32()),
            "end": pa.array([len(TEXTS["b"]), len(TEXTS["a"]), 18], pa.int32()),
            "language": ["ru", "en", "en"],
        }
    )
    return documents, sentences


def test_the_kernel_gives_the_declared_table_whatever_the_row_order() -> None:
    documents, sentences = tables()
    result = resolve_quantities(documents, sentences)["quantities"]
    assert result.schema == arrow_schema(QUANTITIES)
    turned = resolve_quantities(documents.take([2, 1, 0]), sentences.take([2, 1, 0]))["quantities"]
    assert turned.equals(result)
    rows = list(rows_of(result, QUANTITIES))
    assert [str(row.quantity) for row in rows] == ["10", "3 USD", "300"]
    assert len({row.mention_id for row in rows}) == len(rows)


def test_the_kernel_on_nothing() -> None:
    documents, sentences = tables()
    for left, right in ((documents.slice(0, 0), sentences), (documents, sentences.slice(0, 0))):
        assert resolve_quantities(left, right)["quantities"].num_rows == 0


def test_row_and_columns_are_one() -> None:
    assert tuple(field.name for field in dataclasses.fields(QuantityMention)) == QUANTITIES.column_names


def test_import_is_light() -> None:
    code = (
        "import sys, tocsin.resolve.quantities;"
        "heavy = {'pyarrow', 'pymorphy3', 'yaml', 'duckdb', 'babel', 'numpy'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_all_is_sorted() -> None:
    assert list(package.__all__) == sorted(
        package.__all__, key=lambda n: (not n.isupper(), not n[:1].isupper(), n)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_a_lexicon_is_levelled_and_every_unit_is_known(language: str) -> None:
    lexicon = load_lexicon(language)
    assert all(form == form.lower() for form in lexicon.words)
    for word in (*lexicon.words.values(), *lexicon.exact.values()):
        if word.category in ("UNIT", "RATEUNIT", "SYMBOL", "CODE", "MINOR"):
            for unit in word.value.split("|"):
                assert dimension(*unit.split("/"))


def test_the_own_sets_hold_together() -> None:
    assert faults() == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("split", SPLITS)
def test_the_own_sets_come_out(language: str, split: str) -> None:
    """A floor, not the measure: ``benchmarks/resolve/quantities.py`` measures."""
    names = ("low_open", "high_open", "approximate", "unit", "per")
    right = total = 0
    for record in load(language, split):
        text = record["text"]
        found = {(m.start, m.end): m for m in find_quantities("d", text, [(0, len(text), language)])}
        total += len(record["quantities"])
        for gold in record["quantities"]:
            mention = found.get((gold["start"], gold["end"]))
            if mention is None or any(getattr(mention, name) != gold[name] for name in names):
                continue
            pairs = ((mention.low, gold["low"]), (mention.high, gold["high"]))
            right += all(
                own is other
                or (own is not None and other is not None and math.isclose(own, other, rel_tol=1e-4))
                for own, other in pairs
            )
    assert right / total >= 0.95
