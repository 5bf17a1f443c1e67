"""A small invented case, built by quoting: every span is found by the words it stands for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from tocsin.model import (
    TABLES,
    Alternative,
    Attribution,
    Claim,
    Document,
    DocumentLanguage,
    PlaceMention,
    Post,
    Problem,
    Quantity,
    QuantityMention,
    Sentence,
    Sighting,
    Span,
    TimeMention,
    document_from_post,
    make_id,
)
from tocsin.model.arrow import table_of
from tocsin.present import InputFacts, RunFacts, StageFacts

START = datetime(2024, 4, 2, 7, 30, tzinfo=UTC)

OUTLINE = (
    ("XA", "Westland", (((60.0, 40.0), (72.0, 40.0), (72.0, 52.0), (60.0, 52.0), (60.0, 40.0)),)),
    ("XB", "Eastland", (((72.0, 40.0), (88.0, 40.0), (88.0, 52.0), (72.0, 52.0), (72.0, 40.0)),)),
)

PLACES = {
    "Almaty": ("geonames:1526384", "KZ", 43.25, 76.95, "city"),
    "Astana": ("geonames:1526273", "KZ", 51.18, 71.45, "city"),
    "Shymkent": ("geonames:1518980", "KZ", 42.3, 69.6, "city"),
    "Karaganda": ("geonames:609655", "KZ", 49.8, 73.1, "city"),
    "Tashkent": ("geonames:1512569", "UZ", 41.26, 69.22, "city"),
    "Kazakhstan": ("geonames:1522867", "KZ", 48.0, 68.0, "country"),
    "Tatarstan": ("geonames:484048", "RU", 55.5, 51.0, "region"),
    "Lima": ("geonames:3936456", "PE", -12.05, -77.04, "city"),
}


class FakeTables:
    """What the store hands out, from rows."""

    def __init__(self, rows: dict[str, list[Any]]) -> None:
        self._tables = {}
        for name, table in TABLES.items():
            items = sorted(rows.get(name, []), key=lambda row: _order(row, table.order))
            self._tables[name] = table_of(items, table)

    def table(self, name: str, columns: Sequence[str] | None = None) -> Any:
        return self._tables[name].select(list(columns or TABLES[name].column_names))

    def select(self, name: str, column: str, values: Iterable[str]) -> Any:
        found = self._tables[name]
        wanted = set(values)
        keep = [value in wanted for value in found.column(column).to_pylist()]
        return found.filter(pa.array(keep, type=pa.bool_()))


def _order(row: Any, names: tuple[str, ...]) -> tuple[Any, ...]:
    far = datetime.max.replace(tzinfo=UTC)
    return tuple(far if getattr(row, n) is None else getattr(row, n) for n in names)


class World:
    """Collects rows of every table."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Any]] = {name: [] for name in TABLES}

    def document(self, text: str, *, language: str = "en", file: str = "posts.json", **post: Any) -> Document:
        post.setdefault("platform", "telegram")
        if post.get("published") is not None:
            post.setdefault("published_basis", "stated")
        document = document_from_post(Post(text=text, **post))
        self.rows["documents"].append(document)
        place = f"messages[{len(self.rows['documents']) - 1}]"
        identifier = make_id("sighting", document.document_id, file, place)
        self.rows["sightings"].append(Sighting(identifier, document.document_id, file, "d" * 32, place))
        for ordinal, match in enumerate(re.finditer(r"\S[^.!?\n]*[.!?]*", text)):
            self.rows["sentences"].append(
                Sentence(document.document_id, ordinal, 0, match.start(), match.end(), language, 0.9)
            )
        if text:
            self.rows["document_languages"].append(
                DocumentLanguage(document.document_id, language, 0, len(text), 1.0)
            )
        return document

    @staticmethod
    def spans(document: Document, *words: str) -> tuple[Span, ...]:
        found = []
        for word in words:
            start = document.text.index(word)
            found.append(Span(start, start + len(word)))
        return tuple(sorted(found))

    def attribution(self, document: Document, source: str, cue: str, content: str, **values: Any) -> str:
        kind = values.pop("kind", "named person")
        label = values.pop("label", source or "sources")
        identifier = make_id("attribution", document.document_id, source, cue, content)
        row = Attribution(
            attribution_id=identifier,
            document_id=document.document_id,
            parent_id=values.pop("parent", None),
            antecedent_id=values.pop("antecedent", None),
            source=self.spans(document, source) if source else (),
            cue=self.spans(document, cue) if cue else (),
            content=self.spans(document, content),
            source_kind=kind,
            source_label=label,
            source_key=values.pop("key", label.casefold()),
            score=0.8,
            reasons=(f"cue verb “{cue}”", "source is the subject"),
            method="rules/1",
        )
        self.rows["attributions"].append(row)
        return identifier

    def claim(self, document: Document, content: str, *, chain: tuple[str, ...] = (), **values: Any) -> Claim:
        last = next((a for a in self.rows["attributions"] if chain and a.attribution_id == chain[-1]), None)
        spans = self.spans(document, content)
        sentences = [s for s in self.rows["sentences"] if s.document_id == document.document_id]
        home = next((s for s in sentences if s.start <= spans[0].start < s.end), None)
        claim = Claim(
            claim_id=make_id("claim", document.document_id, content, *chain),
            document_id=document.document_id,
            sentence=home.ordinal if home else 0,
            language=home.language if home else "und",
            content=spans,
            chain=chain,
            source_kind=last.source_kind if last else "author",
            source_label=last.source_label if last else (document.channel or "author"),
            source_key=last.source_key if last else (document.channel or "author").casefold(),
            certainty=values.pop("certainty", "CT+"),
            hedges=self.spans(document, *values.pop("hedges", ())),
            kind=values.pop("kind", "report"),
            kind_evidence=self.spans(document, *values.pop("evidence", ())),
            score=values.pop("score", 0.7),
            reasons=("content of a cue verb",),
            method="rules/1",
        )
        self.rows["claims"].append(claim)
        return claim

    def place(self, document: Document, words: str, name: str) -> None:
        identifier, country, latitude, longitude, precision = PLACES[name]
        span = self.spans(document, words)[0]
        self.rows["places"].append(
            PlaceMention(
                mention_id=make_id("place", document.document_id, span.start),
                document_id=document.document_id,
                start=span.start,
                end=span.end,
                lemma=words.lower(),
                place_id=identifier,
                name=name,
                feature=precision,
                precision=precision,
                country=country,
                latitude=latitude,
                longitude=longitude,
                score=0.8,
                reasons=("largest of that name",),
                alternatives=(Alternative("geonames:1", f"{name}, elsewhere", 0.1, "smaller"),),
                method="gazetteer/1",
            )
        )

    def time(self, document: Document, words: str, lower: Any, upper: Any, **values: Any) -> None:
        span = self.spans(document, words)[0]
        self.rows["times"].append(
            TimeMention(
                mention_id=make_id("time", document.document_id, span.start),
                document_id=document.document_id,
                start=span.start,
                end=span.end,
                timex_type="DATE",
                value="2024",
                lower=lower,
                upper=upper,
                lower_open=values.get("lower_open", False),
                upper_open=values.get("upper_open", False),
                granularity="day",
                modifier=values.get("modifier"),
                anchor=None,
                score=0.9,
                reasons=(),
                alternatives=(),
                method="timex/1",
                group_id=values.get("group_id"),
            )
        )

    def quantity(self, document: Document, words: str, value: Quantity, counted: str = "") -> None:
        span = self.spans(document, words)[0]
        self.rows["quantities"].append(
            QuantityMention(
                mention_id=make_id("quantity", document.document_id, span.start),
                document_id=document.document_id,
                start=span.start,
                end=span.end,
                low=value.low,
                high=value.high,
                low_open=value.low_open,
                high_open=value.high_open,
                approximate=value.approximate,
                unit=value.unit,
                per=value.per,
                dimension="number",
                base_low=value.low,
                base_high=value.high,
                base_unit=value.unit,
                base_per=value.per,
                counted=self.spans(document, counted) if counted else (),
                counted_key=counted or None,
                score=0.9,
                reasons=("a number",),
                alternatives=(),
                method="quantities/1",
            )
        )

    def problem(self, file: str, position: str, cause: str, remedy: str, kept: bool = False) -> None:
        self.rows["problems"].append(
            Problem(
                make_id("problem", file, position),
                file,
                "",
                position,
                "malformed-record",
                cause,
                remedy,
                kept,
            )
        )

    def tables(self) -> FakeTables:
        return FakeTables(self.rows)


