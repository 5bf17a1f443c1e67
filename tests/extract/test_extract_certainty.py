"""Certainty and kind with their evidence."""

from __future__ import annotations

import pytest
from extract_helpers import claims, words_of

from tocsin.extract import certainty_of, kind_of
from tocsin.model import Claim, Span


def the_claim(text: str) -> Claim:
    found = claims(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "value", "hedges"),
    [
        ("The mayor said that the bridge was open.", "CT+", ""),
        ("The mayor said that the bridge may be open.", "PS+", "may"),
        ("The mayor said that the bridge was probably open.", "PR+", "probably"),
        ("The mayor said that the bridge was not open.", "CT-", "not"),
        ("The mayor denied that the bridge was open.", "CT-", "denied"),
        ("Some analysts suggest that the bridge could be open.", "PS+", "suggest | could"),
        ("Allegedly the bridge near the park is open.", "PS+", "Allegedly"),
        ("If it rains, the fair near the park moves.", "Uu", "If"),
        ("The fair opens in May near the park.", "CT+", ""),
        ("Мост в парке, вероятно, откроют после ремонта.", "PR+", "вероятно"),
        ("Якобы мост в парке открыт для всех.", "PS+", "Якобы"),
        ("Не исключено, что мост в парке открыт.", "PS+", "Не исключено"),
        ("Мост в парке не открыт после ремонта.", "CT-", "не"),
        ("Міст у парку, мабуть, відкрили після ремонту.", "PR+", "мабуть"),
        ("Міст у парку не відкрили після ремонту.", "CT-", "не"),
        ("Бәлкім, саябақтағы көпір бүгін ашық.", "PS+", "Бәлкім"),
    ],
)
def test_certainty(text: str, value: str, hedges: str) -> None:
    claim = the_claim(text)
    assert (claim.certainty, words_of(claim.hedges, text)) == (value, hedges)


@pytest.mark.parametrize(
    ("text", "kind", "evidence"),
    [
        ("The mayor said that the bridge was open.", "report", ""),
        ("The town is preparing to close the old bridge.", "forecast", "is preparing to"),
        ("The town could close the old bridge for good.", "forecast", "could"),
        ("The fault may be due to the old bridge.", "report", ""),
        ("The contractor is behind the delay of the fair.", "blame", "is behind"),
        ("The mayor accused the contractor of a delay.", "blame", "accused"),
        ("Visitors should take an umbrella to the fair.", "advice", "should"),
        ("In my opinion, the fair is lovely this year.", "opinion", "In | opinion"),
        ("Город планирует закрыть старый мост на зиму.", "forecast", "планирует"),
        ("За задержкой ярмарки стоит подрядчик из музея.", "blame", "За задержкой ярмарки стоит"),
        ("Гостям ярмарки следует взять с собой зонт.", "advice", "следует"),
        ("По-моему, ярмарка в парке удалась на славу.", "opinion", "По-моему | удалась"),
        ("Місто планує закрити старий міст на зиму.", "forecast", "планує"),
        ("Гостям ярмарку варто взяти з собою парасолю.", "advice", "варто"),
        ("Қала ескі көпірді қыста жабуды жоспарлап отыр.", "forecast", "жоспарлап отыр"),
        ("Саябаққа барғанда қолшатыр алу керек.", "advice", "керек"),
    ],
)
def test_kind(text: str, kind: str, evidence: str) -> None:
    claim = the_claim(text)
    assert (claim.kind, words_of(claim.kind_evidence, text)) == (kind, evidence)


def test_a_language_without_rules_says_so() -> None:
    text = "Die Brücke ist vielleicht offen"
    span = (Span(0, len(text)),)
    assert certainty_of(text, span, "de").reasons == ("no hedge rules for this language",)
    assert kind_of(text, span, "de") == ("report", ())


def test_every_lowered_claim_gives_its_reason() -> None:
    claim = the_claim("Some analysts suggest that the bridge could be open.")
    assert claim.reasons == ("verb: suggest, that", "cue: suggest", "ps: could")


@pytest.mark.parametrize(
    ("text", "kind", "certainty"),
    [
        ("Мұражай үкінің қайтып келгенін жоққа шығарды.", "report", "CT-"),
        ("Трамвайную линию в парке закроют на ремонт.", "forecast", "CT+"),
        ("Трамвайну лінію в парку закриють на ремонт.", "forecast", "CT+"),
        ("I think it is the wind in the wheels.", "opinion", "PR+"),
        ("Линию закрыли на ремонт, следует из объявления.", "report", "CT+"),
    ],
)
def test_kind_and_certainty_together(text: str, kind: str, certainty: str) -> None:
    claim = the_claim(text)
    assert (claim.kind, claim.certainty) == (kind, certainty)
