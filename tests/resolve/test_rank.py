"""Which namesake: explanations, order, and what a document says of it. All sentences are invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.model import PlaceMention
from tocsin.resolve.candidates import candidate_at, find_candidates
from tocsin.resolve.gazetteer import load_gazetteer
from tocsin.resolve.places import find_places, locate
from tocsin.resolve.rank import Context, context_of, features, load_weights, rank


def located(text: str, *names: str, language: str = "en") -> list[PlaceMention | None]:
    spans = [(text.index(name), text.index(name) + len(name)) for name in names]
    return locate("d", text, spans, language)


@pytest.mark.parametrize(
    ("text", "name", "country", "admin1"),
    [
        ("The bakery in Springfield, Ill. is shut.", "Springfield", "US", "IL"),
        ("The bakery in Springfield, Mass. is shut.", "Springfield", "US", "MA"),
        ("A choir from Dover, Delaware sang.", "Dover", "US", "DE"),
        ("Choirs from Dover, Canterbury and Maidstone in Kent, England sang.", "Dover", "GB", "ENG"),
        ("Vancouver, WA, has a new library.", "Vancouver", "US", "WA"),
        ("Vancouver, B.C., has a new library.", "Vancouver", "CA", "02"),
        ("The fair in Tbilisi, Georgia, is open.", "Georgia", "GE", ""),
    ],
)
def test_what_stands_around_chooses(text: str, name: str, country: str, admin1: str) -> None:
    (found,) = located(text, name)
    assert found is not None
    entry = load_gazetteer().by_id(found.place_id)
    assert entry is not None
    assert (entry.country, entry.admin1) == (country, admin1)


def test_towns_of_a_state_choose_the_state() -> None:
    text = "The fairs in Atlanta and Savannah, Georgia, are open."
    found = located(text, "Atlanta", "Savannah", "Georgia")
    assert [m and (m.country, m.feature) for m in found] == [("US", "city"), ("US", "city"), ("US", "region")]


@pytest.mark.parametrize(
    ("names", "country", "admin1"),
    [
        (("Cambridge", "Somerville", "Medford", "Boston"), "US", "MA"),
        (("Cambridge", "Ely", "Newmarket", "Huntingdon"), "GB", "ENG"),
        (("Durham", "Raleigh", "Cary", "Chapel Hill"), "US", "NC"),
        (("Athens", "Watkinsville", "Winder", "Bogart"), "US", "GA"),
        (("Mexico", "Puebla", "Toluca"), "MX", ""),
    ],
)
def test_neighbours_choose_in_a_local_report(names: tuple[str, ...], country: str, admin1: str) -> None:
    text = f"Kilns in {names[0]} cooled. Potters from {', '.join(names[1:])} came."
    found = located(text, *names)[0]
    entry = load_gazetteer().by_id(found.place_id) if found else None
    assert entry is not None
    assert (entry.country, entry.admin1) == (country, admin1)


def test_once_told_is_told_for_the_whole_document() -> None:
    text = "A fair opened in Paris, Texas. Bread was sold. Paris was full of guests."
    spans = [(at, at + 5) for at in (text.index("Paris"), text.rindex("Paris"))]
    assert [m and m.country for m in locate("d", text, spans, "en")] == ["US", "US"]


def test_words_for_peoples_are_located_when_given_and_no_mentions_of_their_own() -> None:
    text = "Syrian bakers met a Mongolian choir."
    assert [m and m.country for m in located(text, "Syrian", "Mongolian")] == ["SY", "MN"]
    assert find_places("d", text, [(0, len(text), "en")]) == []


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Republic of Armenia", "Armenia"),
        ("RUSSIA", "Russia"),
        ("St. Petersburg", "Saint Petersburg"),
        ("U.S", "United States"),
        ("Calif", "California"),
        ("NSW", "New South Wales"),
    ],
)
def test_given_names_are_found_in_other_dress(name: str, place: str) -> None:
    (found,) = located(f"Bread from {name} is sold in Moscow.", name)
    assert found is not None
    assert found.name == place
    assert found.end - found.start == len(name)


def test_what_is_no_place_name_is_not_located() -> None:
    assert located("The Qwzxkv is shut.", "Qwzxkv") == [None]


def test_short_forms_need_a_comma_before_them_unless_given() -> None:
    text = "He said OK and IN or ME."
    assert find_candidates(text, 0, "en") == []
    assert [c.key for c in find_candidates("A bridge in Salem, OR fell.", 0, "en")] == ["salem", "=OR"]


def test_probabilities_are_of_all_readings() -> None:
    gazetteer = load_gazetteer()
    (c,) = find_candidates("Springfield is small.", 0, "en")
    found = rank(c, Context(), gazetteer)
    assert sum(r.probability for r in found) == pytest.approx(1)
    assert [r.probability for r in found] == sorted((r.probability for r in found), reverse=True)
    weights = load_weights()
    assert all(name in weights for r in found for name, _ in r.features)


def test_every_feature_has_a_weight_and_words() -> None:
    from training.places.words import WORDS

    assert {name: words for name, (_, words) in load_weights().items()} == WORDS


names = st.sampled_from(["Springfield", "Paris", "Georgia", "Moscow", "Dover", "Kent", "Texas", "Cambridge"])


@given(st.lists(names, min_size=1, max_size=6, unique=True), st.randoms())
def test_the_order_of_the_others_makes_no_difference(drawn: list[str], random: object) -> None:
    gazetteer = load_gazetteer()
    found = [c for name in drawn for c in find_candidates(name, 0, "en")]
    one = context_of([(c, rank(c, Context(), gazetteer)[0]) for c in found], gazetteer)
    turned = list(reversed(found))
    other = context_of([(c, rank(c, Context(), gazetteer)[0]) for c in turned], gazetteer)
    for c in found:
        assert [r.probability for r in rank(c, one, gazetteer)] == [
            r.probability for r in rank(c, other, gazetteer)
        ]
        for reading in c.readings[:3]:
            entry = gazetteer.entry(reading.row)
            assert features(c, reading.mark, entry, one, gazetteer) == features(
                c, reading.mark, entry, other, gazetteer
            )


@given(st.text(max_size=40), st.integers(0, 40), st.integers(0, 40))
def test_any_span_is_located_or_not(text: str, start: int, end: int) -> None:
    start, end = sorted((min(start, len(text)), min(end, len(text))))
    candidate_at(text, start, end, "en")
    (found,) = locate("d", text, [(start, end)], "ru")
    assert found is None or (found.start, found.end) == (start, end)