def facts(**values: Any) -> RunFacts:
    base = RunFacts(
        version="0.1.0",
        title="Bridge works in Almaty",
        inputs=(
            InputFacts("posts.json", "telegram-desktop", 25, {"service message": 4}, 1, 48_213),
            InputFacts("broken.json", "telegram-desktop", 0, {}, 1, 0),
        ),
        stages=(
            StageFacts("read", "tocsin.read/0.1.0", "ab" * 16, ("files",), ("documents", "sightings")),
            StageFacts(
                "extract", "rules/1", "cd" * 16, ("documents", "sentences"), ("attributions", "claims")
            ),
        ),
    )
    return replace(base, **values)


#: Language, channel, text, then what stands in it: two speakers with their cues and the content; a source,
#: its cue and its content; the channel's own content; hedge, future word, blame word, advice word, time.
_TEMPLATES = (
    (
        ("en", "Steppe Lantern"),
        """{place} bridge news. Director N. Ospanov said that engineers had told him the bridge in {place}
would probably close tomorrow. According to sources in the ministry, the contractor is to blame for the delay.
We think the city should open the old ferry.""",
        "Director N. Ospanov|said|engineers|had told|the bridge in {place}\nwould probably close tomorrow",
        "sources in the ministry|According to|the contractor is to blame for the delay",
        "the city should open the old ferry",
        "probably|would|is to blame|should|tomorrow",
    ),
    (
        ("ru", "Степной маяк"),
        """Новости моста: {place}. Директор Н. Оспанов сообщил, что инженеры предупредили его: мост в {place},
вероятно, закроют завтра. По данным источников в министерстве, в задержке виноват подрядчик.
Городу следует открыть старую переправу.""",
        "Директор Н. Оспанов|сообщил|инженеры|предупредили|мост в {place},\nвероятно, закроют завтра",
        "источников в министерстве|По данным|в задержке виноват подрядчик",
        "Городу следует открыть старую переправу",
        "вероятно|закроют|виноват|следует|завтра",
    ),
    (
        ("uk", "Степовий вісник"),
        """Новини мосту: {place}. Директор Н. Оспанов повідомив, що інженери попередили його: міст у {place},
ймовірно, закриють завтра. За даними джерел у міністерстві, у затримці винен підрядник.
Місту слід відкрити стару переправу.""",
        "Директор Н. Оспанов|повідомив|інженери|попередили|міст у {place},\nймовірно, закриють завтра",
        "джерел у міністерстві|За даними|у затримці винен підрядник",
        "Місту слід відкрити стару переправу",
        "ймовірно|закриють|винен|слід|завтра",
    ),
    (
        ("kk", "Дала шамы"),
        """Көпір жаңалығы: {place}. Директор Н. Оспанов инженерлер ескерткенін айтты: {place} көпірі ертең
жабылуы мүмкін. Министрліктегі дереккөздердің айтуынша, кешігуге мердігер кінәлі.
Қала ескі өткелді ашуы керек.""",
        "Директор Н. Оспанов|айтты|инженерлер|ескерткенін|{place} көпірі ертең\nжабылуы мүмкін",
        "Министрліктегі дереккөздердің|айтуынша|кешігуге мердігер кінәлі",
        "Қала ескі өткелді ашуы керек",
        "мүмкін|жабылуы|кінәлі|керек|ертең",
    ),
)


