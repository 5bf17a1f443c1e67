"""The features of ``tocsin.resolve.rank`` and what each says to a reader."""

from __future__ import annotations

__all__ = ["WORDS"]

WORDS = {
    "town": "it is a town",
    "region": "it is a region",
    "district": "it is a district",
    "country": "it is a country",
    "area": "it is a large area or a water",
    "people of a town": "more people live there",
    "people of a region": "more people live there",
    "people of a district": "more people live there",
    "other name": "it is only another name of the place",
    "a country's name": "a country bears the name, it only as another name",
    "by lemma": "the name was found through an inflected form only",
    "short form": "it is a short form after a comma",
    "people": "the word names its people, or what is theirs",
    "capital": "it is a capital",
    "language": "the sentence's language is spoken there",
    "type word": "a word for its kind of place stands beside it",
    "region word": "a word for a region stands beside it",
    "told by a region": "the region containing it is named right after it",
    "told by a country": "the country containing it is named right after it",
    "told elsewhere": "elsewhere in the document the place containing it is named right after it",
    "holds the one before": "the place named before the comma lies in it",
    "its country named": "its country is mentioned in the document",
    "its region named": "its region is mentioned in the document",
    "others of its country": "other places of its country are mentioned",
    "others of its region": "other places of its region are mentioned",
    "others may be of its region": "other names of the document are borne in its region",
    "others nearby": "places within 100 km are mentioned",
    "others around": "places within 400 km are mentioned",
    "share of its country": "most places mentioned lie in its country",
}
