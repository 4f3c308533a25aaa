"""Addresses: stretches that show a field officer the spot, and words that only look like them."""

from __future__ import annotations

import pytest

from domain.text.tokens import tokenize
from nlp.components.addresses import addresses_in
from nlp.components.normaliser import folded_words


def told(words: str) -> list[str]:
    tokens = tokenize(words)
    spans = addresses_in(words, tokens, folded_words(words, tokens))
    assert all(words[s.start : s.end] == s.text for s in spans)
    return [s.text for s in spans]


@pytest.mark.parametrize(
    ("words", "spots"),
    [
        ("Jl. Melati No. 12 RT 03/RW 05 gelap", ["Jl. Melati No. 12 RT 03/RW 05"]),
        ("Got di Gang Melati buntu", ["Gang Melati"]),
        ("BTN Green Valley blok C5 banjir", ["BTN Green Valley blok C5"]),
        ("Perumahan Lingkar Permai Blok A No 4", ["Perumahan Lingkar Permai Blok A No 4"]),
        ("lubang depan Alfamart Gerung", ["depan Alfamart Gerung"]),
        ("dekat jembatan gantung ada ular", ["dekat jembatan gantung"]),
        ("simpang tiga pasar macet", ["simpang tiga pasar"]),
        ("jl mawar 3 rusak parah", ["jl mawar 3"]),
        ("rt03/rw05 belum dapat air", ["rt03/rw05"]),
        ("Jalan Raya Narmada KM 8 berlubang", ["Jalan Raya Narmada KM 8"]),
        ("perempatan kantor desa gelap, sebelah kantor camat juga", ["perempatan kantor desa", "sebelah kantor camat"]),
        ("LAMPU MATI DI DEPAN PASAR GERUNG", ["DEPAN PASAR GERUNG"]),
        ("Jl. TGH. Umar longsor", ["Jl. TGH. Umar"]),
    ],
)
def test_streets_numbers_estates_and_landmarks_are_found_whole(words: str, spots: list[str]) -> None:
    assert told(words) == spots


@pytest.mark.parametrize(
    "words",
    [
        "",
        "jalan rusak parah",
        "Jalan Provinsi rusak",
        "jl rusak di kampung kami",
        "jalan. Iuran sudah lunas",
        "Jalan-jalan ke Gerung",
        "minggu depan Alfamart buka",
        "masa depan Indonesia",
        "dekat dengan pasar",
        "di samping itu, jembatan juga",
        "No. 3 di antrean",
        "no hp saya hilang",
        "antre 2 km",
        "gang depan gelap",
        "JALAN RUSAK PARAH",
    ],
)
def test_words_that_only_look_like_an_address_are_none(words: str) -> None:
    assert told(words) == []


def test_a_list_of_streets_is_cut_short() -> None:
    assert len(told(", dan ".join(f"Jl. Mawar{'abcdefghij'[n]}" for n in range(10)))) == 6


def test_a_mask_parts_what_stands_around_it() -> None:
    assert told("Jl. Melati [telepon] RT 03") == ["Jl. Melati", "RT 03"]
