"""How well a case of the demo corpus agrees with the corpus's known truth.

    python -m tocsin.testing.demo_scores        # prints the scores by language

Recalls only: the truth lists what a careful reader would mark as salient, not everything.
"""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tocsin.api import Case
from tocsin.examples import corpus_dir, truth
from tocsin.model import (
    Attribution,
    Claim,
    Document,
    PlaceMention,
    Span,
    TimeMention,
    hull,
    overlaps,
)
from tocsin.testing.truth import haversine_km, nearest

__all__ = ["demo_case", "demo_scores"]

#: A place counts as found when the entry chosen lies this near the true one.
_NEAR_KM = 40.0

Tally = dict[str, list[bool]]


def demo_case(folder: Path) -> Case:
    """A case of the demo corpus in ``folder``."""
    case = Case(folder)
    case.add([corpus_dir()])
    return case


@dataclass(frozen=True, slots=True)
class _Found:
    """Everything the case says of one document."""

    document: Document
    language: str
    attributions: Mapping[str, Attribution]
    claims: tuple[Claim, ...]
    times: tuple[TimeMention, ...]
    places: tuple[PlaceMention, ...]


def _by_document(rows: Iterable[Any]) -> dict[str, list[Any]]:
    grouped: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row.document_id].append(row)
    return grouped


def _found(case: Case) -> dict[tuple[str, str], _Found]:
    """By (file, native id), files as the truth names them: relative to the corpus."""
    snapshot = case.snapshot()
    sql = "SELECT DISTINCT file, document_id FROM sightings ORDER BY ALL"
    dominant = "SELECT document_id, language FROM document_languages WHERE rank = 0"
    languages = {row["document_id"]: row["language"] for row in snapshot.query(dominant).to_pylist()}
    documents = {document.document_id: document for document in case.documents()}
    attributions, claims = _by_document(case.attributions()), _by_document(case.claims())
    times, places = _by_document(case.times()), _by_document(case.places())
    found = {}
    for row in snapshot.query(sql).to_pylist():
        key = row["document_id"]
        file = Path(row["file"]).relative_to(corpus_dir()).as_posix()
        document = documents[key]
        found[file, document.native_id or ""] = _Found(
            document,
            languages.get(key, "und"),
            {item.attribution_id: item for item in attributions[key]},
            tuple(claims[key]),
            tuple(times[key]),
            tuple(places[key]),
        )
    return found


def demo_scores(case: Case) -> dict[str, float]:
    """Metric → value in 0–1; a metric is named ``language.what`` (``all.what`` over the corpus)."""
    found = _found(case)
    tally: Tally = defaultdict(list)
    for post in truth()["posts"]:
        item = found.get((post["file"], post.get("native_id") or "")) or found.get((post["file"], ""))
        if item is None or post["role"] == "superseded":
            continue  # an older version is not in the current tables
        for metric, good in _judge(post, item):
            tally[f"{post['language']}.{metric}"].append(good)
            tally[f"all.{metric}"].append(good)
    return {name: sum(marks) / len(marks) for name, marks in sorted(tally.items())}


def _judge(post: Mapping[str, Any], item: _Found) -> Iterator[tuple[str, bool]]:
    yield "document language", item.language == post["language"]
    for expected in post.get("attributions", ()):
        yield from _judge_attribution(expected, item)
    for expected in post.get("times", ()):
        yield "time value", any(_same_time(expected, time, item) for time in item.times)
    for expected in post.get("places", ()):
        yield "place", _count_places(expected, item) >= expected["times"]


def _judge_attribution(expected: Mapping[str, Any], item: _Found) -> Iterator[tuple[str, bool]]:
    text = item.document.text
    start = text.find(expected["content"])
    if start < 0:
        yield "attribution", False
        return
    content = Span(start, start + len(expected["content"]))
    matches = [claim for claim in item.claims if _matches(claim, expected, content, item)]
    suffix = " (hard)" if expected.get("hard") else ""
    yield "attribution" + suffix, bool(matches)
    if not matches:
        return
    claim = max(matches, key=lambda c: (len(c.chain) == len(expected["chain"]), c.score, c.claim_id))
    yield "source kind", claim.source_kind == expected["source_kind"]
    if expected["cue"]:
        yield "chain length", len(claim.chain) == len(expected["chain"])
    if expected["kind"]:
        yield "kind", claim.kind == expected["kind"]
    if expected["certainty"]:
        yield "certainty", claim.certainty == expected["certainty"]


def _matches(claim: Claim, expected: Mapping[str, Any], content: Span, item: _Found) -> bool:
    whole = hull(claim.content)
    if whole is None or not overlaps(whole, content):
        return False
    if not expected["cue"]:
        return not claim.chain or item.attributions[claim.chain[-1]].source_kind == "author"
    if not claim.chain:
        return False
    link = item.attributions[claim.chain[-1]]
    text = item.document.text
    cue = nearest(text, expected["cue"], content)
    if link.cue and not any(overlaps(span, cue) for span in link.cue):
        return False
    if not expected["source"]:
        return True
    source = nearest(text, expected["source"], cue)
    return any(overlaps(span, source) for span in link.source)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _near(one: datetime | None, other: datetime | None, tolerance: timedelta) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= tolerance


def _same_time(expected: Mapping[str, Any], time: TimeMention, item: _Found) -> bool:
    words = item.document.text[time.start : time.end]
    if expected["text"] not in words and words not in expected["text"]:
        return False
    if expected.get("unresolved"):
        return time.lower is None and time.upper is None
    tolerance = timedelta(days=expected.get("tolerance_days", 0))
    lower, upper = _moment(expected.get("lower")), _moment(expected.get("upper"))
    return _near(time.lower, lower, tolerance) and _near(time.upper, upper, tolerance)


def _count_places(expected: Mapping[str, Any], item: _Found) -> int:
    known = truth()["places"][expected["place"]]
    target = (known["latitude"], known["longitude"])
    count = 0
    for place in item.places:
        words = item.document.text[place.start : place.end]
        near = haversine_km((place.latitude, place.longitude), target) <= _NEAR_KM
        wide = known["feature"] not in {"city", "venue"} and place.feature == known["feature"]
        count += (near or wide) and (expected["text"] in words or words in expected["text"])
    return count


def main() -> None:
    """Print every score as JSON."""
    with tempfile.TemporaryDirectory() as folder, demo_case(Path(folder) / "case") as case:
        scores = {name: round(value, 3) for name, value in demo_scores(case).items()}
    print(json.dumps(scores, indent=2, ensure_ascii=False))  # noqa: T201


if __name__ == "__main__":
    main()
