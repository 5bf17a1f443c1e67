"""The declared tables: the only shapes in which stages meet.

A table is a name, the row type whose fields are its columns, its key and its help. Columns carry a type
and a sentence of help with the unit; the documentation is generated from here, and a test holds row types
and columns equal. Each room of the flow declares the tables it writes in a file of its own. Nothing here
needs an engine: ``model.arrow`` makes Arrow schemas of it.
"""

from __future__ import annotations

from tocsin.model.tables import (
    detect,
    extract,
    judge,
    language,
    link,
    narratives,
    read,
    resolve,
    search,
    sharing,
)
from tocsin.model.tables.base import Column, Table
from tocsin.model.tables.detect import SURGE_CHANNELS, SURGE_POINTS, SURGE_SCOPE, SURGE_STATES, SURGES
from tocsin.model.tables.extract import ATTRIBUTIONS, CLAIMS, NAMES
from tocsin.model.tables.judge import (
    BLAME,
    CHECK_PROBLEMS,
    CHECKS,
    FACTCHECK_MATCHES,
    FIGURES,
    FORECASTS,
    SOURCE_CHECKS,
)
from tocsin.model.tables.language import DOCUMENT_LANGUAGES, SENTENCES
from tocsin.model.tables.link import (
    DOCUMENT_LINKS,
    LINKED_TEXTS,
    MEANING_LINKS,
    ORIGINS,
    PASSAGE_VECTORS,
    STORIES,
    STORY_DOCUMENTS,
    WORDING_NEIGHBOURS,
)
from tocsin.model.tables.narratives import (
    CLAIM_MEANINGS,
    NARRATIVE_CLAIMS,
    NARRATIVES,
    RECURRENCES,
    REFERENCE_ENTRIES,
    WORDING_LINKS,
    WORDINGS,
)
from tocsin.model.tables.read import DOCUMENTS, PROBLEMS, SIGHTINGS
from tocsin.model.tables.resolve import (
    DOCUMENT_ENTITIES,
    ENTITIES,
    ENTITY_MENTIONS,
    NAME_COMPARISONS,
    PLACES,
    QUANTITIES,
    TIMES,
)
from tocsin.model.tables.search import SEARCH_DOCUMENTS, SEARCH_TERMS
from tocsin.model.tables.sharing import SHARED_OBJECTS, SHARES, SHARING_EDGES, SHARING_GROUPS

__all__ = [
    "ATTRIBUTIONS",
    "BLAME",
    "CHECKS",
    "CHECK_PROBLEMS",
    "CLAIMS",
    "CLAIM_MEANINGS",
    "DOCUMENTS",
    "DOCUMENT_ENTITIES",
    "DOCUMENT_LANGUAGES",
    "DOCUMENT_LINKS",
    "ENTITIES",
    "ENTITY_MENTIONS",
    "FACTCHECK_MATCHES",
    "FIGURES",
    "FORECASTS",
    "LINKED_TEXTS",
    "MEANING_LINKS",
    "NAMES",
    "NAME_COMPARISONS",
    "NARRATIVES",
    "NARRATIVE_CLAIMS",
    "ORIGINS",
    "PASSAGE_VECTORS",
    "PLACES",
    "PROBLEMS",
    "QUANTITIES",
    "RECURRENCES",
    "REFERENCE_ENTRIES",
    "SEARCH_DOCUMENTS",
    "SEARCH_TERMS",
    "SENTENCES",
    "SHARED_OBJECTS",
    "SHARES",
    "SHARING_EDGES",
    "SHARING_GROUPS",
    "SIGHTINGS",
    "SOURCE_CHECKS",
    "STORIES",
    "STORY_DOCUMENTS",
    "SURGES",
    "SURGE_CHANNELS",
    "SURGE_POINTS",
    "SURGE_SCOPE",
    "SURGE_STATES",
    "TABLES",
    "TIMES",
    "WORDINGS",
    "WORDING_LINKS",
    "WORDING_NEIGHBOURS",
    "Column",
    "Table",
]

#: Every table by name, in the order of the flow.
TABLES: dict[str, Table] = {
    table.name: table
    for room in (read, language, extract, resolve, link, narratives, search, sharing, detect, judge)
    for table in room.TABLES
}
