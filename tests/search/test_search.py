from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from math import log1p
from pathlib import Path

import pytest

import tocsin
from tocsin.model import DateBasis, Post
from tocsin.search.words import terms_of
from tocsin.testing.worlds import write_jsonl

POSTS = (
    ("Lantern News", "en", "The Karavan company launched twelve paper lanterns from Kazan on Friday."),
    ("Фонарный вестник", "ru", "Самовар приехал в Алматы, где открыл выставку чайников."),
    ("Фонарный вестник", "ru", "Рыбаки поймали в реке огромного сома и отпустили его домой."),
    ("Ліхтарня", "uk", "Із Казані компанія випустила в небо дванадцять паперових ліхтарів."),
    ("Lantern News", "en", "Fishermen caught a giant catfish and let it swim home."),
    ("Шам", "kk", "Алматыда шәйнектер көрмесі ашылды, оған көп адам келді."),
)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tocsin.Case]:
    folder = tmp_path_factory.mktemp("search")
    posts = [
        Post(
            text=text,
            platform="telegram",
            channel=channel,
            channel_id=f"id-{channel}",
            native_id=str(n),
            published=datetime(2024, 3, 1 + n, tzinfo=UTC),
            published_basis=DateBasis.STATED,
        )
        for n, (channel, _, text) in enumerate(POSTS)
    ]
    write_jsonl(posts, folder / "posts.jsonl")
    with tocsin.Case(folder / "case") as made:
        made.add([folder / "posts.jsonl"])
        yield made


def found(case: tocsin.Case, query: str, **options: object) -> list[int]:
    numbers = {document.document_id: int(document.native_id or 0) for document in case.documents()}
    return [numbers[hit.document_id] for hit in case.search(query, **options)]  # type: ignore[arg-type]


def test_words_are_found_in_any_form_and_names_in_any_alphabet(case: tocsin.Case) -> None:
    assert found(case, "бумажных сомов", by="words") == [2]
    assert found(case, "Samovar", by="words") == [1]
    assert set(found(case, "чайник", by="words")) == {1}
    assert found(case, "lantern launching", by="words") == [0]
    assert found(case, "unicorn", by="words") == []


def test_bm25_is_the_formula(case: tocsin.Case) -> None:
    (hit,) = case.search("catfish", by="words")
    rows = case.table("search_documents").to_pylist()
    mean = sum(row["length"] for row in rows) / len(rows)
    own = next(row["length"] for row in rows if row["document_id"] == hit.document_id)
    idf = log1p((len(rows) - 1 + 0.5) / 1.5)
    assert hit.score.value == pytest.approx(idf * 2.2 / (1 + 1.2 * (0.25 + 0.75 * own / mean)), abs=1e-3)
    assert hit.score.reasons == (f"“catfish” {hit.words['catfish']:.1f}",)


def test_meaning_crosses_languages(case: tocsin.Case) -> None:
    assert set(found(case, "A company sent paper lanterns into the sky from Kazan", by="meaning")[:2]) == {
        0,
        3,
    }
    assert set(found(case, "рыбаки отпустили сома", by="meaning")[:2]) == {2, 4}
    hit = case.search("рыбаки отпустили сома", by="meaning")[0]
    assert hit.claim_id in {claim.claim_id for claim in case.claims()}
    assert hit.score.reasons[0].startswith("nearest claim at 0.")


def test_both_ranks_what_fits_both_ways_first(case: tocsin.Case) -> None:
    assert found(case, "сом отпустили рыбаки")[0] == 2
    assert 4 in found(case, "сом отпустили рыбаки")[:3]


def test_filters_leave_out_what_does_not_fulfil_them(case: tocsin.Case) -> None:
    query = "paper lanterns from Kazan"
    assert found(case, query, until=datetime(2024, 3, 2, tzinfo=UTC)) == [0]
    assert 0 not in found(case, query, since=datetime(2024, 3, 2, tzinfo=UTC))
    assert found(case, query, channel="lantern news")[0] == 0
    assert set(found(case, query, channel="id-Ліхтарня")) <= {3}
    assert set(found(case, query, language="uk")) == {3}
    assert set(found(case, query, place="kazan")) <= {0, 3}
    assert found(case, query, place="Atlantis") == []
    assert len(case.search(query, limit=1)) == 1
    with pytest.raises(ValueError, match="smell"):
        case.search(query, by="smell")
    assert case.search("  ") == []


def test_terms_of_a_text() -> None:
    assert terms_of("cities running studies https://a.example/b", "en") == ["city", "run", "study"]
    assert terms_of("ёлки", "ru") == terms_of("елка", "ru")
    assert terms_of("", "en") == []


def test_search_on_the_command_line(case: tocsin.Case, tmp_path: Path) -> None:
    from click.testing import CliRunner

    from tocsin.cli.main import cli

    arguments = ["search", "catfish", "--case", str(case.path), "--by", "words"]
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 0, done.output
    assert "Fishermen caught a giant catfish" in done.output
    assert "Lantern News" in done.output
    none = CliRunner().invoke(cli, [*arguments, "--until", "2024-01-01"])
    assert "Nothing found" in none.output
