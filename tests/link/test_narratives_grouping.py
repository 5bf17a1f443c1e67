from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from narratives_helpers import link

from tocsin.link.narratives.course import lag_words, spread_of, stages_of
from tocsin.link.narratives.facts import Facts, conflicts, is_denied, quantity_of
from tocsin.link.narratives.grouping import central, group_wordings
from tocsin.link.narratives.meanings import pack, unpack
from tocsin.link.narratives.terms import terms_of
from tocsin.link.narratives.wordings import WordingFacts, link_wordings

KAZAN = "geonames:551487|RU|city|Kazan"
LVIV = "geonames:702550|UA|city|Lviv"
RUSSIA = "geonames:2017370|RU|country|Russia"
PLAIN = Facts("en", denied=False)


def facts(**values: object) -> Facts:
    return Facts(**{"language": "en", "denied": False, **values})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        (facts(), facts(denied=True), ("negation",)),
        (facts(places=(KAZAN,)), facts(places=(LVIV,)), ("place: Kazan ≠ Lviv",)),
        (facts(places=(KAZAN,)), facts(), ()),
        (facts(places=(KAZAN,)), facts(places=(RUSSIA,)), ()),
        (facts(places=(KAZAN,)), facts(places=("||name|Казань",)), ()),
        (facts(places=(LVIV,)), facts(places=("||name|Казань",)), ("place: Lviv ≠ Казань",)),
        (facts(numbers=("6.0|6.0|||",)), facts(numbers=("8.0|8.0|||",)), ("number: 6 ≠ 8",)),
        (facts(numbers=("6.0|6.0|||",)), facts(numbers=("6.0|6.0|||", "8.0|8.0|||")), ()),
        (facts(numbers=("5000.0|5000.0|m||",)), facts(numbers=("5.0|5.0|||",)), ()),
        (facts(actors=("PER|Gleb Lampov",)), facts(actors=("PER|Глеба Лампова",)), ()),
        (
            facts(actors=("PER|Gleb Lampov",)),
            facts(actors=("PER|Peter Samovar",)),
            ("actor: Gleb Lampov ≠ Peter Samovar",),
        ),
        # What was read as a place beside an actor of the other's, unless the other names it as a place too.
        (
            facts(places=("||name|Gleb Lampov",)),
            facts(actors=("PER|Пётр Самовар",)),
            ("actor: Gleb Lampov ≠ Пётр Самовар",),
        ),
        (facts(places=("||name|Gleb Lampov",)), facts(actors=("PER|Глеб Лампов",)), ()),
        (
            facts(places=("||name|Upper Teapot",)),
            facts(actors=("PER|Пётр Самовар",), places=("||name|Upper Teapot",)),
            (),
        ),
        (facts(places=("||name|Teapot",)), facts(actors=("PER|Пётр Самовар",)), ()),
        (facts(opposites=("open+",)), facts(opposites=("open-",)), ("opposite: open",)),
        (facts(opposites=("open+",), denied=True), facts(opposites=("open-",)), ()),
        (
            facts(opposites=("weekday=Monday",)),
            facts(opposites=("weekday=Thursday",)),
            ("weekday: Monday ≠ Thursday",),
        ),
        (facts(opposites=("weekday=Monday",)), facts(opposites=("currency=euro",)), ()),
        (
            facts(opposites=("month=June", "weekday=Friday", "weekday=Monday")),
            facts(opposites=("weekday=Monday",)),
            (),
        ),
    ],
)
def test_what_two_claims_contradict_of_one_another(one: Facts, other: Facts, found: tuple[str, ...]) -> None:
    assert conflicts(one, other) == found
    assert conflicts(other, one) == found


@pytest.mark.parametrize(
    ("text", "language", "terms"),
    [
        ("The regatta was moved to Monday", "en", ("weekday=Monday",)),
        ("Регату перенесли с понедельника на среду", "ru", ("weekday=Monday", "weekday=Wednesday")),
        ("Окружающая среда у маяка чиста", "ru", ()),
        ("Курс доллара вырос, курс евро тоже", "ru", ("currency=dollar", "currency=euro", "rise+")),
        ("Перегони відкрили у четвер, 5 травня", "uk", ("month=May", "open+", "weekday=Thursday")),
        ("Жарыс дүйсенбіде ашылды", "kk", ("open+", "weekday=Monday")),
        ("Склад открыли и закрыли", "ru", ()),
    ],
)
def test_terms_that_exclude_others_are_read(text: str, language: str, terms: tuple[str, ...]) -> None:
    assert terms_of(text, language) == terms


@pytest.mark.parametrize(
    ("text", "language", "denied"),
    [
        ("The company launched lanterns from Kazan", "en", False),
        ("The company did not launch lanterns from Kazan", "en", True),
        ("It launched not only lanterns but kites", "en", False),
        ("Компания не запускала фонари", "ru", True),
        ("Компания запускала не только фонари", "ru", False),
        ("Таємної лабораторії немає", "uk", True),
        ("Компания шам ұшырған жоқ", "kk", True),
        ("Компания шам ұшырды", "kk", False),
    ],
)
def test_denial_is_read_from_the_words(text: str, language: str, denied: bool) -> None:
    assert is_denied(text, language, "CT+") is denied
    assert is_denied(text, language, "CT-")


