"""Tables written by ``extract``."""

from __future__ import annotations

from tocsin.model.claims import Attribution, Claim
from tocsin.model.mentions import NameMention
from tocsin.model.tables.base import DOCUMENT, END, METHOD, REASONS, SCORE, START, Column, Table

__all__ = ["ATTRIBUTIONS", "CLAIMS", "NAMES", "TABLES"]

ATTRIBUTIONS = Table(
    "attributions",
    Attribution,
    "one source–cue–content relation",
    ("attribution_id",),
    ("document_id", "attribution_id"),
    (
        Column("attribution_id", "string", "id of document, spans and method"),
        DOCUMENT,
        Column("parent_id", "string", "the attribution in whose content this one stands", True),
        Column("antecedent_id", "string", "the attribution whose source is meant", True),
        Column("source", "spans", "code points; empty when implied"),
        Column("cue", "spans", "code points; empty for a bare quotation"),
        Column("content", "spans", "code points; may be discontinuous"),
        Column("source_kind", "string", "one of the source kinds"),
        Column("source_label", "string", "the source as listed for people"),
        Column("source_key", "string", "groups variants of one source"),
        SCORE,
        REASONS,
        METHOD,
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
        DOCUMENT,
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
        SCORE,
        REASONS,
        METHOD,
    ),
)

NAMES = Table(
    "names",
    NameMention,
    "one name where it stands",
    ("mention_id",),
    ("document_id", "start", "mention_id"),
    (
        Column("mention_id", "string", "id of document, span, type and method"),
        DOCUMENT,
        START,
        END,
        Column("type", "string", "person, org, place, event, media or other"),
        SCORE,
        METHOD,
    ),
)

TABLES = (
    ATTRIBUTIONS,
    CLAIMS,
    NAMES,
)
