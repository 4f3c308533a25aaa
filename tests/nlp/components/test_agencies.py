"""Agencies that the writer names."""

from __future__ import annotations

import pytest

from domain.regions import load_regions
from domain.text.tokens import tokenize
from nlp.components.agencies import agencies_in, agency_phrases
from nlp.components.normaliser import folded_words
from nlp.phrases import Phrases


@pytest.fixture(scope="module")
def phrases() -> Phrases[None]:
    return agency_phrases(load_regions().values())


@pytest.mark.parametrize(
    ("words", "agencies"),
    [
        ("Yth. Dinas Perhubungan Kabupaten Lombok Barat", ["Dinas Perhubungan"]),
        ("tolong PUPR dan Satpol PP turun", ["PUPR", "Satpol PP"]),
        ("air pdam mati, pln juga", ["pdam", "pln"]),
        ("Kepada Dinas Kependudukan dan Pencatatan Sipil", ["Dinas Kependudukan dan Pencatatan Sipil"]),
        ("lubang di depan kantor camat", []),
        ("pak bupati, warga kecamatan Gerung mengeluh", []),
        ("dinas terkait tolong", []),
        ("", []),
    ],
)
def test_named_offices_are_found_and_landmarks_are_not(phrases: Phrases[None], words: str, agencies: list[str]) -> None:
    tokens = tokenize(words)
    found = list(agencies_in(phrases, words, tokens, folded_words(words, tokens)))
    assert [s.text for s in found] == agencies
    assert all(words[s.start : s.end] == s.text for s in found)


def test_offices_are_known_without_any_region() -> None:
    words = "lapor dishub"
    tokens = tokenize(words)
    assert [s.text for s in agencies_in(agency_phrases(()), words, tokens, folded_words(words, tokens))] == ["dishub"]