def test_a_chain_of_near_neighbours_is_no_group() -> None:
    names = [f"w{n}" for n in range(6)]
    chain = [link(a, b, 0.8) for a, b in pairwise(names)]
    groups = group_wordings(dict.fromkeys(names, PLAIN), chain)
    assert max(len(group) for group in groups) == 2
    clique = [link(a, b, 0.8) for n, a in enumerate(names) for b in names[n + 1 :]]
    assert group_wordings(dict.fromkeys(names, PLAIN), clique) == [tuple(names)]


def test_what_says_less_joins_one_of_two_that_conflict() -> None:
    own = {"kazan": facts(places=(KAZAN,)), "lviv": facts(places=(LVIV,)), "somewhere": PLAIN}
    links = [
        link("kazan", "somewhere", 0.9),
        link("lviv", "somewhere", 0.8),
        link("kazan", "lviv", 0.95, ["place"]),
    ]
    assert group_wordings(own, links) == [("kazan", "somewhere"), ("lviv",)]


@st.composite
def linked(draw: st.DrawFn) -> tuple[dict[str, Facts], list]:
    names = [f"w{n}" for n in range(draw(st.integers(2, 9)))]
    kinds = st.sampled_from(
        [PLAIN, facts(denied=True), facts(places=(KAZAN,)), facts(places=(LVIV,)), facts(places=(RUSSIA,))]
    )
    own = {name: draw(kinds) for name in names}
    pairs = [(a, b) for n, a in enumerate(names) for b in names[n + 1 :]]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=30))
    scores = st.sampled_from([0.5, 0.7, 0.7001, 0.9])
    return own, [link(a, b, draw(scores), conflicts(own[a], own[b])) for a, b in chosen]


@given(linked(), st.randoms(use_true_random=False))
def test_groups_depend_on_the_set_of_links_and_never_hold_a_conflict(world: tuple, random: object) -> None:
    own, links = world
    found = group_wordings(own, links)
    shuffled = list(links)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert group_wordings(dict(reversed(own.items())), shuffled) == found
    assert sorted(name for group in found for name in group) == sorted(own)
    joined = {(link.wording_id, link.other_id) for link in links if not link.conflicts}
    for group in found:
        pairs = [(a, b) for n, a in enumerate(group) for b in group[n + 1 :]]
        assert not any(conflicts(own[a], own[b]) for a, b in pairs)
        assert all(any(name in pair for pair in joined) for name in group) or len(group) == 1


def test_the_central_wording_is_nearest_to_what_is_told_most() -> None:
    scores = {("a", "b"): 0.9, ("b", "c"): 0.9, ("a", "c"): 0.5}
    assert central(["c", "b", "a"], scores, {"a": 1, "b": 1, "c": 1}) == "b"
    assert central(["c", "b", "a"], scores, {"a": 50, "b": 1, "c": 1}) == "a"


@given(st.integers(0, 2**31), st.integers(0, 12), st.data())
def test_links_of_new_wordings_and_old_ones_are_all_links(seed: int, count: int, data: st.DataObject) -> None:
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(count, 4)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    codes = data.draw(st.lists(st.sampled_from(["en", "ru", "xx"]), min_size=count, max_size=count))
    wordings = [WordingFacts(f"w{n:02}", Facts(code, denied=False)) for n, code in enumerate(codes)]
    everything = link_wordings(wordings, vectors)
    cut = data.draw(st.integers(0, count))
    old = link_wordings(wordings[:cut], vectors[:cut])
    new = link_wordings(wordings, vectors, range(cut, count))
    assert sorted(old + new, key=lambda x: (x.wording_id, x.other_id)) == everything


@given(st.lists(st.floats(-1, 1, width=32), min_size=3, max_size=40).filter(any))
def test_packed_vectors_keep_their_direction(values: list[float]) -> None:
    vector = np.array(values, dtype=np.float32)
    if not np.linalg.norm(vector) > 1e-6:
        return
    vector /= np.linalg.norm(vector)
    data, scale = pack(vector)
    (found,) = unpack([data], [scale])
    assert float(found @ vector) > 0.999


def test_the_course_of_a_narrative() -> None:
    start = datetime(2024, 3, 4, 6, tzinfo=UTC)
    hours = [0, 5, 6, 24, 25, 26, 24 * 40]
    times = [start + timedelta(hours=h) for h in hours]
    languages, spread = spread_of(list(zip(times, ["ru", "en", "ru", "kk", "en", "ru", "en"], strict=True)))
    assert languages == ("ru", "en", "kk")
    assert spread == ("ru→en in 5 h", "ru→kk in 24 h")
    assert stages_of(times) == (
        "appears 2024-03-04",
        "at its height 2024-03-04 (3 of 7)",
        "comes back 2024-04-13 after 38 days",
        "last told 2024-04-13",
    )
    assert stages_of([]) == ()
    assert lag_words(timedelta(minutes=50)) == "50 min"


def test_numbers_read_back() -> None:
    assert str(quantity_of("6.0||km|h|~")) == "~>=6 km / h"
    with pytest.raises(ValueError, match="unpack"):
        quantity_of("6")
