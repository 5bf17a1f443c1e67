"""The declared tables: the only shapes in which stages meet.

A table is a name, the row type whose fields are its columns, its key and its help. Columns carry a type
and a sentence of help with the unit; the documentation of tables is generated from here, and a test holds row
types and columns equal. Nothing here needs an engine: ``model.arrow`` makes Arrow schemas of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from tocsin.model.claims import Attribution, Claim
from tocsin.model.documents import Document, DocumentLanguage, Problem, Sentence, Sighting
from tocsin.model.links import DocumentLink, Origin, Story, StoryDocument
from tocsin.model.mentions import PlaceMention, TimeMention

__all__ = [
    "ATTRIBUTIONS",
    "CLAIMS",
    "DOCUMENTS",
    "DOCUMENT_LANGUAGES",
    "DOCUMENT_LINKS",
    "MEANING_LINKS",
    "ORIGINS",
    "PLACES",
    "PROBLEMS",
    "SENTENCES",
    "SIGHTINGS",
    "STORIES",
    "STORY_DOCUMENTS",
    "TABLES",
    "TIMES",
    "Column",
    "Table",
]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``type`` is one of the names in ``model.arrow.ARROW_TYPES``; nullable only if said."""

    name: str
    type: str
    help: str
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table. ``key`` identifies a row; ``order`` is the canonical row order of results."""

    name: str
    row: type
    grain: str
    key: tuple[str, ...]
    order: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


_DOCUMENT = Column("document_id", "string", "the document")
_METHOD = Column("method", "string", "the method and its version")
_SCORE = Column("score", "float", "0 to 1; not calibrated unless the method's card says so")
_REASONS = Column("reasons", "strings", "why, strongest first")
_ALTERNATIVES = Column("alternatives", "alternatives", "the readings that lost, best first")
_START = Column("start", "int", "first code point of the mention in the document's text")
_END = Column("end", "int", "one past its last code point")

DOCUMENTS = Table(
    "documents",
    Document,
    "one version of one published post or article",
    ("document_id",),
    ("published", "document_id"),
    (
        Column("document_id", "string", "this exact version"),
        Column("item_id", "string", "the published item, the same for all its versions"),
        Column("text", "string", "what all spans refer to; begins with the title, if any"),
        Column("platform", "string", "telegram, web, feed, table or file"),
        Column("title", "string", "headline", True),
        Column("channel", "string", "display name of the account or outlet", True),
        Column("channel_id", "string", "its id on the platform", True),
        Column("native_id", "string", "the item's id on the platform", True),
        Column("published", "timestamp", "UTC", True),
        Column("published_basis", "string", "stated, inferred, given or unknown"),
        Column("published_reason", "string", "how the date was inferred", True),
        Column("edited", "timestamp", "UTC, last edit stated by the platform", True),
        Column("url", "string", "address", True),
        Column("stated_language", "string", "language the input states, ISO 639-1", True),
        Column("author", "string", "signature or byline", True),
        Column("forwarded_from", "string", "display name of the forward's source", True),
        Column("forwarded_from_id", "string", "id of the forward's source", True),
        Column("reply_to", "string", "native id of the post replied to", True),
        Column("media", "strings", "file names of attached media"),
    ),
)

SIGHTINGS = Table(
    "sightings",
    Sighting,
    "one position of one file at which a document was seen",
    ("sighting_id",),
    ("document_id", "file", "position"),
    (
        Column("sighting_id", "string", "id of document, file and position"),
        _DOCUMENT,
        Column("file", "string", "path as given, '!' before a member of an archive"),
        Column("file_digest", "string", "digest of the file's bytes"),
        Column("position", "string", "where in the file"),
    ),
)

PROBLEMS = Table(
    "problems",
    Problem,
    "one fault of the input",
    ("problem_id",),
    ("file", "position", "code", "problem_id"),
    (
        Column("problem_id", "string", "id of file, position and code"),
        Column("file", "string", "path as given, '!' before a member of an archive"),
        Column("file_digest", "string", "digest of the file's bytes; empty if unreadable"),
        Column("position", "string", "where in the file; empty for the whole file"),
        Column("code", "string", "error code"),
        Column("cause", "string", "what is wrong"),
        Column("remedy", "string", "what to do"),
        Column("kept", "bool", "whether a document was kept all the same"),
    ),
)

SENTENCES = Table(
    "sentences",
    Sentence,
    "one sentence",
    ("document_id", "ordinal"),
    ("document_id", "ordinal"),
    (
        _DOCUMENT,
        Column("ordinal", "int", "place in the document, from 0"),
        Column("paragraph", "int", "its paragraph, from 0"),
        _START,
        _END,
        Column("language", "string", "ISO 639-1 code, or und"),
        Column("language_score", "float", "0 to 1"),
    ),
)

DOCUMENT_LANGUAGES = Table(
    "document_languages",
    DocumentLanguage,
    "one language of one document",
    ("document_id", "language"),
    ("document_id", "rank"),
    (
        _DOCUMENT,
        Column("language", "string", "ISO 639-1 code, or und"),
        Column("rank", "int", "0 for the language with most characters"),
        Column("characters", "int", "code points of the sentences in it"),
        Column("share", "float", "of all sentence characters, 0 to 1"),
    ),
)

ATTRIBUTIONS = Table(
    "attributions",
    Attribution,
    "one source–cue–content relation",
    ("attribution_id",),
    ("document_id", "attribution_id"),
    (
        Column("attribution_id", "string", "id of document, spans and method"),
        _DOCUMENT,
        Column("parent_id", "string", "the attribution in whose content this one stands", True),
        Column("antecedent_id", "string", "the attribution whose source is meant", True),
        Column("source", "spans", "code points; empty when implied"),
        Column("cue", "spans", "code points; empty for a bare quotation"),
        Column("content", "spans", "code points; may be discontinuous"),
        Column("source_kind", "string", "one of the source kinds"),
        Column("source_label", "string", "the source as listed for people"),
        Column("source_key", "string", "groups variants of one source"),
        _SCORE,
        _REASONS,
        _METHOD,
    ),
)

CLAIMS = Table(
    "claims",
    Claim,
    "one claim: a content with its chain",
    ("claim_id",),
    ("document_id", "sentence", "claim_id"),
    (
        Column("claim_id", "string", "id of document, content, chain and method"),
        _DOCUMENT,
        Column("sentence", "int", "ordinal of the sentence in which the content begins"),
        Column("language", "string", "of that sentence"),
        Column("content", "spans", "code points; may be discontinuous"),
        Column("chain", "strings", "attribution ids, outermost first; empty: the channel's own"),
        Column("source_kind", "string", "kind of the innermost source"),
        Column("source_label", "string", "the innermost source as listed for people"),
        Column("source_key", "string", "groups variants of one source"),
        Column("certainty", "string", "CT+, CT-, PR+, PR-, PS+, PS- or Uu (FactBank)"),
        Column("hedges", "spans", "the words that made the certainty"),
        Column("kind", "string", "report, forecast, blame, advice or opinion"),
        Column("kind_evidence", "spans", "the words that made the kind"),
        _SCORE,
        _REASONS,
        _METHOD,
    ),
)

TIMES = Table(
    "times",
    TimeMention,
    "one time expression",
    ("mention_id",),
    ("document_id", "start", "mention_id"),
    (
        Column("mention_id", "string", "id of document, span and method"),
        _DOCUMENT,
        _START,
        _END,
        Column("timex_type", "string", "DATE, TIME, DURATION or SET"),
        Column("value", "string", "TIMEX3 value"),
        Column("lower", "timestamp", "UTC start of the interval; null: unbounded", True),
        Column("upper", "timestamp", "UTC end, exclusive; null: unbounded", True),
        Column("lower_open", "bool", "whether the true start may be earlier"),
        Column("upper_open", "bool", "whether the true end may be later"),
        Column("granularity", "string", "minute, hour, day, week, month, quarter, year, decade …"),
        Column("modifier", "string", "since, until, before, after, approx, at least", True),
        Column("anchor", "string", "what a relative expression was counted from", True),
        _SCORE,
        _REASONS,
        _ALTERNATIVES,
        _METHOD,
    ),
)

PLACES = Table(
    "places",
    PlaceMention,
    "one place name",
    ("mention_id",),
    ("document_id", "start", "mention_id"),
    (
        Column("mention_id", "string", "id of document, span and method"),
        _DOCUMENT,
        _START,
        _END,
        Column("lemma", "string", "the form looked up"),
        Column("place_id", "string", "gazetteer entry, e.g. geonames:1526384"),
        Column("name", "string", "its English name"),
        Column("feature", "string", "city, region, country, area, water, venue …"),
        Column("precision", "string", "venue, city, region or country"),
        Column("country", "string", "ISO 3166-1 alpha-2", True),
        Column("latitude", "float", "degrees, WGS 84"),
        Column("longitude", "float", "degrees, WGS 84"),
        _SCORE,
        _REASONS,
        _ALTERNATIVES,
        _METHOD,
    ),
)

_LINK_COLUMNS = (
    Column("link_id", "string", "id of document, original, type and method"),
    Column("document_id", "string", "the derived document"),
    Column("original_id", "string", "the original; null when it is not in the case", True),
    Column("original_name", "string", "what the platform or the text calls it", True),
    Column(
        "type",
        "string",
        "forward, copy, near copy, excerpt, paraphrase, translation, citation or same story",
    ),
    Column("direction", "string", "why this way round: stated, time, containment or unknown"),
    Column("certain", "bool", "whether it holds in the upper number of origins too"),
    _SCORE,
    _REASONS,
    Column("evidence", "spans", "code points of the derived document"),
    Column("original_evidence", "spans", "code points of the original"),
    _ALTERNATIVES,
    _METHOD,
)

DOCUMENT_LINKS = Table(
    "document_links",
    DocumentLink,
    "one derivation of a document from another, found by words, by statement or by the platform",
    ("link_id",),
    ("document_id", "link_id"),
    _LINK_COLUMNS,
)

MEANING_LINKS = Table(
    "meaning_links",
    DocumentLink,
    "one derivation of a document from another, or one shared story, found by meaning",
    ("link_id",),
    ("document_id", "link_id"),
    _LINK_COLUMNS,
)

STORIES = Table(
    "stories",
    Story,
    "one group of linked documents",
    ("story_id",),
    ("first", "story_id"),
    (
        Column("story_id", "string", "id of its documents"),
        Column("earliest_id", "string", "the earliest dated document in this corpus", True),
        Column("first", "timestamp", "UTC, its date", True),
        Column("last", "timestamp", "UTC, date of the latest", True),
        Column("documents", "int", "how many"),
        Column("channels", "int", "by how many channels"),
        Column("origins_low", "int", "independent origins if every link holds"),
        Column("origins_high", "int", "independent origins if only the certain links hold"),
        Column("gap_days", "int", "days without any document in the week before the earliest"),
        _REASONS,
        _METHOD,
    ),
)

ORIGINS = Table(
    "origins",
    Origin,
    "one independent origin of one story",
    ("origin_id",),
    ("story_id", "origin_id"),
    (
        Column("origin_id", "string", "id of story and root"),
        Column("story_id", "string", "the story"),
        Column("root_id", "string", "its earliest document in this corpus", True),
        Column("name", "string", "the channel, agency, authority or outside source", True),
        Column("kind", "string", "post, wire copy, official release or outside"),
        Column("certain", "bool", "whether the lower number counts it too"),
        Column("documents", "int", "documents that derive from it, itself included"),
        _REASONS,
    ),
)

STORY_DOCUMENTS = Table(
    "story_documents",
    StoryDocument,
    "one document of a story",
    ("document_id",),
    ("story_id", "document_id"),
    (
        _DOCUMENT,
        Column("story_id", "string", "the story"),
        Column("origin_id", "string", "the origin it derives from"),
        Column("parent_id", "string", "the document it derives from; null for a root", True),
        Column("link_id", "string", "the link that says so", True),
        Column("depth", "int", "links up to the root"),
    ),
)

#: Every table by name.
TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        DOCUMENTS,
        SIGHTINGS,
        PROBLEMS,
        SENTENCES,
        DOCUMENT_LANGUAGES,
        ATTRIBUTIONS,
        CLAIMS,
        TIMES,
        PLACES,
        DOCUMENT_LINKS,
        MEANING_LINKS,
        STORIES,
        ORIGINS,
        STORY_DOCUMENTS,
    )
}