def _plant(world: World, number: int, place: str) -> None:
    (language, channel), text, said, blamed, advice, words = _TEMPLATES[number % 4]
    hedge, will, fault, should, tomorrow = words.split("|")
    blame = blamed.split("|")
    day = START + timedelta(days=number, hours=3 * number)
    speech = said.format(place=place).split("|")
    document = world.document(
        text.format(place=place),
        language=language,
        channel=channel,
        channel_id=str(100 + number % 4),
        native_id=str(number),
        published=day,
        url=f"https://example.org/{number}",
        forwarded_from="Steppe Lantern" if number % 5 == 3 else None,
    )
    content = speech[4]
    outer = world.attribution(document, speech[0], speech[1], content, label="N. Ospanov")
    inner = world.attribution(
        document, speech[2], speech[3], content, kind="anonymous", label="engineers", parent=outer
    )
    world.claim(
        document,
        content,
        chain=(outer, inner),
        certainty="PR+",
        hedges=(hedge,),
        kind="forecast",
        evidence=(will,),
    )
    sources = world.attribution(
        document, blame[0], blame[1], blame[2], kind="unnamed official", label="sources in the ministry"
    )
    world.claim(document, blame[2], chain=(sources,), kind="blame", evidence=(fault,))
    world.claim(document, advice, kind="advice", evidence=(should,))
    midnight = day.replace(hour=0, minute=0) + timedelta(days=1)
    world.time(document, tomorrow, midnight, midnight + timedelta(days=1))
    world.place(document, place, place)


def bridge() -> World:
    """24 documents of four channels in four languages, one of them without date, one without channel."""
    world = World()
    names = [name for name in PLACES if name not in {"Kazakhstan", "Tatarstan", "Lima"}]
    for number in range(22):
        _plant(world, number, names[number * number % len(names)])
    undated = world.document(
        "An undated note. The ferry in Kazakhstan has run since at least 15 February. Lima is far away.",
        platform="file",
        file="note.txt",
    )
    world.claim(undated, "The ferry in Kazakhstan has run since at least 15 February")
    world.time(
        undated, "since at least 15 February", datetime(2024, 2, 15, tzinfo=UTC), None, lower_open=True
    )
    world.place(undated, "Kazakhstan", "Kazakhstan")
    world.place(undated, "Lima", "Lima")
    alone = world.document("Nothing is claimed here", channel="Quiet one", published=START)
    assert alone.channel_id is None
    world.problem("broken.json", "messages[7]", "the record is a number, not an object", "Repair the record")
    return world
