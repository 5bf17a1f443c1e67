"""Hypothesis strategies: nasty posts, and planted worlds. The only module here that needs hypothesis."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from tocsin.model import DateBasis, Post
from tocsin.testing.phrases import LANGUAGES
from tocsin.testing.planting import World, make_world

__all__ = ["posts", "texts", "worlds"]

#: What breaks offsets, segmenters and regular expressions: each piece once did, somewhere.
_PIECES = (
    "По словам источника, камень поёт. ",
    "За словами Дзиґаренка, годинник зупинився. ",
    "Оның айтуынша, тас ән салады. ",
    "According to sources, the duck left. ",
    "“Nested ‘quotes’ and «ёлочки „лапки“»",
    "«never closed ",
    "’’ ' \" `` \u201e",
    "👩‍🚀🏮🇰🇿🧑🏽‍🌾☀️ ",
    "e\u0301 и\u0306 ",  # letters with combining marks
    "\u200bzero\u200dwidth\u00adsoft\u2060",
    "שלום עולם \u202eمرحبا\u202c ",
    "A\u2028B\u2029C\u0085D",
    "\t \u00a0\u3000 ",
    "\n\n\n",
    "\r\n",
    "...!?!?… ",
    "Mr. Dr. P. Teakettle Jr. т. е. и т. д. №14 ",
    "15 марта, 1 мамырға дейін, 32 April, 29.02.2023, 600 km ",
    "https://example.org/?q=a.b#c @name #тег_1 ",
    "<b>not html</b> &amp; {not: json} [not](markdown) ",
    "İIıſß ǅ ﬁ ㎏ ½ ",
    "x" * 300,
    "слово " * 200,
    "\U0001f468\u200d\U0001f469\u200d\U0001f467\ufeff",
)

_CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
_MOMENTS = st.datetimes(datetime(1801, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
_NAMES = st.sampled_from(("Steppe Lantern", "Дала Шамы", "a.b", "a", "b.c", "канал «К»", "🏮", "x" * 200))


def texts() -> st.SearchStrategy[str]:
    """Texts with more in them than white space: pieces of real writing, nasty pieces, any characters."""
    piece = st.one_of(st.sampled_from(_PIECES), st.text(_CHARACTERS, max_size=40))
    joined = st.lists(piece, min_size=1, max_size=8).map("".join)
    return joined.filter(lambda text: bool(text.strip()))


@st.composite
def posts(draw: st.DrawFn) -> Post:
    """A post of nasty text; every optional field may be missing, and the date agrees with its basis."""
    published = draw(st.none() | _MOMENTS)
    title = draw(st.none() | st.sampled_from(("Title", "Заголовок «без конца", "🏮 1.")))
    text = draw(texts())
    name = draw(st.none() | _NAMES)
    optional_name = st.none() | _NAMES
    return Post(
        text=text if title is None else f"{title}\n\n{text}",
        platform=draw(st.sampled_from(("telegram", "web", "feed", "table", "file"))),
        title=title,
        channel=name,
        channel_id=draw(st.none() | st.integers(1, 10**10).map(str)),
        native_id=draw(st.none() | st.integers(1, 50).map(str)),
        published=published,
        published_basis=DateBasis.UNKNOWN if published is None else DateBasis.STATED,
        edited=draw(st.none() | _MOMENTS),
        url=draw(st.none() | st.integers(1, 50).map("https://example.org/{}".format)),
        stated_language=draw(st.none() | st.sampled_from((*LANGUAGES, "zz"))),
        author=draw(optional_name),
        forwarded_from=draw(optional_name),
        reply_to=draw(st.none() | st.integers(1, 50).map(str)),
        media=tuple(draw(st.lists(st.sampled_from(("a.jpg", "б.mp4", "c d.png")), max_size=2))),
    )


def worlds(max_posts: int = 30) -> st.SearchStrategy[World]:
    """Planted worlds of one to ``max_posts`` posts, one to five channels and any of the languages."""
    languages = st.lists(st.sampled_from(LANGUAGES), min_size=1, max_size=4, unique=True)
    return st.builds(
        make_world, st.integers(0, 2**32), st.integers(1, max_posts), st.integers(1, 5), languages
    )
