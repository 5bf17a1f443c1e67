"""Properties of both resolvers on arbitrary text, and of the kernels."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.model import PlaceMention, TimeMention
from tocsin.model.arrow import arrow_schema, rows_of
from tocsin.model.tables import DOCUMENTS, PLACES, SENTENCES, TIMES
from tocsin.resolve.places import find_places
from tocsin.resolve.stage import resolve_places, resolve_times
from tocsin.resolve.times import find_times
from tocsin.resolve.times.calendar import ZONES
from tocsin.settings import SETTINGS

LANGUAGES = ["en", "ru", "uk", "kk", "und", "de"]
#: Pieces that meet in odd orders: what a grammar trips over.
_PIECES = (
    "March 22 since at least of this year 2024 99 31 30 February -1 0 19:30 по Москве с до в ночь на "
    "вчера завтра через три дня лет назад 1990-х середины 03.04.2024 9999 0001 үш күннің ішінде бүгін "
    "былтыр минулого тижня роки 1936 Monday last next every ago 10 days left . , – - every 1000000 "
    "years ago сто веков назад in 900 centuries II XX веке Москва Нью-Йорк Of Paris Texas , ( ) « » "
    "США U.S. Иван Киев область Алматы облысы İ ß ё Ё ’s ʼ 2024-13-45T99:99 "
)
PIECES = [*_PIECES.split(), "\n"]
phrases = st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join)
texts = st.one_of(st.text(max_size=60), phrases)
dates = st.one_of(
    st.none(),
    st.datetimes(min_value=datetime(1, 1, 3), max_value=datetime(9999, 12, 28)).map(
        lambda d: d.replace(tzinfo=UTC)
    ),
)


def check_spans(text: str, mentions: list[TimeMention] | list[PlaceMention]) -> None:
    end = 0
    for mention in mentions:
        quoted = text[mention.start : mention.end]
        assert quoted
        assert quoted == quoted.strip()
        assert mention.start >= end
        assert 0 <= mention.score <= 1
        assert mention.reasons
        end = mention.end


@settings(max_examples=400, deadline=None)
@given(texts, st.sampled_from(LANGUAGES), dates)
def test_times_of_any_text(text: str, language: str, published: datetime | None) -> None:
    spans = [(0, len(text), language)] if text else []
    found = find_times("d", text, spans, published)
    check_spans(text, found)
    for mention in found:
        if mention.lower is not None and mention.upper is not None:
            assert mention.lower < mention.upper
        assert mention.value
    assert found == find_times("d", text, spans, published)


@settings(max_examples=300, deadline=None)
@given(texts, st.sampled_from(LANGUAGES))
def test_places_of_any_text(text: str, language: str) -> None:
    spans = [(0, len(text), language)] if text else []
    found = find_places("d", text, spans)
    check_spans(text, found)
    for mention in found:
        assert -90 <= mention.latitude <= 90
        assert -180 <= mention.longitude <= 180
    assert found == find_places("d", text, spans)


TEXTS = {
    "b": "Ярмарка прошла в Казани 3 апреля.",
    "a": "Rain fell in Almaty on Monday. It will end tomorrow.",
    "c": "",
}


def tables() -> tuple[pa.Table, pa.Table]:
    documents = pa.table(
        {
            "document_id": list(TEXTS),
            "text": list(TEXTS.values()),
            "published": pa.array(
                [datetime(2024, 4, 5, tzinfo=UTC), None, None], pa.timestamp("us", tz="UTC")
            ),
        }
    )
    sentences = pa.table(
        {
            "document_id": ["b", "a", "a"],
            "start": pa.array([0, 31, 0], pa.int32()),
            "end": pa.array([len(TEXTS["b"]), len(TEXTS["a"]), 30], pa.int32()),
            "language": ["ru", "en", "en"],
        }
    )
    return documents, sentences


@pytest.mark.parametrize(
    ("kernel", "table"), [(resolve_times, TIMES), (resolve_places, PLACES)], ids=["times", "places"]
)
def test_kernels_give_declared_tables_whatever_the_row_order(
    kernel: Callable[[pa.Table, pa.Table], dict[str, pa.Table]], table: object
) -> None:
    documents, sentences = tables()
    result = kernel(documents, sentences)
    name = table.name  # type: ignore[attr-defined]
    assert set(result) == {name}
    assert result[name].schema == arrow_schema(table)  # type: ignore[arg-type]
    turned = kernel(documents.take([2, 1, 0]), sentences.take([2, 1, 0]))
    assert turned[name].equals(result[name])
    rows = list(rows_of(result[name], table))  # type: ignore[arg-type]
    assert rows
    assert len({row.mention_id for row in rows}) == len(rows)
    for row in rows:
        assert TEXTS[row.document_id][row.start : row.end].strip()


def test_kernels_on_nothing() -> None:
    documents, sentences = tables()
    assert resolve_times(documents.slice(0, 0), sentences)["times"].num_rows == 0
    assert resolve_places(documents, sentences.slice(0, 0))["places"].num_rows == 0


def test_the_zone_is_a_setting_of_the_kernel() -> None:
    documents, sentences = (arrow_schema(table).empty_table() for table in (DOCUMENTS, SENTENCES))
    for zone in ZONES:
        assert resolve_times(documents, sentences, {"times.zone": zone})["times"].num_rows == 0
    (setting,) = [s for s in SETTINGS if s.name == "times.zone"]
    assert setting.choices == tuple(sorted(ZONES, key=lambda zone: (zone != "UTC", zone)))
